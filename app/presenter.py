"""From everything known to everything shown: makes the records and hands each to the screen when it changed."""

from dataclasses import replace
from functools import cache
from typing import Any

from app.screen import Screen, Seats
from app.session import Session
from app.steering import UNIFORM, is_spent
from app.travel import Travel
from app.viewmodels.board import board_record, preview_record
from app.viewmodels.candidates import root_candidates
from app.viewmodels.evaluations import Evaluations, Finding, finding_of, source_of
from app.viewmodels.explore import ExploreState
from app.viewmodels.heat import TreeHeat, prior_heat
from app.viewmodels.inspector import node_record, unvisited_record
from app.viewmodels.moment import Moment
from app.viewmodels.moves import moves_record
from app.viewmodels.phrases import Labels, Phrases
from app.viewmodels.records import (
    BoardRecord,
    CandidatesRecord,
    ControlsRecord,
    GenerationChoice,
    InspectorRecord,
    StatusRecord,
    TrailsRecord,
    ValueRecord,
)
from app.viewmodels.replica import Mapping, keeps_root
from app.viewmodels.showing import Showing
from app.viewmodels.status import Situation, status_record
from app.viewmodels.timeline import Mark, TimelineRecord, bands_of, cuts_of, marks_of, moment_text
from app.viewmodels.trails import trails_record
from app.viewmodels.value import root_value
from app.viewmodels.why import Reasons
from engine.domains import registry
from engine.tree.choice import best_edge
from engine.tree.columns import NO_NODE, ROOT
from engine.tree.history import History

SEAT = 0
"""The tree's colours take the first player's view, like the evaluation bar, and stand still when the turn passes."""


@cache
def phrases(domain: str) -> Phrases:
    """The words of a domain, remembered between searches."""
    return Phrases(registry.notation(domain))


