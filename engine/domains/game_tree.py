"""A game as people keep it: a tree of lines with comments, marks and headers, the same for every domain.

Nothing here is ever changed: each operation gives a new tree that shares all but one path with the old one, so that a
thousand versions of a game, kept for undo, cost little more than one. A node is named by the actions that lead to it;
children of a node have different actions, and the first child is where the main line goes on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from typing_extensions import override

from engine.domains.base import Line

Path = tuple[int, ...]
"""Actions from the start of a game: the name of a node."""

NO_ACTION_YET = -1
"""Stands for the action of a root, which none led to."""


class GamePathError(ValueError):
    """A path that leads to no node of a game; the message names it and how far it can be followed."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GameNode:
    """A state of a game and all that comes after it.

    Attributes:
        action: that led here; `NO_ACTION_YET` for the root.
        children: what was played or thought of next, the main line first.
        before: a comment that stands before the action; only a variation's first node has one. comment: behind it, or
            about the whole game for the root. Both as files have them, commands such as "[%eval 0.3]" included
            (see `engine.domains.comments`).
        nags: numbers of PGN's "numeric annotation glyphs", rising: 1 = "!", 2 = "?" and so on.
    """

    action: int = NO_ACTION_YET
    children: tuple["GameNode", ...] = ()
    before: str = ""
    comment: str = ""
    nags: tuple[int, ...] = ()

    def child(self, action: int) -> "GameNode | None":
        """The child that `action` leads to."""
        return next((child for child in self.children if child.action == action), None)

    @override
    def __eq__(self, other: object) -> bool:
        """Whether both hold the same; written as a loop, because games are deeper than Python's stack."""
        if not isinstance(other, GameNode):
            return NotImplemented
        pairs = [(self, other)]
        while pairs:
            one, two = pairs.pop()
            if one is two:
                continue
            if _facts(one) != _facts(two) or len(one.children) != len(two.children):
                return False
            pairs.extend(zip(one.children, two.children, strict=True))
        return True

    @override
    def __hash__(self) -> int:
        return hash(_facts(self))

    @override
    def __repr__(self) -> str:
        return f"GameNode(action={self.action}, {len(self.children)} children)"


@dataclass(frozen=True, slots=True)
class GameTree:
    """A whole game.

    Attributes:
        start: text of the start position, as in `Line`.
        headers: what is known of it, as pairs such as ("White", "Anna"), in the order of the file.
    """

    start: str
    root: GameNode = GameNode()
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str:
        """The header of that name, or ""."""
        return next((value for key, value in self.headers if key == name), "")


def tree_of(line: Line) -> GameTree:
    """A game of one line."""
    return with_line(GameTree(line.start), line.actions)


def lineage(tree: GameTree, path: Path) -> list[GameNode]:
    """The nodes along `path`, the root first: len(path) + 1 of them.

    Raises:
        GamePathError: the path leaves the tree.
    """
    nodes = [tree.root]
    for action in path:
        child = nodes[-1].child(action)
        if child is None:
            raise GamePathError(f"path {path} leaves the game after {len(nodes) - 1} actions")
        nodes.append(child)
    return nodes


def find(tree: GameTree, path: Path) -> GameNode:
    """The node that `path` names.

    Raises:
        GamePathError: there is none.
    """
    return lineage(tree, path)[-1]


def holds(tree: GameTree, path: Path) -> bool:
    """Whether `path` names a node."""
    try:
        lineage(tree, path)
    except GamePathError:
        return False
    return True


def continuation(tree: GameTree, path: Path = ()) -> Path:
    """`path` and on along first children to the end; the main line, where `path` is empty.

    Raises:
        GamePathError: see `find`.
    """
    node, found = find(tree, path), list(path)
    while node.children:
        node = node.children[0]
        found.append(node.action)
    return tuple(found)


def is_main(tree: GameTree, path: Path) -> bool:
    """Whether `path` stays on the main line.

    Raises:
        GamePathError: see `find`.
    """
    nodes = lineage(tree, path)
    return all(node is parent.children[0] for parent, node in pairwise(nodes))


