"""`bench startup`: real programs started from nothing, timed from outside."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engine.bench.records import Progress, Result, result


def measure(runs: int, progress: Progress) -> list[Result]:
    """Start of the window, and of compiled kernels from an empty and from a full cache.

    Raises:
        ChildProcessError: a started program failed; the message holds the end of what it said.
    """
    with tempfile.TemporaryDirectory(prefix="arborist-bench-") as folder:
        environment = {**os.environ, "ARBORIST_CONFIG": folder, "ARBORIST_DATA": folder}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        progress("compiling all kernels into an empty cache")
        empty = {**environment, "ARBORIST_KERNEL_CACHE": str(Path(folder) / "kernels")}
        cold = [_seconds([sys.executable, "-m", "engine.cli", "warm"], empty)]
        warm = []
        for run in range(runs):
            progress(f"loading all kernels from the cache, run {run + 1} of {runs}")
            warm.append(_seconds([sys.executable, "-m", "engine.cli", "warm", "--load"], empty))
        visible, live = [], []
        for run in range(runs):
            progress(f"the window, run {run + 1} of {runs}")
            seen = _window(empty, Path(folder))
            visible.append(seen["visible_s"])
            live.append(seen["first_tree_s"])
    return [
        result("kernels compiled, empty cache (whole process)", "s", cold, 6.0, lower_is_better=True),
        result("kernels loaded from the cache (whole process)", "s", warm, 1.0, lower_is_better=True),
        result("window visible", "s", visible, 1.5, lower_is_better=True),
        result("first live tree", "s", live, 5.0, lower_is_better=True),
    ]


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    started = time.perf_counter()
    _run(command, environment)
    return time.perf_counter() - started


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        last = " ".join(done.stderr.strip().splitlines()[-2:])
        raise ChildProcessError(f"{' '.join(command[1:])} ended with {done.returncode}: {last}")
    return done.stdout


def _window(environment: dict[str, str], folder: Path) -> dict[str, float]:
    """Seconds from starting the program to its window and to the first nodes, as the window reports them."""
    state = folder / "state.json"
    words = ["--shot", str(folder / "shot.png"), "--after", "8", "--state-file", str(state)]
    started = time.time()
    _run([sys.executable, "-m", "app", *words], environment)
    moments = json.loads(state.read_text(encoding="utf-8"))
    if moments["first_tree_at"] is None:
        raise ChildProcessError(f"no tree was drawn within 8 s; the window said: {moments['error'] or 'nothing'}")
    return {"visible_s": moments["visible_at"] - started, "first_tree_s": moments["first_tree_at"] - started}
