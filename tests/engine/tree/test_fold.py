"""The fold on hand-made events: what each event changes, and what it refuses."""

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains.base import Line
from engine.tree.columns import NO_NODE, BranchError, Pruned, SearchTree
from engine.tree.events import (
    JOURNAL_VERSION,
    Bounds,
    Header,
    JournalError,
    Prune,
    PruneReason,
    Reroot,
    Restore,
    Simulations,
    Switch,
    decode,
    decode_header,
    encode,
    encode_header,
    journal_sha256,
    pack,
)
from engine.tree.fold import FoldError, apply, first_simulations, fold_stream


def batch(*rows: tuple[int, int, float, int], outcome: int = 0) -> Simulations:
    """Simulations from (parent, edge, value, edges opened); actions count from 10, priors fall."""
    parent, edge, value, opened = zip(*rows, strict=True)
    total = sum(opened)
    priors = np.concatenate([np.linspace(0.6, 0.2, k) for k in opened]) if total else np.zeros(0)
    return Simulations(
        pack(np.array(parent), "<i4"),
        pack(np.array(edge), "<i4"),
        pack(np.array(value), "<f4"),
        pack(np.full(len(rows), 0.25), "<f4"),
        bytes([outcome] * len(rows)),
        pack(np.array(opened), "<u2"),
        pack(np.arange(10, 10 + total), "<u2"),
        pack(priors, "<f2"),
    )


def small_tree(players: int = 2) -> SearchTree:
    """Root (0) with three edges; children 1 on edge 0 and 2 on edge 2; 3 below 1 on edge 3."""
    tree = SearchTree(Line("start"), players)
    apply(tree, batch((-1, -1, 0.5, 3)))
    apply(tree, batch((0, 0, 0.25, 2), (0, 2, -0.5, 2)))
    apply(tree, batch((1, 3, 0.75, 1)))
    return tree


def test_values_change_sign_on_the_way_up_for_two_players_and_not_for_one() -> None:
    two, one = small_tree(2), small_tree(1)
    # root: .5, -.25, +.5, +.75 (two plies up); node 1: .25, -.75
    assert two.stats["value_sum"][:4].tolist() == [1.5, -0.5, -0.5, 0.75]
    assert one.stats["value_sum"][:4].tolist() == [1.0, 1.0, -0.5, 0.75]
    assert two.stats["visits"][:4].tolist() == [4, 2, 1, 1]
    assert two.stats["draw_sum"][:4].tolist() == [1.0, 0.5, 0.25, 0.25]


def test_nodes_know_their_place() -> None:
    tree = small_tree()
    assert tree.links["parent"][:4].tolist() == [-1, 0, 0, 1]
    assert tree.links["parent_edge"][:4].tolist() == [-1, 0, 2, 3]
    assert tree.links["visited_edges"][:4].tolist() == [3, 1, 0, 0]
    assert tree.facts["depth"][:4].tolist() == [0, 1, 1, 2]
    assert tree.stats["birth"][:4].tolist() == [1, 2, 3, 4]
    assert tree.path(3) == (10, 10)
    assert tree.line_to(3) == Line("start", (10, 10))
    assert tree.find_edge((10, 11)) == 4
    assert [tree.owner(edge) for edge in range(8)] == [0, 0, 0, 1, 1, 2, 2, 3]


@pytest.mark.parametrize("path", [(), (99,), (11, 10), (10, 10, 10, 10)])
def test_a_path_that_leaves_the_tree_is_named(path: tuple[int, ...]) -> None:
    with pytest.raises(BranchError) as caught:
        small_tree().find_edge(path)
    assert "'" not in str(caught.value)


def test_an_ended_state_has_exact_bounds() -> None:
    tree = SearchTree(Line("start"), 2)
    apply(tree, batch((-1, -1, 0.0, 2)))
    apply(tree, batch((0, 0, -1.0, 0), outcome=1))
    assert (tree.stats["lower"][1], tree.stats["upper"][1]) == (-1, -1)
    assert (tree.stats["lower"][0], tree.stats["upper"][0]) == (-1, 1)
    apply(tree, Bounds(2, pack(np.array([0]), "<i4"), bytes([1]), bytes([1]), bytes([3])))
    assert (tree.stats["lower"][0], tree.stats["upper"][0]) == (1, 1)


def test_prune_and_restore() -> None:
    tree = small_tree()
    cut = Prune(4, pack(np.array([2, 4]), "<i4"), bytes([3, 1]), pack(np.array([1.0, -1.0]), "<f4"))
    apply(tree, cut)
    assert tree.edge_pruned[:5].tolist() == [0, 0, PruneReason.BY_HAND, 0, PruneReason.PROVEN]
    assert tree.prunes == {2: Pruned(4, 1.0), 4: Pruned(4, -1.0)}
    apply(tree, Restore(4, pack(np.array([2]), "<i4")))
    assert tree.edge_pruned[:5].tolist() == [0, 0, 0, 0, PruneReason.PROVEN]
    assert list(tree.prunes) == [4]


def test_re_rooting_keeps_the_subtree_in_order_and_says_where_nodes_went() -> None:
    tree = small_tree()
    apply(tree, Prune(4, pack(np.array([4]), "<i4"), bytes([3]), pack(np.array([7.0]), "<f4")))
    mapping = apply(tree, Reroot(4, (10,), 1))
    assert mapping is not None
    assert mapping.tolist() == [-1, 0, -1, 1]
    assert tree.line == Line("start", (10,))
    assert (tree.num_nodes, tree.num_edges) == (2, 3)
    assert tree.links["parent"][:2].tolist() == [-1, 0]
    assert tree.links["parent_edge"][:2].tolist() == [-1, 0]
    assert tree.edge_child[:3].tolist() == [1, NO_NODE, NO_NODE]
    assert tree.stats["value_sum"][:2].tolist() == [-0.5, 0.75]
    assert tree.facts["depth"][:2].tolist() == [0, 1]
    assert tree.prunes == {1: Pruned(4, 7.0)}
    assert tree.edge_pruned[:3].tolist() == [0, PruneReason.BY_HAND, 0]
    assert tree.simulations == 4


