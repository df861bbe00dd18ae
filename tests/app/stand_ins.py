"""Stand-ins at the controller's seams: a screen that remembers, work done at once, an engine without a process."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from app.acts import ACT_REQUESTS
from engine.domains.base import Line
from engine.domains.registry import rules
from engine.search.evaluator import UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator
from engine.search.search import Search
from engine.search.watchpoints import Hit
from engine.service.messages import (
    Answer,
    BoostBranch,
    CloseSearch,
    CutBranch,
    Done,
    Failed,
    GenerationInfo,
    Generations,
    JournalPart,
    ListGenerations,
    Notice,
    Opened,
    OpenSearch,
    PauseSearch,
    PinBranch,
    PlayActions,
    ReevaluateBranch,
    Request,
    RestoreBranch,
    RunEnded,
    RunSearch,
    SearchFigures,
    SetPrior,
    SwitchSearch,
    UndoSteering,
)
from engine.tree.events import encode_header

INFO = GenerationInfo(id="gen-000", name="First", domain="chess", weights_hash="abcd" * 16, parent=None, metrics={})


class MemoryScreen:
    """Keeps the last record of each kind, and everything in order."""

    def __init__(self) -> None:
        self.log: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        if not name.startswith(("show_", "tree_", "say")):
            raise AttributeError(name)
        return lambda *args, **_: self.log.append((name, args[0] if len(args) == 1 else args))

    def last(self, name: str) -> Any:
        return next(value for kind, value in reversed(self.log) if kind == name)

    def count(self, name: str) -> int:
        return sum(kind == name for kind, _ in self.log)


class AtOnce:
    """Background work in the foreground."""

    def run(self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        try:
            result = work()
        except (OSError, ValueError) as error:
            failed(error)
        else:
            done(result)


@dataclass
class StubEngine:
    """Keeps requests; a test answers them."""

    is_ready: bool = True
    sent: list[Request] = field(default_factory=list)
    restarts: int = 0

    def request(self, make: Callable[[int], Request]) -> int:
        assert self.is_ready, "asked an engine that is not ready"
        self.sent.append(make(len(self.sent) + 1))
        return len(self.sent)

    def restart(self) -> None:
        self.restarts += 1

    def kinds(self) -> list[str]:
        return [type(request).__name__ for request in self.sent]


class SmallEngine(StubEngine):
    """Answers as the real engine does, with real searches, when `pump` is called; a run does `pace` batches a pump."""

    def __init__(self, pace: int = 4) -> None:
        super().__init__()
        self.answered: Callable[[Answer], None] = lambda _: None
        self.noticed: Callable[[Notice], None] = lambda _: None
        self.pace = pace
        self._next = 0
        self._search: Search | None = None
        self._number = self._roots = self._offset = 0
        self._run: int | None = None
        self._events: list[bytes] = []

    def pump(self, turns: int = 1) -> None:
        """Carry out everything asked for, then let a run go on a little."""
        for _ in range(turns):
            while self._next < len(self.sent):
                self._next += 1
                self._carry_out(self.sent[self._next - 1])
            for _ in range(self.pace if self._run is not None else 0):
                reason = self._search.advance() if self._search else None
                if reason is not None:
                    self._end_run(reason.name, reason.text, reason.hit)
                    break
            self._flush()
            self._tell_figures()

    def pump_until(self, condition: Callable[[], bool], limit: int = 300) -> None:
        for _ in range(limit):
            if condition():
                return
            self.pump()
        raise AssertionError("it never came to that")

    def die(self) -> None:
        """The process is gone: pending requests get their answer before the state is told, as the real client does."""
        self.is_ready = False
        pending = [self._run] if self._run is not None else []
        self._search, self._run, self._number = None, None, 0
        for number in [*pending, *range(self._next + 1, len(self.sent) + 1)]:
            self.answered(Failed(id=number, kind="engine", text="The engine ended unexpectedly: killed."))
        self._next = len(self.sent)

    def _tell_figures(self) -> None:
        if self._search is not None:
            counts = asdict(self._search.figures())
            running = self._run is not None
            more = {"search": self._number, "running": running, "simulations_per_s": 1.0, "device": "none"}
            self.noticed(SearchFigures(**counts, **more))

    def _flush(self) -> None:
        if self._events:
            events = b"".join(self._events)
            self._events.clear()
            self.noticed(JournalPart(search=self._number, offset=self._offset, events=events))
            self._offset += len(events)

    def _end_run(self, name: str, text: str, hit: Hit | None = None) -> None:
        if self._run is not None:
            run, self._run = self._run, None
            self._flush()
            self.answered(RunEnded(id=run, reason=name, text=text, hit=hit))

    def _carry_out(self, request: Request) -> None:
        try:
            answer = self._answer(request)
        except (ValueError, KeyError) as error:
            answer = Failed(id=request.id, kind="input", text=str(error))
        self._flush()
        if answer is not None:
            self.answered(answer)

    def _answer(self, request: Request) -> Answer | None:
        match request:
            case ListGenerations():
                return Generations(id=request.id, generations=(INFO,))
            case OpenSearch():
                self._pause()
                intuition = _intuition(request.generation)
                line = Line(request.start, request.actions)
                made = (rules(request.domain), intuition, line, request.settings, self._events.append)
                self._search = Search(*made, request.generation)
                self._number += 1
                self._roots = self._offset = 0
                header = encode_header(self._search.header)
                return Opened(id=request.id, search=self._number, header=header, device="none")
            case CloseSearch():
                self._pause()
                self._search = None
                return Done(id=request.id)
            case PauseSearch():
                self._pause()
                return Done(id=request.id)
        return self._steer(request)

    def _steer(self, request: Request) -> Answer | None:
        assert self._search is not None
        if isinstance(request, (*ACT_REQUESTS, PlayActions)) and request.roots != self._roots:
            return Failed(id=request.id, kind="state", text="a stale path")
        match request:
            case RunSearch():
                watched = {"watchpoints": request.watchpoints, "one_by_one": request.one_by_one}
                self._search.start_run(request.limits, **watched)
                self._run = request.id
                return None
            case PlayActions():
                self._search.play(request.path)
                self._roots += 1
            case SwitchSearch():
                self._search.switch(_intuition(request.generation), request.settings, request.generation)
            case UndoSteering():
                if not self._search.undo():
                    return Failed(id=request.id, kind="state", text="there is no act to take back")
            case _:
                _act(self._search, request)
        return Done(id=request.id)

    def _pause(self) -> None:
        if self._search is not None and self._run is not None:
            self._search.pause()
        self._end_run("by_hand", "stopped by hand")


def _intuition(generation: str) -> UniformEvaluator | HashEvaluator:
    if generation not in ("uniform", "gen-000"):
        raise ValueError(f"there is no generation {generation!r}")
    return UniformEvaluator() if generation == "uniform" else HashEvaluator()


def _act(search: Search, request: Request) -> None:
    match request:
        case CutBranch():
            search.cut(request.path)
        case RestoreBranch():
            search.restore(request.path)
        case PinBranch():
            search.pin(request.path)
        case BoostBranch():
            search.boost(request.path, request.visits)
        case SetPrior():
            search.set_prior(request.path, request.prior)
        case ReevaluateBranch():
            search.reevaluate(request.path, _intuition(request.generation), request.generation)
