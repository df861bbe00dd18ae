"""`arborist replay --export` from the command line: every kind of file, moments, refusals, Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.cli import main
from engine.cli_export import FORMATS
from engine.tree.recording import write_recording
from tests.engine.tree.small_searches import MANY_MATES, searched

REPOSITORY = Path(__file__).resolve().parents[2]
BEGINNINGS = {
    ".png": b"\x89PNG",
    ".svg": b"<svg",
    ".html": b"<!DOCTYPE html>",
    ".mp4": b"\x00\x00\x00",
    ".gif": b"GIF89a",
    ".pgn": b"[Event",
    ".json": b'{"directed"',
    ".graphml": b"<?xml",
    ".dot": b"digraph",
    ".parquet": b"PAR1",
}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recordings") / "a.arborist"
    header, stream, _ = searched("chess", MANY_MATES, 900)
    write_recording(path, header, stream)
    return path


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_kind_of_file(capsys: pytest.CaptureFixture[str], recording: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    small = ["--size", "400x300", "--seconds", "1"]
    code = main(["replay", str(recording), "--at", "100", "--export", str(path), *small])
    told = capsys.readouterr()
    assert (code, told.out) == (0, ""), told.err
    assert told.err.strip() == f"wrote {path}"
    assert path.read_bytes().startswith(BEGINNINGS[suffix])
    assert {each.suffix for each in tmp_path.iterdir()} == {suffix}, "nothing else is left"


def test_least_visits_leaves_nodes_out(capsys: pytest.CaptureFixture[str], recording: Path, tmp_path: Path) -> None:
    counts = []
    for least in ("1", "5"):
        path = tmp_path / f"{least}.json"
        assert main(["replay", str(recording), "--export", str(path), "--least-visits", least]) == 0
        counts.append([node["visits"] for node in json.loads(path.read_text())["nodes"]])
    assert len(counts[0]) > 2 * len(counts[1])
    assert min(counts[0]) == 1
    assert min(counts[1]) == 5


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--export", "a.png", "--view", "spiral"], 2, "spiral"),
        (["--export", "a.png", "--size", "9x9"], 2, "9x9"),
        (["--export", "a.png", "--theme", "pink"], 2, "pink"),
        (["--export", "a.json", "--least-visits", "0"], 2, "0"),
        (["--export", "/no/such/folder/a.svg"], 3, "/no/such/folder"),
        (["--export", "/no/such/folder/a.parquet"], 3, "/no/such/folder"),
    ],
)
def test_refusals(
    capsys: pytest.CaptureFixture[str],
    recording: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["replay", str(recording), *words]) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_stops_a_film_and_leaves_nothing(recording: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    words = [sys.executable, "-m", "engine.cli", "replay", str(recording), "--export", str(path), "--seconds", "100"]
    code = "import sys; from engine.cli import main; sys.exit(main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words[3:]], cwd=REPOSITORY, stderr=subprocess.PIPE, start_new_session=True
    ) as program:
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob(".a.*")) and time.monotonic() < deadline:
            time.sleep(0.1)
        os.killpg(program.pid, signal.SIGINT)  # as a terminal does: to all in its foreground
        assert program.stderr is not None
        said = program.stderr.read().decode()
    assert program.returncode == 130, said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
