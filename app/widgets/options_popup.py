"""What is chosen more rarely than budget and method: what else ends a run, and the numbers a method listens to."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import GRID, PADDING
from app.viewmodels.search_options import (
    LIMITS,
    METHOD_TEXTS,
    Option,
    field_value,
    options_of,
    shown_value,
)
from engine.search.limits import Limits
from engine.search.settings import SearchSettings

_SPIN_WIDTH = 148


class OptionsPopup(QFrame):
    """Two columns over the row of controls; a click beside it closes it. Every choice holds at once.

    Signals:
        settings_chosen(object): the `SearchSettings` wanted now. limits_chosen(object): the `Limits` wanted now.
    """

    settings_chosen = Signal(object)
    limits_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, has_limits: bool = True) -> None:
        """`has_limits`: also offer what ends a run."""
        super().__init__(parent, Qt.WindowType.Popup)
        self._has_limits = has_limits
        self._settings, self._limits = SearchSettings(), Limits()
        self._limit_rows = [_LimitRow(option, self._choose_limit) for option in LIMITS] if has_limits else []
        self._setting_rows: list[_SettingRow] = []
        self._method = QLabel()
        self._method.setProperty("role", "heading")
        self._settings_column = QVBoxLayout()
        self._settings_page = QWidget()
        self._defaults = QPushButton("Defaults")
        self._defaults.setToolTip("Take the usual values for this method. (default settings)")
        self._defaults.clicked.connect(self._take_defaults)
        self.setAccessibleName("Search settings")
        self.setProperty("role", "popup")
        self._lay_out()
        self.show_options(self._settings, self._limits)

    def show_options(self, settings: SearchSettings, limits: Limits) -> None:
        """Show what is in force."""
        is_other = settings.method != self._settings.method or not self._setting_rows
        self._settings, self._limits = settings, limits
        if is_other:
            self._rebuild(settings)
        for row in self._setting_rows:
            row.show_value(shown_value(row.option, settings) or 0.0)
        for limit in self._limit_rows:
            limit.show_value(shown_value(limit.option, limits))

    def open_above(self, point: QPoint) -> None:
        """Show it with its lower left corner at a place of the screen, or as near as there is room."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        left = min(max(point.x(), room.left()), room.right() - self.width())
        self.move(left, max(point.y() - self.height(), room.top()))
        self.show()

    def _choose_limit(self, option: Option, shown: float | None) -> None:
        if not _is_shown(option, self._limits, shown):
            value = None if shown is None else field_value(option, shown)
            self._limits = msgspec.structs.replace(self._limits, **{option.name: value})
            self.limits_chosen.emit(self._limits)

    def _choose_setting(self, option: Option, shown: float) -> None:
        if not _is_shown(option, self._settings, shown):
            self._settings = msgspec.structs.replace(self._settings, **{option.name: field_value(option, shown)})
            self.settings_chosen.emit(self._settings)

    def _take_defaults(self) -> None:
        usual = SearchSettings()
        wanted = {option.name: getattr(usual, option.name) for option in options_of(self._settings.method)}
        settings = msgspec.structs.replace(self._settings, **wanted)
        self.show_options(settings, self._limits)
        self.settings_chosen.emit(settings)

    def _rebuild(self, settings: SearchSettings) -> None:
        """The settings of another method."""
        text = next(each for each in METHOD_TEXTS if each.name == settings.method)
        self._method.setText(f"How it searches: {text.text}")
        self._method.setToolTip(text.tooltip)
        self._setting_rows = [_SettingRow(option, self._choose_setting) for option in options_of(settings.method)]
        page = QWidget()
        grid = _grid(page)
        for place, row in enumerate(self._setting_rows):
            row.add_to(grid, place)
        self._settings_column.replaceWidget(self._settings_page, page)
        self._settings_page.deleteLater()
        self._settings_page = page
        self._defaults.setEnabled(bool(self._setting_rows))
        if self.isVisible():
            self.adjustSize()

    def _lay_out(self) -> None:
        right = self._settings_column
        right.setSpacing(GRID)
        right.addWidget(self._method)
        right.addWidget(self._settings_page)
        right.addStretch()
        right.addWidget(self._defaults, alignment=Qt.AlignmentFlag.AlignRight)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        columns.setSpacing(3 * GRID)
        if self._has_limits:
            columns.addLayout(self._limits_column())
        columns.addLayout(right)

    def _limits_column(self) -> QVBoxLayout:
        heading = QLabel("What ends a run, beside its budget")
        heading.setProperty("role", "heading")
        limits = QWidget()
        grid = _grid(limits)
        for place, row in enumerate(self._limit_rows):
            row.add_to(grid, place)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        column.addWidget(heading)
        column.addWidget(limits)
        column.addStretch()
        return column


