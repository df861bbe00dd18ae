"""The legend below the tree: what colour, size, width and marks mean, with the numbers in use, always there."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.render.marks import paint_mark
from app.render.numbers import value_text, visits_text
from app.render.palette import Palette, make_palette, scale_color
from app.render.scale import ValueScale
from app.theme import DARK, GRID, PADDING, Theme, color, font
from engine.tree.events import PruneReason

_GAP = 22.0
_MARKS = (
    (PruneReason.BY_HAND, "cut by hand"),
    (PruneReason.OUT_OF_REACH, "out of reach"),
    (PruneReason.PROVEN, "proven bad"),
)


@dataclass(frozen=True, slots=True)
class LegendRecord:
    """What the legend says.

    Attributes:
        scale: the colours' scale. player: whose view it is, or "" for "the first player".
        nodes: in the tree; drawn: of them one by one.
        shown, folded, outside: the root's visits, by where they are (`app.render.picture.Visible`).
    """

    scale: ValueScale = ValueScale()
    player: str = ""
    nodes: int = 0
    drawn: int = 0
    shown: int = 0
    folded: int = 0
    outside: int = 0


class TreeLegend(QWidget):
    """One line of explanations; where room is short, the last are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._palette: Palette = make_palette(DARK)
        self._record = LegendRecord()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend of the search tree")
        self.setToolTip("How to read the tree. Every visit of the root is shown, folded or outside the picture.")
        self._describe()

    def show_legend(self, record: LegendRecord) -> None:
        """Show other numbers."""
        if record != self._record:
            self._record = record
            self._describe()
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme, self._palette = theme, make_palette(theme)
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, self._theme.small + 2 * PADDING)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.background))
        painter.fillRect(QRectF(0, 0, self.width(), 1), QColor(self._theme.hairline))
        painter.setFont(font(self._theme.small))
        counts = self._counts()
        room = self.width() - PADDING - painter.fontMetrics().horizontalAdvance(counts) - _GAP
        if room > 0.3 * self.width():
            self._text(painter, self.width() - PADDING - painter.fontMetrics().horizontalAdvance(counts), counts)
        else:
            room = self.width() - PADDING
        x = float(PADDING)
        for item in (self._colors, self._sizes, self._widths, self._cases, self._rings, self._marks, self._kinds):
            before = x
            x = item(painter, x, dry=True)
            if x > room:
                break
            item(painter, before, dry=False)
            x += _GAP
        painter.end()

    @property
    def _middle(self) -> float:
        return 0.5 * self.height()

    def _text(self, painter: QPainter, x: float, text: str, *, dry: bool = False, strong: bool = False) -> float:
        """Write `text`; where it ends."""
        if not dry:
            painter.setPen(QColor(self._theme.text if strong else self._theme.quiet))
            metrics = painter.fontMetrics()
            painter.drawText(QPointF(x, self._middle + 0.5 * (metrics.ascent() - metrics.descent())), text)
        return x + painter.fontMetrics().horizontalAdvance(text)

    def _colors(self, painter: QPainter, x: float, *, dry: bool) -> float:
        """The colour bar with the values at its ends and middle."""
        scale, width, height = self._record.scale, 96.0, 8.0
        x = self._text(painter, x, f"value for {self._record.player or 'the first player'}", dry=dry) + GRID
        x = self._text(painter, x, value_text(scale.middle - scale.reach), dry=dry, strong=True) + 6
        if not dry:
            bar = QRectF(x, self._middle - height / 2, width, height)
            gradient = QLinearGradient(bar.topLeft(), bar.topRight())
            for step in range(9):
                gradient.setColorAt(step / 8, QColor(scale_color(self._palette, step / 4 - 1)))
            painter.fillRect(bar, gradient)
            painter.fillRect(
                QRectF(x + width / 2, self._middle - height / 2 - 2, 1, height + 4), QColor(self._theme.text)
            )
        x = self._text(painter, x + width + 6, value_text(scale.middle + scale.reach), dry=dry, strong=True)
        if not scale.is_absolute:
            x = self._text(painter, x, f"   root {value_text(scale.middle)}", dry=dry)
        return x

    def _sizes(self, painter: QPainter, x: float, *, dry: bool) -> float:
        """Three discs: size = visits."""
        for radius in (2.5, 4.5, 7.0):
            if not dry:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(scale_color(self._palette, 0.0)))
                painter.drawEllipse(QPointF(x + radius, self._middle), radius, radius)
            x += 2 * radius + 3
        return self._text(painter, x + 3, "size = visits", dry=dry)

    def _widths(self, painter: QPainter, x: float, *, dry: bool) -> float:
        """A wedge: width = prior where it begins, visit share where it ends."""
        if not dry:
            self._wedge(painter, x, 7.0, 3.0, scale_color(self._palette, 0.0))
        return self._text(painter, x + 40, "width = prior → visit share", dry=dry)

    def _cases(self, painter: QPainter, x: float, *, dry: bool) -> float:
        """Gold and ivory casings, and the gold of what was not visited."""
        if not dry:
            self._wedge(painter, x, 11.0, 5.0, self._theme.intuition)
            self._wedge(painter, x, 7.0, 2.0, scale_color(self._palette, -0.7))
        x = self._text(painter, x + 40, "intuition hoped for more", dry=dry) + _GAP
        if not dry:
            self._wedge(painter, x, 9.0, 9.0, self._theme.effort)
            self._wedge(painter, x, 5.0, 5.0, scale_color(self._palette, 0.0))
        x = self._text(painter, x + 40, "main line", dry=dry) + _GAP
        if not dry:
            painter.setPen(QPen(color(self._theme.intuition, 0.8), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawLine(QPointF(x, self._middle), QPointF(x + 14, self._middle))
            painter.drawEllipse(QPointF(x + 17, self._middle), 2.4, 2.4)
        return self._text(painter, x + 26, "not visited yet", dry=dry)

    def _rings(self, painter: QPainter, x: float, *, dry: bool) -> float:
        """Ring = intuition's value, fill = search's."""
        if not dry:
            painter.setPen(QPen(QColor(scale_color(self._palette, -0.9)), 2.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x + 8, self._middle), 7.0, 7.0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(scale_color(self._palette, 0.9)))
            painter.drawEllipse(QPointF(x + 8, self._middle), 4.2, 4.2)
        return self._text(painter, x + 21, "ring = intuition's value, fill = search's", dry=dry)

    def _marks(self, painter: QPainter, x: float, *, dry: bool) -> float:
        """Reasons for which branches are pruned."""
        if not dry:
            pen = QPen(QColor(self._theme.pruned), 1.6)
            pen.setDashPattern([3.0, 2.4])
            painter.setPen(pen)
            painter.drawLine(QPointF(x, self._middle), QPointF(x + 26, self._middle))
        x = self._text(painter, x + 32, "pruned:", dry=dry) + GRID
        for reason, text in _MARKS:
            if not dry:
                paint_mark(painter, reason, x + 5, self._middle, 4.0, QColor(self._theme.quiet), 1.0)
            x = self._text(painter, x + 15, text, dry=dry) + PADDING
        return x - PADDING

    def _kinds(self, painter: QPainter, x: float, *, dry: bool) -> float:
        """Shapes of ends and proofs."""
        tint = QColor(scale_color(self._palette, 0.0))
        if not dry:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawRect(QRectF(x, self._middle - 4.5, 9, 9))
            diamond = QPainterPath(QPointF(x + 19, self._middle - 6))
            for dx, dy in ((25, 0), (19, 6), (13, 0)):
                diamond.lineTo(x + dx, self._middle + dy)
            painter.drawPath(diamond)
        x = self._text(painter, x + 31, "end: decided, drawn", dry=dry) + _GAP
        if not dry:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawEllipse(QPointF(x + 8, self._middle), 4.0, 4.0)
            painter.setPen(QPen(QColor(self._theme.effort), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x + 8, self._middle), 7.0, 7.0)
        return self._text(painter, x + 21, "proven", dry=dry)

    def _wedge(self, painter: QPainter, x: float, start: float, end: float, tint: str) -> None:
        path = QPainterPath(QPointF(x, self._middle - start / 2))
        path.lineTo(x + 34, self._middle - end / 2)
        path.lineTo(x + 34, self._middle + end / 2)
        path.lineTo(x, self._middle + start / 2)
        painter.fillPath(path, QColor(tint))

    def _counts(self) -> str:
        record = self._record
        if not record.nodes:
            return ""
        parts = [f"{visits_text(record.shown)} shown", f"{visits_text(record.folded)} folded"]
        if record.outside:
            parts.append(f"{visits_text(record.outside)} outside")
        return f"{record.nodes:,} nodes, {record.drawn:,} drawn · visits: {' + '.join(parts)}"

    def _describe(self) -> None:
        scale = self._record.scale
        low, high = value_text(scale.middle - scale.reach), value_text(scale.middle + scale.reach)
        self.setAccessibleDescription(
            f"Colour is the value for {self._record.player or 'the first player'}, from {low} to {high}. Size is visits. "
            "An edge is as wide as the prior where it begins and as the share of visits where it ends. The ring of a node "
            "is intuition's value. Grey and dashed is pruned."
        )
