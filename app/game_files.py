"""Files of games: found in the background, listed where there are several, put on the board when one is chosen."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from app import recordings
from app.game_desk import GameDesk
from app.screen import Background, Screen
from app.viewmodels.explore import ExploreState
from app.viewmodels.game_file import GameFile, file_of_path, file_of_text
from app.viewmodels.transcript import TranscriptError, read_game, read_transcript
from engine.domains import registry


class GameFiles:
    """At most one list of games at a time.

    Attributes:
        opened: called with the path of each file from which a game came on the board.
    """

    def __init__(
        self, desk: GameDesk, screen: Screen, look: Callable[[], ExploreState], background: Background
    ) -> None:
        self.opened: Callable[[Path], None] = lambda _: None
        self._desk, self._screen, self._look, self._background = desk, screen, look, background
        self._file: GameFile | None = None
        self._path: Path | None = None
        self._found: list[int] | None = None
        self._words = ""
        self._shown: tuple[object, ...] = ()

    def open(self, path: Path, failed: Callable[[Exception], None]) -> None:
        """Open a file with a position, a game or many games; `failed` is told where it cannot be read."""
        game_format = registry.game_format(self._look().domain)
        if game_format is None or path.suffix.lower() not in game_format.suffixes:
            work = partial(recordings.read_text, path)
            self._background.run(work, lambda text: self._opened_text(path, text), failed)
            return
        try:
            file = file_of_path(path, game_format)
        except OSError as error:
            failed(error)
            return
        self._list(file, path)
        self._background.run(file.scan, lambda _: self._scanned(file), failed)

    def paste(self, text: str) -> None:
        """Take a text from the clipboard: a list where it holds several games, otherwise what the desk makes of it."""
        game_format = registry.game_format(self._look().domain)
        if game_format is not None and game_format.is_meant(text):
            file = file_of_text("the clipboard", text, game_format)
            if len(file) > 1:
                self._list(file, None)
                self._scanned(file)
                return
        self._desk.paste(text)

    def choose(self, number: int) -> None:
        """Put a game of the list on the board; the list stays for the next."""
        file, game_format = self._file, registry.game_format(self._look().domain)
        if file is None or game_format is None:
            return
        try:
            read = read_game(file.text(number), game_format)
        except (OSError, IndexError, TranscriptError) as error:
            self._screen.show_error(f"Game {number + 1} of {file.name} was not opened: {error}", "")
            return
        self._desk.take(read, read.said)
        if self._path is not None:
            self.opened(self._path)

    def find(self, words: str) -> None:
        """List only the games whose headers hold all of some words; no words list all again."""
        file, self._words = self._file, words.strip()
        if file is None:
            return
        if not self._words:
            self._found = None
            self.tick()
            return
        wanted = self._words
        self._background.run(partial(file.find, wanted), lambda found: self._was_found(file, wanted, found), _unread)

    def close(self) -> None:
        """The list is not wanted any more."""
        if self._file is not None:
            self._file.give_up()
        self._file = self._found = None
        self.tick()

    def tick(self) -> None:
        """Show how far the list has come; called a few times a second."""
        file = self._file
        found = None if self._found is None else tuple(self._found)
        state = (file, found, 0 if file is None else len(file), file is not None and file.is_complete)
        if state != self._shown and (file is None or len(file) > 1):
            self._shown = state
            self._screen.show_games(file, found)

    def _list(self, file: GameFile, path: Path | None) -> None:
        self.close()
        self._file, self._path = file, path
        self._words = ""

    def _scanned(self, file: GameFile) -> None:
        """All games of a file were found."""
        if file is not self._file:
            return
        if not len(file):
            self.close()
            self._screen.show_error(f"{file.name} holds no game.", "")
        elif len(file) == 1 and self._path is not None:
            text, path = file.text(0), self._path  # perhaps no game at all, but a position or bare moves
            self.close()
            self._opened_text(path, text)
        else:
            self._screen.say(f"{file.name} holds {len(file):,} games. Choose one from the list.")
            self.tick()
            if self._words:
                self.find(self._words)

    def _was_found(self, file: GameFile, words: str, found: list[int]) -> None:
        if file is self._file and words == self._words:
            self._found = found
            self.tick()

    def _opened_text(self, path: Path, text: str) -> None:
        try:
            read = read_transcript(text, registry.notation(self._look().domain))
        except TranscriptError as error:
            self._screen.show_error(f"{path.name} was not opened: {error}", "")
            return
        self._desk.take(read, f"{path.name}: {read.said}")
        self.opened(path)


def _unread(_: Exception) -> None:
    """The file is gone while it is looked through: the list says so when a game is chosen."""
