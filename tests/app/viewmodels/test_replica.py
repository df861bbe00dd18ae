"""The app's copy of a search: equal to the engine's tree, whole in bytes, and honest about gaps."""

import msgspec
import numpy as np
import pytest

from app.viewmodels.candidates import candidate_rows, root_candidates
from app.viewmodels.inspector import Showing, node_record, unvisited_record
from app.viewmodels.phrases import Labels, Phrases
from app.viewmodels.replica import JournalGapError, Replica, compose, replay, settings_of
from engine.domains.registry import notation, rules
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree import explain
from engine.tree.digest import tree_digest
from engine.tree.events import Switch, encode
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.selection import selection_parameters

CHESS = notation("chess")


class Recorded:
    """A real search and its journal in parts."""

    def __init__(self, position: str = "startpos", simulations: int = 300) -> None:
        self.parts: list[bytes] = []
        line = CHESS.parse_line(position)
        self.search = Search(rules("chess"), HashEvaluator(), line, SearchSettings(), self.parts.append)
        self.run(simulations)

    def run(self, simulations: int) -> None:
        self.search.start_run(Limits(simulations=simulations))
        while self.search.advance() is None:
            pass


@pytest.fixture(scope="module")
def recorded() -> Recorded:
    made = Recorded()
    best = int(explain.candidates(made.search.tree, 0, selection_parameters(made.search.header.settings)).action[0])
    made.search.cut((best,))
    made.search.restore((best,))
    made.search.play((best,))
    made.run(100)
    return made


def fed(recorded: Recorded) -> Replica:
    replica = Replica(recorded.search.header)
    for part in recorded.parts:
        replica.receive(part, replica.size)
    return replica


def same_tree(replica: Replica, search: Search) -> bool:
    ours, theirs = replica.tree, search.tree
    nodes, edges = theirs.num_nodes, theirs.num_edges
    fields = ["visits", "value_sum", "draw_sum"]
    return (
        (ours.num_nodes, ours.num_edges, ours.line) == (nodes, edges, theirs.line)
        and np.array_equal(ours.links[:nodes], theirs.links[:nodes])
        and np.array_equal(ours.stats[fields][:nodes], theirs.stats[fields][:nodes])
        and np.array_equal(ours.edge_pruned[:edges], theirs.edge_pruned[:edges])
    )


def test_the_replica_is_the_engines_tree_and_keeps_every_byte(recorded: Recorded) -> None:
    replica = fed(recorded)
    assert same_tree(replica, recorded.search)
    assert replica.journal.stream() == b"".join(recorded.parts)
    assert replica.roots == 1
    assert replica.root_at == 300
    again, damage = replay(recorded.search.header, replica.journal.stream())
    assert damage == ""
    assert same_tree(again, recorded.search)


def test_several_events_in_one_part_are_one_mapping(recorded: Recorded) -> None:
    cut = next(i for i in range(len(recorded.parts)) if b"reroot" in recorded.parts[i])
    before = Replica(recorded.search.header)
    before.receive(b"".join(recorded.parts[:cut]), 0)
    nodes, labels_of = before.tree.num_nodes, {}
    labels = Labels(Phrases(CHESS), before.tree)
    labels_of = {node: before.tree.line_to(node) for node in range(nodes)}
    assert labels(1) != ""
    mapping = before.receive(b"".join(recorded.parts[cut:]), before.size)
    assert mapping is not None
    assert len(mapping) == nodes
    kept = [node for node in range(nodes) if mapping[node] >= 0]
    assert kept
    assert all(before.tree.line_to(int(mapping[node])) == labels_of[node] for node in kept)


def test_mappings_compose() -> None:
    first = np.array([-1, 0, 1, -1, 2], np.int32)
    second = np.array([-1, 0, 1], np.int32)
    assert compose(first, second).tolist() == [-1, -1, 0, -1, 1]
    assert compose(first, np.zeros(0, np.int32)).tolist() == [-1] * 5


def test_a_gap_is_noticed_and_nothing_is_folded(recorded: Recorded) -> None:
    replica = Replica(recorded.search.header)
    replica.receive(recorded.parts[0], 0)
    simulations = replica.tree.simulations
    with pytest.raises(JournalGapError, match="goes on at byte"):
        replica.receive(recorded.parts[2], replica.size + len(recorded.parts[1]))
    assert replica.tree.simulations == simulations


@pytest.mark.parametrize("missing", [1, 3, 40])
def test_a_cut_off_part_is_kept_as_far_as_whole_events_go(recorded: Recorded, missing: int) -> None:
    replica, damage = replay(recorded.search.header, b"".join(recorded.parts)[:-missing])
    assert "cut off" in damage
    assert replica.journal.stream() == b"".join(recorded.parts[:-1])
    assert replica.tree.num_nodes > 0


