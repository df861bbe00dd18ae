"""Reasons to end a run: one small class each, asked after every batch.

Stoppers only read, and those that look at the tree take microseconds: nothing here grows with the size of the tree.
Some remember what they saw at earlier looks, so a run needs stoppers of its own (`stoppers_for`).
"""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Line
from engine.search.limits import Limits
from engine.search.standing import NO_ACTION, Leader, leader_of, root_visits
from engine.search.watchpoints import Hit, hit_sentence, plain_path
from engine.tree.columns import ROOT, SearchTree
from engine.tree.explain import principal_variation

Clock = Callable[[], float]
"""Seconds since an arbitrary moment, never going backwards."""

KLD_INTERVAL = 100
"""Simulations between two looks at the root's visits (Lc0's `KLDGainAverageInterval`)."""
TOLERANCE_S, TOLERANCE_SIMULATIONS = 0.2, 300
"""A run's speed is not trusted before, and is taken to be higher by this many simulations (as Lc0's smart pruning)."""
SETTLED_SHARE = 0.25
"""A best action counts as settled once it has led for this share of the run."""


@dataclass(frozen=True, slots=True)
class StopReason:
    """Why a run ended: a name for programs, a sentence for people; `hit`: the watchpoint that was reached, if any."""

    name: str
    text: str
    hit: Hit | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """What a stopper may look at.

    Attributes:
        simulations: done in this run. tree_bytes: live bytes of tree and states.
        proven: the root's value is proven. choices: root actions that are not pruned.
        tree: the tree itself, for reading; its root has been evaluated.
    """

    simulations: int
    tree_bytes: int
    proven: bool
    choices: int
    tree: SearchTree


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
    clock: Clock

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
class NodesStopper:
    """The tree holds as many positions as it may."""

    nodes: int

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds from that many nodes on."""
        if progress.tree.num_nodes < self.nodes:
            return None
        return StopReason("nodes", f"the tree has reached its limit of {self.nodes} positions")


@dataclass(slots=True)
class DepthStopper:
    """The principal variation is as long as was asked for.

    The line costs some time to follow, so it is looked at again only once the tree has grown by 1/64: a run may go on
    for that much longer than it had to.
    """

    depth: int
    _next_look: int = 0

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds at the first look that finds the line long enough."""
        if progress.simulations < self._next_look:
            return None
        self._next_look = progress.simulations + 1 + progress.tree.num_nodes // 64
        length = len(principal_variation(progress.tree))
        if length < self.depth:
            return None
        return StopReason("depth", f"the main line is {length} actions long; {self.depth} were asked for")


