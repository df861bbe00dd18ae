"""What a person does to branches of the tree on screen: cut, restore, pin, lend visits, set a prior, ask another.

Every act becomes a wish of the session (`app.acts`), is told in a passing remark and can be taken back, the last one
first, and done again. Acts are only for a live search.
"""

from collections.abc import Callable
from functools import partial

from app.acts import Act, Ask, Cut, Deed, Lend, Pin, Restore, TakeBack, Weigh, act_text, act_words
from app.presenter import phrases
from app.screen import Screen
from app.session import Session
from app.steering import path_below
from app.travel import Travel
from app.undo import Kind, Step, UndoList
from app.viewmodels.branch import BranchRecord, branch_record
from app.viewmodels.explore import ExploreState
from engine.domains.base import Line

_NOT_LIVE = "Only a live search can be steered. Start searches this position."
_NOT_NOW = "The past cannot be steered. Go back to the present first (Ctrl+End)."


class Branches:
    """Acts on branches, each named by the line that ends with it."""

    def __init__(
        self, session: Session, travel: Travel, screen: Screen, look: Callable[[], ExploreState], undo: UndoList
    ) -> None:
        """`look`: what is being looked at now."""
        self._undo = undo
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
        else:
            self._do(Lend(line, visits))

    def refused(self, act: Act) -> None:
        """`act` was not carried out, so there is nothing to take back or to do again."""
        self._undo.drop(act.act if isinstance(act, TakeBack) else act)

    def _is_live(self) -> bool:
        return not self._look().recording and not self._session.stale and self._travel.at is None

    def _is_pruned(self, line: Line) -> bool:
        shown = self._travel.moment
        return shown is not None and shown.is_pruned(line)

    def _do(self, act: Deed) -> None:
        """Have the engine do `act`, which can be undone."""
        if self._order(act):
            words = act_words(act, self._name(act.line))
            self._undo.did(Step(Kind.BRANCH, words, partial(self._take_back, act), partial(self._again, act), act))

    def _take_back(self, act: Deed) -> bool:
        """Undo the last act; one that was not sent yet is not sent."""
        acts = self._session.wish.acts
        if act not in acts:
            return self._order(TakeBack(act))
        self._session.want(acts=tuple(one for one in acts if one is not act))
        self._tell(TakeBack(act))
        return True

    def _again(self, act: Deed) -> bool:
        """Do an act once more that was taken back, if there is still something to do."""
        waiting = self._session.wish.acts
        if not waiting and isinstance(act, Cut | Restore) and self._is_pruned(act.line) is isinstance(act, Cut):
            self._undo.drop(act)
            done = "cut" if isinstance(act, Cut) else "restored"
            self._screen.say(f"{self._name(act.line)} was {done} meanwhile: there is nothing to do again.")
            return False
        return self._order(act)

    def _order(self, act: Act) -> bool:
        """Have the engine do `act`; whether it may be done."""
        if not self._is_live():
            self._screen.say(_NOT_NOW if self._travel.at is not None else _NOT_LIVE)
            return False
        self._session.want(acts=(*self._session.wish.acts, act))
        self._tell(act)
        if isinstance(act, Lend) and not self._session.known.running:
            self._session.want(run=False, step=act.visits)
        return True

    def _tell(self, act: Act) -> None:
        self._screen.say(act_text(act, self._name(act.line)))

    def _name(self, line: Line) -> str:
        shown = self._travel.moment
        is_root = shown is not None and line == shown.line
        return "the root" if is_root or not line.actions else phrases(self._look().domain).last_text(line)
