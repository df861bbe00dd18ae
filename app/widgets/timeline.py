"""The recorder's row: the search as a strip, the buttons that move the playhead, and the way back to the present."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from app.theme import DARK, GRID, PADDING, Theme
from app.viewmodels.figures import count
from app.viewmodels.timeline import SPEEDS, TimelineRecord
from app.widgets.icons import set_icon
from app.widgets.timeline_strip import TimelineStrip

_PRESENT_WIDTH, _BUTTON_WIDTH = 74, 26


class Timeline(QWidget):
    """Strip and transport buttons.

    Attributes:
        strip: the strip itself.

    Signals:
        play_clicked(), speed_chosen(int), stepped(int), event_wanted(int), sought(int), present_wanted(): as
            `app.travel.Travel` names them.
    """

    play_clicked = Signal()
    speed_chosen = Signal(int)
    stepped = Signal(int)
    event_wanted = Signal(int)
    sought = Signal(int)
    present_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._is_playing = False
        self.strip = TimelineStrip()
        self._buttons: list[tuple[QToolButton, str]] = []
        before = self._button("skip-previous", "To the event before. ([)", lambda: self.event_wanted.emit(-1))
        back = self._button("step-backward", "One simulation back. (,)", lambda: self.stepped.emit(-1))
        self._play = self._button(
            "play-outline", "Play the search again from here; hold for the speed. (Shift+Space)", self.play_clicked.emit
        )
        on = self._button("step-forward", "One simulation on. (.)", lambda: self.stepped.emit(1))
        after = self._button("skip-next", "To the next event. (])", lambda: self.event_wanted.emit(1))
        self._speeds = QActionGroup(self)
        self._play.setMenu(self._speed_menu())
        self._play.setPopupMode(QToolButton.ToolButtonPopupMode.DelayedPopup)
        self._present = QPushButton("Present")
        self._present.setToolTip("Look at the present, which moves on by itself. (Ctrl+End)")
        self._present.clicked.connect(self.present_wanted)
        for signal, own in (
            (self.strip.sought, self.sought),
            (self.strip.stepped, self.stepped),
            (self.strip.event_wanted, self.event_wanted),
            (self.strip.present_wanted, self.present_wanted),
        ):
            signal.connect(own)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 2, PADDING, 2)
        row.setSpacing(0)
        for button in (before, back, self._play, on, after):
            row.addWidget(button)
        row.addWidget(self.strip, 1)
        row.addSpacing(GRID // 2)
        row.addWidget(self._present)
        self.show_timeline(TimelineRecord())

    def show_timeline(self, record: TimelineRecord) -> None:
        """Show where the playhead is."""
        self.strip.show_timeline(record)
        has_past = record.last > record.first
        for button, _ in self._buttons:
            button.setEnabled(has_past)
        for action in self._speeds.actions():
            action.setChecked(action.data() == record.speed)
        self._present.setEnabled(record.at is not None)
        if record.is_playing != self._is_playing:
            self._is_playing = record.is_playing
            self._dress_play()

    def set_theme(self, theme: Theme) -> None:
        """Change colours and sizes."""
        self._theme = theme
        self.strip.set_theme(theme)
        self._present.setFixedWidth(theme.room(_PRESENT_WIDTH))
        for button, name in self._buttons:
            button.setFixedWidth(theme.room(_BUTTON_WIDTH))
            set_icon(button, name, theme)
        self._dress_play()

    def _dress_play(self) -> None:
        set_icon(self._play, "pause" if self._is_playing else "play-outline", self._theme)

    def _speed_menu(self) -> QMenu:
        """How fast the past is played."""
        menu = QMenu(self)
        for speed in SPEEDS:
            action = QAction(f"{count(speed)} simulation{'' if speed == 1 else 's'} a second", menu, checkable=True)
            action.setData(speed)
            action.triggered.connect(lambda _, speed=speed: self.speed_chosen.emit(speed))
            self._speeds.addAction(action)
        menu.addActions(self._speeds.actions())
        return menu

    def _button(self, icon_name: str, tooltip: str, clicked: Callable[[], object]) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tooltip)
        button.setAccessibleName(tooltip.split(".")[0])
        button.setProperty("role", "plain")
        button.clicked.connect(lambda: clicked())
        self._buttons.append((button, icon_name))
        return button
