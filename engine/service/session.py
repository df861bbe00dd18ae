"""One client's search, in a thread of its own: requests in, answers and notices out.

Requests are carried out in the order they came, each between two batches of a run, and each gets exactly one final
answer. A mistake or a failure ends a request, never the process.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from engine.domains.base import Line, Rules
from engine.search.evaluator import Evaluator
from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.search.watchpoints import Hit, hit_sentence, path_words
from engine.service import messages
from engine.service.makers import Makers, Searching
from engine.service.messages import Answer, AnyRequest, Done, Failed
from engine.service.outbox import Outbox
from engine.service.reporter import Reporter
from engine.tree.events import encode_header

_FULL_OUTBOX_WAIT_S = 0.02
_WARM_UP_SIMULATIONS = 32

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


class StateError(ValueError):
    """A request that cannot be carried out now; the message says what it would need."""


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
            elif self._opened is not None and self._opened.run is not None and not self._outbox.is_full():
                self._advance(self._opened, self._opened.run)

    def _next_request(self) -> AnyRequest | None:
        """The next request; None where a run should go on instead."""
        if self._opened is None or self._opened.run is None:
            return self._requests.get()
        try:
            if self._outbox.is_full():  # the client does not read: the run waits for it, requests do not
                return self._requests.get(timeout=_FULL_OUTBOX_WAIT_S)
            return self._requests.get_nowait()
        except queue.Empty:
            return None

    def _carry_out(self, request: AnyRequest) -> None:
        """Carry `request` out and answer it; the answer to a run comes when the run ends."""
        answer: Answer | None
        try:
            answer = self._handle(request)
        except StateError as error:
            answer = Failed(id=request.id, kind="state", text=_sentence(error))
        except (ValueError, KeyError, OverflowError) as error:
            answer = Failed(id=request.id, kind="input", text=_sentence(error))
        except Exception as error:
            log.exception("%s failed", type(request).__name__)
            answer = Failed(id=request.id, kind="engine", text=_sentence(error))
        if self._opened is not None:
            self._opened.reporter.flush()
        if answer is not None:
            self._outbox.post(answer)

    def _handle(self, request: AnyRequest) -> Answer | None:
        """The answer to `request`; None where it is posted at another moment."""
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
            case messages.Hello() | messages.Shutdown():
                raise StateError(f"{type(request).__name__} is not a request about a search")
            case _:
                self._steer(request)
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
        with self._preparing(*steps) as next_step:
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
        with self._preparing(f"Loading the intuition {request.generation}"):
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
        with self._preparing(f"Asking the intuition {request.generation}"):
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
            self._end_run(opened, Failed(id=run, kind="engine", text=_sentence(error)))
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
            answer = Failed(id=opened.run, kind="engine", text=_sentence(error))
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

    @contextmanager
    def _preparing(self, *steps: str) -> Iterator[Callable[[], None]]:
        """Tell the client what is being prepared: the first of `steps` now, the next at each call of the result."""
        done = 0

        def tell(text: str) -> None:
            self._outbox.post(messages.Preparing(text=text, done=done, total=len(steps)))

        def next_step() -> None:
            nonlocal done
            done += 1
            tell(steps[done])

        tell(steps[0])
        try:
            yield next_step
        finally:
            done = len(steps)
            tell("")


def _stale(seen: int | None, roots: int) -> str:
    return f"the request is about a tree that was re-rooted {seen} times; the search is {roots} re-rootings old"


def _sentence(error: Exception) -> str:
    """What went wrong, in one line without a traceback."""
    if isinstance(error, MemoryError):
        return "the engine ran out of memory"
    # str of a KeyError is the repr of its sentence.
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    lines = text.strip().splitlines()
    return lines[0] if lines else type(error).__name__
