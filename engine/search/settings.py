"""Settings and limits of a search: frozen records with the meaning of every field beside it."""

from typing import Annotated

import msgspec

Positive = Annotated[int, msgspec.Meta(gt=0)]


class SearchSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a search chooses. Defaults follow Lc0's published parameters (`src/search/classic/params.cc`)."""

    method: str = "puct"
    """"puct", or "intuition": the root is evaluated and nothing is searched."""
    batch: Annotated[int, msgspec.Meta(ge=1, le=4096)] = 32
    """Leaves evaluated together; 1 gives exactly the sequential search. Higher is faster and a little less exact."""
    seed: int = 0
    """Recorded with every result; PUCT without root noise draws no random numbers."""
    c_puct: Annotated[float, msgspec.Meta(ge=0)] = 1.745
    """Exploration constant: higher searches wider, lower searches deeper."""
    c_puct_base: Annotated[float, msgspec.Meta(gt=0)] = 38739.0
    """Visits at which the logarithmic growth of exploration sets in."""
    c_puct_factor: Annotated[float, msgspec.Meta(ge=0)] = 3.894
    """Weight of that growth."""
    fpu_reduction: Annotated[float, msgspec.Meta(ge=0, le=2)] = 0.33
    """First-play urgency: an unvisited action counts as the parent's value less this times sqrt(visited prior)."""
    policy_temperature: Annotated[float, msgspec.Meta(gt=0)] = 1.0
    """Softmax temperature of priors: higher is flatter."""
    prune_out_of_reach: bool = True
    """Cut root actions that cannot catch up within the simulations left."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """When a run ends: at the first limit reached. None = no such limit."""

    simulations: Annotated[int, msgspec.Meta(gt=0)] | None = None
    """New simulations in this run."""
    seconds: Annotated[float, msgspec.Meta(gt=0)] | None = None
    """Wall-clock time of this run."""
    memory_bytes: Annotated[int, msgspec.Meta(gt=0)] | None = None
    """Size of tree and states together."""
