"""The engine behind the protocol: one search after another, kept between moves where the game goes on.

Everything here runs on the worker's thread (`engine.uci.loop`); other threads reach it through a job's `Control` alone.
"""

import logging
import time
from collections.abc import Callable

import msgspec

from engine.domains import registry as domains
from engine.domains.base import Line
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.notation import board
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.search.stoppers import StopReason
from engine.tree.columns import ROOT
from engine.tree.explain import principal_variation
from engine.uci.budget import is_open_ended, limits_for, white_to_move
from engine.uci.job import Job
from engine.uci.knowledge import Knowledge, KnowledgeKeeper
from engine.uci.options import CHESS960, Values
from engine.uci.position import START, legal_move, searchable
from engine.uci.report import Ranked, move_names
from engine.uci.reporter import Reporter

_WARM_UP = Limits(simulations=50, seconds=60.0, settle_seconds=60.0)
_GOES_ON = ("puct", "uct")
"""Methods that make use of a tree from the move before."""
_PLANS_AHEAD = "gumbel"
"""The method that must know the number of its simulations; where only time is given, it is guessed."""
_FIRST_GUESS, _FIRST_SPEED = 256, 500.0
_FORGETTING = 0.8
"""Of the lateness of earlier moves, what still counts a move later; a busy machine stays busy for a while."""

log = logging.getLogger(__name__)


