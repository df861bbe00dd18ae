"""Games of chess in PGN, with all that people write into them. python-chess reads and writes the text.

For training on millions of games see `engine.domains.chess.pgn`, which is much faster and less patient.
"""

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

import chess
import chess.pgn
from typing_extensions import override

from engine.domains.base import PositionError
from engine.domains.chess.centipawns import pawns_in_files, value_of_pawns_in_files
from engine.domains.chess.moves import action_of_move, move_of_action
from engine.domains.chess.positions import START_FEN, VARIANTS, read_fen
from engine.domains.comments import command_of, commands_of, with_command
from engine.domains.game_format import GameTextError, ReadGame
from engine.domains.game_tree import NO_ACTION_YET, GameNode, GameTree

_TAG = re.compile(r'^\s*\[(\w+)\s+"(.*)"\]\s*$', re.MULTILINE)
_MARKS = re.compile(r"[{}()]|\$\d")
_EVALUATION = re.compile(r"(?:#(?P<mate>[+-]?\d+)|(?P<pawns>[+-]?\d*\.?\d+))(?:,\d+)?")
_DRAWN = re.compile(r"([RGYB])([a-h][1-8])([a-h][1-8])?")
_MOST_HEADERS = 8192  # letters


class PgnFormat:
    """PGN as `GameFormat`."""

    name: str = "PGN"
    suffixes: tuple[str, ...] = (".pgn",)

    def is_meant(self, text: str) -> bool:
        """See `GameFormat`: tags, or movetext with comments, variations or marks."""
        return bool(_TAG.search(text) or (_MARKS.search(text) and "/" not in text.split()[0]))

    def read(self, text: str) -> ReadGame:
        """See `GameFormat`."""
        text = text.lstrip("\ufeff \t\r\n")
        headers = self.headers(text)
        variant = headers.get("Variant", "Standard")
        if variant.lower() not in VARIANTS:
            raise GameTextError(f"games of {variant!r} are not supported, only chess and Chess960")
        try:
            start = read_fen(headers.get("FEN", START_FEN)).fen()
        except PositionError as error:
            raise GameTextError(f"the game's start cannot be read: {error}") from error
        builder: _TreeBuilder | None = chess.pgn.read_game(io.StringIO(text), Visitor=_TreeBuilder)
        if builder is None:
            raise GameTextError("there is no game in the text")
        return ReadGame(GameTree(start, builder.root.frozen(), tuple(builder.headers.items())), builder.fault)

    def write(self, tree: GameTree) -> str:
        """See `GameFormat`. What the headers lack of the seven that every file has is filled in."""
        game = chess.pgn.Game(dict(_headers(tree)))
        board = read_fen(tree.start)
        left: list[tuple[GameNode, chess.pgn.GameNode, chess.Board]] = [(tree.root, game, board)]
        game.comment = tree.root.comment
        while left:
            node, written, here = left.pop()
            for child in node.children:
                move = move_of_action(here, child.action)
                there = written.add_variation(
                    move, comment=child.comment, starting_comment=child.before, nags=child.nags
                )
                if child.children:
                    after = here.copy(stack=False)
                    after.push(move)
                    left.append((child, there, after))
        return str(game.accept(chess.pgn.StringExporter(columns=80))) + "\n"

    def offsets(self, file: BinaryIO) -> Iterator[tuple[int, int]]:
        """See `GameFormat`. A game begins with the first line of its tags, or of its moves where it has none."""
        begin, position = -1, 0
        in_tags = in_comment = False
        for line in file:
            is_tag = line.startswith(b"[") and not in_comment
            if is_tag and not in_tags:
                if begin >= 0:
                    yield begin, position
                begin = position
            elif begin < 0 and not line.isspace():
                begin = position
            if is_tag:
                in_tags = True
            elif not line.isspace():
                in_tags = False
                in_comment = _leaves_comment_open(line, in_comment=in_comment)
            position += len(line)
        if begin >= 0:
            yield begin, position

    def headers(self, text: str) -> dict[str, str]:
        """See `GameFormat`."""
        return dict(chess.pgn.read_headers(io.StringIO(text[:_MOST_HEADERS].lstrip("\ufeff"))) or {})

    def value(self, comment: str) -> float | None:
        """See `GameFormat`: from "[%eval 0.30]" (pawns) or "[%eval #-3]" (mate), both from White's view."""
        match = _EVALUATION.fullmatch(command_of(comment, "eval"))
        if match is None:
            return None
        if match["mate"]:
            return -1.0 if match["mate"].startswith("-") else 1.0
        return value_of_pawns_in_files(float(match["pawns"]))

    def with_value(self, comment: str, value: float) -> str:
        """See `GameFormat`."""
        return with_command(comment, "eval", f"{pawns_in_files(value):.2f}")

    def marks(self, comment: str) -> tuple[tuple[int, int, str], ...]:
        """See `GameFormat`: from "[%csl Gd4]" and "[%cal Rd1d5]"."""
        drawn = [value for name, value in commands_of(comment) if name in ("csl", "cal")]
        found = (_DRAWN.fullmatch(word.strip()) for value in drawn for word in value.split(","))
        squares = chess.SQUARE_NAMES
        return tuple((squares.index(m[2]), squares.index(m[3] or m[2]), m[1]) for m in found if m is not None)

    def with_marks(self, comment: str, marks: tuple[tuple[int, int, str], ...]) -> str:
        """See `GameFormat`."""
        name = chess.square_name
        circles = ",".join(f"{letter}{name(source)}" for source, target, letter in marks if source == target)
        arrows = ",".join(f"{letter}{name(a)}{name(b)}" for a, b, letter in marks if a != b)
        return with_command(with_command(comment, "cal", arrows), "csl", circles)


