"""The client against a script: its states, its pending requests, and an engine that misbehaves."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.engine_client import EngineClient, EngineNotReady, EngineState
from app.engine_transport import EngineEnd
from app.scripted_transport import ScriptedTransport
from engine.service.messages import (
    PROTOCOL_VERSION,
    Answer,
    Done,
    Failed,
    Hello,
    JournalPart,
    ListGenerations,
    Notice,
    PauseSearch,
    Preparing,
    RunEnded,
    RunSearch,
    Welcome,
)

pytestmark = pytest.mark.usefixtures("qapp")

STARTING, READY, STOPPING = EngineState.STARTING, EngineState.READY, EngineState.STOPPING
STOPPED, FAILED = EngineState.STOPPED, EngineState.FAILED


def welcome(request: Any) -> list[Answer | Notice]:
    return [Welcome(id=request.id, version=PROTOCOL_VERSION, engine="scripted", devices=("cpu",))]


class Bench:
    """A client, its script, and all it told."""

    def __init__(self, **options: Any) -> None:
        self.script = ScriptedTransport()
        self.client = EngineClient(make_transport=self.script.connect, **options)
        self.told: list[Any] = []
        for signal in (self.client.state_changed, self.client.replied, self.client.noticed):
            signal.connect(self.told.append)

    def make_ready(self) -> None:
        self.script.expect(Hello, welcome)
        self.client.start()
        self.script.play()
        assert self.client.state is READY
        self.told.clear()

    def states(self) -> list[EngineState]:
        return [thing for thing in self.told if isinstance(thing, EngineState)]

    def answers(self) -> list[Answer]:
        return [thing for thing in self.told if isinstance(thing, Answer)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_start(bench: Bench) -> None:
    bench.script.expect(Hello, welcome)
    bench.client.start()
    assert bench.client.state is STARTING
    assert bench.script.requests == []  # nothing is sent before the way is open
    bench.script.play()
    (hello,) = bench.script.requests
    assert isinstance(hello, Hello)
    assert hello.version == PROTOCOL_VERSION
    assert bench.told == [STARTING, READY, *welcome(hello)]
    assert bench.client.welcome is not None
    bench.script.assert_done()


def test_requests_have_ids_of_their_own_and_answers_come_in_order(bench: Bench) -> None:
    bench.make_ready()
    part = JournalPart(search=1, offset=0, events=b"x")
    bench.script.expect(RunSearch)
    bench.script.expect(
        PauseSearch, lambda request: [part, RunEnded(id=run, reason="by_hand", text=""), Done(id=request.id)]
    )
    run = bench.client.request(lambda number: RunSearch(id=number))
    pause = bench.client.request(lambda number: PauseSearch(id=number))
    assert run != pause
    bench.script.play()
    assert bench.told == [part, RunEnded(id=run, reason="by_hand", text=""), Done(id=pause)]


def test_answers_to_no_request_are_dropped(bench: Bench) -> None:
    bench.make_ready()
    bench.script.expect(PauseSearch, lambda request: [Done(id=request.id), Done(id=request.id), Done(id=999)])
    pause = bench.client.request(lambda number: PauseSearch(id=number))
    bench.script.play()
    assert bench.told == [Done(id=pause)]


def test_an_end_gives_each_pending_request_one_failure(bench: Bench) -> None:
    bench.make_ready()
    bench.script.expect(RunSearch)
    bench.script.expect(PauseSearch)
    run = bench.client.request(lambda number: RunSearch(id=number))
    pause = bench.client.request(lambda number: PauseSearch(id=number))
    bench.script.die(EngineEnd("killed by signal 9", ("Fatal Python error", "its last line")))
    bench.script.say(Done(id=run))  # from beyond the grave
    bench.script.play()
    sentence = "The engine ended unexpectedly: killed by signal 9."
    assert bench.told == [*(Failed(id=number, kind="engine", text=sentence) for number in (run, pause)), FAILED]
    assert bench.client.failure == f"{sentence}\nFatal Python error\nits last line"


def test_an_engine_that_ends_before_it_is_ready(bench: Bench) -> None:
    bench.script.opens_at_once = False
    bench.client.start()
    bench.script.die(EngineEnd("exit code 1", ("No module named engine",)))
    bench.script.play()
    assert bench.told == [STARTING, FAILED]
    assert bench.client.failure == "The engine did not start: exit code 1.\nNo module named engine"


def test_after_a_failure_it_starts_again_and_old_ids_are_not_used_again(bench: Bench) -> None:
    bench.make_ready()
    bench.script.expect(RunSearch)
    old = bench.client.request(lambda number: RunSearch(id=number))
    bench.script.die(EngineEnd("exit code 1"))
    bench.script.play()
    bench.make_ready()
    assert bench.client.failure == ""
    bench.script.expect(PauseSearch, lambda request: [Done(id=old), Done(id=request.id)])
    new = bench.client.request(lambda number: PauseSearch(id=number))
    bench.script.play()
    assert new > old
    assert bench.answers() == [Done(id=new)]


def test_a_client_may_start_again_at_once(bench: Bench) -> None:
    """Whoever hears of the failure may call `start` right there: the old answers have been given by then."""
    bench.make_ready()
    bench.script.expect(RunSearch)
    run = bench.client.request(lambda number: RunSearch(id=number))
    bench.client.state_changed.connect(lambda state: bench.client.restart() if state is FAILED else None)
    bench.script.expect(Hello, welcome)
    bench.script.die(EngineEnd("exit code 1"))
    bench.script.play()
    assert bench.client.state is READY
    failed, greeting = bench.answers()
    assert isinstance(failed, Failed)
    assert failed.id == run
    assert isinstance(greeting, Welcome)


def test_requests_need_an_engine_that_is_ready(bench: Bench) -> None:
    def refused() -> None:
        with pytest.raises(EngineNotReady, match=bench.client.state.value):
            bench.client.request(lambda number: ListGenerations(id=number))

    refused()
    bench.client.start()
    refused()
    bench.script.expect(Hello, welcome)
    bench.script.play()
    bench.client.stop()
    assert bench.client.state is STOPPING
    refused()
    bench.script.die(EngineEnd("exit code 0"))
    bench.script.play()
    refused()


def test_no_request_is_possible_while_the_end_is_told(bench: Bench) -> None:
    bench.make_ready()
    bench.script.expect(RunSearch)
    bench.client.request(lambda number: RunSearch(id=number))
    refusals = []

    def ask_again(answer: Answer) -> None:
        try:
            bench.client.request(lambda number: RunSearch(id=number))
        except EngineNotReady as error:
            refusals.append(str(error))

    bench.client.replied.connect(ask_again)
    bench.script.die(EngineEnd("exit code 1"))
    bench.script.play()
    assert refusals == ["the engine is failed"]


def test_another_version(bench: Bench) -> None:
    sentence = "the engine speaks version 2 of the protocol, this window version 1"
    bench.script.expect(Hello, lambda request: [Failed(id=request.id, kind="version", text=sentence)])
    bench.client.start()
    bench.script.play()
    assert bench.script.is_killed
    assert bench.states() == [STARTING, FAILED]
    assert sentence in bench.client.failure


def test_an_engine_that_sends_nonsense_is_given_up(bench: Bench) -> None:
    bench.make_ready()
    bench.script.say_bytes(b"\xc1 nonsense")
    bench.script.play()
    assert bench.script.is_killed
    assert bench.states() == [FAILED]
    assert "no message" in bench.client.failure


def test_an_engine_that_never_answers_is_given_up(qtbot: QtBot) -> None:
    bench = Bench(start_timeout_ms=20)
    bench.script.expect(Hello)
    bench.client.start()
    bench.script.play()
    qtbot.waitUntil(lambda: bench.script.is_killed, timeout=5000)
    bench.script.play()
    assert bench.client.state is FAILED
    assert bench.client.failure.startswith("The engine did not answer within 0.02 s")


def test_stop_asks_and_then_insists(qtbot: QtBot, bench: Bench) -> None:
    bench.make_ready()
    bench.script.expect(RunSearch)
    run = bench.client.request(lambda number: RunSearch(id=number))
    bench.client.stop(timeout_ms=20)
    assert bench.script.is_closed
    assert not bench.script.is_killed
    bench.client.stop(timeout_ms=1)  # asking twice changes nothing
    qtbot.waitUntil(lambda: bench.script.is_killed, timeout=5000)
    bench.script.play()
    assert bench.told == [STOPPING, Failed(id=run, kind="engine", text="The engine was stopped."), STOPPED]
    assert bench.client.failure == ""


def test_stopping_what_failed_or_never_ran(bench: Bench) -> None:
    bench.client.stop()
    bench.client.kill()
    bench.client.finish()
    assert bench.told == []
    bench.make_ready()
    bench.script.die(EngineEnd("exit code 1"))
    bench.script.play()
    bench.client.stop()
    assert bench.states() == [FAILED, STOPPED]


def test_restart_of_a_running_engine(bench: Bench) -> None:
    bench.make_ready()
    bench.client.restart()
    bench.script.expect(Hello, welcome)
    bench.script.die(EngineEnd("exit code 0"))
    bench.script.play()
    assert bench.states() == [STOPPING, STOPPED, STARTING, READY]


def test_a_stop_after_a_restart_counts(bench: Bench) -> None:
    bench.make_ready()
    bench.client.restart()
    bench.client.stop()
    bench.script.die(EngineEnd("exit code 0"))
    bench.script.play()
    assert bench.client.state is STOPPED


def test_an_engine_stopped_while_it_starts(bench: Bench) -> None:
    bench.script.expect(Hello, welcome)
    bench.client.start()
    bench.script.play_one()  # opened: Hello is on its way
    bench.client.stop()
    bench.script.play()  # its answer comes too late
    assert bench.client.state is STOPPING
    bench.script.die(EngineEnd("exit code 0"))
    bench.script.play()
    assert bench.states() == [STARTING, STOPPING, STOPPED]


def test_kill_and_finish(bench: Bench) -> None:
    bench.make_ready()
    bench.client.kill()
    bench.script.play()
    bench.make_ready()
    bench.client.finish()
    assert bench.states() == [STOPPING, STOPPED]


def test_states_that_cannot_follow_each_other(bench: Bench) -> None:
    bench.make_ready()
    with pytest.raises(AssertionError, match="READY is never followed by STARTING"):
        bench.client.start()


def test_notices_are_handed_on(bench: Bench) -> None:
    bench.make_ready()
    notices = [Preparing(text="Loading", done=0, total=2), JournalPart(search=1, offset=0, events=b"")]
    bench.script.say(*notices)
    bench.script.play()
    assert bench.told == notices
