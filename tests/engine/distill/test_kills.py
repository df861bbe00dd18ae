"""A round in a real process, killed again and again, ends with the child of one that was left alone."""

import json
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine import cli
from engine.distill.learning import Learned, Learning
from tests.engine.distill.killed_rounds import Rounds


def finished(rounds: Rounds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The round's end, made in this process: quicker than in one more."""
    monkeypatch.setenv("ARBORIST_DATA", str(rounds.folder))
    assert cli.main(["distill", *rounds.words("--json")]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)["rounds"][0]
    return told


@pytest.mark.slow
def test_a_round_killed_three_times_ends_with_the_same_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    straight, killed = Rounds(tmp_path / "straight"), Rounds(tmp_path / "killed")
    told = finished(straight, monkeypatch, capsys)
    chance = random.Random(7)
    share = told["seconds_s"] / 4
    for _ in range(3):
        _, code = killed.killed(chance.uniform(0.3, 1.2) * share)
        assert code in (-signal.SIGKILL, 0)
    state = killed.state()
    if state is None or state.get("stage") != "done":
        last = finished(killed, monkeypatch, capsys)
        assert last["child"] == "gen-001"
        assert last["fuel"]["pentanomial"] == told["fuel"]["pentanomial"]
    assert killed.child() == straight.child()
    assert cli.main(["distill", "--domain", "connect_four", "--list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["rounds"]
    assert [(one["child"], one["standing"]) for one in listed] == [("gen-001", "done")]
    assert listed[0]["report"]["child_hash"] == killed.child()[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_round_that_is_told_to_stop_keeps_what_it_has(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rounds, run = Rounds(tmp_path), Learning.run

    def told_to_stop(self: Learning) -> Iterator[Learned]:
        for learned in run(self):
            if learned.step == 3:
                os.kill(os.getpid(), number)
            yield learned

    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path))
    with monkeypatch.context() as patch:
        patch.setattr(Learning, "run", told_to_stop)
        assert cli.main(["distill", *rounds.words("--json")]) == 130
    stopped = capsys.readouterr()
    assert json.loads(stopped.out) == {"rounds": []}
    assert "--resume" in stopped.err
    first: list[int] = []

    def watched(self: Learning) -> Iterator[Learned]:
        for learned in run(self):
            first.append(learned.step)
            yield learned

    monkeypatch.setattr(Learning, "run", watched)
    told = finished(rounds, monkeypatch, capsys)
    assert first[0] == 4
    assert set(told) >= {"round", "parent", "child", "published", "fuel", "samples", "train", "match_parent", "anchors"}
    assert set(told) >= {"verdict", "seconds_s", "autopsy"}
    assert told["published"]
    assert len(told["train"]["policy_loss"]) == len(told["train"]["value_loss"]) == 2
