"""`arborist ladder`: many players on one Elo scale, from games played now, from stored matches, or from both."""

import json
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from engine.arena.faults import FaultyPlayerError
from engine.arena.ladder_games import PAIRINGS
from engine.arena.openings import BUILT_IN
from engine.arena.order import MatchOrder
from engine.arena.player_spec import canonical
from engine.arena.running import RunningMatch, open_match
from engine.arena.store import MatchStore, StoredMatch
from engine.arena.tournament import Tournament, TournamentError, check_players, ladder_of
from engine.cli_ladder_table import ladder_report, print_ladder
from engine.cli_match_table import standing
from engine.cli_match_words import adjudication_of, concurrency_of, seed_of
from engine.cli_shared import STOPPED, check_positive, ctrl_c
from engine.nets.recent import RecentEvaluators
from engine.search.breaks import without_breaks

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_PAIRS = 50
_KEPT_NETWORKS = 4  # from one match to the next: neighbours share a player


@app.callback()
def _group() -> None:
    """Keeps `ladder` a word of its own."""


@app.command("ladder")
def rate(
    players: Annotated[list[str] | None, typer.Argument(help="Players, written as for match; weakest first.")] = None,
    domain: Annotated[str, typer.Option(help="Domain of the games.")] = "chess",
    pairs: Annotated[int, typer.Option(help="Pairs of games of each pairing, on average.")] = _PAIRS,
    pairing: Annotated[
        str,
        typer.Option(help="neighbours in the order given, all, or informative: whose games tell most as it stands."),
    ] = "neighbours",
    anchor: Annotated[list[str] | None, typer.Option(help="PLAYER=ELO, held there; may be repeated.")] = None,
    stored: Annotated[bool, typer.Option("--stored", help="Play nothing: rate by the stored matches alone.")] = False,
    openings: Annotated[str, typer.Option(help="builtin, or an EPD, FEN or PGN file.")] = BUILT_IN,
    concurrency: Annotated[str, typer.Option(help="Pairs played at the same time, or auto.")] = "auto",
    max_plies: Annotated[int, typer.Option(help="Plies at which a game is broken off as a draw.")] = 512,
    resign: Annotated[str | None, typer.Option(help="VALUE[,MOVES], as for match.")] = None,
    draw: Annotated[str | None, typer.Option(help="VALUE[,MOVES[,PLY]], as for match.")] = None,
    audit: Annotated[float, typer.Option(help="Share of such games that is played on.")] = 0.1,
    seed: Annotated[int, typer.Option(help="Of the openings and of the players' chance.")] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="Threads of an evaluator.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> int:
    """Rate many players on one scale. Every pairing is a stored match: a ladder that was cut off goes on."""
    check_positive(pairs=pairs, max_plies=max_plies)
    names = _names(players or [], domain, is_playing=not stored)
    anchors = _anchors(anchor or [], names)
    if pairing not in PAIRINGS:
        raise typer.BadParameter(f"{pairing!r} is not one of {', '.join(PAIRINGS)}", param_hint="--pairing")
    any_match = MatchOrder(
        domain=domain,
        a="",
        b="",
        openings=openings,
        pairs=pairs,
        seed=seed_of(seed),
        concurrency=concurrency_of(concurrency),
        max_plies=max_plies,
        adjudication=adjudication_of(resign, draw, audit),
        device=device,
    )
    tournament = ladder_of(MatchStore(), any_match, names, pairing, anchors)
    is_stopped = not stored and _play_all(tournament, threads, Console(stderr=True, quiet=as_json))
    found, ladder = without_breaks(tournament.rated())
    told = ladder_report(domain, found, ladder, stopped="by hand" if is_stopped else "")
    if as_json:
        print(json.dumps(told))
    else:
        print_ladder(told)
    return STOPPED if is_stopped else 0


def _play_all(tournament: Tournament, threads: int | None, console: Console) -> bool:
    """Play what is missing; whether Ctrl-C came before the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with (
        ctrl_c() as pressed,
        Progress(*columns, console=console, transient=True, disable=console.quiet) as bar,
    ):
        task = bar.add_task("", total=float(tournament.total()))
        networks = RecentEvaluators(_KEPT_NETWORKS, threads)
        for stored, before in tournament.matches():
            text = f"{stored.order.a} against {stored.order.b}"
            bar.update(task, description=text)

            def show(running: RunningMatch, text: str = text, before: int = before) -> None:
                bar.update(task, completed=before + running.pairs_done(), description=f"{text}, {standing(running)}")

            if stored.state != "over":
                _play(tournament.store, stored, networks, show, pressed)
            if pressed:
                return True
    return False


def _play(
    store: MatchStore,
    stored: StoredMatch,
    networks: RecentEvaluators,
    show: Callable[[RunningMatch], None],
    pressed: Sequence[int],
) -> None:
    """Play a stored match to its end, or until something was pressed.

    Raises:
        ChildProcessError: a player fails again and again.
    """
    with store.playing(stored.id), open_match(stored.order, stored.journal, networks=networks) as running:
        try:
            while not pressed and running.advance():
                show(running)
        except FaultyPlayerError as error:
            raise ChildProcessError(str(error)) from error
        finally:
            store.keep_report(stored.id, running.report())


def _names(players: Sequence[str], domain: str, *, is_playing: bool) -> list[str]:
    """The players, each once and known, before an hour is spent on the others.

    Raises:
        BadParameter: too few to play, or one twice.
        PlayerError, GenerationError: there is no such player here.
    """
    names = [player.strip() for player in players]
    if len(names) < 2 and (is_playing or names):
        raise typer.BadParameter("a ladder needs two players at least, or --stored", param_hint="'players'")
    try:
        if is_playing:
            check_players(names, domain)
    except TournamentError as error:
        raise typer.BadParameter(str(error), param_hint="'players'") from error
    return names


def _anchors(texts: Sequence[str], names: Sequence[str]) -> dict[str, float]:
    """What `--anchor PLAYER=ELO` says.

    Raises:
        BadParameter: it is not that, or about none of the players (where any are named).
    """
    anchors: dict[str, float] = {}
    for text in texts:
        player, _, elo = text.rpartition("=")
        try:
            anchors[player.strip()] = float(elo)
        except ValueError:
            player = ""
        if player and names and canonical(player.strip()) not in map(canonical, names):
            raise typer.BadParameter(f"{player!r} is not among the players", param_hint="--anchor")
        if not player:
            raise typer.BadParameter(f"{text!r} is not PLAYER=ELO", param_hint="--anchor")
    return anchors
