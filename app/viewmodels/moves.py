"""The move list: the main line in pairs, and between them comments and variations, each where it belongs."""

from dataclasses import dataclass
from functools import lru_cache

from app.viewmodels.game import Game
from app.viewmodels.nags import signs
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import MoveCell, MovesRecord, MovesRow
from engine.domains.base import Line
from engine.domains.comments import words_of
from engine.domains.game_tree import GameNode, GameTree, Path, continuation, lineage

_KEPT = 16
"""Games whose rows are remembered: those that undo or a look around comes back to."""


def moves_record(game: Game, phrases: Phrases) -> MovesRecord:
    """The list for `game`; the outcome is named where play has ended at the cursor."""
    card = phrases.card(game.current)
    outcome = card.status if card.outcome else ""
    return MovesRecord(_rows(game.tree, phrases), game.here, game.path, outcome)


def number_text(ply: int, start: str, begins: int) -> str:
    """The number of the move that follows `ply` actions: "12." for the first player, "12…" for the second.

    Args:
        start: text of the start position. begins: who is to move there.
    """
    turn, second = divmod(ply + begins, 2)
    return f"{_first_number(start) + turn}{'…' if second else '.'}"


@lru_cache(maxsize=_KEPT)
def _rows(tree: GameTree, phrases: Phrases) -> tuple[MovesRow, ...]:
    return _Writer(tree, phrases).write()


@dataclass(frozen=True, slots=True)
class _Passage:
    """Moves still to be written: from the end of `path` on. `goes_on`: it was interrupted before."""

    path: Path
    depth: int
    before: str = ""
    goes_on: bool = False


class _Writer:
    """Writes the rows of one game."""

    def __init__(self, tree: GameTree, phrases: Phrases) -> None:
        self._tree, self._phrases = tree, phrases
        self._begins = phrases.card(Line(tree.start)).to_move
        self._rows: list[MovesRow] = []

    def write(self) -> tuple[MovesRow, ...]:
        """The main line, with all that stands beside it below the move it belongs to."""
        main = continuation(self._tree)
        nodes, texts = lineage(self._tree, main), self._phrases.texts(Line(self._tree.start), main)
        self._say(nodes[0])
        open_pair: MoveCell | None = None
        for ply, text in enumerate(texts):
            node = nodes[ply + 1]
            cell = MoveCell(main[: ply + 1], "", text, signs(node.nags))
            number, is_second = self._number(ply), (ply + self._begins) % 2 == 1
            beside = bool(words_of(node.comment)) or len(nodes[ply].children) > 1
            if is_second:
                number = number if open_pair is None else number.replace("…", ".")
                self._rows.append(MovesRow((open_pair, cell), number))
                open_pair = None
            elif beside or ply + 1 == len(texts):
                self._rows.append(MovesRow((cell, None), number))
            else:
                open_pair = cell
            self._say(node)
            for other in nodes[ply].children[1:]:
                self._write_variation((*main[:ply], other.action), other)
        return tuple(self._rows)

    def _say(self, node: GameNode) -> None:
        """A comment of the main line, in a row of its own."""
        if words := words_of(node.comment):
            self._rows.append(MovesRow(words=(words,)))

    def _write_variation(self, path: Path, first: GameNode) -> None:
        """A variation and all below it. Where a deeper one interrupts it, it goes on in a row of its own."""
        jobs = [_Passage(path, 1, first.before)]
        while jobs:
            passage = jobs.pop()
            line = continuation(self._tree, passage.path)
            nodes, begin = lineage(self._tree, line), len(passage.path)
            texts = self._phrases.texts(Line(self._tree.start, line[: begin - 1]), line[begin - 1 :])
            words: list[MoveCell | str] = [words_of(passage.before)] if words_of(passage.before) else []
            for length, text in enumerate(texts, begin):
                node = nodes[length]
                number = self._number(length - 1)
                is_numbered = number.endswith(".") or not words or isinstance(words[-1], str)
                words.append(MoveCell(line[:length], number if is_numbered else "", text, signs(node.nags)))
                if said := words_of(node.comment):
                    words.append(said)
                others = nodes[length - 1].children[1:] if length > begin or passage.goes_on else ()
                if others:
                    if length < len(line):
                        jobs.append(_Passage(line[: length + 1], passage.depth, goes_on=True))
                    jobs.extend(
                        _Passage((*line[: length - 1], other.action), passage.depth + 1, other.before)
                        for other in reversed(others)
                    )
                    break
            self._rows.append(MovesRow(words=tuple(words), depth=passage.depth))

    def _number(self, ply: int) -> str:
        return number_text(ply, self._tree.start, self._begins)


def _first_number(start: str) -> int:
    """The number play begins with: the last field of a position's text where it is one (as in a FEN), else 1."""
    last = start.split()[-1] if len(start.split()) > 1 else ""
    return int(last) if last.isdecimal() and int(last) > 0 else 1
