import math

import numpy as np
import pytest

from engine.distill.held_out import Answers, calibration, figures, played_action
from engine.distill.samples import DRAW, LOSS, NOT_KNOWN, WIN


def test_cross_entropy_and_rank_of_the_action_played() -> None:
    prior = np.log(np.array([[0.2, 0.5, 0.3, 1e-9], [0.2, 0.5, 0.3, 1e-9]], np.float32))
    legal = np.array([[True, True, True, False]] * 2)
    entropy, rank = played_action(prior, legal, np.array([2, 1]))
    assert rank.tolist() == [1, 0]
    assert entropy.tolist() == pytest.approx([-math.log(0.3), -math.log(0.5)])


def answers(wdl: list[list[float]], results: list[int], ratings: list[int], rank: list[int]) -> Answers:
    return Answers(
        np.ones(len(rank), np.float32),
        np.array(rank),
        np.array(wdl, np.float32),
        np.array(results),
        np.array(ratings, np.uint16),
    )


def test_figures_by_hand() -> None:
    found = figures(
        answers(
            [[0.8, 0.1, 0.1], [0.1, 0.1, 0.8], [0.2, 0.6, 0.2], [1.0, 0.0, 0.0]],
            [WIN, LOSS, DRAW, NOT_KNOWN],
            [1500, 2300, 0, 1500],
            [0, 3, 0, 7],
        )
    )
    assert (found["positions"], found["value_positions"]) == (4, 3)
    assert (found["top_1"], found["top_5"]) == (0.5, 0.75)
    assert found["value_cross_entropy"] == pytest.approx(-(2 * math.log(0.8) + math.log(0.6)) / 3)
    assert found["value_squared_error"] == pytest.approx((0.15**2 + 0.15**2 + 0) / 3)
    assert {band: row["positions"] for band, row in found["by_rating"].items()} == {
        "unrated": 1,
        "1400-1799": 2,
        "2200-2599": 1,
    }
    assert found["by_rating"]["1400-1799"]["top_1"] == 0.5


def test_figures_of_nothing() -> None:
    assert figures(answers([[0.3, 0.4, 0.3]], [WIN], [0], [0]).chosen(np.array([False]))) == {"positions": 0}


def test_calibration_by_hand() -> None:
    """Two bins: where 0.85 is expected 0.5 is scored, where 0.25 is expected 0.25 is scored."""
    expected = np.array([0.85, 0.85, 0.25, 0.25])
    observed = np.array([1.0, 0.0, 0.5, 0.0])
    found = calibration(expected, observed)
    assert [(row["from"], row["positions"]) for row in found["calibration"]] == [(0.2, 2), (0.8, 2)]
    assert found["calibration"][1]["observed"] == 0.5
    assert found["calibration_error"] == pytest.approx((2 * 0.35 + 2 * 0.0) / 4)


def test_certainty_falls_in_the_last_bin() -> None:
    assert calibration(np.array([1.0]), np.array([1.0]))["calibration"][0]["from"] == 0.9
