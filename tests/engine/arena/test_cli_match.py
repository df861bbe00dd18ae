"""`arborist match`: its JSON, its table, what it refuses, and that a kill loses and doubles nothing."""

import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import chess.pgn
import pytest

from engine.cli import main

FOUR = ["--domain", "connect_four"]
KEYS = {
    *("a", "b", "games", "wins", "draws", "losses", "pairs", "pentanomial", "score", "elo", "elo_interval_95", "nelo"),
    *("los", "sprt", "duplicate_games", "seconds_s", "cost_estimate"),
}
CLOCKED = ("seconds_s", "games_per_minute", "cost_estimate")


def played(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["match", "--json", *words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def unclocked(report: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in report.items() if key not in CLOCKED}


def test_the_report_has_the_keys_of_the_contract_and_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    report = played(capsys, "uniform@30", "random", *FOUR, "--pairs", "6", "--sprt", "0,800")
    assert set(report) >= KEYS
    assert report["games"] == 2 * report["pairs"] == report["wins"] + report["draws"] + report["losses"]
    assert sum(report["pentanomial"]) == report["pairs"] <= 6
    assert sum(report["endings"].values()) == report["games"]
    assert report["score"] == pytest.approx((report["wins"] + report["draws"] / 2) / report["games"])
    assert {"elo0", "elo1", "llr", "bounds", "verdict"} <= set(report["sprt"])
    assert {"games", "seconds_s"} <= set(report["cost_estimate"])


def test_the_same_seed_gives_the_same_match(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["random", "uniform@0", *FOUR, "--pairs", "8", "--seed"]
    first = unclocked(played(capsys, *words, "4"))
    assert first == unclocked(played(capsys, *words, "4", "--concurrency", "3"))
    assert first != unclocked(played(capsys, *words, "5"))


def test_a_clean_sweep_is_json_all_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "won.txt").write_text("1212121\n".replace("1212121", "121212") + "131313\n")
    report = played(capsys, "uniform@20", "uniform@20", *FOUR, "--openings", str(tmp_path / "won.txt"))
    assert report["pairs"] == 2
    assert report["book_exhausted"], "two openings are all there is for players without chance"
    assert report["pentanomial"] == [0, 0, 2, 0, 0], "whoever moves first wins at once"
    assert (report["elo"], report["duplicate_games"]) == (0.0, 2)


def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "uniform@30", "random", *FOUR, "--pairs", "4", "--sprt", "0,10"]) == 0
    shown = capsys.readouterr().out
    for words in ("against", "score", "1½ of 2", "Elo", "95 %", "likelihood", "SPRT [0, 10]: continue", "more games"):
        assert words in shown


def test_games_are_written_as_pgn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "games.pgn"
    words = ["random", "uniform@0", "--pairs", "2", "--max-plies", "30", "--pgn", str(path)]
    assert played(capsys, *words)["cut_short_games"] > 0
    text = io.StringIO(path.read_text())
    games = [game for game in iter(lambda: chess.pgn.read_game(text), None) if not game.errors]
    assert [game.headers["Round"] for game in games] == ["1.1", "1.2", "2.1", "2.2"]
    assert games[0].headers["FEN"] == games[1].headers["FEN"] != games[2].headers["FEN"]
    assert {games[0].headers["White"], games[1].headers["White"]} == {"random", "uniform@0"}
    assert all(len(list(game.mainline_moves())) <= 30 for game in games)
    for game in games:
        if game.headers["Termination"] == "checkmate":
            assert game.headers["Result"] == game.end().board().result()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["gen-000@x", "random"], 3, "gen-000@x"),
        (["gen-000@5:magic", "random"], 3, "magic"),
        (["gen-000@0:puct", "random"], 3, "needs simulations"),
        (["no-such@0", "random"], 3, "no-such"),
        (["random", "random", "--pairs", "0"], 2, "0"),
        (["random", "random", "--sprt", "5"], 2, "ELO0,ELO1"),
        (["random", "random", "--sprt", "5,0"], 2, "below"),
        (["random", "random", "--concurrency", "many"], 2, "many"),
        (["random", "random", "--openings", "no/such/file.epd"], 3, "no/such/file.epd"),
        (["random", "random", *FOUR, "--pgn", "x.pgn"], 2, "connect_four"),
        (["random", "uci:stockfish", *FOUR], 3, "plays chess"),
        (["random"], 2, "'b'"),
    ],
)
def test_wrong_words_are_named(capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str) -> None:
    assert main(["match", *words]) == code
    assert said in capsys.readouterr().err


def test_a_kill_loses_no_pair_and_counts_none_twice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["uniform@150", "random", *FOUR, "--pairs", "30", "--concurrency", "4", "--seed", "3"]
    whole = played(capsys, *words)
    journal = tmp_path / "match.jsonl"
    command = [sys.executable, "-m", "engine.cli", "match", *words, "--resume", str(journal)]
    for steps in (8, 30):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            while child.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > steps):
                time.sleep(0.005)
            child.kill()
            _, said = child.communicate()
            assert child.returncode == -signal.SIGKILL, f"it was killed at work, not after: {said.decode()}"
    assert unclocked(played(capsys, *words, "--resume", str(journal))) == unclocked(whole)
    lines = journal.read_bytes().count(b"\n")
    assert unclocked(played(capsys, *words, "--resume", str(journal))) == unclocked(whole)
    assert journal.read_bytes().count(b"\n") == lines, "nothing is left to be played"
    assert main(["match", *words[:-1], "4", "--resume", str(journal)]) == 3
    assert "its seed is 3, not 4" in capsys.readouterr().err
