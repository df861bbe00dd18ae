"""The query bar and the list of results under real keys and clicks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.qt_models.results_model import Column, ResultsModel
from app.theme import DARK, LIGHT
from app.viewmodels.questions import LensRecord, QuestionRecord, ResultRow, ResultsRecord
from app.widgets.name_popup import NamePopup
from app.widgets.query_bar import QueryBar
from app.widgets.results_panel import ResultsPanel, caption
from engine.tree.query import parse
from engine.tree.query_syntax import QueryError

LEFT = Qt.MouseButton.LeftButton
LENSES = (
    LensRecord("Frontier", "age < 9 by birth", "The newest.", "Where it looked"),
    LensRecord("Proven", "proven", "The certain.", "What is settled"),
    LensRecord("mine", "N > 7", "A lens of your own.", "Your own", is_own=True),
)


@pytest.fixture
def bar(shown):
    """The bar at the lower edge of a window, as it stands in the program."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.addStretch()
    window.bar = QueryBar()
    column.addWidget(window.bar)
    shown(window, 900, 500)
    window.bar.set_theme(DARK)
    window.bar.show_question(QuestionRecord(lenses=LENSES))
    yield window.bar
    window.close()


def texts(bar):
    hints = bar.line.hints
    tree = hints._list
    return [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())] if hints.has_words else []


class TestWriting:
    def test_words_are_offered_with_their_meaning_and_completed_by_tab(self, bar, qtbot):
        bar.begin_writing()
        qtbot.keyClicks(bar.line, "N > 5 and pr")
        assert texts(bar) == ["P", "proven", "pruned"]
        assert "Prior" in bar.line.hints._list.topLevelItem(0).text(1)
        qtbot.keyClick(bar.line, Qt.Key.Key_Down)
        qtbot.keyClick(bar.line, Qt.Key.Key_Down)
        qtbot.keyClick(bar.line, Qt.Key.Key_Tab)
        assert bar.line.text() == "N > 5 and proven "
        assert not bar.line.hints.isVisible()
        assert bar.line.hasFocus()
        qtbot.keyClicks(bar.line, "or ab")
        qtbot.keyClick(bar.line, Qt.Key.Key_Tab)
        assert bar.line.text() == "N > 5 and proven or abs("

    def test_a_word_in_the_middle_is_completed_where_it_stands(self, bar, qtbot):
        bar.begin_writing()
        qtbot.keyClicks(bar.line, "N > 5 and best")
        bar.line.setCursorPosition(1)
        qtbot.keyClick(bar.line, Qt.Key.Key_Backspace)
        qtbot.keyClicks(bar.line, "depth"[:3])
        qtbot.keyClick(bar.line, Qt.Key.Key_Tab)
        assert bar.line.text() == "depth  > 5 and best"

    def test_a_click_chooses_a_word(self, bar, qtbot):
        bar.begin_writing()
        qtbot.keyClicks(bar.line, "ter")
        tree = bar.line.hints._list
        place = tree.visualItemRect(tree.topLevelItem(0)).center()
        qtbot.mouseClick(tree.viewport(), LEFT, pos=place)
        assert bar.line.text() == "terminal "

    def test_it_is_asked_when_the_keys_rest_and_at_once_with_enter(self, bar, qtbot):
        asked = []
        bar.asked.connect(asked.append)
        bar.begin_writing()
        qtbot.keyClicks(bar.line, "N > 5")
        assert asked == []
        qtbot.waitUntil(lambda: asked == ["N > 5"], timeout=2000)
        with qtbot.waitSignal(bar.entered) as entered:
            qtbot.keyClick(bar.line, Qt.Key.Key_Return)
        assert entered.args == ["N > 5"]

    def test_enter_takes_a_word_only_if_one_was_gone_to(self, bar, qtbot):
        bar.begin_writing()
        qtbot.keyClicks(bar.line, "be")
        with qtbot.waitSignal(bar.entered):
            qtbot.keyClick(bar.line, Qt.Key.Key_Return)
        assert bar.line.text() == "be"
        qtbot.keyClicks(bar.line, "s")
        qtbot.keyClick(bar.line, Qt.Key.Key_Up)
        qtbot.keyClick(bar.line, Qt.Key.Key_Return)
        assert bar.line.text() == "best "

    def test_escape_closes_the_words_then_takes_the_question_away(self, bar, qtbot):
        left = []
        bar.left.connect(lambda: left.append(1))
        bar.begin_writing()
        qtbot.keyClicks(bar.line, "N > 5 and pr")
        qtbot.keyClick(bar.line, Qt.Key.Key_Escape)
        assert (bar.line.text(), left, bar.line.hints.isVisible()) == ("N > 5 and pr", [], False)
        qtbot.keyClick(bar.line, Qt.Key.Key_Escape)
        assert (bar.line.text(), left) == ("", [1])

    def test_emptying_the_line_asks_nothing(self, bar, qtbot):
        asked = []
        bar.asked.connect(asked.append)
        bar.begin_writing()
        qtbot.keyClicks(bar.line, "N > 5")
        bar.line.findChild(QToolButton).click()
        qtbot.waitUntil(lambda: asked[-1:] == [""], timeout=2000)

    def test_what_is_being_written_is_not_overwritten(self, bar, qtbot):
        bar.begin_writing()
        qtbot.keyClicks(bar.line, "N > 50")
        bar.show_question(QuestionRecord("N > 5", count="9 of 10 nodes", lenses=LENSES))
        assert bar.line.text() == "N > 50"


