"""Generations against search budgets: how strong each is with how much search, and what both bring.

A row says what search is worth to one generation, a column what a generation gained on the one before. The fuel
reading joins the two: with how many simulations the generation before played as well as this one does by intuition
alone. What search found has then become intuition.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

from app.viewmodels.arena_job import IDLE, JobRecord
from app.viewmodels.arena_ladder import elo_text, margin_text, num_pairings, sure_percent
from app.viewmodels.arena_ladder_players import generation_of, usual_budget
from app.viewmodels.figures import MISSING, count, signed
from engine.arena.player_spec import canonical
from engine.service.arena_messages import LadderRated, MatchInfo, RatedPlayer
from engine.service.messages import GenerationInfo

_Z = 1.959963984540054
_CERTAIN = 0.9999
"""Chances nearer to one say no more about an interval: there is rounding in them."""
BUDGETS = (0, 4, 16, 64, 256, 800)
"""Offered; 0 = intuition alone."""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A generation at a budget.

    Attributes:
        player: as it is written for a match. elo, low, high: rating and 95 % interval; elo None = not rated.
        share: of the way from the lowest to the highest rating on the table, in [0, 1].
        sentence: everything about it.
    """

    player: str
    generation: str
    budget: int
    elo: float | None = None
    low: float | None = None
    high: float | None = None
    share: float = 0.0
    sentence: str = ""

    @property
    def text(self) -> str:
        """The rating; nothing where it is not known."""
        return "" if self.elo is None else elo_text(self.elo)

    @property
    def margin(self) -> str:
        """Half the interval."""
        return "" if self.elo is None else margin_text(self.elo, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Gain:
    """A difference of two ratings: a short text, "" where it is not known, and the whole of it in a sentence."""

    text: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A cell that the selected one has met.

    Attributes:
        match: id of the stored match; "" = none. text: what came of it.
    """

    name: str
    match: str
    text: str


@dataclass(frozen=True, slots=True)
class MatrixRecord:
    """The whole page.

    Attributes:
        generations: rows. budgets: columns. cells: [rows][columns].
        row_gains: what search is worth to each generation. column_gains: what the last generation gained on the first.
        fuel: a sentence for each generation but the first.
        offered: generations to choose from, and which of them are chosen. chosen_budgets: of `BUDGETS`.
        selected: row and column, or None; neighbours: what it met.
    """

    domain: str = ""
    generations: tuple[str, ...] = ()
    budgets: tuple[int, ...] = ()
    cells: tuple[tuple[MatrixCell, ...], ...] = ()
    row_gains: tuple[Gain, ...] = ()
    column_gains: tuple[Gain, ...] = ()
    fuel: tuple[str, ...] = ()
    scale: str = ""
    offered: tuple[tuple[str, bool], ...] = ()
    pairs: int = 25
    cost: str = ""
    can_run: bool = False
    job: JobRecord = IDLE
    empty: str = ""
    selected: tuple[int, int] | None = None
    neighbours: tuple[Neighbour, ...] = ()


def player_of(generation: str, budget: int) -> str:
    """The player in a cell, as `RunMatrix` names it."""
    return f"{generation}@{budget}"


def budget_text(budget: int) -> str:
    """The head of a column."""
    return "intuition" if budget == 0 else count(budget)


def by_cell(rated: LadderRated | None) -> dict[tuple[str, int], RatedPlayer]:
    """Rated players of ours, by generation and budget; of one that is there twice, that with more games."""
    found: dict[tuple[str, int], RatedPlayer] = {}
    for player in () if rated is None else rated.players:
        budget = usual_budget(player.player)
        if budget is not None:
            key = generation_of(player.player), budget
            if key not in found or player.games > found[key].games:
                found[key] = player
    return found


def in_lineage(infos: Sequence[GenerationInfo]) -> tuple[str, ...]:
    """Ids with each parent before its children, else in the order given."""
    by_id = {info.id: info for info in infos}
    placed: dict[str, None] = {}

    def place(info: GenerationInfo, seen: frozenset[str]) -> None:
        parent = by_id.get(info.parent or "")
        if parent is not None and parent.id not in seen:
            place(parent, seen | {info.id})
        placed.setdefault(info.id)

    for info in infos:
        place(info, frozenset({info.id}))
    return tuple(placed)


def matrix_cells(
    generations: Sequence[str], budgets: Sequence[int], known: Mapping[tuple[str, int], RatedPlayer]
) -> tuple[tuple[MatrixCell, ...], ...]:
    """The table, [generations][budgets]."""
    there = [known[key].elo for key in ((g, b) for g in generations for b in budgets) if key in known]
    low, high = (min(there), max(there)) if there else (0.0, 0.0)
    span = high - low

    def cell(generation: str, budget: int) -> MatrixCell:
        found, player = known.get((generation, budget)), player_of(generation, budget)
        title = f"{generation}, {'intuition alone' if budget == 0 else f'{count(budget)} simulations'}"
        if found is None:
            return MatrixCell(player, generation, budget, sentence=f"{title}\nNot rated yet: press Run.")
        margin = margin_text(found.elo, found.low, found.high)
        told = f"{title}\nElo {elo_text(found.elo)} {'held' if found.anchored else margin}, {count(found.games)} games"
        share = (found.elo - low) / span if span > 0 else 0.5
        return MatrixCell(found.player, generation, budget, found.elo, found.low, found.high, share, told)

    return tuple(tuple(cell(generation, budget) for budget in budgets) for generation in generations)


def row_gain(cells: Sequence[MatrixCell], rated: LadderRated | None) -> Gain:
    """What search is worth to one generation: its largest rated budget against its smallest."""
    there = [cell for cell in cells if cell.elo is not None]
    if len(there) < 2:
        return Gain()
    first, last = there[0], there[-1]
    steps = "\n".join(
        f"{budget_text(one.budget)} to {budget_text(other.budget)}: {_difference(other, one, rated)}"
        for one, other in pairwise(there)
    )
    worth = _difference(last, first, rated)
    what = f"Search is worth {worth} Elo to {first.generation}, at {count(last.budget)} simulations."
    return Gain(_short(last, first), "\n".join((what, _certainty(last, first, rated), steps)))


def parents_of(infos: Sequence[GenerationInfo]) -> dict[str, str]:
    """The parent of each generation that has one."""
    return {info.id: info.parent for info in infos if info.parent}


def column_gain(cells: Sequence[MatrixCell], parents: Mapping[str, str], rated: LadderRated | None) -> Gain:
    """What the last rated generation of a column gained on its oldest rated ancestor there."""
    there = {cell.generation: cell for cell in cells if cell.elo is not None}
    for last in reversed(there.values()):
        line = [there[name] for name in reversed(ancestry(last.generation, parents)) if name in there]
        if len(line) < 2:
            continue
        at = "by intuition alone" if last.budget == 0 else f"at {count(last.budget)} simulations"
        what = f"{last.generation} is {_difference(last, line[0], rated)} Elo over {line[0].generation} {at}."
        steps = (f"{one.generation} to {two.generation}: {_difference(two, one, rated)}" for one, two in pairwise(line))
        return Gain(_short(last, line[0]), "\n".join((what, _certainty(last, line[0], rated), *steps)))
    return Gain()


def ancestry(generation: str, parents: Mapping[str, str]) -> tuple[str, ...]:
    """A generation, its parent, and so on; a ring of parents is followed once."""
    line = [generation]
    while (parent := parents.get(line[-1])) is not None and parent not in line:
        line.append(parent)
    return tuple(line)


def fuel_sentences(cells: Sequence[Sequence[MatrixCell]], parents: Mapping[str, str]) -> tuple[str, ...]:
    """The fuel reading of each generation whose parent is on the table."""
    rows = {row[0].generation: row for row in cells if row}
    pairs = ((rows.get(parents.get(name, "")), row) for name, row in rows.items())
    said = (fuel_sentence(before, here) for before, here in pairs if before is not None)
    return tuple(sentence for sentence in said if sentence)


def fuel_sentence(before: Sequence[MatrixCell], here: Sequence[MatrixCell]) -> str:
    """With how many simulations the generation before plays as well as this one's intuition; "" if not known.

    Between two budgets the rating is taken to rise evenly with the logarithm of 1 + simulations.
    """
    alone = next((cell for cell in here if cell.budget == 0 and cell.elo is not None), None)
    there = [(cell.budget, cell.elo) for cell in before if cell.elo is not None]
    if alone is None or alone.elo is None or len(there) < 2 or there[0][0] != 0:
        return ""
    who, elder = f"{alone.generation}'s intuition", before[0].generation
    if alone.elo <= there[0][1]:
        return f"{who} is no better than that of {elder}."
    for (low, low_elo), (high, high_elo) in pairwise(there):
        if low_elo < alone.elo <= high_elo:
            part = (alone.elo - low_elo) / (high_elo - low_elo)
            budget = math.expm1(math.log1p(low) + part * (math.log1p(high) - math.log1p(low)))
            return f"{who} equals {elder} with about {count(max(1, round(budget)))} simulations."
    return f"{who} is beyond {elder} with {count(there[-1][0])} simulations."


def matrix_cost(num_generations: int, num_budgets: int, pairs: int) -> str:
    """How many games a table takes."""
    if num_generations * num_budgets < 2:
        return "Two cells or more are needed: choose generations and budgets."
    across = num_generations * num_pairings(num_budgets, all_meet=False)
    down = num_budgets * num_pairings(num_generations, all_meet=False)
    games = 2 * pairs * (across + down)
    return (
        f"{num_generations} generations at {num_budgets} budgets: {count(across + down)} pairings of neighbours, "
        f"{count(games)} games."
    )


def neighbours_of(place: tuple[int, int], record: MatrixRecord, matches: Sequence[MatchInfo]) -> tuple[Neighbour, ...]:
    """What the cell at a place has met: every stored match with another cell of the table, the newest of each pair."""
    here = canonical(record.cells[place[0]][place[1]].player)
    cells = {canonical(cell.player): cell for row in record.cells for cell in row}
    found: dict[str, Neighbour] = {}
    for match in matches:
        a, b = canonical(match.order.a), canonical(match.order.b)
        other = b if a == here else a if b == here else ""
        if other in cells and other != here and other not in found:
            cell = cells[other]
            name = f"{cell.generation}, {budget_text(cell.budget)}"
            found[other] = Neighbour(name, match.match, match_text(match, flipped=a != here))
    return tuple(found.values())


def match_text(match: MatchInfo, *, flipped: bool) -> str:
    """What came of a match, from A's side or from B's: "+120 Elo (60 to 190), 100 games"."""
    report = match.report or {}
    elo, interval, games = report.get("elo"), report.get("elo_interval_95") or (None, None), report.get("games") or 0
    if not games:
        return "no game counted yet"
    score = report.get("score")
    if elo is None:
        share = 0.5 if score is None else 1.0 - score if flipped else score
        return f"score {100 * share:.0f} %, {count(games)} games"
    sign = -1.0 if flipped else 1.0
    low, high = (None if end is None else sign * end for end in interval)
    if flipped:
        low, high = high, low
    ends = " to ".join("open" if end is None else signed(end, 0) for end in (low, high))
    return f"{signed(sign * elo, 0)} Elo (95 %: {ends}), {count(games)} games"


def _half(cell: MatrixCell) -> float | None:
    return None if cell.low is None or cell.high is None else (cell.high - cell.low) / 2.0


def _short(one: MatrixCell, other: MatrixCell) -> str:
    """The difference alone, for a narrow place."""
    return signed((one.elo or 0.0) - (other.elo or 0.0), 0)


def _difference(one: MatrixCell, other: MatrixCell, rated: LadderRated | None) -> str:
    """The difference with its 95 % interval.

    Ratings on one scale err together, most of all against an anchor, so that their difference is surer than both. How
    sure follows from the chance that one is the stronger, which is that of a normal distribution; where that chance is
    next to certain it is a bound. At worst both ratings are independent.
    """
    halves = _half(one), _half(other)
    worst = math.inf if halves[0] is None or halves[1] is None else math.hypot(halves[0], halves[1])
    gap, chance = (one.elo or 0.0) - (other.elo or 0.0), _superiority(one, other, rated)
    if chance is not None and math.isnan(chance):
        return f"{MISSING} (no game connects them)"
    if chance is not None and gap and (chance - 0.5) * gap > 0.0:
        distance = NormalDist().inv_cdf(min(max(chance, 1.0 - _CERTAIN), _CERTAIN))
        worst = min(worst, _Z * gap / distance)
    return f"{_short(one, other)} (open)" if math.isinf(worst) else f"{_short(one, other)} ± {worst:.0f}"


def _certainty(one: MatrixCell, other: MatrixCell, rated: LadderRated | None) -> str:
    """How surely the first is the stronger."""
    chance = _superiority(one, other, rated)
    return "" if chance is None or math.isnan(chance) else f"Stronger: {sure_percent(chance)}"


def _superiority(one: MatrixCell, other: MatrixCell, rated: LadderRated | None) -> float | None:
    """Chance that the first is the stronger, from the joint rating; NaN where no game connects them."""
    places = {player.player: place for place, player in enumerate(() if rated is None else rated.players)}
    if rated is None or one.player not in places or other.player not in places:
        return None
    return rated.superiority[places[one.player]][places[other.player]]
