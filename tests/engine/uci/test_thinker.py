"""What is said when the search itself fails."""

import time

import chess
import pytest

from engine.search.evaluator import Evaluation, Leaves, UniformEvaluator
from engine.uci import knowledge
from engine.uci.commands import Go
from engine.uci.job import Control, Job
from engine.uci.options import Values
from engine.uci.position import START
from engine.uci.thinker import Thinker


class Failing(UniformEvaluator):
    """An intuition that breaks down at the eightieth question: after the warm-up, inside a search."""

    def __init__(self) -> None:
        self.asked = 0

    def evaluate(self, leaves: Leaves) -> Evaluation:
        self.asked += len(leaves.states)
        if self.asked > 80:
            raise RuntimeError("the device is\ngone")
        return super().evaluate(leaves)


def test_a_gui_gets_a_move_whatever_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(knowledge, "make_evaluator", lambda *_, **__: Failing())
    said: list[str] = []
    thinker = Thinker(said.append)
    for _ in range(2):
        thinker.think(Job(START, Go(nodes=500), Values(), Control(pondering=False), time.perf_counter()))
    assert "info string error: the device is gone" in said
    answers = [line for line in said if line.startswith("bestmove ")]
    assert len(answers) == 2
    assert all(chess.Move.from_uci(answer.split()[1]) in chess.Board().legal_moves for answer in answers)
    assert "Traceback" in caplog.text
