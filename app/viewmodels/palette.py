"""Finding a command by a few of its letters."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """A command that can be found.

    Attributes:
        name: of the command. text: its words. place: the menu it stands in. keys: its shortcut, or "".
        enabled: it can be carried out now.
    """

    name: str
    text: str
    place: str
    keys: str = ""
    enabled: bool = True


def found(entries: Iterable[Entry], typed: str) -> list[Entry]:
    """The entries that `typed` may mean, best first; all of them, as they stand, for nothing typed.

    Every word typed must be found: at the start of a word, inside one, or as letters in their order.
    """
    words = typed.casefold().split()
    if not words:
        return list(entries)
    ranked = [(_cost(f"{entry.text} {entry.place}".casefold(), words), entry) for entry in entries]
    matching = [(cost, place, entry) for place, (cost, entry) in enumerate(ranked) if cost is not None]
    return [entry for _, _, entry in sorted(matching, key=lambda item: item[:2])]


def _cost(text: str, words: list[str]) -> int | None:
    """How far fetched it is that `words` mean `text`; None = they do not."""
    costs = [_cost_of_word(text, word) for word in words]
    known = [cost for cost in costs if cost is not None]
    return sum(known) if len(known) == len(costs) else None


def _cost_of_word(text: str, word: str) -> int | None:
    if text.startswith(word):
        return 0
    if f" {word}" in text:
        return 1
    if word in text:
        return 3
    at = -1
    first = text.find(word[0])
    for letter in word:
        at = text.find(letter, at + 1)
        if at < 0:
            return None
    return 10 + at - first - len(word)
