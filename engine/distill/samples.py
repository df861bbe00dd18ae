"""Training samples of recorded games: which positions are taken, and what they teach.

A sample keeps the state row, not planes: 72 bytes instead of 5 KB, and planes are made batch by batch while the network
trains. Shape letters: `G` games, `S` samples.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.distill.recorded_games import NO_RESULT, RecordedGames
from engine.domains.base import Line, Rules

WIN, DRAW, LOSS, NOT_KNOWN = 0, 1, 2, 3
"""Value targets: the result for the player to move, in the order of a network's win/draw/loss; or none."""

_CHUNK_GAMES = 8192


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which positions of a game become samples.

    Attributes:
        positions_per_game: at most so many, drawn without putting back.
        skip_plies: plies at the start that are left out, except ...
        opening_share: ... with this chance each, so that the opening is known but does not crowd out the rest.
    """

    positions_per_game: int
    skip_plies: int = 6
    opening_share: float = 0.25


def sample_dtype(rules: Rules) -> np.dtype[np.void]:
    """Record of one sample.

    `state` row; `action` played there; `rating` of the player to move, 0 = not told; `result` for him, `WIN`, `DRAW`,
    `LOSS` or `NOT_KNOWN`; `source`, index of the file.
    """
    return np.dtype(
        [("state", rules.state_dtype), ("action", "<u2"), ("rating", "<u2"), ("result", "u1"), ("source", "u1")]
    )


def game_hashes(games: RecordedGames) -> NDArray[np.uint64]:
    """A hash of each game's actions [G]: equal games get equal hashes, whichever file they are in."""
    lengths = np.diff(games.offsets)
    place = np.arange(len(games.actions)) - np.repeat(games.offsets[:-1], lengths)
    mixed = _mix(games.actions.astype(np.uint64) + _mix(place.astype(np.uint64)))
    # A sum over an empty game would read its neighbour: such games are filtered out before.
    return _mix(np.add.reduceat(mixed, games.offsets[:-1])) if len(games) else np.zeros(0, np.uint64)


def held_out_games(hashes: NDArray[np.uint64], one_in: int) -> NDArray[np.bool_]:
    """Which games [G] are kept for measuring: by content, so the same game falls on the same side everywhere."""
    held_out: NDArray[np.bool_] = _mix(hashes ^ np.uint64(0x5EED)) % np.uint64(one_in) == 0
    return held_out


def first_occurrences(hashes: NDArray[np.uint64], seen: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which games [G] are neither in `seen` nor earlier in `hashes`."""
    first = np.zeros(len(hashes), np.bool_)
    first[np.unique(hashes, return_index=True)[1]] = True
    return first & ~np.isin(hashes, seen)


def draw_samples(
    rules: Rules, games: RecordedGames, sampling: Sampling, source: int, rng: np.random.Generator
) -> NDArray[np.void]:
    """Samples [S] of `games`, in order of the games.

    All games of a chunk are replayed in step, one ply of all of them at a time, by the domain's batch rules.
    """
    parts = [
        _chunk_samples(rules, games, range(first, min(first + _CHUNK_GAMES, len(games))), sampling, source, rng)
        for first in range(0, len(games), _CHUNK_GAMES)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, sample_dtype(rules))


def value_targets(results: NDArray[np.int8], *, is_second_to_move: bool) -> NDArray[np.uint8]:
    """Value targets [S] for the player to move.

    Args:
        results: [S], +1 the first player won, 0 draw, -1 the second won, or `NO_RESULT`.
        is_second_to_move: whose view the targets take.
    """
    for_mover = -results if is_second_to_move else results
    return np.where(results == NO_RESULT, NOT_KNOWN, DRAW - for_mover).astype(np.uint8)


def _chunk_samples(
    rules: Rules,
    games: RecordedGames,
    chunk: range,
    sampling: Sampling,
    source: int,
    rng: np.random.Generator,
) -> NDArray[np.void]:
    starts = games.offsets[chunk.start : chunk.stop]
    lengths = games.offsets[chunk.start + 1 : chunk.stop + 1] - starts
    chosen = _chosen_plies(lengths, sampling, rng)  # [games of the chunk, plies]
    first = rules.load(Line(games.start))
    states = np.repeat(first, len(chunk))
    keys = np.zeros((len(chunk), chosen.shape[1]), np.uint64)
    parts: list[NDArray[np.void]] = []
    for ply in range(chosen.shape[1]):
        alive = np.flatnonzero(lengths > ply)
        if rules.repetition_outcome:
            keys[alive, ply] = states["key"][alive]
            earlier = keys[alive, :ply] == states["key"][alive][:, None]
            states["repetitions"][alive] = np.minimum(earlier.sum(1), 255)
        taken = np.flatnonzero(chosen[:, ply])
        part = np.zeros(len(taken), sample_dtype(rules))
        second_to_move = rules.num_players == 2 and ply % 2 == 1
        part["state"] = states[taken]
        part["action"] = games.actions[starts[taken] + ply]
        part["rating"] = games.ratings[chunk.start + taken, int(second_to_move)]
        part["result"] = value_targets(games.results[chunk.start + taken], is_second_to_move=second_to_move)
        part["source"] = source
        parts.append(part)
        states[alive] = rules.step(states[alive], games.actions[starts[alive] + ply])
    return np.concatenate(parts) if parts else np.zeros(0, sample_dtype(rules))


def _chosen_plies(lengths: NDArray[np.int64], sampling: Sampling, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which plies [games, longest game] of each game become samples."""
    longest = int(lengths.max(initial=0))
    lots = rng.random((len(lengths), longest), np.float32)
    ply = np.arange(longest)
    lots[ply[None, :] >= lengths[:, None]] = np.inf
    skipped = rng.random((len(lengths), min(sampling.skip_plies, longest))) >= sampling.opening_share
    lots[:, : sampling.skip_plies][skipped] = np.inf
    if longest > sampling.positions_per_game:
        limit = np.partition(lots, sampling.positions_per_game - 1, axis=1)[:, sampling.positions_per_game - 1]
    else:
        limit = np.full(len(lengths), np.inf, np.float32)
    return (lots <= limit[:, None]) & np.isfinite(lots)


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finisher: spreads every bit of a number over all of them."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed
