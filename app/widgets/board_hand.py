"""The hand over a board: what it holds, and which choices a press or a release makes. Knows cells, not pixels."""

from app.viewmodels.records import BoardRecord
from app.widgets.board_moves import NO_CELL, drop, sources, targets
from engine.domains.base import Choice


class BoardHand:
    """Click-click and drag in one: pressing takes up, releasing or pressing elsewhere puts down.

    Attributes:
        held: the cell whose piece is taken up, or -1.
    """

    def __init__(self) -> None:
        self.held = NO_CELL
        self._record: BoardRecord | None = None
        self._just_taken = False

    def turn_to(self, record: BoardRecord) -> None:
        """Look at another record; what is held stays held where it can still move."""
        self._record = record
        if self.held not in sources(record):
            self.let_go()

    def targets(self) -> dict[int, tuple[Choice, ...]]:
        """Where the held piece can be put down."""
        return dict(targets(self._record, self.held)) if self._record is not None and self.held != NO_CELL else {}

    def press(self, cell: int) -> tuple[Choice, ...]:
        """Touch `cell` (-1: beside the board). More than one choice: a promotion has to be chosen."""
        if self._record is None:
            return ()
        dropped = drop(self._record, cell) if cell != NO_CELL else None
        if dropped is not None:
            return (dropped,)
        made = self.targets().get(cell, ())
        if made or cell not in sources(self._record):
            self.let_go()
        else:
            self._just_taken = self.held != cell
            self.held = cell
        return made

    def release(self, cell: int) -> tuple[Choice, ...]:
        """Let the pressed button go over `cell`; elsewhere than on a target, the piece goes back."""
        if self.held == NO_CELL:
            return ()
        if cell == self.held:
            if not self._just_taken:
                self.let_go()
            self._just_taken = False
            return ()
        made = self.targets().get(cell, ())
        self.let_go()
        return made

    def let_go(self) -> None:
        """Hold nothing."""
        self.held = NO_CELL
        self._just_taken = False
