"""`arborist generations` as scripts see it: a network of Lc0's goes in, searches, comes out, and is removed."""

import json
from pathlib import Path

import msgspec
import pytest

from engine.arena.in_use import matches_with
from engine.arena.journal import Header, MatchJournal
from engine.arena.order import MatchOrder
from engine.arena.player_facts import PlayerFacts
from engine.arena.store import MatchStore
from engine.cli import main
from engine.generations.registry import default_registry
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


def test_handed_from_person_to_person(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "gift.zip"
    code, out, _ = run(capsys, "generations", "export", "gen-000", "--bundle", str(file), "--json")
    assert code == 0
    sent = json.loads(out)
    assert sent["written"] == {"bundle": str(file)}
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "somebody else"))
    code, out, _ = run(capsys, "generations", "import", str(file), "--name", "gift", "--json")
    assert code == 0
    assert json.loads(out) == {**{name: sent[name] for name in sent if name != "written"}, "id": "gift"}
    code, _, err = run(capsys, "generations", "import", str(file), "--name", "gift")
    assert code == 3
    assert "already a generation 'gift'" in err


def test_the_card_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = run(capsys, "generations", "show", "gen-000")
    assert (code, err) == (0, "")
    card = default_registry().get("gen-000").card
    assert "on 83,870 positions kept away from its training" in out
    assert f"{card.metrics['top_1']:.1%}" in out
    assert card.weights_sha256 in out, "in one piece, to be copied"
    assert all(source.name in out and source.licence in out for source in card.data)
    assert "Known weakness" in out
    (tmp_path / "small.pb.gz").write_bytes(Lc0Net().packed())
    run(capsys, "generations", "import", str(tmp_path / "small.pb.gz"))
    code, out, _ = run(capsys, "generations", "show", "small")
    assert code == 0
    assert "nothing was measured here when it was made" in out
    assert "its file states, not measured here: steps 1,234, top_1 0.515" in out


def test_one_that_matches_were_played_with_goes_only_by_force(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "small.pb.gz").write_bytes(Lc0Net().packed())
    run(capsys, "generations", "import", str(tmp_path / "small.pb.gz"))
    match = MatchStore().begin(MatchOrder(domain="chess", a="small@8:gumbel", b="random"))
    other = MatchStore().begin(MatchOrder(domain="chess", a="small-two", b="uci:stockfish"))
    code, out, err = run(capsys, "generations", "remove", "small", "--yes")
    assert (code, out) == (3, "")
    assert f"'small' is not removed: 1 stored match was played with it ({match.id})" in err
    assert other.id not in err
    code, out, _ = run(capsys, "generations", "remove", "small", "--yes", "--force")
    assert (code, out) == (0, "small is removed\n")
    assert len(MatchStore().list()) == 2, "the matches stay"


def test_matches_are_known_by_the_weights_they_were_played_with(capsys: pytest.CaptureFixture[str]) -> None:
    """Another generation may have had the id since."""
    card = default_registry().get("gen-000").card
    match = MatchStore().begin(MatchOrder(domain="chess", a="gen-000", b="random"))
    facts = PlayerFacts(text="gen-000", fingerprint="x", kind="generation", weights_sha256="00" * 32)
    names = {"a": "gen-000", "b": "random", "a_fingerprint": "x", "b_fingerprint": "random"}
    header = Header(domain="chess", book="", book_hash="", seed=0, max_plies=9, a_facts=facts, b_facts=facts, **names)
    assert matches_with(MatchStore(), card) == [match.id]
    MatchJournal(match.journal, header).__exit__()
    assert matches_with(MatchStore(), card) == []
    same = msgspec.structs.replace(header, b_facts=msgspec.structs.replace(facts, weights_sha256=card.weights_sha256))
    match.journal.unlink()
    MatchJournal(match.journal, same).__exit__()
    assert matches_with(MatchStore(), card) == [match.id]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("export", "gen-000"), 2, "--onnx FILE, --safetensors FILE, --bundle FILE.zip"),
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
