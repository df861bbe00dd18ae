"""What waits to be sent to a client, and the call that wakes the thread which sends it."""

import contextlib
import socket
import threading
from collections import deque
from collections.abc import Callable

from engine.service.messages import Answer, Notice, encode_message

FULL_BYTES = 32 * 2**20
"""Unsent bytes from which on a search waits for its client, so that one that does not read never fills the memory."""


class Wakeup:
    """Wakes a thread that polls: `socket` becomes readable by `wake`, which any thread or signal handler may call.

    Attributes:
        socket: to poll for reading.
    """

    def __init__(self) -> None:
        self.socket, self._sender = socket.socketpair()
        self.socket.setblocking(False)
        self._sender.setblocking(False)

    def wake(self) -> None:
        """Make `socket` readable. Never blocks."""
        # A full buffer is as good as one byte more; a closed one has nobody left to wake.
        with contextlib.suppress(BlockingIOError, OSError):
            self._sender.send(b"\0")

    def clear(self) -> None:
        """Take all wake-ups so far."""
        with contextlib.suppress(BlockingIOError):
            while self.socket.recv(4096):
                pass

    def close(self) -> None:
        """Close both ends."""
        self.socket.close()
        self._sender.close()


class Outbox:
    """Frames for one client, in order: posted by the thread of its session, taken by the thread of the server.

    Args:
        wake: called after each post.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = threading.Lock()
        self._frames: deque[bytes] = deque()
        self._bytes = 0

    def post(self, message: Answer | Notice) -> None:
        """Queue `message`. Never blocks."""
        frame = encode_message(message)
        with self._lock:
            self._frames.append(frame)
            self._bytes += len(frame)
        self._wake()

    def first(self) -> bytes | None:
        """The frame to be sent next, which stays queued until `drop_first`."""
        with self._lock:
            return self._frames[0] if self._frames else None

    def drop_first(self) -> None:
        """Forget the frame that `first` gave: it is sent."""
        with self._lock:
            self._bytes -= len(self._frames.popleft())

    def is_full(self) -> bool:
        """Whether so much is unsent that no more should be made."""
        return self._bytes >= FULL_BYTES
