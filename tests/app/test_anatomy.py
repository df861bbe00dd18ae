"""One simulation taken apart: what is said of it is what the search did, found anew from the tree before and after."""

import numpy as np
import pytest

from app.controller import Controller
from app.viewmodels.anatomy import AnatomyRecord, anatomy_record
from app.viewmodels.explore import Beginning
from app.viewmodels.phrases import Phrases
from app.viewmodels.replica import Replica
from app.viewmodels.showing import Showing
from engine.domains import registry
from engine.search.hash_evaluator import HashEvaluator
from engine.tree.columns import SearchTree
from engine.tree.selection import edge_terms, selection_parameters
from tests.app.stand_ins import AtOnce, MemoryScreen, SmallEngine
from tests.engine.search.stand_ins import CHESS, FOUR, begin


def replica_of(where: str, simulations: int, **options: object) -> Replica:
    run = begin(where, evaluator=HashEvaluator(), **options)
    run.go(simulations)
    replica = Replica(run.search.header)
    replica.receive(b"".join(run.journal), 0)
    return replica


def taken_apart(replica: Replica, simulation: int) -> AnatomyRecord:
    notation = registry.notation(replica.header.domain)
    showing = Showing(replica.moment_at(simulation), Phrases(notation), tuple(notation.outcomes))
    return anatomy_record(replica.history, simulation, showing)


def own_value(tree: SearchTree, node: int) -> float:
    """For the player who chooses the node."""
    stats = tree.stats[node]
    mean = float(stats["value_sum"]) / int(stats["visits"])
    value = float(stats["lower"]) if stats["lower"] == stats["upper"] else mean
    return value * (tree.sign if node else 1)


@pytest.mark.parametrize("where", [FOUR, CHESS])
def test_alone_every_choice_is_the_highest_score_and_every_change_is_what_it_was(where: str) -> None:
    replica = replica_of(where, 120, batch=1)
    parameters = selection_parameters(replica.header.settings)
    for simulation in range(2, 121, 7):
        record = taken_apart(replica, simulation)
        before = replica.history.seek(simulation - 1)
        for step, parent in zip(record.choices, record.path, strict=False):
            q, u, _, urgency = edge_terms(before, parent, parameters)
            score = np.where(np.isnan(q), urgency, q) + u
            score[before.edge_pruned[before.edge_run(parent)] != 0] = -np.inf
            edge = int(replica.tree.links["parent_edge"][step.node]) - before.edge_run(parent).start
            assert step.in_turn
            assert step.score == pytest.approx(score[edge])
            assert edge == int(np.argmax(score))
            assert step.rival_score is None or step.rival_score == pytest.approx(np.sort(score)[-2])
        olds = {node: own_value(before, node) for node in record.path if node < before.num_nodes}
        assert [step.before for step in record.backups] == [olds.get(node) for node in record.path]
        after = replica.history.seek(simulation)
        assert [step.after for step in record.backups] == [pytest.approx(own_value(after, n)) for n in record.path]
        assert record.opened == (record.path[-1] not in olds)


def test_in_a_batch_some_are_chosen_out_of_turn_and_it_is_said() -> None:
    replica = replica_of(CHESS, 400, batch=32)
    records = [taken_apart(replica, simulation) for simulation in range(350, 400)]
    late = [record for record in records if not all(step.in_turn for step in record.choices)]
    assert late
    assert all("out of turn" in record.phases[0].tooltip for record in late)


def test_the_words_of_the_four_phases() -> None:
    replica = replica_of(CHESS, 50, batch=1)
    select, expand, evaluate, backup = taken_apart(replica, 50).phases
    assert [phase.phase for phase in (select, expand, evaluate, backup)] == ["select", "expand", "evaluate", "backup"]
    assert " over " in select.text
    assert "is new: " in expand.text
    assert evaluate.text.startswith("Intuition says ")
    assert "it likes " in evaluate.text
    assert backup.text.startswith("the root ")
    assert " → " in backup.text
    first = taken_apart(replica, 1)
    assert first.path == (0,)
    assert first.phases[0].text == "It looks at the root itself."
    assert first.backups[0].before is None


def test_lent_visits_count_only_below_their_branch() -> None:
    run = begin(CHESS, evaluator=HashEvaluator(), batch=1)
    run.go(60)
    node = int(np.argmax(run.tree.stats["visits"][1 : run.tree.num_nodes])) + 1
    run.search.boost(run.tree.path(node), 3)
    run.go(3)
    replica = Replica(run.search.header)
    replica.receive(b"".join(run.journal), 0)
    record = taken_apart(replica, 62)
    assert record.path[0] == 0
    assert record.backups[0].node == node
    assert not record.choices[0].in_turn


def test_it_comes_with_a_step_by_one_and_goes_with_anything_else() -> None:
    engine, screen = SmallEngine(), MemoryScreen()
    line = registry.notation("chess").parse_line("startpos")
    control = Controller(engine, screen, AtOnce(), Beginning("chess", line, "gen-000", 100))
    engine.answered, engine.noticed = control.answered, control.noticed
    control.engine_changed("ready", "")
    control.start()
    engine.pump_until(lambda: control.session.known.done >= 100)
    control.tick()
    assert screen.count("show_anatomy") == 0
    control.step(1)
    engine.pump(3)
    control.tick()
    assert screen.last("show_anatomy").simulation == 101
    for expected in (100, 99):
        control.step(-1)
        assert screen.last("show_anatomy").simulation == expected
    assert control.travel.at == 99
    assert control.travel.moment is not None
    assert control.travel.moment.tree.simulations == 99, "the past stands where the playhead is"
    control.travel.seek(40)
    assert screen.last("show_anatomy") is None
    control.step(10)
    assert screen.last("show_anatomy") is None
    control.step(1)
    assert screen.last("show_anatomy").simulation == 51
    control.anatomy.close()
    assert screen.last("show_anatomy") is None
