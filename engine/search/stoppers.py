"""Reasons to end a run: one small class each, asked after every batch."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from engine.search.settings import Limits


@dataclass(frozen=True, slots=True)
class StopReason:
    """Why a run ended: a name for programs, a sentence for people."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What a stopper may look at.

    Attributes:
        simulations: done in this run. tree_bytes: live bytes of tree and states.
        proven: the root's value is proven. choices: root actions that are not pruned.
    """

    simulations: int
    tree_bytes: int
    proven: bool
    choices: int


class Stopper(Protocol):
    """One reason to end a run."""

    def reason(self, progress: Progress) -> StopReason | None:
        """The reason, once it holds."""
        ...


@dataclass(frozen=True, slots=True)
class SimulationsStopper:
    """The run has done all the simulations it was given."""

    simulations: int

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds from the last simulation on."""
        if progress.simulations < self.simulations:
            return None
        return StopReason("simulations", f"the budget of {self.simulations} simulations is used up")


@dataclass(frozen=True, slots=True)
class SecondsStopper:
    """The run's time is over. `started_s` is the clock's reading at its start."""

    seconds: float
    started_s: float
    clock: Callable[[], float]

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds once the clock has passed the limit."""
        del progress
        if self.clock() - self.started_s < self.seconds:
            return None
        return StopReason("seconds", f"the budget of {self.seconds:g} seconds is used up")


@dataclass(frozen=True, slots=True)
class MemoryStopper:
    """The tree has reached the size it may have."""

    memory_bytes: int

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds from that size on."""
        if progress.tree_bytes < self.memory_bytes:
            return None
        return StopReason("memory", f"the tree has reached its limit of {self.memory_bytes / 2**20:.0f} MiB")


@dataclass(frozen=True, slots=True)
class SolvedStopper:
    """The root's value is proven; nothing that is searched can change it."""

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds once it is proven."""
        return StopReason("solved", "the value of the root is proven") if progress.proven else None


@dataclass(frozen=True, slots=True)
class NothingLeftStopper:
    """Every action of the root is pruned."""

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds once no choice is left."""
        if progress.choices:
            return None
        return StopReason("nothing_left", "every action is pruned; restore one to go on")


BY_HAND = StopReason("by_hand", "stopped by hand")


def stoppers_for(limits: Limits, clock: Callable[[], float] = time.perf_counter) -> tuple[Stopper, ...]:
    """The stoppers that `limits` ask for, and those that always apply."""
    stoppers: list[Stopper] = [SolvedStopper(), NothingLeftStopper()]
    if limits.simulations is not None:
        stoppers.append(SimulationsStopper(limits.simulations))
    if limits.seconds is not None:
        stoppers.append(SecondsStopper(limits.seconds, clock(), clock))
    if limits.memory_bytes is not None:
        stoppers.append(MemoryStopper(limits.memory_bytes))
    return tuple(stoppers)


def first_reason(stoppers: Iterable[Stopper], progress: Progress) -> StopReason | None:
    """The first reason that holds, or None."""
    return next((reason for stopper in stoppers if (reason := stopper.reason(progress))), None)
