"""`arborist bench`: measures this machine; every figure with its runs, spread and target."""

import importlib
import json
import shutil
import subprocess
import sys
import textwrap
from typing import Annotated, Any

import typer
from rich.console import Console

from engine.bench.records import Progress, report
from engine.bench.table import lines

app = typer.Typer(add_completion=False, rich_markup_mode=None)

BENCHES = ("search", "drawing", "perft", "selfplay", "startup", "memory", "journal", "match", "statistics")
COMPARED = {"search": "searches", "perft": "counting"}
"""Benches that have a comparison with other libraries, and its function in `engine.bench.peers.compare`."""

_RUNS, _ROUNDS = 3, 5
_RUNS_OF = {"statistics": 1}  # simulated: the machine makes no difference


@app.callback()
def _group() -> None:
    """Keeps `bench` a word of its own."""


@app.command()
def bench(
    what: Annotated[str, typer.Argument(help=f"One of {', '.join(BENCHES)}.")],
    runs: Annotated[
        int | None, typer.Option(min=1, help=f"Runs of each figure ({_RUNS}; {_ROUNDS} with --peers; statistics: 1).")
    ] = None,
    peers: Annotated[
        bool,
        typer.Option(
            "--peers",
            help="search, perft: compare with OpenSpiel, mctx and python-chess instead; drawing: with Qt's items and "
            "pyqtgraph, too.",
        ),
    ] = False,
    peers_python: Annotated[
        str | None, typer.Option(help="Python that has the peers' packages; this one if not given.")
    ] = None,
    generation: Annotated[
        str | None, typer.Option(help="search: only with this generation, in every way this machine can run it.")
    ] = None,
    nodes: Annotated[list[int] | None, typer.Option(min=1, help="drawing: sizes of trees; may be repeated.")] = None,
    live: Annotated[bool, typer.Option("--live", help="drawing: also while trees grow, in a real widget.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Measure one part of the program on this machine."""
    if what not in BENCHES:
        raise typer.BadParameter(f"{what!r} is not one of {', '.join(BENCHES)}")
    if peers and what not in (*COMPARED, "drawing"):
        raise typer.BadParameter(f"{what!r} has no peers; {', '.join(COMPARED)} and drawing have")
    if peers_python is not None and not peers:
        raise typer.BadParameter(f"--peers-python {peers_python!r} is only of use with --peers")
    if generation is not None and (what != "search" or peers):
        raise typer.BadParameter(f"--generation {generation!r} is only of use with search, without --peers")
    if (nodes or live) and what != "drawing":
        raise typer.BadParameter(f"{'--nodes' if nodes else '--live'} is only of use with drawing, not {what!r}")
    with Console(stderr=True).status("starting") as status:
        if peers and what in COMPARED:
            measured = _compare(what, runs or _ROUNDS, status.update, peers_python)
        elif generation is not None:
            measured = _with_generation(generation, runs or _RUNS, status.update)
        elif what == "drawing":
            measured = _drawing(nodes or [], live=live, peers=peers)
        else:
            measured = _measure(what, runs or _RUNS_OF.get(what, _RUNS), status.update)
    if as_json:
        print(json.dumps(measured))
    else:
        _print(measured)
    return 0


def _measure(what: str, runs: int, progress: Progress) -> dict[str, Any]:
    module = importlib.import_module(f"engine.bench.{what}")
    return report(what, module.measure(runs, progress))


def _with_generation(generation: str, runs: int, progress: Progress) -> dict[str, Any]:
    from engine.bench.search import measure_generation

    return report("search", measure_generation(generation, runs, progress))


def _compare(what: str, rounds: int, progress: Progress, python: str | None) -> dict[str, Any]:
    """The report, and under "conditions" what a reader needs to judge or repeat it."""
    comparisons = importlib.import_module("engine.bench.peers.compare")
    found = getattr(comparisons, COMPARED[what])(rounds, progress, python)
    return {**report(what, found.results), "conditions": found.conditions}


def _drawing(nodes: list[int], *, live: bool, peers: bool) -> dict[str, Any]:
    """Drawing belongs to the window's side, which the engine does not import: it is run as a program."""
    sizes = ["--nodes", *map(str, nodes)] if nodes else []
    chosen = [word for word, is_wanted in (("--live", live), ("--peers", peers)) if is_wanted]
    command = [sys.executable, "-m", "app.render.bench", "--json", *sizes, *chosen]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ChildProcessError(f"the drawing bench failed: {done.stderr.strip().splitlines()[-1:]}")
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _print(measured: dict[str, Any]) -> None:
    width = shutil.get_terminal_size().columns
    for line in lines(measured["results"], width):
        print(line)
    machine = measured["machine"]
    said = [f"{machine.get('processor')}, {machine.get('cores')} cores, load {machine.get('load_1min')}"]
    for sentence in said + _conditions(measured.get("conditions")):
        print(textwrap.fill(sentence, width, subsequent_indent="  "))


def _conditions(conditions: dict[str, Any] | None) -> list[str]:
    """What a comparison was measured under, as sentences."""
    if conditions is None:
        return []
    core = "not held to one core" if conditions["core"] is None else f"held to core {conditions['core']}"
    said = [f"every side a process of its own, {conditions['threads']} thread, {core}, asked in turn"]
    for side, versions in conditions["versions"].items():
        said.append(f"{side}: {', '.join(f'{name} {version}' for name, version in versions.items())}")
    if lockstep := conditions.get("lockstep"):
        costs = ", ".join(f"{name} {macs:,}" for name, macs in lockstep["macs"].items())
        said.append(
            f"lockstep: {lockstep['method']}, {lockstep['simulations']} simulations, {lockstep['roots']} roots after "
            f"{lockstep['random_opening_plies']} random plies; the same network on both sides, "
            f"{lockstep['precision']}, multiply-accumulates: {costs}; no evaluation is remembered"
        )
    return said
