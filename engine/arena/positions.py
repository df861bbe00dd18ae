"""Positions to compare players on: those of a match, or those that openings lead to when both play on from them."""

import math
from collections.abc import Callable, Generator

import numpy as np

from engine.arena.match import Match, MatchSettings
from engine.arena.openings import Book
from engine.arena.players import Player
from engine.domains.base import Line, Rules

_PLIES_PLAYED_ON = 30


def positions_of(match: Match, most: int, seed: int) -> list[Line]:
    """Positions of a match in which somebody moved, at most `most` of them, drawn from all its games alike."""
    games = [match.games[index] for index in range(len(match.games))]
    ends = np.cumsum([len(game.actions) for game in games], dtype=np.int64)  # of each game's places, all in a row
    order = np.random.default_rng(seed).permutation(int(ends[-1]) if games else 0)
    lines: dict[Line, None] = {}
    for place in order:
        at = int(np.searchsorted(ends, place, side="right"))
        game, ply = games[at], int(place - ends[at]) + len(games[at].actions)
        lines[game.opening.then(*game.actions[:ply])] = None
        if len(lines) == most:
            break
    return list(lines)


def played_on(
    rules: Rules, book: Book, players: tuple[Player, Player], most: int, seed: int, told: Callable[[float], None]
) -> Generator[None, None, list[Line]]:
    """At most `most` positions that the openings lead to when both play on from them, with breaks.

    Args:
        told: takes the share that is played, in [0, 1].
    """
    pairs = min(len(book.lines), math.ceil(most / (2 * _PLIES_PLAYED_ON)))
    match = Match(rules, *players, book.choose(pairs, seed), MatchSettings(max_plies=_PLIES_PLAYED_ON, seed=seed))
    while not match.is_over:
        yield from match.step()
        told(_moves(match) / (2 * pairs * _PLIES_PLAYED_ON))
        yield
    return positions_of(match, most, seed)


def _moves(match: Match) -> int:
    return sum(len(match.games[index].actions) for index in range(len(match.games)))
