"""Tic-tac-toe: a whole domain from one plain class, and the example to copy when adding one."""

from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Format, OutcomeKind, PositionError
from engine.domains.python_domain import PythonDomain, PythonNotation, PythonRules

SIDE = 3
CELLS = SIDE * SIDE
LINES = (0b111, 0b111000, 0b111000000, 0b1001001, 0b10010010, 0b100100100, 0b100010001, 0b1010100)
"""Winning sets of cells; bit `c` is cell `c`, counted from the lower left, row by row."""


class TicTacToe(NamedTuple):
    """A position from the view of the player to move: the cells it holds, and those of the other player."""

    own: Annotated[int, "u2"] = 0
    other: Annotated[int, "u2"] = 0

    def legal_actions(self) -> Sequence[int]:
        return [cell for cell in range(CELLS) if not (self.own | self.other) >> cell & 1]

    def apply(self, action: int) -> "TicTacToe":
        return TicTacToe(self.other, self.own | 1 << action)

    def outcome(self) -> int:
        if any(self.other & line == line for line in LINES):
            return 1
        return 2 if self.own | self.other == (1 << CELLS) - 1 else 0

    def planes(self) -> NDArray[np.float32]:
        rows = [[cells >> cell & 1 for cell in range(CELLS)] for cells in (self.own, self.other)]
        return np.array(rows, np.float32).reshape(2, SIDE, SIDE)

    def to_move(self) -> int:
        return (self.own | self.other).bit_count() % 2

    def text(self) -> str:
        letters = [self.pieces().get(cell, ".") for cell in range(CELLS)]
        return "/".join("".join(letters[row * SIDE : (row + 1) * SIDE]) for row in reversed(range(SIDE)))

    @classmethod
    def parse(cls, text: str) -> Self:
        letters = "".join(reversed(text.split("/")))
        crosses, noughts = (sum(1 << c for c, letter in enumerate(letters) if letter == who) for who in "XO")
        lead = crosses.bit_count() - noughts.bit_count()
        if (
            [len(row) for row in text.split("/")] != [SIDE] * SIDE
            or not set(letters) <= set("XO.")
            or lead not in (0, 1)
        ):
            raise PositionError(
                f"{text!r} is no tic-tac-toe board: three rows of X, O and . in which X has moved first"
            )
        return cls(noughts, crosses) if lead else cls(crosses, noughts)

    def action_text(self, action: int) -> str:
        return "abc"[action % SIDE] + str(action // SIDE + 1)

    def target(self, action: int) -> int:
        return action

    def pieces(self) -> Mapping[int, str]:
        crosses = (self.own, self.other)[self.to_move()]
        return {c: "X" if crosses >> c & 1 else "O" for c in range(CELLS) if (self.own | self.other) >> c & 1}


DOMAIN = PythonDomain(
    TicTacToe,
    name="tic_tac_toe",
    title="Tic-tac-toe",
    players=("X", "O"),
    num_actions=CELLS,
    max_legal=CELLS,
    outcomes=(OutcomeKind("in play", 0), OutcomeKind("three in a row", -1), OutcomeKind("full board", 0)),
    fmt=Format("planes", channels=2, height=SIDE, width=SIDE),
    rows=SIDE,
    columns=SIDE,
)
RULES = PythonRules(DOMAIN)
NOTATION = PythonNotation(DOMAIN)