class Presenter:
    """Shows a session, at the moment that is looked at, on a screen. Holds nothing but what it showed last."""

    def __init__(self, screen: Screen, session: Session, travel: Travel, evaluations: Evaluations) -> None:
        self._screen, self._session, self._travel = screen, session, travel
        self._evaluations = evaluations
        self._labels: Labels | None = None
        self._last: dict[str, Any] = {}
        self._reasons = Reasons()
        self._tree_heat = TreeHeat()

    def refresh(self, state: ExploreState) -> None:
        """Bring everything but the tree's picture up to date."""
        words = phrases(state.domain)
        session, replica, shown = self._session, self._session.shown, self._travel.moment
        outdated = shown is None or shown.line != state.game.current or (session.stale and not state.recording)
        candidates = root_candidates(shown, words, stale=outdated)
        here = None if outdated else candidates
        self._show("board", self._board(state, words, here, shown))
        self._show("threat", None if state.threat is None else state.threat.words)
        to_move = words.card(shown.line if shown else state.game.current).to_move
        is_chess = words.notation.name == "chess"
        value = root_value(shown.tree if shown else None, to_move, stale=outdated, is_chess=is_chess)
        kept = self._remember(state, words, value, candidates, outdated=outdated)
        if kept is not None:
            value, candidates = kept.value, kept.candidates
        if self._last.get("value") != (value, state.flipped):
            self._last["value"] = (value, state.flipped)
            self._screen.show_value(value, flipped=state.flipped)
        self._show("candidates", candidates)
        trails = TrailsRecord()
        if replica is not None:
            trails = trails_record(replica.trails, replica.tree, words, stale=outdated)
        self._show("trails", trails)
        self._show("timeline", self._timeline(trails))
        self._show("moves", moves_record(state.game, words))
        self._show("node", inspected(state, session, shown, self._reasons, self._travel.history))
        self._show("controls", controls(state, session, is_past=self._travel.at is not None))
        self._show("status", status(state, session, shown, candidates))

    def show_tree(self, state: ExploreState) -> None:
        """Another search is on screen: give its tree to the picture."""
        shown = self._travel.moment
        if shown is None:
            self._labels = None
            self._screen.show_tree(None, lambda _: "", Seats())
            return
        words = phrases(shown.header.domain)
        self._labels = Labels(words, shown.tree)
        seats = Seats(SEAT, words.card(shown.line).to_move, words.notation.players)
        self._screen.show_tree(shown.tree, self._labels, seats)
        self.show_selection(state)

    def moment_changed(self, state: ExploreState) -> None:
        """Another moment of the search on screen is looked at: the same nodes, more or fewer of them."""
        shown = self._travel.moment
        if shown is not None:
            if self._labels is not None:
                self._labels.turn_to(shown.tree)
            self._screen.show_moment(shown.tree)
            self.show_selection(state)

    def show_selection(self, state: ExploreState) -> None:
        """Another node, or an action without one, is selected."""
        shown = self._travel.moment
        action = NO_NODE if state.picked is None else state.picked
        if shown is not None and ROOT < state.selected < shown.tree.num_nodes:
            action = shown.tree.path(state.selected)[0]
        self._screen.show_selection(state.selected, action)

    def tree_changed(self, mapping: Mapping | None) -> None:
        """The tree on screen grew, or its nodes were renumbered."""
        if mapping is not None and self._labels is not None:
            if keeps_root(mapping):
                self._labels.follow(mapping)
            else:
                self._labels.forget()
        self._screen.tree_changed(mapping)

    def _board(
        self, state: ExploreState, words: Phrases, here: CandidatesRecord | None, shown: Moment | None
    ) -> BoardRecord:
        """The board with its layers; `here`: the root's actions, None where the root is another state."""
        if state.reading is not None and state.reading.shown:
            return preview_record(state.reading.here, words, flipped=state.flipped)
        pointed, figure = state.pointed, state.figure
        board = board_record(state.game, words, here, flipped=state.flipped, only_action=pointed, figure=figure)
        threat = state.threat
        if threat is not None and threat.arrow is not None and threat.line == state.game.current:
            board = replace(board, arrows=(*board.arrows, threat.arrow))
        if here is None or shown is None or not shown.tree.num_nodes:
            return board
        if state.layer == "tree":
            return replace(board, heat=self._tree_heat.of(shown.tree, words))
        if state.layer == "prior":
            cells = board.card.rows * board.card.columns
            return replace(board, heat=prior_heat(here, words.choices(state.game.current), cells))
        return board

    def _remember(
        self, state: ExploreState, words: Phrases, value: ValueRecord, candidates: CandidatesRecord, *, outdated: bool
    ) -> Finding | None:
        """Keep what is found now; what was found here before is given back, greyed, while it is more than that."""
        shown, notation, here = self._travel.moment, words.notation, state.game.current
        if shown is not None and not outdated:
            found = None if shown.is_past else finding_of(shown, value, candidates)
            if found is None:
                return None
            self._evaluations.note(notation, here, found)
        kept = self._evaluations.of(notation, here, "" if shown is None else source_of(shown))
        if kept is None or (not outdated and not self._session.known.running):
            return None
        is_here = shown is not None and shown.line == here and shown.tree.num_nodes
        visits = int(shown.tree.stats["visits"][ROOT]) if shown is not None and is_here else 0
        return kept.outdated() if kept.simulations > visits else None

    def _timeline(self, trails: TrailsRecord) -> TimelineRecord:
        replica, travel = self._session.shown, self._travel
        if replica is None:
            return TimelineRecord()
        last = replica.tree.simulations
        return TimelineRecord(
            first=travel.first,
            last=last,
            at=travel.at,
            is_playing=travel.is_playing,
            speed=travel.speed,
            busy=travel.busy,
            marks=marks_of(replica, trails, phrases(replica.header.domain)),
            cuts=cuts_of(replica, last),
            bands=bands_of(trails),
            text=moment_text(travel.at, last),
        )

    def marks(self) -> tuple[Mark, ...]:
        """What happened in the search on screen, by time."""
        shown: TimelineRecord = self._last.get("timeline", TimelineRecord())
        return shown.marks

    def forget(self, name: str) -> None:
        """Hand the record of that name over once more, even if it is what was shown last."""
        self._last.pop(name, None)

    def _show(self, name: str, record: Any) -> None:
        """Hand `record` over, unless it is what is there already."""
        if self._last.get(name) != record:
            self._last[name] = record
            getattr(self._screen, f"show_{name}")(record)


