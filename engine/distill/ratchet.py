"""Round after round: each improves the child of the one before.

Rounds of a registry lie side by side in one folder, each named by its child. One process at a time makes rounds there.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec

from engine.arena.file_lock import FileLock, LockedError
from engine.distill.durable import full_disk_told, write_durably
from engine.distill.found_rounds import LOCK_FILE, RUNNING_FILE, found_rounds
from engine.distill.learning import has_begun
from engine.distill.round import Round, open_round
from engine.distill.round_news import RoundBegan, RoundNews
from engine.distill.round_order import RoundError, RoundOrder, RoundSize
from engine.distill.verdict import report
from engine.domains.base import Line
from engine.generations.registry import Registry, data_folder
from engine.nets.onnx_evaluator import available_cores

_DIGITS = 3  # of an id


class Plan(msgspec.Struct, frozen=True):
    """What all rounds of a ratchet have in common; see `RoundOrder`.

    Attributes:
        until: "play" stops the first round once its games are played.
        pinned: positions that networks are asked about while they learn.
    """

    domain: str
    size: RoundSize
    seed: int = 1
    openings: str = "builtin"
    device: str = "auto"
    threads: int = 2
    until: Literal["play", "done"] = "done"
    pinned: tuple[Line, ...] = ()


def rounds_folder() -> Path:
    """Where the rounds of this machine are."""
    return data_folder() / "rounds"


def usual_threads() -> int:
    """Threads where nobody says how many: one for every core."""
    return available_cores()


def rounds(
    plan: Plan,
    registry: Registry,
    folder: Path,
    parent: str | None,
    count: int,
    *,
    resume: bool = False,
    name: str = "",
    excluded: tuple[int, ...] | None = None,
) -> Generator[RoundBegan | RoundNews | dict[str, Any], None, None]:
    """Make rounds: yields what happens in each and, at its end, its report.

    Args:
        parent: generation to improve; None = the newest of the domain.
        count: of rounds, one that is gone on with included.
        resume: go on with a round that was cut off, as it was ordered, before others are begun.
        name: of that round; "" = the newest.
        excluded: lessons of that round not to be learned; None = as it was.

    Raises:
        RoundError: another process makes rounds there, or there is nothing to go on with.
        GenerationError: the parent cannot be used.
        LearningError, DiskFullError, OSError: a round cannot go on; what was done is kept.
    """
    with _alone(folder):
        for number in range(1, count + 1):
            if resume and number == 1:
                path = round_folder(folder, name) if name else unfinished(folder, plan.domain)
                current = open_round(path, registry, plan.pinned)
                if excluded is not None:
                    _exclude(current, excluded)
            else:
                order = _order(plan, registry, folder, parent or newest(registry, plan.domain), number)
                current = Round(order, registry, folder / order.child, plan.pinned)
            with full_disk_told(folder):
                write_durably(folder / RUNNING_FILE, current.order.child.encode())
            yield RoundBegan(number, current.order, current.state.stage, current.stages)
            yield from current.run(plan.until)
            parent = current.order.child
            yield report(current.order, current.state, number)
            if current.state.stage != "done":
                return


def exclude_lessons(registry: Registry, folder: Path, name: str, lessons: tuple[int, ...]) -> None:
    """Leave lessons of a round out of all learning, these and no others.

    Raises:
        RoundError: there is no such round or lesson, learning has begun, or rounds are being made.
    """
    with _alone(folder):
        _exclude(open_round(round_folder(folder, name), registry), lessons)


def round_folder(folder: Path, name: str) -> Path:
    """The folder of the round `name` in the folder of all rounds.

    Raises:
        RoundError: there is none.
    """
    path = folder / name
    if path.parent != folder or not path.is_dir():
        raise RoundError(f"there is no round {name!r} in {folder}")
    return path


def newest(registry: Registry, domain: str) -> str:
    """The generation of `domain` with the highest id.

    Raises:
        RoundError: there is none.
    """
    found = [one.card.id for one in registry.list(domain) if one.card.architecture is not None]
    if not found:
        raise RoundError(f"there is no generation of {domain} to begin with; make one with: arborist train-base")
    return found[-1]


def unfinished(folder: Path, domain: str) -> Path:
    """The folder of the newest round of `domain` that was cut off.

    Raises:
        RoundError: there is none.
    """
    found = found_rounds(folder, domain)
    for one in found:
        # This process holds the lock itself, so what seems to be running was cut off.
        if one.order is not None and one.standing in ("running", "cut off", "played"):
            return folder / one.name
    damaged = "".join(f"; {one.text}" for one in found if one.standing == "damaged")
    raise RoundError(f"no round of {domain} was cut off: there is nothing to go on with{damaged}")


@contextmanager
def _alone(folder: Path) -> Generator[None, None, None]:
    with full_disk_told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock = FileLock(folder / LOCK_FILE)
        except LockedError as error:
            raise RoundError(f"another process is making rounds in {folder}; wait for it, or end it") from error
    with lock:
        yield


def _exclude(current: Round, lessons: tuple[int, ...]) -> None:
    if current.state.stage != "learn" or has_begun(current.folder):
        when = "not all its games were played yet" if current.state.stage in ("fuel", "play") else "learning has begun"
        raise RoundError(f"no lessons of {current.order.child} can be excluded: {when}")
    with full_disk_told(current.folder):
        current.lessons.exclude(lessons)


def _order(plan: Plan, registry: Registry, folder: Path, parent: str, number: int) -> RoundOrder:
    return RoundOrder(
        domain=plan.domain,
        parent=parent,
        child=_free_id(registry, folder),
        size=plan.size,
        seed=plan.seed + number - 1,
        openings=plan.openings,
        device=plan.device,
        threads=plan.threads,
    )


def _free_id(registry: Registry, folder: Path) -> str:
    """An id that neither a generation has nor a round that was cut off will give its child."""
    word, _, digits = registry.next_id().rpartition("-")
    number = int(digits)
    while (folder / f"{word}-{number:0{_DIGITS}d}").exists():
        number += 1
    return f"{word}-{number:0{_DIGITS}d}"
