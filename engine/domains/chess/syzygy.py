"""Endgame tables at the leaves: win, draw or loss of states with few pieces, from Syzygy files read by python-chess.

The tables' word holds under the fifty-move rule right after a capture or a pawn's move, so only such states are asked
about, as Lc0 does; it also means that a line that is known to be won cannot be shuffled along for ever. Wins that the
fifty-move rule turns into draws ("cursed", and "blessed" losses) are draws.
"""

import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import chess
import chess.syzygy
import numpy as np
from numpy.typing import NDArray

from engine.compiled import kernel
from engine.domains.chess.bits import count, to_int
from engine.domains.chess.outcomes import IN_PLAY, TABLEBASE_DRAW, TABLEBASE_LOSS, TABLEBASE_WIN
from engine.domains.chess.state import STATE, board_of_state

OUTCOME_OF_WDL = {-2: TABLEBASE_LOSS, -1: TABLEBASE_DRAW, 0: TABLEBASE_DRAW, 1: TABLEBASE_DRAW, 2: TABLEBASE_WIN}
"""From the tables' five values, for the player to move."""

_MAGIC = b"\x71\xe8\x23\x5d"
_REMEMBERED = 1 << 16
"""Positions whose value is kept in memory; a probe takes about 0.1 ms."""


class SyzygyError(ValueError):
    """There are no tables, or they cannot be read; the message names the folder or the file."""


class Tables(Protocol):
    """Where values come from.

    Attributes:
        most_pieces: of any position in the tables, kings included.
    """

    most_pieces: int

    def wdl(self, board: chess.Board) -> int | None:
        """Value in -2 ... 2 for the player to move, right after a capture or a pawn's move; None = no such table."""
        ...


class SyzygyTables:
    """The win/draw/loss files (`.rtbw`) of some folders. They are mapped into memory when they are first needed."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Find the tables and look at each file's first bytes and size.

        Raises:
            SyzygyError: a folder is missing, holds no tables, or one of its tables is damaged.
        """
        self._files = chess.syzygy.Tablebase()
        self.most_pieces = 0
        for folder in folders:
            if not folder.is_dir():
                raise SyzygyError(f"there is no folder {str(folder)!r} of Syzygy tables")
            found = sorted(file for file in folder.iterdir() if file.suffix == ".rtbw")
            for file in found:
                _check(file)
                self._files.add_file(str(file), load_dtz=False)
            if not self._files.wdl:
                raise SyzygyError(f"the folder {str(folder)!r} holds no Syzygy tables (files named like KQvK.rtbw)")
        self.most_pieces = max(len(name) - 1 for name in self._files.wdl)  # less the "v"

    def wdl(self, board: chess.Board) -> int | None:
        """The value, or None.

        Raises:
            SyzygyError: a table is damaged.
        """
        try:
            return self._files.get_wdl(board)
        except (OSError, IndexError, struct.error) as error:
            raise SyzygyError(f"a Syzygy table cannot be read at {board.fen()!r}: {error}") from error

    def close(self) -> None:
        """Let go of the files."""
        self._files.close()


class SyzygyOracle:
    """An `engine.search.oracle.Oracle` over endgame tables; remembers the positions it was asked about lately."""

    def __init__(self, tables: Tables) -> None:
        """Ask `tables`; `open_syzygy` makes them from a folder."""
        self.name = f"Syzygy, up to {tables.most_pieces} pieces"
        self._tables = tables
        self._known: dict[int, int] = {}

    def probe(self, states: NDArray[np.void]) -> NDArray[np.uint8]:
        """Outcomes [B] of `states` [B]; `IN_PLAY` where no table answers.

        Raises:
            SyzygyError: a table is damaged.
        """
        found = np.full(len(states), IN_PLAY, np.uint8)
        rows = np.require(states, STATE, ["C_CONTIGUOUS", "WRITEABLE"])
        asked = np.empty(len(rows), np.int64)
        for row in asked[: find_few(rows, self._tables.most_pieces, asked)]:
            found[row] = self._outcome(rows[row])
        return found

    def _outcome(self, state: np.void) -> int:
        key = int(state["key"])
        outcome = self._known.get(key)
        if outcome is None:
            wdl = self._tables.wdl(board_of_state(state))
            outcome = IN_PLAY if wdl is None else OUTCOME_OF_WDL[wdl]
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = outcome
        return outcome


def open_syzygy(folders: str | os.PathLike[str]) -> SyzygyOracle:
    """The oracle of the tables in a folder, or in several, separated as in the system's search path (":" or ";").

    Raises:
        SyzygyError: a folder is missing, holds no tables, or one of its tables is damaged.
    """
    names = [name for name in os.fspath(folders).split(os.pathsep) if name]
    if not names:
        raise SyzygyError("no folder of Syzygy tables was named")
    return SyzygyOracle(SyzygyTables([Path(name) for name in names]))


def _check(file: Path) -> None:
    """A table begins with its magic number and has a size of 64 n + 16 bytes (the last 16 are a checksum)."""
    with file.open("rb") as content:
        magic = content.read(len(_MAGIC))
    if magic != _MAGIC or file.stat().st_size % 64 != 16:
        raise SyzygyError(f"{str(file)!r} is damaged or no Syzygy table")


@kernel
def find_few(states, most, found):
    """Numbers of the states that tables of `most` pieces may know go to `found` [B]; returns how many they are."""
    n = 0
    for i in range(len(states)):
        state = states[i]
        if state.halfmoves == 0 and state.castling == 0:
            occupied = state.pawns | state.knights | state.diagonals | state.orthogonals | state.kings
            if to_int(count(occupied)) <= most:
                found[n] = i
                n += 1
    return n
