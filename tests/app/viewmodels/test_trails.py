"""Trails: the same shares as a fold of the journal by hand, kept in bounded room, one root at a time."""

import numpy as np
import pytest

from app.viewmodels.phrases import Phrases
from app.viewmodels.replica import Replica, replay
from app.viewmodels.trails import CAPACITY, MOST_SHOWN, Trails, root_visits, trails_record
from engine.domains.base import Line
from engine.domains.registry import notation, rules
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree import explain
from engine.tree.columns import SearchTree
from engine.tree.events import Simulations, pack
from engine.tree.fold import apply, empty_tree, fold_stream
from engine.tree.selection import selection_parameters

CHESS = Phrases(notation("chess"))


def searched(simulations: int, *plays: int) -> tuple[Replica, bytes]:
    """A search from the start, re-rooted by each rank of `plays` and searched again."""
    parts: list[bytes] = []
    search = Search(
        rules("chess"), HashEvaluator(), CHESS.notation.parse_line("startpos"), SearchSettings(), parts.append
    )
    for rank in (None, *plays):
        if rank is not None:
            found = explain.candidates(search.tree, 0, selection_parameters(search.header.settings))
            search.play((int(found.action[rank]),))
        search.start_run(Limits(simulations=simulations))
        while search.advance() is None:
            pass
    replica = Replica(search.header)
    for part in parts:
        replica.receive(part, replica.size)
    return replica, b"".join(parts)


def record_of(replica: Replica, **words: bool):
    return trails_record(replica.trails, replica.tree, CHESS, **words)


def two_moves() -> SearchTree:
    """A root with the actions 3 (prior 0.75) and 5 (0.25), neither visited."""
    tree = SearchTree(Line("startpos"), 2)
    apply(tree, batch([-1], [-1], [2], [3, 5], [0.75, 0.25]))
    return tree


def batch(parent, edge, num_edges, action=(), prior=()) -> Simulations:
    zeros = pack(np.zeros(len(parent)), "<f4")
    return Simulations(
        parent=pack(np.array(parent), "<i4"),
        edge=pack(np.array(edge), "<i4"),
        value=zeros,
        draw=zeros,
        outcome=bytes(len(parent)),
        num_edges=pack(np.array(num_edges), "<u2"),
        action=pack(np.array(action), "<u2"),
        prior=pack(np.array(prior, np.float16).view(np.uint16), "<u2"),
    )


