import json
import signal
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.cli import main
from engine.cli_train import _until_interrupted
from engine.generations.registry import Registry
from engine.nets.choose import make_evaluator

PGN = '[Result "{result}"]\n\n1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O Be7 6. {white} {black} {result}\n\n'
SIXTH = [("Re1", "b5"), ("d3", "d6"), ("Nc3", "b5"), ("c3", "O-O"), ("d4", "exd4"), ("Qe2", "b5"), ("Bb3", "h6")]


@pytest.fixture
def games(tmp_path: Path) -> Path:
    path = tmp_path / "games.pgn"
    results = ("1-0", "0-1", "1/2-1/2")
    path.write_text("".join(PGN.format(result=results[n % 3], white=w, black=b) for n, (w, b) in enumerate(SIXTH)))
    return path


class Done(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    def train(*words: str) -> Done:
        code = main(["train-base", *words])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return train


def test_from_games_to_a_generation_that_runs(run: Callable[..., Done], tmp_path: Path, games: Path) -> None:
    out = tmp_path / "generations"
    words = ["--games", f"{games}@8", "--arch", "1x8", "--samples", "64", "--batch", "16", "--threads", "1"]
    done = run(*words, "--id", "tiny", "--out", str(out), "--work", str(tmp_path / "work"), "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["generation"]["settings"]["samples"] == 64
    assert told["generation"]["data"][0]["name"] == "games.pgn"
    assert str(tmp_path) not in json.dumps(told["generation"]), "the card holds no path of this machine"
    generation = Registry(out).get("tiny", "chess")
    assert make_evaluator(generation, "cpu", threads=1).fmt == "compact"


def test_an_untrained_network(run: Callable[..., Done], tmp_path: Path) -> None:
    done = run("--domain", "connect_four", "--arch", "nano", "--id", "c4", "--out", str(tmp_path), "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["generation"]["domain"] == "connect_four"
    again = run("--domain", "connect_four", "--arch", "nano", "--id", "c4", "--out", str(tmp_path))
    assert again.exit_code == 3
    assert "already a generation 'c4'" in again.stderr.replace("\n", " ")


def test_a_person_may_stop_it_and_go_on_later(
    run: Callable[..., Done], tmp_path: Path, games: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["--games", str(games), "--arch", "1x8", "--samples", "64", "--batch", "16", "--threads", "1"]
    words += ["--id", "tiny", "--out", str(tmp_path / "generations"), "--work", str(tmp_path / "work")]
    with monkeypatch.context() as patch:
        patch.setattr("engine.cli_train._until_interrupted", lambda: nullcontext([signal.SIGINT]))
        stopped = run(*words)
    assert stopped.exit_code == 130
    assert "--resume" in stopped.stderr
    assert not (tmp_path / "generations").exists()
    done = run(*words, "--resume", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["generation"]["settings"]["steps"] == 4


def test_signals_are_noted_and_handed_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with _until_interrupted() as asked:
        assert not asked
        signal.raise_signal(signal.SIGINT)
        assert asked == [signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--domain", "go"], 2, "go"),
        (["--arch", "huge"], 2, "huge"),
        (["--games", "gone.pgn"], 2, "a budget needs"),
        (["--games", "gone.pgn", "--samples", "-5"], 2, "-5"),
        (["--games", "gone.pgn", "--samples", "64"], 3, "gone.pgn"),
        (["--games", "gone.toml", "--samples", "64"], 3, "gone.toml"),
        (["--id", "../up"], 3, "../up"),
    ],
)
def test_words_and_input_that_are_off(
    run: Callable[..., Done], tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    done = run(*words, "--out", str(tmp_path), "--work", str(tmp_path / "work"))
    assert done.exit_code == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
