import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from app.theme import DARK
from app.widgets.board_geometry import EMPTY_CARD, fit_board
from app.widgets.board_marks import BLUE, GREEN, Mark, toggled
from app.widgets.board_motion import Motion, motions
from app.widgets.board_moves import targets
from app.widgets.pieces import piece_pixmap
from tests.gui.boards import chess_card, chess_record, discs_record


@given(
    width=st.integers(1, 900),
    height=st.integers(1, 900),
    ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
    flipped=st.booleans(),
)
def test_cells_are_square_on_whole_pixels_and_found_again(width, height, ratio, flipped):
    area = QRect(3, 5, width, height)
    geometry = fit_board(EMPTY_CARD, flipped, area, ratio)
    assert (geometry.cell * ratio).is_integer()
    assert geometry.cell <= max(min(width, height) / 8, 1)
    for cell in range(64):
        assert geometry.cell_at(geometry.centre(cell)) == cell
    if geometry.cell * 8 <= min(width, height):
        assert area.toRectF().contains(geometry.rect)


def test_the_first_player_sits_at_the_bottom_unless_flipped():
    area = QRect(0, 0, 80, 80)
    assert fit_board(EMPTY_CARD, False, area, 1.0).cell_rect(chess.A1).topLeft().toTuple() == (0, 70)
    assert fit_board(EMPTY_CARD, True, area, 1.0).cell_rect(chess.A1).topLeft().toTuple() == (70, 0)
    assert fit_board(EMPTY_CARD, False, area, 1.0).cell_rect(chess.H8).topLeft().toTuple() == (70, 0)


def test_beside_the_board_is_no_cell():
    geometry = fit_board(EMPTY_CARD, False, QRect(0, 0, 100, 80), 1.0)
    assert geometry.cell_at(geometry.rect.topLeft() * 0 - geometry.rect.bottomRight()) == -1


@pytest.mark.parametrize("fen", [chess.STARTING_FEN, "r3k2r/pppq1ppp/8/8/8/8/PPPQ1PPP/R3K2R b KQkq - 0 1"])
def test_targets_are_the_legal_moves_and_castling_rooks(fen):
    board = chess.Board(fen)
    record = chess_record(board)
    for source in chess.SQUARES:
        wanted = {move.to_square for move in board.legal_moves if move.from_square == source}
        castling = {m for m in board.legal_moves if m.from_square == source and board.is_castling(m)}
        rooks = {
            chess.square(7 if board.is_kingside_castling(m) else 0, chess.square_rank(m.to_square)) for m in castling
        }
        assert set(targets(record, source)) == wanted | rooks


def played(fen, san):
    board = chess.Board(fen)
    before = chess_card(board)
    board.push_san(san)
    return set(motions(before, chess_card(board)))


def moved(glyph, source, target):
    return Motion(glyph, target, chess.square_file(source), chess.square_rank(source))


def test_motions_of_every_kind_of_chess_move():
    assert played(chess.STARTING_FEN, "Nf3") == {moved("N", chess.G1, chess.F3)}
    castled = played("4k3/8/8/8/8/8/8/4K2R w K - 0 1", "O-O")
    assert castled == {moved("K", chess.E1, chess.G1), moved("R", chess.H1, chess.F1)}
    assert played("4k3/2P5/8/8/8/8/8/4K3 w - - 0 1", "c8=Q+") == {moved("Q", chess.C7, chess.C8)}
    assert played("4k3/8/8/3pP3/8/8/8/4K3 w - d6 0 1", "exd6") == {moved("P", chess.E5, chess.D6)}
    assert played("3rk3/8/8/8/8/8/8/3RK3 w - - 0 1", "Rxd8+") == {moved("R", chess.D1, chess.D8)}


def test_taking_a_move_back_runs_the_other_way():
    board = chess.Board()
    before = chess_card(board)
    board.push_san("e4")
    assert set(motions(chess_card(board), before)) == {moved("P", chess.E4, chess.E2)}


def test_a_disc_falls_from_above_the_board():
    assert motions(discs_record(3).card, discs_record(3, 3).card) == (Motion("O", 10, 3, 6),)


def test_another_position_does_not_move():
    far = chess.Board("8/8/4k3/8/8/4K3/8/8 w - - 0 1")
    jumble = chess_card(chess.Board("rnbqkbnr/8/pppppppp/8/8/PPPPPPPP/8/RNBQKBNR w KQkq - 0 1"))
    assert motions(chess_card(chess.Board()), jumble) == ()
    assert motions(chess_card(far), discs_record(3).card) == ()


def test_toggling_marks():
    one, other = Mark(1, 2, GREEN), Mark(2, 1, GREEN)
    assert toggled((), one) == (one,)
    assert toggled((one, other), one) == (other,)
    assert toggled((one, other), Mark(1, 2, BLUE)) == (other, Mark(1, 2, BLUE))


@pytest.mark.parametrize("letter", "PNBRQK")
def test_the_first_players_pieces_are_the_lighter_ones(qapp, letter):
    def light_pixels(glyph):
        image = piece_pixmap(glyph, "chess", 60, 1.0, DARK).toImage()
        tints = [image.pixelColor(x, y) for x in range(60) for y in range(60)]
        assert any(tint.alpha() == 0 for tint in tints)
        return sum(tint.name().upper() == DARK.first and tint.alpha() == 255 for tint in tints)

    assert light_pixels(letter) > 2 * light_pixels(letter.lower())


def test_pictures_are_made_once_for_each_pixel_ratio(qapp):
    first = piece_pixmap("K", "chess", 40, 2.0, DARK)
    assert piece_pixmap("K", "chess", 40, 2.0, DARK) is first
    assert first.width() == 80
    assert first.deviceIndependentSize().width() == 40


def test_an_unknown_style_is_named(qapp):
    with pytest.raises(ValueError, match="'hexes'"):
        piece_pixmap("K", "hexes", 40, 1.0, DARK)
