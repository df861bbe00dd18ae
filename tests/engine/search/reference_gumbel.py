"""Gumbel search and UCT written the slow and obvious way, from the papers: what the compiled search must agree with.

Gumbel: Danihelka, Guez, Schrittwieser and Silver 2022; the order of visits at the root is that of mctx's
`get_sequence_of_considered_visits`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Line, Rules
from engine.search.evaluator import Evaluator
from engine.search.settings import SearchSettings
from tests.engine.search.reference import Node


def considered_visits(considered: int, simulations: int) -> list[int]:
    """How often the action that each simulation visits has been visited before."""
    if considered <= 1:
        return list(range(simulations))
    rounds = math.ceil(math.log2(considered))
    sequence: list[int] = []
    visits = [0] * considered
    left = considered
    while len(sequence) < simulations:
        for _ in range(max(1, simulations // (rounds * left))):
            sequence.extend(visits[:left])
            visits[:left] = [count + 1 for count in visits[:left]]
        left = max(2, left // 2)
    return sequence[:simulations]


def completed(node: Node) -> tuple[list[int], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Actions of `node`, their priors, visits and completed values."""
    actions = list(node.priors)
    prior = np.array([max(1e-9, node.priors[action]) for action in actions])
    visits = np.array([node.children[a].visits if a in node.children else 0 for a in actions], float)
    q = np.array([-node.children[a].total / node.children[a].visits if a in node.children else np.nan for a in actions])
    mix = node.raw
    seen = visits > 0
    if seen.any():
        mix = (node.raw + visits.sum() * (prior[seen] @ q[seen]) / prior[seen].sum()) / (1 + visits.sum())
    return actions, prior, visits, np.where(seen, q, mix)


def scores(node: Node, settings: SearchSettings) -> NDArray[np.float64]:
    """ln prior + sigma(completed q) of every action of `node`."""
    _, prior, visits, q = completed(node)
    return np.asarray(np.log(prior) + (settings.c_visit + visits.max()) * settings.c_scale * (q + 1) / 2)


def improved_choice(node: Node, settings: SearchSettings) -> int:
    """The action whose visits lag furthest behind the improved policy."""
    actions, _, visits, _ = completed(node)
    weight = np.exp(scores(node, settings) - scores(node, settings).max())
    return actions[int(np.argmax(weight / weight.sum() - visits / (1 + visits.sum())))]


def upper_confidence_choice(node: Node, settings: SearchSettings) -> int:
    """The first action not tried yet, else the one with the highest upper confidence bound."""
    for action in node.priors:
        if action not in node.children:
            return action

    def bound(action: int) -> float:
        child = node.children[action]
        return -child.total / child.visits + settings.c_uct * math.sqrt(math.log(node.visits) / child.visits)

    return max(node.priors, key=bound)


class Reference:
    """Grows a tree one simulation at a time."""

    def __init__(self, rules: Rules, evaluator: Evaluator, line: Line, settings: SearchSettings) -> None:
        self._rules, self._evaluator, self._settings = rules, evaluator, settings
        self.root = Node(rules, evaluator, rules.load(line)[-1:], settings)
        self.root.visits, self.root.total = 1, self.root.raw

    def simulate(self, first: int | None = None) -> None:
        """One simulation; `first`: the action at the root, where it is given."""
        settings = self._settings
        choose = improved_choice if settings.method == "gumbel" else upper_confidence_choice
        path, action = [self.root], first
        while path[-1].priors:
            node = path[-1]
            action = choose(node, settings) if action is None else action
            if action not in node.children:
                step = self._rules.step(node.state, np.array([action], np.uint16))
                node.children[action] = Node(self._rules, self._evaluator, step, settings)
                path.append(node.children[action])
                break
            path.append(node.children[action])
            action = None
        value = path[-1].raw
        for node in reversed(path):
            node.visits += 1
            node.total += value
            value = -value

    def halve(self, simulations: int, noise: NDArray[np.float64]) -> tuple[list[int], list[int]]:
        """Deal `simulations` out by sequential halving: the order of the root's visits; who is left, best first."""
        root, settings = self.root, self._settings
        actions = list(root.priors)
        start = noise + np.log([max(1e-9, prior) for prior in root.priors.values()])
        considered = min(settings.considered, len(actions), simulations)
        halvings = max(1, math.ceil(math.log2(considered)))
        left = [int(k) for k in np.argsort(-start, kind="stable")[:considered]]
        order: list[int] = []
        while True:
            for _ in range(max(1, simulations // (halvings * len(left)))):
                waiting = list(left)
                while waiting and len(order) < simulations:
                    choice = max(waiting, key=lambda k: (noise + scores(root, settings))[k])
                    waiting.remove(choice)
                    order.append(actions[choice])
                    self.simulate(actions[choice])
            left.sort(key=lambda k: -(noise + scores(root, settings))[k])
            if len(order) == simulations:
                return order, [actions[k] for k in left]
            left = left[: max(2, len(left) // 2)]
