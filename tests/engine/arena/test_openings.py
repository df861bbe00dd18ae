"""Books: what is in them, how openings are chosen, and files that are no books."""

from pathlib import Path

import chess
import pytest
import zstandard

from engine.arena.openings import CHESS_BOOK, OpeningsError, open_book, positions_after
from engine.domains import registry
from engine.domains.base import Line
from engine.domains.connect_four import board as four

CHESS = registry.rules("chess"), registry.notation("chess")
FOUR = registry.rules("connect_four"), registry.notation("connect_four")


def test_the_chess_book_is_of_different_legal_quiet_positions() -> None:
    book = open_book("builtin", *CHESS)
    assert len(book.lines) == len(set(book.lines)) == 10_000
    for line in book.lines[::97]:
        board = chess.Board(line.start)
        assert board.is_valid()
        assert not board.is_game_over()
        assert CHESS[0].load(line)["key"].shape == (1,)
    assert CHESS_BOOK.stat().st_size < 60_000


def test_connect_four_has_every_open_position_once() -> None:
    book = open_book("builtin", *FOUR)
    keys = {FOUR[0].load(line)["key"][-1] for line in book.lines[::13]}
    assert len(keys) == len(book.lines[::13])
    assert {len(line.actions) for line in book.lines} == {4, 5, 6}
    four_plies = [line for line in book.lines if len(line.actions) == 4]
    mirrored = {min(boards(line), mirror(boards(line))) for line in four_plies}
    assert len(mirrored) == len(four_plies), "a position and its mirror image are one opening"
    for line in book.lines[::101]:
        here = four.boards_of(line)[-1]
        assert not any(four.outcome(four.play(here, column)) for column in four.legal_columns(here))


def boards(line: Line) -> tuple[int, int]:
    return tuple(four.boards_of(line)[-1])  # type: ignore[return-value]


def mirror(discs: tuple[int, int]) -> tuple[int, int]:
    return tuple(  # type: ignore[return-value]
        sum((side >> 7 * column & 127) << 7 * (6 - column) for column in range(7)) for side in discs
    )


def test_a_position_that_loses_whatever_is_played_is_no_opening() -> None:
    start = FOUR[1].parse_line("startpos moves 3 1 4 1")  # X threatens 2 and 5 after the next disc
    assert all(line.actions[-1] != 4 for line in positions_after(FOUR[0], start, 1, 1))


def test_openings_are_chosen_by_seed_and_none_comes_twice() -> None:
    book = open_book("builtin", *CHESS)
    assert book.choose(100, 1) == book.choose(300, 1)[:100]
    assert book.choose(100, 1) != book.choose(100, 2)
    assert len(set(book.choose(10_000, 1))) == 10_000
    assert len(set(book.choose(10_500, 1)[10_000:])) == 500


def test_the_hash_is_that_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.epd").write_text(f'{chess.STARTING_FEN}\n8/8/4k3/8/8/3RK3/8/8 w - - bm Rd4; id "x";\n')
    (tmp_path / "b.epd.zst").write_bytes(zstandard.compress((tmp_path / "a.epd").read_bytes()))
    (tmp_path / "c.epd").write_text(f"{chess.STARTING_FEN}\n")
    a, b, c = (open_book(str(tmp_path / name), *CHESS) for name in ("a.epd", "b.epd.zst", "c.epd"))
    assert a.lines == b.lines == (Line(chess.STARTING_FEN), Line("8/8/4k3/8/8/3RK3/8/8 w - - 0 1"))
    assert a.content_hash == b.content_hash != c.content_hash


def test_games_of_pgn_are_openings(tmp_path: Path) -> None:
    (tmp_path / "b.pgn").write_text('[Event "x"]\n\n1. e4 e5 2. Nf3 *\n\n[Event "y"]\n\n1. d4 *\n')
    book = open_book(str(tmp_path / "b.pgn"), *CHESS)
    assert [CHESS[1].line_text(line) for line in book.lines] == ["startpos moves e2e4 e7e5 g1f3", "startpos moves d2d4"]
    with pytest.raises(OpeningsError, match="which is chess"):
        open_book(str(tmp_path / "b.pgn"), *FOUR)


def test_connect_four_reads_lines_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("# comment\n4453\nstartpos moves 1 2\n")
    assert [line.actions for line in open_book(str(tmp_path / "b.txt"), *FOUR).lines] == [(3, 3, 4, 2), (0, 1)]
    (tmp_path / "c.txt").write_text("4453\n48\n")
    with pytest.raises(OpeningsError, match=r"line 2 of .*c\.txt"):
        open_book(str(tmp_path / "c.txt"), *FOUR)


@pytest.mark.parametrize(("text", "words"), [("", "holds no opening"), ("hello\n", "line 1 .* neither EPD nor FEN")])
def test_a_file_that_is_no_book_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "b.epd").write_text(text)
    with pytest.raises(OpeningsError, match=words):
        open_book(str(tmp_path / "b.epd"), *CHESS)
