"""A UCI engine of somebody else as a running process: started, asked, ended; every failure is a `UciError`.

python-chess speaks the protocol. What is added here is that every question has a time limit, that an engine which
breaks it is killed, and that what went wrong is said in one sentence.
"""

import asyncio
import hashlib
import json
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

import chess
import chess.engine

from engine.uci.errors import UciCrashError, UciError, UciNonsenseError, UciSilenceError
from engine.uci.player_spec import UciSpec

T = TypeVar("T")

PATIENCE_S = 30.0
"""How long an engine may take to start, and how much longer than asked for an answer, before it counts as hanging."""
_LEAVE_S = 5.0
"""How long an engine that was told to `quit` may take."""
_SLOWEST_NODES_PER_S = 100.0
_DEPTH_S = 600.0
"""For a limit that says nothing about time: a depth."""


class UciConnection:
    """A running UCI engine; a context manager that ends it. Any thread, one question at a time.

    Attributes:
        spec: which engine, and its limit for a move.
        name: as the engine calls itself.
        fingerprint: hash of name, options and limit, hex: equal for engines that should answer alike.

    Raises:
        UciError: the program is missing, speaks no UCI, or refuses an option.
    """

    def __init__(self, spec: UciSpec, *, patience_s: float = PATIENCE_S) -> None:
        self.spec = spec
        self._patience_s = patience_s
        self._left: Future[None] = Future()
        self._hangs = False
        self._protocol, self._leave = self._start()
        self.name = self._protocol.id.get("name", spec.command[0])
        self._configure(dict(spec.options))
        clock = () if spec.clock is None else (str(spec.clock),)
        told = json.dumps([self.name, spec.options, spec.nodes, spec.depth, spec.seconds, *clock])
        self.fingerprint = hashlib.sha256(told.encode()).hexdigest()

    def __enter__(self) -> Self:
        """The connection itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the engine."""
        self.close()

    def close(self) -> None:
        """End the engine; again, or after it has ended, does nothing."""
        if not self._left.done():
            self._protocol.loop.call_soon_threadsafe(self._leave.set)
            self._left.result()

    def _start(self) -> tuple[chess.engine.UciProtocol, asyncio.Event]:
        shown = self.spec.command[0]
        try:
            return chess.engine.run_in_background(self._converse, name=f"uci {shown}")
        except FileNotFoundError as error:
            raise UciError(f"UCI engine {shown!r}: there is no such program") from error
        except chess.engine.EngineError as error:
            raise UciError(f"UCI engine {shown!r} ended when it was asked for its name (`uci`)") from error
        except TimeoutError as error:  # an OSError too
            raise UciError(f"UCI engine {shown!r} did not answer `uci` within {self._patience_s:g} s") from error
        except OSError as error:
            raise UciError(f"UCI engine {shown!r} cannot be started: {error.strerror or error}") from error

    async def _converse(self, started: Future[tuple[chess.engine.UciProtocol, asyncio.Event]]) -> None:
        """Start the engine, and end it when told to; the event loop of this coroutine answers all questions."""
        transport, protocol = await chess.engine.UciProtocol.popen(list(self.spec.command))
        leave = asyncio.Event()
        try:
            await asyncio.wait_for(protocol.initialize(), self._patience_s)
            started.set_result((protocol, leave))
            await leave.wait()
            if not self._hangs:
                with suppress(chess.engine.EngineError, TimeoutError):
                    await asyncio.wait_for(protocol.quit(), _LEAVE_S)
        finally:
            _kill(transport)
            await protocol.returncode
            transport.close()
            self._left.set_result(None)

    def has_option(self, name: str) -> bool:
        """Whether the engine declares an option."""
        return any(known.lower() == name.lower() for known in self._protocol.options)

    def set_option(self, name: str, value: str) -> None:
        """Set an option.

        Raises:
            UciError: the engine has no such option, or not that value.
        """
        self._configure({name: value})

    def play(
        self, board: chess.Board, game: object, limit: chess.engine.Limit | None = None
    ) -> chess.engine.PlayResult:
        """The engine's move on `board`, with what it says of the position where it says it.

        Args:
            game: any object that is another for another game.
            limit: None = that of its spec.

        Raises:
            UciCrashError, UciSilenceError, UciNonsenseError: the engine crashed, hung, or gave no legal move.
        """
        limit = limit or self.spec.limit()
        asked = self._protocol.play(board, limit, game=game, info=chess.engine.INFO_SCORE)
        result = self._ask(asked, board, self._patience_s + _expected_s(limit))
        if result.move is None:
            raise UciNonsenseError(f"UCI engine {self.name!r} gave no move in {board.fen()!r}")
        return result

    def analyse(self, board: chess.Board, lines: int) -> list[chess.engine.InfoDict]:
        """What the engine says of the best `lines` moves, best first.

        Raises:
            UciError: the engine crashed, hung, or could not be understood.
        """
        limit = self.spec.limit()
        asked = self._protocol.analyse(board, limit, multipv=lines)
        return self._ask(asked, board, self._patience_s + _expected_s(limit))

    def _configure(self, options: dict[str, str]) -> None:
        try:
            self._wait(self._protocol.configure(options), self._patience_s)
        except (chess.engine.EngineError, TimeoutError, ValueError) as error:
            self.close()
            raise UciError(f"UCI engine {self.name!r} refuses its options {options}: {error}") from error

    def _ask(self, question: Coroutine[Any, Any, T], board: chess.Board, limit_s: float) -> T:
        try:
            return self._wait(question, limit_s)
        except chess.engine.EngineTerminatedError as error:
            raise UciCrashError(f"UCI engine {self.name!r} ended by itself in {board.fen()!r}") from error
        except TimeoutError as error:
            self._hangs = True
            self.close()
            raise UciSilenceError(
                f"UCI engine {self.name!r} did not answer within {limit_s:g} s in {board.fen()!r}"
            ) from error
        except chess.engine.EngineError as error:
            raise UciNonsenseError(
                f"UCI engine {self.name!r} cannot be understood in {board.fen()!r}: {error}"
            ) from error

    def _wait(self, question: Coroutine[Any, Any, T], limit_s: float) -> T:
        """Carry `question` out in the engine's event loop."""
        if self._left.done():
            question.close()
            raise chess.engine.EngineTerminatedError("it was closed")
        limited = asyncio.wait_for(question, limit_s)
        return asyncio.run_coroutine_threadsafe(limited, self._protocol.loop).result()


def _kill(transport: asyncio.SubprocessTransport) -> None:
    with suppress(ProcessLookupError):  # it has ended already
        transport.kill()


def _expected_s(limit: chess.engine.Limit) -> float:
    """How long the answer of a slow engine takes, at most."""
    if limit.time is not None:
        return limit.time
    clocks = [clock for clock in (limit.white_clock, limit.black_clock) if clock is not None]
    if clocks:
        return max(clocks)
    if limit.nodes is not None:
        return limit.nodes / _SLOWEST_NODES_PER_S
    return _DEPTH_S if limit.depth is not None else 0.0
