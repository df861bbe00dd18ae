"""The live search tree: a picture one can walk through while it grows.

Mouse: drag moves, the wheel zooms at the pointer (with Shift it moves up and down), a click selects, a double click
makes a node the root, the right button asks for a menu. Keys are in `app.widgets.tree_keys`.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget
from typing_extensions import override

from app.render.camera import FIT
from app.render.legend import LegendRecord
from app.render.scale import ValueScale
from app.render.warm import warming
from app.theme import DARK, GRID, PADDING, Theme, font
from app.widgets.tree_frames import TreeFrames, Viewpoint
from app.widgets.tree_keys import WALKS, Deed, deed_of
from app.widgets.tree_legend import TreeLegend
from app.widgets.tree_look import TreeLook
from app.widgets.tree_minimap import TreeMinimap
from engine.tree.columns import NO_NODE, ROOT, SearchTree

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.render.picture import TreePicture, Visible

_LEGEND_EVERY_S, _MINIMAP_EVERY_S = 0.16, 0.4
"""Its figures tick slowly enough to be read; the minimap changes little."""
_READABLE = 26.0
"""Height in pixels that a node gets when one goes to it."""


_PROMPT = "Press Space to start the search"


class TreeCanvas(QWidget):
    """The tree picture with its legend and minimap.

    Signals:
        node_selected(int): a click or key chose a node; -1 = none.
        node_activated(int): double click or Enter: make it the root.
        node_hovered(int, QPoint): the pointer is over a node, global position; -1 = over none.
        cut_requested(int), restore_requested(int): prune the branch of a node, or bring it back.
        context_requested(int, QPoint): right click, node or -1, global position.
        frame_drawn(float): a frame was drawn, in that many seconds.
    """

    node_selected = Signal(int)
    node_activated = Signal(int)
    node_hovered = Signal(int, QPoint)
    cut_requested = Signal(int)
    restore_requested = Signal(int)
    context_requested = Signal(int, QPoint)
    frame_drawn = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._tree: SearchTree | None = None
        self._prompt = ""
        self._hovered = NO_NODE
        self._pressed: QPointF | None = None
        self._is_dragging = False
        self._legend_s = self._minimap_s = 0.0
        self._legend, self._minimap = TreeLegend(self), TreeMinimap(self)
        self._frames = TreeFrames(self, lambda: (self.width(), self._picture_height()))
        self._look = TreeLook(self._frames)
        self._minimap.moved.connect(self._look.look_at)
        self._frames.drawn.connect(self._after_frame)
        self._frames.waiting.connect(self.update)
        self.setMinimumSize(320, 240)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Search tree")
        self._describe()

    # -- what to show -----------------------------------------------------------------------------------------------

    def show_prompt(self, text: str) -> None:
        """What is said while there is no tree; "" = how to start one."""
        if text != self._prompt:
            self._prompt = text
            self.update()

    def show_tree(
        self,
        tree: SearchTree | None,
        labels: Callable[[int], str],
        seat: int,
        *,
        to_move: int = 0,
        players: tuple[str, ...] = (),
    ) -> None:
        """Show another search from the beginning.

        Args:
            tree: None = nothing is searched yet. It may grow in place; `tree_changed` says when it did.
            labels: text of the action that led to a node, "" for the root.
            seat: the player whose view colours and values take, 0 = first player.
            to_move: the player who is to move at the root now. After re-rootings the canvas reckons on by itself.
            players: names by seat, for the legend.
        """
        self._tree, self._hovered = tree, NO_NODE
        length = len(tree.line.actions) if tree is not None else 0
        self._frames.show(tree, labels, Viewpoint(seat, to_move, length, players))

    def show_moment(self, tree: SearchTree) -> None:
        """Show the same search at another moment: nodes keep their numbers, and there are more or fewer of them."""
        self._tree = tree
        if self._hovered >= tree.num_nodes:
            self._hovered = NO_NODE
        self._frames.turn_to(tree)

    def tree_changed(self, mapping: "NDArray[np.int32] | None" = None) -> None:
        """The tree has grown, or was re-rooted with `mapping` from old nodes to new ones (-1 = gone)."""
        if mapping is not None:
            self._hovered = NO_NODE
            self._frames.follow(mapping)
        self._frames.renew()

    def show_selection(self, node: int) -> None:
        """Select a node, -1 for none, and go where it can be seen. Emits nothing."""
        if node != self.selected:
            self._frames.selected = node
            self._look.go_to(self._tree, node, 0.6 * _READABLE, unless=0.15 * _READABLE)
            self._frames.quicken()

    def fit(self) -> None:
        """Show the whole tree."""
        self._frames.aim(FIT)

    def centre(self, node: int) -> None:
        """Bring a node to the middle, large enough to be read."""
        self._look.go_to(self._tree, node, 3.0 * _READABLE)

    def zoom_by(self, factor: float) -> None:
        """That many times nearer, at the selected node where it is in the picture, else in the middle."""
        middle = QPointF(0.5 * self.width(), 0.5 * self._picture_height())
        self._look.zoom_at(factor, self.place_of(self.selected) or middle)

    def set_motion(self, moving: bool) -> None:
        """Let things move to their places (True) or put them there at once (False)."""
        self._frames.is_moving = moving
        self._frames.renew()

    def set_absolute_scale(self, absolute: bool) -> None:
        """Colours from -1 to +1 (True), or around the root's value on a scale that fits (False)."""
        self._frames.set_absolute_scale(absolute)

    def set_labels_visible(self, visible: bool) -> None:
        """Draw labels or leave them out."""
        self._frames.has_labels = visible
        self._frames.renew()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and text sizes."""
        self._theme = theme
        self._legend.set_theme(theme)
        self._minimap.set_theme(theme)
        self._minimap_s = 0.0
        self._frames.set_theme(theme)
        self._arrange()

    @property
    def tree(self) -> SearchTree | None:
        """The tree that is shown."""
        return self._tree

    @property
    def selected(self) -> int:
        """The selected node, -1 for none."""
        return self._frames.selected

    @property
    def picture(self) -> "TreePicture | None":
        """The drawing; None until the kernels are ready."""
        return self._frames.picture

    @property
    def visible(self) -> "Visible | None":
        """What the last frame showed, or None before the first."""
        return self._frames.visible

    @property
    def is_busy(self) -> bool:
        """Whether a frame is due."""
        return self._frames.is_due

    def place_of(self, node: int) -> QPointF | None:
        """Where a node is drawn in this widget, or None where it is not."""
        return self._look.place_of(node)

    # -- after a frame ----------------------------------------------------------------------------------------------

    def _after_frame(self, spent_s: float) -> None:
        picture, visible = self.picture, self.visible
        assert picture is not None
        assert visible is not None
        if not self.is_busy or time.perf_counter() > self._legend_s + _LEGEND_EVERY_S:
            self._legend.show_legend(self._legend_record(picture, visible))
            self._legend_s = time.perf_counter()
        self._update_minimap(picture)
        if not self.is_busy:
            self._describe()
        self.update(0, 0, self.width(), self._picture_height())
        self.frame_drawn.emit(spent_s)

    def _legend_record(self, picture: "TreePicture", visible: "Visible") -> LegendRecord:
        scale = ValueScale(round(picture.scale.middle, 2), round(picture.scale.reach, 2), picture.is_absolute)
        nodes = self._tree.num_nodes if self._tree is not None else 0
        counts = (visible.nodes, visible.shown, visible.folded, visible.outside)
        return LegendRecord(scale, self._frames.view.player, nodes, *counts)

    def _update_minimap(self, picture: "TreePicture") -> None:
        """Only while a part of the tree is in the picture, and not at every frame."""
        shown = picture.num_slots > 0 and picture.target.zoom > 1.02
        if shown and time.perf_counter() > self._minimap_s + _MINIMAP_EVERY_S:
            assert self._tree is not None
            self._minimap.show_tree(self._tree, self._frames.view.sign(self._tree))
            self._minimap_s = time.perf_counter()
        self._minimap.setVisible(shown)
        if shown:
            self._minimap.show_view(picture.camera, picture.frame)

    def _describe(self) -> None:
        """What is said to those who do not see it; the legend says the rest."""
        visits = int(self._tree.stats["visits"][ROOT]) if self._tree is not None and self._tree.num_nodes else 0
        self.setAccessibleDescription(
            f"A tree of {visits:,} visits that grows to the right. Right: best child. Left: parent. Up and Down: nodes "
            "beside. R: root. Z: all. C: centre. Enter: make root. Delete: cut. Shift+Delete: restore. "
            "Menu: more. Escape: none."
        )

    # -- choosing nodes ---------------------------------------------------------------------------------------------

    def _choose(self, node: int) -> None:
        """A person selects a node."""
        if node != self.selected:
            self._frames.selected = node
            self._look.go_to(self._tree, node, _READABLE, unless=0.25 * _READABLE)
            self._frames.quicken()
            self.node_selected.emit(node)

    # -- keys -------------------------------------------------------------------------------------------------------

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = deed_of(event)
        if deed is None:
            super().keyPressEvent(event)
        elif deed in WALKS:
            self._walk(deed)
        elif not self._look_by(deed):
            self._act(deed)

    def _walk(self, deed: Deed) -> None:
        """To another node; from nowhere to the root."""
        tree, node = self._tree, self.selected
        if tree is None or not tree.num_nodes:
            return
        from app.render import steps  # numba, which the window does not wait for

        if deed is Deed.ROOT or not 0 <= node < tree.num_nodes:
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
            self._look.pan(way.x(), way.y(), at_once=True)
            self._pressed = point

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._is_dragging and event.button() == Qt.MouseButton.LeftButton:
            self._choose(self._node_at(event.position()))
        self._pressed, self._is_dragging = None, False
        self.unsetCursor()

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

    # -- the widget -------------------------------------------------------------------------------------------------

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        self._frames.quicken()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._frames.renew()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._frames.stop()

    def _picture_height(self) -> int:
        return max(1, self.height() - self._legend.height())

    def _arrange(self) -> None:
        """Legend below, minimap in the lower right corner above it."""
        height = self._legend.heightForWidth(self.width())
        self._legend.setGeometry(0, self.height() - height, self.width(), height)
        corner = QPoint(self.width() - self._minimap.width() - PADDING, self._picture_height() - PADDING)
        self._minimap.move(corner - QPoint(0, self._minimap.height()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        self._frames.catch_up()
        painter, picture = QPainter(self), self.picture
        if picture is None:
            painter.fillRect(self.rect(), QColor(self._theme.background))
            self._paint_words(painter, *_waiting_words())
            return
        height, width = picture.image.shape
        image = QImage(picture.image.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(picture.zoom)
        painter.drawImage(QPointF(0.0, 0.0), image)
        if self._tree is None or not self._tree.num_nodes:
            self._paint_words(painter, self._prompt or _PROMPT, "Gold: what intuition would try first.")
        elif self._hovered >= 0:
            self._paint_hovered(painter)
        painter.end()

    def _paint_hovered(self, painter: QPainter) -> None:
        """A fine ring around the node under the pointer."""
        place = self.place_of(self._hovered)
        if place is not None:
            radius = self._look.radius_of(self._hovered) + 4.0
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.attention), 1.5))
            painter.drawEllipse(place, radius, radius)

    def _paint_words(self, painter: QPainter, headline: str, hint: str) -> None:
        """Words in the middle, where there is nothing else to see."""
        middle = QRectF(0.0, 0.45 * self._picture_height(), self.width(), 3.0 * self._theme.title)
        painter.setPen(QColor(self._theme.text))
        painter.setFont(font(self._theme.large))
        painter.drawText(middle, Qt.AlignmentFlag.AlignHCenter, headline)
        painter.setPen(QColor(self._theme.quiet))
        painter.setFont(font(self._theme.body))
        painter.drawText(middle.translated(0.0, self._theme.large + GRID), Qt.AlignmentFlag.AlignHCenter, hint)


def _waiting_words() -> tuple[str, str]:
    """What is said while nothing can be drawn."""
    if warming.error is not None:
        return "The tree cannot be drawn", f"{type(warming.error).__name__}: {warming.error}"
    return "Warming the drawing kernels ...", "The first time this takes some seconds."
