"""What a person does to branches of the tree on screen: cut, restore, pin, lend visits, set a prior, ask another.

Every act becomes a wish of the session (`app.acts`), is told in a passing remark and can be taken back, the last one
first. Acts are only for a live search.
"""

from collections import deque
from collections.abc import Callable

from app.acts import Act, Ask, Cut, Deed, Lend, Pin, Restore, TakeBack, Weigh, act_text
from app.presenter import phrases
from app.screen import Screen
from app.session import Session
from app.steering import path_below
from app.travel import Travel
from app.viewmodels.branch import BranchRecord, branch_record
from app.viewmodels.explore import ExploreState
from app.viewmodels.game import Game
from app.viewmodels.notes import NotesStep
from engine.domains.base import Line

_NOT_LIVE = "Only a live search can be steered. Start searches this position."
_NOT_NOW = "The past cannot be steered. Go back to the present first (Ctrl+End)."
_MOST_UNDONE = 1000
"""Moves and acts that can be taken back."""


class Branches:
    """Acts on branches, each named by the line that ends with it.

    Attributes:
        undo: what can be taken back, the last at the end: acts, and the games before each move.
    """

    def __init__(self, session: Session, travel: Travel, screen: Screen, look: Callable[[], ExploreState]) -> None:
        """`look`: what is being looked at now."""
        self.undo: deque[Game | Deed | NotesStep] = deque(maxlen=_MOST_UNDONE)
        self._session, self._travel, self._screen, self._look = session, travel, screen, look

    def record(self, line: Line) -> BranchRecord | None:
        """What can be done with a branch; None where it is none of the tree on screen."""
        shown = self._travel.moment
        path = path_below(shown.line, line) if shown is not None else None
        if shown is None or not shown.tree.num_nodes or path is None:
            return None
        domain = shown.header.domain
        generations = [info.id for info in self._session.generations if info.domain == domain]
        return branch_record(shown, path, phrases(domain), generations, is_live=self._is_live())

    def toggle(self, line: Line) -> None:
        """Cut a branch, or bring it back if it is pruned."""
        self._do(Restore(line) if self._is_pruned(line) else Cut(line))

    def cut(self, line: Line) -> None:
        """Search it no more."""
        if not self._is_pruned(line):
            self._do(Cut(line))

    def restore(self, line: Line) -> None:
        """Bring it back."""
        if self._is_pruned(line):
            self._do(Restore(line))

    def pin(self, line: Line) -> None:
        """Search nothing beside it."""
        self._do(Pin(line))

    def weigh(self, line: Line, prior: float) -> None:
        """Give it another prior, in [0, 1]."""
        self._do(Weigh(line, prior))

    def ask(self, line: Line, generation: str) -> None:
        """Ask another generation about the state at its end."""
        record = self.record(line)
        if record is not None and not record.can_ask:
            self._screen.say(f"{record.name} has no position yet that another generation could be asked about.")
            return
        self._do(Ask(line, generation))

    def lend(self, line: Line, visits: int) -> None:
        """Look there next, so many times; a search that stands still does these and no more."""
        record = self.record(line)
        if record is not None and not record.can_lend:
            self._screen.say(f"Visits lent to {record.name} would find nothing: its value is certain.")
        elif self._do(Lend(line, visits)) and not self._session.known.running:
            self._session.want(run=False, step=visits)

    def take_back(self, deed: Deed) -> None:
        """Undo the last act; one that was not sent yet is not sent."""
        acts = self._session.wish.acts
        if deed in acts:
            self._session.want(acts=tuple(act for act in acts if act is not deed))
            self._tell(TakeBack(deed))
        else:
            self._do(TakeBack(deed))

    def forget(self) -> None:
        """The tree is another one, or was renumbered: no act can be taken back any more."""
        games = [step for step in self.undo if isinstance(step, (Game, NotesStep))]
        self.undo.clear()
        self.undo.extend(games)

    def refused(self, act: Act) -> None:
        """`act` was not carried out, so there is nothing to take back."""
        if not isinstance(act, TakeBack) and act in self.undo:
            self.undo.reverse()
            self.undo.remove(act)
            self.undo.reverse()

    def _is_live(self) -> bool:
        return not self._look().recording and not self._session.stale and self._travel.at is None

    def _is_pruned(self, line: Line) -> bool:
        shown = self._travel.moment
        return shown is not None and shown.is_pruned(line)

    def _do(self, act: Act) -> bool:
        """Have the engine do `act`; whether it may be done."""
        if not self._is_live():
            self._screen.say(_NOT_NOW if self._travel.at is not None else _NOT_LIVE)
            return False
        if not isinstance(act, TakeBack):
            self.undo.append(act)
        self._session.want(acts=(*self._session.wish.acts, act))
        self._tell(act)
        return True

    def _tell(self, act: Act) -> None:
        shown = self._travel.moment
        is_root = shown is not None and act.line == shown.line
        name = "the root" if is_root or not act.line.actions else phrases(self._look().domain).last_text(act.line)
        self._screen.say(act_text(act, name))
