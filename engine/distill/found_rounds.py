"""What rounds lie in a folder, and how far each is: what the next start says it found."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from engine.arena.file_lock import is_locked
from engine.distill.learning import has_begun
from engine.distill.round_order import RoundError, RoundOrder, Stage
from engine.distill.round_state import ORDER_FILE, RoundState, read_order, read_state
from engine.distill.verdict import report

LOCK_FILE, RUNNING_FILE = "lock", "running"
"""Held while rounds are made, and the name of the round in hand; the latter means nothing once the lock is free."""

Standing = Literal["running", "cut off", "played", "done", "damaged"]
"""How a round was found; "played": it waits with its lessons, and nothing was learned yet."""

_DOING = {"fuel": "testing for fuel", "play": "playing", "learn": "learning", "match": "being matched", "done": "done"}


@dataclass(frozen=True, slots=True)
class FoundRound:
    """A round on disk.

    Attributes:
        name: id of its child. order: what it is to be, None where that cannot be read.
        standing: see `Standing`. stage: it is in. text: what was found, in a sentence.
        date: when anything of it was written last, UTC, ISO 8601.
        report: as `arborist distill --json` has it, or None.
    """

    name: str
    order: RoundOrder | None
    standing: Standing
    stage: Stage
    date: str
    report: dict[str, Any] | None
    text: str

    @property
    def can_go_on(self) -> bool:
        """Whether `--resume` can take it up."""
        return self.standing in ("cut off", "played")


def found_rounds(folder: Path, domain: str | None = None) -> list[FoundRound]:
    """The rounds in `folder`, the one that was worked at last first; damaged ones are among them."""
    running = _running(folder)
    folders = [path.parent for path in folder.glob(f"*/{ORDER_FILE}")]
    found = [_found(each, is_running=each.name == running) for each in sorted(folders, key=_touched, reverse=True)]
    return [one for one in found if domain is None or one.order is None or one.order.domain == domain]


def _running(folder: Path) -> str | None:
    """The round that some process is making now."""
    if not is_locked(folder / LOCK_FILE):
        return None
    try:
        return (folder / RUNNING_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):  # not written yet
        return None


def _found(folder: Path, *, is_running: bool) -> FoundRound:
    date = datetime.fromtimestamp(_touched(folder), UTC).isoformat(timespec="seconds")
    try:
        order = read_order(folder)
    except RoundError as error:
        return FoundRound(folder.name, None, "damaged", "fuel", date, None, str(error))
    try:
        state = read_state(folder) or RoundState(order_hash="", parent_hash="")
    except RoundError as error:
        return FoundRound(folder.name, order, "damaged", "fuel", date, None, str(error))
    standing: Standing = "running" if is_running else "cut off"
    if state.stage == "done":
        standing = "done"
    elif not is_running and state.stage == "learn" and not has_begun(folder):
        standing = "played"
    told = report(order, state, 1)
    return FoundRound(folder.name, order, standing, state.stage, date, told, _text(standing, state, told))


def _text(standing: Standing, state: RoundState, told: dict[str, Any]) -> str:
    match standing:
        case "done":
            return str(told["verdict"])
        case "played":
            return f"Its games have been played ({told['samples']:,} lessons); nothing was learned from them yet."
        case "running":
            return f"It is {_DOING[state.stage]} now."
    return f"It was cut off while {_DOING[state.stage]}, and can go on there."


def _touched(folder: Path) -> float:
    """When a file of the folder was written last."""
    times = [0.0]
    for path in folder.rglob("*"):
        try:
            times.append(path.stat().st_mtime)
        except OSError:  # a file that was being replaced
            continue
    return max(times)
