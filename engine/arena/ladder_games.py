"""The games of a ladder: who is to meet whom, in which stored match, and what was played so far.

Every pairing is a stored match of its own, which is found again by its order. A ladder that was cut off therefore goes
on, and one with more pairs or more players plays only what is missing.
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Literal

import msgspec
import numpy as np

from engine.arena.ladder import Ladder
from engine.arena.ladder_results import Played, played_games
from engine.arena.order import MatchOrder
from engine.arena.outcomes import ELO_SLOPE
from engine.arena.player_spec import PlayerSpec, canonical, parse_player
from engine.arena.reading import read_games
from engine.arena.store import MatchStore, StoredMatch, found_from_anywhere
from engine.generations.card import GenerationError
from engine.generations.registry import Registry, default_registry

Pairing = Literal["neighbours", "all", "informative"]
PAIRINGS: tuple[Pairing, ...] = ("neighbours", "all", "informative")

_FEWEST_PAIRS = 8
"""Pairs of an informative ladder before it looks again where the next would tell most."""


def pairings_of(players: Sequence[str], how: Pairing) -> list[tuple[str, str]]:
    """Who meets whom to begin with; "informative" adds to the meetings of neighbours (`next_pairing`)."""
    return list(combinations(players, 2)) if how == "all" else list(pairwise(players))


def batch_of(pairs: int) -> int:
    """Pairs that an informative ladder plays at a time, `pairs` being those of a pairing on average."""
    return min(pairs, max(_FEWEST_PAIRS, pairs // 4))


def next_pairing(ladder: Ladder) -> tuple[str, str]:
    """The two players whose next games tell most about the ladder as it stands.

    What a game tells about a difference d is Fisher's information I of its score; what is not known yet is the variance
    V of d. The entropy of d falls by log(1 + I V) / 2, which is largest for the pairing that is chosen.
    """
    elo = np.array([rung.elo for rung in ladder.rungs])
    spread = np.diag(ladder.covariance)
    variance = spread[:, None] + spread[None, :] - 2.0 * ladder.covariance
    expected = 1.0 / (1.0 + np.exp(-ELO_SLOPE * (elo[:, None] - elo[None, :])))
    told = np.triu(ELO_SLOPE**2 * expected * (1.0 - expected) * variance, 1)
    one, other = np.unravel_index(int(told.argmax()), told.shape)
    return ladder.rungs[int(one)].name, ladder.rungs[int(other)].name


def stored_for(store: MatchStore, order: MatchOrder) -> StoredMatch:
    """The stored match that `order` means, whoever of the two is A: made longer where it has too few pairs, or begun.

    Raises:
        MatchStoreError, OrderError: it cannot be kept.
    """
    stored = find_stored(store, order)
    if stored is None:
        return store.begin(order)
    if stored.order.pairs < order.pairs and stored.state != "running":
        store.change(stored.id, msgspec.structs.replace(stored.order, pairs=order.pairs))
    return store.get(stored.id)


def find_stored(store: MatchStore, order: MatchOrder) -> StoredMatch | None:
    """The stored match that has the games of `order`, whoever of the two is A and however many pairs it has.

    One whose players were other networks, as a generation was replaced since, does not.
    """
    wanted = _games_of(order)
    same = (stored for stored in store.list(order.domain) if _games_of(stored.order) == wanted)
    return next((stored for stored in same if _has_todays_networks(stored)), None)


def pairs_stored(store: MatchStore, orders: Iterable[MatchOrder]) -> int:
    """Pairs that all stored matches with the games of `orders` have together, whether they were played yet or not."""
    wanted = {_games_of(order): order.domain for order in orders}
    found: dict[MatchOrder, int] = {}
    for domain in set(wanted.values()):
        for stored in store.list(domain):
            games = _games_of(stored.order)
            if games in wanted and games not in found and _has_todays_networks(stored):
                found[games] = stored.order.pairs
    return sum(found.values())


def _games_of(order: MatchOrder) -> MatchOrder:
    """What decides the games of a match: not its length nor its pace, nor who is called A."""
    a, b = sorted((canonical(order.a), canonical(order.b)))
    return msgspec.structs.replace(found_from_anywhere(order), a=a, b=b, pairs=1, concurrency=None, device="auto")


def _has_todays_networks(stored: StoredMatch) -> bool:
    """Whether its players' names still stand for the weights that played; so where nobody played yet."""
    if stored.header is None:
        return True
    for text, facts in ((stored.order.a, stored.header.a_facts), (stored.order.b, stored.header.b_facts)):
        spec = parse_player(text)
        if facts is None or not facts.weights_sha256 or not spec.generation:
            continue
        try:
            if default_registry().get(spec.generation).card.weights_sha256 != facts.weights_sha256:
                return False
        except GenerationError:  # it is gone; whoever wants to play it is told so
            continue
    return True


