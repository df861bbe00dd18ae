"""Lenses: ready questions to a tree, each with the order of its answers and, where it helps, a colour for every node.

A question is a query that may say what its answers are listed by: `pruned by regret`, the highest first. People keep
their own lenses beside these.
"""

import re
from dataclasses import dataclass

from engine.tree.events import PruneReason
from engine.tree.query import Query, Scale, parse, parse_scale
from engine.tree.query_syntax import QueryError

USUAL_ORDER = "N"
"""What answers are listed by where nothing is said."""
_BY = re.compile(r"\bby\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """Which nodes are asked for, and what they are listed by, the highest first."""

    text: str
    query: Query
    order: Scale


@dataclass(frozen=True, slots=True)
class Tint:
    """Nodes are coloured by a number of theirs, for as long as the lens is looked through.

    Attributes:
        scale: the number, as text. name: what a legend calls it.
        low, high: its ends; None = as low or high as it gets in the tree.
    """

    scale: str
    name: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Lens:
    """A question with a name.

    Attributes:
        question: as text; order included. meaning: one plain sentence.
        group: lenses of one group stand together.
    """

    name: str
    question: str
    meaning: str
    group: str = ""
    tint: Tint | None = None


def read_question(text: str) -> Question:
    """The question that `text` asks.

    Raises:
        QueryError: it asks none; the place is that in `text`.
    """
    cut = _BY.search(text)
    if cut is None:
        return Question(text, parse(text), parse_scale(USUAL_ORDER))
    query = parse(text[: cut.start()])
    if not text[cut.end() :].strip():
        raise QueryError("After “by” stands what to list by, for example by share - P.", cut.start(), cut.end())
    try:
        order = parse_scale(text[cut.end() :])
    except QueryError as error:
        raise QueryError(str(error), cut.end() + error.start, cut.end() + error.end) from error
    return Question(text, query, order)


def own_lens(name: str, text: str) -> Lens:
    """A lens that a person keeps: it colours nodes by what its question lists them by, where it says so."""
    text = " ".join(text.split())
    try:
        question = read_question(text)
    except QueryError:  # kept by another version of the program; why it cannot be asked is said when it is
        return Lens(name, text, _OWN)
    order = question.order.text.strip()
    return Lens(name, text, _OWN, tint=Tint(order, order) if _BY.search(text) else None)


_OWN = "A lens of your own."
_LEARNING, _SEARCH, _SETTLED = "What search learnt", "Where it looked", "What is settled"
_REASONS = {
    PruneReason.PROVEN: ("Proven worse", "Branches cut because their result is certain and no better."),
    PruneReason.OUT_OF_REACH: ("Out of reach", "Branches cut because the rest of the budget could not make them best."),
    PruneReason.BY_HAND: ("Cut by hand", "Branches that a person cut."),
    PruneReason.ELIMINATED: ("Eliminated", "Branches that lost a comparison the method makes once."),
    PruneReason.LOW_PRIOR: ("Left out", "Branches outside the width that the method keeps."),
    PruneReason.DUPLICATE: ("Repeated positions", "Branches cut because the same position is searched elsewhere."),
    PruneReason.REJECTED: ("Rejected", "Branches that the verifier refused."),
}

READY = (
    Lens(
        "Search against intuition",
        "N >= 10 and |share - P| > 20% by |share - P|",
        "Where search went elsewhere than intuition wanted: what the next generation would be taught.",
        _LEARNING,
        Tint("share - P", "visit share − prior", -1.0, 1.0),
    ),
    Lens(
        "Blind spots",
        "N >= 10 and P < 5% and share > 25% by share - P",
        "Moves that intuition hardly saw and that search found to be worth its time.",
        _LEARNING,
        Tint("share - P", "visit share − prior", -1.0, 1.0),
    ),
    Lens(
        "Disagreement of value",
        "N >= 10 and |Q - V| > 0.3 by |Q - V|",
        "Positions that turned out much better or worse than they look at first sight.",
        _LEARNING,
        Tint("Q - V", "value found − first sight", -1.0, 1.0),
    ),
    Lens(
        "Refutations found late",
        "N >= 20 and V - Q > 0.2 and reply_birth - birth > 40% * age by V - Q",
        "Moves that looked good until, late in the search, the answer was found that spoils them.",
        _LEARNING,
        Tint("V - Q", "first sight − value found", -1.0, 1.0),
    ),
    Lens(
        "Frontier",
        "age < 2% * simulations by birth",
        "What search has reached last: the newest fiftieth of its simulations.",
        _SEARCH,
        Tint("birth", "first reached at simulation", 0.0),
    ),
    Lens(
        "Deepest lines",
        "N >= 5 and depth > 5 by depth",
        "The longest lines that search has gone into in earnest.",
        _SEARCH,
        Tint("depth", "depth", 0.0),
    ),
    Lens(
        "Rivals",
        "N >= 10 and rank > 1 and regret < 0.03 by share",
        "Moves that are nearly as good as the best beside them: choices that could still turn.",
        _SEARCH,
        Tint("regret", "value given up", 0.0, 1.0),
    ),
    Lens("Proven", "proven by N", "Positions whose result is certain.", _SETTLED),
    Lens("Pruned", "pruned by N", "All branches that are cut off and searched no more.", _SETTLED),
    Lens(
        "Close calls",
        "pruned and regret < 0.05 by N",
        "Pruned branches that were nearly as good as the best beside them.",
        _SETTLED,
    ),
    *(
        Lens(name, f"pruned == {reason.name.lower()} by N", meaning, _SETTLED)
        for reason, (name, meaning) in _REASONS.items()
    ),
)
"""The lenses that come with the program."""
