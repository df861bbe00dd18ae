"""Warming: who does which step, what is noted, and whether afterwards nothing is left to compile."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine import doctor, warm

WORK = """
import os, pathlib, time

def note(folder, name):
    with open(pathlib.Path(folder) / name, "a") as file:
        file.write(f"{os.getpid()} {time.monotonic()}\\n")

def slow(folder, name):
    time.sleep(0.5)
    note(folder, name)

def only_here(folder, name, pid):
    if os.getpid() != int(pid):
        os._exit(1)
    note(folder, name)

def fail():
    raise ZeroDivisionError("on purpose")
"""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a module `warm_work` that this process and others can import; notes go to its `kernels`."""
    (tmp_path / "warm_work.py").write_text(WORK)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(warm, "cache_folder", lambda: tmp_path / "kernels")
    return tmp_path


def step(work: Path, label: str, name: str = "note", *more: str, needs: tuple[str, ...] = ()) -> warm.Step:
    return warm.Step(label, f"warm_work:{name}", (str(work), label, *more), needs)


def runs(work: Path, label: str) -> list[tuple[int, float]]:
    """Process and moment of every run of a step."""
    lines = (work / label).read_text().splitlines()
    return [(int(line.split()[0]), float(line.split()[1])) for line in lines]


def nobody(label: str, done: int, total: int) -> None:
    """Nobody looks."""


def test_what_was_warmed_is_noted_and_cold_again_after_a_change(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, int, int]] = []
    steps = (step(work, "a"), step(work, "b"))
    assert warm.cold_steps(steps) == steps
    warm.warm(steps[:1], lambda *words: said.append(words))
    assert warm.cold_steps(steps) == (steps[1],)
    warm.warm(warm.cold_steps(steps), lambda *words: said.append(words))
    assert warm.cold_steps(steps) == ()
    assert len(runs(work, "a")) == len(runs(work, "b")) == 1
    assert said == [("a", 0, 1), ("", 1, 1), ("b", 0, 1), ("", 1, 1)]
    with monkeypatch.context() as patch:
        patch.setattr(warm, "version", lambda name: "another")
        assert warm.cold_steps(steps) == steps, "another numba compiles anew"
    assert warm.cold_steps(steps) == ()
    copy = work / "copy"
    for folder in ("engine", "app/render"):
        (copy / folder).mkdir(parents=True)
    (copy / "engine" / "kernels.py").write_text("")
    with monkeypatch.context() as patch:
        patch.setattr(warm, "_SOURCE", copy)
        assert warm.cold_steps(steps) == steps, "kernels of another copy of the source are others"
    (note,) = (work / "kernels").glob("*.json")
    note.write_text("{cut off")
    assert warm.cold_steps(steps) == steps


def test_two_processes_share_the_work_and_keep_its_order(work: Path) -> None:
    steps = (step(work, "a", "slow"), step(work, "b", "slow"), step(work, "c", needs=("b",)), step(work, "d", "slow"))
    warm.warm(steps, nobody, processes=2)
    assert warm.cold_steps(steps) == ()
    found = {label: runs(work, label) for label in "abcd"}
    assert all(len(run) == 1 for run in found.values()), "no step is run twice"
    processes = {run[0][0] for run in found.values()}
    assert os.getpid() in processes
    assert len(processes) == 2
    assert found["b"][0][1] <= found["c"][0][1]


def test_what_another_process_cannot_do_is_done_here(work: Path) -> None:
    here = str(os.getpid())
    steps = tuple(step(work, label, "only_here", here) for label in "abc")
    warm.warm((step(work, "first", "slow"), *steps), nobody, processes=2)
    assert [runs(work, label)[0][0] for label in "abc"] == [os.getpid()] * 3
    assert warm.cold_steps(steps) == ()


def test_without_another_process_all_is_done_here(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(work / "no-such-python"))
    steps = (step(work, "a"), step(work, "b", needs=("c",)), step(work, "c"))
    warm.warm(steps, nobody, processes=2)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    warm.warm(steps, nobody, processes=2)
    assert [len(runs(work, label)) for label in "abc"] == [2, 2, 2]


def test_a_step_that_fails_stays_cold_and_ends_the_work(work: Path) -> None:
    bad = warm.Step("bad", "warm_work:fail")
    with pytest.raises(ZeroDivisionError, match="on purpose"):
        warm.warm((step(work, "a"), bad, step(work, "b", needs=("bad",))), nobody, processes=2)
    assert bad in warm.cold_steps((bad,))
    assert not (work / "b").exists()