class _SettingRow:
    """One setting: its name, and a switch or a number."""

    def __init__(self, option: Option, chosen: Callable[[Option, float], None]) -> None:
        self.option = option
        self._switch: QCheckBox | None = None
        self._spin: QDoubleSpinBox | None = None
        if option.is_switch:
            self._switch = QCheckBox(option.label)
            self._switch.setToolTip(option.tooltip)
            self._switch.clicked.connect(lambda checked: chosen(option, float(checked)))
        else:
            self._spin = _spin(option)
            self._spin.valueChanged.connect(lambda value: chosen(option, value))

    def add_to(self, grid: QGridLayout, place: int) -> None:
        if self._switch is not None:
            grid.addWidget(self._switch, place, 0, 1, 2)
        elif self._spin is not None:
            label = QLabel(self.option.label)
            label.setToolTip(self.option.tooltip)
            grid.addWidget(label, place, 0)
            grid.addWidget(self._spin, place, 1)

    def show_value(self, value: float) -> None:
        if self._switch is not None:
            self._switch.setChecked(bool(value))
        elif self._spin is not None:
            self._spin.setValue(value)


class _LimitRow:
    """One limit: a switch with its name, and how much."""

    def __init__(self, option: Option, chosen: Callable[[Option, float | None], None]) -> None:
        self.option = option
        self._switch = QCheckBox(option.label)
        self._switch.setToolTip(option.tooltip)
        self._spin = _spin(option)
        self._spin.setValue(option.start)
        self._switch.clicked.connect(lambda checked: chosen(option, self._spin.value() if checked else None))
        self._spin.valueChanged.connect(lambda value: chosen(option, value) if self._switch.isChecked() else None)

    def add_to(self, grid: QGridLayout, place: int) -> None:
        grid.addWidget(self._switch, place, 0)
        grid.addWidget(self._spin, place, 1)

    def show_value(self, value: float | None) -> None:
        self._switch.setChecked(value is not None)
        self._spin.setEnabled(value is not None)
        if value is not None:
            self._spin.setValue(value)


def _is_shown(option: Option, owner: SearchSettings | Limits, shown: float | None) -> bool:
    """Whether what is chosen is what is in force, as far as a person can see."""
    now = shown_value(option, owner)
    if now is None or shown is None:
        return now is shown
    return round(now, option.digits) == round(shown, option.digits)


def _spin(option: Option) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setRange(option.low, option.high)
    spin.setDecimals(option.digits)
    spin.setSingleStep(option.step)
    spin.setSuffix(option.unit)
    spin.setSpecialValueText(option.low_text)
    spin.setGroupSeparatorShown(True)
    spin.setKeyboardTracking(False)  # a number holds when it is typed to its end
    spin.setStepType(QAbstractSpinBox.StepType.DefaultStepType)
    spin.setToolTip(option.tooltip)
    spin.setAccessibleName(option.label)
    spin.setFixedWidth(_SPIN_WIDTH)
    spin.setAlignment(Qt.AlignmentFlag.AlignRight)
    return spin


def _grid(page: QWidget) -> QGridLayout:
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(GRID // 2)
    grid.setColumnStretch(0, 1)
    return grid
