"""The legend of the tree picture: what colour, size, width and marks mean, with the numbers in use.

It is a row of entries, each a little drawing and its words; where the picture is narrow they flow over several rows.
Widget and exported picture paint the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPainterPath, QPen

from app.render.lens import Lens
from app.render.marks import REASON_WORDS, paint_loan, paint_mark
from app.render.numbers import MINUS, value_text, visits_text
from app.render.palette import Palette, lens_scale, make_palette, scale_color
from app.render.scale import ValueScale
from app.render.views import View
from app.theme import GRID, PADDING, Theme, color, font
from engine.tree.events import PruneReason

_GAP, _NEAR = 16.0, 10.0
"""Pixels between entries, and between reasons, which belong together."""
_WEDGE = 26.0
_BAR = 64.0


@dataclass(frozen=True, slots=True)
class LegendRecord:
    """What the legend says.

    Attributes:
        scale: of the colours. player: whose view it is, or "" for the first player.
        nodes: in the tree; drawn: of them one by one.
        shown, folded, outside: the root's visits, by where they are (`app.render.picture.Visible`).
        view: what is explained. lens: what colours say, None = values.
        reasons: those for which something was pruned, and whose marks are explained; None = all there are.
    """

    scale: ValueScale = field(default_factory=ValueScale)
    player: str = ""
    nodes: int = 0
    drawn: int = 0
    shown: int = 0
    folded: int = 0
    outside: int = 0
    view: View = View.LINK
    lens: Lens | None = None
    reasons: frozenset[int] | None = None


def legend_height(theme: Theme, record: LegendRecord, width: float) -> float:
    """Pixels of height the legend needs at a width."""
    return (_flow(theme, record, width)[-1][2] + 1) * _row_height(theme) + GRID


def folded_height(theme: Theme) -> float:
    """Pixels of height of a legend folded into one row."""
    return _row_height(theme) + GRID


def paint_legend(
    painter: QPainter, box: QRectF, theme: Theme, record: LegendRecord, *, is_folded: bool = False
) -> None:
    """Paint the legend into `box`, with its background and the line above it; folded, what one row has room for."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(box, QColor(theme.background))
    painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1.0), QColor(theme.hairline))
    painter.setFont(font(theme.small))
    flow = _folded_flow if is_folded else _flow
    for entry, x, row in flow(theme, record, box.width()):
        middle = box.top() + 0.5 * GRID + (row + 0.5) * _row_height(theme)
        entry(_Brush(painter, theme, record, box.left() + x, middle))
    painter.restore()


def legend_text(record: LegendRecord) -> str:
    """The legend in words, for those who do not see it."""
    low, high = (value_text(end) for end in record.scale.ends)
    colors = f"Colour is the value for {_player(record)}, from {low} to {high}."
    if record.lens is not None:
        low, high = _lens_texts(record.lens)
        colors = f"Colour is {record.lens.name}, from {low} to {high}; grey where there is none."
    return (
        f"{colors} {_SAID[record.view]} Grey and dashed is pruned, with a mark for the reason: "
        f"{', '.join(word for _, word in REASON_WORDS)}. A wedge is what a person folded. A plus is a branch that "
        f"visits are lent to. A violet ring is what a question matches. {counts_text(record)}"
    )


_DISCS = (
    "Size is visits. An edge is as wide as the prior where it begins and as the share of visits where it ends. The "
    "ring of a node is intuition's value."
)
_SAID = {
    View.LINK: f"Plies go to the right. {_DISCS}",
    View.ICICLE: "Plies go to the right. Height is the share of visits. The strip at the left of a rectangle is "
    "intuition's value, the gold line at its foot is as long as its prior.",
    View.RADIAL: f"Plies go outwards from the root in the middle. {_DISCS}",
}


def counts_text(record: LegendRecord) -> str:
    """How much of the tree is in the picture; the visits add up to the root's."""
    parts = [f"{visits_text(record.shown)} shown", f"{visits_text(record.folded)} folded"]
    if record.outside:
        parts.append(f"{visits_text(record.outside)} outside")
    return f"{record.nodes:,} nodes, {record.drawn:,} drawn; visits: {' + '.join(parts)}"


def _player(record: LegendRecord) -> str:
    return record.player or "the first player"


def _row_height(theme: Theme) -> float:
    return theme.small + 1.0 * GRID


