"""The pages of ladder, matrix, disagreements and generations: what is clicked reaches the engine, and is seen."""

import math

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent
from PySide6.QtWidgets import QPushButton, QTableWidget

from app.arena.disagreements_page import DisagreementsPage
from app.arena.generations_page import GenerationsPage
from app.arena.ladder_page import LadderPage
from app.arena.matrix_page import MatrixPage
from app.theme import DARK, LIGHT
from app.widgets.ladder_chart import scale_of
from app.workspaces.arena import Arena as ArenaWorkspace
from engine.service.arena_messages import DisagreementFound, Disagreements, GenerationShown, JobProgress
from engine.service.messages import Done
from tests.app.arena.engines import MATCHES, Arena, ladder
from tests.app.viewmodels.test_arena_disagreements import D4, E4, NF3, START, found

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def arena():
    made = Arena()
    made.desks.catalogue.refresh()
    made.desks.matches.refresh()
    made.settle()
    return made


def opened(arena, shown, make, width=1230, height=640):
    page = make(arena.desks)
    page.set_theme(DARK)
    shown(page, width, height)
    page.turned_to()
    arena.settle()
    return page


def button(page, text):
    return next(found for found in page.findChildren(QPushButton) if found.text() == text)


def pixel(widget, point):
    return widget.grab().toImage().pixelColor(QPoint(round(point.x()), round(point.y())))


def unnamed(page):
    """Widgets that the keyboard comes to, but a reader of screens has no words for."""
    focusable = (w for w in page.findChildren(QPushButton) if w.isVisibleTo(page))
    return [widget for widget in focusable if not (widget.text() or widget.accessibleName())]


@pytest.mark.parametrize("make", [LadderPage, MatrixPage, DisagreementsPage, GenerationsPage])
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_every_page_dresses_tells_and_fits_a_small_window(arena, shown, make, theme):
    page = opened(arena, shown, make, 1180, 560)
    page.set_theme(theme)
    assert page.minimumSizeHint().width() <= 1180
    assert page.minimumSizeHint().height() <= 640
    assert page.told()
    assert not unnamed(page)
    assert not page.step_back()


# -- ladder ----------------------------------------------------------------------------------------------------------


def test_ratings_stand_where_the_scale_says(arena, shown):
    page = opened(arena, shown, LadderPage)
    rows, chart = page.desk.record.rows, page.chart
    low, high = scale_of(rows)
    plot = chart._plot_area()
    row = next(place for place, row in enumerate(rows) if row.player == "gen-001@0")
    x = plot.left() + plot.width() * (rows[row].elo - low) / (high - low)
    y = chart._axis_height() + (row + 0.5) * chart._line_height()
    assert pixel(chart, QPointF(x, y)) == QColor(DARK.intuition)
    end = plot.left() + plot.width() * (rows[row].high - low) / (high - low)
    assert pixel(chart, QPointF(end - 1, y)) == QColor(DARK.intuition)
    assert pixel(chart, QPointF(end + 6, y)) != QColor(DARK.intuition)


def test_picture_and_table_select_the_same_row(arena, shown, qtbot):
    page = opened(arena, shown, LadderPage)
    chart, table = page.chart, page.table
    y = chart._axis_height() + 1.5 * chart._line_height()
    qtbot.mouseClick(chart, LEFT, pos=QPoint(40, round(y)))
    assert table.currentRow() == 1
    table.selectRow(2)
    assert chart._selected == 2
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert table.currentRow() == 3
    assert "gen-000, intuition" in chart._told(3)


def test_adding_players_and_running(arena, shown, qtbot):
    page = opened(arena, shown, LadderPage)
    run = button(page.bar, "Run")
    assert not run.isEnabled()
    for player in ("gen-000@16", "random"):
        page._adder.picker.set_player(player)
        qtbot.mouseClick(button(page, "Add this player"), LEFT)
    assert page.plan.findChild(QTableWidget).rowCount() == 2
    qtbot.mouseClick(run, LEFT)
    request = arena.jobs.engine.sent[0]
    assert request.players == ("gen-000@16", "random")
    arena.jobs.talk.noticed(JobProgress(text="gen-000@16 against random", done=4, total=100, seconds_left_s=30.0))
    assert "4 of 100, about 30 s left" in page.bar._text.text()
    assert run.text() == "Pause"
    qtbot.mouseClick(run, LEFT)
    assert type(arena.jobs.engine.sent[1]).__name__ == "PauseJob"
    assert not run.isEnabled()
    arena.settle(PauseJob=lambda pause: Done(id=pause.id))
    assert run.text() == "Run"


