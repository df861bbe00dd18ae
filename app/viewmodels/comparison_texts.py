"""What is said of a comparison: names that tell the two apart, sentences, rows, and an honest verdict."""

from dataclasses import dataclass

from app.viewmodels import figures
from app.viewmodels.comparison import Compared, DifferenceRow
from app.viewmodels.phrases import Phrases
from app.viewmodels.search_options import METHOD_TEXTS, options_of, shown_value
from engine.domains.base import Line
from engine.search.settings import SearchSettings
from engine.tree.columns import ROOT
from engine.tree.compare_figures import Choice, Divergence, Figures, Summary, Verdict

_MOVES_SHOWN = 6
"""Of a path, before it is shortened from the left."""


@dataclass(frozen=True, slots=True)
class Described:
    """A side before it has a name. `source`: "" for a search, else the name of its file."""

    generation: str
    settings: SearchSettings
    simulations: int
    source: str = ""


def names(a: Described, b: Described) -> tuple[str, str]:
    """Names that say in what two searches differ, and nothing else."""
    if a.source != b.source:
        return a.source or describe(a.generation, a.settings), b.source or describe(b.generation, b.settings)
    parts: tuple[list[str], list[str]] = ([], [])
    if a.generation != b.generation:
        _add(parts, a.generation, b.generation)
    if a.settings.method != b.settings.method:
        _add(parts, _method(a.settings), _method(b.settings))
    else:
        for option in options_of(a.settings.method):
            values = shown_value(option, a.settings), shown_value(option, b.settings)
            if values[0] != values[1]:
                texts = [f"{option.label.lower()} {value:,.{option.digits}f}{option.unit}" for value in values]
                _add(parts, texts[0], texts[1])
    if not parts[0]:
        _add(parts, f"at {figures.count(a.simulations)}", f"at {figures.count(b.simulations)}")
        if a.simulations == b.simulations:
            return "This search", "The same again"
    return ", ".join(parts[0]), ", ".join(parts[1])


def describe(generation: str, settings: SearchSettings) -> str:
    """A search that is not told apart from another."""
    return f"{generation}, {_method(settings)}"


def side_figures(simulations: int, value: float) -> str:
    """Simulations, and the value of the root for the player to move there."""
    return f"{figures.count(simulations)} simulations · {figures.signed(value)}"


def agreement_sentence(said: Summary, line: Line, phrases: Phrases) -> str:
    """How far the main lines agree, and where they part."""
    if said.identical:
        return "The two trees are identical: the same positions, visits and values."
    split = said.divergence
    if split is None:
        shorter = min(len(said.line_a), len(said.line_b))
        if len(said.line_a) == len(said.line_b):
            return f"Both expect the same line, {_plies(shorter)}."
        longer = "A" if len(said.line_a) > len(said.line_b) else "B"
        return f"Both expect the same line for {_plies(shorter)}; {longer} looks further."
    one, two = _moves(split, line, phrases)
    if not split.ply:
        return f"They disagree at once: A plays {one}, B plays {two}."
    return f"They agree for {_plies(split.ply)}. Then A plays {one}, B plays {two}."


def divergence_sentence(split: Divergence, line: Line, phrases: Phrases) -> str:
    """What either thinks of the two moves where the lines part."""
    one, two = _moves(split, line, phrases)
    said = [
        f"{letter}: {one} {_opinion(choices[0])}, {two} {_opinion(choices[1])}"
        for letter, choices in (("A", split.a), ("B", split.b))
    ]
    return " · ".join(said)


def distance_sentence(said: Summary) -> str:
    """How different the root's visits are, plainly."""
    if said.root_distance < 0.0005:
        return "At the root both give every move the same share of visits."
    return f"At the root {figures.percent(said.root_distance)} of the visits go to other moves."


def shared_sentence(said: Summary) -> str:
    """How many positions both looked at."""
    both, a, b = (figures.count(number) for number in (said.shared, said.only_a, said.only_b))
    return f"{both} positions in both, {a} only in A, {b} only in B."


def age_text(seconds: float) -> str:
    """How old the comparison is."""
    return "as of now" if seconds < 1.5 else f"as of {seconds:.0f} s ago"


def verdict_sentence(verdict: Verdict, split: Divergence, line: Line, judge: str, phrases: Phrases) -> str:
    """Who was right, in the words of a deeper search by the generation `judge`; `line`: to the root compared."""
    one, two = _moves(split, line, phrases)
    search = f"A search of {figures.count(verdict.simulations)} simulations by {judge}"
    if verdict.action < 0:
        return f"{search} has not looked far enough to say anything."
    shown = f"{search} gives {one} {_opinion(verdict.of_a)}, {two} {_opinion(verdict.of_b)}"
    there = line.then(*split.path)
    other = phrases.last_text(there.then(verdict.action))
    end = {
        "a": "it sides with A",
        "b": "it sides with B",
        "neither": f"it sides with neither and plays {other}",
        "undecided": "it hardly tells them apart",
    }[verdict.sides_with]
    return f"{shown}: {end}."


def row(node: int, compared: Compared, phrases: Phrases) -> DifferenceRow:
    """What both say of a node of the union."""
    union, found = compared.union, compared.found
    tree = union.tree
    parent = max(int(tree.links["parent"][node]), ROOT)
    path = tree.path(node)
    texts = list(phrases.texts(tree.line, path))
    before = texts[:-1]
    if len(before) > _MOVES_SHOWN:
        before = ["…", *before[-_MOVES_SHOWN:]]
    came = bool(union.in_a[parent] >= 0), bool(union.in_b[parent] >= 0)
    return DifferenceRow(
        node=node,
        move=texts[-1] if texts else "Root",
        path=" ".join(before),
        shares=(_share(found.a, node, there=came[0]), _share(found.b, node, there=came[1])),
        qs=(_known(found.a.q[node]), _known(found.b.q[node])),
        visits=(int(found.a.visits[node]), int(found.b.visits[node])),
        priors=(_known(found.a.prior[node]), _known(found.b.prior[node])),
    )


def row_sentence(row: DifferenceRow) -> str:
    """What both say of a node."""
    sides = []
    for letter, share, q, visits in zip("AB", row.shares, row.qs, row.visits, strict=True):
        known = f"{figures.percent(share)} / {figures.signed(q)} ({figures.count(visits)})" if share is not None else ""
        sides.append(f"{letter} {known or 'never came there'}")
    return f"{row.move}: {', '.join(sides)}"


def line_texts(line: Line, actions: tuple[int, ...], phrases: Phrases) -> tuple[str, ...]:
    """A principal variation, move by move."""
    return tuple(phrases.texts(line, actions))


def _share(side: Figures, node: int, *, there: bool) -> float | None:
    return float(side.local_share[node]) if there else None


def _known(value: float) -> float | None:
    return None if value != value else float(value)


def _add(parts: tuple[list[str], list[str]], a: str, b: str) -> None:
    parts[0].append(a)
    parts[1].append(b)


def _method(settings: SearchSettings) -> str:
    return next(each.text for each in METHOD_TEXTS if each.name == settings.method)


def _moves(split: Divergence, line: Line, phrases: Phrases) -> tuple[str, str]:
    there = line.then(*split.path)
    return phrases.last_text(there.then(split.action_a)), phrases.last_text(there.then(split.action_b))


def _opinion(choice: Choice) -> str:
    """A move as a search sees it: its share, and its value for the player who chooses it."""
    if choice.q is None:
        return "not one visit"
    return f"{figures.percent(choice.share)} / {figures.signed(choice.q)}"


def _plies(count: int) -> str:
    return "one move" if count == 1 else f"{count} moves"
