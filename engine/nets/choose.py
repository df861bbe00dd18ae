"""Which evaluator runs a generation here: as a person says, as was measured before, or by rule.

Loads torch only where torch is what will run.
"""

import os
import platform
import shutil
from pathlib import Path
from typing import Literal

import msgspec

from engine.generations.card import ONNX_FILE, WEIGHTS_FILE, GenerationError
from engine.generations.registry import Generation, data_folder
from engine.nets.bf16 import known_bf16
from engine.nets.int8 import int8_model, known_check
from engine.nets.onnx_evaluator import NetworkFileError, available_cores
from engine.nets.quiet_threads import quiet_threads
from engine.search.evaluator import Evaluator, UniformEvaluator

DEVICE_VARIABLE = "ARBORIST_DEVICE"
"""Environment variable that says what "auto" means; it goes before every measurement."""


class Way(msgspec.Struct, frozen=True):
    """A way to run a network.

    Attributes:
        backend: "onnx" = ONNX Runtime in float32, "int8" = ONNX Runtime in 8-bit integers, "torch" = torch, on a CPU in
            float32, "bf16" = torch on a CPU with the trunk in bfloat16.
        device: "cpu", "cuda", "cuda:N" or "mps".
        threads: threads on a CPU; 0 = every core this process may use.
    """

    backend: Literal["onnx", "int8", "torch", "bf16"]
    device: str = "cpu"
    threads: int = 0

    @property
    def name(self) -> str:
        """What a person gives as `--device` to have it so."""
        if self.device != "cpu":
            return self.device
        return {"onnx": "cpu", "int8": "cpu-int8", "torch": "cpu-torch", "bf16": "cpu-bf16"}[self.backend]


class _Choice(msgspec.Struct, frozen=True):
    """A measured choice, and the machine it was measured on: data folders may be shared."""

    machine: str
    way: Way


def make_evaluator(generation: Generation, device: str = "auto", threads: int | None = None) -> Evaluator:
    """The evaluator that runs `generation`.

    Args:
        generation: from the registry; "uniform" gives a `UniformEvaluator`.
        device: see `decide`.
        threads: threads on a CPU; None = as measured, else every core this process may use.

    Raises:
        GenerationError: a file of the generation is missing or damaged, or int8 is asked for and there is none.
        DeviceError: there is no such device here.
    """
    if generation.is_uniform:
        return UniformEvaluator()
    return run_way(generation, decide(generation, device), threads)


def decide(generation: Generation, device: str = "auto") -> Way:
    """The way to run `generation`: the one place where that is decided.

    A person's word comes first: `device`, or where that is "auto" the variable `ARBORIST_DEVICE`. Then what
    `arborist doctor` measured and kept for these very weights on this machine, if it can still be had. Then a GPU, if
    there is one, and ONNX Runtime on the CPU.

    Args:
        generation: one with a network.
        device: "auto", "cpu" (ONNX Runtime, torch where there is no ONNX file), "cpu-int8", "cpu-bf16", "cpu-torch",
            "cuda", "cuda:N" or "mps".
    """
    if device == "auto":
        device = os.environ.get(DEVICE_VARIABLE) or "auto"
    if device == "auto":
        kept = _kept_choice(generation)
        if kept is not None and _is_there(kept, generation):
            return kept
        device = accelerator() or "cpu"
    has_onnx = bool(generation.card.onnx_sha256)
    on_cpu = {way.name: way for way in (Way("int8"), Way("bf16"), Way("torch"))}
    on_cpu["cpu"] = Way("onnx" if has_onnx else "torch")
    return on_cpu.get(device) or Way("torch", device)


def run_way(generation: Generation, way: Way, threads: int | None = None) -> Evaluator:
    """The evaluator that runs `generation` in this way; raises as `make_evaluator` does.

    Args:
        threads: goes before the way's own.
    """
    count = threads or way.threads or available_cores()
    if way.backend == "torch" or way.backend == "bf16":
        return _torch_evaluator(generation, way, count)
    return _onnx_evaluator(generation, way.backend, count)


def keep_choice(generation: Generation, way: Way) -> None:
    """Let "auto" mean `way` for this generation's weights from now on, on this machine.

    Raises:
        GenerationError: the data folder cannot be written.
    """
    path = _choices_path()
    choices = _read_choices() | {generation.card.weights_sha256: _Choice(platform.node(), way)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".tmp")
        scratch.write_bytes(msgspec.json.encode(choices))
        scratch.replace(path)
    except OSError as error:
        raise GenerationError(f"the measured choice was not saved in {path.parent}: {error.strerror}") from error


def accelerator() -> str | None:
    """The GPU that torch can use, or None; asks torch (a slow import) only where a driver suggests there is one."""
    if shutil.which("nvidia-smi") is None and (platform.system(), platform.machine()) != ("Darwin", "arm64"):
        return None
    quiet_threads()
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else None


def _choices_path() -> Path:
    return data_folder() / "evaluators.json"


def _read_choices() -> dict[str, _Choice]:
    """Kept choices by the weights' hash; none where the file cannot be read, which only costs a measurement."""
    try:
        return msgspec.json.decode(_choices_path().read_bytes(), type=dict[str, _Choice])
    except (OSError, msgspec.DecodeError):
        return {}


def _kept_choice(generation: Generation) -> Way | None:
    choice = _read_choices().get(generation.card.weights_sha256)
    return choice.way if choice is not None and choice.machine == platform.node() else None


def _is_there(way: Way, generation: Generation) -> bool:
    """Whether a kept way can still be had: a GPU may be gone, a quantised file may be of an older runtime."""
    if way.backend == "int8":
        check = known_check(generation)
        return check is not None and check.is_accepted
    if way.backend == "bf16":
        finding = known_bf16(generation)
        return finding is not None and finding.is_accepted
    return way.device == "cpu" or way.device == accelerator()


def _onnx_evaluator(generation: Generation, backend: Literal["onnx", "int8"], threads: int) -> Evaluator:
    from engine.nets.onnx_evaluator import OnnxEvaluator

    card = generation.card
    if card.architecture is None:
        raise GenerationError(f"{card.id}: its card names no architecture")
    model = int8_model(generation) if backend == "int8" else generation.verified_file(ONNX_FILE)
    try:
        return OnnxEvaluator(
            model,
            name=card.id,
            weights_hash=card.weights_sha256,
            fmt=card.architecture.fmt,
            threads=threads,
            precision="int8" if backend == "int8" else "",
        )
    except NetworkFileError as error:
        raise GenerationError(f"{card.id}: {error}") from error


def _torch_evaluator(generation: Generation, way: Way, threads: int) -> Evaluator:
    quiet_threads()
    from engine.nets.gpu_evaluator import GpuEvaluator
    from engine.nets.torch_evaluator import TorchEvaluator
    from engine.nets.weights import network_from_file

    card = generation.card
    weights = generation.verified_file(WEIGHTS_FILE)
    if card.architecture is None:
        raise GenerationError(f"{card.id}: its card names no architecture")
    try:
        network = network_from_file(weights, card.architecture)
    except NetworkFileError as error:
        raise GenerationError(f"{card.id}: {error}") from error
    if way.device == "cpu":
        return TorchEvaluator(
            network,
            name=card.id,
            weights_hash=card.weights_sha256,
            threads=threads,
            precision="bfloat16" if way.backend == "bf16" else "float32",
        )
    return GpuEvaluator(network, name=card.id, weights_hash=card.weights_sha256, device=way.device)
