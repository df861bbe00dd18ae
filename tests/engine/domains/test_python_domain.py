"""The adapter from a plain class to a domain; that it keeps a domain's promises is shown by the contract test."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.domains.base import NO_ACTION, ActionError, Format, Line, OutcomeKind, PositionError
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
    assert RULES.state_dtype == np.dtype([("own", "u2"), ("other", "u2"), ("key", "u8")])
    assert SUM.record() == np.dtype([("numbers", "3i4"), ("left", "i4"), ("key", "u8")])


def test_a_field_without_width_is_named() -> None:
    class Loose(NamedTuple):
        count: int = 0

    with pytest.raises(TypeError, match=r"Loose\.count has no width"):
        replace(SUM, state=Loose).record()


def test_a_field_that_takes_the_name_of_the_key_is_refused() -> None:
    class Locked(NamedTuple):
        key: Annotated[int, "u1"] = 0

    with pytest.raises(TypeError, match=r"Locked\.key needs another name"):
        replace(SUM, state=Locked).record()


def test_a_key_hashes_all_fields_and_is_the_same_in_every_process() -> None:
    rules = PythonRules(SUM)
    starts = ("10 from 7 5 3", "10 from 7 3 5", "11 from 7 5 3", "10 from 0 5 3", "10 from 7 5 3")
    keys = [int(rules.load(Line(start))["key"][0]) for start in starts]
    assert keys[0] == keys[4]
    assert len(set(keys)) == 4
    assert f"{keys[0]:016x}" == "f82ca016694f3195"


def test_a_problem_for_one_is_won_by_who_plays_on() -> None:
    """Solving it is a win at once; in a game for two the same outcome value would be the opponent's."""
    rules = PythonRules(SUM)
    states = rules.load(Line("startpos", (0, 2)))
    assert rules.wins(states, rules.expand(states)).tolist() == [NO_ACTION, 2, NO_ACTION]
    lost = rules.load(Line("6 from 7 8 9"))
    assert rules.wins(lost, rules.expand(lost)).tolist() == [NO_ACTION]


def test_no_rows_are_no_rows() -> None:
    states = RULES.load(Line("startpos"))[:0]
    expansion = RULES.expand(states)
    assert RULES.wins(states, expansion).shape == (0,)
    outcomes, plies = RULES.playouts(states, np.zeros(0, np.uint64), 9)
    assert outcomes.shape == plies.shape == (0,)
    assert RULES.step(states, expansion.actions).shape == (0,)


def test_random_games_of_tic_tac_toe_end_as_often_as_counting_says() -> None:
    """Of all lines from the empty board, drawn action by action, X wins 58.49 %, O 28.81 %, nobody 12.70 %."""
    states = RULES.load(Line("startpos")).repeat(4000)
    outcomes, plies = RULES.playouts(states, np.arange(4000, dtype=np.uint64), 9)
    won = outcomes == 1
    assert np.mean(won & (plies % 2 == 1)) == pytest.approx(0.5849, abs=0.025)
    assert np.mean(won & (plies % 2 == 0)) == pytest.approx(0.2881, abs=0.025)
    assert np.mean(outcomes == 2) == pytest.approx(0.1270, abs=0.018)


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
