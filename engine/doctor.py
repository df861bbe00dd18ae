"""What this machine has, what is missing, and what would work: facts as records, printed by others.

Every function asks one question and may be called alone. None loads torch unless it says so.
"""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
import psutil

from engine import setup_check
from engine.compiled import cache_folder
from engine.generations.registry import Generation, Registry, data_folder, default_registry
from engine.setup_check import Need
from engine.warm import cold_steps, engine_steps

PACKAGES = (
    "arborist-desktop",
    "numpy",
    "numba",
    "torch",
    "onnxruntime",
    "PySide6-Essentials",
    "chess",
    "msgspec",
    "pyzmq",
    "safetensors",
    "zstandard",
)
"""Distributions whose versions belong into a bug report."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The computer and the Python on it.

    Attributes:
        cores: logical processors this process may use.
        memory_bytes, free_bytes: main memory, and what of it is free for programs now.
        versions: of `PACKAGES`; None for one that is not installed.
    """

    system: str
    processor: str
    cores: int
    memory_bytes: int
    free_bytes: int
    python: str
    versions: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Device:
    """A device that networks can run on.

    Attributes:
        name: what `--device` takes: "cpu", "cuda", "cuda:1", "mps".
        text: for people, e.g. "NVIDIA H100 80GB".
        memory_bytes: its own memory, or None where it shares the machine's.
    """

    name: str
    text: str
    memory_bytes: int | None


