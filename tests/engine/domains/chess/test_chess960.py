"""Chess960 against python-chess: positions, moves and names of hundreds of starts, and what its FENs say."""

import random
import re
from collections.abc import Iterator

import chess
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domains.base import ActionError, Line, PositionError
from engine.domains.chess.actions import ACTION_FROM, ACTION_TO
from engine.domains.chess.castling import all_files, number_of_files
from engine.domains.chess.encodings import FORMATS
from engine.domains.chess.game_format import PgnFormat
from engine.domains.chess.kernels import play_line
from engine.domains.chess.moves import action_of_move, move_of_action
from engine.domains.chess.notation import ChessNotation, board
from engine.domains.chess.positions import START_FEN, read_fen
from engine.domains.chess.san import read_movetext
from engine.domains.chess.state import STATE, board_of_state, fen_of_state, state_of_board, state_of_fen
from engine.domains.chess.tables import tables
from tests.engine.domains.chess.reference import RULES, SHARED, actions_of, assert_agrees, needs_shared, perft_of

NOTATION = ChessNotation()
STANDARD_NUMBER = 518

PUBLISHED = {  # https://www.chessprogramming.org/Chess960_Perft_Results
    "bqnb1rkr/pp3ppp/3ppn2/2p5/5P2/P2P4/NPP1P1PP/BQ1BNRKR w HFhf - 2 9": (21, 528, 12189, 326672),
    "2nnrbkr/p1qppppp/8/1ppb4/6PP/3PP3/PPP2P2/BQNNRBKR w HEhe - 1 9": (21, 807, 18002, 667366),
}

CASTLING = {  # what the king may do and may not, by FEN: the castling moves
    "4k3/8/8/8/8/8/8/RK5R w HA - 0 1": {"b1a1", "b1h1"},  # the king crosses c1 ... g1
    "4k3/8/8/8/8/8/8/RK1N3R w HA - 0 1": set(),  # a piece where the rook goes, and on the way to g1
    "4k3/8/8/8/8/8/8/RN1K3R w HA - 0 1": {"d1h1"},  # the rook cannot pass b1
    "4k3/8/8/8/8/8/8/1R3KR1 w GB - 0 1": {"f1b1", "f1g1"},  # king and rook change places
    "4k3/8/8/8/8/8/8/2RK2R1 w GC - 0 1": {"d1c1", "d1g1"},
    "4k3/8/8/8/8/8/8/r1RK4 w C - 0 1": set(),  # the rook would uncover an attack along the rank
    "4k3/8/8/8/8/8/8/qR1K4 w B - 0 1": set(),
    "4k3/8/8/8/8/8/8/1R3KRq w B - 0 1": {"f1b1"},  # a rook that stays is a shield
    "4k3/8/8/8/8/8/8/5KRq w G - 0 1": set(),
    "2r1k3/8/8/8/8/8/8/1R3K2 w B - 0 1": set(),  # c1 is attacked
    "1r2k3/8/8/8/8/8/8/1R3K2 w B - 0 1": {"f1b1"},  # an attacked rook castles
    "3r1k2/8/8/8/8/8/8/1R3K2 w B - 0 1": set(),  # crossing d1
    "5rk1/8/8/8/8/8/8/1R3K2 w B - 0 1": set(),  # out of check
    "k7/8/8/8/8/8/8/1R2KR2 w F - 0 1": {"e1f1"},  # the king jumps over his rook, which stays
    "k7/8/8/8/8/8/8/1R2K1R1 w G - 0 1": {"e1g1"},
}


def games(seed: int, plies: int) -> Iterator[tuple[chess.Board, Line]]:
    """Positions of a random game of Chess960 with the line to each; castles when it can."""
    source = random.Random(seed)
    here = chess.Board.from_chess960_pos(source.choice([n for n in range(960) if n != STANDARD_NUMBER]))
    line = Line(here.fen())
    while True:
        yield here, line
        moves = actions_of(here)
        if not moves or len(line.actions) == plies:
            return
        castling = [action for action, move in moves.items() if here.is_castling(move)]
        home = [action for action, move in moves.items() if chess.square_rank(move.from_square) in (0, 7)]
        few = (
            castling if castling and source.random() < 0.3 else home if home and source.random() < 0.5 else list(moves)
        )
        action = source.choice(few)
        here.push(moves[action])
        line = line.then(action)


def castling_of(here: chess.Board) -> set[str]:
    return {move.uci() for move in here.legal_moves if here.is_castling(move)}


def castling_by_rules(fen: str) -> set[str]:
    states = state_of_fen(fen)
    here = board_of_state(states[0])
    moves = [move_of_action(here, int(action)) for action in RULES.expand(states).actions]
    return {move.uci() for move in moves if here.is_castling(move)}


def test_numbers_tell_files_apart_and_fit_into_four_bits() -> None:
    files = list(all_files())
    assert len(files) == 56
    assert len({(king, number_of_files(king, long, short)) for king, long, short in files}) == 56
    assert {number_of_files(*each) for each in files} <= set(range(16))
    assert [each for each in files if number_of_files(*each) == 0] == [(4, 0, 7)]


