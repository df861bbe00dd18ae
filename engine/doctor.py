"""What this machine has, what is missing, and what would work: facts as records, printed by others.

Every function asks one question and may be called alone. None loads torch unless it says so.
"""

import os
import platform
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
import psutil

from engine import setup_check
from engine.compiled import cache_folder
from engine.generations.registry import Registry, data_folder, default_registry
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
        generation: its id.
        device: as people read it, e.g. "cpu, ONNX Runtime, 2 threads".
        batch: leaves in a call.
        evaluations_per_s: median over the calls.
        is_fastest: whether no other way and batch was faster.
    """

    generation: str
    device: str
    batch: int
    evaluations_per_s: float
    is_fastest: bool


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


def speeds(generation_id: str | None = None, *, registry: Registry | None = None, seconds: float = 0.5) -> list[Speed]:
    """Measure every way this machine can run a generation; loads torch and takes some seconds.

    Args:
        generation_id: which one; None = the first that the registry lists, and nothing if it lists none.
        registry: where to look; None = this installation's.
        seconds: how long each way and batch size is measured.

    Raises:
        GenerationError: there is no such generation, or its files are damaged.
    """
    from engine.nets.choose import best, measure_evaluators

    registry = registry or default_registry()
    if generation_id is None:
        listed = registry.list()
        if not listed:
            return []
        generation = listed[0]
    else:
        generation = registry.get(generation_id)
    if generation.is_uniform:
        return []
    measured = measure_evaluators(generation, seconds=seconds)
    fastest = best(measured)
    return [
        Speed(generation.card.id, one.device_text, one.batch, one.evaluations_per_s, one is fastest) for one in measured
    ]


def problems(screen: Screen, folders: Sequence[Folder]) -> list[str]:
    """What a person should do something about, one sentence each."""
    found = [f"{need.name} is missing: {need.reason}" for need in screen.missing]
    found += [f"the folder for {folder.use}, {folder.path}, {folder.trouble}" for folder in folders if folder.trouble]
    return found


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
