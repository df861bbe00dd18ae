"""The way to an engine: what a client needs of one, and the real one, a child process and a ZeroMQ socket.

No thread and no waiting: ZeroMQ does its input and output in native threads of its own and signals a file descriptor
that Qt's event loop watches.
"""

import logging
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec
import zmq
from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QSocketNotifier, QTimer

from engine.service import messages
from engine.service.messages import ReadyLine, StartLine

ENGINE_COMMAND = (sys.executable, "-P", "-m", "engine.service")  # -P: not whatever lies in the current folder

_KEPT_LINES = 20
_DRAIN_BUDGET_S = 0.008
"""Half a frame: then the rest waits until the window has had its turn."""
_SAFETY_INTERVAL_MS = 250
_QUEUED_FRAMES = 64
"""About two seconds of a journal: a window that hangs for longer makes its search wait and fills no memory."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EngineEnd:
    """How an engine ended.

    Attributes:
        text: in words, e.g. "killed by signal 9".
        last_lines: the end of its log, oldest first.
    """

    text: str
    last_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TransportCalls:
    """Whom a transport calls, always from the event loop and never from within a call of its own methods.

    Attributes:
        opened: once, when frames may be sent.
        received: for each frame of the engine, in order.
        ended: once, when the engine is gone; nothing is called after it.
    """

    opened: Callable[[], None]
    received: Callable[[bytes], None]
    ended: Callable[[EngineEnd], None]


class Transport(Protocol):
    """One engine, from its start to its end. No call blocks, `finish` excepted."""

    def open(self, calls: TransportCalls) -> None:
        """Start the engine. Called once."""
        ...

    def send(self, frame: bytes) -> None:
        """Send a frame. Only after `opened`."""
        ...

    def close(self) -> None:
        """Let the engine end by itself."""
        ...

    def kill(self) -> None:
        """End the engine now, whatever it does."""
        ...

    def finish(self, timeout_ms: int) -> None:
        """End the engine and wait for it; it is killed after the time. For the end of the program only."""
        ...

    def process_id(self) -> int:
        """Of the engine's process, or 0 where there is none."""
        ...


class ProcessTransport:
    """The engine as a child process, on a TCP port of the loopback interface with keys that nobody else has.

    Args:
        parent: owns the Qt objects.
        command: the engine process.
    """

    def __init__(self, parent: QObject, command: Sequence[str] = ENGINE_COMMAND) -> None:
        self._parent = parent
        self._calls: TransportCalls | None = None
        self._link: _Link | None = None
        self._public_key, self._secret_key = zmq.curve_keypair()
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._output = b""
        self._process = QProcess(parent)
        self._process.setProgram(command[0])
        self._process.setArguments(list(command[1:]))
        self._process.setProcessEnvironment(engine_environment())
        self._process.started.connect(self._on_started)
        self._process.readyReadStandardOutput.connect(self._read_output)
        self._process.readyReadStandardError.connect(self._read_log)
        self._process.errorOccurred.connect(self._on_error)
        self._process.finished.connect(self._on_finished)

    def open(self, calls: TransportCalls) -> None:
        """See `Transport.open`."""
        self._calls = calls
        self._process.start()

    def send(self, frame: bytes) -> None:
        """See `Transport.send`."""
        assert self._link is not None, "sent before it was opened"
        self._link.send(frame)

    def close(self) -> None:
        """See `Transport.close`: the engine ends with its standard input."""
        self._process.closeWriteChannel()

    def kill(self) -> None:
        """See `Transport.kill`."""
        self._process.kill()

    def finish(self, timeout_ms: int) -> None:
        """See `Transport.finish`."""
        self.close()
        if not self._process.waitForFinished(timeout_ms):
            self.kill()
            self._process.waitForFinished(timeout_ms)

    def process_id(self) -> int:
        """See `Transport.process_id`."""
        return self._process.processId()

    def _on_started(self) -> None:
        self._process.write(msgspec.json.encode(StartLine(client_key=self._public_key.decode())) + b"\n")

    def _read_output(self) -> None:
        """Look for the `ReadyLine`; what comes after it is of no interest."""
        self._output += bytes(self._process.readAllStandardOutput().data())
        if self._link is not None or b"\n" not in self._output or self._calls is None:
            return
        line = self._output.splitlines()[0]
        try:
            ready = msgspec.json.decode(line, type=ReadyLine)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._lines.append(f"instead of its port it printed {line[:80]!r}")
            self.kill()
            return
        keys = (self._public_key, self._secret_key)
        self._link = _Link(self._parent, ready, keys, self._calls.received)
        self._calls.opened()

    def _read_log(self) -> None:
        text = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        for line in text.splitlines():
            log.debug("engine: %s", line)
            self._lines.append(line)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            text = f"{self._process.program()} cannot be started: {self._process.errorString()}"
            QTimer.singleShot(0, self._parent, lambda: self._end(text))  # we may still be in `open`

    def _on_finished(self, exit_code: int, status: QProcess.ExitStatus) -> None:
        self._read_log()
        if self._link is not None:
            self._link.drain()  # the last that it sent may have come already
        if status == QProcess.ExitStatus.NormalExit:
            self._end(f"exit code {exit_code}")
        else:
            self._end(f"crashed with code {exit_code:#x}" if os.name == "nt" else f"killed by signal {exit_code}")

    def _end(self, text: str) -> None:
        if self._link is not None:
            self._link.close()
        self._process.deleteLater()
        calls, self._calls = self._calls, None
        if calls is not None:
            calls.ended(EngineEnd(text, tuple(self._lines)))


