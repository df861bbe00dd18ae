"""`arborist generations` as scripts see it: a network of Lc0's goes in, searches, comes out, and is removed."""

import json
from pathlib import Path

import pytest

from engine.cli import main
from tests.engine.nets.lc0_files import Kind, Lc0Net


@pytest.fixture(autouse=True)
def _own_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_in_used_out_and_away(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "small.pb.gz"
    file.write_bytes(Lc0Net().packed())
    code, out, _ = run(capsys, "generations", "import", str(file), "--name", "mine", "--json")
    assert code == 0
    brief = json.loads(out)
    assert brief["id"] == "mine"
    code, out, _ = run(capsys, "generations", "show", "mine", "--json")
    assert json.loads(out)["settings"]["file"] == "small.pb.gz"
    code, out, _ = run(capsys, "search", "--generation", "mine", "--simulations", "50", "--json", "--device", "cpu")
    assert code == 0
    searched = json.loads(out)
    assert searched["generation"] == {"id": "mine", "hash": brief["hash"]}
    assert sum(row["visits"] for row in searched["candidates"]) == 49
    targets = tmp_path / "mine.onnx", tmp_path / "mine.safetensors"
    words = ("generations", "export", "mine", "--onnx", str(targets[0]), "--safetensors", str(targets[1]), "--json")
    code, out, _ = run(capsys, *words)
    assert code == 0
    assert all(target.stat().st_size > 1000 for target in targets)
    assert json.loads(out)["written"] == {"model.onnx": str(targets[0]), "weights.safetensors": str(targets[1])}
    code, out, _ = run(capsys, "generations", "remove", "mine", "--yes", "--json")
    assert code == 0
    assert json.loads(out)["id"] == "mine"
    code, out, _ = run(capsys, "generations", "list", "--json")
    assert "mine" not in [one["id"] for one in json.loads(out)["generations"]]


def test_people_are_told_the_licence_and_how_to_go_on(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "small.pb.gz"
    file.write_bytes(Lc0Net().packed())
    code, out, _ = run(capsys, "generations", "import", str(file), "--licence", "public domain")
    assert code == 0
    assert "small: 2 blocks x 6 channels, lc0_112 planes" in out
    assert "licence: public domain; imported by the user" in out
    assert "arborist search --generation small" in out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"hello", "is no network of Lc0's"),
        (Lc0Net().packed()[:1000], "is cut off"),
        (Lc0Net(Kind(structure=6)).packed(), "is a transformer"),
        (None, "cannot be read"),
    ],
)
def test_files_that_are_no_good(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "bad.pb.gz"
    if content is not None:
        file.write_bytes(content)
    code, out, err = run(capsys, "generations", "import", str(file))
    assert (code, out) == (3, "")
    assert said in err
    assert str(file) in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("export", "gen-000"), 2, "--onnx FILE, --safetensors FILE, or both"),
        (("export", "nothing", "--onnx", "x.onnx"), 3, "'nothing'"),
        (("remove", "gen-000", "--yes"), 3, "shipped with the program"),
        (("remove", "uniform", "--yes"), 3, "cannot be removed"),
        (("remove", "nothing", "--yes"), 3, "'nothing'"),
        (("import",), 2, "Missing argument"),
    ],
)
def test_mistakes_are_one_sentence(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, said: str
) -> None:
    found, out, err = run(capsys, "generations", *words)
    assert (found, out) == (code, "")
    assert said in err
    assert err.count("\n") == 1
