"""The pages of one game and of head to head, with real small searches but no process: keys, clicks, and what shows."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from app.arena.catalogue import Catalogue
from app.arena.desks import ArenaDesks
from app.arena.game_page import GamePage
from app.arena.head_to_head_page import HeadToHeadPage
from app.arena.match_desk import MatchDesk
from app.arena.talk import Talk
from app.theme import DARK, LIGHT
from app.viewmodels.match_replica import MatchReplica
from app.warm_up import warm_up
from engine.arena.order import MatchOrder
from engine.domains import registry
from engine.service.arena_messages import GameBegan, GameEnded, GameMoved, MatchNews
from engine.service.messages import GenerationInfo
from tests.app.arena.engines import Engine
from tests.app.arena.thinker import ThinkingEngine
from tests.app.stand_ins import AtOnce

LINE = registry.notation("chess").parse_line("startpos moves f2f3 e7e5 g2g4 d8h4")
GENERATIONS = tuple(
    GenerationInfo(id=name, name=name, domain="chess", weights_hash="0", parent=None, metrics={})
    for name in ("gen-000", "gen-001")
)
LEFT_BUTTON = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module", autouse=True)
def kernels():
    warm_up()


class World:
    """The desks of the arena over players that think when a test says so, with one stored match."""

    def __init__(self):
        self.thinking, self.shown = ThinkingEngine(), []
        jobs = Talk(Engine())
        catalogue, matches = Catalogue(jobs), MatchDesk(jobs)
        catalogue.generations = GENERATIONS
        matches.shown = self.match = MatchReplica("m", MatchOrder(domain="chess", a="gen-000@24", b="gen-000@0"), 1)
        began = GameBegan(game=0, start=LINE.start, actions=LINE.actions[:2], a_moves_first=True, seed=7)
        moved = GameMoved(game=0, actions=LINE.actions[2:3], values=(0.2,))
        self.match.fold(MatchNews(match="m", began=(began,), moved=(moved,)))
        show = lambda domain, line: self.shown.append((domain, line))  # noqa: E731
        self.desks = ArenaDesks(jobs, self.thinking, AtOnce(), catalogue, matches, show, lambda: ("chess", LINE))

    def end_game(self):
        moved = GameMoved(game=0, actions=LINE.actions[3:], values=(1.0,))
        self.match.fold(MatchNews(match="m", moved=(moved,), ended=(GameEnded(0, 0.0, "checkmate"),)))
        self.desks.matches._tell()


@pytest.fixture
def world():
    return World()


@pytest.fixture
def page(world, shown, qtbot):
    page = GamePage(world.desks)
    page.set_theme(DARK)
    shown(page, 1200, 700)
    page.turned_to()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


class TestGamePage:
    def test_it_says_what_to_do_before_a_game_is_open(self, page):
        assert page.told() == {}
        assert not page.head.isVisible()

    def test_keys_go_through_the_game(self, page, world, qtbot):
        world.end_game()
        page.open_game("m", 0)
        assert page.told()["played"] == 2
        for key, played in (("Right", 3), ("End", 4), ("Left", 3), ("Home", 0)):
            qtbot.keyClick(page.board.board, getattr(Qt.Key, f"Key_{key}"))
            assert page.told()["played"] == played
        qtbot.keyClick(page.moves, Qt.Key.Key_Right)
        assert page.told()["played"] == 1

    def test_a_live_game_is_followed(self, page, world):
        page.open_game("m", 0)
        assert page.told()["result"] == "It is not over yet."
        world.end_game()
        assert (page.told()["played"], page.told()["result"]) == (4, "B won: checkmate.")

    def test_trees_come_and_the_old_ones_are_veiled(self, page, world, qtbot):
        world.end_game()
        page.open_game("m", 0)
        veil = page.trees._veil
        assert veil.isVisible()
        world.thinking.answer_all()
        assert not veil.isVisible()
        assert all(canvas.tree is not None for canvas in page.trees.trees.canvases)
        page.desk.goto(0)
        assert veil.isVisible()
        assert all(canvas.tree is not None for canvas in page.trees.trees.canvases)

    def test_the_curves_are_clicked(self, page, world, qtbot):
        world.end_game()
        page.open_game("m", 0)
        qtbot.mouseClick(page.curves, LEFT_BUTTON, pos=QPoint(page.curves.width() - 3, 40))
        assert page.told()["played"] == 4
        qtbot.mouseClick(page.curves, LEFT_BUTTON, pos=QPoint(2, 40))
        assert page.told()["played"] == 0

    def test_the_ways_out(self, page, world, qtbot):
        world.end_game()
        page.open_game("m", 0)
        told = []
        page.match_wanted.connect(lambda match: told.append(match))
        page.position_wanted.connect(lambda domain, line, players: told.append((domain, len(line.actions), players)))
        buttons = {button.text(): button for button in page.head.findChildren(QPushButton)}
        qtbot.mouseClick(buttons["Open in Explore"], LEFT_BUTTON)
        qtbot.mouseClick(buttons["Head to head"], LEFT_BUTTON)
        qtbot.mouseClick(buttons["To the wall"], LEFT_BUTTON)
        assert [(domain, len(line.actions)) for domain, line in world.shown] == [("chess", 2)]
        assert told == [("chess", 2, ("gen-000@24", "gen-000@0")), "m"]
        assert page.step_back()
        assert told[-1] == "m"

    def test_space_plays_and_hiding_stops(self, page, world, qtbot):
        world.end_game()
        page.open_game("m", 0)
        qtbot.keyClick(page.board.board, Qt.Key.Key_Space)
        assert page.told()["playing"]
        assert page._tick.isActive()
        page.hide()
        assert not page._tick.isActive()

    def test_both_themes_and_a_game_that_is_not_there(self, page, world):
        said = []
        page.said.connect(said.append)
        page.open_game("m", 9)
        assert said == ["The match has no game 10."]
        page.set_theme(LIGHT)
        page.set_motion(False)


@pytest.fixture
def duel(world, shown):
    page = HeadToHeadPage(world.desks)
    page.set_theme(DARK)
    shown(page, 1200, 700)
    page.turned_to()
    return page


class TestHeadToHeadPage:
    def test_it_begins_with_the_newest_generation(self, duel, world):
        assert duel.told()["players"] == ["gen-001@64", "gen-001@0"]
        assert (duel.a.player(), duel.b.player()) == ("gen-001@64", "gen-001@0")
        world.thinking.answer_all()
        assert duel.told()["waiting"] == ""
        assert duel.told()["generations"] == ["uniform", "gen-000", "gen-001"]
        assert duel.told()["generation"] == "gen-001"

    def test_opening_a_position_brings_its_players(self, duel, world):
        duel.open_position("chess", LINE.then(), ("uniform@8", "gen-000@8"))
        assert duel.told()["players"] == ["uniform@8", "gen-000@8"]
        assert duel.told()["waiting"].startswith("Play has ended here")

    def test_swap_take_back_and_explore(self, duel, world, qtbot):
        world.thinking.answer_all()
        before = duel.told()
        qtbot.mouseClick(duel._swap, LEFT_BUTTON)
        assert duel.told()["players"] == before["players"][::-1]
        assert duel.told()["values"] == before["values"][::-1]
        qtbot.mouseClick(duel._explored, LEFT_BUTTON)
        assert duel.desk.line == LINE
        qtbot.mouseClick(duel._back, LEFT_BUTTON)
        assert len(duel.desk.line.actions) == 3
        qtbot.mouseClick(duel._explore, LEFT_BUTTON)
        assert world.shown == [("chess", duel.desk.line)]

    def test_a_move_on_the_board_goes_on(self, duel, world):
        action = duel._record.board.choices[0].action
        duel.board.move_chosen.emit(action)
        assert duel.desk.line.actions[-1] == action

    def test_choosing_a_row_selects_its_node(self, duel, world):
        world.thinking.answer_all()
        duel.table._table.setCurrentCell(0, 0)
        assert duel.desk.duel.selected > 0
        assert {canvas.selected for canvas in duel.trees.trees.canvases} == {duel.desk.duel.selected}
        assert duel.step_back()
        assert duel.desk.duel.selected == -1

    def test_the_slider_goes_through_the_generations(self, duel, world):
        world.thinking.answer_all()
        assert duel.generations.slider.maximum() == 2
        duel.generations.slider.setValue(0)
        assert duel.told()["generation_said"].startswith("uniform plays")
        assert duel.generations.chart.cursor_place() == 0
        duel.generations.chart.stepped.emit(1)
        assert duel.told()["generation"] == "gen-000"

    def test_the_chart_names_what_it_shows(self, duel, world):
        assert duel.generations.chart.place_text(0) == "uniform · not asked yet"
        world.thinking.answer_all()
        assert duel.generations.chart.place_text(2).startswith("gen-001 · plays ")

    def test_another_domain(self, duel, world):
        world.thinking.answer_all()
        duel.head.domain_chosen.emit("connect_four")
        assert duel.told()["players"] == ["uniform@64", "uniform@0"]
        world.thinking.answer_all()
        assert duel.told()["generations"] == ["uniform"]
        assert duel.told()["waiting"] == ""
        duel.set_theme(LIGHT)
