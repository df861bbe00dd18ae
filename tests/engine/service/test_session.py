"""A session with a scripted search: one answer for each request, in the right order, whatever goes wrong."""

import dataclasses
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest

from engine.domains import registry
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.search.watchpoints import QueryHolds, VisitsReach
from engine.service import outbox as outbox_module
from engine.service.messages import (
    Answer,
    BoostBranch,
    CloseSearch,
    CutBranch,
    Done,
    Failed,
    Generations,
    Hello,
    JournalPart,
    ListGenerations,
    Opened,
    OpenSearch,
    PauseSearch,
    PinBranch,
    PlayActions,
    Preparing,
    ReevaluateBranch,
    RestoreBranch,
    RunEnded,
    RunSearch,
    SearchFigures,
    SetPrior,
    SwitchSearch,
    UndoSteering,
)
from engine.tree.events import decode_header
from tests.engine.service.fakes import SCRIPTED_GENERATION, Broken, SessionClient, Workshop, session_client

OPEN: dict[str, Any] = {"domain": "nim", "start": "start", "generation": "gen-000"}


@pytest.fixture
def workshop() -> Workshop:
    return Workshop([])


@pytest.fixture
def client(workshop: Workshop) -> Iterator[SessionClient]:
    with session_client(workshop) as running:
        yield running


def journal(client: SessionClient, search: int) -> bytes:
    return b"".join(part.events for part in client.notices(JournalPart) if part.search == search)


def failed(answer: Answer) -> tuple[str, str]:
    assert isinstance(answer, Failed)
    return answer.kind, answer.text


def test_open_run_and_what_is_told(client: SessionClient) -> None:
    opened = client.do(OpenSearch, **OPEN, actions=(3, 4), settings=SearchSettings(seed=5), device="abacus")
    assert isinstance(opened, Opened)
    header = decode_header(opened.header)
    assert (header.start, header.actions, header.generation, header.seed) == ("start", (3, 4), "gen-000", 5)
    assert (opened.search, opened.device) == (1, "abacus")
    steps = client.notices(Preparing)
    assert [step.done for step in steps] == [0, 1, 2, 3]
    assert {step.total for step in steps} == {3}
    assert "gen-000" in steps[1].text
    client.seen.clear()
    ended = client.do(RunSearch, limits=Limits(simulations=50))
    assert ended == RunEnded(id=2, reason="simulations", text="the budget is used up")
    assert journal(client, 1) == b"s" * 50
    figures = client.notices(SearchFigures)[-1]
    assert (figures.running, figures.simulations, figures.search) == (False, 50, 1)
    assert client.seen[-2:] == [figures, ended]  # the last figures come before the answer


def test_a_watchpoint_that_ends_a_run_is_told_in_the_words_of_the_domain() -> None:
    """With real parts: the hit, its simulation, and a sentence with the domain's moves."""
    workshop = Workshop([])
    makers = dataclasses.replace(workshop.makers(), rules=registry.rules, search=Search)
    line = registry.notation("connect_four").parse_line("startpos")
    workshop.makers = lambda: makers  # type: ignore[method-assign]
    with session_client(workshop) as client:
        opened = client.do(OpenSearch, domain="connect_four", start=line.start, generation="gen-000")
        assert isinstance(opened, Opened)
        watched = (VisitsReach(path=(3,), visits=40), QueryHolds(text="N > 100000"))
        ended = client.do(RunSearch, limits=Limits(simulations=2000), watchpoints=watched, roots=0)
        assert isinstance(ended, RunEnded)
        assert ended.hit is not None
        assert (ended.reason, ended.hit.index, ended.hit.after) == ("watchpoint", 0, 40.0)
        assert ended.text == f"at simulation {ended.hit.simulation} 4 got its visit number 40, up from 0"
        assert failed(client.do(RunSearch, watchpoints=watched, roots=1))[0] == "state"
        kind, text = failed(client.do(RunSearch, watchpoints=(QueryHolds(text="N >"),)))
        assert kind == "input"
        assert text


def test_the_throw_away_search_of_the_start_leaves_no_trace(client: SessionClient, workshop: Workshop) -> None:
    client.do(OpenSearch, **OPEN)
    client.do(OpenSearch, **OPEN)
    assert len(workshop.searches) == 3  # only the first needs to be warmed up
    assert workshop.searches[0].simulations > 0
    assert client.notices(JournalPart) == []


