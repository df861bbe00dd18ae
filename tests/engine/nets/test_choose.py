import subprocess
import sys
from pathlib import Path

import pytest

from engine.generations.card import ONNX_FILE, WEIGHTS_FILE, Card, GenerationError
from engine.generations.registry import UNIFORM, Registry
from engine.nets.choose import Measurement, best, keep_choice, make_evaluator, measure_evaluators
from engine.nets.onnx_evaluator import OnnxEvaluator
from engine.nets.torch_evaluator import DeviceError, TorchEvaluator
from engine.nets.weights import weights_bytes
from engine.search.evaluator import UniformEvaluator
from tests.engine.nets.small import CONNECT_FOUR, lively_network, published, random_leaves


@pytest.fixture(autouse=True)
def no_choice_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))


def test_a_cpu_runs_onnx(tmp_path: Path) -> None:
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    evaluator = make_evaluator(generation, "cpu", threads=1)
    assert isinstance(evaluator, OnnxEvaluator)
    assert evaluator.weights_hash == generation.card.weights_sha256
    assert evaluator.device == "cpu, ONNX Runtime, 1 thread"
    assert (evaluator.name, evaluator.fmt) == ("gen-000", "planes")


def test_weights_without_an_onnx_file_run_in_torch(tmp_path: Path) -> None:
    network = lively_network(CONNECT_FOUR)
    card = Card(id="bare", name="", domain="connect_four", architecture=CONNECT_FOUR)
    generation = Registry(tmp_path).add(card, {WEIGHTS_FILE: weights_bytes(network.state_dict())})
    evaluator = make_evaluator(generation, threads=1)
    assert isinstance(evaluator, TorchEvaluator)
    assert evaluator.evaluate(random_leaves(CONNECT_FOUR, 2)).wdl.shape == (2, 3)


def test_uniform_needs_no_files() -> None:
    assert isinstance(make_evaluator(UNIFORM), UniformEvaluator)


def test_a_device_that_is_not_there_is_named(tmp_path: Path) -> None:
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    with pytest.raises(DeviceError, match="cuda:99"):
        make_evaluator(generation, "cuda:99")


@pytest.mark.parametrize(("file", "device"), [(ONNX_FILE, "cpu"), (WEIGHTS_FILE, "cuda")])
def test_damaged_files_are_refused(tmp_path: Path, file: str, device: str) -> None:
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    path = tmp_path / "gen-000" / file
    content = bytearray(path.read_bytes())
    content[-9] ^= 1  # one bit, in the middle of the numbers: the file still loads
    path.write_bytes(bytes(content))
    with pytest.raises(GenerationError, match=r"gen-000: .* is damaged"):
        make_evaluator(generation, device)
    path.unlink()
    with pytest.raises(GenerationError, match="gen-000: cannot read"):
        make_evaluator(generation, device)


def test_the_measured_choice_is_kept(tmp_path: Path) -> None:
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    measured = measure_evaluators(generation, (1, 4), seconds=0.01, threads=1)
    assert [m.batch for m in measured if m.backend == "onnx"] == [1, 4]
    assert {m.backend for m in measured} == {"onnx", "torch"}
    assert all(m.evaluations_per_s > 0 for m in measured)
    assert best(measured).evaluations_per_s == max(m.evaluations_per_s for m in measured)
    keep_choice(next(m for m in measured if (m.backend, m.device) == ("torch", "cpu")))
    assert isinstance(make_evaluator(generation, threads=1), TorchEvaluator)
    assert isinstance(make_evaluator(generation, "cpu", threads=1), OnnxEvaluator), "a person's word comes first"


def test_a_kept_gpu_that_is_gone_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    keep_choice(Measurement(backend="torch", device="cuda", device_text="", threads=0, batch=1, evaluations_per_s=9.0))
    monkeypatch.setattr("engine.nets.choose._accelerator", lambda: None)
    assert isinstance(make_evaluator(generation, threads=1), OnnxEvaluator)


def test_running_a_network_on_a_cpu_loads_no_torch(tmp_path: Path) -> None:
    published(tmp_path, lively_network(CONNECT_FOUR))
    program = (
        "import sys; from pathlib import Path; from engine.generations.registry import Registry;"
        "from engine.nets.choose import make_evaluator;"
        f"make_evaluator(Registry(Path({str(tmp_path)!r})).get('gen-000'), 'cpu');"
        "sys.exit('torch' in sys.modules)"
    )
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
