"""What every work of the arena is given."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.arena.store import MatchStore
from engine.service.makers import Makers
from engine.service.messages import Answer, Notice


@dataclass(frozen=True, slots=True)
class Tools:
    """What works have to do with.

    Attributes:
        makers: what searches are made of.
        store: the matches of this machine.
        post: where notices go.
        clock: seconds, rising.
    """

    makers: Makers
    store: MatchStore
    post: Callable[[Answer | Notice], None]
    clock: Callable[[], float]