class Thinker:
    """Searches and says what it finds.

    Args:
        say: takes a line for the GUI.
        clock: seconds, rising.
    """

    def __init__(self, say: Callable[[str], None], clock: Callable[[], float] = time.perf_counter) -> None:
        self._say, self._clock = say, clock
        self._rules = domains.rules("chess")
        self._knowledge = KnowledgeKeeper(say)
        self._warm: set[tuple[str, str, str]] = set()
        self._search: Search | None = None
        self._made_with: tuple[Knowledge, SearchSettings] | None = None
        self._speed = _FIRST_SPEED
        self._lateness_s = 0.0

    def prepare(self, values: Values) -> None:
        """Load what a search with `values` needs, and search a little, so that no clock runs while kernels compile."""
        knowledge, settings = self._knowledge.get(values), values.search_settings()
        key = (knowledge.evaluator.name, knowledge.oracle.name, settings.method)
        if key in self._warm:
            return
        search = self._new_search(START, knowledge, settings)
        search.start_run(_WARM_UP)
        while search.advance() is None:
            pass
        best = tuple(principal_variation(search.tree)[:1])
        if best:
            search.cut(best)
            search.restore(best)
            search.play(best)
        self._warm.add(key)

    def forget(self) -> None:
        """Drop the search tree."""
        self._search = None

    def think(self, job: Job) -> None:
        """Search and say the answer: `info` lines, then always one `bestmove`."""
        found = searchable(job.line)
        if found.remark:
            self._say(f"info string {found.remark}")
        if found.line is None:
            _wait_for_leave(job)
            self._say(f"bestmove {found.move or '(none)'}")
            return
        answer: list[str] = []
        try:
            answer = self._answer(job, found.line)
        except Exception as error:  # whatever fails, a GUI that waits for a move must get one
            log.exception("the search failed")
            self.forget()
            self._say(f"info string error: {' '.join(str(error).split())}")
            _wait_for_leave(job)
        if not answer:
            answer = [next(iter(board(found.line).legal_moves)).uci()]
        self._say(" ponder ".join(("bestmove " + answer[0], *answer[1:2])))

    def _answer(self, job: Job, line: Line) -> list[str]:
        """Names of the move to play and of the reply to it, where one is known."""
        self.prepare(job.values)
        wanted = self._searchmoves(job, line)
        search = self._search_among(line, wanted, job.values) if wanted else self._search_of(line, job.values)
        moves = self._run(search, job)
        return move_names(line, moves[0].pv[:2], chess960=job.values[CHESS960]) if moves else []

    # -- the search -------------------------------------------------------------------------------------------------

    def _new_search(self, line: Line, knowledge: Knowledge, settings: SearchSettings) -> Search:
        evaluator = knowledge.evaluator
        return Search(self._rules, evaluator, line, settings, lambda _: None, evaluator.name, knowledge.oracle)

    def _search_of(self, line: Line, values: Values) -> Search:
        """A search at the end of `line`: the one before, where the line goes on from its root, else a new one."""
        knowledge, settings = self._knowledge.get(values), values.search_settings()
        search = self._search
        path = None if search is None else _continuation(search.tree.line, line)
        goes_on = settings.method in _GOES_ON and self._made_with == (knowledge, settings)
        if search is None or path is None or not goes_on:
            search = self._search = self._new_search(line, knowledge, settings)
            self._made_with = (knowledge, settings)
        elif path:
            search.play(path)
        return search

    def _searchmoves(self, job: Job, line: Line) -> set[int]:
        """Actions that `go searchmoves` allows; empty = all."""
        if not job.go.searchmoves:
            return set()
        here = board(line)
        moves = [move for name in job.go.searchmoves if (move := legal_move(here, name)) is not None]
        if not moves:
            self._say("info string none of the searchmoves is legal here; all moves are searched")
        return {action_of_move(here, move) for move in moves}

    def _search_among(self, line: Line, wanted: set[int], values: Values) -> Search:
        """A search of its own whose root has only the actions `wanted`; others must not prove or stand for anything."""
        apart = msgspec.structs.replace(values.search_settings(), look_for_wins=False, prune_duplicates=False)
        search = self._new_search(line, self._knowledge.get(values), apart)
        search.start_run(Limits(simulations=1))  # the root has no edges before its first visit
        search.advance()
        for action in search.tree.edge_action[search.tree.edge_run(ROOT)].tolist():
            if action not in wanted:
                search.cut((action,))
        return search

    def _run(self, search: Search, job: Job) -> list[Ranked]:
        """Search until the end of `job`; returns the root's moves, best first."""
        control, open_ended = job.control, is_open_ended(job.go)
        reporter = Reporter(self._say, search, job, self._clock)
        holding = open_ended or control.pondering
        guess, longest_s = _FIRST_GUESS, 0.0
        search.start_run(_endless(search, guess) if holding else self._limits(search, job, job.received_s))
        reason: StopReason | None = None
        while not control.stopped:
            if holding and not open_ended and not control.pondering:  # the move pondered on was played
                holding, reason = False, None
                search.start_run(self._limits(search, job, control.hit_s))
            if reason is None:
                began = self._clock()
                reason = search.advance()
                reporter.tick()
                longest_s = max(longest_s, self._clock() - began)
            elif holding and reason.name == "simulations":
                guess, reason = 2 * guess, None
                search.start_run(_endless(search, guess))
            elif holding:  # nothing is left to search, and no answer may be given yet
                control.wait()
            else:
                break
        if not search.tree.num_nodes:  # stopped before it began
            search.start_run(Limits(simulations=1))
            search.advance()
        search.pause()
        self._learn_speed(search, longest_s)
        return reporter.last()

    def _limits(self, search: Search, job: Job, since_s: float) -> Limits:
        """The limits of `job` for a clock that runs since `since_s`."""
        visits = int(search.tree.stats["visits"][ROOT]) if search.tree.num_nodes else 0
        is_white = white_to_move(search.tree.line)
        spent_s = self._clock() - since_s
        limits = limits_for(
            job.go, job.values, is_white=is_white, spent_s=spent_s, visits=visits, lateness_s=self._lateness_s
        )
        if search.settings.method != _PLANS_AHEAD or limits.simulations is not None:
            return limits
        seconds = limits.settle_seconds or limits.seconds
        guess = _FIRST_GUESS if seconds is None else max(1, int(seconds * self._speed))
        return msgspec.structs.replace(limits, simulations=guess)

    def _learn_speed(self, search: Search, longest_s: float) -> None:
        """Note how fast simulations are here, and how long the longest step took between two looks at the clock."""
        self._lateness_s = max(longest_s, _FORGETTING * self._lateness_s)
        figures = search.figures()
        if figures.seconds_s > 0 and figures.simulations >= _FIRST_GUESS:
            self._speed = figures.simulations / figures.seconds_s


def _endless(search: Search, simulations: int) -> Limits:
    """Limits of a search that goes on until it is told to end; `simulations`: of its next stretch, where it plans."""
    return Limits(simulations=simulations if search.settings.method == _PLANS_AHEAD else None)


def _continuation(line: Line, later: Line) -> tuple[int, ...] | None:
    """The actions that lead from the end of `line` to the end of `later`, or None where it is no continuation."""
    known = len(line.actions)
    if line.start != later.start or later.actions[:known] != line.actions:
        return None
    return later.actions[known:]


def _wait_for_leave(job: Job) -> None:
    """Wait while no answer may be given yet."""
    while not job.control.stopped and (is_open_ended(job.go) or job.control.pondering):
        job.control.wait()
