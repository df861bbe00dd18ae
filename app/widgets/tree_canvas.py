"""The live search tree: a picture one can walk through while it grows.

Mouse: drag moves, the wheel zooms at the pointer (with Shift it moves up and down), a click selects or opens a fold, a
double click makes a node the root, the right button asks for a menu. Keys are in `app.widgets.tree_keys`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from typing_extensions import override

from app.render.folding import NO_FOLDS, FoldRules
from app.render.views import View
from app.theme import PADDING
from app.widgets.amount_popup import Amount, AmountPopup
from app.widgets.tree_keys import WALKS, Deed, deed_of
from app.widgets.tree_stage import READABLE, TreeStage
from app.widgets.tree_visits import VisitedNodes
from engine.tree.columns import NO_NODE, ROOT, SearchTree

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FOLD_ZOOM = 4.0
"""A click on branches that are only too small to be drawn goes that much nearer."""


class TreeCanvas(TreeStage):
    """The tree picture, taken hold of.

    Signals:
        node_selected(int): a click or key chose a node; -1 = none.
        node_activated(int): double click or Enter: make it the root.
        node_hovered(int, QPoint): the pointer is over a node, global position; -1 = over none.
        cut_requested(int), restore_requested(int): prune the branch of a node, or bring it back.
        context_requested(int, QPoint): right click, node or -1, global position.
        refolded(FoldRules, FoldRules): a person folded or opened branches: the folds before, and after.
        next_requested(): go to the next node that is worth a look.
    """

    node_selected = Signal(int)
    node_activated = Signal(int)
    node_hovered = Signal(int, QPoint)
    cut_requested = Signal(int)
    restore_requested = Signal(int)
    context_requested = Signal(int, QPoint)
    refolded = Signal(object, object)
    next_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visits = VisitedNodes()
        self._pressed: QPointF | None = None
        self._is_dragging = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # -- what is shown ----------------------------------------------------------------------------------------------

    @override
    def show_tree(
        self,
        tree: SearchTree | None,
        labels: Callable[[int], str],
        seat: int,
        *,
        to_move: int = 0,
        players: tuple[str, ...] = (),
        layout: "NDArray[Any] | None" = None,
    ) -> None:
        self._visits.clear()
        super().show_tree(tree, labels, seat, to_move=to_move, players=players, layout=layout)

    @override
    def tree_changed(self, mapping: "NDArray[np.int32] | None" = None) -> None:
        if mapping is not None:
            self._visits.follow(mapping)
        super().tree_changed(mapping)

    @override
    def show_moment(
        self,
        tree: SearchTree,
        mapping: "NDArray[np.int32] | None" = None,
        layout: "NDArray[Any] | None" = None,
    ) -> None:
        if mapping is not None:
            self._visits.follow(mapping)
        super().show_moment(tree, mapping, layout)

    @override
    def show_selection(self, node: int) -> None:
        self._visits.visit(node)
        super().show_selection(node)

    # -- folds ------------------------------------------------------------------------------------------------------

    def toggle_fold(self, node: int) -> None:
        """Fold what is below a node, or open it."""
        picture, tree = self.picture, self.tree
        if picture is not None and tree is not None and 0 <= node < tree.num_nodes:
            self._refold(picture.toggled(node))

    def is_folded(self, node: int) -> bool:
        """Whether a person or a rule folded what is below a node."""
        picture, tree = self.picture, self.tree
        return picture is not None and tree is not None and 0 <= node < tree.num_nodes and picture.is_folded(node)

    def fold_pruned(self, folded: bool) -> None:
        """Fold what is below every pruned branch, or open it."""
        self._refold(replace(self.folding, pruned=folded, opened=frozenset()))

    def fold_below(self, visits: int) -> None:
        """Fold branches of fewer visits together; 0 = none."""
        self._refold(replace(self.folding, below=max(0, visits)))

    def ask_fold_below(self) -> None:
        """Ask for the number of visits under which branches are folded."""
        amount = Amount(
            "Fold branches of few visits", "Fold", low=0.0, high=1e9, start=float(self.folding.below or 100), step=10.0,
            digits=0, unit=" visits", meaning=_fold_sentence,
        )  # fmt: skip
        popup = AmountPopup(amount, self)
        popup.chosen.connect(lambda visits: self.fold_below(round(visits)))
        popup.open_at(self.mapToGlobal(QPoint(PADDING, PADDING)))

    def unfold_all(self) -> None:
        """Open everything that was folded by hand or by a rule."""
        self._refold(NO_FOLDS)

    def _refold(self, rules: FoldRules) -> None:
        """A person folds something else."""
        before = self.folding
        if rules != before:
            self.set_folding(rules)
            self.refolded.emit(before, rules)

    def step_view(self, step: int) -> None:
        """To the next view (+1) or the one before (-1)."""
        views = list(View)
        self.set_view(views[(views.index(self.view) + step) % len(views)])

    # -- choosing nodes ---------------------------------------------------------------------------------------------

    def _choose(self, node: int) -> None:
        """A person selects a node."""
        if node != self.selected:
            self._visits.visit(node)
            self._frames.selected = node
            self._look.go_to(self._tree, node, READABLE, unless=0.25 * READABLE)
            self._frames.quicken()
            self.node_selected.emit(node)

    # -- keys -------------------------------------------------------------------------------------------------------

    @override
    def event(self, event: QEvent) -> bool:
        # Its own keys come before those of the window, while it has the focus.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and deed_of(event) is not None:
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = deed_of(event)
        if deed is None:
            super().keyPressEvent(event)
        elif deed in WALKS:
            self._walk(deed)
        elif not self._look_by(deed) and not self._arrange_by(deed):
            self._act(deed)

    def _walk(self, deed: Deed) -> None:
        """To another node; from nowhere to the root."""
        tree, node = self._tree, self.selected
        if tree is None or not tree.num_nodes:
            return
        from app.render import steps  # numba, which the window does not wait for

        if deed in (Deed.BACK, Deed.FORWARD):
            chosen = self._visits.step(-1 if deed is Deed.BACK else 1, tree.num_nodes)
        elif deed is Deed.ROOT or not 0 <= node < tree.num_nodes:
            chosen = ROOT
        elif deed is Deed.PARENT:
            chosen = steps.parent(tree, node)
        elif deed is Deed.BEST_CHILD:
            chosen = steps.best_child(tree, node)
        else:
            chosen = steps.sibling(tree, node, -1 if deed is Deed.ABOVE else 1)
        if chosen >= 0:
            self._choose(chosen)

    def _look_by(self, deed: Deed) -> bool:
        """To another part of the picture; whether that was asked for."""
        shifts = {
            Deed.GO_LEFT: (0.12, 0.0),
            Deed.GO_RIGHT: (-0.12, 0.0),
            Deed.GO_UP: (0.0, 0.5),
            Deed.GO_DOWN: (0.0, -0.5),
        }
        if deed in shifts:
            dx, dy = shifts[deed]
            self._look.pan(dx * self.width(), dy * self.height())
        elif deed is Deed.FIT:
            self.fit()
        elif deed is Deed.CENTRE:
            self.centre(self.selected if self.selected >= 0 else ROOT)
        elif deed in (Deed.NEARER, Deed.FARTHER):
            self.zoom_by(1.5 if deed is Deed.NEARER else 1 / 1.5)
        elif deed is Deed.LABELS:
            self.set_labels_visible(not self._frames.has_labels)
        else:
            return False
        return True

    def _arrange_by(self, deed: Deed) -> bool:
        """Draw the tree otherwise; whether that was asked for."""
        if deed is Deed.FOLD:
            self.toggle_fold(self.selected)
        elif deed is Deed.FOLD_PRUNED:
            self.fold_pruned(not self.folding.pruned)
        elif deed is Deed.UNFOLD:
            self.unfold_all()
        elif deed in (Deed.NEXT_VIEW, Deed.VIEW_BEFORE):
            self.step_view(1 if deed is Deed.NEXT_VIEW else -1)
        elif deed is Deed.NEXT:
            self.next_requested.emit()
        else:
            return False
        return True

    def _act(self, deed: Deed) -> None:
        """Ask for something to be done with the selected node."""
        node = self.selected
        if node < 0:
            return
        if deed is Deed.UNSELECT:
            self._choose(NO_NODE)
        elif deed is Deed.ACTIVATE:
            self.node_activated.emit(node)
        elif node != ROOT:
            (self.cut_requested if deed is Deed.CUT else self.restore_requested).emit(node)

    # -- mouse ------------------------------------------------------------------------------------------------------

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed, self._is_dragging = event.position(), False

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        if self._pressed is None:
            self._hover(point)
            return
        way = point - self._pressed
        if self._is_dragging or way.manhattanLength() >= QApplication.startDragDistance():
            self._is_dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._look.drag(self._pressed, point)
            self._pressed = point

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._is_dragging and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())
        self._pressed, self._is_dragging = None, False
        self.unsetCursor()

    def _click(self, point: QPointF) -> None:
        """Select the node there; open the fold there; select nothing where there is nothing."""
        node, closed = self._node_at(point), self._look.closed_at(point)
        if node < 0 and closed >= 0:
            self.toggle_fold(closed)
        elif node < 0 and self._look.fold_at(point):
            self._look.zoom_at(_FOLD_ZOOM, point)
        else:
            self._choose(node)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        node = self._node_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and node >= 0:
            self.node_activated.emit(node)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        turn = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._look.pan(0.0, 0.5 * (turn.y() or turn.x()))
        else:
            self._look.zoom_at(1.25 ** (turn.y() / 120.0), event.position())
        event.accept()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        node = self.selected if by_key else self._node_at(QPointF(event.pos()))
        place = (self.place_of(node) if by_key else None) or QPointF(event.pos())
        self.context_requested.emit(node, self.mapToGlobal(place.toPoint()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(NO_NODE, QPoint())

    def _node_at(self, point: QPointF) -> int:
        return self._look.node_at(point) if point.y() < self._picture_height() else NO_NODE

    def _hover(self, point: QPointF) -> None:
        """Tell which node is under the pointer, or what a fold under it holds."""
        node, on_screen = self._node_at(point), self.mapToGlobal(point.toPoint())
        self._set_hovered(node, on_screen)
        QToolTip.showText(on_screen, self._look.fold_at(point) if node < 0 else "", self)

    def _set_hovered(self, node: int, point: QPoint) -> None:
        if node != self._hovered:
            self._hovered = node
            self.node_hovered.emit(node, point)
            self.update()


def _fold_sentence(visits: float) -> str:
    if visits < 1.0:
        return "Every branch that has room is drawn."
    return f"Branches of fewer than {visits:,.0f} visits are folded together; their visits stay in the count."
