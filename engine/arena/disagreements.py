"""Where two players differ most, and who of them is right by the word of a deep search.

Both are asked about the same positions. Those are sorted by how far their opinions are apart; the widest are given to a
judge, a search of a large budget. What an action loses is the difference of the judge's value of it to that of the best
action known; where the judge hardly looked at an action, it searches the position after it too.
"""

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace

from engine.arena.judging import judged
from engine.arena.player_spec import PlayerError, parse_player
from engine.arena.players import Player, choosing
from engine.arena.search_player import SearchPlayer
from engine.arena.think import board_at, turn_on
from engine.domains.base import Line, Rules
from engine.search.breaks import until_told

Told = Callable[[str, float, int], None]
"""Takes what is being done, and how many of how many steps of it are done."""

_BOARDS_AT_ONCE = 256
_JUDGE_FACTOR, _FEWEST_JUDGED = 10, 800
_VALUE_WORTH_AN_ACTION = 1.0
"""Opinions that differ in the action differ by this more than their values do."""


@dataclass(frozen=True, slots=True)
class View:
    """What somebody thinks of a position: action, and value from the player to move in [-1, 1] (None = nothing)."""

    action: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A position on which two players differ.

    Attributes:
        a, b: what they think. judge: what the judge thinks; None = not asked.
        a_loss, b_loss: what their actions lose by the judge's search, at least 0; None = not asked.
    """

    line: Line
    a: View
    b: View
    judge: View | None = None
    a_loss: float | None = None
    b_loss: float | None = None

    @property
    def gap(self) -> float:
        """How wide it is: what the worse action loses, or before judgement how far the opinions are apart."""
        if self.a_loss is not None and self.b_loss is not None:
            return max(self.a_loss, self.b_loss)
        apart = 0.0 if self.a.value is None or self.b.value is None else abs(self.a.value - self.b.value)
        return apart + _VALUE_WORTH_AN_ACTION * (self.a.action != self.b.action)


def judge_for(a: str, b: str, score_of_a: float | None = None) -> str:
    """Who judges two players where nobody else is named: the stronger one's generation, thinking 10 times as long.

    Args:
        score_of_a: share of the points that A won against B, if they met; else who thinks longer counts as stronger.

    Raises:
        PlayerError: neither of them is a generation.
    """
    specs = [parse_player(text) for text in (a, b)]
    budgets = [-1 if spec.kind != "generation" else (spec.simulations or 0) for spec in specs]
    first = budgets[0] >= budgets[1] if score_of_a is None or score_of_a == 0.5 else score_of_a > 0.5
    stronger = specs[0 if first else 1]
    if stronger.kind != "generation":
        stronger = specs[1 if first else 0]
    if stronger.kind != "generation":
        raise PlayerError(f"neither {a!r} nor {b!r} can judge: name a judge, GENERATION@SIMULATIONS")
    return f"{stronger.generation}@{max(_FEWEST_JUDGED, _JUDGE_FACTOR * (stronger.simulations or 0))}"


@dataclass(slots=True)
class Hunt:
    """A hunt for differences, and what it has found so far.

    Attributes:
        found: positions on which opinions were heard, the widest difference first once all are heard.
        judged: of these, those that were judged, in the order in which it happened.
        positions: looked at so far. differing: of these, where the two would play differently.
    """

    rules: Rules
    a: Player
    b: Player
    seed: int
    told: Told
    found: list[Difference] = field(default_factory=list)
    judged: list[Difference] = field(default_factory=list)
    positions: int = 0
    differing: int = 0

    def ask(self, lines: Sequence[Line]) -> Generator[None, bool, bool]:
        """Hear both opinions on all positions; whether it was to end before that."""
        for low in range(0, len(lines), _BOARDS_AT_ONCE):
            part = lines[low : low + _BOARDS_AT_ONCE]
            views: list[list[View | None]] = []
            for player in (self.a, self.b):
                opinions = yield from _opinions(self.rules, player, part, self.seed)
                if opinions is None:
                    return True
                views.append(opinions)
                self.told(f"Asking {player.name}", low + len(part) * len(views) / 2, len(lines))
            self._compare(part, *views)
        self.found.sort(key=lambda one: -one.gap)
        return False

    def judge(self, judge: SearchPlayer, most: int, heard: Callable[[Difference], None]) -> Generator[None, bool, bool]:
        """Have the widest differences judged, at most `most`; whether it was to end before that.

        Args:
            heard: told of each.
        """
        wanted = self.found[:most]
        for number, one in enumerate(wanted):
            self.told(f"Asking {judge.name}, who is right", number, len(wanted))
            sentence = yield from judged(self.rules, judge, one.line, (one.a.action, one.b.action), self.seed)
            if sentence is None:
                return True
            view, (a_loss, b_loss) = View(sentence.action, sentence.value), sentence.losses
            self.judged.append(replace(one, judge=view, a_loss=a_loss, b_loss=b_loss))
            heard(self.judged[-1])
        self.told("", len(wanted), len(wanted))
        return False

    def widest(self, most: int) -> list[Difference]:
        """Those that were judged, the widest first, then those that were to be."""
        judged = sorted(self.judged, key=lambda one: -one.gap)
        waiting = sorted(self.found, key=lambda one: -one.gap)[len(judged) : most]
        return judged + waiting

    def _compare(self, lines: Sequence[Line], of_a: Sequence[View | None], of_b: Sequence[View | None]) -> None:
        for line, a, b in zip(lines, of_a, of_b, strict=True):
            if a is None or b is None:
                continue
            self.positions += 1
            self.differing += a.action != b.action
            one = Difference(line, a, b)
            if one.gap > 0.0:
                self.found.append(one)


def _opinions(
    rules: Rules, player: Player, lines: Sequence[Line], seed: int
) -> Generator[None, bool, list[View | None] | None]:
    """What a player thinks of positions (None where it failed); None if it was to end before."""
    turns = [turn_on(board_at(rules, line, number), seed, player) for number, line in enumerate(lines)]
    views: list[View | None] = []
    for low in range(0, len(turns), player.most_boards):
        part = turns[low : low + player.most_boards]
        chosen = yield from until_told(choosing(player, part))
        if chosen is None or (yield):
            return None
        faults = chosen.faults or [None] * len(part)
        for action, value, fault in zip(chosen.actions, chosen.values, faults, strict=True):
            views.append(None if fault else View(action, None if math.isnan(value) else value))
    return views
