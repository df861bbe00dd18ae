"""Setting a position up by hand: a draft is changed piece by piece, and put on the board when it can be played on.

Plain Python beside the controller. Nothing but the page changes before the draft is applied; then undo takes it back.
"""

from collections.abc import Callable
from dataclasses import replace

from app.game_desk import GameDesk
from app.screen import Screen
from app.viewmodels.explore import ExploreState
from app.viewmodels.setting_up import editor_record
from app.viewmodels.transcript import START
from engine.domains import registry
from engine.domains.drafts import Draft, Drafting

ERASER = ""
"""In hand instead of a piece."""


class SettingUp:
    """What a person does in the position editor.

    Attributes:
        draft: the position being set up, None while the editor is closed. chosen: the glyph in hand, or `ERASER`.
    """

    def __init__(self, games: GameDesk, screen: Screen, look: Callable[[], ExploreState]) -> None:
        """`look`: what is looked at now."""
        self.draft: Draft | None = None
        self.chosen = ERASER
        self._games, self._screen, self._look = games, screen, look
        self._domain, self._flipped = "", False

    def open(self) -> None:
        """Set up, beginning with the position on the board; or leave."""
        if self.draft is not None:
            self.close()
            return
        state = self._look()
        drafting = registry.drafting(state.domain)
        if drafting is None:
            self._screen.say("Positions of this domain cannot be set up by hand.")
            return
        self._domain, self._flipped = state.domain, state.flipped
        self.chosen = drafting.glyphs[0][0]
        self._put(drafting.draft(state.game.current))

    def close(self) -> bool:
        """Leave without changing anything; whether it was open."""
        was_open, self.draft = self.draft is not None, None
        self._screen.show_editor(None)
        return was_open

    def apply(self) -> None:
        """Put the position on the board, where it can be played on."""
        if self.draft is None or self._drafting.problem(self.draft):
            return
        text = self._drafting.text(self.draft)
        self.close()
        if self._look().domain == self._domain:
            self._games.enter_position(text)

    def choose(self, glyph: str) -> None:
        """Take a piece in hand, or the eraser."""
        self.chosen = glyph
        self._show()

    def press(self, cell: int) -> None:
        """Put what is in hand on a cell; the same piece there is taken away."""
        if self.draft is not None:
            stands = self.draft.pieces.get(cell, ERASER)
            self._set(cell, ERASER if stands == self.chosen else self.chosen)

    def erase(self, cell: int) -> None:
        """Take away what stands on a cell."""
        self._set(cell, ERASER)

    def move(self, source: int, target: int) -> None:
        """Move a piece to another cell, or off the board (-1)."""
        if self.draft is not None and source in self.draft.pieces and source != target:
            pieces = dict(self.draft.pieces)
            glyph = pieces.pop(source)
            if target >= 0:
                pieces[target] = glyph
            self._put(replace(self.draft, pieces=pieces))

    def set_to_move(self, player: int) -> None:
        """Let that player be to move."""
        if self.draft is not None:
            self._put(replace(self.draft, to_move=player, passed_cell=-1))

    def set_right(self, letter: str, *, is_on: bool) -> None:
        """Give or take what may still be done once."""
        if self.draft is not None:
            others = self.draft.rights.replace(letter, "")
            self._put(replace(self.draft, rights=others + letter if is_on else others))

    def set_passed(self, cell: int) -> None:
        """The last move passed over that cell; -1 = over none."""
        if self.draft is not None:
            self._put(replace(self.draft, passed_cell=cell))

    def clear(self) -> None:
        """Take every piece away."""
        if self.draft is not None:
            self._put(Draft(to_move=self.draft.to_move))

    def start(self) -> None:
        """The position that games begin with."""
        if self.draft is not None:
            self._put(self._drafting.draft(registry.notation(self._domain).parse_line(START)))

    def flip(self) -> None:
        """Turn the page's board."""
        self._flipped = not self._flipped
        self._show()

    @property
    def _drafting(self) -> Drafting:
        drafting = registry.drafting(self._domain)
        assert drafting is not None, "the editor opens only where there is one"
        return drafting

    def _set(self, cell: int, glyph: str) -> None:
        if self.draft is None:
            return
        pieces = {place: there for place, there in self.draft.pieces.items() if place != cell}
        self._put(replace(self.draft, pieces=pieces | {cell: glyph} if glyph else pieces))

    def _put(self, draft: Draft) -> None:
        """Show `draft`; rights that its pieces make impossible are given up for good."""
        possible = self._drafting.possible_rights(draft)
        self.draft = replace(draft, rights="".join(letter for letter in draft.rights if letter in possible))
        self._show()

    def _show(self) -> None:
        if self.draft is not None:
            players = registry.notation(self._domain).players
            record = editor_record(self.draft, self._drafting, players, self.chosen, flipped=self._flipped)
            self._screen.show_editor(record)
