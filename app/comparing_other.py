"""The other tree of a comparison: a second engine's search, an earlier moment of the first, or a recording."""

from app.comparing_search import SecondSearch
from app.session import Session
from app.steering import Wish, path_below
from app.travel import Travel
from app.viewmodels.comparison import MomentSource, RecordedSource, SearchSource, Source
from app.viewmodels.comparison_texts import Described
from app.viewmodels.moment import Moment
from app.viewmodels.replica import Replica
from app.viewmodels.search_options import needs_budget
from engine.domains import registry
from engine.tree.columns import ROOT, SearchTree
from engine.tree.compare import CompareError, Side, below, take

_IN_STEP_LEAST, _IN_STEP_SHARE = 64, 0.02
"""A search in step is given as much as it lacks once that is so many simulations, or that part of what it has."""


class OtherTree:
    """B. A is what `travel` looks at.

    Attributes:
        source: what B is, None before it was chosen.
    """

    def __init__(self, session: Session, travel: Travel, second: SecondSearch) -> None:
        self.source: Source | None = None
        self._session, self._travel, self._second = session, travel, second
        self._replica: Replica | None = None  # a recording's, or a search's whose engine does something else now
        self._damage = ""
        self._chosen = 0

    def choose(self, source: Source, recording: Replica | None = None, damage: str = "") -> None:
        """Take another B; for a `RecordedSource`, `recording` is what was read, and `damage` what could not be."""
        self.source, self._replica, self._damage = source, recording, damage
        self._chosen += 1
        self._second.end()

    def forget(self) -> None:
        """There is no B any more."""
        self.source = self._replica = None
        self._second.end()

    def keep(self) -> None:
        """The second engine is wanted for something else: B stays as it is."""
        if isinstance(self.source, SearchSource) and self._replica is None:
            self._replica = self._second.replica

    def follow(self, a: Moment) -> None:
        """See to it that B searches A's position, with as many simulations as it should have."""
        source = self.source
        if not isinstance(source, SearchSource):
            return
        if self._replica is not None:
            if self._replica.line == a.line:
                return
            self._replica = None
        goal = self._goal(source, a)
        if self._second.line != a.line:  # anew: what a re-rooted tree keeps would not be the same number as in A
            domain, settings = a.header.domain, source.settings
            self._second.begin(Wish(domain, a.line, source.generation, settings, budget=goal))
        elif not needs_budget(source.settings.method):
            self._give(source, a, goal)

    def is_busy(self) -> bool:
        """Whether B's search is still on its way."""
        return isinstance(self.source, SearchSource) and self._replica is None and self._second.is_running

    def waiting(self, a: Moment) -> str:
        """Why there is no B to compare with yet, or ""."""
        match self.source:
            case SearchSource():
                if self._tree() is not None:
                    return ""
                return self._second.trouble or "A second engine searches this position ..."
            case MomentSource(simulation):
                shown = self._session.shown
                if shown is None or not shown.history.first <= simulation <= shown.history.last:
                    return "This search has another root or other nodes since then. Choose another moment."
            case RecordedSource(name):
                replica = self._replica
                if replica is None or self._path(replica, a) is None:
                    return f"{name} has no search of this position."
            case None:
                return "Choose what to compare this search with."
        return ""

    @property
    def trouble(self) -> str:
        """What is wrong with a B that is shown all the same, or ""."""
        is_live = isinstance(self.source, SearchSource) and self._replica is None
        return self._second.trouble if is_live else self._damage

    def numbering(self, a: Moment) -> tuple[object, ...]:
        """Changes whenever nodes of B are not what they were."""
        match self.source:
            case SearchSource() if self._replica is None:
                return (self._chosen, self._second.renumbered)
            case MomentSource():
                return (self._chosen, a.renumbered_at)
            case RecordedSource():
                return (self._chosen, a.line)
            case _:
                return (self._chosen,)

    def version(self) -> tuple[int, ...]:
        """Changes whenever B does."""
        tree = self._tree()
        return (self._chosen,) if tree is None else (self._chosen, tree.simulations, tree.num_nodes, len(tree.prunes))

    def take(self, a: Moment) -> Side:
        """B as it stands now.

        Raises:
            CompareError: it cannot be compared with A.
        """
        if isinstance(self.source, MomentSource):
            return self._take_moment(self.source.simulation)
        tree = self._tree()
        if tree is None:
            raise CompareError("there is no other search yet")
        side = take(tree)
        path = self._path(self._replica, a) if isinstance(self.source, RecordedSource) and self._replica else ()
        return below(side, path) if path else side

    def described(self, a: Moment, simulations: int, source: str) -> Described:
        """What B is called after; `simulations`: those in its tree, `source`: the file that A is from, or ""."""
        match self.source:
            case SearchSource(generation, settings):
                return Described(generation, settings, simulations)
            case RecordedSource(name) if self._replica is not None:
                return Described(self._replica.generation, self._replica.settings, simulations, name)
            case _:
                return Described(a.generation, a.settings, simulations, source)

    def _goal(self, source: SearchSource, a: Moment) -> int:
        """How many simulations B should have."""
        if source.budget is not None and not source.in_step:
            return source.budget
        has = int(a.tree.stats["visits"][ROOT]) if a.tree.num_nodes else 1
        wish = self._session.wish
        is_growing = wish.run and not a.is_past and not self._session.stale
        planned = wish.budget if is_growing and wish.budget is not None and not source.in_step else 0
        return max(has, planned, 1)

    def _give(self, source: SearchSource, a: Moment, goal: int) -> None:
        """What it lacks: in step not for every single simulation while A goes on."""
        replica = self._second.replica
        if replica is None or not self._second.is_resting:
            return
        lacks = goal - int(replica.tree.stats["visits"][ROOT])
        is_growing = self._session.known.running and not a.is_past
        least = max(_IN_STEP_LEAST, int(_IN_STEP_SHARE * goal)) if source.in_step and is_growing else 1
        if lacks >= least:
            self._second.give(lacks)

    def _tree(self) -> SearchTree | None:
        """B's tree, where it is one of its own."""
        if self._replica is not None:
            return self._replica.tree if self._replica.tree.num_nodes else None
        replica = self._second.replica if isinstance(self.source, SearchSource) else None
        return None if replica is None else replica.tree

    def _take_moment(self, simulation: int) -> Side:
        """There is one tree of the past: it goes back to where the playhead has it."""
        shown = self._session.shown
        assert shown is not None
        side = take(shown.moment_at(simulation).tree)
        if self._travel.at is not None:
            shown.moment_at(self._travel.at)
        return side

    def _path(self, replica: Replica, a: Moment) -> tuple[int, ...] | None:
        """Moves from a recording's root to A's position; () also where other moves lead to the same position."""
        if replica.header.domain != a.header.domain or not replica.tree.num_nodes:
            return None
        path = path_below(replica.line, a.line)
        if path is not None:
            arrived = replica.present.nearest(path)
            return path if replica.tree.facts["depth"][arrived] == len(path) else None
        notation = registry.notation(a.header.domain)
        return () if notation.position_text(replica.line) == notation.position_text(a.line) else None