def test_a_pause_answers_the_run_first(client: SessionClient) -> None:
    client.do(OpenSearch, **OPEN)
    run = client.ask(RunSearch)
    pause = client.ask(PauseSearch)
    assert client.answer(pause) == Done(id=pause)
    assert client.answers()[-2:] == [run, pause]
    assert client.answer(run) == RunEnded(id=run, reason="by_hand", text="stopped by hand")
    last = client.notices(SearchFigures)[-1]
    assert (last.running, last.simulations) == (False, len(journal(client, 1))), "what was on its way is counted"
    assert (last.recycled, last.cache_hits) == (3, last.simulations // 2)
    done = len(journal(client, 1))
    assert client.do(PauseSearch) == Done(id=4)  # nothing runs: nothing happens
    assert len(journal(client, 1)) == done


@pytest.mark.parametrize("running", [False, True])
def test_steering(client: SessionClient, workshop: Workshop, running: bool) -> None:
    client.do(OpenSearch, **OPEN)
    if running:
        client.ask(RunSearch)
    settings = SearchSettings(batch=7)
    assert isinstance(client.do(CutBranch, path=(1, 2), roots=0), Done)
    assert journal(client, 1).endswith(b"c")  # the event comes before the answer
    assert isinstance(client.do(RestoreBranch, path=(1, 2), roots=0), Done)
    assert isinstance(client.do(PlayActions, path=(3,), roots=0), Done)
    assert isinstance(client.do(CutBranch, path=(5,), roots=1), Done)
    assert isinstance(client.do(PinBranch, path=(6,), roots=1), Done)
    assert isinstance(client.do(BoostBranch, path=(6, 7), roots=1, visits=100), Done)
    assert isinstance(client.do(SetPrior, path=(6,), roots=1, prior=0.25), Done)
    assert isinstance(client.do(ReevaluateBranch, path=(), roots=1, generation="gen-001"), Done)
    assert isinstance(client.do(SwitchSearch, generation="gen-001", settings=settings), Done)
    acts = [act for act in workshop.searches[-1].acts if act[0] != "run"]
    assert acts == [
        ("cut", (1, 2)),
        ("restore", (1, 2)),
        ("play", (3,)),
        ("cut", (5,)),
        ("pin", (6,)),
        ("boost", (6, 7), 100),
        ("set_prior", (6,), 0.25),
        ("reevaluate", (), "gen-001"),
        ("switch", "gen-001", settings),
    ]
    assert [byte for byte in journal(client, 1) if byte != ord("s")] == list(b"crpciblew")
    if running:
        assert 2 not in client.answers()  # the run goes on
        client.do(PauseSearch)


def test_acts_are_taken_back_down_to_the_last_re_rooting(client: SessionClient) -> None:
    client.do(OpenSearch, **OPEN)
    client.do(PlayActions, path=(3,), roots=0)
    client.do(CutBranch, path=(5,), roots=1)
    assert isinstance(client.do(UndoSteering, roots=1), Done)
    assert journal(client, 1) == b"pcu"
    kind, text = failed(client.do(UndoSteering, roots=1))
    assert (kind, journal(client, 1)) == ("state", b"pcu")
    assert "no act to take back" in text


def test_a_pause_during_which_the_intuition_fails(
    client: SessionClient, workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    client.do(OpenSearch, **OPEN)
    run = client.ask(RunSearch, limits=Limits(simulations=10**9))
    while not client.notices(SearchFigures):
        client.next()
    search = workshop.searches[-1]
    search.pause = lambda: (_ for _ in ()).throw(Broken("the device was pulled out"))  # type: ignore[method-assign]
    pause = client.ask(PauseSearch)
    assert client.answer(pause) == Done(id=pause)
    assert failed(client.answer(run)) == ("engine", "the device was pulled out")
    assert "Traceback" in caplog.text
    del search.pause
    assert isinstance(client.do(RunSearch, limits=Limits(simulations=5)), RunEnded)


def test_a_run_that_cannot_begin_is_one_sentence(client: SessionClient, workshop: Workshop) -> None:
    client.do(OpenSearch, **OPEN)

    def refuse(limits: Limits, **_: Any) -> None:
        raise ValueError("method gumbel divides a number of simulations among the actions: give it one")

    workshop.searches[-1].start_run = refuse  # type: ignore[method-assign]
    kind, text = failed(client.do(RunSearch))
    assert (kind, text.startswith("method gumbel")) == ("input", True)
    assert client.do(PauseSearch) == Done(id=3), "nothing runs"


def test_a_path_from_before_a_re_rooting_is_refused(client: SessionClient, workshop: Workshop) -> None:
    client.do(OpenSearch, **OPEN)
    client.do(PlayActions, path=(3,), roots=0)
    for kind in (CutBranch, RestoreBranch, PinBranch, PlayActions):
        assert failed(client.do(kind, path=(4,), roots=0))[0] == "state"
    assert failed(client.do(BoostBranch, path=(4,), roots=0, visits=1))[0] == "state"
    assert failed(client.do(UndoSteering, roots=0))[0] == "state"
    assert workshop.searches[-1].acts == [("play", (3,))]
    assert failed(client.do(PlayActions, path=(99,), roots=1)) == ("input", "action 99 is not legal after ()")
    assert failed(client.do(PlayActions, path=(), roots=1))[0] == "input"
    assert isinstance(client.do(CutBranch, path=(4,), roots=1), Done)  # what failed did not count as a re-rooting


@pytest.mark.parametrize(
    ("changes", "kind", "named"),
    [
        ({"domain": "go"}, "input", "'go'"),
        ({"start": "bad"}, "input", "'bad'"),
        ({"generation": "absent"}, "input", "'absent'"),
        ({"device": "full"}, "engine", "out of memory"),
        ({"device": "broken"}, "engine", "caught fire"),
    ],
)
def test_what_cannot_be_opened(
    client: SessionClient, caplog: pytest.LogCaptureFixture, changes: dict[str, str], kind: str, named: str
) -> None:
    client.do(OpenSearch, **OPEN)
    answer = client.do(OpenSearch, **{**OPEN, **changes})
    assert failed(answer)[0] == kind
    assert named in failed(answer)[1]
    assert "\n" not in failed(answer)[1]
    last = client.notices(Preparing)[-1]
    assert last.done == last.total  # nobody goes on waiting
    assert failed(client.do(RunSearch)) == ("state", "no search is open")  # the one before was closed
    assert isinstance(client.do(OpenSearch, **OPEN), Opened)
    assert ("Traceback" in caplog.text) == (kind == "engine")


def test_searches_are_counted_as_they_are_opened(client: SessionClient) -> None:
    first = client.do(OpenSearch, **OPEN)
    client.do(OpenSearch, **{**OPEN, "start": "bad"})
    second = client.do(OpenSearch, **OPEN)
    assert isinstance(first, Opened)
    assert isinstance(second, Opened)
    assert (first.search, second.search) == (1, 2)
    client.do(RunSearch, limits=Limits(simulations=3))
    assert journal(client, 2) == b"sss"


def test_opening_and_closing_end_a_run_first(client: SessionClient) -> None:
    for kind, values in ((OpenSearch, OPEN), (CloseSearch, {})):
        client.do(OpenSearch, **OPEN)
        run = client.ask(RunSearch)
        last = client.ask(kind, **values)
        client.answer(last)
        assert client.answers()[-2:] == [run, last]
    assert failed(client.do(CutBranch, path=(1,), roots=0)) == ("state", "no search is open")


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (RunSearch, {}),
        (CutBranch, {"path": (1,), "roots": 0}),
        (SwitchSearch, {"generation": "gen-000", "settings": SearchSettings()}),
    ],
)
def test_without_a_search(client: SessionClient, kind: Any, values: dict[str, Any]) -> None:
    assert failed(client.do(kind, **values)) == ("state", "no search is open")


