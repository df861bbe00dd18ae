"""Eight bits are used where they say the same, refused with the figure where not, and never taken for another net's."""

import logging
from pathlib import Path

import numpy as np
import pytest

from engine.generations.card import ONNX_FILE, GenerationError
from engine.generations.registry import Generation
from engine.nets import int8
from engine.nets.choose import Way, run_way
from engine.nets.int8 import Int8Check, Plan, QuantisationError, int8_model, known_check, make_int8, quantise
from engine.nets.onnx_evaluator import OnnxEvaluator
from engine.search.evaluator import Evaluation
from tests.engine.nets.small import CONNECT_FOUR, leaves_of, lively_network, published, random_leaves


@pytest.fixture(autouse=True)
def own_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    return published(tmp_path, lively_network(CONNECT_FOUR))


def made(generation: Generation) -> Int8Check:
    return make_int8(generation, run_way(generation, Way("onnx"), 1), calibration=64, checked=200)


def need(monkeypatch: pytest.MonkeyPatch, agreement: float) -> None:
    monkeypatch.setattr(int8, "NEEDED_AGREEMENT", agreement)


def test_top_agreement_and_value_error_by_hand() -> None:
    leaves = leaves_of(np.zeros((3, 3, 6, 7), np.float32), [np.arange(2), np.arange(3), np.arange(1)])
    wdl = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], np.float32)
    other = np.array([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.2, 0.0, 0.8]], np.float32)
    expected = Evaluation(np.array([1, 2, 9, 8, 7, 5], np.float32), wdl)
    found = Evaluation(np.array([2, 1, 6, 5, 4, -9], np.float32), other)
    assert int8.top_agreement(leaves, expected, found) == pytest.approx(2 / 3)
    assert int8.value_error(expected, found) == pytest.approx((0.5 + 0.0 + 0.4) / 3)


def test_an_accepted_network_is_kept_and_says_nearly_the_same(
    generation: Generation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    need(monkeypatch, 0.5)
    check = made(generation)
    assert check.is_accepted
    assert check == known_check(generation)
    assert check.plan == int8.PLANS[0].text, "the fastest that is good enough"
    assert 0.5 <= check.agreement <= 1
    assert 0 < check.value_error < 0.1
    model = int8_model(generation)
    content = model.read_bytes()
    assert b"QuantizeLinear" in content
    assert b"QuantizeLinear" not in generation.verified_file(ONNX_FILE).read_bytes()
    leaves = random_leaves(CONNECT_FOUR, 20)
    exact, rough = (run_way(generation, Way(backend), 1) for backend in ("onnx", "int8"))
    assert rough.device == "cpu, ONNX Runtime int8, 1 thread"
    assert (rough.name, rough.weights_hash, rough.fmt) == (exact.name, exact.weights_hash, exact.fmt)
    assert int8.value_error(exact.evaluate(leaves), rough.evaluate(leaves)) < 0.1
    assert capsys.readouterr().out == "", "what the quantiser prints is nobody's business"
    assert logging.root.manager.disable == 0
    model.write_bytes(content[:-9] + b"x" + content[-8:])
    with pytest.raises(GenerationError, match="is damaged; run: arborist doctor --generation gen-000"):
        int8_model(generation)
    model.unlink()
    with pytest.raises(GenerationError, match="cannot read"):
        int8_model(generation)


def test_a_network_that_says_something_else_is_refused_with_the_figure(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(GenerationError, match="not quantised on this machine yet; run: arborist doctor"):
        int8_model(generation)
    need(monkeypatch, 0.0)
    assert made(generation).is_accepted
    need(monkeypatch, 1.5)
    check = made(generation)
    assert not check.is_accepted
    assert not list(int8._folder(generation).glob("*.onnx")), "nothing that is refused lies about"
    with pytest.raises(GenerationError, match=rf"int8 is refused: .* in {check.agreement:.1%} of 200 positions"):
        int8_model(generation)


def test_the_most_careful_plan_agrees_better_than_the_whole_network(generation: Generation, tmp_path: Path) -> None:
    ranges, held_out = random_leaves(CONNECT_FOUR, 64), random_leaves(CONNECT_FOUR, 64, seed=1)
    exact = run_way(generation, Way("onnx"), 1).evaluate(held_out)
    errors = []
    for plan in int8.PLANS:
        quantise(generation.verified_file(ONNX_FILE), tmp_path / "q.onnx", plan, ranges)
        found = OnnxEvaluator(tmp_path / "q.onnx", name="", weights_hash="", fmt="planes", threads=1).evaluate(held_out)
        errors.append(float(np.abs(found.logits - exact.logits).mean()))
    assert errors[-1] < errors[0]


def test_a_finding_is_one_machines_and_one_nets(
    generation: Generation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need(monkeypatch, 0.0)
    made(generation)
    other = published(tmp_path, lively_network(CONNECT_FOUR, seed=4), "gen-001")
    assert known_check(other) is None
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("platform.node", lambda: "elsewhere")
        assert known_check(generation) is None
    with monkeypatch.context() as later:
        later.setattr(int8, "runtime_version", lambda: "99.0")
        assert known_check(generation) is None
    assert known_check(generation) is not None
    (int8._folder(generation) / "check.json").write_text("{cut off")
    assert known_check(generation) is None


def test_what_cannot_be_quantised_is_refused(generation: Generation, monkeypatch: pytest.MonkeyPatch) -> None:
    junk = generation.verified_file(ONNX_FILE).with_name("junk.onnx")
    junk.write_bytes(b"no network")
    with pytest.raises(QuantisationError, match=r"junk\.onnx: cannot be quantised"):
        quantise(junk, junk.with_name("q.onnx"), Plan("all"), random_leaves(CONNECT_FOUR, 2))

    def fail(*_: object) -> None:
        raise QuantisationError("no")

    monkeypatch.setattr(int8, "quantise", fail)
    check = made(generation)
    assert (check.is_accepted, check.plan, check.agreement) == (False, "", 0.0)
