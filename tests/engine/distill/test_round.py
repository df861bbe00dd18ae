"""Whole rounds of Connect Four, small ones: cut off, damaged, ordered wrongly."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine.distill.ratchet import Plan, newest, rounds, unfinished
from engine.distill.round import Round, open_round
from engine.distill.round_order import SIZES, RoundError, named_size
from engine.distill.round_state import save_state
from engine.distill.verdict import verdict
from engine.generations.registry import Registry
from tests.engine.distill.small_rounds import SIZE, data_with_a_parent, order, run
from tests.engine.nets.small import CONNECT_FOUR, lively_network, published


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    return data_with_a_parent(tmp_path / "data", monkeypatch)


def test_a_round_makes_a_child_and_says_what_it_did(tmp_path: Path, registry: Registry) -> None:
    a_round = Round(order(), registry, tmp_path / "rounds" / "c4-001")
    news = run(a_round)
    stages = list(dict.fromkeys(one.stage for one in news))
    assert stages == ["fuel", "play", "learn", "match"]
    state = a_round.state
    assert state.stage == "done"
    assert state.lessons is not None
    assert state.lessons["games"] == 12
    assert state.match is not None
    assert (state.match["a"], state.match["b"], state.match["games"]) == ("c4-001@0", "c4-000@0", 4)
    child = registry.get("c4-001", "connect_four")
    assert child.card.parent == "c4-000"
    assert child.card.weights_sha256 == state.child_hash != registry.get("c4-000").card.weights_sha256
    assert child.card.metrics["match_parent"]["games"] == 4
    assert set(state.seconds) == {"fuel", "play", "learn", "match"}


def test_a_round_cut_off_anywhere_ends_with_the_same_child(tmp_path: Path, registry: Registry) -> None:
    straight = Round(order(), registry, tmp_path / "a" / "c4-001")
    news = run(straight)
    folder = tmp_path / "b" / "c4-001"
    for cut in range(1, len(news), 5):
        part = Round(order(), registry, folder).run()
        for _ in zip(range(cut), part, strict=False):
            pass
        part.close()
    last = open_round(folder, registry)
    run(last)
    assert last.state.child_hash == straight.state.child_hash
    for name in ("fuel", "match", "search_match"):
        ours, theirs = getattr(last.state, name), getattr(straight.state, name)
        assert ours["pentanomial"] == theirs["pentanomial"]


def test_a_damaged_shard_is_played_again(tmp_path: Path, registry: Registry) -> None:
    straight = Round(order(), registry, tmp_path / "a" / "c4-001")
    run(straight)
    other = Round(order(), registry, tmp_path / "b" / "c4-001")
    for news in other.run():
        if news.stage == "play" and news.done >= 9:
            break
    shard = tmp_path / "b" / "c4-001" / "lessons" / "0000.parquet"
    shard.write_bytes(shard.read_bytes()[:-7])
    again = open_round(tmp_path / "b" / "c4-001", registry)
    run(again)
    assert again.state.child_hash == straight.state.child_hash


def test_a_folder_holds_one_round(tmp_path: Path, registry: Registry) -> None:
    folder = tmp_path / "rounds" / "c4-001"
    next(Round(order(), registry, folder).run())
    save_state(folder, Round(order(), registry, folder).state)
    with pytest.raises(RoundError, match="another round"):
        Round(order(seed=2), registry, folder)


def test_a_parent_that_changed_is_refused(tmp_path: Path, registry: Registry) -> None:
    folder = tmp_path / "rounds" / "c4-001"
    save_state(folder, Round(order(), registry, folder).state)
    registry.remove("c4-000")
    published(registry.user, lively_network(CONNECT_FOUR, seed=9), "c4-000")
    with pytest.raises(RoundError, match="c4-000"):
        Round(order(), registry, folder)


def test_no_network_nothing_to_improve(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(RoundError, match="uniform"):
        Round(order(parent="uniform"), registry, tmp_path / "rounds" / "x")


def test_a_second_round_learns_from_the_first_too(tmp_path: Path, registry: Registry) -> None:
    plan = Plan("connect_four", SIZE, threads=1)
    told = list(rounds(plan, registry, tmp_path / "rounds", "c4-000", 2))
    reports = [one for one in told if isinstance(one, dict)]
    assert [(one["parent"], one["child"]) for one in reports] == [("c4-000", "gen-001"), ("gen-001", "gen-002")]
    assert reports[1]["train"]["lessons"] + reports[1]["train"]["held_out"] == sum(one["samples"] for one in reports)
    assert newest(registry, "connect_four") == "gen-002"
    for one in reports:
        assert (one["autopsy"] is None) == one["verdict"].startswith("It helped")
    with pytest.raises(RoundError, match="nothing to go on with"):
        unfinished(tmp_path / "rounds", "connect_four")


def test_one_process_at_a_time(tmp_path: Path, registry: Registry) -> None:
    plan = Plan("connect_four", SIZE, threads=1)
    first: Iterator[object] = rounds(plan, registry, tmp_path / "rounds", None, 1)
    next(first)
    with pytest.raises(RoundError, match="another process"):
        next(iter(rounds(plan, registry, tmp_path / "rounds", None, 1)))


def test_a_round_is_gone_on_with_as_it_was_ordered(tmp_path: Path, registry: Registry) -> None:
    plan = Plan("connect_four", SIZE, threads=1)
    begun = rounds(plan, registry, tmp_path / "rounds", None, 1)
    next(begun)
    begun.close()
    other = msgspec.structs.replace(plan, seed=99)
    told = list(rounds(other, registry, tmp_path / "rounds", None, 1, resume=True))
    assert told[-1]["child"] == "gen-001"
    assert open_round(tmp_path / "rounds" / "gen-001", registry).order.seed == 1


@pytest.mark.parametrize("domain", SIZES)
def test_sizes_by_name(domain: str) -> None:
    sizes = [named_size(name, domain) for name in ("small", "medium", "large")]
    assert sizes[0].games < sizes[1].games < sizes[2].games


def test_a_size_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('like = "medium"\ngames = 7\n[learn]\nlearning_rate = 0.5\n')
    size = named_size(str(path), "connect_four")
    assert (size.games, size.learn.learning_rate) == (7, 0.5)
    assert size.learn.reuse == named_size("medium", "connect_four").learn.reuse
    path.write_text("game = 7\n")
    with pytest.raises(RoundError, match=r"mine\.toml.*game"):
        named_size(str(path), "connect_four")
    with pytest.raises(RoundError, match="tiny"):
        named_size("tiny", "chess")


def test_verdicts() -> None:
    assert verdict({"elo_interval_95": [3.0, 60.0]}).startswith("It helped")
    assert verdict({"elo_interval_95": [-60.0, -3.0]}).startswith("It did harm")
    assert verdict({"elo_interval_95": [-3.0, 60.0]}).startswith("Not decided")
    assert verdict({"elo_interval_95": [3.0, None]}).startswith("It helped")
    assert "not matched" in verdict({})
