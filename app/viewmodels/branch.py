"""One branch and what can be done with it: what a menu of acts, and the asking for a number, are made from."""

from dataclasses import dataclass

from app.viewmodels import figures
from app.viewmodels.moment import Moment
from app.viewmodels.phrases import Phrases
from engine.domains.base import Line
from engine.tree.columns import ROOT, BranchError

UNIFORM = "uniform"
"""The generation without any intuition; it can always be asked."""
LOANS = (100, 1000)
"""Visits lent by one choice in a menu."""


@dataclass(frozen=True, slots=True)
class BranchRecord:
    """A branch of the tree on screen.

    Attributes:
        line: the whole line that ends with it. name: its move, or "the root".
        is_live: the search can be steered. is_root: it is the root itself, which is no branch.
        is_pruned: it is cut. can_ask: it has been visited and play goes on there. can_lend: its value is not certain.
        prior: intuition's share, in [0, 1]. siblings: actions beside it.
        lent: visits lent and not spent yet.
        generations: whose intuition can be asked. visits: of the node, 0 before the first.
    """

    line: Line
    name: str
    is_live: bool
    is_root: bool
    is_pruned: bool
    can_ask: bool
    can_lend: bool
    prior: float
    siblings: int
    lent: int
    generations: tuple[str, ...]
    visits: int = 0


def branch_record(
    moment: Moment, path: tuple[int, ...], phrases: Phrases, generations: list[str], *, is_live: bool
) -> BranchRecord | None:
    """What there is to say of the branch at `path`; None where the tree has no such branch."""
    tree = moment.tree
    try:
        edge = tree.find_edge(path) if path else -1
    except BranchError:
        return None
    node = int(tree.edge_child[edge]) if path else ROOT
    is_visited = node >= 0
    has_ended = is_visited and bool(tree.facts["outcome"][node])
    is_certain = has_ended or (is_visited and bool(tree.stats["lower"][node] == tree.stats["upper"][node]))
    line = tree.line.then(*path)
    return BranchRecord(
        line=line,
        name=phrases.last_text(line) if path else "the root",
        is_live=is_live,
        is_root=not path,
        is_pruned=bool(path and tree.edge_pruned[edge]),
        can_ask=is_visited and not has_ended,
        can_lend=bool(path) and not is_certain,
        prior=float(tree.priors[edge]) if path else 1.0,
        siblings=int(tree.links["num_edges"][tree.owner(edge)]) - 1 if path else 0,
        lent=tree.lent.get(edge, 0),
        generations=(*generations, UNIFORM),
        visits=int(tree.stats["visits"][node]) if is_visited else 0,
    )


def prior_sentence(branch: BranchRecord, prior: float) -> str:
    """What another prior would mean, as a person moves it."""
    change = f"{branch.name}: {figures.percent(branch.prior)} → {figures.percent(prior)}"
    match branch.siblings:
        case 0:
            return f"{branch.name} is the only move; it keeps all of it."
        case 1:
            return f"{change}. The move beside it gets {figures.percent(1 - prior)}."
        case many:
            return f"{change}. The {many} moves beside it share {figures.percent(1 - prior)} as they did before."


def loan_sentence(branch: BranchRecord, visits: int) -> str:
    """What lending means."""
    more = f" {figures.count(branch.lent)} are lent already." if branch.lent else ""
    return f"The next {figures.count(visits)} simulations go below {branch.name}; nothing above counts them.{more}"
