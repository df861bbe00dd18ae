"""What a controller may ask of the window: show this. Implemented by the workspace, and by a recorder in tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.render.folding import FoldRules
from app.viewmodels.anatomy import AnatomyRecord
from app.viewmodels.eval_graph import GraphRecord
from app.viewmodels.exports import ExportRecord
from app.viewmodels.game_file import GameFile
from app.viewmodels.notes import NotesRecord
from app.viewmodels.position import PositionRecord
from app.viewmodels.questions import Colours, QuestionRecord, ResultsRecord
from app.viewmodels.reading import LineRecord
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
from app.viewmodels.setting_up import EditorRecord
from app.viewmodels.timeline import TimelineRecord
from app.viewmodels.watchpoints import HitRecord, WatchpointsRecord
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

    def show_editor(self, record: EditorRecord | None) -> None:
        """The page on which a position is set up; None takes it away."""
        ...

    def show_threat(self, words: str | None) -> None:
        """What the other player threatens, in a sentence; None takes the line away."""
        ...

    def show_line(self, record: LineRecord) -> None:
        """The strip that a line of moves is read in."""
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

    def show_position(self, record: PositionRecord) -> None:
        """The position as text, under the board."""
        ...

    def show_graph(self, record: GraphRecord) -> None:
        """The evaluation graph of the game."""
        ...

    def show_games(self, file: GameFile | None, found: tuple[int, ...] | None) -> None:
        """The games of a file to choose from, or only those found in it; None takes the list away."""
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

    def show_question(self, record: QuestionRecord) -> None:
        """The query bar."""
        ...

    def show_results(self, record: ResultsRecord, path_text: Callable[[int], str]) -> None:
        """The nodes that were found; `path_text` gives the moves to one, for rows that are seen."""
        ...

    def show_marks(self, marks: NDArray[np.uint8] | None) -> None:
        """Nodes of the picture that a question found, 1 each; None = nothing is asked."""
        ...

    def show_tint(self, colours: Colours | None) -> None:
        """What nodes of the picture are coloured by in place of their value; None = by their value."""
        ...

    def show_watchpoints(self, record: WatchpointsRecord) -> None:
        """What the search is to pause for."""
        ...

    def show_anatomy(self, record: AnatomyRecord | None) -> None:
        """One simulation taken apart, in words and as lights on the tree; None takes it away."""
        ...

    def show_hit(self, record: HitRecord | None) -> None:
        """A line that says which of it happened; None takes the line away."""
        ...

    def show_notes(self, record: NotesRecord) -> None:
        """The list of notes and bookmarks."""
        ...

    def show_look(self, view: str, camera: tuple[float, ...]) -> None:
        """The tree in a view, "" = the one that is on, from where a camera stood; no numbers = all of it."""
        ...

    def show_folding(self, rules: FoldRules) -> None:
        """The tree with these branches folded."""
        ...

    def show_note_editor(self, name: str) -> None:
        """The editor of the entry of that id, in the list."""
        ...

    def show_export(self, record: ExportRecord) -> None:
        """The line of the export that is being written; one without a text takes it away."""
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
