"""The desk of the cross table: every generation at every budget, from the stored matches and from new ones."""

from dataclasses import replace
from typing import Protocol

from app.arena.job import Conversation, Job, StoredMatches
from app.arena.standing import Standing
from app.viewmodels.arena_ladder import scale_sentence
from app.viewmodels.arena_matrix import (
    MatrixRecord,
    by_cell,
    column_gain,
    fuel_sentences,
    in_lineage,
    matrix_cells,
    matrix_cost,
    neighbours_of,
    parents_of,
    row_gain,
)
from engine.service.arena_messages import RunMatrix
from engine.service.messages import Answer, GenerationInfo

_MOST_AT_FIRST = 6
"""Generations chosen to begin with: the newest."""
_FIRST_BUDGETS = (0, 16, 64)
_NO_GENERATION = "There is no generation of this domain yet. Train one, or import a network on the page of generations."


class MatrixScreen(Protocol):
    """What the table is shown on."""

    def show_matrix(self, record: MatrixRecord) -> None:
        """All of the page."""
        ...


class Generations(Protocol):
    """What is needed of `app.arena.catalogue.Catalogue`."""

    def of_domain(self, domain: str) -> tuple[GenerationInfo, ...]:
        """The generations of one domain."""
        ...


class Matrix:
    """The table of one domain.

    Attributes:
        domain: whose generations these are. record: what was shown last. job: what is played.
    """

    def __init__(
        self, screen: MatrixScreen, talk: Conversation, matches: StoredMatches, generations: Generations
    ) -> None:
        self.domain = ""
        self.record = MatrixRecord()
        self.job = Job(talk, self._show)
        self._screen = screen
        self._matches, self._generations = matches, generations
        self._standing = Standing(self.job, talk, matches)
        self._chosen: tuple[str, ...] | None = None
        self._budgets: tuple[int, ...] = _FIRST_BUDGETS
        self._pairs = 25
        self._selected: tuple[int, int] | None = None

    def open(self, domain: str) -> None:
        """The page is looked at: rate what is stored, unless something runs."""
        if domain != self.domain:
            self.domain = domain
            self._chosen = self._selected = None
        self._standing.turn_to(domain)
        self._show()

    def choose_generation(self, generation: str, *, chosen: bool) -> None:
        """Show a row, or leave it out."""
        others = tuple(name for name in self._rows() if name != generation)
        self._chosen = (*others, generation) if chosen else others
        self._selected = None
        self._show()

    def choose_budget(self, budget: int, *, chosen: bool) -> None:
        """Show a column, or leave it out."""
        others = {kept for kept in self._budgets if kept != budget}
        self._budgets = tuple(sorted(others | {budget} if chosen else others))
        self._selected = None
        self._show()

    def set_pairs(self, pairs: int) -> None:
        """Pairs of games between neighbours."""
        self._pairs = max(1, pairs)
        self._show()

    def select(self, place: tuple[int, int] | None) -> None:
        """Look at a cell: what it met."""
        self._selected = place
        self._show()

    def run(self) -> None:
        """Let the neighbours of the table meet."""
        if not self.record.can_run:
            return
        domain, rows, budgets, pairs = self.domain, self._rows(), self._budgets, self._pairs

        def make(number: int) -> RunMatrix:
            return RunMatrix(id=number, domain=domain, generations=rows, budgets=budgets, pairs=pairs)

        self.job.begin("Getting the players ready ...", make, self._played)

    def pause(self) -> None:
        """Stop playing; what was played stays and is rated."""
        self.job.pause()

    def conversation_changed(self) -> None:
        """A job began or ended on the engine, perhaps somebody else's."""
        self.job.let_go()
        self._standing.follow()

    def catalogue_changed(self) -> None:
        """There are other generations or matches."""
        if self.domain:
            self._standing.follow()
            self._show()

    def _played(self, _: Answer) -> None:
        """The games are over: what is on screen is again everything that is stored, on the scale of all pages."""
        self._matches.refresh()
        self._standing.rate()

    def _rows(self) -> tuple[str, ...]:
        """The generations shown, parents first."""
        order = in_lineage(self._generations.of_domain(self.domain))
        if self._chosen is None:
            return order[-_MOST_AT_FIRST:]
        return tuple(name for name in order if name in self._chosen)

    def _show(self) -> None:
        record = self._record()
        if record != self.record:
            self.record = record
            self._screen.show_matrix(record)

    def _record(self) -> MatrixRecord:
        rows, rated = self._rows(), self._standing.rated
        cells = matrix_cells(rows, self._budgets, by_cell(rated))
        infos = self._generations.of_domain(self.domain)
        job, order, parents = self.job.record, in_lineage(infos), parents_of(infos)
        record = MatrixRecord(
            domain=self.domain,
            generations=rows,
            budgets=self._budgets,
            cells=cells,
            row_gains=tuple(row_gain(row, rated) for row in cells),
            column_gains=tuple(
                column_gain([row[column] for row in cells], parents, rated) for column in range(len(self._budgets))
            ),
            fuel=fuel_sentences(cells, parents),
            scale=scale_sentence(rated),
            offered=tuple((name, name in rows) for name in order),
            pairs=self._pairs,
            cost=matrix_cost(len(rows), len(self._budgets), self._pairs),
            can_run=len(rows) * len(self._budgets) >= 2 and not job.running,
            job=job,
            empty="" if order else _NO_GENERATION,
            selected=self._selected,
        )
        if self._selected is None:
            return record
        return replace(record, neighbours=neighbours_of(self._selected, record, self._matches.listed or ()))
