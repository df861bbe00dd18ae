"""One position through all generations: the value above, the priors of the leading actions below."""

from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from app.theme import color, font
from app.viewmodels.figures import percent, signed
from app.viewmodels.scrubber import GenerationPoint, ScrubberRecord
from app.widgets.scrub_curve import INSET, ScrubCurve

_LEFT, _RIGHT = 52, 64
"""Room for the scales, and for the names of the actions."""
_VALUE_SHARE = 0.36
"""Of the height, for the value."""
_STYLES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
)
_WIDTHS = (2.6, 1.4, 1.4, 1.4, 1.4)


class ScrubberChart(ScrubCurve):
    """Each generation a place; what was not asked yet leaves a gap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = ScrubberRecord()
        self.setMinimumHeight(110)
        self.setAccessibleName("Value and priors over the generations")

    def show_record(self, record: ScrubberRecord) -> None:
        """Draw `record`."""
        self._record = record
        self.setAccessibleDescription(self.place_text(record.at) if record.points else "")
        self.update()

    @override
    def places(self) -> int:
        return len(self._record.points)

    @override
    def cursor_place(self) -> int:
        return self._record.at

    @override
    def place_text(self, place: int) -> str:
        return point_text(self._record.points[place], self._record.actions)

    @override
    def sides(self) -> tuple[float, float]:
        left, right = float(self._theme.room(_LEFT)), float(self.width() - self._theme.room(_RIGHT))
        if self.places() == 1:
            return (left + right) / 2, right
        return left, max(right, left + 1.0)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        record = self._record
        if not record.points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        upper, lower = self._rooms()
        highest = max((share or 0.0 for point in record.points for share in point.priors), default=0.0) or 1.0
        self._paint_scale(painter, upper, ((1.0, "+1"), (0.5, "0"), (0.0, signed(-1.0, 0))), "value")
        self._paint_scale(painter, lower, ((1.0, percent(highest)), (0.0, "0 %")), "prior")
        values = [None if point.value is None else (1 + point.value) / 2 for point in record.points]
        self._paint_line(painter, upper, values, color(self._theme.effort), 1.8, Qt.PenStyle.SolidLine)
        for curve in reversed(range(len(record.actions))):
            shares = [point.priors[curve] if point.priors else None for point in record.points]
            heights = [None if share is None else share / highest for share in shares]
            tint = color(self._theme.intuition, 1.0 if curve == 0 else 0.75)
            self._paint_line(painter, lower, heights, tint, _WIDTHS[curve], _STYLES[curve])
        self.paint_cursors(painter)
        self._paint_names(painter, lower, highest)
        self._paint_generations(painter, lower)

    def _rooms(self) -> tuple[QRectF, QRectF]:
        """Where the value goes, and the priors."""
        height = self.height() - 2 * INSET - self._theme.small - 4
        split = height * _VALUE_SHARE
        gap = INSET + self._theme.small  # labels of the one scale and of the other
        return (
            QRectF(0, INSET, self.width(), split - gap / 2),
            QRectF(0, INSET + split + gap / 2, self.width(), height - split - gap / 2),
        )

    def _paint_scale(self, painter: QPainter, room: QRectF, levels: tuple[tuple[float, str], ...], name: str) -> None:
        theme = self._theme
        painter.setFont(font(theme.small))
        left, right = float(theme.room(_LEFT)) - 6, self.width() - theme.room(_RIGHT) + 6.0
        for height, text in levels:
            y = room.bottom() - height * room.height()
            painter.setPen(QPen(color(theme.hairline), 1))
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            painter.setPen(color(theme.quiet))
            place = QRectF(0, y - theme.small, left - 4, 2 * theme.small)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if name == "value":
            place = QRectF(right + 2, room.top() - theme.small / 2, self.width() - right, room.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, name)

    def _paint_line(
        self,
        painter: QPainter,
        room: QRectF,
        heights: list[float | None],
        tint: QColor,
        width: float,
        style: Qt.PenStyle,
    ) -> None:
        """A line with dots through known heights in [0, 1]; gaps stay open."""
        places = [
            None if height is None else QPointF(self.x_of(place), room.bottom() - height * room.height())
            for place, height in enumerate(heights)
        ]
        pen = QPen(tint, width)
        pen.setStyle(style)
        painter.setPen(pen)
        for before, after in pairwise(places):
            if before is not None and after is not None:
                painter.drawLine(before, after)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        for dot in places:
            if dot is not None:
                painter.drawEllipse(dot, 1.2 + width, 1.2 + width)

    def _paint_names(self, painter: QPainter, room: QRectF, highest: float) -> None:
        """The actions beside the last known ends of their lines, moved apart where they would touch."""
        record, theme = self._record, self._theme
        last = next((point for point in reversed(record.points) if point.priors), None)
        if last is None:
            return
        wanted = sorted(
            (room.bottom() - (share or 0.0) / highest * room.height(), curve) for curve, share in enumerate(last.priors)
        )
        step = theme.small + 2.0
        heights: list[float] = []
        for y, _ in wanted:
            heights.append(max(y, heights[-1] + step) if heights else max(y, room.top()))
        excess = max(0.0, heights[-1] - room.bottom()) if heights else 0.0
        left = self.width() - theme.room(_RIGHT) + 10.0
        for (_, curve), y in zip(wanted, heights, strict=True):
            painter.setFont(font(theme.small, strong=curve == 0))
            painter.setPen(color(theme.text if curve == 0 else theme.quiet))
            place = QRectF(left, y - excess - step / 2, self.width() - left, step)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, record.actions[curve])

    def _paint_generations(self, painter: QPainter, room: QRectF) -> None:
        """A green tick for each, and as many names as fit; the one that is looked at always."""
        record, theme = self._record, self._theme
        painter.setFont(font(theme.small))
        metrics = painter.fontMetrics()
        taken: list[tuple[float, float]] = []
        order = [record.at, len(record.points) - 1, *range(len(record.points))]
        for place in dict.fromkeys(order):
            x, point = self.x_of(place), record.points[place]
            painter.setPen(QPen(color(theme.learning if point.is_known else theme.pruned), 2))
            painter.drawLine(QPointF(x, room.bottom()), QPointF(x, room.bottom() + 4))
            width = metrics.horizontalAdvance(point.id) + 8
            left = min(max(x - width / 2, 0.0), self.width() - width)
            if any(left < end and left + width > start for start, end in taken):
                continue
            taken.append((left, left + width))
            painter.setPen(color(theme.text if place == record.at else theme.quiet))
            name = QRectF(left, room.bottom() + 5, width, theme.small + 6)
            painter.fillRect(name, color(theme.panel))
            painter.drawText(name, Qt.AlignmentFlag.AlignCenter, point.id)


def point_text(point: GenerationPoint, actions: tuple[str, ...]) -> str:
    """One line about a generation, for the pointer."""
    if not point.is_known:
        return f"{point.id} · {point.trouble or 'not asked yet'}"
    said = [point.id, f"plays {point.best}", f"value {signed(point.value)}"]
    said.extend(
        f"{action} {percent(prior)}" for action, prior in zip(actions, point.priors, strict=True) if prior is not None
    )
    return " · ".join(said)
