"""The engine's socket: lets clients in, hands their requests to their sessions, sends what the sessions post.

One thread polls the socket; it never searches, loads or waits, so that `Hello` is answered at once whatever goes on. A
key stands for one client with at most one session: where it connects anew, the new session takes the old one's place,
so that a client that vanished leaves nothing behind for long.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import zmq

from engine.service.access import ZAP_DOMAIN, KeyPair, NameOf, zap_reply
from engine.service.makers import Makers
from engine.service.messages import (
    PROTOCOL_VERSION,
    Answer,
    AnyRequest,
    Done,
    Failed,
    Hello,
    MessageError,
    Shutdown,
    Welcome,
    decode_request,
    encode_message,
    request_id,
)
from engine.service.outbox import Outbox, Wakeup
from engine.service.session import Session

MAX_REQUEST_BYTES = 2**20
_QUEUED_FRAMES = 16
"""Frames ZeroMQ may hold for a client; more wait in its outbox, where they are counted and slow its search."""
_REQUESTS_A_TURN = 100
_RETRY_MS = 20
_IDLE_MS = 250
"""Longest wait at a stretch: a signal that the system gives to another thread interrupts nothing, and its handler runs
only when this thread comes back to Python."""
_LINGER_MS = 1000
_JOIN_S = 2.0
_HEARTBEAT_MS, _HEARTBEAT_TIMEOUT_MS = 5_000, 30_000

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Client:
    """A connection that said `Hello`. `user`: name of its key."""

    user: str
    session: Session
    outbox: Outbox


class Server:
    """Serves clients on one TCP address until it is stopped.

    Args:
        address: e.g. "tcp://127.0.0.1:*".
        keys: the engine's key pair.
        name_of: says which clients may come in.
        make_makers: called once for each session.
        remote: whether clients are on other machines: then connections are kept alive and tested by heartbeats, and a
            client's `Shutdown` is refused.

    Raises:
        OSError: the address cannot be bound.
    """

    def __init__(
        self,
        address: str,
        keys: KeyPair,
        name_of: NameOf,
        make_makers: Callable[[], Makers],
        *,
        remote: bool,
    ) -> None:
        self._name_of = name_of
        self._make_makers = make_makers
        self._remote = remote
        self._clients: dict[bytes, _Client] = {}
        self._stopping = False
        self._wakeup = Wakeup()
        self._context = zmq.Context()
        # Bound before the other socket: without it, ZeroMQ would let every key in.
        self._zap = self._context.socket(zmq.REP)
        self._zap.bind("inproc://zeromq.zap.01")
        self._socket = self._context.socket(zmq.ROUTER)
        self._socket.linger = _LINGER_MS
        self._socket.sndhwm = _QUEUED_FRAMES
        self._socket.maxmsgsize = MAX_REQUEST_BYTES
        self._socket.router_mandatory = True  # sending to a client that has gone is an error: so we learn of it
        if remote:
            self._socket.heartbeat_ivl, self._socket.heartbeat_timeout = _HEARTBEAT_MS, _HEARTBEAT_TIMEOUT_MS
        self._socket.curve_server = True
        self._socket.curve_publickey, self._socket.curve_secretkey = keys.public, keys.secret
        self._socket.zap_domain = ZAP_DOMAIN
        try:
            self._socket.bind(address)
        except zmq.ZMQError as error:
            self._close()
            raise OSError(error.errno, f"cannot listen on {address}: {error.strerror}") from error

    @property
    def port(self) -> int:
        """The TCP port it listens on."""
        endpoint = self._socket.getsockopt(zmq.LAST_ENDPOINT)
        assert isinstance(endpoint, bytes)
        return int(endpoint.rsplit(b":", 1)[1])

    def stop(self) -> None:
        """Let `serve` return soon. Any thread or signal handler."""
        self._stopping = True
        self._wakeup.wake()

    def serve(self) -> bool:
        """Serve until `stop` or a client's `Shutdown`, then close everything.

        Returns:
            Whether all sessions ended in time; if not, native code still runs in a thread of theirs.
        """
        poller = zmq.Poller()
        for source in (self._zap, self._socket, self._wakeup.socket):
            poller.register(source, zmq.POLLIN)
        blocked = False
        while not self._stopping:
            ready = dict(poller.poll(_RETRY_MS if blocked else _IDLE_MS))
            if self._zap in ready:
                self._zap.send_multipart(zap_reply(self._zap.recv_multipart(), self._name_of))
            if self._wakeup.socket.fileno() in ready:
                self._wakeup.clear()
            if self._socket in ready:
                self._receive()
            blocked = self._deliver_all()
        for client in self._clients.values():
            client.session.close()
        ended = [client.session.join(_JOIN_S) for client in self._clients.values()]
        self._close()
        return all(ended)

    def _close(self) -> None:
        self._socket.close()
        self._zap.close(linger=0)
        self._context.term()  # waits for what is being sent, at most the linger time
        self._wakeup.close()

    def _receive(self) -> None:
        """Take the requests that have come."""
        with contextlib.suppress(zmq.Again):
            for _ in range(_REQUESTS_A_TURN):
                sender, *frames = self._socket.recv_multipart(zmq.NOBLOCK, copy=False)
                frame = frames[0].bytes if len(frames) == 1 else b""
                self._take(sender.bytes, str(sender.get("User-Id")), frame)
                if self._stopping:
                    return

    def _take(self, sender: bytes, user: str, frame: bytes) -> None:
        """Answer the request in `frame`, or hand it to the session of `sender`."""
        try:
            request = decode_request(frame)
        except MessageError as error:
            self._answer(sender, Failed(id=request_id(frame), kind="input", text=str(error)))
            return
        if isinstance(request, Hello):
            self._greet(sender, user, request)
        elif (client := self._clients.get(sender)) is None:
            text = "say Hello first; where that was done, another connection with the same key has taken over"
            self._answer(sender, Failed(id=request.id, kind="state", text=text))
        elif isinstance(request, Shutdown):
            self._shut_down(sender, request)
        else:
            client.session.submit(request)

    def _greet(self, sender: bytes, user: str, request: Hello) -> None:
        """Answer `Hello`, and give `sender` a session if it has none."""
        if request.version != PROTOCOL_VERSION:
            text = (
                f"the engine speaks version {PROTOCOL_VERSION} of the protocol, this window version {request.version}"
            )
            self._answer(sender, Failed(id=request.id, kind="version", text=text))
            return
        if sender not in self._clients:
            for other in [name for name, client in self._clients.items() if client.user == user]:
                self._drop(other)
            outbox = Outbox(self._wakeup.wake)
            makers = self._make_makers()
            self._clients[sender] = _Client(user, Session(makers, outbox), outbox)
            self._clients[sender].session.start()
            log.info("client %s connected", user)
        devices = self._make_makers().devices()
        self._answer(sender, Welcome(id=request.id, version=PROTOCOL_VERSION, engine=_program(), devices=devices))

    def _shut_down(self, sender: bytes, request: AnyRequest) -> None:
        if self._remote:
            text = "this engine serves remote clients; it is ended where it was started"
            self._answer(sender, Failed(id=request.id, kind="state", text=text))
        else:
            self._answer(sender, Done(id=request.id))
            self._stopping = True

    def _answer(self, sender: bytes, answer: Answer) -> None:
        """Send `answer` behind what waits for `sender` already; to one without a session, at once or never."""
        client = self._clients.get(sender)
        if client is not None:
            client.outbox.post(answer)
            self._deliver(sender, client)
            return
        with contextlib.suppress(zmq.ZMQError):
            self._socket.send_multipart([sender, encode_message(answer)], zmq.NOBLOCK)

    def _deliver_all(self) -> bool:
        """Send what the sessions posted; whether some of it has to wait."""
        waiting = [self._deliver(sender, client) for sender, client in list(self._clients.items())]
        return any(waiting)

    def _deliver(self, sender: bytes, client: _Client) -> bool:
        """Send what waits for one client; whether some of it has to wait because the client does not read."""
        while (frame := client.outbox.first()) is not None:
            try:
                self._socket.send_multipart([sender, frame], zmq.NOBLOCK)
            except zmq.Again:
                return True
            except zmq.ZMQError as error:
                log.info("client %s has gone (%s)", client.user, error)
                self._drop(sender)
                return False
            client.outbox.drop_first()
        return False

    def _drop(self, sender: bytes) -> None:
        self._clients.pop(sender).session.close()


def _program() -> str:
    """Name of this program, with its version where it was installed."""
    try:
        return f"Arborist {version('arborist-desktop')}"
    except PackageNotFoundError:
        return "Arborist"
