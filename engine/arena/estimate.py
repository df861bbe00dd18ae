"""How long the games of a match take, found out by playing a few of them for some seconds."""

import time
from collections.abc import Generator
from dataclasses import dataclass

import msgspec

from engine.arena.cost import CostBefore, cost_before
from engine.arena.games import Game
from engine.arena.order import MatchOrder
from engine.arena.player_spec import parse_player
from engine.arena.running import RunningMatch, pairs_at_once

_SECONDS, _SECONDS_AT_MOST = 4.0, 30.0
_SIMULATIONS_A_STEP, _FEWEST_PAIRS = 2**13, 4
_PLIES = {"connect_four": 30.0}
_USUAL_PLIES = 80.0
_USUAL_DRAWS, _GAMES_OF_BELIEF = 0.2, 10.0


@dataclass(frozen=True, slots=True)
class Pace:
    """What a few games told.

    Attributes:
        seconds_per_game: with all games of the match side by side; 0 where nobody has moved yet.
        draws: share of games that are drawn, in (0, 1).
    """

    seconds_per_game: float
    draws: float


def throw_away(order: MatchOrder) -> MatchOrder:
    """The order of a match to measure another one by: with so few games at once that they soon move.

    A processor is full with the boards that are left; a GPU would be quicker with more, and is quick as it is.
    """
    specs = [parse_player(text) for text in (order.a, order.b)]
    budget = max(spec.simulations or 0 for spec in specs)
    if not budget:
        return order
    fewer = max(_FEWEST_PAIRS, _SIMULATIONS_A_STEP // budget // 2)
    at_once = order.concurrency or pairs_at_once(specs, is_tested=order.sprt is not None)
    return msgspec.structs.replace(order, concurrency=min(at_once, fewer))


def measured(running: RunningMatch) -> Generator[None, bool, Pace]:
    """Play for some seconds, longer only until both players have moved once; told to end, with what is known then.

    Raises:
        FaultyPlayerError: a player fails again and again.
    """
    began = time.perf_counter()
    spent = _Spent(running)
    for _ in running.steps():
        spent.look()
        gone_s = time.perf_counter() - began
        if (yield) or gone_s >= (_SECONDS if spent.is_complete else _SECONDS_AT_MOST):
            break
    return Pace(spent.seconds_per_move() * _plies(running), _draws(running))


def cost_of_match(running: RunningMatch, pace: Pace) -> CostBefore:
    """What the whole match costs at a pace.

    Raises:
        ValueError: so many draws leave no room for the Elo of its test.
    """
    return cost_before(running.asked.sprt or running.match.pairs, pace.draws, pace.seconds_per_game)


class _Spent:
    """Seconds and moves of each player: every step is one player's, and both move as often in the end."""

    def __init__(self, running: RunningMatch) -> None:
        self._running = running
        self._seconds = {True: 0.0, False: 0.0}
        self._moves = {True: 0, False: 0}
        self._before = (0.0, 0, 0)

    @property
    def is_complete(self) -> bool:
        """Whether both players have moved."""
        return all(self._moves.values())

    def look(self) -> None:
        """Take note of the step that was played since the last look, if one was."""
        games = [self._running.match.games[index] for index in range(len(self._running.match.games))]
        now = (self._running.match.seconds_s, sum(_moves_of_a(game) for game in games), _moves(games))
        seconds, of_a, moves = (new - old for new, old in zip(now, self._before, strict=True))
        if moves:
            self._seconds[of_a > 0] += seconds
            self._moves[of_a > 0] += int(moves)
            self._before = now

    def seconds_per_move(self) -> float:
        """Of both players on average; of one alone where only that one has moved, 0 where none has."""
        each = [self._seconds[who] / moves for who, moves in self._moves.items() if moves]
        return sum(each) / len(each) if each else 0.0


def _moves_of_a(game: Game) -> int:
    return (len(game.actions) + game.a_moves_first) // 2


def _moves(games: list[Game]) -> int:
    return sum(len(game.actions) for game in games)


def _plies(running: RunningMatch) -> float:
    """Usual length of a game: of those that are over, if they are many, for the short ones are over first."""
    games = running.match.games
    over = games.finished
    if len(over) >= len(games) / 2:
        return max(1.0, sum(len(game.actions) for game in over) / max(1, len(over)))
    return min(_PLIES.get(running.order.domain, _USUAL_PLIES), running.order.max_plies)


def _draws(running: RunningMatch) -> float:
    """Share of drawn games: of those that are over, held to what is usual while they are few."""
    over = running.match.games.finished
    drawn = sum(game.points == 0.5 for game in over)
    return (drawn + _USUAL_DRAWS * _GAMES_OF_BELIEF) / (len(over) + _GAMES_OF_BELIEF)
