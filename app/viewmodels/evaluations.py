"""What searches found, kept by position: it is there at once when the position is visited again.

Bounded: the findings that were looked at longest ago are forgotten first.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace

from app.viewmodels.moment import Moment
from app.viewmodels.records import CandidatesRecord, ValueRecord
from engine.domains.base import Line, Notation
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT

_MOST = 2000
"""Findings kept: some tens of megabytes with all their candidates."""
_MOST_LINES = 20_000
"""Lines whose position is remembered."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search found in a position.

    Attributes:
        value: from the first player's view. best: the action it would play, -1 = none.
        simulations: visits of the root. candidates: the root's actions. is_proven: more visits change nothing.
        generation: whose intuition it had, for people. source: the same for certain, a hash of the weights.
    """

    value: ValueRecord
    best: int
    simulations: int
    generation: str
    source: str
    candidates: CandidatesRecord
    is_proven: bool = False

    def outdated(self) -> "Finding":
        """The same as it is shown when it is not of now."""
        return replace(self, value=replace(self.value, stale=True), candidates=replace(self.candidates, stale=True))


def finding_of(moment: Moment, value: ValueRecord, candidates: CandidatesRecord) -> Finding | None:
    """What the search of `moment` has found, as it is shown; None before there is a value."""
    tree = moment.tree
    if value.value_white is None or not tree.num_nodes:
        return None
    edge = best_edge(tree, ROOT)
    best = -1 if edge < 0 else int(tree.edge_action[edge])
    visits = int(tree.stats["visits"][ROOT])
    is_proven = bool(tree.stats["lower"][ROOT] == tree.stats["upper"][ROOT])
    return Finding(value, best, visits, moment.generation, source_of(moment), candidates, is_proven)


def source_of(moment: Moment) -> str:
    """What tells one intuition from another for certain."""
    return moment.weights_hash or moment.generation


class Evaluations:
    """Findings by domain, position and intuition.

    Attributes:
        version: grows whenever a finding changes.
    """

    def __init__(self) -> None:
        self.version = 0
        self._findings: OrderedDict[tuple[str, str, str], Finding] = OrderedDict()
        self._latest: dict[tuple[str, str], str] = {}
        self._positions: OrderedDict[tuple[str, Line], str] = OrderedDict()

    def note(self, notation: Notation, line: Line, finding: Finding) -> None:
        """Keep what was found at the end of `line`, unless more is known from the same intuition."""
        position = (notation.name, self._position(notation, line))
        key = (*position, finding.source)
        known = self._findings.get(key)
        if known is not None and (known.simulations > finding.simulations or known == finding):
            return
        self._findings[key] = finding
        self._findings.move_to_end(key)
        self._latest[position] = finding.source
        self.version += 1
        if len(self._findings) > _MOST:
            gone, _ = self._findings.popitem(last=False)
            if self._latest.get(gone[:2]) == gone[2]:
                del self._latest[gone[:2]]

    def of(self, notation: Notation, line: Line, source: str = "") -> Finding | None:
        """What was found at the end of `line` with the intuition `source`, else with the one that looked last."""
        position = (notation.name, self._position(notation, line))
        found = self._findings.get((*position, source))
        return found or self._findings.get((*position, self._latest.get(position, "")))

    def _position(self, notation: Notation, line: Line) -> str:
        key = (notation.name, line)
        if key not in self._positions:
            self._positions[key] = notation.position_text(line)
            if len(self._positions) > _MOST_LINES:
                self._positions.popitem(last=False)
        return self._positions[key]
