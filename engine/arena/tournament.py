"""Many players rated together: which matches are to be played for it, and the ladder that follows from them.

Every pairing is a stored match that is found again by its order (`engine.arena.ladder_games`). A tournament that was
cut off, or is asked for again with more pairs or players, therefore plays only what is missing.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import msgspec

from engine.arena.ladder import Ladder, Rung, fit_ladder
from engine.arena.ladder_games import (
    Pairing,
    StoredResults,
    batch_of,
    find_stored,
    lineage_of,
    next_pairing,
    pairings_of,
    pairs_stored,
    stored_for,
    stored_results,
)
from engine.arena.order import MatchOrder
from engine.arena.player_spec import canonical, parse_player
from engine.arena.store import MatchStore, StoredMatch
from engine.generations.registry import default_registry
from engine.search.breaks import without_breaks

Meetings = tuple[tuple[str, str], ...]


class TournamentError(ValueError):
    """A tournament that cannot be played; the message names what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Tournament:
    """A tournament as it is asked for.

    Attributes:
        any_match: the order of each match, but for who plays; its pairs are those of a pairing (on average, where the
            pairings are chosen as it goes on).
        players: who is rated; none = whoever has stored matches in the domain.
        meetings: who meets whom.
        is_informative: whether more games follow where they tell most, so that all pairings together have their pairs.
        anchors: Elo that some players are held at.
    """

    store: MatchStore
    any_match: MatchOrder
    players: tuple[str, ...]
    meetings: Meetings = ()
    is_informative: bool = False
    anchors: Mapping[str, float] = field(default_factory=dict)

    def rated(self) -> Generator[None, None, tuple[StoredResults, Ladder]]:
        """The results that are stored by now, and the ladder that follows from them; with breaks."""
        found = yield from stored_results(self.store, self.any_match.domain, self.players)
        lineage = lineage_of(found.players, default_registry())
        return found, fit_ladder(found.players, found.results, self.anchors, lineage)

    def orders(self) -> Iterator[MatchOrder]:
        """The matches that are to be played, one after the other; a choice is made when it is asked for."""
        pairs = self.any_match.pairs
        if not self.is_informative:
            yield from (self._order(a, b, pairs) for a, b in self.meetings)
            return
        batch = batch_of(pairs)
        yield from (self._order(a, b, batch) for a, b in self.meetings)
        while self._ordered() < self.total():
            _, ladder = without_breaks(self.rated())
            a, b = next_pairing(ladder)
            before = find_stored(self.store, self._order(a, b, 1))
            yield self._order(a, b, batch + (0 if before is None else before.order.pairs))

    def matches(self) -> Iterator[tuple[StoredMatch, int]]:
        """The stored matches of `orders`, and with each the pairs of all others that came before it.

        One that is over already comes too; one that is made longer comes again.
        """
        pairs: dict[str, int] = {}
        for order in self.orders():
            stored = stored_for(self.store, order)
            pairs.pop(stored.id, None)
            yield stored, sum(pairs.values())
            pairs[stored.id] = stored.order.pairs

    def total(self) -> int:
        """Pairs that all matches have in the end."""
        return self.any_match.pairs * len(self.meetings)

    def _ordered(self) -> int:
        """Pairs of all matches so far."""
        return pairs_stored(self.store, (self._order(a, b, 1) for a, b in pairings_of(self.players, "all")))

    def _order(self, a: str, b: str, pairs: int) -> MatchOrder:
        return msgspec.structs.replace(self.any_match, a=a, b=b, pairs=pairs)


def ladder_of(
    store: MatchStore, any_match: MatchOrder, players: Sequence[str], pairing: Pairing, anchors: Mapping[str, float]
) -> Tournament:
    """A tournament of players in an order, or the rating of what is stored where there are none.

    Args:
        anchors: by player; another way to write one means the same.
    """
    shown = {canonical(name): name for name in players}
    held = {shown.get(canonical(name), canonical(name)): elo for name, elo in anchors.items()}
    is_informative = pairing == "informative"
    return Tournament(store, any_match, tuple(players), tuple(pairings_of(players, pairing)), is_informative, held)


def scale_of(ladder: Ladder) -> str:
    """What the numbers of a ladder are relative to, in a few words."""
    held = [rung for rung in ladder.rungs if rung.is_anchor]
    if held:
        return "Elo, with " + ", ".join(f"{rung.name} held at {rung.elo:g}" for rung in held)
    has_open = any(rung.is_open for rung in ladder.rungs) and not all(rung.is_open for rung in ladder.rungs)
    return "Elo, 0 is the mean of all players" + (" with bounds on both sides" if has_open else "")


def matrix_of(
    store: MatchStore, any_match: MatchOrder, generations: Sequence[str], budgets: Sequence[int], method: str
) -> Tournament:
    """A tournament of every generation at every budget: each meets its neighbours in the table of them all."""
    rows = [[matrix_player(generation, budget, method) for budget in budgets] for generation in generations]
    across = [(one, other) for row in rows for one, other in pairwise(row)]
    down = [pair for one, other in pairwise(rows) for pair in zip(one, other, strict=True)]
    players = tuple(player for row in rows for player in row)
    return Tournament(store, any_match, players, tuple(across + down))


def matrix_player(generation: str, budget: int, method: str) -> str:
    """A player of the matrix, as it is written: `GENERATION@SIMULATIONS`, with the method where it is no usual one."""
    return f"{generation}@{budget}" + (f":{method}" if budget and method != "puct" else "")


def check_players(players: Sequence[str], domain: str) -> None:
    """All players are there, before an hour is spent on some of them.

    Raises:
        TournamentError: there is only one, or one is there twice.
        PlayerError, GenerationError: there is no such player here.
    """
    for at, name in enumerate(players):
        if canonical(name) in map(canonical, players[:at]):
            raise TournamentError(f"{name!r} is there twice")
        spec = parse_player(name)
        if spec.generation:
            default_registry().get(spec.generation, domain)
    if len(players) == 1:
        raise TournamentError(f"{players[0]!r} has nobody to play against")


def notes_of(rung: Rung, found: StoredResults, ladder: Ladder) -> list[str]:
    """What a reader of a rating should know, in a few words each."""
    notes = [found.notes[rung.name]] if rung.name in found.notes else []
    if rung.is_anchor:
        notes.append("held here")
    elif not rung.games:
        notes.append("has no games: only descent places it")
    elif rung.is_open:
        notes.append("won or lost everything: the games set no bound")
    if len(ladder.groups) > 1 and rung.name not in ladder.groups[0]:
        notes.append("on a scale of its own: no game connects it with the first players")
    return notes
