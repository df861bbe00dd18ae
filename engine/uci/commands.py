"""What a GUI says: one line in, one frozen record out. Nothing here fails: what is not understood is passed over.

The protocol asks for that: "if the engine receives an unknown command or token it should just ignore it and try to
parse the rest of the string in this line".
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Uci:
    """The GUI asks who this is."""


@dataclass(frozen=True, slots=True)
class IsReady:
    """The GUI waits until everything said before is done."""


@dataclass(frozen=True, slots=True)
class NewGame:
    """The next position is of another game."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Answer now."""


@dataclass(frozen=True, slots=True)
class PonderHit:
    """The move that was pondered on has been played: think on, the clock runs."""


@dataclass(frozen=True, slots=True)
class Quit:
    """End."""


@dataclass(frozen=True, slots=True)
class SetOption:
    """An option is set; `value` is "" for a button."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Position:
    """What is searched next: `start` is a FEN or "startpos", `moves` are names of moves from there."""

    start: str
    moves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Go:
    """Search. Times in milliseconds; None = not said.

    Attributes:
        depth: length of the main line. nodes: visits of the root. mate: in so many moves.
        movestogo: moves until the next time control.
        infinite, ponder: give no answer until `stop` (or `ponderhit`).
        searchmoves: names of the only moves to look at; empty = all.
    """

    wtime: int | None = None
    btime: int | None = None
    winc: int | None = None
    binc: int | None = None
    movestogo: int | None = None
    depth: int | None = None
    nodes: int | None = None
    mate: int | None = None
    movetime: int | None = None
    infinite: bool = False
    ponder: bool = False
    searchmoves: tuple[str, ...] = ()


Command = Uci | IsReady | NewGame | Stop | PonderHit | Quit | SetOption | Position | Go

_OPTION = re.compile(r"name\s+(?P<name>.*?)(?:\s+value(?:\s+(?P<value>.*))?)?$", re.IGNORECASE)
_MOVE = re.compile(r"[a-h][1-8][a-h][1-8][qrbnQRBN]?|0000")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBERS = frozenset({"wtime", "btime", "winc", "binc", "movestogo", "depth", "nodes", "mate", "movetime"})
_FEN_FIELDS = 6


def parse(line: str) -> Command | None:
    """The command in `line`, or None where there is none."""
    words = line.split()
    for at, word in enumerate(words):
        if word in _READERS:
            return _READERS[word](words[at + 1 :], line)
    return None


def _read_option(words: Sequence[str], line: str) -> SetOption | None:
    del words
    found = _OPTION.search(line.strip())  # not made of words: a path may hold several spaces
    if found is None or not found["name"]:
        return None
    return SetOption(" ".join(found["name"].split()), (found["value"] or "").strip())


def _read_position(words: Sequence[str], line: str) -> Position | None:
    del line
    moves_at = next((at for at, word in enumerate(words) if word == "moves"), len(words))
    moves = tuple(words[moves_at + 1 :])
    for at, word in enumerate(words[:moves_at]):
        if word == "startpos":
            return Position("startpos", moves)
        if word == "fen":
            return Position(" ".join(words[at + 1 : moves_at][:_FEN_FIELDS]), moves)
    return None


def _read_go(words: Sequence[str], line: str) -> Go:
    del line
    said: dict[str, int] = {}
    flags: dict[str, bool] = {}
    moves: list[str] = []
    word_at = 0
    while word_at < len(words):
        word, following = words[word_at], words[word_at + 1 : word_at + 2]
        word_at += 1
        if word in ("infinite", "ponder"):
            flags[word] = True
        elif word in _NUMBERS and following and _NUMBER.fullmatch(following[0]):
            said[word] = int(following[0])
            word_at += 1
        elif word == "searchmoves":
            while word_at < len(words) and _MOVE.fullmatch(words[word_at]):
                moves.append(words[word_at])
                word_at += 1
    return Go(
        wtime=said.get("wtime"),
        btime=said.get("btime"),
        winc=said.get("winc"),
        binc=said.get("binc"),
        movestogo=said.get("movestogo"),
        depth=said.get("depth"),
        nodes=said.get("nodes"),
        mate=said.get("mate"),
        movetime=said.get("movetime"),
        infinite=flags.get("infinite", False),
        ponder=flags.get("ponder", False),
        searchmoves=tuple(moves),
    )


def _plain(command: Command) -> Callable[[Sequence[str], str], Command]:
    """A reader of a word that stands alone."""

    def read(words: Sequence[str], line: str) -> Command:
        del words, line
        return command

    return read


_READERS: dict[str, Callable[[Sequence[str], str], Command | None]] = {
    "uci": _plain(Uci()),
    "isready": _plain(IsReady()),
    "ucinewgame": _plain(NewGame()),
    "stop": _plain(Stop()),
    "ponderhit": _plain(PonderHit()),
    "quit": _plain(Quit()),
    "setoption": _read_option,
    "position": _read_position,
    "go": _read_go,
}
