"""Jobs and errands step by step, whose turn it is, and how news are cut: without a process and without a match."""

import logging

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.service.arena_messages import GameBegan, GameEnded, GameMoved, JobProgress
from engine.service.arena_news import PART_BYTES, Item, cut_in_parts
from engine.service.failures import StateError
from engine.service.jobs import Job, Jobs, Work
from engine.service.messages import Answer, Done, Failed
from engine.service.progress import Progress
from engine.service.turns import Turns


def counting(number: int, steps: int, log: list[str]) -> Work:
    """Counts its steps; told to end it ends at once, and says what it held."""
    try:
        for step in range(steps):
            log.append(f"{number}.{step}")
            if (yield):
                log.append(f"{number} told to end")
                break
    finally:
        log.append(f"{number} let go")
    return Done(id=number)


def failing(number: int, error: Exception, after: int) -> Work:
    for _ in range(after):
        yield
    raise error
    return Done(id=number)


def test_a_job_is_done_step_by_step_and_answered_once() -> None:
    posted: list[Answer] = []
    log: list[str] = []
    jobs = Jobs(posted.append)
    jobs.start(Job(7, "Count", counting(7, 2, log)))
    with pytest.raises(StateError, match="already"):
        jobs.start(Job(8, "Count", counting(8, 2, log)))
    jobs.advance_job()
    assert (log, posted, jobs.has_job) == (["7.0"], [], True)
    jobs.advance_job()
    jobs.advance_job()
    assert log == ["7.0", "7.1", "7 let go"]
    assert (posted, jobs.has_job) == ([Done(id=7)], False)
    jobs.pause()
    jobs.advance_job()
    assert len(posted) == 1, "where no job runs nothing happens"


@pytest.mark.parametrize("begun", [0, 1])
def test_a_paused_job_ends_after_what_is_in_hand(begun: int) -> None:
    posted: list[Answer] = []
    log: list[str] = []
    jobs = Jobs(posted.append)
    jobs.start(Job(7, "Count", counting(7, 5, log)))
    for _ in range(begun):
        jobs.advance_job()
    jobs.pause()
    assert log == ["7.0", "7 told to end", "7 let go"]
    assert posted == [Done(id=7)]
    jobs.start(Job(9, "Count", counting(9, 1, log)))  # and another one may begin


def test_errands_are_done_in_order_beside_the_job() -> None:
    posted: list[Answer] = []
    log: list[str] = []
    jobs = Jobs(posted.append)
    jobs.start(Job(1, "Count", counting(1, 9, log)))
    jobs.send(Job(2, "Count", counting(2, 2, log)))
    jobs.send(Job(3, "Count", counting(3, 1, log)))
    while jobs.has_errand:
        jobs.advance_errand()
        jobs.advance_job()
    assert [answer.id for answer in posted] == [2, 3]
    assert [word for word in log if not word.startswith("1")] == ["2.0", "2.1", "2 let go", "3.0", "3 let go"]
    assert jobs.has_job
    jobs.close()
    assert log[-1] == "1 let go"
    assert not jobs.has_job
    assert len(posted) == 2, "what is closed is not answered"


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ValueError("no such player 'x'\nat all"), "input"),
        (StateError("not now"), "state"),
        (OSError("disk"), "engine"),
    ],
)
def test_a_job_that_fails_is_answered_in_one_sentence(
    error: Exception, kind: str, after: int, caplog: pytest.LogCaptureFixture
) -> None:
    posted: list[Answer] = []
    jobs = Jobs(posted.append)
    jobs.start(Job(7, "Fail", failing(7, error, after)))
    for _ in range(after + 1):
        jobs.advance_job()
    assert posted == [Failed(id=7, kind=kind, text=str(error).splitlines()[0])]
    assert not jobs.has_job
    assert any(record.levelno == logging.ERROR for record in caplog.records) == (kind == "engine")


def test_closing_never_fails(caplog: pytest.LogCaptureFixture) -> None:
    def stubborn() -> Work:
        try:
            yield
        finally:
            raise OSError("the disk is full")
        return Done(id=1)  # pragma: no cover

    jobs = Jobs(lambda _: None)
    jobs.start(Job(1, "Stubborn", stubborn()))
    jobs.advance_job()
    jobs.close()
    assert "the disk is full" in caplog.text


def test_who_had_least_goes_on_however_long_steps_are() -> None:
    turns, order = Turns(), []
    cost = {"search": 1.0, "job": 5.0}
    for _ in range(60):
        name = turns.next(["search", "job"])
        order.append(name)
        turns.took(name, cost[name])
    assert order.count("search") == pytest.approx(5 * order.count("job"), abs=5)
    for _ in range(100):
        turns.took(turns.next(["search"]), 1.0)
    late = [turns.next(["search", "job"]) for _ in range(1)]
    turns.took(late[0], cost[late[0]])
    later = []
    for _ in range(12):
        later.append(turns.next(["search", "job"]))
        turns.took(later[-1], cost[later[-1]])
    assert "search" in later[:7], "who was away has missed nothing"


def test_progress_is_told_now_and_then_with_what_is_left() -> None:
    told: list[JobProgress] = []
    time_s = 0.0
    progress = Progress(told.append, lambda: time_s)
    progress.tell("a", 10, 40)
    time_s = 0.1
    progress.tell("b", 11, 40)
    assert [one.text for one in told] == ["a"]
    assert told[0].seconds_left_s is None, "nothing is known at first"
    time_s = 5.0
    progress.tell("c", 20.9, 40)
    assert told[-1] == JobProgress(text="c", done=20, total=40, seconds_left_s=pytest.approx(5 * 19.1 / 10.9))
    progress.restart()
    progress.tell("d", 0, 5, now=True)
    assert told[-1].seconds_left_s is None


def items() -> st.SearchStrategy[list[Item]]:
    opening = st.lists(st.integers(0, 9), max_size=3).map(tuple)
    began = st.builds(GameBegan, game=st.integers(0, 9), actions=opening, seed=st.integers(0, 2**48 - 1))
    moved = st.integers(1, 30_000).map(lambda n: GameMoved(game=1, actions=(1857,) * n, values=(-0.1234,) * n))
    ended = st.builds(GameEnded, game=st.integers(0, 9), points=st.just(0.5))
    return st.lists(st.one_of(began, moved, ended), max_size=12)


@given(items())
def test_news_are_cut_into_parts_of_bearable_size(wanted: list[Item]) -> None:
    parts = list(cut_in_parts(iter(wanted)))
    assert [item for part in parts for item in part] == wanted
    assert all(parts), "no part is empty"
    for part in parts:
        assert len(msgspec.msgpack.encode(part)) < PART_BYTES + 500_000
    for part in parts[:-1]:
        assert len(msgspec.msgpack.encode(part)) > PART_BYTES / 3, "nor are there more parts than needed"
