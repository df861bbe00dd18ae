"""Random access to the past of a search: the tree as it was after any of its simulations.

`History` stands between a journal and the fold: it applies every event to the present tree and remembers enough to make
the tree of any moment of the present epoch again (`engine.tree.epoch` says what an epoch is), in milliseconds and equal
to what `fold_stream` would make up to that moment. Nodes of a past tree have the numbers they have now. Earlier epochs
are folded again from the journal (`Refold`).

A moment is a number of simulations: moment `s` is the state right after simulation `s`, before anything that followed
it, exactly as `fold_stream(tree, stream, until=s)` stops. The first moment of an epoch is the state right after the
event that began it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import SearchTree
from engine.tree.epoch import Epoch, EpochLog
from engine.tree.events import (
    Boost,
    Bounds,
    Event,
    Header,
    Prune,
    Recycle,
    Reevaluate,
    Reroot,
    Restore,
    Simulations,
    Switch,
    decode,
)
from engine.tree.fold import Mapping, apply, empty_tree
from engine.tree.past import Past

MOST = 2**24
"""Simulations of an epoch. A longer one is cut, so that a search that only revisits needs no memory without end."""


class MomentError(ValueError):
    """A moment that this history cannot go to."""


@dataclass(frozen=True, slots=True)
class Descent:
    """One simulation, as it can be followed through the tree.

    Attributes:
        simulation: its number, from 1.
        path: nodes from the root to the one where it ended.
        opened: the last node of the path was born in it.
        value, draw: what was backed up, in [-1, 1] and [0, 1], from the player to move where it ended.
        branch: the edge it was lent to, above which it does not count; -1 = it counts to the root.
    """

    simulation: int
    path: tuple[int, ...]
    opened: bool
    value: float
    draw: float
    branch: int


class History:
    """The past of one search. Belongs to one thread.

    Attributes:
        tree: the present tree; changed only through `apply`.
        epochs: where each epoch so far began, the present one last.
        switches: changes of intuition or settings in the whole search, each with the simulations done then.
    """

    def __init__(self, tree: SearchTree) -> None:
        """Begin with a tree whose past is not asked for, usually an empty one."""
        self.tree = tree
        self.epochs: list[Epoch] = [Epoch(tree.simulations, tree.line, 0)]
        self.switches: list[tuple[int, Switch]] = []
        self._size = 0
        self._log: EpochLog | None = None  # of an epoch in which nothing has happened yet
        self._past: Past | None = None

    # -- as events come ---------------------------------------------------------------------------------------------

    def apply(self, event: Event, size: int = 0) -> Mapping | None:
        """Apply `event`, which takes `size` bytes of the journal, to the present tree, as `fold.apply` does.

        Raises:
            FoldError: as `fold.apply`; neither tree nor history are changed then.
        """
        tree = self.tree
        if ends_epoch(event):
            mapping = apply(tree, event)
            self._size += size
            self._begin(event, mapping)
            return mapping
        if self.is_over(event):
            self._begin(event, None)
        log = self.log
        before = log.before(tree, event) if isinstance(event, Prune | Restore | Bounds | Reevaluate) else None
        if isinstance(event, Reevaluate) and self._past is not None:
            self._past.own_priors()
        apply(tree, event)
        self._size += size
        match event:
            case Simulations():
                log.simulated(tree, event)
            case Boost():
                log.boosted(event)
            case Switch():
                self.switches.append((tree.simulations, event))
            case _:
                assert before is not None
                log.changed(tree, before)
        return None

    def _begin(self, event: Event, mapping: Mapping | None) -> None:
        """Begin another epoch, because of `event`; one without any simulation is forgotten."""
        tree, last = self.tree, self.epochs[-1]
        epoch = Epoch(
            tree.simulations,
            tree.line,
            self._size,
            last.renumbered_at if mapping is None else tree.simulations + 1,
            tree.simulations if isinstance(event, Reroot) else last.root_at,
        )
        if last.first == tree.simulations:
            self.epochs[-1] = epoch
        else:
            self.epochs.append(epoch)
        self._log = self._past = None

    # -- to be asked --------------------------------------------------------------------------------------------------

    @property
    def log(self) -> EpochLog:
        """What happened in the present epoch."""
        if self._log is None:
            self._log = EpochLog(self.tree)
        return self._log

    @property
    def first(self) -> int:
        """First moment of the present epoch."""
        return self.epochs[-1].first

    @property
    def last(self) -> int:
        """Last moment: simulations done now. What followed the last simulation is only in the present tree."""
        return self.tree.simulations

    def is_over(self, event: Event) -> bool:
        """Whether the present epoch ends if `event` comes next."""
        return ends_epoch(event) or self.last - self.first >= MOST

    def epoch_of(self, simulation: int) -> int:
        """Number of the epoch that a moment belongs to; one where an epoch ends and another begins is the former's.

        Raises:
            MomentError: there is no such moment.
        """
        if not 0 <= simulation <= self.last:
            raise MomentError(f"moment {simulation}: the search has {self.last} simulations")
        return max((i for i, epoch in enumerate(self.epochs) if epoch.first < simulation), default=0)

    def seek(self, simulation: int) -> SearchTree:
        """The tree at a moment of the present epoch.

        It is one object, moved by every call; between calls it stays as it is, whatever is applied. The first call
        copies the present tree (`prepare`).

        Raises:
            MomentError: the moment is not in the present epoch.
        """
        if not self.first <= simulation <= self.last:
            raise MomentError(f"moment {simulation} is not in the present epoch, {self.first} to {self.last}")
        return self.prepare().seek(simulation)

    def prepare(self) -> Past:
        """The past tree, made now where it is not there: a tenth of a second for a million nodes."""
        if self._past is None:
            self._past = Past(self.tree, self.log)
        return self._past

    def switch_at(self, simulation: int) -> Switch | None:
        """The change of intuition or settings that is in force at a moment of any epoch; None = the header's."""
        return next((switch for after, switch in reversed(self.switches) if after < simulation), None)

    def descent(self, simulation: int) -> Descent:
        """One simulation of the present epoch.

        Raises:
            MomentError: it is not in the present epoch.
        """
        log = self.log
        if not log.first < simulation <= log.last:
            raise MomentError(f"simulation {simulation} is not in the present epoch, {log.first + 1} to {log.last}")
        row = simulation - log.first - 1
        leaf = int(log.leaf.rows[row])
        path = [leaf]
        while (parent := int(self.tree.links["parent"][path[-1]])) >= 0:
            path.append(parent)
        loans = log.loans(simulation - 1, simulation)
        return Descent(
            simulation,
            tuple(reversed(path)),
            int(self.tree.stats["birth"][leaf]) == simulation,
            float(log.value.rows[row]),
            float(log.draw.rows[row]),
            int(loans[0, 2]) if len(loans) else -1,
        )

    def nbytes(self) -> int:
        """Bytes of what is remembered of the present epoch, without the past tree."""
        return self.log.nbytes()


