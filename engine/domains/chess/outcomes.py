"""How a game of chess ends; shared by the compiled rules and the notation."""

from engine.domains.base import OutcomeKind

IN_PLAY, CHECKMATE, STALEMATE, INSUFFICIENT_MATERIAL, FIFTY_MOVES, REPETITION = range(6)
TABLEBASE_LOSS, TABLEBASE_DRAW, TABLEBASE_WIN = range(6, 9)
"""Indices into `OUTCOMES`. The rules never say the last three: they are an endgame table's word (`syzygy`)."""

OUTCOMES = (
    OutcomeKind("in play", 0),
    OutcomeKind("checkmate", -1),
    OutcomeKind("stalemate", 0),
    OutcomeKind("insufficient material", 0),
    OutcomeKind("fifty moves", 0),
    OutcomeKind("repetition", 0),
    OutcomeKind("tablebase loss", -1),
    OutcomeKind("tablebase draw", 0),
    OutcomeKind("tablebase win", 1),
)
"""Values are for the player to move. Draws that a player could claim (fifty moves, repetition) end the game at once."""

FIFTY_MOVE_PLIES = 100
"""Plies without a capture or a pawn's move after which the game is drawn, unless the last one gave mate."""
