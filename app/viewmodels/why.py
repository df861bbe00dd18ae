"""All reasons for one node, put together for its card. Causes are kept while the tree has hardly grown."""

from dataclasses import dataclass

from app.viewmodels import figures
from app.viewmodels.cause_rows import causes_record
from app.viewmodels.flip_words import exact_percent
from app.viewmodels.ledger_rows import ledger_record
from app.viewmodels.showing import Showing
from app.viewmodels.stability import stability_term
from app.viewmodels.why_records import CausesRecord, LedgerRecord, TermRecord, ValuesRecord, WhyRecord
from engine.tree import explain
from engine.tree.causes import causes
from engine.tree.columns import ROOT
from engine.tree.epoch import Epoch

_SMALL = 30_000
"""Nodes of a tree whose causes are found in a few milliseconds, and so at every look."""
_GROWTH = 1.03
"""A larger tree is looked at again when it has grown by this factor."""
_SCORE_LABELS = frozenset(
    ("Value found, Q", "Prior bonus, U", "Score, Q + U", "Room for doubt", "Score", "Share it lacks")
)
"""Lines of the card that the ledger has in full."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What causes were found for; `epoch`: in which nodes have these numbers."""

    history: int
    epoch: Epoch
    node: int
    since: int
    at: int | None


class Reasons:
    """Makes the reasons of nodes, and remembers the causes found last."""

    def __init__(self) -> None:
        self._asked: _Asked | None = None
        self._simulations = 0
        self._found: CausesRecord | None = None

    def of(self, node: int, showing: Showing, terms: tuple[TermRecord, ...], since: int = -1) -> WhyRecord:
        """The reasons of `node`; `terms`: its figures as its card has them, `since`: see `causes`."""
        tree = showing.moment.tree
        parent, edge = int(tree.links["parent"][node]), int(tree.links["parent_edge"][node])
        note = tree.prunes.get(edge) if edge >= 0 else None
        # The root has no siblings: what is asked of it is where its simulations go.
        decided, action = (ROOT, -1) if node == ROOT else (parent, int(tree.edge_action[edge]))
        return WhyRecord(
            title="Where next?" if node == ROOT else f"Why {showing.phrases.last_text(tree.line_to(node))}?",
            siblings=ledger_record(decided, showing, action),
            children=LedgerRecord() if node == ROOT else ledger_record(node, showing),
            values=values_record(node, showing),
            causes=self.causes(node, showing, since),
            figures=(
                *(_figure(term, node, showing) for term in terms if term.label not in _SCORE_LABELS),
                *_stability(node, showing),
            ),
            cut_at=note.at if note is not None else -1,
        )

    def of_unvisited(self, action: int, showing: Showing) -> WhyRecord:
        """The reasons of an action of the root that was never visited."""
        tree = showing.moment.tree
        note = tree.prunes.get(tree.edge_of(ROOT, action))
        return WhyRecord(
            title=f"Why not {showing.phrases.last_text(tree.line.then(action))}?",
            siblings=ledger_record(ROOT, showing, action),
            cut_at=note.at if note is not None else -1,
        )

    def causes(self, node: int, showing: Showing, since: int = -1) -> CausesRecord | None:
        """Where the value of `node` comes from, from its birth or from moment `since` on; None without a history."""
        history, tree = showing.history, showing.moment.tree
        if history is None:
            return None
        at = tree.simulations if showing.moment.is_past else None
        asked = _Asked(id(history), history.epochs[-1], node, since, at)
        is_fresh = tree.num_nodes <= _SMALL or tree.simulations > self._simulations * _GROWTH
        if self._found is None or asked != self._asked or (is_fresh and tree.simulations != self._simulations):
            first = None if since < 0 or since >= tree.simulations else since
            self._found = causes_record(causes(history, node, first, tree.simulations), showing, since)
            self._asked, self._simulations = asked, tree.simulations
        return self._found


def values_record(node: int, showing: Showing) -> ValuesRecord:
    """What `node` is worth for the player who chose it (at the root: who is to move)."""
    tree = showing.moment.tree
    view = 1 if node == ROOT else tree.sign
    win, draw, loss = (float(chance) for chance in explain.wdl(tree, node))
    if view < 0:
        win, loss = loss, win
    raw, value = view * float(tree.facts["raw_value"][node]), view * explain.node_value(tree, node)
    visits = int(tree.stats["visits"][node])
    return ValuesRecord(
        win=win,
        draw=draw,
        loss=loss,
        raw=raw,
        value=value,
        text=f"{figures.signed(raw)} at a glance, {figures.signed(value)} after {figures.count(visits)} visits",
        tooltip=(
            f"Win {exact_percent(win)}, draw {exact_percent(draw)}, loss {exact_percent(loss)}, averaged over the "
            "simulations here. Gold: intuition's value without search (raw value, V). Ivory: the average after "
            "search (node value)."
        ),
    )


def _stability(node: int, showing: Showing) -> tuple[TermRecord, ...]:
    """For the root: how often twice the search has changed the best move."""
    if node != ROOT or showing.trails is None:
        return ()
    tree = showing.moment.tree
    moments, shares, _ = showing.trails.up_to(tree)
    so_far = moments <= tree.simulations
    term = stability_term(moments[so_far], shares[so_far])
    return () if term is None else (term,)


def _figure(term: TermRecord, node: int, showing: Showing) -> TermRecord:
    """A line of the card; the first visit can be gone to."""
    born = int(showing.moment.tree.stats["birth"][node]) if term.label == "First visited" else -1
    return TermRecord(term.label, term.text, term.tooltip, born)
