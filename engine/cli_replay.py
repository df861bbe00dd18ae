"""`arborist replay`: reads a recording without any engine, prints what it holds, and exports it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli_search import print_report
from engine.domains import registry as domains
from engine.search.report import search_report
from engine.search.search import Figures
from engine.search.stoppers import StopReason
from engine.tree.columns import SearchTree
from engine.tree.events import journal_sha256
from engine.tree.export import tree_json
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.recording import Recording, read_recording

app = typer.Typer(add_completion=False, rich_markup_mode=None)

FORMATS = (".png", ".json")
_UNKNOWN = (
    "evaluations",
    "cache_hits",
    "recycled_nodes",
    "seconds_s",
    "simulations_per_s",
    "batch_fill",
    "collisions",
)
"""Figures of a report that a journal does not know."""


@app.callback()
def _group() -> None:
    """Keeps `replay` a word of its own."""


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="A recording, .arborist.")],
    at: Annotated[int | None, typer.Option(min=1, help="The moment after this many simulations.")] = None,
    export: Annotated[Path | None, typer.Option(help=f"Write a file: {', '.join(FORMATS)}.")] = None,
    size: Annotated[str, typer.Option(help="Width x height of a picture.")] = "1600x1000",
    theme: Annotated[str, typer.Option(help="dark or light, for a picture.")] = "dark",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Read a recording and print, or export, the search at one moment."""
    if export is not None and export.suffix not in FORMATS:
        raise typer.BadParameter(
            f"{export.suffix or export.name!r} is not one of {', '.join(FORMATS)}", param_hint="--export"
        )
    recording = read_recording(file)
    if recording.damage:
        print(f"arborist: {file}: {recording.damage}", file=sys.stderr)
    tree = empty_tree(recording.header)
    fold_stream(tree, recording.stream, at)
    if at is not None and tree.simulations < at:
        raise ValueError(f"--at {at}: the recording holds {tree.simulations} simulations")
    if tree.num_nodes == 0:
        raise ValueError(f"{file}: no simulation is recorded in what can be read")
    if export is not None:
        _export(file, tree, recording, export, at, size, theme)
        print(f"wrote {export}", file=sys.stderr)
        if not as_json:
            return 0
    report = _report(recording, tree)
    if as_json:
        print(json.dumps(report))
    else:
        print_report(report)
    return 0


def _report(recording: Recording, tree: SearchTree) -> dict[str, Any]:
    """As `arborist search` prints it; what a journal does not know of (time, cache) is left out."""
    notation = domains.notation(recording.header.domain)
    figures = Figures(
        simulations=tree.simulations,
        evaluations=0,
        cache_hits=0,
        seconds_s=0.0,
        batch_fill=0.0,
        collisions=0,
        tree_bytes=tree.nbytes(),
        recycled=0,
    )
    report = search_report(recording.header, tree, figures, StopReason("replay", ""), notation)
    for unknown in _UNKNOWN:
        del report[unknown]
    report["damage"] = recording.damage
    report["journal_sha256"] = journal_sha256(recording.header, [recording.stream])
    return report


def _export(
    file: Path, tree: SearchTree, recording: Recording, target: Path, at: int | None, size: str, theme: str
) -> None:
    if target.suffix == ".json":
        notation = domains.notation(recording.header.domain)
        target.write_text(json.dumps(tree_json(recording.header, tree, notation)), encoding="utf-8")
        return
    # Pictures are drawn by the window's side, which the engine does not import: it is run as a program.
    words = [str(file), str(target), "--size", size, "--theme", theme, *(["--at", str(at)] if at else [])]
    done = subprocess.run(
        [sys.executable, "-m", "app.render.export", *words], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ValueError((done.stderr.strip().splitlines() or ["the picture could not be drawn"])[-1])
