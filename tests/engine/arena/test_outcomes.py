"""Shares of losses, draws and wins: the score stays on the logistic scale whatever is drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arena.elo import score_of_elo
from engine.arena.outcomes import draw_share, nu_of, outcome_shares, score_moments

differences = st.floats(-1500, 1500)
draw_shares = st.floats(0, 0.95)


@given(differences, draw_shares)
def test_the_score_is_logistic_whatever_is_drawn(elo: float, draws: float) -> None:
    shares = outcome_shares(elo, nu_of(draws))
    mean, variance = score_moments(shares)
    assert shares.sum() == pytest.approx(1.0)
    assert np.all(shares >= 0.0)
    assert float(mean) == pytest.approx(score_of_elo(elo), abs=1e-12)
    assert 0.0 <= float(variance) <= 0.25 + 1e-12


@given(differences, draw_shares)
def test_swapping_the_players_swaps_losses_and_wins(elo: float, draws: float) -> None:
    assert outcome_shares(-elo, nu_of(draws))[::-1] == pytest.approx(outcome_shares(elo, nu_of(draws)), abs=1e-12)


def test_equals_draw_as_often_as_was_said() -> None:
    assert outcome_shares(0.0, nu_of(0.3)) == pytest.approx([0.35, 0.3, 0.35])
    assert draw_share(nu_of(0.3)) == pytest.approx(0.3)
    assert outcome_shares(0.0, 0.0) == pytest.approx([0.5, 0.0, 0.5])
    assert outcome_shares(400.0, nu_of(0.3))[1] < 0.2, "draws become rarer with the difference"


def test_it_is_davidsons() -> None:
    """Whatever the difference: draws squared over losses times wins is nu squared."""
    losses, draws, wins = outcome_shares(np.array([-200.0, 0.0, 77.0]), 0.8).T
    assert draws**2 / (losses * wins) == pytest.approx(0.64)


def test_a_share_that_is_none_is_refused() -> None:
    for share in (-0.1, 1.0, float("nan")):
        with pytest.raises(ValueError, match="share of draws"):
            nu_of(share)
