"""Which evaluator runs a generation here: chosen by rule, by a measurement made before, or by a person.

Loads torch only where torch is what will run.
"""

import platform
import shutil
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from engine.generations.card import ONNX_FILE, WEIGHTS_FILE, GenerationError
from engine.generations.registry import Generation, data_folder
from engine.nets.onnx_evaluator import NetworkFileError, available_cores
from engine.nets.quiet_threads import quiet_threads
from engine.search.evaluator import Evaluator, Leaves, UniformEvaluator

BATCHES = (1, 16, 64, 256)
"""Batch sizes worth measuring."""


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """The measured speed of one way to run a generation.

    Attributes:
        backend: "onnx" or "torch".
        device: what a person would give as `--device`: "cpu", "cuda", "mps".
        device_text: for people, e.g. "cpu, ONNX Runtime, 2 threads".
        threads: threads used on a CPU; 0 on a GPU.
        batch: leaves in a call.
        evaluations_per_s: median over the calls.
    """

    backend: str
    device: str
    device_text: str
    threads: int
    batch: int
    evaluations_per_s: float


def make_evaluator(generation: Generation, device: str = "auto", threads: int | None = None) -> Evaluator:
    """The evaluator that runs `generation`.

    Args:
        generation: from the registry; "uniform" gives a `UniformEvaluator`.
        device: "auto" (a GPU if there is one, unless a measurement kept by `keep_choice` says otherwise), "cpu",
            "cuda", "cuda:N" or "mps".
        threads: threads on a CPU; None = every core this process may use.

    Raises:
        GenerationError: a file of the generation is missing or damaged.
        DeviceError: there is no such device here.
    """
    if generation.is_uniform:
        return UniformEvaluator()
    backend, chosen = _automatic_choice() if device == "auto" else ("", device)
    if chosen == "cpu" and backend != "torch" and generation.card.onnx_sha256:
        return _onnx_evaluator(generation, threads)
    return _torch_evaluator(generation, chosen, threads)


def measure_evaluators(
    generation: Generation, batches: Sequence[int] = BATCHES, *, seconds: float = 0.5, threads: int | None = None
) -> list[Measurement]:
    """Measure every way this machine can run `generation`, at every batch size; takes about 2 s a batch size.

    Args:
        generation: one with a network.
        batches: leaves in a call.
        seconds: how long each is measured.
        threads: threads on a CPU; None = every core this process may use.
    """
    count = threads or available_cores()
    found: list[Measurement] = []
    for backend, device in _ways(generation):
        evaluator = (
            _onnx_evaluator(generation, count) if backend == "onnx" else _torch_evaluator(generation, device, count)
        )
        found.extend(
            Measurement(
                backend=backend,
                device=device,
                device_text=evaluator.device,
                threads=count if device == "cpu" else 0,
                batch=batch,
                evaluations_per_s=_speed(evaluator, _blank_leaves(generation, batch), seconds),
            )
            for batch in batches
        )
    return found


def best(measurements: Sequence[Measurement]) -> Measurement:
    """The fastest of `measurements`: what "auto" should take."""
    return max(measurements, key=lambda measurement: measurement.evaluations_per_s)


def keep_choice(measurement: Measurement, folder: Path | None = None) -> None:
    """Let "auto" mean this way from now on, on this machine.

    Raises:
        GenerationError: the data folder cannot be written.
    """
    path = (folder or data_folder()) / "evaluator.json"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_suffix(".tmp")
        scratch.write_bytes(msgspec.json.encode(measurement))
        scratch.replace(path)
    except OSError as error:
        raise GenerationError(f"the measured choice was not saved in {path.parent}: {error.strerror}") from error


def _kept_choice() -> tuple[str, str] | None:
    """Backend and device that `keep_choice` kept, if it did and they can be read."""
    try:
        kept = msgspec.json.decode((data_folder() / "evaluator.json").read_bytes(), type=Measurement)
    except (OSError, msgspec.DecodeError):
        return None
    return kept.backend, kept.device


def _automatic_choice() -> tuple[str, str]:
    """Backend and device: as measured before; else a GPU where there is one, else ONNX Runtime on the CPU."""
    kept = _kept_choice()
    if kept is not None and kept[1] == "cpu":
        return kept
    device = _accelerator()
    # A GPU that was measured may be gone: it is not missed.
    return ("torch", device) if device else ("onnx", "cpu")


def _accelerator() -> str | None:
    """The GPU that torch can use, or None; asks torch (a slow import) only where a driver suggests there is one."""
    if shutil.which("nvidia-smi") is None and (platform.system(), platform.machine()) != ("Darwin", "arm64"):
        return None
    quiet_threads()
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else None


def _ways(generation: Generation) -> list[tuple[str, str]]:
    ways = [("onnx", "cpu")] if generation.card.onnx_sha256 else []
    ways.append(("torch", "cpu"))
    device = _accelerator()
    return [*ways, ("torch", device)] if device else ways


def _onnx_evaluator(generation: Generation, threads: int | None) -> Evaluator:
    from engine.nets.onnx_evaluator import OnnxEvaluator

    card = generation.card
    model = generation.verified_file(ONNX_FILE)
    try:
        return OnnxEvaluator(
            model, name=card.id, weights_hash=card.weights_sha256, fmt=_architecture_fmt(generation), threads=threads
        )
    except NetworkFileError as error:
        raise GenerationError(f"{card.id}: {error}") from error


def _torch_evaluator(generation: Generation, device: str, threads: int | None) -> Evaluator:
    quiet_threads()
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
    return TorchEvaluator(
        network, name=card.id, weights_hash=card.weights_sha256, device=device, threads=threads or available_cores()
    )


def _architecture_fmt(generation: Generation) -> str:
    architecture = generation.card.architecture
    if architecture is None:
        raise GenerationError(f"{generation.card.id}: its card names no architecture")
    return architecture.fmt


def _blank_leaves(generation: Generation, batch: int) -> Leaves:
    """Leaves of nothing: a network takes the same time for every input."""
    architecture = generation.card.architecture
    assert architecture is not None
    shape = (batch, architecture.planes, architecture.height, architecture.width)
    return Leaves(
        states=np.zeros(batch, np.dtype([("nothing", np.uint8)])),
        features=np.zeros(shape, np.float32),
        offsets=np.arange(batch + 1, dtype=np.int32),
        actions=np.zeros(batch, np.uint16),
    )


def _speed(evaluator: Evaluator, leaves: Leaves, seconds: float) -> float:
    """Evaluations a second, median over calls made for `seconds` after a warm-up."""
    evaluator.evaluate(leaves)
    times: list[float] = []
    end = time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        evaluator.evaluate(leaves)
        times.append(time.perf_counter() - start)
    return len(leaves.offsets[1:]) / statistics.median(times)
