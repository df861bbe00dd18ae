"""`arborist replay`: reads a recording without any engine, prints what it holds, and exports it."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from engine.cli_export import FORMATS, Wanted
from engine.cli_export import export as export_file
from engine.cli_search import print_report
from engine.domains import registry as domains
from engine.search.report import search_report
from engine.search.search import Figures
from engine.search.stoppers import StopReason
from engine.tree.columns import SearchTree
from engine.tree.digest import tree_digest
from engine.tree.events import journal_sha256
from engine.tree.export import Subject
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.recording import Recording, read_recording

app = typer.Typer(add_completion=False, rich_markup_mode=None)

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
    least_visits: Annotated[
        int | None, typer.Option(min=1, help="Leave nodes with fewer visits out of tables, graphs and games.")
    ] = None,
    size: Annotated[str | None, typer.Option(help="Width x height of what is drawn, e.g. 1600x1000.")] = None,
    theme: Annotated[str, typer.Option(help="dark or light, for what is drawn.")] = "dark",
    view: Annotated[str, typer.Option(help="link, icicle or radial, for what is drawn.")] = "link",
    seconds: Annotated[float, typer.Option(min=1.0, max=600.0, help="How long a film is.")] = 12.0,
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
        drawing = ("--theme", theme, "--view", view, "--seconds", str(seconds), *(("--size", size) if size else ()))
        subject = Subject(recording.header, tree, domains.notation(recording.header.domain))
        export_file(subject, Wanted(file, export, at, least_visits, drawing))
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
    report["tree_sha256"] = tree_digest(tree)
    return report