@dataclass(frozen=True, slots=True)
class MateStopper:
    """The player to move at the root wins by proof, in few enough actions of his own."""

    actions: int

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds once such a win is proven; a longer one is for `SolvedStopper` to see."""
        tree = progress.tree
        if tree.stats["lower"][ROOT] != 1:
            return None
        plies = int(tree.facts["distance"][ROOT])
        own = (plies + 1) // 2 if tree.num_players == 2 else plies
        if own > self.actions:
            return None
        return StopReason("mate", f"a win in {own} is proven; one in at most {self.actions} was asked for")


@dataclass(slots=True)
class Steadiness:
    """Since when the leader at the root is the same, with the same proven bounds."""

    leader: Leader | None = None
    since_simulations: int = 0
    since_s: float = 0.0

    def look(self, progress: Progress, now_s: float = 0.0) -> Leader:
        """The leader now; whether it is still the old one is noted at this moment."""
        now, before = leader_of(progress.tree), self.leader
        if before is None or (now.action, now.lower, now.upper) != (before.action, before.lower, before.upper):
            self.since_simulations, self.since_s = progress.simulations, now_s
        self.leader = now
        return now


@dataclass(slots=True)
class StableStopper:
    """The best action has not changed and cannot.

    Exactly: the most visited root action (pruned ones apart) and its proven bounds have been the same for
    `simulations` simulations of this run, and it leads by more than as many, so that another such stretch could not
    change it. Where the run's `budget` of simulations would be over before, a lead larger than what is left of it is
    enough, at once: nothing this run may still do can change the choice (Lc0's smart pruning). What counts is visits;
    a proof found later could still speak against the action.
    """

    simulations: int
    budget: int | None = None
    _steadiness: Steadiness = field(default_factory=Steadiness)

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds from that moment on, until the leader changes."""
        leader = self._steadiness.look(progress)
        if leader.action == NO_ACTION:
            return None
        left = math.inf if self.budget is None else self.budget - progress.simulations
        if leader.lead > left:
            return StopReason("stable", f"no other action can catch up within the {left} simulations left")
        held = progress.simulations - self._steadiness.since_simulations
        if held < self.simulations or leader.lead <= self.simulations:
            return None
        text = f"the best action has been the same for {held} simulations and cannot change within {self.simulations}"
        return StopReason("stable", f"{text} more")


@dataclass(slots=True)
class SettledStopper:
    """Time is up as soon as the best action is settled; and before, when no other can catch up in the time left.

    Settled: the most visited action has led for the last `SETTLED_SHARE` of the run and no serious alternative has
    a higher value. An unsettled choice is given more time, up to the hard limit (a `SecondsStopper`), as chess engines
    do ("instability of the best move" in Stockfish). The early end is Lc0's smart pruning, with its tolerances.
    """

    seconds: float
    started_s: float
    clock: Clock
    _steadiness: Steadiness = field(default_factory=Steadiness)

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds once the time that is left, or wanted, is not worth using."""
        used = self.clock() - self.started_s
        leader = self._steadiness.look(progress, used)
        if leader.action == NO_ACTION:
            return None
        if leader.lead == math.inf:
            return StopReason("settled", "there is only one choice")
        if used < self.seconds:
            if leader.lead <= self._simulations_left(progress.simulations, used):
                return None
            return StopReason("settled", f"no other action can catch up within {self.seconds:g} seconds")
        if used - self._steadiness.since_s < SETTLED_SHARE * used or not leader.is_valued_most:
            return None
        return StopReason("settled", f"the best action is settled after {used:.3g} seconds")

    def _simulations_left(self, done: int, used: float) -> float:
        """What this run may still do before its time, guessed on the high side; anything while its speed is unknown."""
        if used < TOLERANCE_S:
            return math.inf
        return (done + TOLERANCE_SIMULATIONS) * (self.seconds - used) / used


@dataclass(slots=True)
class KldGainStopper:
    """Search has stopped learning: its visits are distributed as they were before.

    Lc0's rule: every `KLD_INTERVAL` new simulations the visits of the root's actions are compared with those of the
    last look; the gain is KL(old distribution, new distribution) / simulations between them, in nats per simulation.
    """

    least_gain: float
    _visits: NDArray[np.int64] | None = None
    _line: Line | None = None

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds at the first look that finds too small a gain; the first look after a re-rooting only takes stock."""
        new, old = root_visits(progress.tree), self._visits
        if old is None or self._line != progress.tree.line:
            self._visits, self._line = (new if new.any() else None), progress.tree.line
            return None
        between = int(new.sum() - old.sum())
        if between < KLD_INTERVAL:
            return None
        self._visits = new
        gain = kl_divergence(old, new) / between
        if gain >= self.least_gain:
            return None
        return StopReason("kld_gain", f"the last {between} simulations taught {gain:.2e} nats each")


def kl_divergence(old: NDArray[np.int64], new: NDArray[np.int64]) -> float:
    """KL(old, new) in nats of two visit counts [A], as distributions. Whatever `old` has visited `new` has too."""
    seen = old > 0
    before, after = old[seen] / old.sum(), new[seen] / new.sum()
    return float((before * np.log(before / after)).sum())


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


MOST_VISITS = 2**31 - 2**16
"""Visits are counted in 32 bits; the rest is room for a batch."""


@dataclass(frozen=True, slots=True)
class CountStopper:
    """The root has as many visits as can be counted: some hours of search with an intuition that costs nothing."""

    def reason(self, progress: Progress) -> StopReason | None:
        """Holds from that number on."""
        if int(progress.tree.stats["visits"][ROOT]) < MOST_VISITS:
            return None
        return StopReason("full", f"the root has {MOST_VISITS:,} visits, as many as can be counted")


BY_HAND = StopReason("by_hand", "stopped by hand")
EXHAUSTED = StopReason("exhausted", "the method has nothing left to look at")


def watchpoint_reason(hit: Hit) -> StopReason:
    """A watchpoint was reached; `hit_sentence` says it with the domain's own words."""
    return StopReason("watchpoint", hit_sentence(hit, plain_path), hit)


def stoppers_for(limits: Limits, clock: Clock = time.perf_counter) -> tuple[Stopper, ...]:
    """Fresh stoppers for one run: those that `limits` ask for, and those that always apply. The run starts now."""
    now = clock()
    stoppers: list[Stopper] = []
    if limits.mate is not None:  # before "solved", which it says more exactly
        stoppers.append(MateStopper(limits.mate))
    stoppers += [SolvedStopper(), NothingLeftStopper(), CountStopper()]
    if limits.simulations is not None:
        stoppers.append(SimulationsStopper(limits.simulations))
    if limits.seconds is not None:
        stoppers.append(SecondsStopper(limits.seconds, now, clock))
    if limits.memory_bytes is not None:
        stoppers.append(MemoryStopper(limits.memory_bytes))
    if limits.nodes is not None:
        stoppers.append(NodesStopper(limits.nodes))
    if limits.depth is not None:
        stoppers.append(DepthStopper(limits.depth))
    if limits.stable is not None:
        stoppers.append(StableStopper(limits.stable, limits.simulations))
    if limits.settle_seconds is not None:
        stoppers.append(SettledStopper(limits.settle_seconds, now, clock))
    if limits.kld_gain is not None:
        stoppers.append(KldGainStopper(limits.kld_gain))
    return tuple(stoppers)


def first_reason(stoppers: Iterable[Stopper], progress: Progress) -> StopReason | None:
    """The first reason that holds, or None."""
    return next((reason for stopper in stoppers if (reason := stopper.reason(progress))), None)
