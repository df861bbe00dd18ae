"""The game's widgets: what is shown, where a click leads, what is said."""

import io

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QTableView

from app.qt_models.games_model import GamesModel
from app.theme import DARK, LIGHT
from app.viewmodels.eval_graph import GraphPoint, GraphRecord
from app.viewmodels.game_file import GameFile, file_of_text
from app.viewmodels.moves import moves_record
from app.viewmodels.phrases import Phrases
from app.viewmodels.position import PositionRecord
from app.viewmodels.records import MovesRecord
from app.viewmodels.transcript import read_transcript
from app.widgets.eval_graph import EvalGraph
from app.widgets.fen_box import FenBox
from app.widgets.game_list import GameList
from app.widgets.move_list import MoveList
from app.widgets.move_menu import CommentPopup, MoveMenu
from engine.domains.chess.game_format import PgnFormat
from engine.domains.registry import notation

CHESS = notation("chess")
LEFT = Qt.MouseButton.LeftButton
TEXT = "1. e4! {Best by test} (1. d4 d5 2. c4 (2. Nf3)) 1... e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O"


def record(text: str = TEXT, back: int = 0) -> MovesRecord:
    return moves_record(read_transcript(text, CHESS).game.step(-back), Phrases(CHESS))


class TestMoveList:
    @pytest.fixture
    def moves(self, shown):
        return shown(MoveList(), 260, 300)

    def area(self, moves):
        return moves.focusProxy()

    def place(self, moves, text):
        """Where a move is written, in the list's view."""
        layout = self.area(moves)._layout
        box = next(box for box in layout.boxes if box.cell is not None and box.cell.text == text)
        return box.rect.center() - QPoint(0, self.area(moves).verticalScrollBar().value())

    def test_clicking_any_move_goes_there(self, qtbot, moves):
        moves.show_moves(record())
        told = []
        moves.move_clicked.connect(told.append)
        for text in ("e4", "d5", "Nc6"):
            qtbot.mouseClick(self.area(moves).viewport(), LEFT, pos=self.place(moves, text))
        assert [len(path) for path in told] == [1, 2, 4]
        assert told[1] not in (told[2][:2],)
        qtbot.mouseClick(self.area(moves).viewport(), LEFT, pos=QPoint(250, 5))
        assert len(told) == 3, "there is no move"

    def test_every_word_has_room_of_its_own(self, moves):
        moves.show_moves(record())
        boxes = self.area(moves)._layout.boxes
        for i, one in enumerate(boxes):
            assert one.rect.left() >= 0
            assert one.rect.right() <= 260
            assert not any(one.rect.intersects(two.rect) for two in boxes[i + 1 :]), one.text

    def test_variations_are_indented_by_their_depth(self, moves):
        moves.show_moves(record())
        lefts = {
            name: self.area(moves)._layout.of(cell.path).left()
            for row in record().rows
            for cell in row.words
            if not isinstance(cell, str)
            for name in [cell.text]
        }
        assert lefts["d4"] < lefts["Nf3"]

    def test_the_current_move_is_kept_in_view(self, moves):
        long = " ".join(["Nf3 Nf6 Ng1 Ng8"] * 30)
        game = read_transcript(long, CHESS).game
        moves.show_moves(moves_record(game, Phrases(CHESS)))
        bar = self.area(moves).verticalScrollBar()
        assert bar.value() == bar.maximum() > 0
        moves.show_moves(moves_record(game.goto(1), Phrases(CHESS)))
        assert bar.value() == 0
        moves.show_moves(moves_record(game.goto(60), Phrases(CHESS)))
        assert 0 < bar.value() < bar.maximum()

    def test_the_menu_is_for_the_move_under_the_pointer_or_the_current_one(self, moves):
        moves.show_moves(record(back=9))
        told = []
        moves.menu_requested.connect(lambda path, point: told.append(path))
        area = self.area(moves)
        place = self.place(moves, "d5")
        for reason, point in (
            (QContextMenuEvent.Reason.Mouse, place),
            (QContextMenuEvent.Reason.Mouse, QPoint(250, 290)),
            (QContextMenuEvent.Reason.Keyboard, place),
        ):
            event = QContextMenuEvent(reason, point, area.viewport().mapToGlobal(point))
            QApplication.sendEvent(area.viewport(), event)
        assert [len(path) for path in told] == [2], "before the first move there is none to be meant"
        moves.show_moves(record())
        event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
        QApplication.sendEvent(area.viewport(), event)
        assert len(told[-1]) == 9

    def test_an_empty_list_says_what_to_do_and_an_outcome_is_shown(self, moves):
        labels = moves.findChildren(QLabel)
        assert any("No moves yet" in label.text() for label in labels if label.isVisible())
        moves.show_moves(record("1. f3 e5 2. g4 Qh4#"))
        assert "Black wins: checkmate" in [label.text() for label in labels if label.isVisible()]
        assert not any("No moves yet" in label.text() for label in labels if label.isVisible())
        assert self.area(moves).accessibleDescription() == "Qh4#"

    def test_both_themes_draw_it(self, moves):
        moves.show_moves(record(back=3))
        pictures = []
        for theme in (DARK, LIGHT):
            moves.set_theme(theme)
            pictures.append(moves.grab().toImage())
        assert pictures[0] != pictures[1]


