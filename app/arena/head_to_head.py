"""The desk for head to head: two players on one position that a person chooses."""

from dataclasses import dataclass
from typing import Protocol

from app.arena.duelling import Duelling, DuelScreen
from app.arena.thinking import Asker, Thinking
from app.presenter import phrases
from app.screen import Background
from app.viewmodels.arena_mind import Question
from app.viewmodels.game import Game, at_end
from app.viewmodels.head_to_head import DuelRecord, choice_arrows
from app.viewmodels.phrases import Phrases
from app.viewmodels.position import PositionRecord
from app.viewmodels.records import BoardRecord
from app.viewmodels.transcript import TranscriptError, read_transcript
from engine.domains import registry
from engine.domains.base import Line


@dataclass(frozen=True, slots=True)
class HeadToHeadRecord:
    """The page.

    Attributes:
        domain: of the position. a, b: players, as they are written.
        board, position: the position, as the widgets for these take it.
        to_move: whose view all values take, as a word ("White").
        duel: what both think. waiting: what must come before the trees are those of the position, or "".
        can_go_back: moves were played that can be taken back.
    """

    domain: str
    a: str
    b: str
    board: BoardRecord
    position: PositionRecord
    to_move: str
    duel: DuelRecord
    waiting: str = ""
    can_go_back: bool = False


class HeadToHeadScreen(DuelScreen, Protocol):
    """What two players on one position are shown on."""

    def show_head_to_head(self, record: HeadToHeadRecord) -> None:
        """All that is said."""
        ...

    def say(self, text: str) -> None:
        """A passing remark."""
        ...


class HeadToHead:
    """Two players, one position.

    Attributes:
        domain: of the position. game: the position, with what led to it. players: A and B, as they are written.
    """

    def __init__(
        self, talk: Asker, background: Background, screen: HeadToHeadScreen, domain: str, players: tuple[str, str]
    ) -> None:
        self.domain, self.players = domain, players
        self.game = _sample(domain)
        self._screen = screen
        self.duel = Duelling(Thinking(talk, background), background, screen)
        self.duel.changed = self._show
        self._error = ""
        self._is_open = False
        self._last: HeadToHeadRecord | None = None

    @property
    def line(self) -> Line:
        """The position."""
        return self.game.current

    def set_open(self, is_open: bool) -> None:
        """Whether anybody looks; nobody is asked while nobody does."""
        self._is_open = is_open
        self._ask()

    def set_domain(self, domain: str, players: tuple[str, str]) -> None:
        """Turn to another domain's sample position, with players of that domain."""
        self.take(domain, _sample(domain).current, players)

    def set_players(self, a: str, b: str) -> None:
        """Let others think."""
        if (a, b) != self.players:
            self.players = a, b
            self._ask()

    def swap(self) -> None:
        """A becomes B and B becomes A."""
        self.set_players(*self.players[::-1])

    def take(self, domain: str, line: Line, players: tuple[str, str] | None = None) -> None:
        """Look at another position, and let other players think where they are given."""
        if domain != self.domain:
            self.duel.clear()
        self.domain, self.game, self._error = domain, at_end(line), ""
        self.players = players or self.players
        self._ask()

    def enter_position(self, text: str) -> None:
        """Read a position, a game or moves; what is wrong with the text is said under it."""
        try:
            read = read_transcript(text, self._words.notation, self.game)
        except TranscriptError as error:
            self._error = str(error)
            self._show()
            return
        self.game, self._error = read.game, ""
        self._screen.say(read.said)
        self._ask()

    def play(self, action: int) -> None:
        """Look at the position after a legal move."""
        self.game = at_end(self.line.then(action))
        self._ask()

    def step_back(self) -> None:
        """Take the last move back."""
        if self.game.cursor:
            self.game = at_end(Line(self.line.start, self.line.actions[:-1]))
            self._ask()

    def show_again(self) -> None:
        """Hand the record over once more."""
        self._last = None
        self._show()

    def record(self) -> HeadToHeadRecord:
        """What is known now."""
        words, line = self._words, self.line
        card, players = words.card(line), words.notation.players
        board = BoardRecord(card, tuple(words.choices(line).values()), choice_arrows(self.duel.minds, line, words))
        position = PositionRecord(words.notation.position_text(line), error=self._error)
        waiting = self.duel.error
        if card.outcome:
            waiting = f"Play has ended here ({card.status}). Take a move back, or choose another position."
        elif not waiting and not self.duel.is_current:
            waiting = "Both are thinking about this position …"
        return HeadToHeadRecord(
            self.domain,
            *self.players,
            board,
            position,
            players[card.to_move] if card.to_move < len(players) else "",
            self.duel.record(words),
            waiting,
            self.game.cursor > 0,
        )

    @property
    def _words(self) -> Phrases:
        return phrases(self.domain)

    def _ask(self) -> None:
        words, line = self._words, self.line
        if not self._is_open or words.card(line).outcome:
            self.duel.rest()
        else:
            a, b = (Question(self.domain, line, player) for player in self.players)
            self.duel.look(a, b, words)
        self._show()

    def _show(self) -> None:
        record = self.record()
        if record != self._last:
            self._last = record
            self._screen.show_head_to_head(record)


def _sample(domain: str) -> Game:
    """A position worth looking at, for the first time."""
    notation = registry.notation(domain)
    return at_end(notation.parse_line(notation.sample))
