"""Positions to calibrate and check networks on, made by the domain's own rules: no data from outside is needed.

Games are played in lockstep by an intuition that draws its moves, after a few random ones each. Such positions look
like those a search asks about, from the opening to the end, which uniformly random play does not reach.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Rules
from engine.domains.registry import notation
from engine.search.batches import join_leaves, offsets_of, select_leaves
from engine.search.evaluator import Evaluator, Leaves

_RANDOM_PLIES = 8
"""Each game begins with fewer random plies than this."""
_LONGEST = 160
"""Plies after which a game is given up."""
_KEPT_SHARE = 0.5
"""Share of the positions met that are kept: neighbours in a game are too much alike."""
_FRUITLESS_PLIES = 500
"""Plies without a new position after which there are no more."""


@dataclass(slots=True)
class _Games:
    """Games in lockstep; row `g` of each array is game `g`.

    Attributes:
        lineages: states [G, H], newest first. lengths: int32 [G], how many of them are known.
        plies: int64 [G], played so far. random_plies: int64 [G], how many of them are drawn evenly.
    """

    lineages: NDArray[np.void]
    lengths: NDArray[np.int32]
    plies: NDArray[np.int64]
    random_plies: NDArray[np.int64]


def sample_positions(rules: Rules, evaluator: Evaluator, count: int, *, seed: int, games: int = 64) -> Leaves:
    """`count` different positions in play, as `evaluator` is asked about them.

    Args:
        rules: the domain's.
        evaluator: plays the games; its `fmt` decides the features.
        count: how many; the domain must have far more.
        seed: equal seeds give equal positions.
        games: how many are played at once.

    Raises:
        ValueError: the domain has not so many positions.
    """
    rng = np.random.default_rng(seed)
    start = rules.load(notation(rules.name).parse_line("startpos"))[-1]
    running = _fresh(rules, evaluator.fmt, games)
    _restart(running, np.ones(games, np.bool_), start, rng)
    kept: list[Leaves] = []
    seen: set[bytes] = set()
    fruitless = 0
    while len(seen) < count:
        leaves, rows = _asked(rules, evaluator.fmt, running)
        unseen = _unseen(leaves, np.flatnonzero(rng.random(len(rows)) < _KEPT_SHARE), seen)
        kept.append(select_leaves(leaves, unseen))
        fruitless = 0 if len(unseen) else fruitless + 1
        if fruitless == _FRUITLESS_PLIES:
            raise ValueError(f"{rules.name}: {count} different positions were asked for, {len(seen)} found")
        over = np.ones(games, np.bool_)
        over[rows] = running.plies[rows] >= _LONGEST
        if len(rows):
            actions = _drawn(evaluator, leaves, running.plies[rows] < running.random_plies[rows], rng)
            _step(rules, running, rows, actions)
        _restart(running, over, start, rng)
    return select_leaves(join_leaves(kept), np.arange(count))


def _fresh(rules: Rules, fmt: str | None, games: int) -> _Games:
    history = 1 if fmt is None else rules.formats[fmt].history
    return _Games(
        np.zeros((games, history), rules.state_dtype),
        np.ones(games, np.int32),
        np.zeros(games, np.int64),
        np.zeros(games, np.int64),
    )


def _restart(running: _Games, over: NDArray[np.bool_], start: np.void, rng: np.random.Generator) -> None:
    """Begin the games `over` [G] anew."""
    running.lineages[over, 0] = start
    running.lengths[over] = 1
    running.plies[over] = 0
    running.random_plies[over] = rng.integers(_RANDOM_PLIES, size=int(over.sum()))


def _asked(rules: Rules, fmt: str | None, running: _Games) -> tuple[Leaves, NDArray[np.int64]]:
    """What an evaluator sees of the games still in play, and which those are [B]."""
    expansion = rules.expand(running.lineages[:, 0])
    rows = np.flatnonzero(expansion.outcomes == 0)
    features = None
    if fmt is not None and len(rows):
        features = rules.encode(running.lineages[rows], running.lengths[rows], fmt)
    # A game that is over has no actions, so those left are all of them.
    offsets = offsets_of(np.diff(expansion.offsets)[rows])
    return Leaves(running.lineages[rows, 0], features, offsets, expansion.actions), rows


def _unseen(leaves: Leaves, rows: NDArray[np.int64], seen: set[bytes]) -> NDArray[np.int64]:
    """Those of `rows` whose states are not in `seen`, and now are."""
    new = []
    for row in rows:
        state = leaves.states[row].tobytes()
        if state not in seen:
            seen.add(state)
            new.append(row)
    return np.array(new, np.int64)


def _drawn(
    evaluator: Evaluator, leaves: Leaves, is_random: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.uint16]:
    """One action for each leaf: drawn by its priors, or evenly where `is_random` [B]."""
    logits = evaluator.evaluate(leaves).logits.copy()
    logits[np.repeat(is_random, np.diff(leaves.offsets))] = 0.0
    # The largest of logits with Gumbel noise is a draw from their softmax (Gumbel 1954).
    noisy = logits + rng.gumbel(size=len(logits))
    bounds = zip(leaves.offsets[:-1], leaves.offsets[1:], strict=True)
    return np.array([leaves.actions[start + np.argmax(noisy[start:end])] for start, end in bounds], np.uint16)


def _step(rules: Rules, running: _Games, rows: NDArray[np.int64], actions: NDArray[np.uint16]) -> None:
    """Play `actions` [B] in the games `rows` [B]."""
    after = rules.step(running.lineages[rows, 0], actions)
    running.lineages[rows, 1:] = running.lineages[rows, :-1]
    running.lineages[rows, 0] = after
    running.lengths[rows] = np.minimum(running.lengths[rows] + 1, running.lineages.shape[1])
    running.plies[rows] += 1
