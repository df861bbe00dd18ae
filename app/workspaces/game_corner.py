"""The game's widgets together: moves, evaluation graph, position as text, list of games; what they mean is told."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from app.controller import Controller
from app.game_analysis import BUDGETS
from app.presenter import phrases
from app.theme import Theme
from app.viewmodels.figures import count
from app.widgets.eval_graph import EvalGraph
from app.widgets.fen_box import FenBox
from app.widgets.game_list import GameList
from app.widgets.move_list import MoveList
from app.widgets.move_menu import CommentPopup, MoveMenu
from engine.domains.base import Line
from engine.domains.comments import words_of
from engine.domains.game_tree import Path, find, is_main


class GameCorner(QObject):
    """Builds the widgets and reports them to a controller.

    Attributes:
        moves, graph, position, games: the widgets. record: moves and graph, one over the other, for a panel.
    """

    def __init__(self, host: QWidget, parent: QObject | None = None) -> None:
        """`host`: what the list of games lies over."""
        super().__init__(parent)
        self.moves, self.graph, self.position = MoveList(), EvalGraph(), FenBox()
        self.games = GameList(host)
        self.record = QWidget()
        self.record.setProperty("role", "panel")
        self.record.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self.record)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.moves, 1)
        column.addWidget(self.graph)

    def report_to(self, controller: Controller) -> None:
        """Let the widgets' intents reach `controller`."""
        self._controller = controller
        desk, files = controller.games, controller.files
        self.moves.move_clicked.connect(desk.goto_path)
        self.moves.menu_requested.connect(self._open_menu)
        self.graph.scrubbed.connect(desk.goto)
        self.graph.stepped.connect(desk.step)
        self.graph.analyse_clicked.connect(self._ask_budget)
        self.graph.stop_clicked.connect(desk.stop_analysis)
        self.position.entered.connect(desk.enter_position)
        self.position.action_clicked.connect(desk.fill)
        self.games.chosen.connect(files.choose)
        self.games.words_changed.connect(files.find)
        self.games.closed.connect(files.close)

    def set_theme(self, theme: Theme) -> None:
        """Dress all widgets."""
        for widget in (self.moves, self.graph, self.games):
            widget.set_theme(theme)

    def comment_here(self) -> None:
        """Write a comment behind the current move."""
        self._comment(self._controller.state.game.here)

    def analyse(self) -> None:
        """Ask how long to look at each position of the game, and begin."""
        menu = self._budget_menu()
        menu.popup(self.record.mapToGlobal(QPoint(0, 0)))

    def _ask_budget(self) -> None:
        menu = self._budget_menu()
        place = self.graph.mapToGlobal(QPoint(0, 0))
        menu.popup(place - QPoint(0, menu.sizeHint().height()))

    def _budget_menu(self) -> QMenu:
        """Simulations for each position, forwards and backwards."""
        desk = self._controller.games
        menu = QMenu(self.record)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addSection("Simulations for each position")
        for budget in BUDGETS:
            menu.addAction(count(budget), partial(desk.analyse, budget))
        backwards = menu.addMenu("From the end backwards")
        for budget in BUDGETS:
            backwards.addAction(count(budget), partial(desk.analyse, budget, backwards=True))
        return menu

    def _open_menu(self, path: Path, point: QPoint) -> None:
        desk, game = self._controller.games, self._controller.state.game
        menu = MoveMenu(find(game.tree, path).nags, self.moves, is_main=is_main(game.tree, path))
        menu.promote_chosen.connect(lambda: desk.promote(path))
        menu.main_chosen.connect(lambda: desk.make_main(path))
        menu.delete_chosen.connect(lambda: desk.delete(path))
        menu.nag_chosen.connect(lambda nag: desk.toggle_nag(path, nag))
        menu.copy_chosen.connect(lambda: self._copy(path))
        menu.comment_chosen.connect(lambda: self._comment(path))
        menu.popup(point)

    def _comment(self, path: Path) -> None:
        state = self._controller.state
        line = Line(state.game.tree.start, path)
        title = f"Comment on {phrases(state.domain).last_text(line)}" if path else "Comment on the game"
        popup = CommentPopup(title, words_of(find(state.game.tree, path).comment), self.moves)
        popup.written.connect(lambda words: self._controller.games.comment(path, words))
        popup.open_at(self.moves.place_of(path))

    def _copy(self, path: Path) -> None:
        QGuiApplication.clipboard().setText(self._controller.games.line_text(path))
