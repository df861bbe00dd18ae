"""When a frame of the tree picture is drawn, and with what: the clock behind the canvas.

Frames are drawn on the window's own thread (`app.render.picture` says why that is cheap enough), only while something
moves: up to thirty a second while a tree grows, up to sixty while a person moves through it.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.lights import Lights
from app.render.camera import FIT, Camera
from app.render.folding import NO_FOLDS, FoldRules, followed
from app.render.palette import make_palette
from app.render.views import View
from app.render.warm import warming
from app.theme import DARK, Theme
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
_WAIT_FOR_KERNELS_MS = 40


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Whose view colours and values take.

    Attributes:
        seat: that player, 0 = first. to_move: who was to move at the root of a line of `length` actions.
        players: names by seat.
    """

    seat: int = 0
    to_move: int = 0
    length: int = 0
    players: tuple[str, ...] = ()

    def sign(self, tree: SearchTree | None) -> int:
        """+1 where the player whose view is shown is to move at the root now, else -1."""
        if tree is None or tree.num_players == 1:
            return 1
        return 1 if (self.to_move + len(tree.line.actions) - self.length) % 2 == self.seat else -1

    @property
    def player(self) -> str:
        """The player's name, or ""."""
        return self.players[self.seat] if self.seat < len(self.players) else ""


