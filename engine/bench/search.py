"""`bench search`: the search alone, with an intuition that costs nothing, and the search with a real network.

Journal included: every event is encoded and handed to a sink, as in any search.
"""

import time
from collections.abc import Sequence

import numpy as np

from engine.bench.records import Progress, Result, result
from engine.domains import registry
from engine.domains.base import Line, Rules
from engine.generations.card import GenerationError
from engine.generations.registry import Generation, default_registry
from engine.nets.choose import Way, decide, run_way
from engine.nets.measure import ways
from engine.search.evaluator import Evaluator, Leaves, UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings

POSITIONS = {
    "start": "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
    "kiwipete": "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1",
    "middlegame": "r1bq1rk1/pp2bppp/2n1pn2/2pp4/3P1B2/2PBPN2/PP1N1PPP/R2Q1RK1 w - - 0 9",
    "rook endgame": "8/5pk1/6p1/7p/r6P/5KP1/1R3P2/8 w - - 0 1",
    "pawn endgame": "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1",
}
"""The five chess positions that speeds are measured on; the worst of them counts."""

TARGETS = {100_000: 300_000.0, 1_000_000: 150_000.0}
"""Simulations a second with a free evaluator, by tree size (worst of the five positions, one thread)."""

NODES_A_SECOND = 2500.0
"""Simulations a second with a network of Maia's size (6 blocks of 64 channels) on two cores."""

_BATCH = 256
_NETWORK_BATCH = 64
_NETWORK_SIMULATIONS = 10_000


def measure(runs: int, progress: Progress, sizes: Sequence[int] = tuple(TARGETS)) -> list[Result]:
    """All figures of the search, with every chess generation that is shipped or imported; minutes at three runs."""
    rules = registry.rules("chess")
    results: list[Result] = []
    for evaluator in (UniformEvaluator(), HashEvaluator()):
        _search(rules, evaluator, POSITIONS["start"], 2000)  # load the kernels
        for size in sizes:
            results += _free(rules, evaluator, size, runs, progress)
    for generation in _usual_generations():
        results += _with_network(rules, generation, [decide(generation)], runs, progress)
    return results


def measure_generation(generation_id: str, runs: int, progress: Progress) -> list[Result]:
    """The search with one generation's network, in every way this machine can run it.

    Raises:
        GenerationError: there is no such generation of chess, it has no network, or its files are damaged.
    """
    generation = default_registry().get(generation_id, "chess")
    if generation.is_uniform:
        raise GenerationError(f"{generation_id!r} has no network; the search without one is in: arborist bench search")
    found = [way for way in ways(generation) if way.backend != "torch" or way.device != "cpu"]
    return _with_network(registry.rules("chess"), generation, found, runs, progress)


def _usual_generations() -> list[Generation]:
    """What ships with the program, and networks of other makers: those are known elsewhere, too."""
    known = default_registry()
    return [
        generation
        for generation in known.list("chess")
        if generation.folder is not None
        and (generation.folder.parent == known.shipped or generation.card.settings.get("method") == "import")
    ]


def _free(rules: Rules, evaluator: Evaluator, size: int, runs: int, progress: Progress) -> list[Result]:
    speeds: dict[str, list[float]] = {name: [] for name in POSITIONS}
    sizes: list[float] = []
    for run in range(runs):
        for name, fen in POSITIONS.items():
            progress(f"{evaluator.name} priors, {size:,} simulations, {name}, run {run + 1} of {runs}")
            search, seconds = _search(rules, evaluator, fen, size)
            speeds[name].append(size / seconds)
            sizes.append(search.figures().tree_bytes / search.tree.num_nodes)
    worst = min(speeds, key=lambda name: float(np.median(speeds[name])))
    target = TARGETS.get(size)
    label = f"{evaluator.name} priors, tree of {size:,}"
    figures = [result(f"{label}, worst position ({worst})", "simulations/s", speeds[worst], target)]
    figures += [result(f"{label}, {name}", "simulations/s", values) for name, values in speeds.items() if name != worst]
    mean = [float(np.mean(sizes[at : at + len(POSITIONS)])) for at in range(0, len(sizes), len(POSITIONS))]
    return [*figures, result(f"{label}, bytes a position", "bytes", mean, 450.0, lower_is_better=True)]


def _search(
    rules: Rules, evaluator: Evaluator, fen: str, simulations: int, batch: int = _BATCH
) -> tuple[Search, float]:
    settings = SearchSettings(batch=batch, prune_out_of_reach=False)
    search = Search(rules, evaluator, Line(fen), settings, lambda _: None)
    search.start_run(Limits(simulations=simulations))
    started = time.perf_counter()
    while search.advance() is None:
        pass
    return search, time.perf_counter() - started


def _with_network(
    rules: Rules, generation: Generation, found: Sequence[Way], runs: int, progress: Progress
) -> list[Result]:
    """Search with a network, and that network alone on the same batch size, turn about.

    A simulation counts as a node whether the network was asked or remembered, as Lc0 counts.
    """
    measured: list[tuple[Evaluator, list[float], list[float], list[float]]] = []
    for way in found:
        evaluator = run_way(generation, way)
        _search(rules, evaluator, POSITIONS["middlegame"], 500, _NETWORK_BATCH)
        measured.append((evaluator, [], [], []))
    for run in range(runs):
        for evaluator, nodes, alone, ratios in measured:
            progress(f"{evaluator.name} on {evaluator.device}, run {run + 1} of {runs}")
            search, seconds = _search(rules, evaluator, POSITIONS["middlegame"], _NETWORK_SIMULATIONS, _NETWORK_BATCH)
            figures = search.figures()
            nodes.append(_NETWORK_SIMULATIONS / seconds)
            alone.append(_evaluations_per_s(rules, evaluator, _NETWORK_BATCH))
            ratios.append((figures.evaluations - figures.cache_hits) / seconds / alone[-1])
    results: list[Result] = []
    target = NODES_A_SECOND if generation.card.settings.get("method") == "import" else None
    for evaluator, nodes, alone, ratios in measured:
        label = f"{evaluator.name}, {evaluator.device}"
        results += [
            result(f"{label}: search", "nodes/s", nodes, target),
            result(f"{label}: the network alone, batches of {_NETWORK_BATCH}", "evaluations/s", alone),
            result(f"{label}: evaluations in the search / alone", "ratio", ratios, 0.9),
        ]
    return results


def _evaluations_per_s(rules: Rules, evaluator: Evaluator, batch: int) -> float:
    states = np.repeat(rules.load(Line(POSITIONS["middlegame"])), batch)
    expansion = rules.expand(states)
    fmt = evaluator.fmt
    features = None
    if fmt is not None:
        lineages = np.repeat(states[:, None], rules.formats[fmt].history, axis=1)
        features = rules.encode(lineages, np.ones(batch, np.int32), fmt)
    leaves = Leaves(states, features, expansion.offsets, expansion.actions)
    evaluator.evaluate(leaves)
    calls, started = 0, time.perf_counter()
    while (seconds := time.perf_counter() - started) < 1.0:
        evaluator.evaluate(leaves)
        calls += 1
    return calls * batch / seconds
