"""Openings of a match: a built-in book for each domain, or a file of the user's; chosen by seed, none twice.

Chess has a file of balanced positions (`assets/openings`), other domains every position that a few plies can reach and
that is not decided at a glance.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from engine.domains.base import NO_ACTION, ActionError, Line, Notation, PositionError, Rules

BUILT_IN = "builtin"
CHESS_BOOK = Path(__file__).resolve().parents[2] / "assets" / "openings" / "noob_3moves_10000.epd.zst"

_PLIES = {"connect_four": (4, 6)}
_FEW_PLIES = (1, 2)
_MAX_BYTES = 2**30


class OpeningsError(ValueError):
    """A book that cannot be used; the message names it, and the line where there is one."""


@dataclass(frozen=True)
class Book:
    """Openings to choose from.

    Attributes:
        name: for people.
        lines: the openings, each once.
    """

    name: str
    lines: tuple[Line, ...]

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of all openings in their order, hex."""
        digest = hashlib.sha256()
        for line in self.lines:
            digest.update(f"{line.start} {line.actions}\n".encode())
        return digest.hexdigest()

    def choose(self, count: int, seed: int) -> list[Line]:
        """`count` openings in an order drawn from `seed`; the first of them are the same whatever `count` is.

        No opening comes again before all have been chosen.
        """
        chosen: list[Line] = []
        while len(chosen) < count:
            order = np.random.default_rng((seed, len(chosen))).permutation(len(self.lines))
            chosen.extend(self.lines[index] for index in order[: count - len(chosen)].tolist())
        return chosen


def open_book(text: str, rules: Rules, notation: Notation) -> Book:
    """The book that `text` means: "builtin", or the path of an EPD, FEN or PGN file, packed with Zstandard if `.zst`.

    Other domains than chess read a file with one line of play on each line, as their notation writes it.

    Raises:
        OpeningsError: the file holds no opening, or something that is none.
        OSError: the file cannot be read.
    """
    if text == BUILT_IN:
        return _built_in(rules, notation)
    path = Path(text)
    if path.suffix.lower() == ".pgn" or path.name.lower().endswith(".pgn.zst"):
        return _read_pgn(path, rules)
    return _read_positions(path, rules, notation)


def _built_in(rules: Rules, notation: Notation) -> Book:
    if rules.name == "chess":
        lines = tuple(Line(fen) for fen in _read(CHESS_BOOK).splitlines())
        return Book("noob_3moves, 10,000 of its positions", lines)
    fewest, most = _PLIES.get(rules.name, _FEW_PLIES)
    start = notation.parse_line("startpos")
    found = positions_after(rules, start, fewest, most)
    return Book(f"every open position after {fewest} to {most} plies", found)


def positions_after(rules: Rules, start: Line, fewest: int, most: int) -> tuple[Line, ...]:
    """A line to every position that `fewest` to `most` plies from `start` reach, each position once.

    Left out are positions that are decided at a glance: play has ended, the player to move wins at once, or whatever
    he does the other one wins at once.
    """
    lines, states = [start], rules.load(start)[-1:].copy()
    found: list[Line] = []
    for ply in range(1, most + 1):
        parents, actions, after = _steps(rules, states)
        new = np.sort(np.unique(after["key"], return_index=True)[1])
        lines = [lines[parents[row]].then(int(actions[row])) for row in new]
        states = after[new]
        if ply >= fewest:
            found.extend(lines[row] for row in np.flatnonzero(_are_open(rules, states)))
    return tuple(found)


def _steps(rules: Rules, states: NDArray[np.void]) -> tuple[NDArray[np.intp], NDArray[np.uint16], NDArray[np.void]]:
    """Every action of every state: row of the state, action, and the state after it."""
    expansion = rules.expand(states)
    parents = np.repeat(np.arange(len(states)), np.diff(expansion.offsets))
    return parents, expansion.actions, rules.step(states[parents], expansion.actions)


def _are_open(rules: Rules, states: NDArray[np.void]) -> NDArray[np.bool_]:
    """Whether each state is in play, no win at hand, and no loss that cannot be put off by a ply: bool [B]."""
    expansion = rules.expand(states)
    is_open = (expansion.outcomes == 0) & (rules.wins(states, expansion) == NO_ACTION)
    parents, _, after = _steps(rules, states)
    replies = rules.expand(after)
    holds = rules.wins(after, replies) == NO_ACTION
    chosen: NDArray[np.bool_] = is_open & np.isin(np.arange(len(states)), parents[holds])
    return chosen


def _read_positions(path: Path, rules: Rules, notation: Notation) -> Book:
    """A book of one position on each line."""
    texts = (line.strip().removeprefix("\ufeff") for line in _read(path).splitlines())
    numbered = [(number, text) for number, text in enumerate(texts, 1) if text and not text.startswith("#")]
    if rules.name == "chess":
        lines = [_position(path, number, text) for number, text in numbered]
    else:
        lines = [_parsed(path, number, text, notation) for number, text in numbered]
    return _book(path, lines)


def _position(path: Path, number: int, text: str) -> Line:
    """The position of a line of EPD or FEN; whether it is legal is seen when it is played from."""
    fields = text.split(";")[0].split()
    if len(fields) < 4 or fields[0].count("/") != 7:
        raise OpeningsError(f"line {number} of {path} is neither EPD nor FEN: {text[:80]!r}")
    counters = fields[4:6] if len(fields) >= 6 and all(field.isdecimal() for field in fields[4:6]) else ["0", "1"]
    return Line(" ".join(fields[:4] + counters))


def _parsed(path: Path, number: int, text: str, notation: Notation) -> Line:
    try:
        return notation.parse_line(text)
    except (PositionError, ActionError) as error:
        raise OpeningsError(f"line {number} of {path}: {error}") from error


def _read_pgn(path: Path, rules: Rules) -> Book:
    """A book of the games of a PGN file, each to its end."""
    if rules.name != "chess":
        raise OpeningsError(f"{path} is PGN, which is chess; the match is in {rules.name}")
    from engine.domains.chess.pgn import read_pgn
    from engine.domains.chess.positions import START_FEN

    lines = []
    for number, game in enumerate(read_pgn(path), 1):
        if game.fault:
            raise OpeningsError(f"game {number} of {path}: {game.fault}")
        start = game.headers.get(b"FEN", b"").decode("utf-8", "replace") or START_FEN
        lines.append(Line(start, tuple(game.actions.tolist())))
    return _book(path, lines)


def _book(path: Path, lines: Sequence[Line]) -> Book:
    """The book of a file; openings that stand in it twice count once."""
    if not lines:
        raise OpeningsError(f"{path} holds no opening")
    return Book(path.name, tuple(dict.fromkeys(lines)))


def _read(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".zst":
        try:
            content = zstandard.ZstdDecompressor().decompress(content, max_output_size=_MAX_BYTES)
        except zstandard.ZstdError as error:
            raise OpeningsError(f"{path} is damaged: {error}") from error
    return content.decode("utf-8", "replace")
