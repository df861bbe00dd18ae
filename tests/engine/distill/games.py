"""Connect Four games played at random, as training data for tests."""

import numpy as np

from engine.distill.dataset import Dataset, _position_keys
from engine.distill.recorded_games import RecordedGames
from engine.distill.samples import Sampling, draw_samples
from engine.domains import registry
from engine.domains.base import Rules

RULES: Rules = registry.rules("connect_four")
START = registry.notation("connect_four").parse_line("startpos").start


def recorded(*games: tuple[list[int], int]) -> RecordedGames:
    """Games of columns and a result; first players are rated 1000 + game, second ones 2000 + game."""
    lengths = [len(actions) for actions, _ in games]
    return RecordedGames(
        START,
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        np.array([action for actions, _ in games for action in actions], np.uint16),
        np.array([result for _, result in games], np.int8),
        np.array([(1000 + index, 2000 + index) for index in range(len(games))], np.uint16).reshape(-1, 2),
    )


def random_games(count: int, seed: int = 0) -> RecordedGames:
    """Games in which both players choose columns at random."""
    from engine.domains.base import Line

    rng = np.random.default_rng(seed)
    games = []
    for _ in range(count):
        states, actions = RULES.load(Line(START)), []
        while not (expansion := RULES.expand(states)).outcomes[0]:
            actions.append(int(rng.choice(expansion.actions)))
            states = RULES.step(states, np.array(actions[-1:], np.uint16))
        value = RULES.outcomes[int(expansion.outcomes[0])].value
        games.append((actions, value if len(actions) % 2 == 0 else -value))
    return recorded(*games)


def random_dataset(count: int = 60) -> Dataset:
    rng = np.random.default_rng(1)
    train = draw_samples(RULES, random_games(count, 1), Sampling(12), 0, rng)
    held_out = draw_samples(RULES, random_games(max(1, count // 4), 2), Sampling(12), 0, rng)
    return Dataset(train, held_out, np.isin(_position_keys(held_out), _position_keys(train)), ())