class Refold:
    """An earlier epoch, folded again from the start of the journal, a slice at a time; may run in its own thread.

    Attributes:
        history: of the search up to where it has been folded; at the end its present tree is the epoch's last moment
            and every moment of the epoch can be sought.
        share: done, in [0, 1].
    """

    def __init__(self, header: Header, pieces: Iterable[bytes], epoch: int, last: int) -> None:
        """Prepare.

        Args:
            pieces: the journal, in pieces of whole events.
            epoch: its number in `History.epochs`.
            last: its last moment, the next epoch's first; only for `share`.
        """
        self.history = History(empty_tree(header))
        self.share = 0.0
        self._epoch, self._last = epoch, max(1, last)
        self._events = self._decoded(pieces)

    def step(self, simulations: int = 32_768) -> bool:
        """Fold so many more simulations, or a few more; False once all is done.

        Raises:
            JournalError, FoldError: the journal is damaged.
        """
        history = self.history
        enough = history.last + simulations
        for event, size in self._events:
            if len(history.epochs) > self._epoch and history.first < history.last and history.is_over(event):
                self._events = iter(())
                break
            history.apply(event, size)
            self.share = min(1.0, history.last / self._last)
            if history.last >= enough:
                return True
        history.prepare()
        self.share = 1.0
        return False

    @staticmethod
    def _decoded(pieces: Iterable[bytes]) -> Iterator[tuple[Event, int]]:
        for piece in pieces:
            end = 0
            for event in decode(piece):
                start, end = end, end + 4 + int.from_bytes(piece[end : end + 4], "little")
                yield event, end - start


def ends_epoch(event: Event) -> bool:
    """Whether nodes are renumbered by `event`."""
    return isinstance(event, Reroot | Recycle)


def touched(history: History, after: int, last: int) -> NDArray[np.bool_]:
    """Nodes that simulations `after + 1 .. last` of the present epoch passed: bool [nodes], loans up to the root."""
    return history.log.passed(history.tree, after, last).astype(np.bool_)
