"""One simulation, taken apart: how it chose its way, what it found there, and how that changed the values above.

Read off the tree before it and the tree after it, so the same for one that was just done and for one of long ago.
Values are from the player who chooses the move; the root's from the player to move there.
"""

from dataclasses import dataclass

import numpy as np

from app.lights import Phase
from app.viewmodels import figures
from app.viewmodels.showing import Showing
from engine.tree.columns import ROOT, SearchTree
from engine.tree.explain import node_value
from engine.tree.history import Descent, History
from engine.tree.ledger import Rule, edges_of, ledger, rule_at

_PRIORS_SHOWN = 3
_MOST_DIGITS = 6
_STEPS_SHOWN = 4
"""In a sentence; the picture shows them all."""


@dataclass(frozen=True, slots=True)
class ChoiceStep:
    """One step down: what was chosen at a node, and what came next to it.

    Attributes:
        node: where it leads. move: its text.
        score: of the move taken, None where the method adds nothing up. rival, rival_score: the best of the others that
            were open, "" and None where there was none.
        in_turn: its score was the highest. If not, it was one of a batch whose others were on their way, a win seen
            beforehand, or visits lent by hand.
        terms: the parts of the score that are not nothing, as (name, value).
    """

    node: int
    move: str
    score: float | None
    rival: str = ""
    rival_score: float | None = None
    in_turn: bool = True
    terms: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class BackupStep:
    """One step up: the value of a node before and after; before is None where this was its first visit."""

    node: int
    move: str
    before: float | None
    after: float
    visits: int


@dataclass(frozen=True, slots=True)
class PhaseRecord:
    """One of the four phases.

    Attributes:
        title: "1 Select". text: what happened in it. tooltip: what it is.
        captions: a few words at nodes of the picture, as (node, words).
    """

    phase: Phase
    title: str
    text: str
    tooltip: str
    captions: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AnatomyRecord:
    """A simulation taken apart.

    Attributes:
        path: its nodes, from the root. opened: the last of them was new.
        choices, backups: its steps, from the root; the root has no choice but a backup.
    """

    simulation: int
    path: tuple[int, ...]
    opened: bool
    choices: tuple[ChoiceStep, ...]
    backups: tuple[BackupStep, ...]
    phases: tuple[PhaseRecord, ...]


def anatomy_record(history: History, simulation: int, showing: Showing) -> AnatomyRecord:
    """Simulation `simulation` of the epoch of `history`; its past tree stands at that moment afterwards.

    Raises:
        MomentError: it is not in that epoch.
    """
    descent = history.descent(simulation)
    before = history.seek(simulation - 1)
    choices = _choices(before, descent, showing)
    values = {node: _value(before, node) for node in descent.path if node < before.num_nodes}
    after = history.seek(simulation)
    backups = tuple(
        BackupStep(
            node, _move(after, node, showing), values.get(node), _value(after, node), int(after.stats["visits"][node])
        )
        for node in _counted(after, descent)
    )
    phases = (
        _select(choices),
        _expand(after, descent, showing),
        _evaluate(after, descent, showing),
        _backup(backups),
    )
    return AnatomyRecord(simulation, descent.path, descent.opened, choices, backups, phases)


def _choices(tree: SearchTree, descent: Descent, showing: Showing) -> tuple[ChoiceStep, ...]:
    """The way down, as the tree before it explains it."""
    steps, is_lent = [], descent.branch >= 0
    for parent, node in zip(descent.path, descent.path[1:], strict=False):
        edge = int(showing.moment.tree.links["parent_edge"][node])
        given = is_lent
        is_lent = is_lent and edge != descent.branch
        steps.append(_choice(tree, parent, node, edge, showing, is_given=given))
    return tuple(steps)


def _choice(tree: SearchTree, parent: int, node: int, edge: int, showing: Showing, *, is_given: bool) -> ChoiceStep:
    """One choice; `is_given`: it was lent visits, not chosen."""
    line = tree.line_to(parent)
    texts = {action: choice.text for action, choice in showing.phrases.choices(line).items()}
    first = tree.edge_run(parent).start
    move = texts[int(tree.edge_action[edge])]
    rule = rule_at(showing.moment.settings.method, parent)
    if rule in (Rule.NONE, Rule.KNOCK_OUT) or is_given:
        return ChoiceStep(node, move, None, in_turn=not is_given)
    found = ledger(edges_of(tree, parent), rule, showing.moment.parameters)
    mine = edge - first
    others = np.where(found.edges.is_open, found.score, -np.inf)
    others[mine] = -np.inf
    score = float(found.score[mine])
    names = (("Q", found.value), ("first-play urgency", found.reduction), ("U", found.bonus + found.spent))
    terms = tuple((name, float(column[mine])) for name, column in names if column[mine])
    if not np.isfinite(others).any():
        return ChoiceStep(node, move, score, terms=terms)
    rival = int(np.argmax(others))
    rival_score = float(others[rival])
    rival_move = texts[int(tree.edge_action[first + rival])]
    return ChoiceStep(node, move, score, rival_move, rival_score, score >= rival_score, terms)


