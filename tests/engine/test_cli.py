"""The command line as scripts see it: JSON, exit codes, one sentence for every mistake."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.cli import main
from engine.tree.recording import read_recording

UNIFORM = ["--generation", "uniform"]
KEYS = {
    "domain", "position", "generation", "method", "seed", "simulations", "evaluations", "seconds_s",
    "simulations_per_s", "nodes", "edges", "tree_bytes", "best_action", "best_action_text", "value", "wdl",
    "stop_reason", "principal_variation", "candidates", "pruned", "journal_sha256",
}  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def searched(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    code, out, _ = run(capsys, "search", "--json", *words)
    assert code == 0
    assert out.count("\n") == 1, "exactly one object and nothing else"
    found: dict[str, object] = json.loads(out)
    return found


POSITIONS = [
    "startpos",
    "startpos moves e2e4 c7c5 g1f3 d7d6",
    "r1bqkbnr/pppp1ppp/2n5/4p3/2B1P3/5N2/PPPP1PPP/RNBQK2R b KQkq - 3 3",
    "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1",
    "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1",
    "r2q1rk1/pP1p2pp/Q4n2/bbp1p3/Np6/1B3NBn/pPPP1PPP/R3K2R b KQ - 0 1",
    "2r3k1/pp3ppp/8/3p4/3P4/1P3N2/P4PPP/2R3K1 w - - 0 25",
    "8/8/1p1k4/p1p5/P1P1K3/1P6/8/8 w - - 0 50",
    "r4rk1/1pp1qppp/p1np1n2/2b1p1B1/2B1P1b1/P1NP1N2/1PP1QPPP/R4RK1 w - - 0 10",
    "6k1/5p1p/6p1/8/3Q4/8/1q3PPP/6K1 b - - 0 40",
]


@pytest.mark.parametrize("position", POSITIONS)
def test_candidates_add_up_and_the_same_words_give_the_same_journal(
    capsys: pytest.CaptureFixture[str], position: str
) -> None:
    words = ["--position", position, "--simulations", "200"]
    found, again = searched(capsys, *words), searched(capsys, *words)
    assert set(found) >= KEYS
    rows = found["candidates"]
    assert isinstance(rows, list)
    assert sum(row["visits"] for row in rows) + 1 == found["root_visits"]
    assert sum(row["prior"] for row in rows) == pytest.approx(1.0, abs=2e-3)
    assert sum(row["improved_policy"] for row in rows) == pytest.approx(1.0)
    assert sum(found["wdl"]) == pytest.approx(1.0)  # type: ignore[call-overload]
    assert [row["visits"] for row in rows if row["proven"] != "win"] == sorted(
        (row["visits"] for row in rows if row["proven"] != "win"), reverse=True
    )
    assert found["best_action"] == found["principal_variation"][0]  # type: ignore[index]
    assert found["journal_sha256"] == again["journal_sha256"]


def test_another_seed_or_setting_gives_another_journal(capsys: pytest.CaptureFixture[str]) -> None:
    words = [*UNIFORM, "--domain", "connect_four", "--simulations", "50"]
    hashes = {searched(capsys, *words, *more)["journal_sha256"] for more in ([], ["--seed", "2"], ["--batch", "1"])}
    assert len(hashes) == 3


def test_a_recording_replays_to_the_same_result(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.arborist"
    words = ["--domain", "connect_four", *UNIFORM, "--simulations", "400", "--record", str(file)]
    found = searched(capsys, *words)
    code, out, _ = run(capsys, "replay", str(file), "--json")
    assert code == 0
    replayed = json.loads(out)
    for key in ("candidates", "value", "wdl", "principal_variation", "pruned", "journal_sha256", "tree_sha256"):
        assert replayed[key] == found[key], key
    code, out, _ = run(capsys, "replay", str(file), "--at", "123", "--json")
    assert (code, json.loads(out)["root_visits"]) == (0, 123)
    assert json.loads(out)["tree_sha256"] != found["tree_sha256"]
    target = tmp_path / "tree.json"
    assert run(capsys, "replay", str(file), "--export", str(target))[0] == 0
    tree = json.loads(target.read_text())
    assert len(tree["nodes"]) == found["nodes"]
    assert sum(edge["source"] == 0 for edge in tree["edges"]) == 7
    assert tree["nodes"][0]["visits"] == 400


def test_perft_counts(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "perft", "--depth", "4", "--json")
    assert (code, json.loads(out)["nodes"]) == (0, 197_281)
    code, out, _ = run(capsys, "perft", "--depth", "5", "--domain", "connect_four", "--json")
    assert (code, json.loads(out)["nodes"]) == (0, 16_807)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["serch"], 2, "did you mean 'search'"),
        (["search", "--simulations", "0"], 2, "0 is not a budget"),
        (["search", "--simulations", "-5"], 2, "-5"),
        (["search", "--seconds", "-1"], 2, "-1"),
        (["search", "--batch", "0"], 2, "0"),
        (["search", "--simulations", "many"], 2, "many"),
        (["search", "--method", "magic"], 2, "'magic'"),
        (["search", "--nonsense"], 2, "--nonsense"),
        (["search", "--domain", "go"], 3, "'go'"),
        (["search", "--position", "not a position"], 3, "not a position"),
        (["search", "--position", "8/8/8/8/8/8/8/8 w - - 0 1"], 3, "8/8/8/8/8/8/8/8"),
        (["search", "--position", "startpos moves e2e5"], 3, "e2e5"),
        (["search", "--generation", "gen-999"], 3, "'gen-999'"),
        (["search", "--generation", "/no/such/folder"], 3, "/no/such/folder"),
        (["search", "--domain", "connect_four", "--generation", "gen-000"], 3, "gen-000"),
        (["search", "--device", "cuda:77"], 4, "cuda:77"),
        (["search", "--device", "abacus"], 4, "abacus"),
        (["search", *UNIFORM, "--record", "/no/such/folder/a.arborist"], 3, "/no/such/folder"),
        (["replay", "/no/such.arborist"], 3, "/no/such.arborist"),
        (["replay", __file__], 3, "test_cli.py"),
        (["replay", "x.arborist", "--export", "x.docx"], 2, ".docx"),
        (["perft", "--depth", "-1"], 2, "-1"),
        (["perft", "--depth", "2", "--position", "zzz"], 3, "zzz"),
        (["generations", "show", "nothing"], 3, "'nothing'"),
        (["bench", "coffee"], 2, "'coffee'"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_it(
    capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    found, out, err = run(capsys, *words)
    assert found == code, err
    assert said in err
    assert out == ""
    assert "Traceback" not in err
    assert err.strip().count("\n") == 0, err


def started(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "engine.cli", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(condition: object, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def journal_bytes(file: Path) -> int:
    try:
        return len(read_recording(file).stream)
    except ValueError:
        return 0


@pytest.mark.skipif(os.name != "posix", reason="signals as sent by a terminal")
def test_ctrl_c_keeps_what_was_done(tmp_path: Path) -> None:
    file = tmp_path / "a.arborist"
    words = ["search", "--domain", "connect_four", *UNIFORM, "--seconds", "100", "--json", "--record", str(file)]
    process = started(*words)
    wait_for(lambda: journal_bytes(file) > 0)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    found = json.loads(out)
    assert found["stop_reason"] == "by_hand"
    assert found["simulations"] > 0
    assert "Traceback" not in err
    assert len(read_recording(file).stream) > 0


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_killed_search_leaves_a_recording_that_opens(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "a.arborist"
    process = started("search", "--domain", "connect_four", *UNIFORM, "--seconds", "100", "--record", str(file))
    wait_for(lambda: journal_bytes(file) > 0)
    process.kill()
    process.communicate(timeout=60)
    code, out, _ = run(capsys, "replay", str(file), "--json")
    assert code == 0
    assert json.loads(out)["simulations"] > 0


def test_a_recorded_search_is_taken_up_where_it_ended(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    whole, part, rest = (str(tmp_path / f"{name}.arborist") for name in ("whole", "part", "rest"))
    words = [*UNIFORM, "--position", POSITIONS[3], "--batch", "1", "--set", "prune_out_of_reach=false"]
    expected = searched(capsys, *words, "--simulations", "400", "--record", whole)
    searched(capsys, *words, "--simulations", "150", "--record", part)
    found = searched(capsys, "--resume", part, "--simulations", "250", "--record", rest)
    assert found["journal_sha256"] == expected["journal_sha256"]
    assert read_recording(rest).stream == read_recording(whole).stream


def test_settings_have_names_and_ranges(capsys: pytest.CaptureFixture[str]) -> None:
    found = searched(capsys, *UNIFORM, "--simulations", "5", "--set", "c_puct=2.5", "--set", "look_for_wins=false")
    assert found["settings"]["c_puct"] == 2.5  # type: ignore[index]
    assert found["settings"]["look_for_wins"] is False  # type: ignore[index]
    for wrong in ("c_puct", "c_pct=2", "c_puct=-3", "c_puct=fast"):
        code, out, err = run(capsys, "search", *UNIFORM, "--set", wrong)
        assert (code, out) == (2, "")
        assert wrong in err
        assert err.count("\n") == 1
