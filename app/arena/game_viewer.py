"""The desk for one game of a match: watched move by move, with what both players think at every place."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from app.arena.duelling import Duelling, DuelScreen
from app.arena.thinking import Asker, Thinking
from app.screen import Background
from app.viewmodels import arena_game as texts
from app.viewmodels.arena_game import ArenaGame, GameViewRecord
from app.viewmodels.arena_mind import Mind, Question
from app.viewmodels.board import board_record
from app.viewmodels.figures import signed
from app.viewmodels.game import Game, at_end
from app.viewmodels.head_to_head import choice_arrows
from app.viewmodels.moves import moves_record
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import BoardRecord, ValueRecord
from app.viewmodels.value import value_for_white
from engine.domains import registry
from engine.domains.base import Line

SPEEDS_S = (2.0, 1.0, 0.5, 0.2)
"""Time between moves while a game goes on by itself."""


class GameScreen(DuelScreen, Protocol):
    """What a game is shown on."""

    def show_game(self, record: GameViewRecord) -> None:
        """All that is said."""
        ...

    def say(self, text: str) -> None:
        """A passing remark."""
        ...


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A game with its moves in words, which takes longer than a frame for long games."""

    game: ArenaGame
    words: Phrases
    moves: Game


class GameViewer:
    """One game at a time.

    Attributes:
        game: that is looked at, or None. played: actions before the place where we look.
        is_playing: it goes on by itself, a move every `seconds_a_move`.
    """

    def __init__(
        self,
        talk: Asker,
        background: Background,
        screen: GameScreen,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.game: ArenaGame | None = None
        self.played = 0
        self.is_playing = False
        self.seconds_a_move = SPEEDS_S[1]
        self._background, self._screen, self._clock = background, screen, clock
        self._thinking = Thinking(talk, background)
        self.duel = Duelling(self._thinking, background, screen, is_view_fixed=True)
        self.duel.changed = self._show
        self._is_open = True
        self._words: Phrases | None = None
        self._moves: Game | None = None
        self._minds: dict[int, tuple[Mind | None, Mind | None]] = {}
        self._next_s = 0.0
        self._is_preparing = False
        self._waiting: tuple[ArenaGame, int | None] | None = None
        self._last: GameViewRecord | None = None

    # -- what a person does ------------------------------------------------------------------------------------------

    def open(self, game: ArenaGame) -> None:
        """Look at a game: one that is over from its first own move, one that is played where it stands."""
        self.is_playing = False
        start = len(game.opening) if game.points is not None else len(game.line.actions)
        self._take(game, start)

    def set_open(self, is_open: bool) -> None:
        """Whether anybody looks; nobody is asked, and nothing goes on by itself, while nobody does."""
        if is_open != self._is_open:
            self._is_open = is_open
            self.is_playing = self.is_playing and is_open
            self._go(self.played)

    def follow(self, game: ArenaGame) -> None:
        """The game that is looked at went on; who looks at its end goes along."""
        here = self._waiting[0] if self._waiting is not None else self.game
        if here is None or (game.match, game.number) != (here.match, here.number) or game == here:
            return
        self._take(game, None)

    def close(self) -> None:
        """Look at no game any more."""
        self.game, self._words, self._waiting, self.is_playing = None, None, None, False
        self._minds.clear()
        self.duel.clear()

    def step(self, moves: int) -> None:
        """So many moves on, or back."""
        self.is_playing = False
        self._go(self.played + moves)

    def goto(self, played: int) -> None:
        """To the place after so many actions; stops at either end."""
        self.is_playing = False
        self._go(played)

    def goto_end(self) -> None:
        """To the last move there is."""
        if self.game is not None:
            self.goto(len(self.game.line.actions))

    def toggle_play(self) -> None:
        """Let the game go on by itself, from the start where it stands at its end; or stand still."""
        if self.game is None:
            return
        self.is_playing = not self.is_playing
        self._next_s = self._clock() + self.seconds_a_move
        if self.is_playing and self.played >= len(self.game.line.actions) and self.game.points is not None:
            self._go(len(self.game.opening))
        self._show()

    def set_speed(self, seconds_a_move: float) -> None:
        """How long each move stays."""
        self.seconds_a_move = seconds_a_move
        self._next_s = min(self._next_s, self._clock() + seconds_a_move)

    def here(self) -> tuple[str, Line] | None:
        """Domain and line of the place where we look."""
        return None if self.game is None else (self.game.domain, self.game.at(self.played))

    def save(self, path: Path) -> None:
        """Write the game to a file."""
        game, words = self.game, self._words
        if game is None or words is None:
            return

        def write() -> None:
            path.write_text(texts.game_text(game, Phrases(words.notation)) + "\n", encoding="utf-8")

        self._background.run(
            write,
            lambda _: self._screen.say(f"Saved {path.name}."),
            lambda error: self._screen.say(f"{path.name} was not saved: {error}."),
        )

    # -- as time goes by ---------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Go on by itself; called a few times a second."""
        game = self.game
        if not self.is_playing or game is None or self._clock() < self._next_s:
            return
        self._next_s = self._clock() + self.seconds_a_move
        if self.played < len(game.line.actions):
            self._go(self.played + 1)
        elif game.points is not None:
            self.is_playing = False
            self._show()

    def _take(self, game: ArenaGame, played: int | None) -> None:
        """Prepare a game beside the window's thread, the newest where several come; `played` None = stay or follow."""
        if self._waiting is not None and played is None:
            played = self._waiting[1]
        self._waiting = (game, played)
        if not self._is_preparing:
            self._is_preparing = True
            self._background.run(partial(_prepare, game), self._prepared, self._not_prepared)

    def _prepared(self, prepared: _Prepared) -> None:
        self._is_preparing = False
        if self._waiting is None:
            return
        game, played = self._waiting
        if prepared.game is not game:
            self._take(game, played)
            return
        before, self._waiting = self.game, None
        is_same = before is not None and (before.match, before.number) == (game.match, game.number)
        if not is_same:
            self._minds.clear()
        elif played is None and before is not None and self.played == len(before.line.actions):
            played = len(game.line.actions)
        self.game, self._words, self._moves = game, prepared.words, prepared.moves
        self._go(self.played if played is None else played)

    def _not_prepared(self, error: Exception) -> None:
        self._is_preparing, self._waiting = False, None
        self._screen.say(f"This game cannot be shown: {error}.")

    def _go(self, played: int) -> None:
        game, words = self.game, self._words
        if game is None or words is None:
            return
        self.played = min(max(played, 0), len(game.line.actions))
        if not self._is_open or words.card(game.at(self.played)).outcome:
            self.duel.rest()
        else:
            following = self._questions(game, self.played + 1) if self.played < len(game.line.actions) else ()
            is_over = bool(following) and bool(words.card(game.at(self.played + 1)).outcome)
            a, b = self._questions(game, self.played)
            first = "A" if game.is_a_to_move(self.played) else "B"
            then = following if first == "B" else following[::-1]
            self.duel.look(a, b, words, first=first, then=() if is_over else then)
        self._show()

    def _questions(self, game: ArenaGame, played: int) -> tuple[Question, Question]:
        """What A and B are asked at a place."""
        line = game.at(played)
        return Question(game.domain, line, game.a, game.seed), Question(game.domain, line, game.b, game.seed)

    # -- what is said ------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Hand the record over where it says something new."""
        game, words = self.game, self._words
        if game is None or words is None:
            return
        record = self._record(game, words)
        if record != self._last:
            self._last = record
            self._screen.show_game(record)

    def show_again(self) -> None:
        """Hand the record over once more."""
        self._last = None
        self._show()

    def _record(self, game: ArenaGame, words: Phrases) -> GameViewRecord:
        is_over = bool(words.card(game.at(self.played)).outcome)
        minds = self.duel.minds
        if minds != (None, None):
            self._minds[self.played] = minds
        seats = texts.player_seats(game, words)
        moves = moves_record(self._placed(game), words)
        total = len(game.line.actions)
        if self.played == total and game.points is not None:
            moves = replace(moves, outcome=texts.result_text(game))
        return GameViewRecord(
            texts.title_text(game),
            texts.player_text("A", game.a, seats[0], words),
            texts.player_text("B", game.b, seats[1], words),
            texts.result_text(game),
            texts.place_text(game, self.played, words),
            self._board(game, words, minds),
            self._value(game, words.card(Line(game.start)).to_move, minds),
            moves,
            texts.curves_record(game, self.played, words, self._minds),
            self.duel.record(words),
            self._waiting_text(is_over=is_over),
            self.played > 0,
            self.played < total,
            self.is_playing,
            registry.game_format(game.domain) is not None,
        )

    def _placed(self, game: ArenaGame) -> Game:
        """The game with the cursor where we look."""
        return (self._moves or at_end(game.line)).goto(self.played)

    def _board(self, game: ArenaGame, words: Phrases, minds: tuple[Mind | None, Mind | None]) -> BoardRecord:
        board = board_record(self._placed(game), words, None, flipped=False, can_play=False)
        return replace(board, arrows=choice_arrows(minds, game.at(self.played), words))

    def _value(self, game: ArenaGame, begins: int, minds: tuple[Mind | None, Mind | None]) -> ValueRecord:
        """The mover's own value of then, or the value it finds now; until there is one, the last before it, greyed."""
        mover = minds[0 if game.is_a_to_move(self.played) else 1]
        now = None if mover is None else mover.value
        for played in range(self.played, len(game.opening) - 1, -1):
            value = game.value_of_mover(played)
            value = now if value is None and played == self.played else value
            if value is not None:
                white = value_for_white(value, (begins + played) % 2)
                is_stale = played != self.played
                return ValueRecord(white, (1 + white) / 2, 0.0, (1 - white) / 2, signed(white), is_stale)
        return ValueRecord(stale=True)

    def _waiting_text(self, *, is_over: bool) -> str:
        if is_over:
            return "Play has ended here, so nobody thinks about it any more."
        if self.duel.error:
            return self.duel.error
        return "" if self.duel.is_current else "Both are thinking about this position …"


def _prepare(game: ArenaGame) -> _Prepared:
    """Put a game into words."""
    words = Phrases(registry.notation(game.domain))
    moves = at_end(game.line)
    moves_record(moves, words)
    return _Prepared(game, words, moves)
