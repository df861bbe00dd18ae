"""The GPU's path, run on a CPU without graphs: padding, cutting, reuse of buffers. On a GPU, all of it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from engine.nets.architecture import Architecture
from engine.nets.gpu_evaluator import SIZES, GpuEvaluator, Precision
from engine.nets.torch_evaluator import TorchEvaluator
from engine.search.batches import select_leaves
from engine.search.evaluator import Evaluation, Leaves
from tests.engine.nets.small import CHESS, CONNECT_FOUR, lively_network, random_leaves

ABOUT = {"name": "a test", "weights_hash": "00"}
BOTH = pytest.mark.parametrize("architecture", [CHESS, CONNECT_FOUR], ids=lambda a: a.domain)
NEEDS_CUDA = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")


def on_cpu(
    architecture: Architecture, sizes: tuple[int, ...] = (4, 8), precision: Precision = "float32"
) -> GpuEvaluator:
    return GpuEvaluator(lively_network(architecture), device="cpu", precision=precision, sizes=sizes, **ABOUT)


def exact(architecture: Architecture, leaves: Leaves) -> Evaluation:
    return TorchEvaluator(lively_network(architecture), **ABOUT).evaluate(leaves)


def assert_close(found: Evaluation, expected: Evaluation, logits: float = 1e-4, wdl: float = 1e-5) -> None:
    assert found.logits.dtype == found.wdl.dtype == np.float32
    np.testing.assert_allclose(found.logits, expected.logits, atol=logits)
    np.testing.assert_allclose(found.wdl, expected.wdl, atol=wdl)


@BOTH
@pytest.mark.parametrize("batch", [1, 4, 5, 8, 9, 21])
def test_padded_and_cut_batches_answer_as_whole_ones(architecture: Architecture, batch: int) -> None:
    leaves = random_leaves(architecture, batch)
    assert_close(on_cpu(architecture).evaluate(leaves), exact(architecture, leaves))


def test_buffers_are_used_again_and_what_was_given_out_stays() -> None:
    evaluator = on_cpu(CHESS)
    large, small = random_leaves(CHESS, 8, seed=1), random_leaves(CHESS, 5, seed=2)
    first = evaluator.evaluate(large)
    kept = Evaluation(first.logits.copy(), first.wdl.copy())
    assert_close(evaluator.evaluate(small), exact(CHESS, small))
    assert_close(first, kept, 0, 0)
    assert list(evaluator._slots) == [8], "five rows are padded to the eight that are there"
    assert_close(evaluator.evaluate(large), kept, 0, 0)
    evaluator.evaluate(random_leaves(CHESS, 3))
    assert sorted(evaluator._slots) == [4, 8]


def test_what_the_padding_holds_does_not_matter() -> None:
    leaves = random_leaves(CONNECT_FOUR, 3)
    fresh, used = on_cpu(CONNECT_FOUR), on_cpu(CONNECT_FOUR)
    used.evaluate(random_leaves(CONNECT_FOUR, 4, seed=9))
    assert_close(used.evaluate(leaves), fresh.evaluate(leaves), 0, 0)


def test_more_legal_actions_than_there_was_room_for() -> None:
    evaluator = on_cpu(CHESS)
    evaluator._legal.capacity = 0
    leaves = random_leaves(CHESS, 6)
    assert_close(evaluator.evaluate(leaves), exact(CHESS, leaves))
    assert evaluator._legal.capacity >= len(leaves.actions)


def test_no_leaves() -> None:
    found = on_cpu(CHESS).evaluate(select_leaves(random_leaves(CHESS, 2), np.zeros(0, np.int64)))
    assert (found.logits.shape, found.wdl.shape) == ((0,), (0, 3))


def test_any_thread_may_ask() -> None:
    evaluator = on_cpu(CHESS)
    leaves = random_leaves(CHESS, 4)
    with ThreadPoolExecutor(1) as pool:
        assert_close(pool.submit(evaluator.evaluate, leaves).result(30), exact(CHESS, leaves))


def test_half_precision_is_near() -> None:
    leaves = random_leaves(CHESS, 8)
    found = on_cpu(CHESS, precision="bfloat16").evaluate(leaves)
    assert_close(found, exact(CHESS, leaves), 0.3, 0.05)
    np.testing.assert_allclose(found.wdl.sum(1), 1.0, atol=1e-5)


def test_it_says_what_it_is() -> None:
    evaluator = on_cpu(CHESS)
    assert (evaluator.name, evaluator.weights_hash, evaluator.fmt) == ("a test", "00", "compact")
    assert evaluator.device == "cpu, float32, torch"
    assert tuple(sorted(set(SIZES))) == SIZES


@pytest.mark.parametrize("sizes", [(), (0, 4), (8, 8), (8, 4)])
def test_sizes_must_rise(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="do not rise"):
        on_cpu(CHESS, sizes=sizes)


def test_leaves_without_features_are_refused() -> None:
    leaves = random_leaves(CHESS, 1)
    with pytest.raises(ValueError, match="compact"):
        on_cpu(CHESS).evaluate(Leaves(leaves.states, None, leaves.offsets, leaves.actions))


@NEEDS_CUDA
@BOTH
@pytest.mark.parametrize("use_graphs", [True, False])
def test_a_gpu_agrees_with_the_cpu(architecture: Architecture, use_graphs: bool) -> None:
    evaluator = GpuEvaluator(lively_network(architecture), use_graphs=use_graphs, sizes=(4, 16), **ABOUT)
    for batch in (1, 16, 3, 40, 4):
        leaves = random_leaves(architecture, batch, seed=batch)
        assert_close(evaluator.evaluate(leaves), exact(architecture, leaves), 0.05, 0.01)


@NEEDS_CUDA
def test_graphs_are_recorded_while_other_threads_use_the_device() -> None:
    leaves = random_leaves(CHESS, 8)
    stop = threading.Event()

    def disturb() -> None:
        while not stop.is_set():
            torch.zeros(1000, device="cuda").sum().item()

    with ThreadPoolExecutor(2) as pool:
        disturbance = pool.submit(disturb)
        evaluator = GpuEvaluator(lively_network(CHESS), **ABOUT)
        found = pool.submit(evaluator.evaluate, leaves).result(60)
        stop.set()
        disturbance.result(60)
    assert_close(found, exact(CHESS, leaves), 0.05, 0.01)
