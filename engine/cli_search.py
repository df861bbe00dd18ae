"""`arborist search`: one search, printed as a table or as one JSON object."""

import hashlib
import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine.cli_shared import (
    STOPPED,
    check_method,
    check_positive,
    ctrl_c,
    limits_of,
    load_kernels,
    oracle_for,
    watchpoints_of,
)
from engine.cli_start import Start, check_same_intuition, read_start, settings_of
from engine.domains import registry as domains
from engine.generations.registry import default_registry
from engine.search.limits import Limits
from engine.search.report import search_report
from engine.search.search import Search
from engine.search.settings import METHODS
from engine.search.stoppers import BY_HAND, StopReason
from engine.search.watch_syntax import EXAMPLES
from engine.tree.digest import tree_digest
from engine.tree.events import decode, encode_header
from engine.tree.recording import RecordingWriter

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Keeps `search` a word of its own."""


@app.command()
def search(
    position: Annotated[str, typer.Option(help='startpos, a FEN, or either with "moves ..."')] = "startpos",
    domain: Annotated[str, typer.Option(help="Domain of the position.")] = "chess",
    generation: Annotated[str, typer.Option(help="Id or path of a generation, or uniform.")] = "gen-000",
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")] = "puct",
    simulations: Annotated[int | None, typer.Option(help="New simulations (800 where no limit is given).")] = None,
    seconds: Annotated[float | None, typer.Option(help="Seconds to search.")] = None,
    memory_mib: Annotated[int | None, typer.Option(help="Size the tree may reach, MiB.")] = None,
    nodes: Annotated[int | None, typer.Option(help="Positions the tree may reach.")] = None,
    depth: Annotated[int | None, typer.Option(help="Stop once the main line is so many actions long.")] = None,
    mate: Annotated[int | None, typer.Option(help="Stop once a win in at most so many moves is proven.")] = None,
    stable: Annotated[
        int | None,
        typer.Option(help="Stop once the best action has held for so many simulations and as many cannot change it."),
    ] = None,
    kld_gain: Annotated[
        float | None, typer.Option(help="Stop once a simulation teaches less than so many nats (Lc0: about 1e-4).")
    ] = None,
    watch: Annotated[
        list[str] | None,
        typer.Option(help=f"Stop when this becomes true; may be repeated: {EXAMPLES}."),
    ] = None,
    one_by_one: Annotated[
        bool, typer.Option(help="With --watch: one leaf at a time, so that nothing is searched beyond it.")
    ] = False,
    recycle_mib: Annotated[
        int, typer.Option(help="Size at which the least visited branches are given up for room, MiB.")
    ] = 2048,
    syzygy: Annotated[Path | None, typer.Option(help="Folder of Syzygy endgame tables to ask at the leaves.")] = None,
    batch: Annotated[int, typer.Option(help="Leaves evaluated together; 1 = exactly sequential.")] = 32,
    seed: Annotated[int, typer.Option(help="Recorded with the result.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cpu-int8, cpu-bf16, cpu-torch, cuda or mps.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="Threads of the evaluator.")] = None,
    record: Annotated[Path | None, typer.Option(help="Write the whole search to this .arborist file.")] = None,
    resume: Annotated[
        Path | None,
        typer.Option(help="Go on with the search of this .arborist file: its position, intuition and settings."),
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Any other setting, as NAME=VALUE; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Search a position and print what was found."""
    check_method(method)
    budgets = {"simulations": simulations, "seconds": seconds, "nodes": nodes, "depth": depth}
    limits = limits_of(budgets | {"mate": mate, "stable": stable, "kld_gain": kld_gain}, memory_mib)
    check_positive(batch=batch, recycle_mib=recycle_mib)
    oracle = oracle_for(domain, syzygy)
    from engine.nets.choose import make_evaluator

    room = max(recycle_mib, memory_mib or 0) * 2**20  # a limit is there to be reached
    chosen = {"method": method, "batch": batch, "seed": seed, "memory_bytes": room}
    start = (
        read_start(resume)
        if resume is not None
        else Start(domain, domains.notation(domain).parse_line(position), generation, settings_of(chosen, settings))
    )
    rules, notation = domains.rules(start.domain), domains.notation(start.domain)
    evaluator = make_evaluator(default_registry().get(start.generation, start.domain), device, threads)
    load_kernels(start.domain, start.settings.method, oracle, quiet=as_json)
    sinks: list[Callable[[bytes], None]] = []

    def write(event: bytes) -> None:
        for sink in sinks:
            sink(event)

    run = Search(rules, evaluator, start.line, start.settings, write, evaluator.name, oracle)
    digest = hashlib.sha256(encode_header(run.header))
    sinks.append(digest.update)
    with ExitStack() as stack:
        if record is not None:
            sinks.append(stack.enter_context(RecordingWriter(record, run.header)).append)
        if start.journal:
            check_same_intuition(start, run.header)
            run.take_up(decode(start.journal))
            write(start.journal)
        watched = watchpoints_of(watch or [], notation, run.tree.line)
        run.start_run(limits, watchpoints=watched, one_by_one=one_by_one)
        reason = _run(run, limits, quiet=as_json)
    report = search_report(run.header, run.tree, run.figures(), reason, notation)
    report["device"], report["oracle"] = evaluator.device, oracle.name
    report["journal_sha256"] = digest.hexdigest()
    report["tree_sha256"] = tree_digest(run.tree)
    if as_json:
        print(json.dumps(report))
    else:
        print_report(report)
    return STOPPED if reason == BY_HAND else 0


def _run(run: Search, limits: Limits, *, quiet: bool) -> StopReason:
    """Search until a limit, a watchpoint or Ctrl-C; what was done so far is kept either way."""
    total = limits.simulations
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        ctrl_c() as pressed,
        Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar,
    ):
        task = bar.add_task("searching", total=total)
        while (reason := run.advance()) is None:
            bar.update(task, completed=run.tree.simulations)
            if pressed:
                return run.pause()
    return reason


def print_report(report: dict[str, Any]) -> None:
    """Print a search report as a table."""
    console = Console(highlight=False)
    speed = ""
    if "seconds_s" in report:
        speed = f" in {report['seconds_s']:.2f} s ({report['simulations_per_s']:,.0f}/s), {report['device']}"
    console.print(
        f"[bold]{report['best_action_text']}[/]  value {report['value']:+.3f}  {report['simulations']} simulations, "
        f"{report['nodes']} nodes{speed}; stopped: {report['stop_reason']}",
        soft_wrap=True,
    )
    if "watchpoint" in report:
        console.print(report["watchpoint"]["text"], soft_wrap=True)
    console.print(f"line: {' '.join(report['principal_variation'])}")
    table = Table(box=None, header_style="dim")
    for name in ("move", "prior", "visits", "N", "Q", "U", "V", "policy", ""):
        table.add_column(name, justify="left" if name in ("move", "visits", "") else "right")
    total = max(1, report["root_visits"] - 1)
    for row in report["candidates"][:12]:
        share = row["visits"] / total
        table.add_row(
            row["text"],
            f"[yellow]{row['prior']:.1%}[/]",
            "█" * round(20 * share) or "·",
            str(row["visits"]),
            _signed(row["q"]),
            f"{row['u']:.3f}",
            _signed(row["raw_value"]),
            f"{row['improved_policy']:.1%}",
            " ".join(filter(None, (row["proven"], row["pruned"]))),
        )
    console.print(table)
    if len(report["candidates"]) > 12:
        print(f"and {len(report['candidates']) - 12} more (--json lists all)", file=sys.stderr)


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:+.3f}"
