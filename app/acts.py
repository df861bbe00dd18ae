"""What a person does to a branch, as records: each names its branch, the request it becomes, and words for it.

A branch is named by the whole line that ends with it, so that an act means the same however the root moves meanwhile.
"""

from dataclasses import dataclass

from engine.domains.base import Line
from engine.service.messages import (
    BoostBranch,
    CutBranch,
    PinBranch,
    ReevaluateBranch,
    Request,
    RestoreBranch,
    SetPrior,
    UndoSteering,
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Search it no more."""

    line: Line


@dataclass(frozen=True, slots=True)
class Restore:
    """Bring it back, whatever it was pruned for."""

    line: Line


@dataclass(frozen=True, slots=True)
class Pin:
    """Search nothing beside it."""

    line: Line


@dataclass(frozen=True, slots=True)
class Lend:
    """Look there next, so many times, without what is above it counting that."""

    line: Line
    visits: int


@dataclass(frozen=True, slots=True)
class Weigh:
    """Give it another prior, in [0, 1]."""

    line: Line
    prior: float


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask another generation's intuition about the state at its end (the root's line: about the root)."""

    line: Line
    generation: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Undo `act`, the last one."""

    act: "Cut | Restore | Pin | Lend | Weigh | Ask"

    @property
    def line(self) -> Line:
        """Where the act was done."""
        return self.act.line


Deed = Cut | Restore | Pin | Lend | Weigh | Ask
"""What can be taken back."""
Act = Deed | TakeBack

ACT_REQUESTS = (CutBranch, RestoreBranch, PinBranch, BoostBranch, SetPrior, ReevaluateBranch, UndoSteering)
"""The requests that acts become."""


def can_act_on(act: Act, path: tuple[int, ...]) -> bool:
    """Whether `act` makes sense at a path below the root; the empty one is the root itself, which is no branch."""
    return bool(path) or isinstance(act, Ask | TakeBack)


def act_request(act: Act, path: tuple[int, ...], roots: int) -> Request:
    """The request, with id 0, for an act on the branch at `path` of a tree that was re-rooted `roots` times."""
    match act:
        case Cut():
            return CutBranch(id=0, path=path, roots=roots)
        case Restore():
            return RestoreBranch(id=0, path=path, roots=roots)
        case Pin():
            return PinBranch(id=0, path=path, roots=roots)
        case Lend():
            return BoostBranch(id=0, path=path, roots=roots, visits=act.visits)
        case Weigh():
            return SetPrior(id=0, path=path, roots=roots, prior=act.prior)
        case Ask():
            return ReevaluateBranch(id=0, path=path, roots=roots, generation=act.generation)
        case TakeBack():
            return UndoSteering(id=0, roots=roots)


def act_text(act: Act, name: str) -> str:
    """What was done, as a passing remark; `name`: the branch's move, or "the root"."""
    match act:
        case Cut():
            return f"Cut {name}. Ctrl+Z takes it back."
        case Restore():
            return f"Restored {name}. Ctrl+Z takes it back."
        case Pin():
            return f"Nothing beside {name} is searched now. Ctrl+Z takes it back."
        case Lend():
            return f"Lent {act.visits:,} visits to {name}. Ctrl+Z takes back what is not spent."
        case Weigh():
            return f"{name} has a prior of {100 * act.prior:.0f} % now. Ctrl+Z takes it back."
        case Ask():
            return f"Asked {act.generation} about {name}. Ctrl+Z takes its answer back."
        case TakeBack():
            return f"Taken back: {_TAKEN_BACK[type(act.act)].format(name)}."


def act_words(act: Deed, name: str) -> str:
    """What an act is called in a menu; `name`: the branch's move, or "the root"."""
    match act:
        case Lend():
            return f"lend {act.visits:,} visits to {name}"
        case Weigh():
            return f"prior of {name}"
        case Ask():
            return f"ask {act.generation} about {name}"
    return f"{type(act).__name__.lower()} {name}"


_TAKEN_BACK = {
    Cut: "{} is searched again",
    Restore: "{} is cut again",
    Pin: "what is beside {} is searched again",
    Lend: "visits lent to {} and not spent",
    Weigh: "{} has the prior it had",
    Ask: "{} has the intuition it had",
}
