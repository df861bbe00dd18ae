"""One client's search and jobs, in a thread of their own: requests in, answers and notices out.

Requests are carried out in the order they came, each between two batches of a run or two steps of a job, and each gets
exactly one final answer. A mistake or a failure ends a request, never the process.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.domains.base import Line, Rules
from engine.search.evaluator import Evaluator
from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.search.watchpoints import Hit, hit_sentence, path_words
from engine.service import messages
from engine.service.arena_desk import ArenaDesk
from engine.service.arena_messages import AnyArenaRequest
from engine.service.failures import EXPECTED, StateError, engine_failed, refused
from engine.service.makers import Makers, Searching
from engine.service.messages import Answer, AnyRequest, Done
from engine.service.outbox import Outbox
from engine.service.preparing import preparing
from engine.service.reporter import Reporter
from engine.service.train_messages import AnyTrainRequest
from engine.service.turns import Turns
from engine.tree.events import encode_header

_FULL_OUTBOX_WAIT_S = 0.02
_WARM_UP_SIMULATIONS = 32

_SEARCH = "search"

log = logging.getLogger(__name__)

Steering = (
    messages.CutBranch
    | messages.RestoreBranch
    | messages.PinBranch
    | messages.BoostBranch
    | messages.SetPrior
    | messages.ReevaluateBranch
    | messages.UndoSteering
    | messages.PlayActions
)
"""What is done to branches of one root; see `Session._steer`."""


@dataclass(slots=True)
class _Opened:
    """The open search and what is known of it here.

    Attributes:
        device: the device asked for, e.g. "auto".
        roots: re-rootings so far.
        run: id of the request whose run goes on, or None.
    """

    search: Searching
    reporter: Reporter
    domain: str
    device: str
    roots: int = 0
    run: int | None = None


class Session:
    """A client's session; its thread runs from `start` until after `close`.

    Args:
        makers: what searches are made of; not shared with another session.
        outbox: where answers and notices go.
        clock: seconds, rising.
    """

    def __init__(self, makers: Makers, outbox: Outbox, clock: Callable[[], float] = time.perf_counter) -> None:
        self._makers = makers
        self._outbox = outbox
        self._clock = clock
        self._requests: queue.SimpleQueue[AnyRequest | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._opened: _Opened | None = None
        self._num_opened = 0
        self._arena = ArenaDesk(makers, outbox.post, clock)
        self._turns = Turns()
        self._warm: set[tuple[str, str, str]] = set()
        # A daemon, because native code (a compilation, a network on a device) cannot be interrupted at the end.
        self._thread = threading.Thread(target=self._serve, name="session", daemon=True)

    def start(self) -> None:
        """Start the session's thread."""
        self._thread.start()

    def submit(self, request: AnyRequest) -> None:
        """Queue `request`. Never blocks; any thread."""
        self._requests.put(request)

    def close(self) -> None:
        """Let the session end after the batch in hand; requests not carried out by then get no answer. Any thread."""
        self._closing.set()
        self._requests.put(None)

    def join(self, timeout_s: float) -> bool:
        """Wait for the end of a closed session; whether it came in time."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _serve(self) -> None:
        while not self._closing.is_set():
            request = self._next_request()
            if request is not None:
                self._carry_out(request)
            elif (busy := self._busy()) and not self._outbox.is_full():
                self._go_on(self._turns.next(busy))
        self._arena.close()

    def _busy(self) -> list[str]:
        """What goes on: a run of the search, a job, an errand."""
        runs = self._opened is not None and self._opened.run is not None
        return [_SEARCH, *self._arena.busy()] if runs else self._arena.busy()

    def _next_request(self) -> AnyRequest | None:
        """The next request; None where what goes on should do so instead."""
        if not self._busy():
            return self._requests.get()
        try:
            if self._outbox.is_full():  # the client does not read: all work waits for it, requests do not
                return self._requests.get(timeout=_FULL_OUTBOX_WAIT_S)
            return self._requests.get_nowait()
        except queue.Empty:
            return None

    def _go_on(self, name: str) -> None:
        """Do one step of what goes on."""
        started = self._clock()
        if name != _SEARCH:
            self._arena.advance(name)
        elif self._opened is not None and self._opened.run is not None:
            self._advance(self._opened, self._opened.run)
        self._turns.took(name, self._clock() - started)

    def _carry_out(self, request: AnyRequest) -> None:
        """Carry `request` out and answer it; the answer to a run or a job comes when that ends."""
        answer: Answer | None
        try:
            answer = self._handle(request)
        except EXPECTED as error:
            answer = refused(request.id, error)
        except Exception as error:
            log.exception("%s failed", type(request).__name__)
            answer = engine_failed(request.id, error)
        if self._opened is not None:
            self._opened.reporter.flush()
        if answer is not None:
            self._outbox.post(answer)

    def _handle(self, request: AnyRequest) -> Answer | None:
        """The answer to `request`; None where it is posted at another moment."""
        if isinstance(request, AnyArenaRequest | AnyTrainRequest):
            return self._arena.handle(request)
        match request:
            case messages.ListGenerations():
                return messages.Generations(id=request.id, generations=self._makers.generations())
            case messages.OpenSearch():
                self._open(request)
                return None
            case messages.RunSearch():
                self._run(request)
                return None
            case messages.PauseSearch():
                self._pause()
            case messages.CloseSearch():
                self._close_search()
            case messages.SwitchSearch():
                self._switch(request)
            case _ if isinstance(request, Steering):
                self._steer(request)
            case _:
                raise StateError(f"{type(request).__name__} is not a request that a session carries out")
        return Done(id=request.id)

    def _open(self, request: messages.OpenSearch) -> None:
        self._close_search()
        line = Line(request.start, request.actions)
        name = request.domain.replace("_", " ")
        steps = (
            f"Loading the rules of {name}",
            f"Loading the intuition {request.generation}",
            "Getting the search ready",
        )
        with preparing(self._outbox.post, *steps) as next_step:
            rules = self._makers.rules(request.domain)
            rules.load(line)  # a wrong position is found before anything slow is loaded
            next_step()
            evaluator = self._makers.evaluator(request.generation, request.domain, request.device)
            next_step()
            self._warm_up(rules, evaluator, line)
            number = self._num_opened + 1
            reporter = Reporter(number, evaluator.device, self._outbox.post, self._clock)
            search = self._makers.search(rules, evaluator, line, request.settings, reporter.write, evaluator.name)
        self._num_opened = number
        self._opened = _Opened(search, reporter, request.domain, request.device)
        header = encode_header(search.header)
        self._outbox.post(messages.Opened(id=request.id, search=number, header=header, device=evaluator.device))

    def _warm_up(self, rules: Rules, evaluator: Evaluator, line: Line) -> None:
        """Run a throw-away search for a moment: kernels are compiled, and a device is awake, before the real one."""
        key = (rules.name, evaluator.name, evaluator.device)
        if key in self._warm:
            return
        search = self._makers.search(rules, evaluator, line, SearchSettings(), lambda _: None, evaluator.name)
        search.start_run(Limits(simulations=_WARM_UP_SIMULATIONS))
        while search.advance() is None and not self._closing.is_set():
            pass
        self._warm.add(key)

    def _run(self, request: messages.RunSearch) -> None:
        opened = self._the_search()
        if opened.run is not None:
            raise StateError("the search is running already; pause it first")
        if request.roots not in (None, opened.roots):
            raise StateError(_stale(request.roots, opened.roots))
        opened.search.start_run(request.limits, watchpoints=request.watchpoints, one_by_one=request.one_by_one)
        opened.reporter.start(opened.search.figures())
        opened.run = request.id

    def _switch(self, request: messages.SwitchSearch) -> None:
        opened = self._the_search()
        with preparing(self._outbox.post, f"Loading the intuition {request.generation}"):
            evaluator = self._makers.evaluator(request.generation, opened.domain, opened.device)
        opened.search.switch(evaluator, request.settings, evaluator.name)
        opened.reporter.device = evaluator.device

    def _steer(self, request: Steering) -> None:
        opened = self._the_search()
        if request.roots != opened.roots:
            raise StateError(_stale(request.roots, opened.roots))
        search = opened.search
        match request:
            case messages.CutBranch():
                search.cut(request.path)
            case messages.RestoreBranch():
                search.restore(request.path)
            case messages.PinBranch():
                search.pin(request.path)
            case messages.BoostBranch():
                search.boost(request.path, request.visits)
            case messages.SetPrior():
                search.set_prior(request.path, request.prior)
            case messages.ReevaluateBranch():
                self._reevaluate(opened, request)
            case messages.UndoSteering():
                if not search.undo():
                    raise StateError("there is no act to take back since the tree was last renumbered")
            case messages.PlayActions():
                if not request.path:
                    raise ValueError("an empty path leads to no other root")
                search.play(request.path)
                opened.roots += 1

    def _reevaluate(self, opened: _Opened, request: messages.ReevaluateBranch) -> None:
        with preparing(self._outbox.post, f"Asking the intuition {request.generation}"):
            evaluator = self._makers.evaluator(request.generation, opened.domain, opened.device)
            opened.search.reevaluate(request.path, evaluator, evaluator.name)

    def _the_search(self) -> _Opened:
        if self._opened is None:
            raise StateError("no search is open")
        return self._opened

    def _advance(self, opened: _Opened, run: int) -> None:
        """Do one batch of the run of request `run`."""
        try:
            reason = opened.search.advance()
        except Exception as error:  # the intuition failed; the tree stands as it did before the batch
            log.exception("the search failed")
            self._end_run(opened, engine_failed(run, error))
            return
        opened.reporter.tick(opened.search.figures)
        if reason is not None:
            text = reason.text if reason.hit is None else self._hit_text(opened, reason.hit)
            self._end_run(opened, messages.RunEnded(id=run, reason=reason.name, text=text, hit=reason.hit))

    def _hit_text(self, opened: _Opened, hit: Hit) -> str:
        """What happened, in the domain's own words."""
        notation, line = self._makers.notation(opened.domain), opened.search.tree.line
        return hit_sentence(hit, lambda path: path_words(notation, line, path))

    def _pause(self) -> None:
        """End the run that goes on, if one does; what is on its way to the intuition is counted first."""
        opened = self._opened
        if opened is None or opened.run is None:
            return
        answer: Answer
        try:
            reason = opened.search.pause()
            answer = messages.RunEnded(id=opened.run, reason=reason.name, text=reason.text)
        except Exception as error:
            log.exception("the search failed")
            answer = engine_failed(opened.run, error)
        self._end_run(opened, answer)

    def _end_run(self, opened: _Opened, answer: Answer) -> None:
        """A run is over: tell the last of it, then answer its request."""
        opened.run = None
        opened.reporter.flush()
        opened.reporter.send_figures(opened.search.figures(), running=False)
        self._outbox.post(answer)

    def _close_search(self) -> None:
        self._pause()
        self._opened = None


def _stale(seen: int | None, roots: int) -> str:
    return f"the request is about a tree that was re-rooted {seen} times; the search is {roots} re-rootings old"
