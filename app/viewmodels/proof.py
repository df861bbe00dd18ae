"""What is proven, in words: the result and how far away it is."""

LONGEST = 255
"""Plies from here on are not told apart (`engine.tree.columns`)."""


def proof_text(value: int, plies: int, *, num_players: int = 2, is_chess: bool = False) -> str:
    """A proven result with its distance: "mate in 3", "loss in 2", "draw".

    Args:
        value: in {-1, 0, 1}, for the player to move where the plies are counted from.
        plies: to the end, 0 = not known or over already.
    """
    if value == 0:
        return "draw"
    own_moves = plies if num_players == 1 else (plies + 1) // 2 if value > 0 else plies // 2
    if not 0 < plies < LONGEST or not own_moves:
        return "win" if value > 0 else "loss"
    word = ("mate" if value > 0 else "mated") if is_chess else ("win" if value > 0 else "loss")
    return f"{word} in {own_moves}"


def bar_text(white: int, plies: int, *, is_chess: bool = False) -> str:
    """A proven result for the narrow evaluation bar; `white`: for the first player, plies: from the root."""
    if is_chess and white and 0 < plies < LONGEST:
        return f"{'' if white > 0 else '−'}M{(plies + 1) // 2}"
    return ("0–1", "½", "1–0")[white + 1]
