"""Chess as people type and read it."""

import subprocess
import sys

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains.base import ActionError, Line, PositionError
from engine.domains.chess.notation import ChessNotation, board
from engine.domains.chess.outcomes import CHECKMATE, FIFTY_MOVES, INSUFFICIENT_MATERIAL, REPETITION, STALEMATE
from engine.domains.chess.positions import START_FEN
from tests.engine.domains.chess.reference import RULES, random_game

NOTATION = ChessNotation()
TWO_KNIGHTS = "rnbqk2r/ppp1bppp/4pn2/3p4/3P4/4PN2/PPP1BPPP/RNBQK2R w KQkq - 2 5"
SHORT = "startpos moves e2e4 e7e5 g1f3"


def test_needs_no_compiled_code() -> None:
    code = "import sys; import engine.domains.chess.notation; sys.exit(bool({'numba', 'llvmlite'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        SHORT,
        f"{START_FEN} moves e2e4 e7e5 g1f3",
        f"position fen {START_FEN} moves e2e4 e7e5 g1f3",
        "position startpos moves e2e4 e7e5 g1f3",
        "e4 e5 Nf3",
        "1. e4 e5 2. Nf3",
        "1.e4 e5 2.Nf3 *",
        "1. e4 1... e5 2. Nf3",
        "e2e4 e7e5 g1f3",
        "  1. e4!\n\te5?? 2. Nf3+  ",
        "\ufeff1. e4 e5 2. Nf3 1-0",
        "1. e4 {best by test} e5 (1... c5) 2. Nf3 $1",
        '[Event "?"]\n[Result "*"]\n\n1. e4 e5 2. Nf3 *\n\n[Event "another"]\n\n1. d4 *\n',
        f'[SetUp "1"]\n[FEN "{START_FEN}"]\n\n1. e4 e5 2. Nf3',
    ],
)
def test_one_line_written_in_many_ways(text: str) -> None:
    line = NOTATION.parse_line(text)
    assert NOTATION.line_text(line) == SHORT
    assert line.start == START_FEN
    assert NOTATION.position_text(line) == "rnbqkbnr/pppp1ppp/8/4p3/4P3/5N2/PPPP1PPP/RNBQKB1R b KQkq - 1 2"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("startpos", "startpos"),
        (START_FEN, "startpos"),
        ("4k3/8/8/8/8/8/8/4K2R w K - 0 1", "4k3/8/8/8/8/8/8/4K2R w K - 0 1"),
        ("4k3/8/8/8/8/8/8/4K2R w K", "4k3/8/8/8/8/8/8/4K2R w K - 0 1"),
        ("4k3/8/8/8/8/8/8/4K2R w H - 0 1 moves e1h1", "4k3/8/8/8/8/8/8/4K2R w K - 0 1 moves e1g1"),
        ("4k3/1P6/8/8/8/8/8/4K3 w - - 0 1 moves b7b8Q", "4k3/1P6/8/8/8/8/8/4K3 w - - 0 1 moves b7b8q"),
        ("rnbqkbnr/pppp1ppp/8/8/4pP2/8/PPPPP1PP/RNBQKBNR b KQkq f3 0 2", None),
        ("rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq e3 0 1", None),  # nothing can capture on e3
        ('[FEN "4k3/8/8/8/8/8/4P3/4K3 w - - 0 1"]\n\n1. e4 Kd7', "4k3/8/8/8/8/8/4P3/4K3 w - - 0 1 moves e2e4 e8d7"),
        ('[Event "nothing played"]\n\n*', "startpos"),
    ],
)
def test_lines_are_read_back_as_they_are_written(text: str, written: str | None) -> None:
    line = NOTATION.parse_line(text)
    assert written is None or NOTATION.line_text(line) == written
    assert NOTATION.parse_line(NOTATION.line_text(line)) == line


@given(seed=st.integers(0, 2**32 - 1))
def test_random_lines_there_and_back(seed: int) -> None:
    here, line = list(random_game(seed, plies=90))[-1]
    assert NOTATION.parse_line(NOTATION.line_text(line)) == line
    assert NOTATION.position_text(line) == here.fen()
    san = chess.Board().variation_san(here.move_stack)
    if san:
        assert NOTATION.parse_line(san) == line


