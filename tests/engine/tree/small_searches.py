"""Small searches with everything in them that an export meets: proofs, prunes, ends of play, lent visits."""

from functools import cache

from engine.domains import registry
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.events import Header
from engine.tree.export import Subject

MANY_MATES = "r1bqkbnr/pppp1ppp/2n5/4p2Q/2B1P3/8/PPPP1PPP/RNB1K1NR b KQkq - 3 3"
"""Black to move; most moves let White mate at once."""


def searched(domain: str, position: str, simulations: int, *, batch: int = 8) -> tuple[Header, bytes, Subject]:
    """Header, journal and tree of a search whose intuition is noise."""
    header, stream, search = _searched(domain, position, simulations, batch)
    return header, stream, Subject(header, search.tree, registry.notation(domain))


@cache
def _searched(domain: str, position: str, simulations: int, batch: int) -> tuple[Header, bytes, Search]:
    journal: list[bytes] = []
    start = registry.notation(domain).parse_line(position)
    search = Search(registry.rules(domain), HashEvaluator(), start, SearchSettings(batch=batch), journal.append)
    for part in (simulations // 2, simulations - simulations // 2):
        search.start_run(Limits(simulations=part))
        while search.advance() is None:
            pass
        if part == simulations // 2:
            cut = search.tree.path(search.tree.num_nodes - 1)
            search.cut(cut[:1])
    return search.header, b"".join(journal), search
