"""The line with its cursor, its list, and what is read from and written as text."""

import io

import chess.pgn
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels.game import Game, at_end
from app.viewmodels.moves import moves_record
from app.viewmodels.phrases import Phrases
from app.viewmodels.transcript import TranscriptError, read_transcript, write_transcript
from engine.domains.base import Line
from engine.domains.registry import notation

CHESS = notation("chess")
FOUR = notation("connect_four")
START = CHESS.parse_line("startpos")
ITALIAN = CHESS.parse_line("e2e4 e7e5 g1f3 b8c6 f1c4")
BLACK_TO_MOVE = "4k3/8/8/8/8/8/4P3/4K3 b - - 0 31"


def test_playing_what_the_line_goes_on_with_keeps_the_rest() -> None:
    game = at_end(ITALIAN).goto(2)
    assert game.play(ITALIAN.actions[2]) == Game(ITALIAN, 3)
    assert game.play(*ITALIAN.actions[2:4]) == Game(ITALIAN, 4)


def test_another_move_branches_off_and_drops_the_rest() -> None:
    game = at_end(ITALIAN).goto(2).play(7)
    assert game.line.actions == (*ITALIAN.actions[:2], 7)
    assert game.cursor == 3


@given(st.lists(st.integers(-9, 9), max_size=8))
def test_stepping_never_leaves_the_line(steps: list[int]) -> None:
    game = at_end(ITALIAN)
    for step in steps:
        game = game.step(step)
        assert 0 <= game.cursor <= len(ITALIAN.actions)
        assert game.line == ITALIAN
        assert game.current.actions + game.rest == ITALIAN.actions


def cells(game: Game) -> list[tuple[str, str]]:
    return [(cell.number, cell.text) for cell in moves_record(game, Phrases(CHESS)).cells]


def test_the_list_numbers_pairs() -> None:
    assert cells(at_end(ITALIAN)) == [("1.", "e4"), ("", "e5"), ("2.", "Nf3"), ("", "Nc6"), ("3.", "Bc4")]


def test_the_list_of_a_position_where_black_begins() -> None:
    line = CHESS.parse_line(f"{BLACK_TO_MOVE} moves e8e7 e2e4 e7e6")
    assert cells(at_end(line)) == [("31…", "Ke7"), ("32.", "e4"), ("", "Ke6")]


def test_the_current_move_is_marked_and_the_end_named() -> None:
    mate = at_end(CHESS.parse_line("f2f3 e7e5 g2g4 d8h4"))
    record = moves_record(mate, Phrases(CHESS))
    assert [cell.current for cell in record.cells] == [False, False, False, True]
    assert "checkmate" in record.outcome
    assert moves_record(mate.step(-1), Phrases(CHESS)).outcome == ""


PGN = """[Event "Casual"]
[White "Anna"]
[Black "Bert"]
[Result "1-0"]

1. e4 {best by test} e5 2. Nf3 (2. f4 exf4 (2... d5) 3. Nf3) 2... Nc6 $1 3. Bc4! ; a comment
1-0
"""


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("startpos", START, "start position"),
        (BLACK_TO_MOVE, Line(BLACK_TO_MOVE), "earlier moves, and so repetitions, are not known"),
        (PGN, ITALIAN, "PGN game (Anna – Bert) of 5 moves"),
        (PGN + "\n" + PGN, ITALIAN, "the first of 2"),
        ("1. e4 e5 2. Nf3 Nc6 3. Bc4", ITALIAN, "game of 5 moves"),
        ("e2e4 e7e5 g1f3 b8c6 f1c4", ITALIAN, "line of 5 moves"),
        ("startpos moves e2e4 e7e5", CHESS.parse_line("e2e4 e7e5"), "line of 2 moves"),
    ],
)
def test_what_is_pasted_is_recognised_and_said(text: str, line: Line, words: str) -> None:
    read = read_transcript(text, CHESS)
    assert read.game == at_end(line)
    assert words in read.said


def test_moves_go_on_from_the_board_where_they_start_nowhere_else() -> None:
    here = CHESS.parse_line("e2e4")
    read = read_transcript("e5 Nf3", CHESS, here)
    assert read.game.line == CHESS.parse_line("e2e4 e7e5 g1f3")
    assert "from here" in read.said


def test_a_game_with_a_mistake_is_read_up_to_it() -> None:
    read = read_transcript(PGN.replace("Nc6", "Nc5"), CHESS)
    assert read.game.line == Line(ITALIAN.start, ITALIAN.actions[:3])
    assert "Stopped after 3 moves" in read.said
    assert "Nc5" in read.said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "no text"),
        ("   ", "no text"),
        ("hello world", "hello world"),
        ("8/8/8/8/8/8/8/8 w - - 0 1", "8/8/8/8/8/8/8/8"),
        ("1. e5", "e5"),
        ('[FEN "nonsense"]\n\n1. e4', "nonsense"),
    ],
)
def test_what_is_neither_is_refused_with_its_words(text: str, named: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        read_transcript(text, CHESS)
    assert "\n" not in str(caught.value)
    assert named in str(caught.value)


def test_columns_are_read_too() -> None:
    assert read_transcript("4453", FOUR).game.line.actions == (3, 3, 4, 2)


@pytest.mark.parametrize("line", [START, ITALIAN, CHESS.parse_line(f"{BLACK_TO_MOVE} moves e8e7 e2e4")])
def test_what_is_written_as_pgn_is_read_back(line: Line) -> None:
    assert read_transcript(write_transcript(line, CHESS), CHESS).game.line == line


def test_the_pgn_is_what_other_programs_read() -> None:
    text = write_transcript(CHESS.parse_line("f2f3 e7e5 g2g4 d8h4"), CHESS)
    game = chess.pgn.read_game(io.StringIO(text))
    assert game is not None
    assert not game.errors
    assert game.headers["Result"] == "0-1"
    assert game.end().board().is_checkmate()


def test_other_domains_are_written_as_they_are_read() -> None:
    line = FOUR.parse_line("4453")
    assert FOUR.parse_line(write_transcript(line, FOUR)) == line
