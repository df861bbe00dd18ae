"""The desk for generations: the lineage, a card at a time, and import, export and removal."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from app.arena.job import Conversation, StoredMatches
from app.viewmodels.arena_generations import (
    CardRecord,
    GenerationsRecord,
    card_record,
    confirm_text,
    in_use_text,
    ratings_of,
)
from app.viewmodels.arena_ladder import anchors_in_force
from app.viewmodels.lineage import LineageRecord, lineage_record
from engine.service.arena_messages import (
    ExportGeneration,
    GenerationInUse,
    GenerationShown,
    ImportGeneration,
    LadderRated,
    RemoveGeneration,
    RunLadder,
    ShowGeneration,
)
from engine.service.messages import Answer, Failed, GenerationInfo

IMPORTED_SUFFIXES = (".pb.gz", ".pb")
EXPORTED_SUFFIXES = (".onnx", ".safetensors")


class GenerationsScreen(Protocol):
    """What the page is shown on."""

    def show_generations(self, record: GenerationsRecord) -> None:
        """All of the page."""
        ...

    def say(self, text: str) -> None:
        """A passing remark."""
        ...


class Known(Protocol):
    """What is needed of `app.arena.catalogue.Catalogue`."""

    @property
    def generations(self) -> tuple[GenerationInfo, ...]:
        """Of all domains."""
        ...

    @property
    def trouble(self) -> str:
        """Why they are not known, or ""."""
        ...

    def refresh(self) -> None:
        """Ask for them anew."""
        ...


class GenerationShelf:
    """All generations of this machine, and the one that is looked at.

    Attributes:
        selected: its id, or "". record: what was shown last; None before anything was.
    """

    def __init__(self, screen: GenerationsScreen, talk: Conversation, catalogue: Known, matches: StoredMatches) -> None:
        self.selected = ""
        self.record: GenerationsRecord | None = None
        self._screen, self._talk = screen, talk
        self._catalogue, self._matches = catalogue, matches
        self._card: CardRecord | None = None
        self._ladders: dict[str, LadderRated] = {}
        self._asked: set[str] = set()  # domains that a rating was asked of since the page was turned to
        self._confirm = self._busy = self._error = ""
        self._knows_matches = False  # the question told of the matches that need it
        self._lineage: tuple[object, LineageRecord] = ((), LineageRecord())

    def open(self) -> None:
        """The page is looked at: what there is may have changed."""
        self._catalogue.refresh()
        self._asked.clear()
        self._rate()
        self._show()

    def select(self, generation: str) -> None:
        """Look at a generation's card; "" = none."""
        if generation != self.selected:
            self.selected, self._card, self._confirm = generation, None, ""
        if generation:
            self._ask(
                lambda number: ShowGeneration(id=number, generation=generation),
                lambda answer: self._take_card(generation, answer),
            )
        self._show()

    def bring_in(self, path: Path) -> None:
        """Make a generation of a network file."""
        if not path.name.lower().endswith(IMPORTED_SUFFIXES):
            self._fail(f"{path.name} is no network of Leela Chess Zero: a file that ends in .pb.gz is expected.")
            return

        def done(answer: Answer) -> None:
            if isinstance(answer, GenerationShown):
                self._card = card_record(answer.card)
                self.selected = self._card.id
                self._catalogue.refresh()
                self._screen.say(f"Imported {path.name} as {self.selected}.")

        self._ask(lambda number: ImportGeneration(id=number, path=str(path)), done, f"Importing {path.name} ...")

    def take_out(self, path: Path) -> None:
        """Write the network or the weights of the selected generation to a file of one's own."""
        generation = self.selected
        if not path.name.lower().endswith(EXPORTED_SUFFIXES):
            self._fail(f"{path.name} names no format: .onnx is the network, .safetensors the weights.")
            return

        def done(_: Answer) -> None:
            self._screen.say(f"{generation} is written to {path}.")

        self._ask(
            lambda number: ExportGeneration(id=number, generation=generation, path=str(path)),
            done,
            f"Writing {path.name} ...",
        )

    def ask_remove(self) -> None:
        """Have the removal of the selected generation confirmed first."""
        if self.selected:
            self._confirm, self._error = confirm_text(self.selected, self._catalogue.generations), ""
            self._knows_matches = False
            self._show()

    def keep(self) -> bool:
        """Do not remove it; whether that was the question."""
        was_asked = bool(self._confirm)
        self._confirm = ""
        self._show()
        return was_asked

    def remove(self) -> None:
        """Delete the selected generation, once that was confirmed."""
        generation, knows_matches = self.selected, self._knows_matches
        if not self._confirm:
            return
        self._confirm = ""

        def done(answer: Answer) -> None:
            if isinstance(answer, GenerationInUse):
                if self.selected == generation:
                    self._confirm, self._knows_matches = in_use_text(generation, len(answer.matches)), True
                return
            self.selected, self._card = "", None
            self._catalogue.refresh()
            self._screen.say(f"{generation} is removed.")

        self._ask(
            lambda number: RemoveGeneration(id=number, generation=generation, even_if_in_use=knows_matches),
            done,
            f"Removing {generation} ...",
        )

    def dismiss(self) -> None:
        """The sentence of what went wrong was read."""
        self._error = ""
        self._show()

    def catalogue_changed(self) -> None:
        """There are other generations."""
        if self.record is not None:
            if self.selected and self.selected not in {info.id for info in self._catalogue.generations}:
                self.selected, self._card = "", None
            self._show()

    def matches_changed(self) -> None:
        """The list of stored matches is another, or is known only now."""
        if self.record is not None:
            self._rate()

    def _take_card(self, generation: str, answer: Answer) -> None:
        if isinstance(answer, GenerationShown) and generation == self.selected:
            self._card = card_record(answer.card)

    def _rate(self) -> None:
        """Put the ratings of stored matches on the lineage, where the engine has nothing else to do."""
        if self._talk.is_working:
            return
        stored = {match.order.domain for match in self._matches.listed or ()}
        for domain in sorted(stored - self._asked):
            self._asked.add(domain)

            def rated(answer: Answer, domain: str = domain) -> None:
                if isinstance(answer, LadderRated):
                    self._ladders[domain] = answer
                    self._show()

            def make(number: int, domain: str = domain) -> RunLadder:
                held = anchors_in_force((), domain, self._matches.listed or ())
                return RunLadder(id=number, domain=domain, anchors=held)

            self._talk.ask(make, rated, lambda _: None)

    def _ask(
        self,
        make: Callable[[int], ShowGeneration | ImportGeneration | ExportGeneration | RemoveGeneration],
        done: Callable[[Answer], None],
        busy: str = "",
    ) -> None:
        self._busy, self._error = busy, ""

        def answered(answer: Answer) -> None:
            if busy:
                self._busy = ""
            if isinstance(answer, Failed):
                self._error = answer.text
            else:
                done(answer)
            self._show()

        self._talk.ask(make, answered)
        self._show()

    def _fail(self, text: str) -> None:
        self._error = text
        self._show()

    def _show(self) -> None:
        record = self._record()
        if record != self.record:
            self.record = record
            self._screen.show_generations(record)

    def _record(self) -> GenerationsRecord:
        infos = self._catalogue.generations
        ids = {info.id for info in infos}
        parent = self._card.parent if self._card is not None else ""
        return GenerationsRecord(
            lineage=self._drawing(infos),
            selected=self.selected,
            card=self._card,
            can_play_parent=parent in ids,
            confirm=self._confirm,
            busy=self._busy,
            error=self._error or (self._catalogue.trouble if not infos else ""),
        )

    def _drawing(self, infos: tuple[GenerationInfo, ...]) -> LineageRecord:
        """Laid out anew only where something changed."""
        ladders = tuple(self._ladders.values())
        key = (infos, ladders)
        if key != self._lineage[0]:
            self._lineage = (key, lineage_record(infos, ratings_of(ladders)))
        return self._lineage[1]
