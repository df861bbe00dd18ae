"""The head of a game of a match: who plays whom, how it ended, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from app.theme import GRID, PADDING, Theme
from app.viewmodels.arena_game import GameViewRecord
from app.widgets.icons import set_icon


class GameHead(QWidget):
    """One line.

    Signals:
        back_clicked(): to the wall of the match. explore_clicked(), duel_clicked(): open the position elsewhere.
        save_clicked(): write the game to a file.
    """

    back_clicked = Signal()
    explore_clicked = Signal()
    duel_clicked = Signal()
    save_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._back = QPushButton("To the wall")
        self._back.setToolTip("Back to all games of the match. (Esc)")
        self._explore = QPushButton("Open in Explore")
        self._explore.setToolTip("Search this position yourself, with everything Explore has.")
        self._duel = QPushButton("Head to head")
        self._duel.setToolTip("Both players on this position, with a table of all moves and all generations.")
        self._save = QPushButton("Save …")
        self._save.setToolTip("Write the game to a file, with what the players thought. (PGN)")
        for button, signal in (
            (self._back, self.back_clicked),
            (self._explore, self.explore_clicked),
            (self._duel, self.duel_clicked),
            (self._save, self.save_clicked),
        ):
            button.clicked.connect(signal)
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, GRID, PADDING, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._back)
        row.addWidget(self._text, 1)
        for button in (self._explore, self._duel, self._save):
            row.addWidget(button)

    def show_game(self, record: GameViewRecord) -> None:
        """Show `record`."""
        words = f"{record.title}:   {record.a}   against   {record.b}.   {record.result}"
        self._text.setText(words)
        self._text.setToolTip(words)
        self._save.setVisible(record.can_save)

    def set_theme(self, theme: Theme) -> None:
        """Change icons."""
        set_icon(self._back, "arrow-left", theme)


class GameTransport(QWidget):
    """Buttons to go through a game.

    Signals:
        first_clicked(), last_clicked(), play_clicked(). stepped(int): moves on, or back.
        speed_chosen(float): seconds a move.
    """

    first_clicked = Signal()
    last_clicked = Signal()
    play_clicked = Signal()
    stepped = Signal(int)
    speed_chosen = Signal(float)

    def __init__(self, speeds_s: tuple[float, ...], speed_s: float, parent: QWidget | None = None) -> None:
        """`speeds_s`: that can be chosen, `speed_s`: that is on."""
        super().__init__(parent)
        self._theme: Theme | None = None
        self._is_playing = False
        self._first, self._back = _tool("To the start. (Home)"), _tool("One move back. (Left)")
        self._play = _tool("Let the game go on by itself, or stand still. (Space)")
        self._on, self._last = _tool("One move on. (Right)"), _tool("To the end. (End)")
        self._first.clicked.connect(self.first_clicked)
        self._back.clicked.connect(lambda: self.stepped.emit(-1))
        self._play.clicked.connect(self.play_clicked)
        self._on.clicked.connect(lambda: self.stepped.emit(1))
        self._last.clicked.connect(self.last_clicked)
        self._speeds, self._at = speeds_s, speeds_s.index(speed_s)
        self._speed = QPushButton()
        self._speed.setProperty("role", "compact")
        self._speed.setToolTip("How long each move stays while the game goes on by itself; click for the next.")
        self._speed.clicked.connect(self._next_speed)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, 0, PADDING, GRID // 2)
        row.setSpacing(GRID // 2)
        for button in (self._first, self._back, self._play, self._on, self._last):
            row.addWidget(button)
        row.addStretch()
        row.addWidget(self._speed)
        self._name_speed()

    def show_game(self, record: GameViewRecord) -> None:
        """Show what can be done at this place."""
        for button in (self._first, self._back):
            button.setEnabled(record.can_step_back)
        for button in (self._on, self._last):
            button.setEnabled(record.can_step_on)
        if record.is_playing != self._is_playing:
            self._is_playing = record.is_playing
            if self._theme is not None:
                set_icon(self._play, "pause" if record.is_playing else "play", self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Change icons."""
        self._theme = theme
        names = (
            "skip-backward",
            "step-backward",
            "pause" if self._is_playing else "play",
            "step-forward",
            "skip-forward",
        )
        for button, name in zip((self._first, self._back, self._play, self._on, self._last), names, strict=True):
            set_icon(button, name, theme)

    def _next_speed(self) -> None:
        self._at = (self._at + 1) % len(self._speeds)
        self._name_speed()
        self.speed_chosen.emit(self._speeds[self._at])

    def _name_speed(self) -> None:
        self._speed.setText(f"{self._speeds[self._at]:g} s a move")


def _tool(tooltip: str) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tooltip)
    button.setAccessibleName(tooltip.split(".")[0])
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
