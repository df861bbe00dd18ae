"""How far a job of the engine is, in words: a ladder, a matrix, a hunt for disagreements."""

from dataclasses import dataclass

from app.viewmodels.arena_ladder_players import name_of
from app.viewmodels.figures import count, duration
from engine.service.arena_messages import JobProgress


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What a page shows of its job.

    Attributes:
        running: it is in hand, or about to be. pausing: it was asked to end early, and has not yet.
        text: one line of what is being done and how long it will take, or "".
        share: done, in [0, 1]; None = not known.
        error: a sentence where it failed, or "".
        blocked: a sentence why it cannot begin now, or "".
    """

    running: bool = False
    pausing: bool = False
    text: str = ""
    share: float | None = None
    error: str = ""
    blocked: str = ""


IDLE = JobRecord()


def progress_text(progress: JobProgress) -> str:
    """What is being done, how much of it is over, and how long the rest will take."""
    if not progress.text:
        return "Nearly done ..." if progress.done >= progress.total else "At work ..."
    total = f": {count(progress.done)} of {count(progress.total)}" if progress.total > 1 else ""
    left = progress.seconds_left_s
    remaining = "" if left is None else ", nearly done" if left < 1.0 else f", about {duration(left)} left"
    return f"{_named(progress.text)}{total}{remaining}"


def progress_share(progress: JobProgress) -> float | None:
    """The share that is over."""
    return min(max(progress.done / progress.total, 0.0), 1.0) if progress.total > 0 else None


def _named(text: str) -> str:
    """Two players who meet are called by their names."""
    one, against, other = text.partition(" against ")
    return f"{name_of(one)}{against}{name_of(other)}" if against else text
