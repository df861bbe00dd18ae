"""Games of a generation against itself, in lockstep, and what search found at every position of them.

A shard is a fixed number of games that depend on the weights, the settings and the shard's number alone. It is played
in legs of a few plies; what is known at the end of each can be kept, and the shard goes on from there as if nothing had
happened. For that, a leg begins with nothing remembered of the evaluations before it.
"""

import contextlib
import itertools
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.arena.games import CUT_SHORT, Game, Games
from engine.distill.lessons import Lessons, PlayedGame, lesson_dtype
from engine.distill.samples import DRAW, NOT_KNOWN
from engine.distill.settings import SelfPlaySettings
from engine.domains.base import Line, Rules
from engine.search.evaluator import Evaluator
from engine.search.forest import Forest, RootResult

LEG = 8
"""Plies of all games after which what is known can be kept."""

_LEAST = 1e-12  # of a prior, so that its logarithm is finite


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a game begins, and why there (`lessons.FROM_BOOK` and so on)."""

    line: Line
    origin: int


@dataclass(frozen=True, slots=True, eq=False)
class _Thought:
    """What search found before a ply of a game was played, as a lesson has it; `row` is without the game's result."""

    row: NDArray[np.void]
    actions: NDArray[np.uint16]
    policy: NDArray[np.float32]

    @property
    def place(self) -> tuple[int, int]:
        """Game and ply: the order of lessons."""
        return int(self.row["game"]), int(self.row["ply"])


def play_shard(
    rules: Rules,
    evaluator: Evaluator,
    settings: SelfPlaySettings,
    beginnings: Sequence[Beginning],
    seed: int,
    earlier: Lessons | None = None,
    keep: Callable[[Lessons], None] = lambda _: None,
) -> Generator[Games, None, Lessons]:
    """Play a game from each of `beginnings` and take down what search found at every ply.

    Args:
        seed: of the shard; all chance follows from it.
        earlier: the shard as `keep` was told of it last, to go on from there.
        keep: told after every leg of all lessons so far, among them those of games that go on.

    Yields:
        The games, whenever a simulation was done in all of them; the leg that is left then is lost.

    Returns:
        The lessons, games one after the other.
    """
    games = _set_out(rules, settings, beginnings, () if earlier is None else earlier.games)
    thoughts = [] if earlier is None else _taken_down(earlier)
    forest = Forest(rules, evaluator, settings.search)
    while live := games.live:
        if thoughts and len(live[0].actions) % LEG == 0:  # games that go on have the same number of plies
            keep(_lessons(rules, games, beginnings, thoughts))
            forest = Forest(rules, evaluator, settings.search)
        seeds = [int(np.random.SeedSequence((seed, game.index)).generate_state(1)[0]) for game in live]
        searching = forest.run_with_breaks([game.history for game in live], settings.simulations, seeds)
        results = yield from _telling(searching, games)
        actions = []
        for game, result, own in zip(live, results, seeds, strict=True):
            thoughts.append(_thought(rules, game, result, beginnings[game.index].origin))
            actions.append(_action(result, own, len(game.actions), settings))
        games.play([game.index for game in live], actions, [result.value for result in results])
        yield games
    return _lessons(rules, games, beginnings, thoughts)


def _set_out(
    rules: Rules, settings: SelfPlaySettings, beginnings: Sequence[Beginning], played: Sequence[PlayedGame]
) -> Games:
    """The games at their beginnings, or after what was played of them already."""
    games = Games(rules, settings.max_plies)
    for index, beginning in enumerate(beginnings):
        games.begin(index, beginning.line)
    for ply in range(max((len(game.played) for game in played), default=0)):
        moving = [game.index for game in games.live if ply < len(played[game.index].played)]
        games.play(moving, [played[index].played[ply] for index in moving], [np.nan] * len(moving))
    return games


def _taken_down(lessons: Lessons) -> list[_Thought]:
    runs = itertools.pairwise(lessons.offsets.tolist())
    return [
        _Thought(lessons.rows[place : place + 1][0], lessons.actions[a:b], lessons.policy[a:b])
        for place, (a, b) in enumerate(runs)
    ]


def _thought(rules: Rules, game: Game, found: RootResult, origin: int) -> _Thought:
    row = np.zeros(1, lesson_dtype(rules))
    row["state"], row["result"] = game.history[-1], NOT_KNOWN
    row["value"], row["raw_value"], row["draw"] = found.value, found.raw_value, found.raw_draw
    row["surprise"] = surprise_of(found)
    row["game"], row["ply"], row["origin"] = game.index, len(game.actions), origin
    return _Thought(row[0], found.actions.astype(np.uint16), found.policy.astype(np.float32))


def _telling(
    searching: Generator[None, None, list[RootResult]], games: Games
) -> Generator[Games, None, list[RootResult]]:
    """What `searching` finds; the games in every break of it."""
    with contextlib.closing(searching):
        while True:
            try:
                next(searching)
            except StopIteration as end:
                found: list[RootResult] = end.value
                return found
            yield games


def surprise_of(result: RootResult) -> float:
    """How far the improved policy is from the prior: KL divergence in nats, never below 0."""
    kept = result.policy > 0.0
    ratio = result.policy[kept] / np.maximum(result.prior[kept], _LEAST)
    return max(float(result.policy[kept] @ np.log(ratio)), 0.0)


def _action(result: RootResult, seed: int, ply: int, settings: SelfPlaySettings) -> int:
    """What is played: at the start of a game drawn from the improved policy, later what the search chose."""
    if ply >= settings.wander_plies:
        return result.best_action
    chance = result.policy / result.policy.sum()
    return int(np.random.default_rng((seed, ply)).choice(result.actions, p=chance))


def _lessons(rules: Rules, games: Games, beginnings: Sequence[Beginning], thoughts: Sequence[_Thought]) -> Lessons:
    """All thoughts in order, each with the result of its game where there is one by now."""
    thoughts = sorted(thoughts, key=lambda thought: thought.place)
    rows = np.array([thought.row for thought in thoughts], lesson_dtype(rules))
    rows["result"] = [_result(games[game], ply) for game, ply in (thought.place for thought in thoughts)]
    lengths = [len(thought.actions) for thought in thoughts]
    return Lessons(
        rows,
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        np.concatenate([thought.actions for thought in thoughts]),
        np.concatenate([thought.policy for thought in thoughts]),
        tuple(_played(rules, games[index], beginning) for index, beginning in enumerate(beginnings)),
    )


def _result(game: Game, ply: int) -> int:
    """The result of a game for the player to move at `ply`, as `samples` has it.

    A game that was broken off counts as a draw, as it does in a match: neither side could win it in that time.
    """
    if game.points is None:
        return NOT_KNOWN
    points = game.points if game.a_moves_first == (ply % 2 == 0) else 1.0 - game.points
    return DRAW - round(2.0 * points - 1.0)


def _played(rules: Rules, game: Game, beginning: Beginning) -> PlayedGame:
    line, points = beginning.line, 0.5 if game.points is None else game.points
    ending = ""
    if game.is_over:
        ending = rules.outcomes[game.outcome].text if game.outcome else CUT_SHORT
    return PlayedGame(line.start, line.actions, tuple(game.actions), points, ending, beginning.origin)
