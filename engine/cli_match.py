"""`arborist match`: two players head to head, kept in the store, printed as a table or as one JSON object."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from engine.arena.faults import FaultyPlayerError
from engine.arena.openings import BUILT_IN
from engine.arena.order import PAIRS, PAIRS_OF_A_TEST, MatchOrder
from engine.arena.running import RunningMatch, open_match
from engine.arena.store import MatchStore, StoredMatch, is_match_id
from engine.cli_match_table import planned_cost, print_match, standing
from engine.cli_match_words import adjudication_of, concurrency_of, seed_of, test_of
from engine.cli_shared import STOPPED, check_positive, ctrl_c

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_ENGINE_FAILED = 4
_TIMED_AFTER_S = 5.0
"""Play after which it is said how long the whole will take."""
_PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}
"""How sentences are printed."""
_OF_A_RESUMED_MATCH = ("resume", "pairs", "concurrency", "device", "threads", "pgn", "as_json")
"""Options that leave the games of a stored match as they are."""

_PLAYER = "GENERATION[@SIMULATIONS[:METHOD]][,Name=Value...], uniform@N, random, uci:COMMAND[,...]."


@app.callback()
def _group() -> None:
    """Keeps `match` a word of its own."""


@app.command("match")
def play_match(
    context: typer.Context,
    a: Annotated[str | None, typer.Argument(help=_PLAYER)] = None,
    b: Annotated[str | None, typer.Argument(help="The other player, written alike.")] = None,
    domain: Annotated[str, typer.Option(help="Domain of the games.")] = "chess",
    openings: Annotated[str, typer.Option(help="builtin, or an EPD, FEN or PGN file.")] = BUILT_IN,
    pairs: Annotated[
        int | None, typer.Option(help=f"Pairs of games at most ({PAIRS}; {PAIRS_OF_A_TEST} with --sprt).")
    ] = None,
    sprt: Annotated[str | None, typer.Option(help="ELO0,ELO1: stop as soon as one of them is accepted.")] = None,
    sprt_model: Annotated[str, typer.Option(help="Scale of ELO0 and ELO1: logistic or normalised.")] = "logistic",
    alpha: Annotated[float, typer.Option(help="Chance to accept ELO1 wrongly.")] = 0.05,
    beta: Annotated[float, typer.Option(help="Chance to accept ELO0 wrongly.")] = 0.05,
    concurrency: Annotated[str, typer.Option(help="Pairs played at the same time, or auto.")] = "auto",
    max_plies: Annotated[int, typer.Option(help="Plies at which a game is broken off as a draw.")] = 512,
    resign: Annotated[
        str | None, typer.Option(help="VALUE[,MOVES]: end a game that both have seen as lost for so many moves.")
    ] = None,
    draw: Annotated[
        str | None, typer.Option(help="VALUE[,MOVES[,PLY]]: end a game that both have seen as level, from PLY on.")
    ] = None,
    audit: Annotated[float, typer.Option(help="Share of such games that is played on, to see who was right.")] = 0.1,
    seed: Annotated[int, typer.Option(help="Of the openings and of the players' chance.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="Threads of an evaluator.")] = None,
    resume: Annotated[
        str | None,
        typer.Option(help="Go on with a match: its id (or last), or a file that keeps every move."),
    ] = None,
    no_store: Annotated[bool, typer.Option("--no-store", help="Keep nothing of this match.")] = False,
    pgn: Annotated[Path | None, typer.Option(help="Write the games to this file (chess).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Play two players against each other and say who is stronger, and how surely."""
    check_positive(pairs=pairs, max_plies=max_plies)
    at_once, store = concurrency_of(concurrency), MatchStore()
    stored = store.get(resume) if resume is not None and is_match_id(resume) else None
    if stored is not None:
        _check_resumed(context)
        order = _changed(stored.order, context, pairs=pairs, concurrency=at_once, device=device)
    elif a is None or b is None:
        raise typer.BadParameter("two players are needed, unless --resume names a stored match", param_hint="'b'")
    else:
        test = test_of(sprt, sprt_model, alpha, beta)
        order = MatchOrder(
            domain=domain,
            a=a,
            b=b,
            openings=openings,
            pairs=pairs or (PAIRS_OF_A_TEST if test else PAIRS),
            seed=seed_of(seed),
            sprt=test,
            concurrency=at_once,
            max_plies=max_plies,
            adjudication=adjudication_of(resign, draw, audit),
            device=device,
        )
    if pgn is not None and order.domain != "chess":
        raise typer.BadParameter(f"games of {order.domain!r} cannot be written as PGN", param_hint="--pgn")
    file = Path(resume) if resume is not None and stored is None else None
    quiet = Console(stderr=True, quiet=as_json)
    with ExitStack() as stack:
        kept = None if no_store or file is not None else _kept(store, stored, order, stack)
        with quiet.status("getting ready") as status:
            journal = file if kept is None else kept.journal
            running = stack.enter_context(open_match(order, journal, threads, status.update))
        if kept is not None:
            quiet.print(f"match {kept.id} (arborist match --resume {kept.id} goes on with it)", **_PLAIN)
        report, code = _played(running, quiet)
        if kept is not None:
            store.keep_report(kept.id, report)
        if pgn is not None:
            from engine.arena.pgn import write_pgn

            write_pgn(pgn, running.match.counted_games(), order.a, order.b)
    if as_json:
        print(json.dumps({"id": None if kept is None else kept.id, **report}))
    else:
        print_match(report)
    return code


