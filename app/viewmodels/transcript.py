"""Games as text: what a person pastes or opens is read, whatever it is, and said back; what is copied is written.

Reading is forgiving in form and strict in play: numbers, comments, annotations and variations are passed over, but
every move must be legal where it stands. A game with a mistake is read up to it, and the mistake is named.
"""

import re
from dataclasses import dataclass

from app.viewmodels.game import Game, at_end
from engine.domains.base import ActionError, Line, Notation, PositionError

START = "startpos"
_TAG = re.compile(r'^\s*\[(\w+)\s+"([^"]*)"\]\s*$', re.MULTILINE)
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
        game: the line, with the cursor at its end.
        said: one sentence for the person: what it was taken for, what is missing, where reading stopped.
    """

    game: Game
    said: str


def read_transcript(text: str, notation: Notation, before: Line | None = None) -> Transcript:
    """Read `text` as a position, a line ("startpos moves ..."), a PGN game or a list of moves.

    Args:
        before: where a list of moves goes on from, if its first move is legal there; otherwise it starts a new game.

    Raises:
        TranscriptError: it is none of these.
    """
    text = text.strip().removeprefix("\ufeff")
    if not text:
        raise TranscriptError("there is no text to read")
    if _TAG.search(text):
        return _read_pgn(text, notation)
    try:
        line = notation.parse_line(text)
    except (PositionError, ActionError) as error:
        return _read_moves(text, notation, before, error)
    if line.actions:
        kind = "game" if _NUMBER.search(text) else "line"
        return Transcript(at_end(line), f"Read a {kind} of {_moves(len(line.actions))}.")
    if line == notation.parse_line(START):
        return Transcript(at_end(line), "Read the start position.")
    return Transcript(at_end(line), "Read a position; earlier moves, and so repetitions, are not known.")


def write_transcript(line: Line, notation: Notation) -> str:
    """The whole line as text: PGN for chess, otherwise what `Notation.parse_line` reads."""
    if notation.name != "chess":
        return notation.line_text(line)
    card = notation.card(line)
    tags = {"Event": "Arborist", "Result": _result(notation.outcomes[card.outcome].value, card.to_move, card.outcome)}
    if line.start != notation.parse_line(START).start:
        tags |= {"SetUp": "1", "FEN": line.start}
    words: list[str] = []
    start = notation.card(Line(line.start))
    number = int(line.start.split()[-1]) if line.start.split()[-1].isdecimal() else 1
    for index, text in enumerate(notation.texts(Line(line.start), line.actions)):
        turn, second = divmod(index + start.to_move, 2)
        if not second:
            words.append(f"{number + turn}.")
        elif not index:
            words.append(f"{number + turn}...")
        words.append(text)
    heading = "\n".join(f'[{name} "{value}"]' for name, value in tags.items())
    return f"{heading}\n\n{_wrapped([*words, tags['Result']])}\n"


def _read_pgn(text: str, notation: Notation) -> Transcript:
    """The first game of a PGN text."""
    games = re.split(r"(?m)^(?=\[Event )", text)
    first = next(game for game in games if _TAG.search(game))
    tags = dict(_TAG.findall(first))
    try:
        start = notation.parse_line(tags.get("FEN", START))
    except (PositionError, ActionError) as error:
        raise TranscriptError(f"the game's start cannot be read: {error}") from error
    line, mistake = _follow(_words(_TAG.sub("", first)), start, notation)
    names = " – ".join(tags[side] for side in ("White", "Black") if tags.get(side, "?") != "?")
    more = sum(bool(_TAG.search(game)) for game in games) - 1
    said = f"Read a PGN game{f' ({names})' if names else ''} of {_moves(len(line.actions))}"
    said += f", the first of {more + 1}." if more else "."
    return Transcript(at_end(line), f"{said} {mistake}".rstrip())


def _read_moves(text: str, notation: Notation, before: Line | None, error: ValueError) -> Transcript:
    """A list of moves: on from `before` if that is legal, else from the start position."""
    words = _words(text)
    starts = [notation.parse_line(START)] if before is None else [before, notation.parse_line(START)]
    for start in starts:
        line, mistake = _follow(words, start, notation)
        added = len(line.actions) - len(start.actions)
        if added:
            from_here = " from here" if start is before else ""
            return Transcript(at_end(line), f"Read a list of {_moves(added)}{from_here}. {mistake}".rstrip())
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


def _result(value: int, to_move: int, outcome: int) -> str:
    """PGN's result of a line that ended with `value` for the player to move."""
    if not outcome:
        return "*"
    if not value:
        return "1/2-1/2"
    return "1-0" if (value > 0) == (to_move == 0) else "0-1"


def _moves(number: int) -> str:
    return f"{number} move{'' if number == 1 else 's'}"


def _wrapped(words: list[str]) -> str:
    """Words in lines of at most 79 letters."""
    lines = [""]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > 79:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
