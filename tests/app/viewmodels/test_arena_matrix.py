"""The cross table: what search and learning bring, and the fuel reading."""

import math

import pytest

from app.viewmodels.arena_ladder_players import usual_budget
from app.viewmodels.arena_matrix import (
    MatrixRecord,
    ancestry,
    by_cell,
    column_gain,
    fuel_sentence,
    fuel_sentences,
    in_lineage,
    match_text,
    matrix_cells,
    matrix_cost,
    neighbours_of,
    row_gain,
)
from engine.service.messages import GenerationInfo
from tests.app.arena.engines import MATCHES, match, player, rate

PARENTS = {"gen-001": "gen-000", "gen-002": "gen-001"}


def rated(**elo):
    """Players by cell, e.g. a0=1000: generation "a" with 0 simulations; the stronger first."""
    found = sorted(elo.items(), key=lambda one: -one[1])
    players = [player(f"{name[0]}@{name[1:]}", value, value - 30.0, value + 40.0) for name, value in found]
    return rate(1, *players)


def cells(known, generations="ab", budgets=(0, 16, 64)):
    return matrix_cells(tuple(generations), budgets, by_cell(known))


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("a@0", 0),
        ("a", 0),
        ("a@64", 64),
        ("a@64:puct", 64),
        ("a@64:gumbel", None),
        ("a@64,c_puct=2", None),
        ("random", None),
        ("uci:x", None),
    ],
)
def test_only_usual_searches_have_a_place_on_the_table(text, budget):
    assert usual_budget(text) == budget


def test_cells_hold_their_ratings_and_shares():
    table = cells(rated(a0=1000.0, a16=1200.0, b0=1100.0))
    assert [[cell.text for cell in row] for row in table] == [["1,000", "1,200", ""], ["1,100", "", ""]]
    assert [table[0][0].share, table[0][1].share, table[1][0].share] == [0.0, 1.0, 0.5]
    assert table[0][0].margin == "±35"
    assert "press Run" in table[0][2].sentence


def test_search_brings_the_largest_budget_less_the_smallest():
    known = rated(a0=1000.0, a16=1200.0, a64=1320.0)
    gain = row_gain(cells(known)[0], known)
    assert gain.text == "+320"
    assert f"+320 ± {math.hypot(35, 35):.0f}" in gain.sentence, "97 % would allow more than two independent ratings do"
    assert "16 to 64: +120" in gain.sentence
    assert "Stronger: 97.0 %" in gain.sentence
    assert row_gain(cells(rated(a0=1000.0))[0], None).text == ""


def test_a_loss_is_a_loss():
    known = rated(a0=1000.0, a16=900.0)
    assert row_gain(cells(known)[0], known).text == "−100"
    assert "Stronger: 3.0 %" in row_gain(cells(known)[0], known).sentence


def test_learning_is_measured_only_along_a_lineage():
    known = rated(a0=1000.0, b0=1150.0, c0=1900.0)
    table = cells(known, "abc")
    column = [row[0] for row in table]
    assert column_gain(column, {"b": "a"}, known).text == "+150"
    assert column_gain(column, {"c": "b", "b": "a"}, known).text == "+900"
    assert column_gain(column, {}, known).text == ""


def test_fuel_is_where_the_parent_reaches_the_childs_intuition():
    known = rated(a0=1000.0, a16=1200.0, a64=1300.0, b0=1200.0)
    before, here = cells(known)
    assert fuel_sentence(before, here) == "b's intuition equals a with about 16 simulations."
    low = cells(rated(a0=1000.0, a16=1200.0, b0=990.0))
    assert fuel_sentence(*low) == "b's intuition is no better than that of a."
    high = cells(rated(a0=1000.0, a16=1200.0, b0=1500.0))
    assert fuel_sentence(*high) == "b's intuition is beyond a with 16 simulations."
    between = cells(rated(a0=1000.0, a16=1200.0, b0=1100.0))
    assert fuel_sentence(*between) == f"b's intuition equals a with about {round(math.sqrt(17) - 1)} simulations."
    assert fuel_sentence(*cells(rated(a16=1200.0, a64=1300.0, b0=1250.0))) == "", "a's own intuition is not known"


