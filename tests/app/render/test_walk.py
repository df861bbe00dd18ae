"""The layout: what every picture of every tree must keep to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.camera import FIT, Camera, column_x, from_pixels, kept_in_view, to_pixels
from app.render.picture import TreePicture
from app.render.room import final_weights, locate
from app.render.slots import FADED, FOLD, GREYED, NODE, ON_MAIN_LINE, ON_PATH, OUTSIDE, STUB
from engine.domains.base import Line
from engine.tree.columns import NO_NODE, ROOT, SearchTree
from engine.tree.events import PruneReason, Recycle
from engine.tree.explain import principal_variation
from engine.tree.fold import apply
from tests.app.render.drawn import children_of, live, nodes, picture_of, recounted, searched

ROUNDING = 0.01
"""Pixels that float32 places may differ by at the sizes drawn here."""

TREES = {(n, players): searched(n, seed=n, num_players=players) for n in (1, 2, 7, 60, 400, 3000) for players in (1, 2)}

trees = st.sampled_from(sorted(TREES)).map(lambda key: TREES[key].tree)
cameras = st.builds(
    lambda zoom, x, y: kept_in_view(Camera(x, y * (1.0 - 1.0 / zoom), 1.0 / zoom)),
    st.floats(0.0, 4.0).map(lambda power: 10.0**power),
    st.floats(0.0, 6.0),
    st.floats(0.0, 1.0),
)


def seen_from(tree: SearchTree, camera: Camera, seat_sign: int = 1) -> TreePicture:
    picture = picture_of(tree, seat_sign)
    picture.camera = picture.target = camera
    picture.draw()
    return picture


@given(tree=trees, camera=cameras)
def test_visits_are_conserved_at_every_zoom(tree: SearchTree, camera: Camera) -> None:
    picture = picture_of(tree)
    picture.camera = picture.target = camera
    visible = picture.draw()
    assert visible.shown + visible.folded + visible.outside == tree.stats["visits"][ROOT]
    shown, folded = recounted(picture)
    assert visible.shown == shown
    # Branches right of the picture's edge are folded without a glyph of their own.
    assert visible.folded >= folded if camera != FIT else visible.folded == folded


@given(tree=trees, camera=cameras)
def test_branches_share_their_parents_interval_in_order(tree: SearchTree, camera: Camera) -> None:
    slots = live(seen_from(tree, camera))
    for at in range(len(slots)):
        branches = children_of(slots, at)
        if not len(branches) or slots["kind"][at] != NODE:
            continue
        scale = max(1.0, abs(float(slots["top"][at])), abs(float(slots["bottom"][at])))
        slack = ROUNDING + 1e-6 * scale
        assert (branches["top"] >= slots["top"][at] - slack).all()
        assert (branches["bottom"] <= slots["bottom"][at] + slack).all()
        assert (branches["top"][1:] >= branches["bottom"][:-1] - slack).all()
        edges = branches["edge"][branches["edge"] >= 0]
        assert (np.diff(edges) > 0).all()


@given(tree=trees, camera=cameras)
def test_a_node_can_be_located_without_being_drawn(tree: SearchTree, camera: Camera) -> None:
    picture = seen_from(tree, camera)
    for slot in nodes(picture)[:40]:
        depth, top, bottom = locate(tree, int(slot["node"]))
        x, upper = to_pixels(picture.camera, picture.frame, column_x(depth), top)
        _, lower = to_pixels(picture.camera, picture.frame, 0.0, bottom)
        slack = ROUNDING + 1e-5 * (abs(upper) + abs(lower))
        assert slot["top"] == pytest.approx(upper, abs=slack)
        assert slot["bottom"] == pytest.approx(lower, abs=slack)
        assert slot["x"] == pytest.approx(x, abs=slack)


def test_a_node_that_is_cut_by_the_edge_stays_in_the_part_that_is_seen() -> None:
    tree = TREES[3000, 2].tree
    deep = nodes(picture_of(tree))[-1]
    picture = seen_from(tree, FIT)
    x, y = from_pixels(picture.camera, picture.frame, float(deep["x"]), float(deep["y"]))
    picture.camera = picture.target = kept_in_view(Camera(0.0, y - 0.0005, 0.001))
    picture.draw()
    root = nodes(picture)[0]
    assert root["node"] == ROOT
    assert root["bottom"] - root["top"] > 100 * picture.frame.height
    assert 0.0 <= root["y"] <= picture.frame.height
    assert (nodes(picture)["y"] >= -50.0).all()
    assert (nodes(picture)["y"] <= picture.frame.height + 50.0).all()
    assert x > 0.0


def test_more_visits_never_mean_less_room_among_brothers() -> None:
    tree = TREES[3000, 2].tree
    run = tree.edge_run(ROOT)
    child, weights = tree.edge_child[run], final_weights(tree, ROOT)
    free = (child >= 0) & (tree.edge_pruned[run] == 0)
    order = np.argsort(tree.stats["visits"][child[free]])
    assert (np.diff(weights[free][order]) >= 0).all()
    assert weights[free].max() > 10 * weights[child < 0].max(initial=0.0)


def test_discs_of_a_column_do_not_touch() -> None:
    for key, search in TREES.items():
        drawn = nodes(picture_of(search.tree))
        for depth in np.unique(drawn["depth"]):
            column = drawn[drawn["depth"] == depth]
            column = column[np.argsort(column["y"])]
            gaps = np.diff(column["y"]) - column["radius"][1:] - column["radius"][:-1]
            assert (gaps > -0.01).all(), key


def test_places_hardly_move_while_a_large_tree_grows() -> None:
    search = searched(20_000, seed=5)
    before = {int(slot["node"]): float(slot["y"]) for slot in nodes(picture_of(search.tree))}
    search.grow(200)
    after = nodes(picture_of(search.tree))
    moved = [abs(before[int(slot["node"])] - float(slot["y"])) for slot in after if int(slot["node"]) in before]
    assert len(moved) > 60
    assert np.median(moved) < 3.0
    assert max(moved) < 30.0


def test_places_flow_to_where_they_would_be_drawn_at_once() -> None:
    search = searched(300, seed=3)
    picture = picture_of(search.tree)
    before = {int(slot["node"]): float(slot["y"]) for slot in nodes(picture)}
    search.grow(300)
    picture.refresh()
    steps = []
    for _ in range(80):
        visible = picture.draw(ease=0.2)
        now = {int(slot["node"]): float(slot["y"]) for slot in nodes(picture)}
        steps.append(max(abs(now[node] - before[node]) for node in now if node in before))
        before = now
    assert visible.is_moving is False
    assert max(steps) < 90.0  # nothing jumps
    assert steps[-1] < 0.1  # and in the end all is still
    still = {int(slot["node"]): float(slot["y"]) for slot in nodes(picture_of(search.tree))}
    assert all(abs(before[node] - y) < 1.5 for node, y in still.items() if node in before)


def test_motion_can_be_frozen() -> None:
    search = searched(300, seed=3)
    picture = picture_of(search.tree)
    search.grow(300)
    picture.draw(ease=1.0)
    picture.draw(ease=1.0)
    still = {int(slot["node"]): float(slot["y"]) for slot in nodes(picture_of(search.tree))}
    assert all(abs(float(slot["y"]) - still[int(slot["node"])]) < 0.5 for slot in nodes(picture))


def tiny_tree(num_players: int) -> SearchTree:
    """A root, a good and a bad answer, each seen once more; third and fourth action unvisited, the fourth pruned.

    Values at the children are from the player to move there: +0.6 is bad for the root's player of two.
    """
    tree = SearchTree(Line("tiny"), num_players, num_nodes=3, num_edges=4, simulations=3)
    tree.links[0] = (-1, -1, 0, 4, 2)
    tree.links[1] = (0, 0, 4, 0, 0)
    tree.links[2] = (0, 1, 4, 0, 0)
    sign = tree.sign
    tree.stats["visits"][:3] = (11, 6, 4)
    tree.stats["value_sum"][:3] = (0.0, sign * 0.4 * 6, sign * -0.6 * 4)
    tree.facts["raw_value"][:3] = (0.0, sign * 0.1, sign * -0.2)
    tree.stats["lower"][:3], tree.stats["upper"][:3] = -1, 1
    tree.facts["depth"][:3] = (0, 1, 1)
    tree.edge_prior[:4] = np.array([0.5, 0.25, 0.15, 0.1], np.float16).view(np.uint16)
    tree.edge_child[:4] = (1, 2, NO_NODE, NO_NODE)
    tree.edge_pruned[3] = PruneReason.BY_HAND
    return tree


@pytest.mark.parametrize("num_players", [1, 2])
@pytest.mark.parametrize("seat_sign", [1, -1])
def test_values_are_from_the_shown_players_view(num_players: int, seat_sign: int) -> None:
    drawn = nodes(picture_of(tiny_tree(num_players), seat_sign))
    assert drawn["node"].tolist() == [0, 1, 2]
    assert drawn["q"] == pytest.approx([0.0, seat_sign * 0.4, seat_sign * -0.6], abs=1e-6)
    assert drawn["raw"] == pytest.approx([0.0, seat_sign * 0.1, seat_sign * -0.2], abs=1e-6)


def test_shares_priors_and_stubs_of_a_tree_written_by_hand() -> None:
    slots = live(picture_of(tiny_tree(2)))
    assert slots["kind"].tolist() == [NODE, NODE, NODE, STUB, STUB]
    assert slots["prior"][1:] == pytest.approx([0.5, 0.25, 0.15, 0.1], abs=1e-3)
    assert slots["share"][1:3] == pytest.approx([0.6, 0.4])
    assert slots["reason"].tolist() == [0, 0, 0, 0, PruneReason.BY_HAND]
    assert (slots["flags"] & GREYED != 0).tolist() == [False, False, False, False, True]
    weights = final_weights(tiny_tree(2), ROOT)
    heights = slots["bottom"][1:] - slots["top"][1:]
    assert heights / heights.sum() == pytest.approx(weights / weights.sum(), abs=1e-4)


def test_everything_below_a_cut_is_greyed_and_has_less_room() -> None:
    search = searched(2000, seed=8)
    tree = search.tree
    tree.edge_pruned[:] = 0
    before = picture_of(tree)
    child = int(nodes(before)[1]["node"])
    edge = int(tree.links["parent_edge"][child])
    room = float(nodes(before)[1]["bottom"] - nodes(before)[1]["top"])
    for reason, faded in ((PruneReason.BY_HAND, False), (PruneReason.PROVEN, False), (PruneReason.OUT_OF_REACH, True)):
        search.cut(edge, reason)
        slots = live(picture_of(tree))
        below = np.zeros(len(slots), bool)
        for at in range(1, len(slots)):
            below[at] = slots["node"][at] == child or below[slots["up"][at]]
        assert below.sum() > 5
        assert (slots["flags"][below] & GREYED != 0).all()
        assert (slots["flags"][~below] & GREYED == 0).all()
        assert (slots["flags"][below] & FADED != 0).all() == faded
        assert float(slots["bottom"][below][0] - slots["top"][below][0]) < 0.9 * room


def test_the_main_line_and_the_way_to_a_node_are_marked() -> None:
    tree = TREES[3000, 2].tree
    picture = picture_of(tree)
    chosen = int(nodes(picture)[60]["node"])
    picture.draw(chosen)
    drawn = nodes(picture)
    actions = principal_variation(tree)
    marked = [int(n) for n in drawn["node"][drawn["flags"] & ON_MAIN_LINE != 0]]
    assert marked[0] == ROOT
    assert [tree.path(n) for n in marked] == [tuple(actions[:depth]) for depth in range(len(marked))]
    way = {int(n) for n in drawn["node"][drawn["flags"] & ON_PATH != 0]}
    up, expected = chosen, set()
    while up >= 0:
        expected.add(up)
        up = int(tree.links["parent"][up])
    assert way == expected


def test_folds_say_how_values_range_within_them() -> None:
    tree = TREES[3000, 2].tree
    picture = picture_of(tree)
    slots = live(picture)
    folds = slots[(slots["kind"] == FOLD) & (slots["branches"] > 1)]
    assert len(folds) > 3
    assert (folds["low"] <= folds["q"] + 1e-6).all()
    assert (folds["q"] <= folds["high"] + 1e-6).all()
    assert (folds["visits"] >= folds["branches"]).all()


def test_a_wide_tree_never_overflows_the_slots() -> None:
    """Capacity is a limit of the picture, not of the tree: what finds no slot is folded and counted."""
    search = searched(3000, seed=2)
    picture = picture_of(search.tree)
    picture.slots = picture.slots[:20].copy()
    visible = picture.draw()
    assert picture.num_slots <= 20
    assert visible.shown + visible.folded + visible.outside == search.tree.stats["visits"][ROOT]


def test_off_screen_branches_keep_their_edges_only() -> None:
    picture = seen_from(TREES[3000, 2].tree, kept_in_view(Camera(0.0, 0.45, 0.05)))
    slots = live(picture)
    outside = slots[slots["flags"] & OUTSIDE != 0]
    assert len(outside)
    assert not np.isin(np.flatnonzero(slots["flags"] & OUTSIDE != 0), slots["up"]).any()


def recycled(tree: SearchTree, below: int) -> np.ndarray:
    return apply(tree, Recycle(tree.simulations, below, b""))


def test_nothing_moves_when_room_is_made() -> None:
    tree = searched(3000, seed=8).tree
    picture = picture_of(tree)
    camera = Camera(0.5, 0.2, 0.5)
    picture.camera = picture.target = camera
    picture.draw()
    before = {int(slot["node"]): (float(slot["x"]), float(slot["y"])) for slot in nodes(picture)}
    large = {node for node in before if tree.stats["visits"][node] > 60}
    mapping = recycled(tree, 20)
    assert (mapping < 0).any()
    assert mapping[ROOT] == ROOT
    picture.follow(mapping, 1)
    assert (picture.camera, picture.target) == (camera, camera)
    picture.draw(ease=0.3)
    after = {int(slot["node"]): (float(slot["x"]), float(slot["y"])) for slot in nodes(picture)}
    assert large
    for node in large:
        assert after[int(mapping[node])] == pytest.approx(before[node], abs=1.0)


def test_what_is_on_screen_can_be_pointed_at_before_the_next_frame() -> None:
    tree = searched(3000, seed=8).tree
    picture = picture_of(tree)
    slots = [(float(s["x"]), float(s["y"]), int(s["node"])) for s in nodes(picture) if s["radius"] > 4]
    mapping = recycled(tree, 20)
    picture.follow(mapping, 1)
    for x, y, node in slots:
        assert picture.node_at(x, y) == mapping[node]


def test_lent_visits_do_not_widen_an_edge() -> None:
    tree = searched(400, seed=3).tree
    child = int(tree.edge_child[tree.edge_run(ROOT)].max())
    before = picture_of(tree)
    tree.stats["visits"][child] += 1000
    tree.stats["borrowed"][child] += 1000
    after = picture_of(tree)
    share = [float(p.slots["share"][p.slot_of(child)]) for p in (before, after)]
    assert share[0] == pytest.approx(share[1])


def test_only_what_a_budget_gave_up_keeps_its_colours() -> None:
    for reason in PruneReason:
        search = searched(400, seed=3)
        edge = search.tree.edge_run(ROOT).start
        search.cut(edge, reason)
        picture = picture_of(search.tree)
        slot = picture.slots[picture.slot_of(int(search.tree.edge_child[edge]))]
        is_faded = bool(slot["flags"] & FADED)
        assert slot["flags"] & GREYED
        assert slot["reason"] == reason
        assert is_faded == (reason in (PruneReason.OUT_OF_REACH, PruneReason.ELIMINATED))
