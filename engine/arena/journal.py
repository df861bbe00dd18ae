"""A match on disk: a header, then every move as it is played, one JSON line a step; only ever appended to.

Whatever ends the program, a match goes on from the last whole line: the moves are played again by the rules, so that no
game is counted twice, none is lost, and what is counted is what was played.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

_VERSION = 1


class MatchJournalError(ValueError):
    """A file that is no journal of this match; the message names it and what differs."""


class Header(msgspec.Struct, frozen=True, kw_only=True, tag="match", tag_field="line"):
    """What a match is. Two matches with equal headers consist of the same games.

    Attributes:
        a, b: the players as they were written. a_fingerprint, b_fingerprint: what they are.
        book, book_hash: name and content of the openings.
        max_plies: plies after the opening at which a game is broken off.
    """

    domain: str
    a: str
    b: str
    a_fingerprint: str
    b_fingerprint: str
    book: str
    book_hash: str
    seed: int
    max_plies: int
    version: int = _VERSION


class Moves(msgspec.Struct, frozen=True, tag="moves", tag_field="line"):
    """One step of the match: a move in each of some games, all by the same player.

    Attributes:
        games: their numbers. actions: what was played. values: what the mover thought; None = nothing.
        seconds_s: spent on the match so far.
    """

    games: list[int]
    actions: list[int]
    values: list[float | None]
    seconds_s: float


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Header | Moves)


class MatchJournal:
    """The journal of one match, open for appending; a context manager that closes it."""

    def __init__(self, path: Path, header: Header) -> None:
        """Begin a journal, or go on with the one that is there.

        A line that was cut off in the middle is removed.

        Raises:
            MatchJournalError: the file is something else, or the journal of another match.
            OSError: the file cannot be read or written.
        """
        content = path.read_bytes() if path.exists() else b""
        whole = content.rfind(b"\n") + 1
        _check(path, header, content, whole)
        self._path = path
        self._file: IO[bytes] = path.open("r+b" if content else "w+b")
        self._file.truncate(whole)
        self._file.seek(whole)
        if not whole:
            self._write(header)

    def __enter__(self) -> "MatchJournal":
        """The journal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    def moves(self) -> Iterator[Moves]:
        """What was played before.

        Raises:
            MatchJournalError: a line is no step of a match.
        """
        for line in self._lines():
            if isinstance(line, Moves):
                yield line

    def append(self, moves: Moves) -> None:
        """Write a step; it survives the end of this process from now on."""
        self._write(moves)

    def _write(self, line: Header | Moves) -> None:
        self._file.write(_ENCODER.encode(line) + b"\n")
        self._file.flush()

    def _lines(self) -> Iterator[Header | Moves]:
        with self._path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield _decoded(self._path, number, line)


def _decoded(path: Path, number: int, line: bytes) -> Header | Moves:
    try:
        found: Header | Moves = _DECODER.decode(line)
    except msgspec.DecodeError as error:
        raise MatchJournalError(f"line {number} of {path} is no step of a match: {error}") from error
    return found


def _check(path: Path, wanted: Header, content: bytes, whole: int) -> None:
    """Refuse to go on with another match, or with a file that is something else.

    Args:
        whole: bytes of `content` up to the end of the last whole line.
    """
    if not whole:
        if not _ENCODER.encode(wanted).startswith(content):
            raise MatchJournalError(f"{path} is no journal of a match: it begins without a header")
        return
    found = _decoded(path, 1, content[: content.index(b"\n")])
    if not isinstance(found, Header):
        raise MatchJournalError(f"{path} is no journal of a match: it begins without a header")
    for name in Header.__struct_fields__:
        ours, theirs = getattr(wanted, name), getattr(found, name)
        if ours != theirs:
            raise MatchJournalError(f"{path} is the journal of another match: its {name} is {theirs!r}, not {ours!r}")
