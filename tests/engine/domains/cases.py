"""The domains under test, and the few facts about each that a test of all of them has to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.domains import registry
from engine.domains.base import Line, Notation, Rules
from tests.engine.domains import tic_tac_toe

NAMES = (*registry.names(), "tic_tac_toe")


@dataclass(frozen=True)
class Facts:
    """What the contract cannot find out by itself.

    Attributes:
        longest: no game has more actions.
        first_glyphs: glyphs of the first player's pieces on a card.
        discs: by input format, which planes together show the mover's pieces and which the opponent's.
        turns_board: whether the second player sees the rows of the board in reverse.
        playthrough: the line, up to the end, that is written down in `playthroughs/`.
        winner: name of the player who wins it; "" = nobody.
        repeats: a line that comes back to its start every four actions, twice; "" where that ends nothing.
    """

    longest: int
    first_glyphs: str
    discs: Mapping[str, tuple[slice, slice]]
    turns_board: bool
    playthrough: str
    winner: str = ""
    repeats: str = ""


OPERA_GAME = (  # Morphy against the Duke of Brunswick and Count Isouard, Paris 1858: castling, sacrifices, mate
    "startpos moves e2e4 e7e5 g1f3 d7d6 d2d4 c8g4 d4e5 g4f3 d1f3 d6e5 f1c4 g8f6 f3b3 d8e7 b1c3 c7c6 c1g5 b7b5 c3b5 "
    "c6b5 c4b5 b8d7 e1c1 a8d8 d1d7 d8d7 h1d1 e7e6 b5d7 f6d7 b3b8 d7b8 d1d8"
)

FACTS = {
    "chess": Facts(
        longest=11_800,  # with the fifty-move rule; 5,898.5 moves
        first_glyphs="PNBRQK",
        discs={fmt: (slice(0, 6), slice(6, 12)) for fmt in ("compact", "lc0_112")},
        turns_board=True,
        playthrough=OPERA_GAME,
        winner="White",
        repeats="startpos moves g1f3 g8f6 f3g1 f6g8 g1f3 g8f6 f3g1 f6g8",
    ),
    "connect_four": Facts(
        longest=42,
        first_glyphs="X",
        discs={"planes": (slice(0, 1), slice(1, 2))},
        turns_board=False,
        playthrough="startpos moves 5 4 4 5 3 5 4 2 4 1 3 1 2 3 3 4 5 1 1 7 6 7 6 7 7 4 6 3 6",
        winner="X",
    ),
    "tic_tac_toe": Facts(
        longest=9,
        first_glyphs="X",
        discs={"planes": (slice(0, 1), slice(1, 2))},
        turns_board=False,
        playthrough="startpos moves b2 a1 c3 c1 b1 b3 a2 c2 a3",
    ),
}


@dataclass(frozen=True, repr=False)
class Domain:
    """Both halves of a domain, and its facts."""

    rules: Rules
    notation: Notation
    facts: Facts

    @property
    def start(self) -> Line:
        """Where play starts, nothing played yet."""
        return self.notation.parse_line("startpos")


def domain_named(name: str) -> Domain:
    """The domain; its kernels are compiled when they are first called."""
    if name == "tic_tac_toe":
        return Domain(tic_tac_toe.RULES, tic_tac_toe.NOTATION, FACTS[name])
    assert name in FACTS, f"add what the contract must know of {name!r} to FACTS"
    return Domain(registry.rules(name), registry.notation(name), FACTS[name])


@dataclass(frozen=True, eq=False)
class Playout:
    """A line from the start, played by the rules alone.

    Attributes:
        states: [len(line.actions) + 1], as `step` gives them.
        legal: legal actions of each state.
        outcomes: outcome of each state, repetition aside.
    """

    line: Line
    states: NDArray[np.void]
    legal: list[list[int]] = field(default_factory=list)
    outcomes: list[int] = field(default_factory=list)


def play_out(domain: Domain, draws: Sequence[int]) -> Playout:
    """Play `draws` (each reduced to an index of a legal action) until they, the game, or new states run out.

    A line that comes back to an earlier state stops there, since what a repetition ends is for the line's owner to see.
    """
    rules, start = domain.rules, domain.start
    rows = [rules.load(start)]
    actions: list[int] = []
    legal, outcomes, seen = [], [], set()
    for draw in (*draws, None):
        expansion = rules.expand(rows[-1])
        legal.append(expansion.actions.tolist())
        outcomes.append(int(expansion.outcomes[0]))
        identity = int(rows[-1]["key"][0]) if rules.repetition_outcome else len(rows)
        if draw is None or not legal[-1] or identity in seen:
            break
        seen.add(identity)
        actions.append(legal[-1][draw % len(legal[-1])])
        rows.append(rules.step(rows[-1], np.array(actions[-1:], np.uint16)))
    return Playout(start.then(*actions), np.concatenate(rows), legal, outcomes)
