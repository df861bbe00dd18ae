"""The conversation: commands in on one thread, searches on another, lines out from both.

The reading thread never waits for a search, so that `stop` and `isready` are answered while one runs. What a search
needs to know travels with it as a frozen `Job`; the reading thread only ever touches its `Control`. Jobs are done in
the order they came, each after `stop` to the one before.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from engine.domains.base import PositionError
from engine.uci import commands
from engine.uci.commands import Command
from engine.uci.job import Control, Job
from engine.uci.options import CLEAR, OPTIONS, OptionError, Values, option_named, program_version
from engine.uci.position import START, follow

_LAST_WORDS_S = 2.0
"""How long the end of the program waits for the answer of a search that was stopped."""

log = logging.getLogger(__name__)


class Thinking(Protocol):
    """What does the jobs; `engine.uci.thinker.Thinker` is the real one."""

    def prepare(self, values: Values) -> None:
        """Load what a search with `values` needs."""
        ...

    def forget(self) -> None:
        """Drop what was learnt from earlier searches."""
        ...

    def think(self, job: Job) -> None:
        """Search, and say one `bestmove`."""
        ...


class Engine:
    """A UCI engine.

    Args:
        say: takes a line for the GUI; called from two threads, one line a call.
        make_thinker: makes what searches, on the thread that will use it; may take seconds.
        values: of the options at the start.
        clock: seconds, rising.
    """

    def __init__(
        self,
        say: Callable[[str], None],
        make_thinker: Callable[[], Thinking],
        values: Values | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._say, self._make_thinker, self._clock = say, make_thinker, clock
        self._values = values or Values()
        self._line = START
        self._work: queue.SimpleQueue[Callable[[Thinking], None] | None] = queue.SimpleQueue()
        self._controls: list[Control] = []
        # A daemon, because native code (a compilation, a network on a device) cannot be interrupted at the end.
        self._worker = threading.Thread(target=self._serve, name="uci search", daemon=True)

    def run(self, lines: Iterable[str]) -> None:
        """Converse until `quit` or the end of `lines`; a search that runs is stopped and gives its answer.

        Native code that the worker is in by then is not waited for longer than a moment.
        """
        self._worker.start()
        for line in lines:
            command = commands.parse(line)
            if isinstance(command, commands.Quit):
                break
            if command is not None:
                self._handle(command)
        self._stop()
        self._work.put(None)
        self._worker.join(_LAST_WORDS_S)

    def _handle(self, command: Command) -> None:
        match command:
            case commands.Uci():
                self._introduce()
            case commands.IsReady():
                self._answer_ready()
            case commands.NewGame():
                self._stop()
                self._work.put(lambda thinker: thinker.forget())
            case commands.SetOption():
                self._set_option(command)
            case commands.Position():
                self._set_position(command)
            case commands.Go():
                self._go(command)
            case commands.Stop():
                self._stop()
            case commands.PonderHit():
                for control in self._running():
                    control.ponder_hit(self._clock())

    def _introduce(self) -> None:
        self._say(f"id name Arborist {program_version()}")
        self._say("id author the Arborist developers")
        for option in OPTIONS:
            self._say(option.declaration())
        self._say("uciok")

    def _answer_ready(self) -> None:
        """At once while a search runs, as the protocol asks; else when everything is loaded."""
        if self._running():
            self._say("readyok")
            return
        values = self._values

        def get_ready(thinker: Thinking) -> None:
            try:
                thinker.prepare(values)
            finally:
                self._say("readyok")

        self._work.put(get_ready)

    def _set_option(self, command: commands.SetOption) -> None:
        try:
            option = option_named(command.name)
            value = option.read(command.value)
        except OptionError as error:
            self._complain(str(error))
            return
        if option is CLEAR:
            self._work.put(lambda thinker: thinker.forget())
        else:
            self._values = self._values.with_value(option, value)

    def _set_position(self, command: commands.Position) -> None:
        try:
            followed = follow(command)
        except PositionError as error:
            self._complain(f"{error}; the position before stays")
            return
        self._line = followed.line
        if followed.complaint:
            self._complain(f"{followed.complaint}; the moves before it stand")

    def _go(self, command: commands.Go) -> None:
        self._stop()
        control = Control(pondering=command.ponder)
        self._controls.append(control)
        job = Job(self._line, command, self._values, control, self._clock())

        def think(thinker: Thinking) -> None:
            try:
                thinker.think(job)
            finally:
                control.end()

        self._work.put(think)

    def _stop(self) -> None:
        for control in self._running():
            control.stop()

    def _running(self) -> list[Control]:
        """Controls of searches that have not given their answer."""
        self._controls = [control for control in self._controls if not control.ended]
        return self._controls

    def _complain(self, sentence: str) -> None:
        self._say(f"info string {' '.join(sentence.split())}")

    def _serve(self) -> None:
        thinker = self._make_thinker()
        while (piece := self._work.get()) is not None:
            try:
                piece(thinker)
            except Exception as error:
                log.exception("a command failed")
                self._complain(f"error: {error}")