class TestShowing:
    def test_an_error_is_said_over_the_picture_and_underlined(self, bar, qtbot):
        text = "N > 5 and visit"
        bar.begin_writing()
        qtbot.keyClicks(bar.line, text)
        qtbot.waitUntil(lambda: not bar.line._pause.isActive(), timeout=2000)
        before = bar.line.grab().toImage()
        bar.line.hints.hide()
        with pytest.raises(QueryError) as refused:
            parse(text)
        error = refused.value
        bar.show_question(QuestionRecord(text, error=str(error), start=error.start, end=error.end, lenses=LENSES))
        assert bar.line.hints.isVisible()
        assert bar.line.hints._error.text() == "“visit” is not known: did you mean visits?"
        assert bar.line.hints.geometry().bottom() <= bar.line.mapTo(bar.window(), bar.line.rect().topLeft()).y()
        assert bar.line.grab().toImage() != before
        bar.show_question(QuestionRecord(text, lenses=LENSES))
        assert not bar.line.hints.isVisible()

    def test_what_makes_no_sense_before_a_question_is_not_there(self, bar):
        assert not bar._next.isVisible()
        bar.show_question(QuestionRecord("N > 5", count="9 of 1,000,000 nodes", lenses=LENSES))
        assert bar._next.isVisible()
        assert bar._count.text() == "9 of 1,000,000 nodes"

    def test_in_a_narrow_place_the_line_keeps_room_and_nothing_is_cut_off(self, bar, qtbot):
        bar.show_question(QuestionRecord("N > 5", count="123,456 of 1,000,000 nodes", lenses=LENSES))
        bar.window().resize(560, 400)
        qtbot.waitUntil(lambda: bar.line.width() >= 200, timeout=2000)
        assert bar._count.text() == "123,456 of 1,000,000"
        needed = bar._count.fontMetrics().horizontalAdvance(bar._count.text())
        assert needed < bar._count.width()

    def test_arrows_step_and_the_count_asks_for_the_list(self, bar, qtbot):
        stepped, wanted = [], []
        bar.stepped.connect(stepped.append)
        bar.results_wanted.connect(lambda: wanted.append(1))
        bar.show_question(QuestionRecord("N > 5", count="9 of 10 nodes", lenses=LENSES))
        for button in (bar._next, bar._back, bar._count):
            qtbot.mouseClick(button, LEFT)
        assert (stepped, wanted) == ([1, -1], [1])


