"""The position editor: what it shows, made from a draft."""

from dataclasses import dataclass

from engine.domains.base import Card
from engine.domains.drafts import Draft, Drafting


@dataclass(frozen=True, slots=True)
class SwitchRecord:
    """A right that can be given: whether it is, and whether the pieces leave it possible."""

    letter: str
    text: str
    is_on: bool
    is_possible: bool


@dataclass(frozen=True, slots=True)
class EditorRecord:
    """The page.

    Attributes:
        card: the pieces as they stand. flipped: the second player sits at the bottom.
        glyphs: to choose from, each player's in a row; chosen: the one in hand, "" = the eraser.
        players: names; to_move: the one chosen, -1 = it follows from the pieces.
        rights: what may still be done once. passed: cells that the last move may have passed over; passed_cell: the one
            chosen, -1 = none.
        text: the position as text. verdict: whether it can be played on, in a sentence; can_apply: it can.
    """

    card: Card
    flipped: bool
    glyphs: tuple[tuple[str, ...], ...]
    chosen: str
    players: tuple[str, ...]
    to_move: int
    rights: tuple[SwitchRecord, ...]
    passed: tuple[int, ...]
    passed_cell: int
    text: str
    verdict: str
    can_apply: bool


def editor_record(
    draft: Draft, drafting: Drafting, players: tuple[str, ...], chosen: str, *, flipped: bool
) -> EditorRecord:
    """The page for `draft` with the glyph `chosen` in hand."""
    problem, possible = drafting.problem(draft), drafting.possible_rights(draft)
    to_move = draft.to_move if drafting.has_turns else -1
    verdict = f"Not yet: {problem}." if problem else "This can be played on. Its history will be empty."
    return EditorRecord(
        card=Card(
            drafting.rows, drafting.columns, draft.pieces, drafting.style, (), -1, draft.to_move, "Setting up", 0
        ),
        flipped=flipped,
        glyphs=drafting.glyphs,
        chosen=chosen,
        players=players,
        to_move=to_move,
        rights=tuple(
            SwitchRecord(letter, text, letter in draft.rights and letter in possible, letter in possible)
            for letter, text in drafting.rights
        ),
        passed=drafting.passed_cells(draft),
        passed_cell=draft.passed_cell if draft.passed_cell in drafting.passed_cells(draft) else -1,
        text=drafting.text(draft),
        verdict=verdict,
        can_apply=not problem,
    )
