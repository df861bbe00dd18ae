"""Who was trained from whom, as a drawing from left to right: parents before children, each domain a group of its own.

Places are numbers of columns and rows, not pixels. A parent stands halfway between its first and its last child.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter

from app.viewmodels import figures
from app.viewmodels.why_records import TermRecord
from engine.service.messages import GenerationInfo

_HASH_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Rating:
    """How strong a generation plays, in Elo on the ladder's scale, and the ends of its 95 % interval."""

    elo: float
    low: float
    high: float

    @property
    def text(self) -> str:
        """E.g. "1,432  (1,390 to 1,475)"."""
        return f"{_elo(self.elo)}  ({_elo(self.low)} to {_elo(self.high)})"


@dataclass(frozen=True, slots=True)
class LineageNode:
    """One generation of the drawing.

    Attributes:
        id: of the generation. name: for people, "" of one that is missing.
        domain: its name, "" where nobody knows it.
        parent: place of its parent among the nodes, or -1.
        column: ancestors it has. row: where it stands from top to bottom; halves and less occur.
        rating: None where it is not rated.
        missing: it is named as a parent but no longer in the registry.
        terms: its figures, for the card under the pointer. notice: what else there is to say of it.
        spoken: all of that in one sentence, for who cannot see the drawing.
    """

    id: str
    name: str
    domain: str
    parent: int
    column: int
    row: float
    rating: Rating | None = None
    missing: bool = False
    terms: tuple[TermRecord, ...] = ()
    notice: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class LineageGroup:
    """The generations of one domain.

    Attributes:
        domain: its name. text: the same for people.
        row: where it begins. rows: how many it takes.
        scale: lowest and highest Elo that any interval in it reaches; None where nothing is rated.
    """

    domain: str
    text: str
    row: int
    rows: int
    scale: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class LineageRecord:
    """The whole drawing; `nodes` parents before children, groups one under the other."""

    nodes: tuple[LineageNode, ...] = ()
    groups: tuple[LineageGroup, ...] = ()

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return 1 + max((node.column for node in self.nodes), default=-1)

    def place(self, generation: str) -> int:
        """Where a generation stands among the nodes, or -1."""
        return next((place for place, node in enumerate(self.nodes) if node.id == generation), -1)

    def neighbour(self, place: int, columns: int, rows: int) -> int:
        """The node that an arrow key leads to from `place`, or `place` itself where there is none that way.

        Args:
            place: a node.
            columns: -1 = to its parent, 1 = to its nearest child, 0 = neither.
            rows: -1 or 1 = the next one above or below in the same column, of any domain.
        """
        here = self.nodes[place]
        if columns < 0:
            return here.parent if here.parent >= 0 else place
        others = enumerate(self.nodes)
        if columns > 0:
            found = [(abs(node.row - here.row), other) for other, node in others if node.parent == place]
        else:
            found = [
                (abs(node.row - here.row), other)
                for other, node in others
                if node.column == here.column and (node.row - here.row) * rows > 0
            ]
        return min(found)[1] if found else place


@dataclass(slots=True)
class _Branch:
    """A generation on its way into the drawing."""

    id: str
    info: GenerationInfo | None
    domain: str
    children: "list[_Branch]" = field(default_factory=list)


def lineage_record(
    generations: Iterable[GenerationInfo], ratings: Mapping[str, tuple[float, float, float]] | None = None
) -> LineageRecord:
    """The drawing of all generations.

    Args:
        generations: what the engine lists. A parent that is not among them is drawn as missing; where cards name each
            other as parents in a circle, the circle is cut at its first id.
        ratings: (Elo, low, high) by id, of those that are rated; the interval is the 95 % one.
    """
    rated = {name: Rating(*numbers) for name, numbers in (ratings or {}).items()}
    roots = _forest(tuple(generations))
    nodes: list[LineageNode] = []
    groups: list[LineageGroup] = []
    row = 0
    for domain in sorted({root.domain for root in roots}):
        first, top = len(nodes), row
        for root in sorted((root for root in roots if root.domain == domain), key=attrgetter("id")):
            added, row = _lay_out(root, len(nodes), row, rated)
            nodes += added
        group = nodes[first:]
        groups.append(LineageGroup(domain, _domain_text(domain), top, row - top, _scale(group)))
    return LineageRecord(tuple(nodes), tuple(groups))


def _forest(generations: tuple[GenerationInfo, ...]) -> list[_Branch]:
    """The generations as trees: those without a parent, with all others among their descendants."""
    branches = {info.id: _Branch(info.id, info, info.domain) for info in generations}
    for info in generations:
        if info.parent is not None and info.parent not in branches:
            branches[info.parent] = _Branch(info.parent, None, info.domain)
    parents = {info.id: info.parent for info in generations if info.parent is not None}
    for name in sorted(parents):
        if _is_in_a_circle(name, parents):
            del parents[name]  # which also opens the circle for the others in it
    for name, parent in sorted(parents.items()):
        branches[parent].children.append(branches[name])
    return [branch for name, branch in branches.items() if name not in parents]


