"""The limits of `arborist search`, each on its own and together, and what is said of those that make no sense."""

import json

import pytest

from engine.cli import main

UNIFORM = ["--generation", "uniform", "--domain", "connect_four"]
MATE_IN_ONE = ["--generation", "uniform", "--position", "6k1/5ppp/8/8/8/8/8/K2R4 w - - 0 1"]


def searched(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    assert main(["search", "--json", *words]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--depth", "3"], "depth"),
        (["--nodes", "70"], "nodes"),
        (["--kld-gain", "0.5"], "kld_gain"),
        (["--seconds", "0.01"], "seconds"),
        (["--simulations", "50", "--nodes", "10000", "--depth", "40"], "simulations"),
        (["--simulations", "5000", "--kld-gain", "0.5"], "kld_gain"),
        ([], "simulations"),
    ],
)
def test_the_first_limit_reached_ends_the_search(
    capsys: pytest.CaptureFixture[str], words: list[str], reason: str
) -> None:
    found = searched(capsys, *UNIFORM, *words)
    assert found["stop_reason"] == reason
    if reason == "depth":
        assert len(found["principal_variation"]) >= 3  # type: ignore[arg-type]
    if reason == "nodes":
        assert 70 <= found["nodes"] < 70 + 32  # type: ignore[operator]


def test_a_mate_that_was_asked_for_is_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    found = searched(capsys, *MATE_IN_ONE, "--mate", "2")
    assert (found["stop_reason"], found["best_action"]) == ("mate", "d1d8")
    assert searched(capsys, *MATE_IN_ONE)["stop_reason"] == "solved"


def test_a_choice_that_cannot_change_any_more_ends_the_search(capsys: pytest.CaptureFixture[str]) -> None:
    forced = ["--generation", "uniform", "--position", "7k/R7/8/8/8/8/8/K7 b - - 0 1"]  # Black has one move
    assert searched(capsys, *forced, "--stable", "40", "--simulations", "5000")["simulations"] < 10  # type: ignore[operator]
    found = searched(capsys, *forced, "--stable", "40")
    assert found["stop_reason"] == "stable"
    assert 40 <= found["simulations"] < 100  # type: ignore[operator]


@pytest.mark.parametrize("option", ["--depth", "--mate", "--stable", "--kld-gain", "--nodes", "--recycle-mib"])
@pytest.mark.parametrize("value", ["0", "-3", "much"])
def test_a_limit_that_makes_no_sense_is_named(capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    assert main(["search", *UNIFORM, option, value]) == 2
    said = capsys.readouterr().err
    assert option in said
    assert value in said
    assert said.strip().count("\n") == 0


def test_endgame_tables_that_are_not_there_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "--generation", "uniform", "--syzygy", "/no/such/tables"]) == 3
    assert "/no/such/tables" in capsys.readouterr().err
    assert main(["search", *UNIFORM, "--syzygy", "/no/such/tables"]) == 2
    assert "connect_four" in capsys.readouterr().err
