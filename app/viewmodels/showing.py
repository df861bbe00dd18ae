"""What a node is shown with, and the sentences about its branch that table, card and inspector share."""

from dataclasses import dataclass

from app.viewmodels import figures
from app.viewmodels.moment import Moment
from app.viewmodels.phrases import Phrases
from app.viewmodels.proof import proof_text
from app.viewmodels.pruning import prune_notice
from app.viewmodels.trails import Trails
from engine.domains.base import OutcomeKind
from engine.tree.columns import NO_NODE, ROOT
from engine.tree.events import PruneReason
from engine.tree.history import History


@dataclass(frozen=True, slots=True)
class Showing:
    """What a node is shown with.

    Attributes:
        moment: the search at the moment that is looked at; its tree has a root.
        outcomes: how play can end, as the domain's notation lists them.
        flipped: the second player sits at the bottom of the small board.
        live: the search can be steered: branches cut, restored, played.
        history: that the moment is one of, or None where it is not known. trails: of the same root, or None.
    """

    moment: Moment
    phrases: Phrases
    outcomes: tuple[OutcomeKind, ...] = ()
    flipped: bool = False
    live: bool = True
    history: History | None = None
    trails: Trails | None = None


def mover_name(node: int, showing: Showing) -> str:
    """Name of the player who is to move at `node`."""
    players = showing.phrases.notation.players
    to_move = showing.phrases.card(showing.moment.tree.line_to(node)).to_move
    return players[to_move % len(players)]


def certain_text(value: int, plies: int, showing: Showing) -> str:
    """A proven result with its distance in the domain's words; see `proof_text`."""
    is_chess = showing.phrases.notation.name == "chess"
    return proof_text(value, plies, num_players=showing.moment.tree.num_players, is_chess=is_chess)


def pruned_sentence(edge: int, node: int, showing: Showing) -> str:
    """Why the edge `edge` of `node` was pruned; "" where it was not."""
    moment = showing.moment
    code, note = int(moment.tree.edge_pruned[edge]), moment.tree.prunes.get(edge)
    if not code:
        return ""
    twin = ""
    if code == PruneReason.DUPLICATE and note is not None and note.at >= moment.renumbered_at:
        twin = _moves_to(int(note.evidence), showing)
    return prune_notice(code, note, mover_name(node, showing), moment.settings, twin)


def lent_sentence(edge: int, showing: Showing) -> str:
    """What a person lent to the branch at `edge`; "" for nothing."""
    tree = showing.moment.tree
    node, due = int(tree.edge_child[edge]), tree.lent.get(edge, 0)
    spent = int(tree.stats["borrowed"][node]) if node > NO_NODE else 0
    parts = []
    if spent:
        parts.append(f"{figures.count(spent)} lent visits were made below it, which nothing above counts.")
    if due:
        parts.append(f"The next {figures.count(due)} simulations are lent to it.")
    return " ".join(parts)


def _moves_to(node: int, showing: Showing) -> str:
    """Moves from the root to a node, "" where there is no such node."""
    tree = showing.moment.tree
    if not ROOT < node < tree.num_nodes:
        return ""
    return " ".join(showing.phrases.texts(tree.line, tree.path(node)))
