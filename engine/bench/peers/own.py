"""This project's search as a side: asked the same as the others, through its public classes."""

import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engine.bench.peers import network as net
from engine.bench.peers.child import Answer, Tasks, serve
from engine.domains import registry
from engine.domains.base import Line, Rules
from engine.search.evaluator import Evaluator, Leaves, UniformEvaluator
from engine.search.forest import Forest
from engine.search.limits import Limits
from engine.search.rollouts import RolloutEvaluator
from engine.search.search import Search
from engine.search.settings import SearchSettings

_networks: dict[str, Evaluator] = {}


def versions() -> dict[str, str]:
    """Of the packages that count."""
    found = {}
    for name in ("arborist-desktop", "numba", "numpy", "onnxruntime"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from a checkout that is not installed
            found[name] = "?"
    return found


def search(game: str, position: str, simulations: int, batch: int, evaluator: str, seed: int = 1) -> Answer:
    """One search from nothing, journal included: every event is encoded and handed on.

    Args:
        evaluator: "free" (PUCT, equal priors and value 0) or "rollouts" (UCT, one random playout a leaf).
    """
    rules, line = _loaded(game, position)
    intuition, method = _intuition(rules, evaluator, seed)
    done, journal_bytes, seconds = run_search(rules, intuition, line, simulations, batch, method)
    return {"seconds": seconds, "simulations": done.tree.simulations, "journal_bytes": journal_bytes}


def run_search(
    rules: Rules, evaluator: Evaluator, line: Line, simulations: int, batch: int, method: str = "puct"
) -> tuple[Search, int, float]:
    """A finished search, the bytes of its journal, and the seconds it took."""
    journal_bytes = 0

    def sink(events: bytes) -> None:
        nonlocal journal_bytes
        journal_bytes += len(events)

    settings = SearchSettings(method=method, batch=batch, prune_out_of_reach=False)
    started = time.perf_counter()
    running = Search(rules, evaluator, line, settings, sink)
    running.start_run(Limits(simulations=simulations))
    while running.advance() is None:
        pass
    return running, journal_bytes, time.perf_counter() - started


def _intuition(rules: Rules, evaluator: str, seed: int) -> tuple[Evaluator, str]:
    if evaluator == "free":
        return UniformEvaluator(), "puct"
    return RolloutEvaluator(rules, seed), "uct"


def _loaded(game: str, position: str) -> tuple[Rules, Line]:
    return registry.rules(game), registry.notation(game).parse_line(position or "startpos")


def outputs(network: str) -> Answer:
    """The network's outputs for `network.probe()`, win/draw/loss as chances: [4, 10]."""
    evaluator = _network(network)
    planes = net.probe()
    count = len(planes)
    states = np.repeat(registry.rules("connect_four").load(Line("startpos"))[-1:], count)
    offsets = np.arange(count + 1, dtype=np.int32) * net.COLUMNS
    actions = np.tile(np.arange(net.COLUMNS, dtype=np.uint16), count)
    found = evaluator.evaluate(Leaves(states, planes, offsets, actions))
    both = np.concatenate((found.logits.reshape(count, net.COLUMNS), found.wdl), 1)
    return {"outputs": both.tolist()}


def lockstep(lines: Sequence[Sequence[int]], network: str, simulations: int, searches: int) -> Answer:
    """Gumbel searches of all `lines` at once, `searches` times over; the states along the lines are at hand.

    Every simulation asks the network, as it does on the other side: nothing is remembered from one to the next, and
    nothing is evaluated on a second thread. A root's own evaluation is extra and is not counted. Roots whose value is
    proven stop early: what they leave out is not counted either.
    """
    rules = registry.rules("connect_four")
    histories = [rules.load(Line("startpos", tuple(line))) for line in lines]
    settings = SearchSettings(method="gumbel", gumbel_scale=1.0, cache_positions=0, overlap=False)
    forest = Forest(rules, _network(network), settings)
    done = 0
    started = time.perf_counter()
    for seed in range(searches):
        seeds = [seed * len(lines) + root for root in range(len(lines))]
        results = forest.run_states(histories, 1 + simulations, seeds)
        done += sum(result.simulations - 1 for result in results)
    return {"seconds": time.perf_counter() - started, "simulations": done}


def tree_bytes(game: str, position: str, simulations: int) -> Answer:
    """Bytes in use for each node of a finished tree, and how many of them are the node's state."""
    rules, line = _loaded(game, position)
    done, _, _ = run_search(rules, UniformEvaluator(), line, simulations, 256)
    return {
        "bytes_a_node": done.figures().tree_bytes / done.tree.num_nodes,
        "of_which_states": rules.state_dtype.itemsize,
    }


def grow(game: str, position: str, simulations: int, batch: int, memory_bytes: int | None) -> Answer:
    """A search with a free evaluator, its tree capped at `memory_bytes` where that is given."""
    rules, line = _loaded(game, position)
    settings = SearchSettings(batch=batch, prune_out_of_reach=False)
    if memory_bytes is not None:
        settings = msgspec.structs.replace(settings, memory_bytes=memory_bytes)
    running = Search(rules, UniformEvaluator(), line, settings, lambda _: None)
    running.start_run(Limits(simulations=simulations))
    largest = recycled = nodes = 0
    started = time.perf_counter()
    while running.advance() is None:
        recycled += running.tree.num_nodes < nodes
        nodes = running.tree.num_nodes
        largest = max(largest, running.figures().tree_bytes)
    return {
        "seconds": time.perf_counter() - started,
        "simulations": running.tree.simulations,
        "nodes": running.tree.num_nodes,
        "recycled": recycled,
        "largest_tree_bytes": max(largest, running.figures().tree_bytes),
    }


def perft(position: str, depth: int) -> Answer:
    """Chess positions `depth` plies from `position`."""
    from engine.bench import perft as counting

    rules = registry.rules("chess")
    started = time.perf_counter()
    count = counting.perft(rules, Line(position), depth)
    return {"seconds": time.perf_counter() - started, "count": count}


def _network(name: str) -> Evaluator:
    if name not in _networks:
        from engine.nets.onnx_evaluator import OnnxEvaluator

        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "network.onnx"
            file.write_bytes(onnx_bytes(net.NETWORKS[name]))
            _networks[name] = OnnxEvaluator(file, name=name, weights_hash=name, fmt="planes", threads=1)
    return _networks[name]


def onnx_bytes(shape: net.Network) -> bytes:
    """The network as an ONNX file with the inputs and outputs that `OnnxEvaluator` wants."""
    import onnx
    from onnx import helper, numpy_helper

    weights = net.weights(shape)
    nodes, signal = [], "planes"
    for index in range(shape.convolutions):
        nodes.append(helper.make_node("Conv", [signal, f"w{index}"], [f"c{index}"], pads=[1, 1, 1, 1]))
        nodes.append(helper.make_node("Relu", [f"c{index}"], [f"r{index}"]))
        signal = f"r{index}"
    first = shape.convolutions
    make: Callable[..., Any] = helper.make_node
    nodes += [
        make("Flatten", [signal], ["flat"]),
        make("MatMul", ["flat", f"w{first}"], ["hidden"]),
        make("Relu", ["hidden"], ["active"]),
        make("MatMul", ["active", f"w{first + 1}"], ["outputs"]),
        make("Split", ["outputs", "sizes"], ["policy_logits", "wdl_logits"], axis=1),
        make("Softmax", ["wdl_logits"], ["wdl"], axis=1),
    ]
    kept = [numpy_helper.from_array(array, f"w{index}") for index, array in enumerate(weights)]
    kept.append(numpy_helper.from_array(np.array([net.COLUMNS, net.OUTPUTS - net.COLUMNS], np.int64), "sizes"))
    batch = "batch"
    inputs = [_tensor("planes", [batch, net.PLANES, net.ROWS, net.COLUMNS])]
    results = [_tensor("policy_logits", [batch, net.COLUMNS]), _tensor("wdl", [batch, net.OUTPUTS - net.COLUMNS])]
    graph = helper.make_graph(nodes, "peers", inputs, results, kept)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    found: bytes = model.SerializeToString()
    return found


def _tensor(name: str, shape: list[str | int]) -> Any:
    from onnx import TensorProto, helper

    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


TASKS: Tasks = {
    "search": search,
    "outputs": outputs,
    "lockstep": lockstep,
    "tree_bytes": tree_bytes,
    "grow": grow,
    "perft": perft,
}

if __name__ == "__main__":
    serve(versions(), TASKS)
