"""A film of a search: its tree growing from the first simulation to the last, as MP4 or GIF.

Every frame is the picture that the window would show, places easing as they do there. Time runs slowly at first, where
every simulation shows, and faster later; the last picture stays for a moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from app.export.growth import Growth
from app.export.scene import Look, SceneError, legend_record, make_scene, prepare
from app.render.legend import LegendRecord, legend_height, paint_legend
from app.theme import PADDING, font
from engine.domains.base import Notation
from engine.tree.events import Header
from engine.tree.export import Progress
from engine.tree.whole_file import ExportError, whole_file

MP4_RATE, GIF_RATE = 30, 12
"""Frames a second."""
_STAYS_S = 1.5
"""How long the last picture stays."""
_SLOW = 2.2
"""Simulations done go with this power of the time."""
_EASE_S = 0.12
"""Time in which places go most of their way."""
_TICK_S = 0.1
"""Of the clock that figures in labels go by: they change every other frame."""
_SAMPLES = 6
"""Pictures of a film from which a GIF's colours are chosen."""
_COLORS = 256
_CELL_BITS = 5

Frame = NDArray[np.uint8]
"""[height, width, 3]: red, green, blue."""


@dataclass(frozen=True, slots=True, eq=False)
class Film:
    """What is filmed: a journal, up to simulation `until`."""

    header: Header
    stream: bytes
    until: int | None
    notation: Notation
    look: Look


@dataclass(frozen=True, slots=True, eq=False)
class Inks:
    """The colours of a GIF.

    Attributes:
        palette: uint8 [256, 4]: alpha, red, green, blue, as PyAV takes them.
        nearest: uint8 [32768], for each cell of the colour cube the number of the nearest of them.
    """

    palette: NDArray[np.uint8]
    nearest: NDArray[np.uint8]

    @classmethod
    def of(cls, colors: NDArray[np.uint8]) -> "Inks":
        """Inks of these colours [256, 3]."""
        steps = np.arange(1 << _CELL_BITS)
        grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
        centres = ((grid << (8 - _CELL_BITS)) + (1 << (7 - _CELL_BITS))).astype(np.float32)
        known = colors.astype(np.float32)
        # |a - b|² without |a|², which is the same for all b.
        distance = (known**2).sum(axis=1) - 2.0 * centres @ known.T
        palette = np.concatenate([np.full((_COLORS, 1), 255, np.uint8), colors], axis=1)
        return cls(palette, np.argmin(distance, axis=1).astype(np.uint8))


