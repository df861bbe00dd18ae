"""Talk: who asks is answered, once, whatever happens to the engine; notices are the running job's."""

from collections.abc import Callable

from app.arena.talk import NEVER_SENT, Talk
from engine.service.arena_messages import JobProgress, ListMatches, Matches, PauseJob, StartMatch
from engine.service.messages import Answer, Done, Failed, Notice, Preparing, Request


class Engine:
    """Remembers what it was asked."""

    def __init__(self) -> None:
        self.is_ready = False
        self.starts = 0
        self.asked: list[Request] = []

    def request(self, make: Callable[[int], Request]) -> int:
        self.asked.append(make(len(self.asked) + 1))
        return self.asked[-1].id

    def start(self) -> None:
        self.starts += 1

    def finish(self) -> None:
        self.is_ready = False


def ready() -> tuple[Engine, Talk]:
    engine = Engine()
    talk = Talk(engine)
    engine.is_ready = True
    talk.engine_changed("ready", "")
    return engine, talk


def listing(number: int) -> Request:
    return ListMatches(id=number)


def playing(number: int) -> Request:
    return StartMatch(id=number, match="m")


def test_the_engine_is_started_by_the_first_question_which_waits_for_it() -> None:
    engine = Engine()
    talk, heard = Talk(engine), []
    talk.ask(listing, heard.append)
    talk.ask(listing, heard.append)
    assert engine.starts > 0
    assert engine.asked == []
    engine.is_ready = True
    talk.engine_changed("ready", "")
    assert [request.id for request in engine.asked] == [1, 2]
    talk.answered(Matches(id=2, matches=()))
    assert heard == [Matches(id=2, matches=())]


def test_an_answer_goes_to_whoever_asked_and_only_once() -> None:
    _, talk = ready()
    first: list[Answer] = []
    second: list[Answer] = []
    talk.ask(listing, first.append)
    talk.ask(listing, second.append)
    talk.answered(Failed(id=2, kind="input", text="no"))
    talk.answered(Done(id=2))
    talk.answered(Done(id=99))
    assert (first, second) == ([], [Failed(id=2, kind="input", text="no")])


def test_notices_are_the_oldest_jobs_until_it_is_answered() -> None:
    _, talk = ready()
    one: list[Notice] = []
    other: list[Notice] = []
    progress = JobProgress(text="Game", done=1, total=2)
    talk.ask(listing, lambda _: None)
    talk.ask(playing, lambda _: None, one.append)
    talk.ask(playing, lambda _: None, other.append)
    talk.noticed(progress)
    talk.answered(Done(id=2))
    talk.noticed(progress)
    talk.noticed(progress)
    assert (len(one), len(other)) == (1, 2)
    assert talk.is_working
    talk.answered(Done(id=3))
    assert not talk.is_working
    talk.noticed(progress)
    assert len(other) == 2


def test_when_the_engine_dies_all_who_wait_are_told_and_the_next_question_starts_it_again() -> None:
    engine, talk = ready()
    heard: list[Answer] = []
    talk.ask(playing, heard.append, lambda _: None)
    engine.is_ready = False
    talk.ask(listing, heard.append)
    before = engine.starts
    talk.engine_changed("failed", "It ended.\nlast line of its log")
    assert heard == [
        Failed(id=1, kind="engine", text="It ended."),
        Failed(id=NEVER_SENT, kind="engine", text="It ended."),
    ]
    assert not talk.is_working
    talk.ask(listing, heard.append)
    assert engine.starts == before + 1


def test_whoever_asks_again_while_being_told_of_the_end_is_not_told_twice() -> None:
    engine, talk = ready()
    heard: list[Answer] = []

    def again(answer: Answer) -> None:
        heard.append(answer)
        if len(heard) < 5:
            talk.ask(listing, again)

    talk.ask(listing, again)
    engine.is_ready = False
    talk.engine_changed("failed", "It ended.")
    assert len(heard) == 1
    engine.is_ready = True
    talk.engine_changed("ready", "")
    assert len(engine.asked) == 2


def test_what_the_engine_does_is_said_while_it_does_it() -> None:
    _, talk = ready()
    said: list[str] = []
    talk.watchers.append(lambda: said.append(talk.doing))
    talk.ask(playing, lambda _: None, lambda _: None)
    talk.noticed(Preparing(text="Loading", done=0, total=1))
    talk.noticed(Preparing(text="Loading", done=1, total=1))
    talk.noticed(JobProgress(text="Game 3", done=3, total=9))
    talk.answered(Done(id=1))
    assert said[1:4] == ["Loading", "", "Game 3"]
    assert said[-1] == ""


def test_pausing_is_no_job() -> None:
    _, talk = ready()
    talk.ask(lambda number: PauseJob(id=number), lambda _: None)
    assert not talk.is_working


def test_after_the_end_nobody_is_answered() -> None:
    _, talk = ready()
    heard: list[Answer] = []
    talk.ask(listing, heard.append)
    talk.finish()
    talk.answered(Done(id=1))
    talk.engine_changed("stopped", "")
    assert heard == []
