"""Who goes on next of those that share a thread: a search, a job, an errand."""

from collections.abc import Sequence


class Turns:
    """Gives each of those that are busy the same share of the time, however long their steps are."""

    def __init__(self) -> None:
        self._used_s: dict[str, float] = {}

    def next(self, busy: Sequence[str]) -> str:
        """Which of `busy` (never empty) has had the least; one that was not busy before has missed nothing."""
        least = min((self._used_s[name] for name in busy if name in self._used_s), default=0.0)
        self._used_s = {name: self._used_s.get(name, least) for name in busy}
        return min(busy, key=self._used_s.__getitem__)

    def took(self, name: str, seconds_s: float) -> None:
        """`name` has had a step that took so long."""
        self._used_s[name] += seconds_s
