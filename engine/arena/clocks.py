"""Chess clocks of a match: how much time each side of a game has left follows from what it spent on its moves."""

from engine.arena.games import Game
from engine.search.clock import Clock
from engine.search.time_control import TimeControl


def clock_of(game: Game, control: TimeControl | None, *, of_a: bool) -> Clock | None:
    """The clock of player A, or of player B, before the next move of the game; None where the player has none."""
    if control is None:
        return None
    spent_s = game.spent_s[0 if of_a == game.a_moves_first else 1 :: 2]
    remaining_s = control.base_s + len(spent_s) * control.increment_s - sum(spent_s)
    return Clock(remaining_s=remaining_s, increment_s=control.increment_s)
