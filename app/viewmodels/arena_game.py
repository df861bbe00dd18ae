"""A game of a match, looked at move by move: whose move it was, what both thought, how it ended.

Values named `white` are from the first player's view (White's in chess), in [-1, 1]; those of `ArenaGame` are from
their mover's own view, as the match has them.
"""

from dataclasses import dataclass, replace

from app.viewmodels import figures
from app.viewmodels.arena_mind import Mind
from app.viewmodels.head_to_head import DuelRecord
from app.viewmodels.match_replica import MatchReplica
from app.viewmodels.moves import number_text
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import BoardRecord, MovesRecord, ValueRecord
from app.viewmodels.transcript import write_transcript
from app.viewmodels.value import value_for_white
from engine.domains import game_tree as trees
from engine.domains import registry
from engine.domains.base import Line

_RESULTS = {1.0: "1-0", 0.5: "1/2-1/2", 0.0: "0-1"}


@dataclass(frozen=True, slots=True)
class ArenaGame:
    """A game as its match has it; one that is played grows.

    Attributes:
        match: id of the match. number: of the game in it, from 0.
        a, b: players, as they are written.
        start: of the line. opening: actions that were given; actions: those that the players chose.
        values: what each mover thought before its action, from its own view; None = it did not say.
        a_moves_first: after the opening. seed: of both players' chance.
        points: of A: 0, 0.5 or 1; None while it is played. text: how it ended.
    """

    match: str
    number: int
    domain: str
    a: str
    b: str
    start: str
    opening: tuple[int, ...] = ()
    actions: tuple[int, ...] = ()
    values: tuple[float | None, ...] = ()
    a_moves_first: bool = True
    seed: int = 0
    points: float | None = None
    text: str = ""

    @property
    def line(self) -> Line:
        """The whole game so far, opening included."""
        return Line(self.start, self.opening + self.actions)

    def at(self, played: int) -> Line:
        """The line after so many actions, those of the opening counted."""
        return Line(self.start, self.line.actions[:played])

    def is_a_to_move(self, played: int) -> bool:
        """Whether A chooses the action that follows `played`; of the opening, whose turn it would have been."""
        return ((played - len(self.opening)) % 2 == 0) == self.a_moves_first

    def value_of_mover(self, played: int) -> float | None:
        """What the mover thought of the state after `played` actions, from its own view."""
        place = played - len(self.opening)
        return self.values[place] if 0 <= place < len(self.values) else None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A state of the game.

    Attributes:
        played: actions before it. text: the last of them, with its number.
        whites: what A and B think of it, from the first player's view; None = not known.
        is_opening: it was given, nobody was asked.
    """

    played: int
    text: str
    whites: tuple[float | None, float | None]
    is_opening: bool = False


@dataclass(frozen=True, slots=True)
class CurvesRecord:
    """Both players' values over the game.

    Attributes:
        cursor: actions played where we look. players: A and B as they are written.
        sides: names of the first and second player of the domain (chess: White, Black).
        is_intuition: whether A, whether B, does not search, as far as is known.
        note: a sentence on who says nothing, or "".
    """

    points: tuple[CurvePoint, ...] = ()
    cursor: int = 0
    players: tuple[str, str] = ("A", "B")
    sides: tuple[str, ...] = ()
    is_intuition: tuple[bool, bool] = (False, False)
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return sum(white is not None for point in self.points for white in point.whites) < 2


@dataclass(frozen=True, slots=True)
class GameViewRecord:
    """The page of one game.

    Attributes:
        title: which game it is. a, b: "A · gen-000@64 · White" and the same of B. result: who won, and why.
        place: where in the game we look, and what was played there.
        board, value, moves, curves: as the widgets for these take them. value: the mover's.
        duel: what both think here. waiting: what must come before the trees are those of this state, or "".
        can_step_back, can_step_on: there are moves. is_playing: it goes on by itself.
        can_save: games of this domain can be written to a file.
    """

    title: str
    a: str
    b: str
    result: str
    place: str
    board: BoardRecord
    value: ValueRecord
    moves: MovesRecord
    curves: CurvesRecord
    duel: DuelRecord
    waiting: str = ""
    can_step_back: bool = False
    can_step_on: bool = False
    is_playing: bool = False
    can_save: bool = False


def game_in(match: MatchReplica, number: int) -> ArenaGame:
    """A game as it stands now in its match.

    Raises:
        KeyError: the match has no game of this number.
    """
    game, order = match.games[number], match.order
    return ArenaGame(
        match.match,
        number,
        order.domain,
        order.a,
        order.b,
        game.began.start,
        game.began.actions,
        tuple(game.actions),
        tuple(game.values),
        game.began.a_moves_first,
        game.began.seed,
        game.points,
        game.text,
    )


def player_seats(game: ArenaGame, phrases: Phrases) -> tuple[int, int]:
    """Which player of the domain A is, and which B is: 0 = the first (White)."""
    first = phrases.card(Line(game.start, game.opening)).to_move
    a = first if game.a_moves_first else 1 - first
    return a, 1 - a


def curves_record(
    game: ArenaGame, cursor: int, phrases: Phrases, minds: dict[int, tuple[Mind | None, Mind | None]]
) -> CurvesRecord:
    """Both curves.

    Args:
        minds: what was asked of A and B so far, by actions played; the mover's own value of then comes before it.
    """
    begins, texts = phrases.card(Line(game.start)).to_move, phrases.texts(Line(game.start), game.line.actions)
    points = []
    for played in range(len(game.line.actions) + 1):
        to_move = (begins + played) % 2
        mover = 0 if game.is_a_to_move(played) else 1
        whites: list[float | None] = [None, None]
        for k, mind in enumerate(minds.get(played, (None, None))):
            if mind is not None and mind.value is not None:
                whites[k] = value_for_white(mind.value, to_move)
        told = game.value_of_mover(played)
        if told is not None:
            whites[mover] = value_for_white(told, to_move)
        name = f"{number_text(played - 1, game.start, begins)} {texts[played - 1]}" if played else "Start"
        points.append(CurvePoint(played, name, (whites[0], whites[1]), played < len(game.opening)))
    known = [mind for pair in minds.values() for mind in pair if mind is not None]
    alone = [
        any(mind.kind == "intuition" and mind.question.player == name for mind in known) for name in (game.a, game.b)
    ]
    own = [game.is_a_to_move(played) for played in range(len(game.opening), len(game.line.actions))]
    silent = [
        name
        for k, name in enumerate((game.a, game.b))
        if own.count(k == 0) > 1 and all(point.whites[k] is None for point in points)
    ]
    note = f"{' and '.join(dict.fromkeys(silent))} {_does_not_say(silent)} how it stands." if silent else ""
    players = phrases.notation.players
    return CurvesRecord(tuple(points), cursor, (game.a, game.b), players, (alone[0], alone[1]), note)


def point_text(point: CurvePoint, record: CurvesRecord) -> str:
    """One line about a point, for the pointer."""
    side = record.sides[0] if record.sides else "the first player"
    said = [
        f"{letter} {figures.signed(white)}"
        for letter, white in zip("AB", point.whites, strict=True)
        if white is not None
    ]
    if len(said) == 2:
        gap = abs((point.whites[0] or 0.0) - (point.whites[1] or 0.0))
        said.append(f"{gap:.2f} apart")
    if not said:
        said = ["from the opening book" if point.is_opening else "nobody said how it stands"]
        return f"{point.text} · {said[0]}"
    return f"{point.text} · for {side}: {', '.join(said)}"


def title_text(game: ArenaGame) -> str:
    """Which game of its match it is."""
    return f"Game {game.number + 1}, pair {game.number // 2 + 1}"


def player_text(letter: str, player: str, seat: int, phrases: Phrases) -> str:
    """A player with the pieces it has."""
    return f"{letter} · {player} · {phrases.notation.players[seat]}"


def result_text(game: ArenaGame) -> str:
    """Who won and why, or that it goes on."""
    if game.points is None:
        return "It is not over yet."
    who = {1.0: "A won", 0.5: "A draw", 0.0: "B won"}[game.points]
    return f"{who}: {game.text}." if game.text else f"{who}."


def place_text(game: ArenaGame, played: int, phrases: Phrases) -> str:
    """Where we look: how far into the game, who is to move, and what was played."""
    total = len(game.line.actions)
    where = f"Move {played} of {total}"
    if played < total:
        text = phrases.last_text(game.at(played + 1))
        if played < len(game.opening):
            return f"{where}. The opening goes on with {text}; both players were given it."
        return f"{where}. {'A' if game.is_a_to_move(played) else 'B'} is to move and played {text}."
    if game.points is None:
        return f"{where}. {'A' if game.is_a_to_move(played) else 'B'} is to move."
    return f"{where}. {result_text(game)}"


def game_text(game: ArenaGame, phrases: Phrases) -> str:
    """The game as a file has it (chess: PGN), with what each mover thought of it as an evaluation.

    Raises:
        ValueError: the domain has no files of games.
    """
    game_format = registry.game_format(game.domain)
    if game_format is None:
        raise ValueError(f"games of {phrases.notation.title} have no format of files")
    tree = trees.tree_of(game.line)
    begins = phrases.card(Line(game.start)).to_move
    for played in range(len(game.opening), len(game.line.actions)):
        told = game.value_of_mover(played)
        if told is not None and played:
            white = value_for_white(told, (begins + played) % 2)
            path = game.line.actions[:played]
            tree = trees.annotated(tree, path, comment=game_format.with_value(trees.find(tree, path).comment, white))
    a_seat, _ = player_seats(game, phrases)
    points = game.points if game.points is None or a_seat == 0 else 1.0 - game.points
    names = (game.a, game.b) if a_seat == 0 else (game.b, game.a)
    headers = (
        ("Event", "Arborist match"),
        ("Round", f"{game.number // 2 + 1}.{game.number % 2 + 1}"),
        ("White", names[0]),
        ("Black", names[1]),
        ("Result", "*" if points is None else _RESULTS[points]),
        *((("Termination", game.text),) if game.text else ()),
    )
    return write_transcript(replace(tree, headers=headers), game.line, phrases.notation)


def _does_not_say(silent: list[str]) -> str:
    return "do not say" if len(set(silent)) > 1 else "does not say"
