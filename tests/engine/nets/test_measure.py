from collections.abc import Callable
from pathlib import Path

import pytest

from engine.generations.registry import Generation
from engine.nets import int8
from engine.nets.choose import Way
from engine.nets.int8 import make_int8
from engine.nets.measure import Measurement, best, measure_ways, ways
from tests.engine.nets.small import CONNECT_FOUR, lively_network, published

ONNX, ONE, INT8, TORCH = Way("onnx", "cpu", 2), Way("onnx", "cpu", 1), Way("int8", "cpu", 2), Way("torch", "cpu", 2)


@pytest.fixture(autouse=True)
def own_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("engine.nets.measure.accelerator", lambda: None)


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    return published(tmp_path, lively_network(CONNECT_FOUR))


def test_every_way_is_measured_at_every_size(generation: Generation) -> None:
    said: list[str] = []
    measured = measure_ways(generation, (1, 4), seconds=0.01, threads=1, progress=said.append)
    found = [(one.way.backend, one.way.threads, one.batch) for one in measured]
    assert found == [("onnx", 1, 1), ("torch", 1, 1), ("onnx", 1, 4), ("torch", 1, 4)]
    assert all(one.evaluations_per_s > 0 for one in measured)
    assert {one.device_text for one in measured} == {"cpu, ONNX Runtime, 1 thread", "cpu, torch, 1 thread"}
    assert "measuring gen-000, batch 4, turn 5 of 5" in said


def test_int8_stands_for_choice_only_where_it_is_accepted(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.nets.choose import run_way

    def backends() -> list[str]:
        return [way.backend for way in ways(generation, threads=1)]

    assert backends() == ["onnx", "torch"]
    monkeypatch.setattr(int8, "NEEDED_AGREEMENT", 1.5)
    make_int8(generation, run_way(generation, Way("onnx")), calibration=64, checked=50)
    assert backends() == ["onnx", "torch"]
    monkeypatch.setattr(int8, "NEEDED_AGREEMENT", 0.0)
    make_int8(generation, run_way(generation, Way("onnx")), calibration=64, checked=50)
    assert backends() == ["onnx", "int8", "torch"]


def test_the_ways_begin_with_what_would_be_taken_unmeasured(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.nets.measure.available_cores", lambda: 4)
    assert [(way.name, way.threads) for way in ways(generation)] == [("cpu", 4), ("cpu", 1), ("cpu-torch", 4)]
    monkeypatch.setattr("engine.nets.measure.accelerator", lambda: "cuda")
    assert ways(generation)[0] == Way("torch", "cuda")


Figures = dict[Way, float]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({ONNX: 100.0, ONE: 105.0, TORCH: 109.0}, ONNX),
        ({ONNX: 100.0, ONE: 50.0, TORCH: 111.0}, TORCH),
        ({ONNX: 100.0, INT8: 109.0, TORCH: 50.0}, ONNX),
        ({ONNX: 100.0, INT8: 150.0, TORCH: 140.0}, INT8),
        ({ONNX: 100.0, ONE: 120.0, INT8: 125.0}, ONE),
        ({TORCH: 1.0}, TORCH),
    ],
)
def test_the_best_is_clearly_faster_at_the_size_searches_use(figures: Figures, expected: Way) -> None:
    def measured(batch: int, speed: Callable[[float], float]) -> list[Measurement]:
        return [Measurement(way, "", batch, speed(figure)) for way, figure in figures.items()]

    at_one, at_64 = measured(1, lambda figure: 9999.0 - figure), measured(64, lambda figure: figure)
    found = best([*at_one, *at_64])
    assert (found.way, found.batch) == (expected, 64)
    assert best(measured(16, lambda figure: figure)).way == expected, "or the nearest size that was measured"
