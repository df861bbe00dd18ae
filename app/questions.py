"""The desk for questions to the tree: ask, look through a lens, go from result to result, keep what was asked.

The answer follows the tree while it grows and the playhead while it moves: a new one is begun when the last is a
quarter of a second old, and made in slices (`app.viewmodels.questions` says why on the window's thread).
"""

import time
from collections.abc import Callable
from dataclasses import replace

from app.presenter import phrases
from app.screen import Screen
from app.travel import Travel
from app.viewmodels.explore import ExploreState
from app.viewmodels.moment import Moment
from app.viewmodels.questions import (
    Answer,
    Inquiry,
    QuestionRecord,
    ResultsRecord,
    count_text,
    lens_records,
    own_lens_error,
    refused,
    results_record,
)
from engine.tree.lenses import READY, Lens, Question, Tint, own_lens, read_question
from engine.tree.query_syntax import QueryError

SPAN_S = 0.006
"""Most that is spent on an answer at a time; a slice that was begun is finished."""
EVERY_S, LIST_EVERY_S = 0.24, 1.0
"""Between the beginnings of two answers, and between two lists: rows should stand still long enough to be clicked."""


KeptLenses = tuple[tuple[str, str], ...]
"""Names and questions of lenses."""


class Questions:
    """Asks one question at a time about the moment that is looked at.

    Attributes:
        own: lenses that a person saved. kept: called with name and question of each whenever they changed.
    """

    def __init__(
        self,
        travel: Travel,
        screen: Screen,
        look: Callable[[], ExploreState],
        choose: Callable[[int], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """`look`: what is being looked at now; `choose`: selects a node."""
        self.own: tuple[Lens, ...] = ()
        self.kept: Callable[[KeptLenses], None] = lambda _: None
        self._travel, self._screen, self._look, self._choose, self._clock = travel, screen, look, choose, clock
        self._question: Question | None = None
        self._tint: Tint | None = None
        self._record = QuestionRecord()
        self._inquiry: Inquiry | None = None
        self._answer: Answer | None = None
        self._begun_s = self._listed_s = -LIST_EVERY_S
        self._is_old = self._is_unlisted = self._is_going = False

    # -- what a person does ----------------------------------------------------------------------------------------

    def begin(self, kept: KeptLenses) -> None:
        """Take up the lenses that were kept, and show the bar."""
        self.own = tuple(own_lens(name, question) for name, question in kept)
        self._show(replace(self._record, lenses=lens_records(READY, self.own)))

    def ask(self, text: str) -> None:
        """Ask `text`. What cannot be asked is said, and the last answer stays; nothing asked takes it away."""
        if not text.strip():
            self.clear()
        elif text != self._record.text:  # a lens that asks the same goes on being looked through
            self._ask(text, "", None)

    def enter(self, text: str) -> None:
        """Ask `text` and go to the first node found, or, where it is asked already, to the next."""
        self.ask(text)
        if self._question is None or self._record.error:
            return
        if self._answer is None:
            self._is_going = True
        else:
            self.step(1)

    def look_through(self, name: str) -> None:
        """Ask what a lens asks, and colour the tree as it does."""
        lens = next((each for each in (*READY, *self.own) if each.name == name), None)
        if lens is not None:
            self._ask(lens.question, lens.name, lens.tint)

    def clear(self) -> None:
        """Ask nothing any more."""
        self._question = self._tint = self._inquiry = self._answer = None
        self._is_unlisted = self._is_going = False
        self._show(replace(self._record, text="", lens="", count="", error=""))
        self._screen.show_marks(None)
        self._screen.show_tint(None)
        self._screen.show_results(ResultsRecord(), lambda _: "")

    @property
    def text(self) -> str:
        """The question as it was typed, or ""."""
        return self._record.text

    @property
    def record(self) -> QuestionRecord:
        """What the bar shows."""
        return self._record

    @property
    def is_asking(self) -> bool:
        """There is a question, or a text that is none."""
        return bool(self._record.text)

    def step(self, count: int) -> None:
        """Select the result so many further on in the list; from elsewhere the first, or the last."""
        listed = [] if self._answer is None else self._answer.listed.tolist()
        if not listed:
            asked = self._question is not None
            self._screen.say("Nothing was found to go to." if asked else "Ask the tree something first: Ctrl+F.")
            return
        selected = self._look().selected
        if selected in listed:
            place = (listed.index(selected) + count) % len(listed)
        else:
            place = 0 if count > 0 else len(listed) - 1
        self._choose(listed[place])

    def save(self, name: str) -> None:
        """Keep what is asked as a lens of this name; one of a person's own that had it before is replaced."""
        name = name.strip()
        text = self._question.text if self._question is not None else ""
        wrong = own_lens_error(name, text)
        if any(lens.name.casefold() == name.casefold() for lens in READY):
            wrong = f"“{name}” is a lens of the program; choose another name."
        if wrong:
            self._screen.say(wrong)
            return
        others = tuple(each for each in self.own if each.name != name)
        self._keep((*others, own_lens(name, text)))
        self._show(replace(self._record, lens=name))
        self._screen.say(f"Kept as “{name}”, among the lenses.")

    def remove(self, name: str) -> None:
        """Forget a lens of a person's own."""
        left = tuple(each for each in self.own if each.name != name)
        if len(left) < len(self.own):
            self._keep(left)
            self._show(replace(self._record, lens="" if self._record.lens == name else self._record.lens))
            self._screen.say(f"Removed the lens “{name}”.")

    # -- what happens to the tree ----------------------------------------------------------------------------------

    def tree_grew(self) -> None:
        """The tree changed, and its nodes have the numbers they had."""
        self._is_old = True

    def moment_changed(self, *, same_nodes: bool) -> None:
        """Another moment is looked at; unless `same_nodes`, what was found are other nodes now."""
        if self._question is not None:
            if not same_nodes:
                self._answer = None
                self._listed_s = -LIST_EVERY_S
            self._start()

    def tick(self) -> None:
        """Go on with an answer, or begin a new one where the tree has grown; called a few times a second."""
        if self._inquiry is not None:
            self._go_on()
        elif self._is_unlisted and self._clock() - self._listed_s >= LIST_EVERY_S:
            self._list()
        elif self._question is not None and self._is_old and self._clock() - self._begun_s >= EVERY_S:
            self._start()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _ask(self, text: str, lens: str, tint: Tint | None) -> None:
        try:
            question = read_question(text)
        except QueryError as error:
            self._record = refused(text, error, self._record.lenses)
            self._screen.show_question(self._record)
            return
        if question == self._question and tint == self._tint and not self._record.error:
            return
        self._question, self._tint, self._answer, self._is_going = question, tint, None, False
        self._listed_s = -LIST_EVERY_S
        if tint is None:
            self._screen.show_tint(None)
        self._show(replace(self._record, text=text, lens=lens, error=""))
        self._start()

    def _start(self) -> None:
        moment, question = self._travel.moment, self._question
        self._is_old = False
        if moment is None or question is None or not moment.tree.num_nodes:
            self._inquiry = self._answer = None
            self._show(replace(self._record, count=""))
            self._screen.show_marks(None)
            self._screen.show_tint(None)
            self._screen.show_results(ResultsRecord(), lambda _: "")
            return
        self._inquiry = Inquiry(question, self._tint, moment)
        self._begun_s = self._clock()
        self._go_on()

    def _go_on(self) -> None:
        inquiry = self._inquiry
        assert inquiry is not None
        until = self._clock() + SPAN_S
        while not inquiry.is_done and self._clock() < until:
            inquiry.advance()
        if inquiry.is_done:
            self._inquiry, self._answer = None, inquiry.answer
            self._show_answer(inquiry.answer, lists=self._clock() < until)
        self._show(replace(self._record, count=count_text(self._answer)))

    def _show_answer(self, answer: Answer, *, lists: bool) -> None:
        """Show what was found; unless `lists` there is no time left, and the list comes with the next tick."""
        self._screen.show_marks(answer.marks)
        if answer.colours is not None:
            self._screen.show_tint(answer.colours)
        self._is_unlisted = True
        if lists:
            self._list()
        if self._is_going:
            self._is_going = False
            self.step(1)

    def _list(self) -> None:
        """Show the list of results, unless it was shown a moment ago."""
        moment, question, answer = self._travel.moment, self._question, self._answer
        if moment is None or question is None or answer is None or self._clock() - self._listed_s < LIST_EVERY_S:
            return
        self._is_unlisted, self._listed_s = False, self._clock()
        self._screen.show_results(results_record(question, answer, moment), _path_texts(moment))

    def _keep(self, own: tuple[Lens, ...]) -> None:
        self.own = own
        self._show(replace(self._record, lenses=lens_records(READY, own)))
        self.kept(tuple((lens.name, lens.question) for lens in own))

    def _show(self, record: QuestionRecord) -> None:
        if record != self._record:
            self._record = record
            self._screen.show_question(record)


def _path_texts(moment: Moment) -> Callable[[int], str]:
    """Moves from the root to a node of `moment`, which are only worked out for rows that are seen."""
    words, tree = phrases(moment.header.domain), moment.tree

    def text(node: int) -> str:
        if not 0 <= node < tree.num_nodes:
            return ""
        return " ".join(words.texts(tree.line, tree.path(node))) or "the root"

    return text