def test_a_second_run_is_refused_and_the_first_goes_on(client: SessionClient) -> None:
    client.do(OpenSearch, **OPEN)
    run = client.ask(RunSearch)
    assert failed(client.do(RunSearch))[0] == "state"
    assert run not in client.answers()
    client.do(PauseSearch)
    assert client.answers().count(run) == 1


def test_a_branch_that_is_not_there(client: SessionClient) -> None:
    client.do(OpenSearch, **OPEN)
    assert failed(client.do(CutBranch, path=(99,), roots=0)) == ("input", "the tree has no action 99 at ()")


def test_a_failure_in_a_run_ends_the_run_and_not_the_search(
    client: SessionClient, workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    client.do(OpenSearch, **OPEN)
    client.do(RunSearch, limits=Limits(simulations=5))
    workshop.searches[-1].failure = Broken("the device was pulled out")
    assert failed(client.do(RunSearch)) == ("engine", "the device was pulled out")
    assert client.notices(SearchFigures)[-1].running is False
    assert "Traceback" in caplog.text
    assert caplog.records[-1].levelno == logging.ERROR
    assert isinstance(client.do(RunSearch, limits=Limits(simulations=5)), RunEnded)
    assert journal(client, 1) == b"s" * 10


def test_generations_and_what_is_no_request_here(client: SessionClient) -> None:
    assert client.do(ListGenerations) == Generations(id=1, generations=(SCRIPTED_GENERATION,))
    assert failed(client.do(Hello, version=1))[0] == "state"


def test_a_run_waits_for_a_client_that_does_not_read(
    client: SessionClient, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "FULL_BYTES", 2000)
    client.do(OpenSearch, **OPEN)
    run = client.ask(RunSearch)
    search = workshop.searches[-1]
    end = time.monotonic() + 10
    while not client.outbox.is_full() and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.05)  # the batch in hand
    stood = search.simulations
    time.sleep(0.2)
    assert search.simulations == stood
    pause = client.ask(PauseSearch)  # requests are taken all the same
    client.answer(pause)
    assert client.answers()[-2:] == [run, pause]
    assert journal(client, 1) == b"s" * search.simulations


def test_a_closed_session_ends_in_the_middle_of_a_run(workshop: Workshop) -> None:
    with session_client(workshop) as client:
        client.do(OpenSearch, **OPEN)
        client.ask(RunSearch)
