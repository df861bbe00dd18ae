"""The status line: what is happening now in one sentence, and the figures beside it."""

from dataclasses import dataclass

from app.viewmodels import figures
from app.viewmodels.records import CandidatesRecord, StatusRecord
from engine.service.messages import SearchFigures

_ENDS = {
    "simulations": "budget used up",
    "seconds": "time used up",
    "memory": "memory limit reached",
    "nodes": "enough positions",
    "depth": "the main line is long enough",
    "mate": "a win was found",
    "stable": "the best move is settled",
    "settled": "the best move is settled",
    "kld_gain": "looking on would change little",
    "exhausted": "nothing is left to look at",
    "solved": "result proven",
    "nothing_left": "every move is cut",
}
"""Names of stop reasons in a few words."""


_EVEN = 1e-3
"""Priors that differ by less are no preference."""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the status line depends on.

    Attributes:
        engine: one of the states named in `StatusRecord`.
        preparing: what the engine is getting ready, or "".
        failure: why the engine failed, or "".
        ended: name of the reason why the last run ended, or "".
        simulations, nodes, tree_bytes: of the tree shown.
        done, budget: simulations of this budget done, and the budget.
        generation, weights_hash: whose intuition.
        recycled: positions given up to make room.
    """

    engine: str
    preparing: str = ""
    preparing_share: float | None = None
    failure: str = ""
    ended: str = ""
    simulations: int = 0
    nodes: int = 0
    tree_bytes: int = 0
    done: int = 0
    budget: int | None = None
    generation: str = ""
    weights_hash: str = ""
    file_name: str = ""
    recycled: int = 0


def status_record(now: Situation, candidates: CandidatesRecord, speed: SearchFigures | None) -> StatusRecord:
    """The status line of a situation."""
    progress = now.preparing_share
    if progress is None and now.budget and now.engine in ("running", "paused", "finished"):
        progress = min(now.done / now.budget, 1.0)
    failed = now.engine == "failed"
    return StatusRecord(
        engine=now.engine,
        headline=_headline(now) + _recycled(now),
        story=story(candidates),
        figures=_figures(now, speed),
        error=now.failure if failed else "",
        action="Restart engine" if failed else "",
        progress=progress,
    )


def story(candidates: CandidatesRecord) -> str:
    """What is seen at the root in one sentence: what search prefers, and whether intuition had seen it."""
    searched = [row for row in candidates.rows if row.visits]
    if not searched:
        return ""
    best = searched[0]
    liked = max(candidates.rows, key=lambda row: row.prior)
    if best.proven == "win":
        found = f"{best.text} is proven to win" + (f": {best.certain}" if best.certain else "")
    else:
        found = f"Search prefers {best.text} with {figures.percent(best.visit_share)} of the visits"
    if liked.prior - min(row.prior for row in candidates.rows) < _EVEN and len(candidates.rows) > 1:
        return f"{found}."
    if liked.action == best.action:
        return f"{found}. Intuition liked it best too, at {figures.percent(best.prior)}."
    gave = f"Intuition gave it {figures.percent(best.prior)}"
    return f"{found}. {gave} and preferred {liked.text} at {figures.percent(liked.prior)}."


def _headline(now: Situation) -> str:
    match now.engine:
        case "starting":
            return now.preparing or "Engine is starting"
        case "failed":
            return "Engine stopped; everything received is kept"
        case "stopped":
            return "Stopped. Start searches this position"
        case "replay":
            return f"Recording {now.file_name}"
        case "finished":
            return f"Finished: {_ENDS.get(now.ended, now.ended)}" if now.ended else "Finished: budget used up"
        case "paused":
            return "Paused"
        case "running":
            return now.preparing or "Searching"
        case _:
            return now.preparing or "Ready"


def _recycled(now: Situation) -> str:
    """What was given up for room, behind the headline of a search; "" for nothing."""
    if not now.recycled or now.engine not in ("running", "paused", "finished"):
        return ""
    return f" · {figures.short_count(now.recycled)} positions given up for room"


def _figures(now: Situation, speed: SearchFigures | None) -> tuple[tuple[str, str], ...]:
    """Label and value pairs, always the same labels in the same places."""
    known = speed is not None
    rate = figures.count(round(speed.simulations_per_s)) if speed and speed.running else figures.MISSING
    intuition = f"{now.generation} {now.weights_hash[:8]}".strip()
    return (
        ("simulations", figures.count(now.simulations)),
        ("per second", rate),
        ("nodes", figures.count(now.nodes)),
        ("batch fill", figures.percent(speed.batch_fill) if known and speed else figures.MISSING),
        ("memory", figures.megabytes(speed.tree_bytes if speed else now.tree_bytes)),
        ("device", speed.device if speed and speed.device else figures.MISSING),
        ("generation", intuition or figures.MISSING),
        ("cache hits", _share(speed.cache_hits, speed.evaluations) if speed else figures.MISSING),
    )


def _share(part: int, whole: int) -> str:
    return figures.percent(part / whole) if whole else figures.MISSING
