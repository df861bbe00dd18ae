"""Strokes of the brush: tapered curves, discs and fading lines, anti-aliased, into an image of packed pixels.

Each primitive blends a colour into `image` (uint32 [height, width], 0xAARRGGBB) and, where it is more opaque than
clear, writes an id into `ids` (int32, same shape) so that a pixel knows what was drawn there. Colours are int64
0xRRGGBB. These helpers are called from the kernels of `app.render.raster*` only.
"""

import math

import numpy as np

from engine.compiled import inline

DISC, SQUARE, DIAMOND = 0, 1, 2
_WHOLE = 256.0 / 0.998
"""Weight of a share of 1; from 0.998 on nothing is left of what was there."""
_MARKING = 76
"""A pixel belongs to what covers it with more than this weight."""


@inline
def _laid(first, second, weight):
    """The colour `weight` / 256 of the way from `first` to `second`."""
    # Red and blue in one product, green in another: what a channel borrows, the mask and the floor of >> give back.
    red_blue, green = first & 0xFF00FF, first & 0x00FF00
    red_blue += (((second & 0xFF00FF) - red_blue) * weight) >> 8
    green += (((second & 0x00FF00) - green) * weight) >> 8
    return (red_blue & 0xFF00FF) | (green & 0x00FF00)


@inline
def mixed(first, second, share):
    """The colour `share` of the way from `first` to `second`; `share` is cut to [0, 1]."""
    return _laid(first, second, np.int64(max(0.0, min(1.0, share)) * 256.0))


@inline
def blend(image, ids, row, column, color, share, mark):
    """Lay a colour over one pixel, `share` in [0, 1]."""
    # Unsigned: numba need not ask whether an index counts from the end.
    row, column = np.uintp(row), np.uintp(column)
    weight = np.int64(share * _WHOLE)
    image[row, column] = np.uint32(0xFF000000 | _laid(np.int64(image[row, column]), color, weight))
    if mark != 0 and weight > _MARKING:
        ids[row, column] = mark


@inline
def curve(image, ids, x0, y0, x1, y1, w0, w1, color, share, dash, mark):
    """A curve that leaves (x0, y0) and reaches (x1, y1) level, its width going from `w0` to `w1`; x0 < x1.

    Args:
        share: opacity in [0, 1].
        dash: length of dashes in pixels, 0 = solid.
    """
    height, width = image.shape
    run, rise = max(x1 - x0, 1.0), y1 - y0
    travelled = np.float64(mark % 8) * 0.25 * dash  # neighbours' dashes do not line up to a pattern
    for column in range(max(0, int(x0)), min(width - 1, int(x1)) + 1):
        u = max(0.0, min(1.0, (column + 0.5 - x0) / run))
        y = y0 + rise * u * u * (3.0 - 2.0 * u)
        slope = rise * 6.0 * u * (1.0 - u) / run
        stretch = math.sqrt(1.0 + slope * slope)  # vertical pixels per pixel across the curve
        travelled += stretch
        if dash > 0.0 and travelled % (2.0 * dash) > dash:
            continue
        wide = w0 + (w1 - w0) * u
        half = max(wide, 1.0) * 0.5
        thin = share * min(1.0, max(wide, 0.25))  # narrower than a pixel: fainter instead
        # Both ends begin and stop inside a pixel.
        thin *= max(0.0, min(1.0, column + 1.0 - x0)) * max(0.0, min(1.0, x1 - column))
        # A broad band keeps its height where it climbs, or it would bulge.
        body = half * (1.0 + (stretch - 1.0) * max(0.0, 1.0 - half / 12.0))
        reach, level = body + 0.5 * stretch, 1.0 / stretch
        # All whose middle lies within reach: none of them is left out below.
        for row in range(max(0, math.ceil(y - reach - 0.5)), min(height - 1, math.floor(y + reach - 0.5)) + 1):
            blend(image, ids, row, column, color, min(1.0, (reach - abs(row + 0.5 - y)) * level) * thin, mark)


