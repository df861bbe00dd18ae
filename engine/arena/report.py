"""The result of a match as plain values: what `arborist match --json` prints."""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from engine.arena.cost import cost_of, games_to_tell
from engine.arena.counts import Counts, sample_of
from engine.arena.elo import estimate
from engine.arena.games import CUT_SHORT, ending
from engine.arena.independence import duplicates, independence
from engine.arena.match import Match
from engine.arena.openings import Book
from engine.arena.players import Player
from engine.arena.sprt import CONTINUE, Sprt
from engine.arena.stopped import stopped_estimate
from engine.domains.base import Rules


@dataclass(frozen=True, slots=True)
class Asked:
    """What a match was asked to be.

    Attributes:
        pairs: wanted; a book that deterministic players have exhausted gives fewer.
    """

    a: Player
    b: Player
    book: Book
    pairs: int
    seed: int
    sprt: Sprt | None


def match_report(rules: Rules, match: Match, asked: Asked, stopped: str) -> dict[str, Any]:
    """Everything worth saying of a match; differences are those of A over B, a number that has no bound is None.

    Args:
        stopped: why it ended: "pairs", "sprt" or "by hand".
    """
    counts, games = match.counts(), match.counted_games()
    independent = independence(games)
    return {
        "domain": rules.name,
        "a": asked.a.name,
        "b": asked.b.name,
        "a_fingerprint": asked.a.fingerprint,
        "b_fingerprint": asked.b.fingerprint,
        "games": counts.games,
        "wins": counts.wins,
        "draws": counts.draws,
        "losses": counts.losses,
        "pairs": counts.pairs,
        "pairs_wanted": asked.pairs,
        "book_exhausted": match.pairs < asked.pairs,
        "pentanomial": list(counts.pentanomial),
        **strength(counts, asked.sprt if match.stopped_at is not None else None),
        "sprt": _sprt(asked.sprt, match),
        "duplicate_games": duplicates(games),
        "effective_games": independent.effective_games,
        "independence": independent.sentence,
        "cut_short_games": sum(game.ended_by == CUT_SHORT for game in games),
        "endings": dict(Counter(ending(rules, game) for game in games).most_common()),
        "mean_plies": sum(len(game.actions) for game in games) / len(games) if games else None,
        "seed": asked.seed,
        "book": {"name": asked.book.name, "openings": len(asked.book.lines), "sha256": asked.book.content_hash},
        "stopped": stopped,
        "seconds_s": match.seconds_s,
        "games_per_minute": 60.0 * counts.games / match.seconds_s if match.seconds_s > 0 else 0.0,
        "cost_estimate": cost_estimate(asked.sprt, counts, match.seconds_s),
    }


def strength(counts: Counts, stopped_by: Sprt | None = None) -> dict[str, Any]:
    """Score, Elo on both scales with intervals, and likelihood of superiority; None where nothing was counted.

    Args:
        stopped_by: the test that ended the match after just these results. The plain Elo is then biased, and that
            without the bias is told, too.
    """
    if not counts.games:
        names = ("score", "elo", "elo_interval_95", "nelo", "nelo_interval_95", "los")
        return dict.fromkeys((*names, "elo_unbiased", "elo_unbiased_interval_95"))
    found = estimate(counts)
    unbiased = None if stopped_by is None else stopped_estimate(stopped_by, counts)
    return {
        "score": found.score,
        "elo": _finite(found.elo),
        "elo_interval_95": [_finite(bound) for bound in found.elo_interval],
        "elo_unbiased": unbiased and _finite(unbiased.elo),
        "elo_unbiased_interval_95": unbiased and [_finite(bound) for bound in unbiased.interval],
        "nelo": _finite(found.nelo),
        "nelo_interval_95": [_finite(bound) for bound in found.nelo_interval],
        "los": found.los,
    }


def cost_estimate(sprt: Sprt | None, counts: Counts, seconds_s: float) -> dict[str, Any] | None:
    """Games and seconds that the question of a match takes, judged by its games so far; None before there are any."""
    if not counts.games:
        return None
    sample = sample_of(counts)
    each_s = seconds_s / counts.games
    if sprt is None:
        games = _finite(games_to_tell(sample))
        seconds = None if games is None else games * each_s
        return {"question": "which of the two is stronger", "games": games, "seconds_s": seconds}
    cost = cost_of(sprt, sample, sprt.llr(counts))
    return {
        "question": f"{sprt.elo0:g} or {sprt.elo1:g} Elo",
        "games": cost.games,
        "seconds_s": cost.games * each_s,
        "worst_games": cost.worst_games,
        "games_left": cost.games_left,
        "seconds_left_s": cost.games_left * each_s,
    }


def _sprt(sprt: Sprt | None, match: Match) -> dict[str, Any] | None:
    """The test: its bounds as Wald set them, and, moved in by the mean overshoot, those at which it really stops."""
    if sprt is None:
        return None
    llr = sprt.llr(match.counts())
    stops_at = [float(bound[0]) for bound in match.walk.bounds(sprt)]
    decided = "H1" if llr > 0.0 else "H0"
    return {
        "elo0": sprt.elo0,
        "elo1": sprt.elo1,
        "alpha": sprt.alpha,
        "beta": sprt.beta,
        "model": sprt.model,
        "llr": llr,
        "bounds": list(sprt.bounds),
        "stops_at": stops_at,
        "verdict": CONTINUE if match.stopped_at is None else decided,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
