"""Explore's controller: what a person means, turned into a wish for the engine and a state to look at.

Plain Python: it knows neither Qt nor the engine's process, only the two seams `Screen` and `Engine`. Intents show their
effect at once; figures follow at the pace of `tick`, and the tree's picture with every part of the journal.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import msgspec

from app import recordings
from app.acts import Act
from app.anatomy import Anatomy
from app.branches import Branches
from app.exports import Exports
from app.game_desk import GameDesk
from app.game_files import GameFiles
from app.note_files import NoteFiles
from app.notebook import Notes, kept_entries
from app.presenter import Presenter, best_child, phrases, showing
from app.questions import Questions
from app.reading import LineReading
from app.render.folding import FoldRules, folding_words
from app.screen import Background, Screen
from app.session import Engine, Session
from app.setting_up import SettingUp
from app.steering import Wish, path_below
from app.travel import Travel
from app.undo import Kind, Step, UndoList
from app.viewmodels.board import FIGURE_WORDS, FIGURES
from app.viewmodels.evaluations import Evaluations
from app.viewmodels.explore import Beginning, ExploreState
from app.viewmodels.game import Game, at_end
from app.viewmodels.heat import LAYER_WORDS, LAYERS
from app.viewmodels.inspector import node_record
from app.viewmodels.replica import Mapping, keeps_root
from app.viewmodels.search_options import needs_budget
from app.watching import Watching
from app.wishes import Wishes
from engine.domains import registry
from engine.domains.base import Line
from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.service.messages import Answer, Notice
from engine.tree.columns import ROOT


class EngineProcess(Engine, Protocol):
    """What the controller needs of the engine client beside a session's requests."""

    def restart(self) -> None:
        """Start the engine again after it failed or was stopped."""
        ...


