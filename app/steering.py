"""From what is wished and what is known to be so, the next thing to ask the engine: one pure function.

Nobody keeps a list of things to send. Intents change the *wish*, answers and the journal change what is *known*, and
after either the difference decides. So nothing can be sent twice, out of order or about a root that is gone, and after
a crash the same wish simply starts the engine's work anew.
"""

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from app.acts import Act, act_request, can_act_on
from app.viewmodels.watchpoints import Watched, armed
from engine.domains.base import Line
from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.service.messages import (
    CloseSearch,
    GenerationInfo,
    ListGenerations,
    OpenSearch,
    PauseSearch,
    PlayActions,
    Request,
    RunSearch,
    SwitchSearch,
)

UNIFORM = "uniform"
"""The generation that is always there: no intuition, equal priors."""

DEFAULT_SETTINGS = SearchSettings()
NO_LIMITS = Limits()

R = TypeVar("R", bound=Request)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants of the engine.

    Attributes:
        generation: its id; "" = the one that suits the domain, chosen once the engine has listed them.
        budget: simulations for each root, None = no limit. limits: those of a run beside them.
        open: a search is wanted at all. run: it should be running.
        step: this many simulations, once, then stand still; 0 = none.
        acts: what is to be done to branches and was not sent yet, oldest first.
        watched: what a run is to pause for. one_by_one: with one leaf at a time, so that it pauses exactly there.
    """

    domain: str
    line: Line
    generation: str = ""
    settings: SearchSettings = DEFAULT_SETTINGS
    budget: int | None = None
    limits: Limits = NO_LIMITS
    open: bool = True
    run: bool = True
    step: int = 0
    acts: tuple[Act, ...] = ()
    watched: tuple[Watched, ...] = ()
    one_by_one: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the engine is known to be doing.

    Attributes:
        ready: it answers. generations: those it has, None before it said so.
        line: the root of the open search, None = no search is open. roots: its re-rootings seen.
        running: a run goes on; run_budget, run_limits, run_watched: the wished ones it was given.
        stepping: that run is a short one of its own, a step or the first look, and ends by itself.
        looked: this root was given at least one simulation, so that intuition's first look is there to be seen.
        done: simulations of this root's budget done.
        ended: name of the reason why the last run of this root ended by itself, or "".
        waiting: an answer must come before anything else is asked.
    """

    ready: bool = False
    generations: tuple[GenerationInfo, ...] | None = None
    domain: str = ""
    line: Line | None = None
    roots: int = 0
    generation: str = ""
    settings: SearchSettings = DEFAULT_SETTINGS
    running: bool = False
    run_budget: int | None = None
    run_limits: Limits = NO_LIMITS
    run_watched: tuple[object, ...] = ()
    stepping: bool = False
    looked: bool = False
    done: int = 0
    ended: str = ""
    waiting: bool = False


def next_request(wish: Wish, known: Known) -> Request | None:
    """The next request, with id 0, or None where everything is as wished or something must be awaited."""
    if not known.ready or known.waiting:
        return None
    if known.generations is None:
        return ListGenerations(id=0)
    if not wish.open:
        return None if known.line is None else CloseSearch(id=0)
    path = path_below(known.line, wish.line) if known.domain == wish.domain else None
    if path is None:
        return OpenSearch(
            id=0,
            domain=wish.domain,
            start=wish.line.start,
            actions=wish.line.actions,
            generation=wish.generation,
            settings=wish.settings,
        )
    if (known.generation, known.settings) != (wish.generation, wish.settings):
        return SwitchSearch(id=0, generation=wish.generation, settings=wish.settings)
    if path:
        return PlayActions(id=0, path=path, roots=known.roots)
    found = first_act(wish, known)
    return act_request(*found, known.roots) if found is not None else _run_request(wish, known)


def path_below(root: Line | None, line: Line) -> tuple[int, ...] | None:
    """Actions that lead from `root` to `line`; None where `line` does not go on from `root`."""
    if root is None or root.start != line.start or line.actions[: len(root.actions)] != root.actions:
        return None
    return line.actions[len(root.actions) :]


def default_generation(domain: str, known: Known, preferred: str = "") -> str:
    """`preferred` where the engine has it for `domain`, else the first it has, else uniform priors."""
    names = [info.id for info in known.generations or () if info.domain == domain]
    return preferred if preferred in (*names, UNIFORM) else (*names, UNIFORM)[0]


def is_spent(wish: Wish, known: Known) -> bool:
    """Whether there is nothing more to do for this root: its budget is used up, or the run came to its end."""
    return bool(known.ended) or (wish.budget is not None and known.done >= wish.budget)


def numbered(request: R, number: int) -> R:
    """The same request with its id."""
    return msgspec.structs.replace(request, id=number)


def first_act(wish: Wish, known: Known) -> tuple[Act, tuple[int, ...]] | None:
    """The oldest act that can be done where the root stands, and the path of its branch."""
    for act in wish.acts:
        path = path_below(known.line, act.line)
        if path is not None and can_act_on(act, path):
            return act, path
    return None


def _run_request(wish: Wish, known: Known) -> Request | None:
    if known.running:
        given = (known.run_budget, known.run_limits, known.run_watched)
        wished = (wish.budget, wish.limits, watching_of(wish))
        unwanted = not known.stepping and (not wish.run or wish.step or given != wished)
        return PauseSearch(id=0) if unwanted else None
    if wish.step:
        return _watchful(RunSearch(id=0, limits=Limits(simulations=wish.step, is_step=True)), wish, known)
    if not wish.run:
        return None if known.looked else RunSearch(id=0, limits=Limits(simulations=1, is_step=True))
    if is_spent(wish, known):
        return None
    left = None if wish.budget is None else wish.budget - known.done
    return _watchful(RunSearch(id=0, limits=msgspec.structs.replace(wish.limits, simulations=left)), wish, known)


def watching_of(wish: Wish) -> tuple[object, ...]:
    """What of the wish a run that goes on must have been given, so far as it is to pause for something."""
    on = tuple(one for one in wish.watched if one.is_on)
    return (*on, wish.one_by_one) if on else ()


def _watchful(run: RunSearch, wish: Wish, known: Known) -> RunSearch:
    """The run with what it is to pause for."""
    found = armed(wish.watched, known.line) if known.line is not None else ()
    if not found:
        return run
    watchpoints = tuple(watchpoint for _, watchpoint in found)
    return msgspec.structs.replace(run, watchpoints=watchpoints, one_by_one=wish.one_by_one, roots=known.roots)