def export_film(film: Film, seconds: float, path: Path, progress: Progress) -> None:
    """Write a film that is `seconds` long, and a little more in which the last picture stays.

    Raises:
        ExportError: PyAV is not installed, or the file cannot be written.
        SceneError: nothing is recorded.
    """
    library = _library()
    is_gif = path.suffix == ".gif"
    rate = GIF_RATE if is_gif else MP4_RATE
    even = replace(film.look, width=film.look.width // 2 * 2, height=film.look.height // 2 * 2)  # as MP4 wants it
    film = replace(film, look=even)
    shots = moments(film, round(seconds * rate)), round(_STAYS_S * rate)
    inks = Inks.of(choose_colors(film)) if is_gif else None
    with whole_file(path) as unfinished, library.open(str(unfinished), "w", format=path.suffix[1:]) as container:
        output = container.add_stream("gif" if is_gif else "libx264", rate=rate)
        output.width, output.height = even.width, even.height
        output.pix_fmt = "pal8" if is_gif else "yuv420p"
        output.time_base = Fraction(1, rate)
        if not is_gif:
            output.options = {"crf": "20", "preset": "medium"}
        total = len(shots[0]) + shots[1]
        for number, frame in enumerate(frames(film, *shots, 1.0 - exp(-1.0 / (rate * _EASE_S)))):
            progress(number / total)
            picture = _encodable(library, frame, inks)
            picture.pts = number
            container.mux(output.encode(picture))
        container.mux(output.encode())


def moments(film: Film, count: int) -> list[int]:
    """The simulations done in each of `count` frames, from 1 to all.

    Raises:
        SceneError: nothing is recorded.
    """
    last = Growth(film.header, film.stream, film.until).last
    if not last:
        raise SceneError("there is nothing to film: no simulation is recorded")
    share = np.linspace(0.0, 1.0, max(2, count)) ** _SLOW
    return [int(moment) for moment in np.ceil(1 + share * (last - 1))]


def frames(film: Film, shots: list[int], stays: int, ease: float) -> Iterator[Frame]:
    """A picture at each moment of `shots`; the last is followed by `stays` more, in which all comes to rest.

    Args:
        ease: share of its way that a place goes in a frame, in (0, 1].
    """
    look, growth = film.look, Growth(film.header, film.stream, film.until)
    growth.to(shots[0])
    scene = make_scene(film.header, growth.tree, film.notation)
    foot = round(legend_height(look.theme, LegendRecord(nodes=10**6), look.width / look.zoom) * look.zoom)
    picture, lettering = prepare(scene, look, look.height - foot)
    page = QImage(look.width, look.height, QImage.Format.Format_RGB32)
    for number, moment in enumerate([*shots, *[shots[-1]] * stays]):
        if growth.to(moment):  # nodes have other numbers: begin anew
            scene = make_scene(film.header, growth.tree, film.notation)
            picture.show(growth.tree, scene.seat_sign)
            lettering.forget()
        else:
            picture.refresh()
        visible = picture.draw(ease=ease)
        lettering.letter(picture, scene.labels, -1, number * _TICK_S)
        painter = QPainter(page)
        height, width = picture.image.shape
        painter.drawImage(0, 0, QImage(picture.image.data, width, height, 4 * width, QImage.Format.Format_RGB32))
        _caption(painter, look, f"{growth.tree.simulations:,} simulations")
        painter.translate(0.0, look.height - foot)
        painter.scale(look.zoom, look.zoom)
        box = QRectF(0.0, 0.0, look.width / look.zoom, foot / look.zoom)
        paint_legend(painter, box, look.theme, legend_record(scene, picture, visible))
        painter.end()
        yield _pixels(page)


def choose_colors(film: Film) -> NDArray[np.uint8]:
    """Colours that suit the whole film: the most frequent ones of some of its pictures, [256, 3]."""
    pixels = np.concatenate([frame.reshape(-1, 3) for frame in frames(film, moments(film, _SAMPLES), 0, 1.0)])
    cells, where, count = np.unique(_cells(pixels), return_inverse=True, return_counts=True)
    means = [np.bincount(where, pixels[:, channel], len(cells)) / count for channel in range(3)]
    colors = np.zeros((_COLORS, 3), np.uint8)
    chosen = np.argsort(-count, kind="stable")[:_COLORS]
    colors[: len(chosen)] = np.stack(means, axis=1)[chosen].round()
    return colors


def _cells(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The cell of the colour cube that each colour [..., 3] lies in."""
    coarse = pixels.astype(np.int64) >> (8 - _CELL_BITS)
    cells: NDArray[np.int64] = (coarse[..., 0] << 2 * _CELL_BITS) | (coarse[..., 1] << _CELL_BITS) | coarse[..., 2]
    return cells


def _encodable(library: Any, frame: Frame, inks: Inks | None) -> Any:
    """A frame as the encoder takes it; `inks` of a GIF."""
    if inks is None:
        return library.VideoFrame.from_ndarray(frame, format="rgb24").reformat(format="yuv420p")
    return library.VideoFrame.from_ndarray((inks.nearest[_cells(frame)], inks.palette), "pal8")


def _caption(painter: QPainter, look: Look, text: str) -> None:
    """How far the search is, in the upper left corner."""
    painter.save()
    painter.scale(look.zoom, look.zoom)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    letters = font(look.theme.large, strong=True)
    painter.setFont(letters)
    metrics = QFontMetricsF(letters)
    width, height = metrics.horizontalAdvance(text), metrics.height()
    painter.fillRect(QRectF(PADDING - 4.0, PADDING - 2.0, width + 8.0, height + 4.0), QColor(look.theme.background))
    painter.setPen(QColor(look.theme.text))
    painter.drawText(QPointF(PADDING, PADDING + metrics.ascent()), text)
    painter.restore()


def _pixels(page: QImage) -> Frame:
    """The page's colours, copied."""
    rows = np.frombuffer(page.constBits(), np.uint8).reshape(page.height(), page.bytesPerLine())
    packed = rows[:, : 4 * page.width()].copy().view("<u4")  # 0xFFRRGGBB in the machine's order, which is this one
    return np.stack([(packed >> shift & 255).astype(np.uint8) for shift in (16, 8, 0)], axis=-1)


def _library() -> Any:
    try:
        import av
    except ImportError as error:
        raise ExportError("films need PyAV: pip install 'arborist-desktop[video]'") from error
    return av
