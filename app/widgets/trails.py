"""How the search changed its mind, as a chart: the visit shares of the leading actions over simulations.

The library that draws it takes longer to import than the window takes to open. So the chart begins as a line of words,
asks for the library when there is something to draw, and draws once it is told that the library is there.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget
from typing_extensions import override

from app.theme import DARK, PADDING, Theme, color
from app.viewmodels.figures import percent
from app.viewmodels.records import TrailsRecord
from app.widgets.trail_names import Name, TrailNames

if TYPE_CHECKING:
    from app.widgets.trails_plot import TrailsPlot

_HEIGHT, _LEAST_HEIGHT = 140, 88
_DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)
"""Of the lines that are neither best nor favourite, by falling prior."""
_EMPTY = "How the search divides its visits among the moves is drawn here once it has begun."
_TOOLTIP = (
    "Share of the visits that each move had, over simulations. Ivory: the best move now. Gold: intuition's favourite; "
    "the diamond marks the share intuition gave it. Press or drag to look at that moment; drag with "
    "Shift to look closer, double-click to see all."
)


def load_library() -> None:
    """Import what `TrailsChart.build` needs; takes some tenths of a second, on any thread."""
    import_module("pyqtgraph")


class TrailsChart(QWidget):
    """Lines of at most half a dozen actions, named at their right ends.

    Signals:
        sought(int): look at that simulation.
        library_wanted(): there is something to draw: `load_library`, then `build`. Emitted once.
    """

    sought = Signal(int)
    library_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._record = TrailsRecord()
        self._plot: TrailsPlot | None = None
        self._was_wanted = False
        self._at: int | None = None
        self._empty = QLabel(_EMPTY)
        self._empty.setProperty("role", "quiet")
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(PADDING, 0, PADDING, 0)
        self._names = TrailNames("simulations")
        self._names.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._empty, 1)
        self._row.addWidget(self._names)
        self.setAccessibleName("Trails: visit shares over simulations")
        self.setToolTip(_TOOLTIP)

    def show_trails(self, record: TrailsRecord) -> None:
        """Draw `record` in place of what was there."""
        self._record = record
        now = (f"{trail.text} {percent(trail.shares[-1])}" for trail in record.trails)
        self.setAccessibleDescription(", ".join(now))
        if record.trails and not self._was_wanted:
            self._was_wanted = True
            self.library_wanted.emit()
        self._draw()

    def show_playhead(self, at: int | None) -> None:
        """Where one looks: a simulation, or None for the present."""
        self._at = at
        if self._plot is not None:
            self._plot.show_playhead(at)

    def build(self) -> None:
        """The library is loaded: draw from now on."""
        from app.widgets.trails_plot import TrailsPlot

        self._plot = TrailsPlot(self)
        self._plot.laid_out.connect(self._place_names)
        self._plot.sought.connect(self.sought)
        self._plot.show_playhead(self._at)
        self._row.insertWidget(1, self._plot.widget, 1)
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._names.set_theme(theme)
        if self._plot is not None:
            self._plot.set_theme(theme)
        self._draw()

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, self._theme.room(_HEIGHT))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._theme.room(_LEAST_HEIGHT))

    def _draw(self) -> None:
        is_drawn = self._plot is not None and bool(self._record.trails)
        self._empty.setVisible(not is_drawn)
        self._names.setVisible(is_drawn)
        if self._plot is not None:
            self._plot.widget.setVisible(is_drawn)
            if is_drawn:
                self._plot.show_trails(self._record, pens(self._record, self._theme))
                self._place_names()

    def _place_names(self) -> None:
        if self._plot is None:
            return
        drawn = pens(self._record, self._theme)
        names = tuple(
            Name(self._plot.height_of(trail.shares[-1]), trail.text, percent(trail.shares[-1]), pen, trail.is_best)
            for trail, pen in zip(self._record.trails, drawn, strict=True)
        )
        self._names.show_names(names, self._plot.height_of(0))


def pens(record: TrailsRecord, theme: Theme) -> list[QPen]:
    """How each trail is drawn: the best ivory and wide, the favourite gold, others quiet and told apart by dashes."""
    others = sorted(
        (trail for trail in record.trails if not trail.is_best and not trail.is_favourite), key=lambda t: -t.prior
    )
    dashes = {trail.action: _DASHES[place % len(_DASHES)] for place, trail in enumerate(others)}
    made = []
    for trail in record.trails:
        tint = theme.effort if trail.is_best else theme.intuition if trail.is_favourite else theme.quiet
        pen = QPen(color(theme.pruned if record.stale else tint), 2 if trail.is_best or trail.is_favourite else 1)
        pen.setStyle(dashes.get(trail.action, Qt.PenStyle.SolidLine))
        pen.setCosmetic(True)
        made.append(pen)
    return made
