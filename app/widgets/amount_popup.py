"""Asks for one number beside the pointer, and says meanwhile what it would mean."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from app.theme import GRID, PADDING

_WIDTH = 320
_SLIDER_PARTS = 1000


@dataclass(frozen=True, slots=True)
class Amount:
    """A number to be asked for.

    Attributes:
        title: what it is. accept: the button's words.
        low, high, start, step: of the number; digits: after the point. unit: behind it.
        meaning: a sentence for each number.
        slides: offer a slider beside it.
    """

    title: str
    accept: str
    low: float
    high: float
    start: float
    step: float
    digits: int
    unit: str
    meaning: Callable[[float], str]
    slides: bool = False


class AmountPopup(QFrame):
    """A number, a slider where that helps, a sentence and a button; a click beside it or Escape closes it.

    Signals:
        chosen(float): the number, once the person accepts it.
    """

    chosen = Signal(float)

    def __init__(self, amount: Amount, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "popup")
        self.setAccessibleName(amount.title)
        self.setFixedWidth(_WIDTH)
        self._amount = amount
        title = QLabel(amount.title)
        title.setProperty("role", "heading")
        self._meaning = QLabel()
        self._meaning.setWordWrap(True)
        self._meaning.setMinimumHeight(2 * self._meaning.fontMetrics().lineSpacing())  # nothing jumps as it changes
        self._meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._spin = spin = QDoubleSpinBox()
        spin.setRange(amount.low, amount.high)
        spin.setDecimals(amount.digits)
        spin.setSingleStep(amount.step)
        spin.setSuffix(amount.unit)
        spin.setGroupSeparatorShown(True)
        spin.setAccessibleName(amount.title)
        spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._slider = slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, _SLIDER_PARTS)
        slider.setAccessibleName(f"{amount.title}, roughly")
        slider.setVisible(amount.slides)
        accept = QPushButton(amount.accept)
        accept.setDefault(True)
        accept.clicked.connect(self._accept)
        self._lay_out(title, accept)
        spin.setValue(amount.start)
        self._show(amount.start)
        spin.valueChanged.connect(self._show)
        spin.lineEdit().returnPressed.connect(self._accept)
        slider.sliderMoved.connect(self._slide)
        slider.actionTriggered.connect(lambda _: self._slide(slider.sliderPosition()))
        spin.setFocus()
        spin.selectAll()

    def open_at(self, point: QPoint) -> None:
        """Show it at a place of the screen, or as near as there is room."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        left = min(max(point.x(), room.left()), room.right() - self.width())
        self.move(left, min(max(point.y(), room.top()), room.bottom() - self.height()))
        self.show()

    def _slide(self, position: int) -> None:
        low, high = self._amount.low, self._amount.high
        self._spin.setValue(low + (high - low) * position / _SLIDER_PARTS)

    def _show(self, value: float) -> None:
        low, high = self._amount.low, self._amount.high
        self._slider.setSliderPosition(round((value - low) / (high - low) * _SLIDER_PARTS))
        self._meaning.setText(self._amount.meaning(value))

    def _accept(self) -> None:
        self._spin.interpretText()
        self.chosen.emit(self._spin.value())
        self.close()

    def _lay_out(self, title: QLabel, accept: QPushButton) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._slider, 1)
        row.addWidget(self._spin, 0 if self._amount.slides else 1)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        column.setSpacing(GRID)
        column.addWidget(title)
        column.addLayout(row)
        column.addWidget(self._meaning)
        column.addLayout(foot)
