"""What tests of the search share: ways to run one, intuitions that answer as told, and two problems for one player."""

import math
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from engine.domains import registry
from engine.domains.base import Format, Line, OutcomeKind, PositionError, Rules
from engine.domains.python_domain import PythonDomain, PythonRules
from engine.search.evaluator import Evaluation, Evaluator, Leaves
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.oracle import Oracle
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.search.stoppers import StopReason
from engine.tree.columns import ROOT, SearchTree
from engine.tree.fold import empty_tree, fold_stream

FOUR, CHESS = "connect_four", "chess"
PLAIN = {"prune_out_of_reach": False, "look_for_wins": False, "prune_duplicates": False}
"""Settings of a search that gives nothing up and visits nothing out of turn, proofs aside."""


class Run(NamedTuple):
    """A search and the events it has written."""

    search: Search
    journal: list[bytes]

    @property
    def tree(self) -> SearchTree:
        return self.search.tree

    def go(self, simulations: int) -> StopReason:
        """Run to the end of a budget."""
        self.search.start_run(Limits(simulations=simulations))
        for _ in range(2 * simulations + 10):
            if (reason := self.search.advance()) is not None:
                return reason
        raise AssertionError(f"the run does not come to its end; {self.tree.simulations} simulations are done")

    def visits(self) -> dict[int, int]:
        """Visits of each action of the root, those lent left out."""
        tree = self.tree
        run = tree.edge_run(ROOT)
        child = tree.edge_child[run]
        stats = tree.stats[np.maximum(child, 0)]
        counts = np.where(child >= 0, stats["visits"] - stats["borrowed"], 0)
        return dict(zip(tree.edge_action[run].tolist(), counts.tolist(), strict=True))

    def reasons(self) -> dict[int, int]:
        """Why each action of the root is pruned, 0 = it is not."""
        run = self.tree.edge_run(ROOT)
        return dict(zip(self.tree.edge_action[run].tolist(), self.tree.edge_pruned[run].tolist(), strict=True))

    def evidence(self, *path: int) -> float:
        """Evidence against the branch at `path`."""
        return self.tree.prunes[self.tree.find_edge(path)].evidence


def begin(
    where: Rules | str = FOUR,
    line: Line | str = "startpos",
    evaluator: Evaluator | None = None,
    *,
    oracle: Oracle | None = None,
    **options: Any,
) -> Run:
    """A search that stands still."""
    rules = registry.rules(where) if isinstance(where, str) else where
    if isinstance(line, str):
        line = registry.notation(where).parse_line(line) if isinstance(where, str) else Line(line)
    journal: list[bytes] = []
    settings = SearchSettings(**({"policy_temperature": 1.0} | options))
    return Run(Search(rules, evaluator or HashEvaluator(), line, settings, journal.append, oracle=oracle), journal)


def done(simulations: int, where: Rules | str = FOUR, line: Line | str = "startpos", *args: Any, **options: Any) -> Run:
    """A search that has run."""
    run = begin(where, line, *args, **options)
    run.go(simulations)
    return run


def assert_same(one: SearchTree, other: SearchTree) -> None:
    """Equal column for column, to the last bit."""
    counts = ("num_nodes", "num_edges", "simulations", "line", "prunes", "lent")
    assert [getattr(one, name) for name in counts] == [getattr(other, name) for name in counts]
    for name in ("links", "stats", "facts"):
        left, right = (getattr(tree, name)[: tree.num_nodes] for tree in (one, other))
        for column in left.dtype.names:
            assert left[column].tobytes() == right[column].tobytes(), f"{name}.{column}"
    for name in ("edge_action", "edge_prior", "edge_child", "edge_pruned"):
        assert np.array_equal(*(getattr(tree, name)[: tree.num_edges] for tree in (one, other))), name


