"""When a run ends: limits that combine freely, as one frozen record that goes over the wire.

What each of them means while a search runs is in `engine.search.stoppers`.
"""

from typing import Annotated

import msgspec

Count = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(gt=0)]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """A run ends at the first limit reached; None = no such limit.

    Whatever stands here, a run also ends when the value of the root is proven, when every action of the root is
    pruned, and by hand.
    """

    simulations: Count | None = None
    """New simulations in this run."""
    is_step: bool = False
    """A run to be watched: nothing is decided at its end, so nothing is given up as out of reach of it."""
    seconds: Seconds | None = None
    """Wall-clock time of this run."""
    settle_seconds: Seconds | None = None
    """Time after which the run ends as soon as its best action is settled (`SettledStopper`); for play on a clock."""
    memory_bytes: Count | None = None
    """Size of tree and states together."""
    nodes: Count | None = None
    """Positions in the tree, those kept from earlier runs included."""
    depth: Count | None = None
    """Length of the principal variation, in actions."""
    mate: Count | None = None
    """A win is proven that takes at most this many actions of the player to move at the root."""
    stable: Count | None = None
    """The most visited action has been the same for this many simulations, and as many more cannot change it."""
    kld_gain: Annotated[float, msgspec.Meta(gt=0)] | None = None
    """Least information gained, nats per simulation; Lc0's training runs went down from 340e-6 to 40e-6."""
