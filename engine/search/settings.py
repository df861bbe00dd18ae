"""Settings of a search: a frozen record with the meaning of every field beside it."""

from typing import Annotated

import msgspec

METHODS = ("puct", "gumbel", "uct", "best-of-n", "beam", "intuition")

MethodName = Annotated[str, msgspec.Meta(pattern=f"^({'|'.join(METHODS)})$")]


class SearchSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a search chooses. Defaults of PUCT follow Lc0's published parameters (`src/search/classic/params.cc`)."""

    method: MethodName = "puct"
    """How simulations are dealt out (`engine.search.methods`); "intuition" evaluates the root and searches nothing."""
    batch: Annotated[int, msgspec.Meta(ge=1, le=4096)] = 32
    """Leaves evaluated together; 1 gives exactly the sequential search. Higher is faster and a little less exact."""
    overlap: bool = True
    """Gather the next batch while a network on a device of its own evaluates this one; not with a batch of 1."""
    seed: int = 0
    """Of every random number; searches that draw none record it all the same."""

    c_puct: Annotated[float, msgspec.Meta(ge=0)] = 1.745
    """Exploration constant: higher searches wider, lower searches deeper."""
    c_puct_base: Annotated[float, msgspec.Meta(gt=0)] = 38739.0
    """Visits at which the logarithmic growth of exploration sets in."""
    c_puct_factor: Annotated[float, msgspec.Meta(ge=0)] = 3.894
    """Weight of that growth."""
    fpu_reduction: Annotated[float, msgspec.Meta(ge=0, le=2)] = 0.33
    """First-play urgency: an unvisited action counts as the parent's value less this times sqrt(visited prior)."""
    policy_temperature: Annotated[float, msgspec.Meta(gt=0)] = 1.4
    """Softmax temperature of priors: higher is flatter. Measured for generation 0; Lc0 has 1.359."""
    root_noise: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    """Share of Dirichlet noise in the root's priors; for training only (AlphaZero: 0.25)."""
    root_noise_alpha: Annotated[float, msgspec.Meta(gt=0)] = 0.3
    """Concentration of that noise (AlphaZero: 0.3 in chess)."""

    considered: Annotated[int, msgspec.Meta(ge=0)] = 0
    """Gumbel: root actions that take part in sequential halving; 0 = one for every 8 simulations, from 2 to 16."""
    gumbel_scale: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """Gumbel: scale of the noise; 1 explores as training needs it, 0 plays the same move every time."""
    c_visit: Annotated[float, msgspec.Meta(ge=0)] = 50.0
    """Improved policy: visits added to the largest count in sigma."""
    c_scale: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    """Improved policy: weight of values against priors in sigma (the paper's for board games)."""

    c_uct: Annotated[float, msgspec.Meta(ge=0)] = 1.4
    """UCT: width of the confidence bound, for values in [-1, 1]."""
    width: Annotated[int, msgspec.Meta(ge=1)] = 8
    """Beam: states kept at every depth, and actions tried at each."""

    look_for_wins: bool = True
    """Visit an action next that ends play with a win at once, wherever one is seen."""
    prune_out_of_reach: bool = True
    """Cut root actions that cannot catch up within the simulations left."""
    prune_duplicates: bool = True
    """Cut actions that lead to a state which the tree has already, or to its mirror image."""

    memory_bytes: Annotated[int, msgspec.Meta(ge=2**20)] = 2**31
    """Size that tree and states may reach; then the least visited subtrees are recycled."""
    cache_positions: Annotated[int, msgspec.Meta(ge=0)] = 100_000
    """Evaluations of a network that are remembered, so that a transposition is not evaluated twice."""
