"""The only door to the engine: starts and ends it, sends requests, hands on what it answers and notices.

Everything happens in the GUI thread and nothing waits. Every request ends with exactly one final answer: the engine's,
or, where the engine ends first, a `Failed` made here.
"""

import itertools
import logging
from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from app.engine_transport import EngineEnd, ProcessTransport, Transport, TransportCalls
from engine.service.messages import (
    PROTOCOL_VERSION,
    Answer,
    AnyReply,
    Failed,
    Hello,
    MessageError,
    Request,
    Welcome,
    decode_reply,
    encode_message,
)

START_TIMEOUT_MS = 30_000
STOP_TIMEOUT_MS = 3_000

log = logging.getLogger(__name__)


class EngineState(Enum):
    """What the engine is doing, as far as the client knows."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    FAILED = "failed"


_FOLLOWING = {
    EngineState.STOPPED: {EngineState.STARTING},
    EngineState.STARTING: {EngineState.READY, EngineState.STOPPING, EngineState.FAILED},
    EngineState.READY: {EngineState.STOPPING, EngineState.FAILED},
    EngineState.STOPPING: {EngineState.STOPPED},
    EngineState.FAILED: {EngineState.STARTING, EngineState.STOPPED},
}


class EngineNotReady(RuntimeError):  # noqa: N818 - the name is part of the interface and says what is wrong
    """A request was made of an engine that is not READY; the message says what it is."""


class EngineClient(QObject):
    """One engine at a time, started anew as often as need be.

    Signals:
        state_changed: the new `EngineState`.
        replied: a final answer (`messages.Answer`), in the order of the engine.
        noticed: a notice (`messages.Notice`).
    """

    state_changed = Signal(object)
    replied = Signal(object)
    noticed = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        make_transport: Callable[[QObject], Transport] = ProcessTransport,
        start_timeout_ms: int = START_TIMEOUT_MS,
    ) -> None:
        super().__init__(parent)
        self._make_transport = make_transport
        self._transport: Transport | None = None
        self._state = EngineState.STOPPED
        self._failure = ""
        self._welcome: Welcome | None = None
        self._ids = itertools.count(1)
        self._pending: dict[int, Request] = {}
        self._hello = 0
        self._starts_again = False
        self._start_timer = QTimer(self, singleShot=True, interval=start_timeout_ms)
        self._start_timer.timeout.connect(self._on_start_timeout)
        self._stop_timer = QTimer(self, singleShot=True)
        self._stop_timer.timeout.connect(self.kill)

    @property
    def state(self) -> EngineState:
        """The engine's state."""
        return self._state

    @property
    def failure(self) -> str:
        """Why the engine FAILED: a sentence, then the last lines of its log; "" while nothing has failed."""
        return self._failure

    @property
    def welcome(self) -> Welcome | None:
        """What the engine said of itself, once it was READY."""
        return self._welcome

    @property
    def process_id(self) -> int:
        """Of the engine's process, or 0."""
        return self._transport.process_id() if self._transport is not None else 0

    def start(self) -> None:
        """Start the engine; it must be STOPPED or FAILED. `state_changed` says when it is READY."""
        self._failure = ""
        self._enter(EngineState.STARTING)
        self._transport = self._make_transport(self)
        self._start_timer.start()
        self._transport.open(TransportCalls(opened=self._on_opened, received=self._on_frame, ended=self._on_ended))

    def stop(self, timeout_ms: int = STOP_TIMEOUT_MS) -> None:
        """Let the engine end; it is killed after `timeout_ms`. A FAILED one is gone already and becomes STOPPED.

        Returns at once; `state_changed` says when it is STOPPED.
        """
        self._starts_again = False
        if self._state is EngineState.FAILED:
            self._enter(EngineState.STOPPED)
        elif self._transport is not None and self._state is not EngineState.STOPPING:
            self._begin_stopping()
            self._stop_timer.start(timeout_ms)
            self._transport.close()

    def kill(self) -> None:
        """End the engine now, whatever it does. Returns at once; then as `stop`."""
        if self._transport is not None:
            if self._state is not EngineState.STOPPING:
                self._begin_stopping()
            self._transport.kill()

    def restart(self) -> None:
        """Start the engine; one that is there is stopped first."""
        if self._state in (EngineState.STOPPED, EngineState.FAILED):
            self.start()
        else:
            self.stop()
            self._starts_again = True

    def finish(self, timeout_ms: int = STOP_TIMEOUT_MS) -> None:
        """End the engine and wait for it, for `timeout_ms` at most before it is killed. For the end of the program."""
        self._starts_again = False
        if self._transport is not None:
            if self._state is not EngineState.STOPPING:
                self._begin_stopping()
            self._transport.finish(timeout_ms)

    def request(self, make: Callable[[int], Request]) -> int:
        """Send the request that `make` makes of an id; its answer comes by `replied`.

        Args:
            make: gets the id and puts it into the request.

        Returns:
            The id.

        Raises:
            EngineNotReady: the engine is not READY.
        """
        if self._state is not EngineState.READY:
            raise EngineNotReady(f"the engine is {self._state.value}")
        return self._send(make)

    def _send(self, make: Callable[[int], Request]) -> int:
        assert self._transport is not None
        number = next(self._ids)
        request = make(number)
        assert request.id == number, f"{request} has not the id {number}"
        self._pending[number] = request
        self._transport.send(encode_message(request))
        return number

    def _set_state(self, state: EngineState) -> None:
        assert state in _FOLLOWING[self._state], f"{self._state.name} is never followed by {state.name}"
        self._state = state

    def _enter(self, state: EngineState) -> None:
        self._set_state(state)
        self.state_changed.emit(state)

    def _begin_stopping(self) -> None:
        self._start_timer.stop()
        self._enter(EngineState.STOPPING)

    def _fail(self, sentence: str) -> None:
        """Give up an engine that still runs; it is FAILED as soon as it has ended."""
        if self._transport is not None and not self._failure:
            self._failure = sentence
            self._transport.kill()

    def _on_opened(self) -> None:
        if self._state is EngineState.STARTING:
            self._hello = self._send(lambda number: Hello(id=number, version=PROTOCOL_VERSION))

    def _on_start_timeout(self) -> None:
        self._fail(f"The engine did not answer within {self._start_timer.interval() / 1000:g} s of its start.")

    def _on_frame(self, frame: bytes) -> None:
        try:
            reply: AnyReply = decode_reply(frame)
        except MessageError as error:
            self._fail(f"The engine sent something that is no message: {error}.")
            return
        if not isinstance(reply, Answer):
            self.noticed.emit(reply)
        elif self._pending.pop(reply.id, None) is None:
            log.info("an answer to no request was dropped: %s", reply)
        else:
            if reply.id == self._hello:
                self._on_greeting(reply)
            self.replied.emit(reply)

    def _on_greeting(self, reply: Answer) -> None:
        if self._state is not EngineState.STARTING:
            return
        self._start_timer.stop()
        if isinstance(reply, Welcome):
            self._welcome = reply
            self._enter(EngineState.READY)
        else:
            reason = reply.text if isinstance(reply, Failed) else f"it answered {type(reply).__name__}"
            self._fail(f"The engine cannot be used: {reason}.")

    def _on_ended(self, end: EngineEnd) -> None:
        self._transport = None
        self._welcome = None
        self._start_timer.stop()
        self._stop_timer.stop()
        if self._state is EngineState.STOPPING:
            self._failure = ""
            self._set_state(EngineState.STOPPED)
            sentence = "The engine was stopped."
        else:
            started = self._state is EngineState.READY
            what = "The engine ended unexpectedly" if started else "The engine did not start"
            sentence = self._failure or f"{what}: {end.text}."
            self._failure = "\n".join((sentence, *end.last_lines))
            self._set_state(EngineState.FAILED)
        # Answers before the change is told: whoever then starts the engine again has nothing left of the old one.
        pending, self._pending = self._pending, {}
        for number in pending:
            self.replied.emit(Failed(id=number, kind="engine", text=sentence))
        self.state_changed.emit(self._state)
        if self._starts_again and self._state is EngineState.STOPPED:
            self._starts_again = False
            self.start()
