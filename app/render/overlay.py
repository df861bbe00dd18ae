"""What a person lays over a tree's picture: folds, marks, a lens, and another tree's room. Kept by node."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.render.folding import NO_FOLDS, FoldRules, fold_column, followed
from app.render.lens import Lens
from app.render.room import Layout, Looks, plain_looks
from engine.compiled import kernel
from engine.tree.columns import SearchTree


class Overlay:
    """All of it for one picture.

    Attributes:
        folding: what is folded. lens: what colours say, None = values. looks: the columns that the kernels read.
    """

    def __init__(self) -> None:
        self.folding = NO_FOLDS
        self.lens: Lens | None = None
        self.looks: Looks = plain_looks()

    def clear(self) -> None:
        """Another tree: nothing of it means anything any more, but for the rules of folding."""
        self.folding = FoldRules(pruned=self.folding.pruned, below=self.folding.below)
        self.lens, self.looks = None, plain_looks()

    def take(self, other: "Overlay") -> None:
        """The same as another picture of the same tree has; columns are shared."""
        self.folding, self.lens, self.looks = other.folding, other.lens, other.looks

    def set_folding(self, rules: FoldRules) -> None:
        """Fold other branches."""
        self.folding = rules
        self.looks = self.looks._replace(folds=fold_column(rules))

    def set_room(self, visits: NDArray[np.integer[Any]] | None) -> None:
        """Give every node the room of these visits [N] instead of its own; None = its own."""
        self.looks = self.looks._replace(room=np.array([] if visits is None else visits, np.int32))

    def set_marks(self, tree: SearchTree | None, marks: NDArray[np.uint8] | None) -> None:
        """Mark the nodes where `marks` [up to N] is not 0, and count them in every subtree; None = no marks."""
        column = np.zeros(0, np.uint8) if marks is None or tree is None else (np.asarray(marks) != 0).astype(np.uint8)
        if tree is not None:
            column = column[: tree.num_nodes]
        within = column.astype(np.int32)
        if tree is not None and len(within) > 1:
            _sum_up(tree.links, within)
        self.looks = self.looks._replace(marks=column, within=within)

    def set_tint(self, values: NDArray[np.floating[Any]] | None, lens: Lens | None) -> None:
        """Colour nodes by `values` [up to N] on the scale of a lens; None = by their values."""
        self.lens = lens if values is not None else None
        column = np.array([] if values is None else values, np.float32)
        # No values at all must not look like no lens.
        self.looks = self.looks._replace(tint=column if values is None or len(column) else np.full(1, np.nan, "f4"))

    def follow(self, tree: SearchTree, mapping: NDArray[np.int32]) -> None:
        """Nodes got other numbers, -1 = gone; folds, marks and colours go with them."""
        self.set_folding(followed(self.folding, mapping))
        self.set_room(None)
        if len(self.looks.marks):
            self.set_marks(tree, _moved(self.looks.marks, mapping, 0))
        if self.lens is not None:
            self.looks = self.looks._replace(tint=_moved(self.looks.tint, mapping, np.nan))

    def layout(self, *, exact: bool) -> Layout:
        """The weights in use, for whoever has to find a node that is not drawn."""
        return Layout(exact, self.folding.pruned, self.looks)


def _moved(column: NDArray[Any], mapping: NDArray[np.int32], nothing: float) -> NDArray[Any]:
    """A column by node, by the new numbers."""
    count = min(len(column), len(mapping))
    kept = np.flatnonzero(mapping[:count] >= 0)
    moved = np.full(int(mapping[kept].max()) + 1 if len(kept) else 1, nothing, column.dtype)
    moved[mapping[kept]] = column[kept]
    return moved


@kernel
def _sum_up(links, within):
    """Add up what is within every node's subtree; parents stand before their children."""
    for node in range(len(within) - 1, 0, -1):
        within[links[node].parent] += within[node]
