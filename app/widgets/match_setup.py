"""The card on which a match is set up: two players, openings, a question, and what the answer would cost."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.theme import GRID, PADDING
from app.viewmodels.arena_setup import Setup
from app.widgets.player_picker import PlayerPicker
from engine.domains import registry
from engine.service.messages import GenerationInfo

_BUILT_IN, _FILE = "builtin", ""
_BOOKS = "Openings (*.epd *.fen *.pgn *.txt *.zst);;All files (*)"
_MOST_ELO = 400
_LEAST_SPIN = 76
_TEST, _PAIRS = "test", "pairs"


class MatchSetup(QWidget):
    """The form and its buttons.

    Attributes:
        a, b: pickers of the players.

    Signals:
        changed(): a person changed the form. measure_clicked(), start_clicked(), pause_clicked(): its buttons.
    """

    changed = Signal()
    measure_clicked = Signal()
    start_clicked = Signal()
    pause_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.a, self.b = PlayerPicker("Player A"), PlayerPicker("Player B")
        self._domain, self._book, self._question = QComboBox(), QComboBox(), QComboBox()
        self._pairs = _spin("Pairs of games", 1, 1_000_000)
        self._elo0, self._elo1 = _spin("Elo of no", -_MOST_ELO, _MOST_ELO), _spin("Elo of yes", -_MOST_ELO, _MOST_ELO)
        self._seed = _spin("Seed", 0, 2**31 - 1)
        self._early = QCheckBox("End early")
        self._cost, self._problem = QLabel(), QLabel()
        self._measure, self._start = QPushButton("Measure"), QPushButton("Start")
        self._is_busy = False
        self._fill()
        self._lay_out()
        self._connect()
        self.show_setup(Setup())

    def setup(self) -> Setup:
        """What the form says."""
        return Setup(
            domain=str(self._domain.currentData()),
            a=self.a.player(),
            b=self.b.player(),
            openings=str(self._book.currentData()),
            is_test=self._question.currentData() == _TEST,
            pairs=self._pairs.value(),
            elo0=float(self._elo0.value()),
            elo1=float(self._elo1.value()),
            seed=self._seed.value(),
            ends_early=self._early.isChecked(),
        )

    def show_setup(self, setup: Setup) -> None:
        """Fill the form; emits nothing."""
        for widget in (self._domain, self._book, self._question, self._pairs, self._elo0, self._elo1, self._seed):
            widget.blockSignals(True)
        self._domain.setCurrentIndex(self._domain.findData(setup.domain))
        self.a.set_player(setup.a)
        self.b.set_player(setup.b)
        self._show_book(setup.openings)
        self._question.setCurrentIndex(self._question.findData(_TEST if setup.is_test else _PAIRS))
        self._pairs.setValue(setup.pairs)
        self._elo0.setValue(round(setup.elo0))
        self._elo1.setValue(round(setup.elo1))
        self._seed.setValue(setup.seed)
        self._early.setChecked(setup.ends_early)
        for widget in (self._domain, self._book, self._question, self._pairs, self._elo0, self._elo1, self._seed):
            widget.blockSignals(False)
        self._show_question()

    def set_generations(self, generations: tuple[GenerationInfo, ...]) -> None:
        """Offer the generations of the domain that is chosen."""
        domain = str(self._domain.currentData())
        for picker in (self.a, self.b):
            picker.set_choices(domain, generations)

    def show_cost(self, words: str, problem: str, *, can_measure: bool) -> None:
        """What the match would cost, or what is wrong with the form."""
        self._cost.setText(words)
        self._cost.setVisible(not problem)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._measure.setEnabled(can_measure and not problem)
        self._start.setEnabled(self._is_busy or not problem)

    def show_run(self, *, is_busy: bool, is_pausing: bool, is_measuring: bool, is_paused: bool) -> None:
        """What the buttons mean now; `is_paused`: the match of the form stands still and can go on."""
        self._is_busy = is_busy
        self._start.setText("Pausing …" if is_pausing else "Pause" if is_busy else "Go on" if is_paused else "Start")
        self._start.setEnabled(not is_pausing)
        self._measure.setText("Measuring …" if is_measuring else "Measure")

    def press_start(self) -> None:
        """As if the button was pressed."""
        if self._start.isEnabled():
            (self.pause_clicked if self._is_busy else self.start_clicked).emit()

    def _fill(self) -> None:
        for name in registry.names():
            self._domain.addItem(registry.notation(name).title, name)
        self._book.addItem("Built-in openings", _BUILT_IN)
        self._book.addItem("From a file …", _FILE)
        self._question.addItem("Is A better by …? Stop when sure", _TEST)
        self._question.addItem("Play a number of pairs", _PAIRS)
        self._pairs.setSuffix(" pairs")
        for spin in (self._elo0, self._elo1):
            spin.setSuffix(" Elo")
        named = (
            (self._domain, "Domain", "What is played. (domain)"),
            (self._book, "Openings", "From where games begin; each is played twice, colours reversed. (opening book)"),
            (
                self._question,
                "Question",
                "When the match ends: when the answer is sure, or after so many pairs. (SPRT)",
            ),
            (self._early, "End games early", "End a game when both players agree who wins. (adjudication)"),
        )
        for widget, name, tooltip in named:
            widget.setAccessibleName(name)
            widget.setToolTip(tooltip)
        self._seed.setToolTip("The same number gives the same openings and the same luck. (seed)")
        self._elo0.setToolTip("No: A is not better than by this. (elo0 of the SPRT)")
        self._elo1.setToolTip("Yes: A is better by this. (elo1 of the SPRT)")
        self._measure.setToolTip("Play a few games to see how long they take.")
        self._start.setToolTip(
            "Begin, or let what is in hand end and stand still; a paused match goes on later. (Space)"
        )
        for label in (self._cost, self._problem):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._cost.setAccessibleName("What it costs")
        self._problem.setProperty("role", "notice")
        for chooser in (self._domain, self._book, self._question):
            chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def _lay_out(self) -> None:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(PADDING, GRID, PADDING, GRID)
        column.setSpacing(GRID // 2)
        column.addWidget(self._domain)
        for heading, picker in (("A", self.a), ("B", self.b)):
            column.addWidget(_heading(f"Player {heading}"))
            column.addWidget(picker)
        column.addWidget(_heading("Question"))
        column.addWidget(self._question)
        column.addWidget(self._pairs)
        self._bounds = _row(_quiet("no:"), self._elo0, _quiet("yes:"), self._elo1)
        column.addWidget(self._bounds)
        column.addWidget(self._book)
        column.addWidget(_row(_quiet("seed"), self._seed, self._early))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(form)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QVBoxLayout()
        foot.setContentsMargins(PADDING, GRID // 2, PADDING, GRID)
        foot.setSpacing(GRID // 2)
        foot.addWidget(self._cost)
        foot.addWidget(self._problem)
        foot.addWidget(_row(self._measure, self._start))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)

    def _connect(self) -> None:
        self.a.player_changed.connect(lambda _: self.changed.emit())
        self.b.player_changed.connect(lambda _: self.changed.emit())
        self._domain.activated.connect(lambda _: self.changed.emit())
        self._book.activated.connect(lambda _: self._choose_book())
        self._question.activated.connect(lambda _: self._show_question())
        self._question.activated.connect(lambda _: self.changed.emit())
        for spin in (self._pairs, self._elo0, self._elo1, self._seed):
            spin.valueChanged.connect(lambda _: self.changed.emit())
        self._early.clicked.connect(lambda _: self.changed.emit())
        self._measure.clicked.connect(self.measure_clicked)
        self._start.clicked.connect(self.press_start)

    def _show_question(self) -> None:
        is_test = self._question.currentData() == _TEST
        self._bounds.setVisible(is_test)
        self._pairs.setVisible(not is_test)

    def _choose_book(self) -> None:
        if self._book.currentData() == _FILE:
            name, _ = QFileDialog.getOpenFileName(self, "Openings", str(Path.home()), _BOOKS)
            self._show_book(name or _BUILT_IN)
        self.changed.emit()

    def _show_book(self, openings: str) -> None:
        """Choose a book; a file gets an entry of its own."""
        place = self._book.findData(openings)
        if place < 0 or not openings:
            place = 1
            self._book.insertItem(place, Path(openings).name, openings)
            self._book.setItemData(place, openings, Qt.ItemDataRole.ToolTipRole)
        self._book.setCurrentIndex(place)


def _spin(name: str, least: int, most: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.lineEdit().setTextMargins(GRID // 2, 0, 0, 0)
    spin.setAccessibleName(name)
    spin.setKeyboardTracking(False)
    spin.setGroupSeparatorShown(True)
    spin.setMinimumWidth(_LEAST_SPIN)
    return spin


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setContentsMargins(0, GRID // 2, 0, 0)
    return label


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "quiet")
    return label


def _row(*widgets: QWidget) -> QWidget:
    host = QWidget()
    row = QHBoxLayout(host)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID // 2)
    row.setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)
    for widget in widgets:
        row.addWidget(widget, 0 if isinstance(widget, QLabel | QCheckBox) else 1)
    return host
