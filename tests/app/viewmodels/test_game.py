"""The line with its cursor, its list, and what is read from and written as text."""

import io
from dataclasses import replace

import chess.pgn
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels.game import Game, at_end, on_path
from app.viewmodels.moves import moves_record
from app.viewmodels.nags import signs
from app.viewmodels.phrases import Phrases
from app.viewmodels.transcript import TranscriptError, read_transcript, write_transcript
from engine.domains import game_tree as trees
from engine.domains.base import Line
from engine.domains.registry import notation

CHESS = notation("chess")
FOUR = notation("connect_four")
START = CHESS.parse_line("startpos")
ITALIAN = CHESS.parse_line("e2e4 e7e5 g1f3 b8c6 f1c4")
BLACK_TO_MOVE = "4k3/8/8/8/8/8/4P3/4K3 b - - 0 31"


def test_playing_what_the_line_goes_on_with_keeps_the_rest() -> None:
    game = at_end(ITALIAN).goto(2)
    assert game.play(ITALIAN.actions[2]) == at_end(ITALIAN).goto(3)
    assert game.play(*ITALIAN.actions[2:4]) == at_end(ITALIAN).goto(4)


def test_another_move_branches_off_and_the_old_line_stays() -> None:
    game = at_end(ITALIAN).goto(2).play(7)
    assert game.line.actions == (*ITALIAN.actions[:2], 7)
    assert game.cursor == 3
    assert trees.continuation(game.tree) == ITALIAN.actions
    back = game.step(-1)
    assert back.rest == (7,), "forward leads along the line one came from"
    assert back.play(*ITALIAN.actions[2:3]).line == ITALIAN
    assert at_end(ITALIAN).goto(2) != game


@given(st.lists(st.integers(-9, 9), max_size=8))
def test_stepping_never_leaves_the_line(steps: list[int]) -> None:
    game = at_end(ITALIAN)
    for step in steps:
        game = game.step(step)
        assert 0 <= game.cursor <= len(ITALIAN.actions)
        assert game.line == ITALIAN
        assert game.current.actions + game.rest == ITALIAN.actions


A, B, C, D = range(4)
FORKED = at_end(Line("s", (A, B, C, D))).goto(1).play(C, D).goto(2).play(A)
"""A B C D, and at the second move C D, and there instead of D: A."""


def test_a_fork_is_chosen_from_and_its_branch_followed() -> None:
    fork = FORKED.goto(1)
    assert fork.rest == (C, A)
    assert fork.choose(1).rest == (B, C, D)
    assert fork.choose(2).rest == (C, D), "back at the variation its first line is followed"
    assert fork.choose(1).step(1).here == (A, B)
    assert fork.sibling(1) == fork, "its move has none beside it"
    assert fork.step(1).sibling(1).here == (A, B)
    assert at_end(ITALIAN).goto(2).choose(1) == at_end(ITALIAN).goto(2)


def test_leaving_variations_and_going_to_forks() -> None:
    assert FORKED.here == (A, C, A)
    once = FORKED.leave()
    assert (once.here, once.rest) == ((A, C), (D,))
    twice = once.leave()
    assert (twice.here, twice.rest) == ((A,), (B, C, D))
    assert twice.leave().here == ()
    main = on_path(FORKED, (A, B, C, D))
    assert main.leave().here == (A,)
    assert main.goto(0).next_fork().here == (A,)
    assert main.goto(1).next_fork().here == (A, B, C, D)


def test_deleting_leads_out_of_what_is_gone() -> None:
    assert FORKED.delete((A, C)).here == (A,)
    assert FORKED.delete((A, C)).path == (A, B, C, D)
    assert FORKED.delete((A, B)).here == FORKED.here
    assert FORKED.goto(1).delete((A, C)).here == (A,)
    assert FORKED.delete((A,)).line == Line("s")


def test_promoting_keeps_the_cursor_and_the_line() -> None:
    for game in (FORKED.promote(FORKED.here), FORKED.make_main(FORKED.here)):
        assert (game.path, game.cursor) == (FORKED.path, FORKED.cursor)
    assert trees.continuation(FORKED.make_main(FORKED.here).tree) == (A, C, A)
    assert trees.continuation(FORKED.promote(FORKED.here).tree) == (A, B, C, D)


def test_marks_of_one_kind_replace_each_other_and_go_when_set_again() -> None:
    marked = FORKED.toggle_nag((A,), 1).toggle_nag((A,), 14)
    assert trees.find(marked.tree, (A,)).nags == (1, 14)
    assert trees.find(marked.toggle_nag((A,), 4).tree, (A,)).nags == (4, 14)
    assert trees.find(marked.toggle_nag((A,), 14).tree, (A,)).nags == (1,)
    assert trees.find(marked.toggle_nag((A,), 146).tree, (A,)).nags == (1, 14, 146)
    assert signs((1, 14)) == "! ⩲"
    assert signs((3,)) == "!!"
    assert signs((14, 200)) == "⩲ $200"