def test_an_interrupted_warming_leaves_no_process_behind(work: Path) -> None:
    class Stop(Exception):
        pass

    def stop(label: str, done: int, total: int) -> None:
        raise Stop

    steps = [step(work, str(number), "slow") for number in range(40)]
    with pytest.raises(Stop):
        warm.warm(steps, stop, processes=2)
    assert len([one for one in steps if (work / one.label).exists()]) < 5


USE = '''
import json, sys
from numba.core.caching import FunctionCache
from numba.core.registry import CPUDispatcher
from engine import warm

def kernels():
    """Signatures of every kernel by name."""
    found = {}
    for module in list(sys.modules.values()):
        if (getattr(module, "__name__", "")).startswith(("engine.", "app.render")):
            for one in vars(module).values():
                if isinstance(one, CPUDispatcher) and isinstance(one._cache, FunctionCache):
                    found[f"{one.py_func.__module__}.{one.py_func.__name__}"] = [str(s) for s in one.signatures]
    return found

for step in (*warm.engine_steps(), warm.Step("tree picture", "app.render.warm:warming.wait")):
    step.run()
warmed = kernels()

import numpy as np
from engine.domains import registry
from engine.domains.chess.pgn import read_games
from engine.search.evaluator import UniformEvaluator
from engine.search.forest import METHODS as LOCKSTEP, Forest
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import METHODS, SearchSettings
from engine.tree.columns import ROOT
from engine.tree.compare import below, take, unite
from engine.tree.events import decode
from engine.tree.explain import candidates, principal_variation
from engine.tree.fold import empty_tree
from engine.tree.history import History
from engine.tree.selection import selection_parameters
from engine.bench.perft import perft
import io

class Reader(UniformEvaluator):
    def __init__(self, fmt):
        self.fmt = fmt

def run(search, simulations):
    search.start_run(Limits(simulations=simulations))
    while search.advance() is None:
        pass

for name in registry.names():
    rules, notation = registry.rules(name), registry.notation(name)
    for text in ("startpos", notation.sample):
        line = notation.parse_line(text)
        for fmt in (None, *rules.formats):
            for method in METHODS:
                for batch in (1, 16):
                    journal = []
                    settings = SearchSettings(method=method, batch=batch, gumbel_scale=1.0, root_noise=0.25)
                    search = Search(rules, Reader(fmt), line, settings, journal.append)
                    run(search, 60)
                    candidates(search.tree, ROOT, selection_parameters(search.header.settings))
                    path = tuple(principal_variation(search.tree)[:1])
                    if not path:
                        continue
                    unite(take(search.tree), take(search.tree))
                    unite(below(take(search.tree), path), below(take(search.tree), path))
                    for act in (search.cut, search.restore, search.pin):
                        act(path)
                    search.undo()
                    search.set_prior(path, 0.25)
                    if method == "puct":
                        search.boost(path, 3)
                    run(search, 40)
                    history = History(empty_tree(search.header))
                    for event in decode(b"".join(journal)):
                        history.apply(event)
                    for moment in (history.first, history.last, history.first + 1):
                        history.seek(moment)
                    again = Search(rules, Reader(fmt), line, settings, journal.append)
                    again.take_up(list(decode(b"".join(journal))))
                    run(again, 20)
                    search.play(path)
                    run(search, 20)
            for method in LOCKSTEP:
                Forest(rules, Reader(fmt), SearchSettings(method=method, root_noise=0.25)).run([line, line], 30)
        perft(rules, line, 2)
small = Search(rules, Reader(None), line, SearchSettings(memory_bytes=2**20, batch=64), lambda _: None)
run(small, 20_000)
assert small.figures().recycled
list(read_games(io.BytesIO(b'[Event "?"]\\n\\n1. e4 {a (b)} e5 (1... c5) 2. Nf3 $1 O-O 1-0\\n')))
json.dump({"warmed": warmed, "used": kernels()}, sys.stdout)
'''

NOT_WARMED = ("engine.search.hash_evaluator.", "app.render.synthetic.")
"""Kernels for measuring only."""


@pytest.mark.slow
def test_warming_calls_every_kernel_with_all_the_types_it_is_used_with() -> None:
    """In one process: after the steps, searches of every kind bring no kernel and no version of one that is new."""
    warm.warm(warm.cold_steps(warm.engine_steps()), nobody)
    assert doctor.cold_parts() == ()
    done = subprocess.run([sys.executable, "-c", USE], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found["used"]) > 40
    for name, versions in found["used"].items():
        if not name.startswith(NOT_WARMED):
            assert found["warmed"].get(name), f"{name} is not called by any step"
            assert versions == found["warmed"][name], f"{name} is used with other types than it was warmed with"
            assert len(versions) == 1, f"{name} is compiled more than once"
