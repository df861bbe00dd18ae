"""Players: each is asked about many boards at once and chooses an action on every one.

Shape letter: `B` boards.
"""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.arena.games import Game
from engine.domains.base import Line, Rules
from engine.search.evaluator import Evaluation, Evaluator, Leaves
from engine.search.forest import Forest
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.explain import node_value
from engine.uci.player import UciPlayer
from engine.uci.player_spec import UciSpec

_CHUNK = 256  # boards that intuition sees at once

_SIMULATIONS_A_STEP = 2**14
_FEWEST_BOARDS = 64
"""Boards that are searched at once, though one step takes longer then: batches must not become small."""


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A board on which a player is to move.

    Attributes:
        game: the game; only read.
        seed: of whatever chance the player uses in this game.
    """

    game: Game
    seed: int

    @property
    def ply(self) -> int:
        """Plies since the start of the opening."""
        return len(self.game.history) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What a player chose.

    Attributes:
        actions: int [B], legal.
        values: float [B], what the player thinks of each board, from its own view in [-1, 1]; NaN = nothing.
    """

    actions: list[int]
    values: list[float]


class Player(Protocol):
    """Chooses actions.

    Attributes:
        name: for people, as it was written.
        fingerprint: equal for players that play alike: weights, settings, options.
        is_deterministic: whether it plays the same on the same board whatever the seed.
        most_boards: to ask about at once, so that an answer takes seconds and not minutes.
    """

    name: str
    fingerprint: str
    is_deterministic: bool
    most_boards: int

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """An action on each board; never empty, none of the games is over."""
        ...

    def close(self) -> None:
        """Let go of what it holds; it is not asked again."""
        ...


class RandomPlayer:
    """Every legal action with equal chance. Knows nothing, and is the zero of a ladder."""

    is_deterministic = False
    most_boards = 4096

    def __init__(self, rules: Rules, name: str = "random") -> None:
        self.name, self.fingerprint = name, "random"
        self._rules = rules

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """See `Player.choose`."""
        expansion = self._rules.expand(_last_states(turns))
        runs = pairwise(expansion.offsets.tolist())
        actions = [int(_chance(turn).choice(expansion.actions[a:b])) for turn, (a, b) in zip(turns, runs, strict=True)]
        return Chosen(actions, [float("nan")] * len(turns))

    def close(self) -> None:
        """Nothing to let go of."""


class IntuitionPlayer:
    """The likeliest action by the network alone; between equals the seed decides."""

    most_boards = 4096

    def __init__(self, rules: Rules, evaluator: Evaluator, name: str = "") -> None:
        self.name = name or f"{evaluator.name}@0"
        self.fingerprint = f"{evaluator.weights_hash or evaluator.name} intuition"
        self.is_deterministic = evaluator.fmt is not None
        self._rules, self._evaluator = rules, evaluator

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """See `Player.choose`."""
        chosen = Chosen([], [])
        for low in range(0, len(turns), _CHUNK):
            part = turns[low : low + _CHUNK]
            leaves = self._leaves(part)
            evaluation = self._evaluator.evaluate(leaves)
            chosen.actions.extend(_likeliest(part, leaves, evaluation))
            chosen.values.extend((evaluation.wdl[:, 0] - evaluation.wdl[:, 2]).tolist())
        return chosen

    def close(self) -> None:
        """Nothing to let go of."""

    def _leaves(self, turns: Sequence[Turn]) -> Leaves:
        states = _last_states(turns)
        expansion = self._rules.expand(states)
        features = None
        if self._evaluator.fmt is not None:
            depth = self._rules.formats[self._evaluator.fmt].history
            lineages = np.zeros((len(turns), depth), states.dtype)
            lengths = np.empty(len(turns), np.int32)
            for row, turn in enumerate(turns):
                newest_first = turn.game.history[: -depth - 1 : -1]
                lineages[row, : len(newest_first)] = newest_first
                lengths[row] = len(newest_first)
            features = self._rules.encode(lineages, lengths, self._evaluator.fmt)
        return Leaves(states, features, expansion.offsets, expansion.actions)


