"""Players: each is asked about many boards at once and chooses an action on every one.

Shape letter: `B` boards.
"""

import hashlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, runtime_checkable

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.arena.faults import Fault
from engine.arena.games import Game, newest_states
from engine.arena.player_facts import PlayerFacts
from engine.domains.base import Rules
from engine.search.breaks import without_breaks
from engine.search.clock import Clock
from engine.search.evaluator import Evaluation, Evaluator, Leaves, UniformEvaluator
from engine.search.forest import Forest
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.search.time_control import TimeControl

_CHUNK = 256  # boards that intuition sees at once

SIMULATIONS_A_STEP = 2**14
"""Simulations after which a match has been silent for long enough; of a network on a processor half as many."""
_FEWEST_BOARDS, _FEWEST_BOARDS_ON_CPU = 64, 16
"""Boards that are searched at once, though one step takes longer then: batches must not become small.

On two cores 16 boards get 12 % fewer simulations per second than 64, and 8 get 24 % fewer.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A board on which a player is to move.

    Attributes:
        game: the game; only read.
        seed: of whatever chance the player uses in this game.
        clock, their_clock: of the player to move and of the other one; None = there is none.
    """

    game: Game
    seed: int
    clock: Clock | None = None
    their_clock: Clock | None = None

    @property
    def ply(self) -> int:
        """Plies since the start of the opening."""
        return len(self.game.history) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What a player chose.

    Attributes:
        actions: int [B], legal; of no account where there is a fault.
        values: float [B], what the player thinks of each board, from its own view in [-1, 1]; NaN = nothing.
        spent_s: float [B], time for each board, from players with a clock.
        faults: [B], why there is no move; None = none anywhere.
    """

    actions: list[int]
    values: list[float]
    spent_s: list[float] | None = None
    faults: list[Fault | None] | None = None


class Player(Protocol):
    """Chooses actions.

    Attributes:
        name: for people, as it was written.
        fingerprint: equal for players that play alike: weights, settings, options.
        facts: the same in full.
        is_deterministic: whether it plays the same on the same board whatever the seed.
        most_boards: to ask about at once, so that an answer takes seconds and not minutes.
        clock: that it plays on; None = none.
    """

    name: str
    fingerprint: str
    facts: PlayerFacts
    is_deterministic: bool
    most_boards: int
    clock: TimeControl | None

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """An action on each board; never empty, none of the games is over.

        Raises:
            FaultyPlayerError: it fails again and again.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds; it is not asked again."""
        ...


@runtime_checkable
class TakesBreaks(Protocol):
    """A player whose answer may take long, and that can be left before it is there."""

    def choosing(self, turns: Sequence[Turn]) -> Generator[None, None, Chosen]:
        """Like `Player.choose`, with breaks of the asker's; left in one, it has not been asked."""
        ...


@runtime_checkable
class Searches(Protocol):
    """A player that can be watched as it thinks."""

    def search(self, turn: Turn, sink: Callable[[bytes], None]) -> Search:
        """The search, under way, in which it finds what it plays on one board; `sink` takes its journal.

        Its best action and value are those of `Player.choose`, but for what time decides.
        """
        ...


def choosing(player: Player, turns: Sequence[Turn]) -> Generator[None, None, Chosen]:
    """What `player` chooses; with breaks, where it takes any."""
    if isinstance(player, TakesBreaks):
        return (yield from player.choosing(turns))
    return player.choose(turns)