class TestShares:
    def test_are_those_of_the_journal_folded_up_to_each_moment(self):
        replica, stream = searched(400)
        record = record_of(replica)
        assert len(record.moments) > 10
        assert record.moments[-1] == replica.tree.simulations
        for place in (0, len(record.moments) // 2, -1):
            tree = empty_tree(replica.header)
            fold_stream(tree, stream, record.moments[place])
            for trail in record.trails:
                child = int(tree.edge_child[tree.edge_of(0, trail.action)])
                visits = int(tree.stats["visits"][child]) if child >= 0 else 0
                assert trail.shares[place] == pytest.approx(visits / root_visits(tree).sum())
                own = -float(tree.stats["value_sum"][child]) / visits if visits else None
                assert trail.values[place] == (None if own is None else pytest.approx(own, abs=1e-6))

    def test_the_present_is_shown_even_between_two_moments(self):
        trails, tree = Trails(), two_moves()
        apply(tree, batch([0], [0], [0]))
        trails.follow(tree)
        apply(tree, batch([0], [1], [0]))
        moments, shares, _ = trails.up_to(tree)
        assert len(trails) == 1
        assert moments.tolist() == [2, 3]
        assert shares.tolist() == [[1.0, 0.0], [0.5, 0.5]]

    def test_there_are_none_before_an_action_was_visited(self):
        trails, tree = Trails(), two_moves()
        trails.follow(tree)
        assert trails_record(trails, tree, CHESS, stale=True).trails == ()
        trails.follow(SearchTree(Line("startpos"), 2))
        assert len(trails) == 0

    def test_a_recording_has_the_trails_that_were_seen_live(self):
        live, stream = searched(400, 0)
        again, damage = replay(live.header, stream)
        assert not damage
        assert record_of(again) == record_of(live)


class TestChoice:
    def test_best_and_favourite_are_marked_and_the_most_visited_comes_first(self):
        record = record_of(searched(600)[0])
        present = [trail.shares[-1] for trail in record.trails]
        assert present == sorted(present, reverse=True)
        assert len(record.trails) <= MOST_SHOWN
        assert [trail.is_best for trail in record.trails].count(True) == 1
        favourite = next(trail for trail in record.trails if trail.is_favourite)
        assert favourite.prior == max(trail.prior for trail in record.trails)

    def test_a_move_that_lost_its_lead_is_still_told_of(self):
        trails, tree = Trails(), two_moves()
        apply(tree, batch([0], [0], [0]))
        trails.follow(tree)
        apply(tree, batch([0, 2, 2, 2], [1, -1, -1, -1], [0, 0, 0, 0]))
        trails.follow(tree)
        later, earlier = trails_record(trails, tree, Phrases(notation("connect_four"))).trails
        assert (later.action, later.is_best, later.is_favourite) == (5, True, False)
        assert (earlier.action, earlier.is_best, earlier.is_favourite) == (3, False, True)
        assert later.shares == (0.0, 0.8)
        assert earlier.shares == (1.0, pytest.approx(0.2))

    def test_moves_are_named(self):
        texts = {choice.action: choice.text for choice in CHESS.choices(CHESS.notation.parse_line("startpos")).values()}
        assert all(trail.text == texts[trail.action] for trail in record_of(searched(200)[0]).trails)

    def test_stale_is_said(self):
        replica, _ = searched(200)
        assert record_of(replica, stale=True).stale
        assert not record_of(replica).stale


class TestMemory:
    def test_a_long_search_is_kept_whole_but_coarser(self):
        trails, tree = Trails(), two_moves()
        apply(tree, batch([0], [0], [0]))
        for _ in range(20 * CAPACITY):
            trails.follow(tree)
            apply(tree, batch([1], [-1], [0]))
        moments, shares, _ = trails.up_to(tree)
        assert CAPACITY // 2 <= len(trails) <= CAPACITY
        assert (moments[0], moments[-1]) == (2, tree.simulations)
        steps = np.diff(moments[:-1])
        assert steps.max() <= 2 * steps.min(), "kept moments are evenly spread"
        assert np.array_equal(shares, np.tile([1.0, 0.0], (len(moments), 1)))

    def test_what_is_kept_after_thinning_was_true_then(self):
        trails, tree = Trails(), two_moves()
        apply(tree, batch([0, 0], [0, 1], [0, 0]))
        seen = {}
        for step in range(3 * CAPACITY):
            seen[tree.simulations] = tuple(root_visits(tree) / root_visits(tree).sum())
            trails.follow(tree)
            apply(tree, batch([1 if step % 3 else 2], [-1], [0]))
        moments, shares, _ = trails.up_to(tree)
        assert all(seen[moment] == tuple(share) for moment, share in zip(moments[:-1], shares[:-1], strict=True))


class TestReroot:
    def test_trails_begin_anew_with_what_the_new_root_had(self):
        replica, _ = searched(400, 0)
        record = record_of(replica)
        assert replica.trails.up_to(replica.tree)[0][0] == replica.root_at > 0
        assert record.moments[-1] == replica.tree.simulations
        legal = CHESS.choices(replica.line)
        assert all(trail.action in legal and trail.text == legal[trail.action].text for trail in record.trails)
        for place in range(len(record.moments)):
            assert sum(trail.shares[place] for trail in record.trails) <= 1 + 1e-9

    def test_a_new_root_without_visits_has_none_until_it_has(self):
        trails, tree = Trails(), two_moves()
        apply(tree, batch([0], [0], [0]))
        trails.follow(tree)
        trails.restart()
        trails.follow(SearchTree(Line("startpos"), 2))
        assert len(trails) == 0
