"""The data of a base training: game files in, shuffled samples for training and for measuring out."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.distill.recorded_games import UNKNOWN_RATING, GameFileError, RecordedGames, file_size, read_games
from engine.distill.samples import (
    Sampling,
    draw_samples,
    first_occurrences,
    game_hashes,
    held_out_games,
    sample_dtype,
)
from engine.domains.base import Rules
from engine.generations.card import DataSource

_HELD_OUT_POSITIONS_PER_GAME = 12
_VERSION = 2  # of the kept file


class GameSource(msgspec.Struct, frozen=True, kw_only=True):
    """A file of games and how much to take from it.

    Attributes:
        path: the file.
        positions_per_game: samples drawn from each game.
        licence, note: for the card.
    """

    path: str
    positions_per_game: int = 16
    licence: str = "not stated"
    note: str = ""


class GameFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which games are used.

    Attributes:
        min_plies: games shorter than this are left out.
        both_rated: whether games without both ratings are left out.
        held_out_one_in: one game in so many is kept for measuring.
    """

    min_plies: int = 10
    both_rated: bool = False
    held_out_one_in: int = 40


class Dataset(msgspec.Struct, frozen=True):
    """Samples of a training.

    Attributes:
        train: samples to train on.
        held_out: samples of games that no training sample comes from.
        held_out_seen: bool, which of them show a position that occurs in training as well.
        sources: what was used, for the card.
    """

    train: NDArray[np.void]
    held_out: NDArray[np.void]
    held_out_seen: NDArray[np.bool_]
    sources: tuple[DataSource, ...]


def make_dataset(
    rules: Rules,
    files: Sequence[GameSource],
    game_filter: GameFilter,
    seed: int,
    tell: Callable[[str], None] = lambda _: None,
) -> Dataset:
    """Read `files` and draw samples; the same files, filter and seed give the same samples.

    A game that occurs twice, in one file or in two, is used once: where it comes first.

    Args:
        rules: the domain's rules.
        files: in order of precedence.
        game_filter: which games to use.
        seed: of the draw.
        tell: called with a line about each file.

    Raises:
        GameFileError: a file cannot be read, or no game passes the filter.
    """
    rng = np.random.default_rng(seed)
    seen = np.zeros(0, np.uint64)
    train: list[NDArray[np.void]] = []
    held_out: list[NDArray[np.void]] = []
    sources: list[DataSource] = []
    for index, file in enumerate(files):
        games = read_games(Path(file.path), rules.name)
        games = games.chosen(_passing(games, game_filter))
        hashes = game_hashes(games)
        fresh = first_occurrences(hashes, seen)
        games, hashes = games.chosen(fresh), hashes[fresh]
        seen = np.concatenate((seen, hashes))
        measured = held_out_games(hashes, game_filter.held_out_one_in)
        sampling = Sampling(file.positions_per_game)
        train.append(draw_samples(rules, games.chosen(~measured), sampling, index, rng))
        held_out.append(draw_samples(rules, games.chosen(measured), Sampling(_HELD_OUT_POSITIONS_PER_GAME), index, rng))
        sources.append(
            DataSource(
                name=Path(file.path).name,
                licence=file.licence,
                games=len(games),
                samples=len(train[-1]),
                note=file.note,
            )
        )
        tell(
            f"{Path(file.path).name}: {len(games):,} games, {len(train[-1]):,} samples, {len(held_out[-1]):,} held out"
        )
    trained = np.concatenate(train) if train else np.zeros(0, sample_dtype(rules))
    if not len(trained):
        raise GameFileError(f"no game of {', '.join(file.path for file in files)} can be trained on")
    measured_on = np.concatenate(held_out)
    # Positions that training knows stay in training: they are its openings.
    seen_in_training = np.isin(_position_keys(measured_on), _position_keys(trained))
    return Dataset(trained, measured_on, seen_in_training, tuple(sources))


def cached_dataset(
    folder: Path,
    rules: Rules,
    files: Sequence[GameSource],
    game_filter: GameFilter,
    seed: int,
    tell: Callable[[str], None] = lambda _: None,
) -> Dataset:
    """As `make_dataset`, kept in `folder` so that a resumed training need not read the files again."""
    path = folder / f"samples-{_VERSION}-{_key(rules, files, game_filter, seed)}.npz"
    if path.is_file():
        with np.load(path) as kept:
            sources = msgspec.json.decode(kept["sources"].tobytes(), type=tuple[DataSource, ...])
            tell(f"samples drawn before: {len(kept['train']):,}")
            return Dataset(kept["train"], kept["held_out"], kept["held_out_seen"], sources)
    made = make_dataset(rules, files, game_filter, seed, tell)
    scratch = path.with_suffix(".tmp")
    with scratch.open("wb") as file:
        np.savez(
            file,
            train=made.train,
            held_out=made.held_out,
            held_out_seen=made.held_out_seen,
            sources=np.frombuffer(msgspec.json.encode(made.sources), np.uint8),
        )
    scratch.replace(path)
    return made


def _passing(games: RecordedGames, game_filter: GameFilter) -> NDArray[np.bool_]:
    passing = np.diff(games.offsets) >= max(1, game_filter.min_plies)
    if game_filter.both_rated:
        passing &= (games.ratings != UNKNOWN_RATING).all(1)
    return passing


def _position_keys(samples: NDArray[np.void]) -> NDArray[np.uint64] | NDArray[np.void]:
    states = samples["state"]
    if "key" in (states.dtype.names or ()):
        return np.ascontiguousarray(states["key"])
    return np.ascontiguousarray(states).view(np.dtype((np.void, states.dtype.itemsize)))


def _key(rules: Rules, files: Sequence[GameSource], game_filter: GameFilter, seed: int) -> str:
    stamps = [(file.path, file.positions_per_game, file_size(Path(file.path))) for file in files]
    text = msgspec.json.encode([rules.name, str(rules.state_dtype), stamps, game_filter, seed])
    return hashlib.sha256(text).hexdigest()[:16]
