"""The ledger of a node as rows: each action with the terms of its score, and what would turn the choice."""

import math

import numpy as np
from numpy.typing import NDArray

from app.viewmodels import figures
from app.viewmodels.flip_words import exact_percent, next_sentence, played_sentence
from app.viewmodels.pruning import pruned_text
from app.viewmodels.score_figures import score_figures
from app.viewmodels.showing import Showing, pruned_sentence
from app.viewmodels.why_records import LedgerRecord, LedgerRow
from engine.search.halving import draw_noise
from engine.tree.columns import NO_NODE, ROOT
from engine.tree.flips import Flips, flips
from engine.tree.ledger import Ledger, Rule, edges_of, ledger, rule_at

MOST_ROWS = 8
_LOOK_AHEAD, _LEAST_AHEAD = 200_000, 10_000
"""Simulations that a turn is looked for in, most and least: twice the visits so far, which takes some milliseconds."""
_LOOK_AHEAD_POLICY = 5_000
"""The same where every step makes a policy anew."""

_RULES = {
    Rule.PUCT: "Each simulation goes where value and bonus add up to most: Q + U. (PUCT)",
    Rule.UCB: "Each simulation goes where value and doubt add up to most, what is untried first. (UCB1)",
    Rule.IMPROVED_POLICY: "Each simulation goes where most is missing of what search would teach. (Gumbel, inside)",
    Rule.KNOCK_OUT: "Visits go round; the lower half by score drops out each time. (sequential halving, Gumbel)",
    Rule.NONE: "This method adds nothing up: it tries actions by their priors.",
}


def ledger_record(node: int, showing: Showing, own_action: int = -1) -> LedgerRecord:
    """The ledger of `node`; empty where nothing follows it.

    Args:
        own_action: the action that is asked about, always among the rows; -1 = none.
    """
    moment = showing.moment
    tree, settings = moment.tree, moment.settings
    if not 0 <= node < tree.num_nodes or not tree.links["num_edges"][node]:
        return LedgerRecord()
    rule = rule_at(settings.method, node)
    gumbel = root_noise(showing) if rule is Rule.KNOCK_OUT else None
    account = ledger(edges_of(tree, node), rule, moment.parameters, gumbel)
    most = min(_LOOK_AHEAD, max(_LEAST_AHEAD, 2 * account.edges.node_visits))
    if rule is Rule.IMPROVED_POLICY:
        most = _LOOK_AHEAD_POLICY
    found = flips(tree, node, account, moment.parameters, gumbel, most)
    shown = _places(account, found, _place_of(node, own_action, showing))
    texts = _texts(node, showing)
    rows = tuple(_row(place, node, account, found, showing, texts, own_action, most) for place in shown)
    return LedgerRecord(_RULES[rule], rule.value, rows, len(account.score) - len(rows), _note(node, showing))


def root_noise(showing: Showing) -> NDArray[np.float64]:
    """The Gumbel noise of the root's edges, as the search drew it: it goes by seed and ply alone."""
    tree, settings = showing.moment.tree, showing.moment.settings
    noise = np.empty(int(tree.links["num_edges"][ROOT]))
    draw_noise(noise, settings.gumbel_scale, np.uint64(settings.seed % 2**64), np.uint64(len(tree.line.actions)))
    return noise


def _note(node: int, showing: Showing) -> str:
    """What goes before the rule, or makes it inexact."""
    moment = showing.moment
    tree = moment.tree
    notes = []
    if tree.lent:
        edge, due = next(iter(tree.lent.items()))
        owner = tree.owner(edge)
        path = (*tree.path(owner), int(tree.edge_action[edge]))
        where = " ".join(showing.phrases.texts(tree.line, path))
        notes.append(f"The next {figures.count(due)} simulations are lent to {where}, whatever the scores.")
    if node == ROOT and moment.settings.root_noise and len(tree.line.actions) == len(moment.header.actions):
        notes.append(f"{figures.percent(moment.settings.root_noise)} of the priors here is noise. (Dirichlet)")
    if len(tree.edge_action[tree.edge_run(node)]) and tree.stats["lower"][node] == tree.stats["upper"][node]:
        notes.append("Its own value is proven: no simulation goes on from here.")
    return " ".join(notes)


