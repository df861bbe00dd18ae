"""Which work belongs to which request about rounds. Slow to import: done when the first such request comes."""

from collections.abc import Callable

from engine.service import train_messages as train
from engine.service.jobs import Work
from engine.service.message_bases import Notice
from engine.service.train_rounds import start_rounds
from engine.service.train_stored import exclude_lessons, list_rounds, read_round, surprising_lessons


def job(request: train.StartRounds, post: Callable[[Notice], None], clock: Callable[[], float]) -> Work:
    """The job that makes rounds."""
    return start_rounds(request, post, clock)


Errand = train.ListRounds | train.ReadRound | train.SurprisingLessons | train.ExcludeLessons


def errand(request: Errand) -> Work:
    """The errand that a request asks for."""
    match request:
        case train.ListRounds():
            return list_rounds(request)
        case train.ReadRound():
            return read_round(request)
        case train.SurprisingLessons():
            return surprising_lessons(request)
        case train.ExcludeLessons():
            return exclude_lessons(request)
