"""Warming: compile every kernel once, so that the first search and the first picture do not wait for it.

A kernel is compiled on its first call and then lies in the cache folder (`engine.compiled`). Warming is therefore
nothing but a small piece of real work for each part of the program (`engine.warm_steps`). Which parts are warm is noted
beside the kernels, with everything numba looks at before it takes a kernel from there: a note that would be wrong is
not believed.

Compiling keeps one core busy, so a second process takes part where there is a second core. The two divide the steps
between them in such a way that hardly a kernel is compiled twice.
"""

import contextlib
import gc
import hashlib
import json
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path

from engine.compiled import cache_folder
from engine.domains import registry

_SOURCE = Path(__file__).resolve().parents[1]
"""Numba keeps the kernels of every copy of the source apart, and so must the notes."""

_LOOK_S = 0.5
"""So often a wait looks up, because on Windows a wait without end cannot be interrupted."""

_DONE = "done"
"""What a helper process answers when a step has been run."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the program that can be warmed.

    Attributes:
        label: for people, e.g. "Chess: rules"; also the name it is noted under.
        work: function that does a small piece of the part's work, as "module:name"; another process finds it by that.
        arguments: of the function.
        needs: labels of the steps that should be over, because this one works with their kernels too.
    """

    label: str
    work: str
    arguments: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def run(self) -> None:
        """Do the work, on the calling thread."""
        module, _, name = self.work.partition(":")
        attrgetter(name)(import_module(module))(*self.arguments)


def engine_steps() -> tuple[Step, ...]:
    """Every part of the engine that has kernels.

    The kernels of the search are those of every domain. They are warmed with the domain whose rules compile quickest.
    """
    titles = {name: registry.notation(name).title for name in registry.names()}
    rules = [Step(f"{title}: rules", "engine.warm_steps:use_rules", (name,)) for name, title in titles.items()]
    quick = "connect_four"
    needs = (f"{titles[quick]}: rules",)
    search = Step("search", "engine.warm_steps:use_search", (quick,), needs)
    methods = Step("other methods", "engine.warm_steps:use_methods", (quick,), (search.label,))
    own = [
        Step(f"{title}: search", "engine.warm_steps:use_search", (name,), (step.label, search.label))
        for (name, title), step in zip(titles.items(), rules, strict=True)
        if name != quick
    ]
    return (*rules, search, methods, *own)


def cold_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Those of `steps` that have not been warmed since the source, Python, numba or the machine changed."""
    warm = _read_note()
    return tuple(step for step in steps if step.label not in warm)


def warm(
    steps: Sequence[Step], progress: Callable[[str, int, int], None], *, processes: int = min(2, os.cpu_count() or 1)
) -> None:
    """Run `steps` and note each as warm.

    Args:
        steps: usually those `cold_steps` left.
        progress: called with a label, steps done and steps in all, before each step of this process; and with "" at
            the end. Always on the calling thread.
        processes: that share the work, this one included. What another cannot do is done here.

    Raises:
        OSError: the cache folder cannot be written. What was compiled is then lost with the process.
        Exception: whatever a step raises in this process; the others are then given up.
    """
    plan = _Plan(steps)
    helpers = [_Helper(plan) for _ in range(min(processes, len(steps)) - 1)] if _can_help() else []
    try:
        with _no_collection():
            while (step := plan.take(to_the_end=True)) is not None:
                progress(step.label, plan.num_done, len(steps))
                step.run()
                plan.finish(step)
                _write_note(_read_note().union(plan.done))
        _write_note(_read_note().union(plan.done))
    finally:
        plan.give_up()
        for helper in helpers:
            helper.end()
    progress("", len(steps), len(steps))


class _Plan:
    """Steps to run, handed out to several threads."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._left = list(steps)
        self._labels = {step.label for step in steps}
        self._running = 0
        self._changed = threading.Condition()
        self.done: list[str] = []

    @property
    def num_done(self) -> int:
        """Steps that are over."""
        return len(self.done)

    def take(self, *, to_the_end: bool = False) -> Step | None:
        """The next step whose needs are met, waiting for it if need be; None where none is left.

        `to_the_end`: wait until every step is over, because one that is run elsewhere may come back.
        """
        with self._changed:
            while self._left or (to_the_end and self._running):
                ready = [step for step in self._left if self._is_ready(step)]
                if ready:
                    self._left.remove(ready[0])
                    self._running += 1
                    return ready[0]
                self._changed.wait(_LOOK_S)
            return None

    def finish(self, step: Step) -> None:
        """`step` is over."""
        with self._changed:
            self._running -= 1
            self.done.append(step.label)
            self._changed.notify_all()

    def give_up(self) -> None:
        """Hand out no more."""
        with self._changed:
            self._left.clear()
            self._changed.notify_all()

    def _is_ready(self, step: Step) -> bool:
        waits = any(label in self._labels and label not in self.done for label in step.needs)
        return not waits or not self._running  # never wait for what nobody does

    def put_back(self, step: Step) -> None:
        """`step` could not be run where it was taken to."""
        with self._changed:
            self._running -= 1
            self._left.insert(0, step)
            self._changed.notify_all()


class _Helper:
    """A child process, and the thread that hands it steps and waits for each."""

    def __init__(self, plan: _Plan) -> None:
        self._plan = plan
        self._process: subprocess.Popen[str] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="warming", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End the process, also in the middle of a step."""
        self._ended.set()
        if self._process is not None:
            self._process.kill()
        self._thread.join()

    def _work(self) -> None:
        with contextlib.suppress(OSError), _start_helper() as process:
            self._process = process
            while not self._ended.is_set() and (step := self._plan.take()) is not None:
                if not _has_run(process, step):
                    self._plan.put_back(step)
                    break
                self._plan.finish(step)


def _can_help() -> bool:
    """Whether `sys.executable` is a Python: in a program packed into one file it is that program."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


def _start_helper() -> subprocess.Popen[str]:
    paths = [str(_SOURCE), *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-P", "-c", "from engine.warm import run_helper; run_helper()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _has_run(process: subprocess.Popen[str], step: Step) -> bool:
    """Have a helper run `step`; False where it could not."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(asdict(step)) + "\n")
        process.stdin.flush()
        return process.stdout.readline().strip() == _DONE
    except OSError:  # it is gone
        return False


def run_helper() -> None:
    """The helper process: a step a line comes in, an answer goes out; it ends with its input."""
    with _no_collection():
        for line in sys.stdin:
            step = json.loads(line)
            Step(step["label"], step["work"], tuple(step["arguments"])).run()
            sys.stdout.write(_DONE + "\n")
            sys.stdout.flush()


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """No garbage collection: compiling makes millions of objects that stay, and looking through them costs a tenth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # nor look through them later, the end of the process included
        if was_enabled:
            gc.enable()


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
