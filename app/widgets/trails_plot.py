"""The lines of the trails chart, drawn with pyqtgraph.

Importing this module imports pyqtgraph, which takes some tenths of a second: only `app.widgets.trails` does it, late.
"""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from app.theme import DARK, GRID, Theme, color, font
from app.viewmodels.figures import count, percent
from app.viewmodels.records import TrailsRecord

_MARK = 9
"""Pixels of the mark at the favourite's prior."""
_ROOM_FOR_MARK = 0.012
"""Share of the width left free at the left edge."""
_AXIS_WIDTH, _AXIS_HEIGHT = 42, 18
_SHARES = (0, 50, 100)


class TrailsPlot(QObject):
    """Share in percent over simulations. Follows the search until a stretch is picked by dragging with Shift.

    Pressing or dragging means a moment. A double click shows the whole again. The wheel is left to whatever stands
    around the chart.

    Attributes:
        widget: what is shown.

    Signals:
        laid_out(): heights of shares changed.
        sought(int): look at that simulation.
    """

    laid_out = Signal()
    sought = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = TrailsRecord()
        self._follows = True
        self._curves: list[pg.PlotCurveItem] = []
        self._view = pg.PlotWidget(enableMenu=False)
        self.widget: QWidget = self._view
        self._item = self._view.getPlotItem()
        # A menu that is never shown, but would outlive the chart.
        self._item.ctrlMenu.setParent(self.widget, self._item.ctrlMenu.windowFlags())
        self._box = self._item.getViewBox()
        self._levels = [pg.InfiniteLine(pos=share, angle=0) for share in _SHARES]
        self._mark = pg.ScatterPlotItem(size=_MARK, symbol="d", pxMode=True)
        self._mark.setZValue(3)
        self._item.addItem(self._mark)
        self._playhead = pg.InfiniteLine(angle=90)
        self._playhead.setZValue(4)
        self._playhead.hide()
        self._item.addItem(self._playhead)
        self._configure()
        self._view.viewport().installEventFilter(self)
        self._box.sigRangeChangedManually.connect(self._stay)
        self._box.sigResized.connect(lambda _: self.laid_out.emit())

    def show_trails(self, record: TrailsRecord, pens: Sequence[QPen]) -> None:
        """Draw `record`, each trail with its pen."""
        self._record = record
        moments = np.array(record.moments, np.float64)
        while len(self._curves) < len(record.trails):
            self._curves.append(pg.PlotCurveItem())
            self._item.addItem(self._curves[-1])
        for place, curve in enumerate(self._curves):
            curve.setVisible(place < len(record.trails))
        for curve, trail, pen in zip(self._curves, record.trails, pens, strict=False):
            # Thin level lines are clear without smoothing.
            curve.setData(moments, 100 * np.array(trail.shares), pen=pen, antialias=pen.width() > 1)
            curve.setZValue(2 if trail.is_best else 1 if trail.is_favourite else 0)
        favourites = [trail.prior for trail in record.trails if trail.is_favourite]
        self._mark.setData(x=[moments[0]] * len(favourites), y=[100 * prior for prior in favourites])
        if self._follows:
            self.show_all()

    def show_playhead(self, at: int | None) -> None:
        """Draw a line at a moment; None = the present, which needs none."""
        self._playhead.setVisible(at is not None)
        if at is not None:
            self._playhead.setPos(at)

    def show_all(self) -> None:
        """Show the whole search, and follow it."""
        self._follows = True
        first, last = (self._record.moments[0], self._record.moments[-1]) if self._record.moments else (0, 1)
        span = max(last - first, 1)
        self._box.setXRange(first - _ROOM_FOR_MARK * span, first + span, padding=0)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes of all but the lines, whose pens come with the record."""
        self._theme = theme
        self._view.setBackground(color(theme.background))
        for level in self._levels:
            level.setPen(color(theme.hairline))
        self._playhead.setPen(pg.mkPen(color(theme.attention), width=2))
        self._mark.setPen(color(theme.background))
        self._mark.setBrush(color(theme.intuition))
        self._box.rbScaleBox.setPen(pg.mkPen(color(theme.attention), width=0))
        self._box.rbScaleBox.setBrush(color(theme.attention, 0.2))
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(color(theme.hairline))
            axis.setTextPen(color(theme.quiet))
            axis.setTickFont(font(theme.small))
        self._item.getAxis("left").setWidth(theme.room(_AXIS_WIDTH))
        self._item.getAxis("bottom").setHeight(theme.room(_AXIS_HEIGHT))

    def height_of(self, share: float) -> float:
        """Pixels from the widget's top to where `share` in [0, 1] is drawn."""
        return float(self._box.mapViewToScene(QPointF(0, 100 * share)).y())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.Wheel:
            event.ignore()
            return True
        if kind is QEvent.Type.MouseButtonDblClick:
            self.show_all()
            return True
        if isinstance(event, QMouseEvent) and self._scrubs(event):
            return True
        if isinstance(event, QHelpEvent) and kind is QEvent.Type.ToolTip:
            x = self._box.mapSceneToView(QPointF(event.pos())).x()
            QToolTip.showText(event.globalPos(), self.told_at(x), self.widget)
            return True
        return super().eventFilter(watched, event)

    def _scrubs(self, event: QMouseEvent) -> bool:
        """Whether the mouse means a moment, which is then told."""
        is_held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if not is_held or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return False
        if event.type() not in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove):
            return False
        self.sought.emit(round(self._box.mapSceneToView(event.position()).x()))
        return True

    def told_at(self, moment: float) -> str:
        """The shares around simulation `moment`, in words."""
        moments = self._record.moments
        if not moments:
            return ""
        place = int(np.abs(np.array(moments) - moment).argmin())
        shares = sorted(self._record.trails, key=lambda trail: -trail.shares[place])
        lines = [f"{trail.text}  {percent(trail.shares[place])}" for trail in shares]
        return "\n".join((f"After {count(moments[place])} simulations", *lines))

    def _configure(self) -> None:
        """Shares always from 0 to 100 %; moments are written out, not in powers of ten."""
        self._item.hideButtons()
        self._item.layout.setContentsMargins(0, GRID, 0, 0)
        self._box.setDefaultPadding(0)
        self._box.setMouseMode(pg.ViewBox.RectMode)
        self._box.setMouseEnabled(x=True, y=False)
        self._box.disableAutoRange()
        self._box.setLimits(yMin=-1, yMax=101, minYRange=102, maxYRange=102)
        self._box.setYRange(-1, 101, padding=0)
        left, bottom = self._item.getAxis("left"), self._item.getAxis("bottom")
        left.setTicks([[(share, f"{share} %") for share in _SHARES], []])
        bottom.enableAutoSIPrefix(False)
        bottom.tickStrings = lambda values, *_: [count(round(value)) for value in values]
        for axis in (left, bottom):
            axis.setStyle(tickLength=0, tickTextOffset=GRID // 2)
        # The lowest and the highest stand half beyond the axis.
        left.setStyle(hideOverlappingLabels=False)
        for level in self._levels:
            self._item.addItem(level)

    def _stay(self, *_: object) -> None:
        self._follows = False
