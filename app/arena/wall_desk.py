"""The desk of the wall: which games hang where, and which boards have to be drawn anew."""

import time
from collections.abc import Callable

from app.presenter import phrases
from app.viewmodels.arena_wall import EMPTY, TileRecord, hang, page_of, tile_record
from app.viewmodels.match_replica import MatchReplica

BUDGET_S = 0.008
"""Time for boards in one turn; those that are left come in the next."""


class WallDesk:
    """Follows a match. Boards whose games go on are worked out again, a few at a time.

    Attributes:
        page: of all games, in the order of their numbers; None = the games that are played now.
        places: numbers of the games that hang, place by place.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.page: int | None = None
        self.places: tuple[int, ...] = ()
        self._clock = clock
        self._replica: MatchReplica | None = None
        self._stale: set[int] = set()

    def follow(self, replica: MatchReplica | None) -> None:
        """Another match, or none."""
        if replica is not self._replica:
            self._replica, self.page, self.places, self._stale = replica, None, (), set()

    def turn(self, by: int, capacity: int) -> None:
        """Turn to another page of all games; before the first and after the last there are those played now."""
        if self._replica is None or capacity < 1:
            return
        last = max(len(self._replica.games) - 1, 0) // capacity
        page = (last if by < 0 else 0) if self.page is None else self.page + by
        self.page = page if 0 <= page <= last else None

    def page_words(self, capacity: int, *, is_playing: bool) -> str:
        """Which games hang there; `is_playing`: the match goes on."""
        if self._replica is None or not self._replica.games:
            return ""
        if self.page is None:
            live = len(self._replica.live)
            if is_playing:
                return f"{live} being played"
            return f"{live} were not played to their end" if live else "The last games"
        numbers = [number for number in page_of(self.page, capacity, self._replica.games) if number != EMPTY]
        return f"Games {min(numbers) + 1} to {max(numbers) + 1}" if numbers else ""

    def advance(self, capacity: int) -> dict[int, TileRecord | None]:
        """What has to be shown anew, by place; not more than there is time for."""
        replica = self._replica
        if replica is None:
            return dict.fromkeys(range(capacity))
        self._stale |= replica.take_changed()
        before = self.places
        if self.page is None:
            self.places = hang(before, capacity, replica.games, replica.live)
        else:
            self.places = page_of(self.page, capacity, replica.games)
        shown: dict[int, TileRecord | None] = {}
        moved = [place for place, number in enumerate(self.places) if place >= len(before) or before[place] != number]
        self._stale.update(self.places[place] for place in moved)
        shown.update((place, None) for place in moved if self.places[place] == EMPTY)
        self._stale &= set(self.places) - {EMPTY}
        begun = self._clock()
        words = phrases(replica.order.domain)
        for place, number in enumerate(self.places):
            if number in self._stale:
                shown[place] = tile_record(replica.games[number], replica.order, words)
                self._stale.discard(number)
                if self._clock() - begun > BUDGET_S:
                    break
        return shown

    def start_again(self) -> None:
        """All boards were taken down: show them anew."""
        self.places = ()
