"""`arborist bench` as scripts see it."""

import json
import os
import shutil
import sys
from importlib.util import find_spec

import pytest

from engine.bench.peers import compare
from engine.bench.peers.compare import Comparison
from engine.bench.records import Result, result
from engine.cli import main


def measured(*_: object) -> list[Result]:
    return [
        result("uniform priors, tree of 1,000,000, worst position (middlegame)", "simulations/s", [1.2e6], 150_000.0),
        result("search with the network / the network alone", "ratio", [0.8], 0.9),
    ]


CONDITIONS = {
    "threads": 1,
    "core": 1,
    "versions": {"own": {"numba": "0.1"}, "mctx": {"jax": "0.2", "mctx": "0.3"}},
    "lockstep": {
        "method": "Gumbel root search with sequential halving",
        "roots": 64,
        "simulations": 32,
        "random_opening_plies": 4,
        "macs": {"dense": 17_408, "convolutional": 897_088},
        "precision": "float32",
    },
}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["flying"], "'flying' is not one of search"),
        (["startup", "--peers"], "'startup' has no peers; search, perft and drawing have"),
        (["search", "--peers-python", "python3"], "'python3' is only of use with --peers"),
        (["search", "--runs", "0"], "0"),
        (["perft", "--generation", "gen-000"], "--generation 'gen-000' is only of use with search"),
        (["search", "--peers", "--generation", "gen-000"], "only of use with search, without --peers"),
    ],
)
def test_wrong_words(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert main(["bench", *words]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_lines_fit_80_columns(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.bench.search.measure", measured)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((80, 24)))
    assert main(["bench", "search"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in out) <= 80
    assert "1,200,000  simulations/s" in out[1]
    assert out[1].endswith("150,000 met")


def test_a_comparison_says_its_conditions(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((80, 24)))

    def searches(rounds: int, _: object, python: str | None) -> Comparison:
        asked.append((rounds, python))
        return Comparison(measured(), CONDITIONS)

    monkeypatch.setattr(compare, "searches", searches)
    assert main(["bench", "search", "--peers", "--peers-python", "/peers/python", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["bench"] == "search"
    assert printed["conditions"] == CONDITIONS
    assert len(printed["results"]) == 2
    assert main(["bench", "search", "--peers", "--runs", "2"]) == 0
    printed_lines = capsys.readouterr().out.splitlines()
    assert max(map(len, printed_lines)) <= 80
    out = " ".join(line.strip() for line in printed_lines)
    assert "1 thread, held to core 1" in out
    assert "mctx: jax 0.2, mctx 0.3" in out
    assert "convolutional 897,088" in out
    assert "64 roots after 4 random plies" in out
    assert asked == [(5, "/peers/python"), (2, None)]


@pytest.mark.skipif(find_spec("mctx") is not None, reason="the peers are installed beside this project")
def test_without_the_packages_one_sentence_says_how_to_get_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "search", "--peers"]) == 4
    err = capsys.readouterr().err
    assert f"arborist: {sys.executable} lacks jax, mctx, pgx." in err
    assert "pip install" in err
    assert "Traceback" not in err
