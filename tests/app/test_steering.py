"""The one decision: from wish and knowledge to the next request, row by row."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.acts import Ask, Cut, Lend, Pin, Restore, TakeBack, Weigh
from app.steering import Known, Wish, default_generation, is_spent, next_request, numbered, path_below
from engine.domains.base import Line
from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.service.messages import (
    BoostBranch,
    CloseSearch,
    CutBranch,
    GenerationInfo,
    ListGenerations,
    OpenSearch,
    PauseSearch,
    PinBranch,
    PlayActions,
    ReevaluateBranch,
    Request,
    RestoreBranch,
    RunSearch,
    SetPrior,
    SwitchSearch,
    UndoSteering,
)

A, AB, AC, B = Line("s", (1,)), Line("s", (1, 2)), Line("s", (1, 3)), Line("s", (9,))
WISH = Wish("chess", A, "gen-000", budget=100)
OPEN = Known(True, (), "chess", A, roots=3, generation="gen-000", looked=True)
RUNNING = replace(OPEN, running=True, run_budget=100)
INTUITION = SearchSettings(method="intuition")


@pytest.mark.parametrize(
    ("wish", "known", "expected"),
    [
        (WISH, Known(), None),
        (WISH, Known(ready=True), ListGenerations(id=0)),
        (WISH, replace(OPEN, waiting=True), None),
        (WISH, Known(True, ()), OpenSearch(id=0, domain="chess", start="s", actions=(1,), generation="gen-000")),
        (
            WISH,
            replace(OPEN, domain="go"),
            OpenSearch(id=0, domain="chess", start="s", actions=(1,), generation="gen-000"),
        ),
        (replace(WISH, line=B), OPEN, OpenSearch(id=0, domain="chess", start="s", actions=(9,), generation="gen-000")),
        (replace(WISH, line=AB), OPEN, PlayActions(id=0, path=(2,), roots=3)),
        (replace(WISH, line=AB), RUNNING, PlayActions(id=0, path=(2,), roots=3)),
        (
            replace(WISH, generation="uniform"),
            RUNNING,
            SwitchSearch(id=0, generation="uniform", settings=SearchSettings()),
        ),
        (replace(WISH, settings=INTUITION), OPEN, SwitchSearch(id=0, generation="gen-000", settings=INTUITION)),
        (WISH, OPEN, RunSearch(id=0, limits=Limits(simulations=100))),
        (WISH, replace(OPEN, done=30), RunSearch(id=0, limits=Limits(simulations=70))),
        (replace(WISH, budget=None), replace(OPEN, done=30), RunSearch(id=0, limits=Limits())),
        (WISH, replace(OPEN, done=100), None),
        (WISH, replace(OPEN, ended="solved"), None),
        (WISH, RUNNING, None),
        (replace(WISH, run=False), RUNNING, PauseSearch(id=0)),
        (replace(WISH, run=False), replace(RUNNING, stepping=True), None),
        (replace(WISH, budget=50), RUNNING, PauseSearch(id=0)),
        (replace(WISH, run=False, step=10), RUNNING, PauseSearch(id=0)),
        (replace(WISH, run=False, step=10), OPEN, RunSearch(id=0, limits=Limits(simulations=10, is_step=True))),
        (replace(WISH, run=False), OPEN, None),
        (
            replace(WISH, run=False),
            replace(OPEN, looked=False),
            RunSearch(id=0, limits=Limits(simulations=1, is_step=True)),
        ),
        (replace(WISH, open=False), RUNNING, CloseSearch(id=0)),
        (replace(WISH, open=False), Known(True, ()), None),
        (replace(WISH, limits=Limits(depth=9)), OPEN, RunSearch(id=0, limits=Limits(simulations=100, depth=9))),
        (replace(WISH, limits=Limits(depth=9)), RUNNING, PauseSearch(id=0)),
        (replace(WISH, limits=Limits(depth=9)), replace(RUNNING, run_limits=Limits(depth=9)), None),
        (replace(WISH, acts=(Cut(AB),)), RUNNING, CutBranch(id=0, path=(2,), roots=3)),
        (replace(WISH, acts=(Restore(AB),)), OPEN, RestoreBranch(id=0, path=(2,), roots=3)),
        (replace(WISH, acts=(Pin(AB),)), OPEN, PinBranch(id=0, path=(2,), roots=3)),
        (replace(WISH, acts=(Lend(AB, 70),)), OPEN, BoostBranch(id=0, path=(2,), roots=3, visits=70)),
        (replace(WISH, acts=(Weigh(AB, 0.25),)), OPEN, SetPrior(id=0, path=(2,), roots=3, prior=0.25)),
        (
            replace(WISH, acts=(Ask(A, "gen-001"),)),
            OPEN,
            ReevaluateBranch(id=0, path=(), roots=3, generation="gen-001"),
        ),
        (replace(WISH, acts=(TakeBack(Cut(AB)),)), RUNNING, UndoSteering(id=0, roots=3)),
        (replace(WISH, acts=(Cut(B), Cut(A), Cut(AC))), OPEN, CutBranch(id=0, path=(3,), roots=3)),
        (replace(WISH, acts=(TakeBack(Cut(B)),)), RUNNING, None),
        (replace(WISH, line=AB, acts=(Cut(AC),)), OPEN, PlayActions(id=0, path=(2,), roots=3)),
    ],
)
def test_next_request(wish: Wish, known: Known, expected: Request | None) -> None:
    assert next_request(wish, known) == expected


@pytest.mark.parametrize(
    ("root", "line", "path"),
    [(None, A, None), (A, A, ()), (A, AB, (2,)), (AB, A, None), (AB, AC, None), (A, Line("t", (1, 2)), None)],
)
def test_path_below(root: Line | None, line: Line, path: tuple[int, ...] | None) -> None:
    assert path_below(root, line) == path


@given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)))
def test_a_path_leads_from_the_root_to_the_line(before: list[int], after: list[int]) -> None:
    root = Line("s", tuple(before))
    assert path_below(root, root.then(*after)) == tuple(after)


def info(name: str, domain: str) -> GenerationInfo:
    return GenerationInfo(id=name, name=name, domain=domain, weights_hash="", parent=None, metrics={})


@pytest.mark.parametrize(
    ("domain", "preferred", "expected"),
    [
        ("chess", "", "gen-000"),
        ("chess", "gen-001", "gen-001"),
        ("chess", "gen-009", "gen-000"),
        ("chess", "uniform", "uniform"),
        ("connect_four", "gen-000", "uniform"),
    ],
)
def test_default_generation(domain: str, preferred: str, expected: str) -> None:
    known = Known(True, (info("gen-000", "chess"), info("gen-001", "chess")))
    assert default_generation(domain, known, preferred) == expected


def test_spent() -> None:
    assert is_spent(WISH, replace(OPEN, done=100))
    assert is_spent(WISH, replace(OPEN, ended="memory"))
    assert not is_spent(replace(WISH, budget=None), replace(OPEN, done=10**9))


def test_numbered() -> None:
    assert numbered(PauseSearch(id=0), 7) == PauseSearch(id=7)
