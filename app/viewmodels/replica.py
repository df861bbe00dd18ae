"""The app's copy of a search: the journal's bytes as they came, and the tree folded from them.

Both are kept. The tree is what is shown; the bytes are what is saved, so that everything received can still be written
to a file when the engine that sent it is gone. The tree is as large as the engine's, which makes room in it; the bytes
are on disk where they are many.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.viewmodels.kept_journal import KeptJournal
from app.viewmodels.milestones import Milestones
from app.viewmodels.moment import Moment
from app.viewmodels.trails import Trails
from engine.domains.base import Line
from engine.search.settings import SearchSettings
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Event, Header, JournalError, Reroot, Switch, decode
from engine.tree.fold import FoldError, empty_tree
from engine.tree.history import History
from engine.tree.selection import selection_parameters

Mapping = NDArray[np.int32]
_LENGTH_BYTES = 4
"""Before each event of a stream."""


class JournalGapError(JournalError):
    """A piece of the journal did not arrive, or did not fit; what came before it is kept."""


class Replica:
    """One search as it was received so far. Changed only by `receive`.

    Attributes:
        header: what the journal is about.
        tree: the fold of everything received. history: its past.
        roots: re-rootings seen.
        root_at: simulations done when the present root became the root; renumbered_at: when its nodes last got other
            numbers.
        generation, weights_hash: whose intuition is used now.
        settings: in force now; parameters: those of the selection score, for `explain.candidates`.
        size: bytes received. journal: them, as far as they are kept; kept_simulations: simulations done until there.
        trails: how the visits of the present root went. milestones: what happened in its search.
    """

    def __init__(self, header: Header) -> None:
        self.header = header
        self.history = History(empty_tree(header))
        self.tree: SearchTree = self.history.tree
        self.roots = 0
        self.root_at = self.renumbered_at = 0
        self.generation, self.weights_hash = header.generation, header.weights_hash
        self.settings = settings_of(header.settings)
        self.parameters = selection_parameters(header.settings)
        self.size = 0
        self.trails = Trails()
        self.milestones = Milestones()
        self.journal = KeptJournal()
        self.kept_simulations = 0

    @property
    def line(self) -> Line:
        """The line to the present root."""
        return self.tree.line

    def receive(self, events: bytes, offset: int) -> Mapping | None:
        """Fold the next part of the journal, whose first byte is number `offset`.

        Returns:
            Where the nodes there were before went (-1 = dropped) if the part renumbers them, because the root moved or
            to make room, else None.

        Raises:
            JournalGapError: bytes are missing before the part, or it does not fit. Whole events that fitted are kept.
        """
        if offset != self.size:
            raise JournalGapError(f"the journal goes on at byte {offset} but {self.size} were received")
        mapping: Mapping | None = None
        end = 0
        try:
            for event in decode(events):
                size = _LENGTH_BYTES + int.from_bytes(events[end : end + _LENGTH_BYTES], "little")
                moved = self._fold(event, size)
                end += size
                if moved is not None:
                    mapping = moved if mapping is None else compose(mapping, moved)
        except (JournalError, FoldError) as error:
            raise JournalGapError(f"the journal cannot be followed past byte {offset + end}: {error}") from error
        finally:
            self.journal.append(events[:end])
            self.size += end
            if self.journal.is_whole:
                self.kept_simulations = self.tree.simulations
        return mapping

    @property
    def present(self) -> Moment:
        """The search as it stands now."""
        return Moment(
            self.header,
            self.tree,
            self.generation,
            self.weights_hash,
            self.settings,
            self.parameters,
            self.renumbered_at,
        )

    def moment_at(self, simulation: int) -> Moment:
        """The search as it stood right after a simulation of the present epoch (`engine.tree.history`).

        Its tree is one object for all moments: it is only good until the next moment is asked for.

        Raises:
            MomentError: the moment is not in the present epoch.
        """
        return moment_of(self.header, self.history, simulation)

    def _fold(self, event: Event, size: int) -> Mapping | None:
        mapping = self.history.apply(event, size)
        if mapping is not None:
            self.renumbered_at = self.tree.simulations + 1  # nodes named before are other ones now
        match event:
            case Reroot():
                self.roots += 1
                self.root_at = event.at
                self.trails.restart()
                self.milestones.restart(self.tree)
            case Switch():
                self.generation, self.weights_hash = event.generation, event.weights_hash
                self.settings = settings_of(event.settings)
                self.parameters = selection_parameters(event.settings)
            case _:
                pass
        self.trails.follow(self.tree)
        self.milestones.follow(event, self.tree)
        return mapping


def replay(header: Header, stream: bytes) -> tuple[Replica, str]:
    """The replica of a recorded journal, and what is wrong with it, or "".

    A damaged stream is followed up to the damage. The past is prepared, so that the first look back need not wait.
    """
    replica = Replica(header)
    damage = ""
    try:
        replica.receive(stream, 0)
    except JournalGapError as error:
        damage = str(error)
    replica.history.prepare()
    return replica, damage


def moment_of(header: Header, history: History, simulation: int) -> Moment:
    """The moment right after a simulation of a history's present epoch, with the intuition and settings of then."""
    tree = history.seek(simulation)
    switch = history.switch_at(simulation)
    source = switch or header
    return Moment(
        header,
        tree,
        source.generation,
        source.weights_hash,
        settings_of(source.settings),
        selection_parameters(source.settings),
        history.epochs[-1].renumbered_at,
        is_past=True,
    )


def keeps_root(mapping: Mapping) -> bool:
    """Whether the nodes that `mapping` moves still have the root they had: room was made, and nothing else."""
    return len(mapping) > 0 and int(mapping[ROOT]) == ROOT


def compose(first: Mapping, second: Mapping) -> Mapping:
    """Where nodes end up that go by `first` and then by `second`."""
    return np.where(first >= 0, second[np.maximum(first, 0)] if len(second) else -1, -1).astype(np.int32)


def settings_of(fields: dict[str, object]) -> SearchSettings:
    """Search settings from the fields a journal names; fields of a newer program are left out."""
    return msgspec.convert(fields, SearchSettings, strict=False)
