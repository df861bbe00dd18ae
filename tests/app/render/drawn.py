"""Pictures for the tests of drawing: small, of synthetic trees, and recounted without the kernels that drew them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.render.palette import make_palette
from app.render.picture import TreePicture
from app.render.slots import EXPANDED, FOLD, NODE, OUTSIDE, WHOLE
from app.render.synthetic import SyntheticSearch, synthetic_search
from app.theme import DARK
from engine.tree.columns import SearchTree

SIZE = (900, 600)


def picture_of(tree: SearchTree, seat_sign: int = 1, size: tuple[int, int] = SIZE, zoom: float = 1.0) -> TreePicture:
    """A picture that has been drawn once, with everything in its place."""
    picture = TreePicture(make_palette(DARK))
    picture.resize(*size, zoom)
    picture.show(tree, seat_sign)
    picture.draw()
    return picture


def searched(simulations: int, seed: int = 1, num_players: int = 2) -> SyntheticSearch:
    return synthetic_search(simulations, seed=seed, num_players=num_players)


def live(picture: TreePicture) -> NDArray[Any]:
    return picture.slots[: picture.num_slots]


def nodes(picture: TreePicture) -> NDArray[Any]:
    """Slots of nodes within the picture."""
    slots = live(picture)
    return slots[(slots["kind"] == NODE) & (slots["flags"] & OUTSIDE == 0)]


def recounted(picture: TreePicture) -> tuple[int, int]:
    """Simulations that ended at drawn nodes, and those inside folds, from the tree and the slots alone."""
    tree, slots = picture.tree, live(picture)
    assert tree is not None
    whole = set(slots["up"][(slots["flags"] & WHOLE != 0) & (slots["kind"] == FOLD)])
    shown = 0
    for at, slot in enumerate(slots):
        if slot["kind"] != NODE or slot["flags"] & OUTSIDE:
            continue
        node = int(slot["node"])
        visits = int(tree.stats["visits"][node])
        if slot["flags"] & EXPANDED:
            children = tree.edge_child[tree.edge_run(node)]
            shown += visits - int(tree.stats["visits"][children[children >= 0]].sum())
        else:
            shown += 1 if at in whole else visits
    return shown, int(slots["visits"][slots["kind"] == FOLD].sum())


def children_of(slots: NDArray[Any], at: int) -> NDArray[Any]:
    return slots[(slots["up"] == at) & (np.arange(len(slots)) > 0)]
