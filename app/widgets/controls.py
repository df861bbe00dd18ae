"""The row of controls: run, pause and step the search, with which budget, intuition and method."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import DARK, GRID, PADDING, Theme
from app.viewmodels.records import ControlsRecord, StatusRecord
from app.viewmodels.search_options import METHOD_TEXTS, limits_sentence
from app.widgets.icons import set_icon
from app.widgets.live_tag import LiveTag
from app.widgets.options_popup import OptionsPopup
from app.widgets.short_chooser import ShortChooser
from app.widgets.watch_button import WatchButton

BUDGETS: tuple[int | None, ...] = (None, 100, 800, 1_600, 10_000, 100_000, 1_000_000)
STEPS = (1, 10, 100)

_PROGRESS_PARTS = 1000
_LEAST_LETTERS = {"Budget": 6, "Generation": 9, "Method": 5, "Domain": 6}
"""Of each chooser, in a narrow window."""
_BESIDE_TEXT = 48
"""Pixels of a chooser that are not text: padding and arrow."""
_RUN_WIDTH = 96
_GENERATION_TOOLTIP = "Whose intuition guides the search. (network generation)"
_AT_REST = ("ready", "stopped", "paused", "finished", "replay")
"""From here a search can be started or stepped; from a recording it goes on live."""
_CAN_STOP = ("running", "paused", "finished")


class Controls(QWidget):
    """The bottom row.

    Attributes:
        watch: the button with the list of what the search pauses for.

    Signals:
        start_clicked(), pause_clicked(), stop_clicked(): what the search should do.
        step_clicked(int): simulations to add.
        budget_changed(object): simulations per run, or None for no limit.
        generation_chosen(str), method_chosen(str), domain_chosen(str): names of what was chosen.
        settings_chosen(object), limits_chosen(object): from the popover, `SearchSettings` and `Limits`.
    """

    start_clicked = Signal()
    pause_clicked = Signal()
    stop_clicked = Signal()
    step_clicked = Signal(int)
    budget_changed = Signal(object)
    generation_chosen = Signal(str)
    method_chosen = Signal(str)
    domain_chosen = Signal(str)
    settings_chosen = Signal(object)
    limits_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._engine = ""
        self._progress = QProgressBar()
        self._progress.setRange(0, _PROGRESS_PARTS)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(3)
        self._progress.setAccessibleName("Progress of the budget")
        self._run = QPushButton("Start")
        self._run.setFixedWidth(_RUN_WIDTH)
        self._run.clicked.connect(self._run_or_pause)
        self._stop = QToolButton()
        self._stop.setToolTip("End the search and free its memory; what was found stays on screen. (stop)")
        self._stop.setAccessibleName("Stop")
        self._stop.clicked.connect(self.stop_clicked)
        self._steps = [self._step_button(count) for count in STEPS]
        self.watch = WatchButton()
        self._budget = _chooser("Budget", "How many simulations a run may use. (simulation budget)")
        self._generation = _chooser("Generation", _GENERATION_TOOLTIP, ShortChooser())
        self._method = _chooser("Method", "How the search chooses where to look next. (search method)")
        self._options = OptionsPopup(self)
        self._options.settings_chosen.connect(self.settings_chosen)
        self._options.limits_chosen.connect(self.limits_chosen)
        self._more = QToolButton()
        self._more.setAccessibleName("Search settings")
        self._more.clicked.connect(self._open_options)
        self._domain = _chooser("Domain", "What is being thought about. (domain)")
        self._live = LiveTag()
        for combo, chosen in (
            (self._budget, self.budget_changed),
            (self._generation, self.generation_chosen),
            (self._method, self.method_chosen),
            (self._domain, self.domain_chosen),
        ):
            _report(combo, chosen)
        self.setAccessibleName("Controls")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self.show_controls(ControlsRecord())
        self.show_status(StatusRecord())

    def show_controls(self, record: ControlsRecord) -> None:
        """Show what is chosen, and what there is to choose from."""
        budgets = BUDGETS if record.budget in BUDGETS else (*BUDGETS, record.budget)
        _fill(self._budget, [(b, "No limit" if b is None else f"{b:,}") for b in budgets], record.budget)
        _fill(self._generation, [(g.id, g.text) for g in record.generations], record.generation)
        chosen = self._generation.currentText()
        self._generation.setToolTip(f"{chosen}. {_GENERATION_TOOLTIP}" if chosen else _GENERATION_TOOLTIP)
        self._show_method(record)
        _fill(self._domain, record.domains, record.domain)
        self._live.show_live(record.live)

    def show_status(self, record: StatusRecord) -> None:
        """Offer what makes sense now."""
        if record.engine != self._engine:
            self._engine = record.engine
            self._dress_run_button()
        is_running = record.engine == "running"
        self._run.setEnabled(is_running or record.engine in _AT_REST)
        self._stop.setEnabled(record.engine in _CAN_STOP)
        for button in self._steps:
            button.setEnabled(record.engine in _AT_REST)
        self._progress.setValue(round((record.progress or 0.0) * _PROGRESS_PARTS))

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self._live.set_theme(theme)
        self._run.setFixedWidth(theme.room(_RUN_WIDTH))
        self.watch.set_theme(theme)
        set_icon(self._stop, "stop", theme)
        set_icon(self._more, "tune-variant", theme)
        self._dress_run_button()

    def _show_method(self, record: ControlsRecord) -> None:
        _fill(self._method, [(method.name, method.text) for method in METHOD_TEXTS], record.settings.method)
        for place, method in enumerate(METHOD_TEXTS):
            self._method.setItemData(place, method.tooltip, Qt.ItemDataRole.ToolTipRole)
            if method.name == record.settings.method:
                self._method.setToolTip(method.tooltip)
        self._options.show_options(record.settings, record.limits)
        ends = limits_sentence(record.limits)
        also = f" A run also ends by: {ends}." if ends else ""
        self._more.setToolTip(f"What else ends a run, and the numbers of the method.{also} (search settings)")

    def _open_options(self) -> None:
        self._options.open_above(self.mapToGlobal(QPoint(self._more.x(), 0)))

    def _dress_run_button(self) -> None:
        is_running = self._engine == "running"
        self._run.setText("Pause" if is_running else "Start")
        meaning = "Stand still and keep everything." if is_running else "Search until the budget is used up."
        self._run.setToolTip(f"{meaning} (Space)")
        set_icon(self._run, "pause" if is_running else "play", self._theme)

    def _run_or_pause(self) -> None:
        (self.pause_clicked if self._engine == "running" else self.start_clicked).emit()

    def _step_button(self, count: int) -> QToolButton:
        button = QToolButton()
        button.setText(f"+{count}")
        word = "simulation" if count == 1 else "simulations"
        button.setToolTip(f"Let the search look {count} more times, then stand still. ({count} {word})")
        button.setAccessibleName(f"Step {count}")
        button.clicked.connect(lambda: self.step_clicked.emit(count))
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(PADDING, GRID, PADDING, GRID)
        row.setSpacing(GRID)
        for widget in (self._run, self._stop):
            row.addWidget(widget)
        row.addSpacing(GRID)
        for button in self._steps:
            row.addWidget(button)
        row.addWidget(self.watch)
        row.addSpacing(GRID)
        for caption, combo in (("Budget", self._budget), ("Intuition", self._generation), ("Method", self._method)):
            row.addWidget(_quiet(caption))
            row.addWidget(combo, 1 if combo is self._budget else 4)
        row.addWidget(self._more)
        row.addWidget(self._domain, 1)
        row.addStretch(0)
        row.addWidget(self._live)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._progress)
        column.addLayout(row)


def _chooser(name: str, tooltip: str, combo: QComboBox | None = None) -> QComboBox:
    combo = combo or QComboBox()
    combo.setAccessibleName(name)
    combo.setToolTip(tooltip)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(_LEAST_LETTERS[name])
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo


def _report(combo: QComboBox, chosen: SignalInstance) -> None:
    """Tell what a person chose; what a record chooses is not told."""
    combo.activated.connect(lambda place: chosen.emit(combo.itemData(place)))


def _fill(combo: QComboBox, entries: Iterable[tuple[object, str]], current: object) -> None:
    """Show `entries`; nothing is touched where they are shown already, so that an open list stays open."""
    wanted = list(entries)
    if wanted != [(combo.itemData(place), combo.itemText(place)) for place in range(combo.count())]:
        combo.clear()
        for data, text in wanted:
            combo.addItem(text, data)
        longest = max((combo.fontMetrics().horizontalAdvance(text) for _, text in wanted), default=0)
        combo.setMaximumWidth(longest + _BESIDE_TEXT)
    keys = [data for data, _ in wanted]
    combo.setCurrentIndex(keys.index(current) if current in keys else -1)


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "quiet")
    label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    return label