def _place_of(node: int, action: int, showing: Showing) -> int:
    edge = showing.moment.tree.edge_of(node, action) if action >= 0 else -1
    return edge - showing.moment.tree.edge_run(node).start if edge >= 0 else -1


def _places(account: Ledger, found: Flips, own: int) -> list[int]:
    """The rows worth showing, most visited first, then by prior: the two chosen ones and `own` among them."""
    edges = account.edges
    order = np.lexsort((-edges.prior, -edges.visits)).tolist()
    wanted = [place for place in dict.fromkeys((own, found.next, found.played)) if place >= 0]
    kept = set(wanted) | set([place for place in order if place not in wanted][: MOST_ROWS - len(wanted)])
    return [place for place in order if place in kept]


def _texts(node: int, showing: Showing) -> dict[int, str]:
    """Names of the actions of `node`."""
    choices = showing.phrases.choices(showing.moment.tree.line_to(node))
    return {action: choice.text for action, choice in choices.items()}


def _row(
    place: int,
    node: int,
    account: Ledger,
    found: Flips,
    showing: Showing,
    texts: dict[int, str],
    own_action: int,
    most: int,
) -> LedgerRow:
    tree, edges = showing.moment.tree, account.edges
    edge = tree.edge_run(node).start + place
    action, cut = int(tree.edge_action[edge]), int(tree.edge_pruned[edge])
    note = tree.prunes.get(edge)
    sentences = (
        "" if action == own_action else pruned_sentence(edge, node, showing),  # the card has it already
        next_sentence(place, found, account, most),
        played_sentence(place, found, cut),
    )
    value, bonus = bar_parts(account, place)
    return LedgerRow(
        action=action,
        node=max(int(tree.edge_child[edge]), NO_NODE),
        text=texts.get(action, f"action {action}"),
        value=value,
        bonus=bonus,
        quality=float(edges.q[place]) if edges.is_visited[place] else None,
        score_text=_score_text(account, place),
        # In a knock-out visits go round since the run began, which a tree does not tell.
        is_next=place == found.next and account.rule not in (Rule.NONE, Rule.KNOCK_OUT),
        is_played=place == found.played,
        is_self=action == own_action,
        figures=score_figures(account, place, _leader(account, found)),
        sentences=tuple(sentence for sentence in sentences if sentence),
        cut=pruned_text(cut),
        cut_at=note.at if note is not None else -1,
    )


def _leader(account: Ledger, found: Flips) -> int:
    """The edge that the others are behind: the next, in a knock-out the one that stands highest; -1 = none."""
    if account.rule is not Rule.KNOCK_OUT or found.next < 0:
        return found.next
    return int(np.argmax(np.where(account.edges.is_open, account.score, -np.inf)))


def bar_parts(account: Ledger, place: int) -> tuple[float | None, float]:
    """What the bar of an edge is made of: the value part, if there is one, and what is added to it."""
    match account.rule:
        case Rule.PUCT | Rule.UCB:
            value = float(account.value[place] + account.reduction[place])
            bonus = float(account.score[place]) - value
            return value, bonus if math.isfinite(bonus) else 2.0
        case Rule.IMPROVED_POLICY | Rule.KNOCK_OUT:
            return None, float(account.policy[place])
        case Rule.NONE:
            return None, float(account.edges.prior[place])


def _score_text(account: Ledger, place: int) -> str:
    if account.rule is Rule.NONE:
        return exact_percent(float(account.edges.prior[place]))
    return figures.signed(float(account.score[place]), 3 if account.rule is not Rule.KNOCK_OUT else 2)