class _Brush:
    """Paints one entry from left to right; without a painter it only measures.

    Attributes:
        x: where the next thing begins. y: the middle of the row.
    """

    def __init__(self, painter: QPainter | None, theme: Theme, record: LegendRecord, x: float, y: float) -> None:
        self.painter, self.theme, self.record, self.x, self.y = painter, theme, record, x, y
        self.palette = _palette(theme)
        self._metrics = QFontMetricsF(font(theme.small))

    def write(self, text: str, *, strong: bool = False, after: float = 6.0) -> None:
        """Write `text`."""
        if self.painter is not None:
            self.painter.setPen(QColor(self.theme.text if strong else self.theme.quiet))
            base = self.y + 0.5 * (self._metrics.ascent() - self._metrics.descent())
            self.painter.drawText(QPointF(self.x, base), text)
        self.x += self._metrics.horizontalAdvance(text) + after

    def draw(self, width: float, paint: Callable[[QPainter, float, float], None]) -> None:
        """Let `paint(painter, x, y)` draw something of a width."""
        if self.painter is not None:
            paint(self.painter, self.x, self.y)
        self.x += width + 6.0

    def value_color(self, share: float) -> QColor:
        """A colour of the value scale, `share` in [-1, 1]."""
        return QColor(scale_color(self.palette, share))

    def lens_color(self, share: float) -> QColor:
        """A colour of the lens, `share` in [-1, 1]."""
        lens = self.record.lens
        assert lens is not None
        colors = lens_scale(self.palette, two_sided=lens.is_two_sided)
        return QColor(int(colors[round((max(-1.0, min(1.0, share)) + 1.0) * 0.5 * (len(colors) - 1))]))


@cache
def _palette(theme: Theme) -> Palette:
    return make_palette(theme)


_Entry = Callable[[_Brush], None]


def _flow(theme: Theme, record: LegendRecord, width: float) -> list[tuple[_Entry, float, int]]:
    """Entries with the place and row of each; the counts stand at the right end of the last row where they fit."""
    placed: list[tuple[_Entry, float, int]] = []
    x, row = float(PADDING), 0
    for entry in _entries(record):
        needed = _width(entry, theme, record)
        if x + needed > width - PADDING and x > PADDING:
            x, row = float(PADDING), row + 1
        placed.append((entry, x, row))
        x += needed + (_GAP if entry not in (_pruned, *_REASONS.values()) else _NEAR)
    if record.nodes:
        for counts in (_counts, _few_counts):
            needed = _width(counts, theme, record)
            if x + needed <= width - PADDING:
                break
        else:
            x, row = float(PADDING), row + 1
        placed.append((counts, max(x, width - PADDING - needed), row))
    return placed


def _folded_flow(theme: Theme, record: LegendRecord, width: float) -> list[tuple[_Entry, float, int]]:
    """One row: at its right end how much is drawn, where that fits, and a word that there is more; the rest before."""
    left, right = float(PADDING), width - PADDING
    placed: list[tuple[_Entry, float, int]] = []
    entries = _entries(record)
    at_the_end: tuple[_Entry, ...] = (_more, _few_counts) if record.nodes else (_more,)
    for entry in at_the_end:
        needed = _width(entry, theme, record)
        if not placed or right - needed - _GAP > left + _width(entries[0], theme, record):
            right -= needed
            placed.append((entry, right, 0))
            right -= _GAP
    for entry in entries:
        needed = _width(entry, theme, record)
        if left + needed > right:
            break
        placed.append((entry, left, 0))
        left += needed + _GAP
    return placed


def _width(entry: _Entry, theme: Theme, record: LegendRecord) -> float:
    brush = _Brush(None, theme, record, 0.0, 0.0)
    entry(brush)
    return brush.x - 6.0


def _colors(brush: _Brush) -> None:
    """The colour bar with the values at its ends, and a line where the root's value is."""
    scale = brush.record.scale
    low, high = scale.ends

    def bar(painter: QPainter, x: float, y: float) -> None:
        box = QRectF(x, y - 4.0, _BAR, 8.0)
        gradient = QLinearGradient(box.topLeft(), box.topRight())
        for step in range(9):
            value = low + (high - low) * step / 8
            gradient.setColorAt(step / 8, brush.value_color(scale.share(value)))
        painter.fillRect(box, gradient)
        middle = (min(max(scale.middle, low), high) - low) / max(high - low, 1e-6)
        painter.fillRect(QRectF(x + middle * _BAR, y - 6.0, 1.0, 12.0), QColor(brush.theme.text))

    brush.write(f"value for {_player(brush.record)}")
    brush.write(value_text(low), strong=True)
    brush.draw(_BAR, bar)
    brush.write(value_text(high), strong=True)


