"""OpenSpiel's Monte Carlo tree searches as a side."""

import time
from importlib.metadata import version

import numpy as np
import pyspiel
from numpy.typing import NDArray
from open_spiel.python.algorithms import mcts

from engine.bench.peers.child import Answer, Tasks, serve

_C_PUCT = 1.745
_C_UCT = 2.0
_MEMORY_MB = 4000


class FreeEvaluator:
    """Equal priors and value 0: what is measured is the search alone."""

    def evaluate(self, _: pyspiel.State) -> NDArray[np.float64]:
        """A draw for both players."""
        return np.zeros(2)

    def prior(self, state: pyspiel.State) -> list[tuple[int, float]]:
        """The legal actions, all alike."""
        actions = state.legal_actions()
        return [(action, 1.0 / len(actions)) for action in actions]


def versions() -> dict[str, str]:
    """Of the packages that count."""
    return {"open_spiel": version("open_spiel"), "numpy": np.__version__}


def search(game: str, position: str, simulations: int, language: str, evaluator: str, seed: int = 1) -> Answer:
    """One search from nothing; `language` "python" or "c++", `evaluator` "free" (Python only) or "rollouts".

    The Python search draws its random numbers as OpenSpiel has it by default: unseeded.
    """
    loaded = pyspiel.load_game(game)
    state = loaded.new_initial_state(position) if position else loaded.new_initial_state()
    bot = _bot(loaded, simulations, language, evaluator, seed)
    started = time.perf_counter()
    root = bot.mcts_search(state)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "simulations": root.explore_count}


def _bot(game: pyspiel.Game, simulations: int, language: str, evaluator: str, seed: int) -> pyspiel.Bot:
    if language == "c++":
        rollouts = pyspiel.RandomRolloutEvaluator(1, seed)
        return pyspiel.MCTSBot(game, rollouts, _C_UCT, simulations, _MEMORY_MB, True, seed, False)
    if evaluator == "rollouts":
        return mcts.MCTSBot(game, _C_UCT, simulations, mcts.RandomRolloutEvaluator(1))
    return mcts.MCTSBot(game, _C_PUCT, simulations, FreeEvaluator(), child_selection_fn=mcts.SearchNode.puct_value)


def perft(position: str, depth: int) -> Answer:
    """Chess positions `depth` plies from `position`, counted with legal move lists, the last ply in bulk."""
    state = pyspiel.load_game("chess").new_initial_state(position)
    started = time.perf_counter()
    count = _count(state, depth)
    return {"seconds": time.perf_counter() - started, "count": count}


def _count(state: pyspiel.State, depth: int) -> int:
    actions = state.legal_actions()
    if depth == 1:
        return len(actions)
    return sum(_count(state.child(action), depth - 1) for action in actions)


TASKS: Tasks = {"search": search, "perft": perft}

if __name__ == "__main__":
    serve(versions(), TASKS)
