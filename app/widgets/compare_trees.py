"""Two trees with the same places: beside each other, moved and selected together, or laid over each other."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from app.screen import Seats
from app.theme import PADDING, Theme
from app.viewmodels.comparison import Pictures
from app.widgets.tree_canvas import TreeCanvas
from app.widgets.tree_legend import TreeLegend
from engine.tree.columns import SearchTree

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.render.picture import TreePicture

_LEAST_WIDTH = 220
"""Of a canvas, in pixels."""
_ROOMY = 480
"""From this width on a canvas has a legend and a minimap."""


class CompareTrees(QWidget):
    """The pictures.

    Signals:
        node_selected(int): a node of the union, -1 = none.
        node_hovered(int, QPoint): the pointer is over a node, global position; -1 = over none.
    """

    node_selected = Signal(int)
    node_hovered = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode = "beside"
        self.canvases = (_Half(), _Half())
        self._names = tuple(_badge(canvas) for canvas in self.canvases)
        self._pictures: Pictures | None = None
        self._labels: Callable[[int], str] = str
        self._seats = Seats()
        self._blanks = ("", "")
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        for canvas, name in zip(self.canvases, ("Tree A", "Tree B"), strict=True):
            canvas.setMinimumSize(_LEAST_WIDTH, 160)
            canvas.set_absolute_scale(True)  # one colour means one value in both
            canvas.setAccessibleName(name)
            canvas.node_selected.connect(self.node_selected)
            canvas.node_hovered.connect(self.node_hovered)
            self._split.addWidget(canvas)
            self._split.setStretchFactor(self._split.count() - 1, 1)
        for one, other in (self.canvases, self.canvases[::-1]):
            one.camera_moved.connect(other.show_camera)
            one.view_changed.connect(other.set_view)
            one.folding_changed.connect(other.set_folding)
        self._split.setSizes([_LEAST_WIDTH, _LEAST_WIDTH])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._split)

    @property
    def is_empty(self) -> bool:
        """Whether no trees are shown."""
        return self._pictures is None

    def show_pictures(
        self,
        pictures: Pictures | None,
        labels: Callable[[int], str],
        seats: Seats,
        mapping: "NDArray[np.int32] | None",
    ) -> None:
        """Show two trees; `mapping` says where the nodes shown before are now, None = these are others."""
        self._pictures, self._labels, self._seats = pictures, labels, seats
        self._show(mapping)

    def show_blanks(self, a: str, b: str) -> None:
        """Say something in place of A's or B's tree; "" = show it."""
        if (a, b) != self._blanks:
            self._blanks = a, b
            self._show(None)

    def show_names(self, a: str, b: str) -> None:
        """Name the pictures, each by its letter in the corner."""
        over = self.mode == "over"
        whole = (f"A over B  ·  {a} | {b}" if over else f"A  {a}", f"B  {b}")
        for name, short, text in zip(self._names, ("A over B" if over else "A", "B"), whole, strict=True):
            name.setText(short)  # the rest is said above the pictures
            name.setAccessibleName(text)
            name.adjustSize()

    def show_place(self, node: int) -> None:
        """Select a node of the union in both; -1 = none. Emits nothing."""
        for canvas in self.canvases:
            canvas.show_selection(node)

    def set_mode(self, mode: str) -> None:
        """Look at them "beside" each other, or laid "over" each other."""
        if mode != self.mode:
            place = self.canvases[0].selected
            self.mode = mode
            self.canvases[1].setVisible(mode == "beside")
            self._show(None)
            self.show_place(place)

    def fit(self) -> None:
        """Show the whole trees."""
        self.canvases[0].fit()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and text sizes."""
        for canvas in self.canvases:
            canvas.set_theme(theme)

    def set_motion(self, moving: bool) -> None:
        """Freeze (False) or allow all movement."""
        for canvas in self.canvases:
            canvas.set_motion(moving)

    def _label(self, node: int) -> str:
        """The text of a node of the union shown now: canvases keep what they were once given."""
        return self._labels(node)

    def _show(self, mapping: "NDArray[np.int32] | None") -> None:
        """Both projections in the union's room, or the union itself coloured by who looks there more."""
        pictures, (left, right) = self._pictures, self.canvases
        trees: list[SearchTree | None] = [None, None] if pictures is None else [pictures.a, pictures.b]
        if pictures is not None and self.mode == "over":
            trees = [pictures.union, None]
        for canvas, tree, blank in zip(self.canvases, trees, self._blanks, strict=True):
            canvas.show_prompt(blank, "")
            if tree is None or pictures is None or blank:
                canvas.show_tree(None, self._label, self._seats.seat)
                continue
            room = pictures.union.stats["visits"]
            if mapping is not None and canvas.tree is not None:
                canvas.show_moment(tree, mapping, room)
                continue
            to_move, players = self._seats.to_move, self._seats.players
            canvas.show_tree(tree, self._label, self._seats.seat, to_move=to_move, players=players, layout=room)
        if pictures is not None and self.mode == "over":
            left.set_tint(pictures.balance, "more visits: A (−) or B (+)", -1.0, 1.0)
        right.setVisible(self.mode == "beside")


class _Legend(TreeLegend):
    """A legend that makes room where there is little."""

    @override
    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(width) if width >= _ROOMY else 0  # see `height_in`: never more than this


class _Half(TreeCanvas):
    """A canvas that gives its picture all the room where it is narrow: legend and minimap are those of the one tree."""

    def __init__(self) -> None:
        super().__init__()
        self._legend.hide()
        self._legend.deleteLater()
        self._legend = _Legend(self)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.selected < 0:
            event.ignore()  # nothing to unselect: it means the comparison
        else:
            super().keyPressEvent(event)

    @override
    def _update_minimap(self, picture: "TreePicture") -> None:
        if self.width() < _ROOMY:
            self._minimap.hide()
        else:
            super()._update_minimap(picture)


def _badge(canvas: TreeCanvas) -> QLabel:
    """A name in the corner of a picture; never in the way of a click or a label."""
    label = QLabel(canvas)
    label.setProperty("role", "key")
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.move(PADDING, PADDING)
    canvas.lay_over(label)
    return label
