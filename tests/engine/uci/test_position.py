"""What a `position` command leads to, and what is searched where the game could be over."""

import pytest

from engine.domains.base import Line, PositionError
from engine.domains.chess.notation import board
from engine.domains.chess.positions import START_FEN
from engine.uci.budget import white_to_move
from engine.uci.commands import Position
from engine.uci.position import follow, searchable
from engine.uci.report import move_names

SHUFFLE = ("g1f3", "g8f6", "f3g1", "f6g8")


def line_of(*moves: str, start: str = "startpos") -> Line:
    return follow(Position(start, moves)).line


def test_moves_are_followed_castling_in_both_spellings() -> None:
    moves = ("e2e4", "e7e5", "g1f3", "b8c6", "f1c4", "f8c5")
    assert line_of(*moves, "e1g1") == line_of(*moves, "e1h1")
    assert board(line_of("e2e4")).fen().startswith("rnbqkbnr/pppppppp/8/8/4P3")


def test_castling_is_written_as_the_gui_wants_it() -> None:
    moves = ("e2e4", "e7e5", "g1f3", "b8c6", "f1c4", "f8c5")
    line, castled = line_of(*moves), line_of(*moves, "e1g1")
    assert move_names(line, castled.actions[-1:]) == ["e1g1"]
    assert move_names(line, castled.actions[-1:], chess960=True) == ["e1h1"]
    start = "1r3kr1/pppppppp/8/8/8/8/PPPPPPPP/1R3KR1 w GBgb - 0 1"
    line = line_of("f1g1", "f8b8", start=start)
    assert board(line).fen() == "2kr2r1/pppppppp/8/8/8/8/PPPPPPPP/1R3RK1 w - - 2 2"
    assert move_names(Line(line.start), line.actions) == ["f1g1", "f8b8"]


@pytest.mark.parametrize("bad", ["e7e5", "0000", "zz", "e2e4e5", "E2E5"])
def test_the_legal_part_of_a_line_stands(bad: str) -> None:
    followed = follow(Position("startpos", ("d2d4", "d7d5", bad, "c2c4")))
    assert followed.line == line_of("d2d4", "d7d5")
    assert "move 3" in followed.complaint
    assert repr(bad) in followed.complaint


@pytest.mark.parametrize("fen", ["", "rubbish", "8/8/8/8/8/8/8/8 w - - 0 1", "K7/8/8/8/8/8/8/7K w - - 0 1"])
def test_a_bad_start_is_refused(fen: str) -> None:
    with pytest.raises(PositionError):
        follow(Position(fen, ()))


def test_who_is_to_move() -> None:
    assert white_to_move(line_of())
    assert not white_to_move(line_of("e2e4"))
    assert not white_to_move(Line(START_FEN.replace(" w ", " b ")))


def test_a_game_that_goes_on_is_searched_as_it_is() -> None:
    line = line_of("e2e4")
    assert searchable(line).line is line
    assert not searchable(line).remark


def test_a_claimable_draw_is_searched_as_if_nobody_claimed_it() -> None:
    repeated = line_of(*SHUFFLE * 2)
    found = searchable(repeated)
    assert found.line == Line(START_FEN.replace(" 0 1", " 0 5"))
    assert "repetition" in found.remark
    fifty = searchable(Line("7k/8/8/8/8/8/8/R6K w - - 100 80"))
    assert fifty.line == Line("7k/8/8/8/8/8/8/R6K w - - 0 80")


@pytest.mark.parametrize(
    ("fen", "move", "how"),
    [
        ("r5k1/8/8/8/8/8/5PPP/r5K1 w - - 0 1", "(none)", "checkmate"),
        ("7k/5Q2/6K1/8/8/8/8/8 b - - 0 1", "(none)", "stalemate"),
        ("7k/8/8/8/8/8/8/7K w - - 0 1", "h1", "insufficient material"),
    ],
)
def test_a_game_that_is_over_has_no_search(fen: str, move: str, how: str) -> None:
    found = searchable(Line(fen))
    assert found.line is None
    assert how in found.remark
    assert (found.move or "(none)").startswith(move)
