"""What widgets are given to show: frozen records of plain values, made by view-models, never changed by a widget.

Values named `_white` are from the first player's view (White's in chess), in [-1, 1]; everything else is from the
player to move at the root, and says so where it is shown. A probability is in [0, 1].
"""

from dataclasses import dataclass, field

from app.viewmodels.why_records import TermRecord as TermRecord
from app.viewmodels.why_records import WhyRecord
from engine.domains.base import Card, Choice
from engine.search.limits import Limits
from engine.search.settings import SearchSettings


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow on the board.

    Attributes:
        strength: in [0, 1], sets width and opacity.
        kind: "prior" (gold), "visits" (ivory), "threat" (red); of two players "a" (blue), "b" (red), "judge" (ivory).
    """

    source: int
    target: int
    strength: float
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class HeatRecord:
    """A layer under the pieces.

    Attributes:
        kind: "prior" (gold), "tree" (ivory), or "" = none. cells: in [0, 1], one for each cell.
    """

    kind: str = ""
    cells: tuple[float, ...] = ()


NO_HEAT = HeatRecord()


@dataclass(frozen=True, slots=True)
class BoardRecord:
    """A board to draw and to move on.

    Attributes:
        card: the picture.
        choices: legal actions, for dots, dragging and the promotion chooser; empty = looking only.
        arrows: drawn on a layer of their own, weakest first.
        flipped: the second player sits at the bottom.
        heat: a layer under the pieces.
        is_preview: not the state on the board, but one of a line being read.
    """

    card: Card
    choices: tuple[Choice, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    flipped: bool = False
    heat: HeatRecord = NO_HEAT
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class ValueRecord:
    """For the evaluation bar: searched value and win/draw/loss from the first player's view; None = not known yet."""

    value_white: float | None = None
    win: float = 0.0
    draw: float = 1.0
    loss: float = 0.0
    text: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One action of the root (or of the inspected node), for the candidates table.

    Attributes:
        prior: intuition's share (gold bar). visit_share: search's share (ivory bar).
        q, u: the two terms of the selection score, from the player to move at the node; q is None before a visit.
        raw_value: intuition's value of the state after the action, same view; None before a visit.
        improved_policy: the policy that search would teach.
        pruned: reason in words, or ""; reason: the same as a `PruneReason`, 0 = not pruned; notice: as a sentence.
        proven: "win", "draw", "loss" for the player to move at the node, or ""; certain: the same with its distance
            where it is known, e.g. "mate in 3".
        borrowed: visits lent to the branch and made, beside `visits`. lent: those not made yet.
    """

    action: int
    text: str
    prior: float
    visits: int
    visit_share: float
    q: float | None
    u: float
    raw_value: float | None
    improved_policy: float
    pruned: str = ""
    proven: str = ""
    reason: int = 0
    notice: str = ""
    certain: str = ""
    borrowed: int = 0
    lent: int = 0


@dataclass(frozen=True, slots=True)
class CandidatesRecord:
    """The whole table, most visited first. `stale`: a paused search's figures, shown greyed."""

    rows: tuple[CandidateRow, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Trail:
    """One action of the root over the course of a search.

    Attributes:
        prior: intuition's share. shares: of the root's visits, one for each of `TrailsRecord.moments`; values: found
            for it then, from the player to move at the root, None before a visit.
        is_best: search would play it now. is_favourite: intuition liked it best.
    """

    action: int
    text: str
    prior: float
    shares: tuple[float, ...]
    values: tuple[float | None, ...] = ()
    is_best: bool = False
    is_favourite: bool = False


@dataclass(frozen=True, slots=True)
class TrailsRecord:
    """How search changed its mind: the leading actions, most visited first.

    Attributes:
        moments: simulations done, rising; the last is the present. stale: a paused search's, shown greyed.
    """

    moments: tuple[int, ...] = ()
    trails: tuple[Trail, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class InspectorRecord:
    """The node card: what is known of one node.

    Attributes:
        title: the move and its number, or "Root".
        path_text: moves from the root.
        card: small board, or None where nothing is selected.
        terms: the score's terms and the node's statistics.
        notice: why it was pruned, how it was proven, what was lent to it, in sentences, or "".
        can_cut, can_restore, can_reroot: which buttons make sense.
        candidates: the node's own children.
        why: the reasons in full, or None on cards that are only glanced at.
    """

    title: str = ""
    path_text: str = ""
    card: Card | None = None
    flipped: bool = False
    terms: tuple[TermRecord, ...] = ()
    notice: str = ""
    can_cut: bool = False
    can_restore: bool = False
    can_reroot: bool = False
    candidates: tuple[CandidateRow, ...] = ()
    why: WhyRecord | None = None


@dataclass(frozen=True, slots=True)
class MoveCell:
    """One move of the move list.

    Attributes:
        path: actions that lead to it, its own the last: what names it.
        number: stands before it, e.g. "12." or "12…", or "". marks: what annotators think of it, e.g. "!?".
    """

    path: tuple[int, ...]
    number: str
    text: str
    marks: str = ""


@dataclass(frozen=True, slots=True)
class MovesRow:
    """A row of the move list: a pair of moves of the main line, or a passage of text.

    Attributes:
        pair: first and second player's move, either may be missing; None = a passage.
        number: of the pair.
        words: of a passage: moves and comments in their order.
        depth: of a passage: 0 = words on the main line, 1 = a variation of it, 2 = a variation of that, and so on.
    """

    pair: tuple[MoveCell | None, MoveCell | None] | None = None
    number: str = ""
    words: tuple[MoveCell | str, ...] = ()
    depth: int = 0


@dataclass(frozen=True, slots=True)
class MovesRecord:
    """The move list: the whole game, where in it the root stands, and how it ended there.

    Attributes:
        rows: the game. here: the current move, () = the start. followed: the line that "forward" goes along.
    """

    rows: tuple[MovesRow, ...] = ()
    here: tuple[int, ...] = ()
    followed: tuple[int, ...] = ()
    outcome: str = ""

    @property
    def cells(self) -> tuple[MoveCell, ...]:
        """The moves of the line followed."""
        held = (word for row in self.rows for word in (row.pair or row.words) if isinstance(word, MoveCell))
        return tuple(sorted((cell for cell in held if self.is_followed(cell)), key=lambda cell: len(cell.path)))

    def is_followed(self, cell: MoveCell) -> bool:
        """Whether a move lies on the line followed."""
        return self.followed[: len(cell.path)] == cell.path


@dataclass(frozen=True, slots=True)
class StatusRecord:
    """The status line and what the transport controls may offer.

    Attributes:
        engine: one of "starting", "ready", "running", "paused", "finished", "stopped", "failed", "replay".
        headline: one line of what is happening now, in plain words.
        story: one line of what the tree shows: what search prefers, and whether intuition had seen it; or "".
        figures: label and value pairs for the status bar, widths fixed by the widget.
        error: a sentence where something went wrong, with `action` naming the way out ("Restart engine"), or "".
        progress: 0..1 of the budget, or None.
    """

    engine: str = "stopped"
    headline: str = ""
    story: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    error: str = ""
    action: str = ""
    progress: float | None = None


@dataclass(frozen=True, slots=True)
class GenerationChoice:
    """An entry of the generation chooser."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ControlsRecord:
    """What the bottom row of controls shows, and the popover with what is chosen more rarely."""

    generations: tuple[GenerationChoice, ...] = ()
    generation: str = ""
    settings: SearchSettings = field(default_factory=SearchSettings)
    limits: Limits = field(default_factory=Limits)
    budget: int | None = 800
    domain: str = "chess"
    domains: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    live: bool = True