def assert_journal_tells_all(run: Run) -> None:
    """The fold of the journal is the tree, and nothing is left in flight."""
    tree = run.tree
    assert not tree.stats["in_flight"][: tree.num_nodes].any()
    assert not (tree.edge_child[: tree.num_edges] < -1).any(), "a pending mark was left"
    copy = empty_tree(run.search.header)
    fold_stream(copy, b"".join(run.journal))
    assert_same(copy, tree)


def assert_in_range(tree: SearchTree) -> None:
    """Means lie where values do, and a parent counts what its children have less what was lent to them."""
    stats = tree.stats[: tree.num_nodes]
    assert (np.abs(stats["value_sum"]) <= stats["visits"] + 1e-9).all()
    assert (stats["draw_sum"] >= 0).all()
    assert (stats["draw_sum"] <= stats["visits"] + 1e-9).all()
    assert (stats["lower"] <= stats["upper"]).all()
    assert (stats["borrowed"] <= stats["visits"]).all()
    parent = tree.links["parent"][1 : tree.num_nodes]
    below = np.zeros(tree.num_nodes, np.int64)
    np.add.at(below, parent, (stats["visits"] - stats["borrowed"])[1:])
    assert (below <= stats["visits"]).all()


class Network:
    """Answers from the features alone, like a network: a format, equal answers to equal questions, a delay if asked.

    Attributes:
        threads: those that asked. calls: how many questions. fails_at: numbers of the questions that it fails at.
    """

    weights_hash, device = "a network", "elsewhere"
    fmt: str | None = "planes"

    def __init__(self, delay_s: Callable[[], float] | None = None, fails_at: Sequence[int] = ()) -> None:
        self.name = "network"
        self.threads: set[str] = set()
        self.calls = 0
        self._delay_s, self.fails_at = delay_s, set(fails_at)
        self._busy = threading.Lock()

    def evaluate(self, leaves: Leaves) -> Evaluation:
        assert leaves.features is not None
        assert self._busy.acquire(blocking=False), "asked by two threads at once"
        try:
            self.calls += 1
            self.threads.add(threading.current_thread().name)
            if self._delay_s is not None:
                time.sleep(self._delay_s())
            if self.calls in self.fails_at:
                raise OSError("the device is gone")
            flat = leaves.features.reshape(len(leaves.states), -1).astype(np.float64)
            drawn = np.abs(np.sin(flat @ np.arange(1.0, flat.shape[1] + 1)))
            row = np.repeat(np.arange(len(flat)), np.diff(leaves.offsets))
            logits = 3.0 * np.abs(np.sin(100.0 * drawn[row] + 7.0 * leaves.actions))
            value = 1.6 * drawn - 0.8
            return Evaluation(logits.astype(np.float32), chances(value))
        finally:
            self._busy.release()


class Told:
    """Priors and value of each state are those that `opinion` gives of its record: in the order of its actions."""

    name, weights_hash, device = "told", "", "none"
    fmt: str | None = None

    def __init__(self, opinion: Callable[[np.void], tuple[Sequence[float] | None, float]]) -> None:
        self._opinion = opinion

    def evaluate(self, leaves: Leaves) -> Evaluation:
        logits, values = [], []
        for state, count in zip(leaves.states, np.diff(leaves.offsets), strict=True):
            priors, value = self._opinion(state)
            priors = [1.0] * int(count) if priors is None else priors
            assert len(priors) == count, (state, priors)
            logits += [math.log(prior) for prior in priors]
            values.append(value)
        return Evaluation(np.array(logits, np.float32), chances(np.array(values)))


def chances(value: NDArray[np.float64]) -> NDArray[np.float32]:
    """Win, draw and loss that come to `value`."""
    wdl = np.stack((np.maximum(value, 0), 1 - np.abs(value), np.maximum(-value, 0)), axis=1)
    return wdl.astype(np.float32)


IN_PLAY, SOLVED, WRONG, HALF = range(4)
_DIGITS = 18  # of a path, that 64 bits have room for
_OUTCOMES = (OutcomeKind("in play", 0), OutcomeKind("solved", 1), OutcomeKind("wrong", -1), OutcomeKind("half", 0))


