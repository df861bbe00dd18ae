"""The comparison's arithmetic with made-up sides, and the parts that must be equal on both sides."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from engine.bench.peers import compare, network, own
from engine.bench.peers.compare import Match, Side, openings, play
from engine.bench.peers.contestant import PeerError
from engine.domains import registry
from engine.domains.base import Line


class FakeContestant:
    """Answers from a list of speeds; keeps a common log of who was asked."""

    def __init__(self, name: str, speeds: list[float], log: list[str]) -> None:
        self.name, self.speeds, self.log = name, speeds, log

    def ask(self, task: str, words: Mapping[str, Any]) -> dict[str, Any]:
        self.log.append(self.name)
        return {"seconds": 2.0, "simulations": 2.0 * self.speeds.pop(0)}


def quiet(_: str) -> None:
    pass


def test_sides_take_turns_and_ratios_are_taken_within_a_round() -> None:
    log: list[str] = []
    ours = FakeContestant("ours", [1.0, 100.0, 200.0, 900.0], log)
    theirs = FakeContestant("theirs", [1.0, 50.0, 50.0, 100.0], log)
    sides = [Side("Arborist", ours, {}, own=True), Side("peer", theirs, {})]  # type: ignore[arg-type]
    found = {one.name: one for one in play(Match("m", "search", sides), 3, quiet)}
    assert log == ["ours", "theirs"] * 4
    assert found["m: Arborist"].runs == (100.0, 200.0, 900.0), "the first call is not counted"
    assert found["m: peer"].median == 50.0
    assert found["m: Arborist / peer"].runs == (2.0, 4.0, 9.0)
    assert found["m: Arborist / peer"].median == 4.0
    assert found["m: Arborist / peer"].unit == "times"
    assert found["m: peer, first call"].unit == "s"
    assert len(found) == 5


def test_every_own_is_held_against_every_other_and_not_against_itself() -> None:
    log: list[str] = []
    sides = [
        Side(name, FakeContestant(name, [1.0] * 2, log), {}, own=name < "c")  # type: ignore[arg-type]
        for name in "abcd"
    ]
    names = {one.name for one in play(Match("m", "search", sides), 1, quiet)}
    assert {name for name in names if "/" in name} == {"m: a / c", "m: a / d", "m: b / c", "m: b / d"}


def test_openings_are_legal_unended_and_the_same_every_time() -> None:
    lines = openings(64, 4)
    assert lines == openings(64, 4)
    assert len({tuple(line) for line in lines}) > 50
    rules = registry.rules("connect_four")
    for line in lines:
        states = rules.load(Line("startpos", tuple(line)))
        assert not rules.expand(states[-1:]).outcomes.any()
    with pytest.raises(ValueError, match="6 plies"):
        openings(1, 6)


def test_costs_counted_by_hand() -> None:
    assert network.macs(network.NETWORKS["dense"]) == 126 * 128 + 128 * 10
    convolutions = 42 * 9 * (3 * 32 + 32 * 32 + 32 * 32)
    assert network.macs(network.NETWORKS["convolutional"]) == convolutions + 42 * 32 * 64 + 64 * 10


@pytest.mark.parametrize("name", network.NETWORKS)
def test_our_network_is_the_one_that_the_weights_describe(name: str) -> None:
    """The other side is held to the same outputs when the comparison runs (`_same_outputs`)."""
    shape = network.NETWORKS[name]
    *filters, dense, last = network.weights(shape)
    signal = network.probe().astype(np.float64)
    for layer in filters:
        padded = np.pad(signal, ((0, 0), (0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
        signal = np.maximum(np.einsum("bihwyx,oiyx->bohw", windows, layer), 0.0)
    outputs = np.maximum(signal.reshape(len(signal), -1) @ dense, 0.0) @ last
    chances = np.exp(outputs[:, 7:])
    expected = np.concatenate((outputs[:, :7], chances / chances.sum(1, keepdims=True)), 1)
    assert np.array(own.outputs(name)["outputs"]) == pytest.approx(expected, abs=1e-4)
    assert np.ptp(expected[:, :7]) > 0.1, "a network that always says the same would prove nothing"


class Says:
    def __init__(self, outputs: list[list[float]]) -> None:
        self.outputs = outputs

    def ask(self, *_: object) -> dict[str, Any]:
        return {"outputs": self.outputs}


def test_networks_that_differ_are_no_comparison() -> None:
    logits = [0.1] * 7
    ours = Says([[*logits, 0.25, 0.5, 0.25]])
    same = Says([[*logits, 0.0, float(np.log(2.0)), 0.0]])
    compare._same_outputs(ours, same, "dense")  # type: ignore[arg-type]
    with pytest.raises(PeerError, match="differ by"):
        compare._same_outputs(ours, Says([[*logits, 0.0, 0.0, 0.0]]), "dense")  # type: ignore[arg-type]


def test_our_side_counts_simulations_by_its_tree_and_hands_the_journal_on() -> None:
    answer = own.search("connect_four", "", 300, 16, "free")
    assert answer["simulations"] == 300
    assert answer["journal_bytes"] > 300 * 20
    assert answer["seconds"] > 0
    tree = own.tree_bytes("connect_four", "", 500)
    assert tree["of_which_states"] == 24
    assert 24 + 60 < tree["bytes_a_node"] < 24 + 60 + 7 * (9 + 20), "a state, a node, at most seven edges, their prunes"


def test_our_lockstep_does_not_count_what_the_other_side_does_not() -> None:
    """Neither the roots' own evaluations, nor the simulations that a proven root leaves out."""
    quiet_roots = openings(3, 4)
    assert own.lockstep(quiet_roots, "dense", 8, 2)["simulations"] == 2 * 3 * 8
    won = [0, 1, 0, 1, 0, 1]  # the next disc in the first column wins
    assert own.lockstep([*quiet_roots, won], "dense", 8, 1)["simulations"] < 3 * 8 + 8
