"""Steps by keys."""

from app.render import steps
from engine.tree.columns import NO_NODE, ROOT
from engine.tree.explain import principal_variation
from tests.app.render.drawn import searched


def test_there_and_back() -> None:
    tree = searched(500).tree
    node = steps.best_child(tree, ROOT)
    assert tree.path(node) == tuple(principal_variation(tree)[:1])
    assert steps.parent(tree, node) == ROOT
    assert steps.parent(tree, ROOT) == NO_NODE


def test_siblings_are_visited_once_each_in_the_pictures_order() -> None:
    tree = searched(500).tree
    children = [int(c) for c in tree.edge_child[tree.edge_run(ROOT)] if c >= 0]
    walked = [children[0]]
    while (below := steps.sibling(tree, walked[-1], 1)) >= 0:
        walked.append(below)
    assert walked == children
    assert steps.sibling(tree, walked[-1], -1) == walked[-2]
    assert steps.sibling(tree, children[0], -1) == NO_NODE
    assert steps.sibling(tree, ROOT, 1) == NO_NODE


def test_a_leaf_has_no_best_child() -> None:
    tree = searched(500).tree
    leaf = int((tree.stats["visits"][: tree.num_nodes] == 1).nonzero()[0][-1])
    assert steps.best_child(tree, leaf) == NO_NODE
