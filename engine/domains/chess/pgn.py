"""Streams of games in PGN files, read fast enough to train on millions of moves.

Only what training needs: tags as they stand, actions, result, and why a game could not be read to its end.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import zstandard
from numpy.typing import NDArray

from engine.domains.base import PositionError
from engine.domains.chess.positions import START_FEN
from engine.domains.chess.san import read_movetext

_RESULTS = {b"1-0": 1, b"0-1": -1, b"1/2-1/2": 0}
_MAX_WINDOW = 2**31  # archives of games are packed with long windows
_BUFFER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Game:
    """A game read from PGN.

    Attributes:
        headers: tags as they stand in the file.
        actions: uint16 [plies], up to the first move that could not be read.
        result: +1 White won, -1 Black won, 0 draw, None unknown. From White's view, as PGN has it.
        fault: why reading stopped early, or "".
    """

    headers: dict[bytes, bytes]
    actions: NDArray[np.uint16]
    result: int | None
    fault: str = ""


def read_pgn(path: Path) -> Iterator[Game]:
    """Games of a PGN file, packed with Zstandard if its name ends in ".zst".

    Raises:
        OSError: the file cannot be read.
        zstandard.ZstdError: the file is damaged.
    """
    with path.open("rb") as file:
        if path.suffix == ".zst":
            unpacked = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).stream_reader(file)
            yield from read_games(cast("BinaryIO", io.BufferedReader(unpacked, _BUFFER_BYTES)))
        else:
            yield from read_games(file)


def read_games(stream: BinaryIO) -> Iterator[Game]:
    """Games of a PGN text, one after the other."""
    headers: dict[bytes, bytes] = {}
    movetext: list[bytes] = []
    for line in stream:
        if line.startswith(b"[") and not _is_inside_comment(movetext):
            if movetext:
                yield _game(headers, b"".join(movetext))
                headers, movetext = {}, []
            name, _, value = line.strip()[1:-1].partition(b' "')
            headers[name] = value[:-1]
        elif not line.isspace():
            movetext.append(line)
    if headers or movetext:
        yield _game(headers, b"".join(movetext))


def _is_inside_comment(movetext: list[bytes]) -> bool:
    """Whether the last line left a brace open, so that a bracket begins no tag."""
    return bool(movetext) and movetext[-1].rfind(b"{") > movetext[-1].rfind(b"}")


def _game(headers: dict[bytes, bytes], movetext: bytes) -> Game:
    """The game of a tag section and its move text."""
    start = headers.get(b"FEN", b"").decode("utf-8", "replace") or START_FEN
    result = _RESULTS.get(headers.get(b"Result", b""))
    try:
        actions, stopped_at = read_movetext(movetext, start)
    except PositionError as error:
        return Game(headers, np.empty(0, np.uint16), result, str(error))
    if stopped_at < 0:
        return Game(headers, actions, result)
    token = movetext[stopped_at : stopped_at + 16].split()[0].decode("utf-8", "replace")
    return Game(headers, actions, result, f"{token!r} after {len(actions)} plies is no legal move")