@dataclass(frozen=True, slots=True)
class Screen:
    """How windows would be drawn.

    Attributes:
        platform: Qt's platform plugin, e.g. "xcb".
        is_seen: whether a window would be on a screen that answers.
        missing: system libraries that are needed for it and are not there.
        install_line: the command that installs them; "" if none is missing.
    """

    platform: str
    is_seen: bool
    missing: tuple[Need, ...]
    install_line: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder Arborist writes to.

    Attributes:
        use: what for: "data", "settings" or "compiled kernels".
        trouble: why it cannot be written, or "" if it can.
        free_bytes: room left on its disk.
    """

    use: str
    path: Path
    trouble: str
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Speed:
    """A measured way to run a generation.

    Attributes:
        way: what `--device` takes for it, e.g. "cpu-int8".
        threads: on a CPU; 0 on a GPU.
        device: as people read it, e.g. "cpu, ONNX Runtime, 2 threads".
        batch: leaves in a call.
        evaluations_per_s: median over the calls.
        is_picked: whether this is the way, and the batch size, that the choice fell on.
    """

    way: str
    threads: int
    device: str
    batch: int
    evaluations_per_s: float
    is_picked: bool


@dataclass(frozen=True, slots=True)
class Int8:
    """How well 8-bit integers do for a generation on this machine.

    Attributes:
        is_accepted: whether they may be used.
        plan: what was quantised.
        agreement: share of positions with the exact network's top action, in [0, 1].
        needed: the share that is needed.
        value_error: mean absolute error of the expected result, which lies in [-1, 1].
        positions: how many were compared.
    """

    is_accepted: bool
    plan: str
    agreement: float
    needed: float
    value_error: float
    positions: int


@dataclass(frozen=True, slots=True)
class Bf16:
    """How well bfloat16 does for a generation on this machine; attributes as of `Int8`."""

    is_accepted: bool
    agreement: float
    needed: float
    value_error: float
    positions: int


@dataclass(frozen=True, slots=True)
class Intuition:
    """The ways to run a generation here, and the one to take.

    Attributes:
        generation: its id.
        speeds: of every way and batch size.
        int8: None where the generation has no file that could be quantised.
        picked: what `--device` takes for the choice.
        is_kept: whether "auto" means the choice from now on.
        bf16: None where this processor is no faster in bfloat16.
    """

    generation: str
    speeds: tuple[Speed, ...]
    int8: Int8 | None
    picked: str
    is_kept: bool
    bf16: Bf16 | None = None


def machine() -> Machine:
    """The computer and the Python on it."""
    memory = psutil.virtual_memory()
    return Machine(
        system=f"{platform.system()} {platform.release()}",
        processor=_processor(),
        cores=_cores(),
        memory_bytes=memory.total,
        free_bytes=memory.available,
        python=platform.python_version(),
        versions={name: _version(name) for name in PACKAGES},
    )


def devices() -> tuple[Device, ...]:
    """Every device torch can use here, the CPU first. Loads torch, which takes seconds."""
    from engine.nets.quiet_threads import quiet_threads

    quiet_threads()
    import torch

    found = [Device("cpu", _processor(), None)]
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        properties = torch.cuda.get_device_properties(index)
        found.append(Device("cuda" if index == 0 else f"cuda:{index}", properties.name, properties.total_memory))
    if torch.backends.mps.is_available():
        found.append(Device("mps", "Apple GPU", None))
    return tuple(found)


def screen() -> Screen:
    """How windows would be drawn, and what is missing for it."""
    missing = setup_check.missing(setup_check.window_needs())
    line = setup_check.install_line(missing)
    return Screen(setup_check.qt_platform(), setup_check.has_screen(), missing, line)


def folders() -> tuple[Folder, ...]:
    """The folders Arborist writes to, and whether it can. Makes those that are missing."""
    settings = os.environ.get("ARBORIST_CONFIG") or platformdirs.user_config_dir("arborist", appauthor=False)
    places = (("data", data_folder()), ("settings", Path(settings)), ("compiled kernels", cache_folder()))
    return tuple(_folder(use, path) for use, path in places)


def cold_parts() -> tuple[str, ...]:
    """Parts of the engine whose kernels are not compiled yet: their first use waits for it."""
    return tuple(step.label for step in cold_steps(engine_steps()))


def intuition(
    generation_id: str | None = None,
    *,
    keep: bool,
    registry: Registry | None = None,
    seconds: float = 0.5,
    progress: Callable[[str], None] = lambda _: None,
) -> Intuition | None:
    """Measure every way this machine can run a generation, and pick one. Loads torch and takes some seconds.

    Quantises the generation the first time, and keeps that, and what came of it, in the data folder.

    Args:
        generation_id: which one; None = the first that the registry lists. None is returned if it lists none.
        keep: let "auto" mean the choice for this generation from now on.
        registry: where to look; None = this installation's.
        seconds: how long each way and batch size is measured.
        progress: told in words what is being done.

    Raises:
        GenerationError: there is no such generation, its files are damaged, or the data folder cannot be written.
    """
    from engine.nets.choose import keep_choice
    from engine.nets.measure import best, measure_ways

    registry = registry or default_registry()
    listed = registry.list()
    if generation_id is None and not listed:
        return None
    generation = listed[0] if generation_id is None else registry.get(generation_id)
    if generation.is_uniform:
        return None
    int8, bf16 = _int8(generation, progress), _bf16(generation, progress)
    measured = measure_ways(generation, seconds=seconds, progress=progress)
    picked = best(measured)
    if keep:
        keep_choice(generation, picked.way)
    speeds = tuple(
        Speed(one.way.name, one.way.threads, one.device_text, one.batch, one.evaluations_per_s, one is picked)
        for one in measured
    )
    return Intuition(generation.card.id, speeds, int8, picked.way.name, keep, bf16)


def problems(screen: Screen, folders: Sequence[Folder]) -> list[str]:
    """What a person should do something about, one sentence each."""
    found = [f"{need.name} is missing: {need.reason}" for need in screen.missing]
    found += [f"the folder for {folder.use}, {folder.path}, {folder.trouble}" for folder in folders if folder.trouble]
    return found


def _int8(generation: Generation, progress: Callable[[str], None]) -> Int8 | None:
    """What is known about a generation in 8-bit integers; found out now if it is not."""
    from engine.nets.choose import Way, run_way
    from engine.nets.int8 import NEEDED_AGREEMENT, known_check, make_int8

    if not generation.card.onnx_sha256:
        return None
    check = known_check(generation) or make_int8(generation, run_way(generation, Way("onnx")), progress=progress)
    return Int8(check.is_accepted, check.plan, check.agreement, NEEDED_AGREEMENT, check.value_error, check.positions)


def _bf16(generation: Generation, progress: Callable[[str], None]) -> Bf16 | None:
    """What is known about a generation in bfloat16; found out now if it is not and could pay."""
    from engine.nets.bf16 import check_bf16, is_bf16_fast, known_bf16
    from engine.nets.choose import Way, decide, run_way
    from engine.nets.int8 import NEEDED_AGREEMENT

    check = known_bf16(generation)
    if check is None:
        progress("bfloat16: trying this processor")
        half = run_way(generation, Way("bf16"))
        if not is_bf16_fast():
            return None
        check = check_bf16(generation, run_way(generation, decide(generation, "cpu")), half, progress=progress)
    return Bf16(check.is_accepted, check.agreement, NEEDED_AGREEMENT, check.value_error, check.positions)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _processor() -> str:
    """The processor's name; Linux tells it in a file, others by `platform`."""
    if sys.platform.startswith("linux"):
        try:
            lines = Path("/proc/cpuinfo").read_text().splitlines()
        except OSError:
            lines = []
        for line in lines:
            if line.startswith(("model name", "Hardware")):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _folder(use: str, path: Path) -> Folder:
    """Try `path` by writing into it, which is the only test that is never wrong."""
    probe = path / f".probe-{os.getpid()}"
    trouble = ""
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        trouble = f"cannot be written: {error.strerror or error}"
    existing = next((place for place in (path, *path.parents) if place.is_dir()), Path.cwd())
    return Folder(use, path, trouble, shutil.disk_usage(existing).free)
