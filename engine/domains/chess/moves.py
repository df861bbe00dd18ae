"""Between python-chess's moves and the indices of actions."""

import chess

from engine.domains.base import ActionError
from engine.domains.chess.actions import ACTION_FROM, ACTION_INDEX, ACTION_PROMO, ACTION_TO, KNIGHT, MIRROR, NUM_ACTIONS

_CASTLING_TARGETS = {chess.H1: chess.G1, chess.A1: chess.C1, chess.H8: chess.G8, chess.A8: chess.C8}


def action_of_move(board: chess.Board, move: chess.Move) -> int:
    """The action of a legal `move` on `board`, seen by the player to move."""
    target = move.to_square
    if board.is_castling(move) and not board.occupied_co[board.turn] >> target & 1:  # else it names the rook already
        rank = chess.square_rank(move.from_square)
        target = chess.square(7 if chess.square_file(target) > chess.square_file(move.from_square) else 0, rank)
    mirror = 0 if board.turn else MIRROR
    return int(ACTION_INDEX[move.from_square ^ mirror, target ^ mirror, move.promotion or 0])


def move_of_action(board: chess.Board, action: int) -> chess.Move:
    """The legal move of `action` on `board`.

    Raises:
        ActionError: the action is not in [0, 1858) or not legal on `board`.
    """
    if not 0 <= action < NUM_ACTIONS:
        raise ActionError(f"action {action} is not in 0..{NUM_ACTIONS - 1}")
    mirror = 0 if board.turn else MIRROR
    source, target = int(ACTION_FROM[action]) ^ mirror, int(ACTION_TO[action]) ^ mirror
    promotion = int(ACTION_PROMO[action]) or None
    if not board.chess960 and board.kings >> source & 1 and board.occupied_co[board.turn] >> target & 1:
        target = _CASTLING_TARGETS.get(target, target)
    if promotion is None and board.pawns >> source & 1 and chess.square_rank(target) in (0, 7):
        promotion = KNIGHT
    move = chess.Move(source, target, promotion)
    if not board.is_legal(move):
        raise ActionError(f"action {action} ({move.uci()}) is not legal in {board.fen()!r}")
    return move
