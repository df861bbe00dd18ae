"""Who is connected with whom by the games of a ladder: groups, ratings without a bound, and cycles."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.arena.counts import Counts, samples_of
from engine.arena.elo import score_intervals
from engine.arena.ladder_results import Played, Rows


def groups_of(count: int, rows: Rows, descent: Iterable[tuple[int, int]], held: set[int]) -> list[list[int]]:
    """Players who are on one scale: connected by games or descent, or through anchors. The largest first."""
    links = np.zeros((count, count), np.bool_)
    links[rows.a, rows.b] = True
    for parent, child in descent:
        links[parent, child] = True
    for one, other in pairwise(sorted(held)):
        links[one, other] = True
    reach = _reach(links | links.T)
    groups: list[list[int]] = []
    seen: set[int] = set()
    for at in range(count):
        if at not in seen:
            group = np.flatnonzero(reach[at]).tolist()
            groups.append(group)
            seen.update(group)
    return sorted(groups, key=lambda group: (-len(group), group[0]))


def open_ends(
    count: int, rows: Rows, groups: Sequence[Sequence[int]], held: set[int]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the games set no bound below, and none above, each rating: bool [P] each.

    To take points from a player sets a bound below in relation to it, to give points one above (L. R. Ford, "Solution
    of a ranking problem from binary comparisons", American Mathematical Monthly 64, 1957). What a rating is measured
    from is the anchors, or else the most players who are bounded in relation to each other.
    """
    took = np.zeros((count, count), np.bool_)
    np.logical_or.at(took, (rows.a, rows.b), rows.points > 0.0)
    np.logical_or.at(took, (rows.b, rows.a), rows.points < rows.games)
    for one in held:
        took[one, list(held)] = True
    reach = _reach(took)
    both = reach & reach.T
    games, _ = rows.totals(count)
    is_open_below, is_open_above = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    for group in groups:
        anchors = [at for at in group if at in held]
        centre = anchors[0] if anchors else max(group, key=lambda at: (int(both[at].sum()), games[at], -at))
        is_open_below[list(group)] = ~reach[list(group), centre]
        is_open_above[list(group)] = ~reach[centre, list(group)]
    return is_open_below, is_open_above


def cycles_of(results: Sequence[Played], index: Mapping[str, int]) -> list[tuple[int, ...]]:
    """Cycles in which each player beat the next significantly: for each such victory the shortest, each once."""
    beats = _victories(results, index)
    found: dict[tuple[int, ...], None] = {}
    for winner, losers in beats.items():
        for loser in sorted(losers):
            path = _shortest(beats, loser, winner)
            if path:
                at = path.index(min(path))
                found[tuple(path[at:] + path[:at])] = None
    return sorted(found, key=lambda cycle: (len(cycle), cycle))


def _victories(results: Sequence[Played], index: Mapping[str, int]) -> dict[int, set[int]]:
    """Whom each player beat significantly (95 %), all meetings of two players together."""
    meetings: dict[tuple[int, int], Counts] = {}
    for played in results:
        one, other, counts = index[played.a], index[played.b], played.counts
        if one > other:
            one, other, counts = other, one, counts.swapped
        before = meetings.get((one, other))
        meetings[one, other] = counts if before is None else before.plus(counts)
    beats: dict[int, set[int]] = {}
    paired = {who: counts.pentanomial for who, counts in meetings.items() if counts.pairs}
    apart = {who: counts.trinomial for who, counts in meetings.items() if counts.games and not counts.pairs}
    for table in (paired, apart):
        if table:
            low, high = score_intervals(samples_of(np.array(list(table.values()))))
            for (one, other), least, most in zip(table, low.tolist(), high.tolist(), strict=True):
                if least > 0.5:
                    beats.setdefault(one, set()).add(other)
                elif most < 0.5:
                    beats.setdefault(other, set()).add(one)
    return beats


def _shortest(links: Mapping[int, set[int]], start: int, end: int) -> list[int]:
    """The shortest path, both ends included; empty if there is none."""
    before = {start: start}
    queue = deque([start])
    while queue:
        at = queue.popleft()
        if at == end:
            path = [at]
            while path[-1] != start:
                path.append(before[path[-1]])
            return path[::-1]
        for following in sorted(links.get(at, ())):
            if following not in before:
                before[following] = at
                queue.append(following)
    return []


def _reach(links: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a path leads from each to each, everyone to itself included."""
    reach: NDArray[np.bool_] = links | np.eye(len(links), dtype=np.bool_)
    while True:
        further = reach @ reach
        if np.array_equal(further, reach):
            return reach
        reach = further
