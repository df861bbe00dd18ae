"""Pieces on their way: the movement between two pictures of a board."""

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QVariantAnimation, Signal
from PySide6.QtGui import QPainter

from app.theme import EASING_MS, Theme
from app.widgets.board_geometry import BoardGeometry
from app.widgets.board_motion import Motion
from app.widgets.board_paint import paint_piece


class BoardTravel(QObject):
    """Plays one set of motions at a time.

    Signals:
        moved(): the pieces stand elsewhere than a moment ago.
    """

    moved = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._motions: tuple[Motion, ...] = ()
        self._is_allowed = True
        self._clock = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=EASING_MS)
        self._clock.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._clock.valueChanged.connect(self.moved)
        self._clock.finished.connect(self.stop)

    def allow(self, moving: bool) -> None:
        """Freeze (False) or allow movement."""
        self._is_allowed = moving
        if not moving:
            self.stop()

    def start(self, wanted: tuple[Motion, ...]) -> None:
        """Play `wanted` from the start instead of what is playing."""
        self.stop()
        if wanted and self._is_allowed:
            self._motions = wanted
            self._clock.start()

    def stop(self) -> None:
        """Everything arrives at once."""
        self._clock.stop()
        self._motions = ()
        self.moved.emit()

    def cells(self) -> frozenset[int]:
        """Cells whose pieces have not arrived yet."""
        return frozenset(motion.target for motion in self._motions)

    def paint(self, painter: QPainter, geometry: BoardGeometry, style: str, theme: Theme) -> None:
        """Draw the travelling pieces where they are now."""
        done = float(self._clock.currentValue())
        painter.save()
        painter.setClipRect(geometry.rect)
        turn = -1 if geometry.flipped else 1
        for motion in self._motions:
            row, column = divmod(motion.target, geometry.columns)
            left = QPointF(motion.column - column, row - motion.row) * (turn * geometry.cell * (1 - done))
            paint_piece(
                painter, geometry, style, motion.glyph, geometry.cell_rect(motion.target).topLeft() + left, theme
            )
        painter.restore()
