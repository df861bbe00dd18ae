"""The picture that explains the program: intuition's share of a move in gold, over the search's share in ivory.

Where ivory outgrows gold, the search knows better than the intuition.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.theme import Theme, color, font
from app.viewmodels.figures import percent
from app.viewmodels.records import CandidateRow

_GAP = 6
"""Pixels between a bar and its figure."""
_THICK = 7
_PRUNED_OPACITY = 0.6


def bars_height(theme: Theme) -> int:
    """Pixels that a pair of bars needs."""
    return 2 * theme.small + 6


def paint_share_bars(
    painter: QPainter,
    area: QRectF,
    row: CandidateRow,
    theme: Theme,
    *,
    longest: float,
    stale: bool,
    searched: bool = True,
) -> None:
    """Draw the pair with its percentages. A pruned row is dimmed, and says why; what was tried stays legible.

    Args:
        painter: draws; its font and pen are changed.
        area: room for both bars; figures stand to the right of each bar.
        row: what to draw.
        theme: colours.
        longest: the share in (0, 1] that fills the room.
        stale: draw in grey. searched: False = there was no search: only the gold bar is drawn.
    """
    middle = area.center().y()
    upper = QRectF(area.left(), area.top(), area.width(), middle - area.top())
    lower = QRectF(area.left(), middle, area.width(), area.bottom() - middle)
    if not searched:
        upper = area
    gold, ivory = (theme.pruned, theme.pruned) if stale else (theme.intuition, theme.effort)
    share = percent(row.visit_share)
    words = (f"{share}  {row.pruned}", share) if row.pruned else (share,)
    painter.setOpacity(_PRUNED_OPACITY if row.pruned else 1.0)
    _paint_bar(painter, upper, row.prior / longest, gold, (percent(row.prior),), theme)
    if searched:
        _paint_bar(painter, lower, row.visit_share / longest, ivory, words, theme)
    painter.setOpacity(1.0)


def _paint_bar(painter: QPainter, area: QRectF, filled: float, tint: str, words: Sequence[str], theme: Theme) -> None:
    """One bar, and beside it the first of `words`, longest first, that there is room for."""
    painter.setFont(font(theme.small))
    metrics = painter.fontMetrics()
    room = max(area.width() - metrics.horizontalAdvance("9.9 %") - _GAP, 1.0)
    length = max(round(room * min(max(filled, 0.0), 1.0)), 1)
    thick = theme.room(_THICK)
    bar = QRectF(round(area.left()), round(area.center().y() - thick / 2), length, thick)
    painter.fillRect(bar, color(tint))
    beside = QRectF(bar.right() + _GAP, area.top(), area.right() - bar.right() - _GAP, area.height())
    painter.setPen(QPen(color(theme.quiet)))
    fitting = (text for text in words if metrics.horizontalAdvance(text) <= beside.width())
    text = next(fitting, metrics.elidedText(words[-1], Qt.TextElideMode.ElideRight, int(beside.width())))
    painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
