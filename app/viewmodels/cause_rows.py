"""Where does this Q come from? The causes of a node's value as sentences and rows, each a click away from its place."""

from collections.abc import Callable

from app.viewmodels import figures
from app.viewmodels.showing import Showing
from app.viewmodels.why_records import CauseRow, CausesRecord
from engine.tree.causes import Causes, Link
from engine.tree.columns import ROOT

_BRANCHES_SHOWN = 4
_LINKS_SHOWN = 5
_LATE_MOVES = 3
"""Last moves of a line that name where an evaluation was made."""


def causes_record(found: Causes, showing: Showing, since: int = -1) -> CausesRecord:
    """Rows for `found`; values are turned to the player who chose the node (at the root: who is to move).

    Args:
        since: the moment that a person asked about, -1 = none.
    """
    tree = showing.moment.tree
    view = 1 if found.node == ROOT else tree.sign
    name = _namer(found.node, showing)

    links: list[tuple[Link, int]] = []
    for link in found.branches[:_BRANCHES_SHOWN]:
        links.append((link, 0))
        if found.chain and link.node == found.chain[0].node:  # followed down
            links += [(below, level) for level, below in enumerate(found.chain[1:_LINKS_SHOWN], start=1)]
    branches = tuple(
        CauseRow(
            kind="branch",
            text=showing.phrases.last_text(tree.line_to(link.node)),
            detail=f"{_visits(link.visits)} found {figures.signed(view * link.mean)}",
            share=view * link.share,
            level=level,
            node=link.node,
            tooltip=f"Its {_visits(link.visits)} moved the value by {share_text(view * link.share)}. Click: select it.",
        )
        for link, level in links
    )
    evaluations = tuple(
        CauseRow(
            kind="evaluation",
            text=name(one.leaf),
            detail=f"simulation {figures.count(one.simulation)} found {figures.signed(view * one.value)}",
            share=view * one.share,
            node=one.leaf,
            moment=one.simulation,
            tooltip=f"It moved the value by {share_text(view * one.share)}. Click: go to that simulation. Evaluation.",
        )
        for one in found.evaluations
    )
    swings = tuple(
        CauseRow(
            kind="swing",
            text=_span(swing.first, swing.last),
            detail=f"from {figures.signed(view * swing.before)} to {figures.signed(view * swing.after)}",
            share=view * (swing.after - swing.before),
            node=found.node,
            moment=swing.first - 1,
            tooltip="Over these simulations the value changed most. Click: go to where it began. Change of mind.",
        )
        for swing in found.swings
    )
    return CausesRecord(_summary(found, view), branches, evaluations, swings, since)


def share_text(share: float) -> str:
    """A change of a value; one that is too small for three digits has five."""
    return figures.signed(share, 3 if abs(share) >= 0.0005 else 5)


def _summary(found: Causes, view: int) -> str:
    """From what to what, and over how many visits."""
    after = f"{figures.signed(view * found.after, 3)} after {_visits(found.visits)}"
    new = found.visits - found.visits_before
    if new <= (not found.visits_before):
        return f"{after}: nothing has moved it since simulation {figures.count(found.since)}."
    before = figures.signed(view * found.before, 3)
    where = f"at simulation {figures.count(found.since)}" if found.visits_before else "at a glance"
    return f"From {before} {where} to {after}: {figures.signed(view * found.change, 3)}."


def _namer(top: int, showing: Showing) -> Callable[[int], str]:
    """Names nodes by the moves that lead there from `top`, the last few of them."""
    tree = showing.moment.tree
    above = tree.path(top)

    def name(node: int) -> str:
        path = tree.path(node)
        texts = list(showing.phrases.texts(tree.line, path))[len(above) :]
        if not texts:
            return "this position itself"
        left_out = "… " if len(texts) > _LATE_MOVES else ""
        return left_out + " ".join(texts[-_LATE_MOVES:])

    return name


def _span(first: int, last: int) -> str:
    """Over which simulations."""
    return f"at {figures.count(first)}" if first == last else f"{figures.count(first)} to {figures.count(last)}"


def _visits(count: int) -> str:
    return f"{figures.count(count)} visit{'' if count == 1 else 's'}"
