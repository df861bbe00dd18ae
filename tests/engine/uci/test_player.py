"""UCI engines of others as players: the words that name them, what they choose, and every way to fail."""

import shlex
import shutil
import sys
from pathlib import Path

import chess
import chess.engine
import pytest

from engine.domains.base import Line
from engine.domains.chess.notation import ChessNotation, board
from engine.domains.chess.positions import START_FEN
from engine.search.clock import Clock
from engine.uci.connection import UciConnection
from engine.uci.errors import UciError
from engine.uci.player import UciPlayer
from engine.uci.player_spec import UciSpec, parse_spec

SCRIPT = Path(__file__).with_name("scripted.py")
STOCKFISH = shutil.which("stockfish") or shutil.which("stockfish", path="/usr/games")
START = Line(START_FEN)
NOTATION = ChessNotation()


def scripted(manner: str, settings: str = "") -> UciSpec:
    return parse_spec(f"uci:{shlex.quote(sys.executable)} {shlex.quote(str(SCRIPT))} {manner}{settings}")


def name_of(line: Line, action: int) -> str:
    return next(choice.name for choice in NOTATION.choices(line) if choice.action == action)


@pytest.mark.parametrize(("moves", "white_s", "black_s"), [((), 3.0, 9.0), (("e2e4",), 9.0, 3.0)])
def test_each_colour_has_its_own_clock(
    moves: tuple[str, ...], white_s: float, black_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is told its own time as that of the colour it plays now."""
    limits: list[chess.engine.Limit] = []
    play = UciConnection.play

    def watched(
        connection: UciConnection, here: chess.Board, game: object, limit: chess.engine.Limit
    ) -> chess.engine.PlayResult:
        limits.append(limit)
        return play(connection, here, game, limit)

    monkeypatch.setattr(UciConnection, "play", watched)
    line = NOTATION.parse_line(" ".join(["startpos", "moves", *moves]) if moves else "startpos")
    with UciPlayer(scripted("good")) as player:
        player.ask(line, Clock(remaining_s=3.0, increment_s=0.1), Clock(remaining_s=9.0, increment_s=0.2))
    (limit,) = limits
    assert (limit.white_clock, limit.black_clock) == (white_s, black_s)
    assert (limit.white_inc, limit.black_inc) == ((0.2, 0.1) if moves else (0.1, 0.2))


def test_words_name_an_engine() -> None:
    spec = parse_spec("uci:'my engine' -x,UCI_LimitStrength=true, UCI_Elo = 1500,Nodes=100,EvalFile=a=b")
    assert spec.command == ("my engine", "-x")
    assert spec.options == (("UCI_LimitStrength", "true"), ("UCI_Elo", "1500"), ("EvalFile", "a=b"))
    assert (spec.nodes, spec.depth, spec.seconds) == (100, None, None)
    assert parse_spec("sf,movetime=250,depth=4").limit().time == 0.25
    assert parse_spec("uci:sf").limit().time == 0.1
    assert parse_spec("uci:sf,nodes=5").limit().time is None


@pytest.mark.parametrize(
    ("text", "named"),
    [("uci:", "uci:"), ("uci:,nodes=3", "no program"), ("uci:sf,nodes", "'nodes'"), ("uci:sf,nodes=0", "'0'"),
     ("uci:sf,depth=x", "'x'"), ("uci:'sf", "quotation"), ("uci:sf,=3", "'=3'"), ("uci:sf,movetime=²", "'²'")],
)  # fmt: skip
def test_words_that_name_none(text: str, named: str) -> None:
    with pytest.raises(UciError, match=named):
        parse_spec(text)


def test_it_plays_what_the_engine_says() -> None:
    with UciPlayer(scripted("well")) as player:
        assert player.name == "Scripted"
        assert name_of(START, player.choose(START)) == "a2a3"
        line = NOTATION.parse_line("startpos moves e2e4")
        assert name_of(line, player.choose(line)) == "a7a5"
        mate = NOTATION.parse_line("startpos moves f2f3 e7e5 g2g4 d8h4")
        with pytest.raises(UciError, match="game is over"):
            player.choose(mate)


def test_the_same_engine_with_the_same_settings_has_the_same_fingerprint() -> None:
    prints = []
    for settings in ("", "", ",nodes=5", ",Level=3"):
        with UciPlayer(scripted("well", settings)) as player:
            prints.append(player.fingerprint)
    assert prints[0] == prints[1]
    assert len(set(prints)) == 3


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        ("crash", "ended by itself"),
        ("hang", "did not answer within"),
        ("illegal", "e2e5"),
        ("garbage", "xyzzy"),
        ("none", "gave no move"),
    ],
)
def test_an_engine_that_fails_in_play(manner: str, said: str) -> None:
    patience_s = 1.5 if manner == "hang" else 30.0
    with (
        UciPlayer(scripted(manner), patience_s=patience_s) as player,
        pytest.raises(UciError, match=f"'Scripted'.*{said}"),
    ):
        player.choose(START)


def test_an_engine_that_does_not_start() -> None:
    with pytest.raises(UciError, match=r"no-such-engine.*no such program"):
        UciPlayer(parse_spec("uci:no-such-engine"))
    with pytest.raises(UciError, match="cannot be started"):
        UciPlayer(parse_spec(f"uci:{shlex.quote(str(SCRIPT.parent))}"))
    with pytest.raises(UciError, match="did not answer `uci`"):
        UciPlayer(scripted("silent"), patience_s=1.0)
    with pytest.raises(UciError, match="ended when"):
        UciPlayer(parse_spec(f"{shlex.quote(sys.executable)} -c pass"))


@pytest.mark.parametrize("settings", [",Contempt=5", ",Level=50", ",MultiPV=3"])
def test_an_option_the_engine_refuses(settings: str) -> None:
    with pytest.raises(UciError, match="refuses its options"):
        UciPlayer(scripted("well", settings))


@pytest.mark.skipif(STOCKFISH is None, reason="stockfish is not installed")
def test_stockfish_plays_and_mates() -> None:
    with UciPlayer(parse_spec(f"uci:{STOCKFISH},Threads=1,Hash=16,nodes=2000")) as player:
        assert player.name.startswith("Stockfish")
        assert chess.Move.from_uci(name_of(START, player.choose(START))) in board(START).legal_moves
        mate = Line("6k1/5ppp/8/8/8/8/5PPP/R5K1 w - - 0 1")
        assert name_of(mate, player.choose(mate)) == "a1a8"
