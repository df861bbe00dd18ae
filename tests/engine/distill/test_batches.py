import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.distill.batches import batch_rows, batch_stream, encode_batch
from tests.engine.distill.games import RULES, random_dataset


@given(st.integers(1, 40), st.integers(1, 17), st.integers(0, 3))
def test_every_sample_once_an_epoch(num_samples: int, batch: int, seed: int) -> None:
    epochs = 3
    count = -(-epochs * num_samples // batch)
    rows = np.concatenate([batch_rows(num_samples, batch, seed, number) for number in range(count)])
    for epoch in range(epochs):
        assert sorted(rows[epoch * num_samples : (epoch + 1) * num_samples]) == list(range(num_samples))


def test_each_epoch_has_an_order_of_its_own() -> None:
    first, second = batch_rows(50, 50, 1, 0), batch_rows(50, 50, 1, 1)
    assert not np.array_equal(first, second)
    assert not np.array_equal(first, batch_rows(50, 50, 2, 0))


def test_a_batch_holds_what_the_rules_say() -> None:
    samples = random_dataset(5).train[:9]
    batch = encode_batch(RULES, samples, "planes")
    states = samples["state"].copy()
    assert np.array_equal(batch.planes, RULES.encode(states[:, None], np.ones(9, np.int32), "planes"))
    expansion = RULES.expand(states)
    for row in range(9):
        legal = expansion.actions[expansion.offsets[row] : expansion.offsets[row + 1]]
        assert np.flatnonzero(batch.legal[row]).tolist() == sorted(legal.tolist())
    assert batch.legal[np.arange(9), batch.actions].all(), "what was played is legal"
    assert batch.results.tolist() == samples["result"].tolist()


def test_a_stream_that_starts_later_goes_on_as_the_first_would() -> None:
    samples = random_dataset(5).train
    with batch_stream(RULES, samples, "planes", batch=8, seed=1) as batches:
        long = [next(batches).actions.tolist() for _ in range(9)]
    with batch_stream(RULES, samples, "planes", batch=8, seed=1, first=4) as batches:
        assert [next(batches).actions.tolist() for _ in range(5)] == long[4:]


def test_an_error_of_the_thread_reaches_who_waits() -> None:
    samples = random_dataset(2).train
    with (
        batch_stream(RULES, samples, "no such format", batch=8, seed=1) as batches,
        pytest.raises(ValueError, match="no such format"),
    ):
        next(batches)
