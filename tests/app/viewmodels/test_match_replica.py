"""Folding news: however a match is cut into news, the same match comes out."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels.match_replica import GameReplica, MatchReplica, replica_read
from engine.arena.counts import count_pairs
from engine.arena.order import MatchOrder
from engine.arena.sprt import Sprt
from engine.arena.stopping import Walk
from engine.service.arena_messages import GameBegan, GameEnded, GameMoved, MatchInfo, MatchNews

ORDER = MatchOrder(domain="connect_four", a="gen-000", b="uniform")
POINTS = st.sampled_from((0.0, 0.5, 1.0))


def began(game: int, *, a_moves_first: bool | None = None) -> GameBegan:
    first = game % 2 == 0 if a_moves_first is None else a_moves_first
    return GameBegan(game=game, start="startpos", actions=(3,), a_moves_first=first, seed=game)


def fresh() -> MatchReplica:
    return MatchReplica("m", ORDER, 50)


@given(st.lists(st.tuples(POINTS, POINTS), max_size=12), st.data())
def test_counts_do_not_depend_on_how_news_are_cut(pairs: list[tuple[float, float]], data: st.DataObject) -> None:
    games = [began(number) for number in range(2 * len(pairs))]
    ends = [
        GameEnded(game=2 * pair + place, points=points[place], text="")
        for pair, points in enumerate(pairs)
        for place in (0, 1)
    ]
    cuts = sorted({0, len(ends), *data.draw(st.lists(st.integers(0, len(ends)), max_size=4))})
    replica = fresh()
    replica.fold(MatchNews(match="m", began=tuple(games)))
    for low, high in pairwise(cuts):
        # The engine says in every part how many pairs count in the end.
        replica.fold(MatchNews(match="m", ended=tuple(ends[low:high]), counted=len(pairs)))
    assert replica.counts == count_pairs(pairs)
    assert replica.pair_points == pairs


@given(st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=80), st.integers(1, 60))
def test_a_test_is_told_of_every_pair_in_its_order(pairs: list[tuple[float, float]], at_once: int) -> None:
    """However often it is asked how the test stands."""
    sprt, walk, replica = Sprt(0.0, 20.0), Walk.start(), fresh()
    replica.fold(MatchNews(match="m", began=tuple(began(number) for number in range(2 * len(pairs)))))
    for number, points in enumerate(pairs):
        walk = walk.after(sprt.llr(count_pairs(pairs[: number + 1])))
        ends = tuple(GameEnded(game=2 * number + place, points=points[place], text="") for place in (0, 1))
        replica.fold(MatchNews(match="m", ended=ends, counted=number + 1))
        if number % at_once == 0:
            replica.walk(sprt)
    assert float(replica.walk(sprt).llr[0]) == pytest.approx(float(walk.llr[0]))
    for ours, theirs in zip(replica.walk(sprt).bounds(sprt), walk.bounds(sprt), strict=True):
        assert float(ours[0]) == pytest.approx(float(theirs[0]))


def test_pairs_after_those_that_the_test_heard_do_not_count() -> None:
    replica = fresh()
    ends = tuple(GameEnded(game=number, points=1.0, text="") for number in range(4))
    replica.fold(MatchNews(match="m", began=tuple(map(began, range(4))), ended=ends, counted=1))
    assert (replica.counts.games, replica.finished) == (2, 4)


def test_moves_values_and_the_line() -> None:
    replica = fresh()
    replica.fold(MatchNews(match="m", began=(began(0),)))
    replica.fold(MatchNews(match="m", moved=(GameMoved(game=0, actions=(2, 4), values=(0.25, None)),)))
    replica.fold(MatchNews(match="m", moved=(GameMoved(game=0, actions=(1,), values=(0.5,)),)))
    game = replica.games[0]
    assert game.line.actions == (3, 2, 4, 1)
    assert [game.a_moves_at(ply) for ply in range(3)] == [True, False, True]


@pytest.mark.parametrize(
    ("a_moves_first", "values", "expected"),
    [
        (True, (0.25,), 0.25),
        (False, (0.25,), -0.25),
        (True, (0.25, 0.5), -0.5),
        (True, (0.25, None), 0.25),
        (False, (None, 0.5), 0.5),
        (True, (None,), None),
    ],
)
def test_values_are_seen_by_a(a_moves_first: bool, values: tuple[float | None, ...], expected: float | None) -> None:
    game = GameReplica(began(0, a_moves_first=a_moves_first), [1] * len(values), list(values))
    assert game.value_of_a() == expected


def test_only_games_that_changed_are_named_once() -> None:
    replica = fresh()
    replica.fold(MatchNews(match="m", began=(began(0), began(1))))
    assert replica.take_changed() == {0, 1}
    replica.fold(MatchNews(match="m", moved=(GameMoved(game=1, actions=(2,), values=(None,)),)))
    assert replica.take_changed() == {1}
    assert replica.take_changed() == set()


def test_games_that_repeat_another_are_counted() -> None:
    replica = fresh()
    games = tuple(map(began, range(4)))
    lines = ((1, 2), (1, 2), (1, 3), (1, 2))
    moved = tuple(GameMoved(game=number, actions=line, values=(None, None)) for number, line in enumerate(lines))
    ends = tuple(GameEnded(game=number, points=0.5, text="") for number in range(4))
    replica.fold(MatchNews(match="m", began=games, moved=moved, ended=ends, counted=2))
    assert replica.repeated == 2


def test_news_of_other_matches_and_unknown_games_are_refused() -> None:
    with pytest.raises(ValueError, match="'other'"):
        fresh().fold(MatchNews(match="other"))
    with pytest.raises(ValueError, match="game 7"):
        fresh().fold(MatchNews(match="m", ended=(GameEnded(game=7, points=1.0, text=""),)))


def test_a_stored_match_says_why_it_stands_still() -> None:
    info = MatchInfo(match="m", order=ORDER, date="2026-11-24T00:00:00", state="paused", report={"stopped": "by hand"})
    assert replica_read(info, MatchNews(match="m")).stopped == "by hand"
