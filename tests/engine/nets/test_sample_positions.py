"""Sampled positions are legal, different, in play, seen in the right format, and the same for the same seed."""

import numpy as np
import pytest

from engine.domains.registry import rules
from engine.nets.sample_positions import sample_positions
from engine.search.evaluator import Evaluation, Leaves, UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator


class Formatted(UniformEvaluator):
    """Equal priors for one who wants features."""

    def __init__(self, fmt: str) -> None:
        self.fmt = fmt
        self.seen: list[Leaves] = []

    def evaluate(self, leaves: Leaves) -> Evaluation:
        self.seen.append(leaves)
        return super().evaluate(leaves)


def test_they_are_what_the_rules_say() -> None:
    chess = rules("chess")
    evaluator = Formatted("compact")
    leaves = sample_positions(chess, evaluator, 150, seed=3, games=16)
    assert len({row.tobytes() for row in leaves.states}) == len(leaves.states) == 150
    expansion = chess.expand(leaves.states)
    assert not expansion.outcomes.any()
    np.testing.assert_array_equal(leaves.offsets, expansion.offsets)
    np.testing.assert_array_equal(leaves.actions, expansion.actions)
    expected = chess.encode(leaves.states[:, None], np.ones(150, np.int32), "compact")
    np.testing.assert_array_equal(leaves.features, expected)
    assert len({int(n) for n in leaves.states["fullmoves"]}) > 5, "from the opening on"


def test_a_seed_says_which() -> None:
    def sampled(seed: int) -> bytes:
        return sample_positions(rules("connect_four"), HashEvaluator(), 40, seed=seed, games=8).states.tobytes()

    assert sampled(1) == sampled(1)
    assert sampled(1) != sampled(2)


def test_formats_with_a_history_see_the_line() -> None:
    chess = rules("chess")
    fmt = next(name for name, form in chess.formats.items() if form.history > 1)
    leaves = sample_positions(chess, Formatted(fmt), 60, seed=5, games=8)
    assert leaves.features is not None
    alone = chess.encode(
        np.repeat(leaves.states[:, None], chess.formats[fmt].history, axis=1), np.ones(60, np.int32), fmt
    )
    np.testing.assert_array_equal(leaves.features[:, :12], alone[:, :12])
    assert (leaves.features != alone).any(), "earlier states are seen as well"


def test_the_intuition_plays() -> None:
    """Who gives all its prior to the first legal action plays it, once the random plies are over."""

    class First(UniformEvaluator):
        def evaluate(self, leaves: Leaves) -> Evaluation:
            found = super().evaluate(leaves)
            found.logits[leaves.offsets[:-1]] = 1000.0
            return found

    four = rules("connect_four")
    by_first = sample_positions(four, First(), 80, seed=1, games=8)
    by_chance = sample_positions(four, UniformEvaluator(), 80, seed=1, games=8)
    assert np.mean(np.diff(by_first.offsets)) < np.mean(np.diff(by_chance.offsets)), "the first column fills up"


def test_more_than_there_are_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.nets.sample_positions._FRUITLESS_PLIES", 1)
    with pytest.raises(ValueError, match="connect_four: 100000 different positions"):
        sample_positions(rules("connect_four"), HashEvaluator(skew=1e9), 100_000, seed=1, games=1)
