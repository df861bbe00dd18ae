"""The search on chess: mates by search alone, draws by repetition seen in the tree, golden trees."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from engine.domains import registry
from engine.domains.base import Line
from engine.domains.chess.outcomes import OUTCOMES, REPETITION
from engine.search.evaluator import Evaluator, UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.explain import candidates, node_value, principal_variation
from engine.tree.selection import selection_parameters
from tests.engine.search.reference import reference_search
from tests.engine.search.test_search import check_invariants, visits_by_action

GOLDEN = Path(__file__).parent / "golden"


def run(line: Line, simulations: int, evaluator: Evaluator, **options: object) -> tuple[Search, list[bytes]]:
    parts: list[bytes] = []
    search = Search(
        registry.rules("chess"),
        evaluator,
        line,
        SearchSettings(**({"policy_temperature": 1.0} | options)),  # type: ignore[arg-type]
        parts.append,
    )
    search.start_run(Limits(simulations=simulations))
    while search.advance() is None:
        pass
    return search, parts


def chess_line(text: str) -> Line:
    return registry.notation("chess").parse_line(text)


def texts(search: Search, actions: list[int]) -> list[str]:
    return registry.notation("chess").texts(search.tree.line, actions)


def test_a_batch_of_one_is_the_sequential_search_on_chess() -> None:
    options = {"batch": 1, "prune_out_of_reach": False}
    line = chess_line("r1bq1rk1/pp2bppp/2n1pn2/2pp4/3P1B2/2PBPN2/PP1N1PPP/R2Q1RK1 w - - 0 9")
    search, _ = run(line, 400, HashEvaluator(), **options)
    reference = reference_search(
        registry.rules("chess"), HashEvaluator(), line, SearchSettings(**({"policy_temperature": 1.0} | options)), 400
    )
    expected = {a: (reference.children[a].visits if a in reference.children else 0) for a in reference.priors}
    assert visits_by_action(search) == expected
    assert node_value(search.tree) == pytest.approx(reference.total / reference.visits, abs=1e-9)


MATE_IN_1 = ["6k1/5ppp/8/8/8/8/5PPP/R5K1 w - - 0 1", "r5k1/5ppp/8/8/8/8/5PPP/6K1 b - - 0 1"]
MATE_IN_2 = [
    ("kbK5/pp6/1P6/8/8/8/8/R7 w - - 0 1", "Ra6"),  # Paul Morphy
    ("r1b2k1r/ppp1bppp/8/1B1Q4/5q2/2P5/PPP2PPP/R3R1K1 w - - 1 0", "Qd8+"),
]


@pytest.mark.parametrize("fen", MATE_IN_1)
def test_mate_in_one_is_found_without_intuition(fen: str) -> None:
    search, _ = run(chess_line(fen), 200, UniformEvaluator(), batch=4)
    assert node_value(search.tree) == 1.0
    assert texts(search, principal_variation(search.tree))[0].endswith("#")
    check_invariants(search)


@pytest.mark.parametrize(("fen", "first"), MATE_IN_2)
def test_mate_in_two_is_proven_without_intuition(fen: str, first: str) -> None:
    search, _ = run(chess_line(fen), 60_000, UniformEvaluator(), batch=64, prune_out_of_reach=False)
    line = texts(search, principal_variation(search.tree))
    assert node_value(search.tree) == 1.0, "proven"
    assert line[0] == first
    assert line[-1].endswith("#")


def test_a_move_that_repeats_for_the_third_time_is_a_draw_at_once() -> None:
    shuffle = "startpos moves g1f3 g8f6 f3g1 f6g8 g1f3 g8f6 f3g1"
    search, _ = run(chess_line(shuffle), 300, HashEvaluator(spread=0.9), batch=1, prune_out_of_reach=False)
    tree = search.tree
    choice = next(c for c in registry.notation("chess").choices(tree.line) if c.name == "f6g8")
    child = int(tree.edge_child[tree.edge_of(ROOT, choice.action)])
    if child < 0:
        search.start_run(Limits(simulations=5000))
        while search.advance() is None and child < 0:
            child = int(tree.edge_child[tree.edge_of(ROOT, choice.action)])
    assert OUTCOMES[int(tree.facts["outcome"][child])].text == OUTCOMES[REPETITION].text
    assert (tree.stats["lower"][child], tree.stats["upper"][child]) == (0, 0)
    table = candidates(tree, ROOT, selection_parameters(search.header.settings))
    assert float(table.q[table.action == choice.action][0]) == 0.0


def test_history_before_the_root_counts_and_a_bare_position_has_none() -> None:
    shuffle = chess_line("startpos moves g1f3 g8f6 f3g1 f6g8 g1f3 g8f6 f3g1")
    bare = chess_line(registry.notation("chess").position_text(shuffle))
    for line, expected in ((shuffle, REPETITION), (bare, 0)):
        search, _ = run(line, 2500, UniformEvaluator(), batch=16, prune_out_of_reach=False)
        choice = next(c for c in registry.notation("chess").choices(line) if c.name == "f6g8")
        child = int(search.tree.edge_child[search.tree.edge_of(ROOT, choice.action)])
        assert child >= 0
        assert int(search.tree.facts["outcome"][child]) == expected


def test_playing_on_keeps_history_for_repetition() -> None:
    search, _ = run(chess_line("startpos moves g1f3 g8f6 f3g1 f6g8 g1f3"), 400, UniformEvaluator(), batch=16)
    names = registry.notation("chess")
    for name in ("g8f6", "f3g1"):
        action = next(c.action for c in names.choices(search.tree.line) if c.name == name)
        search.play((action,))
    search.start_run(Limits(simulations=2500))
    while search.advance() is None:
        pass
    action = next(c.action for c in names.choices(search.tree.line) if c.name == "f6g8")
    child = int(search.tree.edge_child[search.tree.edge_of(ROOT, action)])
    assert int(search.tree.facts["outcome"][child]) == REPETITION


def golden_cases() -> list[Path]:
    return sorted(GOLDEN.glob("*.json"))


@pytest.mark.parametrize("path", golden_cases(), ids=lambda path: path.stem)
def test_golden_trees(path: Path) -> None:
    """Each file holds a search's configuration and its tree; `ARBORIST_UPDATE_GOLDEN=1` rewrites the tree."""
    case = json.loads(path.read_text(encoding="utf-8"))
    rules, notation = registry.rules(case["domain"]), registry.notation(case["domain"])
    parts: list[bytes] = []
    evaluator = HashEvaluator(case["skew"], case["spread"])
    search = Search(
        rules,
        evaluator,
        notation.parse_line(case["position"]),
        SearchSettings(**({"policy_temperature": 1.0} | case["settings"])),
        parts.append,
    )
    search.start_run(Limits(simulations=case["simulations"]))
    while search.advance() is None:
        pass
    table = candidates(search.tree, ROOT, selection_parameters(search.header.settings))
    names = {choice.action: choice.name for choice in notation.choices(search.tree.line)}
    found = {
        "nodes": search.tree.num_nodes,
        "best": names[int(search.tree.edge_action[best_edge(search.tree, ROOT)])],
        "value": round(node_value(search.tree), 6),
        "visits": {names[int(a)]: int(v) for a, v in zip(table.action, table.visits, strict=True)},
        "principal_variation": notation.texts(search.tree.line, principal_variation(search.tree)),
        "structure": hashlib.sha256(search.tree.links[: search.tree.num_nodes].tobytes()).hexdigest()[:16],
    }
    if os.environ.get("ARBORIST_UPDATE_GOLDEN") == "1":
        path.write_text(json.dumps({**case, "tree": found}, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8"))["tree"]
