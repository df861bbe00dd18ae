"""Lines of a GUI as commands: the protocol's own examples, and that nothing a GUI can write is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.uci import commands
from engine.uci.commands import Go, Position, SetOption, parse


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("uci", commands.Uci()),
        ("  isready\r\n", commands.IsReady()),
        ("joho stop", commands.Stop()),
        ("ucinewgame", commands.NewGame()),
        ("ponderhit", commands.PonderHit()),
        ("quit", commands.Quit()),
        ("", None),
        ("xyzzy", None),
        ("setoption name Clear Hash", SetOption("Clear Hash", "")),
        ("setoption name Nullmove value true", SetOption("Nullmove", "true")),
        ("setoption name SyzygyPath value /a  b/c:/d", SetOption("SyzygyPath", "/a  b/c:/d")),
        ("setoption name Foo value", SetOption("Foo", "")),
        ("setoption name  Move   Overhead  value 3 ", SetOption("Move Overhead", "3")),
        ("setoption", None),
        ("position startpos", Position("startpos", ())),
        ("position startpos moves e2e4 e7e5", Position("startpos", ("e2e4", "e7e5"))),
        ("position fen 8/8/8/8/8/8/8/K1k5 w - - 0 1 moves a1a2", Position("8/8/8/8/8/8/8/K1k5 w - - 0 1", ("a1a2",))),
        ("position", None),
        ("position moves e2e4", None),
        ("go", Go()),
        ("go infinite", Go(infinite=True)),
        ("go ponder wtime 1000 btime 2000", Go(ponder=True, wtime=1000, btime=2000)),
        ("go wtime 1 btime 2 winc 3 binc 4 movestogo 5", Go(wtime=1, btime=2, winc=3, binc=4, movestogo=5)),
        ("go searchmoves e2e4 d2d4 nodes 7", Go(searchmoves=("e2e4", "d2d4"), nodes=7)),
        ("go nodes seven movetime 5", Go(movetime=5)),
        ("go wtime -30 btime 100", Go(wtime=-30, btime=100)),
        ("go mate", Go()),
    ],
)  # fmt: skip
def test_what_a_line_means(line: str, expected: object) -> None:
    assert parse(line) == expected


WORDS = st.sampled_from(
    (
        *("go", "position", "startpos", "fen", "moves", "setoption", "name", "value", "nodes", "depth", "mate"),
        *("searchmoves", "infinite", "ponder", "e2e4", "-", "0", "-1", "99999999999999999999", "w/k8", "stop"),
    )
)


@given(st.one_of(st.text(), st.lists(st.one_of(WORDS, st.text(max_size=5))).map(" ".join)))
def test_no_line_is_an_error(line: str) -> None:
    parse(line)