class TreeFrames(QObject):
    """Draws the frames of one canvas.

    Attributes:
        picture: the drawing, None until the kernels are ready. visible: what the last frame showed, None before it.
        is_due: a frame is due. selected: the node with the ring.
        is_moving: things go to their places (True) or are put there at once (False).
        drawing: which of the views is drawn. folding: what is folded.

    Signals:
        drawn(float): a frame was drawn, in that many seconds.
        aimed(Camera): a person moved the camera; this is where it goes.
        waiting(): nothing can be drawn yet; it is said again when that changes.
    """

    drawn = Signal(float)
    aimed = Signal(object)
    waiting = Signal()

    def __init__(
        self, host: QWidget, size: Callable[[], tuple[int, int]], covered: Callable[[], list[QRect]] = list
    ) -> None:
        """Frames for `host`, of a `size` in its own pixels; no label stands where something is `covered`."""
        super().__init__(host)
        self._host, self._size, self._covered = host, size, covered
        self._theme = DARK
        self._tree: SearchTree | None = None
        self._labels: Callable[[int], str] = str
        self.view = Viewpoint()
        self.picture: TreePicture | None = None
        self._lettering: Lettering | None = None
        self.visible: Visible | None = None
        self.selected = NO_NODE
        self.drawing, self.folding = View.LINK, NO_FOLDS
        self._marks: NDArray[np.uint8] | None = None
        self._tint: tuple[NDArray[Any], str, float, float] | None = None
        self._lights: Lights | None = None
        self._room: NDArray[Any] | None = None
        self.is_due = self._is_absolute = False
        self.is_moving = self.has_labels = True
        self._last_s = self._quick_until_s = 0.0
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def show(
        self,
        tree: SearchTree | None,
        labels: Callable[[int], str],
        view: Viewpoint,
        layout: "NDArray[Any] | None" = None,
    ) -> None:
        """Draw another tree from now on; `layout`: visits that give room instead of its own."""
        self._tree, self._labels, self.view, self.selected = tree, labels, view, NO_NODE
        self._marks, self._tint, self._lights, self._room = None, None, None, layout
        self.folding = replace(self.folding, by_hand=frozenset(), opened=frozenset())
        if self.picture is not None and self._lettering is not None:
            self.picture.show(tree, view.sign(tree), layout)
            self._lettering.forget()
        self.renew()

    def set_view(self, drawing: View) -> None:
        """Draw the tree in another way."""
        self.drawing = drawing
        if warming.is_whole:
            self._turn(drawing)
        self.quicken()

    def _turn(self, drawing: View) -> None:
        if self.picture is not None and self._lettering is not None and self.picture.view is not drawing:
            self.picture.set_view(drawing)
            self._lettering.forget()

    def set_folding(self, rules: FoldRules) -> None:
        """Fold other branches."""
        self.folding = rules
        if self.picture is not None:
            self.picture.set_folding(rules)
        self.quicken()

    def set_marks(self, marks: "NDArray[np.uint8] | None") -> None:
        """Mark other nodes."""
        self._marks = marks
        if self.picture is not None:
            self.picture.set_marks(marks)
        self.renew()

    def set_tint(self, values: "NDArray[Any] | None", name: str, low: float, high: float) -> None:
        """Colour nodes by other values."""
        self._tint = None if values is None else (values, name, low, high)
        if self.picture is not None:
            self.picture.set_tint(values, name, low, high)
        self.renew()

    def set_lights(self, lights: Lights | None) -> None:
        """Light up another moment of a simulation."""
        self._lights = lights
        if self.picture is not None:
            self.picture.set_lights(self._shown_lights())
        self.quicken()

    def _shown_lights(self) -> Lights | None:
        """Where nothing may move, a phase is shown whole."""
        return self._lights if self.is_moving or self._lights is None else replace(self._lights, progress=1.0)

    def turn_to(
        self,
        tree: SearchTree,
        mapping: "NDArray[np.int32] | None" = None,
        layout: "NDArray[Any] | None" = None,
    ) -> None:
        """Draw the same search at another moment; see `app.render.picture.TreePicture.turn_to`."""
        self._tree, self._room = tree, layout
        if mapping is not None:
            self.selected = int(mapping[self.selected]) if 0 <= self.selected < len(mapping) else NO_NODE
            self.folding = followed(self.folding, mapping)
            if self._lettering is not None:
                self._lettering.follow(mapping)
        if self.picture is not None:
            self.picture.turn_to(tree, mapping, layout)
        self.quicken()

    def follow(self, mapping: "NDArray[np.int32]") -> None:
        """Nodes were renumbered. Where the root is another one, its branches flow from where they were."""
        self.selected = int(mapping[self.selected]) if 0 <= self.selected < len(mapping) else NO_NODE
        self.folding = followed(self.folding, mapping)
        if self.picture is None:
            self._marks = self._tint = None
        picture, lettering = self.picture, self._lettering
        if picture is None or lettering is None:
            return
        if len(mapping) and mapping[ROOT] == ROOT:  # room was made: all that is left stays where it is
            picture.follow(mapping, self.view.sign(self._tree))
            lettering.follow(mapping)
            return
        kept = [slot for slot in range(picture.num_slots) if mapping[picture.slots["node"][slot]] == ROOT]
        # On rings the new root would not fly straight.
        flies = kept and self.is_moving and self.drawing is not View.RADIAL
        start = _looking_from(picture, kept[0]) if flies else FIT
        picture.follow(mapping, self.view.sign(self._tree))
        picture.camera, picture.target = start, FIT
        lettering.forget()
        self.quicken()

    def aim(self, camera: Camera, *, at_once: bool = False, is_told: bool = True) -> None:
        """Let the camera fly, or jump, to another place; `is_told`: say so by `aimed`."""
        if self.picture is not None:
            if is_told and camera != self.picture.target:
                self.aimed.emit(camera)
            self.picture.target = camera
            if at_once:
                self.picture.camera = camera
        self.quicken()

    def set_absolute_scale(self, absolute: bool) -> None:
        """Colours from -1 to +1, or on a scale that fits."""
        self._is_absolute = absolute
        if self.picture is not None:
            self.picture.is_absolute = absolute
        self.renew()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and text sizes."""
        self._theme = theme
        if self.picture is not None and self._lettering is not None:
            self.picture.palette = make_palette(theme)
            self._lettering.set_theme(theme, self.picture.zoom)
        self.renew()

    def renew(self) -> None:
        """A frame is due."""
        self.is_due = True
        if self._host.isVisible() and not self._timer.isActive():
            self._timer.start(self._pause_ms())

    def quicken(self) -> None:
        """A frame is due, and a person waits for it."""
        self._quick_until_s = time.perf_counter() + _QUICK_FOR_S
        self.is_due = True
        if self._host.isVisible():
            self._timer.start(self._pause_ms())

    def stop(self) -> None:
        """The canvas is hidden: draw nothing."""
        self._timer.stop()

    def catch_up(self) -> None:
        """Draw at once where the picture on hand has another size than the canvas, or there is none."""
        if self.picture is None:
            self._prepare()
        if self.picture is not None and (self.visible is None or self._has_wrong_size(self.picture)):
            self._draw(self.picture)

    def _tick(self) -> None:
        if self.picture is None and not self._prepare():
            self._timer.start(_WAIT_FOR_KERNELS_MS)
            return
        assert self.picture is not None
        if self.picture.view is not self.drawing:  # its kernels were not ready when it was asked for
            if warming.is_whole:
                self._turn(self.drawing)
            else:
                self._timer.start(_WAIT_FOR_KERNELS_MS)
                return
        self._draw(self.picture)
        if self.is_due:
            self._timer.start(self._pause_ms())

    def _pause_ms(self) -> int:
        """Time until the next frame; events that came meanwhile are always handled first."""
        now = time.perf_counter()
        every = QUICK_FRAME_S if now < self._quick_until_s else FRAME_S
        return max(1, math.ceil(1000.0 * (self._last_s + every - now)))

    def _prepare(self) -> bool:
        """Make the picture once the kernels are ready; whether there is one."""
        if not warming.is_ready:
            warming.start()
            self.waiting.emit()
            return False
        from app.render.lettering import Lettering  # numba, which the window does not wait for
        from app.render.picture import TreePicture

        self.picture, self._lettering = TreePicture(make_palette(self._theme)), Lettering(self._theme)
        self.picture.is_absolute = self._is_absolute
        self._dress(self.picture)
        return True

    def _dress(self, picture: "TreePicture") -> None:
        """Show in a new picture all that was asked for before there was one."""
        picture.show(self._tree, self.view.sign(self._tree), self._room)
        if warming.is_whole:
            picture.set_view(self.drawing)
        picture.set_folding(self.folding)
        picture.set_marks(self._marks)
        if self._tint is not None:
            picture.set_tint(*self._tint)
        picture.set_lights(self._shown_lights())

    def _draw(self, picture: "TreePicture") -> None:
        lettering = self._lettering
        assert lettering is not None
        began = time.perf_counter()
        if self._has_wrong_size(picture):
            (width, height), ratio = self._size(), self._host.devicePixelRatioF()
            if picture.zoom != ratio:
                lettering.set_theme(self._theme, ratio)
            picture.resize(round(width * ratio), round(height * ratio), ratio)
        if self.is_due:
            picture.refresh()
        passed = min(0.1, began - self._last_s)
        ease = 1.0 - math.exp(-passed / EASE_S) if self.is_moving else 1.0
        self.visible = picture.draw(self.selected, ease=ease)
        names = self._labels if self.has_labels else None
        covered = [(box.x(), box.y(), box.width(), box.height()) for box in self._covered()]
        lettering.letter(picture, names, self.selected, began, covered)
        self.is_due = self.visible.is_moving or lettering.is_late
        self._last_s = time.perf_counter()
        self.drawn.emit(self._last_s - began)

    def _has_wrong_size(self, picture: "TreePicture") -> bool:
        (width, height), ratio = self._size(), self._host.devicePixelRatioF()
        return picture.zoom != ratio or picture.image.shape != (round(height * ratio), round(width * ratio))


def _looking_from(picture: "TreePicture", slot: int) -> Camera:
    """The camera that puts a root where `slot` is now."""
    row, frame = picture.slots[slot], picture.frame
    span = frame.inner_height / max(1.0, float(row["bottom"] - row["top"]))
    camera = Camera(0.0, (frame.top - float(row["top"])) / frame.inner_height * span, span)
    return replace(camera, x=(frame.left - float(row["x"])) / frame.column)
