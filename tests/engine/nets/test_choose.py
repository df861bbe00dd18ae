import subprocess
import sys
from pathlib import Path

import pytest

from engine.generations.card import ONNX_FILE, WEIGHTS_FILE, Card, GenerationError
from engine.generations.registry import UNIFORM, Registry
from engine.nets.choose import Way, decide, keep_choice, make_evaluator
from engine.nets.errors import DeviceError
from engine.nets.onnx_evaluator import OnnxEvaluator
from engine.nets.torch_evaluator import TorchEvaluator
from engine.nets.weights import weights_bytes
from engine.search.evaluator import UniformEvaluator
from tests.engine.nets.small import CONNECT_FOUR, lively_network, published, random_leaves


@pytest.fixture(autouse=True)
def no_choice_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ARBORIST_DEVICE", raising=False)


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


@pytest.mark.parametrize(("file", "device"), [(ONNX_FILE, "cpu"), (WEIGHTS_FILE, "cpu-torch")])
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


def test_the_kept_choice_is_for_these_weights_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.nets.choose.accelerator", lambda: None)
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    other = published(tmp_path, lively_network(CONNECT_FOUR, seed=4), "gen-001")
    assert decide(generation) == Way("onnx")
    keep_choice(generation, Way("torch", "cpu", 1))
    assert decide(generation) == Way("torch", "cpu", 1)
    assert isinstance(make_evaluator(generation), TorchEvaluator)
    assert decide(generation, "cpu") == Way("onnx"), "a person's word comes first"
    assert decide(other) == Way("onnx")
    keep_choice(other, Way("onnx", "cpu", 1))
    assert (decide(generation), decide(other)) == (Way("torch", "cpu", 1), Way("onnx", "cpu", 1))
    assert make_evaluator(other).device == "cpu, ONNX Runtime, 1 thread"
    assert make_evaluator(other, threads=2).device == "cpu, ONNX Runtime, 2 threads"
    monkeypatch.setattr("platform.node", lambda: "elsewhere")
    assert decide(generation) == Way("onnx")


def test_a_choice_that_cannot_be_read_or_written_is_no_choice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.nets.choose.accelerator", lambda: None)
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    keep_choice(generation, Way("torch"))
    (tmp_path / "data" / "evaluators.json").write_text('{"backend": "torch"}')
    assert decide(generation) == Way("onnx")
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "gen-000" / "card.json"))
    with pytest.raises(GenerationError, match="was not saved in"):
        keep_choice(generation, Way("torch"))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("cpu", Way("onnx")),
        ("cpu-int8", Way("int8")),
        ("cpu-torch", Way("torch")),
        ("cuda:1", Way("torch", "cuda:1")),
        ("mps", Way("torch", "mps")),
    ],
)
def test_a_person_decides_by_word_or_by_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str, expected: Way
) -> None:
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    keep_choice(generation, Way("onnx", "cpu", 7))
    assert decide(generation, word) == expected
    assert expected.name == word
    monkeypatch.setenv("ARBORIST_DEVICE", word)
    assert decide(generation) == expected
    assert decide(generation, "cpu") == Way("onnx"), "the word given now comes before the environment"
    monkeypatch.setenv("ARBORIST_DEVICE", "")
    assert decide(generation) == Way("onnx", "cpu", 7)


def test_int8_that_was_never_made_is_refused_by_name_and_passed_over_by_auto(tmp_path: Path) -> None:
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    with pytest.raises(GenerationError, match="gen-000: not quantised on this machine yet"):
        make_evaluator(generation, "cpu-int8")
    keep_choice(generation, Way("int8"))
    assert decide(generation).backend != "int8"


def test_a_gpu_is_taken_where_there_is_one_and_not_missed_where_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = published(tmp_path, lively_network(CONNECT_FOUR))
    monkeypatch.setattr("engine.nets.choose.accelerator", lambda: "cuda")
    assert decide(generation) == Way("torch", "cuda")
    keep_choice(generation, Way("torch", "cuda"))
    assert decide(generation) == Way("torch", "cuda")
    monkeypatch.setattr("engine.nets.choose.accelerator", lambda: None)
    assert decide(generation) == Way("onnx")
    keep_choice(generation, Way("onnx", "cpu", 1))
    monkeypatch.setattr("engine.nets.choose.accelerator", lambda: "cuda")
    assert decide(generation) == Way("onnx", "cpu", 1), "measured to be better than the GPU"


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
