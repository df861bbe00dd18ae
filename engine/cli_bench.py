"""`arborist bench`: measures this machine; every figure with its runs, spread and target."""

import importlib
import json
import subprocess
import sys
from typing import Annotated, Any

import typer
from rich.console import Console, JustifyMethod
from rich.table import Table

from engine.bench.records import report

app = typer.Typer(add_completion=False, rich_markup_mode=None)

BENCHES = ("search", "drawing", "perft", "startup")


@app.callback()
def _group() -> None:
    """Keeps `bench` a word of its own."""


@app.command()
def bench(
    what: Annotated[str, typer.Argument(help=f"One of {', '.join(BENCHES)}.")],
    runs: Annotated[int, typer.Option(min=1, help="Runs of each figure.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Measure one part of the program on this machine."""
    if what not in BENCHES:
        raise typer.BadParameter(f"{what!r} is not one of {', '.join(BENCHES)}")
    console = Console(stderr=True)
    with console.status("starting") as status:
        measured = _drawing() if what == "drawing" else _measure(what, runs, status.update)
    if as_json:
        print(json.dumps(measured))
    else:
        _print(measured)
    return 0


def _measure(what: str, runs: int, progress: Any) -> dict[str, Any]:
    module = importlib.import_module(f"engine.bench.{what}")
    return report(what, module.measure(runs, progress))


def _drawing() -> dict[str, Any]:
    """Drawing belongs to the window's side, which the engine does not import: it is run as a program."""
    command = [sys.executable, "-m", "app.render.bench", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ChildProcessError(f"the drawing bench failed: {done.stderr.strip().splitlines()[-1:]}")
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _print(measured: dict[str, Any]) -> None:
    table = Table(box=None, header_style="dim")
    columns: dict[str, JustifyMethod] = {
        "figure": "left",
        "median": "right",
        "unit": "left",
        "spread": "right",
        "target": "left",
    }
    for name, side in columns.items():
        table.add_column(name, justify=side)
    for one in measured["results"]:
        target = "" if one["target"] is None else f"{one['target']:,g} {'met' if one['met'] else 'MISSED'}"
        table.add_row(one["name"], _number(one["median"]), one["unit"], f"{one['spread']:.0%}", target)
    Console(highlight=False).print(table)
    machine = measured["machine"]
    print(f"{machine.get('processor')}, {machine.get('cores')} cores, load {machine.get('load_1min')}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
