"""A game as text with everything that is known of it, evaluations of searches included."""

from app.viewmodels.evaluations import Evaluations
from app.viewmodels.game import Game
from app.viewmodels.transcript import write_transcript
from engine.domains import registry
from engine.domains.base import Line, Notation
from engine.domains.game_tree import GameTree, annotated, walk


def text_with_values(game: Game, notation: Notation, evaluations: Evaluations) -> str:
    """The game in the domain's format, with a value at every position that was searched."""
    return write_transcript(with_values(game.tree, notation, evaluations), game.line, notation)


def with_values(tree: GameTree, notation: Notation, evaluations: Evaluations) -> GameTree:
    """The tree with the values found written into its comments, in place of those that stood there."""
    game_format = registry.game_format(notation.name)
    if game_format is None:
        return tree
    valued = tree
    for path, node in walk(tree):
        found = evaluations.of(notation, Line(tree.start, path)) if path else None
        if found is not None and found.value.value_white is not None:
            valued = annotated(valued, path, comment=game_format.with_value(node.comment, found.value.value_white))
    return valued
