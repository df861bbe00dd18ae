"""Lines under the pointer: over the candidates, and in the strip below them, they are read on the board."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QWheelEvent
from typing_extensions import override

from app.controller import Controller
from app.widgets.candidates_table import NO_ACTION, CandidatesTable
from app.widgets.line_strip import LineStrip
from app.widgets.wheel import Notches

_REST_MS = 350
"""The pointer rests on a move for so long before its line is shown: a pointer that passes by changes no board."""
_MOVE_MS = 480
"""Between two moves of a line that plays itself."""


class Lines(QObject):
    """Connects the candidates table and the strip with the reading of lines.

    Attributes:
        strip: the widget. moving: lines play themselves move by move; False = their end is shown at once.
    """

    def __init__(self, table: CandidatesTable, parent: QObject) -> None:
        super().__init__(parent)
        self.strip, self.moving = LineStrip(), True
        self._table, self._action = table, NO_ACTION
        self._notches = Notches()
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._player = QTimer(self, interval=_MOVE_MS)

    def report_to(self, controller: Controller) -> None:
        """Let what is read reach `controller`."""
        self._reading = reading = controller.reading
        self._table.action_hovered.connect(self._hover)
        self._table.viewport().installEventFilter(self)
        self._rest.timeout.connect(self._begin)
        self._player.timeout.connect(self._go_on)
        self.strip.entered.connect(reading.hold)
        self.strip.left.connect(reading.end)
        self.strip.move_hovered.connect(reading.show)
        self.strip.walked.connect(reading.walk)
        self.strip.move_clicked.connect(reading.play)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While a line is shown, the wheel goes along it; before that it moves the table."""
        if isinstance(event, QWheelEvent) and self._action != NO_ACTION and not self._rest.isActive():
            self._player.stop()
            for step in self._notches.steps(event):
                self._reading.walk(step)
            return True
        return super().eventFilter(watched, event)

    def _hover(self, action: int) -> None:
        self._action = action
        self._player.stop()
        self._reading.end()
        if action == NO_ACTION:
            self._rest.stop()
        else:
            self._rest.start()

    def _begin(self) -> None:
        self._reading.begin(self._action)
        if self.moving:
            self._go_on()
            self._player.start()
        else:
            self._reading.show_end()

    def _go_on(self) -> None:
        if not self._reading.walk(1):
            self._player.stop()
