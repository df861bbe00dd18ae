"""The lineage as a drawing: who stands where, what is said of whom, and where the arrow keys lead."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels.lineage import LineageNode, LineageRecord, lineage_record
from engine.service.messages import GenerationInfo

METRICS = {"top_1": 0.34466, "policy_cross_entropy": 2.19697, "positions": 83870}


def info(name: str, parent: str | None = None, domain: str = "chess", **metrics: float) -> GenerationInfo:
    return GenerationInfo(
        id=name, name=f"Name of {name}", domain=domain, weights_hash="0123456789abcdef", parent=parent, metrics=metrics
    )


def by_id(record: LineageRecord) -> dict[str, LineageNode]:
    return {node.id: node for node in record.nodes}


FAMILY = (
    info("gen-002", "gen-001"),
    info("gen-000"),
    info("gen-001", "gen-000"),
    info("gen-001b", "gen-000"),
    info("maia"),
)


def test_nothing_to_draw() -> None:
    assert lineage_record(()) == LineageRecord()
    assert lineage_record(()).columns == 0
    assert lineage_record(()).place("gen-000") == -1


def test_children_stand_to_the_right_and_parents_between_them() -> None:
    nodes = by_id(lineage_record(FAMILY))
    assert {name: (node.column, node.row) for name, node in nodes.items()} == {
        "gen-000": (0, 0.5),
        "gen-001": (1, 0.0),
        "gen-002": (2, 0.0),
        "gen-001b": (1, 1.0),
        "maia": (0, 2.0),
    }


def test_edges_are_parents() -> None:
    record = lineage_record(FAMILY)
    edges = {(record.nodes[node.parent].id, node.id) for node in record.nodes if node.parent >= 0}
    assert edges == {("gen-000", "gen-001"), ("gen-001", "gen-002"), ("gen-000", "gen-001b")}


def test_a_parent_that_is_gone_is_drawn_as_missing() -> None:
    nodes = by_id(lineage_record((info("orphan", "lost"), info("other", "lost"))))
    lost = nodes["lost"]
    assert (lost.missing, lost.column, lost.row, lost.terms) == (True, 0, 0.5, ())
    assert "no longer in the registry" in lost.spoken
    assert not nodes["orphan"].missing


def test_domains_stand_under_each_other() -> None:
    record = lineage_record((info("discs", domain="connect_four"), *FAMILY))
    assert [(group.domain, group.text, group.row, group.rows) for group in record.groups] == [
        ("chess", "Chess", 0, 3),
        ("connect_four", "Connect four", 3, 1),
    ]
    assert by_id(record)["discs"].row == 3.0


@pytest.mark.parametrize("circle", [("a",), ("a", "b"), ("c", "a", "b")])
def test_cards_that_name_each_other_as_parents(circle: tuple[str, ...]) -> None:
    parents = dict(zip(circle, (*circle[1:], circle[0]), strict=True))
    record = lineage_record([*(info(name, parent) for name, parent in parents.items()), info("below", "a")])
    assert len(record.nodes) == len(circle) + 1
    nodes = by_id(record)
    assert nodes["a"].parent == -1, "the circle is cut at its first id"
    assert record.nodes[nodes["below"].parent].id == "a"


def test_ratings_come_with_their_interval_and_share_a_scale_within_a_domain() -> None:
    ratings = {"gen-000": (1000.0, 960.0, 1040.0), "maia": (1432.4, 1390.0, math.inf), "discs": (-20.0, -30.0, -10.0)}
    record = lineage_record((*FAMILY, info("discs", domain="connect_four")), ratings)
    nodes = by_id(record)
    assert nodes["maia"].terms[0].text == "1,432  (1,390 to ∞)"
    assert "Elo 1,432  (1,390 to ∞)" in nodes["maia"].spoken
    assert nodes["gen-001"].rating is None
    assert nodes["gen-001"].terms[0].text == "not rated yet"
    assert [group.scale for group in record.groups] == [(960.0, 1432.4), (-30.0, -10.0)]
    assert nodes["discs"].terms[0].text == "−20  (−30 to −10)"


def test_what_was_measured_and_on_how_much() -> None:
    measured, bare = lineage_record((info("a", **METRICS), info("b"))).nodes
    assert [(term.label, term.text) for term in measured.terms] == [
        ("Strength", "not rated yet"),
        ("Trained from", "no other"),
        ("Moves foretold", "34 %"),
        ("Surprise", "2.20"),
        ("Weights", "0123456789ab"),
    ]
    assert measured.notice == "Name of a. Measured on 83,870 positions kept away from training."
    assert "Nothing was measured" in bare.notice
    assert "Moves foretold" not in [term.label for term in bare.terms]


@pytest.mark.parametrize(
    ("start", "columns", "rows", "end"),
    [
        ("gen-002", -1, 0, "gen-001"),
        ("gen-000", -1, 0, "gen-000"),
        ("gen-000", 1, 0, "gen-001"),
        ("gen-002", 1, 0, "gen-002"),
        ("gen-001", 0, 1, "gen-001b"),
        ("gen-001b", 0, -1, "gen-001"),
        ("gen-000", 0, 1, "maia"),
        ("maia", 0, 1, "discs"),
        ("discs", 0, -1, "maia"),
        ("gen-001", 0, -1, "gen-001"),
    ],
)
def test_where_arrow_keys_lead(start: str, columns: int, rows: int, end: str) -> None:
    record = lineage_record((*FAMILY, info("discs", domain="connect_four")))
    assert record.nodes[record.neighbour(record.place(start), columns, rows)].id == end


@given(
    st.lists(st.integers(0, 14), min_size=1, max_size=14).map(
        lambda parents: [info(f"g{i}", f"g{parent}") for i, parent in enumerate(parents)]
    )
)
def test_whatever_the_cards_say_everybody_has_a_place_of_his_own(generations: list[GenerationInfo]) -> None:
    record = lineage_record(generations)
    names = {one.id for one in generations} | {one.parent for one in generations}
    assert {node.id for node in record.nodes} == names
    assert len({(node.column, node.row) for node in record.nodes}) == len(names) == len(record.nodes)
    for place, node in enumerate(record.nodes):
        assert node.parent < place
        if node.parent >= 0:
            assert node.column == record.nodes[node.parent].column + 1
    assert record.groups[0].rows == sum(all(other.parent != at for other in record.nodes) for at in range(len(names)))


def test_a_lineage_of_a_thousand_rounds() -> None:
    record = lineage_record([info(f"g{i}", f"g{i - 1}" if i else None) for i in range(1500)])
    assert record.columns == 1500
    assert {node.row for node in record.nodes} == {0.0}
