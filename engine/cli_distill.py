"""`arborist distill`: one or more rounds of the ratchet, printed as a table or as one JSON object."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from engine.cli_shared import STOPPED, check_positive, ctrl_c
from engine.domains import registry as domains
from engine.nets.quiet_threads import quiet_threads

if TYPE_CHECKING:
    from engine.distill.found_rounds import FoundRound
    from engine.distill.ratchet import Plan
    from engine.distill.round_news import RoundNews

ENGINE_FAILED = 4

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Keeps `distill` a word of its own."""


@app.command("distill")
def distill(
    domain: Annotated[str, typer.Option(help="Domain of the generations.")] = "chess",
    parent: Annotated[str | None, typer.Option(help="Generation to improve; default: the newest.")] = None,
    rounds: Annotated[int, typer.Option(help="Rounds, each on the child of the one before.")] = 1,
    budget: Annotated[str, typer.Option(help="small, medium, large, or a .toml file.")] = "small",
    openings: Annotated[str, typer.Option(help="builtin, or an EPD, FEN or PGN file: where games begin.")] = "builtin",
    seed: Annotated[int, typer.Option(help="Of everything left to chance; the same seed makes the same child.")] = 1,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="Threads of network and training.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the round that was cut off.")] = False,
    until: Annotated[str, typer.Option(help="play: stop once the games are played; done: go through.")] = "done",
    as_list: Annotated[bool, typer.Option("--list", help="Only say what rounds there are.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Let search play, let the intuition learn what it found, and measure whether that helped."""
    check_positive(rounds=rounds, threads=threads)
    if until not in ("play", "done"):
        raise typer.BadParameter(f"{until!r} is neither play nor done", param_hint="--until")
    quiet_threads()
    domains.rules(domain)
    from engine.distill import ratchet
    from engine.distill.found_rounds import found_rounds
    from engine.distill.round_order import named_size

    if as_list:
        print_list(found_rounds(ratchet.rounds_folder(), domain), as_json=as_json)
        return 0
    plan = ratchet.Plan(
        domain=domain,
        size=named_size(budget, domain),
        seed=seed,
        openings=openings,
        device=device,
        threads=threads or ratchet.usual_threads(),
        until=cast("Literal['play', 'done']", until),
    )
    console = Console(stderr=True)
    done: list[dict[str, Any]] = []
    try:
        is_stopped = _made(plan, parent, rounds, done, console, resume=resume, is_quiet=as_json)
        code = STOPPED if is_stopped else 0
    except RuntimeError as error:  # the device, the disk or the training itself
        console.print(f"arborist: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        code = ENGINE_FAILED
    if as_json:
        print(json.dumps({"rounds": done}))
    elif done:
        print_rounds(done)
    if code:
        console.print("what was done is kept, go on with --resume", style="yellow")
    return code


def print_rounds(done: list[dict[str, Any]]) -> None:
    """What came out, a row for each round."""
    table = Table(box=None, header_style="dim")
    for name in ("round", "parent", "child", "fuel", "lessons", "policy loss", "value loss", "Elo over parent", "time"):
        table.add_column(name, justify="left" if name in ("parent", "child") else "right")
    for one in done:
        train = one["train"] or {}
        table.add_row(
            str(one["round"]),
            one["parent"],
            one["child"],
            _elo(one["fuel"]),
            f"{one['samples']:,}",
            _from_to(train.get("policy_loss")),
            _from_to(train.get("value_loss")),
            _elo(one["match_parent"]),
            f"{one['seconds_s']:,.0f} s",
        )
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    for one in done:
        console.print(f"{one['child']}: {one['verdict']}", markup=False)
        if one["autopsy"] is not None:
            console.print(f"  {one['autopsy']['text']}", markup=False)


def print_list(found: "list[FoundRound]", *, as_json: bool) -> None:
    """What rounds there are, a row for each."""
    if as_json:
        rows = [{"child": one.name, "standing": one.standing, "date": one.date, "text": one.text} for one in found]
        told = [row | {"report": one.report} for row, one in zip(rows, found, strict=True)]
        print(json.dumps({"rounds": told}))
        return
    table = Table(box=None, header_style="dim")
    for name in ("child", "parent", "standing", "last written (UTC)", "what was found"):
        table.add_column(name)
    for one in found:
        parent = "" if one.order is None else one.order.parent
        table.add_row(one.name, parent, one.standing, one.date[:19].replace("T", " "), one.text)
    Console(highlight=False).print(table if found else "no rounds")


def _made(
    plan: "Plan",
    parent: str | None,
    rounds: int,
    done: list[dict[str, Any]],
    console: Console,
    *,
    resume: bool,
    is_quiet: bool,
) -> bool:
    """Make rounds and add the report of each to `done`; whether they were stopped before their end."""
    from engine.distill import ratchet
    from engine.distill.round_news import RoundNews
    from engine.generations.registry import default_registry

    happening = ratchet.rounds(plan, default_registry(), ratchet.rounds_folder(), parent, rounds, resume=resume)
    with ctrl_c(signal.SIGTERM) as pressed, _progress(console, is_quiet=is_quiet) as tell, closing(happening):
        for happened in happening:
            if isinstance(happened, RoundNews):
                tell(happened)
            elif isinstance(happened, dict):
                done.append(happened)
            if pressed:
                return len(done) < rounds
    return False


def _elo(match: dict[str, Any] | None) -> str:
    if match is None or match["elo"] is None:
        return "not measured" if match is None else "beyond measure"
    low, high = ("..." if bound is None else f"{bound:+.0f}" for bound in match["elo_interval_95"])
    return f"{match['elo']:+.0f} ({low} to {high})"


def _from_to(losses: list[float | None] | None) -> str:
    before, after = losses or (None, None)
    return "" if before is None or after is None else f"{before:.3f} > {after:.3f}"


@contextmanager
def _progress(console: Console, *, is_quiet: bool) -> Iterator[Callable[["RoundNews"], None]]:
    """A function that shows on `console` what happens in a round."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.fields[left]}"))
    is_plain = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=is_plain or is_quiet) as bar:
        task, stage = bar.add_task("", left=""), ""

        def tell(news: "RoundNews") -> None:
            nonlocal task, stage
            if news.stage != stage:
                bar.remove_task(task)
                task, stage = bar.add_task(news.stage, total=news.total, left=""), news.stage
                if is_plain and not is_quiet:
                    console.print(f"{news.stage}: {news.text}", markup=False, highlight=False, soft_wrap=True)
            left = "" if news.seconds_left is None else f"{news.seconds_left / 60:.1f} min left"
            words = f"{news.stage}: {news.text}"
            bar.update(task, description=words, completed=news.done, total=news.total or None, left=left)

        yield tell
