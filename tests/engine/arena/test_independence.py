"""How many independent games a match is worth: repetitions, pairs that go together, openings that come again."""

import numpy as np
import pytest

from engine.arena.games import Game
from engine.arena.independence import duplicates, independence
from engine.domains.base import Line


def games_of(results: list[tuple[float, float]], openings: list[int] | None = None) -> list[Game]:
    """Games of pairs, each different from all others, from an opening of its own unless told."""
    games = []
    for pair, points in enumerate(results):
        opening = Line("startpos", (pair if openings is None else openings[pair],))
        for turn in range(2):
            index = 2 * pair + turn
            games.append(Game(index, opening, turn == 0, outcome=1, points=points[turn], fingerprint=index))
    return games


def tossed(count: int, seed: int = 0) -> list[tuple[float, float]]:
    points = np.random.default_rng(seed).choice([0.0, 0.5, 1.0], (count, 2)).tolist()
    return [(first, second) for first, second in points]


def test_independent_games_count_in_full() -> None:
    found = independence(games_of(tossed(400)))
    assert found.effective_games == found.games == found.distinct_games == 800
    assert found.pair_variance == pytest.approx(1.0, abs=0.15)
    assert found.sentence == "All 800 games are independent of each other, as far as can be seen."


def test_a_game_that_was_played_before_says_nothing_new() -> None:
    games = games_of(tossed(100))
    for at in range(100, 200):
        games[at].fingerprint = games[at - 100].fingerprint
    found = independence(games)
    assert duplicates(games) == 100
    assert found.distinct_games == 100
    assert found.effective_games == pytest.approx(100, rel=0.1)
    assert "100 repeat an earlier one" in found.sentence


def test_a_pair_that_always_goes_to_one_player_is_one_game() -> None:
    points = np.random.default_rng(1).choice([0.0, 1.0], 200).tolist()
    found = independence(games_of([(one, one) for one in points]))
    assert found.pair_variance == pytest.approx(2.0)
    assert found.effective_games == pytest.approx(200)
    assert "both games of a pair often go to the same player" in found.sentence


def test_openings_that_decide_cancel_in_a_pair() -> None:
    points = np.random.default_rng(1).choice([0.0, 1.0], 200).tolist()
    found = independence(games_of([(one, 1.0 - one) for one in points]))
    assert found.pair_variance == 0.0
    assert found.effective_games == 400, "never more than were played"


def test_the_first_move_is_no_chance() -> None:
    """Whoever begins wins: nothing varies, and nothing is held against the pairs."""
    found = independence(games_of([(1.0, 0.0)] * 50))
    assert (found.pair_variance, found.effective_games) == (1.0, 100)


def test_pairs_that_go_as_their_opening_says_count_once_an_opening() -> None:
    openings = [pair % 20 for pair in range(200)]
    by_opening = tossed(20, seed=3)
    found = independence(games_of([by_opening[opening] for opening in openings], openings))
    assert found.openings == 20
    assert found.opening_correlation == pytest.approx(1.0)
    assert found.effective_games == pytest.approx(400 / 10 / max(1.0, found.pair_variance), rel=0.4)
    assert "pairs from the same opening went alike" in found.sentence


def test_openings_that_come_again_do_no_harm_by_themselves() -> None:
    found = independence(games_of(tossed(400), [pair % 40 for pair in range(400)]))
    assert (found.openings, found.opening_correlation, found.effective_games) == (40, 0.0, 800)


def test_nothing_played_is_no_error() -> None:
    found = independence([])
    assert (found.games, found.effective_games, found.sentence) == (0, 0.0, "No game is over yet.")


def test_half_a_pair_is_refused() -> None:
    games = games_of(tossed(2))
    with pytest.raises(ValueError, match="3 games are not pairs"):
        independence(games[:3])
    games[3].points = None
    with pytest.raises(ValueError, match="game 3 is not over"):
        independence(games)
