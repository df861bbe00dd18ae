"""A picture of a tree as a file: what the window shows, without a window.

`python -m app.render.export RECORDING.arborist OUT.png [--at N] [--size WxH] [--theme dark|light]` draws a recording as
it stood after N simulations.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from app.render.legend import LegendRecord, legend_height, paint_legend
from app.render.lettering import Lettering
from app.render.palette import make_palette
from app.render.picture import TreePicture
from app.theme import THEMES, Theme
from engine.tree.columns import SearchTree

BAD_WORDS, BAD_INPUT = 2, 3
"""Exit codes: the words are off, the input is bad."""


class ExportError(ValueError):
    """A picture that cannot be made; the message names the offending value."""


def render_png(
    tree: SearchTree,
    labels: Callable[[int], str],
    size: tuple[int, int],
    theme: Theme,
    path: Path | str,
    *,
    seat: int = 0,
    to_move: int = 0,
    player: str = "",
    zoom: float = 1.0,
) -> None:
    """Draw the whole tree with its legend and save it. Needs a `QGuiApplication`, on any platform.

    Args:
        labels: text of the action that led to a node.
        size: width and height in pixels.
        seat: the player whose view colours and values take; to_move: who is to move at the root.
        player: that player's name, for the legend.
        zoom: how much larger than on screen lines and letters are; 2 suits a poster of twice the pixels.

    Raises:
        ExportError: the size is too small, or the file cannot be written.
    """
    width, height = size
    if width < 320 or height < 240:
        raise ExportError(f"a picture of {width}x{height} is too small; the least is 320x240")
    picture, lettering = TreePicture(make_palette(theme)), Lettering(theme)
    lettering.patience_s = float("inf")
    lettering.set_theme(theme, zoom)
    record = LegendRecord(player=player, nodes=tree.num_nodes)
    foot = round(legend_height(theme, record, width / zoom) * zoom)
    picture.resize(width, height - foot, zoom)
    picture.show(tree, 1 if tree.num_players == 1 or seat == to_move else -1)
    visible = picture.draw()
    lettering.letter(picture, labels, -1, 0.0)
    record = LegendRecord(
        picture.scale, player, tree.num_nodes, visible.nodes, visible.shown, visible.folded, visible.outside
    )
    page = QImage(width, height, QImage.Format.Format_RGB32)
    painter = QPainter(page)
    painter.drawImage(0, 0, QImage(picture.image.data, width, height - foot, 4 * width, QImage.Format.Format_RGB32))
    painter.translate(0.0, height - foot)
    painter.scale(zoom, zoom)
    paint_legend(painter, QRectF(0.0, 0.0, width / zoom, foot / zoom), theme, record)
    painter.end()
    if not page.save(str(path)):
        raise ExportError(f"{path} cannot be written as a picture")


def export_recording(source: Path, target: Path, size: tuple[int, int], theme: Theme, until: int | None) -> None:
    """Draw a recording as it stood after `until` simulations, or at its end.

    Raises:
        RecordingError, JournalError, FoldError: it cannot be read.
        ExportError: it holds no simulation, or the picture cannot be made.
    """
    from engine.domains import registry
    from engine.tree.fold import empty_tree, fold_stream
    from engine.tree.recording import read_recording

    recording = read_recording(source)
    tree = empty_tree(recording.header)
    fold_stream(tree, recording.stream, until)
    if not tree.num_nodes:
        raise ExportError(f"{source} holds no simulation")
    notation = registry.notation(recording.header.domain)

    def label(node: int) -> str:
        line = tree.line_to(node)
        return notation.texts(type(line)(line.start, line.actions[:-1]), line.actions[-1:])[0] if node else ""

    to_move = notation.card(tree.line).to_move
    render_png(tree, label, size, theme, target, to_move=to_move, player=notation.players[0])


def parse_size(text: str) -> tuple[int, int]:
    """Width and height of a text such as 1600x1000.

    Raises:
        ExportError: it is no such text.
    """
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise ExportError(f"{text!r} is no size; expected WIDTHxHEIGHT such as 1600x1000")
    return int(width), int(height)


def main(words: list[str]) -> int:
    """Run the program; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.render.export", description="A recording as a picture.")
    parser.add_argument("recording", type=Path)
    parser.add_argument("picture", type=Path, help="a .png file")
    parser.add_argument("--at", type=int, help="draw the tree as it stood after that many simulations")
    parser.add_argument("--size", default="1600x1000", help="pixels, e.g. 1600x1000")
    parser.add_argument("--theme", choices=sorted(THEMES), default="dark")
    given = parser.parse_args(words)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    try:
        size = parse_size(given.size)
    except ExportError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_WORDS
    try:
        export_recording(given.recording, given.picture, size, THEMES[given.theme], given.at)
    except (ValueError, OSError) as error:  # all errors of recordings, journals and folds are ValueErrors
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
