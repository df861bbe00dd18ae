"""The marks of annotated games: PGN's numbers, the signs that people know them by, and what they mean."""

SIGNS = {
    1: ("!", "good move"),
    2: ("?", "mistake"),
    3: ("!!", "brilliant move"),
    4: ("??", "blunder"),
    5: ("!?", "interesting move"),
    6: ("?!", "dubious move"),
    7: ("□", "only move"),
    10: ("=", "equal"),
    13: ("∞", "unclear"),
    14: ("⩲", "the first player stands slightly better"),
    15: ("⩱", "the second player stands slightly better"),
    16: ("±", "the first player stands better"),
    17: ("∓", "the second player stands better"),
    18: ("+−", "the first player is winning"),
    19: ("−+", "the second player is winning"),
    22: ("⨀", "zugzwang"),
    23: ("⨀", "zugzwang"),
    32: ("⟳", "ahead in development"),
    33: ("⟳", "ahead in development"),
    36: ("↑", "initiative"),
    37: ("↑", "initiative"),
    40: ("→", "attack"),
    41: ("→", "attack"),
    44: ("=∞", "compensation"),
    45: ("=∞", "compensation"),
    132: ("⇆", "counterplay"),
    133: ("⇆", "counterplay"),
    138: ("⊕", "short of time"),
    139: ("⊕", "short of time"),
    140: ("∆", "with the idea"),
    146: ("N", "novelty"),
}

MOVE_MARKS = (1, 3, 5, 6, 2, 4, 7)
STATE_MARKS = (10, 13, 14, 16, 18, 15, 17, 19)
"""Offered in the menu: about the move, and about what it leads to."""


def signs(nags: tuple[int, ...]) -> str:
    """The signs of some marks: those on the move stick to it, the others stand apart. "$n" where none is known."""
    known = [(nag, SIGNS.get(nag, (f"${nag}", ""))[0]) for nag in nags]
    close = "".join(sign for nag, sign in known if nag < 10)
    return " ".join(filter(None, (close, *(sign for nag, sign in known if nag >= 10))))
