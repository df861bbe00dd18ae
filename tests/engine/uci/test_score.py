"""Values as scores: signs, Lc0's centipawns, mates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains.chess.centipawns import centipawns, value_of_centipawns
from engine.uci.score import moves_to_mate, score_text, wdl_text


@pytest.mark.parametrize(("value", "expected"), [(0.0, 0), (0.5, 89), (-0.5, -89), (0.9, 546), (1.0, 12_780)])
def test_centipawns(value: float, expected: int) -> None:
    assert centipawns(value) == pytest.approx(expected, abs=1)


@given(st.floats(-0.99, 0.99))
def test_centipawns_and_back(value: float) -> None:
    assert value_of_centipawns(centipawns(value)) == pytest.approx(value, abs=0.004)


@pytest.mark.parametrize(
    ("plies", "value", "moves"), [(1, 1, 1), (3, 1, 2), (5, 1, 3), (2, -1, -1), (4, -1, -2), (0, -1, 0)]
)
def test_moves_to_mate(plies: int, value: int, moves: int) -> None:
    assert moves_to_mate(plies, value) == moves


def test_scores() -> None:
    assert score_text(0.0, None) == "score cp 0"
    assert score_text(1.0, 3) == "score mate 2"
    assert score_text(-1.0, 2) == "score mate -1"


@given(st.floats(0, 1), st.floats(0, 1))
def test_chances_add_up(first: float, second: float) -> None:
    win, loss = sorted((first, second))[0], 1.0 - max(first, second)
    words = wdl_text((win, 1.0 - win - loss, loss)).split()
    numbers = [int(word) for word in words[1:]]
    assert sum(numbers) == 1000
    assert min(numbers) >= 0
    assert numbers[0] == pytest.approx(1000 * win, abs=0.6)
