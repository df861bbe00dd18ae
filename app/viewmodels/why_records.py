"""What the node card shows of reasons: frozen records of plain values, as all of `app.viewmodels.records`.

Values are from the player who chooses among the rows of a ledger; a cause's from the player who chose the node.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TermRecord:
    """One line of figures: what it is called, how much, one plain sentence with the term of art.

    Attributes:
        moment: a simulation that a click leads to, or -1.
    """

    label: str
    text: str
    tooltip: str
    moment: int = -1


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One action of a node, with what its score is made of.

    Attributes:
        node: that it leads to, -1 before its first visit.
        value, bonus: the two parts of the bar: what it is worth, and what is added to that; `value` is None where the
            rule adds nothing up that could be drawn so.
        quality: Q, which gives the first part its colour; None for an action that was not visited.
        score_text: their sum as it stands beside the bar.
        is_next: the next simulation goes there. is_played: search would play it now. is_self: the node shown.
        figures: the terms, one by one. sentences: what would turn the two choices, and why it was cut, if it was.
        cut: why it was cut, in two words, or "". cut_at: after which simulation, or -1.
    """

    action: int
    node: int
    text: str
    value: float | None
    bonus: float
    quality: float | None
    score_text: str
    is_next: bool = False
    is_played: bool = False
    is_self: bool = False
    figures: tuple[TermRecord, ...] = ()
    sentences: tuple[str, ...] = ()
    cut: str = ""
    cut_at: int = -1


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """Where the next simulation goes from a node, and why.

    Attributes:
        rule: how it is decided, in one sentence with the term of art. kind: its name (`engine.tree.ledger.Rule`).
        rows: most visited first. others: how many more there are.
        note: what goes before the rule, e.g. visits that are lent, or "".
    """

    rule: str = ""
    kind: str = ""
    rows: tuple[LedgerRow, ...] = ()
    others: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class ValuesRecord:
    """What a node is worth: chances in [0, 1] that sum to 1, and values in [-1, 1] at a glance and after search."""

    win: float
    draw: float
    loss: float
    raw: float
    value: float
    text: str
    tooltip: str


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One step of an explanation.

    Attributes:
        kind: "branch", "evaluation" or "swing".
        level: how deep a branch stands below the node's children.
        text: what it is. detail: how it did it. share: what it did to the value, in [-2, 2].
        node: selected by a click, or -1. moment: a simulation that a click leads to, or -1.
    """

    kind: str
    text: str
    detail: str
    share: float
    level: int = 0
    node: int = -1
    moment: int = -1
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class CausesRecord:
    """Where a value comes from.

    Attributes:
        summary: from what to what, over which simulations.
        branches: children that did most, the one that did more than all others followed down the tree.
        evaluations: what was found at the end of that.
        swings: the greatest changes of mind.
        since: first moment looked at, chosen by a person, or -1 = from the node's birth.
    """

    summary: str
    branches: tuple[CauseRow, ...] = ()
    evaluations: tuple[CauseRow, ...] = ()
    swings: tuple[CauseRow, ...] = ()
    since: int = -1


@dataclass(frozen=True, slots=True)
class WhyRecord:
    """All reasons on the node card.

    Attributes:
        title: of the first ledger, e.g. "Why 1. Nf3?".
        siblings: the ledger that decided for or against the node; for the root the ledger of what follows it.
        children: the ledger of what follows it; empty for a leaf and for the root.
        values: what it is worth. causes: where that comes from, None where there was no search.
        figures: everything else that is counted of it.
        cut_at: the simulation after which it was cut, or -1.
    """

    title: str = ""
    siblings: LedgerRecord = field(default_factory=LedgerRecord)
    children: LedgerRecord = field(default_factory=LedgerRecord)
    values: ValuesRecord | None = None
    causes: CausesRecord | None = None
    figures: tuple[TermRecord, ...] = ()
    cut_at: int = -1