@inline
def capsule(image, ids, x0, y0, x1, y1, w0, w1, color, share, mark):
    """A straight stroke with round ends, its width going from `w0` to `w1`; pieces of a bent stroke join smoothly."""
    height, width = image.shape
    dx, dy = x1 - x0, y1 - y0
    long = max(dx * dx + dy * dy, 1e-9)
    reach = 0.5 * max(w0, w1) + 0.5
    left, right = min(x0, x1) - reach, max(x0, x1) + reach
    level = reach * math.sqrt(long) / max(abs(dy), 1e-6)  # half of what a row can see of an endless stroke
    for row in range(max(0, int(min(y0, y1) - reach)), min(height - 1, int(max(y0, y1) + reach)) + 1):
        py = row + 0.5 - y0
        middle = x0 + py * dx / dy if abs(dy) > 1e-6 else x0
        first = max(left, middle - level) if level < 1e5 else left
        last = min(right, middle + level) if level < 1e5 else right
        for column in range(max(0, int(first)), min(width - 1, int(last)) + 1):
            px = column + 0.5 - x0
            along = max(0.0, min(1.0, (px * dx + py * dy) / long))
            distance = math.sqrt((px - along * dx) ** 2 + (py - along * dy) ** 2)
            cover = min(1.0, 0.5 * (w0 + (w1 - w0) * along) + 0.5 - distance)
            if cover > 0.0:
                blend(image, ids, row, column, color, cover * share, mark)


@inline
def thread(image, ids, x0, y0, x1, y1, w0, w1, color, share, mark):
    """A thin straight stroke with level ends, pixel by pixel along its longer side: much cheaper than `capsule`."""
    steep = abs(y1 - y0) > abs(x1 - x0)
    a0, b0, a1, b1 = (y0, x0, y1, x1) if steep else (x0, y0, x1, y1)
    if a1 < a0:
        a0, b0, a1, b1, w0, w1 = a1, b1, a0, b0, w1, w0
    long = max(a1 - a0, 1e-6)
    slope = (b1 - b0) / long
    stretch = math.sqrt(1.0 + slope * slope)
    level = 1.0 / stretch
    half, growth = 0.5 * stretch * (w0 + 1.0), 0.5 * stretch * (w1 - w0) / long
    most, wide = (image.shape[0], image.shape[1]) if steep else (image.shape[1], image.shape[0])
    for i in range(max(0, math.ceil(a0 - 0.5)), min(most, math.ceil(a1 - 0.5))):
        along = i + 0.5 - a0
        b, reach = b0 + slope * along, half + growth * along
        for j in range(max(0, math.ceil(b - reach - 0.5)), min(wide - 1, math.floor(b + reach - 0.5)) + 1):
            cover = min(1.0, (reach - abs(j + 0.5 - b)) * level)
            row, column = (i, j) if steep else (j, i)
            blend(image, ids, row, column, color, cover * share, mark)


@inline
def stroke(image, ids, x0, y0, x1, y1, w0, w1, color, share, mark):
    """A piece of a bent stroke: a thread where it is thin, a capsule where joints would show."""
    if w0 < 5.5 and w1 < 5.5:
        thread(image, ids, x0, y0, x1, y1, w0, w1, color, share, mark)
    else:
        capsule(image, ids, x0, y0, x1, y1, w0, w1, color, share, mark)


@inline
def shape(image, ids, x, y, radius, fill, ring, gap, thickness, form, mark):
    """A disc, square or diamond with a ring of another colour, set off by a gap.

    Args:
        radius: outer, in pixels.
        fill, ring, gap: colours.
        thickness: of the ring, and half as much of the gap; 0 = fill alone.
        form: `DISC`, `SQUARE` or `DIAMOND`.
    """
    height, width = image.shape
    inner = radius - thickness
    for row in range(max(0, int(y - radius - 1.5)), min(height - 1, int(y + radius + 1.5)) + 1):
        for column in range(max(0, int(x - radius - 1.5)), min(width - 1, int(x + radius + 1.5)) + 1):
            dx, dy = abs(column + 0.5 - x), abs(row + 0.5 - y)
            if form == DISC:
                distance = math.sqrt(dx * dx + dy * dy)
            elif form == SQUARE:
                distance = max(dx, dy) * 1.12
            else:
                distance = (dx + dy) * 0.85
            cover = min(1.0, radius + 0.5 - distance)
            if cover <= 0.0:
                continue
            color = fill
            if thickness > 0.0:
                color = mixed(color, gap, distance - (inner - 0.55 * thickness) + 0.5)
                color = mixed(color, ring, distance - inner + 0.5)
            blend(image, ids, row, column, color, cover, mark)


@inline
def fading(image, ids, x0, x1, top, bottom, color, share, mark):
    """A level band from x0 to x1 that fades out to the right; its edges may lie inside pixels."""
    height, width = image.shape
    for row in range(max(0, int(top)), min(height - 1, int(bottom)) + 1):
        cover = min(bottom, row + 1.0) - max(top, np.float64(row))
        if cover <= 0.0:
            continue
        for column in range(max(0, int(x0)), min(width - 1, int(x1)) + 1):
            left = 1.0 - (column + 0.5 - x0) / (x1 - x0)
            if 0.0 < left <= 1.0:
                blend(image, ids, row, column, color, share * cover * left * left, np.int32(0))
                if left > 0.35:
                    ids[row, column] = mark
