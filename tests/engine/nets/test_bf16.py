"""bfloat16 in the trunk: close to the exact network, checked before it is used, and a way like any other."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from engine.generations.card import GenerationError
from engine.nets.bf16 import Bf16Check, check_bf16, is_bf16_fast, known_bf16
from engine.nets.choose import Way, decide, keep_choice, make_evaluator, run_way
from engine.nets.half_trunk import HalfTrunk
from engine.nets.measure import ways
from engine.nets.policy_value_net import folded
from engine.search.evaluator import Evaluation, Leaves
from tests.engine.nets.small import CHESS, CONNECT_FOUR, lively_network, published, random_leaves


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ARBORIST_DEVICE", raising=False)
    monkeypatch.setattr("engine.nets.choose.accelerator", lambda: None)


def test_only_the_trunks_convolutions_are_in_bfloat16() -> None:
    exact = folded(lively_network(CHESS))
    half = HalfTrunk(exact)
    layers = [module for module in half.modules() if isinstance(module, nn.Conv2d | nn.Linear)]
    kinds = {(type(layer), layer.weight.dtype) for layer in layers}
    assert kinds == {(nn.Conv2d, torch.bfloat16), (nn.Conv2d, torch.float32), (nn.Linear, torch.float32)}
    assert half._policy.planes.weight.dtype == torch.float32  # type: ignore[union-attr]
    assert exact.stem.conv.weight.dtype == torch.float32, "the exact network is left alone"


def test_answers_are_the_exact_ones_to_two_digits_and_not_to_six() -> None:
    exact = folded(lively_network(CHESS))
    planes = torch.rand(16, 20, 8, 8, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        expected, found = exact(planes), HalfTrunk(exact)(planes)
    scale = float(expected.policy_logits.std())
    error = float((found.policy_logits - expected.policy_logits).abs().max())
    assert 1e-6 * scale < error < 0.1 * scale
    assert found.policy_logits.dtype == found.wdl_logits.dtype == torch.float32
    torch.testing.assert_close(found.wdl_logits, expected.wdl_logits, atol=0.1, rtol=0.05)


def test_the_evaluator_says_what_it_computes_in(tmp_path: Path) -> None:
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    evaluator = make_evaluator(generation, "cpu-bf16", threads=1)
    assert evaluator.device == "cpu, torch in bfloat16, 1 thread"
    leaves = random_leaves(CONNECT_FOUR, 5)
    found, exact = evaluator.evaluate(leaves), make_evaluator(generation, "cpu", threads=1).evaluate(leaves)
    np.testing.assert_allclose(found.wdl, exact.wdl, atol=0.05)
    assert found.logits.shape == exact.logits.shape


class Contrary:
    """Wishes the opposite of another evaluator."""

    name, weights_hash, device, fmt = "contrary", "", "none", "planes"

    def __init__(self, other: object) -> None:
        self._other = other

    def evaluate(self, leaves: Leaves) -> Evaluation:
        found: Evaluation = self._other.evaluate(leaves)  # type: ignore[attr-defined]
        return Evaluation(-found.logits, found.wdl[:, ::-1])


def test_it_is_taken_only_where_it_was_found_to_agree(tmp_path: Path) -> None:
    generation = published(tmp_path / "generations", lively_network(CONNECT_FOUR))
    exact, half = run_way(generation, Way("onnx")), run_way(generation, Way("bf16"))
    assert known_bf16(generation) is None
    assert Way("bf16") not in {Way(way.backend) for way in ways(generation, 1)}
    refused = check_bf16(generation, exact, Contrary(exact), checked=40)
    assert not refused.is_accepted
    assert refused.agreement < 0.5
    assert refused.value_error > 0.0
    assert Way("bf16", threads=1) not in ways(generation, 1)
    keep_choice(generation, Way("bf16"))
    assert decide(generation) == Way("onnx"), "kept, but refused since"
    same = check_bf16(generation, exact, exact, checked=40)
    assert (same.agreement, same.value_error, same.positions) == (1.0, 0.0, 40)
    assert known_bf16(generation) == same
    assert Way("bf16", threads=1) in ways(generation, 1)
    assert decide(generation) == Way("bf16")
    assert half.device.startswith("cpu, torch in bfloat16")


def test_a_finding_is_for_these_weights_and_can_be_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generation = published(tmp_path / "generations", lively_network(CONNECT_FOUR))
    exact = run_way(generation, Way("onnx"))
    check_bf16(generation, exact, exact, checked=40)
    (file,) = (tmp_path / "data").rglob("check.json")
    file.write_text("{")
    assert known_bf16(generation) is None
    monkeypatch.setattr("engine.nets.bf16.data_folder", lambda: file)
    with pytest.raises(GenerationError, match="was not saved in"):
        check_bf16(generation, exact, exact, checked=40)


@pytest.mark.parametrize(("agreement", "accepted"), [(0.9899, False), (0.99, True), (1.0, True)])
def test_the_demand(agreement: float, accepted: bool) -> None:
    check = Bf16Check(weights_sha256="", made_by="", agreement=agreement, value_error=0.0, positions=100)
    assert check.is_accepted == accepted


def test_asking_the_processor() -> None:
    assert is_bf16_fast() in (True, False)
