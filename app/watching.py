"""What the search is to pause for: a person adds, changes and removes watchpoints, and is told when one is reached.

They are part of the session's wish, so that a run that goes on is given them at once.
"""

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

import msgspec

from app.presenter import phrases
from app.screen import Screen
from app.session import Session
from app.travel import Travel
from app.viewmodels.explore import ExploreState
from app.viewmodels.watchpoints import (
    HitRecord,
    Reached,
    Watched,
    WatchpointsRecord,
    hit_record,
    kept,
    to_keep,
    watchpoints_record,
    with_figure,
)
from app.wishes import Wishes
from engine.domains.base import Line
from engine.search.watchpoints import AnyWatchpoint, QueryHolds
from engine.tree.query import parse
from engine.tree.query_syntax import QueryError


class Watching:
    """The desk of watchpoints.

    Attributes:
        dismissed: the hit whose line the person has closed, or None.
    """

    def __init__(
        self, session: Session, travel: Travel, screen: Screen, look: Callable[[], ExploreState], wishes: Wishes
    ) -> None:
        """`look`: what is being looked at now."""
        self._wishes = wishes
        self.dismissed: Reached | None = None
        self._session, self._travel, self._screen, self._look = session, travel, screen, look
        self._numbers = count(1)
        self._shown: tuple[WatchpointsRecord | None, HitRecord | None] = (None, None)

    @property
    def watched(self) -> tuple[Watched, ...]:
        """All of them, in the order in which they were added."""
        return self._session.wish.watched

    @property
    def reached(self) -> Reached | None:
        """The one that ended the last run, as long as nobody closed its line."""
        reached = self._session.reached
        return None if reached is self.dismissed else reached

    def take_up(self, values: Iterable[dict[str, Any]], *, one_by_one: bool) -> None:
        """Those kept from another day."""
        fresh = tuple(msgspec.structs.replace(one, number=next(self._numbers)) for one in kept(values))
        self._session.want(watched=fresh, one_by_one=one_by_one)
        self.refresh()

    def to_keep(self) -> tuple[dict[str, Any], ...]:
        """Those worth keeping for another day."""
        return to_keep(self.watched)

    def add(self, watchpoint: AnyWatchpoint, line: Line | None = None) -> None:
        """Wait for this too. `line`: ends with the branch that is meant; None = whichever state is the root."""
        new = Watched(number=next(self._numbers), watchpoint=watchpoint, line=line)
        known = [one for one in self.watched if (one.watchpoint, one.line) == (watchpoint, line)]
        if known:
            self.switch(known[0].number, is_on=True)
        else:
            self._want((*self.watched, new))

    def add_query(self, text: str) -> str:
        """Wait for a query to become true of a node; what is wrong with it, or ""."""
        try:
            self.add(QueryHolds(text=parse(text).text))
        except QueryError as error:
            return str(error)
        return ""

    def switch(self, number: int, *, is_on: bool) -> None:
        """Wait for it, or leave it for later."""
        self._change(number, is_on=is_on)

    def set_figure(self, number: int, value: float) -> None:
        """Change the number in its sentence."""
        for one in self.watched:
            if one.number == number:
                self._change(number, watchpoint=with_figure(one.watchpoint, value))

    def remove(self, number: int) -> None:
        """Wait for it no more."""
        self._want(tuple(one for one in self.watched if one.number != number))

    def set_one_by_one(self, one_by_one: bool) -> None:
        """Evaluate leaves one at a time while something is waited for, so that nothing is searched beyond it."""
        self._want(self.watched, one_by_one=one_by_one)

    def dismiss(self) -> None:
        """Close the line of the hit."""
        self.dismissed = self._session.reached
        self.refresh()

    def go_there(self) -> Line | None:
        """Look at the very moment of the hit; the line of what it is about, None where there is no hit."""
        reached = self.reached
        if reached is None:
            return None
        self._travel.seek(reached.hit.simulation)
        return reached.line.then(*reached.hit.path)

    def refresh(self) -> None:
        """Show what is waited for and what was reached, where it changed."""
        shown, words = self._session.shown, phrases(self._look().domain)

        def name(line: Line | None) -> str:
            root = shown.line if shown is not None else None
            if line is None or line == root or not line.actions:
                return "the root"
            before = len(root.actions) if root is not None and line.actions[: len(root.actions)] == root.actions else 0
            texts = words.texts(Line(line.start, line.actions[:before]), line.actions[before:])
            return " ".join(texts if len(texts) <= 2 else ("…", *texts[-2:]))

        wish = self._session.wish
        root = shown.line if shown is not None else None
        record = watchpoints_record(self.watched, root, name, one_by_one=wish.one_by_one)
        reached, hit = self.reached, None
        if reached is not None and shown is not None and not self._session.stale and shown.line == reached.line:
            here = shown.tree.simulations if self._travel.at is None else self._travel.at
            hit = hit_record(reached, here, name, can_run=not self._session.known.running)
        before = self._shown
        self._shown = record, hit
        if record != before[0]:
            self._screen.show_watchpoints(record)
        if hit != before[1]:
            self._screen.show_hit(hit)

    def _change(self, number: int, **changes: object) -> None:
        self._want(
            tuple(msgspec.structs.replace(one, **changes) if one.number == number else one for one in self.watched)
        )

    def _want(self, watched: tuple[Watched, ...], **changes: Any) -> None:
        self._wishes.change("watchpoints", watched=watched, **changes)
        self.refresh()
