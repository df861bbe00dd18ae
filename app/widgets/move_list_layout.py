"""Where the words of a move list stand: the main line in two columns, passages of text flowing across, indented."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect

from app.viewmodels.records import MoveCell, MovesRow

MOVE, NUMBER, WORDS = "move", "number", "words"
_PAD = 6
"""Pixels of a move's box beside its text."""
_MOST_INDENTS = 5
"""Deeper variations are not indented further."""


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of text.

    Attributes:
        kind: `MOVE`, `NUMBER` or `WORDS`. cell: of a move. depth: 0 = main line.
    """

    rect: QRect
    text: str
    kind: str
    cell: MoveCell | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Measures:
    """What a layout depends on, in pixels; `width_of` measures a move's text, `words_width_of` a comment's."""

    width: int
    line: int
    number: int
    indent: int
    width_of: Callable[[str], int]
    words_width_of: Callable[[str], int]


class MoveLayout:
    """The boxes of a list, from top to bottom.

    Attributes:
        boxes: all of them. height: of the whole. rails: upright lines at the left of variations: x, top, bottom.
    """

    def __init__(self, rows: tuple[MovesRow, ...], measures: Measures) -> None:
        self.boxes: list[Box] = []
        self.rails: list[tuple[int, int, int]] = []
        self.height = 0
        self._measures = measures
        for row in rows:
            if row.pair is not None:
                self._place_pair(row, row.pair)
            else:
                self._place_passage(row)
        self._tops = [box.rect.top() for box in self.boxes]
        self._by_path = {box.cell.path: box for box in self.boxes if box.cell is not None}

    def between(self, top: int, bottom: int) -> list[Box]:
        """The boxes that show between two heights."""
        first = bisect_left(self._tops, top - self._measures.line)
        return self.boxes[first : bisect_left(self._tops, bottom)]

    def at(self, point: QPoint) -> MoveCell | None:
        """The move at a place."""
        near = self.between(point.y(), point.y() + 1)
        return next((box.cell for box in near if box.cell is not None and box.rect.contains(point)), None)

    def of(self, path: tuple[int, ...]) -> QRect | None:
        """Where the move of `path` stands."""
        box = self._by_path.get(path)
        return None if box is None else box.rect

    def _place_pair(self, row: MovesRow, pair: tuple[MoveCell | None, MoveCell | None]) -> None:
        size = self._measures
        self.boxes.append(Box(QRect(0, self.height, size.number, size.line), row.number, NUMBER))
        half = (size.width - size.number) // 2
        for column, cell in enumerate(pair):
            rect = QRect(size.number + column * half, self.height, half, size.line)
            if cell is not None:
                self.boxes.append(Box(rect, cell.text + _sign(cell), MOVE, cell))
            else:
                self.boxes.append(Box(rect.adjusted(_PAD, 0, 0, 0), "…", NUMBER))
        self.height += size.line

    def _place_passage(self, row: MovesRow) -> None:
        """Words one after the other, as many on a line as there is room for."""
        size = self._measures
        left = size.number + max(min(row.depth, _MOST_INDENTS) - 1, 0) * size.indent
        space = size.words_width_of(" ")
        top, x, y = self.height, left, self.height
        for word in row.words:
            for text, kind, cell in _pieces(word):
                wide = size.width_of(text) + 2 * _PAD if kind == MOVE else size.words_width_of(text) + space
                wide = min(wide, size.width - left - _PAD)
                if x > left and x + wide > size.width:
                    x, y = left, y + size.line
                if x == left and kind == WORDS:
                    x += _PAD  # in line with the text of moves
                self.boxes.append(Box(QRect(x, y, wide, size.line), text, kind, cell, row.depth))
                x += wide
        self.height = y + size.line
        if row.depth:
            for level in range(min(row.depth, _MOST_INDENTS)):
                self.rails.append((size.number + level * size.indent - size.indent // 2, top, self.height))


def _pieces(word: MoveCell | str) -> list[tuple[str, str, MoveCell | None]]:
    """What a word of a passage is broken into: a comment into its words, so that it can flow."""
    if isinstance(word, str):
        return [(piece, WORDS, None) for piece in word.split()]
    number = f"{word.number} " if word.number else ""
    return [(f"{number}{word.text}{_sign(word)}", MOVE, word)]


def _sign(cell: MoveCell) -> str:
    """Marks on a move stick to it, others stand apart."""
    return cell.marks if cell.marks[:1] in "!?□" else f" {cell.marks}"
