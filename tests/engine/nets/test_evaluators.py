import threading
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.nets.architecture import Architecture
from engine.nets.devices import torch_device
from engine.nets.errors import DeviceError
from engine.nets.onnx_evaluator import NetworkFileError, OnnxEvaluator
from engine.nets.onnx_export import onnx_bytes
from engine.nets.torch_evaluator import TorchEvaluator
from engine.nets.weights import network_from_file, weights_bytes
from engine.search.evaluator import Leaves
from tests.engine.nets.small import CHESS, CONNECT_FOUR, leaves_of, lively_network, random_leaves

BOTH = pytest.mark.parametrize("architecture", [CHESS, CONNECT_FOUR], ids=lambda a: a.domain)


def both_evaluators(folder: Path, architecture: Architecture) -> tuple[OnnxEvaluator, TorchEvaluator]:
    network = lively_network(architecture)
    model = folder / "model.onnx"
    model.write_bytes(onnx_bytes(network))
    about = {"name": "a test", "weights_hash": "00"}
    return (
        OnnxEvaluator(model, fmt=architecture.fmt, threads=1, **about),
        TorchEvaluator(network, **about),
    )


@BOTH
def test_onnx_equals_torch(tmp_path: Path, architecture: Architecture) -> None:
    onnx, by_torch = both_evaluators(tmp_path, architecture)
    for batch in (1, 7):
        leaves = random_leaves(architecture, batch)
        first, second = onnx.evaluate(leaves), by_torch.evaluate(leaves)
        assert first.logits.dtype == first.wdl.dtype == second.logits.dtype == second.wdl.dtype == np.float32
        np.testing.assert_allclose(first.logits, second.logits, atol=1e-4)
        np.testing.assert_allclose(first.wdl, second.wdl, atol=1e-4)
        np.testing.assert_allclose(first.wdl.sum(1), 1.0, atol=1e-5)
        assert len(first.logits) == len(leaves.actions)
    assert onnx.fmt == by_torch.fmt == architecture.fmt


def test_the_logits_are_those_of_the_network_at_the_legal_actions(tmp_path: Path) -> None:
    onnx, _ = both_evaluators(tmp_path, CONNECT_FOUR)
    planes = np.random.default_rng(4).random((2, 3, 6, 7), np.float32)
    with torch.no_grad():
        dense, wdl = lively_network(CONNECT_FOUR)(torch.from_numpy(planes))
    found = onnx.evaluate(leaves_of(planes, [np.array([6, 0]), np.array([2])]))
    np.testing.assert_allclose(found.logits, [dense[0, 6], dense[0, 0], dense[1, 2]], atol=1e-5)
    np.testing.assert_allclose(found.wdl, torch.softmax(wdl, 1), atol=1e-5)


def test_a_row_does_not_depend_on_its_neighbours(tmp_path: Path) -> None:
    """The same leaf alone and among others: a batch must not leak from row to row."""
    onnx, _ = both_evaluators(tmp_path, CONNECT_FOUR)
    planes = np.random.default_rng(5).random((3, 3, 6, 7), np.float32)
    together = onnx.evaluate(leaves_of(planes, [np.arange(7)] * 3))
    alone = onnx.evaluate(leaves_of(planes[1:2], [np.arange(7)]))
    np.testing.assert_allclose(together.logits[7:14], alone.logits, atol=1e-5)
    np.testing.assert_allclose(together.wdl[1], alone.wdl[0], atol=1e-5)


def test_exporting_leaves_the_network_alone() -> None:
    network = lively_network(CONNECT_FOUR)
    before = weights_bytes(network.state_dict())
    assert onnx_bytes(network) == onnx_bytes(network)
    assert weights_bytes(network.state_dict()) == before


def test_leaves_without_features_are_refused(tmp_path: Path) -> None:
    leaves = random_leaves(CONNECT_FOUR, 1)
    bare = Leaves(leaves.states, None, leaves.offsets, leaves.actions)
    for evaluator in both_evaluators(tmp_path, CONNECT_FOUR):
        with pytest.raises(ValueError, match="planes"):
            evaluator.evaluate(bare)


def test_devices_that_are_not_there() -> None:
    with pytest.raises(DeviceError, match="unknown device 'abacus'"):
        torch_device("abacus")
    if not torch.cuda.is_available():
        with pytest.raises(DeviceError, match="device 'cuda' is not available; use cpu"):
            torch_device("cuda")


def test_network_files_that_are_none(tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"not a network at all")
    with pytest.raises(NetworkFileError, match="junk"):
        OnnxEvaluator(junk, name="", weights_hash="", fmt="planes")
    with pytest.raises(NetworkFileError, match="no such network file"):
        OnnxEvaluator(tmp_path / "gone", name="", weights_hash="", fmt="planes")
    with pytest.raises(NetworkFileError, match="not a safetensors file"):
        network_from_file(junk, CONNECT_FOUR)
    with pytest.raises(NetworkFileError, match="cannot be read"):
        network_from_file(tmp_path / "gone", CONNECT_FOUR)
    junk.write_bytes(weights_bytes(lively_network(CHESS).state_dict()))
    with pytest.raises(NetworkFileError, match="not the weights of a network with 1 blocks x 8 channels"):
        network_from_file(junk, CONNECT_FOUR)


def test_torch_threads_answer_row_by_row_and_leave_the_process_as_it_is() -> None:
    torch.set_num_threads(2)
    about = {"name": "test", "weights_hash": ""}
    alone = TorchEvaluator(lively_network(CHESS), **about)
    shared = TorchEvaluator(lively_network(CHESS), **about, threads=3)
    for rows in (1, 5, 31, 32, 50):
        leaves = random_leaves(CHESS, rows, seed=rows)
        expected, found = alone.evaluate(leaves), shared.evaluate(leaves)
        np.testing.assert_allclose(found.logits, expected.logits, atol=1e-4)
        np.testing.assert_allclose(found.wdl, expected.wdl, atol=1e-5)
    assert torch.get_num_threads() == 2
    in_another_thread: list[int] = []
    thread = threading.Thread(target=lambda: in_another_thread.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert in_another_thread == [2]