def showing(state: ExploreState, session: Session, moment: Moment | None) -> Showing | None:
    """What nodes are shown with, or None while there is no tree."""
    if moment is None or not moment.tree.num_nodes:
        return None
    words = phrases(moment.header.domain)
    live = not state.recording and not session.stale and not moment.is_past
    return Showing(moment, words, tuple(words.notation.outcomes), state.flipped, live)


def inspected(
    state: ExploreState,
    session: Session,
    moment: Moment | None,
    reasons: Reasons | None = None,
    history: History | None = None,
) -> InspectorRecord:
    """The inspector: the node picked, or else the move that search prefers; with `reasons`, why it is so."""
    shown = showing(state, session, moment)
    if shown is None:
        return InspectorRecord()
    replica = session.shown
    is_same_root = replica is not None and replica.line == shown.moment.line
    shown = replace(shown, history=history, trails=replica.trails if replica is not None and is_same_root else None)
    if not 0 <= state.selected < shown.moment.tree.num_nodes and state.picked is not None:
        record = unvisited_record(state.picked, shown)
        return record if reasons is None else replace(record, why=reasons.of_unvisited(state.picked, shown))
    best = best_child(moment)
    node, remark = (ROOT, "") if best == NO_NODE else (best, "best")
    if 0 <= state.selected < shown.moment.tree.num_nodes:
        node, remark = state.selected, ""
    record = node_record(node, shown, remark)
    return record if reasons is None else replace(record, why=reasons.of(node, shown, record.terms, state.since))


def best_child(moment: Moment | None) -> int:
    """The node that search would play to, or -1."""
    if moment is None or not moment.tree.num_nodes:
        return NO_NODE
    edge = best_edge(moment.tree, ROOT)
    return NO_NODE if edge < 0 else max(int(moment.tree.edge_child[edge]), NO_NODE)


def controls(state: ExploreState, session: Session, *, is_past: bool = False) -> ControlsRecord:
    """What can be chosen for the search."""
    infos = [info for info in session.generations if info.domain == state.domain]
    choices = [GenerationChoice(info.id, f"{info.id} · {info.name}" if info.name else info.id) for info in infos]
    return ControlsRecord(
        generations=(*choices, GenerationChoice(UNIFORM, "uniform")),
        generation=session.wish.generation,
        settings=session.wish.settings,
        limits=session.wish.limits,
        budget=session.wish.budget,
        domain=state.domain,
        domains=tuple((name, registry.notation(name).title) for name in registry.names()),
        live=not state.recording and not is_past,
    )


def status(state: ExploreState, session: Session, shown: Moment | None, candidates: CandidatesRecord) -> StatusRecord:
    """The status line; `shown`: the moment looked at."""
    preparing = session.preparing
    now = Situation(
        engine=engine_word(state, session),
        preparing=f"{preparing.text} …" if preparing else "",
        preparing_share=preparing.done / preparing.total if preparing else None,
        failure=state.failure,
        ended=session.known.ended,
        simulations=shown.tree.simulations if shown else 0,
        nodes=shown.tree.num_nodes if shown else 0,
        tree_bytes=shown.tree.nbytes() if shown else 0,
        done=session.known.done,
        budget=session.wish.budget,
        generation=shown.generation if shown else session.wish.generation,
        weights_hash=shown.weights_hash if shown else "",
        file_name=state.recording,
        recycled=session.figures.recycled if session.figures else 0,
    )
    return status_record(now, candidates, session.figures)


def engine_word(state: ExploreState, session: Session) -> str:
    """What is going on, as `StatusRecord.engine` names it."""
    if state.recording:
        return "replay"
    if state.engine != "ready":
        return state.engine
    wish, known = session.wish, session.known
    if not wish.open:
        return "stopped"
    if known.running and not known.stepping:
        return "running"
    if not wish.run:
        return "paused"
    return "finished" if known.line == wish.line and is_spent(wish, known) else "running"