def _lens_texts(lens: Lens) -> tuple[str, str]:
    """The numbers at the ends of a lens."""
    return f"{lens.low:.3g}".replace("-", MINUS), f"{lens.high:.3g}".replace("-", MINUS)


def _lens_colors(brush: _Brush) -> None:
    """The lens' name, and its bar with the numbers at its ends."""
    lens = brush.record.lens
    assert lens is not None
    low, high = _lens_texts(lens)

    def bar(painter: QPainter, x: float, y: float) -> None:
        box = QRectF(x, y - 4.0, _BAR, 8.0)
        gradient = QLinearGradient(box.topLeft(), box.topRight())
        for step in range(9):
            value = lens.low + (lens.high - lens.low) * step / 8
            gradient.setColorAt(step / 8, brush.lens_color((value - lens.middle) / lens.reach))
        painter.fillRect(box, gradient)

    brush.write(lens.name)
    brush.write(low, strong=True)
    brush.draw(_BAR, bar)
    brush.write(high, strong=True)


def _blocks(brush: _Brush) -> None:
    """The icicle: height, strip and gold line of a rectangle."""

    def block(painter: QPainter, x: float, y: float) -> None:
        painter.fillRect(QRectF(x, y - 6.5, 22.0, 13.0), brush.value_color(0.0))
        painter.fillRect(QRectF(x, y - 6.5, 4.0, 13.0), brush.value_color(-0.9))

    def gold(painter: QPainter, x: float, y: float) -> None:
        painter.fillRect(QRectF(x, y - 6.5, 22.0, 13.0), brush.value_color(0.0))
        painter.fillRect(QRectF(x, y + 4.5, 15.0, 2.0), QColor(brush.theme.intuition))

    brush.write("height: visits", after=10.0)
    brush.draw(22.0, block)
    brush.write("strip: intuition", after=10.0)
    brush.draw(22.0, gold)
    brush.write("prior")


