"""The live search tree: a picture one can walk through while it grows.

The widget draws frame by frame into an image (`app.render.picture`) on the window's own thread: a frame costs a few
milliseconds whatever the tree's size, and after it there is always time for events. It draws only while something
moves.

Mouse: drag moves, the wheel zooms at the pointer (with Shift it moves up and down), a click selects, a double click
makes a node the root, the right button asks for a menu. Keys: the tree grows to the right, so Right goes to the best
child, Left to the parent, Up and Down to the visited nodes beside; with Shift the arrows mean what they mean in trees
that grow downwards (Up parent, Down best child). R root, Z all, C centre on the selection, W S nearer and farther, A D
left and right, L labels, Enter makes the selected node the root, Delete or H cuts it, Shift+Delete restores it, Escape
selects nothing.
"""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
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

from app.render.camera import FIT, Camera, centred, column_x, is_visible, kept_in_view, panned, zoomed
from app.render.legend import LegendRecord
from app.render.palette import make_palette
from app.render.scale import ValueScale
from app.render.warm import warming
from app.theme import DARK, GRID, PADDING, Theme, font
from app.widgets.tree_legend import TreeLegend
from app.widgets.tree_minimap import TreeMinimap, looking_at
from engine.tree.columns import NO_NODE, ROOT, SearchTree

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.render.lettering import Lettering
    from app.render.picture import TreePicture, Visible

