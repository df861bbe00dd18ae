"""What a person did and can have undone, and what was undone and can be done again: one list for everything.

Each step knows how to go back and how to be done again; whoever did it says so (games, acts on branches, notes, folds,
changes of the search). A new deed takes the place of everything that could have been done again.
"""

from collections import deque
from collections.abc import Callable, Iterator, MutableSequence
from dataclasses import dataclass
from enum import Enum, auto

_MOST = 1000
"""Steps that are kept."""


class Kind(Enum):
    """What a step changed."""

    GAME = auto()
    BRANCH = auto()
    NOTES = auto()
    FOLDS = auto()
    SEARCH = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """Something that was done.

    Attributes:
        kind: what it changed. words: what it was, as a menu says it, e.g. "cut Nf3".
        back, again: undo it and do it again; False = it cannot be done now, and stays where it is in the list. Neither
            may tell the list of a new step.
        about: what its owner finds it by.
    """

    kind: Kind
    words: str
    back: Callable[[], bool]
    again: Callable[[], bool]
    about: object = None


class UndoList:
    """Steps behind, which can be undone, and steps ahead, which can be done again.

    Attributes:
        changed: called after either changed.
    """

    def __init__(self, most: int = _MOST) -> None:
        """`most`: steps kept; of more the oldest go."""
        self.changed: Callable[[], None] = lambda: None
        self._behind: deque[Step] = deque(maxlen=most)
        self._ahead: deque[Step] = deque(maxlen=most)

    @property
    def words_back(self) -> str:
        """What would be undone, or ""."""
        return self._behind[-1].words if self._behind else ""

    @property
    def words_again(self) -> str:
        """What would be done again, or ""."""
        return self._ahead[-1].words if self._ahead else ""

    def did(self, step: Step) -> None:
        """Something was done; what had been undone before cannot be done again any more."""
        self._behind.append(step)
        self._ahead.clear()
        self.changed()

    def back(self) -> Step | None:
        """Undo the last step and return it; None where there is none or it cannot be undone now."""
        return self._go(self._behind, self._ahead, lambda step: step.back())

    def again(self) -> Step | None:
        """Do again what was undone last and return it; None where there is none or it cannot be done now."""
        return self._go(self._ahead, self._behind, lambda step: step.again())

    def about(self, kind: Kind) -> Iterator[object]:
        """What the steps of a kind that can be undone are about, the last one first."""
        return (step.about for step in reversed(self._behind) if step.kind is kind)

    def forget(self, *kinds: Kind) -> None:
        """Steps of these kinds are of something that is gone: they can be neither undone nor done again."""
        self._keep(lambda step: step.kind not in kinds)

    def drop(self, about: object) -> None:
        """The step about this very thing was not carried out."""
        self._keep(lambda step: step.about is not about)

    def clear(self) -> None:
        """Forget everything."""
        self._keep(lambda _: False)

    def _keep(self, is_kept: Callable[[Step], bool]) -> None:
        for steps in (self._behind, self._ahead):
            kept = [step for step in steps if is_kept(step)]
            if len(kept) < len(steps):
                steps.clear()
                steps.extend(kept)
        self.changed()

    def _go(
        self, source: MutableSequence[Step], target: MutableSequence[Step], go: Callable[[Step], bool]
    ) -> Step | None:
        if not source:
            return None
        step = source[-1]
        if not go(step):
            return None
        if source and source[-1] is step:  # it may have been dropped on the way
            source.pop()
            target.append(step)
        self.changed()
        return step
