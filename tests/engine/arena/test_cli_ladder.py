"""`arborist ladder`: its JSON, its table, what it refuses, and that what was played is not played again."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.arena.store import MatchStore
from engine.cli import main

FOUR = ["--domain", "connect_four"]
PLAYERS = ["random", "uniform@10", "uniform@60"]


@pytest.fixture(autouse=True)
def own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path))


def rated(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["ladder", "--json", *FOUR, *words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_more_search_stands_higher_and_games_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    report = rated(capsys, *PLAYERS, "--pairs", "12", "--anchor", "random=100")
    names = [row["player"] for row in report["players"]]
    assert names == ["uniform@60", "uniform@10", "random"]
    assert report["players"][2]["elo"] == 100.0
    assert report["players"][2]["anchored"]
    assert report["players"][0]["better_than_next"] > 0.9
    assert report["players"][2]["better_than_next"] is None
    assert report["games"] == 48
    matches = {stored.id: stored.journal.read_bytes() for stored in MatchStore().list()}
    assert set(report["matches"]) == set(matches)
    assert rated(capsys, *PLAYERS, "--pairs", "12", "--anchor", "random=100") == report
    assert rated(capsys, *PLAYERS, "--stored", "--anchor", "random=100") == report
    assert {stored.id: stored.journal.read_bytes() for stored in MatchStore().list()} == matches, "nothing was played"
    longer = rated(capsys, *PLAYERS, "--pairs", "14", "--pairing", "all")
    assert longer["games"] == 3 * 28
    assert len(longer["matches"]) == 3


def test_a_player_may_be_written_in_any_way(capsys: pytest.CaptureFixture[str]) -> None:
    report = rated(capsys, "random", "uniform", "--pairs", "3", "--anchor", "uniform@0=7")
    again = rated(capsys, "random", "uniform@0", "--pairs", "3", "--anchor", "uniform=7")
    assert again["matches"] == report["matches"]
    assert {row["elo"] for row in (*report["players"], *again["players"]) if row["anchored"]} == {7.0}


def test_an_informative_ladder_spends_as_many_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    report = rated(capsys, *PLAYERS, "--pairs", "20", "--pairing", "informative")
    assert 2 * 2 * 20 <= report["games"] < 2 * 2 * 20 + 2 * 8
    assert rated(capsys, *PLAYERS, "--pairs", "20", "--pairing", "informative") == report


def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ladder", *PLAYERS, *FOUR, "--pairs", "4"]) == 0
    shown = capsys.readouterr().out
    for words in ("uniform@60", "Elo", "95 %", "games", "score", "P(> next)", "first move"):
        assert words in shown
    assert main(["ladder", "--stored"]) == 0
    assert "no games are stored" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["random"], 2, "two players"),
        ([], 2, "two players"),
        (["random", "random"], 2, "twice"),
        (["random", "no-such@0"], 3, "no-such"),
        (["random", "uniform@5:magic"], 3, "magic"),
        (["random", "uniform@5", "--pairing", "some"], 2, "some"),
        (["random", "uniform@5", "--anchor", "random"], 2, "PLAYER=ELO"),
        (["random", "uniform@5", "--anchor", "nobody=5"], 2, "nobody"),
        (["random", "uniform@5", "--pairs", "0"], 2, "0"),
    ],
)
def test_wrong_words_are_named(capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str) -> None:
    assert main(["ladder", *FOUR, *words]) == code
    assert said in capsys.readouterr().err
    assert MatchStore().list() == []
