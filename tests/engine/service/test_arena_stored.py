"""Stored matches and generations over the wire, without a process: long matches in parts, and what is still needed."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.viewmodels.match_replica import MatchReplica, replica_read
from engine.arena.order import MatchOrder
from engine.arena.running import open_match
from engine.arena.store import MatchStore
from engine.generations.registry import default_registry
from engine.service import arena_news
from engine.service.arena_disagreements import _score_of_a
from engine.service.arena_generations import remove_generation
from engine.service.arena_messages import (
    FindDisagreements,
    GenerationInUse,
    MatchPart,
    MatchRead,
    ReadMatch,
    RemoveGeneration,
)
from engine.service.arena_stored import read_match
from engine.service.arena_tools import Tools
from engine.service.makers import real_makers
from engine.service.messages import Answer, Done, Notice

ORDER = MatchOrder(domain="connect_four", a="random", b="uniform", pairs=6, concurrency=2, seed=3)


def played(store: MatchStore, order: MatchOrder, steps: int = 10**6) -> str:
    match_id = store.begin(order).id
    with store.playing(match_id) as stored, open_match(stored.order, stored.journal) as running:
        while steps and running.advance():
            steps -= 1
        store.keep_report(match_id, running.report())
    return match_id


def read(store: MatchStore, match_id: str) -> tuple[list[MatchPart], MatchRead]:
    posted: list[Answer | Notice] = []
    work = read_match(ReadMatch(id=7, match=match_id), Tools(real_makers(), store, posted.append, lambda: 0.0))
    try:
        while True:
            next(work)
    except StopIteration as end:
        answer: MatchRead = end.value
    parts = [part for part in posted if isinstance(part, MatchPart)]
    assert len(parts) == len(posted)
    return parts, answer


def folded(parts: Sequence[MatchPart], answer: MatchRead) -> MatchReplica:
    first, *others = [*parts, answer]
    replica = replica_read(first.info, first.news)
    for one in others:
        replica.fold(one.news)
    return replica


@pytest.mark.parametrize("steps", [9, 10**6])
def test_a_long_match_is_read_in_parts_and_says_the_same(
    steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = MatchStore(tmp_path)
    match_id = played(store, ORDER, steps)
    parts, whole = read(store, match_id)
    assert parts == []
    monkeypatch.setattr(arena_news, "PART_BYTES", 100)
    parts, last = read(store, match_id)
    assert len(parts) > 2
    assert {part.request for part in parts} == {7}
    assert max(len(msgspec.msgpack.encode(part.news)) for part in parts) < 900
    one, other = folded([], whole), folded(parts, last)
    assert [(game.began, game.actions, game.values, game.points, game.text) for game in one.games.values()] == [
        (game.began, game.actions, game.values, game.points, game.text) for game in other.games.values()
    ]
    assert (one.counts, one.pair_points, one.seconds_s) == (other.counts, other.pair_points, other.seconds_s)
    assert all(game.actions for game in other.games.values())


def test_a_generation_that_matches_need_goes_only_if_that_is_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path))
    shipped = default_registry().get("gen-000")
    assert shipped.folder is not None
    copy = tmp_path / "generations" / "mine"
    shutil.copytree(shipped.folder, copy)
    card = msgspec.json.decode((copy / "card.json").read_bytes())
    (copy / "card.json").write_bytes(msgspec.json.encode({**card, "id": "mine"}))
    store = MatchStore()
    match_id = store.begin(MatchOrder(domain="chess", a="mine@8", b="random")).id
    tools = Tools(real_makers(), store, lambda _: None, lambda: 0.0)
    answer = remove_generation(RemoveGeneration(id=1, generation="mine"), tools)
    assert answer == GenerationInUse(id=1, generation="mine", matches=(match_id,))
    assert copy.is_dir()
    assert remove_generation(RemoveGeneration(id=2, generation="mine", even_if_in_use=True), tools) == Done(id=2)
    assert not copy.exists()


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("random", "uniform", 0.75),
        ("uniform", "random", 0.25),
        ("uniform@0", "random", 0.25),
        ("random", "uniform@4", None),
    ],
)
def test_the_score_of_a_match_is_turned_to_who_asks(a: str, b: str, expected: float | None, tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    match_id = store.begin(ORDER).id
    report: dict[str, Any] = {"score": 0.75, "stopped": "pairs"}
    store.keep_report(match_id, report)
    request = FindDisagreements(id=1, domain="connect_four", a=a, b=b, match=match_id)
    assert _score_of_a(request, Tools(real_makers(), store, lambda _: None, lambda: 0.0)) == expected
