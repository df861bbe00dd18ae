"""What search teaches: positions with the policy and value that were found there, in memory and as a Parquet file.

A lesson keeps the state row, not planes, and of the policy only the legal actions: some 100 bytes of chess. Lessons of
one self-play shard are one file, written whole or not at all. Shape letters: `S` lessons, `E` their legal actions
together.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from engine.distill.durable import replaced_durably
from engine.domains.base import Line, Rules

FROM_BOOK, FROM_SURPRISE, FROM_GIVEN = 0, 1, 2
"""Where a game began: at an opening, at a surprise of an earlier round, at a position that was given."""

_DOMAIN, _GAMES, _DIGEST = b"arborist.domain", b"arborist.games", b"arborist.sha256"


class LessonsError(ValueError):
    """A file that holds no lessons, is damaged, or is of another domain; the message names it."""


def lesson_dtype(rules: Rules) -> np.dtype[np.void]:
    """Record of one lesson; values are for the player to move.

    `state` row. `result` of the game: `samples.WIN`, `DRAW`, `LOSS` or `NOT_KNOWN`. `value` of the search in [-1, 1];
    `raw_value` and `draw`, the intuition's value and chance of a draw. `surprise`: how far the improved policy is from
    the prior, KL divergence in nats. `game` and `ply` since its start. `origin`: see `FROM_BOOK`.
    """
    return np.dtype(
        [
            ("state", rules.state_dtype),
            ("result", "u1"),
            ("value", "<f4"),
            ("raw_value", "<f4"),
            ("draw", "<f4"),
            ("surprise", "<f4"),
            ("game", "<u4"),
            ("ply", "<u2"),
            ("origin", "u1"),
        ]
    )


class PlayedGame(msgspec.Struct, frozen=True):
    """A game of self-play.

    Attributes:
        start, actions: where it began, as `Line`. played: actions since then.
        first_points: of the player who moved first after the start: 1, 0.5 or 0.
        ending: how it ended, in a few words. origin: see `FROM_BOOK`.
    """

    start: str
    actions: tuple[int, ...]
    played: tuple[int, ...]
    first_points: float
    ending: str
    origin: int

    def line(self, ply: int) -> Line:
        """The position after `ply` of its actions."""
        return Line(self.start, (*self.actions, *self.played[:ply]))


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """Lessons as arrays, and the games they are from.

    Attributes:
        rows: [S], `lesson_dtype`.
        offsets: int64 [S + 1], runs of legal actions.
        actions: uint16 [E]. policy: float32 [E], the improved policy; sums to 1 over each run.
        games: which `game` in `rows` counts into.
    """

    rows: NDArray[np.void]
    offsets: NDArray[np.int64]
    actions: NDArray[np.uint16]
    policy: NDArray[np.float32]
    games: tuple[PlayedGame, ...] = ()

    def __len__(self) -> int:
        """How many there are."""
        return len(self.rows)

    @property
    def digest(self) -> str:
        """SHA-256 of all of it, hex."""
        digest = hashlib.sha256(msgspec.json.encode(self.games))
        for part in (self.rows, self.offsets, self.actions, self.policy):
            digest.update(part.tobytes())
        return digest.hexdigest()

    def chosen(self, places: NDArray[np.integer]) -> "Lessons":
        """Those at `places`, in that order."""
        lengths = np.diff(self.offsets)[places]
        offsets = np.concatenate(([0], np.cumsum(lengths)))
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        edges = np.repeat(self.offsets[:-1][places], lengths) + within
        return Lessons(self.rows[places], offsets, self.actions[edges], self.policy[edges], self.games)

    def dense_policy(self, num_actions: int) -> NDArray[np.float32]:
        """The policies with a place for every action of the domain: [S, num_actions]."""
        dense = np.zeros((len(self), num_actions), np.float32)
        dense[np.repeat(np.arange(len(self)), np.diff(self.offsets)), self.actions] = self.policy
        return dense


def joined(parts: Sequence[Lessons], rules: Rules) -> Lessons:
    """All lessons of `parts`, one after the other."""
    if not parts:
        nothing = np.zeros(0, np.int64)
        return Lessons(
            np.zeros(0, lesson_dtype(rules)), np.zeros(1, np.int64), nothing.astype(np.uint16), nothing.astype("f4")
        )
    lengths = np.concatenate([np.diff(part.offsets) for part in parts])
    games_before = np.cumsum([0, *(len(part.games) for part in parts[:-1])])
    rows = np.concatenate([part.rows for part in parts])
    rows["game"] += np.repeat(games_before, [len(part) for part in parts]).astype(np.uint32)
    return Lessons(
        rows,
        np.concatenate(([0], np.cumsum(lengths))),
        np.concatenate([part.actions for part in parts]),
        np.concatenate([part.policy for part in parts]),
        tuple(game for part in parts for game in part.games),
    )


def write_lessons(lessons: Lessons, path: Path, domain: str) -> None:
    """Write a Parquet file, whole or not at all; its pages carry checksums, and all of it a digest.

    Raises:
        OSError: it cannot be written.
    """
    rows = lessons.rows
    size = rows.dtype["state"].itemsize
    states = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(size), len(rows), [None, pa.py_buffer(np.ascontiguousarray(rows["state"]).tobytes())]
    )
    offsets = pa.array(lessons.offsets.astype(np.int32))
    columns = {"state": states}
    columns |= {name: pa.array(np.ascontiguousarray(rows[name])) for name in rows.dtype.names or () if name != "state"}
    columns["actions"] = pa.ListArray.from_arrays(offsets, pa.array(lessons.actions))
    columns["policy"] = pa.ListArray.from_arrays(offsets, pa.array(lessons.policy))
    told = {
        _DOMAIN: domain.encode(),
        _GAMES: msgspec.json.encode(lessons.games),
        _DIGEST: lessons.digest.encode(),
    }
    table = pa.table(columns).replace_schema_metadata(told)
    with replaced_durably(path) as scratch:
        pq.write_table(table, scratch, compression="zstd", write_page_checksum=True)


def read_lessons(path: Path, rules: Rules) -> Lessons:
    """The lessons in `path`.

    Raises:
        LessonsError: the file is missing or damaged, or holds something else.
    """
    try:
        table = pq.read_table(path, page_checksum_verification=True)
        told = table.schema.metadata or {}
        if told.get(_DOMAIN) != rules.name.encode():
            raise LessonsError(f"{path} holds no lessons of {rules.name}")
        lessons = _from_table(table, rules, told[_GAMES])
    except LessonsError:
        raise
    # pyarrow has an error of its own for most damages, and Python's where names or types are not those expected.
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError, AttributeError) as error:
        words = str(error).splitlines() or [type(error).__name__]
        raise LessonsError(f"{path} holds no lessons that can be read ({words[0]})") from error
    if lessons.digest != told.get(_DIGEST, b"").decode("ascii", "replace"):
        raise LessonsError(f"{path} is damaged: its lessons are not those that were written")
    return lessons


def _from_table(table: pa.Table, rules: Rules, games: bytes) -> Lessons:
    rows = np.zeros(len(table), lesson_dtype(rules))
    states = table.column("state").combine_chunks()
    size = rows.dtype["state"].itemsize
    if states.type.byte_width != size:
        raise ValueError(f"a state there has {states.type.byte_width} bytes, one of {rules.name} has {size}")
    first = states.offset * size
    content = np.frombuffer(states.buffers()[1], np.uint8)[first : first + size * len(rows)]
    rows["state"] = content.view(rules.state_dtype)
    for name in rows.dtype.names or ():
        if name != "state":
            rows[name] = table.column(name).to_numpy()
    lists = [table.column(name).combine_chunks() for name in ("actions", "policy")]
    offsets = lists[0].offsets.to_numpy().astype(np.int64)
    actions, policy = (each.flatten().to_numpy().copy() for each in lists)
    played = msgspec.json.decode(games, type=tuple[PlayedGame, ...])
    return Lessons(rows, offsets - offsets[0], actions, policy, played)
