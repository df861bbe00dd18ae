"""The second engine's search: what another intuition, other settings or more simulations make of a position.

It has one search at a time. Its engine is started when it is first needed and ended with the window.
"""

from collections.abc import Callable
from typing import Protocol

from app.acts import Act
from app.session import Engine, Session
from app.steering import Wish, is_spent
from app.viewmodels.replica import Mapping, Replica
from engine.domains.base import Line
from engine.service.messages import Answer, Notice


class SecondEngine(Engine, Protocol):
    """What a second search needs of its engine's process."""

    def start(self) -> None:
        """Start the process, where it does not run; `SecondSearch.engine_changed` says when it is ready."""
        ...

    def finish(self) -> None:
        """End the process and wait for it."""
        ...


class SecondSearch:
    """One search beside the window's own; also its own listener.

    Attributes:
        trouble: a sentence on what went wrong, or "".
        renumbered: how often the nodes of `replica` got other numbers or another search took its place.
    """

    def __init__(self, engine: SecondEngine, changed: Callable[[], None]) -> None:
        """`changed`: called when anything is new."""
        self.trouble = ""
        self.renumbered = 0
        self._engine, self._changed = engine, changed
        self._session: Session | None = None

    @property
    def replica(self) -> Replica | None:
        """What was received of the search wished, None before its root was; kept when the engine is gone."""
        if self._session is None or self._session.shown is None:
            return None
        shown = self._session.shown
        return shown if shown.line == self._session.wish.line and shown.tree.num_nodes else None

    @property
    def is_running(self) -> bool:
        """Whether more is to come by itself."""
        session = self._session
        if session is None or self.trouble or not session.wish.run:
            return False
        return not session.known.ready or session.known.line != session.wish.line or not self.is_done

    @property
    def is_done(self) -> bool:
        """Whether its budget is used up, or its run came to its end."""
        session = self._session
        return session is not None and session.known.line == session.wish.line and is_spent(session.wish, session.known)

    @property
    def is_resting(self) -> bool:
        """Whether its budget is used up and it can be given more at once."""
        return self.is_done and self._session is not None and not self._session.known.running

    @property
    def done(self) -> int:
        """Simulations done of its budget."""
        return self._session.known.done if self._session is not None else 0

    @property
    def budget(self) -> int:
        """Simulations it may do; 0 = no search, or no limit."""
        return self._session.wish.budget or 0 if self._session is not None else 0

    @property
    def line(self) -> Line | None:
        """The position searched, None where nothing is."""
        return self._session.wish.line if self._session is not None else None

    def begin(self, wish: Wish) -> None:
        """Search something else; what was found before is forgotten here."""
        self.trouble = ""
        self.renumbered += 1
        self._session = Session(self._engine, self, wish)
        if self._engine.is_ready:
            self._session.engine_changed(ready=True)
        else:
            self._engine.start()

    def give(self, simulations: int) -> None:
        """So many more simulations, to a search that rests because its budget is used up; one that is solved rests."""
        session = self._session
        if session is not None and self.is_resting and simulations > 0 and self.done >= self.budget:
            session.want(budget=self.done + simulations)
            session.start()

    def end(self) -> None:
        """Search no more, and give the engine's memory back. What was found is forgotten here."""
        if self._session is not None:
            self._session.want(open=False, run=False, step=0)
        self._session = None

    def finish(self) -> None:
        """The window closes."""
        self._session = None
        self._engine.finish()

    def engine_changed(self, state: str, failure: str) -> None:
        """The process changed its state, as the controller is told."""
        if state == "failed":
            self.trouble = failure.strip().split("\n")[0] or "The second engine has failed."
        if self._session is not None:
            self._session.engine_changed(ready=state == "ready")
        self._changed()

    def answered(self, answer: Answer) -> None:
        """The engine answered a request."""
        if self._session is not None:
            self._session.answered(answer)
        self._changed()

    def noticed(self, notice: Notice) -> None:
        """The engine said something unasked."""
        if self._session is not None:
            self._session.noticed(notice)
        self._changed()

    def tree_replaced(self) -> None:
        """See `Listener`."""
        self.renumbered += 1

    def tree_grew(self, mapping: Mapping | None) -> None:
        """See `Listener`."""
        if mapping is not None:
            self.renumbered += 1

    def situation_changed(self) -> None:
        """See `Listener`; `changed` follows every answer."""

    def refused(self, text: str) -> None:
        """See `Listener`."""
        self.trouble = f"{text[:1].upper()}{text[1:]}"

    def act_refused(self, act: Act) -> None:
        """See `Listener`; nobody acts on this search."""
        raise AssertionError(f"nobody did {act}")
