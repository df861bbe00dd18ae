"""PUCT written the slow and obvious way, straight from the formula: what the compiled search must agree with."""

import math

import numpy as np

from engine.domains.base import Line, Rules
from engine.search.evaluator import Evaluator, Leaves
from engine.search.settings import SearchSettings


class Node:
    def __init__(self, rules: Rules, evaluator: Evaluator, state: np.ndarray, settings: SearchSettings) -> None:
        expansion = rules.expand(state)
        self.state = state
        self.outcome = int(expansion.outcomes[0])
        self.children: dict[int, Node] = {}
        self.visits, self.total = 0, 0.0
        self.priors: dict[int, float] = {}
        if self.outcome:
            self.raw = float(rules.outcomes[self.outcome].value)
            return
        evaluation = evaluator.evaluate(Leaves(state, None, expansion.offsets, expansion.actions))
        self.raw = float(np.float32(evaluation.wdl[0, 0] - evaluation.wdl[0, 2]))
        weights = np.exp((evaluation.logits.astype(np.float64) - evaluation.logits.max()) / settings.policy_temperature)
        priors = (weights.astype(np.float32) / weights.sum()).astype(np.float32).astype(np.float16)
        order = sorted(range(len(priors)), key=lambda i: -float(priors[i]))
        self.priors = {int(expansion.actions[i]): float(priors[i]) for i in order}

    def choose(self, settings: SearchSettings) -> int:
        growth = math.log((self.visits + settings.c_puct_base) / settings.c_puct_base)
        c = settings.c_puct + settings.c_puct_factor * growth
        scale = c * math.sqrt(max(1, self.visits - 1))
        seen = sum(prior for action, prior in self.priors.items() if action in self.children)
        urgency = self.total / self.visits - settings.fpu_reduction * math.sqrt(seen)

        def score(action: int) -> float:
            child = self.children.get(action)
            if child is None:
                return urgency + scale * self.priors[action]
            return -child.total / child.visits + scale * self.priors[action] / (1 + child.visits)

        return max(self.priors, key=score)


def reference_search(
    rules: Rules, evaluator: Evaluator, line: Line, settings: SearchSettings, simulations: int
) -> Node:
    """`simulations` sequential simulations without proofs or prunes; two players."""
    root = Node(rules, evaluator, rules.load(line)[-1:], settings)
    root.visits, root.total = 1, root.raw
    for _ in range(simulations - 1):
        path = [root]
        while path[-1].priors:
            node = path[-1]
            action = node.choose(settings)
            if action in node.children:
                path.append(node.children[action])
                continue
            child = Node(rules, evaluator, rules.step(node.state, np.array([action], np.uint16)), settings)
            node.children[action] = child
            path.append(child)
            break
        value = path[-1].raw
        for node in reversed(path):
            node.visits += 1
            node.total += value
            value = -value
    return root
