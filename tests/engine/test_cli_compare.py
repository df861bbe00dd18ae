"""`arborist compare`: what two recordings of one position differ in, and what cannot be compared."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from engine.domains.registry import notation, rules
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.recording import write_recording

FOUR = notation("connect_four")


def recorded(path: Path, text: str, simulations: int, seed: int = 0, domain: str = "connect_four") -> Path:
    journal: list[bytes] = []
    settings = SearchSettings(root_noise=0.5, seed=seed)
    line = notation(domain).parse_line(text)
    search = Search(rules(domain), HashEvaluator(), line, settings, journal.append)
    search.start_run(Limits(simulations=simulations))
    while search.advance() is None:
        pass
    write_recording(path, search.header, b"".join(journal))
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    recorded(folder / "a.arborist", "startpos", 300)
    recorded(folder / "b.arborist", "startpos", 200, seed=8)
    recorded(folder / "later.arborist", "startpos moves 4", 150)
    recorded(folder / "elsewhere.arborist", "startpos moves 1 1", 20)
    recorded(folder / "chess.arborist", "startpos", 20, domain="chess")
    return folder


def told(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> dict[str, Any]:
    files = [str(folder / f"{word}.arborist") if word.isalpha() else word for word in words]
    assert main(["compare", *files, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_figures_add_up_and_turn_around(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    there, back = told(capsys, folder, "a", "b"), told(capsys, folder, "b", "a")
    assert (there["a"]["simulations"], there["b"]["simulations"]) == (300, 200)
    assert there["shared_nodes"] + there["a"]["only_here"] == there["a"]["nodes"]
    assert there["shared_nodes"] + there["b"]["only_here"] == there["b"]["nodes"]
    assert 0.0 < there["root_distance"] < 1.0
    assert there["root_distance"] == pytest.approx(back["root_distance"])
    assert not there["identical"]
    sizes = [abs(row["effort"]) for row in there["effort"]]
    assert len(sizes) == 10
    assert sizes == sorted(sizes, reverse=True)
    first = next(row for row in there["effort"] if len(row["path"]) == 1)
    assert first["effort"] == pytest.approx(first["share"][1] * 200 / 199 - first["share"][0] * 300 / 299, abs=1e-3)
    other = next(row for row in back["effort"] if row["path"] == first["path"])
    assert other["effort"] == pytest.approx(-first["effort"])
    assert other["q"] == first["q"][::-1]


def test_where_the_main_lines_part(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    report = told(capsys, folder, "a", "b")
    lines = [report[side]["principal_variation"] for side in "ab"]
    parting, plies = report["divergence"], report["agreement_plies"]
    assert parting["ply"] == plies
    assert lines[0][:plies] == lines[1][:plies] == parting["path"]
    assert (parting["move_a"], parting["move_b"]) == (lines[0][plies], lines[1][plies])
    assert parting["move_a"] != parting["move_b"]
    assert parting["a"]["of_move_a"]["visits"] >= parting["a"]["of_move_b"]["visits"]
    assert parting["b"]["of_move_b"]["visits"] >= parting["b"]["of_move_a"]["visits"]


def test_a_search_and_itself(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    report = told(capsys, folder, "a", "a")
    assert report["identical"]
    assert (report["root_distance"], report["divergence"], report["effort"]) == (0.0, None, [])
    assert main(["compare", *[str(folder / "a.arborist")] * 2]) == 0
    assert "The two searches are the same." in capsys.readouterr().out


@pytest.mark.parametrize("order", [("a", "later"), ("later", "a")])
def test_a_later_position_is_found_below_the_other_search(
    capsys: pytest.CaptureFixture[str], folder: Path, order: tuple[str, str]
) -> None:
    report = told(capsys, folder, *order)
    assert report["position"] == FOUR.position_text(FOUR.parse_line("startpos moves 4"))
    assert report["b" if order[1] == "later" else "a"]["simulations"] == 150
    assert report["a" if order[1] == "later" else "b"]["simulations"] < 300


def test_what_is_printed_names_both_and_the_count_is_kept(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["compare", str(folder / "a.arborist"), str(folder / "b.arborist"), "--count", "3"]) == 0
    said = capsys.readouterr().out
    assert "a.arborist" in said
    assert "They part after" in said
    assert "where effort differs most" in said
    assert said.split("where values differ most")[0].count("%") >= 3
    assert len(told(capsys, folder, "a", "b", "--count=3")["value"]) == 3


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("a", "chess"), "a search of connect_four"),
        (("later", "elsewhere"), "different positions"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    capsys: pytest.CaptureFixture[str], folder: Path, words: tuple[str, str], why: str
) -> None:
    assert main(["compare", *(str(folder / f"{word}.arborist") for word in words)]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert why in said.err
