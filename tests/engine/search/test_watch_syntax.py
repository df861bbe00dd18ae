"""Watchpoints as they are written on the command line."""

import json

import pytest

from engine.cli import main
from engine.domains import registry
from engine.search.watch_syntax import WatchSyntaxError, read_watchpoint
from engine.search.watchpoints import (
    AnyWatchpoint,
    BestChanges,
    BranchPruned,
    DepthReached,
    ProofFound,
    QueryHolds,
    ValueCrosses,
    ValueMoves,
    VisitsReach,
)
from engine.tree.events import PruneReason
from engine.tree.query_syntax import QueryError

NOTATION = registry.notation("chess")
START = NOTATION.parse_line("startpos")


def actions(*moves: str) -> tuple[int, ...]:
    path: tuple[int, ...] = ()
    for move in moves:
        path = (*path, int(NOTATION.parse_action(START.then(*path), move)))
    return path


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("best changes", BestChanges()),
        (" best  changes after 1,000 ", BestChanges(after=1000)),
        ("N > 500", VisitsReach(path=(), visits=501)),
        ("N(e2e4) >= 500", VisitsReach(path=actions("e4"), visits=500)),
        ("n(e4 e5)>7", VisitsReach(path=actions("e4", "e5"), visits=8)),
        ("Q(root) > 0.3", ValueCrosses(path=(), value=0.3, way="up")),
        ("Q(e2e4) < -0.25", ValueCrosses(path=actions("e4"), value=-0.25, way="down")),
        ("Q crosses 0", ValueCrosses(path=(), value=0.0)),
        ("Q(e4 e7e5) moves by 0.1", ValueMoves(path=actions("e4", "e5"), by=0.1)),
        ("Q moves .1", ValueMoves(path=(), by=0.1)),
        ("pruned", BranchPruned()),
        ("pruned proven duplicate", BranchPruned(reasons=(PruneReason.PROVEN, PruneReason.DUPLICATE))),
        ("pruned below e4", BranchPruned(below=actions("e4"))),
        ("pruned out_of_reach below e4 e5", BranchPruned(reasons=(2,), below=actions("e4", "e5"))),
        ("proven", ProofFound()),
        ("proven root", ProofFound()),
        ("proven anywhere", ProofFound(path=None)),
        ("proven e4", ProofFound(path=actions("e4"))),
        ("depth >= 12", DepthReached(depth=12)),
        ("query: N > 5 and depth > 0", QueryHolds(text="N > 5 and depth > 0")),
        ("query 3: N > 5", QueryHolds(text="N > 5", nodes=3)),
    ],
)
def test_what_is_written_is_what_is_meant(text: str, meant: AnyWatchpoint) -> None:
    assert read_watchpoint(text, NOTATION, START) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("coffee is ready", "nothing to wait for"),
        ("N(e2e5) > 5", "'e2e5'"),
        ("N > 1.5", "no whole number"),
        ("Q > 2", "<= 1"),
        ("Q moves 0", "> 0"),
        ("pruned boring", "'boring'"),
        ("depth >= 0", ">= 1"),
    ],
)
def test_what_means_nothing_is_named(text: str, said: str) -> None:
    with pytest.raises(WatchSyntaxError, match=said):
        read_watchpoint(text, NOTATION, START)


def test_a_query_says_itself_what_is_wrong() -> None:
    with pytest.raises(QueryError):
        read_watchpoint("query: N >", NOTATION, START)


def test_a_search_ends_where_it_was_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["search", "--domain", "connect_four", "--generation", "uniform", "--simulations", "3000", "--json"]
    assert main([*words, "--watch", "N(4) > 90", "--watch", "depth >= 30"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["stop_reason"] == "watchpoint"
    assert (report["watchpoint"]["index"], report["watchpoint"]["after"]) == (0, 91.0)
    assert report["watchpoint"]["simulation"] <= report["simulations"] < 3000
    assert main([*words, "--watch", "N(4) > 90", "--one-by-one"]) == 0
    there = json.loads(capsys.readouterr().out)
    assert there["watchpoint"]["simulation"] == there["simulations"]
    assert main([*words, "--watch", "coffee"]) == 2