def test_a_comment_for_people_leaves_those_for_programs() -> None:
    tree = trees.annotated(FORKED.tree, (A,), comment="[%clk 0:01:00] old")
    changed = replace(FORKED, tree=tree).comment((A,), "new {words}")
    assert trees.find(changed.tree, (A,)).comment == "[%clk 0:01:00] new (words)"


def rows(game: Game) -> list[str]:
    """The list as plain text, a row each."""
    lines = []
    for row in moves_record(game, Phrases(CHESS)).rows:
        if row.pair is not None:
            lines.append(" ".join([row.number, *(cell.text + cell.marks if cell else "…" for cell in row.pair)]))
        else:
            words = (w if isinstance(w, str) else f"{w.number} {w.text}{w.marks}".strip() for w in row.words)
            lines.append("  " * row.depth + " ".join(words))
    return lines


def test_the_list_numbers_pairs() -> None:
    assert rows(at_end(ITALIAN)) == ["1. e4 e5", "2. Nf3 Nc6", "3. Bc4 …"]


def test_the_list_of_a_position_where_black_begins() -> None:
    line = CHESS.parse_line(f"{BLACK_TO_MOVE} moves e8e7 e2e4 e7e6")
    assert rows(at_end(line)) == ["31… … Ke7", "32. e4 Ke6"]


def test_the_list_breaks_off_for_words_and_variations() -> None:
    text = """{A game} 1. e4! {Best} (1. d4 d5 (1... Nf6 2. c4) 2. c4 {solid} e6 (2... c6)) 1... e5 (1... c5) 2. Nf3"""
    assert rows(read_transcript(text, CHESS).game) == [
        "A game",
        "1. e4! …",
        "Best",
        "  1. d4 d5",
        "    1… Nf6 2. c4",
        "  2. c4 solid 2… e6",
        "    2… c6",
        "1… … e5",
        "  1… c5",
        "2. Nf3 …",
    ]


def test_the_current_move_is_marked_and_the_end_named() -> None:
    mate = at_end(CHESS.parse_line("f2f3 e7e5 g2g4 d8h4"))
    record = moves_record(mate, Phrases(CHESS))
    assert record.here == record.cells[-1].path
    assert [cell.text for cell in record.cells] == ["f3", "e5", "g4", "Qh4#"]
    assert moves_record(mate.step(-1), Phrases(CHESS)).here == record.cells[-2].path
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
        (BLACK_TO_MOVE, Line(BLACK_TO_MOVE), "Its history is empty"),
        (PGN, ITALIAN, "PGN game (Anna – Bert) of 5 moves and 2 variations"),
        ("1. e4 e5 2. Nf3 Nc6 3. Bc4", ITALIAN, "game of 5 moves"),
        ("e2e4 e7e5 g1f3 b8c6 f1c4", ITALIAN, "line of 5 moves"),
        ("startpos moves e2e4 e7e5", CHESS.parse_line("e2e4 e7e5"), "line of 2 moves"),
    ],
)
def test_what_is_pasted_is_recognised_and_said(text: str, line: Line, words: str) -> None:
    read = read_transcript(text, CHESS)
    assert (read.game.line, read.game.rest) == (line, ())
    assert words in read.said
    assert read.lacks_history == ("History" in words or "history" in words)


def test_moves_go_on_from_the_board_where_they_start_nowhere_else() -> None:
    here = at_end(CHESS.parse_line("e2e4 c7c5")).goto(1)
    read = read_transcript("e5 Nf3", CHESS, here)
    assert read.game.line == CHESS.parse_line("e2e4 e7e5 g1f3")
    assert "from here" in read.said
    assert trees.continuation(read.game.tree) == here.path, "they are a variation of the game on the board"


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
    assert read_transcript(write_transcript(trees.tree_of(line), line, CHESS), CHESS).game.line == line


def test_the_pgn_is_what_other_programs_read() -> None:
    line = CHESS.parse_line("f2f3 e7e5 g2g4 d8h4")
    text = write_transcript(trees.tree_of(line), line, CHESS)
    game = chess.pgn.read_game(io.StringIO(text))
    assert game is not None
    assert not game.errors
    assert game.headers["Result"] == "0-1"
    assert game.end().board().is_checkmate()


def test_other_domains_are_written_as_they_are_read() -> None:
    line = FOUR.parse_line("4453")
    assert FOUR.parse_line(write_transcript(trees.tree_of(line), line, FOUR)) == line
