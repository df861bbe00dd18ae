"""Games as arrays: what any reader of game files hands to training.

Shape letters: `G` games, `P` plies of all games together.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

UNKNOWN_RATING = 0
NO_RESULT = 2
"""In place of a result that is not known, or that the board did not decide."""


class GameFileError(ValueError):
    """A file of games that cannot be read; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordedGames:
    """Games from one start, in CSR form.

    Attributes:
        start: text of the position they all start from, as in `Line.start`.
        offsets: int64 [G + 1]; game `g` owns `actions[offsets[g]:offsets[g + 1]]`.
        actions: uint16 [P], legal where they stand.
        results: int8 [G], +1 the first player won, 0 draw, -1 the second won, `NO_RESULT`.
        ratings: uint16 [G, 2] of first and second player; `UNKNOWN_RATING` where not told.
    """

    start: str
    offsets: NDArray[np.int64]
    actions: NDArray[np.uint16]
    results: NDArray[np.int8]
    ratings: NDArray[np.uint16]

    def __len__(self) -> int:
        """Number of games."""
        return len(self.results)

    def chosen(self, keep: NDArray[np.bool_]) -> "RecordedGames":
        """The games where `keep` [G] is true."""
        lengths = np.diff(self.offsets)
        offsets = np.concatenate(([0], np.cumsum(lengths[keep]))).astype(np.int64)
        return RecordedGames(
            self.start, offsets, self.actions[np.repeat(keep, lengths)], self.results[keep], self.ratings[keep]
        )


def read_games(path: Path, domain: str) -> RecordedGames:
    """The games in a file; chess: PGN, also compressed (`.zst`).

    Raises:
        GameFileError: the file cannot be read, holds no game, or the domain has no format for games.
    """
    if domain != "chess":
        raise GameFileError(f"domain {domain!r} has no file format for games; only chess has (PGN)")
    return _read_pgn(path)


def file_size(path: Path) -> int:
    """Bytes of a file of games.

    Raises:
        GameFileError: there is none.
    """
    try:
        return path.stat().st_size
    except OSError as error:
        raise GameFileError(f"{path}: cannot be read ({error.strerror})") from error


def _read_pgn(path: Path) -> RecordedGames:
    # Imported when asked for: other domains need nothing of chess.
    import zstandard

    from engine.domains.chess.pgn import read_pgn
    from engine.domains.chess.positions import START_FEN

    actions: list[NDArray[np.uint16]] = []
    results: list[int] = []
    ratings: list[tuple[int, int]] = []
    try:
        for game in read_pgn(path):
            if game.fault or b"FEN" in game.headers:
                continue
            # A clock that ran out says little about the position, in fast games next to nothing.
            on_the_board = game.headers.get(b"Termination", b"Normal") == b"Normal"
            actions.append(game.actions)
            results.append(game.result if game.result is not None and on_the_board else NO_RESULT)
            ratings.append((_rating(game.headers.get(b"WhiteElo")), _rating(game.headers.get(b"BlackElo"))))
    except OSError as error:
        raise GameFileError(f"{path}: cannot be read ({error.strerror or error})") from error
    except zstandard.ZstdError as error:
        raise GameFileError(f"{path}: not a Zstandard file ({error})") from error
    if not actions:
        raise GameFileError(f"{path}: no game of standard chess in it can be read")
    offsets = np.concatenate(([0], np.cumsum([len(game_actions) for game_actions in actions])))
    return RecordedGames(
        START_FEN,
        offsets.astype(np.int64),
        np.concatenate(actions),
        np.array(results, np.int8),
        np.array(ratings, np.uint16),
    )


def _rating(text: bytes | None) -> int:
    return int(text) if text is not None and text.isdigit() and len(text) <= 4 else UNKNOWN_RATING
