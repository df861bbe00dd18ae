"""Games as text: what a person pastes or opens is read, whatever it is, and said back; what is copied is written.

Reading is forgiving in form and strict in play: every move must be legal where it stands. A game with a mistake is read
up to it, and the mistake is named. What a domain's own format (`GameFormat`) keeps, is kept: variations, comments,
marks and headers.
"""

import re
from dataclasses import dataclass

from app.viewmodels.game import Game, at_end, at_end_of
from engine.domains import game_tree as trees
from engine.domains import registry
from engine.domains.base import ActionError, Line, Notation, PositionError
from engine.domains.game_format import GameFormat, GameTextError
from engine.domains.game_tree import GameTree

START = "startpos"
_COMMENT = re.compile(r"\{[^}]*\}?|;[^\n]*")
_NUMBER = re.compile(r"\d+\s*\.(?:\s*\.\.)?|\d+…")
_RESULTS = {"1-0", "0-1", "1/2-1/2", "½-½", "*"}
_MOST_SHOWN, _MOST_SAID = 60, 200
"""Letters of an unreadable text that an error message repeats, and of a reason that is still one sentence."""


class TranscriptError(ValueError):
    """A text in which neither a position nor a game can be found; the message repeats its beginning."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a text was read as.

    Attributes:
        game: with the cursor at the end of what was read.
        said: one sentence for the person: what it was taken for, what is missing, where reading stopped.
        lacks_history: it is a position that a game led to, and that game is not known.
    """

    game: Game
    said: str
    lacks_history: bool = False


def read_transcript(text: str, notation: Notation, before: Game | None = None) -> Transcript:
    """Read `text` as a position, a line ("startpos moves ..."), a game in the domain's format or a list of moves.

    Args:
        before: where a list of moves goes on from, if its first move is legal there; otherwise it starts a new game.

    Raises:
        TranscriptError: it is none of these.
    """
    text = text.strip().removeprefix("\ufeff")
    if not text:
        raise TranscriptError("there is no text to read")
    game_format = registry.game_format(notation.name)
    if game_format is not None and game_format.is_meant(text):
        read = read_game(text, game_format)
        if read.game.path or trees.find(read.game.tree, ()).comment or read.game.tree.headers:
            return read
    try:
        line = notation.parse_line(text)
    except (PositionError, ActionError) as error:
        return _read_moves(text, notation, before, error)
    if line.actions:
        kind = "game" if _NUMBER.search(text) else "line"
        return Transcript(at_end(line), f"Read a {kind} of {_moves(len(line.actions))}.")
    if line == notation.parse_line(START):
        return Transcript(at_end(line), "Read the start position.")
    said = "Read a position. Its history is empty: earlier moves, and so repetitions, are not known."
    return Transcript(at_end(line), said, lacks_history=True)


def read_game(text: str, game_format: GameFormat) -> Transcript:
    """The first game of a text in a domain's format.

    Raises:
        TranscriptError: there is none.
    """
    try:
        read = game_format.read(text)
    except GameTextError as error:
        raise TranscriptError(str(error)) from error
    game = at_end_of(read.tree)
    said = f"Read a {game_format.name} game{named(dict(read.tree.headers))} of {_moves(len(game.path))}"
    beside = sum(len(node.children) - 1 for _, node in trees.walk(read.tree) if len(node.children) > 1)
    if beside:
        said += f" and {beside} variation{'' if beside == 1 else 's'}"
    return Transcript(game, f"{said}. {read.fault}".rstrip())


def write_transcript(tree: GameTree, line: Line, notation: Notation) -> str:
    """The game as text: with all its variations in the domain's format, otherwise `line` as `parse_line` reads it."""
    game_format = registry.game_format(notation.name)
    return notation.line_text(line) if game_format is None else game_format.write(tree)


def named(headers: dict[str, str]) -> str:
    """Who played, in brackets, as far as it is known; or ""."""
    names = " – ".join(headers[side] for side in ("White", "Black") if headers.get(side, "?") not in ("?", ""))
    return f" ({names})" if names else ""


def _read_moves(text: str, notation: Notation, before: Game | None, error: ValueError) -> Transcript:
    """A list of moves: on from `before` if that is legal, else from the start position."""
    words = _words(text)
    start = at_end(notation.parse_line(START))
    for game in (start,) if before is None else (before, start):
        line, mistake = _follow(words, game.current, notation)
        added = line.actions[game.cursor :]
        if added:
            from_here = " from here" if game is before else ""
            said = f"Read a list of {_moves(len(added))}{from_here}. {mistake}".rstrip()
            return Transcript(game.play(*added), said)
    if len(str(error)) <= _MOST_SAID:
        raise TranscriptError(str(error)) from error
    raise TranscriptError(
        f"{text[:_MOST_SHOWN] + '…'!r} is neither a position nor a game of {notation.title}"
    ) from error


def _follow(words: list[str], line: Line, notation: Notation) -> tuple[Line, str]:
    """`line` with the moves of `words`, up to the first that is not legal, and a sentence about that one."""
    for played, word in enumerate(words):
        try:
            line = line.then(notation.parse_action(line, word))
        except ActionError as error:
            return line, f"Stopped after {_moves(played)}: {error}."
    return line, ""


def _words(movetext: str) -> list[str]:
    """The moves of the main line, without numbers, comments, variations, annotations and the result."""
    flat = _COMMENT.sub(" ", movetext)
    while (inner := re.sub(r"\([^()]*\)", " ", flat)) != flat:
        flat = inner
    words = _NUMBER.sub(" ", flat).split()
    moves = (word.rstrip("!?") for word in words if word not in _RESULTS and not word.startswith("$"))
    return [word for word in moves if word]


def _moves(number: int) -> str:
    return f"{number} move{'' if number == 1 else 's'}"