def tree_of(
    widths: Sequence[int],
    end: Callable[[tuple[int, ...]], int],
    players: int = 1,
    early: Mapping[tuple[int, ...], int] = MappingProxyType({}),
) -> PythonRules[Any]:
    """A tree to order: `widths[d]` actions at depth `d`; at the bottom, play ends as `end` says of the path there, and
    before as `early` says.

    A state's record holds its path as the digits of `path`, the first action first, and their number `depth`.
    """
    most = max(widths)

    class Place(NamedTuple):
        path: Annotated[int, "u8"] = 0
        depth: Annotated[int, "u1"] = 0

        def legal_actions(self) -> Sequence[int]:
            return range(widths[self.depth])

        def apply(self, action: int) -> "Place":
            return Place(self.path * 10 + action if self.depth < _DIGITS else self.path, self.depth + 1)

        def outcome(self) -> int:
            path = digits(self.path, self.depth)
            return end(path) if self.depth == len(widths) else early.get(path, IN_PLAY)

        def planes(self) -> NDArray[np.float32]:
            return np.zeros((1, 1, 1), np.float32)

        def to_move(self) -> int:
            return self.depth % players

        def text(self) -> str:
            return f"{self.path} {self.depth}"

        @classmethod
        def parse(cls, text: str) -> Self:
            path, depth = text.split()
            return cls(int(path), int(depth))

        def action_text(self, action: int) -> str:
            return str(action)

        def target(self, action: int) -> int:
            return action

        def pieces(self) -> Mapping[int, str]:
            return {}

    return PythonRules(
        PythonDomain(
            Place,
            name="tree",
            title="Tree",
            players=("one", "two")[:players],
            num_actions=most,
            max_legal=most,
            outcomes=_OUTCOMES,
            fmt=Format("planes", 1, 1, 1),
            rows=1,
            columns=most,
        )
    )


def digits(path: int, depth: int) -> tuple[int, ...]:
    """A path of actions from its digits; below those that there is room for, it goes by action 0."""
    known = min(int(depth), _DIGITS)
    return tuple(int(digit) for digit in str(int(path)).zfill(known)) + (0,) * (int(depth) - known) if depth else ()


GOAL = 12
ADDENDS = (1, 2, 3, 5)


class Sum(NamedTuple):
    """Reach 12 exactly by adding 1, 2, 3 or 5, at most `left` times: different orders lead to one state."""

    total: Annotated[int, "u1"] = 0
    left: Annotated[int, "u1"] = 5

    def legal_actions(self) -> Sequence[int]:
        return range(len(ADDENDS))

    def apply(self, action: int) -> "Sum":
        return Sum(self.total + ADDENDS[action], self.left - 1)

    def outcome(self) -> int:
        if self.total == GOAL:
            return SOLVED
        return WRONG if self.total > GOAL or self.left == 0 else IN_PLAY

    def planes(self) -> NDArray[np.float32]:
        return np.array([self.total, self.left], np.float32).reshape(2, 1, 1)

    def to_move(self) -> int:
        return 0

    def text(self) -> str:
        return f"{self.total} {self.left}"

    @classmethod
    def parse(cls, text: str) -> Self:
        words = text.split()
        if len(words) != 2 or not all(word.isdigit() for word in words):
            raise PositionError(f"{text!r} is no sum: a total and how many numbers are left")
        return cls(*map(int, words))

    def action_text(self, action: int) -> str:
        return f"+{ADDENDS[action]}"

    def target(self, action: int) -> int:
        return action

    def pieces(self) -> Mapping[int, str]:
        return {}


SUMS = PythonRules(
    PythonDomain(
        Sum,
        name="sum",
        title="Sum",
        players=("solver",),
        num_actions=len(ADDENDS),
        max_legal=len(ADDENDS),
        outcomes=_OUTCOMES,
        fmt=Format("planes", 2, 1, 1),
        rows=1,
        columns=len(ADDENDS),
    )
)