class Controller:
    """Explore, without its looks.

    Attributes:
        state: what is looked at. session: the conversation with the engine. travel: the playhead.
        branches: what is done to branches. games: what is done to the game. files: files of games.
        reading: what is read of lines. setting_up: a position set up by hand.
        questions: what is asked of the tree. steps: what can be undone and done again.
        opened_file: called with the path of each file that was opened or saved.
    """

    def __init__(self, engine: EngineProcess, screen: Screen, background: Background, beginning: Beginning) -> None:
        notation = registry.notation(beginning.domain)
        line = beginning.line or notation.parse_line(notation.sample)
        self.state = ExploreState(beginning.domain, at_end(line), beginning.flipped)
        self._engine = engine
        self._screen = screen
        self._background = background
        wish = Wish(beginning.domain, line, budget=beginning.budget)
        self.session = Session(engine, self, wish, beginning.generation)
        self.travel = Travel(self.session, background, self)
        evaluations = Evaluations()
        self._presenter = Presenter(screen, self.session, self.travel, evaluations)
        self._dirty = True
        self.steps = UndoList()
        self._wishes = Wishes(self.session, self.steps)
        self.branches = Branches(self.session, self.travel, screen, lambda: self.state, self.steps)
        self.questions = Questions(self.travel, screen, lambda: self.state, self.select_node)
        self.notes = Notes(self.session, self.travel, screen, self, self.steps, NoteFiles(None))
        self.exports = Exports(self.session, self.travel, screen, background)
        self.watching = Watching(self.session, self.travel, screen, lambda: self.state, self._wishes)
        self.anatomy = Anatomy(self.session, self.travel, screen, lambda: self.state)
        self.reading = LineReading(self.travel, screen, lambda: self.state, phrases, self)
        desk = (lambda: self.state, self.steps, self._turn_to, evaluations)
        self.games = GameDesk(self.session, screen, *desk)
        self.setting_up = SettingUp(self.games, screen, lambda: self.state)
        self.files = GameFiles(self.games, screen, lambda: self.state, background)
        self.files.opened = lambda path: self.opened_file(path)
        self.opened_file: Callable[[Path], None] = lambda _: None

    # -- the game ------------------------------------------------------------------------------------------------------

    def play(self, *actions: int) -> None:
        """Play `actions`, legal at the cursor, on the board; the tree follows."""
        self.games.play(*actions)

    def play_best(self) -> None:
        """Play what is selected, or else what search prefers."""
        node = self.state.selected if self.state.selected > ROOT else best_child(self.travel.moment)
        if self.state.picked is not None and self.state.selected < 0:
            self.play(self.state.picked)
        elif node > ROOT:
            self.play_to(node)

    def play_to(self, node: int) -> None:
        """Make the state of `node` the one on the board."""
        shown = self.travel.moment
        if shown is None or not ROOT < node < shown.tree.num_nodes:
            return
        self.games.play_line(at_end(shown.tree.line_to(node)))

    def undo(self) -> None:
        """Take back what was done last: to the game, a branch, notes, folds or the search's settings."""
        if not self.steps.words_back:
            self._screen.say("There is nothing to undo.")
            return
        self._gone("Undone", self.steps.back())

    def redo(self) -> None:
        """Do again what was undone last."""
        if not self.steps.words_again:
            self._screen.say("There is nothing to do again.")
            return
        self._gone("Done again", self.steps.again())

    def _gone(self, how: str, step: Step | None) -> None:
        if step is not None and step.kind is not Kind.BRANCH:  # acts tell of themselves
            self._screen.say(f"{how}: {step.words}.")
        self._presenter.forget("controls")
        self._refresh()

    def refolded(self, before: FoldRules, after: FoldRules) -> None:
        """A person folded or opened branches of the picture."""
        back, again = partial(self._fold, before), partial(self._fold, after)
        self.steps.did(Step(Kind.FOLDS, folding_words(before, after), back, again))

    def _fold(self, rules: FoldRules) -> bool:
        self._screen.show_folding(rules)
        return True

    def set_domain(self, domain: str) -> None:
        """Change to another domain's sample position."""
        if domain == self.state.domain:
            return
        notation = registry.notation(domain)
        self.steps.clear()
        game = at_end(notation.parse_line(notation.sample))
        self.state = replace(self.state, domain=domain, game=game)
        self.session.forget()
        self.files.close()
        self._turn_to(game, generation="")

    # -- the search ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Search, or go on searching; from a recording, search its position live."""
        self._leave_recording()
        if self.state.engine == "failed":
            self._engine.restart()
        self._clear_error()
        self.session.start()
        self._refresh()

    def pause(self) -> None:
        """Let the search stand still."""
        self.session.want(run=False, step=0)
        self._refresh()

    def toggle(self) -> None:
        """Start or pause, whichever is not the case."""
        if self.session.known.running and self.session.wish.run:
            self.pause()
        else:
            self.start()

    def stop(self) -> None:
        """End the search and give its memory back; what was found stays on screen."""
        self.session.want(open=False, run=False, step=0)
        self._refresh()

    def step_search(self, simulations: int) -> None:
        """Do so many simulations and stand still."""
        self._leave_recording()
        self.session.want(open=True, run=False, step=simulations)
        self._refresh()

    def set_budget(self, budget: int | None) -> None:
        """Simulations for each root, None = no limit."""
        if self._has_budget(self.session.wish.settings, budget):
            self._wishes.change("budget", budget=budget)
        self._presenter.forget("controls")  # where it was refused, the chooser goes back
        self._refresh()

    def set_generation(self, generation: str) -> None:
        """Go on with another intuition."""
        self._wishes.change("generation", generation=generation)
        self.session.want(open=not self.state.recording)
        self._refresh()

    def set_method(self, method: str) -> None:
        """Go on with another way of searching, on the same tree."""
        self._set_settings(msgspec.structs.replace(self.session.wish.settings, method=method), f"method {method}")

    def set_settings(self, settings: SearchSettings) -> None:
        """Go on with other settings, on the same tree."""
        self._set_settings(settings, "settings")

    def _set_settings(self, settings: SearchSettings, words: str) -> None:
        if self._has_budget(settings, self.session.wish.budget):
            self._wishes.change(words, settings=settings)
        self._refresh()

    def set_limits(self, limits: Limits) -> None:
        """What ends a run beside its budget."""
        self._wishes.change("limits", limits=limits)
        self._refresh()

    def _has_budget(self, settings: SearchSettings, budget: int | None) -> bool:
        """Whether these go together; otherwise it is said."""
        fits = budget is not None or not needs_budget(settings.method)
        if not fits:
            self._screen.show_error(
                "Gumbel search divides a number of simulations among the moves: choose a budget for it first.", ""
            )
        else:
            self._clear_error()
        return fits

    def restart_engine(self) -> None:
        """Start the engine again; it takes up where it was."""
        self._engine.restart()
        self._clear_error()

    # -- time ----------------------------------------------------------------------------------------------------------

    def step(self, simulations: int) -> None:
        """So many simulations on: of the past that is looked at, or else new ones. One alone is taken apart."""
        self.anatomy.stepped(simulations)
        if self.travel.at is None and simulations > 0:
            self.step_search(simulations)
        else:
            self.travel.step(simulations)

    def seek_event(self, direction: int) -> None:
        """Look at the next thing that happened (+1), or the one before (-1)."""
        shown, at = self.session.shown, self.travel.at
        if shown is None:
            return
        here = shown.tree.simulations if at is None else at
        for mark in self._presenter.marks()[::direction]:
            at = self.travel.exact(mark)
            if (at - here) * direction > 0:
                self.travel.seek(at)
                self._screen.say(mark.text)
                return
        self._screen.say("Nothing else happened before." if direction < 0 else "Nothing else happened after this.")

    # -- branches ------------------------------------------------------------------------------------------------------

    def select_node(self, node: int) -> None:
        """Inspect `node`; -1 = what search prefers."""
        self._select(node, None)

    def select_action(self, action: int) -> None:
        """Inspect an action of the root."""
        node = self._shown_child(action)
        self._select(node, action if node < 0 else None)

    def look(self, **changes: Any) -> None:
        """Change what is looked at; names are those of `ExploreState`."""
        self.state = replace(self.state, **changes)
        self._refresh()

    def point_at(self, action: int) -> None:
        """Show one action of the root alone on the board; -1 = none."""
        self.state = replace(self.state, pointed=action if action >= 0 else None)
        self._refresh()

    def hover_node(self, node: int) -> None:
        """Show the card of a node beside the pointer; -1 = none."""
        shown = showing(self.state, self.session, self.travel.moment)
        if shown is None or not 0 <= node < shown.moment.tree.num_nodes:
            self._screen.show_card(None)
        else:
            self._screen.show_card(node_record(node, shown))

    def explain_since(self, is_here: bool) -> None:
        """Explain changes of a value from the moment looked at on, or from a node's birth."""
        shown = self.travel.moment
        since = shown.tree.simulations if is_here and shown is not None else -1
        self.state = replace(self.state, since=since)
        self._refresh()

    def line_of_node(self, node: int) -> Line | None:
        """The line that ends with the branch of a node of the tree on screen; the root's own line for the root."""
        shown = self.travel.moment
        return shown.tree.line_to(node) if shown is not None and 0 <= node < shown.tree.num_nodes else None

    def line_of_action(self, action: int) -> Line | None:
        """The line that ends with an action of the root on screen."""
        shown = self.travel.moment
        return shown.line.then(action) if shown is not None else None

    def inspected_line(self) -> Line | None:
        """The line that ends with the branch that the inspector shows."""
        if self.state.picked is not None and self.state.selected < 0:
            return self.line_of_action(self.state.picked)
        node = self.state.selected if self.state.selected > ROOT else best_child(self.travel.moment)
        return self.line_of_node(node) if node > ROOT else None

    def go_to_line(self, line: Line) -> bool:
        """See `app.notebook.Guide`."""
        shown = self.travel.moment
        path = path_below(shown.line, line) if shown is not None and shown.tree.num_nodes else None
        if shown is None or path is None:
            self.state = replace(self.state, selected_line=line)  # it is looked for once the tree is another one
            return False
        self._select(shown.nearest(path), None)
        return True

    def ask(self, question: str) -> None:
        """See `app.notebook.Guide`."""
        self.questions.ask(question)

    def play_to_line(self, line: Line) -> bool:
        """See `app.notebook.Guide`."""
        if self.state.recording:
            return False
        self.games.play_line(at_end(line))
        return True

    def steer(self, act: Callable[..., None], line: Line | None, *amount: object) -> None:
        """Do something to a branch: `act` is a method of `branches`. Nothing is done where there is none."""
        if line is not None:
            act(line, *amount)
            self._refresh()

    # -- looks ---------------------------------------------------------------------------------------------------------

    def flip(self) -> None:
        """Turn the board."""
        self.state = replace(self.state, flipped=not self.state.flipped)
        self._refresh()

    def next_figure(self) -> None:
        """Another figure in the heads of the board's arrows."""
        figure = FIGURES[(FIGURES.index(self.state.figure) + 1) % len(FIGURES)]
        self.look(figure=figure)
        self._screen.say(FIGURE_WORDS[figure])

    def next_layer(self) -> None:
        """Another layer under the board's pieces."""
        layer = LAYERS[(LAYERS.index(self.state.layer) + 1) % len(LAYERS)]
        self.look(layer=layer)
        self._screen.say(LAYER_WORDS[layer])

    def tick(self) -> None:
        """Bring figures up to date if anything happened; called a few times a second."""
        self.files.tick()
        self.questions.tick()
        if self._dirty:
            self._refresh()

    # -- what it pauses for ------------------------------------------------------------------------------------------

    def go_to_hit(self) -> None:
        """Look at the very moment at which what was waited for happened, and at the node it is about."""
        line = self.watching.go_there()
        moment = self.travel.moment
        if line is not None and moment is not None and moment.tree.num_nodes:
            self.select_node(moment.nearest(path_below(moment.line, line) or ()))

    def go_on(self) -> None:
        """From a pause back to the present, and on."""
        self.travel.to_present()
        self.start()

    # -- files ---------------------------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Open a recording, or a text with a position or a game."""
        if path.suffix == recordings.SUFFIX:
            work = partial(recordings.open_recording, path)
            self._background.run(work, lambda found: self._opened(path, found), self.not_done)
        else:
            self.files.open(path, self.not_done)

    def save(self, path: Path) -> None:
        """Write everything received of the search on screen to a recording; works without the engine."""
        shown = self.session.shown
        if shown is None or not shown.size:
            self._screen.show_error("There is no search to save yet.", "")
            return
        target, pieces = recordings.with_suffix(path), shown.journal.pieces()
        all_of_it = shown.journal.is_whole
        simulations = shown.tree.simulations if all_of_it else shown.kept_simulations
        notebook = kept_entries(self.notes.notebook)
        game = self.games.text_beside(shown.line) if shown.header.domain == self.state.domain else ""

        def saved(_: None) -> None:
            more = "" if all_of_it else " There was no room to keep what came after them."
            self._screen.say(f"Saved {simulations:,} simulations to {target.name}.{more}")
            self.notes.saved(shown.header, notebook)
            self.opened_file(target)

        work = partial(recordings.save_recording, target, shown.header, pieces, notebook, game)
        self._background.run(work, saved, self.not_done)

    # -- what the engine says ------------------------------------------------------------------------------------------

    def engine_changed(self, state: str, failure: str) -> None:
        """The engine's process changed its state: "starting", "ready", "stopping", "stopped" or "failed"."""
        before, known = self.state.engine, "stopped" if state == "stopping" else state
        sentence = failure.strip().split("\n")[0] if known == "failed" else ""
        self.state = replace(self.state, engine=known, failure=sentence)
        self.session.engine_changed(ready=known == "ready")
        if "failed" in (before, known):
            self._clear_error()
        self._refresh()

    def answered(self, answer: Answer) -> None:
        """The engine answered a request."""
        self.session.answered(answer)

    def noticed(self, notice: Notice) -> None:
        """The engine said something unasked."""
        self.session.noticed(notice)
        self._dirty = True

    def tree_replaced(self) -> None:
        """See `Listener`."""
        self.travel.forget()
        self.steps.forget(Kind.BRANCH, Kind.FOLDS)
        self.notes.turned()
        self.state = replace(self.state, selected=-1, selected_line=None, picked=None)
        self._screen.show_card(None)
        self._presenter.show_tree(self.state)
        self.questions.moment_changed(same_nodes=False)
        self._refresh()

    def tree_grew(self, mapping: Mapping | None) -> None:
        """See `Listener`."""
        if mapping is not None:
            self.steps.forget(Kind.BRANCH, Kind.FOLDS)
            self._screen.show_card(None)
            if self.travel.at is not None:  # what is looked at is none of the present tree's past any more
                self.travel.forget()
                self.travelled(same_nodes=False)
                return
            self.travel.forget()
            self._follow(mapping)
        if self.travel.at is None:
            self._presenter.tree_changed(mapping)
            self.questions.tree_grew()
        if mapping is not None:
            self.questions.moment_changed(same_nodes=False)
            self._presenter.show_selection(self.state)
            self._refresh()
        self._dirty = True

    def situation_changed(self) -> None:
        """See `Listener`."""
        self._dirty = True
        if self.games.analysis.is_on:
            self._refresh()  # keeps what was found, before the search goes on elsewhere
            self.games.follow()

    def refused(self, text: str) -> None:
        """See `Listener`."""
        self._wishes.refused()
        self._screen.show_error(f"{text[:1].upper()}{text[1:]}", "")

    def travelled(self, *, same_nodes: bool) -> None:
        """See `Traveller`."""
        self._screen.show_card(None)
        if same_nodes:
            self._presenter.moment_changed(self.state)
        else:
            self.steps.forget(Kind.FOLDS)
            self._find_selected()
            self._presenter.show_tree(self.state)
        self.questions.moment_changed(same_nodes=same_nodes)
        self._refresh()

    def playhead_changed(self) -> None:
        """See `Traveller`."""
        self._refresh()

    def not_done(self, error: Exception) -> None:
        """Reading or writing a file failed."""
        self._screen.show_error(recordings.failure_sentence(error), "")

    def act_refused(self, act: Act) -> None:
        """See `Listener`."""
        self.branches.refused(act)

    # -- inside --------------------------------------------------------------------------------------------------------

    def _select(self, node: int, picked: int | None) -> None:
        line = self.line_of_node(node)
        self.state = replace(self.state, selected=node, selected_line=line, picked=picked)
        self._presenter.show_selection(self.state)
        self._refresh()

    def _find_selected(self) -> None:
        """The tree on screen has other nodes: find what was selected by its line."""
        shown, line = self.travel.moment, self.state.selected_line
        path = path_below(shown.line, line) if shown is not None and line is not None else None
        node = -1 if path is None or shown is None or not shown.tree.num_nodes else shown.nearest(path)
        self.state = replace(self.state, selected=node, selected_line=self.line_of_node(node), picked=None)

    def _follow(self, mapping: Mapping) -> None:
        """The nodes were renumbered: find what was selected again."""
        chosen, line = self.state.selected, self.state.selected_line
        kept = int(mapping[chosen]) if 0 <= chosen < len(mapping) else -1
        if keeps_root(mapping):
            shown = self.travel.moment
            if kept < 0 and line is not None and shown is not None:  # given up to make room: on to what it hung on
                kept = shown.nearest(path_below(shown.line, line) or ())
            self.state = replace(self.state, selected=kept, selected_line=self.line_of_node(kept))
        else:
            # What was selected is now the root: the person has arrived, and looks on.
            kept = -1 if kept == ROOT else kept
            self.state = replace(self.state, selected=kept, selected_line=self.line_of_node(kept), picked=None)

    def _refresh(self) -> None:
        self._dirty = False
        self._presenter.refresh(self.state)
        self.watching.refresh()
        self.anatomy.refresh()
        self.notes.refresh()
        self.games.refresh()
        self.reading.refresh()

    def _turn_to(self, game: Game, generation: str | None = None) -> None:
        """Put `game` on the board and have the engine follow."""
        if generation is None and game.current == self.state.game.current:  # only what stands beside it is another
            self.state = replace(self.state, game=game)
            self._refresh()
            return
        self._leave_recording()
        self.state = replace(self.state, game=game, picked=None, pointed=None, reading=None)
        self._clear_error()
        wished = self.session.wish.generation if generation is None else generation
        self.session.want(domain=self.state.domain, line=game.current, generation=wished)
        self._refresh()

    def _leave_recording(self) -> None:
        """From looking at a recording back to a live search of what is on the board."""
        if self.state.recording:
            self.state = replace(self.state, recording="")
            self.session.want(open=True)

    def _shown_child(self, action: int) -> int:
        shown = self.travel.moment
        return -1 if shown is None else shown.child_of_root(action)

    def _opened(self, path: Path, found: recordings.OpenedRecording) -> None:
        """A recording was read: show it, with the game that leads to its last root."""
        replica, damage = found.replica, found.damage
        self.steps.clear()
        self.state = replace(
            self.state,
            domain=replica.header.domain,
            game=found.game,
            recording=path.name,
            selected=-1,
            selected_line=None,
            picked=None,
            pointed=None,
            reading=None,
        )
        self.session.show(replica)
        self.notes.opened(found.notebook)
        if damage:
            self._screen.show_error(damage, "")
        else:
            self._clear_error()
            self._screen.say(f"Opened {path.name}: {replica.tree.simulations:,} simulations.")
        self.opened_file(path)

    def _clear_error(self) -> None:
        """Take an error's line away; where the engine has failed, that is said instead."""
        if self.state.engine == "failed":
            self._screen.show_error(f"{self.state.failure} What was received is kept.", "Restart engine")
        else:
            self._screen.show_error("", "")
