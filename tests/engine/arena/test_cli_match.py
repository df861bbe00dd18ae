"""`arborist match`: its JSON, its table, what it refuses, and that a kill loses and doubles nothing."""

import io
import json
import random
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import chess.pgn
import pytest

from engine.arena.store import MatchStore
from engine.cli import main

FOUR = ["--domain", "connect_four"]
KEYS = {
    *("a", "b", "games", "wins", "draws", "losses", "pairs", "pentanomial", "score", "elo", "elo_interval_95", "nelo"),
    *("los", "sprt", "duplicate_games", "seconds_s", "cost_estimate"),
}
CLOCKED = ("id", "seconds_s", "games_per_minute", "cost_estimate")


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
        (["random", "random", "--resume", "20200101-000000-000"], 3, "20200101-000000-000"),
        (["gen-000@8,c_punt=3", "random"], 3, "c_punt"),
        (["random", "random", "--resign", "2"], 2, "at most 1"),
        (["random", "random", "--resign", "0.9,0"], 2, "at least 1"),
        (["random", "random", "--draw", "0.1,2,3,4"], 2, "VALUE[,MOVES[,PLY]]"),
        (["random", "random", "--audit", "2"], 2, "share"),
    ],
)
def test_wrong_words_are_named(capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str) -> None:
    assert main(["match", *words]) == code
    assert said in capsys.readouterr().err


def test_a_match_is_kept_and_gone_on_with(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["uniform@20", "random", *FOUR, "--seed", "8", "--resign", "0.9,2"]
    first = played(capsys, *words, "--pairs", "5")
    assert MatchStore().get(first["id"]).state == "over"
    longer = played(capsys, "--resume", first["id"], "--pairs", "9")
    whole = played(capsys, *words, "--pairs", "9", "--no-store")
    assert unclocked(longer) == unclocked(whole)
    assert (longer["id"], whole["id"]) == (first["id"], None)
    assert unclocked(played(capsys, "--resume", "last")) == unclocked(whole)
    assert main(["match", "--resume", "last", "--seed", "9"]) == 2
    assert "as it was ordered" in capsys.readouterr().err
    assert main(["match", "random", "random", "--resume", "last"]) == 2


def test_players_that_do_not_exist_leave_nothing_in_the_store(capsys: pytest.CaptureFixture[str]) -> None:
    before = len(MatchStore().list())
    assert main(["match", "no-such@0", "random"]) == 3
    assert len(MatchStore().list()) == before
    capsys.readouterr()


def test_an_engine_that_only_fails_stops_the_match(capsys: pytest.CaptureFixture[str]) -> None:
    script = Path(__file__).resolve().parent.parent / "uci" / "scripted.py"
    crash = f"uci:{shlex.quote(sys.executable)} {shlex.quote(str(script))} tires,nodes=1"
    assert main(["match", "random", crash, "--pairs", "6", "--json"]) == 4
    found = capsys.readouterr()
    assert "3 times in a row" in found.err
    report = json.loads(found.out)
    assert report["stopped"] == "by hand"
    assert MatchStore().get(report["id"]).state == "paused"


def test_a_kill_loses_no_pair_and_counts_none_twice(capsys: pytest.CaptureFixture[str]) -> None:
    """A real process, killed at moments that differ from run to run, and gone on with by the id it has in the store."""
    words = ["uniform@150", "random", *FOUR, "--pairs", "30", "--concurrency", "4", "--seed", "3"]
    whole = played(capsys, *words, "--no-store")
    command = [sys.executable, "-m", "engine.cli", "match"]
    before = {stored.id for stored in MatchStore().list()}
    match_id, lines = "", 0
    for _ in range(3):
        with subprocess.Popen(
            [*command, *(["--resume", match_id] if match_id else words)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as child:
            wanted = lines + random.randint(2, 12)
            while child.poll() is None and lines < wanted:
                time.sleep(0.003)
                begun = [stored for stored in MatchStore().list() if stored.id not in before]
                lines = begun[0].journal.read_bytes().count(b"\n") if begun and begun[0].journal.exists() else 0
            child.kill()
            _, said = child.communicate()
            assert child.returncode == -signal.SIGKILL, f"it was killed at work, not after: {said.decode()}"
        match_id = begun[0].id
        assert MatchStore().get(match_id).state == "paused"
    stored = MatchStore().get(match_id)
    assert unclocked(played(capsys, "--resume", match_id)) == unclocked(whole)
    content = stored.journal.read_bytes()
    assert unclocked(played(capsys, "--resume", match_id)) == unclocked(whole)
    assert stored.journal.read_bytes() == content, "nothing is left to be played"


def test_a_match_in_a_file_goes_on_as_well(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ["uniform@30", "random", *FOUR, "--pairs", "6", "--seed", "3"]
    journal = tmp_path / "match.jsonl"
    whole = played(capsys, *words, "--resume", str(journal))
    assert whole["id"] is None
    kept = journal.read_bytes()
    journal.write_bytes(kept[: len(kept) // 2])
    assert unclocked(played(capsys, *words, "--resume", str(journal))) == unclocked(whole)
    assert main(["match", *words[:-1], "4", "--resume", str(journal)]) == 3
    assert "its seed is 3, not 4" in capsys.readouterr().err