class _Link:
    """A ZeroMQ socket in Qt's event loop."""

    def __init__(
        self,
        parent: QObject,
        ready: ReadyLine,
        keys: tuple[bytes, bytes],
        received: Callable[[bytes], None],
    ) -> None:
        self._received = received
        self._context = zmq.Context()
        self._socket: zmq.Socket[bytes] | None = self._context.socket(zmq.DEALER)
        self._socket.linger = 0
        self._socket.sndhwm = 0  # requests are small, and sending must not block
        self._socket.rcvhwm = _QUEUED_FRAMES
        self._socket.curve_publickey, self._socket.curve_secretkey = keys
        self._socket.curve_serverkey = ready.server_key.encode()
        self._socket.connect(f"tcp://127.0.0.1:{ready.port}")
        # The descriptor tells only that something *changed*. So: read until nothing is left, look again after every
        # send (which may have swallowed the change), and look now and then in any case.
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, parent)
        self._notifier.activated.connect(self.drain)
        self._soon = QTimer(parent, singleShot=True, interval=0)
        self._soon.timeout.connect(self.drain)
        self._safety = QTimer(parent, interval=_SAFETY_INTERVAL_MS)
        self._safety.timeout.connect(self.drain)
        self._safety.start()

    def send(self, frame: bytes) -> None:
        """Queue `frame`."""
        assert self._socket is not None, "sent after the end"
        self._socket.send(frame, zmq.NOBLOCK)
        self._soon.start()

    def drain(self) -> None:
        """Hand on what has come, for half a frame at most."""
        until = time.monotonic() + _DRAIN_BUDGET_S
        while self._socket is not None:
            try:
                frame = self._socket.recv(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._received(frame)
            if time.monotonic() >= until:
                self._soon.start()
                return

    def close(self) -> None:
        """Close the socket; nothing more is handed on."""
        if self._socket is None:
            return
        self._notifier.setEnabled(False)
        for part in (self._notifier, self._soon, self._safety):
            part.deleteLater()
        self._soon.stop()
        self._safety.stop()
        self._socket.close()
        self._socket = None
        self._context.term()


def engine_environment() -> QProcessEnvironment:
    """This process's environment, so changed that the child finds the same `engine` package and writes UTF-8."""
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("PYTHONUTF8", "1")
    root = Path(messages.__file__).resolve().parents[2]
    if root.name not in ("site-packages", "dist-packages"):  # a checkout, which the child might not find by itself
        others = environment.value("PYTHONPATH")
        environment.insert("PYTHONPATH", os.pathsep.join(filter(None, (str(root), others))))
    return environment
