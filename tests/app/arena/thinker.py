"""A stand-in for the engine that players think in: real searches by small intuitions, answered when a test says so."""

from collections.abc import Callable

from engine.arena.player_spec import parse_player
from engine.domains.base import Line
from engine.domains.registry import rules
from engine.search.evaluator import UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.service.arena_messages import Think, Thought
from engine.service.messages import Answer, Failed, Request
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.events import encode_header
from engine.tree.explain import node_value

NOBODY = "gen-404@8"
"""A player that there is not."""


class ThinkingEngine:
    """Keeps requests; answers one at a time. `waiting`: what is not answered yet, the oldest first."""

    def __init__(self, *, at_once: bool = False) -> None:
        self.waiting: list[tuple[Think, Callable[[Answer], None]]] = []
        self.asked: list[Think] = []
        self._at_once = at_once

    def ask(self, make: Callable[[int], Request], answered: Callable[[Answer], None]) -> None:
        request = make(len(self.asked) + 1)
        assert isinstance(request, Think)
        self.asked.append(request)
        self.waiting.append((request, answered))
        if self._at_once:
            self.answer()

    def answer(self) -> Think:
        """Answer the oldest question."""
        request, answered = self.waiting.pop(0)
        answered(think(request))
        return request

    def answer_all(self) -> None:
        """Answer until nothing is asked any more."""
        while self.waiting:
            self.answer()


def think(request: Think) -> Answer:
    """What the player of a request thinks."""
    if request.player == NOBODY:
        return Failed(id=request.id, kind="input", text="there is no generation 'gen-404'")
    spec = parse_player(request.player)
    known = rules(request.domain)
    line = Line(request.start, request.actions)
    if spec.kind == "random":
        action = int(known.expand(known.load(line)[-1:]).actions[0])
        return _thought(request, b"", b"", action, None)
    evaluator = UniformEvaluator() if spec.generation == "uniform" else HashEvaluator()
    events: list[bytes] = []
    settings = SearchSettings(method=spec.method, seed=request.seed)
    search = Search(known, evaluator, line, settings, events.append, spec.generation)
    search.start_run(Limits(simulations=max(1, spec.simulations)))
    while search.advance() is None:
        pass
    action = int(search.tree.edge_action[best_edge(search.tree, ROOT)])
    return _thought(request, encode_header(search.header), b"".join(events), action, node_value(search.tree))


def _thought(request: Think, header: bytes, events: bytes, action: int, value: float | None) -> Thought:
    what = {"header": header, "events": events, "action": action, "value": value, "seconds_s": 0.01}
    return Thought(id=request.id, player=request.player, **what)
