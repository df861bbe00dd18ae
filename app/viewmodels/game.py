"""The game on the board: a tree of lines, one of which is followed, with a cursor where the root of the search stands.

A value: whatever a person does to it gives another game, and the games before are kept for undo.
"""

from dataclasses import dataclass, replace

from engine.domains import game_tree as trees
from engine.domains.base import Line
from engine.domains.comments import with_words
from engine.domains.game_tree import GameNode, GameTree, Path

_KINDS_OF_NAGS = (range(1, 10), range(10, 22))
"""Of each, a move has one at most: what it is worth, and who stands better after it."""


@dataclass(frozen=True, slots=True)
class Game:
    """A game and where in it we are.

    Attributes:
        tree: all its lines.
        path: the line followed, to its end; what lies past the cursor is what "forward" plays.
        cursor: actions played, 0 .. len(path).
    """

    tree: GameTree
    path: Path
    cursor: int

    @property
    def line(self) -> Line:
        """The whole line followed, what lies past the cursor included."""
        return Line(self.tree.start, self.path)

    @property
    def here(self) -> Path:
        """Actions up to the cursor: the name of the node that the board shows."""
        return self.path[: self.cursor]

    @property
    def current(self) -> Line:
        """The line up to the cursor: what the board shows and the search is about."""
        return Line(self.tree.start, self.here)

    @property
    def rest(self) -> Path:
        """Actions past the cursor on the line followed."""
        return self.path[self.cursor :]

    @property
    def node(self) -> GameNode:
        """The node that the board shows."""
        return trees.find(self.tree, self.here)

    # -- going about ---------------------------------------------------------------------------------------------------

    def play(self, *actions: int) -> "Game":
        """The game after `actions`, which must be legal there: along a line that is there, or as a new variation."""
        path = self.here + actions
        return on_path(replace(self, tree=trees.with_line(self.tree, path)), path)

    def step(self, count: int) -> "Game":
        """The cursor `count` actions on, or back where it is negative; stops at either end."""
        return self.goto(self.cursor + count)

    def goto(self, index: int) -> "Game":
        """The cursor after `index` actions of the line followed; stops at either end."""
        return replace(self, cursor=min(max(index, 0), len(self.path)))

    def choose(self, step: int) -> "Game":
        """At a fork: follow the branch so many further down the list, round and round. The cursor stays."""
        children = self.node.children
        if len(children) < 2:
            return self
        place = [child.action for child in children].index(self.rest[0])
        chosen = children[(place + step) % len(children)].action
        return replace(self, path=trees.continuation(self.tree, (*self.here, chosen)))

    def sibling(self, step: int) -> "Game":
        """To the move so many further down the list of those played here instead, round and round."""
        return self if not self.cursor else self.step(-1).choose(step).step(1)

    def leave(self) -> "Game":
        """Out of the variation, to where it branched off; on the main line, to the fork before, or to the start."""
        depth = trees.variation_start(self.tree, self.here)
        if depth:
            return on_path(self, self.path[: depth - 1], follow=False)
        return self.goto(max((fork for fork in self._forks() if fork < self.cursor), default=0))

    def next_fork(self) -> "Game":
        """On to where the line followed next branches, or to its end."""
        return self.goto(min((fork for fork in self._forks() if fork > self.cursor), default=len(self.path)))

    def _forks(self) -> list[int]:
        """Cursors of the line followed at which there is a choice."""
        nodes = trees.lineage(self.tree, self.path)
        return [cursor for cursor, node in enumerate(nodes) if len(node.children) > 1]

    # -- changing the tree ---------------------------------------------------------------------------------------------

    def promote(self, path: Path) -> "Game":
        """The innermost variation on `path` one place further to the front."""
        return replace(self, tree=trees.promoted(self.tree, path))

    def make_main(self, path: Path) -> "Game":
        """`path` on the main line."""
        return replace(self, tree=trees.made_main(self.tree, path))

    def delete(self, path: Path) -> "Game":
        """Without the move that ends `path` and all after it; a cursor in there goes to where it was played."""
        tree = trees.without(self.tree, path)
        if self.path[: len(path)] != path:
            return replace(self, tree=tree)
        kept = path[:-1]
        return Game(tree, trees.continuation(tree, kept), min(self.cursor, len(kept)))

    def comment(self, path: Path, words: str) -> "Game":
        """With other words behind the move that ends `path`; commands for programs stay."""
        node = trees.find(self.tree, path)
        return replace(self, tree=trees.annotated(self.tree, path, comment=with_words(node.comment, words)))

    def toggle_nag(self, path: Path, nag: int) -> "Game":
        """With a mark at the move that ends `path`, in place of another of its kind, or without it if it is there."""
        held = trees.find(self.tree, path).nags
        kind = next((kind for kind in _KINDS_OF_NAGS if nag in kind), range(0))
        kept = tuple(other for other in held if other != nag and other not in kind)
        return replace(self, tree=trees.annotated(self.tree, path, nags=kept if nag in held else (*kept, nag)))


def on_path(game: Game, path: Path, *, follow: bool = True) -> Game:
    """`game` with the cursor at the end of `path`.

    Args:
        follow: where the line followed leads on from there, go on following it; otherwise follow first children.

    Raises:
        GamePathError: the path leaves the game.
    """
    if follow and game.path[: len(path)] == path:
        return replace(game, cursor=len(path))
    return Game(game.tree, trees.continuation(game.tree, path), len(path))


def at_end(line: Line) -> Game:
    """A game of one line, standing at its end."""
    return at_end_of(trees.tree_of(line))


def at_end_of(tree: GameTree) -> Game:
    """A game standing at the end of its main line."""
    path = trees.continuation(tree)
    return Game(tree, path, len(path))
