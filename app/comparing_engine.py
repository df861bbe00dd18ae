"""The second engine's process: started when a comparison first needs it, ended with the window."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject

from app.engine_client import EngineClient, EngineState
from engine.service.messages import Answer, Notice, Request


class Told(Protocol):
    """Who is told what the second engine does."""

    def engine_changed(self, state: str, failure: str) -> None:
        """Its process changed its state."""
        ...

    def answered(self, answer: Answer) -> None:
        """It answered a request."""
        ...

    def noticed(self, notice: Notice) -> None:
        """It said something unasked."""
        ...


class LazyEngine(QObject):
    """`app.comparing_search.SecondEngine` with a process of its own; there is none before `start`."""

    def __init__(self, parent: QObject, make_client: Callable[[QObject], EngineClient] = EngineClient) -> None:
        super().__init__(parent)
        self._make_client = make_client
        self._client: EngineClient | None = None
        self._told: Told | None = None

    def report_to(self, told: Told) -> None:
        """Tell `told` everything from now on."""
        self._told = told

    @property
    def is_ready(self) -> bool:
        """Requests can be made."""
        return self._client is not None and self._client.state is EngineState.READY

    def request(self, make: Callable[[int], Request]) -> int:
        """Send a request; see `EngineClient.request`."""
        assert self._client is not None, "the second engine was never started"
        return self._client.request(make)

    def start(self) -> None:
        """Start the process, where it does not run."""
        if self._client is None:
            self._client = client = self._make_client(self)
            client.state_changed.connect(self._tell_state)
            client.replied.connect(self._tell_answer)
            client.noticed.connect(self._tell_notice)
        if self._client.state in (EngineState.STOPPED, EngineState.FAILED):
            self._client.start()

    def finish(self) -> None:
        """End the process and wait for it."""
        self._told = None
        if self._client is not None:
            self._client.finish()

    def _tell_state(self) -> None:
        if self._told is not None and self._client is not None:
            self._told.engine_changed(self._client.state.value, self._client.failure)

    def _tell_answer(self, answer: Answer) -> None:
        if self._told is not None:
            self._told.answered(answer)

    def _tell_notice(self, notice: Notice) -> None:
        if self._told is not None:
            self._told.noticed(notice)
