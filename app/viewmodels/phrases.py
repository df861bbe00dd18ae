"""The notation with a memory: what was once worked out for a line is not worked out again while it is on screen.

Notation is plain Python and replays a whole line for every question, so a picture that asks for the same hundred labels
thirty times a second must not reach it.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Card, Choice, Line, Notation
from engine.tree.columns import SearchTree

T = TypeVar("T")
_KEPT = 4096
"""Lines remembered of each kind; far more than fit on a screen."""


class Phrases:
    """Choices, cards and move texts of lines of one domain.

    Attributes:
        notation: whose words these are.
    """

    def __init__(self, notation: Notation) -> None:
        self.notation = notation
        self._choices: OrderedDict[Line, dict[int, Choice]] = OrderedDict()
        self._cards: OrderedDict[Line, Card] = OrderedDict()
        self._texts: OrderedDict[Line, str] = OrderedDict()
        self._successive: OrderedDict[Line, dict[int, list[str]]] = OrderedDict()

    def choices(self, line: Line) -> dict[int, Choice]:
        """Legal actions at the end of `line`, by action."""
        return _recall(self._choices, line, lambda: {c.action: c for c in self.notation.choices(line)})

    def card(self, line: Line) -> Card:
        """Picture of the end of `line`."""
        return _recall(self._cards, line, lambda: self.notation.card(line))

    def last_text(self, line: Line) -> str:
        """Text of the last action of `line`, which must have one."""
        before, action = Line(line.start, line.actions[:-1]), line.actions[-1]
        known = self._choices.get(before)
        if known is not None and action in known:
            return known[action].text
        return _recall(self._texts, line, lambda: self.notation.texts(before, (action,))[0])

    def texts(self, line: Line, actions: Sequence[int]) -> Sequence[str]:
        """Texts of successive `actions` from the end of `line`."""
        if not actions:
            return []
        whole = line.then(*actions)
        known = _recall(self._successive, whole, dict)
        if len(line.actions) not in known:
            known[len(line.actions)] = self.notation.texts(line, actions)
        return known[len(line.actions)]


class Labels:
    """Move text of a node of one tree; what the tree's picture calls for every node it writes on."""

    def __init__(self, phrases: Phrases, tree: SearchTree) -> None:
        self._phrases = phrases
        self._tree = tree
        self._texts: dict[int, str] = {}

    def __call__(self, node: int) -> str:
        """Text of the action that leads to `node`; empty for the root."""
        text = self._texts.get(node)
        if text is None:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            text = self._texts[node] = self._phrases.last_text(self._tree.line_to(node)) if node > 0 else ""
        return text

    def turn_to(self, tree: SearchTree) -> None:
        """The same search at another moment: nodes have the same numbers."""
        self._tree = tree

    def follow(self, mapping: NDArray[np.int32]) -> None:
        """The nodes got other numbers, -1 = gone."""
        moved = ((int(mapping[node]), text) for node, text in self._texts.items() if node < len(mapping))
        self._texts = {node: text for node, text in moved if node >= 0}

    def forget(self) -> None:
        """Another state is the root; texts of lines are still remembered by the phrases."""
        self._texts.clear()


def _recall(memory: OrderedDict[Line, T], line: Line, make: Callable[[], T]) -> T:
    """What `memory` holds for `line`, made and kept if need be; the oldest is forgotten first."""
    if line in memory:
        return memory[line]
    made = memory[line] = make()
    if len(memory) > _KEPT:
        memory.popitem(last=False)
    return made
