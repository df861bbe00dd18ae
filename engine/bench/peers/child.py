"""What runs in a side's process: reads one request a line, answers one line of JSON.

Started by `engine.bench.peers.contestant` in the Python of that side, where the rest of this project may be missing;
needs the standard library alone. A side is a program beside this module that ends in a call of `serve`.
"""

import functools
import importlib.util
import json
import os
import runpy
import sys
from collections.abc import Callable, Mapping
from typing import Any, TextIO

NEEDS: Mapping[str, tuple[str, ...]] = {
    "own": (),
    "python_chess": ("chess",),
    "openspiel": ("pyspiel", "open_spiel"),
    "mctx": ("jax", "mctx", "pgx"),
}
"""The sides, by module, and the packages each imports beyond NumPy."""

Answer = dict[str, Any]
Tasks = Mapping[str, Callable[..., Answer]]


def run(side: str, core: int) -> None:
    """Run the program of `side` on processor core `core` (-1 = any), or say `{"missing": [package, ...]}`."""
    hold_to(core)  # before any library starts threads
    out = _answers()  # before any library prints
    missing = [package for package in NEEDS[side] if importlib.util.find_spec(package) is None]
    if missing:
        _say(out, {"missing": missing})
        return
    runpy.run_module(f"engine.bench.peers.{side}", run_name="__main__")


def serve(versions: Mapping[str, str], tasks: Tasks) -> None:
    """Carry out requests until standard input ends.

    First `{"ready": {package: version}, "pinned": bool}` is said. After it, each request
    `{"task": name, "words": {...}}` is answered with `{"answer": {...}}` or `{"error": sentence}`.
    """
    out = _answers()
    _say(out, {"ready": dict(versions), "pinned": held()})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            _say(out, {"answer": tasks[request["task"]](**request["words"])})
        except (ValueError, TypeError, KeyError, ArithmeticError, RuntimeError, ImportError) as error:
            _say(out, {"error": f"{type(error).__name__}: {error}"})


def held() -> bool:
    """Whether this process is held to one processor core; not every system can do that."""
    return hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) == 1


def hold_to(core: int) -> None:
    """Run on processor core `core` only, threads started later included. Does nothing where that is not possible."""
    if core >= 0 and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


@functools.cache
def _answers() -> TextIO:
    """Standard output for answers alone: what a library prints there goes to standard error from now on."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def _say(out: TextIO, message: Answer) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()
