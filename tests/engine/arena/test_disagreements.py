"""Differences of opinion: found, sorted, and judged by what the actions lose."""

from collections.abc import Sequence

import pytest

from engine.arena import judging
from engine.arena.disagreements import Difference, Hunt, View, judge_for
from engine.arena.faults import CRASH, Fault
from engine.arena.games import Game
from engine.arena.judging import judged
from engine.arena.match import Match, MatchSettings
from engine.arena.openings import open_book
from engine.arena.player_spec import PlayerError
from engine.arena.players import Chosen, Turn
from engine.arena.positions import played_on, positions_of
from engine.arena.search_player import Budget, SearchPlayer
from engine.domains import registry
from engine.domains.base import Line
from engine.search.breaks import without_breaks
from engine.search.evaluator import UniformEvaluator
from engine.search.settings import SearchSettings
from tests.engine.arena.stand_ins import Scripted, drawn_from, highest, lowest

FOUR, NOTATION = registry.rules("connect_four"), registry.notation("connect_four")
START = Line("startpos")
WINNING = NOTATION.parse_line("startpos moves 4 1 4 1 4 1")  # 4 wins at once
LOSING = NOTATION.parse_line("startpos moves 4 1 4 1 4")  # all but 4 lose at once


def deep(simulations: int = 300) -> SearchPlayer:
    return SearchPlayer(FOUR, UniformEvaluator(), SearchSettings(), Budget(simulations), "judge")


class Opinionated(Scripted):
    """Plays by a script, and says what it thinks of a position by another; it fails where it has no opinion."""

    def __init__(self, actions: dict[Line, int], values: dict[Line, float]) -> None:
        super().__init__(FOUR, lowest)
        self._actions, self._values = actions, values
        self.most_boards = 2

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        assert len(turns) <= self.most_boards
        lines = [turn.game.line for turn in turns]
        faults = [None if line in self._actions else Fault(CRASH, "gone") for line in lines]
        values = [self._values.get(line, float("nan")) for line in lines]
        return Chosen([self._actions.get(line, -1) for line in lines], values, faults=faults)


def hunt(a: Scripted, b: Scripted, told: list[tuple[str, float, int]] | None = None) -> Hunt:
    heard = [] if told is None else told
    return Hunt(FOUR, a, b, 0, lambda text, done, total: heard.append((text, done, total)))


def test_opinions_are_compared_and_the_widest_come_first() -> None:
    lines = [START, START.then(3), START.then(3, 3), START.then(2), START.then(1)]
    a = Opinionated(dict.fromkeys(lines, 3), {lines[0]: 0.5, lines[1]: 0.9, lines[2]: 0.1, lines[3]: 0.2})
    b = Opinionated(
        {lines[0]: 2, lines[1]: 3, lines[2]: 0, lines[3]: 3}, {lines[0]: 0.4, lines[1]: -0.9, lines[3]: 0.2}
    )
    told: list[tuple[str, float, int]] = []
    found = hunt(a, b, told)
    assert without_breaks(found.ask(lines)) is False  # type: ignore[arg-type]
    assert (found.positions, found.differing) == (4, 2), "b failed on one"
    assert [one.line for one in found.found] == [lines[1], lines[0], lines[2]], "equal opinions are none"
    assert [one.gap for one in found.found] == pytest.approx([1.8, 1.1, 1.0])
    assert found.found[2].b == View(0, None)
    assert found.widest(2) == found.found[:2]
    assert told[-1][1:] == (5, 5)


def test_what_an_action_loses() -> None:
    sentence = without_breaks(judged(FOUR, deep(), WINNING, (3, 0, 6), 0))  # type: ignore[arg-type]
    assert sentence is not None
    assert (sentence.action, sentence.value) == (3, 1.0)
    assert sentence.losses[0] == 0.0
    assert sentence.losses[1] > 0.3, "it gives the win away"
    sentence = without_breaks(judged(FOUR, deep(), LOSING, (3, 0), 0))  # type: ignore[arg-type]
    assert sentence is not None
    assert sentence.action == 3
    assert sentence.losses[0] == 0.0, "losses are from the player to move, whoever that is"
    assert sentence.losses[1] > 0.5


