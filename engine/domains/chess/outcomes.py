"""How a game of chess ends; shared by the compiled rules and the notation."""

from engine.domains.base import OutcomeKind

IN_PLAY, CHECKMATE, STALEMATE, INSUFFICIENT_MATERIAL, FIFTY_MOVES, REPETITION = range(6)
"""Indices into `OUTCOMES`."""

OUTCOMES = (
    OutcomeKind("in play", 0),
    OutcomeKind("checkmate", -1),
    OutcomeKind("stalemate", 0),
    OutcomeKind("insufficient material", 0),
    OutcomeKind("fifty moves", 0),
    OutcomeKind("repetition", 0),
)
"""Values are for the player to move. Draws that a player could claim (fifty moves, repetition) end the game at once."""

FIFTY_MOVE_PLIES = 100
"""Plies without a capture or a pawn's move after which the game is drawn, unless the last one gave mate."""
