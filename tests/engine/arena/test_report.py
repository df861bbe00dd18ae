"""What a report says of a match beyond its counts: how independent the games were, and Elo after a stopped test."""

import json
from typing import Any

from engine.arena.counts import Counts
from engine.arena.match import Match, MatchSettings
from engine.arena.openings import Book
from engine.arena.report import Asked, match_report, strength
from engine.arena.sprt import Sprt
from engine.domains.base import Line
from tests.engine.arena.stand_ins import START, Scripted, drawn_from
from tests.engine.domains.tic_tac_toe import RULES as TIC_TAC_TOE

TEST = Sprt(-300, 0)


def reported(pairs: int, sprt: Sprt | None) -> tuple[Match, dict[str, Any]]:
    """A player who takes the middle and the corners, against chance."""
    order = [4, 0, 2, 6, 8, 1, 3, 5, 7]
    a = Scripted(TIC_TAC_TOE, lambda _, legal: next(cell for cell in order if cell in legal), "a")
    b = Scripted(TIC_TAC_TOE, drawn_from(5), "b")
    lines = tuple(START if not pair else Line("startpos", (pair % 9,)) for pair in range(pairs))
    match = Match(TIC_TAC_TOE, a, b, lines, MatchSettings(concurrency=8, sprt=sprt))
    while match.advance():
        pass
    asked = Asked(a, b, Book("some", lines), pairs, 0, sprt)
    return match, match_report(TIC_TAC_TOE, match, asked, "pairs" if match.stopped_at is None else "sprt")


def test_a_stopped_match_has_an_estimate_without_its_bias() -> None:
    match, report = reported(60, TEST)
    assert match.stopped_at is not None
    assert report["pairs"] == match.stopped_at
    assert report["sprt"]["verdict"] == "H1"
    low, high = report["elo_unbiased_interval_95"]
    assert low is not None
    assert low < report["elo_unbiased"] < report["elo"]
    assert high is None or high > report["elo_unbiased"]
    assert report["sprt"]["bounds"][1] > report["sprt"]["stops_at"][1]
    assert report["sprt"]["llr"] >= report["sprt"]["stops_at"][1]
    json.dumps(report, allow_nan=False)


def test_where_no_test_stopped_it_there_is_none() -> None:
    for sprt in (None, Sprt(0, 1)):
        match, report = reported(6, sprt)
        assert match.stopped_at is None
        assert report["elo_unbiased"] is None
        assert report["elo_unbiased_interval_95"] is None
        assert (report["sprt"] or {"verdict": "continue"})["verdict"] == "continue"


def test_the_match_stops_just_where_its_walk_says() -> None:
    match, report = reported(60, TEST)
    counts, walk = Counts(), type(match.walk).start()
    for pair in range(report["pairs"]):
        assert walk.verdict(TEST) == "continue"
        first, second = (match.games[2 * pair + turn].points for turn in range(2))
        assert first is not None
        assert second is not None
        counts = counts.with_pair(first, second)
        walk = walk.after(TEST.llr(counts))
    assert walk.verdict(TEST) == "H1"


def test_how_independent_the_games_were_is_told() -> None:
    _, report = reported(40, None)
    assert 0 < report["effective_games"] <= report["games"] - report["duplicate_games"]
    assert report["independence"].startswith(("All 80 games", "The 80 games"))


def test_nothing_counted_has_all_keys() -> None:
    assert strength(Counts()).keys() == strength(Counts(wins=1)).keys()
    assert set(strength(Counts()).values()) == {None}