def test_a_missing_engine_is_said_and_a_wrong_elo_too(arena, shown, qtbot):
    page = opened(arena, shown, LadderPage)
    page.desk._find = lambda name: None
    page.desk.add("gen-000@0")
    page.plan._outside.activated.emit(1)
    assert "apt install stockfish" in page.plan._hint.text()
    page.plan._table.selectRow(0)
    page.plan._held.setText("strong")
    qtbot.mouseClick(page.plan._hold, LEFT)
    assert "is no Elo" in page.plan._hint.text()
    page.plan._held.setText("800")
    qtbot.mouseClick(page.plan._hold, LEFT)
    assert arena.settle()[0].anchors == {"gen-000@0": 800.0}


def test_players_that_no_game_connects_are_not_compared(arena, shown):
    """The engine says NaN of them; the window drew it once, and went down."""
    page = opened(arena, shown, LadderPage)
    chances = tuple(tuple(0.5 if one == other else math.nan for other in range(5)) for one in range(5))
    page._pairs.setChecked(True)
    page.heat.show_chances(page.desk.record.rows, chances)
    assert not page.heat.grab().isNull()
    assert page.heat._told(0, 1).startswith("No game connects")


def test_the_triangle_tells_pairs_and_opens_their_match(arena, shown, qtbot):
    page = opened(arena, shown, LadderPage)
    wanted, said = [], []
    page.match_wanted.connect(wanted.append)
    page.said.connect(said.append)
    page._pairs.setChecked(True)
    heat = page.heat
    qtbot.waitUntil(heat.isVisible)
    cell, names = heat._cell(), heat._theme.room(220)
    qtbot.mouseClick(heat, LEFT, pos=QPoint(round(names + 1.5 * cell), round(12 + 3.5 * cell)))
    assert wanted == [MATCHES[0].match], "gen-001@0 (column 1) and gen-000@0 (row 3) have met"
    qtbot.mouseClick(heat, LEFT, pos=QPoint(round(names + 0.5 * cell), round(12 + 1.5 * cell)))
    assert "have not met" in said[0]
    assert heat._pair_at(QPointF(names + 3.5 * cell, 12 + 1.5 * cell)) is None, "only the lower half"
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(heat, key)
    assert heat._cursor == (1, 3), "the first press only goes there, and the triangle has an edge"
    assert "gen-001, intuition is stronger than gen-000, intuition: 97.0 %" in heat.accessibleName()
    qtbot.keyClick(heat, Qt.Key.Key_Return)
    assert wanted == [MATCHES[0].match] * 2
    assert page.step_back()
    assert page.chart.isVisible()


# -- matrix ----------------------------------------------------------------------------------------------------------


def test_a_cell_is_chosen_by_mouse_and_arrows_and_opens_its_match(arena, shown, qtbot):
    page = opened(arena, shown, MatrixPage)
    wanted = []
    page.match_wanted.connect(wanted.append)
    qtbot.mouseClick(page.grid, LEFT, pos=page.grid._cell_box(0, 1).center().toPoint())
    assert page.desk.record.selected == (0, 1)
    qtbot.keyClick(page.grid, Qt.Key.Key_Left)
    qtbot.keyClick(page.grid, Qt.Key.Key_Left)
    assert page.desk.record.selected == (0, 0)
    qtbot.mouseClick(button(page, "Open this match"), LEFT)
    assert wanted == [MATCHES[0].match]
    assert page.step_back()
    assert not page.step_back()


def test_a_stronger_cell_is_fuller(arena, shown):
    page = opened(arena, shown, MatrixPage)

    def gold(row):
        return pixel(page.grid, page.grid._cell_box(row, 0).topLeft() + QPointF(4, 4)).lightness()

    assert gold(1) > gold(0), "gen-001's intuition is stronger than gen-000's"
    assert page.grid.told_at(page.grid._cell_box(0, 3).center()).startswith("Search is worth +170")
    assert page.grid.told_at(page.grid._cell_box(3, 0).center()).startswith("gen-001 is +190")


def test_columns_and_rows_are_chosen(arena, shown, qtbot):
    page = opened(arena, shown, MatrixPage)
    qtbot.mouseClick(page.plan._budgets[256], LEFT)
    assert page.desk.record.budgets == (0, 16, 64, 256)
    page.plan._generations.item(2).setCheckState(Qt.CheckState.Unchecked)
    assert page.desk.record.generations == ("gen-000", "gen-001")
    qtbot.mouseClick(button(page.bar, "Run"), LEFT)
    request = arena.settle(RunMatrix=lambda asked: ladder(asked.id))[0]
    assert (request.generations, request.budgets) == (("gen-000", "gen-001"), (0, 16, 64, 256))


# -- disagreements ---------------------------------------------------------------------------------------------------


