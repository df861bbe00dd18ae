"""The lessons of a round in its folder: its own shards, those of rounds before it, and which are left out.

Shape letters: `S` lessons.
"""

import hashlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.distill.durable import write_durably
from engine.distill.lessons import Lessons, LessonsError, joined, read_lessons, write_lessons
from engine.distill.round_order import RoundError, RoundOrder
from engine.distill.round_state import ORDER_FILE, read_order
from engine.domains.base import Rules

_FOLDER, _EXCLUDED_FILE = "lessons", "excluded.json"
_HELD_OUT = 16
"""One game in so many is not learned from."""


class Exclusion(msgspec.Struct, frozen=True):
    """Lessons of a round that are not to be learned.

    Attributes:
        lessons: their numbers, ascending. digest: of the lessons that are meant.
    """

    lessons: tuple[int, ...] = ()
    digest: str = ""


class RoundLessons:
    """The lessons of one round.

    Args:
        folder: of the round; those of earlier rounds lie beside it.
    """

    def __init__(self, rules: Rules, order: RoundOrder, folder: Path) -> None:
        self._rules, self._order, self._folder = rules, order, folder
        self._shards_folder = folder / _FOLDER

    @property
    def num_shards(self) -> int:
        """How many there will be."""
        size = self._order.size
        return -(-size.games // size.shard_games)

    def keep(self, shard: int, lessons: Lessons) -> None:
        """Write a shard that was played."""
        self._shards_folder.mkdir(exist_ok=True)
        write_lessons(lessons, self._path(shard), self._rules.name)
        self._part_path(shard).unlink(missing_ok=True)

    def keep_part(self, shard: int, lessons: Lessons) -> None:
        """Write what is known of a shard that is being played."""
        self._shards_folder.mkdir(exist_ok=True)
        write_lessons(lessons, self._part_path(shard), self._rules.name)

    def part(self, shard: int) -> Lessons | None:
        """What was known of a shard when it was cut off; None where it is to be played from its beginning."""
        try:
            return read_lessons(self._part_path(shard), self._rules)
        except LessonsError:
            return None

    def has(self, shard: int) -> bool:
        """Whether a shard was played; a damaged one is deleted, so that it is played again."""
        path = self._path(shard)
        if not path.is_file():
            return False
        try:
            read_lessons(path, self._rules)
        except LessonsError:
            path.unlink()
            return False
        return True

    def all(self) -> Lessons:
        """All lessons of the round, excluded ones too.

        Raises:
            RoundError: not all games have been played.
            LessonsError: a shard is damaged.
        """
        paths = [self._path(shard) for shard in range(self.num_shards)]
        if not all(path.is_file() for path in paths):
            raise RoundError(f"{self._order.child} has no lessons yet: its games have not all been played")
        return joined([read_lessons(path, self._rules) for path in paths], self._rules)

    def own(self) -> Lessons:
        """The round's lessons, without those that were excluded; errors as in `all`."""
        lessons = self.all()
        excluded = self.excluded()
        if excluded.lessons and excluded.digest != lessons.digest:
            raise RoundError(f"{self._folder / _EXCLUDED_FILE} is about other lessons than this round's; delete it")
        if not excluded.lessons:
            return lessons
        return lessons.chosen(np.setdiff1d(np.arange(len(lessons)), np.array(excluded.lessons, np.int64)))

    def earlier(self, rounds: int) -> Lessons:
        """Lessons of the rounds that made the parent, its parent and so on: at most so many rounds.

        Raises:
            LessonsError: some are damaged; the message names the file and its round.
        """
        parts: list[Lessons] = []
        name = self._order.parent
        while len(parts) < rounds and (self._folder.parent / name / ORDER_FILE).is_file():
            before = RoundLessons(self._rules, read_order(self._folder.parent / name), self._folder.parent / name)
            try:
                parts.append(before.own())
            except (LessonsError, RoundError) as error:
                text = f"the lessons of the earlier round {name} cannot be learned from: {error}"
                raise LessonsError(f"{text} (bring them back from a copy, or move that folder away)") from error
            name = before._order.parent
        return joined(parts, self._rules)

    def window(self) -> Lessons:
        """What is learned from: this round's lessons, and those of the rounds before it."""
        return joined([self.own(), self.earlier(self._order.size.window - 1)], self._rules)

    def excluded(self) -> Exclusion:
        """Which lessons are not to be learned.

        Raises:
            RoundError: the file that says so is damaged.
        """
        path = self._folder / _EXCLUDED_FILE
        if not path.is_file():
            return Exclusion()
        try:
            return msgspec.json.decode(path.read_bytes(), type=Exclusion)
        except (OSError, msgspec.DecodeError) as error:
            raise RoundError(f"{path} is no list of excluded lessons ({error})") from error

    def exclude(self, lessons: tuple[int, ...]) -> None:
        """Leave lessons out, these and no others.

        Raises:
            RoundError: there are no lessons yet, or none of such a number.
            OSError: it cannot be written.
        """
        found = self.all()
        if wrong := [number for number in lessons if not 0 <= number < len(found)]:
            raise RoundError(f"{self._order.child} has {len(found):,} lessons, none with the number {wrong[0]}")
        exclusion = Exclusion(tuple(sorted(set(lessons))), found.digest)
        write_durably(self._folder / _EXCLUDED_FILE, msgspec.json.encode(exclusion))

    def _path(self, shard: int) -> Path:
        return self._shards_folder / f"{shard:04d}.parquet"

    def _part_path(self, shard: int) -> Path:
        return self._shards_folder / f"{shard:04d}.part"


def held_out(lessons: Lessons) -> NDArray[np.bool_]:
    """Which lessons [S] are of games kept for measuring: by what was played, so that equal games go together."""
    chosen = np.array([_is_held_out(game.start, game.actions, game.played) for game in lessons.games], np.bool_)
    of_lessons: NDArray[np.bool_] = chosen[lessons.rows["game"]]
    return of_lessons


def surprise_chances(lessons: Lessons) -> NDArray[np.float64] | None:
    """With what chance a game begins at each of `lessons` [S]; None where none of them was a surprise."""
    surprise = lessons.rows["surprise"].astype(np.float64)
    total = float(surprise.sum())
    return surprise / total if total > 0.0 else None


def lesson_figures(lessons: Lessons) -> dict[str, Any]:
    """What self-play was like, for people and for a card."""
    rows = lessons.rows
    keys = rows["state"]["key"] if "key" in (rows["state"].dtype.names or ()) else np.zeros(0)
    plies = [len(game.played) for game in lessons.games]
    return {
        "games": len(lessons.games),
        "positions": len(rows),
        "distinct": len(np.unique(keys)) if len(keys) else len(rows),
        "mean_plies": float(np.mean(plies)) if plies else 0.0,
        "first_score": float(np.mean([game.first_points for game in lessons.games])) if plies else None,
        "draws": float(np.mean([game.first_points == 0.5 for game in lessons.games])) if plies else None,
        "mean_surprise": float(rows["surprise"].mean()) if len(rows) else 0.0,
        "value_change": float(np.abs(rows["value"] - rows["raw_value"]).mean()) if len(rows) else 0.0,
    }


def _is_held_out(start: str, actions: tuple[int, ...], played: tuple[int, ...]) -> bool:
    told = f"{start} {actions} {played}".encode()
    return int.from_bytes(hashlib.blake2b(told, digest_size=4).digest()) % _HELD_OUT == 0
