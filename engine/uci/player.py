"""Any UCI engine as a player: a line of play in, the action it chooses out."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

import chess.engine

from engine.domains.base import Action, Line
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.notation import board
from engine.search.clock import Clock
from engine.uci.connection import PATIENCE_S, UciConnection
from engine.uci.errors import UciError
from engine.uci.player_spec import UciSpec
from engine.uci.score import value_of_score


@dataclass(frozen=True, slots=True)
class UciMove:
    """What an engine plays, and what it thinks of the position: a value in (-1, 1), its own view; None = nothing."""

    action: Action
    value: float | None


class UciPlayer:
    """A UCI engine that plays chess; a context manager that ends it.

    Attributes:
        name: as the engine calls itself.
        fingerprint: hash of name, options and limit, hex.

    Raises:
        UciError: the engine cannot be started as `spec` says.
    """

    def __init__(self, spec: UciSpec, *, patience_s: float = PATIENCE_S) -> None:
        self._connection = UciConnection(spec, patience_s=patience_s)
        self.name = self._connection.name
        self.fingerprint = self._connection.fingerprint
        self._last = Line("")
        self._game = object()

    def __enter__(self) -> Self:
        """The player itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the engine."""
        self.close()

    def close(self) -> None:
        """End the engine."""
        self._connection.close()

    def choose(self, line: Line) -> Action:
        """The engine's action at the end of `line`; see `ask`."""
        return self.ask(line).action

    def ask(self, line: Line, mine: Clock | None = None, theirs: Clock | None = None) -> UciMove:
        """The engine's move at the end of `line`; a line that does not go on from the last one is another game.

        Args:
            mine, theirs: the clocks of the player to move and of the other, where there are any.

        Raises:
            UciCrashError, UciSilenceError, UciNonsenseError: the engine crashed, hung, or gave no legal move.
            UciError: the game is over.
        """
        here = board(line)
        if not any(here.generate_legal_moves()):
            raise UciError(f"there is nothing to choose in {here.fen()!r}: the game is over")
        known = self._last.actions
        if line.start != self._last.start or line.actions[: len(known)] != known:
            self._game = object()
        self._last = line
        limit = self._connection.spec.limit()
        if mine is not None:
            _set_clocks(limit, mine, theirs or mine, is_white=here.turn)
        result = self._connection.play(here, self._game, limit)
        assert result.move is not None
        score = result.info.get("score")
        value = None if score is None else value_of_score(score.pov(here.turn))
        return UciMove(Action(action_of_move(here, result.move)), value)


def _set_clocks(limit: chess.engine.Limit, mine: Clock, theirs: Clock, *, is_white: bool) -> None:
    white, black = (mine, theirs) if is_white else (theirs, mine)
    limit.white_clock, limit.white_inc = white.remaining_s, white.increment_s
    limit.black_clock, limit.black_inc = black.remaining_s, black.increment_s
