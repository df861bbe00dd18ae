"""A player is picked, and added to those who are to meet on the ladder."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.theme import GRID
from app.widgets.player_picker import PlayerPicker
from engine.service.messages import GenerationInfo


class LadderAdder(QWidget):
    """A picker with a button under it.

    Attributes:
        picker: chooses the player.

    Signals:
        added(str): the player that is picked is to take part, written as for a match.
    """

    added = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picker = PlayerPicker("Player to add")
        self._domain = ""
        self._button = QPushButton("Add this player")
        self._button.setProperty("role", "compact")
        self._button.setToolTip("Let this player take part.")
        self._button.clicked.connect(self._add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.picker)
        column.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignRight)

    def show_choices(self, domain: str, generations: tuple[GenerationInfo, ...]) -> None:
        """Offer the generations of a domain; of another domain one is picked to begin with."""
        self.picker.set_choices(domain, generations)
        if domain != self._domain:
            self._domain = domain if generations else ""
            self.picker.set_player(generations[-1].id if generations else "random")

    def _add(self) -> None:
        player = self.picker.player()
        if player:
            self.added.emit(player)
