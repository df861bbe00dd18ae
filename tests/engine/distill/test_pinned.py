"""Positions that are watched while a network learns, what a round says meanwhile, and how long it says it will take."""

from pathlib import Path

import numpy as np
import pytest

from engine.distill.opinions import opinions
from engine.distill.pinned import PinnedPositions
from engine.distill.round import Round
from engine.distill.round_news import Pace
from engine.distill.training_log import LOG_FILE, log_lines, training_log
from engine.domains.base import Line, PositionError
from engine.generations.registry import Registry
from engine.nets.policy_value_net import fresh_network
from tests.engine.distill.games import RULES
from tests.engine.distill.small_rounds import data_with_a_parent, order, run
from tests.engine.nets.small import CONNECT_FOUR, lively_network

LINES = (Line("startpos"), Line("startpos", (3, 3, 3, 3, 3, 3)), Line("startpos", (0, 1, 0, 1, 0, 1, 0)))


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    return data_with_a_parent(tmp_path / "data", monkeypatch)


def test_opinions_are_chances_of_legal_actions() -> None:
    states = np.concatenate([RULES.load(line)[-1:] for line in LINES])
    start, column_full, over = opinions(RULES, lively_network(CONNECT_FOUR), states)
    assert start.actions.tolist() == list(range(7))
    assert column_full.actions.tolist() == [0, 1, 2, 4, 5, 6]
    assert start.prior.sum() == pytest.approx(1.0, abs=1e-5)
    assert column_full.prior.sum() == pytest.approx(1.0, abs=1e-5)
    assert len(over.actions) == len(over.prior) == 0
    softer = opinions(RULES, lively_network(CONNECT_FOUR), states, temperature=4.0)[0]
    assert softer.prior.max() < start.prior.max()


def test_pinned_positions_move_as_the_network_learns(tmp_path: Path, registry: Registry) -> None:
    news = run(Round(order(), registry, tmp_path / "c4-001", LINES))
    asked = [one for one in news if one.opinions]
    assert {one.stage for one in asked} == {"learn"}
    assert all(len(one.opinions) == 3 for one in asked)
    assert asked[0].done == 0
    first, last = asked[0].opinions[0], asked[-1].opinions[0]
    assert not np.array_equal(first.prior, last.prior)
    assert asked[-1].done == asked[-1].total


def test_watching_changes_nothing(tmp_path: Path, registry: Registry) -> None:
    hashes = set()
    for name, lines in (("a", LINES), ("b", ())):
        a_round = Round(order(), registry, tmp_path / name / "c4-001", lines)
        run(a_round)
        hashes.add(a_round.state.child_hash)
    assert len(hashes) == 1


def test_a_pinned_position_must_be_one() -> None:
    with pytest.raises(PositionError):
        PinnedPositions(RULES, [Line("no such start")])


def test_they_are_asked_when_it_is_time() -> None:
    now = [0.0]
    pinned, network = PinnedPositions(RULES, LINES, lambda: now[0]), fresh_network(CONNECT_FOUR, 1)
    assert len(pinned.if_due(lambda: network)) == 3
    now[0] = 1.9
    assert pinned.if_due(lambda: network) == ()
    assert len(pinned.if_due(lambda: network, now=True)) == 3
    now[0] = 4.0
    assert len(pinned.if_due(lambda: network)) == 3
    assert PinnedPositions(RULES, ()).asked(network) == ()


def test_what_is_left_goes_by_the_pace_of_late() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    assert pace.left(10, 100) is None
    now[0] = 5.0
    assert pace.left(20, 100) == pytest.approx(40.0)
    now[0] = 10.0
    assert pace.left(20, 100) == pytest.approx(80.0)  # nothing was done in these seconds


def test_a_log_that_was_cut_off_goes_on_where_the_training_does(tmp_path: Path) -> None:
    with training_log(tmp_path, 0) as log:
        for step in (10, 20, 30):
            log.note(step, policy=step / 10, held_out_policy=None)
    path = tmp_path / LOG_FILE
    path.write_text(path.read_text() + '{"step": 40, "pol')
    with training_log(tmp_path, 25) as log:
        log.note(30, policy=0.5)
    lines = log_lines(tmp_path)
    assert [(line["step"], line["policy"]) for line in lines] == [(10, 1.0), (20, 2.0), (30, 0.5)]
    assert "held_out_policy" not in lines[0]
