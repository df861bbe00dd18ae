"""How fast every way to run a generation is on this machine, and which of them to take."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.generations.registry import Generation
from engine.nets.bf16 import known_bf16
from engine.nets.choose import Way, accelerator, run_way
from engine.nets.int8 import known_check
from engine.nets.onnx_evaluator import available_cores
from engine.search.evaluator import Evaluator, Leaves

BATCHES = (1, 16, 64, 256)
"""Batch sizes worth measuring."""
DECISIVE_BATCH = 64
"""The batch size that the choice is made at: about what a search asks in one go."""
CLEARLY_FASTER = 1.1
"""How much faster than the way before it a way must be to be taken: measurements are noisy, and int8 is not exact."""
_TURNS = 5
"""Ways are measured turn about, so that another busy process hits all of them alike."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The measured speed of one way to run a generation.

    Attributes:
        device_text: for people, e.g. "cpu, ONNX Runtime, 2 threads".
        batch: leaves in a call.
        evaluations_per_s: median over the calls.
    """

    way: Way
    device_text: str
    batch: int
    evaluations_per_s: float


def ways(generation: Generation, threads: int | None = None) -> list[Way]:
    """Every way this machine can run `generation`; first what would be taken unmeasured, the rougher if accepted.

    Args:
        threads: threads on a CPU; None = every core this process may use, and a single one as well.
    """
    counts = [threads] if threads else sorted({available_cores(), 1}, reverse=True)
    device = accelerator()
    found = [Way("torch", device)] if device else []
    if generation.card.onnx_sha256:
        found += [Way("onnx", "cpu", count) for count in counts]
    check = known_check(generation)
    if check is not None and check.is_accepted:
        found.append(Way("int8", "cpu", counts[0]))
    finding = known_bf16(generation)
    if finding is not None and finding.is_accepted:
        found += [Way("bf16", "cpu", count) for count in counts]
    return [*found, Way("torch", "cpu", counts[0])]


def measure_ways(
    generation: Generation,
    batches: Sequence[int] = BATCHES,
    *,
    seconds: float = 0.5,
    threads: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Measurement]:
    """Measure every way this machine can run `generation`, at every batch size.

    Args:
        generation: one with a network.
        batches: leaves in a call.
        seconds: how long each way is measured at each batch size.
        threads: as for `ways`.
        progress: told in words what is being done.
    """
    progress(f"preparing evaluators of {generation.card.id}")
    contestants = [(way, run_way(generation, way)) for way in ways(generation, threads)]
    found: list[Measurement] = []
    for batch in batches:
        leaves = _blank_leaves(generation, batch)
        times: list[list[float]] = [[] for _ in contestants]
        for _, evaluator in contestants:
            evaluator.evaluate(leaves)  # the first call of a shape prepares it
        for turn in range(_TURNS):
            progress(f"measuring {generation.card.id}, batch {batch}, turn {turn + 1} of {_TURNS}")
            for (_, evaluator), mine in zip(contestants, times, strict=True):
                mine.extend(_timed(evaluator, leaves, seconds / _TURNS))
        found.extend(
            Measurement(way, evaluator.device, batch, batch / statistics.median(mine))
            for (way, evaluator), mine in zip(contestants, times, strict=True)
        )
    return found


def best(measurements: Sequence[Measurement]) -> Measurement:
    """What "auto" should take, judged at the decisive batch size (the nearest measured).

    It is the first of `measurements` unless a later one is clearly faster.
    """
    batch = min({one.batch for one in measurements}, key=lambda batch: abs(batch - DECISIVE_BATCH))
    first, *others = (one for one in measurements if one.batch == batch)
    for one in others:
        if one.evaluations_per_s > CLEARLY_FASTER * first.evaluations_per_s:
            first = one
    return first


def _blank_leaves(generation: Generation, batch: int) -> Leaves:
    """Leaves of nothing: a network takes the same time for every input."""
    architecture = generation.card.architecture
    assert architecture is not None
    shape = (batch, architecture.planes, architecture.height, architecture.width)
    return Leaves(
        states=np.zeros(batch, np.dtype([("nothing", np.uint8)])),
        features=np.zeros(shape, np.float32),
        offsets=np.arange(batch + 1, dtype=np.int32),
        actions=np.zeros(batch, np.uint16),
    )


def _timed(evaluator: Evaluator, leaves: Leaves, seconds: float) -> list[float]:
    """Seconds of each call made for `seconds`, at least one."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while not times or time.perf_counter() < end:
        start = time.perf_counter()
        evaluator.evaluate(leaves)
        times.append(time.perf_counter() - start)
    return times
