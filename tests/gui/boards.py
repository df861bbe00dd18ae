"""Records of boards for widget tests, made with python-chess so that no code of ours vouches for itself."""

import chess

from app.viewmodels.records import BoardRecord
from engine.domains.base import Card, Choice


def chess_card(board: chess.Board) -> Card:
    """A chess position as a card."""
    last = board.peek() if board.move_stack else None
    return Card(
        rows=8,
        columns=8,
        pieces={cell: piece.symbol() for cell, piece in board.piece_map().items()},
        style="chess",
        marked=(last.from_square, last.to_square) if last else (),
        alarm=board.king(board.turn) if board.is_check() else -1,
        to_move=0 if board.turn else 1,
        status="White to move" if board.turn else "Black to move",
        outcome=0,
    )


def chess_record(board: chess.Board, flipped: bool = False) -> BoardRecord:
    """A chess position with its legal moves; an action is the place of the move in python-chess's order."""
    choices = tuple(
        Choice(
            action=place,
            name=move.uci(),
            text=board.san(move),
            source=move.from_square,
            target=move.to_square,
            promotion=chess.piece_symbol(move.promotion) if move.promotion else "",
        )
        for place, move in enumerate(board.legal_moves)
    )
    return BoardRecord(chess_card(board), choices, flipped=flipped)


def action_of(record: BoardRecord, name: str) -> int:
    """The action with a name."""
    return next(choice.action for choice in record.choices if choice.name == name)


def discs_record(*columns: int) -> BoardRecord:
    """A Connect Four position after discs dropped into `columns` (0 to 6); an action is a column."""
    heights = [0] * 7
    pieces = {}
    last = ()
    for place, column in enumerate(columns):
        cell = heights[column] * 7 + column
        pieces[cell] = "XO"[place % 2]
        heights[column] += 1
        last = (cell,)
    card = Card(6, 7, pieces, "discs", last, -1, len(columns) % 2, "X to move", 0)
    choices = tuple(Choice(c, str(c + 1), str(c + 1), -1, heights[c] * 7 + c) for c in range(7) if heights[c] < 6)
    return BoardRecord(card, choices)
