"""Colours of the tree picture as the raster wants them: packed numbers, made from a theme's plain "#RRGGBB" texts."""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

STEPS = 129
"""Entries of the value scale, bad to good; odd, so that the middle is an entry."""


class Colors(Protocol):
    """What the picture needs of a theme, each "#RRGGBB"; `app.theme.Theme` has it."""

    @property
    def background(self) -> str:
        """Behind everything."""
        ...

    @property
    def bad(self) -> str:
        """Lower end of the value scale."""
        ...

    @property
    def even(self) -> str:
        """Its middle."""
        ...

    @property
    def good(self) -> str:
        """Its upper end."""
        ...

    @property
    def intuition(self) -> str:
        """Priors."""
        ...

    @property
    def effort(self) -> str:
        """What search concluded."""
        ...

    @property
    def pruned(self) -> str:
        """Branches that are not visited any more."""
        ...

    @property
    def attention(self) -> str:
        """The selection."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """Colours 0xRRGGBB.

    Attributes:
        scale: int64 [STEPS], the value scale from bad to good.
        inks: int64 [5]: background, intuition, effort, pruned, attention; indices below.
    """

    scale: NDArray[np.int64]
    inks: NDArray[np.int64]


BACKGROUND, INTUITION, EFFORT, PRUNED, ATTENTION = range(5)
"""Places in `Palette.inks`; compiled into `@kernel` functions."""


def packed(text: str) -> int:
    """A colour written #RRGGBB as a number.

    Raises:
        ValueError: the text is no such colour.
    """
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"{text!r} is no colour; expected #RRGGBB")
    return int(text[1:], 16)


def make_palette(colors: Colors) -> Palette:
    """The palette of a theme.

    The middle of the scale is lifted a little towards the colour of effort, so that an even branch that is searched
    cannot be mistaken for a pruned one.
    """
    even = _between(packed(colors.even), packed(colors.effort), 0.22)
    half = STEPS // 2
    scale = np.empty(STEPS, np.int64)
    for i in range(STEPS):
        share = abs(i - half) / half
        scale[i] = _between(even, packed(colors.good if i >= half else colors.bad), share**0.85)
    inks = [packed(c) for c in (colors.background, colors.intuition, colors.effort, colors.pruned, colors.attention)]
    return Palette(scale, np.array(inks, np.int64))


_LENS = ("#4FC3B5", "#0F766E")
"""The colour of a lens' high end on dark and on light ground: none that means anything else."""
_LENS_LOW = ("#C98F5A", "#8A5A2B")
"""The low end of a lens whose middle means neither."""


def lens_scale(palette: Palette, *, two_sided: bool) -> NDArray[np.int64]:
    """The colours of a lens, int64 [STEPS]: from faint to strong, or from one hue over grey to another."""
    return _lens_scale(int(palette.inks[BACKGROUND]), int(palette.inks[PRUNED]), two_sided=two_sided)


@cache
def _lens_scale(ground: int, grey: int, *, two_sided: bool) -> NDArray[np.int64]:
    is_light = (ground >> 8 & 255) > 128
    high, low = packed(_LENS[is_light]), packed(_LENS_LOW[is_light])
    steps = [i / (STEPS - 1) for i in range(STEPS)]
    if two_sided:
        ends = [(high if at > 0.5 else low, abs(2.0 * at - 1.0)) for at in steps]
        return np.array([_between(grey, end, share**0.8) for end, share in ends], np.int64)
    faint = _between(ground, grey, 0.7)
    return np.array([_between(faint, high, at) for at in steps], np.int64)


def scale_color(palette: Palette, share: float) -> str:
    """The colour at `share` in [-1, 1] of the value scale, as text."""
    index = round((max(-1.0, min(1.0, share)) + 1.0) * 0.5 * (STEPS - 1))
    return f"#{int(palette.scale[index]):06x}"


def _between(first: int, second: int, share: float) -> int:
    channels = 0
    for shift in (16, 8, 0):
        a, b = first >> shift & 255, second >> shift & 255
        channels |= round(a + (b - a) * share) << shift
    return channels