@pytest.mark.parametrize(("fen", "counts"), PUBLISHED.items())
def test_published_counts(fen: str, counts: tuple[int, ...]) -> None:
    assert tuple(perft_of(fen, depth + 1) for depth in range(len(counts))) == counts


@needs_shared
def test_chess960_suite_up_to_a_hundred_thousand() -> None:
    text = (SHARED / "data/epd/perft/chess960.perft").read_text()
    checked = 0
    for block in text.split("epd ")[1:]:
        fen, *lines = block.splitlines()
        for depth, count in re.findall(r"perft (\d+) (\d+)", "\n".join(lines)):
            if int(count) < 100_000:
                assert perft_of(fen, int(depth)) == int(count), fen
                checked += 1
    assert checked > 2500


@pytest.mark.parametrize(("fen", "castling"), CASTLING.items())
def test_when_castling_is_legal(fen: str, castling: set[str]) -> None:
    assert castling_by_rules(fen) == castling_of(chess.Board(fen, chess960=True)) == castling
    mirrored = chess.Board(fen, chess960=True).mirror().fen()
    assert castling_by_rules(mirrored) == castling_of(chess.Board(mirrored, chess960=True))


@settings(max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_random_games_move_for_move(seed: int) -> None:
    rows, played = np.zeros(1, STATE), 0
    for here, line in games(seed, 60):
        if not line.actions:
            rows = state_of_fen(line.start)
        elif len(line.actions) > played:
            rows = RULES.step(rows, np.array(line.actions[-1:], np.uint16))
            played += 1
        assert_agrees(here, rows)
        assert fen_of_state(rows[0]) == here.fen()


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_names_and_repetitions_of_random_games(seed: int) -> None:
    *_, (here, line) = games(seed, 80)
    start = read_fen(line.start)
    names = start.variation_san(here.move_stack) if here.move_stack else ""
    actions, stopped_at = read_movetext(names.encode(), line.start)
    assert (tuple(actions.tolist()), stopped_at) == (line.actions, -1)
    assert NOTATION.position_text(line) == here.fen()
    assert NOTATION.parse_line(NOTATION.line_text(line)) == line
    assert NOTATION.line_text(line).split()[7:] == [move.uci() for move in here.move_stack]
    states = RULES.load(line)
    replayed = read_fen(line.start)
    for state, move in zip(states, [*here.move_stack, None], strict=True):
        assert (state["repetitions"] >= 1) == replayed.is_repetition(2)
        assert (state["repetitions"] >= 2) == replayed.is_repetition(3)
        if move is not None:
            replayed.push(move)
    for choice in NOTATION.choices(line):
        assert NOTATION.parse_action(line, choice.name) == choice.action


@pytest.mark.parametrize("number", range(960))
def test_every_start_there_and_back(number: int) -> None:
    here = chess.Board.from_chess960_pos(number)
    for text in (here.fen(), here.fen(shredder=True)):
        start = NOTATION.parse_line(text).start
        assert start == here.fen()
        assert fen_of_state(state_of_fen(text)[0]) == start
    assert read_fen(here.fen()).chess960 == (number != STANDARD_NUMBER and here.has_chess960_castling_rights())
    assert sorted(RULES.expand(state_of_fen(here.fen())).actions.tolist()) == sorted(actions_of(here))


def test_position_518_is_the_start_of_chess() -> None:
    shredder = START_FEN.replace("KQkq", "HAha")
    assert NOTATION.parse_line(shredder) == Line(START_FEN)
    assert (state_of_fen(shredder) == state_of_fen(START_FEN)).all()
    assert (state_of_board(chess.Board.from_chess960_pos(STANDARD_NUMBER)) == state_of_fen(START_FEN)).all()
    assert state_of_fen(START_FEN)["castling"][0] == 15


def test_an_inner_rook_is_named_by_its_file() -> None:
    inner, outer = "4k3/8/8/8/8/8/8/RR2K3 w B - 0 1", "4k3/8/8/8/8/8/8/RR2K3 w Q - 0 1"
    assert NOTATION.parse_line(inner).start == inner
    assert castling_by_rules(inner) == {"e1b1"}
    assert castling_by_rules(outer) == set(), "the rook on b1 is in the way of the one on a1"
    assert state_of_fen(inner)["key"] != state_of_fen(outer)["key"]
    line = NOTATION.parse_line(f"{inner} moves e1b1")
    assert NOTATION.position_text(line) == "4k3/8/8/8/8/8/8/R1KR4 b - - 1 1"
    assert NOTATION.texts(Line(inner), line.actions) == ["O-O-O"]


def test_castling_is_the_king_onto_his_rook() -> None:
    line = NOTATION.parse_line("4k3/8/8/8/8/8/8/1R3KR1 w GB - 0 1")
    choices = {choice.text: choice for choice in NOTATION.choices(line)}
    short = choices["O-O"]
    assert (short.name, short.source, short.target) == ("f1g1", chess.F1, chess.G1)
    assert (ACTION_FROM[short.action], ACTION_TO[short.action]) == (chess.F1, chess.G1)
    assert NOTATION.parse_action(line, "O-O-O") == action_of_move(board(line), chess.Move.from_uci("f1b1"))
    after = line.then(short.action)
    assert NOTATION.position_text(after) == "4k3/8/8/8/8/8/8/1R3RK1 b - - 1 1"


def test_a_row_forgets_files_that_no_right_is_left_for() -> None:
    """States that play on alike are the same, however they came about."""
    line = NOTATION.parse_line("1r2kr2/8/8/8/8/8/8/1R2KR2 w FBfb - 0 1 moves b1b8")
    assert RULES.load(line)["castling"][-1] == state_of_fen(NOTATION.position_text(line))["castling"][0] != 0
    line = NOTATION.parse_line("1r2k2r/8/8/8/8/8/8/1R2K2R w HBhb - 0 1 moves b1b8 e8e7")
    assert RULES.load(line)["castling"][-1] == 1, "what is left is the castling of standard chess"
    assert RULES.load(line)["key"][-1] == state_of_fen(NOTATION.position_text(line))["key"][0]


@pytest.mark.parametrize(
    "fen",
    [
        "r3k3/8/8/8/8/8/8/1R2K3 w Bq - 0 1",  # rooks on different files
        "r2k4/8/8/8/8/8/8/R3K3 w Qq - 0 1",  # kings on different files
        "4k3/8/8/8/8/8/8/K6R w H - 0 1",  # no rook could be on the other side of the king
        "4k3/8/8/8/8/8/8/R3K3 w B - 0 1",  # no rook there
        "4k3/8/8/8/8/8/4K3/R7 w A - 0 1",
    ],
)
def test_castling_that_no_game_has_is_refused_in_a_sentence(fen: str) -> None:
    with pytest.raises(PositionError, match=r"castling rights '.*' need king") as caught:
        read_fen(fen)
    assert fen in str(caught.value)


def test_a_rook_that_may_not_castle_any_more() -> None:
    line = NOTATION.parse_line("k7/8/8/8/8/8/8/1R2KR2 w FB - 0 1 moves b1b2 a8a7 b2b1 a7a8")
    with pytest.raises(ActionError, match="e1b1"):
        NOTATION.parse_action(line, "e1b1")
    assert NOTATION.parse_action(line, "e1f1") >= 0


def test_a_line_with_a_move_that_is_none() -> None:
    start = "4k3/8/8/8/8/8/8/RN1K3R w HA - 0 1"
    states = np.zeros(2, STATE)
    states[:1] = state_of_fen(start)
    blocked = action_of_move(read_fen(start), chess.Move.from_uci("d1a1"))
    assert play_line(tables(), states, np.array([blocked], np.uint16)) == 0


@pytest.mark.parametrize("fmt", FORMATS)
def test_networks_are_told_of_rights_but_not_of_rooks(fmt: str) -> None:
    """Planes of rights are those of the same rights in standard chess."""
    first, rights = {"compact": (12, 4), "lc0_112": (104, 4)}[fmt]
    seen = RULES.encode(state_of_fen("4k3/8/8/8/8/8/8/1R2KR2 w F - 0 1")[:, None], np.ones(1, np.int32), fmt)
    usual = RULES.encode(state_of_fen("4k3/8/8/8/8/8/8/4K2R w K - 0 1")[:, None], np.ones(1, np.int32), fmt)
    assert (seen[0, first : first + rights] == usual[0, first : first + rights]).all()
    assert seen[0, first : first + rights].sum() == 64


@pytest.mark.parametrize("variant", ['[Variant "Chess960"]\n', ""])
def test_games_in_pgn(variant: str) -> None:
    """The variant need not be named: the start says it."""
    start = "1r3kr1/pppppppp/8/8/8/8/PPPPPPPP/1R3KR1 w KQkq - 0 1"
    text = f'{variant}[SetUp "1"]\n[FEN "{start}"]\n\n1. O-O O-O-O 2. a3 {{ waits }} *'
    line = Line(start, tuple(read_movetext(b"O-O O-O-O a3", start)[0].tolist()))
    assert len(line.actions) == 3
    assert NOTATION.parse_line(text) == line
    tree = PgnFormat().read(text).tree
    assert tree.start == start
    written = PgnFormat().write(tree)
    assert '[Variant "Chess960"]' in written
    assert PgnFormat().read(written).tree.root == tree.root
    assert NOTATION.parse_line(written) == line


def test_castling_in_a_game_of_chess_that_calls_itself_chess960() -> None:
    moves = "1. e4 e5 2. Nf3 Nf6 3. Bc4 Bc5 4. O-O O-O *"
    line = NOTATION.parse_line(f'[Variant "Chess960"]\n\n{moves}')
    assert line == NOTATION.parse_line(moves)
    assert NOTATION.line_text(line).endswith("e1g1 e8g8")
