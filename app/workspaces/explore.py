"""Explore: a board, a live tree and all that is known of it, standing together.

Builds the widgets, connects what they mean to the controller, and shows what the controller says (`app.screen.Screen`).
No figure is computed here.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from app.controller import Controller
from app.render.folding import FoldRules
from app.screen import Seats
from app.theme import PADDING, Theme
from app.viewmodels.anatomy import AnatomyRecord
from app.viewmodels.eval_graph import GraphRecord
from app.viewmodels.exports import ExportRecord
from app.viewmodels.game_file import GameFile
from app.viewmodels.notes import NotesRecord
from app.viewmodels.position import PositionRecord
from app.viewmodels.questions import Colours, QuestionRecord, ResultsRecord
from app.viewmodels.reading import LineRecord
from app.viewmodels.records import (
    BoardRecord,
    CandidatesRecord,
    ControlsRecord,
    InspectorRecord,
    MovesRecord,
    StatusRecord,
    TrailsRecord,
    ValueRecord,
)
from app.viewmodels.setting_up import EditorRecord
from app.viewmodels.timeline import TimelineRecord
from app.viewmodels.watchpoints import HitRecord, WatchpointsRecord
from app.widgets.anatomy_strip import AnatomyStrip
from app.widgets.board_panel import BoardPanel
from app.widgets.candidates_table import CandidatesTable
from app.widgets.controls import Controls
from app.widgets.curtain import Curtains
from app.widgets.error_line import ErrorLine
from app.widgets.hit_line import HitLine
from app.widgets.hover_card import HoverCard
from app.widgets.inspector import Inspector
from app.widgets.main_window import Panel
from app.widgets.remark import Remark
from app.widgets.status_line import StatusLine
from app.widgets.timeline import Timeline
from app.widgets.trails import TrailsChart
from app.widgets.tree_canvas import TreeCanvas
from app.workspaces.asking import Asking
from app.workspaces.board_corner import BoardCorner
from app.workspaces.compare import Compare
from app.workspaces.game_corner import GameCorner
from app.workspaces.keeping import Keeping
from app.workspaces.steering import Steering
from engine.tree.columns import ROOT, SearchTree

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
_PLAY_MS = 33
"""Between two moments of a search that is played again."""
_CAPTION_HEIGHT = 44
"""Room for two lines, so that nothing moves when a sentence gets longer."""


class Explore(QObject):
    """The workspace.

    Attributes:
        board, value, candidates, moves, tree, trails, inspector, controls, status, error, remark: its widgets.
        centre: what stands in the middle of the window. panels: what stands around it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board_panel = BoardPanel()
        self.board, self.value = self._board_panel.board, self._board_panel.value
        self.candidates = CandidatesTable()
        self.tree, self.inspector = TreeCanvas(), Inspector()
        self.trails, self.timeline = TrailsChart(), Timeline()
        self.controls, self.status, self.error = Controls(), StatusLine(), ErrorLine()
        self._caption = QLabel()
        self._caption.setProperty("role", "caption")
        self._caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._caption.setFixedHeight(_CAPTION_HEIGHT)
        self._caption.setContentsMargins(PADDING, 0, PADDING, 0)
        self._caption.setWordWrap(True)
        self.asking = Asking(self.tree, self)
        hero = _over(_column(self.tree, (self.tree, self.asking.bar)), self.trails)
        self.hit, self.anatomy = HitLine(), AnatomyStrip()
        self.keeping = Keeping(self.tree, self)
        self.compare = Compare(hero)
        lines = (self.error, self.keeping.line, self.hit, self._caption, self.anatomy)
        self.centre = _column(self.compare, (*lines, self.compare, self.timeline))
        self._card = HoverCard(self.tree)
        self.remark = Remark(self.compare, (self.tree, self.compare.trees))
        self.game = GameCorner(self.tree, self)
        self.moves = self.game.moves
        self.corner = corner = BoardCorner(self.candidates, self.compare, self)
        below_board = (self._board_panel, corner.threat, self.game.position)
        beside = (corner.threat, self._caption, self.anatomy, self.timeline, self.value, corner.lines.strip)
        speaking = (self.compare, self.candidates, self.inspector, self.asking.results)
        self.curtains = Curtains(speaking, (*beside, self.game.graph))
        self._hover_point = QPoint()
        self._player = QTimer(self, interval=_PLAY_MS)
        self.panels = [
            Panel("board", "Board", _column(self._board_panel, below_board), LEFT),
            Panel("candidates", "Candidates", _column(self.candidates, (self.candidates, corner.lines.strip)), LEFT),
            Panel("moves", "Moves", self.game.record, LEFT, behind_where_low="candidates"),
            Panel("inspector", "Node", self.inspector, RIGHT),
            Panel("results", "Results", self.asking.results, RIGHT, behind="inspector"),
            Panel("notes", "Notes", self.keeping.notes, RIGHT, behind="inspector"),
        ]

    def report_to(self, controller: Controller) -> None:
        """Let the widgets' intents reach `controller`."""
        self.board.move_chosen.connect(controller.play)
        self.board.wheel_step.connect(controller.games.step)
        self.candidates.action_hovered.connect(controller.point_at)
        self.candidates.action_selected.connect(controller.select_action)
        self.candidates.action_activated.connect(controller.play)
        self._report_steering(controller)
        self.inspector.reroot_clicked.connect(controller.play_best)
        self.game.report_to(controller)
        self.corner.report_to(controller)
        self.tree.node_selected.connect(controller.select_node)
        self.tree.node_activated.connect(controller.play_to)
        self.tree.refolded.connect(controller.refolded)
        self.tree.node_hovered.connect(lambda node, point: self._hover(controller, node, point))
        self.controls.start_clicked.connect(controller.start)
        self.controls.pause_clicked.connect(controller.pause)
        self.controls.stop_clicked.connect(controller.stop)
        self.controls.step_clicked.connect(controller.step_search)
        self.controls.budget_changed.connect(controller.set_budget)
        self.controls.generation_chosen.connect(controller.set_generation)
        self.controls.method_chosen.connect(controller.set_method)
        self.controls.settings_chosen.connect(controller.set_settings)
        self.controls.limits_chosen.connect(controller.set_limits)
        self.controls.domain_chosen.connect(controller.set_domain)
        self.status.action_clicked.connect(controller.restart_engine)
        self._report_travel(controller)
        self.keeping.report_to(controller)
        self.asking.report_to(controller)
        self.error.action_clicked.connect(controller.restart_engine)
        self._report_watching(controller)

    def _report_travel(self, controller: Controller) -> None:
        """Where the playhead is put."""
        travel = controller.travel
        self.timeline.sought.connect(travel.seek)
        self.timeline.stepped.connect(travel.step)
        self.timeline.event_wanted.connect(controller.seek_event)
        self.timeline.present_wanted.connect(travel.to_present)
        self.timeline.play_clicked.connect(travel.toggle_play)
        self.timeline.speed_chosen.connect(travel.set_speed)
        self.trails.sought.connect(travel.seek)
        self.inspector.moment_wanted.connect(travel.seek)
        self.inspector.node_wanted.connect(controller.select_node)
        self.inspector.since_wanted.connect(controller.explain_since)
        self._player.timeout.connect(lambda: travel.advance(_PLAY_MS / 1000))

    def _report_watching(self, controller: Controller) -> None:
        """What the search pauses for, and the way on from there."""
        watching, asked = controller.watching, self.controls.watch.list
        asked.added.connect(watching.add)
        asked.query_added.connect(lambda text: asked.show_problem(watching.add_query(text)))
        asked.switched.connect(lambda number, on: watching.switch(number, is_on=on))
        asked.figure_changed.connect(watching.set_figure)
        asked.removed.connect(watching.remove)
        asked.one_by_one_changed.connect(watching.set_one_by_one)
        self.hit.go_clicked.connect(controller.go_to_hit)
        self.hit.on_clicked.connect(controller.go_on)
        self.hit.dismissed.connect(watching.dismiss)
        self.anatomy.lights_changed.connect(self.tree.set_lights)
        self.anatomy.closed.connect(controller.anatomy.close)

    def _report_steering(self, controller: Controller) -> None:
        """What is done to branches, from the tree, the table and the node card."""
        acts, steer = controller.branches, controller.steer
        self._steering = Steering(controller, self.tree)
        of_node, of_action = controller.line_of_node, controller.line_of_action
        self.candidates.cut_requested.connect(lambda action: steer(acts.cut, of_action(action)))
        self.candidates.restore_requested.connect(lambda action: steer(acts.restore, of_action(action)))
        self.tree.cut_requested.connect(lambda node: steer(acts.cut, of_node(node)))
        self.tree.restore_requested.connect(lambda node: steer(acts.restore, of_node(node)))
        self.inspector.cut_clicked.connect(lambda: steer(acts.cut, controller.inspected_line()))
        self.inspector.restore_clicked.connect(lambda: steer(acts.restore, controller.inspected_line()))
        self.candidates.menu_requested.connect(lambda action, point: self._open_row_menu(controller, action, point))
        self.tree.context_requested.connect(lambda node, point: self._open_node_menu(controller, node, point))
        self.inspector.more_clicked.connect(
            lambda point: self._pop_up(
                self._steering.menu(controller.inspected_line(), controller.play_best), point, is_above=True
            )
        )

    def ask_prior(self, controller: Controller) -> None:
        """Ask for the prior of the branch that the inspector shows."""
        self._steering.ask_prior(controller.inspected_line(), self.tree.mapToGlobal(QPoint(PADDING, PADDING)))

    def set_theme(self, theme: Theme) -> None:
        """Dress all widgets."""
        themed = (self.board, self.value, self.candidates, self.game, self.tree, self.inspector)
        for widget in (*themed, self.trails, self.timeline, self.controls, self.status, self.error, self._card):
            widget.set_theme(theme)
        self.keeping.set_theme(theme)
        self.hit.set_theme(theme)
        self.anatomy.set_theme(theme)
        self.asking.set_theme(theme)
        self.compare.set_theme(theme)
        self.corner.set_theme(theme)
        self.curtains.set_theme(theme)

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow all movement."""
        for widget in (self.board, self.value, self.tree, self.compare, self.anatomy):
            widget.set_motion(moving)
        self.corner.lines.moving = moving

    def hide_hints(self, hidden: bool) -> None:
        """Draw curtains over all that search and intuition say, or open them."""
        self.curtains.draw(hidden)
        self.board.set_hints_hidden(hidden)

    def show_board(self, record: BoardRecord) -> None:
        """See `Screen`, here and below."""
        self._board_panel.show_board(record)

    def show_editor(self, record: EditorRecord | None) -> None:
        """The page over the tree."""
        self.corner.editor.show_editor(record)

    def show_threat(self, words: str | None) -> None:
        """The line below the board."""
        self.corner.show_threat(words)

    def show_line(self, record: LineRecord) -> None:
        """The strip below the candidates."""
        self.corner.lines.strip.show_line(record)

    def show_value(self, record: ValueRecord, *, flipped: bool) -> None:
        """The evaluation bar."""
        self._board_panel.show_value(record, flipped=flipped)

    def show_candidates(self, record: CandidatesRecord) -> None:
        """The table."""
        self.candidates.show_candidates(record)

    def show_trails(self, record: TrailsRecord) -> None:
        """The chart under the tree."""
        self.trails.show_trails(record)

    def show_timeline(self, record: TimelineRecord) -> None:
        """The strip under the tree."""
        self.timeline.show_timeline(record)
        self.trails.show_playhead(record.at)
        if record.is_playing != self._player.isActive():
            (self._player.start if record.is_playing else self._player.stop)()

    def show_node(self, record: InspectorRecord) -> None:
        """The inspector."""
        self.inspector.show_node(record)

    def show_moves(self, record: MovesRecord) -> None:
        """The move list."""
        self.moves.show_moves(record)

    def show_position(self, record: PositionRecord) -> None:
        """The line under the board."""
        self.game.position.show_position(record)

    def show_graph(self, record: GraphRecord) -> None:
        """The evaluation graph."""
        self.game.graph.show_graph(record)

    def show_games(self, file: GameFile | None, found: tuple[int, ...] | None) -> None:
        """The list of games."""
        self.game.games.show_games(file, found)

    def show_controls(self, record: ControlsRecord) -> None:
        """The controls' choices."""
        self.controls.show_controls(record)

    def show_status(self, record: StatusRecord) -> None:
        """The status bar, and which controls make sense."""
        self.status.show_status(record)
        self.controls.show_status(record)
        self.tree.show_prompt(record.headline if record.engine in ("starting", "running") else "")
        # A line never ends between a number and its sign.
        self._caption.setText((record.story or record.headline).replace(" %", "\u00a0%"))

    def show_tree(self, tree: SearchTree | None, labels: Callable[[int], str], seats: Seats) -> None:
        """The tree's picture."""
        self.tree.show_tree(tree, labels, seats.seat, to_move=seats.to_move, players=seats.players)

    def show_moment(self, tree: SearchTree) -> None:
        """The same search at another moment."""
        self.tree.show_moment(tree)

    def tree_changed(self, mapping: NDArray[np.int32] | None) -> None:
        """The tree grew."""
        self.tree.tree_changed(mapping)

    def show_selection(self, node: int, action: int) -> None:
        """The node selected in the picture, and the row of the table it belongs to."""
        self.tree.show_selection(node)
        self.candidates.select_action(action)
        self.asking.results.table.select_node(node)

    def show_question(self, record: QuestionRecord) -> None:
        """The query bar."""
        self.asking.show_question(record)

    def show_results(self, record: ResultsRecord, path_text: Callable[[int], str]) -> None:
        """The list of what was found."""
        self.asking.show_results(record, path_text)

    def show_marks(self, marks: NDArray[np.uint8] | None) -> None:
        """Rings around what was found."""
        self.asking.show_marks(marks)

    def show_tint(self, colours: Colours | None) -> None:
        """A lens's colours."""
        self.asking.show_tint(colours)

    def show_card(self, record: InspectorRecord | None) -> None:
        """The card where the pointer last touched a node."""
        if record is None:
            self._card.hide()
        else:
            self._card.show_card(record, self._hover_point)

    def show_watchpoints(self, record: WatchpointsRecord) -> None:
        """The list, and the count on its button."""
        self.controls.watch.show_watchpoints(record)

    def show_anatomy(self, record: AnatomyRecord | None) -> None:
        """The strip over the tree, which lights the picture up."""
        self.anatomy.show_anatomy(record)

    def show_hit(self, record: HitRecord | None) -> None:
        """The line over the tree."""
        self.hit.show_hit(record)

    def show_notes(self, record: NotesRecord) -> None:
        """The list of notes and bookmarks."""
        self.keeping.show_notes(record)

    def show_look(self, view: str, camera: tuple[float, ...]) -> None:
        """The tree as a bookmark has it."""
        self.keeping.show_look(view, camera)

    def show_folding(self, rules: FoldRules) -> None:
        """The tree with these branches folded."""
        self.tree.set_folding(rules)

    def show_note_editor(self, name: str) -> None:
        """The editor in the list."""
        self.keeping.show_note_editor(name)

    def show_export(self, record: ExportRecord) -> None:
        """The line of an export."""
        self.keeping.show_export(record)

    def show_error(self, text: str, action: str) -> None:
        """The line above the tree."""
        self.error.show_error(text, action)

    def say(self, text: str) -> None:
        """A passing remark over the tree."""
        self.remark.say(text)

    def _open_row_menu(self, controller: Controller, action: int, point: QPoint) -> None:
        """What can be done with an action of the root."""
        controller.select_action(action)
        line = controller.line_of_action(action)
        self._pop_up(self._steering.menu(line, lambda: controller.play(action)), point)

    def _open_node_menu(self, controller: Controller, node: int, point: QPoint) -> None:
        """What can be done with a node of the tree, or with the picture where there is none."""
        menu: QMenu | None = None
        if node >= ROOT:
            controller.select_node(node)
            menu = self._steering.menu(controller.line_of_node(node), lambda: controller.play_to(node))
        if menu is None:
            menu = QMenu(self.tree)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        else:
            menu.addSeparator()
            menu.addAction("Bring to the middle", lambda: self.tree.centre(node))
            folded = "Unfold what is below" if self.tree.is_folded(node) else "Fold what is below"
            menu.addAction(f"{folded}\tH", lambda: self.tree.toggle_fold(node))
        menu.addAction("Fit the tree", self.tree.fit)
        self._pop_up(menu, point)

    def _pop_up(self, menu: QMenu | None, point: QPoint, *, is_above: bool = False) -> None:
        if menu is not None:
            menu.popup(point - QPoint(0, menu.sizeHint().height()) if is_above else point)

    def _hover(self, controller: Controller, node: int, point: QPoint) -> None:
        self._hover_point = point if not point.isNull() else QCursor.pos()
        controller.hover_node(node)


def _over(upper: QWidget, lower: QWidget) -> QSplitter:
    """Two widgets with an edge between them that can be dragged; the upper takes the room."""
    splitter = QSplitter(Qt.Orientation.Vertical)
    splitter.setChildrenCollapsible(False)
    for widget in (upper, lower):
        splitter.addWidget(widget)
    splitter.setStretchFactor(0, 1)
    splitter.setStretchFactor(1, 0)
    return splitter


def _column(hero: QWidget, widgets: tuple[QWidget, ...]) -> QWidget:
    """Widgets one under the other; `hero`, one of them, takes the room."""
    host = QWidget()
    column = QVBoxLayout(host)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget, 1 if widget is hero else 0)
    return host