class TestMoveMenu:
    def test_what_is_offered_depends_on_the_line(self, qtbot, shown):
        host = shown(MoveList(), 200, 100)
        texts = {}
        for is_main in (True, False):
            menu = MoveMenu((1,), host, is_main=is_main)
            texts[is_main] = [action.text() for action in menu.actions() if action.text()]
        assert "Promote variation" not in texts[True]
        assert {"Promote variation", "Make main line", "Delete from here", "Comment…"} <= set(texts[False])
        marks = menu.actions()[4].menu() or menu.actions()[5].menu()
        told = []
        menu.nag_chosen.connect(told.append)
        good = next(action for action in marks.actions() if action.text().startswith("!\t"))
        assert good.isChecked()
        good.trigger()
        assert told == [1]

    def test_a_comment_is_taken_with_enter_only(self, qtbot, shown):
        host = shown(MoveList(), 200, 100)
        told = []
        for keys in ((Qt.Key.Key_Return,), (Qt.Key.Key_Escape,)):
            popup = CommentPopup("Comment on e4", "old", host)
            popup.written.connect(told.append)
            popup.open_at(QPoint(10, 10))
            edit = popup.findChild(QLineEdit)
            assert edit.text() == "old"
            edit.setText("new")
            qtbot.keyClick(edit, keys[0])
        assert told == ["new"]


def points(*values, slips=()):
    return tuple(
        GraphPoint(i, f"{i}. x", white, win=None if white is None else max(white, 0), draw=0.3, loss=0.1)
        for i, white in enumerate(values)
    )


