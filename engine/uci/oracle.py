"""Any UCI engine as intuition: its scores of all legal moves become priors, its score of the position a value.

Slow (a process, one position at a time) and strong: for comparing a network with an engine, or for teaching it.
"""

import chess
import chess.engine
import numpy as np
from numpy.typing import NDArray

from engine.domains.chess.moves import action_of_move
from engine.domains.chess.state import board_of_state
from engine.search.evaluator import Evaluation, Leaves
from engine.uci.connection import UciConnection
from engine.uci.errors import UciError
from engine.uci.score import value_of_score


class UciOracle:
    """A UCI engine as an `engine.search.evaluator.Evaluator` of chess.

    The engine is asked about every position with as many lines as there are moves. A move's logit is its value in
    [-1, 1] over `temperature`; a move that the engine says nothing about gets the lowest value it named.

    Args:
        connection: to an engine with a limit that ends (nodes, depth or time); stays the caller's to close.
        temperature: in values: a move worse by so much is e times less likely.

    Raises:
        UciError: `temperature` is not above 0, or the engine cannot report several moves.
    """

    fmt: str | None = None

    def __init__(self, connection: UciConnection, temperature: float = 0.05) -> None:
        if not temperature > 0:
            raise UciError(f"temperature {temperature} of an oracle must be above 0")
        if not connection.has_option("MultiPV"):
            raise UciError(f"UCI engine {connection.name!r} has no option MultiPV, so it cannot score every move")
        if connection.has_option("UCI_ShowWDL"):
            connection.set_option("UCI_ShowWDL", "true")
        self._connection, self._temperature = connection, temperature
        self.name = connection.name
        self.weights_hash = connection.fingerprint
        self.device = "UCI engine"

    def evaluate(self, leaves: Leaves) -> Evaluation:
        """Logits and win/draw/loss for every leaf.

        Raises:
            UciError: the engine crashed, hung, or could not be understood.
        """
        logits = np.zeros(len(leaves.actions), np.float32)
        wdl = np.zeros((len(leaves.states), 3), np.float32)
        for row, state in enumerate(leaves.states):
            span = slice(int(leaves.offsets[row]), int(leaves.offsets[row + 1]))
            wdl[row], logits[span] = self._ask(board_of_state(state), leaves.actions[span])
        return Evaluation(logits, wdl)

    def _ask(
        self, board: chess.Board, actions: NDArray[np.uint16]
    ) -> tuple[tuple[float, float, float], NDArray[np.float32]]:
        """Chances of a position and logits of its `actions`."""
        infos = [info for info in self._connection.analyse(board, len(actions)) if info.get("pv") and "score" in info]
        if not infos:
            raise UciError(f"UCI engine {self.name!r} gave no score in {board.fen()!r}")
        found = {action_of_move(board, info["pv"][0]): value_of_score(info["score"].relative) for info in infos}
        lowest = min(found.values())
        values = np.array([found.get(int(action), lowest) for action in actions], np.float32)
        best = infos[0]["wdl"].relative if "wdl" in infos[0] else infos[0]["score"].relative.wdl()
        chances = best.wins / best.total(), best.draws / best.total(), best.losses / best.total()
        return chances, values / np.float32(self._temperature)
