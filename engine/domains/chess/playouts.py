"""Compiled: random games of chess from any state to the end, for search without intuition."""
# mypy: disable-error-code="no-any-return"
# (elements of arrays and records are Any to mypy; numba infers their types and checks them)

import numpy as np
from numpy.typing import NDArray

from engine.compiled import inline, kernel
from engine.domains.chess.bits import to_int
from engine.domains.chess.kernels import outcome, step
from engine.domains.chess.legal import MAX_LEGAL, legal_actions
from engine.domains.chess.outcomes import IN_PLAY
from engine.domains.chess.tables import Table

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1, MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
S27, S30, S31, S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)


@inline
def drawn(counter: np.uint64, below: np.uint64) -> np.uint64:
    """A number in [0, `below`) from a counter that goes up by `GOLDEN` (SplitMix64; G. Steele and others, 2014)."""
    z = (counter ^ (counter >> S30)) * MIX_1
    z = (z ^ (z >> S27)) * MIX_2
    return (((z ^ (z >> S31)) >> S32) * below) >> S32


@kernel
def play_out(
    t: Table,
    states: NDArray[np.void],
    seeds: NDArray[np.uint64],
    max_plies: int,
    outcomes: NDArray[np.uint8],
    plies: NDArray[np.int32],
) -> None:
    """Play random legal actions from `states` [B], in place, until play ends or `max_plies` are played.

    Args:
        t: `tables()`.
        states: overwritten with the last state of each game.
        seeds: [B], all that chance depends on.
        max_plies: at least 0.
        outcomes: [B], overwritten; `IN_PLAY` where the game did not end.
        plies: [B], overwritten with the number of actions played.
    """
    actions = np.empty(MAX_LEGAL, np.uint16)
    for i in range(len(states)):
        counter, played = seeds[i], 0
        while True:
            num_legal = legal_actions(t, states[i], actions, to_int(0))
            outcomes[i] = outcome(t, states[i], num_legal > 0)
            if outcomes[i] != IN_PLAY or played == max_plies:
                break
            counter += GOLDEN
            step(t, states[i], to_int(actions[drawn(counter, np.uint64(num_legal))]))
            played += 1
        plies[i] = played
