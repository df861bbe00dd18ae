"""What can a search be compared with? Another search, an earlier moment of its own, or a recording."""

import msgspec
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import GRID, PADDING, Theme
from app.viewmodels.comparison import ChoicesRecord, MomentSource, SearchSource
from app.viewmodels.search_options import METHOD_TEXTS, needs_budget, options_of, shown_value
from app.widgets.icons import set_icon
from app.widgets.options_popup import OptionsPopup
from engine.search.limits import Limits
from engine.search.settings import SearchSettings

_MOST_BUDGET = 100_000_000
_WIDTH = 520


class CompareChooser(QScrollArea):
    """A page with three ways to get a second tree; each has its own button.

    Signals:
        source_chosen(object): a `SearchSource` or a `MomentSource`.
        file_wanted(): a recording is to be chosen. cancelled(): nothing is to be compared.
    """

    source_chosen = Signal(object)
    file_wanted = Signal()
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record = ChoicesRecord()
        self._settings = SearchSettings()
        self._generation, self._method = _combo("Intuition"), _combo("Method")
        for method in METHOD_TEXTS:
            self._method.addItem(method.text, method.name)
        self._method.activated.connect(lambda place: self._take_method(self._method.itemData(place)))
        self._options = OptionsPopup(self, has_limits=False)
        self._options.settings_chosen.connect(self._take_settings)
        self._more = QToolButton()
        self._more.setAccessibleName("Settings of the other search")
        self._more.setToolTip("The numbers of the method. (search settings)")
        self._more.clicked.connect(self._open_options)
        self._differs = QLabel()
        self._differs.setProperty("role", "quiet")
        self._budget = _spin("Simulations of the other search", 0, _MOST_BUDGET)
        self._budget.setSpecialValueText("as many as A")
        self._budget.setSingleStep(1000)
        self._in_step = QCheckBox("In step")
        self._in_step.setToolTip("The other search never has more simulations than this one while it grows.")
        self._in_step.toggled.connect(self._offer)
        self._moment, self._slider = _spin("Moment", 1, 1), QSlider(Qt.Orientation.Horizontal)
        self._moment.setSuffix(" simulations")
        self._slider.setAccessibleName("Moment, roughly")
        self._slider.valueChanged.connect(self._moment.setValue)
        self._moment.valueChanged.connect(self._slider.setValue)
        self._search_button = _button("Compare with this search")
        self._search_button.clicked.connect(lambda: self.source_chosen.emit(self._search()))
        self._moment_button = _button("Compare with this moment")
        self._moment_button.clicked.connect(lambda: self.source_chosen.emit(MomentSource(self._moment.value())))
        self._file_button = _button("Choose a recording …")
        self._file_button.clicked.connect(self.file_wanted)
        self._cancel = QPushButton("Cancel")
        self._cancel.setProperty("role", "compact")
        self._cancel.clicked.connect(self.cancelled)
        self.setAccessibleName("Compare with")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._lay_out()

    def show_choices(self, record: ChoicesRecord) -> None:
        """Begin with what is in force for A."""
        self._record, self._settings = record, record.settings
        self._generation.clear()
        for choice in record.generations:
            self._generation.addItem(choice.text, choice.id)
        self._generation.setCurrentIndex(max(0, self._generation.findData(record.generation)))
        last = max(record.first, record.simulations)
        for widget in (self._moment, self._slider):
            widget.setRange(record.first, last)
        self._moment.setValue(max(record.first, record.simulations // 10))
        self._take_settings(record.settings)
        self._offer()

    def set_theme(self, theme: Theme) -> None:
        """Change the icon; the rest comes with the style sheet."""
        set_icon(self._more, "tune-variant", theme)

    def _search(self) -> SearchSource:
        budget = self._budget.value() or None
        return SearchSource(self._generation.currentData(), self._settings, budget, self._in_step.isChecked())

    def _take_method(self, method: str) -> None:
        self._take_settings(msgspec.structs.replace(self._settings, method=method))

    def _take_settings(self, settings: SearchSettings) -> None:
        self._settings = settings
        self._method.setCurrentIndex(self._method.findData(settings.method))
        self._options.show_options(settings, Limits())
        self._differs.setText(_differences(self._record.settings, settings))
        self._offer()

    def _offer(self) -> None:
        """Only what makes sense."""
        can_step = not needs_budget(self._settings.method)
        self._in_step.setEnabled(can_step)
        if not can_step:
            self._in_step.setChecked(False)
        self._budget.setEnabled(not self._in_step.isChecked())
        self._search_button.setEnabled(self._record.can_search)
        has_past = self._record.simulations > self._record.first
        for widget in (self._moment, self._slider, self._moment_button):
            widget.setEnabled(has_past)
        self._file_button.setEnabled(self._record.can_search)

    def _open_options(self) -> None:
        self._options.open_above(self.mapToGlobal(QPoint(PADDING, self.height())))

    def _lay_out(self) -> None:
        search = QGridLayout()
        search.setHorizontalSpacing(GRID)
        search.setVerticalSpacing(GRID)
        search.setColumnStretch(1, 1)
        search.addWidget(QLabel("Intuition"), 0, 0)
        search.addWidget(self._generation, 0, 1, 1, 2)
        search.addWidget(QLabel("Method"), 1, 0)
        search.addWidget(self._method, 1, 1)
        search.addWidget(self._more, 1, 2)
        search.addWidget(self._differs, 2, 1, 1, 2)
        search.addWidget(QLabel("Budget"), 3, 0)
        search.addWidget(_row(self._budget, self._in_step), 3, 1, 1, 2)
        page = QWidget()
        inner = QVBoxLayout()
        inner.setSpacing(GRID)
        title = QLabel("Compare this search with …")
        title.setProperty("role", "large")
        inner.addWidget(_row(title, None, self._cancel))
        _section(inner, "another search of the same position, by a second engine", search, self._search_button)
        moment = QHBoxLayout()
        moment.addWidget(self._slider, 1)
        moment.addWidget(self._moment)
        _section(inner, "an earlier moment of its own", moment, self._moment_button)
        _section(inner, "a recording of the same position", None, self._file_button)
        inner.addStretch()
        column = QWidget()
        column.setMaximumWidth(_WIDTH)
        column.setLayout(inner)
        outer = QHBoxLayout(page)
        outer.setContentsMargins(2 * PADDING, 2 * PADDING, 2 * PADDING, PADDING)
        outer.addStretch()
        outer.addWidget(column, 1000)
        outer.addStretch()
        self.setWidget(page)


def _differences(a: SearchSettings, b: SearchSettings) -> str:
    """In what the other search's settings differ, in a few words."""
    parts = []
    for option in options_of(b.method):
        mine, other = shown_value(option, a), shown_value(option, b)
        if mine != other and mine is not None and other is not None:
            parts.append(f"{option.label.lower()} {mine:,.{option.digits}f} → {other:,.{option.digits}f}{option.unit}")
    if a.method == b.method and not parts:
        return "The same settings as A."
    return ", ".join(parts) if parts else "Another method."


def _section(column: QVBoxLayout, text: str, fields: QGridLayout | QHBoxLayout | None, button: QPushButton) -> None:
    line = QFrame()
    line.setProperty("role", "hairline")
    line.setFixedHeight(1)
    heading = QLabel(f"… {text}")
    heading.setProperty("role", "heading")
    heading.setWordWrap(True)
    column.addSpacing(GRID)
    column.addWidget(line)
    column.addWidget(heading)
    if fields is not None:
        column.addLayout(fields)
    column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)


def _row(*widgets: QWidget | None) -> QWidget:
    """Widgets beside each other; None = room."""
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID)
    for widget in widgets:
        if widget is None:
            row.addStretch()
        else:
            row.addWidget(widget)
    return host


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(f"{name} of the other search")
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(10)
    return combo


def _spin(name: str, low: int, high: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(low, high)
    spin.setGroupSeparatorShown(True)
    spin.setAccessibleName(name)
    spin.setAlignment(Qt.AlignmentFlag.AlignRight)
    return spin


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(True)
    return button