class RandomPlayer:
    """Every legal action with equal chance. Knows nothing, and is the zero of a ladder."""

    is_deterministic = False
    most_boards = 4096
    clock: TimeControl | None = None

    def __init__(self, rules: Rules, name: str = "random") -> None:
        self.name, self.fingerprint = name, "random"
        self.facts = PlayerFacts(text=name, fingerprint="random", kind="random")
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
    clock: TimeControl | None = None

    def __init__(self, rules: Rules, evaluator: Evaluator, name: str = "") -> None:
        self.name = name or f"{evaluator.name}@0"
        self.fingerprint = f"{evaluator.weights_hash or evaluator.name} intuition"
        self.facts = facts_of(self.name, self.fingerprint, evaluator, simulations=0)
        self.is_deterministic = evaluator.fmt is not None
        self._rules, self._evaluator = rules, evaluator
        self._says_nothing = isinstance(evaluator, UniformEvaluator)  # "a draw" of every board is no opinion

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """See `Player.choose`."""
        return without_breaks(self.choosing(turns))

    def choosing(self, turns: Sequence[Turn]) -> Generator[None, None, Chosen]:
        """See `TakesBreaks`; a break after each batch."""
        chosen = Chosen([], [])
        for low in range(0, len(turns), _CHUNK):
            part = turns[low : low + _CHUNK]
            leaves = self._leaves(part)
            evaluation = self._evaluator.evaluate(leaves)
            chosen.actions.extend(_likeliest(part, leaves, evaluation))
            values = (evaluation.wdl[:, 0] - evaluation.wdl[:, 2]).tolist()
            chosen.values.extend([float("nan")] * len(part) if self._says_nothing else values)
            yield
        return chosen

    def search(self, turn: Turn, sink: Callable[[bytes], None]) -> Search:
        """See `Searches`: the root with its priors; between equal ones the player decides, not the search."""
        settings = SearchSettings(method="intuition", seed=turn.seed)
        search = Search(self._rules, self._evaluator, turn.game.line, settings, sink, self._evaluator.name)
        search.start_run(Limits(simulations=1))
        return search

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

    clock: TimeControl | None = None

    def __init__(
        self, rules: Rules, evaluator: Evaluator, settings: SearchSettings, simulations: int, name: str = ""
    ) -> None:
        self.name = name or f"{evaluator.name}@{simulations}:{settings.method}"
        self.fingerprint = fingerprint_of(evaluator, settings, simulations)
        self.facts = facts_of(self.name, self.fingerprint, evaluator, settings, simulations)
        self.is_deterministic = not (settings.method == "uct" or settings.root_noise or settings.gumbel_scale)
        self.most_boards = _boards_at_once(evaluator, simulations)
        self._rules, self._evaluator, self._settings = rules, evaluator, settings
        self._forest, self._simulations = Forest(rules, evaluator, settings), simulations

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        """See `Player.choose`."""
        return without_breaks(self.choosing(turns))

    def choosing(self, turns: Sequence[Turn]) -> Generator[None, None, Chosen]:
        """See `TakesBreaks`; a break after each round."""
        seeds = [turn.seed for turn in turns]
        histories = [turn.game.history for turn in turns]
        results = yield from self._forest.run_with_breaks(histories, self._simulations, seeds)
        return Chosen([result.best_action for result in results], [result.value for result in results])

    def search(self, turn: Turn, sink: Callable[[bytes], None]) -> Search:
        """See `Searches`: with a batch of 1 and nothing given up a search grows the tree that a forest does."""
        settings = msgspec.structs.replace(self._settings, seed=turn.seed, batch=1, prune_out_of_reach=False)
        search = Search(self._rules, self._evaluator, turn.game.line, settings, sink, self._evaluator.name)
        search.start_run(Limits(simulations=self._simulations))
        return search

    def close(self) -> None:
        """Nothing to let go of."""


def _boards_at_once(evaluator: Evaluator, simulations: int) -> int:
    """Boards to search in one step: many where each is quick, and where a GPU is fed by them."""
    if evaluator.fmt is not None and evaluator.device.startswith("cpu"):
        return max(_FEWEST_BOARDS_ON_CPU, SIMULATIONS_A_STEP // 2 // simulations)
    return max(_FEWEST_BOARDS, SIMULATIONS_A_STEP // simulations)


def _last_states(turns: Sequence[Turn]) -> NDArray[np.void]:
    """The board of each turn [B]."""
    return newest_states([turn.game for turn in turns])


def _likeliest(turns: Sequence[Turn], leaves: Leaves, evaluation: Evaluation) -> list[int]:
    """The action with the highest logit of each board."""
    logits, starts = evaluation.logits, leaves.offsets[:-1]
    is_best = logits == np.repeat(np.maximum.reduceat(logits, starts), np.diff(leaves.offsets))
    best = np.flatnonzero(is_best)
    counts = np.add.reduceat(is_best, starts, dtype=np.int64)
    ends = np.cumsum(counts)
    picks = best[ends - counts]
    for row in np.flatnonzero(counts > 1).tolist():
        picks[row] = _chance(turns[row]).choice(best[ends[row] - counts[row] : ends[row]])
    actions: list[int] = leaves.actions[picks].tolist()
    return actions


def _chance(turn: Turn) -> np.random.Generator:
    return np.random.default_rng((turn.seed, turn.ply))


def fingerprint_of(
    evaluator: Evaluator, settings: SearchSettings, simulations: int | None, *more: str | float | None
) -> str:
    """Weights, settings, simulations and whatever else decides, as a hash, hex; the seed is the match's."""
    settings = msgspec.structs.replace(settings, seed=0)
    identity = evaluator.weights_hash or evaluator.name
    told = msgspec.json.encode([identity, msgspec.to_builtins(settings), simulations, *more])
    return hashlib.sha256(told).hexdigest()


def facts_of(
    name: str,
    fingerprint: str,
    evaluator: Evaluator,
    settings: SearchSettings | None = None,
    simulations: int | None = None,
    time: str = "",
) -> PlayerFacts:
    """The facts of a player that uses an evaluator; it is reproducible where it has all the time it wants."""
    told = {} if settings is None else msgspec.to_builtins(settings)
    return PlayerFacts(
        text=name,
        fingerprint=fingerprint,
        kind="generation",
        generation=evaluator.name,
        weights_sha256=evaluator.weights_hash,
        simulations=simulations,
        settings={key: value for key, value in told.items() if key != "seed"},
        time=time,
        is_reproducible=not time,
    )
