"""Elo at which a person holds players of the ladders, kept between runs of the program."""

from collections.abc import Callable, Mapping

Anchors = tuple[tuple[str, float], ...]
"""Players, written as for a match, and the Elo each is held at."""


class KeptAnchors:
    """By domain. `kept`: from an earlier run. `changed`: is handed all of them when some have changed."""

    def __init__(
        self,
        kept: Mapping[str, Mapping[str, float]] | None = None,
        changed: Callable[[dict[str, dict[str, float]]], None] = lambda _: None,
    ) -> None:
        self._kept = {domain: dict(held) for domain, held in (kept or {}).items()}
        self._changed = changed

    def of(self, domain: str) -> Anchors:
        """Those of a domain."""
        return tuple(self._kept.get(domain, {}).items())

    def keep(self, domain: str, anchors: Anchors) -> None:
        """Remember those of a domain."""
        if anchors != self.of(domain):
            self._kept[domain] = dict(anchors)
            self._changed({domain: dict(held) for domain, held in self._kept.items() if held})
