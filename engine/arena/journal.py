"""A match on disk: a header, then every move as it is played, one JSON line a step; only ever appended to.

Whatever ends the program, a match goes on from the last whole line: the moves are played again by the rules, so that no
game is counted twice, none is lost, and what is counted is what was played.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import msgspec

from engine.arena.order import Adjudication
from engine.arena.player_facts import PlayerFacts

_VERSION = 1


class MatchJournalError(ValueError):
    """A file that is no journal of this match, or cannot be written; the message names it and what is wrong."""


class Header(msgspec.Struct, frozen=True, kw_only=True, tag="match", tag_field="line"):
    """What a match is. Two matches with equal headers consist of the same games.

    Attributes:
        a, b: the players as they were written. a_fingerprint, b_fingerprint: what they are, as a hash.
        book, book_hash: name and content of the openings.
        max_plies: plies after the opening at which a game is broken off.
        adjudication: when games end early; None = never.
        a_facts, b_facts: what the players are, for people; their identity is the fingerprint.
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
    adjudication: Adjudication | None = None
    a_facts: PlayerFacts | None = None
    b_facts: PlayerFacts | None = None
    version: int = _VERSION


_IDENTITY = tuple(name for name in Header.__struct_fields__ if name not in ("a_facts", "b_facts"))


class Moves(msgspec.Struct, frozen=True, tag="moves", tag_field="line"):
    """One step of the match: a move in each of some games, all by the same player.

    Attributes:
        games: their numbers. actions: what was played. values: what the mover thought; None = nothing.
        seconds_s: spent on the match so far.
        spent_s: on each move, where the player has a clock; else None.
    """

    games: list[int]
    actions: list[int]
    values: list[float | None]
    seconds_s: float
    spent_s: list[float] | None = None


class Forfeits(msgspec.Struct, frozen=True, tag="forfeits", tag_field="line"):
    """Games that the player to move lost without a move, all in the same step.

    Attributes:
        games: their numbers. reasons: why, as `engine.arena.faults` has them. texts: the same at length.
        seconds_s: spent on the match so far.
    """

    games: list[int]
    reasons: list[str]
    texts: list[str]
    seconds_s: float


Step = Moves | Forfeits
"""What a match consists of."""

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Header | Moves | Forfeits)


class MatchJournal:
    """The journal of one match, open for appending; a context manager that closes it."""

    def __init__(self, path: Path, header: Header) -> None:
        """Begin a journal, or go on with the one that is there.

        A line that was cut off in the middle is removed.

        Raises:
            MatchJournalError: the file is something else, or the journal of another match.
            OSError: the file cannot be read or opened.
        """
        content = path.read_bytes() if path.exists() else b""
        whole = content.rfind(b"\n") + 1
        _check(path, header, content, whole)
        self._path, self._has_failed = path, False
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
        with contextlib.suppress(OSError) if self._has_failed else contextlib.nullcontext():
            self._file.close()  # which tries once more to write what could not be written

    def steps(self) -> Iterator[Step]:
        """What was played before.

        Raises:
            MatchJournalError: a line is no step of a match.
        """
        return read_steps(self._path)

    def append(self, step: Step) -> None:
        """Write a step; it survives the end of this process from now on.

        Raises:
            MatchJournalError: the disk refuses; what was written before is safe.
        """
        self._write(step)

    def _write(self, line: Header | Step) -> None:
        try:
            self._file.write(_ENCODER.encode(line) + b"\n")
            self._file.flush()
        except OSError as error:
            self._has_failed = True
            raise MatchJournalError(
                f"the match stands still, as its moves cannot be kept in {self._path}: {error.strerror}"
            ) from error


def read_header(path: Path) -> Header | None:
    """The header of a journal; None where there is no file, or no whole line in it yet.

    Raises:
        MatchJournalError: the file is something else, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            line = file.readline()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise MatchJournalError(f"{path} cannot be read: {error.strerror}") from error
    return _header(path, line) if line.endswith(b"\n") else None


def read_steps(path: Path) -> Iterator[Step]:
    """The steps of a journal that another process may be writing; a line that is not whole yet is left out.

    Raises:
        MatchJournalError: a line is no step of a match.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            line = _decoded(path, number, text) if text.endswith(b"\n") else None
            if line is not None and not isinstance(line, Header):
                yield line


def _header(path: Path, line: bytes) -> Header:
    found = _decoded(path, 1, line)
    if not isinstance(found, Header):
        raise MatchJournalError(f"{path} is no journal of a match: it begins without a header")
    return found


def _decoded(path: Path, number: int, line: bytes) -> Header | Step:
    try:
        found: Header | Step = _DECODER.decode(line)
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
    found = _header(path, content[: content.index(b"\n")])
    for name in _IDENTITY:
        ours, theirs = getattr(wanted, name), getattr(found, name)
        if ours != theirs:
            raise MatchJournalError(f"{path} is the journal of another match: its {name} is {theirs!r}, not {ours!r}")
