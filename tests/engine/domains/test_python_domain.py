"""The adapter from a plain class to a domain; that it keeps a domain's promises is shown by the contract test."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.domains.base import ActionError, Format, Line, OutcomeKind, PositionError
from engine.domains.python_domain import PythonDomain, PythonNotation, PythonRules
from tests.engine.domains import tic_tac_toe
from tests.engine.domains.tic_tac_toe import NOTATION, RULES, TicTacToe


class Sum(NamedTuple):
    """A problem for one: take numbers until their sum is ten. Its record has a field of several numbers."""

    numbers: Annotated[tuple[int, ...], "3i4"] = (7, 5, 3)
    left: Annotated[int, "i4"] = 10

    def legal_actions(self) -> Sequence[int]:
        return [place for place, number in enumerate(self.numbers) if number]

    def apply(self, action: int) -> "Sum":
        numbers = tuple(0 if place == action else number for place, number in enumerate(self.numbers))
        return Sum(numbers, self.left - self.numbers[action])

    def outcome(self) -> int:
        return 1 if self.left == 0 else 2 if self.left < 0 else 0

    def planes(self) -> NDArray[np.float32]:
        return np.array([[[self.left, *self.numbers]]], np.float32)

    def to_move(self) -> int:
        return 0

    def text(self) -> str:
        return f"{self.left} from {' '.join(map(str, self.numbers))}"

    @classmethod
    def parse(cls, text: str) -> "Sum":
        left, _, numbers = text.partition(" from ")
        if not left.isdigit():
            raise PositionError(f"{text!r} is no sum")
        return cls(tuple(int(number) for number in numbers.split()), int(left))

    def action_text(self, action: int) -> str:
        return f"-{self.numbers[action]}"

    def target(self, action: int) -> int:
        return action

    def pieces(self) -> Mapping[int, str]:
        return {place: str(number) for place, number in enumerate(self.numbers) if number}


SUM = PythonDomain(
    Sum,
    name="sum",
    title="Sum",
    players=("You",),
    num_actions=3,
    max_legal=3,
    outcomes=(OutcomeKind("in play", 0), OutcomeKind("reached", 1), OutcomeKind("missed", -1)),
    fmt=Format("numbers", channels=1, height=1, width=4),
    rows=1,
    columns=3,
)


def test_the_record_is_what_the_annotations_say() -> None:
    assert RULES.state_dtype == np.dtype([("own", "u2"), ("other", "u2")])
    assert SUM.record() == np.dtype([("numbers", "3i4"), ("left", "i4")])


def test_a_field_without_width_is_named() -> None:
    class Loose(NamedTuple):
        count: int = 0

    with pytest.raises(TypeError, match=r"Loose\.count has no width"):
        replace(SUM, state=Loose).record()


def test_a_number_too_wide_for_its_field_is_refused() -> None:
    with pytest.raises(OverflowError):
        PythonRules(SUM).load(Line("99999999999 from 1 2 3"))


def test_several_numbers_survive_the_row() -> None:
    rules = PythonRules(SUM)
    states = rules.load(Line("startpos", (0, 2)))
    assert states["numbers"].tolist() == [[7, 5, 3], [0, 5, 3], [0, 5, 0]]
    expansion = rules.expand(states)
    assert expansion.outcomes.tolist() == [0, 0, 1]
    assert expansion.actions.tolist() == [0, 1, 2, 1, 2]
    assert expansion.offsets.tolist() == [0, 3, 5, 5]
    assert rules.encode(states[:, None], np.ones(3, np.int32), "numbers")[1].tolist() == [[[3, 0, 5, 3]]]


def test_a_problem_for_one_has_no_opponent() -> None:
    notation = PythonNotation(SUM)
    line = notation.parse_line("10 from 7 5 3 moves -7 -3")
    assert line == Line("startpos", (0, 2))
    assert notation.line_text(line) == "startpos moves -7 -3"
    assert notation.card(line).status == "reached"
    assert notation.card(Line("startpos")).status == "in play"


@pytest.mark.parametrize(
    ("moves", "status"),
    [("", "X to move"), ("b2", "O to move"), ("a1 a2 b1 b2 c1", "X wins: three in a row")],
)
def test_the_status_says_who(moves: str, status: str) -> None:
    assert NOTATION.card(NOTATION.parse_line(f"startpos moves {moves}")).status == status


def test_a_full_board_is_a_draw_and_the_second_player_can_win() -> None:
    draw = NOTATION.parse_line("startpos moves b2 a1 c3 c1 b1 b3 a2 c2 a3")
    assert NOTATION.card(draw).status == "draw: full board"
    won = NOTATION.parse_line("startpos moves a1 a2 b1 b2 c3 c2")
    assert NOTATION.card(won).status == "O wins: three in a row"


def test_an_illegal_action_is_named_with_its_state() -> None:
    with pytest.raises(ActionError, match=r"action 4 is not legal in \.\.\./\.X\./\.\.\. \(in play\)"):
        RULES.load(Line("startpos", (4, 4)))
    with pytest.raises(ActionError, match=r"'b2' is not legal in .*; legal: a1, b1"):
        NOTATION.parse_line("startpos moves b2 b2")


def test_planes_of_another_shape_are_refused() -> None:
    wrong = replace(tic_tac_toe.DOMAIN, fmt=Format("planes", channels=3, height=3, width=3))
    rules = PythonRules(wrong)
    with pytest.raises(ValueError, match=r"shape \(2, 3, 3\); format 'planes' has \(3, 3, 3\)"):
        rules.encode(rules.load(Line("startpos"))[:, None], np.ones(1, np.int32), "planes")


def test_an_unknown_format_is_named() -> None:
    with pytest.raises(ValueError, match="'compact'; it has planes"):
        RULES.encode(RULES.load(Line("startpos"))[:, None], np.ones(1, np.int32), "compact")


def test_a_state_is_a_value() -> None:
    assert TicTacToe().apply(4) == TicTacToe(own=0, other=1 << 4)
