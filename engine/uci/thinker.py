"""The engine behind the protocol: one search after another, kept between moves where the game goes on.

Everything here runs on the worker's thread (`engine.uci.loop`); other threads reach it through a job's `Control` alone.
"""

import logging
import time
from collections.abc import Callable

import numpy as np

from engine.domains import registry as domains
from engine.domains.base import Line
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.notation import board
from engine.generations.registry import default_registry
from engine.nets.choose import make_evaluator
from engine.search.evaluator import Evaluator, UniformEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.search.stoppers import StopReason
from engine.tree.columns import ROOT
from engine.tree.explain import principal_variation
from engine.tree.selection import selection_parameters
from engine.uci.budget import is_open_ended, limits_for, memory_limits, white_to_move
from engine.uci.job import Job
from engine.uci.options import HASH, MULTI_PV, SHOW_WDL, THREADS, VERBOSE, WEIGHTS, Values
from engine.uci.position import START, legal_move, searchable
from engine.uci.report import Figures, Ranked, info_lines, move_names, ranked_moves, verbose_lines

_REPORT_S = 1.0
"""Reports come at least so often, and when the main line changes,"""
_QUIET_S = 0.1
"""but not more often than this."""
_WARM_UP_SIMULATIONS = 50

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
        self._evaluator: Evaluator | None = None
        self._made_of: tuple[str, int] | None = None
        self._warm: set[tuple[str, str]] = set()
        self._search: Search | None = None

    def prepare(self, values: Values) -> None:
        """Load what a search with `values` needs, and search a little, so that no clock runs while kernels compile."""
        evaluator, settings = self._the_evaluator(values), values.search_settings()
        key = (evaluator.name, settings.method)
        if key in self._warm:
            return
        search = Search(self._rules, evaluator, START, settings, lambda _: None, evaluator.name)
        search.start_run(Limits(simulations=_WARM_UP_SIMULATIONS, seconds=60.0, settle_seconds=60.0))
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
            self._wait_for_the_end(job)
            self._say(f"bestmove {found.move or '(none)'}")
            return
        answer: list[str] = []
        try:
            answer = self._answer(job, found.line)
        except Exception as error:  # whatever fails, a GUI that waits for a move must get one
            log.exception("the search failed")
            self.forget()
            self._say(f"info string error: {' '.join(str(error).split())}")
            self._wait_for_the_end(job)
        if not answer:
            answer = [next(iter(board(found.line).legal_moves)).uci()]
        self._say(" ponder ".join(("bestmove " + answer[0], *answer[1:2])))

    def _answer(self, job: Job, line: Line) -> list[str]:
        """Names of the move to play and of the reply to it, where one is known."""
        self.prepare(job.values)
        search = self._search_of(line, job)
        cut = self._restrict(search, job)
        try:
            moves = self._run(search, job)
        finally:
            for action in cut:
                search.restore((action,))
        return move_names(line, moves[0].pv[:2]) if moves else []

    # -- the search -------------------------------------------------------------------------------------------------

    def _search_of(self, line: Line, job: Job) -> Search:
        """A search at the end of `line`: the one before, where the line goes on from its root, else a new one."""
        search, evaluator, settings = self._search, self._the_evaluator(job.values), job.values.search_settings()
        path = None if search is None else _continuation(search.tree.line, line)
        if search is None or path is None or not self._fits(search, evaluator, settings):
            search = Search(self._rules, evaluator, line, settings, lambda _: None, evaluator.name)
        elif path:
            search.play(path)
        if job.go.searchmoves and search.tree.num_nodes and _is_proven(search):
            # what proved the root may not be among the moves asked for
            search = Search(self._rules, evaluator, line, settings, lambda _: None, evaluator.name)
        self._search = search
        return search

    def _fits(self, search: Search, evaluator: Evaluator, settings: SearchSettings) -> bool:
        """Whether a search was made with this intuition and these settings."""
        header = search.header
        return search.settings == settings and (header.generation, header.weights_hash) == (
            evaluator.name,
            evaluator.weights_hash,
        )

    def _restrict(self, search: Search, job: Job) -> list[int]:
        """Cut every move of the root but the `searchmoves`; returns the actions that were cut."""
        here = board(search.tree.line)
        wanted = {legal_move(here, name) for name in job.go.searchmoves} - {None}
        if not wanted:
            if job.go.searchmoves:
                self._say("info string none of the searchmoves is legal; all moves are searched")
            return []
        if not search.tree.num_nodes:  # the root has no edges before its first visit
            search.start_run(Limits(simulations=1))
            search.advance()
        cut = [action_of_move(here, move) for move in here.legal_moves if move not in wanted]
        for action in cut:
            search.cut((action,))
        return cut

    def _run(self, search: Search, job: Job) -> list[Ranked]:
        """Search until the end of `job`; returns the root's moves, best first."""
        control, go = job.control, job.go
        reporter = _Reporter(self._say, search, job, self._clock)
        open_ended = is_open_ended(go)
        holding = open_ended or control.pondering
        search.start_run(memory_limits(job.values) if holding else self._limits(search, job, job.received_s))
        reason: StopReason | None = None
        while not control.stopped:
            if holding and not open_ended and not control.pondering:  # the move pondered on was played
                holding, reason = False, None
                search.start_run(self._limits(search, job, control.hit_s))
            if reason is None:
                reason = search.advance()
                reporter.tick()
            elif holding:  # nothing is left to search, and no answer may be given yet
                control.wait()
            else:
                break
        if not search.tree.num_nodes:
            search.start_run(Limits(simulations=1))
            search.advance()
        return reporter.last()

    def _limits(self, search: Search, job: Job, since_s: float) -> Limits:
        """The limits of `job` for a clock that runs since `since_s`."""
        visits = int(search.tree.stats["visits"][ROOT]) if search.tree.num_nodes else 0
        is_white = white_to_move(search.tree.line)
        spent = self._clock() - since_s
        return limits_for(job.go, job.values, is_white=is_white, spent_s=spent, visits=visits)

    def _wait_for_the_end(self, job: Job) -> None:
        """Wait while no answer may be given yet."""
        while not job.control.stopped and (is_open_ended(job.go) or job.control.pondering):
            job.control.wait()

    # -- the intuition ----------------------------------------------------------------------------------------------

    def _the_evaluator(self, values: Values) -> Evaluator:
        """The intuition that `values` ask for; the one before, or none, where that cannot be had."""
        asked = (values[WEIGHTS], values[THREADS])
        if self._evaluator is not None and self._made_of == asked:
            return self._evaluator
        try:
            generation = default_registry().get(asked[0], "chess")
            self._evaluator = make_evaluator(generation, threads=asked[1] or None)
        except ValueError as error:
            self._evaluator = self._evaluator or UniformEvaluator()
            self._say(f"info string {' '.join(str(error).split())}; using {self._evaluator.name} instead")
        self._made_of = asked
        return self._evaluator


