"""`arborist match`: two players head to head, printed as a table or as one JSON object."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from engine.arena.journal import Header, MatchJournal
from engine.arena.match import Match, MatchSettings
from engine.arena.openings import BUILT_IN, open_book
from engine.arena.player_spec import parse_player
from engine.arena.report import Asked, match_report, strength
from engine.arena.sprt import Model, Sprt
from engine.cli_shared import STOPPED, check_positive, ctrl_c
from engine.domains import registry as domains

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_PAIRS, _PAIRS_OF_A_TEST = 100, 25_000
_AT_ONCE, _AT_ONCE_IN_A_TEST, _AT_ONCE_UCI = 256, 64, 4
_TYPICAL_PLIES = 80.0


@app.callback()
def _group() -> None:
    """Keeps `match` a word of its own."""


@app.command("match")
def play_match(
    a: Annotated[str, typer.Argument(help="GENERATION[@SIMULATIONS[:METHOD]], uniform@N, random, uci:COMMAND[,...].")],
    b: Annotated[str, typer.Argument(help="The other player, written alike.")],
    domain: Annotated[str, typer.Option(help="Domain of the games.")] = "chess",
    openings: Annotated[str, typer.Option(help="builtin, or an EPD, FEN or PGN file.")] = BUILT_IN,
    pairs: Annotated[
        int | None,
        typer.Option(help=f"Pairs of games at most ({_PAIRS}; {_PAIRS_OF_A_TEST} with --sprt)."),
    ] = None,
    sprt: Annotated[str | None, typer.Option(help="ELO0,ELO1: stop as soon as one of them is accepted.")] = None,
    sprt_model: Annotated[str, typer.Option(help="Scale of ELO0 and ELO1: logistic or normalised.")] = "logistic",
    alpha: Annotated[float, typer.Option(help="Chance to accept ELO1 wrongly.")] = 0.05,
    beta: Annotated[float, typer.Option(help="Chance to accept ELO0 wrongly.")] = 0.05,
    concurrency: Annotated[str, typer.Option(help="Pairs played at the same time, or auto.")] = "auto",
    max_plies: Annotated[int, typer.Option(help="Plies at which a game is broken off as a draw.")] = 512,
    seed: Annotated[int, typer.Option(help="Of the openings and of the players' chance.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="Threads of an evaluator.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Keep every move in this file, and go on where it ends.")] = None,
    pgn: Annotated[Path | None, typer.Option(help="Write the games to this file (chess).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Play two players against each other and say who is stronger, and how surely."""
    check_positive(pairs=pairs, max_plies=max_plies)
    if seed < 0:
        raise typer.BadParameter(f"{seed} is below 0", param_hint="--seed")
    if pgn is not None and domain != "chess":
        raise typer.BadParameter(f"games of {domain!r} cannot be written as PGN", param_hint="--pgn")
    test = None if sprt is None else _test(sprt, sprt_model, alpha, beta)
    at_once = _concurrency(concurrency, (a, b), test)
    from engine.arena.make_players import PlayerMaker

    rules, notation = domains.rules(domain), domains.notation(domain)
    book = open_book(openings, rules, notation)
    with ExitStack() as stack:
        maker = PlayerMaker(rules, seed=seed, device=device, threads=threads)
        player_a = maker.make(a)
        stack.callback(player_a.close)
        player_b = maker.make(b)
        stack.callback(player_b.close)
        wanted = pairs or (_PAIRS_OF_A_TEST if test else _PAIRS)
        asked = Asked(player_a, player_b, book, wanted, seed, test)
        if player_a.is_deterministic and player_b.is_deterministic:
            wanted = min(wanted, len(book.lines))  # from the same opening they would play the same game again
        journal = None
        if resume is not None:
            journal = stack.enter_context(MatchJournal(resume, _header(domain, asked, max_plies)))
        chosen = book.choose(wanted, seed)
        with Console(stderr=True, quiet=as_json).status("loading the kernels (the first time compiles them)"):
            idle = Match(rules, player_a, player_b, chosen[:1], MatchSettings(max_plies=2))
            while idle.advance():  # so that getting ready is not counted as playing
                pass
        settings = MatchSettings(at_once, max_plies, seed, test)
        match = Match(rules, player_a, player_b, chosen, settings, journal)
        is_stopped = _run(match, quiet=as_json)
        stopped = "by hand" if is_stopped else "sprt" if match.stopped_at is not None else "pairs"
        report = match_report(rules, match, asked, stopped)
        if pgn is not None:
            from engine.arena.pgn import write_pgn

            write_pgn(pgn, match.counted_games(), a, b)
    if as_json:
        print(json.dumps(report))
    else:
        print_match(report)
    return STOPPED if is_stopped else 0


