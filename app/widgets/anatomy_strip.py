"""The four phases of one simulation in words, played one after the other as lights on the tree."""

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.lights import Lights
from app.theme import GRID, PADDING, Theme
from app.viewmodels.anatomy import AnatomyRecord
from app.viewmodels.figures import count
from app.widgets.icons import set_icon

_PHASE_MS, _FRAME_MS = 450, 30
_LINES = 2


class AnatomyStrip(QFrame):
    """Hidden until a simulation is shown; a click on a phase shows it again, and stands still there.

    Signals:
        lights_changed(object): the `Lights` of the tree, or None.
        closed(): a person has seen enough.
    """

    lights_changed = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record: AnatomyRecord | None = None
        self._is_moving = True
        self._place, self._elapsed_ms, self._plays_on = 0, 0, False
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._advance)
        self._title, self._text = QLabel(), QLabel()
        self._title.setProperty("role", "heading")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._phases = [self._phase_button(place) for place in range(4)]
        self._close = QToolButton()
        self._close.setProperty("role", "plain")
        self._close.setToolTip("Close this; the next step by one brings it back.")
        self._close.setAccessibleName("Close")
        self._close.clicked.connect(self.closed)
        self.setProperty("role", "panel")
        self.setAccessibleName("One simulation")
        head = QHBoxLayout()
        head.setSpacing(GRID // 2)
        head.addWidget(self._title)
        head.addSpacing(GRID)
        for button in self._phases:
            head.addWidget(button)
        head.addStretch(1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, GRID // 2, GRID // 2, GRID // 2)
        column.setSpacing(GRID // 2)
        column.addLayout(head)
        column.addWidget(self._text)
        self.hide()

    def show_anatomy(self, record: AnatomyRecord | None) -> None:
        """Show a simulation from its beginning; None takes it and the lights away."""
        self._record = record
        self.setVisible(record is not None)
        if record is None:
            self._timer.stop()
            self.lights_changed.emit(None)
            return
        self._title.setText(f"Simulation {count(record.simulation)}")
        for button, phase in zip(self._phases, record.phases, strict=True):
            button.setText(phase.title)
            button.setToolTip(phase.tooltip)
            button.setAccessibleName(f"{phase.title}: {phase.text}")
        if self._is_moving:
            self._play(0, plays_on=True)
        else:
            self._choose(len(record.phases) - 1)

    def set_motion(self, moving: bool) -> None:
        """Play the phases one after the other, or show each at once as it is chosen."""
        self._is_moving = moving
        if not moving and self._timer.isActive():
            self._choose(self._place)

    def set_theme(self, theme: Theme) -> None:
        """Change sizes and the icon; colours come with the style sheet."""
        self._text.setFixedHeight(_LINES * self._text.fontMetrics().lineSpacing())  # nothing moves as it changes
        set_icon(self._close, "close", theme)

    @property
    def is_playing(self) -> bool:
        """Whether a phase is being played."""
        return self._timer.isActive()

    def _phase_button(self, place: int) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setProperty("role", "plain")
        button.clicked.connect(partial(self._choose, place))
        return button

    def _choose(self, place: int) -> None:
        """A person wants to see that phase."""
        if self._record is None:
            return
        if self._is_moving:
            self._play(place, plays_on=False)
        else:
            self._timer.stop()
            self._show(place, 1.0)

    def _play(self, place: int, *, plays_on: bool) -> None:
        self._plays_on, self._elapsed_ms = plays_on, 0
        self._show(place, 0.0)
        self._timer.start()

    def _advance(self) -> None:
        self._elapsed_ms += _FRAME_MS
        if self._elapsed_ms < _PHASE_MS:
            self._show(self._place, self._elapsed_ms / _PHASE_MS)
        elif self._plays_on and self._place + 1 < len(self._phases):
            self._play(self._place + 1, plays_on=True)
        else:
            self._timer.stop()
            self._show(self._place, 1.0)

    def _show(self, place: int, progress: float) -> None:
        assert self._record is not None
        self._place = place
        for other, button in enumerate(self._phases):
            button.setChecked(other == place)
        phase = self._record.phases[place]
        self._text.setText(phase.text)
        self._text.setToolTip(f"{phase.text}\n{phase.tooltip}")
        self.lights_changed.emit(Lights(self._record.path, phase.phase, dict(phase.captions), progress))
