"""The wall of lessons: a small board each, intuition's prior over what search teaches, and a box to leave it out."""

from functools import partial

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme, color, font
from app.viewmodels.figures import signed
from app.viewmodels.train_minds import LessonTile
from app.widgets.train_mind import bar_height, paint_board, paint_pair_of_bars

_WIDTH, _BOARD, _BARS = 348, 140, 5
_GAP = 16
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class LessonWall(QScrollArea):
    """Lessons in rows, the most surprising first.

    Signals:
        learned_changed(int, bool): a lesson is to be learned, or left out.
        explore_wanted(object): the `Line` of a lesson that is to be opened in Explore.
    """

    learned_changed = Signal(int, bool)
    explore_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._canvas = QWidget()
        self.views: list[LessonView] = []
        self.setWidget(self._canvas)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Lessons")

    def show_lessons(self, tiles: tuple[LessonTile, ...], *, can_exclude: bool) -> None:
        """Show these lessons; `can_exclude`: the boxes have a meaning."""
        while len(self.views) > len(tiles):
            view = self.views.pop()
            view.hide()
            view.deleteLater()
        while len(self.views) < len(tiles):
            self.views.append(self._new_view())
        for view, tile in zip(self.views, tiles, strict=True):
            view.show_lesson(tile, can_exclude=can_exclude)
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

    def _new_view(self) -> "LessonView":
        view = LessonView(self._canvas)
        view.set_theme(self._theme)
        view.box.clicked.connect(lambda is_learned: self._tell_box(view, is_learned))
        view.picture.clicked.connect(partial(self._tell_open, view))
        view.show()
        return view

    def _tell_box(self, view: "LessonView", is_learned: bool) -> None:
        if view.tile is not None:
            self.learned_changed.emit(view.tile.lesson, is_learned)

    def _tell_open(self, view: "LessonView") -> None:
        if view.tile is not None:
            self.explore_wanted.emit(view.tile.line)

    def _arrange(self) -> None:
        """Rows of equal views from the upper left."""
        if not self.views:
            self._canvas.resize(self.viewport().size())
            return
        size = self.views[0].sizeHint()
        room = self.viewport().width() - 2 * PADDING
        columns = max(1, (room + _GAP) // (size.width() + _GAP))
        for place, view in enumerate(self.views):
            row, column = divmod(place, columns)
            view.setGeometry(
                PADDING + column * (size.width() + _GAP),
                PADDING + row * (size.height() + _GAP),
                size.width(),
                size.height(),
            )
        rows = -(-len(self.views) // columns)
        self._canvas.resize(QSize(self.viewport().width(), 2 * PADDING + rows * (size.height() + _GAP) - _GAP))


class LessonView(QWidget):
    """One lesson.

    Attributes:
        tile: what is shown. picture: board, bars and values. box: whether it is learned.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tile: LessonTile | None = None
        self.picture, self.box = LessonPicture(), QCheckBox("Learn this")
        self.box.setToolTip("Without the tick it is left out of all learning, of this round and later ones.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.picture)
        column.addWidget(self.box, 0, Qt.AlignmentFlag.AlignLeft)

    def show_lesson(self, tile: LessonTile, *, can_exclude: bool) -> None:
        """Show a lesson."""
        self.tile = tile
        self.picture.show_lesson(tile)
        self.box.setChecked(tile.is_learned)
        self.box.setEnabled(can_exclude)
        self.box.setText("Learn this" if tile.is_learned else "Left out")
        self.box.setAccessibleName(f"Learn this: {tile.title}")

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self.picture.set_theme(theme)

    @override
    def sizeHint(self) -> QSize:
        picture, box = self.picture.sizeHint(), self.box.sizeHint()
        return QSize(picture.width(), picture.height() + box.height() + 2)


class LessonPicture(QWidget):
    """Board and bars; a click opens the position.

    Signals:
        clicked(): it was clicked.
    """

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._tile: LessonTile | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_lesson(self, tile: LessonTile) -> None:
        """Show a lesson."""
        if tile != self._tile:
            self._tile = tile
            self.setAccessibleName(tile.title)
            self.setAccessibleDescription(tile.sentence)
            self.setToolTip(f"{tile.sentence}\nSurprise {tile.surprise:.2f} nats. Click: open in Explore.")
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        theme = self._theme
        bars = theme.small + 6 + _BARS * bar_height(theme, is_pair=True) + theme.small + 8
        return QSize(theme.room(_WIDTH), max(theme.room(_BOARD) + 4, bars))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        tile, theme = self._tile, self._theme
        if tile is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(1.0 if tile.is_learned else 0.45)
        side = min(theme.room(_BOARD), self.height())
        paint_board(painter, tile.card, QRect(0, 0, side, side), theme)
        left, line = side + GRID, theme.small + 6
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.quiet))
        room = QRectF(left, 0, self.width() - left, line)
        title = painter.fontMetrics().elidedText(tile.title, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, _LEFT, title)
        longest = max((max(bar.now, bar.before) for bar in tile.bars), default=1.0) or 1.0
        height = bar_height(theme, is_pair=True)
        for place, bar in enumerate(tile.bars):
            area = QRectF(left, line + place * height, self.width() - left, height)
            paint_pair_of_bars(painter, area, bar, longest, theme)
        painter.setFont(font(theme.small))
        painter.setPen(color(theme.text))
        words = f"value {signed(tile.raw_value)} → {signed(tile.value)}"
        painter.drawText(QRectF(left, self.height() - line, self.width() - left, line), _LEFT, words)
