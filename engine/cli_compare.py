"""`arborist compare`: in what two recorded searches of one position differ, in a few figures and the largest ones."""

import json
import math
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from engine.domains import registry as domains
from engine.domains.base import Line, Notation
from engine.tree.columns import SearchTree
from engine.tree.compare import CompareError, Side, Union, below, take, unite
from engine.tree.compare_figures import Choice, Differences, Divergence, biggest, differences, summary
from engine.tree.events import Header
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.recording import read_recording

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_MOST_MOVES = 12
"""Moves of a main line that are printed."""


@app.callback()
def _group() -> None:
    """Keeps `compare` a word of its own."""


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A recording, .arborist.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another, of the same position or one before it.")],
    count: Annotated[int, typer.Option(min=0, max=1000, help="List so many of the largest differences.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Lay two recorded searches over each other and print in what they differ."""
    (header, tree), (other_header, other) = (_read(path) for path in (first, second))
    if header.domain != other_header.domain:
        raise CompareError(f"{first} is a search of {header.domain}, {second} one of {other_header.domain}")
    notation = domains.notation(header.domain)
    union = unite(*_sides(tree, other, notation))
    report = comparison_report(union, notation, count)
    report["a"] |= _origin(first, header)
    report["b"] |= _origin(second, other_header)
    if as_json:
        print(json.dumps(report))
    else:
        _print(report)
    return 0


def comparison_report(union: Union, notation: Notation, count: int) -> dict[str, Any]:
    """The comparison of a union's two sides as plain values.

    Values are from the player who chooses the move they stand for; the root's are from the player to move there. Shares
    are of all simulations of a tree. `effort` and `value` list the largest differences, B less A, as `Differences` has
    them: values are weighted with the smaller of the two shares.
    """
    found, figures = summary(union), differences(union)
    line = union.a.line
    sides = [
        {
            "simulations": found.simulations[side],
            "nodes": found.nodes[side],
            "only_here": (found.only_a, found.only_b)[side],
            "value": (found.value_a, found.value_b)[side],
            "principal_variation": notation.texts(line, (found.line_a, found.line_b)[side]),
        }
        for side in range(2)
    ]
    parting = found.divergence
    return {
        "position": notation.position_text(line),
        "a": sides[0],
        "b": sides[1],
        "identical": found.identical,
        "shared_nodes": found.shared,
        "agreement_plies": found.agreement,
        "root_distance": found.root_distance,
        "divergence": None if parting is None else _parting(parting, line, notation),
        "effort": [_difference(union, figures, int(node), notation) for node in biggest(figures.effort, count)],
        "value": [_difference(union, figures, int(node), notation) for node in biggest(figures.value, count)],
    }


def _read(path: Path) -> tuple[Header, SearchTree]:
    recording = read_recording(path)
    if recording.damage:
        print(f"arborist: {path}: {recording.damage}", file=sys.stderr)
    tree = empty_tree(recording.header)
    fold_stream(tree, recording.stream)
    if tree.num_nodes == 0:
        raise CompareError(f"{path}: no simulation is recorded in what can be read")
    return recording.header, tree


def _sides(a: SearchTree, b: SearchTree, notation: Notation) -> tuple[Side, Side]:
    """Both as searches of one position: the later one, where the moves of one lead on to the other.

    Raises:
        CompareError: they are of different positions, or one was never searched by the other.
    """
    first, second = take(a), take(b)
    played, shorter = len(a.line.actions), len(b.line.actions)
    if a.line.start == b.line.start and a.line.actions[:shorter] == b.line.actions:
        return first, below(second, a.line.actions[shorter:])
    if a.line.start == b.line.start and b.line.actions[:played] == a.line.actions:
        return below(first, b.line.actions[played:]), second
    positions = [notation.position_text(tree.line) for tree in (a, b)]
    if positions[0] != positions[1]:
        raise CompareError(f"these are searches of different positions: {positions[0]} and {positions[1]}")
    return first, second


def _origin(path: Path, header: Header) -> dict[str, Any]:
    return {"file": str(path), "generation": header.generation, "method": header.method, "seed": header.seed}


def _parting(parting: Divergence, line: Line, notation: Notation) -> dict[str, Any]:
    """Where the main lines part, and what either search thinks of both moves."""
    there = line.then(*parting.path)
    moves = [notation.texts(there, (action,))[0] for action in (parting.action_a, parting.action_b)]
    thoughts = [[_choice(choice) for choice in side] for side in (parting.a, parting.b)]
    return {
        "ply": parting.ply,
        "path": notation.texts(line, parting.path),
        "move_a": moves[0],
        "move_b": moves[1],
        "a": {"of_move_a": thoughts[0][0], "of_move_b": thoughts[0][1]},
        "b": {"of_move_a": thoughts[1][0], "of_move_b": thoughts[1][1]},
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {"visits": choice.visits, "share": choice.share, "q": choice.q}


def _difference(union: Union, figures: Differences, node: int, notation: Notation) -> dict[str, Any]:
    """One node, side by side; what a side has not got is None."""
    path = union.tree.line_to(node).actions[len(union.tree.line.actions) :]
    sides = (figures.a, figures.b)
    return {
        "path": notation.texts(union.tree.line, path),
        "effort": float(figures.effort[node]),
        "value": float(figures.value[node]),
        "visits": [int(side.visits[node]) for side in sides],
        "share": [float(side.share[node]) for side in sides],
        "q": [float(side.q[node]) if math.isfinite(side.q[node]) else None for side in sides],
    }


def _print(report: dict[str, Any]) -> None:
    """Print a comparison for people."""
    console = Console(highlight=False, soft_wrap=True)
    for name in ("a", "b"):
        side = report[name]
        size = f"{side['simulations']} simulations, {side['nodes']} nodes ({side['only_here']} only here)"
        origin = escape(f"{side['file']}: {side['generation']}, {side['method']}")
        console.print(f"[bold]{name.upper()}[/]  value {side['value']:+.3f}  {size}  {origin}")
        console.print(f"   {' '.join(side['principal_variation'][:_MOST_MOVES])}")
    if report["identical"]:
        console.print("The two searches are the same.")
        return
    plies = report["agreement_plies"]
    moved, unit = f"{report['root_distance']:.1%}", "ply" if plies == 1 else "plies"
    console.print(
        f"{report['shared_nodes']} nodes in both; {moved} of the root's visits would have to move; "
        f"the main lines share {plies} {unit}"
    )
    parting = report["divergence"]
    if parting is not None:
        where = " ".join(parting["path"]) or "the root"
        console.print(f"They part after {where}: A plays {parting['move_a']}, B plays {parting['move_b']}")
        for name in ("a", "b"):
            first, second = (_told(parting[name][of]) for of in ("of_move_a", "of_move_b"))
            console.print(f"   {name.upper()}: {parting['move_a']} {first}; {parting['move_b']} {second}")
    for title, key in (("where effort differs most", "effort"), ("where values differ most", "value")):
        if report[key]:
            _print_table(console, title, key, report[key])


def _told(choice: dict[str, Any]) -> str:
    value = "not visited" if choice["q"] is None else f"Q {choice['q']:+.3f}"
    return f"{choice['share']:.1%}, {value}"


def _print_table(console: Console, title: str, key: str, rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, header_style="dim")
    size_name = "B - A" if key == "effort" else "weighted"
    for name in (title, size_name, "N in A", "N in B", "Q in A", "Q in B"):
        table.add_column(name, justify="left" if name == title else "right")
    for row in rows:
        size = f"{row[key]:+.1%}" if key == "effort" else f"{row[key]:+.3f}"
        values = ["" if q is None else f"{q:+.3f}" for q in row["q"]]
        table.add_row(" ".join(row["path"]) or "the root", size, *map(str, row["visits"]), *values)
    console.print(table)
