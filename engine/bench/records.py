"""What a benchmark reports: several runs of each figure, and how they stand against a target."""

import os
import platform
import statistics
from collections.abc import Callable, Sequence
from typing import Any

import msgspec


class Result(msgspec.Struct, frozen=True):
    """One measured figure.

    Attributes:
        value, median: the median over `runs`.
        spread: (largest - smallest) / median of the runs; on a shared machine below 0.3 means nothing.
        target: what the design asks for, or None. met: whether the median reaches it, or None without a target.
    """

    name: str
    value: float
    unit: str
    median: float
    spread: float
    runs: tuple[float, ...]
    target: float | None
    met: bool | None


def result(
    name: str, unit: str, runs: Sequence[float], target: float | None = None, *, lower_is_better: bool = False
) -> Result:
    """A figure from its runs."""
    median = statistics.median(runs)
    spread = (max(runs) - min(runs)) / median if median else 0.0
    met = None if target is None else (median <= target if lower_is_better else median >= target)
    return Result(name, median, unit, median, spread, tuple(runs), target, met)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "load_1min": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def report(bench: str, results: Sequence[Result]) -> dict[str, Any]:
    """The object that `arborist bench --json` prints."""
    return {"bench": bench, "machine": machine(), "results": [msgspec.to_builtins(one) for one in results]}


Progress = Callable[[str], None]
"""Called with what is measured next."""


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
