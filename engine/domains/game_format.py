"""How a domain writes games into files: the seam through which PGN reaches a window that knows no chess.

A domain may have none; its games are then a start and the actions since (`Notation.line_text`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from engine.domains.game_tree import GameTree


class GameTextError(ValueError):
    """A text in which there is no game of the format; the message says why."""


@dataclass(frozen=True, slots=True)
class ReadGame:
    """A game that was read.

    Attributes:
        tree: as far as it could be read.
        fault: a sentence about the first thing that could not, or "".
    """

    tree: GameTree
    fault: str = ""


class GameFormat(Protocol):
    """Games as text, with variations, comments, marks and headers.

    Attributes:
        name: for people, e.g. "PGN". suffixes: of file names, e.g. (".pgn",).
    """

    name: str
    suffixes: tuple[str, ...]

    def is_meant(self, text: str) -> bool:
        """Whether a text looks like a game of this format, rather than a position or a bare list of moves."""
        ...

    def read(self, text: str) -> ReadGame:
        """The first game of a text. A faulty move ends its line; what stands before it is kept.

        Raises:
            GameTextError: there is no game, or its start is no position of the domain.
        """
        ...

    def write(self, tree: GameTree) -> str:
        """The game as a text that `read` reads back.

        Raises:
            PositionError, ActionError: the tree is no game of the domain.
        """
        ...

    def offsets(self, file: BinaryIO) -> Iterator[tuple[int, int]]:
        """Where the games of a file begin and end, in bytes; yields each as soon as its end is known.

        Raises:
            OSError: the file cannot be read.
        """
        ...

    def headers(self, text: str) -> dict[str, str]:
        """The headers of the first game of a text, without reading its moves."""
        ...

    def value(self, comment: str) -> float | None:
        """The evaluation that a node's comment holds, in [-1, 1] from the first player's view."""
        ...

    def with_value(self, comment: str, value: float) -> str:
        """The comment with an evaluation in place of the one it holds; `value` as above."""
        ...

    def marks(self, comment: str) -> tuple[tuple[int, int, str], ...]:
        """Arrows and circles that a comment draws: source and target cell (equal: a circle), and a letter of "GRYB"."""
        ...

    def with_marks(self, comment: str, marks: tuple[tuple[int, int, str], ...]) -> str:
        """The comment with these arrows and circles in place of those it draws."""
        ...
