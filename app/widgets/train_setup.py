"""The form on which a round is set up, and its buttons: distil, pause, cancel."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.theme import GRID, PADDING, Theme
from app.viewmodels.train_setup import TrainSetup, size_entries, size_title
from app.widgets.icons import set_icon
from app.widgets.short_chooser import SEPARATOR, ShortChooser
from engine.domains import registry
from engine.service.messages import GenerationInfo

_NEWEST, _FILE = "", ""
_FILES = "Sizes (*.toml);;All files (*)"


class TrainForm(QWidget):
    """What is to be made, and the buttons.

    Signals:
        changed(): a person changed the form.
        start_clicked(), pause_clicked(), cancel_clicked(): its buttons.
    """

    changed = Signal()
    start_clicked = Signal()
    pause_clicked = Signal()
    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._domain, self._parent, self._size = QComboBox(), ShortChooser(), QComboBox()
        self._rounds, self._seed = QSpinBox(), QSpinBox()
        self._look = QCheckBox("Stop before it learns")
        self._words, self._problem = QLabel(), QLabel()
        self._start, self._cancel = QPushButton("Distil"), QPushButton("Cancel")
        self._is_busy, self._icon = False, "play"
        self._theme: Theme | None = None
        self._fill()
        self._lay_out()
        self._connect()

    def setup(self) -> TrainSetup:
        """What the form says."""
        return TrainSetup(
            domain=str(self._domain.currentData()),
            parent=str(self._parent.currentData() or _NEWEST),
            size=str(self._size.currentData()),
            rounds=self._rounds.value(),
            seed=self._seed.value(),
            stops_before_learning=self._look.isChecked(),
        )

    def show_setup(self, setup: TrainSetup) -> None:
        """Fill the form; emits nothing. A parent that is not offered is the newest."""
        for spin in (self._rounds, self._seed):
            spin.blockSignals(True)
        self._domain.setCurrentIndex(self._domain.findData(setup.domain))
        self._offer_sizes(setup.domain)
        self._show_size(setup.size)
        self._parent.setCurrentIndex(max(self._parent.findData(setup.parent), 0))
        self._rounds.setValue(setup.rounds)
        self._seed.setValue(setup.seed)
        self._look.setChecked(setup.stops_before_learning)
        for spin in (self._rounds, self._seed):
            spin.blockSignals(False)

    def set_generations(self, generations: tuple[GenerationInfo, ...]) -> None:
        """Offer these generations of the domain; the one that is chosen stays, if it can."""
        chosen = self._parent.currentData()
        self._parent.clear()
        newest = f"Newest{SEPARATOR}{generations[-1].id}" if generations else "None yet"
        self._parent.addItem(newest, _NEWEST)
        for info in reversed(generations):
            self._parent.addItem(f"{info.id}{SEPARATOR}{info.name}" if info.name != info.id else info.id, info.id)
        self._parent.setCurrentIndex(max(self._parent.findData(chosen), 0))

    def show_words(self, words: str, problem: str) -> None:
        """What it comes to, or what is wrong with the form."""
        self._words.setText(words)
        self._words.setVisible(bool(words) and not problem)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def show_run(self, *, is_busy: bool, is_pausing: bool, can_go_on: bool, can_start: bool) -> None:
        """What the buttons mean now; `can_go_on`: the round that is looked at stands still."""
        self._is_busy = is_busy
        text = "Pausing …" if is_pausing else "Pause" if is_busy else "Go on" if can_go_on else "Distil"
        self._start.setText(text)
        self._start.setAccessibleName(text)
        self._start.setEnabled(not is_pausing and (is_busy or can_go_on or can_start))
        self._cancel.setVisible(is_busy or can_go_on)
        self._cancel.setEnabled(not is_pausing)
        self._cancel.setText("Cancel" if is_busy else "New round")
        self._cancel.setAccessibleName(self._cancel.text())
        self._cancel.setToolTip(
            "End it and set it aside. Nothing is lost: it stays in the list, and goes on from there."
            if is_busy
            else "Set this one aside and set up another. It stays in the list, and goes on from there."
        )
        self._dress("pause" if is_busy else "play")
        for widget in (self._domain, self._parent, self._size, self._rounds, self._seed, self._look):
            widget.setEnabled(not is_busy)

    def press_start(self) -> None:
        """As if the button was pressed."""
        if self._start.isEnabled():
            (self.pause_clicked if self._is_busy else self.start_clicked).emit()

    def set_theme(self, theme: Theme) -> None:
        """Change the icons."""
        self._theme = theme
        self._dress(self._icon, anew=True)

    def _dress(self, icon_name: str, *, anew: bool = False) -> None:
        if self._theme is not None and (anew or icon_name != self._icon):
            set_icon(self._start, icon_name, self._theme)
        self._icon = icon_name

    def _fill(self) -> None:
        for name in registry.names():
            self._domain.addItem(registry.notation(name).title, name)
        self._offer_sizes(str(self._domain.currentData()))
        self._rounds.setRange(1, 1000)
        self._rounds.setAccessibleName("Rounds")
        self._rounds.setToolTip("How many, each on the child of the one before.")
        self._seed.setRange(0, 2**31 - 1)
        self._seed.setValue(1)
        self._seed.setAccessibleName("Seed")
        self._seed.setToolTip("The same number makes the same child. (seed)")
        for spin in (self._rounds, self._seed):
            spin.setKeyboardTracking(False)
            spin.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._look.setToolTip("The first round waits when its games are played, so that you can look at its lessons.")
        self._start.setToolTip("Begin, or let what is in hand end and stand still; it goes on later. (Ctrl+Enter)")
        named = (
            (self._domain, "Domain", "What is played. (domain)"),
            (self._parent, "Parent", "The generation that is to become better. (parent)"),
            (self._size, "Size", "How many games and how long they think. More find more, and take longer. (budget)"),
        )
        for chooser, name, tooltip in named:
            chooser.setAccessibleName(name)
            chooser.setToolTip(tooltip)
            chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        for label in (self._words, self._problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "quiet")
        self._words.setAccessibleName("What it comes to")
        self._problem.setProperty("role", "notice")
        self._problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _offer_sizes(self, domain: str) -> None:
        chosen = self._size.currentData()
        self._size.clear()
        for name, text in size_entries(domain):
            self._size.addItem(text, name)
        self._size.addItem("From a file …", _FILE)
        if chosen:
            self._show_size(str(chosen))

    def _show_size(self, size: str) -> None:
        """Choose a size; a file gets an entry of its own."""
        place = self._size.findData(size)
        if place < 0 and size:
            place = self._size.count() - 1
            self._size.insertItem(place, size_title(size), size)
        self._size.setCurrentIndex(max(place, 0))

    def _choose_size(self) -> None:
        if self._size.currentData() == _FILE:
            name, _ = QFileDialog.getOpenFileName(self, "Size of a round", str(Path.home()), _FILES)
            self._show_size(name or "small")
        self.changed.emit()

    def _choose_domain(self) -> None:
        self._offer_sizes(str(self._domain.currentData()))
        self.changed.emit()

    def _connect(self) -> None:
        self._domain.activated.connect(lambda _: self._choose_domain())
        self._size.activated.connect(lambda _: self._choose_size())
        self._parent.activated.connect(lambda _: self.changed.emit())
        for spin in (self._rounds, self._seed):
            spin.valueChanged.connect(lambda _: self.changed.emit())
        self._look.clicked.connect(lambda _: self.changed.emit())
        self._start.clicked.connect(self.press_start)
        self._cancel.clicked.connect(self.cancel_clicked)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GRID, PADDING, GRID)
        column.setSpacing(GRID // 2)
        for text, chooser in (("", self._domain), ("Parent", self._parent), ("Size", self._size)):
            if text:
                column.addWidget(_label(text, "heading"))
            column.addWidget(chooser)
        column.addWidget(_row((_label("rounds", "quiet"), self._rounds, _label("seed", "quiet"), self._seed)))
        column.addWidget(self._look)
        column.addWidget(self._words)
        column.addWidget(self._problem)
        column.addSpacing(GRID // 2)
        column.addWidget(_row((self._start, self._cancel)))


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    return label


def _row(widgets: tuple[QWidget, ...]) -> QWidget:
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID // 2)
    for widget in widgets:
        row.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
    return host
