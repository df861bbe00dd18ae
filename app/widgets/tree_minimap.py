"""The minimap: the whole tree in a corner while one looks at a part of it, with a frame around that part."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.render.camera import FIT, Camera, Frame, column_pixels, from_pixels, to_pixels
from app.render.palette import make_palette
from app.render.views import View
from app.theme import DARK, Theme, color

if TYPE_CHECKING:
    from app.render.picture import TreePicture

SIZE = QSize(208, 128)
_DETAIL = 0.38
"""Everything is drawn this much smaller than in the picture itself."""


class TreeMinimap(QWidget):
    """A small picture of the whole tree. Drag the frame, or click a place, to look there.

    Signals:
        moved(float, float): look at this place of the tree (`app.render.camera`), in the middle.
    """

    moved = Signal(float, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._picture: TreePicture | None = None
        self._view = QRectF()
        self.resize(SIZE)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName("Minimap of the search tree")
        self.setToolTip("The whole tree. Drag the frame to look elsewhere.")
        self.hide()

    def show_like(self, shown: "TreePicture") -> None:
        """Draw the whole of a picture's tree anew, with its folds, marks and colours; needs the kernels to be ready."""
        from app.render.picture import TreePicture  # numba, which the window does not wait for

        if self._picture is None:
            self._picture = TreePicture(make_palette(self._theme))
        ratio = self.devicePixelRatioF()
        self._picture.resize(round(self.width() * ratio), round(self.height() * ratio), _DETAIL * ratio, plain=True)
        self._picture.show(shown.tree, shown.seat_sign)
        # A ring of rings would be too small to see anything in.
        self._picture.set_view(View.ICICLE if shown.view is View.ICICLE else View.LINK)
        self._picture.overlay.take(shown.overlay)
        self._picture.is_absolute = shown.is_absolute
        self._picture.draw()
        self.update()

    def show_view(self, camera: Camera, frame: Frame) -> None:
        """Put the frame around what `camera` shows of the big picture's `frame`."""
        if self._picture is None:
            return
        ratio, small = self.devicePixelRatioF(), self._picture.frame
        left, top = to_pixels(FIT, small, *from_pixels(camera, frame, 0.0, 0.0))
        right, bottom = to_pixels(FIT, small, *from_pixels(camera, frame, frame.width, frame.height))
        view = QRectF(left / ratio, top / ratio, (right - left) / ratio, max(3.0, (bottom - top) / ratio))
        self._view = view.intersected(QRectF(1.5, 1.5, self.width() - 3.0, self.height() - 3.0))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        if self._picture is not None:
            self._picture.palette = make_palette(theme)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return SIZE

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        painter.fillRect(box, QColor(self._theme.panel))
        if self._picture is not None:
            height, width = self._picture.image.shape
            image = QImage(self._picture.image.data, width, height, 4 * width, QImage.Format.Format_RGB32)
            painter.drawImage(box, image)
        painter.setPen(QPen(QColor(self._theme.hairline), 1.0))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.fillRect(self._view, color(self._theme.effort, 0.08))
        painter.setPen(QPen(QColor(self._theme.effort), 1.2))
        painter.drawRect(self._view)
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._look(event.position())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look(event.position())

    def _look(self, point: QPointF) -> None:
        if self._picture is not None:
            ratio = self.devicePixelRatioF()
            self.moved.emit(*from_pixels(FIT, self._picture.frame, point.x() * ratio, point.y() * ratio))


def looking_at(camera: Camera, frame: Frame, x: float, y: float) -> Camera:
    """`camera` moved so that the place (x, y) of the tree lies in the middle."""
    half = 0.5 * (frame.width - 2.0 * frame.left) / column_pixels(camera, frame)
    return Camera(x - half, y - 0.5 * camera.span, camera.span)
