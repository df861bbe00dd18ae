"""Two players on one position, in words and rows: what each would play, how sure it is, and where they part.

Both look from the same seat: priors, Q and values are those of the player to move at the position. Sentences may take
another player's view of the value, and say whose it is.
"""

from dataclasses import dataclass

from app.viewmodels import figures
from app.viewmodels.arena_mind import Duel, Mind, Option
from app.viewmodels.comparison import SideRecord
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import Arrow
from engine.domains.base import Line

_MOST_ROWS = 40
_ROOT_ONLY = "plays by intuition alone: its priors are drawn, there is no search to draw"
_UNSEEN = Option(-1, None, 0, None, None)
"""What a player says of an action that it says nothing of."""
_NO_TREE = "shows no tree: it only says which move it plays"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action as both players see it; in every pair A comes first, None = that player does not say.

    Attributes:
        priors: intuition's shares. shares: of the simulations. visits: their number.
        qs: for the player to move. best: whether it is what the player would play.
        gap: weight that B gives it less what A gives it, in [-1, 1]; a weight is the share of simulations, of an
            intuition alone its prior. None where one gives no weights.
    """

    action: int
    text: str
    priors: tuple[float | None, float | None]
    shares: tuple[float | None, float | None]
    visits: tuple[int, int]
    qs: tuple[float | None, float | None]
    best: tuple[bool, bool]
    gap: float | None


@dataclass(frozen=True, slots=True)
class DuelRecord:
    """All that is said of two players on one position.

    Attributes:
        a, b: the two, in words.
        agreement: a sentence on how far their main lines are the same, or "" while one is not known.
        plies: that both main lines begin with; -1 = not known.
        rows: actions, those that matter most to either first.
        values: of A and B, from the player to move; None = not known, or it says nothing.
        blanks: what is said in place of A's and of B's tree; "" = there is one.
        notes: a sentence each on what a player cannot show, or what went wrong.
    """

    a: SideRecord
    b: SideRecord
    agreement: str = ""
    plies: int = -1
    rows: tuple[ActionRow, ...] = ()
    values: tuple[float | None, float | None] = (None, None)
    blanks: tuple[str, str] = ("", "")
    notes: tuple[str, ...] = ()


NOTHING_SAID = DuelRecord(SideRecord("A", "", ""), SideRecord("B", "", ""))
"""While nobody is asked."""


def duel_record(
    players: tuple[str, str],
    minds: tuple[Mind | None, Mind | None],
    troubles: tuple[str, str],
    line: Line,
    phrases: Phrases,
    seat: int,
) -> DuelRecord:
    """What can be said of two players on the end of `line`.

    Args:
        players: A and B, as they are written. troubles: why one has no answer, or "".
        seat: the player whose view of the value is told in words, 0 = first.
    """
    a, b = minds
    plies = -1
    if a is not None and b is not None:
        plies = agreed_plies(a.line, b.line)
    sides = [
        _side(letter, player, mind, plies, line, phrases, seat)
        for letter, player, mind in zip("AB", players, minds, strict=True)
    ]
    return DuelRecord(
        sides[0],
        sides[1],
        "" if a is None or b is None else agreement_sentence(a, b, line, phrases),
        plies,
        action_rows(a, b, line, phrases),
        (None if a is None else a.value, None if b is None else b.value),
        (_blank(a, troubles[0]), _blank(b, troubles[1])),
        tuple(_notes(players, minds, troubles)),
    )


def agreed_plies(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    """How many actions two lines both begin with."""
    agreed = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        agreed += 1
    return agreed


def agreement_sentence(a: Mind, b: Mind, line: Line, phrases: Phrases) -> str:
    """How far two main lines are the same, and what comes then."""
    agreed = agreed_plies(a.line, b.line)
    if agreed == len(a.line) == len(b.line):
        if agreed == 1:
            return f"They agree: both play {phrases.last_text(line.then(*a.line))}."
        return f"They agree on all of the {agreed} plies that both look ahead."
    if agreed in (len(a.line), len(b.line)):
        further = "A" if len(a.line) > len(b.line) else "B"
        return f"They agree for {_plies(agreed)}, as far as both look ahead; {further} looks further."
    here = line.then(*a.line[:agreed])
    one, two = (phrases.last_text(here.then(mind.line[agreed])) for mind in (a, b))
    if not agreed:
        return f"They disagree at once: A plays {one} and B plays {two}."
    return f"They agree for {_plies(agreed)}, then A plays {one} and B plays {two}."


def action_rows(a: Mind | None, b: Mind | None, line: Line, phrases: Phrases) -> tuple[ActionRow, ...]:
    """The legal actions as both see them, the weightiest to either first."""
    seen = [{option.action: option for option in mind.options} if mind is not None else {} for mind in (a, b)]
    actions = dict.fromkeys([*seen[0], *seen[1], *(mind.action for mind in (a, b) if mind is not None)])
    rows = []
    for action in actions:
        one, two = (options.get(action, _UNSEEN) for options in seen)
        weights = _weight(a, one), _weight(b, two)
        rows.append(
            ActionRow(
                action,
                phrases.last_text(line.then(action)),
                (one.prior, two.prior),
                (one.share, two.share),
                (one.visits, two.visits),
                (one.q, two.q),
                (a is not None and a.action == action, b is not None and b.action == action),
                None if weights[0] is None or weights[1] is None else weights[1] - weights[0],
            )
        )
    rows.sort(key=_importance, reverse=True)
    return tuple(rows[:_MOST_ROWS])


def choice_arrows(minds: tuple[Mind | None, Mind | None], line: Line, phrases: Phrases) -> tuple[Arrow, ...]:
    """What either would play as an arrow with its letter; one ivory arrow where both would play the same."""
    choices = phrases.choices(line)
    letters: dict[int, str] = {}
    for letter, mind in zip("AB", minds, strict=True):
        if mind is not None and mind.action in choices and choices[mind.action].source >= 0:
            letters[mind.action] = letters.get(mind.action, "") + letter
    kinds = {"A": "a", "B": "b", "AB": "judge"}
    return tuple(
        Arrow(choices[action].source, choices[action].target, 0.8, kinds[text], text)
        for action, text in letters.items()
    )


def row_sentence(row: ActionRow) -> str:
    """What both say of an action."""
    sides = []
    for k, letter in enumerate("AB"):
        prior, share = row.priors[k], row.shares[k]
        known = [] if prior is None else [f"prior {figures.percent(prior)}"]
        if share is not None:
            known.append(f"{figures.percent(share)} of its visits, Q {figures.signed(row.qs[k])}")
        sides.append(f"{letter}: {', '.join(known) or 'says nothing of it'}{' (would play it)' if row.best[k] else ''}")
    return f"{row.text} · {' · '.join(sides)}"


def node_sentence(node: int, duel: Duel, phrases: Phrases) -> str:
    """What both say of a node of the union that is drawn, "" where there is none."""
    compared = duel.compared
    if compared is None or not 0 < node < compared.union.tree.num_nodes:
        return ""
    path = compared.union.tree.path(node)
    texts = " ".join(phrases.texts(compared.union.tree.line, path))
    sides = []
    for letter, mind, side in (("A", duel.a, compared.found.a), ("B", duel.b, compared.found.b)):
        if mind is None or mind.kind == "none":
            continue
        prior, q = float(side.prior[node]), float(side.q[node])
        known = [f"prior {figures.percent(prior)}"] if prior == prior else []
        if mind.kind == "search" and side.visits[node]:
            known.append(f"{figures.count(int(side.visits[node]))} visits, Q {figures.signed(q)}")
        sides.append(f"{letter}: {', '.join(known) or 'never came there'}")
    return f"{texts} · {' · '.join(sides)}"


def _side(
    letter: str, player: str, mind: Mind | None, plies: int, line: Line, phrases: Phrases, seat: int
) -> SideRecord:
    if mind is None:
        return SideRecord(letter, player, "is asked …")
    said = []
    if mind.kind == "search":
        said.append(f"{figures.count(mind.simulations)} simulations")
    elif mind.kind == "intuition":
        said.append("intuition alone")
    if mind.value is not None:
        names = phrases.notation.players
        value = mind.value if phrases.card(line).to_move == seat else -mind.value
        said.append(f"{figures.signed(value)} for {names[seat]}" if seat < len(names) else figures.signed(value))
    said.append(f"plays {phrases.last_text(line.then(mind.action))}")
    texts = tuple(phrases.texts(line, mind.line))
    return SideRecord(letter, player, " · ".join(said), texts, plies if 0 <= plies < len(texts) else -1)


def _blank(mind: Mind | None, trouble: str) -> str:
    if trouble:
        return trouble
    if mind is None:
        return "Thinking …"
    return f"It {_NO_TREE}." if mind.kind == "none" else ""


def _notes(players: tuple[str, str], minds: tuple[Mind | None, Mind | None], troubles: tuple[str, str]) -> list[str]:
    said = []
    for player, mind, trouble in zip(players, minds, troubles, strict=True):
        if trouble:
            said.append(f"{player} could not be asked: {trouble}")
        elif mind is not None and mind.kind != "search":
            said.append(f"{player} {_ROOT_ONLY if mind.kind == 'intuition' else _NO_TREE}.")
    return list(dict.fromkeys(said))


def _weight(mind: Mind | None, option: Option) -> float | None:
    """Of all of its attention, what a player gives an action; None where it does not say."""
    if mind is None or mind.kind == "none":
        return None
    return option.prior if option.share is None else option.share


def _importance(row: ActionRow) -> tuple[bool, float]:
    return any(row.best), max((*(share or 0.0 for share in (*row.shares, *row.priors)), 0.0))


def _plies(count: int) -> str:
    return "one ply" if count == 1 else f"{count} plies"