class TestLenses:
    def test_the_menu_groups_explains_and_removes(self, bar):
        chosen, removed = [], []
        bar.lens_chosen.connect(chosen.append)
        bar.lens_removed.connect(removed.append)
        bar.show_question(QuestionRecord("age < 9", lens="Frontier", count="1 of 2 nodes", lenses=LENSES))
        menu = bar.lens_menu()
        actions = {action.text(): action for action in menu.actions()}
        assert [text for text in actions if text in ("Where it looked", "What is settled", "Your own")] == [
            "Where it looked",
            "What is settled",
            "Your own",
        ]
        assert actions["Frontier"].isChecked()
        assert actions["Proven"].toolTip() == "The certain.\nproven"
        actions["Proven"].trigger()
        removal = menu.findChild(QMenu)
        assert [action.text() for action in removal.actions()] == ["mine"]
        removal.actions()[0].trigger()
        assert (chosen, removed) == (["Proven"], ["mine"])
        menu.close()

    def test_a_question_is_kept_under_a_name(self, bar, qtbot):
        named = []
        bar.lens_named.connect(named.append)
        bar.show_question(QuestionRecord("N > 5", count="9 of 10 nodes", lenses=LENSES))
        qtbot.mouseClick(bar._keep, LEFT)
        popup = bar.findChild(NamePopup)
        name, keep = popup.findChild(QLineEdit), popup.findChild(QPushButton)
        assert not keep.isEnabled()
        qtbot.keyClicks(name, " quiet moves ")
        qtbot.keyClick(name, Qt.Key.Key_Return)
        assert named == ["quiet moves"]


def rows(*nodes):
    return tuple(ResultRow(node, 100 - node, 0.5, -0.25, 0.01, f"0.{node}") for node in nodes)


def paths(node):
    return f"e4 e5 m{node}"


@pytest.fixture
def panel(shown):
    widget = shown(ResultsPanel(), 420, 300)
    widget.set_theme(DARK)
    widget.show_results(ResultsRecord(rows(5, 9, 2), 3, "share", is_column=False, is_asked=True), paths)
    return widget


class TestResults:
    def test_the_model_keeps_qts_contract(self, qtmodeltester, qapp):
        model = ResultsModel()
        for record in (ResultsRecord(rows(1, 2)), ResultsRecord(rows(2)), ResultsRecord()):
            model.show_record(record, paths)
            qtmodeltester.check(model)

    def test_a_row_shows_moves_order_and_figures(self, panel):
        model = panel.table.model()
        cells = [model.index(0, column).data() for column in Column]
        assert cells == ["e4 e5 m5", "0.5", "95", "+0.50", "−0.25", "1.0 %"]
        assert model.headerData(Column.WORTH, Qt.Orientation.Horizontal) == "share"
        assert not panel.table.isColumnHidden(Column.WORTH)

    def test_only_rows_that_are_seen_have_their_moves_worked_out(self, panel, qtbot):
        asked = set()

        def path(node):
            asked.add(node)
            return str(node)

        record = ResultsRecord(rows(*range(80)), 5000, "N", is_asked=True)
        panel.show_results(record, path)
        panel.table.repaint()
        assert 0 < len(asked) < 30
        assert panel.table.isColumnHidden(Column.WORTH)

    def test_clicks_and_keys_select_and_a_double_click_plays(self, panel, qtbot):
        selected, activated = [], []
        panel.table.node_selected.connect(selected.append)
        panel.table.node_activated.connect(activated.append)
        place = panel.table.visualRect(panel.table.model().index(1, 0)).center()
        qtbot.mouseClick(panel.table.viewport(), LEFT, pos=place)
        qtbot.keyClick(panel.table, Qt.Key.Key_Down)
        assert selected == [9, 2]
        qtbot.keyClick(panel.table, Qt.Key.Key_Return)
        assert activated == [2]

    def test_the_selection_is_shown_without_echo_and_stays_with_its_node(self, panel):
        selected = []
        panel.table.node_selected.connect(selected.append)
        panel.table.select_node(9)
        assert panel.table.currentIndex().row() == 1
        panel.show_results(ResultsRecord(rows(9, 5), 2, "share", is_asked=True), paths)
        assert panel.table.selectionModel().selectedRows()[0].row() == 0
        panel.table.select_node(77)
        assert not panel.table.selectionModel().hasSelection()
        assert selected == []

    def test_the_caption_says_how_many_of_how_many(self, panel):
        assert panel._caption.text() == "3 nodes, by share."
        assert caption(ResultsRecord(rows(1), 5000, "N", is_asked=True)) == "The first 1 of 5,000 nodes, by N."
        assert caption(ResultsRecord(is_asked=True)) == "No node meets the condition now."
        assert "Ctrl+F" in caption(ResultsRecord())

    def test_narrow_and_light(self, panel):
        panel.set_theme(LIGHT)
        panel.resize(280, 300)
        assert panel.table.isColumnHidden(Column.RAW)
        assert panel.table.columnWidth(Column.MOVES) >= 90