def _main_box(brush: _Brush) -> None:
    def box(painter: QPainter, x: float, y: float) -> None:
        painter.fillRect(QRectF(x, y - 6.0, 22.0, 12.0), brush.value_color(0.0))
        painter.setPen(QPen(QColor(brush.theme.effort), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(x + 0.8, y - 5.2, 20.4, 10.4))

    brush.draw(22.0, box)
    brush.write("main line")


def _folded(brush: _Brush) -> None:
    """The wedge of what a person folded: best and worst branch."""

    def wedge(painter: QPainter, x: float, y: float) -> None:
        for side, share in ((-1.0, 0.8), (1.0, -0.8)):
            path = QPainterPath(QPointF(x, y))
            path.lineTo(x + 16.0, y + side * 6.0)
            path.lineTo(x + 16.0, y)
            painter.fillPath(path, brush.value_color(share))

    brush.draw(16.0, wedge)
    brush.write("folded")


def _chosen(brush: _Brush) -> None:
    def ring(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(QPen(QColor(brush.theme.attention), 1.8))
        painter.setBrush(brush.value_color(0.0))
        painter.drawEllipse(QPointF(x + 6.0, y), 4.6, 4.6)

    brush.draw(12.0, ring)
    brush.write("selected, matching")


def _sizes(brush: _Brush) -> None:
    def discs(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush.value_color(0.0))
        for at, radius in ((2.5, 2.5), (12.0, 4.0), (26.0, 6.5)):
            painter.drawEllipse(QPointF(x + at, y), radius, radius)

    brush.draw(33.0, discs)
    brush.write("visits")


def _widths(brush: _Brush) -> None:
    brush.draw(_WEDGE, lambda painter, x, y: _wedge(painter, x, y, 8.0, 3.0, brush.value_color(0.0)))
    brush.write("prior → visits")


def _hopes(brush: _Brush) -> None:
    def cased(painter: QPainter, x: float, y: float) -> None:
        _wedge(painter, x, y, 11.0, 4.5, QColor(brush.theme.intuition))
        _wedge(painter, x, y, 7.0, 1.5, brush.value_color(-0.7))

    brush.draw(_WEDGE, cased)
    brush.write("intuition hoped")


def _main_line(brush: _Brush) -> None:
    def cased(painter: QPainter, x: float, y: float) -> None:
        _wedge(painter, x, y, 8.5, 8.5, QColor(brush.theme.effort))
        _wedge(painter, x, y, 5.0, 5.0, brush.value_color(0.0))

    brush.draw(_WEDGE, cased)
    brush.write("main line")


def _unvisited(brush: _Brush) -> None:
    def stub(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(QPen(color(brush.theme.intuition, 0.85), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawLine(QPointF(x, y), QPointF(x + 14.0, y))
        painter.drawEllipse(QPointF(x + 17.0, y), 2.4, 2.4)

    brush.draw(20.0, stub)
    brush.write("not visited")


def _rings(brush: _Brush) -> None:
    def ring(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(QPen(brush.value_color(-0.9), 2.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x + 8.0, y), 6.6, 6.6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush.value_color(0.9))
        painter.drawEllipse(QPointF(x + 8.0, y), 4.0, 4.0)

    brush.draw(16.0, ring)
    brush.write("ring: intuition")


def _pruned(brush: _Brush) -> None:
    def dashes(painter: QPainter, x: float, y: float) -> None:
        pen = QPen(QColor(brush.theme.pruned), 1.6)
        pen.setDashPattern([3.0, 2.4])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, y), QPointF(x + 20.0, y))

    brush.draw(20.0, dashes)
    brush.write("pruned:" if brush.record.reasons is None or brush.record.reasons else "pruned")


def _reason(reason: PruneReason, word: str, brush: _Brush) -> None:
    ink = QColor(brush.theme.quiet)
    brush.draw(9.0, lambda painter, x, y: paint_mark(painter, reason, x + 4.5, y, 3.8, ink, 1.0))
    brush.write(word)


def _lent(brush: _Brush) -> None:
    ink = QColor(brush.theme.effort)
    brush.draw(9.0, lambda painter, x, y: paint_loan(painter, x + 4.5, y, 4.0, ink, 1.0))
    brush.write("visits lent")


def _ends(brush: _Brush) -> None:
    def shapes(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush.value_color(0.0))
        painter.drawRect(QRectF(x, y - 4.5, 9.0, 9.0))
        diamond = QPainterPath(QPointF(x + 19.0, y - 6.0))
        for dx, dy in ((25.0, 0.0), (19.0, 6.0), (13.0, 0.0)):
            diamond.lineTo(x + dx, y + dy)
        painter.drawPath(diamond)

    def rings(painter: QPainter, x: float, y: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush.value_color(0.0))
        painter.drawEllipse(QPointF(x + 8.0, y), 3.6, 3.6)
        painter.setPen(QPen(QColor(brush.theme.effort), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x + 8.0, y), 6.6, 6.6)

    brush.draw(25.0, shapes)
    brush.write("end", after=12.0)
    brush.draw(15.0, rings)
    brush.write("proven")


_REASONS = {int(reason): partial(_reason, reason, word) for reason, word in REASON_WORDS}
_TAIL: tuple[_Entry, ...] = (_ends, _folded, _chosen, _lent, _pruned)


def _entries(record: LegendRecord) -> tuple[_Entry, ...]:
    """What a view needs explained, from left to right."""
    colors = _colors if record.lens is None else _lens_colors
    shown = record.reasons
    reasons = tuple(entry for reason, entry in _REASONS.items() if shown is None or reason in shown)
    if record.view is View.ICICLE:
        return (colors, _blocks, _main_box, *_TAIL, *reasons)
    rings = (_rings,) if record.lens is None else ()
    return (colors, _sizes, _widths, _hopes, _main_line, _unvisited, *rings, *_TAIL, *reasons)


def _counts(brush: _Brush) -> None:
    brush.write(counts_text(brush.record))


def _more(brush: _Brush) -> None:
    """There is more to read: an arrow that points to where it opens."""

    def arrow(painter: QPainter, x: float, y: float) -> None:
        pen = QPen(QColor(brush.theme.quiet), 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([QPointF(x, y + 2.0), QPointF(x + 4.0, y - 2.0), QPointF(x + 8.0, y + 2.0)])

    brush.write("legend")
    brush.draw(8.0, arrow)


def _few_counts(brush: _Brush) -> None:
    record = brush.record
    brush.write(f"{visits_text(record.drawn)} of {visits_text(record.nodes)} nodes drawn")


def _wedge(painter: QPainter, x: float, y: float, start: float, end: float, tint: QColor) -> None:
    path = QPainterPath(QPointF(x, y - 0.5 * start))
    path.lineTo(x + _WEDGE, y - 0.5 * end)
    path.lineTo(x + _WEDGE, y + 0.5 * end)
    path.lineTo(x, y + 0.5 * start)
    painter.fillPath(path, tint)
