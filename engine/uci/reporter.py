"""When to report how a search stands, and to whom it is said."""

from collections.abc import Callable

from engine.search.search import Search
from engine.tree.columns import ROOT
from engine.tree.selection import selection_parameters
from engine.uci.job import Job
from engine.uci.options import CHESS960, HASH, MULTI_PV, SHOW_WDL, VERBOSE
from engine.uci.report import Figures, Ranked, info_lines, ranked_moves, verbose_lines

_REPORT_S = 1.0
"""Reports come at least so often, and when the main line changes,"""
_QUIET_S = 0.1
"""but not more often than this."""


class Reporter:
    """Says how the search of a job stands: when its main line changes, at least every second, and at its end."""

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
        multi_pv, chess960 = values[MULTI_PV] > 1, values[CHESS960]
        lines = info_lines(tree, moves, figures, multi_pv=multi_pv, show_wdl=values[SHOW_WDL], chess960=chess960)
        for line in lines:
            self._say(line)
        if values[VERBOSE]:
            for line in verbose_lines(tree, self._parameters, chess960=chess960):
                self._say(line)
