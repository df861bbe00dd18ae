"""The scoreboard: two players head to head, who leads and how sure that is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from app.theme import GRID, PADDING, Theme
from app.viewmodels.arena_score import ScoreRecord
from app.widgets.elo_chart import EloChart
from app.widgets.score_bars import PairBars, ResultBar, TestLine
from engine.arena.curves import Curves

_PARTS = 1000


class ScoreBoard(QWidget):
    """Names and points over the bars; words, pairs and the chart below; the test under them.

    Attributes:
        chart: Elo over games.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._a, self._points, self._b = _label("large"), _label("title"), _label("large")
        self._lead, self._elo, self._nelo, self._games = _label(""), _label(""), _label("quiet"), _label("quiet")
        self._state = _label("quiet")
        letters = _label("key"), _label("key")
        for label, letter in zip(letters, "AB", strict=True):
            label.setText(letter)
        self._bar, self._pairs, self.chart = ResultBar(), PairBars(), EloChart()
        self._question, self._answer, self._test = _label("quiet"), _label(""), TestLine()
        self._progress = QProgressBar()
        self._progress.setRange(0, _PARTS)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(3)
        self._progress.setAccessibleName("Progress of the match")
        self._lay_out(*letters)

    def show_score(self, record: ScoreRecord) -> None:
        """Show a match."""
        self._a.setText(record.a)
        self._b.setText(record.b)
        self._points.setText(f"{record.points_a} : {record.points_b}")
        self._points.setAccessibleName(f"{record.a} {record.points_a}, {record.b} {record.points_b}")
        self._bar.show_results(record.wins, record.draws, record.losses)
        self._pairs.show_pairs(record.pentanomial)
        self._lead.setText(record.lead)
        self._elo.setText(record.elo)
        self._nelo.setText(record.nelo)
        self._games.setText(record.games)
        self._state.setText(" · ".join(word for word in (record.state, record.left) if word))
        self._progress.setValue(round(_PARTS * (record.share or 0.0)))
        test = record.test
        for widget in (self._question, self._answer, self._test):
            widget.setVisible(test is not None)
        if test is not None:
            self._question.setText(test.question)
            self._answer.setText(test.text)
            self._test.show_test(test.llr, test.low, test.high, test.verdict)

    def show_curves(self, curves: Curves | None) -> None:
        """Show how the match went."""
        self.chart.show_curves(curves)

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        for widget in (self._bar, self._pairs, self.chart, self._test):
            widget.set_theme(theme)

    def _lay_out(self, a: QLabel, b: QLabel) -> None:
        names = QHBoxLayout()
        names.setSpacing(PADDING)
        names.addWidget(a)
        names.addWidget(self._a, 1)
        names.addWidget(self._points)
        names.addWidget(self._b, 1)
        names.addWidget(b)
        self._b.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for name in (self._a, self._b):
            name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._lead, self._elo, self._nelo, self._games, self._state):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            words.addWidget(label)
        self._lead.setWordWrap(True)
        self._nelo.setToolTip(
            "The difference in standard deviations of a game, which does not depend on how many are drawn. "
            "(normalised Elo)"
        )
        words.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addLayout(words, 4)
        middle.addWidget(self._pairs)
        middle.addWidget(self.chart, 5)
        test = QHBoxLayout()
        test.setSpacing(GRID)
        test.addWidget(self._question)
        test.addWidget(self._test, 1)
        test.addWidget(self._answer)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GRID, PADDING, GRID)
        column.setSpacing(GRID)
        column.addLayout(names)
        column.addWidget(self._bar)
        column.addLayout(middle, 1)
        column.addLayout(test)
        column.addWidget(self._progress)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label
