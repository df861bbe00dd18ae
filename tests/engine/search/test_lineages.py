"""What a search shows an evaluator that reads history: the states before a leaf, in the tree and on the line to it."""

import numpy as np
import pytest

from engine.domains import registry
from engine.domains.base import Line
from engine.search.evaluator import Evaluation, Leaves
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings

FMT = "lc0_112"


class Witness:
    """Remembers the features it is shown; its priors send a search deep."""

    name, weights_hash, device = "witness", "", "none"
    fmt: str | None = FMT

    def __init__(self) -> None:
        self.seen: set[bytes] = set()

    def evaluate(self, leaves: Leaves) -> Evaluation:
        assert leaves.features is not None
        self.seen |= {features.tobytes() for features in leaves.features}
        logits = np.zeros(len(leaves.actions), np.float32)
        logits[leaves.offsets[:-1]] = 4.0
        return Evaluation(logits, np.tile(np.array([0.3, 0.4, 0.3], np.float32), (len(leaves.states), 1)))


@pytest.mark.parametrize("batch", [1, 16])
@pytest.mark.parametrize(
    "position",
    [
        "startpos",
        "startpos moves e2e4 e7e5 g1f3 g8f6 f3g1 f6g8",
        "4k3/8/8/8/3Pp3/8/8/4K3 b - d3 0 20",
        "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1 moves e1g1 e8c8",
    ],
)
def test_leaves_come_with_the_states_before_them(position: str, batch: int) -> None:
    rules, line = registry.rules("chess"), registry.notation("chess").parse_line(position)
    witness = Witness()
    search = Search(rules, witness, line, SearchSettings(batch=batch, prune_duplicates=False), lambda _: None)
    search.start_run(Limits(simulations=150))
    while search.advance() is None:
        pass
    in_play = np.flatnonzero(search.tree.facts["outcome"][: search.tree.num_nodes] == 0)
    for node in in_play:
        states = rules.load(Line(line.start, (*line.actions, *search.tree.path(int(node)))))[::-1][:8]
        lineage = np.zeros((1, 8), rules.state_dtype)
        lineage[0, : len(states)] = states
        expected = rules.encode(lineage, np.array([len(states)], np.int32), FMT)
        assert expected.tobytes() in witness.seen, search.tree.path(int(node))
    assert search.tree.facts["depth"][in_play].max() >= 4
