"""Warming: compile every kernel once, so that the first search and the first picture do not wait for it.

A kernel is compiled on its first call and then lies in the cache folder (`engine.compiled`). Warming is therefore
nothing but a small piece of real work for each part of the program. Which parts are warm is noted beside the kernels,
with everything numba looks at before it takes a kernel from there: a note that would be wrong is not believed.
"""

import hashlib
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from engine.compiled import cache_folder
from engine.domains import registry
from engine.search.evaluator import UniformEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.search.solver import carry_up
from engine.tree.columns import ROOT
from engine.tree.explain import candidates, principal_variation
from engine.tree.selection import selection_parameters
from engine.tree.fold import empty_tree, fold_stream

_SOURCE = Path(__file__).resolve().parents[1]
"""Numba keeps the kernels of every copy of the source apart, and so must the notes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the program that can be warmed.

    Attributes:
        label: for people, e.g. "Chess: rules and input formats"; also the name it is noted under.
        run: does a small piece of the part's work, on the calling thread.
    """

    label: str
    run: Callable[[], None]


def engine_steps() -> tuple[Step, ...]:
    """Every part of the engine that has kernels, those that others need first."""
    made: list[Step] = []
    for name in registry.names():
        title = registry.notation(name).title
        made.append(Step(f"{title}: rules", partial(_use_rules, name)))
        made.append(Step(f"{title}: search", partial(_use_search, name)))
    return tuple(made)


def cold_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Those of `steps` that have not been warmed since the source, Python, numba or the machine changed."""
    warm = _read_note()
    return tuple(step for step in steps if step.label not in warm)


def warm(steps: Sequence[Step], progress: Callable[[str, int, int], None]) -> None:
    """Run `steps` and note each as warm.

    Args:
        steps: usually those `cold_steps` left.
        progress: called with a label, steps done and steps in all, before each step; and with "" at the end.

    Raises:
        OSError: the cache folder cannot be written. What was compiled is then lost with the process.
    """
    for done, step in enumerate(steps):
        progress(step.label, done, len(steps))
        step.run()
        _write_note(_read_note() | {step.label})
    progress("", len(steps), len(steps))


def _use_rules(name: str) -> None:
    """Load, expand, step and encode a position of a domain."""
    rules = registry.rules(name)
    notation = registry.notation(name)
    states = rules.load(notation.parse_line(notation.sample))[-1:]
    expansion = rules.expand(states)
    rules.wins(states, expansion)
    rules.playouts(states, np.zeros(1, np.uint64), 1)
    states = rules.step(states, expansion.actions[:1])
    for fmt, description in rules.formats.items():
        lineages = np.repeat(states[:, None], description.history, axis=1)
        rules.encode(lineages, np.ones(1, np.int32), fmt)


def _use_search(name: str) -> None:
    """Search a little, prune, play on, prove, explain what was found, and fold the journal again as a reader does."""
    notation = registry.notation(name)
    line = notation.parse_line(notation.sample)
    journal: list[bytes] = []
    search = Search(registry.rules(name), UniformEvaluator(), line, SearchSettings(batch=8), journal.append)
    _run(search, 100)
    parameters = selection_parameters(search.header.settings)
    candidates(search.tree, ROOT, parameters)
    path = tuple(principal_variation(search.tree)[:1])
    search.cut(path)
    search.restore(path)
    search.play(path)
    _run(search, 20)
    carry_up(search.tree, np.array([search.tree.num_nodes - 1], np.int32))
    fold_stream(empty_tree(search.header), b"".join(journal))


def _run(search: Search, simulations: int) -> None:
    search.start_run(Limits(simulations=simulations))
    while search.advance() is None:
        pass


def _note() -> Path:
    return cache_folder() / f"warm-{hashlib.sha256(bytes(_SOURCE)).hexdigest()[:16]}.json"


def _read_note() -> frozenset[str]:
    """Labels of the parts that are warm here."""
    try:
        note = json.loads(_note().read_bytes())
        return frozenset(note["steps"]) if note["made_by"] == _made_by() else frozenset()
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()  # a note that is not there or cannot be read only costs time


def _write_note(labels: frozenset[str]) -> None:
    path = _note()
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".tmp")
    scratch.write_text(json.dumps({"made_by": _made_by(), "steps": sorted(labels)}), encoding="utf-8")
    scratch.replace(path)


def _made_by() -> list[str]:
    """What numba compares beside the source's text: its own version, Python, processor, and when files were written."""
    folders = (_SOURCE / "engine", _SOURCE / "app" / "render")
    written = max(path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*.py"))
    return [version("numba"), platform.python_version(), platform.machine(), platform.processor(), str(written)]
