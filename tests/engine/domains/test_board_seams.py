"""Passing, destinations and drafts: what every domain promises to a board."""

import pytest
from hypothesis import given

from engine.domains.base import Line
from engine.domains.registry import drafting, names, notation
from tests.engine.domains.cases import Domain, play_out
from tests.engine.domains.test_domain_contract import DRAWS

CHESS = notation("chess")


@given(draws=DRAWS)
def test_passing_leaves_the_pieces_and_changes_the_turn(domain: Domain, draws: list[int]) -> None:
    line = play_out(domain, draws).line
    passed = domain.notation.passed(line)
    if passed is None:
        return
    before, after = domain.notation.card(line), domain.notation.card(passed)
    assert after.pieces == before.pieces
    assert after.to_move == 1 - before.to_move
    assert domain.notation.choices(passed), "play goes on"
    assert domain.notation.parse_line(passed.start) == passed


@given(draws=DRAWS)
def test_every_action_ends_where_it_is_said_to(domain: Domain, draws: list[int]) -> None:
    line = play_out(domain, draws).line
    card = domain.notation.card(line)
    ends = domain.notation.destinations(card.to_move)
    if not ends:
        return
    assert len(ends) == domain.rules.num_actions
    for choice in domain.notation.choices(line):
        king = card.style == "chess" and card.pieces[choice.source] in "Kk"
        if not (king and abs(choice.target - choice.source) == 2):  # castling goes by the rook's square
            assert choice.target in ends[choice.action]


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("startpos", True),
        ("startpos moves e2e4 a7a6 e4e5 d7d5", True),
        ("4k3/8/8/8/8/8/4R3/4K3 b - - 0 1", False),
        ("7k/5Q2/6K1/8/8/8/8/8 b - - 0 1", False),
        ("k7/8/KQ6/8/8/8/8/8 w - - 0 1", False),
    ],
    ids=["first move", "en passant lapses", "in check", "stalemate", "the other could not move"],
)
def test_when_a_chess_player_can_pass(text: str, passes: bool) -> None:
    passed = CHESS.passed(CHESS.parse_line(text))
    assert (passed is not None) is passes
    if passed is not None:
        assert passed.start.split()[3] == "-"


@pytest.mark.parametrize("name", names())
def test_a_draft_of_a_position_is_that_position(name: str) -> None:
    words, made = notation(name), drafting(name)
    assert made is not None
    line = words.parse_line(words.sample)
    draft = made.draft(line)
    assert not made.problem(draft)
    again = words.parse_line(made.text(draft))
    assert words.card(again).pieces == words.card(line).pieces
    assert words.card(again).to_move == words.card(line).to_move
    assert [choice.action for choice in words.choices(again)] == [choice.action for choice in words.choices(line)]


def test_rights_to_castle_go_with_king_and_rook() -> None:
    made = drafting("chess")
    assert made is not None
    draft = made.draft(Line("r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1"))
    assert draft.rights == made.possible_rights(draft) == "KQkq"
    pieces = {cell: glyph for cell, glyph in draft.pieces.items() if cell != 7}
    assert made.possible_rights(type(draft)(pieces)) == "Qkq"


def test_a_disc_ends_in_its_own_column() -> None:
    ends = notation("connect_four").destinations(1)
    assert [cell % 7 for cell in ends[3]] == [3] * 6
