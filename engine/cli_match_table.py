"""What `arborist match` says to people: what it will cost, how it stands, how it ended."""

import math
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table

from engine.arena.cost import CostBefore, cost_before
from engine.arena.order import MatchOrder
from engine.arena.report import strength
from engine.arena.running import RunningMatch
from engine.arena.sprt import Sprt

_USUAL_DRAWS = 0.2
"""Share of draws that a plan counts with before any game."""


def planned_cost(order: MatchOrder, seconds_per_game: float | None = None) -> str:
    """What a match will take: in games, and in time once it is known how long a game takes."""
    test = None if order.sprt is None else order.sprt.sprt()
    cost = _cost(test or order.pairs)
    games, worst = (min(2.0 * order.pairs, number) for number in (cost.games, cost.worst_games))
    part = "" if seconds_per_game is None else f", {_duration(games * seconds_per_game)}"
    if test is None:
        known = f"; afterwards Elo is known to about ±{cost.half_width_elo:.0f} (95 %)"
        return f"{games:,.0f} games{part}{known if math.isfinite(cost.half_width_elo) else ''}"
    worst_part = "" if seconds_per_game is None else f", {_duration(worst * seconds_per_game)}"
    return f"about {games:,.0f} games{part}; {worst:,.0f}{worst_part} if the truth lies between the two"


def _cost(question: Sprt | int) -> CostBefore:
    try:
        return cost_before(question, _USUAL_DRAWS, 0.0)
    except ValueError:  # a difference so large that there is no room for as many draws
        return cost_before(question, 0.0, 0.0)


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120.0 else f"{seconds / 60.0:,.0f} minutes"


def standing(running: RunningMatch) -> str:
    """The score so far, in a few words."""
    counts = running.match.counts()
    elo = strength(counts)["elo"]
    test = running.asked.sprt
    llr = "" if test is None else f", LLR {test.llr(counts):+.2f}"
    return f"{counts.games} games: +{counts.wins} ={counts.draws} -{counts.losses}" + (
        llr if elo is None else f", {elo:+.0f} Elo{llr}"
    )


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
    _print_faults(report, say)
    endings = ", ".join(f"{name} {count}" for name, count in report["endings"].items())
    say(f"endings: {endings}; {report['mean_plies']:.0f} plies a game; book: {report['book']['name']}")
    if report["duplicate_games"]:
        say(f"{report['duplicate_games']} games ended like another one: they say nothing new")
    if report["book_exhausted"]:
        say("the openings are used up, and these players would play the same games again")
    if not report["reproducible"]:
        say("another run would come out otherwise: a player has a clock, or is an engine of others")
    say(f"{report['seconds_s']:.1f} s, {report['games_per_minute']:,.0f} games a minute; stopped: {report['stopped']}")


def _print_faults(report: dict[str, Any], say: Callable[[str], None]) -> None:
    """Games that ended otherwise than on the board."""
    for side in ("a", "b"):
        if lost := report["forfeits"][side]:
            reasons = ", ".join(f"{reason} {count}" for reason, count in lost.items())
            say(f"{report[side]} lost without a move: {reasons}")
    found = report["adjudication"]
    if found is None:
        return
    say(f"adjudicated: {found['resigned']} resigned, {found['drawn']} drawn")
    if found["audited"]:
        low, high = found["wrong_interval_95"]
        say(
            f"checked by playing on: {found['audited']}, of them {found['wrong']} came out otherwise "
            f"({found['wrong_share']:.1%}; 95 %: {low:.1%} to {high:.1%})"
        )


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
