"""Results of a match as bars: wins, draws and losses in one line, and how the pairs of games came out."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color, font
from app.viewmodels.figures import count

_BAR_HEIGHT, _PAIRS_HEIGHT, _PAIRS_WIDTH = 22, 96, 168
_PAIRS_CAPTION = "pairs, by A's points"
_PAIR_NAMES = ("0", "½", "1", "1½", "2")
_LEAST_BAND = 28
"""Bands narrower than this many pixels carry no number."""


class ResultBar(QWidget):
    """A's wins at the left, draws in the middle, losses at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._results = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Wins, draws and losses of A")
        self.setToolTip("Wins, draws and losses of A. (W/D/L)")

    def show_results(self, wins: int, draws: int, losses: int) -> None:
        """Show A's results."""
        self._results = (wins, draws, losses)
        self.setAccessibleDescription(f"{wins} wins, {draws} draws, {losses} losses")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, self._theme.room(_BAR_HEIGHT))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, total = QPainter(self), self._theme, sum(self._results)
        painter.fillRect(self.rect(), color(theme.hairline))
        left = 0.0
        painter.setFont(font(theme.small, strong=True))
        looks = ((theme.good, theme.ink, "+"), (theme.even, theme.ink, "="), (theme.bad, theme.ink, "−"))
        for number, (back, ink, sign) in zip(self._results, looks, strict=True):
            width = self.width() * number / total if total else 0.0
            band = QRectF(left, 0, max(width - 1, 0), self.height())
            painter.fillRect(band, color(back))
            if width >= theme.room(_LEAST_BAND):
                painter.setPen(color(ink))
                painter.drawText(band, Qt.AlignmentFlag.AlignCenter, f"{sign}{count(number)}")
            left += width


class PairBars(QWidget):
    """How many pairs gave A 0, ½, 1, 1½ and 2 points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._pairs = (0, 0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Pairs by A's points")
        self.setToolTip(
            "Pairs of games from one opening, by the points A took of the two: pairs cancel the luck of the opening. "
            "(pentanomial)"
        )

    def show_pairs(self, pairs: tuple[int, int, int, int, int]) -> None:
        """Show the counts, lowest points first."""
        self._pairs = pairs
        said = (f"{name} points: {number}" for name, number in zip(_PAIR_NAMES, pairs, strict=True))
        self.setAccessibleDescription(", ".join(said))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._theme.room(_PAIRS_WIDTH), self._theme.room(_PAIRS_HEIGHT))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.room(_PAIRS_WIDTH), self._theme.room(76))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setFont(font(theme.small))
        line = painter.fontMetrics().height()
        high = max(self.height() - 3 * line - GRID // 2, 1)
        step, most = self.width() / 5, max(*self._pairs, 1)
        tints = (theme.bad, theme.bad, theme.even, theme.good, theme.good)
        for place, (number, tint, name) in enumerate(zip(self._pairs, tints, _PAIR_NAMES, strict=True)):
            tall = high * number / most
            bar = QRectF(place * step + 3, line + high - tall, step - 6, tall)
            painter.fillRect(bar, color(tint, 1.0 if place in (0, 2, 4) else 0.6))
            painter.setPen(color(theme.text if number else theme.quiet))
            above = QRectF(place * step, bar.top() - line, step, line)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, count(number))
            painter.setPen(color(theme.quiet))
            below = QRectF(place * step, self.height() - 2 * line, step, line)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)
        caption = QRectF(0, self.height() - line, self.width(), line)
        painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, _PAIRS_CAPTION)
        painter.fillRect(QRectF(0, line + high, self.width(), 1), color(theme.hairline))


class TestLine(QWidget):
    """Where a sequential test stands between "no" at the left and "yes" at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._llr, self._low, self._high = 0.0, -1.0, 1.0
        self._verdict = "continue"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("The test between no and yes")
        self.setToolTip("The test ends where the mark reaches one end. (log-likelihood ratio of the SPRT)")

    def show_test(self, llr: float, low: float, high: float, verdict: str) -> None:
        """Show the ratio between its bounds."""
        self._llr, self._low, self._high, self._verdict = llr, low, high, verdict
        self.setAccessibleDescription(f"{llr:.2f} between {low:.2f} and {high:.2f}")
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, self._theme.room(30))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(theme.small, strong=True))
        words = theme.room(32)
        left, right, middle = float(words), float(self.width() - words), self.height() / 2
        for rect, text, verdict, tint in (
            (QRectF(0, 0, words - GRID / 2, self.height()), "no", "H0", theme.bad),
            (QRectF(right + GRID / 2, 0, words - GRID / 2, self.height()), "yes", "H1", theme.good),
        ):
            painter.setPen(color(tint if self._verdict == verdict else theme.quiet))
            side = Qt.AlignmentFlag.AlignRight if verdict == "H0" else Qt.AlignmentFlag.AlignLeft
            painter.drawText(rect, side | Qt.AlignmentFlag.AlignVCenter, text)
        painter.fillRect(QRectF(left, middle - 1, right - left, 2), color(theme.hairline))
        zero, now = self._place(0.0, left, right), self._place(self._llr, left, right)
        for x in (left, zero, right):
            painter.fillRect(QRectF(x - 0.5, middle - 6, 1, 12), color(theme.pruned))
        painter.fillRect(QRectF(min(zero, now), middle - 3, abs(now - zero), 6), color(theme.effort))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.effort))
        painter.drawPolygon(QPolygonF([QPointF(now + x, middle + y) for x, y in ((0, -8), (7, 0), (0, 8), (-7, 0))]))

    def _place(self, llr: float, left: float, right: float) -> float:
        share = (llr - self._low) / max(self._high - self._low, 1e-9)
        return left + min(max(share, 0.0), 1.0) * (right - left)
