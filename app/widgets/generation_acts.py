"""What can be done with a generation, and the question before it is deleted: the foot of its card."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.theme import GRID, PADDING
from app.viewmodels.arena_generations import GenerationsRecord


class GenerationActs(QWidget):
    """Buttons for the selected generation.

    Signals:
        use_clicked(), play_clicked(), export_clicked(), remove_clicked(): what a button means.
        confirmed(), kept(): the answer to the question before removal.
    """

    use_clicked = Signal()
    play_clicked = Signal()
    export_clicked = Signal()
    remove_clicked = Signal()
    confirmed = Signal()
    kept = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._use = _button("Use in Explore", "Go on searching with this intuition; a search that runs is kept.")
        self._play = _button("Play against its parent", "Set up a match that says whether it is stronger.")
        self._export = _button("Export ...", "Write the network (ONNX) or the weights (safetensors) to a file.")
        self._remove = _button("Remove ...", "Delete it from this machine; not one that others descend from.")
        self._question = QFrame()
        self._words = QLabel()
        self._yes, self._no = QPushButton("Delete it"), QPushButton("Keep it")
        for button, signal in (
            (self._use, self.use_clicked),
            (self._play, self.play_clicked),
            (self._export, self.export_clicked),
            (self._remove, self.remove_clicked),
            (self._yes, self.confirmed),
            (self._no, self.kept),
        ):
            button.clicked.connect(signal)
        self._lay_out()

    def show_acts(self, record: GenerationsRecord) -> None:
        """Offer what makes sense now."""
        has_card = record.card is not None and not record.busy
        for button in (self._use, self._export, self._remove):
            button.setEnabled(has_card)
        self._play.setEnabled(has_card and record.can_play_parent)
        was_asked = not self._question.isHidden()
        self._words.setText(record.confirm)
        self._question.setAccessibleName(record.confirm)
        self._question.setVisible(bool(record.confirm))
        if record.confirm and not was_asked:
            self._no.setFocus()

    def _lay_out(self) -> None:
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._question.setProperty("role", "error")
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        answers = QHBoxLayout()
        answers.addWidget(self._yes)
        answers.addWidget(self._no)
        answers.addStretch()
        asked = QVBoxLayout(self._question)
        asked.addWidget(self._words)
        asked.addLayout(answers)
        buttons = QGridLayout()
        buttons.setSpacing(GRID // 2)
        for place, button in enumerate((self._use, self._play, self._export, self._remove)):
            buttons.addWidget(button, *divmod(place, 2))
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GRID, PADDING, PADDING)
        column.setSpacing(GRID)
        column.addWidget(self._question)
        column.addLayout(buttons)


def _button(text: str, tooltip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tooltip)
    return button