class LockstepPlayer:
    """Searches all boards at once, one simulation a round (`engine.search.forest`)."""

    def __init__(
        self, rules: Rules, evaluator: Evaluator, settings: SearchSettings, simulations: int, name: str = ""
    ) -> None:
        self.name = name or f"{evaluator.name}@{simulations}:{settings.method}"
        self.fingerprint = _fingerprint(evaluator, settings, simulations)
        self.is_deterministic = not (settings.method == "uct" or settings.root_noise or settings.gumbel_scale)
        self.most_boards = max(_FEWEST_BOARDS, _SIMULATIONS_A_STEP // simulations)
        self._forest, self._simulations = Forest(rules, evaluator, settings), simulations

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """See `Player.choose`."""
        seeds = [turn.seed for turn in turns]
        results = self._forest.run_states([turn.game.history for turn in turns], self._simulations, seeds)
        return Chosen([result.best_action for result in results], [result.value for result in results])

    def close(self) -> None:
        """Nothing to let go of."""


class SearchPlayer:
    """Searches one board after the other, for the methods that do not run in lockstep."""

    def __init__(
        self, rules: Rules, evaluator: Evaluator, settings: SearchSettings, simulations: int, name: str = ""
    ) -> None:
        self.name = name or f"{evaluator.name}@{simulations}:{settings.method}"
        self.fingerprint = _fingerprint(evaluator, settings, simulations)
        self.is_deterministic = settings.method != "best-of-n"
        self.most_boards = max(1, _SIMULATIONS_A_STEP // simulations)
        self._rules, self._evaluator, self._settings = rules, evaluator, settings
        self._limits = Limits(simulations=simulations)

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """See `Player.choose`."""
        chosen = Chosen([], [])
        for turn in turns:
            settings = msgspec.structs.replace(self._settings, seed=turn.seed)
            search = Search(self._rules, self._evaluator, turn.game.line, settings, lambda _: None)
            search.start_run(self._limits)
            while search.advance() is None:
                pass
            chosen.actions.append(int(search.tree.edge_action[best_edge(search.tree, ROOT)]))
            chosen.values.append(node_value(search.tree, ROOT))
        return chosen

    def close(self) -> None:
        """Nothing to let go of."""


class UciOpponent:
    """A UCI engine, in several processes; each game stays with one of them.

    An engine that plays several games turn about is told of a new game at each change, as the protocol asks.
    """

    is_deterministic = False

    def __init__(self, spec: UciSpec, processes: int, name: str = "") -> None:
        """Start the engines.

        Args:
            processes: at least 1.

        Raises:
            UciError: an engine cannot be started as `spec` says.
        """
        self._engines: list[UciPlayer] = []
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="uci")
        try:
            for _ in range(processes):
                self._engines.append(UciPlayer(spec))
        except ValueError:
            self.close()
            raise
        self.name = name or self._engines[0].name
        self.fingerprint = self._engines[0].fingerprint
        self.most_boards = 4 * processes

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """See `Player.choose`; raises `UciError` where an engine crashed, hung, or gave no legal move."""
        lines: list[list[tuple[int, Line]]] = [[] for _ in self._engines]
        for row, turn in enumerate(turns):
            lines[turn.game.index % len(self._engines)].append((row, turn.game.line))
        actions = [0] * len(turns)
        for answers in self._threads.map(_ask, self._engines, lines):
            for row, action in answers:
                actions[row] = action
        return Chosen(actions, [float("nan")] * len(turns))

    def close(self) -> None:
        """End the engines."""
        self._threads.shutdown()
        for engine in self._engines:
            engine.close()


def _ask(engine: UciPlayer, lines: Sequence[tuple[int, Line]]) -> list[tuple[int, int]]:
    return [(row, int(engine.choose(line))) for row, line in lines]


def _last_states(turns: Sequence[Turn]) -> NDArray[np.void]:
    """The board of each turn [B]."""
    return np.concatenate([turn.game.history[-1:] for turn in turns])


def _likeliest(turns: Sequence[Turn], leaves: Leaves, evaluation: Evaluation) -> list[int]:
    """The action with the highest logit of each board."""
    actions = []
    for turn, (start, end) in zip(turns, pairwise(leaves.offsets.tolist()), strict=True):
        logits = evaluation.logits[start:end]
        best = np.flatnonzero(logits == logits.max())
        pick = best[0] if len(best) == 1 else _chance(turn).choice(best)
        actions.append(int(leaves.actions[start + pick]))
    return actions


def _chance(turn: Turn) -> np.random.Generator:
    return np.random.default_rng((turn.seed, turn.ply))


def _fingerprint(evaluator: Evaluator, settings: SearchSettings, simulations: int) -> str:
    """Weights, budget and settings as a hash, hex; the seed is the match's, not the player's."""
    settings = msgspec.structs.replace(settings, seed=0)
    told = msgspec.json.encode([evaluator.weights_hash or evaluator.name, msgspec.to_builtins(settings), simulations])
    return hashlib.sha256(told).hexdigest()
