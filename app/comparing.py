"""The desk for comparing: two trees of one position, kept up to date while both grow.

A is what is on screen, at the moment that is looked at; B is what a person chose to lay beside it. Both are laid over
each other (`engine.tree.compare`) beside the window's thread, at most once a second; what is shown says how old it is.
Where the main lines part, a deeper search of that position can be asked who was right.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from app import recordings
from app.comparing_judge import Judge, Question
from app.comparing_other import OtherTree
from app.comparing_search import SecondEngine, SecondSearch
from app.presenter import SEAT, phrases
from app.screen import Background, Seats
from app.session import Session
from app.steering import UNIFORM
from app.travel import Travel
from app.viewmodels import comparison_texts as texts
from app.viewmodels import figures
from app.viewmodels.comparison import (
    FACTOR,
    ChoicesRecord,
    Compared,
    ComparisonRecord,
    JudgeRecord,
    Pictures,
    RecordedSource,
    SideRecord,
    Source,
    work_out,
)
from app.viewmodels.comparison_texts import Described
from app.viewmodels.explore import ExploreState
from app.viewmodels.moment import Moment
from app.viewmodels.phrases import Labels, Phrases
from app.viewmodels.records import GenerationChoice
from app.viewmodels.replica import Mapping
from engine.service.messages import Answer, Notice
from engine.tree.columns import NO_NODE, ROOT
from engine.tree.compare import CompareError, moved, take

EVERY_S = 1.0
"""A comparison is worked out anew no sooner than this after the last."""
_REST = 10.0
"""Nor sooner than this many times what the last one took."""


class CompareScreen(Protocol):
    """What a comparison is shown on."""

    def show_choices(self, record: ChoicesRecord) -> None:
        """Let a person choose what to compare with."""
        ...

    def show_comparison(self, record: ComparisonRecord | None) -> None:
        """All that is said; None = nothing is compared any more."""
        ...

    def show_pictures(
        self, pictures: Pictures | None, labels: Callable[[int], str], seats: Seats, mapping: Mapping | None
    ) -> None:
        """The trees; `mapping` says where the nodes shown before are, None = these are others."""
        ...

    def show_place(self, node: int) -> None:
        """The selected node of the union, -1 = none."""
        ...


class Comparing:
    """Two searches side by side.

    Attributes:
        is_open: the mode is on.
        selected: node of the union, -1 = none.
    """

    def __init__(
        self,
        session: Session,
        travel: Travel,
        look: Callable[[], ExploreState],
        select: Callable[[int], None],
        screen: CompareScreen,
        background: Background,
        engine: SecondEngine,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`look`: what is being looked at. `select`: selects a node of A's tree in the window."""
        self.is_open = False
        self.selected = NO_NODE
        self._session, self._travel, self._look, self._select = session, travel, look, select
        self._screen, self._background, self._clock = screen, background, clock
        self.second = SecondSearch(engine, lambda: None)
        self.other = OtherTree(session, travel, self.second)
        self.judge = Judge(self.second)
        self._judge_generation = ""
        self._compared: Compared | None = None
        self._numbering: tuple[object, ...] = ()
        self._version: tuple[object, ...] = ()
        self._described: tuple[Described, Described] | None = None
        self._is_working = False
        self._since_s = self._next_s = 0.0
        self._error = ""
        self._last: ComparisonRecord | None = None
        self._lasting: ComparisonRecord | None = None  # what of it only goes by the comparison
        self._main_selected = NO_NODE

    @property
    def record(self) -> ComparisonRecord | None:
        """What is said of the two; None while nothing is compared."""
        return self._last

    # -- what a person does ------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Open the mode, or leave it."""
        if not self.close():
            self.open()

    def open(self) -> None:
        """Open the mode and let a person choose what to compare with."""
        self.is_open = True
        self._next_s = 0.0
        self.tick()
        self._screen.show_choices(self.choices())

    def close(self) -> bool:
        """Leave the mode and give the second search up; whether it was on."""
        was_open, self.is_open = self.is_open, False
        if was_open:
            self.judge.forget()
            self.other.forget()
            self._forget()
            self._screen.show_pictures(None, lambda _: "", Seats(), None)
            self._screen.show_comparison(None)
            self._last = None
        return was_open

    def step_back(self) -> bool:
        """Select nothing, or leave the mode where nothing is selected; whether it was on."""
        if self.selected >= 0:
            self.select_node(NO_NODE)
            return True
        return self.close()

    def choices(self) -> ChoicesRecord:
        """What the search on screen can be compared with."""
        a, shown = self._travel.moment, self._session.shown
        if a is None or shown is None:
            return ChoicesRecord()
        return ChoicesRecord(
            generations=self._generations(),
            generation=a.generation,
            settings=a.settings,
            simulations=shown.tree.simulations,
            first=max(1, shown.history.first),
            budget=int(a.tree.stats["visits"][ROOT]) if a.tree.num_nodes else 0,
            can_search=a.tree.num_nodes > 0,
        )

    def compare_with(self, source: Source) -> None:
        """Take another B: a search or a moment. A recording is taken with `compare_with_file`."""
        self.judge.forget()
        self.other.choose(source)
        self._forget()
        self.is_open = True
        self.tick()

    def compare_with_file(self, path: Path) -> None:
        """Take the tree of a recording as B."""
        self.is_open = True

        def opened(found: recordings.OpenedRecording) -> None:
            self.judge.forget()
            self.other.choose(RecordedSource(path.name), found.replica, found.damage)
            self._forget()
            self.tick()

        def failed(error: Exception) -> None:
            self._error = recordings.failure_sentence(error)
            self._show()

        self._background.run(partial(recordings.open_recording, path), opened, failed)

    def select_node(self, node: int) -> None:
        """Look at a node of the union; where A has it, the whole window does."""
        compared = self._compared
        if compared is None or not NO_NODE <= node < compared.union.tree.num_nodes:
            return
        self.selected = node
        self._screen.show_place(node)
        self._main_selected = int(compared.union.in_a[node]) if node >= 0 else NO_NODE
        self._select(self._main_selected)
        self._show()

    def select_divergence(self) -> None:
        """Look at where the main lines part."""
        if self._compared is not None and self._compared.said.divergence is not None:
            self.select_node(self._compared.said.divergence.node)

    def sentence_of(self, node: int) -> str:
        """What both say of a node of the union, "" where there is none."""
        a, compared = self._travel.moment, self._compared
        if a is None or compared is None or not ROOT <= node < compared.union.tree.num_nodes:
            return ""
        return texts.row_sentence(texts.row(node, compared, phrases(a.header.domain)))

    def set_judge(self, generation: str) -> None:
        """Whose intuition a deeper search is to use."""
        self._judge_generation = generation
        self._show()

    def ask_deeper(self, factor: int = FACTOR) -> None:
        """Have the position where the main lines part searched that many times deeper."""
        a, compared = self._travel.moment, self._compared
        if a is None or compared is None or compared.said.divergence is None or not self._judge_record(a).can_ask:
            return
        self.other.keep()
        budget = factor * max(compared.said.simulations)
        generation = self._judge_generation or a.generation
        line = compared.union.tree.line
        question = Question(line, compared.said.divergence, generation, budget)
        self.judge.ask(a.header.domain, question, a.settings.memory_bytes)
        self._show()

    def show_again(self) -> None:
        """Hand the record over once more."""
        self._last = None
        self._show()

    # -- as time goes by ---------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Follow both searches; called a few times a second."""
        if not self.is_open:
            return
        a = self._travel.moment
        if a is not None and a.tree.num_nodes:
            question = self.judge.question
            if question is not None and question.line != a.line:
                self.judge.forget()
            self._follow(a)
        self._show()

    def engine_changed(self, state: str, failure: str) -> None:
        """The second engine's process changed its state, as `Controller.engine_changed` is told."""
        self.second.engine_changed(state, failure)

    def answered(self, answer: Answer) -> None:
        """The second engine answered a request."""
        self.second.answered(answer)

    def noticed(self, notice: Notice) -> None:
        """The second engine said something unasked."""
        self.second.noticed(notice)

    def finish(self) -> None:
        """The window closes."""
        self.is_open = False
        self.second.finish()

    def _follow(self, a: Moment) -> None:
        self.other.follow(a)
        if self._compared is not None and self._compared.union.tree.line != a.line:
            self._forget()
        if self.other.waiting(a):
            return
        self._follow_selection()
        tree = a.tree
        version = (id(tree), tree.simulations, tree.num_nodes, len(tree.prunes), self.other.version())
        if self._is_working or version == self._version or self._clock() < self._next_s:
            return
        began = self._clock()
        try:
            sides = take(a.tree), self.other.take(a)
        except CompareError as error:
            self._error, self._version = f"These two cannot be compared: {error}.", version
            return
        numbering = (id(a.header), a.renumbered_at, *self.other.numbering(a))
        simulations = [int(side.stats["visits"][ROOT]) for side in sides]
        source = self._look().recording
        described = (
            Described(a.generation, a.settings, simulations[0], source),
            self.other.described(a, simulations[1], source),
        )
        self._is_working, self._version = True, version
        done = partial(self._worked_out, numbering, described, began)
        self._background.run(partial(work_out, *sides), done, self._not_worked_out)

    def _worked_out(
        self,
        numbering: tuple[object, ...],
        described: tuple[Described, Described],
        began: float,
        compared: Compared,
    ) -> None:
        now, before = self._clock(), self._compared
        self._is_working = False
        self._next_s = now + max(EVERY_S, _REST * (now - began))
        a = self._travel.moment
        if not self.is_open or a is None or a.line != compared.union.tree.line:
            return
        if numbering != (id(a.header), a.renumbered_at, *self.other.numbering(a)):
            self._version = ()
            return  # of trees that are gone
        is_same = before is not None and numbering == self._numbering
        mapping = moved(before.union, compared.union) if before is not None and is_same else None
        self._compared, self._numbering, self._described, self._since_s = compared, numbering, described, began
        self._error, self._lasting = "", None
        if self.selected >= 0:
            self.selected = int(mapping[self.selected]) if mapping is not None else NO_NODE
        words = phrases(a.header.domain)
        seats = Seats(SEAT, words.card(a.line).to_move, words.notation.players)
        self._screen.show_pictures(compared.pictures, Labels(words, compared.union.tree), seats, mapping)
        self._screen.show_place(self.selected)
        self._show()

    def _not_worked_out(self, error: Exception) -> None:
        self._is_working = False
        self._error = f"These two cannot be compared: {error}."
        self._show()

    def _follow_selection(self) -> None:
        """A node of A was selected elsewhere in the window."""
        chosen = self._look().selected
        if chosen == self._main_selected or self._compared is None:
            return
        self._main_selected = chosen
        from_a = self._compared.union.from_a
        self.selected = int(from_a[chosen]) if 0 <= chosen < len(from_a) else NO_NODE
        self._screen.show_place(self.selected)

    def _forget(self) -> None:
        """What is compared is another pair."""
        self._compared = self._described = self._lasting = None
        self._numbering = self._version = ()
        self._error = ""
        self.selected, self._next_s = NO_NODE, 0.0
        self._screen.show_pictures(None, lambda _: "", Seats(), None)

    # -- what is said ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Hand the record over where it says something new."""
        if not self.is_open:
            return
        record = self._record()
        if record != self._last:
            self._last = record
            self._screen.show_comparison(record)

    def _record(self) -> ComparisonRecord:
        a, compared, described = self._travel.moment, self._compared, self._described
        if a is None or not a.tree.num_nodes:
            waiting = "There is no search yet. Start one, then choose what to compare it with."
            return ComparisonRecord(SideRecord("A", "", ""), SideRecord("B", "", ""), waiting)
        waiting = self._error or self.other.waiting(a) or self.other.trouble
        if compared is None or described is None:
            first = SideRecord("A", texts.describe(a.generation, a.settings), "")
            return ComparisonRecord(first, SideRecord("B", "", ""), waiting or "Laying them over each other ...")
        if self._lasting is None:
            self._lasting = _lasting(compared, described, phrases(a.header.domain))
        return replace(
            self._lasting,
            waiting=waiting,
            age=texts.age_text(self._clock() - self._since_s) if self._is_outdated(a) else "",
            here=texts.row(self.selected, compared, phrases(a.header.domain)) if self.selected >= 0 else None,
            judge=self._judge_record(a),
        )

    def _is_outdated(self, a: Moment) -> bool:
        tree = a.tree
        return self._version != (id(tree), tree.simulations, tree.num_nodes, len(tree.prunes), self.other.version())

    def _generations(self) -> tuple[GenerationChoice, ...]:
        domain = self._look().domain
        infos = [info for info in self._session.generations if info.domain == domain]
        return (*(GenerationChoice(info.id, info.id) for info in infos), GenerationChoice(UNIFORM, UNIFORM))

    def _judge_record(self, a: Moment) -> JudgeRecord:
        compared, question = self._compared, self.judge.question
        chosen = self._judge_generation or a.generation
        record = JudgeRecord(generations=self._generations(), generation=chosen)
        if question is not None:
            words, verdict = phrases(a.header.domain), self.judge.verdict
            text = self.judge.trouble
            if verdict is not None and not text:
                text = texts.verdict_sentence(verdict, question.split, question.line, question.generation, words)
            word = verdict.sides_with if verdict is not None and not self.judge.is_running else ""
            text = text or f"{question.generation} searches the position where they part ..."
            record = replace(record, text=text, sides_with=word, progress=self.judge.progress)
        if compared is None or compared.said.divergence is None:
            return replace(record, tooltip="The main lines do not part, so there is nothing to ask.")
        if self.judge.is_running:
            return replace(record, tooltip="It is searching.")
        if self.other.is_busy():
            return replace(record, tooltip="As soon as the other search has its simulations.")
        budget = FACTOR * max(compared.said.simulations)
        what = f"{chosen} searches the position where they part with {figures.count(budget)} simulations."
        return replace(record, can_ask=True, ask=f"Ask a deeper search ({figures.short_count(budget)})", tooltip=what)


def _lasting(compared: Compared, described: tuple[Described, Described], words: Phrases) -> ComparisonRecord:
    """What is said of a comparison for as long as it stands."""
    said, line = compared.said, compared.union.tree.line
    split = said.divergence
    names, values = texts.names(*described), (said.value_a, said.value_b)
    side_a, side_b = (
        SideRecord(
            letter,
            names[k],
            texts.side_figures(said.simulations[k], values[k]),
            texts.line_texts(line, actions, words),
            said.agreement if said.agreement < len(actions) else -1,
        )
        for k, (letter, actions) in enumerate((("A", said.line_a), ("B", said.line_b)))
    )
    return ComparisonRecord(
        side_a,
        side_b,
        agreement=texts.agreement_sentence(said, line, words),
        opinions=texts.divergence_sentence(split, line, words) if split is not None else "",
        distance=texts.distance_sentence(said),
        shared=texts.shared_sentence(said),
        divergence=split.node if split is not None else NO_NODE,
        by_visits=tuple(texts.row(node, compared, words) for node in compared.by_visits),
        by_value=tuple(texts.row(node, compared, words) for node in compared.by_value),
    )