def test_an_action_that_is_searched_for_itself_loses_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the judge's own tree knows too little, even of an action that ends the game."""
    monkeypatch.setattr(judging, "worth_in", lambda *_: None)
    for line, actions in ((WINNING, (3, 0)), (LOSING, (3, 0))):
        sentence = without_breaks(judged(FOUR, deep(), line, actions, 0))  # type: ignore[arg-type]
        assert sentence is not None
        assert sentence.losses[0] == 0.0
        assert sentence.losses[1] > 0.3


def test_losses_are_never_below_nothing() -> None:
    for seed in range(3):
        sentence = without_breaks(judged(FOUR, deep(20), START.then(seed, 3), (0, 1, 5, 6), seed))  # type: ignore[arg-type]
        assert sentence is not None
        assert min(sentence.losses) >= 0.0


def test_the_judge_has_the_last_word_on_the_order() -> None:
    quiet, sharp = START.then(3, 3), WINNING
    a = Opinionated({quiet: 3, sharp: 3}, {quiet: 0.9, sharp: 0.0})
    b = Opinionated({quiet: 2, sharp: 0}, {quiet: -0.9, sharp: 0.0})
    found = hunt(a, b)
    without_breaks(found.ask([sharp, quiet]))  # type: ignore[arg-type]
    assert [one.line for one in found.found] == [quiet, sharp]
    heard: list[Difference] = []
    assert without_breaks(found.judge(deep(), 2, heard.append)) is False  # type: ignore[arg-type]
    assert [one.line for one in heard] == [quiet, sharp]
    widest = found.widest(2)
    assert [one.line for one in widest] == [sharp, quiet]
    assert widest[0].judge == View(3, 1.0)
    assert widest[0].a_loss == 0.0
    assert widest[0].b_loss == widest[0].gap


def test_told_to_end_it_says_what_it_has() -> None:
    a = Opinionated(dict.fromkeys([START, WINNING], 3), {})
    b = Opinionated(dict.fromkeys([START, WINNING], 2), {})
    found = hunt(a, b)
    asking = found.ask([START, WINNING])
    next(asking)
    with pytest.raises(StopIteration) as end:
        asking.send(True)
    assert end.value.value is True
    assert found.widest(5) == []
    without_breaks(found.ask([START, WINNING]))  # type: ignore[arg-type]
    judging = found.judge(deep(), 2, lambda _: None)
    next(judging)
    with pytest.raises(StopIteration) as end:
        judging.send(True)
    assert end.value.value is True
    assert len(found.widest(5)) == 2, "those not judged yet are there all the same"


@pytest.mark.parametrize(
    ("a", "b", "score", "judge"),
    [
        ("gen-000@64", "gen-001@400", None, "gen-001@4000"),
        ("gen-000@64", "gen-001@400", 0.6, "gen-000@800"),
        ("gen-000@400", "random", 0.1, "gen-000@4000"),
        ("uci:stockfish", "gen-003", 0.9, "gen-003@800"),
        ("gen-000", "gen-001", 0.5, "gen-000@800"),
    ],
)
def test_the_stronger_one_judges(a: str, b: str, score: float | None, judge: str) -> None:
    assert judge_for(a, b, score) == judge


def test_some_cannot_judge() -> None:
    with pytest.raises(PlayerError, match="name a judge"):
        judge_for("random", "uci:stockfish")


def test_positions_of_a_match_are_those_somebody_moved_in() -> None:
    players = [Scripted(FOUR, choice) for choice in (drawn_from(1), highest)]
    match = Match(FOUR, *players, [START, START.then(2)], MatchSettings())
    while match.advance():
        pass
    every = positions_of(match, 10**6, 0)
    assert len(set(every)) == len(every)
    games: list[Game] = match.games.finished
    assert set(every) == {game.opening.then(*game.actions[:ply]) for game in games for ply in range(len(game.actions))}
    some = positions_of(match, 7, 0)
    assert len(some) == 7
    assert set(some) <= set(every)
    assert some != positions_of(match, 7, 1)
    assert some == positions_of(match, 7, 0)


def test_openings_are_played_on() -> None:
    told: list[float] = []
    book = open_book("builtin", FOUR, NOTATION)
    players = (Scripted(FOUR, drawn_from(1)), Scripted(FOUR, drawn_from(2)))
    lines = without_breaks(played_on(FOUR, book, players, 90, 5, told.append))
    assert 40 < len(lines) <= 90
    assert told == sorted(told)
    assert 0 < told[-1] <= 1
    starts = {line for line in lines if line in set(book.lines)}
    assert len(starts) == 2
