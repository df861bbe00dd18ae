from dataclasses import replace

import pytest
from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QMenu

from app.qt_models.candidates_model import ROW_ROLE, CandidatesModel, Column, cell_text, lent_text, row_tooltip
from app.theme import DARK, LIGHT
from app.viewmodels.records import CandidateRow, CandidatesRecord
from app.widgets.candidates_table import CandidatesTable
from engine.tree.events import PruneReason

LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


def row(action, prior, visits, share, **more):
    given = {"q": 0.25, "u": 0.125, "raw_value": -0.5, "improved_policy": share} | more
    return CandidateRow(action, f"m{action}", prior, visits, share, **given)


FOUND = CandidatesRecord(
    (
        row(7, prior=0.10, visits=900, share=0.60),
        row(3, prior=0.60, visits=450, share=0.30),
        row(5, prior=0.25, visits=150, share=0.10, pruned="out of reach", reason=2, notice="Cut: too late."),
        row(9, prior=0.05, visits=0, share=0.0, q=None, raw_value=None),
    )
)
OVERTAKEN = CandidatesRecord(tuple(FOUND.rows[i] for i in (1, 0, 2, 3)))


@pytest.fixture
def table(qtbot):
    widget = CandidatesTable()
    qtbot.addWidget(widget)
    widget.resize(560, 300)
    widget.show()
    qtbot.waitExposed(widget)
    widget.show_candidates(FOUND)
    return widget


def place(table, line, column=Column.MOVE):
    return table.visualRect(table.model().index(line, column)).center()


def texts(model, line):
    return [model.index(line, column).data() for column in Column]


class TestModel:
    def test_keeps_qts_contract_through_all_changes(self, qtmodeltester, qapp):
        model = CandidatesModel()
        qtmodeltester.check(model)
        for record in (FOUND, OVERTAKEN, CandidatesRecord(FOUND.rows[:2]), CandidatesRecord()):
            model.show_record(record)
            qtmodeltester.check(model)

    def test_texts_of_a_row(self, qapp):
        model = CandidatesModel()
        model.show_record(FOUND)
        assert texts(model, 0) == ["m7", "10 % / 60 %", "900", "+0.250", "0.125", "−0.500", "60 %"]
        assert texts(model, 3)[Column.Q] == texts(model, 3)[Column.RAW] == "–"

    def test_every_heading_explains_itself(self, qapp):
        model = CandidatesModel()
        for column in Column:
            tooltip = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
            assert tooltip.endswith(")")
            assert ". (" in tooltip

    def test_an_overtaking_row_takes_its_index_along(self, qapp):
        model = CandidatesModel()
        model.show_record(FOUND)
        seven = QPersistentModelIndex(model.index(0, 0))
        resets = []
        model.modelReset.connect(lambda: resets.append(1))
        model.show_record(OVERTAKEN)
        assert seven.row() == 1
        assert seven.data(ROW_ROLE).action == 7
        assert resets == []

    def test_growing_figures_neither_reset_nor_reorder(self, qapp, qtbot):
        model = CandidatesModel()
        model.show_record(FOUND)
        grown = CandidatesRecord(tuple(replace(r, visits=r.visits + 1) for r in FOUND.rows))
        with (
            qtbot.assertNotEmitted(model.modelReset),
            qtbot.assertNotEmitted(model.layoutChanged),
            qtbot.waitSignal(model.dataChanged),
        ):
            model.show_record(grown)
        assert model.index(0, Column.VISITS).data() == "901"

    def test_the_reason_of_a_pruned_row_is_its_tooltip(self, qapp):
        model = CandidatesModel()
        model.show_record(FOUND)
        assert model.index(2, 0).data(Qt.ItemDataRole.ToolTipRole) == "Cut: too late."
        assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) is None


def test_click_and_double_click(qtbot, table):
    with qtbot.waitSignal(table.action_selected) as selected:
        qtbot.mouseClick(table.viewport(), LEFT, PLAIN, place(table, 1))
    assert selected.args == [3]
    with qtbot.waitSignal(table.action_activated) as activated:
        qtbot.mouseDClick(table.viewport(), LEFT, PLAIN, place(table, 1))
    assert activated.args == [3]


def test_the_keyboard_selects_plays_and_cuts(qtbot, table):
    told = []
    table.action_selected.connect(lambda action: told.append(("selected", action)))
    table.action_activated.connect(lambda action: told.append(("activated", action)))
    table.cut_requested.connect(lambda action: told.append(("cut", action)))
    table.restore_requested.connect(lambda action: told.append(("restore", action)))
    table.select_action(7)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_Down, Qt.Key.Key_Delete):
        qtbot.keyClick(table, key)
    assert told == [("selected", 3), ("activated", 3), ("cut", 3), ("selected", 5), ("restore", 5)]


def test_hovering_tells_each_action_once_and_leaving_tells_none(qtbot, table):
    told = []
    table.action_hovered.connect(told.append)
    for line, column in ((0, Column.MOVE), (0, Column.Q), (1, Column.Q)):
        qtbot.mouseMove(table.viewport(), place(table, line, column))
    qtbot.waitUntil(lambda: told == [7, 3])
    table.leaveEvent(None)
    assert told == [7, 3, -1]


