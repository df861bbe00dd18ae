"""A file of many games: where each begins is found in the background, and a game is read only when it is wanted."""

import io
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from engine.domains.game_format import GameFormat

_HEADER_BYTES, _SEARCHED_BYTES = 4096, 1024
"""Enough for the tags of a game, and for those that people look for."""


@dataclass(frozen=True, slots=True)
class GameEntry:
    """A game of the list: what its headers say, "?" or "" where they say nothing."""

    number: int
    white: str
    black: str
    result: str
    date: str
    event: str


class GameFile:
    """The games of a file, as far as they were found.

    `scan` runs on another thread than the rest; it only ever appends, and what was appended may be read meanwhile.

    Attributes:
        name: of the file. size: in bytes. scanned: bytes gone through. is_complete: all of it.
    """

    def __init__(self, name: str, size: int, open_file: Callable[[], BinaryIO], game_format: GameFormat) -> None:
        """`open_file` gives the file from its beginning, each time it is called."""
        self.name, self.size = name, size
        self.scanned = 0
        self.is_complete = False
        self._open, self._format = open_file, game_format
        self._begins, self._ends = array("Q"), array("Q")
        self._is_wanted = True

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def share(self) -> float:
        """How much was gone through, in [0, 1]."""
        return 1.0 if self.is_complete else self.scanned / max(self.size, 1)

    def scan(self) -> None:
        """Find all games; ends early once `give_up` was called.

        Raises:
            OSError: the file cannot be read.
        """
        with self._open() as file:
            for begin, end in self._format.offsets(file):
                self._begins.append(begin)
                self._ends.append(end)
                self.scanned = end
                if not self._is_wanted:
                    return
        self.is_complete = True

    def give_up(self) -> None:
        """The list is not wanted any more."""
        self._is_wanted = False

    def text(self, number: int) -> str:
        """The text of a game, counted from 0.

        Raises:
            OSError: the file cannot be read.
            IndexError: there is no such game yet.
        """
        return self._read(number, None)

    def entry(self, number: int) -> GameEntry:
        """What the list shows of a game.

        Raises:
            OSError, IndexError: as in `text`.
        """
        headers = self._format.headers(self._read(number, _HEADER_BYTES))
        white, black, result = (headers.get(name, "?") for name in ("White", "Black", "Result"))
        return GameEntry(number, white, black, result, headers.get("Date", ""), headers.get("Event", ""))

    def find(self, words: str) -> list[int]:
        """Numbers of the games found so far whose headers hold all of some words, small or capital.

        Raises:
            OSError: the file cannot be read.
        """
        wanted = [word.encode() for word in words.casefold().split()]
        found = []
        with self._open() as file:
            for number in range(len(self)):
                file.seek(self._begins[number])
                head = file.read(min(self._ends[number] - self._begins[number], _SEARCHED_BYTES))
                held = head.partition(b"\n\n")[0].decode("utf-8", "replace").casefold().encode()
                if all(word in held for word in wanted):
                    found.append(number)
        return found

    def _read(self, number: int, most: int | None) -> str:
        begin, end = self._begins[number], self._ends[number]
        with self._open() as file:
            file.seek(begin)
            data = file.read(end - begin if most is None else min(end - begin, most))
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return data.decode("latin-1") if most is None else data.decode("utf-8", "replace")


def file_of_path(path: Path, game_format: GameFormat) -> GameFile:
    """The games of a file on disk.

    Raises:
        OSError: there is no such file.
    """
    return GameFile(path.name, path.stat().st_size, lambda: path.open("rb"), game_format)


def file_of_text(name: str, text: str, game_format: GameFormat) -> GameFile:
    """The games of a text, found at once."""
    data = text.encode()
    found = GameFile(name, len(data), partial(io.BytesIO, data), game_format)
    found.scan()
    return found