def _is_in_a_circle(name: str, parents: Mapping[str, str]) -> bool:
    """Whether the ancestors of `name` lead back to it."""
    seen: set[str] = set()
    at = parents.get(name)
    while at is not None and at not in seen and at != name:
        seen.add(at)
        at = parents.get(at)
    return at == name


def _lay_out(root: _Branch, base: int, row: int, rated: Mapping[str, Rating]) -> tuple[list[LineageNode], int]:
    """A tree as nodes, parents before children, from row `row` on; and the first row that is free after them.

    Goes without recursion: a lineage is as deep as it has rounds.

    Args:
        root: of the tree.
        base: place of its first node among all nodes.
        row: where it begins.
        rated: ratings by id.
    """
    order: list[tuple[_Branch, int, int]] = []  # with place of the parent, and column
    waiting = [(root, -1, 0)]
    while waiting:
        branch, parent, column = waiting.pop()
        place = base + len(order)
        order.append((branch, parent, column))
        waiting.extend((child, place, column + 1) for child in reversed(branch.children))
    rows: dict[int, float] = {}
    for place, (branch, _, _) in enumerate(order, base):
        if not branch.children:
            rows[place] = float(row)
            row += 1
    spans: dict[int, list[float]] = {}
    for place, (_, parent, _) in reversed(list(enumerate(order, base))):  # children before parents, the last one first
        span = spans.get(place)
        if span is not None:
            rows[place] = (span[0] + span[-1]) / 2
        spans.setdefault(parent, []).append(rows[place])
    return [
        _node(branch, parent, column, rows[place], rated) for place, (branch, parent, column) in enumerate(order, base)
    ], row


def _node(branch: _Branch, parent: int, column: int, row: float, rated: Mapping[str, Rating]) -> LineageNode:
    info, rating = branch.info, rated.get(branch.id)
    if info is None:
        notice = "No longer in the registry; others were trained from it."
        spoken = f"{branch.id}, no longer in the registry"
        return LineageNode(
            branch.id, "", branch.domain, parent, column, row, rating, missing=True, notice=notice, spoken=spoken
        )
    descent = f"trained from {info.parent}" if info.parent else "trained from no other"
    strength = f"Elo {rating.text}" if rating else "not rated"
    return LineageNode(
        id=info.id,
        name=info.name,
        domain=info.domain,
        parent=parent,
        column=column,
        row=row,
        rating=rating,
        terms=_terms(info, rating),
        notice=_notice(info),
        spoken=f"{info.id}, {info.name}, {_domain_text(info.domain)}, {descent}, {strength}",
    )


def _terms(info: GenerationInfo, rating: Rating | None) -> tuple[TermRecord, ...]:
    terms = [
        TermRecord(
            "Strength", rating.text if rating else "not rated yet", "Rating with its 95 % interval. (Elo of the ladder)"
        ),
        TermRecord("Trained from", info.parent or "no other", "The generation whose weights it began with. (parent)"),
    ]
    top, surprise = info.metrics.get("top_1"), info.metrics.get("policy_cross_entropy")
    if isinstance(top, float):
        tip = "How often its first choice was the move played, in games kept away from training. (top-1 accuracy)"
        terms.append(TermRecord("Moves foretold", figures.percent(top), tip))
    if isinstance(surprise, float):
        tip = "How much the moves played there surprised it; less is better. (policy cross-entropy, in nats)"
        terms.append(TermRecord("Surprise", f"{surprise:.2f}", tip))
    tip = "Two generations with the same code are the same network. (SHA-256 of the weights)"
    terms.append(TermRecord("Weights", info.weights_hash[:_HASH_SHOWN], tip))
    return tuple(terms)


def _notice(info: GenerationInfo) -> str:
    positions = info.metrics.get("positions")
    if not isinstance(positions, int):
        return f"{info.name}. Nothing was measured when it was made."
    return f"{info.name}. Measured on {figures.count(positions)} positions kept away from training."


def _scale(nodes: list[LineageNode]) -> tuple[float, float] | None:
    """What the intervals of a group reach; an endless one counts by its rating alone."""
    ends = [
        end
        for node in nodes
        if node.rating
        for end in (node.rating.low, node.rating.elo, node.rating.high)
        if math.isfinite(end)
    ]
    return (min(ends), max(ends)) if ends else None


def _domain_text(domain: str) -> str:
    return domain.replace("_", " ").capitalize()


def _elo(number: float) -> str:
    if math.isinf(number):
        return "∞" if number > 0 else f"{figures.MINUS}∞"
    return figures.count(round(number))
