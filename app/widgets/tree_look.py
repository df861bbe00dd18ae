"""Looking around in the tree picture, in the pixels of the widget that shows it."""

from PySide6.QtCore import QPointF, QRectF

from app.render.camera import centred, is_visible, kept_in_view, panned, zoomed
from app.render.slots import CLOSED
from app.render.views import View
from app.widgets.tree_frames import TreeFrames
from app.widgets.tree_minimap import looking_at
from engine.tree.columns import NO_NODE, SearchTree


class TreeLook:
    """Moves the camera of a canvas' frames, and says what lies where. Does nothing while there is no picture."""

    def __init__(self, frames: TreeFrames) -> None:
        self._frames = frames

    def place_of(self, node: int) -> QPointF | None:
        """Where a node is drawn, or None where it is not."""
        picture = self._frames.picture
        slot = picture.slot_of(node) if picture is not None else -1
        if picture is None or slot < 0:
            return None
        return QPointF(*picture.centre_of(slot)) / picture.zoom

    def box_of(self, node: int) -> QRectF | None:
        """The rectangle of a node in the icicle, or None where it is not drawn or no rectangle."""
        picture = self._frames.picture
        slot = picture.slot_of(node) if picture is not None else -1
        if picture is None or slot < 0 or not picture.view.is_exact:
            return None
        row, width = picture.slots[slot], picture.width_of(slot)
        top, bottom = float(row["top"]), float(row["bottom"])
        box = QRectF(float(row["x"]) - width, top, width - picture.zoom, bottom - top)
        return QRectF(box.topLeft() / picture.zoom, box.size() / picture.zoom)

    def radius_of(self, node: int) -> float:
        """Radius of a node that is drawn, else 0."""
        picture = self._frames.picture
        slot = picture.slot_of(node) if picture is not None else -1
        return float(picture.slots["radius"][slot]) / picture.zoom if picture is not None and slot >= 0 else 0.0

    def node_at(self, point: QPointF) -> int:
        """The node at a point, or `NO_NODE`."""
        picture = self._frames.picture
        if picture is None:
            return NO_NODE
        return picture.node_at(point.x() * picture.zoom, point.y() * picture.zoom)

    def fold_at(self, point: QPointF) -> str:
        """What the fold at a point holds, in words; "" where there is none."""
        picture = self._frames.picture
        if picture is None:
            return ""
        from app.render.picture import fold_text  # numba, which the window does not wait for

        slot = picture.slot_at(point.x() * picture.zoom, point.y() * picture.zoom)
        said = fold_text(picture.slots[slot]) if slot >= 0 else ""
        how = "Click to open." if said and picture.slots["flags"][slot] & CLOSED else "Click or zoom in to open."
        return f"{said} {how}" if said else ""

    def closed_at(self, point: QPointF) -> int:
        """The node whose folded branches lie at a point, or `NO_NODE`."""
        picture = self._frames.picture
        return NO_NODE if picture is None else picture.closed_at(point.x() * picture.zoom, point.y() * picture.zoom)

    def zoom_at(self, factor: float, point: QPointF) -> None:
        """That many times nearer, with what is at `point` staying there."""
        picture = self._frames.picture
        if picture is not None:
            x, y = picture.flat(point.x() * picture.zoom, point.y() * picture.zoom)
            self._frames.aim(zoomed(picture.target, picture.frame, factor, x, y))

    def pan(self, dx: float, dy: float) -> None:
        """Let the picture glide by pixels of the flat layout: to the side, and up or down or round."""
        picture = self._frames.picture
        if picture is not None:
            self._frames.aim(panned(picture.target, picture.frame, dx * picture.zoom, dy * picture.zoom))

    def drag(self, start: QPointF, end: QPointF) -> None:
        """Take what is at `start` to `end` at once."""
        picture = self._frames.picture
        if picture is None:
            return
        x0, y0 = picture.flat(start.x() * picture.zoom, start.y() * picture.zoom)
        x1, y1 = picture.flat(end.x() * picture.zoom, end.y() * picture.zoom)
        turn = picture.frame.height
        dy = (y1 - y0 + 0.5 * turn) % turn - 0.5 * turn if picture.view is View.RADIAL else y1 - y0
        self._frames.aim(panned(picture.target, picture.frame, x1 - x0, dy), at_once=True)

    def look_at(self, x: float, y: float) -> None:
        """Bring a place of the tree (`app.render.camera`) to the middle at once."""
        picture = self._frames.picture
        if picture is not None:
            self._frames.aim(kept_in_view(looking_at(picture.target, picture.frame, x, y)), at_once=True)

    def go_to(self, tree: SearchTree | None, node: int, least: float, *, unless: float = float("inf")) -> None:
        """Bring a node to the middle, `least` pixels high, unless it is seen already and `unless` pixels high."""
        picture = self._frames.picture
        if picture is None or tree is None or not 0 <= node < tree.num_nodes:
            return
        place = picture.place_of(node)
        if not is_visible(picture.target, picture.frame, *place, least=unless * picture.zoom):
            self._frames.aim(centred(picture.frame, *place, least=least * picture.zoom, camera=picture.target))
