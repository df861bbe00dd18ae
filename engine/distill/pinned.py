"""Positions that are pinned while a network learns: what it thinks of them is asked again and again."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from engine.distill.opinions import Opinion, opinions
from engine.domains.base import Line, Rules
from engine.nets.policy_value_net import PolicyValueNet

_EVERY_S = 2.0


class PinnedPositions:
    """Positions to ask a network about.

    Args:
        lines: the positions.
        clock: seconds, rising.

    Raises:
        PositionError, ActionError: one of them is none.
    """

    def __init__(self, rules: Rules, lines: Sequence[Line], clock: Callable[[], float] = time.perf_counter) -> None:
        self._rules, self._clock = rules, clock
        self._states = np.concatenate([rules.load(line)[-1:] for line in lines]) if lines else None
        self._due_s = -np.inf

    def asked(self, network: PolicyValueNet) -> tuple[Opinion, ...]:
        """What `network` thinks of each of them now."""
        if self._states is None:
            return ()
        found = opinions(self._rules, network, self._states)
        self._due_s = self._clock() + _EVERY_S
        return found

    def if_due(self, network: Callable[[], PolicyValueNet], *, now: bool = False) -> tuple[Opinion, ...]:
        """The same, but nothing unless it is time, or `now`."""
        if self._states is None or (self._clock() < self._due_s and not now):
            return ()
        return self.asked(network())
