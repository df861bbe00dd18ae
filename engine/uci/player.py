"""Any UCI engine as a player: a line of play in, the action it chooses out."""

from types import TracebackType
from typing import Self

from engine.domains.base import Action, Line
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.notation import board
from engine.uci.connection import PATIENCE_S, UciConnection
from engine.uci.errors import UciError
from engine.uci.player_spec import UciSpec


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
        """The engine's action at the end of `line`; a line that does not go on from the last one is another game.

        Raises:
            UciError: the game is over, or the engine crashed, hung, or gave no legal move.
        """
        here = board(line)
        if not any(here.generate_legal_moves()):
            raise UciError(f"there is nothing to choose in {here.fen()!r}: the game is over")
        known = self._last.actions
        if line.start != self._last.start or line.actions[: len(known)] != known:
            self._game = object()
        self._last = line
        return Action(action_of_move(here, self._connection.play(here, self._game)))
