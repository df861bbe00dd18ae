"""Players whose every move is known, and a domain small enough to know every game of."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.arena.games import Game
from engine.arena.player_facts import PlayerFacts
from engine.arena.players import Chosen, Turn
from engine.domains.base import Line, Rules
from engine.search.time_control import TimeControl

START = Line("startpos")


class Scripted:
    """Plays what `choice` says of a game and its legal actions; remembers on which side it was asked."""

    is_deterministic = True
    most_boards = 1000
    clock: TimeControl | None = None

    def __init__(self, rules: Rules, choice: Callable[[Game, list[int]], int], name: str = "scripted") -> None:
        self.name = self.fingerprint = name
        self.facts = PlayerFacts(text=name, fingerprint=name, kind="random")
        self.asked: list[tuple[int, bool]] = []
        self._rules, self._choice = rules, choice

    def choose(self, turns: Sequence[Turn]) -> Chosen:
        actions = []
        for turn in turns:
            self.asked.append((turn.game.index, turn.game.a_to_move))
            legal = self._rules.expand(turn.game.history[-1:].copy()).actions.tolist()
            actions.append(self._choice(turn.game, legal))
        return Chosen(actions, [0.25] * len(turns))

    def close(self) -> None:
        """Nothing to close."""


def lowest(_: Game, legal: list[int]) -> int:
    return min(legal)


def highest(_: Game, legal: list[int]) -> int:
    return max(legal)


def drawn_from(seed: int) -> Callable[[Game, list[int]], int]:
    """A choice that depends on the game and the ply alone."""
    return lambda game, legal: int(np.random.default_rng((seed, game.index, len(game.actions))).choice(legal))
