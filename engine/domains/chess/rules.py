"""The rules of chess over rows of states: what the search asks, answered by compiled kernels.

Chess and Chess960, which differ in castling alone: whether a game is one of Chess960 is a matter of its states.
"""

from functools import lru_cache
from typing import Any

import chess
import numpy as np
from numpy.typing import NDArray

from engine.domains.base import NO_ACTION, ActionError, Expansion, Line
from engine.domains.chess.actions import NUM_ACTIONS
from engine.domains.chess.encodings import FORMATS, encode_compact, encode_lc0
from engine.domains.chess.kernels import expand_rows, play_line, step_rows
from engine.domains.chess.legal import MAX_LEGAL
from engine.domains.chess.mates import find_mates
from engine.domains.chess.outcomes import OUTCOMES, REPETITION
from engine.domains.chess.playouts import play_out
from engine.domains.chess.positions import START_FEN, read_fen
from engine.domains.chess.state import STATE, fen_of_state, state_of_board, state_of_fen
from engine.domains.chess.tables import tables

_UINT16, _INT32, _UINT64 = np.dtype(np.uint16), np.dtype(np.int32), np.dtype(np.uint64)


class ChessRules:
    """Chess as `engine.domains.base.Rules` describes a domain.

    The first call of each method compiles its kernel, or loads it from the cache.
    """

    name = "chess"
    num_actions = NUM_ACTIONS
    max_legal = MAX_LEGAL
    num_players = 2
    outcomes = OUTCOMES
    repetition_outcome = REPETITION
    formats = FORMATS
    state_dtype = STATE

    def load(self, line: Line) -> NDArray[np.void]:
        """States along `line`, start first: [len(actions) + 1], `repetitions` filled in.

        Where the FEN of the start tells of a double step that nobody can answer, the state before it stands in front.
        It has no key: nobody saw it, and no later one can be equal to it.

        Raises:
            PositionError: `line.start` is no legal position of chess or Chess960.
            ActionError: an action of the line is not legal where it stands.
        """
        board = read_fen(line.start)
        states = np.zeros(len(line.actions) + 1, STATE)
        states[:1] = state_of_board(board)
        actions = [action if 0 <= action < NUM_ACTIONS else NUM_ACTIONS for action in line.actions]
        played = play_line(tables(), states, np.array(actions, np.uint16))
        if played < len(line.actions):
            fen = fen_of_state(states[played])
            raise ActionError(f"action {line.actions[played]} is not legal at ply {played} of the line, in {fen!r}")
        return np.concatenate((_before_double_step(board, states[:1]), states))

    def step(self, states: NDArray[np.void], actions: NDArray[np.uint16]) -> NDArray[np.void]:
        """The states [B] after `actions` [B]. Legality is the caller's responsibility."""
        after = np.empty(len(states), STATE)
        step_rows(tables(), _plain(states, STATE), _plain(actions, _UINT16), after)
        return after

    def expand(self, states: NDArray[np.void]) -> Expansion:
        """Legal actions and outcomes of `states` [B]; repetition is not seen here."""
        rows = _plain(states, STATE)
        outcomes, offsets = np.empty(len(rows), np.uint8), np.empty(len(rows) + 1, np.int32)
        actions = np.empty(len(rows) * MAX_LEGAL, np.uint16)
        end = expand_rows(tables(), rows, outcomes, offsets, actions)
        return Expansion(outcomes, offsets, actions[:end])

    def wins(self, states: NDArray[np.void], expansion: Expansion) -> NDArray[np.uint16]:
        """An action of each of `states` [B] that gives mate, or `NO_ACTION`."""
        wins = np.full(len(states), NO_ACTION, np.uint16)
        rows, offsets = _plain(states, STATE), _plain(expansion.offsets, _INT32)
        find_mates(tables(), rows, offsets, _plain(expansion.actions, _UINT16), wins)
        return wins

    def playouts(
        self, states: NDArray[np.void], seeds: NDArray[np.uint64], max_plies: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """Outcomes [B] and lengths [B] of random games from `states` [B]; see `Rules.playouts`."""
        rows = np.empty(len(states), STATE)
        rows[:] = states
        outcomes, plies = np.empty(len(rows), np.uint8), np.empty(len(rows), np.int32)
        play_out(tables(), rows, _plain(seeds, _UINT64), max_plies, outcomes, plies)
        return outcomes, plies

    def encode(self, lineages: NDArray[np.void], lengths: NDArray[np.int32], fmt: str) -> NDArray[np.float32]:
        """Network input [B, channels, 8, 8] from the view of the player to move.

        Args:
            lineages: states [B, H], newest first; entries at or past `lengths[b]` are ignored.
            lengths: known states of each row, in [1, H].
            fmt: a key of `formats`.

        Raises:
            ValueError: `fmt` is no input format of chess.
        """
        if fmt not in FORMATS:
            raise ValueError(f"chess has no input format {fmt!r}; it has {', '.join(FORMATS)}")
        rows = _plain(lineages, STATE)
        planes = np.empty(len(rows) * FORMATS[fmt].channels * 64, np.float32)
        if fmt == "compact":
            encode_compact(rows, planes)
        else:
            encode_lc0(rows, _plain(lengths, _INT32), _start_key(), planes)
        return planes.reshape(len(rows), FORMATS[fmt].channels, 8, 8)


def _before_double_step(board: chess.Board, state: NDArray[np.void]) -> NDArray[np.void]:
    """The state [1] before the double step that led to `board`, without a key; [0] where `state` itself tells of it."""
    if board.ep_square is None or state["en_passant"][0]:
        return np.zeros(0, STATE)
    before = board.copy()
    step = 8 if before.turn else -8  # the way that the pawn's player moves backwards, seen on the board
    before.turn = not before.turn
    before.remove_piece_at(board.ep_square - step)
    before.set_piece_at(board.ep_square + step, chess.Piece(chess.PAWN, before.turn))
    before.ep_square = None
    row = state_of_board(before)
    row["key"] = 0
    return row


@lru_cache(maxsize=1)
def _start_key() -> np.uint64:
    """Key of the start of a game."""
    return np.uint64(state_of_fen(START_FEN)["key"][0])


def _plain(array: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """The array in the one memory layout that kernels are compiled for; another would compile them anew."""
    if array.flags.carray and array.dtype == dtype:  # nearly always; `require` takes longer than a small batch
        return array
    return np.require(array, dtype, ["C_CONTIGUOUS", "WRITEABLE"])
