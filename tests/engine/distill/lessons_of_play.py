"""A short self-play of Connect Four with equal priors, for tests of what comes after it."""

from collections.abc import Generator

from engine.arena.games import Games
from engine.distill.lessons import FROM_BOOK, Lessons
from engine.distill.self_play import Beginning, play_shard
from engine.distill.settings import SelfPlaySettings
from engine.domains.base import Line
from engine.search.evaluator import Evaluator, UniformEvaluator
from tests.engine.distill.games import RULES

SETTINGS = SelfPlaySettings(simulations=8, wander_plies=2)


def played(
    games: int = 6, seed: int = 1, evaluator: Evaluator | None = None, settings: SelfPlaySettings = SETTINGS
) -> Lessons:
    beginnings = [Beginning(Line("startpos", (3, index % 7)), FROM_BOOK) for index in range(games)]
    return played_out(play_shard(RULES, evaluator or UniformEvaluator(), settings, beginnings, seed))


def played_out(playing: Generator[Games, None, Lessons]) -> Lessons:
    """The lessons of a shard."""
    while True:
        try:
            next(playing)
        except StopIteration as end:
            lessons: Lessons = end.value
            return lessons
