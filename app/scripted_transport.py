"""A transport without an engine: a script that says which requests come and what is answered. For tests.

script = ScriptedTransport()
client = EngineClient(make_transport=script.connect)
script.expect(Hello, lambda request: [Welcome(id=request.id, ...)])
client.start()
script.play()
script.assert_done()
"""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject

from app.engine_transport import EngineEnd, Transport, TransportCalls
from engine.service.messages import Answer, AnyRequest, Notice, Request, decode_request, encode_message

Replies = Callable[[AnyRequest], Iterable[Answer | Notice]]


def _nothing(request: AnyRequest) -> Iterable[Answer | Notice]:
    """No reply at all."""
    del request
    return ()


class ScriptedTransport:
    """An engine that keeps to a script. Nothing happens by itself: each call of `play` is one turn of the event loop.

    Attributes:
        requests: all that was sent, in order.
        is_closed, is_killed: whether the client asked for the end.
        opens_at_once: whether the first `play` after `open` opens it.
    """

    def __init__(self) -> None:
        self.requests: list[AnyRequest] = []
        self.is_closed = False
        self.is_killed = False
        self.opens_at_once = True
        self._calls: TransportCalls | None = None
        self._script: deque[tuple[type[Request], Replies]] = deque()
        self._waiting: deque[Callable[[TransportCalls], None]] = deque()

    def connect(self, parent: QObject) -> Transport:
        """What `EngineClient` takes as `make_transport`; the same script goes on over restarts."""
        del parent
        return self

    def expect(self, kind: type[Request], replies: Replies = _nothing) -> None:
        """The next request must be of this kind and is followed by what `replies` makes of it."""
        self._script.append((kind, replies))

    def say(self, *messages: Answer | Notice) -> None:
        """Let the engine send these."""
        for message in messages:
            self.say_bytes(encode_message(message))

    def say_bytes(self, frame: bytes) -> None:
        """Let the engine send a frame, whatever it is."""
        self._waiting.append(lambda calls: calls.received(frame))

    def die(self, end: EngineEnd) -> None:
        """Let the engine end."""
        self._waiting.append(lambda calls: self._end(calls, end))

    def play(self) -> None:
        """Let everything happen that is waiting, and what follows from it."""
        while self._waiting and self._calls is not None:
            self.play_one()

    def play_one(self) -> None:
        """Let the next thing happen that is waiting."""
        assert self._calls is not None, "no engine was started"
        self._waiting.popleft()(self._calls)

    def assert_done(self) -> None:
        """The script is at its end: nothing more is expected and nothing waits."""
        assert not self._script, f"never requested: {[kind.__name__ for kind, _ in self._script]}"
        assert not self._waiting, f"{len(self._waiting)} things wait to happen"

    def open(self, calls: TransportCalls) -> None:
        """See `Transport.open`."""
        assert self._calls is None, "the engine before has not ended"
        self._calls = calls
        self.is_closed = self.is_killed = False
        if self.opens_at_once:
            self._waiting.append(lambda calls: calls.opened())

    def send(self, frame: bytes) -> None:
        """See `Transport.send`."""
        request = decode_request(frame)
        self.requests.append(request)
        assert self._script, f"not in the script: {request}"
        kind, replies = self._script.popleft()
        assert isinstance(request, kind), f"expected {kind.__name__}, got {request}"
        self.say(*replies(request))

    def close(self) -> None:
        """See `Transport.close`; the script says when the engine ends."""
        self.is_closed = True

    def kill(self) -> None:
        """See `Transport.kill`."""
        self.is_killed = True
        self.die(EngineEnd("killed by signal 9"))

    def finish(self, timeout_ms: int) -> None:
        """See `Transport.finish`."""
        del timeout_ms
        self.is_closed = True
        self.die(EngineEnd("exit code 0"))
        self.play()

    def process_id(self) -> int:
        """See `Transport.process_id`."""
        return 0

    def _end(self, calls: TransportCalls, end: EngineEnd) -> None:
        self._calls = None
        self._waiting.clear()
        calls.ended(end)