def test_re_rooting_to_an_unvisited_state_starts_afresh() -> None:
    tree = small_tree()
    mapping = apply(tree, Reroot(4, (11,), NO_NODE))
    assert mapping is not None
    assert (mapping == -1).all()
    assert (tree.num_nodes, tree.num_edges) == (0, 0)
    apply(tree, batch((-1, -1, 0.5, 3)))
    assert tree.stats["visits"][0] == 1


@pytest.mark.parametrize(
    "event",
    [
        batch((-1, -1, 0.0, 2)),  # a second root
        batch((9, 1, 0.0, 1)),  # a parent that is not there
        batch((0, 0, 0.0, 1)),  # an edge that has a child
        batch((0, 4, 0.0, 1)),  # another node's edge
        batch((0, -2, 0.0, 1)),
        batch((0, 99, 0.0, 1)),
        batch((1, -1, 0.0, 3)),  # a revisit that opens edges
        Prune(4, pack(np.array([99]), "<i4"), b"\1", bytes(4)),
        Prune(4, pack(np.array([1]), "<i4"), b"\1\1", bytes(4)),
        Restore(4, pack(np.array([-1]), "<i4")),
        Bounds(4, pack(np.array([4]), "<i4"), b"\0", b"\0", b"\0"),
        Bounds(4, pack(np.array([0, 1]), "<i4"), b"\0", b"\0", b"\0"),
        Bounds(4, pack(np.array([1]), "<i4"), b"\0", b"\0", b""),
        Bounds(4, b"\0\0", b"\0", b"\0", b"\0"),
        Reroot(4, (1,), 50),
        Reroot(4, (1,), -3),
    ],
)
def test_an_event_that_does_not_fit_changes_nothing(event: Simulations) -> None:
    tree = small_tree()
    before = [column[: tree.num_nodes].tobytes() for column in (tree.links, tree.stats, tree.facts)]
    with pytest.raises(FoldError):
        apply(tree, event)
    assert (tree.num_nodes, tree.num_edges, tree.simulations) == (4, 8, 4)
    assert before == [column[: tree.num_nodes].tobytes() for column in (tree.links, tree.stats, tree.facts)]


def test_columns_of_different_lengths_are_refused() -> None:
    good = batch((0, 1, 0.0, 1))
    for field in ("parent", "value", "outcome", "prior"):
        bad = {name: getattr(good, name) for name in good.__struct_fields__}
        bad[field] = bad[field][:0]
        with pytest.raises(FoldError):
            apply(small_tree(), Simulations(**bad))


HEADER = Header(JOURNAL_VERSION, "chess", 2, "start", (1, 2), "gen-000", "ab", "puct", 7, {"c_puct": 1.5})
EVENTS = [
    batch((-1, -1, 0.5, 3)),
    batch((0, 0, 0.25, 2), (0, 2, -0.5, 2)),
    Prune(3, pack(np.array([1]), "<i4"), b"\3", bytes(4)),
    Switch(3, "gen-001", "cd", {}),
    Restore(3, pack(np.array([1]), "<i4")),
    Reroot(3, (10,), 1),
]


def test_a_stream_reads_back_and_its_hash_depends_on_every_byte() -> None:
    stream = b"".join(map(encode, EVENTS))
    assert list(decode(stream)) == EVENTS
    assert decode_header(encode_header(HEADER)) == HEADER
    known = journal_sha256(HEADER, [stream])
    assert known == journal_sha256(HEADER, [encode(event) for event in EVENTS])
    changed = bytearray(stream)
    changed[20] ^= 1
    assert journal_sha256(HEADER, [bytes(changed)]) != known


@given(cut=st.integers(0, 10_000))
def test_a_stream_cut_off_anywhere_is_read_up_to_there(cut: int) -> None:
    stream = b"".join(map(encode, EVENTS))
    sizes = np.cumsum([len(encode(event)) for event in EVENTS])
    cut = min(cut, len(stream))
    whole = int((sizes <= cut).sum())
    read: list[object] = []
    if cut in (0, *sizes.tolist()):
        read.extend(decode(stream[:cut]))
    else:
        with pytest.raises(JournalError, match="cut off"):
            read.extend(decode(stream[:cut]))
    assert read == EVENTS[:whole]


@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_damaged_stream_never_does_more_than_say_so(place: int, value: int) -> None:
    stream = bytearray(b"".join(map(encode, EVENTS)))
    stream[place % len(stream)] = value
    tree = SearchTree(Line("start"), 2)
    with contextlib.suppress(JournalError, FoldError):
        fold_stream(tree, bytes(stream))
    assert tree.num_nodes <= 3


def test_another_version_is_named() -> None:
    newer = Header(99, "chess", 2, "start", (), "g", "", "puct", 0, {})
    with pytest.raises(JournalError, match="99"):
        decode_header(encode_header(newer))
    with pytest.raises(JournalError):
        decode_header(b"nonsense")


def test_a_batch_can_be_taken_in_part() -> None:
    event = EVENTS[1]
    assert isinstance(event, Simulations)
    part = first_simulations(event, 1)
    assert part == batch((0, 0, 0.25, 2))
    assert first_simulations(event, 5) is event
