"""`arborist suite`: searches every position of an EPD file and says how many were solved, and how soon."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine.cli_shared import STOPPED, check_method, check_positive, ctrl_c, limits_of, load_kernels
from engine.cli_start import settings_of
from engine.domains import registry as domains
from engine.generations.registry import default_registry
from engine.search.evaluator import Evaluator
from engine.search.limits import Limits
from engine.search.oracle import NoOracle
from engine.search.search import Search
from engine.search.settings import METHODS, SearchSettings
from engine.suite import Attempt, Problem, Share, Skipped, SuiteError, attempt, read_suite, summarise

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Keeps `suite` a word of its own."""


@app.command()
def suite(
    file: Annotated[Path, typer.Argument(help="EPD file with bm, am or dm.", exists=True, dir_okay=False)],
    generation: Annotated[str, typer.Option(help="Id or path of a generation, or uniform.")] = "gen-000",
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")] = "puct",
    simulations: Annotated[int | None, typer.Option(help="Simulations for each (800 where no limit is given).")] = None,
    seconds: Annotated[float | None, typer.Option(help="Seconds for each.")] = None,
    every: Annotated[int, typer.Option(help="Only every so many-th position: an even sample of a sorted file.")] = 1,
    limit: Annotated[int | None, typer.Option(help="Only the first so many positions.")] = None,
    batch: Annotated[int, typer.Option(help="Leaves evaluated together; 1 = exactly sequential.")] = 32,
    seed: Annotated[int, typer.Option(help="Recorded with the result.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cpu-int8, cpu-bf16, cpu-torch, cuda or mps.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="Threads of the evaluator.")] = None,
    others: Annotated[
        list[str] | None, typer.Option("--set", help="Any other setting, as NAME=VALUE; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Search every position of a test suite."""
    check_method(method)
    check_positive(every=every, limit=limit, batch=batch)
    limits = limits_of({"simulations": simulations, "seconds": seconds})
    problems, skipped = read_suite(file.read_text("utf-8", errors="replace").splitlines())
    if not problems:
        first = f"; line {skipped[0].line_number}: {skipped[0].reason}" if skipped else ""
        raise SuiteError(f"{str(file)!r} holds no problem{first}")
    problems = problems[::every][:limit]
    from engine.nets.choose import make_evaluator

    chosen = default_registry().get(generation, "chess")
    evaluator = make_evaluator(chosen, device, threads)
    settings = settings_of({"method": method, "batch": batch, "seed": seed}, others)
    load_kernels("chess", method, NoOracle(), quiet=as_json)
    attempts, stopped = _run(problems, evaluator, settings, limits, chosen.card.id, quiet=as_json)
    report = {
        "file": str(file),
        "generation": {"id": chosen.card.id, "hash": evaluator.weights_hash},
        "device": evaluator.device,
        "method": method,
        "seed": seed,
        "limits": {"simulations": limits.simulations, "seconds_s": limits.seconds},
        **suite_report(attempts, skipped),
        "wanted": len(problems),
        "stopped": stopped,
    }
    if as_json:
        print(json.dumps(report))
    else:
        print_suite(report)
    return STOPPED if stopped else 0


def _run(
    problems: list[Problem],
    evaluator: Evaluator,
    settings: SearchSettings,
    limits: Limits,
    generation_id: str,
    *,
    quiet: bool,
) -> tuple[list[Attempt], bool]:
    """Attempts at all problems, or at those before Ctrl-C; and whether there was one."""
    rules = domains.rules("chess")
    attempts: list[Attempt] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        ctrl_c() as pressed,
        Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar,
    ):
        task = bar.add_task("searching", total=len(problems))
        for problem in problems:
            search = Search(rules, evaluator, problem.line, settings, lambda _: None, generation_id)
            made = attempt(problem, search, limits, lambda: bool(pressed))
            if made is None:
                return attempts, True
            attempts.append(made)
            bar.update(task, advance=1, description=f"solved {sum(a.solved for a in attempts)}")
    return attempts, False


def suite_report(attempts: list[Attempt], skipped: list[Skipped]) -> dict[str, Any]:
    """A suite's results as plain values. Values are from the player to move; moves are UCI."""
    summary = summarise(attempts)
    seconds = sum(a.seconds_s for a in attempts)
    simulations = sum(a.simulations for a in attempts)
    return {
        **_share(summary.overall),
        "mates": [{"moves": moves, **_share(share)} for moves, share in summary.by_mate.items()],
        "median_simulations_to_solution": summary.median_simulations,
        "median_time_to_solution_s": summary.median_seconds_s,
        "simulations": simulations,
        "seconds_s": seconds,
        "simulations_per_s": simulations / seconds if seconds > 0 else 0.0,
        "skipped": [{"line": line.line_number, "reason": line.reason} for line in skipped],
        "results": [_result(a) for a in attempts],
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "positions": share.positions,
        "solved": share.solved,
        "proven": share.proven,
        "solved_share": share.solved / share.positions if share.positions else None,
        "solved_interval_95": list(share.interval_95),
    }


def _result(made: Attempt) -> dict[str, Any]:
    problem = made.problem
    return {
        "id": problem.name,
        "line": problem.line_number,
        "position": problem.fen,
        "bm": list(problem.best),
        "am": list(problem.avoid),
        "dm": problem.mate_in,
        "best_action": made.move,
        "solved": made.solved,
        "proven": made.proven,
        "win_in": made.mate_in,
        "simulations": made.simulations,
        "seconds_s": made.seconds_s,
        "simulations_to_solution": made.solved_at,
        "time_to_solution_s": made.solved_at_s,
        "value": made.value,
        "principal_variation": list(made.line),
        "stop_reason": made.stop_reason,
    }


def print_suite(report: dict[str, Any]) -> None:
    """Print a suite's results: a line for every position, then what they amount to."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if not console.is_terminal:  # a file has no width to fold the table into
        console.width = 200
    table = Table(box=None, header_style="dim")
    for name in ("", "position", "chosen", "wanted", "simulations", "seconds", "value"):
        table.add_column(name, justify="right" if name in ("simulations", "seconds", "value") else "left")
    for row in report["results"]:
        at, at_s = row["simulations_to_solution"], row["time_to_solution_s"]
        table.add_row(
            "solved" if row["solved"] else "·",
            row["id"],
            row["best_action"],
            _wanted(row),
            "" if at is None else str(at),
            "" if at_s is None else f"{at_s:.2f}",
            f"{row['value']:+.2f}{' proven' if row['proven'] else ''}",
        )
    console.print(table)
    for line in report["skipped"]:
        console.print(f"line {line['line']} skipped: {line['reason']}")
    console.print(_sentence("solved", report))
    if len(report["mates"]) > 1:
        for row in report["mates"]:
            console.print(_sentence(f"mate in {row['moves']}: solved", row))
    if report["solved"]:
        console.print(
            f"to the solution (median): {report['median_simulations_to_solution']:g} simulations, "
            f"{report['median_time_to_solution_s']:.3g} s"
        )
    console.print(
        f"{report['simulations']} simulations in {report['seconds_s']:.1f} s "
        f"({report['simulations_per_s']:,.0f}/s), {report['generation']['id']}, {report['method']}, {report['device']}"
    )
    if report["stopped"]:
        console.print(f"stopped after {report['positions']} of {report['wanted']} positions")


def _wanted(row: dict[str, Any]) -> str:
    parts = [*row["bm"], *(f"not {move}" for move in row["am"])]
    return " ".join(parts + ([f"mate in {row['dm']}"] if row["dm"] else []))


def _sentence(start: str, share: dict[str, Any]) -> str:
    if not share["positions"]:
        return "no position was searched"
    low, high = share["solved_interval_95"]
    return (
        f"{start} {share['solved']} of {share['positions']} ({share['solved_share']:.1%}, "
        f"95 % interval {low:.1%} to {high:.1%}), proven {share['proven']}"
    )