def variation_start(tree: GameTree, path: Path) -> int:
    """How long the part of `path` is that ends with the first node of the innermost variation; 0 on the main line.

    Raises:
        GamePathError: see `find`.
    """
    nodes = lineage(tree, path)
    return next((depth for depth in range(len(path), 0, -1) if nodes[depth] is not nodes[depth - 1].children[0]), 0)


def walk(tree: GameTree) -> Iterator[tuple[Path, GameNode]]:
    """All nodes with their paths, parents before children, main lines first."""
    left: list[tuple[Path, GameNode]] = [((), tree.root)]
    while left:
        path, node = left.pop()
        yield path, node
        left.extend(((*path, child.action), child) for child in reversed(node.children))


def with_line(tree: GameTree, path: Path) -> GameTree:
    """The tree with all nodes along `path`; new ones come behind their siblings."""
    nodes = [tree.root]
    while len(nodes) <= len(path) and (child := nodes[-1].child(path[len(nodes) - 1])) is not None:
        nodes.append(child)
    new: GameNode | None = None
    for action in reversed(path[len(nodes) - 1 :]):
        new = GameNode(action, () if new is None else (new,))
    return tree if new is None else _put(tree, nodes, replace(nodes[-1], children=(*nodes[-1].children, new)))


def without(tree: GameTree, path: Path) -> GameTree:
    """The tree without the node of `path` and all that comes after it.

    Raises:
        GamePathError: see `find`; the root cannot be taken away.
    """
    if not path:
        raise GamePathError("the start of a game cannot be deleted")
    *nodes, gone = lineage(tree, path)
    return _put(tree, nodes, _with_children(nodes[-1], [child for child in nodes[-1].children if child is not gone]))


def promoted(tree: GameTree, path: Path) -> GameTree:
    """The tree with the innermost variation on `path` one place further to the front.

    Raises:
        GamePathError: see `find`.
    """
    depth = variation_start(tree, path)
    return tree if not depth else _moved(tree, path[:depth], 1)


def made_main(tree: GameTree, path: Path) -> GameTree:
    """The tree with `path` on its main line.

    Raises:
        GamePathError: see `find`.
    """
    while depth := variation_start(tree, path):
        tree = _moved(tree, path[:depth], len(lineage(tree, path)[depth - 1].children))
    return tree


def annotated(
    tree: GameTree,
    path: Path,
    *,
    comment: str | None = None,
    before: str | None = None,
    nags: tuple[int, ...] | None = None,
) -> GameTree:
    """The tree with other words or marks at a node; None leaves them as they are.

    Raises:
        GamePathError: see `find`.
    """
    nodes = lineage(tree, path)
    node = nodes[-1]
    changed = replace(
        node,
        comment=node.comment if comment is None else comment,
        before=node.before if before is None else before,
        nags=node.nags if nags is None else tuple(sorted(set(nags))),
    )
    return tree if changed == node else _put(tree, nodes, changed)


def _facts(node: GameNode) -> tuple[int, str, str, tuple[int, ...]]:
    return node.action, node.before, node.comment, node.nags


def _put(tree: GameTree, nodes: list[GameNode], changed: GameNode) -> GameTree:
    """The tree with `changed` in place of the last of `nodes`, which lead to it from the root."""
    for place in range(len(nodes) - 1, 0, -1):
        old, parent = nodes[place], nodes[place - 1]
        changed = replace(parent, children=tuple(changed if child is old else child for child in parent.children))
    return replace(tree, root=changed)


def _moved(tree: GameTree, path: Path, places: int) -> GameTree:
    """The tree with the node of `path` so many places further to the front among its siblings."""
    *nodes, node = lineage(tree, path)
    siblings = list(nodes[-1].children)
    place = siblings.index(node)
    siblings.insert(max(place - places, 0), siblings.pop(place))
    return _put(tree, nodes, _with_children(nodes[-1], siblings))


def _with_children(node: GameNode, children: list[GameNode]) -> GameNode:
    """`node` with other children. Words before the first one go behind it: no file has a place for them any more."""
    if children and children[0].before:
        words = " ".join(filter(None, (children[0].before, children[0].comment)))
        children[0] = replace(children[0], before="", comment=words)
    return replace(node, children=tuple(children))