class TestEvalGraph:
    @pytest.fixture
    def graph(self, shown):
        graph = EvalGraph()
        graph.show_graph(GraphRecord(points(0.0, 0.3, -0.2, None, 0.9), cursor=1, players=("White", "Black")))
        return shown(graph, 320, 130)

    def curve(self, graph):
        return next(child for child in graph.children() if type(child).__name__ == "_Curve")

    def test_clicking_and_dragging_scrub(self, qtbot, graph):
        curve, told = self.curve(graph), []
        graph.scrubbed.connect(told.append)
        qtbot.mouseClick(curve, LEFT, pos=QPoint(curve.width() - 4, 20))
        qtbot.mousePress(curve, LEFT, pos=QPoint(2, 20))
        qtbot.mouseMove(curve, QPoint(curve.width() // 2, 20))
        assert told[:2] == [4, 0]
        assert curve.place_at(curve.width() / 2) == 2

    def test_the_wheel_steps_as_on_the_board(self, graph):
        curve, told = self.curve(graph), []
        graph.stepped.connect(told.append)
        for turned in (-120, 120, -60, -60):
            place = QPointF(10, 10)
            no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
            event = QWheelEvent(
                place, place, QPoint(), QPoint(0, turned), no_button, no_key, Qt.ScrollPhase.NoScrollPhase, False
            )
            QApplication.sendEvent(curve, event)
        assert told == [1, -1, 1]

    def test_the_first_player_ahead_is_up_and_blue(self, graph):
        curve = self.curve(graph)
        graph.show_graph(GraphRecord(points(0.8, 0.8, 0.8), cursor=0))
        ahead = curve.grab().toImage().pixelColor(curve.width() // 3, curve.height() // 3)
        graph.show_graph(GraphRecord(points(-0.8, -0.8, -0.8), cursor=0))
        image = curve.grab().toImage()
        behind = image.pixelColor(curve.width() // 3, 2 * curve.height() // 3)
        assert ahead.blue() > ahead.red() + 15
        assert behind.red() > behind.blue() + 15

    def test_slips_have_shapes_and_bands_can_be_had(self, graph):
        plain = self.curve(graph).grab().toImage()
        graph.set_bands(True)
        assert self.curve(graph).grab().toImage() != plain
        graph.set_bands(False)
        pictures = []
        for slip in ("", "inaccuracy", "mistake", "blunder"):
            made = [*points(0.5, 0.5), GraphPoint(2, "x", -0.5, slip=slip, lost=0.5), *points(0, 0, 0, -0.5)[3:]]
            graph.show_graph(GraphRecord(tuple(made), cursor=0))
            pictures.append(self.curve(graph).grab().toImage())
        assert all(one != two for i, one in enumerate(pictures) for two in pictures[i + 1 :])

    def test_an_empty_graph_says_what_to_do_and_an_analysis_how_far_it_is(self, qtbot, graph):
        button = graph.findChild(QPushButton)
        graph.show_graph(GraphRecord(points(None, 0.2), cursor=0))
        assert button.text() == "Analyse the game"
        assert button.isVisible()
        with qtbot.waitSignal(graph.analyse_clicked):
            button.click()
        graph.show_graph(GraphRecord(points(0.1, 0.2), progress="Analysing position 3 of 9", share=0.2))
        assert [label.text() for label in graph.findChildren(QLabel) if label.isVisible()] == [
            "Analysing position 3 of 9"
        ]
        with qtbot.waitSignal(graph.stop_clicked):
            button.click()
        graph.show_graph(GraphRecord(points(0.1, 0.2)))
        assert not button.isVisible()
        graph.show_graph(GraphRecord(points(0.1)))
        assert graph.isHidden(), "a game without moves needs no graph"


class TestFenBox:
    @pytest.fixture
    def box(self, shown):
        box = FenBox()
        box.show_position(PositionRecord("a position"))
        return shown(box, 300, 60)

    def shown_words(self, box):
        return [label.text() for label in box.findChildren(QLabel) if label.isVisible()]

    def test_enter_tells_escape_takes_back(self, qtbot, box):
        edit, told = box.findChild(QLineEdit), []
        box.entered.connect(told.append)
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        assert told == [], "it is on the board already"
        edit.selectAll()
        qtbot.keyClicks(edit, "another")
        box.show_position(PositionRecord("a position"))
        assert edit.text() == "another", "what is being written is left alone"
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        assert told == ["another"]
        qtbot.keyClick(edit, Qt.Key.Key_Escape)
        assert edit.text() == "a position"

    def test_a_mistake_is_told_below_until_it_is_mended(self, qtbot, box):
        edit = box.findChild(QLineEdit)
        qtbot.keyClicks(edit, "x")
        box.show_position(PositionRecord("a position", error="no such thing"))
        assert self.shown_words(box) == ["no such thing"]
        box.show_position(PositionRecord("another position"))
        assert self.shown_words(box) == []
        assert edit.text() == "another position"

    def test_a_notice_has_its_way_out(self, qtbot, box):
        box.show_position(PositionRecord("a position", "History is empty.", "Fill"))
        button = box.findChild(QPushButton)
        assert (self.shown_words(box), button.text()) == (["History is empty."], "Fill")
        with qtbot.waitSignal(box.action_clicked):
            button.click()
        box.show_position(PositionRecord("a position", "History is empty."))
        assert not button.isVisible()


GAMES = "".join(f'[White "Anna {i}"]\n[Black "Bert"]\n[Result "*"]\n\n1. e4 *\n\n' for i in range(300))


class TestGameList:
    @pytest.fixture
    def file(self) -> GameFile:
        return file_of_text("many.pgn", GAMES, PgnFormat())

    def test_the_model_keeps_its_contract_and_grows(self, qtmodeltester, file):
        model = GamesModel()
        qtmodeltester.check(model)
        data, slow = GAMES.encode(), None
        slow = GameFile("many.pgn", len(data), lambda: io.BytesIO(data), PgnFormat())
        model.show_games(slow, None)
        assert model.rowCount() == 0
        slow.scan()
        model.show_games(slow, None)
        assert model.rowCount() == 300
        assert [model.index(7, column).data() for column in range(4)] == ["8", "Anna 7", "Bert", "*"]
        model.show_games(slow, (4, 250))
        assert model.rowCount() == 2
        assert model.index(1, 1).data() == "Anna 250"
        assert model.number(1) == 250
        qtmodeltester.check(model)

    def test_it_lies_over_its_host_tells_what_is_chosen_and_goes(self, qtbot, shown, file):
        host = shown(QLabel("picture"), 700, 500)
        games = GameList(host)
        assert games.isHidden()
        games.show_games(file, None)
        assert games.isVisible()
        assert "300 games" in games.findChild(QLabel).text()
        told = []
        games.chosen.connect(told.append)
        table = games.findChild(QTableView)
        table.selectRow(2)
        qtbot.keyClick(table, Qt.Key.Key_Return)
        assert told == [2]
        qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.model().index(1, 1)).center())
        assert told == [2, 1]
        with qtbot.waitSignal(games.words_changed) as words:
            qtbot.keyClicks(games.findChild(QLineEdit), "anna 2")
        assert words.args == ["anna 2"]
        games.show_games(file, tuple(file.find("anna 29")))
        assert "13 of 300" in games.findChild(QLabel).text()
        with qtbot.waitSignal(games.closed):
            qtbot.keyClick(games, Qt.Key.Key_Escape)
        games.show_games(None, None)
        assert games.isHidden()
        games.set_theme(LIGHT)
