"""What the other side would do if it could move again, in words and as an arrow."""

from dataclasses import dataclass

from app.viewmodels.figures import signed
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import Arrow
from engine.domains.base import Line
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.explain import node_value, principal_variation

_MOST_MOVES = 3
"""Of the threatening line, told in words."""


@dataclass(frozen=True, slots=True)
class Threat:
    """A threat against the player to move.

    Attributes:
        line: the position it was asked for.
        words: what it is, or why there is none, in a sentence. arrow: the threatening move, or None.
    """

    line: Line
    words: str
    arrow: Arrow | None = None


def found_threat(line: Line, tree: SearchTree, phrases: Phrases, simulations: int) -> Threat | None:
    """What a search of the passed position has found; None before it has.

    Args:
        line: the position in which the player to move passed. tree: of the search of what came of it.
        simulations: how many it does in all, for the words.
    """
    edge = best_edge(tree, ROOT) if tree.num_nodes else -1
    if edge < 0:
        return None
    moves = principal_variation(tree)[:_MOST_MOVES] or [int(tree.edge_action[edge])]
    choice = phrases.choices(tree.line)[moves[0]]
    name = phrases.notation.players[phrases.card(tree.line).to_move]
    texts = phrases.texts(tree.line, moves)
    visits, value = min(int(tree.stats["visits"][ROOT]), simulations), signed(node_value(tree), 2)
    words = f"{name} threatens {texts[0]} ({value} after {visits} simulations"
    words += f"; then {' '.join(texts[1:])})." if len(texts) > 1 else ")."
    return Threat(line, words, Arrow(choice.source, choice.target, 1.0, "threat"))
