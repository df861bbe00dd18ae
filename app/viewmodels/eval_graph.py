"""The evaluation graph: what the first player could expect after each move of a line, and what moves cost."""

from dataclasses import dataclass, replace

from app.viewmodels.evaluations import Evaluations, Finding
from app.viewmodels.figures import percent, signed
from app.viewmodels.game import Game
from app.viewmodels.mistakes import Judged, accuracy, accuracy_text, cost, judgement
from app.viewmodels.moves import number_text
from app.viewmodels.phrases import Phrases
from app.viewmodels.value import value_for_white
from engine.domains import game_tree as trees
from engine.domains.base import Line
from engine.domains.game_format import GameFormat

FILE = "file"
"""Source of a value that stands in the game itself."""
RULES = "rules"
"""Source of the value of a state where play has ended."""


@dataclass(frozen=True, slots=True)
class GraphPoint:
    """A state of the line.

    Attributes:
        index: moves played. text: the last of them, with its number.
        white: value in [-1, 1] from the first player's view, None = not known.
        win, draw, loss: the same as chances, None where only the value is known.
        source: who says so: an intuition's hash, `FILE`, `RULES` or "". said: the same for people.
        stale: by another intuition than the one at work now.
        slip: what the last move was: `INACCURACY`, `MISTAKE`, `BLUNDER` or "". lost: points it cost.
        best: text of what search would have played instead of it, or "".
    """

    index: int
    text: str
    white: float | None = None
    win: float | None = None
    draw: float | None = None
    loss: float | None = None
    source: str = ""
    said: str = ""
    stale: bool = False
    slip: str = ""
    lost: float = 0.0
    best: str = ""


@dataclass(frozen=True, slots=True)
class GraphRecord:
    """The line followed from its start to its end.

    Attributes:
        cursor: moves played where the root stands. judged: moves whose price is known.
        summary: how both sides played, a sentence each; empty where too little is known. players: their names.
        progress: what an analysis is doing, or "". share: how much of it is done, None = none goes on.
    """

    points: tuple[GraphPoint, ...] = ()
    cursor: int = 0
    judged: tuple[Judged, ...] = ()
    summary: tuple[str, ...] = ()
    players: tuple[str, ...] = ()
    progress: str = ""
    share: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no more than one value is known, so that there is nothing to draw."""
        return sum(point.white is not None for point in self.points) < 2

    def with_progress(self, progress: str, share: float | None) -> "GraphRecord":
        """The same while an analysis goes on, or once it does not."""
        return replace(self, progress=progress, share=share)


def graph_record(
    game: Game, phrases: Phrases, evaluations: Evaluations, source: str, game_format: GameFormat | None
) -> GraphRecord:
    """The graph of the line that `game` follows.

    Args:
        source: hash of the intuition at work now; values of others are greyed.
    """
    start = game.tree.start
    begins = phrases.card(Line(start)).to_move
    texts = phrases.texts(Line(start), game.path)
    nodes = trees.lineage(game.tree, game.path)
    points: list[GraphPoint] = []
    judged: list[Judged] = []
    before: Finding | None = None
    for index in range(len(game.path) + 1):
        line = Line(start, game.path[:index])
        name = f"{number_text(index - 1, start, begins)} {texts[index - 1]}" if index else "Start"
        found = evaluations.of(phrases.notation, line, source)
        point = _point(index, name, found, source)
        if index == len(game.path):
            point = _ended(point, phrases, line)
        value = None if game_format is None else game_format.value(nodes[index].comment)
        if point.white is None and value is not None:
            point = GraphPoint(index, name, value, source=FILE, said="from the file")
        mover = (begins + index - 1) % max(phrases.notation.num_players, 1)
        if index and (move := _judge(points[-1], point, before, game.path[index - 1], mover)) is not None:
            judged.append(move)
            slip = "" if move.is_best else judgement(move.lost)
            best = _text_of(before) if slip else ""
            point = replace(point, slip=slip, lost=move.lost, best=best)
        points.append(point)
        before = found
    players = phrases.notation.players
    summary = tuple(accuracy_text(name, accuracy(tuple(judged), side)) for side, name in enumerate(players[:2]))
    return GraphRecord(tuple(points), game.cursor, tuple(judged), summary if judged else (), players)


def point_text(point: GraphPoint, players: tuple[str, ...]) -> str:
    """One line about a point, for the pointer."""
    if point.white is None:
        return f"{point.text} · not searched yet"
    name = players[0] if players else "first player"
    parts = [point.text, f"{name} {percent((1 + point.white) / 2)} ({signed(point.white)})"]
    if point.win is not None and point.draw is not None and point.loss is not None:
        parts.append(f"win {percent(point.win)}, draw {percent(point.draw)}, loss {percent(point.loss)}")
    if point.slip:
        parts.append(f"{point.slip}: {point.lost:.2f} points" + (f"; {point.best} was better" if point.best else ""))
    return " · ".join([*parts, point.said] if point.said else parts)


def slips(record: GraphRecord) -> tuple[int, ...]:
    """Indices of the mistakes and blunders."""
    return tuple(point.index for point in record.points if point.slip in ("mistake", "blunder"))


def _point(index: int, name: str, found: Finding | None, source: str) -> GraphPoint:
    if found is None:
        return GraphPoint(index, name)
    value = found.value
    said = f"{found.generation}, {found.simulations:,} visits"
    stale = bool(source) and found.source != source
    return GraphPoint(index, name, value.value_white, value.win, value.draw, value.loss, found.source, said, stale)


def _ended(point: GraphPoint, phrases: Phrases, line: Line) -> GraphPoint:
    """Where play has ended, the result is known without a search."""
    card = phrases.card(line)
    if not card.outcome:
        return point
    white = value_for_white(float(phrases.notation.outcomes[card.outcome].value), card.to_move)
    return GraphPoint(point.index, point.text, white, source=RULES, said=card.status)


def _judge(before: GraphPoint, after: GraphPoint, found: Finding | None, action: int, mover: int) -> Judged | None:
    """The price of the move between two points, where the same judge has looked at both."""
    if before.white is None or after.white is None:
        return None
    if after.source not in (before.source, RULES):
        return None
    return Judged(mover, cost(before.white, after.white, mover), found is not None and found.best == action)


def _text_of(found: Finding | None) -> str:
    """The text of the action that a search preferred."""
    rows = () if found is None else found.candidates.rows
    return next((row.text for row in rows if found is not None and row.action == found.best), "")
