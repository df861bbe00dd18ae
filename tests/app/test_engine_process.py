"""The client with the real engine process: a search seen through it, and every way in which a process can end."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from app.engine_client import EngineClient, EngineState
from app.engine_transport import ProcessTransport
from engine.search.limits import Limits
from engine.service.messages import (
    Answer,
    CutBranch,
    Done,
    Failed,
    JournalPart,
    Opened,
    OpenSearch,
    PauseSearch,
    RunEnded,
    RunSearch,
)
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import decode_header
from engine.tree.fold import empty_tree, fold_stream

WAIT_MS = 60_000


class Window:
    """What the rest of the window would be: it keeps what the client told, and folds the journal as it comes."""

    def __init__(self, client: EngineClient, qtbot: QtBot) -> None:
        self.client, self.qtbot = client, qtbot
        self.answers: dict[int, Answer] = {}
        self.tree: SearchTree | None = None
        self.parts = 0
        client.replied.connect(self.on_reply)
        client.noticed.connect(self.on_notice)

    def on_reply(self, answer: Answer) -> None:
        assert answer.id not in self.answers
        self.answers[answer.id] = answer
        if isinstance(answer, Opened):
            self.tree = empty_tree(decode_header(answer.header))

    def on_notice(self, notice: Any) -> None:
        if isinstance(notice, JournalPart):
            assert self.tree is not None
            fold_stream(self.tree, notice.events)
            self.parts += 1

    def wait_for_state(self, state: EngineState) -> None:
        self.qtbot.waitUntil(lambda: self.client.state is state, timeout=WAIT_MS)

    def start(self) -> None:
        self.client.start()
        self.wait_for_state(EngineState.READY)

    def answer(self, number: int) -> Answer:
        self.qtbot.waitUntil(lambda: number in self.answers, timeout=WAIT_MS)
        return self.answers[number]

    def do(self, kind: Any, **values: Any) -> Answer:
        return self.answer(self.client.request(lambda number: kind(id=number, **values)))

    def open(self) -> None:
        assert isinstance(self.do(OpenSearch, domain="connect_four", start="startpos", generation="uniform"), Opened)


@pytest.fixture
def client(qapp: object) -> Iterator[EngineClient]:
    client = EngineClient()
    yield client
    client.finish(5000)
    assert client.state in (EngineState.STOPPED, EngineState.FAILED)


@pytest.fixture
def window(client: EngineClient, qtbot: QtBot) -> Window:
    return Window(client, qtbot)


def test_a_search_followed_paused_and_steered(window: Window) -> None:
    window.start()
    window.open()
    assert window.tree is not None
    ended = window.do(RunSearch, limits=Limits(simulations=200))
    assert isinstance(ended, RunEnded)
    assert window.tree.simulations == window.tree.stats["visits"][ROOT] == 200
    run = window.client.request(lambda number: RunSearch(id=number))
    cut = window.do(CutBranch, path=(3,), roots=0)
    assert isinstance(cut, Done)
    assert window.tree.edge_pruned[window.tree.find_edge((3,))] != 0
    assert run not in window.answers
    window.do(PauseSearch)
    assert isinstance(window.answers[run], RunEnded)


def test_the_event_loop_runs_while_the_engine_works(window: Window) -> None:
    """A timer of the window goes on ticking, and a search at full speed is told at the agreed pace."""
    ticks: list[EngineState] = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: ticks.append(window.client.state))
    timer.start()
    window.start()
    assert EngineState.STARTING in ticks
    window.open()
    before = len(ticks)
    window.do(RunSearch, limits=Limits(seconds=1.0))
    timer.stop()
    assert 3 <= window.parts <= 30 + 2
    assert len(ticks) - before >= 10


def test_a_killed_engine_fails_its_requests_once_and_starts_again(window: Window) -> None:
    window.start()
    window.open()
    run = window.client.request(lambda number: RunSearch(id=number))
    window.qtbot.waitUntil(lambda: window.parts > 0, timeout=WAIT_MS)
    psutil.Process(window.client.process_id).kill()
    failed = window.answer(run)
    assert isinstance(failed, Failed)
    assert failed.kind == "engine"
    window.wait_for_state(EngineState.FAILED)
    if os.name == "posix":
        assert "killed by signal 9" in window.client.failure
    assert window.tree is not None
    kept = window.tree.simulations
    assert kept > 0
    window.client.restart()
    window.wait_for_state(EngineState.READY)
    assert window.tree.simulations == kept  # what was received is still there
    window.open()
    assert isinstance(window.do(RunSearch, limits=Limits(simulations=10)), RunEnded)


def test_stop_and_restart_leave_no_process_behind(window: Window) -> None:
    window.start()
    first = psutil.Process(window.client.process_id)
    window.client.restart()
    window.wait_for_state(EngineState.STARTING)
    assert not first.is_running()
    window.wait_for_state(EngineState.READY)
    second = psutil.Process(window.client.process_id)
    assert second.pid != first.pid
    window.client.stop()
    window.wait_for_state(EngineState.STOPPED)
    assert not second.is_running()
    assert window.client.failure == ""


def test_an_engine_that_hangs_is_killed_in_time(window: Window) -> None:
    window.start()
    psutil.Process(window.client.process_id).suspend()
    began = time.monotonic()
    window.client.stop(timeout_ms=100)
    window.wait_for_state(EngineState.STOPPED)
    assert time.monotonic() - began < 5


def test_stopped_in_the_middle_of_its_start(window: Window) -> None:
    window.client.start()
    window.client.stop()
    window.wait_for_state(EngineState.STOPPED)


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("import sys; sys.exit('there is no engine here')", "there is no engine here"),
        ("print('hello', flush=True); import time; time.sleep(60)", "'hello'"),
        ("import os; os._exit(7)", "exit code 7"),
    ],
)
def test_a_program_that_is_no_engine(client: EngineClient, qtbot: QtBot, code: str, named: str) -> None:
    broken = EngineClient(make_transport=lambda parent: ProcessTransport(parent, (sys.executable, "-c", code)))
    window = Window(broken, qtbot)
    broken.start()
    window.wait_for_state(EngineState.FAILED)
    assert broken.failure.startswith("The engine did not start: ")
    assert named in broken.failure


def test_a_program_that_does_not_exist(qtbot: QtBot, qapp: QObject, tmp_path: Path) -> None:
    missing = str(tmp_path / "python-of-nowhere")
    broken = EngineClient(make_transport=lambda parent: ProcessTransport(parent, (missing,)))
    broken.start()
    assert broken.state is EngineState.STARTING
    qtbot.waitUntil(lambda: broken.state is EngineState.FAILED, timeout=WAIT_MS)
    assert missing in broken.failure


def test_an_engine_that_does_not_come_up_is_given_up(qtbot: QtBot, qapp: QObject) -> None:
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    slow = EngineClient(make_transport=lambda parent: ProcessTransport(parent, sleeper), start_timeout_ms=300)
    slow.start()
    qtbot.waitUntil(lambda: slow.state is EngineState.FAILED, timeout=WAIT_MS)
    assert "did not answer within 0.3 s" in slow.failure


def test_the_engine_is_found_from_any_folder(window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And what lies in the folder the program was started in is not taken for it."""
    (tmp_path / "engine.py").write_text("raise SystemExit('the wrong engine')")
    (tmp_path / "zmq.py").write_text("raise SystemExit('the wrong zmq')")
    monkeypatch.chdir(tmp_path)
    window.start()
