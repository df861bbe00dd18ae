"""PGN with all that people write into it: nothing is lost between a file, the tree and another program."""

import io

import chess
import chess.pgn
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domains import game_tree as trees
from engine.domains.base import Line
from engine.domains.chess.game_format import PgnFormat
from engine.domains.chess.moves import action_of_move
from engine.domains.comments import commands_of, with_command, with_words, words_of
from engine.domains.game_format import GameTextError
from engine.domains.game_tree import GameTree
from engine.domains.registry import notation

PGN = PgnFormat()
CHESS = notation("chess")
START = CHESS.parse_line("startpos").start
ANNOTATED = """[Event "Casual"]
[Site "?"]
[Date "2026.11.23"]
[Round "3.1"]
[White "O'Neill, \\"Ann\\""]
[Black "Bert"]
[Result "1-0"]
[ECO "C50"]

{ A quiet game } 1. e4 $1 { [%eval 0.3] [%clk 0:05:00] best by test [%csl Gd4,Re5][%cal Gd2d4] } 1... e5 ( { Or }
1... c5 2. Nf3 ( 2. c3 d5 $6 ) 2... d6 ) ( 1... e6 $5 ) 2. Nf3 { ; not a line comment } 2... Nc6 $14 $36 1-0
"""


@st.composite
def game_trees(draw: st.DrawFn) -> GameTree:
    """Random play with forks, then words and marks at random nodes."""
    pick = draw(st.randoms(use_true_random=False))
    tree = GameTree(START, headers=(("Event", "x"), ("White", draw(words)), ("Result", "*")))
    for _ in range(draw(st.integers(0, 8))):
        path = pick.choice([path for path, _ in trees.walk(tree)])
        board = chess.Board()
        actions: list[int] = []
        for action in path:
            board.push(next(m for m in board.legal_moves if action_of_move(board, m) == action))
        for _ in range(pick.randrange(6)):
            moves = list(board.legal_moves)
            if not moves:
                break
            move = pick.choice(moves)
            actions.append(action_of_move(board, move))
            board.push(move)
        tree = trees.with_line(tree, (*path, *actions))
    for path, node in list(trees.walk(tree)):
        is_variation = bool(path) and trees.variation_start(tree, path) == len(path)
        tree = trees.annotated(
            tree,
            path,
            comment=draw(words),
            before=draw(words) if is_variation else None,
            nags=tuple(draw(st.lists(st.integers(1, 140), max_size=2))) if path else None,
        )
        assert trees.find(tree, path).children == node.children
    return tree


words = st.text("abc XYZ!?.;()[]%$01 éß–\u2026\"'", max_size=12).map(lambda text: " ".join(text.split()))


@settings(max_examples=60, deadline=None)
@given(game_trees())
def test_every_tree_comes_back_from_its_text(tree: GameTree) -> None:
    read = PGN.read(PGN.write(tree))
    assert read.fault == ""
    assert read.tree.root == tree.root
    assert read.tree.start == tree.start
    assert read.tree.header("White") == tree.header("White")


@settings(max_examples=40, deadline=None)
@given(game_trees())
def test_another_program_reads_the_same_and_writes_the_same(tree: GameTree) -> None:
    text = PGN.write(tree)
    game = chess.pgn.read_game(io.StringIO(text))
    assert game is not None
    assert not game.errors
    assert str(game.accept(chess.pgn.StringExporter(columns=80))) == text.rstrip("\n")
    assert PGN.read(str(game)).tree.root == tree.root


def test_an_annotated_game_keeps_everything() -> None:
    read = PGN.read(ANNOTATED)
    tree = read.tree
    assert read.fault == ""
    assert tree.root.comment == "A quiet game"
    first = tree.root.children[0]
    assert first.nags == (1,)
    assert words_of(first.comment) == "best by test"
    assert dict(commands_of(first.comment)) == {"eval": "0.3", "clk": "0:05:00", "csl": "Gd4,Re5", "cal": "Gd2d4"}
    assert [len(child.children) for child in first.children] == [1, 2, 0]
    assert first.children[1].before == "Or"
    assert first.children[1].children[0].comment == ""
    assert trees.find(tree, trees.continuation(tree)).nags == (14, 36)
    assert tree.header("ECO") == "C50"
    assert PGN.read(PGN.write(tree)).tree == tree
    assert dict(chess.pgn.read_game(io.StringIO(PGN.write(tree))).headers) == dict(tree.headers)  # type: ignore[union-attr]


def test_a_variation_that_cannot_be_read_costs_no_other() -> None:
    tree = PGN.read("1. e4 e5 ( 1... Qh4 { no } $2 ( 1... e6 2. d4 ) 2. a3 ( 2. d4 ) ) ( 1... c5 2. c3 ) 2. Nf3 *").tree
    assert [len(child.children) for child in tree.root.children[0].children] == [1, 1, 1]


