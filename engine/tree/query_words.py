"""The words of queries: what can be asked of a node, each in one plain sentence.

Values (`Q`, `V`, `W`, `D`, `L`, `proven`) are from *the player who chooses the node*, as in the table of candidates: a
node with a high `Q` was a good choice. The root was chosen by nobody: there they are from the player to move, `P`,
`share` and `policy` are 1, `U` is 0. Words are the same in capitals and small letters.
"""

import difflib
import re
from dataclasses import dataclass
from enum import Enum
from functools import cache

from engine.tree.events import PruneReason


class Kind(Enum):
    """What a word stands for."""

    NUMBER = "number"
    FLAG = "yes or no"
    CHOICE = "yes or no, or which"
    """Yes or no by itself; which of several by `word == choice`."""
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Word:
    """Something a query can name.

    Attributes:
        meaning: one plain sentence, then the term of art.
        extent: range or unit, e.g. "−1 to +1".
        cost: time it takes at a node, 1 = that of reading one column (about 5 ns; measured in chess trees of a million
            nodes). The cheap parts of a query are looked at first, and dear ones in smaller slices.
        choices: names and codes of what a word of the kind `CHOICE` can be.
        aliases: other names for it.
    """

    name: str
    kind: Kind
    meaning: str
    extent: str = ""
    cost: int = 1
    choices: tuple[tuple[str, int], ...] = ()
    aliases: tuple[str, ...] = ()


_NUMBER, _FLAG, _CHOICE, _FUNCTION = Kind.NUMBER, Kind.FLAG, Kind.CHOICE, Kind.FUNCTION
_VALUE, _PART = "−1 to +1", "0 to 100 %"
REASONS = tuple((reason.name.lower(), int(reason)) for reason in PruneReason)
RESULTS = (("win", 1), ("draw", 0), ("loss", -1))

WORDS = (
    Word("N", _NUMBER, "How often the search has looked at this node. Visit count.", "visits", aliases=("visits",)),
    Word("Q", _NUMBER, "How good search found it for the player who chose it. Q.", _VALUE, cost=2, aliases=("value",)),
    Word("V", _NUMBER, "How good it looks at first sight, for the same player. Raw value.", _VALUE, aliases=("raw",)),
    Word(
        "P", _NUMBER, "How much intuition liked this move before any search. Prior.", _PART, cost=4, aliases=("prior",)
    ),
    Word("share", _NUMBER, "Its part of the visits that it and the moves beside it got. Visit share.", _PART, cost=30),
    Word("U", _NUMBER, "How much search still wants to look here out of curiosity. U.", "0 and more", cost=10),
    Word("S", _NUMBER, "What search chooses by: the highest goes next. Score.", "Q + U", cost=12, aliases=("score",)),
    Word("policy", _NUMBER, "How much of it search would teach intuition. Improved policy.", _PART, cost=140),
    Word("rank", _NUMBER, "Its place among the moves beside it, the most visited is 1.", "1 and more", cost=30),
    Word("regret", _NUMBER, "How much better the best valued move beside it is. Regret.", "0 to 2", cost=30),
    Word("W", _NUMBER, "Chance of a win for the player who chose it.", _PART, cost=4),
    Word("D", _NUMBER, "Chance of a draw.", _PART, cost=4),
    Word("L", _NUMBER, "Chance of a loss for the player who chose it.", _PART, cost=4),
    Word("depth", _NUMBER, "How many moves it is away from the root. Depth.", "plies"),
    Word("birth", _NUMBER, "The simulation that first reached it.", "simulations", aliases=("born",)),
    Word("age", _NUMBER, "How many simulations ago it was first reached.", "simulations"),
    Word("reply_birth", _NUMBER, "The simulation that first reached the best answer to it.", "simulations", cost=250),
    Word("children", _NUMBER, "How many of its moves have been visited.", "moves", cost=3),
    Word("moves", _NUMBER, "How many moves are possible there.", "moves", aliases=("actions",)),
    Word("distance", _NUMBER, "For a proven node, plies to the end that proves it.", "plies, 255 = more"),
    Word("borrowed", _NUMBER, "Visits that a person lent to it, beside N.", "visits"),
    Word("simulations", _NUMBER, "Simulations of the whole search, the same at every node.", "simulations", cost=0),
    Word("total", _NUMBER, "Visits of the root, the same at every node.", "visits", cost=0),
    Word("best", _FLAG, "Search would play it at this moment where it can be played.", cost=250),
    Word("on_pv", _FLAG, "It lies on the main line. Principal variation.", aliases=("pv",)),
    Word("mine", _FLAG, "It is a move of the player who is to move at the root."),
    Word("leaf", _FLAG, "None of its moves has been visited yet.", cost=3),
    Word("terminal", _FLAG, "Play has ended there."),
    Word("proven", _CHOICE, "Its result is certain, for the player who chose it.", cost=2, choices=RESULTS),
    Word("pruned", _CHOICE, "It is cut off and searched no more.", cost=3, choices=REASONS),
    Word("abs", _FUNCTION, "The size of a number without its sign; |x| is the same.", "abs(x)"),
    Word("min", _FUNCTION, "The smallest of two or more numbers.", "min(x, y)"),
    Word("max", _FUNCTION, "The largest of two or more numbers.", "max(x, y)"),
    Word("log", _FUNCTION, "The natural logarithm.", "log(x)"),
    Word("sqrt", _FUNCTION, "The square root.", "sqrt(x)"),
)
_AT_END = re.compile(r"[A-Za-z_]\w*\Z")
_CHOOSING = re.compile(r"([A-Za-z_]\w*)\s*(?:==|!=|=)\s*([A-Za-z_]\w*)?\Z")
_MOST_NEAREST = 3


@cache
def vocabulary() -> dict[str, Word]:
    """Every word by its name and other names, in small letters."""
    return {name.lower(): word for word in WORDS for name in (word.name, *word.aliases)}


def nearest(name: str, known: tuple[str, ...]) -> list[str]:
    """The names most like `name`, the likeliest first; none where nothing is near."""
    by_small = {each.lower(): each for each in known}
    small = name.lower()
    begun = [each for each in by_small if len(small) > 1 and each.startswith(small)]
    alike = difflib.get_close_matches(small, by_small, n=_MOST_NEAREST, cutoff=0.6)
    return [by_small[each] for each in dict.fromkeys((*begun, *alike))][:_MOST_NEAREST]


@dataclass(frozen=True, slots=True)
class Completion:
    """One way in which the word at the end of a text could go on.

    Attributes:
        text: the whole word. start: where it begins in the text.
        meaning, extent: as in `Word`.
    """

    text: str
    start: int
    meaning: str
    extent: str = ""


def completions(text: str) -> list[Completion]:
    """Words that the end of `text` (up to the cursor) could become, in the order of `WORDS`.

    After a comparison with a word that has choices it is these. Where no word was begun there is nothing to complete.
    """
    choosing = _CHOOSING.search(text)
    word = vocabulary().get(choosing[1].lower()) if choosing else None
    if choosing is not None and word is not None and word.choices:
        begun = (choosing[2] or "").lower()
        start = len(text) - len(begun)
        return [
            Completion(name, start, f"{word.name.capitalize()}: {name.replace('_', ' ')}.")
            for name, _ in word.choices
            if name.startswith(begun)
        ]
    at_end = _AT_END.search(text)
    if at_end is None:
        return []
    begun = at_end[0].lower()
    return [
        Completion(word.name, at_end.start(), word.meaning, word.extent)
        for word in WORDS
        if any(name.lower().startswith(begun) for name in (word.name, *word.aliases))
    ]
