"""What a distillation round is to be: sizes by name or from a file, and every setting of its stages."""

import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from engine.distill.settings import LearningSettings, SelfPlaySettings

Stage = Literal["fuel", "play", "learn", "match", "done"]
"""What a round is at; "done" = nothing is left."""


class RoundError(ValueError):
    """A round that cannot be made as it is asked for; the message says why."""


class RoundSize(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a round does, and how.

    Attributes:
        games: of self-play. shard_games: played in lockstep and kept as one file; what a kill may cost.
        surprise_share: of the games that begin at a surprise of earlier lessons; the rest begins at openings.
        window: rounds whose lessons are learned from, this one included.
        fuel_pairs: of games in which search meets its own intuition before anything is learned.
        match_pairs: of games in which the child's intuition meets its parent's. search_pairs: the same, both searching.
        play, learn: settings of these stages.
    """

    games: int = 512
    shard_games: int = 128
    surprise_share: float = 0.25
    window: int = 4
    fuel_pairs: int = 24
    match_pairs: int = 200
    search_pairs: int = 50
    play: SelfPlaySettings = SelfPlaySettings()
    learn: LearningSettings = LearningSettings()


SIZES: dict[str, dict[str, RoundSize]] = {
    "chess": {
        "small": RoundSize(
            games=64,
            shard_games=64,
            match_pairs=200,
            search_pairs=0,
            fuel_pairs=16,
            play=SelfPlaySettings(simulations=16, max_plies=120),
            learn=LearningSettings(learning_rate=2e-4, anchor=0.2, reuse=3.0),
        ),
        "medium": RoundSize(
            games=512,
            match_pairs=1000,
            search_pairs=50,
            play=SelfPlaySettings(simulations=32, max_plies=160),
            learn=LearningSettings(learning_rate=3e-4, anchor=0.2),
        ),
        "large": RoundSize(
            games=4096,
            shard_games=256,
            match_pairs=4000,
            search_pairs=200,
            play=SelfPlaySettings(simulations=64, max_plies=200),
            learn=LearningSettings(learning_rate=5e-4, anchor=0.1),
        ),
    },
    "connect_four": {
        "small": RoundSize(
            games=512,
            shard_games=256,
            match_pairs=150,
            search_pairs=0,
            fuel_pairs=32,
            play=SelfPlaySettings(simulations=32),
            learn=LearningSettings(learning_rate=2e-3, reuse=6.0),
        ),
        "medium": RoundSize(
            games=2048,
            shard_games=256,
            match_pairs=300,
            search_pairs=100,
            play=SelfPlaySettings(simulations=64),
            learn=LearningSettings(learning_rate=2e-3, reuse=6.0),
        ),
        "large": RoundSize(
            games=8192,
            shard_games=512,
            match_pairs=600,
            search_pairs=300,
            play=SelfPlaySettings(simulations=128),
            learn=LearningSettings(learning_rate=2e-3, reuse=6.0),
        ),
    },
}
"""Sizes by domain and name: minutes, an hour and many hours on two cores."""


class RoundOrder(msgspec.Struct, frozen=True, kw_only=True):
    """A round as it is asked for.

    Attributes:
        parent: id of the generation that is to be improved.
        child: id of the one to be made.
        openings: "builtin" or the path of a file; where games begin.
    """

    domain: str
    parent: str
    child: str
    size: RoundSize
    seed: int = 1
    openings: str = "builtin"
    device: str = "auto"
    threads: int = 2


def named_size(name: str, domain: str) -> RoundSize:
    """The size that `name` means for a domain: "small", "medium", "large", or the path of a TOML file.

    A file has the fields of `RoundSize`, those of `play` and `learn` in tables of these names; what it leaves out is as
    in the size that its `like` names ("small" where there is none).

    Raises:
        RoundError: it means none.
    """
    sizes = SIZES.get(domain, SIZES["connect_four"])
    if name in sizes:
        return sizes[name]
    path = Path(name)
    if path.suffix != ".toml":
        raise RoundError(f"budget {name!r} is not one of {', '.join(sizes)}, nor a .toml file")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        base = sizes[told.pop("like", "small")]
        return msgspec.convert(_merged(msgspec.to_builtins(base), told), RoundSize)
    except OSError as error:
        raise RoundError(f"{path} cannot be read ({error.strerror})") from error
    except KeyError as error:
        raise RoundError(f"{path}: like = {error} is not one of {', '.join(sizes)}") from error
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RoundError(f"{path} is no budget: {error}") from error


def _merged(base: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    changed = dict(base)
    for name, value in told.items():
        is_table = isinstance(value, dict) and isinstance(base.get(name), dict)
        changed[name] = _merged(base[name], value) if is_table else value
    return changed