def test_candidates_add_up(recorded: Recorded) -> None:
    replica = fed(recorded)
    rows = root_candidates(replica.present, Phrases(CHESS)).rows
    assert sum(row.visits for row in rows) == int(replica.tree.stats["visits"][0]) - 1
    assert sum(row.visit_share for row in rows) == pytest.approx(1)
    assert sum(row.prior for row in rows) == pytest.approx(1, abs=0.01)
    assert rows[0].visits == max(row.visits for row in rows)
    assert all(row.raw_value is None for row in rows if not row.visits)


def test_labels_are_the_moves_of_the_notation(recorded: Recorded) -> None:
    replica, phrases = fed(recorded), Phrases(CHESS)
    labels = Labels(phrases, replica.tree)
    for node in range(1, replica.tree.num_nodes):
        *before, last = replica.tree.path(node)
        expected = CHESS.texts(replica.tree.line.then(*before), (last,))[0]
        assert labels(node) == expected
    assert labels(0) == ""


def showing(replica: Replica) -> Showing:
    return Showing(replica.present, Phrases(CHESS), tuple(CHESS.outcomes))


def test_why_this_child_adds_up_to_the_score(recorded: Recorded) -> None:
    replica = fed(recorded)
    found = explain.candidates(replica.tree, 0, replica.parameters)
    node = int(replica.tree.edge_child[found.edge[0]])
    record = node_record(node, showing(replica))
    terms = {term.label: term.text for term in record.terms}
    q, u = (float(terms[label].replace("−", "-")) for label in ("Value found, Q", "Prior bonus, U"))
    assert q == pytest.approx(float(found.q[0]), abs=6e-4)
    assert float(terms["Score, Q + U"].replace("−", "-")) == pytest.approx(q + u, abs=2e-3)
    assert record.candidates == candidate_rows(node, showing(replica), 8)
    assert record.can_cut
    assert not record.can_restore


def test_chances_are_told_for_the_player_who_chooses(recorded: Recorded) -> None:
    replica = fed(recorded)
    found = explain.candidates(replica.tree, 0, replica.parameters)
    node = int(replica.tree.edge_child[found.edge[0]])
    win, _, loss = explain.wdl(replica.tree, node)
    text = {term.label: term.text for term in node_record(node, showing(replica)).terms}["Win / draw / loss"]
    assert text.split(" / ")[0] == f"{100 * loss:.0f}", "the child's loss is the chooser's win"
    assert text.split(" / ")[2].split()[0] == f"{100 * win:.0f}"


def test_the_root_has_no_score_and_cannot_be_cut(recorded: Recorded) -> None:
    record = node_record(0, showing(fed(recorded)))
    assert record.title == "Root"
    assert not record.can_cut
    assert not record.can_reroot
    assert "Score, Q + U" not in {term.label for term in record.terms}


def test_an_unvisited_action_is_told_from_its_prior() -> None:
    replica = fed(Recorded(simulations=3))
    rows = root_candidates(replica.present, Phrases(CHESS)).rows
    record = unvisited_record(rows[-1].action, showing(replica))
    assert rows[-1].text in record.title
    assert record.card is not None


def test_a_mate_found_is_told_as_proven() -> None:
    replica = fed(Recorded("6k1/5ppp/8/8/8/8/8/R5K1 w - - 0 1", simulations=200))
    record = node_record(0, showing(replica))
    assert record.notice == "Proven: mate in 1 for White."
    best = explain.candidates(replica.tree, 0, replica.parameters)
    mate = node_record(int(replica.tree.edge_child[best.edge[0]]), showing(replica))
    assert mate.title == "Ra8# · checkmate"
    assert mate.notice == "Proven: mate in 1 for White.", "from the view of the player who plays it"


def test_a_past_moment_has_the_tree_and_the_settings_of_then(recorded: Recorded) -> None:
    replica = fed(recorded)
    middle = replica.tree.simulations
    other = msgspec.structs.replace(replica.settings, c_puct=3.0)
    switch = Switch(middle, "another", "hash", msgspec.to_builtins(other))
    replica.receive(encode(switch), replica.size)
    assert replica.present.settings.c_puct == 3.0
    past = replica.moment_at(middle)
    assert past.is_past
    assert (past.settings, past.generation) == (settings_of(replica.header.settings), replica.header.generation)
    assert tree_digest(past.tree) == tree_digest(replica.tree)
    for moment in (replica.history.first + 1, middle - 50):
        copy = empty_tree(replica.header)
        fold_stream(copy, replica.journal.stream(), moment)
        assert tree_digest(replica.moment_at(moment).tree) == tree_digest(copy)
        assert replica.moment_at(moment).renumbered_at == replica.renumbered_at