def _test(text: str, model: str, alpha: float, beta: float) -> Sprt:
    """The test that `--sprt ELO0,ELO1` asks for.

    Raises:
        BadParameter: the words mean none.
    """
    models: dict[str, Model] = {"logistic": "logistic", "normalised": "normalised"}
    if model not in models:
        raise typer.BadParameter(f"{model!r} is not one of {', '.join(models)}", param_hint="--sprt-model")
    try:
        elo0, elo1 = (float(word) for word in text.split(","))
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not ELO0,ELO1", param_hint="--sprt") from error
    try:
        return Sprt(elo0, elo1, alpha, beta, models[model])
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--sprt") from error


def _concurrency(text: str, players: tuple[str, str], test: Sprt | None) -> int:
    """Pairs at once: few where a test would hear them too late, or engines would wait for each other.

    Raises:
        BadParameter: neither "auto" nor a number above 0.
    """
    if text == "auto":
        if any(parse_player(player).kind == "uci" for player in players):
            return _AT_ONCE_UCI
        return _AT_ONCE if test is None else _AT_ONCE_IN_A_TEST
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise typer.BadParameter(f"{text!r} is neither auto nor a number above 0", param_hint="--concurrency")
    return int(text)


def _header(domain: str, asked: Asked, max_plies: int) -> Header:
    a, b, book = asked.a, asked.b, asked.book
    return Header(
        domain=domain,
        a=a.name,
        b=b.name,
        a_fingerprint=a.fingerprint,
        b_fingerprint=b.fingerprint,
        book=book.name,
        book_hash=book.content_hash,
        seed=asked.seed,
        max_plies=max_plies,
    )


def _run(match: Match, *, quiet: bool) -> bool:
    """Play until the match is over or Ctrl-C; whether it was the latter."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with (
        ctrl_c() as pressed,
        Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bar,
    ):
        task = bar.add_task(_so_far(match), total=float(match.pairs))
        while match.advance():
            bar.update(task, completed=_pairs_done(match), description=_so_far(match))
            if pressed:
                return not match.is_over
    return False


def _pairs_done(match: Match) -> float:
    """Pairs that are over, and of those under way the part that games are usually long."""
    over = match.games.finished
    usual = sum(len(game.actions) for game in over) / len(over) if over else _TYPICAL_PLIES
    under_way = sum(min(0.95, len(game.actions) / usual) for game in match.games.live)
    return (len(over) + under_way) / 2.0


def _so_far(match: Match) -> str:
    counts = match.counts()
    found = strength(counts)
    elo = "" if found["elo"] is None else f", {found['elo']:+.0f} Elo"
    return f"{counts.games} games: +{counts.wins} ={counts.draws} -{counts.losses}{elo}"


def print_match(report: dict[str, Any]) -> None:
    """Print the result of a match."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    say = console.print
    say(f"{report['a']}  against  {report['b']}")
    if not report["games"]:
        say("no pair of games was finished")
        return
    say(
        f"{report['games']} games: {report['wins']} won, {report['draws']} drawn, {report['losses']} lost; "
        f"score {report['score']:.1%}"
    )
    table = Table(box=None, show_header=False)
    most = max(report["pentanomial"])
    for points, count in zip(("0", "½", "1", "1½", "2"), report["pentanomial"], strict=True):
        table.add_row(f"{points} of 2", "█" * round(30 * count / most) or "·", str(count))
    console.print(table)
    say(_difference("Elo", report["elo"], report["elo_interval_95"]))
    say(_difference("normalised Elo", report["nelo"], report["nelo_interval_95"]))
    say(f"likelihood that the first is stronger: {report['los']:.1%}")
    _print_test(report, say)
    endings = ", ".join(f"{name} {count}" for name, count in report["endings"].items())
    say(f"endings: {endings}; {report['mean_plies']:.0f} plies a game; book: {report['book']['name']}")
    if report["duplicate_games"]:
        say(f"{report['duplicate_games']} games ended like another one: they say nothing new")
    if report["book_exhausted"]:
        say("the openings are used up, and these players would play the same games again")
    say(f"{report['seconds_s']:.1f} s, {report['games_per_minute']:,.0f} games a minute; stopped: {report['stopped']}")


def _print_test(report: dict[str, Any], say: Callable[[str], None]) -> None:
    test, cost = report["sprt"], report["cost_estimate"]
    if test is None:
        return
    low, high = test["bounds"]
    place = round(30 * (min(max(test["llr"], low), high) - low) / (high - low))
    say(f"SPRT [{test['elo0']:g}, {test['elo1']:g}]: {test['verdict']}, LLR {test['llr']:+.2f}")
    say(f"H0 {low:+.2f} {'─' * place}●{'─' * (30 - place)} {high:+.2f} H1")
    if test["verdict"] == "continue":
        say(f"about {cost['games_left']:,.0f} more games ({cost['seconds_left_s']:,.0f} s) at this strength")


def _difference(name: str, value: float | None, interval: list[float | None]) -> str:
    low, high = ("unbounded" if bound is None else f"{bound:+.1f}" for bound in interval)
    shown = "beyond measure" if value is None else f"{value:+.1f}"
    return f"{name} {shown}  (95 %: {low} to {high})"