def _counted(tree: SearchTree, descent: Descent) -> list[int]:
    """The nodes that count the simulation: all of its path, or those below the branch it was lent to."""
    if descent.branch < 0:
        return list(descent.path)
    lent_to = int(tree.edge_child[descent.branch])
    return list(descent.path[descent.path.index(lent_to) :])


def _select(choices: tuple[ChoiceStep, ...]) -> PhaseRecord:
    parts = [_choice_words(step) for step in choices[:_STEPS_SHOWN]]
    more = len(choices) - len(parts)
    text = ", ".join(parts) + (f" and {more} more" if more else "") if parts else "It looks at the root itself."
    captions = tuple((step.node, figures.signed(step.score, 3)) for step in choices if step.score is not None)
    tooltip = "From the root on, the move of the highest score is taken. (selection)"
    if any(not step.in_turn for step in choices):
        tooltip += " Some were taken out of turn: others of the batch were on their way, a win seen, or visits lent."
    return PhaseRecord("select", "1 Select", text, tooltip, captions)


def _choice_words(step: ChoiceStep) -> str:
    if step.score is None:
        return step.move
    own = f"{step.move} {figures.signed(step.score, 3)}"
    if step.rival_score is None:
        return own
    word = "over" if step.in_turn else "out of turn, not"
    return f"{own} {word} {step.rival} {figures.signed(step.rival_score, 3)}"


def _expand(tree: SearchTree, descent: Descent, showing: Showing) -> PhaseRecord:
    leaf = descent.path[-1]
    count = int(tree.links["num_edges"][leaf])
    where = _move(tree, leaf, showing)
    if not descent.opened:
        text = f"Nothing new: what {where} is worth is certain already."
    elif tree.facts["outcome"][leaf]:
        text = f"After {where} play has ended: {showing.outcomes[int(tree.facts['outcome'][leaf])].text}."
    else:
        moves = "1 move" if count == 1 else f"{count} moves"
        text = f"{'The root' if leaf == ROOT else where} is new: {moves} from there."
    tooltip = "A position that was not looked at before joins the tree. (expansion)"
    return PhaseRecord("expand", "2 Expand", text, tooltip, ((leaf, "new" if descent.opened else "known"),))


def _evaluate(tree: SearchTree, descent: Descent, showing: Showing) -> PhaseRecord:
    leaf = descent.path[-1]
    value = figures.signed(_seen(tree, leaf, descent.value))
    liked = ""
    if descent.opened and not tree.facts["outcome"][leaf] and tree.links["num_edges"][leaf]:
        run = tree.edge_run(leaf)
        best = np.argsort(-tree.priors[run].astype(np.float64), kind="stable")[:_PRIORS_SHOWN]
        texts = showing.phrases.choices(tree.line_to(leaf))
        names = [
            f"{texts[int(tree.edge_action[run][k])].text} {figures.percent(float(tree.priors[run][k]))}" for k in best
        ]
        liked = f"; it likes {', '.join(names)}"
    who = "Intuition says" if liked else "It counts as"
    tooltip = "What the position is worth at a glance, and which moves look good. (raw value V, priors P)"
    return PhaseRecord("evaluate", "3 Evaluate", f"{who} {value}{liked}.", tooltip, ((leaf, value),))


def _backup(backups: tuple[BackupStep, ...]) -> PhaseRecord:
    parts = [f"{step.move} {_change(step)}" for step in backups[:_STEPS_SHOWN]]
    more = len(backups) - len(parts)
    text = ", ".join(parts) + (f" and {more} more" if more else "")
    tooltip = "Every node on the way counts one visit more and takes the value into its mean. (backup)"
    return PhaseRecord("backup", "4 Backup", text, tooltip, tuple((step.node, _change(step)) for step in backups))


def _change(step: BackupStep) -> str:
    if step.before is None:
        return figures.signed(step.after, 3)
    digits = 3
    while digits < _MOST_DIGITS and round(step.before, digits) == round(step.after, digits) != step.before:
        digits += 1  # so that a change can be seen where there are many visits
    return f"{figures.signed(step.before, digits)} → {figures.signed(step.after, digits)}"


def _move(tree: SearchTree, node: int, showing: Showing) -> str:
    return "the root" if node == ROOT else showing.phrases.last_text(tree.line_to(node))


def _value(tree: SearchTree, node: int) -> float:
    """Value of a node for the player who chooses it."""
    return _seen(tree, node, node_value(tree, node))


def _seen(tree: SearchTree, node: int, value: float) -> float:
    """A value from the player to move at `node`, for the player who chooses it."""
    return value if node == ROOT else tree.sign * value + 0.0