def _check_resumed(context: typer.Context) -> None:
    """A stored match is what it is: only its length and pace may be chosen anew.

    Raises:
        BadParameter: something else was given.
    """
    for name in context.params:
        if name not in _OF_A_RESUMED_MATCH and _is_given(context, name):
            option = "'a'" if name in ("a", "b") else "--" + name.replace("_", "-")
            raise typer.BadParameter("a stored match is gone on with as it was ordered", param_hint=option)


def _changed(order: MatchOrder, context: typer.Context, **values: Any) -> MatchOrder:
    """`order` with those of some values that were given."""
    given = {name: value for name, value in values.items() if _is_given(context, name)}
    return msgspec.structs.replace(order, **given)


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def _kept(store: MatchStore, stored: StoredMatch | None, order: MatchOrder, stack: ExitStack) -> StoredMatch:
    """The match in the store, ours alone until `stack` ends."""
    kept = stack.enter_context(store.playing((stored or store.begin(order)).id))
    if stored is not None and order != kept.order:
        store.change(kept.id, order)
    return kept


def _played(running: RunningMatch, console: Console) -> tuple[dict[str, Any], int]:
    """Play until the match is over, Ctrl-C, or a player cannot go on; the report, and the exit code."""
    code, begun_s = 0, running.match.seconds_s
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    if not running.is_over:
        console.print(f"{running.order.a}  against  {running.order.b}: {planned_cost(running.order)}", **_PLAIN)
    with (
        ctrl_c() as pressed,
        Progress(*columns, console=console, transient=True, disable=console.quiet) as bar,
    ):
        task = bar.add_task(standing(running), total=float(running.match.pairs))
        is_timed = running.is_over
        try:
            while running.advance() and not pressed:
                if not is_timed and running.match.seconds_s - begun_s > _TIMED_AFTER_S:
                    is_timed = True
                    console.print(f"at this pace: {planned_cost(running.order, running.seconds_per_game())}", **_PLAIN)
                bar.update(task, completed=running.pairs_done(), description=standing(running))
        except FaultyPlayerError as error:
            Console(stderr=True).print(f"arborist: {error}", **_PLAIN)
            code = _ENGINE_FAILED
    if pressed and not running.is_over:
        code = STOPPED
    return running.report(), code
