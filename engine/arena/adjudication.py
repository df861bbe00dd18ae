"""Games that are ended early because both players agree on the result, and how often that would have been wrong.

Everything follows from the moves and values of a game, as the journal has them, and from the match's seed. A player
that has said nothing in the whole game (chance, an engine without scores) has no say: the other one decides alone. One
that usually speaks must agree, so that a move without a value puts the end off.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from engine.arena.counts import Sample
from engine.arena.elo import score_interval
from engine.arena.games import Game
from engine.arena.order import Adjudication

RESIGNED, DRAWN = "resigned", "drawn by agreement"
"""How an adjudicated game ended (`Game.ended_by`)."""


def agreed_points(game: Game, terms: Adjudication) -> float | None:
    """Points of A that both players agree on by now: 1, 0.5 or 0; None = they do not agree.

    The values of the player who has just moved are `own`, those of the other `other`; each from its own view.
    """
    own, other = game.values[::-1][::2], game.values[::-1][1::2]  # newest first
    if _agree_on_loss(own, other, terms):
        return 1.0 if game.a_to_move else 0.0  # who is to move now has won
    if _agree_on_loss(other, own, terms):
        return 0.0 if game.a_to_move else 1.0
    return 0.5 if _agree_on_draw(own, other, len(game.actions), terms) else None


def is_audited(seed: int, index: int, share: float) -> bool:
    """Whether game `index` of a match with this seed is played on: so for `share` of the games, drawn by lot."""
    lot = hashlib.blake2b(f"audit/{seed}/{index}".encode(), digest_size=8).digest()
    return int.from_bytes(lot, "little") < share * 2.0**64


def audit(games: Iterable[Game], terms: Adjudication) -> dict[str, Any]:
    """What adjudication did in finished games: how many it ended, and how often it was wrong where it was tried.

    `wrong` of `audited` games, which it would have ended and which were played on, came to another result.
    """
    played = list(games)
    ended = Counter(game.ended_by for game in played)
    tried = [game for game in played if game.agreed is not None]
    wrong = sum(game.points != game.agreed for game in tried)
    return {
        "resign_value": terms.resign_value,
        "resign_moves": terms.resign_moves,
        "draw_value": terms.draw_value,
        "draw_moves": terms.draw_moves,
        "draw_from_ply": terms.draw_from_ply,
        "audit_share": terms.audit_share,
        "resigned": ended[RESIGNED],
        "drawn": ended[DRAWN],
        "audited": len(tried),
        "wrong": wrong,
        "wrong_share": wrong / len(tried) if tried else None,
        "wrong_interval_95": list(_wilson_interval(wrong, len(tried))) if tried else [None, None],
    }


def _wilson_interval(wrong: int, tried: int) -> tuple[float, float]:
    """95 % interval of how often it is wrong; Wilson's, as for so many coin tosses."""
    return score_interval(Sample(tried, wrong / tried, 0.0, 1))


def _agree_on_loss(loser: Sequence[float], winner: Sequence[float], terms: Adjudication) -> bool:
    """Whether one has seen itself lost for long enough, and the other itself winning."""
    bound, moves = terms.resign_value, terms.resign_moves
    if bound is None or min(len(loser), len(winner)) < moves:
        return False
    lost = all(value <= -bound for value in loser[:moves])
    won = all(value >= bound for value in winner[:moves])
    return _both(lost, won, loser, winner)


def _agree_on_draw(own: Sequence[float], other: Sequence[float], plies: int, terms: Adjudication) -> bool:
    bound, moves = terms.draw_value, terms.draw_moves
    if bound is None or plies < terms.draw_from_ply or min(len(own), len(other)) < moves:
        return False
    level, level_too = (all(abs(value) <= bound for value in values[:moves]) for values in (own, other))
    return _both(level, level_too, own, other)


def _both(one: bool, another: bool, values: Sequence[float], other_values: Sequence[float]) -> bool:
    """Whether both agree; a player that has never said anything leaves it to the other."""
    if one and another:
        return True
    return (one and _is_mute(other_values)) or (another and _is_mute(values))


def _is_mute(values: Sequence[float]) -> bool:
    return all(map(math.isnan, values))
