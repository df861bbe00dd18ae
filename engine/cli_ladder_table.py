"""What `arborist ladder` says: one JSON object, or a table for people."""

import math
from typing import Any

from rich.console import Console
from rich.table import Table

from engine.arena.ladder import Ladder
from engine.arena.ladder_games import StoredResults
from engine.arena.tournament import notes_of


def ladder_report(domain: str, found: StoredResults, ladder: Ladder, stopped: str = "") -> dict[str, Any]:
    """Everything worth saying of a ladder, the strongest player first; what has no bound is None.

    Args:
        stopped: "by hand" where not all games wanted were played.
    """
    order = sorted(range(len(ladder.rungs)), key=lambda at: -ladder.rungs[at].elo)
    chances = ladder.superiority
    players = []
    for place, at in enumerate(order):
        rung = ladder.rungs[at]
        below = order[place + 1] if place + 1 < len(order) else None
        players.append(
            {
                "player": rung.name,
                "elo": rung.elo,
                "elo_interval_95": [_finite(rung.low), _finite(rung.high)],
                "games": rung.games,
                "score": _finite(rung.score),
                "better_than_next": None if below is None else _finite(float(chances[at, below])),
                "anchored": rung.is_anchor,
                "note": "; ".join(notes_of(rung, found, ladder)),
            }
        )
    return {
        "domain": domain,
        "players": players,
        "superiority": [[_finite(float(chances[one, other])) for other in order] for one in order],
        "draw_share": ladder.draw,
        "first_move_elo": ladder.first_move_elo,
        "first_move_interval_95": list(ladder.first_move_interval),
        "pair_variance": ladder.pair_variance,
        "cycles": [list(cycle) for cycle in ladder.cycles],
        "groups": [list(group) for group in ladder.groups],
        "games": sum(played.counts.games for played in found.results),
        "matches": list(found.matches),
        "stopped": stopped,
    }


def print_ladder(report: dict[str, Any]) -> None:
    """Print a ladder."""
    console = Console(highlight=False, markup=False)
    if not report["games"]:
        console.print("no games are stored that could be rated")
        return
    table = Table(box=None)
    table.add_column("player", overflow="fold")
    for name in ("Elo", "95 %", "games", "score", "P(> next)"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", overflow="fold")
    for row in report["players"]:
        low, high = ("unbounded" if end is None else f"{end:+.0f}" for end in row["elo_interval_95"])
        table.add_row(
            row["player"],
            f"{row['elo']:+.0f}",
            "" if row["anchored"] else f"{low} to {high}",
            f"{row['games']:,}",
            "" if row["score"] is None else f"{row['score']:.1%}",
            "" if row["better_than_next"] is None else f"{row['better_than_next']:.1%}",
            row["note"],
        )
    console.print(table)
    low, high = report["first_move_interval_95"]
    console.print(
        f"{report['games']:,} games in {len(report['matches'])} matches; between equals {report['draw_share']:.0%} are "
        f"drawn, and the first move is worth {report['first_move_elo']:+.0f} Elo (95 %: {low:+.0f} to {high:+.0f})",
        soft_wrap=True,
    )
    for cycle in report["cycles"]:
        console.print(f"in a circle, each beats the next: {', '.join(cycle)}", soft_wrap=True)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
