"""A tiny round of Connect Four and what it needs, for tests."""

from pathlib import Path

import msgspec
import pytest
import torch

from engine.distill.round import Round
from engine.distill.round_news import RoundNews
from engine.distill.round_order import RoundOrder, RoundSize
from engine.distill.settings import LearningSettings, SelfPlaySettings
from engine.generations.registry import Registry, default_registry
from tests.engine.nets.small import CONNECT_FOUR, lively_network, published

SIZE = RoundSize(
    games=12,
    shard_games=6,
    fuel_pairs=1,
    match_pairs=2,
    search_pairs=1,
    play=SelfPlaySettings(simulations=4, wander_plies=2),
    learn=LearningSettings(batch=16, reuse=2.0, checks=2),
)


def order(child: str = "c4-001", parent: str = "c4-000", **changes: object) -> RoundOrder:
    made = RoundOrder(domain="connect_four", parent=parent, child=child, size=SIZE, threads=1)
    return msgspec.structs.replace(made, **changes)


def resized(**changes: object) -> RoundSize:
    return msgspec.structs.replace(SIZE, **changes)


def data_with_a_parent(data: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """The registry of a new data folder, with the generation c4-000 in it."""
    monkeypatch.setenv("ARBORIST_DATA", str(data))
    torch.set_num_threads(1)
    found = default_registry()
    published(found.user, lively_network(CONNECT_FOUR), "c4-000")
    return found


def run(a_round: Round) -> list[RoundNews]:
    return list(a_round.run())
