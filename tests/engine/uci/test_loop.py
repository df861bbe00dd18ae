"""The conversation, with a thinker that thinks nothing: order, waiting, and garbage."""

import queue
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains.base import Line
from engine.uci.budget import is_open_ended
from engine.uci.job import Job
from engine.uci.loop import Engine
from engine.uci.options import MULTI_PV, Values
from engine.uci.position import START

WAIT_S = 10.0


class FakeThinker:
    """Answers at once, or when it is told to; thirteen nodes make it fail."""

    def __init__(self, talk: "Talk") -> None:
        self._talk = talk

    def prepare(self, values: Values) -> None:
        self._talk.prepared.append(values)

    def forget(self) -> None:
        self._talk.forgotten += 1

    def think(self, job: Job) -> None:
        self._talk.jobs.append(job)
        if job.go.nodes == 13:
            self._talk.say("bestmove 0000")
            raise RuntimeError("thirteen nodes")
        while not job.control.stopped and (is_open_ended(job.go) or job.control.pondering):
            job.control.wait()
        self._talk.say(f"bestmove {len(self._talk.jobs)}")


class Talk:
    """A conversation with an engine on another thread."""

    def __init__(self) -> None:
        self.said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.jobs: list[Job] = []
        self.prepared: list[Values] = []
        self.forgotten = 0
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.ended = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def say(self, line: str) -> None:
        self.said.put(line)

    def _run(self) -> None:
        def lines() -> Iterator[str]:
            while (line := self._lines.get()) is not None:
                yield line

        Engine(self.say, lambda: FakeThinker(self)).run(lines())
        self.ended = True

    def tell(self, *lines: str) -> None:
        for line in lines:
            self._lines.put(line)

    def until(self, start: str) -> list[str]:
        """What is said up to a line that starts so."""
        heard = [self.said.get(timeout=WAIT_S)]
        while not heard[-1].startswith(start):
            heard.append(self.said.get(timeout=WAIT_S))
        return heard

    def close(self) -> None:
        self._lines.put(None)
        self._thread.join(WAIT_S)


@pytest.fixture
def talk() -> Iterator[Talk]:
    talk = Talk()
    yield talk
    talk.close()


def test_the_introduction(talk: Talk) -> None:
    talk.tell("uci")
    heard = talk.until("uciok")
    assert heard[0].startswith("id name Arborist")
    assert heard[1].startswith("id author")
    assert all(line.startswith("option name ") for line in heard[2:-1])
    assert len(heard) > 15


def test_ready_means_prepared(talk: Talk) -> None:
    talk.tell("setoption name MultiPV value 4", "isready")
    talk.until("readyok")
    assert talk.prepared[0][MULTI_PV] == 4


def test_an_endless_search_is_ready_and_answers_only_to_stop(talk: Talk) -> None:
    talk.tell("go infinite", "isready", "isready")
    assert talk.until("readyok") == ["readyok"]
    assert talk.until("readyok") == ["readyok"]
    assert talk.said.empty()
    talk.tell("stop")
    assert talk.until("bestmove") == ["bestmove 1"]


def test_pondering_ends_with_a_hit_or_a_stop(talk: Talk) -> None:
    talk.tell("go ponder nodes 1", "isready")
    assert talk.until("readyok") == ["readyok"]
    talk.tell("ponderhit")
    assert talk.until("bestmove") == ["bestmove 1"]
    talk.tell("go ponder nodes 1", "isready", "stop")
    assert talk.until("bestmove") == ["readyok", "bestmove 2"]
    talk.tell("ponderhit", "stop", "isready")
    assert talk.until("readyok") == ["readyok"]


def test_each_go_gets_its_answer_even_if_the_gui_did_not_wait(talk: Talk) -> None:
    talk.tell("go infinite", "go infinite", "go nodes 1")
    assert [talk.until("bestmove")[-1] for _ in range(3)] == ["bestmove 1", "bestmove 2", "bestmove 3"]


def test_a_job_keeps_the_position_and_options_it_was_asked_with(talk: Talk) -> None:
    talk.tell("position startpos moves e2e4", "go infinite", "setoption name MultiPV value 9", "position startpos")
    talk.tell("isready", "stop")
    talk.until("bestmove")
    talk.tell("go nodes 1")
    talk.until("bestmove")
    first, second = talk.jobs
    assert len(first.line.actions) == 1
    assert first.values[MULTI_PV] == 1
    assert second.line == START
    assert second.values[MULTI_PV] == 9


def test_mistakes_are_one_sentence_and_change_nothing(talk: Talk) -> None:
    talk.tell("position startpos moves d2d4", "position fen nonsense w - - 0 1", "go nodes 1")
    heard = talk.until("bestmove")
    assert heard[0].startswith("info string ")
    assert "nonsense" in heard[0]
    assert len(talk.jobs[0].line.actions) == 1
    talk.tell("position startpos moves e2e4 e2e4 e7e5", "setoption name Hash value 0", "setoption name Nope value 1")
    talk.tell("go nodes 1")
    heard = talk.until("bestmove")
    assert len(heard) == 4
    assert all(line.startswith("info string ") for line in heard[:3])
    assert len(talk.jobs[1].line.actions) == 1
    assert talk.jobs[1].line != talk.jobs[0].line


def test_a_failure_ends_one_search_only(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    talk.tell("go nodes 13", "isready", "go nodes 1")
    heard = talk.until("bestmove 2")
    assert any("thirteen" in line for line in heard)
    assert "Traceback" in caplog.text


def test_a_new_game_forgets(talk: Talk) -> None:
    talk.tell("ucinewgame", "setoption name Clear Hash", "isready")
    talk.until("readyok")
    assert talk.forgotten == 2


def test_the_end_of_the_input_ends_a_search() -> None:
    talk = Talk()
    talk.tell("go infinite")
    talk.close()
    assert talk.until("bestmove") == ["bestmove 1"]
    assert talk.ended


COMMANDS = (
    "uci", "isready", "ucinewgame", "position startpos", "position startpos moves e2e4 e7e5", "go nodes 5",
    "go infinite", "go ponder movetime 1", "stop", "ponderhit", "setoption name Hash value 3", "debug on",
    "position fen",
    "position fen 8/8/8/8/8/8/8/8 w - - 0 1", "go searchmoves e2e4 zz", "setoption name", "go depth -4 nodes -1",
)  # fmt: skip
GARBAGE = st.text(max_size=40).filter(lambda text: "quit" not in text)


@given(st.lists(st.one_of(st.sampled_from(COMMANDS), GARBAGE), max_size=30))
def test_garbage_never_ends_the_conversation(lines: list[str]) -> None:
    talk = Talk()
    try:
        talk.tell(*lines, "stop", "setoption name MultiPV value 17", "go nodes 1")
        while not any(job.values[MULTI_PV] == 17 for job in talk.jobs):
            talk.until("bestmove")
        talk.tell("isready")
        talk.until("readyok")
        assert isinstance(talk.jobs[-1].line, Line)
    finally:
        talk.close()
    assert talk.ended
