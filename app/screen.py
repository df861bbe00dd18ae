"""What a controller may ask of the window: show this. Implemented by the workspace, and by a recorder in tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from app.viewmodels.records import (
    BoardRecord,
    CandidatesRecord,
    ControlsRecord,
    InspectorRecord,
    MovesRecord,
    StatusRecord,
    TrailsRecord,
    ValueRecord,
)
from app.viewmodels.replica import Mapping
from app.viewmodels.timeline import TimelineRecord
from engine.tree.columns import SearchTree

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seats:
    """Whose view a tree's picture takes.

    Attributes:
        seat: the player whose view colours and values take, 0 = first player.
        to_move: who is to move at the root. players: names by seat.
    """

    seat: int = 0
    to_move: int = 0
    players: tuple[str, ...] = ()


class Screen(Protocol):
    """One method for each thing on screen. A call replaces what that thing showed before."""

    def show_board(self, record: BoardRecord) -> None:
        """The board."""
        ...

    def show_value(self, record: ValueRecord, *, flipped: bool) -> None:
        """The evaluation bar; `flipped`: the second player sits at the bottom."""
        ...

    def show_candidates(self, record: CandidatesRecord) -> None:
        """The table of the root's actions."""
        ...

    def show_trails(self, record: TrailsRecord) -> None:
        """How the root's actions fared over the search."""
        ...

    def show_timeline(self, record: TimelineRecord) -> None:
        """The whole search as a strip, and the playhead."""
        ...

    def show_node(self, record: InspectorRecord) -> None:
        """The node inspector."""
        ...

    def show_moves(self, record: MovesRecord) -> None:
        """The move list."""
        ...

    def show_controls(self, record: ControlsRecord) -> None:
        """What the transport controls offer."""
        ...

    def show_status(self, record: StatusRecord) -> None:
        """The status line."""
        ...

    def show_tree(self, tree: SearchTree | None, labels: Callable[[int], str], seats: Seats) -> None:
        """Another tree; `labels` gives a node's move text."""
        ...

    def show_moment(self, tree: SearchTree) -> None:
        """The same search at another moment: nodes keep their numbers, and there are more or fewer of them."""
        ...

    def tree_changed(self, mapping: Mapping | None) -> None:
        """The tree shown grew; `mapping` says where its nodes went if it was re-rooted."""
        ...

    def show_selection(self, node: int, action: int) -> None:
        """The selected node of the tree, and the root's action that it lies below; -1 = none."""
        ...

    def show_card(self, record: InspectorRecord | None) -> None:
        """The card beside the pointer, or none."""
        ...

    def show_error(self, text: str, action: str) -> None:
        """A line that says what went wrong, with the name of the way out or ""; no text takes the line away."""
        ...

    def say(self, text: str) -> None:
        """A passing remark."""
        ...


class Background(Protocol):
    """Does slow work (files) away from the window's thread; results come back on it."""

    def run(self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Call `work` elsewhere, then `done` with its result, or `failed` with what it raised, here."""
        ...
