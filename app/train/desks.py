"""What the pages of the Train workspace share: an engine of their own, the generations, the rounds, the lessons."""

from collections.abc import Callable
from dataclasses import dataclass

from app.arena.catalogue import Catalogue
from app.arena.desks import Explored, ShowPosition
from app.arena.talk import Talk
from app.comparing_search import SecondEngine
from app.train.lesson_desk import LessonDesk
from app.train.round_desk import RoundDesk

GenerationsChanged = Callable[[], None]


@dataclass(frozen=True, slots=True)
class TrainDesks:
    """Handed to every page.

    Attributes:
        talk: with the engine that makes rounds.
        show_in_explore: see `ShowPosition`. explored: see `Explored`.
    """

    talk: Talk
    catalogue: Catalogue
    rounds: RoundDesk
    lessons: LessonDesk
    show_in_explore: ShowPosition
    explored: Explored

    def refresh(self) -> None:
        """Ask anew what there is."""
        self.catalogue.refresh()
        self.rounds.refresh()

    def finish(self) -> None:
        """The window closes: end the process. A round that is made stands still; what was done is on disk."""
        self.talk.finish()


def make_train_desks(engine: SecondEngine, show_in_explore: ShowPosition, explored: Explored) -> TrainDesks:
    """The desks over an engine that was not started; whoever owns it lets it report to the talk."""
    talk = Talk(engine)
    catalogue = Catalogue(talk)
    rounds = RoundDesk(talk, catalogue.refresh)
    return TrainDesks(talk, catalogue, rounds, LessonDesk(talk), show_in_explore, explored)