@dataclass(frozen=True, slots=True)
class StoredResults:
    """What stored matches say of some players.

    Attributes:
        players: in the order asked for, else in that of their first game.
        results: of the matches with games, the oldest first. matches: their ids.
        notes: by player, what a reader should know.
    """

    players: tuple[str, ...]
    results: tuple[Played, ...]
    matches: tuple[str, ...]
    notes: dict[str, str]


def stored_results(store: MatchStore, domain: str, players: Sequence[str] = ()) -> Generator[None, None, StoredResults]:
    """The results of stored matches, read with breaks.

    Where a player has changed under its name, as a generation that was replaced, only the games of what it was in its
    newest match count. Ways to write the same player are one player: the way that was asked for, or the usual one.

    Args:
        players: only matches between these; none = every player of the domain.
    """
    shown = {canonical(name): name for name in players}
    candidates = [
        stored
        for stored in store.list(domain)
        if stored.header is not None and (not players or set(_fingerprints(stored)) <= set(shown))
    ]
    newest: dict[str, str] = {}
    for stored in candidates:
        newest.update(_fingerprints(stored))
    results, matches, names = [], [], dict.fromkeys(players)
    notes: dict[str, str] = {}
    for stored in candidates:
        told = _fingerprints(stored)
        stale = [name for name, fingerprint in told.items() if newest[name] != fingerprint]
        if stale:
            left_out = "older games, before it changed, are left out"
            notes.update(dict.fromkeys((shown.get(name, name) for name in stale), left_out))
            continue
        a, b = (shown.get(name, name) for name in (canonical(stored.order.a), canonical(stored.order.b)))
        played = yield from _played(stored, a, b, notes)
        if played is not None and played.counts.games and played.a != played.b:
            results.append(played)
            matches.append(stored.id)
            names.update(dict.fromkeys((played.a, played.b)))
    return StoredResults(tuple(names), tuple(results), tuple(matches), notes)


def _fingerprints(stored: StoredMatch) -> dict[str, str]:
    header = stored.header
    assert header is not None
    return {canonical(header.a): header.a_fingerprint, canonical(header.b): header.b_fingerprint}


def _played(stored: StoredMatch, a: str, b: str, notes: dict[str, str]) -> Generator[None, None, Played | None]:
    """The games of a match of `a` and `b`, from its report where that is the last word, else from its journal."""
    if stored.state == "over" and stored.report is not None and "first_move" in stored.report:
        return _told(stored.report, a, b)
    try:
        match = yield from read_games(stored)
    except (ValueError, OSError) as error:  # a damaged match must not keep all others from being rated
        notes.update(dict.fromkeys((a, b), f"match {stored.id} could not be read: {error}"))
        return None
    return played_games(a, b, match.counted_games(), match.counts())


def _told(report: dict[str, Any], a: str, b: str) -> Played:
    first = report["first_move"]
    return Played(a, b, tuple(first["a"]), tuple(first["b"]), pentanomial=tuple(report["pentanomial"]))


def lineage_of(players: Sequence[str], registry: Registry) -> list[tuple[str, str]]:
    """Parents and children among players, where both think equally long: the ladder's belief ties them together."""
    specs = {name: parse_player(name) for name in players}
    parents = {generation.card.id: generation.card.parent for generation in registry.list()}
    return [
        (one, other)
        for one, spec in specs.items()
        for other, child in specs.items()
        if spec.generation
        and parents.get(child.generation) == spec.generation
        and _way_of_playing(spec) == _way_of_playing(child)
    ]


def _way_of_playing(spec: PlayerSpec) -> tuple[object, ...]:
    return spec.simulations, spec.method, spec.settings, spec.seconds, spec.clock