def test_the_selection_stays_with_its_action_and_says_nothing(qtbot, table):
    table.select_action(7)
    with qtbot.assertNotEmitted(table.action_selected):
        table.show_candidates(OVERTAKEN)
    assert table.currentIndex().data(ROW_ROLE).action == 7
    assert table.currentIndex().row() == 1
    table.select_action(-1)
    assert table.selectionModel().selectedRows() == []


@pytest.mark.parametrize("line", [0, 2])
def test_a_menu_is_asked_for_the_row_under_the_pointer(qtbot, table, line):
    with qtbot.waitSignal(table.menu_requested) as told:
        table.customContextMenuRequested.emit(place(table, line))
    assert told.args == [FOUND.rows[line].action, table.viewport().mapToGlobal(place(table, line))]


def test_no_menu_beside_the_rows(qtbot, table):
    with qtbot.assertNotEmitted(table.menu_requested):
        table.customContextMenuRequested.emit(QPoint(10, 280))


def test_lent_visits_stand_under_the_honest_ones(table):
    lent = replace(FOUND.rows[0], borrowed=40, lent=60)
    assert cell_text(lent, Column.VISITS) == "900", "the count itself stays honest"
    assert lent_text(lent) == "+100 lent"
    assert "40 visits were lent to it, 60 more to come" in row_tooltip(lent)
    before = table.grab().toImage()
    table.show_candidates(CandidatesRecord((lent, *FOUND.rows[1:])))
    assert table.grab().toImage() != before


def test_a_proof_says_how_far_it_is(table):
    won = replace(FOUND.rows[0], q=1.0, proven="win", certain="mate in 3")
    assert cell_text(won, Column.Q) == "mate in 3"
    assert row_tooltip(won) == "Proven: mate in 3."
    cut = replace(won, pruned="cut by hand", reason=int(PruneReason.BY_HAND), notice="Cut by hand.")
    assert cell_text(cut, Column.Q) == "+1.000", "a cut move promises nothing"


@pytest.mark.parametrize("reason", list(PruneReason))
def test_every_reason_has_a_mark_of_its_own(table, reason):
    marked = replace(FOUND.rows[2], reason=int(reason))
    table.show_candidates(CandidatesRecord((*FOUND.rows[:2], marked)))
    pictures = {0: table.grab().toImage()}
    for other in set(PruneReason) - {reason}:
        table.show_candidates(CandidatesRecord((*FOUND.rows[:2], replace(marked, reason=int(other)))))
        pictures[int(other)] = table.grab().toImage()
    assert all(picture != pictures[0] for other, picture in pictures.items() if other)


def shown(table):
    return [column for column in Column if not table.isColumnHidden(column)]


def test_a_narrow_table_gives_up_the_least_telling_columns_first(qtbot, table):
    table.resize(700, 300)
    assert shown(table) == list(Column)
    table.resize(380, 300)
    assert Column.IMPROVED not in shown(table)
    assert {Column.MOVE, Column.SHARES, Column.VISITS, Column.Q} <= set(shown(table))
    table.resize(270, 300)
    assert shown(table) == [Column.MOVE, Column.SHARES, Column.Q]
    assert table.columnWidth(Column.SHARES) >= 120
    table.resize(700, 300)
    assert shown(table) == list(Column)


def test_an_unwanted_column_stays_away_however_wide(table):
    table.horizontalHeader().customContextMenuRequested.emit(QPoint(5, 5))
    menu = table.findChild(QMenu)
    next(a for a in menu.actions() if a.text() == "Q").trigger()
    table.resize(900, 300)
    assert Column.Q not in shown(table)
    menu.close()


def runs(table, line, color):
    """Pixels of exactly this colour in each pixel row of a bars cell."""
    area = table.visualRect(table.model().index(line, Column.SHARES))
    image = table.viewport().grab().toImage()
    wanted = QColor(color).rgb()
    return [
        sum(image.pixel(x, y) == wanted for x in range(area.left(), area.right()))
        for y in range(area.top(), area.bottom())
    ]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_gold_over_ivory_in_proportion(table, theme):
    table.set_theme(theme)
    gold, ivory = runs(table, 0, theme.intuition), runs(table, 0, theme.effort)
    assert max(ivory) == pytest.approx(6 * max(gold), rel=0.05)
    assert gold.index(max(gold)) < ivory.index(max(ivory))
    assert max(runs(table, 1, theme.intuition)) == pytest.approx(max(ivory), abs=1)


def test_pruned_bars_are_dimmed_but_keep_their_meaning(table):
    assert max(runs(table, 2, DARK.intuition)) == max(runs(table, 2, DARK.effort)) == 0
    area = table.visualRect(table.model().index(2, Column.SHARES))
    image = table.viewport().grab().toImage()
    row = [image.pixelColor(area.left() + 8, y) for y in range(area.top(), area.bottom())]
    golden = [tint for tint in row if tint.red() - tint.blue() > 40]
    assert len(golden) >= 5, "paler, but still gold"


def test_stale_bars_are_grey(table):
    table.show_candidates(replace(FOUND, stale=True))
    assert max(runs(table, 0, DARK.intuition)) == 0
    assert max(runs(table, 0, DARK.pruned)) > 10


def test_an_empty_table_says_what_to_do_next(table):
    table.show_candidates(CandidatesRecord())
    image = table.viewport().grab().toImage()
    ground = image.pixel(0, image.height() - 1)
    assert sum(image.pixel(x, y) != ground for x in range(0, 500, 2) for y in range(0, 60, 2)) > 20
