"""Thinking with breaks: left in one, nothing has happened; gone through all of them, the same as in one go."""

import contextlib
import itertools
from pathlib import Path

import numpy as np
import pytest

from engine.arena.journal import Header, MatchJournal
from engine.arena.match import Match, MatchSettings
from engine.arena.players import IntuitionPlayer, LockstepPlayer, Player, RandomPlayer
from engine.arena.search_player import Budget, SearchPlayer
from engine.domains import registry
from engine.search.breaks import until_told, without_breaks
from engine.search.evaluator import Evaluation, Leaves, UniformEvaluator
from engine.search.forest import Forest
from engine.search.hash_evaluator import HashEvaluator
from engine.search.settings import SearchSettings

FOUR = registry.rules("connect_four")
OPENINGS = [registry.notation("connect_four").parse_line(f"startpos moves {column}") for column in range(1, 8)]
HEADER = Header(
    domain="connect_four",
    a="a",
    b="b",
    a_fingerprint="",
    b_fingerprint="",
    book="",
    book_hash="",
    seed=0,
    max_plies=42,
)


def players() -> tuple[Player, Player]:
    one = LockstepPlayer(FOUR, HashEvaluator(), SearchSettings(method="gumbel"), 12)
    return one, SearchPlayer(FOUR, HashEvaluator(), SearchSettings(method="beam"), Budget(20))


def games_of(match: Match) -> list[tuple[list[int], float | None]]:
    return [(match.games[index].actions, match.games[index].points) for index in range(len(match.games))]


@pytest.mark.parametrize("after", [1, 3])
def test_a_step_that_is_left_in_a_break_has_not_happened(after: int, tmp_path: Path) -> None:
    whole = Match(FOUR, *players(), OPENINGS, MatchSettings(seed=4))
    while whole.advance():
        pass
    with MatchJournal(tmp_path / "journal", HEADER) as journal:
        match = Match(FOUR, *players(), OPENINGS, MatchSettings(seed=4), journal)
        left = 0
        while not match.is_over:
            before = [(list(actions), points) for actions, points in games_of(match)]
            with contextlib.closing(match.step()) as step:
                is_left = len(list(itertools.islice(step, after))) == after
            if is_left:
                left += 1
                assert games_of(match) == before
                match.advance()
    assert left > 5
    assert games_of(match) == games_of(whole)
    with MatchJournal(tmp_path / "journal", HEADER) as journal:
        again = Match(FOUR, RandomPlayer(FOUR), RandomPlayer(FOUR), OPENINGS, MatchSettings(seed=4), journal)
    assert games_of(again) == games_of(whole), "each step stands once in the journal"


def test_breaks_do_not_count_as_thinking(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("engine.arena.match.time.perf_counter", lambda: now)
    match = Match(FOUR, *players(), OPENINGS[:1], MatchSettings())
    for _ in match.step():
        now += 100.0
    assert match.seconds_s == 0.0


class Busy(HashEvaluator):
    """Intuition that knows whether it is asked while it works, and wants features, so that it is asked in a thread."""

    fmt = "planes"

    def __init__(self) -> None:
        super().__init__()
        self.asked = self.done = 0

    def evaluate(self, leaves: Leaves) -> Evaluation:
        self.asked += 1
        evaluation = super().evaluate(leaves)
        self.done += 1
        return evaluation


def test_a_search_that_is_left_leaves_its_intuition_free() -> None:
    evaluator = Busy()
    forest = Forest(FOUR, evaluator, SearchSettings())
    assert forest.overlaps
    work = forest.run_with_breaks([FOUR.load(line) for line in OPENINGS], 50)
    for _ in range(3):
        next(work)
    work.close()
    assert evaluator.asked == evaluator.done > 3
    results = forest.run(OPENINGS, 50)
    assert [result.simulations for result in results] == [50] * len(OPENINGS)


def test_playouts_of_a_root_do_not_depend_on_its_neighbours() -> None:
    settings = SearchSettings(method="uct")
    states = [FOUR.load(line) for line in OPENINGS]
    seeds = [3, 1, 4, 1, 5, 9, 2]
    together = Forest(FOUR, UniformEvaluator(), settings).run_states(states, 60, seeds)
    forest = Forest(FOUR, UniformEvaluator(), settings)
    for row in (6, 0, 3):
        (alone,) = forest.run_states([states[row]], 60, [seeds[row]])
        assert np.array_equal(alone.visits, together[row].visits)
        assert alone.value == together[row].value
    other = forest.run_states([states[0]], 60, [4])[0]
    assert not np.array_equal(other.visits, together[0].visits)


def test_intuition_takes_a_break_after_each_batch() -> None:
    match = Match(FOUR, *(IntuitionPlayer(FOUR, UniformEvaluator()) for _ in range(2)), OPENINGS, MatchSettings())
    assert len(list(match.step())) == 1


def test_work_that_is_told_to_end() -> None:
    ended = []

    def work() -> object:
        try:
            yield
            yield
        finally:
            ended.append(1)
        return "done"

    def driven(answers: list[bool]) -> object:
        told = until_told(work())  # type: ignore[arg-type]
        next(told)
        for answer in answers:
            try:
                told.send(answer)
            except StopIteration as end:
                return end.value
        return "still at it"

    assert driven([False, False]) == "done"
    assert driven([False, True]) is None
    assert driven([True]) is None
    assert len(ended) == 3
    assert without_breaks(work()) == "done"  # type: ignore[arg-type]