class _Reporter:
    """Says how a search stands: when its main line changes, at least every second, and at its end."""

    def __init__(self, say: Callable[[str], None], search: Search, job: Job, clock: Callable[[], float]) -> None:
        self._say, self._search, self._job, self._clock = say, search, job, clock
        tree = search.tree
        self._visits_before = int(tree.stats["visits"][ROOT]) if tree.num_nodes else 0
        self._parameters = selection_parameters(search.header.settings)
        self._looked_s = self._reported_s = job.received_s
        self._main_line: tuple[int, ...] = ()

    def tick(self) -> None:
        """Report if there is something new."""
        now = self._clock()
        if now - self._looked_s < _QUIET_S or not self._search.tree.num_nodes:
            return
        self._looked_s = now
        moves = self._moves()
        if moves and (moves[0].pv != self._main_line or now - self._reported_s >= _REPORT_S):
            self._report(moves)

    def last(self) -> list[Ranked]:
        """Report once more; returns what was reported."""
        moves = self._moves()
        if moves:
            self._report(moves)
        return moves

    def _moves(self) -> list[Ranked]:
        return ranked_moves(self._search.tree, self._parameters, self._job.values[MULTI_PV])

    def _report(self, moves: list[Ranked]) -> None:
        values, tree = self._job.values, self._search.tree
        self._reported_s = self._clock()
        self._main_line = moves[0].pv
        figures = Figures(
            seconds=self._reported_s - self._job.received_s,
            visits=int(tree.stats["visits"][ROOT]) - self._visits_before,
            fullness=self._search.figures().tree_bytes / (values[HASH] << 20),
        )
        multi_pv = values[MULTI_PV] > 1
        for line in info_lines(tree, moves, figures, multi_pv=multi_pv, show_wdl=values[SHOW_WDL]):
            self._say(line)
        if values[VERBOSE]:
            for line in verbose_lines(tree, self._parameters):
                self._say(line)


def _continuation(line: Line, later: Line) -> tuple[int, ...] | None:
    """The actions that lead from the end of `line` to the end of `later`, or None where it is no continuation."""
    known = len(line.actions)
    if line.start != later.start or later.actions[:known] != line.actions:
        return None
    return later.actions[known:]


def _is_proven(search: Search) -> bool:
    root = search.tree.stats[ROOT]
    return bool(np.equal(root["lower"], root["upper"]))
