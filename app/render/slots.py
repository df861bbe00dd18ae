"""What one picture shows, as a table: slots for nodes, stubs and folds that are drawn, streaks for lines of a fold.

A *slot* is one thing with a place: a visited node; a *stub*, an action that was not visited yet; or a *fold*, a run of
neighbouring branches too small to be drawn apart, or all that is below one node, which carries their visits. Places are
in pixels of the drawing area. Values named `q`, `raw`, `low`, `high` are from the view of the player whose colours are
shown, in [-1, 1].

The constants below are compiled into `@kernel` functions; naming those here lets `engine.compiled` notice an edit.
"""

import numpy as np

NODE, STUB, FOLD = 0, 1, 2
"""Kinds of a slot."""

ON_MAIN_LINE, ON_PATH, GREYED, OUTSIDE, EXPANDED, PROVEN, WHOLE, FADED = 1, 2, 4, 8, 16, 32, 64, 128
"""Flags of a slot: on the principal variation; on the way to the selected node; pruned or below a pruned branch; beyond
the picture's edge (only its edge is drawn); its branches have slots of their own; its value is proven; a fold that
holds everything below its node; pruned, or below a branch pruned, only because the budget runs out: its values still
count."""
MARKED, CLOSED, GHOST = 256, 512, 1024
"""Further flags: marked by a person's question; folded by hand or by a rule (a node and the fold below it); there is no
such node in this tree, only in the one it is compared with."""

SLOT = np.dtype(
    [
        ("node", "<i4"),  # visited node; the owner of a stub or fold
        ("up", "<i4"),  # slot of the parent, -1 for the root
        ("edge", "<i4"),  # the edge it hangs on; -1 for the root and for folds
        ("visits", "<i4"),
        ("branches", "<i4"),  # branches in a fold, actions in a stub
        ("depth", "<i4"),
        ("marks", "<i4"),  # marked nodes within a fold
        ("flags", "<u2"),
        ("kind", "u1"),
        ("reason", "u1"),  # `PruneReason` of its edge
        ("outcome", "u1"),
        ("x", "<f4"),  # middle of a disc; right end of a rectangle
        ("y", "<f4"),
        ("top", "<f4"),  # its interval; a child's lies within its parent's (but: `app.render.polar`)
        ("bottom", "<f4"),
        ("angle", "<f4"),  # radial view: place on its ring, in radians
        ("far", "<f4"),  # radial view: distance from the centre, 1 = the outermost ring
        ("radius", "<f4"),
        ("prior", "<f4"),  # intuition's share among its siblings
        ("share", "<f4"),  # search's share: visits among its siblings
        ("q", "<f4"),
        ("raw", "<f4"),
        ("tone", "<f4"),  # what its colour says: q, or a lens; NaN = the lens has no value for it
        ("low", "<f4"),  # lowest and highest q within a fold
        ("high", "<f4"),
    ]
)

STREAK = np.dtype(
    [
        ("slot", "<i4"),
        ("visits", "<i4"),
        ("x", "<f4"),
        ("top", "<f4"),
        ("bottom", "<f4"),
        ("q", "<f4"),  # sums over its visits, as is the next
        ("tone", "<f4"),
        ("weight", "<i4"),  # visits that have a tone
    ]
)

MOST_SLOTS = 8192
MOST_STREAKS = 16384
MOST_DEPTH = 4096
"""The walk goes no deeper; what lies below is folded."""

SHRINK = 0.9
"""Each column is this much narrower than the one before it, so that any depth fits a finite width."""

COUNTS = np.dtype(
    [
        ("slots", "<i8"),
        ("streaks", "<i8"),
        ("shown", "<i8"),  # simulations that ended at a node drawn
        ("folded", "<i8"),  # simulations inside folds
        ("outside", "<i8"),  # simulations beyond the picture's edges
        ("depth", "<i8"),  # deepest column with a node
        ("motion", "<f8"),  # pixels by which the fastest node still has to move
    ]
)
"""What a walk reports. `shown + folded + outside` are the root's visits, always."""

SPREAD_BINS = 64
"""Bins over |q - q(root)| in [0, 2], weighted by drawn height: from them comes the automatic colour scale."""
