"""A recorded tree that is grown step by step, simulation by simulation."""

from collections.abc import Iterator

from engine.tree.events import Event, Header, Simulations, decode
from engine.tree.fold import apply, empty_tree, first_simulations


class Growth:
    """A journal on its way into a tree.

    Attributes:
        tree: as far as it has grown; changes in place.
        last: simulations when it is done.
    """

    def __init__(self, header: Header, stream: bytes, until: int | None = None) -> None:
        """`until`: it grows no further than this simulation."""
        self.tree = empty_tree(header)
        total = sum(len(event.outcome) for event in decode(stream) if isinstance(event, Simulations))
        self.last = total if until is None else min(until, total)
        self._events = decode(stream)
        self._waiting: Event | None = None

    def to(self, simulation: int) -> bool:
        """Grow up to the end of a simulation; at the last one, all else that was recorded before the next is done too.

        Returns:
            Whether nodes have other numbers now: the root moved, or branches were given up.
        """
        is_renumbered = False
        for event in self._until(min(simulation, self.last)):
            is_renumbered |= apply(self.tree, event) is not None
        return is_renumbered

    def _until(self, simulation: int) -> Iterator[Event]:
        """The events up to the end of a simulation; a batch that goes on after it is taken apart."""
        while self.tree.simulations < simulation:
            event = self._waiting or next(self._events, None)
            self._waiting = None
            if event is None:
                return
            room = simulation - self.tree.simulations
            if isinstance(event, Simulations) and len(event.outcome) > room:
                self._waiting = _others(event, room)
                event = first_simulations(event, room)
            yield event


def _others(event: Simulations, count: int) -> Simulations:
    """A batch without its first `count` simulations."""
    first = first_simulations(event, count)
    return Simulations(
        event.parent[len(first.parent) :],
        event.edge[len(first.edge) :],
        event.value[len(first.value) :],
        event.draw[len(first.draw) :],
        event.outcome[len(first.outcome) :],
        event.num_edges[len(first.num_edges) :],
        event.action[len(first.action) :],
        event.prior[len(first.prior) :],
        event.branch,
    )