def test_fuel_needs_the_parent():
    table = cells(rated(a0=1000.0, a16=1200.0, b0=1100.0))
    assert len(fuel_sentences(table, {"b": "a"})) == 1
    assert fuel_sentences(table, {}) == ()
    assert fuel_sentences(table, {"a": "b"}) == (), "a's parent b has no two budgets"


def test_parents_stand_before_children_and_rings_end():
    def info(name, parent):
        return GenerationInfo(id=name, name="", domain="chess", weights_hash="", parent=parent, metrics={})

    assert in_lineage((info("b", "a"), info("c", None), info("a", None))) == ("a", "b", "c")
    assert sorted(in_lineage((info("x", "y"), info("y", "x")))) == ["x", "y"]
    assert ancestry("gen-002", PARENTS) == ("gen-002", "gen-001", "gen-000")
    assert ancestry("x", {"x": "y", "y": "x"}) == ("x", "y")


def test_the_cost_counts_neighbours_across_and_down():
    assert matrix_cost(2, 3, 25) == "2 generations at 3 budgets: 7 pairings of neighbours, 350 games."
    assert matrix_cost(1, 1, 25).startswith("Two cells")


def test_a_match_reads_from_either_side():
    one = match("a@0", "b@0", 1, elo=120.0, elo_interval_95=[60.0, 190.0])
    assert match_text(one, flipped=False) == "+120 Elo (95 %: +60 to +190), 100 games"
    assert match_text(one, flipped=True) == "−120 Elo (95 %: −190 to −60), 100 games"
    swept = match("a@0", "b@0", 1, elo=None, score=1.0)
    assert match_text(swept, flipped=True) == "score 0 %, 100 games"
    assert match_text(match("a", "b", 1, games=0), flipped=False) == "no game counted yet"


def test_neighbours_are_the_newest_matches_with_other_cells():
    table = matrix_cells(("gen-000", "gen-001"), (0, 16), {})
    record = MatrixRecord(generations=("gen-000", "gen-001"), budgets=(0, 16), cells=table)
    found = neighbours_of((0, 1), record, (*MATCHES, match("gen-000@16", "random", 0)))
    assert [(one.name, one.match) for one in found] == [("gen-000, intuition", MATCHES[1].match)]
    assert found[0].text.startswith("+170 Elo"), "gen-000@16 was B"
    bare = neighbours_of((0, 1), record, (match("gen-000@16", "gen-000", 9, elo=5.0),))
    assert [one.match for one in bare] == ["20261124-000009-000"], "without @0 it is the same player"


def test_of_a_player_that_is_there_twice_more_games_count():
    known = rate(1, player("a", 10.0, 0.0, 20.0, games=4), player("a@0", 0.0, -9.0, 9.0, games=400))
    assert by_cell(known)["a", 0].elo == 0.0


def test_a_difference_is_surer_than_two_ratings_that_err_together():
    players = player("a@16", 1200.0, 900.0, 1500.0), player("a@0", 1000.0, 700.0, 1300.0)
    known = rate(1, *players)  # stronger with 97 %
    sigma = 200.0 / 1.8807936081512509
    assert f"+200 ± {1.959964 * sigma:.0f}" in row_gain(cells(known)[0], known).sentence
    unbounded = rate(1, player("a@16", 1200.0, None, None), player("a@0", 1000.0, None, None))
    assert "+200 ± 208" in row_gain(cells(unbounded)[0], unbounded).sentence
    assert "(open)" in row_gain(cells(unbounded)[0], None).sentence
    certain = rate(1, *players)
    certain = type(certain)(id=1, players=players, superiority=((0.5, 1.0), (0.0, 0.5)))
    assert f"+200 ± {1.959964 * 200 / 3.7190165:.0f}" in row_gain(cells(certain)[0], certain).sentence