class _Draft:
    """A node while it is being read."""

    def __init__(self, action: int = NO_ACTION_YET) -> None:
        self.action = action
        self.children: list[_Draft] = []
        self.before: list[str] = []
        self.comments: list[str] = []
        self.nags: set[int] = set()

    def frozen(self) -> GameNode:
        """The node for good, with all below it; the deepest are made first."""
        order = [self]
        for draft in order:
            order.extend(draft.children)
        made: dict[int, GameNode] = {}
        for draft in reversed(order):
            children = tuple(made.pop(id(child)) for child in draft.children)
            words = (" ".join(draft.before), " ".join(draft.comments))
            made[id(draft)] = GameNode(draft.action, children, *words, tuple(sorted(draft.nags)))
        return made[id(self)]


class _TreeBuilder(chess.pgn.BaseVisitor["_TreeBuilder"]):
    """Hears what python-chess reads, and keeps it.

    Where a move cannot be read, python-chess would lose its place if that were said inside a variation. So it is handed
    a pass instead, and what follows in that line is not kept.

    Attributes:
        root: the tree so far. headers: the tags. fault: a sentence about the first mistake, or "".
    """

    def __init__(self) -> None:
        self.root = _Draft()
        self.headers: dict[str, str] = {}
        self.fault = ""
        # The line being read and those it branched off; None = a node that is not kept.
        self._lines: list[list[_Draft | None]] = [[self.root]]
        self._starts_line = False
        self._words: list[str] = []

    @override
    def visit_header(self, tagname: str, tagvalue: str) -> None:
        self.headers[tagname] = tagvalue

    @override
    def visit_comment(self, comment: str) -> None:
        node = self._lines[-1][-1]
        if self._starts_line:
            self._words.append(comment.strip())
        elif node is not None:
            node.comments.append(comment.strip())

    @override
    def visit_nag(self, nag: int) -> None:
        node = self._lines[-1][-1]
        if node is not None and node is not self.root:
            node.nags.add(nag)

    @override
    def begin_variation(self) -> None:
        self._lines.append(self._lines[-1][:-1])
        self._starts_line = True
        self._words = []

    @override
    def end_variation(self) -> None:
        self._lines.pop()
        self._starts_line = False

    @override
    def parse_san(self, board: chess.Board, san: str) -> chess.Move:
        if self._lines[-1][-1] is None:
            return chess.Move.null()
        try:
            move = board.parse_san(san)
        except ValueError as error:
            self._note(str(error))
            return chess.Move.null()
        if not move:
            self._note(f"{san!r} passes, which is no legal move in {board.fen()!r}")
        return move

    @override
    def visit_move(self, board: chess.Board, move: chess.Move) -> None:
        line = self._lines[-1]
        parent = line[-1]
        line.append(self._child(parent, action_of_move(board, move)) if parent is not None and move else None)
        self._words = []
        self._starts_line = False

    @override
    def visit_result(self, result: str) -> None:
        if self.headers.get("Result", "*") == "*":
            self.headers["Result"] = result

    @override
    def result(self) -> "_TreeBuilder":
        return self

    def _child(self, parent: _Draft, action: int) -> _Draft:
        """The child that `action` leads to, new or there already."""
        found = next((child for child in parent.children if child.action == action), None)
        if found is None:
            found = _Draft(action)
            parent.children.append(found)
        (found.comments if found is parent.children[0] else found.before).extend(self._words)
        return found

    def _note(self, reason: str) -> None:
        """Keep the first mistake as a sentence."""
        played = len(self._lines[-1]) - 1
        moves = f"{played} move{'' if played == 1 else 's'}"
        where = f"Stopped after {moves}" if len(self._lines) == 1 else f"A variation stops after {moves}"
        self.fault = self.fault or f"{where}: {reason}."


def _headers(tree: GameTree) -> Iterator[tuple[str, str]]:
    """The seven tags of every file, in their order, then the others."""
    known = dict(tree.headers)
    usual = chess.pgn.Headers()
    result = known.get("Result", "*")
    yield from ((name, known.get(name, value)) for name, value in usual.items() if name != "Result")
    yield "Result", result if result != "*" else _result(tree)
    set_up = {"SetUp": "1", "FEN": tree.start} if tree.start != START_FEN else {}
    if read_fen(tree.start).chess960:
        set_up["Variant"] = "Chess960"
    for name, value in (known | set_up).items():
        if name not in usual and (set_up or name not in ("SetUp", "FEN")):
            yield name, value


def _result(tree: GameTree) -> str:
    """How the main line ends by the rules, or "*"."""
    board, node = read_fen(tree.start), tree.root
    while node.children:
        node = node.children[0]
        board.push(move_of_action(board, node.action))
    outcome = board.outcome()
    return "*" if outcome is None else outcome.result()


def _leaves_comment_open(line: bytes, *, in_comment: bool) -> bool:
    """Whether a brace is open at the end of a line of moves."""
    last_open, last_closed = line.rfind(b"{"), line.rfind(b"}")
    return in_comment if last_open == last_closed == -1 else last_open > last_closed
