"""Which stored matches need a generation: without it they can still be read, but not gone on with."""

from engine.arena.player_spec import parse_player
from engine.arena.store import MatchStore, StoredMatch
from engine.generations.card import Card


def matches_with(store: MatchStore, card: Card) -> list[str]:
    """Ids of the stored matches that were played with the weights of `card`, or are to be played with its id."""
    return [match.id for match in store.list() if _needs(match, card)]


def _needs(match: StoredMatch, card: Card) -> bool:
    header = match.header
    if header is None or header.a_facts is None or header.b_facts is None:
        return card.id in (_generation(text) for text in (match.order.a, match.order.b))
    return card.weights_sha256 in (header.a_facts.weights_sha256, header.b_facts.weights_sha256)


def _generation(text: str) -> str:
    """The generation that a player names; "" where it names none, or means nothing."""
    try:
        return parse_player(text).generation
    except ValueError:
        return ""
