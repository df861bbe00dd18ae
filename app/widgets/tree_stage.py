"""A tree's picture with its legend, minimap and switch, as a widget that shows and is not yet taken hold of.

What a hand does to it is in `app.widgets.tree_canvas`.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.lights import Lights
from app.render.camera import FIT, Camera
from app.render.folding import FoldRules
from app.render.legend import LegendRecord
from app.render.scale import ValueScale
from app.render.views import View
from app.render.warm import warming
from app.theme import DARK, GRID, PADDING, Theme, font
from app.widgets.tree_frames import TreeFrames, Viewpoint
from app.widgets.tree_legend import TreeLegend
from app.widgets.tree_look import TreeLook
from app.widgets.tree_minimap import TreeMinimap
from app.widgets.tree_switch import TreeSwitch
from engine.tree.columns import NO_NODE, ROOT, SearchTree

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.render.picture import TreePicture, Visible

_LEGEND_EVERY_S, _MINIMAP_EVERY_S = 0.16, 0.4
"""Its figures tick slowly enough to be read; the minimap changes little."""
READABLE = 26.0
"""Height in pixels that a node gets when one goes to it."""
_PROMPT = "Press Space to start the search"
_HINT = "Gold: what intuition would try first."


class TreeStage(QWidget):
    """The tree picture with its legend and minimap.

    Signals:
        frame_drawn(float): a frame was drawn, in that many seconds.
        view_changed(str): another view is shown, named as in `View`.
        folding_changed(FoldRules): something else is folded.
        camera_moved(Camera): a person moved the camera; this is where it goes. Meant for `show_camera` of another one.
    """

    frame_drawn = Signal(float)
    view_changed = Signal(str)
    folding_changed = Signal(object)
    camera_moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._tree: SearchTree | None = None
        self._prompt, self._hint = "", _HINT
        self._hovered = NO_NODE
        self._legend_s = self._minimap_s = 0.0
        self._reasons: set[int] = set()
        self._legend, self._minimap = TreeLegend(self), TreeMinimap(self)
        self._switch = TreeSwitch(self)
        self._covers: list[QWidget] = [self._switch, self._minimap]
        self._frames = TreeFrames(self, lambda: (self.width(), self._picture_height()), self._covered)
        self._look = TreeLook(self._frames)
        self._switch.chosen.connect(self.set_view)
        self._minimap.moved.connect(self._look.look_at)
        self._frames.drawn.connect(self._after_frame)
        self._frames.aimed.connect(self.camera_moved)
        self._frames.waiting.connect(self.update)
        self.setMinimumSize(320, 240)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Search tree")
        self._describe()

    # -- what to show -----------------------------------------------------------------------------------------------

    def lay_over(self, cover: QWidget) -> None:
        """Keep labels from under a child that lies over the picture."""
        self._covers.append(cover)

    def show_prompt(self, text: str, hint: str = _HINT) -> None:
        """What is said while there is no tree, "" = how to start one; `hint`: a smaller line under it."""
        if (text, hint) != (self._prompt, self._hint):
            self._prompt, self._hint = text, hint
            self.update()

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
        """Show another search from the beginning.

        Args:
            tree: None = nothing is searched yet. It may grow in place; `tree_changed` says when it did.
            labels: text of the action that led to a node, "" for the root.
            seat: the player whose view colours and values take, 0 = first player.
            to_move: the player who is to move at the root now. After re-rootings the canvas reckons on by itself.
            players: names by seat, for the legend.
            layout: [N] visits that give room instead of the tree's own. Two trees with the same nodes and the same
                such visits stand in the same places; nodes without visits of their own are drawn as ghosts.
        """
        self._tree, self._hovered, self._reasons = tree, NO_NODE, set()
        length = len(tree.line.actions) if tree is not None else 0
        self._frames.show(tree, labels, Viewpoint(seat, to_move, length, players), layout)

    def show_moment(
        self,
        tree: SearchTree,
        mapping: "NDArray[np.int32] | None" = None,
        layout: "NDArray[Any] | None" = None,
    ) -> None:
        """Show the same search at another moment, from the same root and where one looked before.

        Args:
            tree: there are more or fewer nodes. Those that were there before have the same numbers, or those that
                `mapping` [nodes before] gives, which may be larger ones.
            layout: see `show_tree`.
        """
        self._tree = tree
        if self._hovered >= tree.num_nodes or mapping is not None:
            self._hovered = NO_NODE
        self._frames.turn_to(tree, mapping, layout)

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
            self._look.go_to(self._tree, node, 0.6 * READABLE, unless=0.15 * READABLE)
            self._frames.quicken()

    def set_view(self, view: View | str) -> None:
        """Draw the tree as "link", "icicle" or "radial"; each has a camera of its own.

        Raises:
            ValueError: there is no such view.
        """
        drawing = View(view)
        if drawing is self._frames.drawing:
            return
        self._frames.set_view(drawing)
        self._switch.show_view(drawing)
        self._minimap_s = self._legend_s = 0.0
        self._look.go_to(self._tree, self.selected, 0.6 * READABLE, unless=0.15 * READABLE)
        self._arrange()
        self.view_changed.emit(drawing.value)

    def set_folding(self, rules: FoldRules) -> None:
        """Fold other branches."""
        if rules != self.folding:
            self._frames.set_folding(rules)
            self._minimap_s = 0.0
            self.folding_changed.emit(rules)

    def set_marks(self, marks: "NDArray[np.uint8] | None") -> None:
        """Put a violet ring around the nodes where `marks` [up to N] is not 0; folds tell how many they hold."""
        self._frames.set_marks(marks)
        self._minimap_s = 0.0

    def set_tint(self, values: "NDArray[Any] | None", name: str = "", low: float = 0.0, high: float = 1.0) -> None:
        """Colour nodes by `values` [up to N] on a scale from `low` to `high` instead of by their value.

        Args:
            values: NaN = grey; None = by their value again. name: what they are, for the legend.
        """
        self._frames.set_tint(values, name, low, high)
        self._minimap_s = 0.0

    def set_lights(self, lights: Lights | None) -> None:
        """Light up one moment of one simulation; None = put the lights out. Without motion a phase is shown whole."""
        self._frames.set_lights(lights)

    def show_camera(self, camera: Camera) -> None:
        """Look where another canvas looks, which shows the same layout. Emits nothing."""
        self._frames.aim(camera, at_once=True, is_told=False)

    def fit(self) -> None:
        """Show the whole tree."""
        self._frames.aim(FIT)

    def centre(self, node: int) -> None:
        """Bring a node to the middle, large enough to be read."""
        self._look.go_to(self._tree, node, 3.0 * READABLE)

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
        self._switch.set_theme(theme)
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
    def view(self) -> View:
        """How the tree is drawn."""
        return self._frames.drawing

    @property
    def folding(self) -> FoldRules:
        """What is folded."""
        return self._frames.folding

    @property
    def camera(self) -> Camera:
        """Where one looks, or is on the way to look."""
        return self.picture.target if self.picture is not None else FIT

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
            if self._legend.height() != self._legend.height_in(self.size()):  # it explains something else now
                self._arrange()
                self._frames.renew()
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
        reasons = picture.slots["reason"][: picture.num_slots]
        self._reasons |= {int(reason) for reason in set(reasons[reasons != 0].tolist())}
        lens, player = picture.overlay.lens, self._frames.view.player
        return LegendRecord(scale, player, nodes, *counts, picture.view, lens, frozenset(self._reasons))

    def _update_minimap(self, picture: "TreePicture") -> None:
        """Only while a part of the tree is in the picture, and not at every frame."""
        shown = picture.num_slots > 0 and picture.target.zoom > 1.02
        if shown and time.perf_counter() > self._minimap_s + _MINIMAP_EVERY_S:
            self._minimap.show_like(picture)
            self._minimap_s = time.perf_counter()
        self._minimap.setVisible(shown)
        if shown:
            self._minimap.show_view(picture.camera, picture.frame)

    def _describe(self) -> None:
        """What is said to those who do not see it; the legend says the rest."""
        visits = int(self._tree.stats["visits"][ROOT]) if self._tree is not None and self._tree.num_nodes else 0
        self.setAccessibleDescription(
            f"A tree of {visits:,} visits that grows to the right. Right: best child. Left: parent. Up and Down: nodes "
            "beside. R: root. Z: all. C: centre. H: fold. V: another view. Enter: make root. Delete: cut. "
            "Shift+Delete: restore. Menu: more. Escape: none."
        )

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

    def _covered(self) -> list[QRect]:
        """Where something lies over the picture."""
        return [cover.geometry() for cover in self._covers if not cover.isHidden()]

    def _arrange(self) -> None:
        """Legend below, minimap in the lower right corner above it."""
        height = self._legend.height_in(self.size())
        self._legend.setGeometry(0, self.height() - height, self.width(), height)
        corner = QPoint(self.width() - self._minimap.width() - PADDING, self._picture_height() - PADDING)
        self._minimap.move(corner - QPoint(0, self._minimap.height()))
        self._switch.move(self.width() - self._switch.width() - GRID // 2, GRID // 2)

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
            self._paint_words(painter, self._prompt or _PROMPT, self._hint)
        elif self._hovered >= 0:
            self._paint_hovered(painter)
        painter.end()

    def _paint_hovered(self, painter: QPainter) -> None:
        """A fine line around the node under the pointer."""
        place, box = self.place_of(self._hovered), self._look.box_of(self._hovered)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.attention), 1.5))
        if box is not None:
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        elif place is not None:
            radius = self._look.radius_of(self._hovered) + 4.0
            painter.drawEllipse(place, radius, radius)

    def _paint_words(self, painter: QPainter, headline: str, hint: str) -> None:
        """Words in the middle, where there is nothing else to see."""
        middle = QRectF(0.0, 0.45 * self._picture_height(), self.width(), 3.0 * self._theme.title)
        painter.setPen(QColor(self._theme.text))
        painter.setFont(font(self._theme.large))
        painter.drawText(middle, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, headline)
        painter.setPen(QColor(self._theme.quiet))
        painter.setFont(font(self._theme.body))
        painter.drawText(middle.translated(0.0, self._theme.large + GRID), Qt.AlignmentFlag.AlignHCenter, hint)


def _waiting_words() -> tuple[str, str]:
    """What is said while nothing can be drawn."""
    if warming.error is not None:
        return "The tree cannot be drawn", f"{type(warming.error).__name__}: {warming.error}"
    return "Warming the drawing kernels ...", "The first time this takes some seconds."