FRAME_S, QUICK_FRAME_S = 1 / 30, 1 / 60
"""Time between frames while the tree grows, and while a person moves through it."""
EASE_S = 0.07
"""Time constant of all movement: after 0.2 s nothing visible is left of it."""
_QUICK_FOR_S = 0.4
_MINIMAP_EVERY_S = 0.4
_WAIT_FOR_KERNELS_MS = 40
_READABLE = 26.0
"""Height in pixels that a node gets when one goes to it."""


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
        self._labels: Callable[[int], str] = str
        self._seat, self._to_move, self._start_length = 0, 0, 0
        self._players: tuple[str, ...] = ()
        self._picture: TreePicture | None = None
        self._lettering: Lettering | None = None
        self._visible: Visible | None = None
        self._selected = self._hovered = NO_NODE
        self._pressed: QPointF | None = None
        self._is_dragging = False
        self._is_moving = self._has_labels = True
        self._is_absolute = self._is_stale = False
        self._last_frame_s = self._quick_until_s = self._minimap_s = 0.0
        self._legend, self._minimap = TreeLegend(self), TreeMinimap(self)
        self._minimap.moved.connect(self._look_at)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self.setMinimumSize(320, 240)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Search tree")
        self._describe()

    # -- what to show -----------------------------------------------------------------------------------------------

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
            labels: text of the action that led to a node.
            seat: the player whose view colours and values take, 0 = first player.
            to_move: the player who is to move at the root now.
            players: names by seat, for the legend.
        """
        self._tree, self._labels, self._seat, self._to_move, self._players = tree, labels, seat, to_move, players
        self._start_length = len(tree.line.actions) if tree is not None else 0
        self._selected = self._hovered = NO_NODE
        if self._picture is not None and self._lettering is not None:
            self._picture.show(tree, self._seat_sign())
            self._lettering.forget()
        self._renew()

    def tree_changed(self, mapping: "NDArray[np.int32] | None" = None) -> None:
        """The tree has grown, or was re-rooted with `mapping` from old nodes to new ones (-1 = gone)."""
        if mapping is not None:
            self._follow(mapping)
        self._renew()

    def show_selection(self, node: int) -> None:
        """Select a node, -1 for none, and go where it can be seen. Emits nothing."""
        if node != self._selected:
            self._selected = node
            if node >= 0:
                self._reveal(node, _READABLE * 0.6)
            self._quicken()

    def fit(self) -> None:
        """Show the whole tree."""
        self._aim(FIT)

    def centre(self, node: int) -> None:
        """Bring a node to the middle, large enough to be read."""
        if self._picture is not None and self._has_node(node):
            from app.render.walk import locate

            place, picture = locate(self._picture_tree(), node), self._picture
            self._aim(centred(picture.frame, *place, least=3.0 * _READABLE * picture.zoom, camera=picture.target))

    def zoom_by(self, factor: float) -> None:
        """That many times nearer, at the selected node where it is in the picture, else in the middle."""
        middle = QPointF(0.5 * self.width(), 0.5 * self._picture_height())
        self._zoom_at(factor, self.place_of(self._selected) or middle)

    def set_motion(self, moving: bool) -> None:
        """Let things move to their places (True) or put them there at once (False)."""
        self._is_moving = moving
        self._renew()

    def set_absolute_scale(self, absolute: bool) -> None:
        """Colours from -1 to +1 (True), or around the root's value on a scale that fits (False)."""
        self._is_absolute = absolute
        if self._picture is not None:
            self._picture.is_absolute = absolute
        self._renew()

    def set_labels_visible(self, visible: bool) -> None:
        """Draw labels or leave them out."""
        self._has_labels = visible
        self._renew()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and text sizes."""
        self._theme = theme
        self._legend.set_theme(theme)
        self._minimap.set_theme(theme)
        self._minimap_s = 0.0
        if self._picture is not None and self._lettering is not None:
            self._picture.palette = make_palette(theme)
            self._lettering.set_theme(theme, self._picture.zoom)
        self._arrange()
        self._renew()

    @property
    def selected(self) -> int:
        """The selected node, -1 for none."""
        return self._selected

    @property
    def tree(self) -> SearchTree | None:
        """The tree that is shown."""
        return self._tree

    @property
    def picture(self) -> "TreePicture | None":
        """The drawing of it; None until the kernels are ready."""
        return self._picture

    @property
    def is_busy(self) -> bool:
        """Whether a frame is due."""
        return self._is_stale

    @property
    def visible(self) -> "Visible | None":
        """What the last frame showed, or None before the first."""
        return self._visible

    def place_of(self, node: int) -> QPointF | None:
        """Where a node is drawn in this widget, or None where it is not."""
        picture = self._picture
        slot = picture.slot_of(node) if picture is not None else -1
        if picture is None or slot < 0:
            return None
        row = picture.slots[slot]
        return QPointF(float(row["x"]), float(row["y"])) / picture.zoom

    # -- frames -----------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        """A frame is due."""
        self._is_stale = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start(self._pause_ms())

    def _quicken(self) -> None:
        """A frame is due, and a person waits for it."""
        self._quick_until_s = time.perf_counter() + _QUICK_FOR_S
        self._is_stale = True
        if self.isVisible():
            self._timer.start(self._pause_ms())

    def _pause_ms(self) -> int:
        """Time until the next frame; no less than it takes to handle the events that came while the last was drawn."""
        now = time.perf_counter()
        every = QUICK_FRAME_S if now < self._quick_until_s else FRAME_S
        return max(1, math.ceil(1000.0 * (self._last_frame_s + every - now)))

    def _tick(self) -> None:
        if self._picture is None and not self._prepare():
            self._timer.start(_WAIT_FOR_KERNELS_MS)
            return
        self._draw()
        self.update()
        if self._is_stale:
            self._timer.start(self._pause_ms())

    def _prepare(self) -> bool:
        """Make the picture once the kernels are ready; whether there is one."""
        if not warming.is_ready:
            if warming.error is None:
                warming.start()
                self.update()
            return False
        from app.render.lettering import Lettering
        from app.render.picture import TreePicture

        self._picture, self._lettering = TreePicture(make_palette(self._theme)), Lettering(self._theme)
        self._picture.is_absolute = self._is_absolute
        self._picture.show(self._tree, self._seat_sign())
        return True

    def _draw(self) -> None:
        """Draw the next frame into the picture's image."""
        picture, lettering = self._picture, self._lettering
        assert picture is not None and lettering is not None
        began = time.perf_counter()
        ratio = self.devicePixelRatioF()
        size = (round(self.width() * ratio), round(self._picture_height() * ratio))
        if (picture.image.shape[1], picture.image.shape[0], picture.zoom) != (*size, ratio):
            if picture.zoom != ratio:
                lettering.set_theme(self._theme, ratio)
            picture.resize(*size, ratio)
        elapsed = min(0.1, began - self._last_frame_s)
        ease = 1.0 - math.exp(-elapsed / EASE_S) if self._is_moving else 1.0
        if self._is_stale:
            picture.refresh()
        self._visible = picture.draw(self._selected, ease=ease)
        lettering.letter(picture, self._labels if self._has_labels else None, self._selected, began)
        self._is_stale = self._visible.is_moving or lettering.is_late
        if not self._is_stale:
            self._describe()
        self._last_frame_s = time.perf_counter()
        self._update_legend(picture)
        self._update_minimap(picture)
        self.frame_drawn.emit(time.perf_counter() - began)

    def _update_legend(self, picture: "TreePicture") -> None:
        visible, tree = self._visible, self._tree
        assert visible is not None
        player = self._players[self._seat] if self._seat < len(self._players) else ""
        scale = ValueScale(round(picture.scale.middle, 2), round(picture.scale.reach, 2), picture.is_absolute)
        nodes = tree.num_nodes if tree is not None else 0
        self._legend.show_legend(
            LegendRecord(scale, player, nodes, visible.nodes, visible.shown, visible.folded, visible.outside)
        )

    def _update_minimap(self, picture: "TreePicture") -> None:
        """Only while a part of the tree is in the picture, and not at every frame."""
        shown = self._tree is not None and picture.num_slots > 0 and picture.target.zoom > 1.02
        now = time.perf_counter()
        if shown and (not self._minimap.isVisible() or now > self._minimap_s + _MINIMAP_EVERY_S):
            assert self._tree is not None
            self._minimap.show_tree(self._tree, self._seat_sign())
            self._minimap_s = time.perf_counter()
        self._minimap.setVisible(shown)
        if shown:
            self._minimap.show_view(picture.camera, picture.frame)

    def _seat_sign(self) -> int:
        """+1 where the player whose view is shown is to move at the root."""
        if self._tree is None or self._tree.num_players == 1:
            return 1
        played = len(self._tree.line.actions) - self._start_length
        return 1 if (self._to_move + played) % 2 == self._seat else -1

    def _follow(self, mapping: "NDArray[np.int32]") -> None:
        """A re-rooting: keep the selection, and let the new root's branches flow from where they were."""
        self._selected = int(mapping[self._selected]) if 0 <= self._selected < len(mapping) else NO_NODE
        self._hovered = NO_NODE
        picture, lettering = self._picture, self._lettering
        if picture is None or lettering is None:
            return
        kept = [slot for slot in range(picture.num_slots) if mapping[picture.slots["node"][slot]] == ROOT]
        start = FIT
        if kept and self._is_moving:
            row, frame = picture.slots[kept[0]], picture.frame
            span = frame.inner_height / max(1.0, float(row["bottom"] - row["top"]))
            start = Camera(0.0, (frame.top - float(row["top"])) / frame.inner_height * span, span)
            start = replace(start, x=column_x(0) - (float(row["x"]) - frame.left) / frame.column)
        picture.follow(mapping, self._seat_sign())
        picture.camera, picture.target = start, FIT
        lettering.forget()
        self._quicken()

    # -- looking around ---------------------------------------------------------------------------------------------

    def _aim(self, camera: Camera) -> None:
        if self._picture is not None:
            self._picture.target = camera
        self._quicken()

    def _look_at(self, x: float, y: float) -> None:
        """Bring a place of the tree to the middle: the minimap was dragged."""
        if self._picture is not None:
            camera = kept_in_view(looking_at(self._picture.target, self._picture.frame, x, y))
            self._picture.camera = self._picture.target = camera
            self._quicken()

    def _zoom_at(self, factor: float, point: QPointF) -> None:
        if self._picture is not None:
            x, y = point.x() * self._picture.zoom, point.y() * self._picture.zoom
            self._aim(zoomed(self._picture.target, self._picture.frame, factor, x, y))

    def _pan(self, dx: float, dy: float, *, at_once: bool = False) -> None:
        picture = self._picture
        if picture is not None:
            picture.target = panned(picture.target, picture.frame, dx * picture.zoom, dy * picture.zoom)
            if at_once:
                picture.camera = picture.target
            self._quicken()

    def _reveal(self, node: int, least: float) -> None:
        """Go to a node unless it can be seen already."""
        picture = self._picture
        if picture is None or not self._has_node(node):
            return
        from app.render.walk import locate

        place = locate(self._picture_tree(), node)
        if not is_visible(picture.target, picture.frame, *place, least=least * 0.25 * picture.zoom):
            self._aim(centred(picture.frame, *place, least=least * picture.zoom, camera=picture.target))

    def _picture_tree(self) -> SearchTree:
        assert self._tree is not None
        return self._tree

    def _has_node(self, node: int) -> bool:
        return self._tree is not None and 0 <= node < self._tree.num_nodes

    def _choose(self, node: int) -> None:
        """A person selects a node."""
        if node != self._selected:
            self._selected = node
            self._reveal(node, _READABLE)
            self._quicken()
            self.node_selected.emit(node)

    # -- events -----------------------------------------------------------------------------------------------------

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
        if not self._is_dragging and way.manhattanLength() < QApplication.startDragDistance():
            return
        self._is_dragging = True
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._pan(way.x(), way.y(), at_once=True)
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
        steps_up = event.angleDelta().y() / 120.0
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._pan(0.0, 60.0 * (steps_up or event.angleDelta().x() / 120.0))
        else:
            self._zoom_at(1.25**steps_up, event.position())
        event.accept()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        node = self._selected if by_key else self._node_at(QPointF(event.pos()))
        place = (self.place_of(node) if by_key else None) or QPointF(event.pos())
        self.context_requested.emit(node, self.mapToGlobal(place.toPoint()))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._set_hovered(NO_NODE, QPoint())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self._walk_by_key(event) or self._look_by_key(event) or self._act_by_key(event)):
            super().keyPressEvent(event)

    def _walk_by_key(self, event: QKeyEvent) -> bool:
        """Arrows and R: to another node."""
        key, tree = Qt.Key(event.key()), self._tree
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            key = _DOWNWARDS.get(key, key)
        if key not in (Qt.Key.Key_R, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down):
            return False
        if tree is None or not tree.num_nodes:
            return True
        from app.render import steps  # numba, which the window does not wait for

        node = self._selected
        if key == Qt.Key.Key_R or not self._has_node(node):
            chosen = ROOT
        elif key == Qt.Key.Key_Left:
            chosen = steps.parent(tree, node)
        elif key == Qt.Key.Key_Right:
            chosen = steps.best_child(tree, node)
        else:
            chosen = steps.sibling(tree, node, -1 if key == Qt.Key.Key_Up else 1)
        if chosen >= 0:
            self._choose(chosen)
        return True

    def _look_by_key(self, event: QKeyEvent) -> bool:
        """Z, C, WASD, plus and minus, L: to another part of the picture."""
        match Qt.Key(event.key()):
            case Qt.Key.Key_Z:
                self.fit()
            case Qt.Key.Key_C:
                self.centre(self._selected if self._selected >= 0 else ROOT)
            case Qt.Key.Key_W | Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_by(1.5)
            case Qt.Key.Key_S | Qt.Key.Key_Minus:
                self.zoom_by(1 / 1.5)
            case Qt.Key.Key_A:
                self._pan(0.12 * self.width(), 0.0)
            case Qt.Key.Key_D:
                self._pan(-0.12 * self.width(), 0.0)
            case Qt.Key.Key_PageUp:
                self._pan(0.0, 0.5 * self.height())
            case Qt.Key.Key_PageDown:
                self._pan(0.0, -0.5 * self.height())
            case Qt.Key.Key_L:
                self.set_labels_visible(not self._has_labels)
            case _:
                return False
        return True

    def _act_by_key(self, event: QKeyEvent) -> bool:
        """Escape, Enter, Delete and H: do something with the selected node."""
        node = self._selected
        match Qt.Key(event.key()):
            case Qt.Key.Key_Escape if node >= 0:
                self._choose(NO_NODE)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if node >= 0:
                self.node_activated.emit(node)
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace | Qt.Key.Key_H if node > ROOT:
                shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                (self.restore_requested if shifted else self.cut_requested).emit(node)
            case _:
                return False
        return True

    def _slot_at(self, point: QPointF) -> int:
        picture = self._picture
        return picture.slot_at(point.x() * picture.zoom, point.y() * picture.zoom) if picture is not None else -1

    def _node_at(self, point: QPointF) -> int:
        picture = self._picture
        if picture is None or point.y() >= self._picture_height():
            return NO_NODE
        return picture.node_at(point.x() * picture.zoom, point.y() * picture.zoom)

    def _hover(self, point: QPointF) -> None:
        """Tell which node is under the pointer, and what a fold holds."""
        from_here = self.mapToGlobal(point.toPoint())
        node = self._node_at(point)
        self._set_hovered(node, from_here)
        slot = self._slot_at(point) if node < 0 else -1
        if slot >= 0 and self._picture is not None:
            from app.render.picture import fold_text

            QToolTip.showText(from_here, fold_text(self._picture.slots[slot]), self)
        elif QToolTip.isVisible():
            QToolTip.hideText()

    def _set_hovered(self, node: int, point: QPoint) -> None:
        if node != self._hovered:
            self._hovered = node
            self.node_hovered.emit(node, point)
            self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        self._quicken()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._renew()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    # -- painting ---------------------------------------------------------------------------------------------------

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
        painter = QPainter(self)
        if self._picture is None and warming.is_ready:
            self._prepare()
        if self._picture is None:
            painter.fillRect(self.rect(), QColor(self._theme.background))
            self._paint_words(painter, *_waiting_words())
            return
        if self._is_stale and self._has_wrong_size():
            self._draw()
        height, width = self._picture.image.shape
        image = QImage(self._picture.image.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self._picture.zoom)
        painter.drawImage(QPointF(0.0, 0.0), image)
        if self._tree is None or not self._tree.num_nodes:
            self._paint_words(painter, "Press Space to start the search", "Gold: what intuition would try first.")
        elif self._hovered >= 0:
            self._paint_hovered(painter)
        painter.end()

    def _has_wrong_size(self) -> bool:
        assert self._picture is not None
        ratio = self.devicePixelRatioF()
        shape = (round(self._picture_height() * ratio), round(self.width() * ratio))
        return self._picture.image.shape != shape or self._visible is None

    def _paint_hovered(self, painter: QPainter) -> None:
        """A fine ring around the node under the pointer."""
        picture = self._picture
        place = self.place_of(self._hovered)
        if picture is None or place is None:
            return
        radius = float(picture.slots["radius"][picture.slot_of(self._hovered)]) / picture.zoom + 4.0
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

    def _describe(self) -> None:
        visits = int(self._tree.stats["visits"][ROOT]) if self._tree is not None and self._tree.num_nodes else 0
        self.setAccessibleDescription(
            f"A tree of {visits:,} visits. The tree grows to the right. Right: best child. Left: parent. Up, Down: nodes beside. R: root. Z: all. "
            "C: centre. Enter: make root. Delete: cut. Shift+Delete: restore. Escape: nothing selected."
        )


_DOWNWARDS: dict[Any, Qt.Key] = {
    Qt.Key.Key_Up: Qt.Key.Key_Left,
    Qt.Key.Key_Down: Qt.Key.Key_Right,
    Qt.Key.Key_Left: Qt.Key.Key_Up,
    Qt.Key.Key_Right: Qt.Key.Key_Down,
}
"""Arrows with Shift, as in trees that grow downwards."""


def _waiting_words() -> tuple[str, str]:
    """What is said while nothing can be drawn."""
    if warming.error is not None:
        return "The tree cannot be drawn", f"{type(warming.error).__name__}: {warming.error}"
    return "Warming the drawing kernels ...", "The first time this takes some seconds."
