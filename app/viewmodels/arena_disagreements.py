"""Positions on which two players differ: what each would play, what it thinks, and whom a deep search sides with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.viewmodels.arena_job import IDLE, JobRecord
from app.viewmodels.arena_ladder_players import name_of
from app.viewmodels.figures import count, signed
from app.viewmodels.moves import number_text
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import Arrow, BoardRecord
from engine.domains.base import Line
from engine.service.arena_messages import Disagreement, Disagreements, MatchInfo, Opinion

Right = Literal["A", "B", "both", ""]
"""Whom the judge sides with; "both" = neither loses more, "" = it was not asked."""

LEVEL = 0.02
"""Losses nearer to each other than this count as equal."""
_FINE = 0.05
"""A loss up to this is none worth a word."""


@dataclass(frozen=True, slots=True)
class DisagreementTile:
    """One position of the list.

    Attributes:
        line: the position. board: with the action of each as an arrow.
        title: whose move it is, and which. a_text, b_text: action and value of each.
        right: whom the judge sides with. verdict: the same as a sentence, with by how much.
        sentence: all of it, for readers of screens.
    """

    line: Line
    board: BoardRecord
    title: str
    a_text: str
    b_text: str
    right: Right
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DisagreementsRecord:
    """The whole page.

    Attributes:
        a, b: players, as written for a match. a_name, b_name: for people.
        match: id of the stored match whose positions are looked at, "" = those of the openings.
        matches: stored matches to choose from: id and text.
        positions, judged: at most. judge: as written for a match, "" = chosen by the engine.
        tiles: the worst disagreement first. summary: the whole in one line, or "".
    """

    domain: str = ""
    a: str = ""
    b: str = ""
    a_name: str = ""
    b_name: str = ""
    match: str = ""
    matches: tuple[tuple[str, str], ...] = ()
    positions: int = 2000
    judged: int = 20
    judge: str = ""
    tiles: tuple[DisagreementTile, ...] = ()
    summary: str = ""
    can_run: bool = False
    job: JobRecord = IDLE
    empty: str = ""


def tile_of(found: Disagreement, phrases: Phrases) -> DisagreementTile:
    """How one position is shown; the player to move sits at the bottom."""
    line = Line(found.start, found.actions)
    card = phrases.card(line)
    mover = phrases.notation.players[card.to_move]
    begins = phrases.card(Line(found.start)).to_move
    number = number_text(len(found.actions), found.start, begins) if phrases.notation.name == "chess" else ""
    title = f"{mover} to move" + (f", {number}" if number else f", action {len(found.actions) + 1}")
    texts = {action: phrases.last_text(line.then(action)) for action in {found.a.action, found.b.action}}
    right, verdict = verdict_of(found, texts, _action_text(found.judge, line, phrases))
    a_text, b_text = (f"{texts[mind.action]}  {signed(mind.value)}" for mind in (found.a, found.b))
    board = BoardRecord(card, arrows=_arrows(found, line, phrases), flipped=card.to_move == 1)
    sentence = f"{title}. A plays {a_text}, B plays {b_text}. {verdict}"
    return DisagreementTile(line, board, title, a_text, b_text, right, verdict, sentence)


def verdict_of(found: Disagreement, texts: dict[int, str], judge_text: str) -> tuple[Right, str]:
    """Whom the judge sides with, and by how much the other's action is worse."""
    if found.a_loss is None or found.b_loss is None:
        return "", "Not judged yet."
    a, b = texts[found.a.action], texts[found.b.action]
    if found.a.action == found.b.action:
        return "both", f"Both play {a}; their values differ."
    gap = abs(found.a_loss - found.b_loss)
    if gap < LEVEL:
        loss = max(found.a_loss, found.b_loss)
        also = f", and both lose {loss:.2f} against {judge_text}" if loss > _FINE and judge_text else ""
        return "both", f"Neither is better{also}."
    right: Right = "A" if found.a_loss < found.b_loss else "B"
    better, worse = (a, b) if right == "A" else (b, a)
    least = min(found.a_loss, found.b_loss)
    if least > _FINE and judge_text:
        return right, f"{right} was closer: {better} is {gap:.2f} better than {worse}; best is {judge_text}."
    return right, f"{right} was right: {worse} gives away {gap:.2f}."


def summary_of(found: Sequence[Disagreement], answer: Disagreements | None) -> str:
    """The whole in one line: how often they differ, and who was right how often."""
    judged = [one for one in found if one.a_loss is not None and one.b_loss is not None]
    if answer is None:
        word = "position" if len(judged) == 1 else "positions"
        return f"{count(len(judged))} {word} judged so far." if judged else ""
    said = f"They differ on {count(answer.differing)} of {count(answer.positions)} positions"
    if not judged:
        return f"{said}; none was judged."
    rights = [verdict_of(one, {one.a.action: "", one.b.action: ""}, "")[0] for one in judged]
    a, b = rights.count("A"), rights.count("B")
    level = f", {_times(len(rights) - a - b)} neither was better" if len(rights) > a + b else ""
    by = f" by {name_of(answer.judge)}" if answer.judge else ""
    stopped = " Stopped by hand before the end." if answer.stopped else ""
    return f"{said}; of the {len(judged)} judged{by}, A was right {_times(a)}, B {_times(b)}{level}.{stopped}"


def match_title(match: MatchInfo) -> str:
    """A stored match in a list to choose from."""
    games = (match.report or {}).get("games") or 0
    return f"{name_of(match.order.a)} against {name_of(match.order.b)} · {count(games)} games, {match.date[:10]}"


def widest_first(found: Sequence[Disagreement]) -> tuple[Disagreement, ...]:
    """As the answer sorts them, for those that have come so far."""
    return tuple(sorted(found, key=lambda one: -one.gap))


def _arrows(found: Disagreement, line: Line, phrases: Phrases) -> tuple[Arrow, ...]:
    """A's and B's action, and the judge's where it is another."""
    choices, drawn = phrases.choices(line), [("a", found.a.action, "A"), ("b", found.b.action, "B")]
    if found.a.action == found.b.action:
        drawn = [("a", found.a.action, "AB")]
    if found.judge is not None and found.judge.action not in (found.a.action, found.b.action):
        drawn.insert(0, ("judge", found.judge.action, "J"))
    arrows = []
    for kind, action, label in drawn:
        choice = choices.get(action)
        if choice is not None:
            strength = 0.35 if kind == "judge" else 0.75
            arrows.append(Arrow(choice.source, choice.target, strength, kind, label))
    return tuple(arrows)


def _action_text(opinion: Opinion | None, line: Line, phrases: Phrases) -> str:
    return "" if opinion is None else phrases.last_text(line.then(opinion.action))


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")
