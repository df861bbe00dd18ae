"""The colour of a value: bad through grey to good, as the tree has it."""

from functools import lru_cache

from app.render.palette import Palette, make_palette, scale_color
from app.theme import Theme


@lru_cache(maxsize=8)
def _palette(theme: Theme) -> Palette:
    return make_palette(theme)


def value_tint(theme: Theme, value: float) -> str:
    """Colour of `value` in [-1, 1], as "#RRGGBB"."""
    return scale_color(_palette(theme), value)
