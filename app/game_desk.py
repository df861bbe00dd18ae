"""The game on the board: playing, going about in it, editing its tree, and taking it in and out as text.

Plain Python beside the controller. Every change of the game can be undone; what is said about it, and shown of it
beside the board, is said and shown from here.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.game_analysis import GameAnalysis
from app.presenter import phrases
from app.screen import Screen
from app.session import Session
from app.undo import Kind, Step, UndoList
from app.viewmodels.eval_graph import GraphRecord, graph_record, slips
from app.viewmodels.evaluations import Evaluations
from app.viewmodels.explore import ExploreState
from app.viewmodels.game import Game, at_end, on_path
from app.viewmodels.game_text import text_with_values
from app.viewmodels.moves import number_text
from app.viewmodels.position import PositionRecord, with_history
from app.viewmodels.transcript import START, Transcript, TranscriptError, read_transcript, write_transcript
from engine.domains import registry
from engine.domains.base import Line, Notation
from engine.domains.game_tree import Path

_EMPTY_HISTORY = "History is empty: repetitions are not known."


@dataclass(frozen=True, slots=True)
class Offer:
    """A position that came without its history, and the game in which it stands with one, or None."""

    pasted: Game
    filled: Game | None


class GameDesk:
    """Acts on the game.

    Attributes:
        evaluations: what searches found, by position. analysis: of a whole game.
    """

    def __init__(
        self,
        session: Session,
        screen: Screen,
        look: Callable[[], ExploreState],
        undo: UndoList,
        put: Callable[[Game], None],
        evaluations: Evaluations,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`look`: what is looked at now; `put`: puts a game on the board and has the search follow."""
        self.evaluations = evaluations
        self.analysis = GameAnalysis(session, evaluations, look, put, clock)
        self._session, self._screen, self._look = session, screen, look
        self._undo, self._put = undo, put
        self._offer: Offer | None = None
        self._position_error = ""
        self._last: dict[str, Any] = {}
        self._graph_of: tuple[object, ...] = ()
        self._graph = GraphRecord()

    # -- going about ---------------------------------------------------------------------------------------------------

    def step(self, count: int) -> None:
        """Go `count` moves on along the line followed, or back."""
        self._put(self._game.step(count))

    def goto(self, index: int) -> None:
        """Go to where `index` moves of the line followed are played."""
        self._put(self._game.goto(index))

    def goto_path(self, path: Path) -> None:
        """Go to a move anywhere in the game."""
        self._put(on_path(self._game, path))

    def goto_end(self) -> None:
        """Go to the end of the line followed."""
        self.goto(len(self._game.path))

    def choose(self, step: int) -> None:
        """At a fork: follow another branch. Elsewhere: to the start or to the end."""
        if len(self._game.node.children) > 1:
            self._put(self._game.choose(step))
        else:
            self.goto(0 if step < 0 else len(self._game.path))

    def sibling(self, step: int) -> None:
        """Go to another move that was played or thought of instead of the last one."""
        self._put(self._game.sibling(step))

    def leave(self) -> None:
        """Out of the variation, or back to the fork before."""
        self._put(self._game.leave())

    def next_fork(self) -> None:
        """On to where the line branches."""
        self._put(self._game.next_fork())

    def jump_to_slip(self, step: int) -> None:
        """To the next mistake or blunder (1), or the one before (-1)."""
        found = slips(self._graph)
        ahead = [index for index in found if index * step > self._game.cursor * step]
        if ahead:
            self.goto(min(ahead) if step > 0 else max(ahead))
        elif self._graph.is_empty:
            self._screen.say("No mistakes are known yet: analyse the game first.")
        else:
            self._screen.say("There is no further mistake that way.")

    # -- changing it ---------------------------------------------------------------------------------------------------

    def play(self, *actions: int) -> None:
        """Play `actions`, legal at the cursor: along a line that is there, or as a new variation."""
        played = self._game.play(*actions)
        what = f"{len(actions)} moves"
        if len(actions) == 1:
            what = f"move {phrases(self._look().domain).last_text(played.current)}"
        self._change(played, what)

    def play_line(self, target: Game) -> None:
        """Put the end of `target` on the board: as moves of this game where it goes on from here, else in its place."""
        game = self._game
        goes_on = target.tree.start == game.tree.start and target.here[: game.cursor] == game.here
        if goes_on:
            self.play(*target.here[game.cursor :])
        else:
            self._change(target, "another game")

    def promote(self, path: Path) -> None:
        """Move the variation that `path` is in one place up."""
        self._change(self._game.promote(path), "promote variation")

    def make_main(self, path: Path) -> None:
        """Make the line to `path` the main line."""
        self._change(self._game.make_main(path), "make main line")

    def delete(self, path: Path | None = None) -> None:
        """Delete from a move on; None = from the last move played on."""
        path = self._game.here if path is None else path
        if not path:
            self._screen.say("There is no move to delete before the first.")
            return
        self._change(self._game.delete(path), "delete moves")
        self._screen.say("Deleted from there on. Undo brings it back.")

    def comment(self, path: Path, words: str) -> None:
        """Write behind a move; no words take the comment away."""
        self._change(self._game.comment(path, words), "comment")

    def toggle_nag(self, path: Path, nag: int) -> None:
        """Set a mark at a move, or take it away."""
        self._change(self._game.toggle_nag(path, nag), "mark")

    def new_game(self) -> None:
        """Begin at the domain's start position."""
        self._change(at_end(self._notation.parse_line(START)), "new game")

    # -- in and out ----------------------------------------------------------------------------------------------------

    def paste(self, text: str) -> None:
        """Take a position, a game or moves from `text`, and say which it was."""
        try:
            read = read_transcript(text, self._notation, self._game)
        except TranscriptError as error:
            self._screen.show_error(f"Nothing was pasted: {error}", "")
            return
        self.take(read, read.said)

    def take(self, read: Transcript, said: str) -> None:
        """Put what was read on the board, and say so."""
        filled = self._with_history(read.game) if read.lacks_history else None
        self._offer = Offer(read.game, filled) if read.lacks_history else None
        self._change(read.game, "text read in")
        found = " It stands in a game at hand: Fill takes that one." if filled is not None else ""
        self._screen.say(said + found)

    def enter_position(self, text: str) -> None:
        """What was typed into the line under the board; what is wrong with it is said there."""
        try:
            read = read_transcript(text, self._notation, self._game)
        except TranscriptError as error:
            self._position_error = str(error)
            self.refresh()
            return
        self.take(read, read.said)

    def fill(self) -> None:
        """Take the game in which the position that was pasted stands with its history."""
        if self._offer is not None and self._offer.filled is not None:
            filled, self._offer = self._offer.filled, None
            self._change(filled, "history filled in")
            self._screen.say(f"The position has its history: {filled.cursor} moves.")

    def position_text(self) -> str:
        """The state on the board as text (chess: its FEN)."""
        return self._notation.position_text(self._game.current)

    def game_text(self) -> str:
        """The game as text (chess: PGN), with variations, comments and evaluations where there are any."""
        return text_with_values(self._game, self._notation, self.evaluations)

    def text_beside(self, line: Line) -> str:
        """The game as it is kept with a search of `line`; "" where that is of another game, or all there is of it."""
        game = self._game
        is_more = game.tree.start == line.start and game.tree != at_end(line).tree
        return write_transcript(game.tree, game.line, self._notation) if is_more else ""

    def line_text(self, path: Path) -> str:
        """The moves up to one of the game, as people write them (chess: "1. e4 e5")."""
        game, words = self._game, phrases(self._look().domain)
        begins = words.card(Line(game.tree.start)).to_move
        texts = []
        for ply, text in enumerate(words.texts(Line(game.tree.start), path)):
            number = number_text(ply, game.tree.start, begins)
            texts.append(f"{number} {text}" if number.endswith(".") or not ply else text)
        return " ".join(texts)

    # -- analysis ------------------------------------------------------------------------------------------------------

    def analyse(self, budget: int, *, backwards: bool = False) -> None:
        """Search every position of the line followed with so many simulations."""
        if self._look().recording:
            self._screen.say("A recording is shown. Start searches its position live; then the game can be analysed.")
            return
        said = self.analysis.start(self._notation, budget, self._source(), backwards=backwards)
        if said:
            self._screen.say(said)
        self.refresh()

    def stop_analysis(self) -> None:
        """End an analysis by hand."""
        self._tell(self.analysis.cancel())

    def follow(self) -> None:
        """Something happened in the search: an analysis goes on with the next position."""
        self._tell(self.analysis.follow())

    # -- showing -------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Bring what stands beside the board up to date: the position as text, and the graph."""
        offer = self._offer
        notice = action = ""
        if offer is not None and offer.pasted.tree is self._game.tree:
            notice, action = _EMPTY_HISTORY, "Fill" if offer.filled is not None else ""
        position = PositionRecord(self.position_text(), notice, action, self._position_error)
        self._position_error = ""
        self._show("position", position)
        self._show("graph", self._graph_now())

    def _graph_now(self) -> GraphRecord:
        """The graph, made anew only where something it shows has changed."""
        game, source = self._game, self._source()
        made_of = (game.tree, game.path, game.cursor, self.evaluations.version, source)
        progress = (self.analysis.progress(), self.analysis.share)
        if made_of != self._graph_of[:5]:
            words = phrases(self._look().domain)
            game_format = registry.game_format(self._look().domain)
            self._graph = graph_record(game, words, self.evaluations, source, game_format)
        elif self._graph_of[5:] == progress:
            return self._graph
        self._graph_of = (*made_of, *progress)
        self._graph = self._graph.with_progress(*progress)
        return self._graph

    @property
    def _game(self) -> Game:
        return self._look().game

    @property
    def _notation(self) -> Notation:
        return registry.notation(self._look().domain)

    def _source(self) -> str:
        """What tells the intuition at work from others; while another search is being opened, that of the last."""
        replica = self._session.active or self._session.shown
        return "" if replica is None else replica.weights_hash or replica.generation

    def _change(self, game: Game, words: str) -> None:
        """Put `game` on the board; the one before can be had back. `words`: what this is, for the menu."""
        before = self._game
        self._put(game)
        if game != before:
            self._undo.did(Step(Kind.GAME, words, partial(self._turn, before), partial(self._turn, game), before))

    def _turn(self, game: Game) -> bool:
        self._put(game)
        return True

    def _with_history(self, pasted: Game) -> Game | None:
        games = [self._game, *(game for game in self._undo.about(Kind.GAME) if isinstance(game, Game))]
        return with_history(pasted, games, self._notation)

    def _tell(self, said: str) -> None:
        if not said:
            return
        self.refresh()
        summary = " ".join(self._graph.summary) if said.startswith("Analysed") else ""
        self._screen.say(f"{said} {summary}".rstrip())

    def _show(self, name: str, record: Any) -> None:
        """Hand `record` over, unless it is what is there already."""
        if self._last.get(name) != record:
            self._last[name] = record
            getattr(self._screen, f"show_{name}")(record)
