"""A search that keeps to a script, a session's client without a socket, and a client with one."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import zmq

from engine.domains.base import ActionError, Line, PositionError
from engine.search.evaluator import UniformEvaluator
from engine.search.limits import Limits
from engine.search.search import Figures
from engine.search.settings import SearchSettings
from engine.search.stoppers import BY_HAND, StopReason
from engine.search.watchpoints import AnyWatchpoint
from engine.service.access import KeyPair, NameOf
from engine.service.makers import Makers
from engine.service.messages import (
    Answer,
    AnyReply,
    GenerationInfo,
    Notice,
    Request,
    decode_reply,
    encode_message,
)
from engine.service.outbox import Outbox
from engine.service.server import Server
from engine.service.session import Session
from engine.tree.events import JOURNAL_VERSION, Header

WAIT_S = 20.0
HANDSHAKES = (
    zmq.EVENT_HANDSHAKE_SUCCEEDED
    | zmq.EVENT_HANDSHAKE_FAILED_AUTH
    | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
    | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL
)

SCRIPTED_GENERATION = GenerationInfo(
    id="gen-000", name="Scripted", domain="nim", weights_hash="00", parent=None, metrics={"top1": 0.5}
)


class Broken(Exception):
    """A failure inside a search."""


class ScriptedRules:
    """Just enough of rules for a session; the start "bad" is no position."""

    def __init__(self, name: str) -> None:
        if name != "nim":
            raise ValueError(f"there is no domain {name!r}")
        self.name = name

    def load(self, line: Line) -> None:
        if line.start == "bad":
            raise PositionError("'bad' is no position")


class ScriptedSearch:
    """A search whose simulations are one byte each: the number of the act, so that the journal can be read by eye.

    Attributes:
        acts: what was asked of it, in order.
        gate: when set, `advance` waits for it, so that a test decides what comes during a batch.
    """

    def __init__(
        self,
        evaluator: Any,
        line: Line,
        settings: SearchSettings,
        sink: Callable[[bytes], None],
        generation_id: str,
    ) -> None:
        self.header = Header(
            JOURNAL_VERSION, "nim", 2, line.start, line.actions, generation_id, "", "puct", settings.seed, {}
        )
        self.sink = sink
        self.acts: list[tuple[Any, ...]] = []
        self.limits = Limits()
        self.simulations = 0
        self.run_start = 0
        self.failure: Exception | None = None

    def start_run(self, limits: Limits, *, watchpoints: Sequence[AnyWatchpoint] = (), one_by_one: bool = False) -> None:
        self.watched = (tuple(watchpoints), one_by_one)
        self.acts.append(("run", limits))
        self.limits, self.run_start = limits, self.simulations

    def advance(self) -> StopReason | None:
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        self.simulations += 1
        self.sink(b"s")
        if self.limits.simulations is None:
            time.sleep(0.001)
        elif self.simulations - self.run_start >= self.limits.simulations:
            return StopReason("simulations", "the budget is used up")
        return None

    def cut(self, path: tuple[int, ...]) -> None:
        if path == (99,):
            raise KeyError("the tree has no action 99 at ()")
        self.acts.append(("cut", path))
        self.sink(b"c")

    def pause(self) -> StopReason:
        """Two simulations are still on their way."""
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        for _ in range(2):
            self.simulations += 1
            self.sink(b"s")
        return BY_HAND

    def restore(self, path: tuple[int, ...]) -> None:
        self.acts.append(("restore", path))
        self.sink(b"r")

    def pin(self, path: tuple[int, ...]) -> None:
        self.acts.append(("pin", path))
        self.sink(b"i")

    def boost(self, path: tuple[int, ...], visits: int) -> None:
        self.acts.append(("boost", path, visits))
        self.sink(b"b")

    def set_prior(self, path: tuple[int, ...], prior: float) -> None:
        self.acts.append(("set_prior", path, prior))
        self.sink(b"l")

    def reevaluate(self, path: tuple[int, ...], evaluator: Any, generation_id: str) -> None:
        self.acts.append(("reevaluate", path, generation_id))
        self.sink(b"e")

    def undo(self) -> bool:
        """Acts are taken back down to the last re-rooting."""
        if not self.acts or self.acts[-1][0] in ("run", "play"):
            return False
        self.acts.pop()
        self.sink(b"u")
        return True

    def play(self, path: tuple[int, ...]) -> None:
        if path == (99,):
            raise ActionError("action 99 is not legal after ()")
        self.acts.append(("play", path))
        self.sink(b"p")

    def switch(self, evaluator: Any, settings: SearchSettings, generation_id: str) -> None:
        self.acts.append(("switch", generation_id, settings))
        self.sink(b"w")

    def figures(self) -> Figures:
        return Figures(
            simulations=self.simulations,
            evaluations=self.simulations,
            cache_hits=self.simulations // 2,
            seconds_s=0.5,
            batch_fill=1.0,
            collisions=0,
            tree_bytes=100 * self.simulations,
            recycled=3,
        )


@dataclass
class Workshop:
    """Makers of scripted parts; `searches` are those made so far, throw-away ones among them."""

    searches: list[ScriptedSearch]

    def makers(self) -> Makers:
        def search(
            rules: Any, evaluator: Any, line: Line, settings: SearchSettings, sink: Any, generation_id: str
        ) -> ScriptedSearch:
            self.searches.append(ScriptedSearch(evaluator, line, settings, sink, generation_id))
            return self.searches[-1]

        return Makers(
            rules=ScriptedRules,  # type: ignore[arg-type]
            evaluator=self._evaluator,
            search=search,
            generations=lambda: (SCRIPTED_GENERATION,),
            devices=lambda: ("cpu", "abacus"),
        )

    def _evaluator(self, generation: str, domain: str, device: str) -> UniformEvaluator:
        if generation == "absent":
            raise ValueError("no generation 'absent'")
        if device == "broken":
            raise RuntimeError("the device caught fire\nand burnt down")
        if device == "full":
            raise MemoryError
        evaluator = UniformEvaluator()
        evaluator.name, evaluator.device = generation, device
        return evaluator


class Asking:
    """What both kinds of client share: reading replies until the answer that is waited for."""

    def __init__(self) -> None:
        self.seen: list[AnyReply] = []
        self._last_id = 0

    def send(self, request: Request) -> None:
        raise NotImplementedError

    def receive(self) -> AnyReply:
        raise NotImplementedError

    def ask(self, kind: type[Request], **values: Any) -> int:
        """Send a request; its id."""
        self._last_id += 1
        self.send(kind(id=self._last_id, **values))
        return self._last_id

    def next(self) -> AnyReply:
        self.seen.append(self.receive())
        return self.seen[-1]

    def answer(self, number: int) -> Answer:
        """Read on to the answer to request `number`."""
        for reply in self.seen:
            if isinstance(reply, Answer) and reply.id == number:
                return reply
        while not (isinstance(reply := self.next(), Answer) and reply.id == number):
            pass
        return reply

    def do(self, kind: type[Request], **values: Any) -> Answer:
        """Send a request and wait for its answer."""
        return self.answer(self.ask(kind, **values))

    def notices(self, kind: type[Notice]) -> list[Any]:
        return [reply for reply in self.seen if isinstance(reply, kind)]

    def answers(self) -> list[int]:
        return [reply.id for reply in self.seen if isinstance(reply, Answer)]


class SessionClient(Asking):
    """Talks to a session without a socket."""

    def __init__(self, workshop: Workshop) -> None:
        super().__init__()
        self._news = threading.Event()
        self.outbox = Outbox(self._news.set)
        self.session = Session(workshop.makers(), self.outbox)

    def send(self, request: Request) -> None:
        self.session.submit(request)  # type: ignore[arg-type]

    def receive(self) -> AnyReply:
        end = time.monotonic() + WAIT_S
        while (frame := self.outbox.first()) is None:
            assert time.monotonic() < end, f"no answer; so far {self.seen[-5:]}"
            self._news.wait(0.05)
            self._news.clear()
        self.outbox.drop_first()
        return decode_reply(frame)


@contextmanager
def session_client(workshop: Workshop) -> Iterator[SessionClient]:
    """A client of a session that runs."""
    client = SessionClient(workshop)
    client.session.start()
    try:
        yield client
    finally:
        client.session.close()
        assert client.session.join(WAIT_S)


class SocketClient(Asking):
    """Talks to a server over ZeroMQ."""

    def __init__(self, port: int, server_key: bytes, keys: KeyPair, *, receive_hwm: int = 1000) -> None:
        super().__init__()
        self._context = zmq.Context()
        self.socket = self._context.socket(zmq.DEALER)
        self.socket.rcvhwm = receive_hwm
        self.socket.linger = 0
        self.socket.sndtimeo = int(WAIT_S * 1000)
        self.socket.curve_publickey, self.socket.curve_secretkey = keys.public, keys.secret
        self.socket.curve_serverkey = server_key
        self.monitor = self.socket.get_monitor_socket(HANDSHAKES)
        self.socket.connect(f"tcp://127.0.0.1:{port}")

    def send(self, request: Request) -> None:
        self.socket.send(encode_message(request))

    def receive(self) -> AnyReply:
        assert self.socket.poll(WAIT_S * 1000), f"no answer; so far {self.seen[-5:]}"
        return decode_reply(self.socket.recv())

    def hears_nothing_for(self, milliseconds: int) -> bool:
        return not self.socket.poll(milliseconds)

    def close(self) -> None:
        if not self.socket.closed:
            self.socket.disable_monitor()
            self.monitor.close()
        self._context.destroy()


@dataclass
class RunningServer:
    """A server in a thread of this process."""

    port: int
    key: bytes
    server: Server
    clients: list[SocketClient]

    def connect(self, keys: KeyPair, **options: Any) -> SocketClient:
        client = SocketClient(self.port, self.key, keys, **options)
        self.clients.append(client)
        return client


@contextmanager
def running_server(workshop: Workshop, name_of: NameOf, *, remote: bool = False) -> Iterator[RunningServer]:
    keys = KeyPair.fresh()
    server = Server("tcp://127.0.0.1:*", keys, name_of, workshop.makers, remote=remote)
    thread = threading.Thread(target=server.serve, name="server under test")
    running = RunningServer(server.port, keys.public, server, [])
    thread.start()
    try:
        yield running
    finally:
        server.stop()
        thread.join(WAIT_S)
        for client in running.clients:
            client.close()
        assert not thread.is_alive()


def with_unknown_fields(message: Request | Answer | Notice) -> bytes:
    """The message as a newer program might write it."""
    return msgspec.msgpack.encode({**msgspec.to_builtins(message), "later": [1, {"b": 2}]})
