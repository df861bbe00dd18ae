"""The conversation with the engine about one search: sends what the wish lacks, and keeps what is received.

Plain Python without Qt; called only from the window's thread. What happens is told to one listener.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from app.acts import ACT_REQUESTS, Act
from app.steering import Known, Wish, default_generation, first_act, next_request, numbered, watching_of
from app.viewmodels.replica import JournalGapError, Mapping, Replica, keeps_root, settings_of
from app.viewmodels.watchpoints import Reached, Watched, armed
from engine.domains.base import Line
from engine.service.messages import (
    Answer,
    CloseSearch,
    Done,
    Failed,
    GenerationInfo,
    Generations,
    JournalPart,
    ListGenerations,
    Notice,
    Opened,
    OpenSearch,
    PlayActions,
    Preparing,
    Request,
    RunEnded,
    RunSearch,
    SearchFigures,
    SwitchSearch,
)
from engine.tree.events import JournalError, decode_header


class Engine(Protocol):
    """What a session needs of the engine client.

    Attributes:
        is_ready: requests can be made. It may turn False a moment before the session is told.
    """

    @property
    def is_ready(self) -> bool:
        """See the class."""
        ...

    def request(self, make: Callable[[int], Request]) -> int:
        """Send the request that `make` builds for an id; the id is returned. Only while the engine is ready."""
        ...


class Listener(Protocol):
    """Whom a session tells what happened. Called right after `Session` was changed."""

    def tree_replaced(self) -> None:
        """`Session.shown` is another search than before."""
        ...

    def tree_grew(self, mapping: Mapping | None) -> None:
        """The tree shown changed; `mapping` says where its nodes went if they were renumbered."""
        ...

    def situation_changed(self) -> None:
        """Anything else that the status line or the controls show changed."""
        ...

    def refused(self, text: str) -> None:
        """The engine did not carry out a request; `text` is one sentence."""
        ...

    def act_refused(self, act: Act) -> None:
        """`act` was not carried out; `refused` says why."""
        ...


class Session:
    """One engine, one wish, at most one open search.

    Attributes:
        wish: what is wanted; change it with `want`.
        known: what the engine is known to be doing.
        active: the replica of the engine's open search, or None.
        shown: the replica on screen: `active` once it has a root; what came before stays until then.
        figures: the last figures of the active search.
        preparing: what the engine is getting ready, or None.
        generations: those the engine listed last; kept when it is gone.
        preferred_generation: taken where the wish leaves the generation open.
        reached: the watchpoint that ended the last run, or None where none did or another run has begun.
    """

    def __init__(self, engine: Engine, listener: Listener, wish: Wish, preferred_generation: str = "") -> None:
        self.wish = wish
        self.known = Known()
        self.active: Replica | None = None
        self.shown: Replica | None = None
        self.figures: SearchFigures | None = None
        self.preparing: Preparing | None = None
        self.generations: tuple[GenerationInfo, ...] = ()
        self.preferred_generation = preferred_generation
        self.reached: Reached | None = None
        self._engine = engine
        self._listener = listener
        self._sent: dict[int, Request] = {}
        self._acts: dict[int, Act] = {}
        self._search = 0
        self._run_line: Line | None = None
        self._run_armed: tuple[Watched, ...] = ()
        self._budget_from = 0
        self._roots_due = 0

    @property
    def stale(self) -> bool:
        """Whether what is shown is not (or not any more) what the engine is searching."""
        return self.shown is not self.active

    def want(self, **changes: Any) -> None:
        """Change the wish and send what follows from it."""
        self.wish = replace(self.wish, **changes)
        self._advance()

    def list_again(self) -> None:
        """Ask the engine for its generations once more: there may be others by now."""
        self._know(generations=None)
        self._advance()

    def start(self) -> None:
        """Run. Where this root's budget is used up, it is given again."""
        if self.active is not None and not self.known.running:
            if self.wish.budget is not None and self.known.done >= self.wish.budget:
                self._budget_from = self.active.tree.simulations
            self._know(ended="")
            self._count()
        self.want(open=True, run=True, step=0)

    def show(self, replica: Replica) -> None:
        """Put another replica (a recording) on screen; the engine's own search is given up."""
        domain = replica.header.domain
        generation = self.wish.generation if domain == self.wish.domain else ""
        self.shown = replica
        self.want(domain=domain, line=replica.line, generation=generation, open=False, run=False, step=0, acts=())
        self._listener.tree_replaced()

    def forget(self) -> None:
        """Show nothing, and take no more of the search that is open."""
        self.shown = self.active = None
        self._know(line=None)
        self._listener.tree_replaced()

    def engine_changed(self, *, ready: bool) -> None:
        """The engine became ready, or is gone: then nothing is known any more, and what was received stays."""
        self.known = Known(ready=ready)
        self.active, self.figures, self.preparing = None, None, None
        self._sent.clear()
        self._acts.clear()
        self._search = self._roots_due = 0
        self._run_line = None
        self._advance()
        self._listener.situation_changed()

    def answered(self, answer: Answer) -> None:
        """A final answer came."""
        request, act = self._sent.pop(answer.id, None), self._acts.pop(answer.id, None)
        if request is None or not self._engine.is_ready:
            return  # of an engine that is gone: its state says why, and the wish stays
        match answer:
            case Failed():
                self._failed(request, answer)
                if act is not None:
                    self._listener.act_refused(act)
            case Generations():
                self.generations = answer.generations
                self._know(generations=answer.generations)
            case Opened():
                self._opened(answer)
            case RunEnded():
                self._run_ended(answer)
            case Done():
                self._done(request)
            case _:
                pass
        self._advance()
        self._listener.situation_changed()

    def noticed(self, notice: Notice) -> None:
        """A notice came."""
        match notice:
            case JournalPart():
                self._received(notice)
            case SearchFigures():
                if notice.search == self._search:
                    self.figures = notice
            case Preparing():
                self.preparing = notice if notice.done < notice.total else None
                self._listener.situation_changed()
            case _:
                pass  # a newer engine may say more

    def _know(self, **changes: Any) -> None:
        self.known = replace(self.known, **changes)

    def _advance(self) -> None:
        """Send until everything is as wished or an answer must be awaited."""
        if not self._engine.is_ready:
            return
        if self.known.generations is not None:
            self._settle_generation()
        while True:
            self._know(waiting=self._is_waiting())
            request = next_request(self.wish, self.known)
            if request is None:
                return
            match request:
                case OpenSearch():
                    self.active = None
                    self._roots_due = 0
                    self._know(line=None, roots=0, running=False)
                case RunSearch():
                    stepping = bool(self.wish.step) or not self.wish.run
                    given = {"run_budget": self.wish.budget, "run_limits": self.wish.limits}
                    watched = watching_of(self.wish)
                    self._know(running=True, stepping=stepping, looked=True, ended="", run_watched=watched, **given)
                    on = armed(self.wish.watched, self.known.line) if self.known.line is not None else ()
                    self._run_armed, self.reached = tuple(one for one, _ in on), None
                    self._run_line = None if stepping else self.known.line
                    self.wish = replace(self.wish, step=0)
                case PlayActions():
                    self._roots_due = request.roots + 1
                case _:
                    pass
            found = first_act(self.wish, self.known) if isinstance(request, ACT_REQUESTS) else None
            number = self._engine.request(partial(numbered, request))
            self._sent[number] = request
            if found is not None:
                act, acts = found[0], self.wish.acts
                self._acts[number] = act
                # Those before it are of a root that is gone.
                self.wish = replace(self.wish, acts=acts[acts.index(act) + 1 :])

    def _is_waiting(self) -> bool:
        """Whether an answer, or the re-rooting that was asked for, is still to come.

        A run's answer comes when it ends and acts change no root, so these are not waited for.
        """
        free = (RunSearch, *ACT_REQUESTS)
        return self._roots_due > self.known.roots or not all(isinstance(sent, free) for sent in self._sent.values())

    def _settle_generation(self) -> None:
        if not self.wish.generation:
            chosen = default_generation(self.wish.domain, self.known, self.preferred_generation)
            self.wish = replace(self.wish, generation=chosen)

    def _opened(self, answer: Opened) -> None:
        try:
            header = decode_header(answer.header)
        except JournalError as error:
            self._give_up(str(error))
            return
        self.active = Replica(header)
        self.figures = None
        self._search = answer.search
        self._budget_from = self._roots_due = 0
        self._know(
            domain=header.domain,
            line=self.active.line,
            roots=0,
            generation=self.wish.generation,
            settings=settings_of(header.settings),
            running=False,
            looked=False,
            done=0,
            ended="",
        )

    def _run_ended(self, answer: RunEnded) -> None:
        # A run whose root was played away in the meantime did not end for the root of now.
        by_itself = answer.reason != "by_hand" and self._run_line == self.known.line
        hit = answer.hit
        if hit is not None and self.known.line is not None and hit.index < len(self._run_armed):
            self.reached = Reached(hit, self._run_armed[hit.index], self.known.line)
            self.wish = replace(self.wish, run=False, step=0)  # it pauses, as if by hand
            by_itself = False
        self._know(running=False, ended=answer.reason if by_itself else "")
        self._count()

    def _done(self, request: Request) -> None:
        match request:
            case SwitchSearch():
                self._know(generation=request.generation, settings=request.settings, ended="")
            case CloseSearch():
                self.active = None
                self._roots_due = 0
                self._know(line=None, roots=0, running=False, ended="", done=0)
            case _:
                pass

    def _failed(self, request: Request, failed: Failed) -> None:
        match request:
            case PlayActions():
                # Where the root has moved on by itself, the state wanted is opened instead.
                self._roots_due = 0
                self._know(line=None)
                if failed.kind == "state":
                    return
                self._stand_still()
            case OpenSearch():
                self._know(line=None, running=False)
                self._stand_still()
            case SwitchSearch():
                self.wish = replace(self.wish, generation=self.known.generation, settings=self.known.settings)
            case RunSearch():
                self._know(running=False)
                if failed.kind == "engine":
                    self._stand_still()
                else:  # the search is well, this run is not possible
                    self.wish = replace(self.wish, run=False, step=0)
            case ListGenerations():
                self._know(generations=())
            case _:
                pass
        self._listener.refused(failed.text)

    def _stand_still(self) -> None:
        """Ask for nothing until the person does: what failed would fail again."""
        self.wish = replace(self.wish, open=False, run=False, step=0, acts=())

    def _give_up(self, text: str) -> None:
        """The search cannot be followed any more."""
        self.active = None
        self._stand_still()
        self._listener.refused(text)

    def _received(self, part: JournalPart) -> None:
        if self.active is None or part.search != self._search:
            return  # of a search that was given up
        try:
            mapping = self.active.receive(part.events, part.offset)
        except JournalGapError as error:
            self._give_up(f"{error}; Start searches this position anew")
            self._advance()
            self._listener.situation_changed()
            return
        moved = mapping is not None and not keeps_root(mapping)
        if moved:
            self._budget_from = self.active.root_at
            looked = self.active.tree.num_nodes > 0
            self._know(line=self.active.line, roots=self.active.roots, ended="", looked=looked)
        self._count()
        if self.shown is self.active:
            self._listener.tree_grew(mapping)
        elif self.active.tree.num_nodes:
            self.shown = self.active
            self._listener.tree_replaced()
        if moved:
            self._advance()

    def _count(self) -> None:
        if self.active is not None:
            self._know(done=max(self.active.tree.simulations - self._budget_from, 0))
