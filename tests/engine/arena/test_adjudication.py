"""Games that end because both players agree: who has a say, who wins, and how often that is checked and wrong."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from engine.arena.adjudication import DRAWN, RESIGNED, agreed_points, audit, is_audited
from engine.arena.games import Game
from engine.arena.journal import MatchJournal
from engine.arena.match import Match, MatchSettings
from engine.arena.openings import open_book
from engine.arena.order import Adjudication
from engine.arena.players import Chosen, Turn
from engine.domains import registry
from engine.domains.base import Line
from tests.engine.arena.stand_ins import Scripted, drawn_from
from tests.engine.arena.test_match import HEADER

FOUR = registry.rules("connect_four")
TERMS = Adjudication(resign_value=0.8, resign_moves=2, draw_value=0.1, draw_moves=2, draw_from_ply=6, audit_share=0.0)
NONE = float("nan")


def game(*values: float, a_moves_first: bool = True) -> Game:
    """A game whose movers said this."""
    return Game(0, Line("startpos"), a_moves_first, [0] * len(values), list(values))


@pytest.mark.parametrize(
    ("values", "a_points"),
    [
        ((0.9, -0.9, 0.9, -0.9), 1.0),  # A moved first and sees itself winning, B agrees
        ((-0.9, 0.9, -0.9, 0.9), 0.0),
        ((0.0, 0.0, -0.8, 0.8, -0.8, 0.8), 0.0),
        ((-0.9, 0.9, -0.9, 0.9, -0.9), 0.0),  # whoever moved last
        ((0.9, -0.9, 0.9), None),  # B has said so once only
        ((0.9, -0.7, 0.9, -0.9), None),
        ((0.9, 0.9, 0.9, 0.9), None),  # both hope to win
        ((-0.9, -0.9, -0.9, -0.9), None),  # both fear to lose
        ((0.9, NONE, 0.9, NONE), 1.0),  # B never says anything
        ((NONE, -0.9, NONE, -0.9), 1.0),  # A never says anything, and B gives up
        ((0.9, -0.9, 0.9, NONE), None),  # B has spoken before: it must agree
        ((NONE, NONE, NONE, NONE), None),
        ((NONE,) * 6, None),  # silence is no draw either
        ((0.1, -0.1, 0.0, 0.1), None),  # too early for a draw
        ((0.5, -0.5, 0.1, -0.1, 0.0, 0.1), 0.5),
        ((0.5, -0.5, 0.1, -0.1, 0.0, 0.2), None),
        ((0.0, NONE, 0.0, NONE, 0.0, NONE), 0.5),
    ],
)
def test_both_must_agree_but_who_says_nothing_has_no_say(values: tuple[float, ...], a_points: float | None) -> None:
    assert agreed_points(game(*values), TERMS) == a_points
    mirrored = None if a_points is None else 1.0 - a_points
    assert agreed_points(game(*values, a_moves_first=False), TERMS) == mirrored


@given(st.lists(st.sampled_from([-1.0, -0.9, 0.0, 0.05, 0.9, 1.0, NONE]), max_size=12), st.booleans())
def test_seen_from_the_other_side_it_is_the_other_result(values: list[float], a_moves_first: bool) -> None:
    """Changing all signs swaps winner and loser; exchanging the players as well gives the same."""
    points = agreed_points(game(*values, a_moves_first=a_moves_first), TERMS)
    negated = agreed_points(game(*(-value for value in values), a_moves_first=a_moves_first), TERMS)
    assert (points is None) == (negated is None)
    assert points is None or points + (negated or 0.0) == 1.0


def test_terms_that_are_off_end_nothing() -> None:
    off = Adjudication(resign_value=None, draw_value=None)
    assert agreed_points(game(*[1.0, -1.0] * 10), off) is None
    assert agreed_points(game(*[0.0] * 80), off) is None


def test_a_share_of_games_is_drawn_by_lot() -> None:
    for share in (0.0, 0.1, 1.0):
        drawn = sum(is_audited(7, index, share) for index in range(4000))
        assert drawn == pytest.approx(4000 * share, abs=80 if 0 < share < 1 else 0)
    assert [is_audited(1, index, 0.5) for index in range(50)] != [is_audited(2, index, 0.5) for index in range(50)]


class Boastful(Scripted):
    """Moves as it is told, and is sure that A wins, whatever stands on the board."""

    @override
    def choose(self, turns: Sequence[Turn]) -> Chosen:
        chosen = super().choose(turns)
        return Chosen(chosen.actions, [1.0 if turn.game.a_to_move else -1.0 for turn in turns])


def match(terms: Adjudication | None, journal: MatchJournal | None = None, pairs: int = 40) -> Match:
    players = Boastful(FOUR, drawn_from(1)), Boastful(FOUR, drawn_from(2))
    openings = open_book("builtin", FOUR, registry.notation("connect_four")).choose(pairs, 3)
    return Match(FOUR, *players, openings, MatchSettings(5, seed=5, adjudication=terms), journal)


def finished(one: Match, steps: int | None = None) -> Match:
    while (steps is None or steps > 0) and one.advance():
        steps = None if steps is None else steps - 1
    return one


def test_the_check_counts_how_often_adjudication_is_wrong() -> None:
    terms = Adjudication(resign_value=0.9, resign_moves=2, audit_share=0.5)
    truth = {one.index: one.points for one in finished(match(None)).counted_games()}
    games = finished(match(terms)).counted_games()
    found = audit(games, terms)
    checked = [one for one in games if one.agreed is not None]
    quick = [one for one in games if one.agreed is None and len(one.actions) < 4]  # over before anybody could agree
    assert 20 < found["audited"] < 60
    assert found["audited"] == len(checked)
    assert found["resigned"] + found["audited"] + len(quick) == 80
    assert len(quick) < 5
    assert found["wrong"] == sum(truth[one.index] != 1.0 for one in checked) > 5, "the players choose by lot"
    assert all(one.points == truth[one.index] for one in checked), "what is played on ends as it would have"
    assert all(one.points == 1.0 and len(one.actions) == 4 for one in games if one.ended_by == RESIGNED)
    low, high = found["wrong_interval_95"]
    assert 0.0 < low < found["wrong_share"] < high < 1.0


def test_without_games_to_check_nothing_is_claimed() -> None:
    found = audit([game(0.0)], TERMS)
    assert (found["audited"], found["wrong_share"], found["wrong_interval_95"]) == (0, None, [None, None])


def test_draws_are_agreed_on() -> None:
    terms = Adjudication(resign_value=None, draw_value=0.3, draw_moves=1, draw_from_ply=4, audit_share=0.0)
    players = Scripted(FOUR, drawn_from(1)), Scripted(FOUR, drawn_from(2))  # both say 0.25
    openings = open_book("builtin", FOUR, registry.notation("connect_four")).choose(6, 3)
    one = finished(Match(FOUR, *players, openings, MatchSettings(adjudication=terms)))
    drawn = [each for each in one.counted_games() if each.ended_by == DRAWN]
    assert len(drawn) > 6
    assert {(each.points, len(each.actions)) for each in drawn} == {(0.5, 4)}


def test_adjudicated_matches_go_on_where_they_were_cut_off(tmp_path: Path) -> None:
    terms = Adjudication(resign_value=0.9, resign_moves=3, audit_share=0.3)
    whole = finished(match(terms))
    path = tmp_path / "match"
    for steps in (4, 9, 30, None):
        with MatchJournal(path, HEADER) as journal:
            again = finished(match(terms, journal), steps)
    told = [(one.actions, one.points, one.ended_by, one.agreed) for one in whole.counted_games()]
    assert told == [(one.actions, one.points, one.ended_by, one.agreed) for one in again.counted_games()]
    assert not any(math.isnan(value) for one in again.counted_games() for value in one.values)
