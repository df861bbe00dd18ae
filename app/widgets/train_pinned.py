"""Pinned positions: how prior and value move while a network learns."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.figures import signed
from app.viewmodels.train_minds import PinnedTile
from app.widgets.train_mind import bar_height, paint_board, paint_moving_bar, paint_value_curve

_BOARD, _BARS = 116, 5
_CURVE = 26
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEGEND = "Gold: the prior now. Mark: the parent's."


class PinnedPanel(QWidget):
    """One under the other, with a button to pin what stands in Explore.

    Signals:
        pin_clicked(): pin the position of Explore.
        unpinned(object), explore_wanted(object): the `Line` of a position to take off, or to open in Explore.
    """

    pin_clicked = Signal()
    unpinned = Signal(object)
    explore_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._views: list[PinnedView] = []
        self._pin = QPushButton("Pin from Explore")
        self._pin.setProperty("role", "compact")
        self._pin.setToolTip("Follow the position that stands in Explore while the network learns.")
        heading, legend = QLabel("Pinned positions"), QLabel(_LEGEND)
        heading.setProperty("role", "heading")
        legend.setProperty("role", "quiet")
        head = QHBoxLayout()
        head.setContentsMargins(PADDING, 0, PADDING, 0)
        head.addWidget(heading, 1)
        head.addWidget(self._pin)
        self._host = QWidget()
        self._column = QVBoxLayout(self._host)
        self._column.setContentsMargins(PADDING, 0, PADDING, 0)
        self._column.setSpacing(GRID)
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(self._host)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID // 2, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(head)
        legend.setContentsMargins(PADDING, 0, PADDING, 0)
        column.addWidget(legend)
        column.addWidget(scroll, 1)
        self._pin.clicked.connect(self.pin_clicked)

    def show_tiles(self, tiles: tuple[PinnedTile, ...]) -> None:
        """Show these positions."""
        while len(self._views) > len(tiles):
            view = self._views.pop()
            view.hide()
            view.deleteLater()
        while len(self._views) < len(tiles):
            self._views.append(self._new_view())
        for view, tile in zip(self._views, tiles, strict=True):
            view.show_tile(tile)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        for view in self._views:
            view.set_theme(theme)

    def _new_view(self) -> "PinnedView":
        view = PinnedView()
        view.set_theme(self._theme)
        view.unpin_wanted.connect(partial(self._tell, view, self.unpinned.emit))
        view.explore_wanted.connect(partial(self._tell, view, self.explore_wanted.emit))
        self._column.insertWidget(self._column.count() - 1, view)
        return view

    def _tell(self, view: "PinnedView", emit: Callable[[object], None]) -> None:
        if view.tile is not None:
            emit(view.tile.line)


class PinnedView(QWidget):
    """A small board, bars of the prior, and the value over the training; its menu has what can be done with it.

    Signals:
        unpin_wanted(), explore_wanted(): from the menu.
    """

    unpin_wanted = Signal()
    explore_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self.tile: PinnedTile | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_tile(self, tile: PinnedTile) -> None:
        """Show a position."""
        if tile != self.tile:
            self.tile = tile
            self.setAccessibleName(tile.title)
            self.setAccessibleDescription(tile.sentence)
            self.setToolTip(f"{tile.sentence}\nRight click or Enter: take it off, or open it in Explore.")
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        theme = self._theme
        return QSize(260, theme.small + 6 + _BARS * bar_height(theme, is_pair=False) + _CURVE + GRID)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.room(220), self.sizeHint().height())

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu().popup(event.globalPos())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._menu().popup(self.mapToGlobal(self.rect().center()))
        elif event.key() == Qt.Key.Key_Delete:
            self.unpin_wanted.emit()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tile, theme = self.tile, self._theme
        if tile is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side = min(theme.room(_BOARD), self.height() - 4)
        paint_board(painter, tile.card, QRect(0, 2, side, side), theme)
        left = side + GRID
        line = theme.small + 6
        self._paint_title(painter, QRectF(left, 0, self.width() - left, line), tile)
        longest = max((max(bar.now, bar.before) for bar in tile.bars), default=1.0) or 1.0
        height = bar_height(theme, is_pair=False)
        for place, bar in enumerate(tile.bars):
            area = QRectF(left, line + place * height, self.width() - left, height)
            paint_moving_bar(painter, area, bar, longest, theme)
        if tile.value is None:
            painter.setPen(color(theme.quiet))
            painter.drawText(QRectF(left, line, self.width() - left, line), _LEFT, "Asked while it learns.")
        else:
            top = line + _BARS * height + 2
            paint_value_curve(painter, QRectF(left, top, self.width() - left, _CURVE), tile.curve, theme)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color(theme.attention), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_title(self, painter: QPainter, room: QRectF, tile: PinnedTile) -> None:
        theme = self._theme
        painter.setFont(font(theme.small))
        value = "" if tile.value is None else f"value {signed(tile.first_value)} → {signed(tile.value)}"
        width = painter.fontMetrics().horizontalAdvance(value)
        painter.setPen(color(theme.text))
        painter.drawText(room, _RIGHT, value)
        painter.setPen(color(theme.quiet))
        title = painter.fontMetrics().elidedText(
            tile.title, Qt.TextElideMode.ElideRight, int(max(room.width() - width - GRID, 0))
        )
        painter.drawText(room, _LEFT, title)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open in Explore", self.explore_wanted.emit)
        menu.addAction("Take it off", self.unpin_wanted.emit)
        return menu
