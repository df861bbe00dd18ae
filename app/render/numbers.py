"""Numbers as the tree shows them: short, with a sign where the sign is the message."""

MINUS = "\u2212"


def visits_text(visits: int) -> str:
    """A visit count in at most five characters: 812, 9,430, 12.3k, 104k, 1.05M."""
    if visits < 10_000:
        return f"{visits:,}"
    if visits < 999_500:
        return f"{visits / 1000:.1f}k" if visits < 99_950 else f"{visits / 1000:.0f}k"
    return f"{visits / 1_000_000:.2f}M" if visits < 9_995_000 else f"{visits / 1_000_000:.1f}M"


def value_text(value: float) -> str:
    """A value with its sign and two digits; the sign says what the colour says."""
    rounded = round(value, 2)
    return f"{MINUS if rounded < 0 else '+' if rounded > 0 else ''}{abs(rounded):.2f}"