def hunted(arena, shown, qtbot):
    page = opened(arena, shown, DisagreementsPage)
    page.take_players("chess", "gen-001@64", "gen-000@64")
    qtbot.mouseClick(button(page.bar, "Run"), LEFT)
    asked = arena.jobs.engine.sent.pop(0)
    assert (asked.a, asked.b) == ("gen-001@64", "gen-000@64")
    one = found(E4, D4, NF3, (0.1, 0.4))
    arena.jobs.talk.noticed(DisagreementFound(found=one))
    arena.jobs.talk.answered(Disagreements(id=asked.id, found=(one,), positions=9, differing=3, judge="gen-000@640"))
    return page


def test_a_board_shows_both_actions_and_opens_elsewhere(arena, shown, qtbot):
    page = hunted(arena, shown, qtbot)
    view = page.wall.views[0]
    assert "A was closer" in view.accessibleDescription()
    assert page.head._text.text().startswith("They differ on 3 of 9 positions")
    cell = view.width() / 8
    blue = pixel(view, QPointF(4.5 * cell + 1, 5.4 * cell))  # on the way from e2 to e4
    red = pixel(view, QPointF(3.5 * cell + 1, 5.4 * cell))
    assert blue.blue() > blue.red() + 40
    assert red.red() > red.blue() + 40
    menu = view._menu()
    positions = []
    page.position_wanted.connect(lambda *told: positions.append(told))
    menu.actions()[0].trigger()
    menu.actions()[1].trigger()
    assert positions == [("chess", START, ("gen-001@64", "gen-000@64"))]
    assert arena.opened == [("chess", START)]
    menu.close()


def test_a_stored_match_fills_in_the_players(arena, shown, qtbot):
    page = opened(arena, shown, DisagreementsPage)
    page.plan.match_chosen.emit(MATCHES[0].match)
    assert (page.a.player(), page.b.player()) == ("gen-001@0", "gen-000@0")
    assert page.desk.record.match == MATCHES[0].match
    assert page.plan._source.currentIndex() == 1


# -- generations -----------------------------------------------------------------------------------------------------


def card(asked):
    told = {"id": asked.generation, "domain": "chess", "parent": "gen-000", "name": "one", "metrics": {"top_1": 0.4}}
    return GenerationShown(id=asked.id, card=told)


def test_the_card_of_a_chosen_generation_and_what_it_offers(arena, shown, qtbot):
    page = opened(arena, shown, GenerationsPage)
    assert not button(page, "Use in Explore").isEnabled()
    page.graph.selected.emit("gen-001")
    arena.settle(ShowGeneration=card)
    assert "First guess right: 40 %" in page.card.accessibleDescription()
    used, played = [], []
    page.generation_wanted.connect(lambda *told: used.append(told))
    page.players_wanted.connect(lambda *told: played.append(told))
    qtbot.mouseClick(button(page, "Use in Explore"), LEFT)
    qtbot.mouseClick(button(page, "Play against its parent"), LEFT)
    assert used == [("chess", "gen-001")]
    assert played == [("chess", "gen-001@0", "gen-000@0")]


def test_removing_asks_in_the_page_and_escape_keeps(arena, shown, qtbot):
    page = opened(arena, shown, GenerationsPage)
    page.graph.selected.emit("gen-001")
    arena.settle(ShowGeneration=card)
    qtbot.mouseClick(button(page, "Remove ..."), LEFT)
    assert button(page, "Keep it").isVisible()
    assert page.step_back()
    assert not button(page, "Keep it").isVisible()
    qtbot.mouseClick(button(page, "Remove ..."), LEFT)
    qtbot.mouseClick(button(page, "Delete it"), LEFT)
    assert arena.settle(RemoveGeneration=lambda asked: Done(id=asked.id))[0].generation == "gen-001"
    assert page.desk.selected == ""


def test_a_network_dropped_on_the_page_is_imported(arena, shown):
    page = opened(arena, shown, GenerationsPage)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/nets/maia-1500.pb.gz")])
    none = Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, none))
    assert arena.jobs.engine.sent[0].path == "/nets/maia-1500.pb.gz"
    data.setUrls([QUrl.fromLocalFile("/nets/readme.txt")])
    arena.jobs.engine.sent.clear()
    page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, LEFT, none))
    assert not arena.jobs.engine.sent


# -- the workspace ---------------------------------------------------------------------------------------------------


def test_the_workspace_has_all_these_pages(arena, shown, qtbot):
    workspace = shown(ArenaWorkspace(arena.desks), 1230, 700)
    qtbot.addWidget(workspace.status)
    workspace.set_theme(DARK)
    for name in ("ladder", "matrix", "disagreements", "generations"):
        page = workspace.turn_to(name)
        arena.settle()
        assert page.isVisible()
    told = workspace.told()
    assert told["ladder"]["players"][0][1] == 1320
    assert told["matrix"]["fuel"]
    chosen = []
    workspace.generation_wanted.connect(lambda *words: chosen.append(words))
    page.generation_wanted.emit("chess", "gen-001")
    assert chosen == [("chess", "gen-001")]