@pytest.mark.parametrize(
    ("text", "error", "sentence"),
    [
        ("", PositionError, "the text is empty"),
        ("  \n ", PositionError, "the text is empty"),
        ("hello", PositionError, "'hello' is no position: it is neither a FEN, nor moves, nor a game in PGN"),
        ("x" * 500, PositionError, f"'{'x' * 80}...' is no position"),
        ("1-0", PositionError, "'1-0' is no position"),
        ("startpos e2e4", PositionError, "'e2e4' in 'startpos e2e4' is not understood: only \"moves ...\" may follow"),
        ("8/8/8/8/8/8/8/8 w - - 0 1", PositionError, "the board is empty"),
        ("8/8/8/8/8/8/8/8 w - - 0 1 moves e2e4", PositionError, "the board is empty"),
        (
            "rnbqkbnr/pppppppp/8/8 w - - 0 1",
            PositionError,
            "'rnbqkbnr/pppppppp/8/8 w - - 0 1' is no FEN: expected 8 rows",
        ),
        ("startpos moves e2e5", ActionError, f"move 1: 'e2e5' is no legal move in '{START_FEN}'"),
        (
            "e4 e5 Ke3",
            ActionError,
            "move 3: 'Ke3' is no legal move in 'rnbqkbnr/pppp1ppp/8/4p3/4P3/8/PPPP1PPP/RNBQKBNR w",
        ),
        ("e4 Passt!", ActionError, "move 2: 'Passt!' is no legal move"),
        ("startpos moves 0000", ActionError, "move 1: '0000' passes, which is no legal move"),
        ("1. e4 {x} e4", ActionError, "the game cannot be read: illegal san: 'e4'"),
        ("1. e4 {x} --", ActionError, "move 2 passes, which is no legal move"),
        ('[FEN "8/8/8/8/8/8/8/8 w - - 0 1"]\n\n1. e4', PositionError, "the board is empty"),
        ('[Variant "Atomic"]\n\n1. e4', PositionError, "games of 'Atomic' are not supported, only chess and Chess960"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str, error: type[ValueError], sentence: str) -> None:
    with pytest.raises(error) as caught:
        NOTATION.parse_line(text)
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.text(max_size=60) | st.text('KQRNBabcdefgh12345678x=+-O/ .[]{}()"wkq', max_size=40))
def test_nonsense_raises_nothing_but_our_errors(text: str) -> None:
    try:
        line = NOTATION.parse_line(text)
    except (PositionError, ActionError):
        return
    assert NOTATION.parse_line(NOTATION.line_text(line)) == line


# Boards, cards, choices.


def test_board_has_the_moves_and_is_a_copy() -> None:
    line = NOTATION.parse_line(SHORT)
    here = board(line)
    assert [move.uci() for move in here.move_stack] == ["e2e4", "e7e5", "g1f3"]
    here.pop()
    assert board(line).fullmove_number == 2
    assert len(board(line).move_stack) == 3


def test_a_very_long_line_is_no_problem() -> None:
    line = Line(START_FEN, NOTATION.parse_line("Nf3 Nf6 Ng1 Ng8").actions * 400)
    assert board(line).fullmove_number == 801
    assert NOTATION.card(line).outcome == FIFTY_MOVES


def test_bad_lines_are_named() -> None:
    with pytest.raises(ActionError, match=r"action 0 .* is not legal"):
        board(Line(START_FEN, (0,)))
    with pytest.raises(PositionError, match="'nowhere' is no FEN"):
        board(Line("nowhere"))


def test_card_of_a_check() -> None:
    card = NOTATION.card(NOTATION.parse_line("e4 f5 Qh5+"))
    assert (card.rows, card.columns, card.style) == (8, 8, "chess")
    assert card.pieces[chess.H5] == "Q"
    assert card.pieces[chess.E8] == "k"
    assert len(card.pieces) == 32
    assert card.marked == (chess.D1, chess.H5)
    assert card.alarm == chess.E8
    assert (card.to_move, card.status, card.outcome) == (1, "Black to move, in check", 0)


@pytest.mark.parametrize(
    ("text", "outcome", "status"),
    [
        ("startpos", 0, "White to move"),
        ("f3 e5 g4 Qh4#", CHECKMATE, "Black wins: checkmate"),
        ("e4 e5 Bc4 Nc6 Qh5 Nf6 Qxf7#", CHECKMATE, "White wins: checkmate"),
        ("7k/5Q2/6K1/8/8/8/8/8 b - - 0 1", STALEMATE, "draw: stalemate"),
        ("8/8/8/4k3/8/3KN3/8/8 w - - 0 1", INSUFFICIENT_MATERIAL, "draw: insufficient material"),
        ("7k/8/6K1/8/8/8/8/1Q6 b - - 100 90", FIFTY_MOVES, "draw: fifty moves"),
        ("Nf3 Nf6 Ng1 Ng8 Nf3 Nf6 Ng1 Ng8", REPETITION, "draw: repetition"),
        ("Nf3 Nf6 Ng1 Ng8 Nf3 Nf6 Ng1", 0, "Black to move"),
    ],
)
def test_how_a_game_ends(text: str, outcome: int, status: str) -> None:
    line = NOTATION.parse_line(text)
    card = NOTATION.card(line)
    assert (card.outcome, card.status) == (outcome, status)
    assert bool(NOTATION.choices(line)) == (outcome == 0)
    if outcome:
        with pytest.raises(
            ActionError, match=f"'e4' cannot be played: play has ended by {NOTATION.outcomes[outcome].text}"
        ):
            NOTATION.parse_action(line, "e4")


def test_a_game_may_go_on_after_a_draw_that_nobody_claimed() -> None:
    line = NOTATION.parse_line("Nf3 Nf6 Ng1 Ng8 Nf3 Nf6 Ng1 Ng8 e4")
    assert NOTATION.card(line).outcome == 0


def test_choices_are_named_for_programs_and_for_people() -> None:
    line = NOTATION.parse_line("r3k3/1P6/8/8/8/8/8/4K2R w K - 0 1")
    choices = {choice.name: choice for choice in NOTATION.choices(line)}
    castling = choices["e1g1"]
    assert (castling.text, castling.source, castling.target, castling.promotion) == ("O-O", chess.E1, chess.G1, "")
    queen, knight = choices["b7a8q"], choices["b7a8n"]
    assert (queen.text, queen.promotion) == ("bxa8=Q+", "q")
    assert (knight.text, knight.promotion) == ("bxa8=N", "n")
    for choice in choices.values():
        assert NOTATION.parse_action(line, choice.name) == choice.action
        assert NOTATION.parse_action(line, choice.text) == choice.action
    assert sorted(choice.action for choice in choices.values()) == sorted(
        RULES.expand(RULES.load(line)).actions.tolist()
    )


def test_texts_of_successive_actions() -> None:
    line = NOTATION.parse_line("e4 e5 Bc4 Nc6 Qh5 Nf6 Qxf7#")
    start = Line(START_FEN)
    assert NOTATION.texts(start, line.actions) == ["e4", "e5", "Bc4", "Nc6", "Qh5", "Nf6", "Qxf7#"]
    assert NOTATION.texts(start, []) == []
    with pytest.raises(ActionError, match="action 0"):
        NOTATION.texts(start, [0])


@pytest.mark.parametrize("text", ["O-O", "0-0", "o-o", "e1g1", "e1h1", "E1G1", " O-O "])
def test_castling_is_understood_in_many_ways(text: str) -> None:
    line = NOTATION.parse_line(TWO_KNIGHTS)
    assert NOTATION.texts(line, [NOTATION.parse_action(line, text)]) == ["O-O"]


def test_an_ambiguous_move_names_what_it_could_mean() -> None:
    with pytest.raises(ActionError, match=r"'Nd2' means more than one move in .*: Nfd2, Nbd2"):
        NOTATION.parse_action(NOTATION.parse_line(TWO_KNIGHTS), "Nd2")


@pytest.mark.parametrize("text", ["", "x", "e9", "Ke2e4e5", "--", "0000", "Nd3", "e2e5", "@@@@", "Z0", "N@e4"])
def test_a_text_that_is_no_legal_move_is_named(text: str) -> None:
    with pytest.raises(ActionError) as caught:
        NOTATION.parse_action(Line(START_FEN), text)
    assert repr(text) in str(caught.value)
    assert "no legal move" in str(caught.value)


def test_the_sample_hides_a_sacrifice_that_wins_material() -> None:
    line = NOTATION.parse_line(NOTATION.sample)
    here = board(line)
    assert here.turn == chess.BLACK
    worth = {chess.PAWN: 1, chess.KNIGHT: 3, chess.BISHOP: 3, chess.ROOK: 5, chess.QUEEN: 9, chess.KING: 0}

    def lead() -> int:
        pieces = here.piece_map().values()
        return sum(worth[piece.piece_type] * (1 if piece.color == chess.BLACK else -1) for piece in pieces)

    before = lead()
    for text in ("Bxf2+", "Rxf2", "Rxe1+"):
        here.push_san(text)
    assert lead() == before + 3, "a pawn and a rook for the bishop"
