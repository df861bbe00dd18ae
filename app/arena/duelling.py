"""Two players on one position: both are asked, and their trees are laid over each other as they come.

What a game of a match and head to head have in common. The pictures of the position before stay until those of this
one are there; `is_current` says whose they are.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from app.arena.thinking import Thinking
from app.presenter import SEAT
from app.screen import Background, Seats
from app.viewmodels.arena_mind import Duel, Mind, Question, lay_over
from app.viewmodels.comparison import Pictures
from app.viewmodels.head_to_head import NOTHING_SAID, DuelRecord, duel_record, node_sentence
from app.viewmodels.phrases import Labels, Phrases
from app.viewmodels.replica import Mapping
from engine.domains.base import Line
from engine.tree.columns import NO_NODE, ROOT
from engine.tree.compare import moved


class DuelScreen(Protocol):
    """What two trees are shown on."""

    def show_pictures(
        self, pictures: Pictures | None, labels: Callable[[int], str], seats: Seats, mapping: Mapping | None
    ) -> None:
        """The trees; `mapping` says where the nodes shown before are, None = these are others."""
        ...

    def show_place(self, node: int) -> None:
        """The selected node of the union, -1 = none."""
        ...


class Duelling:
    """Asks, compares, and says what is known.

    Attributes:
        changed: called when anything is new.
        is_view_fixed: values and colours take the first player's view, as over a game, not that of whoever is to move.
        selected: node of the union, -1 = none.
    """

    def __init__(
        self, thinking: Thinking, background: Background, screen: DuelScreen, *, is_view_fixed: bool = False
    ) -> None:
        self.changed: Callable[[], None] = lambda: None
        self.is_view_fixed = is_view_fixed
        self.selected = NO_NODE
        self._thinking, self._background, self._screen = thinking, background, screen
        thinking.changed = self._heard
        self._questions: tuple[Question, Question] | None = None
        self._words: Phrases | None = None
        self._duel: Duel | None = None
        self._shown: tuple[Mind | None, Mind | None] = (None, None)
        self._is_working = False
        self._error = ""

    @property
    def minds(self) -> tuple[Mind | None, Mind | None]:
        """What A and B think of the position, None = not known yet."""
        if self._questions is None:
            return None, None
        a, b = (self._thinking.of(question) for question in self._questions)
        return a, b

    @property
    def is_current(self) -> bool:
        """Whether what is drawn is of the position that is looked at."""
        duel, questions = self._duel, self._questions
        if questions is not None and all(self._thinking.trouble(question) for question in questions):
            return True  # nothing is drawn, and nothing will be
        if duel is None or questions is None:
            return False
        return any(mind is not None and mind.question in questions for mind in (duel.a, duel.b))

    @property
    def error(self) -> str:
        """Why the two could not be laid over each other, or ""."""
        return self._error

    def look(
        self, a: Question, b: Question, words: Phrases, *, first: str = "A", then: Sequence[Question] = ()
    ) -> None:
        """Look at another position, or at other players.

        Args:
            words: of the domain. first: who is asked first, "A" or "B". then: what will probably be asked next.
        """
        self._words, self._error = words, ""
        if (a, b) != self._questions:
            self._questions, self.selected = (a, b), NO_NODE
        order = (a, b) if first == "A" else (b, a)
        self._thinking.want((*order, *then))
        self._follow()

    def rest(self) -> None:
        """Ask nobody for now: the page is not looked at, or play has ended here."""
        self._questions = None
        self._thinking.want(())

    def clear(self) -> None:
        """Show nothing any more."""
        self.rest()
        self._duel, self._shown, self.selected = None, (None, None), NO_NODE
        self._screen.show_pictures(None, lambda _: "", Seats(), None)

    def try_again(self) -> None:
        """Ask once more who could not answer."""
        self._thinking.try_again()
        self.changed()

    def record(self, words: Phrases) -> DuelRecord:
        """What is said of the two."""
        if self._questions is None:
            return NOTHING_SAID
        a, b = self._questions
        troubles = self._thinking.trouble(a), self._thinking.trouble(b)
        return duel_record((a.player, b.player), self.minds, troubles, a.line, words, self._seat(a.line, words))

    def select_node(self, node: int) -> None:
        """Look at a node of the union, -1 = none."""
        compared = None if self._duel is None else self._duel.compared
        if compared is not None and NO_NODE <= node < compared.union.tree.num_nodes:
            self.selected = node
            self._screen.show_place(node)
            self.changed()

    def select_action(self, action: int) -> None:
        """Look at an action of the position, where one of the trees has it."""
        compared = None if self._duel is None else self._duel.compared
        if compared is not None and self.is_current:
            tree = compared.union.tree
            edge = tree.edge_of(ROOT, action)
            self.select_node(int(tree.edge_child[edge]) if edge >= 0 else NO_NODE)

    def sentence_of(self, node: int) -> str:
        """What both say of a node, "" where there is none."""
        if self._duel is None or self._words is None:
            return ""
        return node_sentence(node, self._duel, self._words)

    def _heard(self) -> None:
        self._follow()
        self.changed()

    def _follow(self) -> None:
        """Lay the trees over each other, where there is one that is not drawn yet."""
        minds = self.minds
        if self._is_working or minds == (None, None) or minds == self._shown:
            return
        self._is_working = True
        self._background.run(partial(lay_over, *minds), self._laid_over, self._not_laid_over)

    def _laid_over(self, duel: Duel) -> None:
        self._is_working = False
        if self._questions is None or not self._is_of_here(duel):
            self._follow()  # another position is looked at by now
            return
        before, self._duel, self._shown = self._duel, duel, (duel.a, duel.b)
        mapping = _mapping(before, duel)
        if self.selected >= 0:
            self.selected = int(mapping[self.selected]) if mapping is not None else NO_NODE
        words = self._words
        if duel.compared is None or words is None:
            self._screen.show_pictures(None, lambda _: "", Seats(), None)
        else:
            tree = duel.compared.union.tree
            to_move = words.card(tree.line).to_move
            seats = Seats(self._seat(tree.line, words), to_move, words.notation.players)
            self._screen.show_pictures(duel.compared.pictures, Labels(words, tree), seats, mapping)
            self._screen.show_place(self.selected)
        self._follow()  # more may be known by now
        self.changed()

    def _not_laid_over(self, error: Exception) -> None:
        self._is_working = False
        self._shown = self.minds
        self._error = f"These two trees cannot be laid over each other: {error}."
        self.changed()

    def _seat(self, line: Line, words: Phrases) -> int:
        """Whose view values and colours take."""
        return SEAT if self.is_view_fixed else words.card(line).to_move

    def _is_of_here(self, duel: Duel) -> bool:
        here = self._questions or ()
        return all(mind is None or mind.question in here for mind in (duel.a, duel.b))


def _mapping(before: Duel | None, after: Duel) -> Mapping | None:
    """Where the nodes of what was drawn are now: more is known of the same position by the same players."""
    if before is None or before.compared is None or after.compared is None:
        return None
    for old, new in ((before.a, after.a), (before.b, after.b)):
        if old is not None and old is not new:
            return None
    return moved(before.compared.union, after.compared.union)