def test_the_same_move_given_twice_is_one_line() -> None:
    tree = PGN.read("1. e4 ( 1. e4 e5 ) ( 1. d4 d5 ) 1... c5 *").tree
    assert len(tree.root.children) == 2
    assert [len(child.children) for child in tree.root.children] == [2, 1]


@pytest.mark.parametrize(
    ("text", "value"), [("0.00", 0.0), ("#3", 1.0), ("#-3", -1.0), ("#-0", -1.0), ("1.5,20", 0.27)]
)
def test_evaluations_are_from_whites_view(text: str, value: float) -> None:
    assert PGN.value(f"good [%eval {text}]") == pytest.approx(value, abs=0.01)
    assert PGN.value(f"[%eval {text}x]") is None


@given(st.floats(-0.95, 0.95))
def test_a_value_comes_back_as_it_was_and_is_what_python_chess_reads(value: float) -> None:
    comment = PGN.with_value("[%clk 0:00:01] so [%eval 3]", value)
    assert PGN.value(comment) == pytest.approx(value, abs=0.005)
    assert words_of(comment) == "so"
    game = chess.pgn.Game()
    game.add_variation(chess.Move.from_uci("e2e4"), comment=comment)
    found = game.variations[0].eval()
    assert found is not None
    pawns = found.white().score()
    assert pawns is not None
    assert (pawns > 0) == (value > 0) or abs(pawns) <= 1
    assert game.variations[0].clock() == 1


def test_arrows_and_circles() -> None:
    drawn = ((3, 27, "G"), (28, 28, "R"))
    comment = PGN.with_marks("[%cal Ya1a2] look", drawn)
    assert PGN.marks(comment) == ((28, 28, "R"), (3, 27, "G"))
    game = chess.pgn.Game()
    game.comment = comment
    assert {(arrow.tail, arrow.head) for arrow in game.arrows()} == {(3, 27), (28, 28)}
    assert PGN.with_marks(comment, ()) == "look"


@pytest.mark.parametrize(
    ("text", "fault", "plies"),
    [
        ("1. e4 e5 2. Nf3 Nc5 3. d4", "Stopped after 3 moves: illegal san: 'Nc5'", 3),
        ("1. e4 e5 ( 1... Qh4 ) 2. Nf3", "A variation stops after 1 move", 3),
        ("1. e4 -- 2. d4", "'--' passes", 1),
        ("1. e4 e5 ( 1... -- 2. d4 ( 2. c4 ) ) 2. Nf3", "A variation stops after 1 move: '--' passes", 3),
        ("1. e4 e5 ( 1... Qh4 2. a3 ( 2. d4 ) ) ( 1... c5 ) 2. Nf3", "A variation stops after 1 move", 3),
    ],
)
def test_a_game_is_read_up_to_its_mistake(text: str, fault: str, plies: int) -> None:
    read = PGN.read(f'[Event "x"]\n\n{text} *')
    assert fault in read.fault
    assert len(trees.continuation(read.tree)) == plies


@pytest.mark.parametrize(
    ("text", "named"),
    [("", "no game"), ('[Variant "Crazyhouse"]\n\n1. e4', "Crazyhouse"), ('[FEN "nonsense"]\n\n1. e4', "nonsense")],
)
def test_what_cannot_be_read_is_refused(text: str, named: str) -> None:
    with pytest.raises(GameTextError, match=named):
        PGN.read(text)


def test_a_mate_says_how_it_ended_and_a_position_where_it_began() -> None:
    mate = CHESS.parse_line("f2f3 e7e5 g2g4 d8h4")
    assert PGN.read(PGN.write(trees.tree_of(mate))).tree.header("Result") == "0-1"
    later = Line("4k3/8/8/8/8/8/4P3/4K3 b - - 0 31")
    again = PGN.read(PGN.write(trees.tree_of(later))).tree
    assert again.start == later.start
    assert again.header("FEN") == later.start


def test_games_of_a_file_are_found_whatever_stands_in_their_comments() -> None:
    tricky = '[Event "a"]\n\n1. e4 { a comment\n\n[Event "not one"]\n } e5 *\n\n'
    plain = '[White "b"]\n[Black "c"]\n\n1. d4 *\n'
    bare = "1. c4 c5 *\n\n"
    data = (bare + tricky + plain + "\n" + tricky).encode()
    found = [data[begin:end].decode() for begin, end in PGN.offsets(io.BytesIO(data))]
    assert [text.strip() for text in found] == [bare.strip(), tricky.strip(), plain.strip(), tricky.strip()]
    assert PGN.headers(found[2])["White"] == "b"
    assert list(PGN.offsets(io.BytesIO(b"\n\n"))) == []


def test_words_and_commands_of_a_comment_can_be_changed_apart() -> None:
    comment = "[%clk 1:00:00] good { [%emt 5]"
    assert with_words(comment, "bad {x}") == "[%clk 1:00:00][%emt 5] bad (x)"
    assert with_command(with_command("", "eval", "1"), "eval", "") == ""
