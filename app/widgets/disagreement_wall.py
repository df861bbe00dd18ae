"""All positions that were found, as a wall of small boards, as many beside each other as fit."""

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget
from typing_extensions import override

from app.theme import DARK, PADDING, Theme
from app.viewmodels.arena_disagreements import DisagreementTile
from app.widgets.disagreement_tile import DisagreementView

_GAP = 16


class DisagreementWall(QScrollArea):
    """The boards in their order, the widest disagreement first.

    Signals:
        explore_wanted(object), head_to_head_wanted(object): the `Line` of a position that is to be opened there.
    """

    explore_wanted = Signal(object)
    head_to_head_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._canvas = QWidget()
        self.views: list[DisagreementView] = []
        self.setWidget(self._canvas)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Positions they differ on")

    def show_tiles(self, tiles: tuple[DisagreementTile, ...]) -> None:
        """Show these positions; boards are kept where they can be."""
        while len(self.views) > len(tiles):
            view = self.views.pop()
            view.hide()
            view.deleteLater()
        while len(self.views) < len(tiles):
            self.views.append(self._new_view())
        for view, tile in zip(self.views, tiles, strict=True):
            view.show_tile(tile)
        self._arrange()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        for view in self.views:
            view.set_theme(theme)
        self._arrange()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _new_view(self) -> DisagreementView:
        view = DisagreementView(self._canvas)
        view.set_theme(self._theme)
        view.explore_wanted.connect(partial(self._open, view, explore=True))
        view.head_to_head_wanted.connect(partial(self._open, view, explore=False))
        view.show()
        return view

    def _open(self, view: DisagreementView, *, explore: bool) -> None:
        if view.tile is not None:
            (self.explore_wanted if explore else self.head_to_head_wanted).emit(view.tile.line)

    def _arrange(self) -> None:
        """Rows of equal boards from the upper left."""
        room = self.viewport().width() - 2 * PADDING
        if not self.views:
            self._canvas.resize(self.viewport().size())
            return
        size = self.views[0].sizeHint()
        columns = max(1, (room + _GAP) // (size.width() + _GAP))
        for place, view in enumerate(self.views):
            row, column = divmod(place, columns)
            view.move(PADDING + column * (size.width() + _GAP), PADDING + row * (size.height() + _GAP))
        rows = -(-len(self.views) // columns)
        self._canvas.resize(QSize(self.viewport().width(), 2 * PADDING + rows * (size.height() + _GAP) - _GAP))
