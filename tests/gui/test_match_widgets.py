"""The widgets of the match page with mouse and keyboard: picking players, the form, the list, the wall of boards."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from app.theme import DARK, LIGHT
from app.viewmodels.arena_list import MatchRow
from app.viewmodels.arena_score import score_record
from app.viewmodels.arena_setup import Setup, order_of
from app.viewmodels.arena_wall import tile_record
from app.viewmodels.match_replica import GameReplica, MatchReplica
from app.viewmodels.phrases import Phrases
from app.widgets.elo_chart import EloChart
from app.widgets.game_tile import draw_tile
from app.widgets.game_wall import GameWall
from app.widgets.match_list import MatchList
from app.widgets.match_setup import MatchSetup
from app.widgets.player_picker import PlayerPicker
from app.widgets.score_board import ScoreBoard
from engine.arena.counts import count_pairs
from engine.arena.curves import curves
from engine.domains.registry import notation
from engine.service.arena_messages import GameBegan
from engine.service.messages import GenerationInfo

FOUR = Phrases(notation("connect_four"))
START = FOUR.notation.parse_line("startpos").start
ORDER = order_of(Setup("connect_four", "gen-000@16", "uniform", is_test=False))
GENERATIONS = tuple(
    GenerationInfo(id=name, name=f"Net {name}", domain="chess", weights_hash="", parent=None, metrics={})
    for name in ("gen-000", "gen-001")
)


def tile(number, actions=(), points=None):
    game = GameReplica(GameBegan(game=number, start=START, actions=(), a_moves_first=number % 2 == 0, seed=0))
    game.actions, game.values, game.points = list(actions), [None] * len(actions), points
    return tile_record(game, ORDER, FOUR)


# -- players -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def picker(shown):
    picker = shown(PlayerPicker("Player A"), 300, 120)
    picker.set_choices("chess", GENERATIONS)
    picker.set_player("gen-000@64")
    picker.heard = []
    picker.player_changed.connect(picker.heard.append)
    return picker


def test_a_player_is_shown_in_its_parts(picker) -> None:
    assert picker._who.currentData() == "gen-000"
    assert picker._budget.currentText() == "64 simulations"
    assert picker._method.currentData() == "puct"
    assert picker.heard == []


def test_simulations_can_be_typed(picker, qtbot) -> None:
    picker._number.selectAll()
    qtbot.keyClicks(picker._number, "250")
    qtbot.keyClick(picker._number, Qt.Key.Key_Return)
    assert (picker.player(), picker.heard) == ("gen-000@250", ["gen-000@250"])


def test_intuition_alone_has_no_method(picker) -> None:
    picker.set_player("gen-001")
    assert picker._budget.currentText() == "intuition alone"
    assert not picker._method.isVisible()
    picker.set_player("gen-001@16")
    assert picker._method.isVisible()


def test_experts_write_a_player_out(picker, qtbot) -> None:
    picker._who.setCurrentIndex(picker._who.findData(""))
    picker._who.activated.emit(picker._who.currentIndex())
    assert picker._words.isVisible()
    picker._words.selectAll()
    qtbot.keyClicks(picker._words, "gen-000@64:gumbel,c_scale=0.5")
    qtbot.keyClick(picker._words, Qt.Key.Key_Return)
    assert picker.player() == "gen-000@64:gumbel,c_scale=0.5"
    assert picker._words.isVisible()


def test_engines_that_are_missing_cannot_be_chosen_and_say_how_to_get_them(shown, monkeypatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    picker = shown(PlayerPicker("Player B"), 300, 120)
    picker.set_choices("chess", GENERATIONS)
    model = picker._who.model()
    missing = [model.item(row) for row in range(model.rowCount()) if "not installed" in model.item(row).text()]
    assert missing
    assert not any(item.isEnabled() for item in missing)
    assert all("apt install" in item.toolTip() for item in missing)


# -- the form ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_test", [True, False])
def test_the_form_says_what_it_was_filled_with(shown, is_test) -> None:
    form = shown(MatchSetup(), 320, 600)
    wanted = Setup("connect_four", "uniform@64", "random", is_test=is_test, elo1=25.0, seed=3, ends_early=True)
    heard = []
    form.changed.connect(lambda: heard.append(1))
    form.show_setup(wanted)
    assert form.setup() == wanted
    assert heard == []
    assert (form._bounds.isVisible(), form._pairs.isVisible()) == (is_test, not is_test)


def test_a_form_with_a_fault_cannot_be_started_but_a_match_can_be_paused(shown, qtbot) -> None:
    form = shown(MatchSetup(), 320, 600)
    started, paused = [], []
    form.start_clicked.connect(lambda: started.append(1))
    form.pause_clicked.connect(lambda: paused.append(1))
    form.show_cost("", "No such player.", can_measure=True)
    qtbot.mouseClick(form._start, Qt.MouseButton.LeftButton)
    assert (started, form._problem.text()) == ([], "No such player.")
    form.show_run(is_busy=True, is_pausing=False, is_measuring=False, is_paused=False)
    form.show_cost("", "No such player.", can_measure=False)
    qtbot.mouseClick(form._start, Qt.MouseButton.LeftButton)
    assert (started, paused, form._start.text()) == ([], [1], "Pause")


# -- the list ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def matches(shown):
    matches = shown(MatchList(), 320, 300)
    matches.heard = []
    matches.opened.connect(lambda match: matches.heard.append(("open", match)))
    matches.continued.connect(lambda match: matches.heard.append(("go on", match)))
    matches.removed.connect(lambda match: matches.heard.append(("remove", match)))
    matches.put_back.connect(lambda: matches.heard.append(("put back",)))
    rows = (MatchRow("m2", "A – B", "1 : 1", "today", True), MatchRow("m1", "A – C", "2 : 0", "today", False))
    matches.show_rows(rows, "")
    return matches


def test_a_match_is_opened_and_goes_on(matches, qtbot) -> None:
    point = matches._list.visualItemRect(matches._list.item(0)).center()
    qtbot.mouseClick(matches._list.viewport(), Qt.MouseButton.LeftButton, pos=point)
    qtbot.mouseClick(matches._go_on, Qt.MouseButton.LeftButton)
    assert matches.heard == [("open", "m2"), ("go on", "m2")]
    matches._list.setCurrentRow(1)
    assert not matches._go_on.isEnabled()


def test_a_match_that_was_removed_can_be_put_back(matches, qtbot) -> None:
    matches._list.setCurrentRow(1)
    assert not matches._put_back.isVisible()
    qtbot.mouseClick(matches._remove, Qt.MouseButton.LeftButton)
    matches.show_rows((), "", can_put_back=True)
    assert not matches._remove.isVisible()
    qtbot.mouseClick(matches._put_back, Qt.MouseButton.LeftButton)
    assert matches.heard == [("remove", "m1"), ("put back",)]


# -- the wall ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def wall(shown):
    wall = shown(GameWall(), 900, 420)
    wall.make_room(6, 7, 12)
    wall.chosen = []
    wall.game_chosen.connect(wall.chosen.append)
    return wall


def test_boards_fit_and_do_not_overlap(wall) -> None:
    assert wall.capacity >= 12
    rects = [wall.tile_rect(place) for place in range(wall.capacity)]
    assert all(wall.rect().contains(rect) for rect in rects)
    assert not any(one.intersects(other) for place, one in enumerate(rects) for other in rects[:place])


def test_only_boards_that_changed_are_drawn_again(wall, qtbot, monkeypatch) -> None:
    drawn = []
    monkeypatch.setattr("app.widgets.game_wall.draw_tile", lambda t, *a: drawn.append(t.game) or draw_tile(t, *a))
    wall.show_tiles({0: tile(0), 1: tile(1)})
    qtbot.waitUntil(lambda: sorted(drawn) == [0, 1])
    wall.show_tiles({0: tile(0, [3]), 1: tile(1)})
    qtbot.waitUntil(lambda: len(drawn) == 3)
    wall.repaint()
    assert drawn[2:] == [0]


def test_a_game_is_opened_with_mouse_and_keyboard(wall, qtbot) -> None:
    wall.show_tiles({0: tile(10), 1: tile(11)})
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile_rect(1).center())
    qtbot.mouseClick(wall, Qt.MouseButton.LeftButton, pos=wall.tile_rect(5).center())
    wall.setFocus()
    for _ in range(5):
        qtbot.keyClick(wall, Qt.Key.Key_Left)
    qtbot.keyClick(wall, Qt.Key.Key_Return)
    assert wall.chosen == [11, 10]
    assert "Game 11" in wall.accessibleDescription()


def test_a_result_flashes_once_and_not_where_motion_is_off(wall) -> None:
    wall.show_tiles({0: tile(0, [3]), 1: tile(1, points=1.0)})
    wall.show_tiles({0: tile(0, [3], points=1.0)})
    assert set(wall._flashes) == {0}  # what hangs there finished before does not flash
    wall.set_motion(False)
    wall.show_tiles({2: tile(2)})
    wall.show_tiles({2: tile(2, points=0.0)})
    assert not wall._flashes


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_small_wall_and_an_empty_one_are_drawn(wall, theme) -> None:
    wall.set_theme(theme)
    wall.resize(60, 40)
    assert not wall.grab().isNull()
    wall.resize(900, 420)
    wall.clear()
    assert not wall.grab().isNull()
    assert wall._place_at(QPoint(0, 0)) is None


# -- the scoreboard ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pairs", [[], [(1.0, 1.0)], [(1.0, 0.5), (0.0, 0.5)] * 30])
@pytest.mark.parametrize("is_test", [True, False])
def test_scores_are_drawn_and_can_be_read_out(shown, pairs, is_test) -> None:
    board = shown(ScoreBoard(), 900, 260)
    board.set_theme(DARK)
    order = order_of(Setup("chess", "gen-000", "uniform", is_test=is_test))
    replica = MatchReplica("m", order, 100, counts=count_pairs(pairs), pair_points=pairs)
    board.show_score(score_record(replica, is_playing=True))
    board.show_curves(curves(np.array(pairs), order.sprt.sprt() if order.sprt else None) if pairs else None)
    assert not board.grab().isNull()
    assert board._test.isVisible() == is_test
    wins = replica.counts.wins
    assert board._bar.accessibleDescription().startswith(f"{wins} wins")


def test_infinite_ends_stay_in_the_chart(shown) -> None:
    chart = shown(EloChart(), 400, 150)
    chart.show_curves(curves(np.ones((3, 2)), None))
    assert not chart.grab().isNull()
    assert "∞" in chart.accessibleDescription()
