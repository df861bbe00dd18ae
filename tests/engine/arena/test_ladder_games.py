"""The matches of a ladder: found again, made longer, read back; and who should meet next."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from engine.arena.counts import count_pairs
from engine.arena.games import Game
from engine.arena.ladder import fit_ladder
from engine.arena.ladder_games import (
    batch_of,
    find_stored,
    lineage_of,
    next_pairing,
    pairings_of,
    pairs_stored,
    stored_for,
    stored_results,
)
from engine.arena.ladder_results import Played, played_games
from engine.arena.order import MatchOrder
from engine.arena.running import open_match
from engine.arena.store import MatchStore
from engine.domains.base import Line
from engine.generations.card import Card
from engine.generations.registry import Registry
from engine.search.breaks import without_breaks

ORDER = MatchOrder(domain="connect_four", a="uniform@8", b="random", pairs=3, seed=1)


def play(store: MatchStore, order: MatchOrder, steps: int | None = None) -> str:
    stored = stored_for(store, order)
    with store.playing(stored.id), open_match(stored.order, stored.journal) as running:
        while (steps is None or steps > 0) and running.advance():
            steps = None if steps is None else steps - 1
        store.keep_report(stored.id, running.report())
    return stored.id


def test_who_meets_whom() -> None:
    assert pairings_of("abcd", "neighbours") == [("a", "b"), ("b", "c"), ("c", "d")]
    assert len(pairings_of("abcd", "all")) == 6
    assert pairings_of("abcd", "informative") == pairings_of("abcd", "neighbours")
    assert [batch_of(pairs) for pairs in (3, 8, 20, 100)] == [3, 8, 8, 25]


def test_a_pairing_is_found_again_whoever_is_first(tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    match_id = stored_for(store, ORDER).id
    swapped = msgspec.structs.replace(ORDER, a="random", b="uniform@8", device="cpu", concurrency=2)
    assert stored_for(store, swapped).id == match_id
    assert stored_for(store, msgspec.structs.replace(ORDER, pairs=5)).id == match_id
    assert store.get(match_id).order.pairs == 5
    assert stored_for(store, ORDER).order.pairs == 5, "it does not become shorter"
    for change in ({"seed": 2}, {"max_plies": 9}, {"a": "uniform@9"}, {"openings": "x.txt"}):
        assert find_stored(store, msgspec.structs.replace(ORDER, **change)) is None
    assert find_stored(store, ORDER) is not None


def test_stored_games_are_read_from_reports_and_from_journals(tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    first = play(store, ORDER)
    second = play(store, msgspec.structs.replace(ORDER, a="uniform@30", b="uniform@8"), steps=12)
    stored_for(store, msgspec.structs.replace(ORDER, b="uniform@0"))  # nothing was played of it
    (tmp_path / "20200101-000000-000").mkdir()
    from_report = without_breaks(stored_results(store, "connect_four"))
    assert from_report.matches[0] == first
    assert set(from_report.matches) <= {first, second}
    assert sum(from_report.results[0].counts.trinomial) == 6
    assert from_report.results[0].counts.pairs == 3
    (store.get(first).folder / "report.json").unlink()
    from_journal = without_breaks(stored_results(store, "connect_four"))
    assert from_journal.results[0] == from_report.results[0], "who moved first is known either way"
    assert without_breaks(stored_results(store, "chess")).results == ()
    only = without_breaks(stored_results(store, "connect_four", ["random", "uniform@8"]))
    assert only.matches == (first,)
    assert only.players == ("random", "uniform@8")


def test_two_ways_to_write_a_player_are_one_player(tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    match_id = play(store, msgspec.structs.replace(ORDER, a="uniform"))
    again = msgspec.structs.replace(ORDER, a="random", b="uniform@0:intuition")
    assert stored_for(store, again).id == match_id
    assert without_breaks(stored_results(store, "connect_four")).players == ("uniform@0", "random")
    asked = without_breaks(stored_results(store, "connect_four", ["random", "uniform"]))
    assert asked.players == ("random", "uniform")
    assert (asked.results[0].a, asked.results[0].b) == ("uniform", "random")


def test_a_player_that_changed_counts_as_it_is_now(tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    old, new = play(store, ORDER), play(store, msgspec.structs.replace(ORDER, seed=2))
    path = store.get(old).journal
    fingerprint = store.get(old).header.a_fingerprint  # type: ignore[union-attr]
    path.write_text(path.read_text().replace(fingerprint, "0" * len(fingerprint)))
    found = without_breaks(stored_results(store, "connect_four"))
    assert found.matches == (new,)
    assert "changed" in found.notes["uniform@8"]


def test_the_least_known_neighbours_meet_next() -> None:
    """A and B have met often, C and D rarely, and D is far from A: their game would be no news."""
    results = [
        Played("a", "b", either=(100, 20, 100)),
        Played("b", "c", either=(100, 20, 100)),
        Played("c", "d", either=(4, 1, 4)),
    ]
    assert next_pairing(fit_ladder("abcd", results)) in {("a", "d"), ("b", "d"), ("c", "d")}
    far = [
        Played("a", "b", either=(50, 10, 50)),
        Played("b", "c", either=(0, 1, 60)),
        Played("a", "d", either=(5, 1, 5)),
    ]
    assert "d" in next_pairing(fit_ladder("abcd", far))


def test_information_is_what_the_formula_says() -> None:
    ladder = fit_ladder("abc", [Played("a", "b", either=(30, 5, 40)), Played("b", "c", either=(10, 2, 3))])
    slope = np.log(10.0) / 400.0
    best, told = ("", ""), 0.0
    for at, one in enumerate(ladder.rungs):
        for to, other in enumerate(ladder.rungs[:at]):
            variance = ladder.covariance[at, at] + ladder.covariance[to, to] - 2 * ladder.covariance[at, to]
            score = 1.0 / (1.0 + 10.0 ** ((other.elo - one.elo) / 400.0))
            if slope**2 * score * (1 - score) * variance > told:
                best, told = (other.name, one.name), slope**2 * score * (1 - score) * variance
    assert next_pairing(ladder) == best


def test_children_are_tied_to_parents_that_think_as_long(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    for name, parent in (("one", None), ("two", "one")):
        card = Card(id=name, name=name, domain="connect_four", architecture=None, parent=parent)
        registry.add(card, {"weights.safetensors": b""})
    names = ["one@0", "two@0", "one@8", "two@8:gumbel", "random", "two@8"]
    assert sorted(lineage_of(names, registry)) == [("one@0", "two@0"), ("one@8", "two@8")]


@pytest.mark.parametrize("pairing", ["neighbours", "informative"])
def test_a_pairing_is_among_the_players(pairing: str) -> None:
    assert all(a != b for a, b in pairings_of(["x", "y", "z"], pairing))  # type: ignore[arg-type]


def test_results_are_told_apart_by_who_began() -> None:
    """A won both games that it began; of the others it drew one and lost one."""
    told = [(True, 1.0), (False, 0.5), (True, 1.0), (False, 0.0), (True, None)]
    games = [Game(at, Line(""), a_moves_first=first, points=points) for at, (first, points) in enumerate(told)]
    counts = count_pairs([(1.0, 0.5), (1.0, 0.0)])
    played = played_games("a", "b", games, counts)
    assert (played.a_first, played.b_first, played.either) == ((0, 0, 2), (1, 1, 0), (0, 0, 0))
    assert played.counts == counts


def test_games_of_other_weights_are_no_games_of_a_generation(tmp_path: Path) -> None:
    """A generation that was replaced under its id begins a match of its own instead of going on with the old one."""
    store = MatchStore(tmp_path)
    order = MatchOrder(domain="chess", a="gen-000", b="random", pairs=1, max_plies=2, device="cpu")
    match_id = play(store, order)
    assert stored_for(store, order).id == match_id
    assert pairs_stored(store, [order]) == 1
    journal = store.get(match_id).journal
    header, *steps = journal.read_bytes().splitlines(keepends=True)
    told = msgspec.json.decode(header)
    told["a_facts"]["weights_sha256"] = "00" * 32
    journal.write_bytes(msgspec.json.encode(told) + b"\n" + b"".join(steps))
    assert find_stored(store, order) is None
    assert pairs_stored(store, [order]) == 0
    assert stored_for(store, order).id != match_id
