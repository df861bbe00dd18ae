"""The real engine as a process, driven by python-chess and, where that is too kind, by hand."""

import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import chess
import chess.engine
import pytest

import engine
from engine.search.settings import METHODS
from engine.uci.options import OPTIONS

COMMAND = [sys.executable, "-m", "engine.cli", "uci"]
ROOT = Path(engine.__file__).parents[1]
WAIT_S = 120.0  # kernels may have to be compiled first
ENDED = "(the process has ended)"
MATE_IN_2 = "kbK5/pp6/1P6/8/8/8/8/R7 w - - 0 1"
SHUFFLE = "g1f3 g8f6 f3g1 f6g8"


@pytest.fixture(scope="module")
def driven() -> Iterator[chess.engine.SimpleEngine]:
    """The engine under python-chess, ready."""
    with chess.engine.SimpleEngine.popen_uci(COMMAND, timeout=WAIT_S, cwd=ROOT) as driven:
        driven.ping()
        yield driven


def test_it_introduces_itself(driven: chess.engine.SimpleEngine) -> None:
    assert driven.id["name"].startswith("Arborist ")
    assert set(driven.options) == {option.name for option in OPTIONS}


@pytest.mark.parametrize(
    "limit",
    [
        chess.engine.Limit(nodes=1),
        chess.engine.Limit(nodes=200),
        chess.engine.Limit(time=0.1),
        chess.engine.Limit(depth=3),
        chess.engine.Limit(white_clock=5, black_clock=5, white_inc=0.1, black_inc=0.1),
        chess.engine.Limit(white_clock=0.01, black_clock=0.01),
        chess.engine.Limit(white_clock=3, black_clock=3, remaining_moves=2),
    ],
    ids=str,
)
@pytest.mark.parametrize("fen", [chess.STARTING_FEN, "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 b - - 0 1"])
def test_every_limit_gives_a_legal_move_in_time(
    driven: chess.engine.SimpleEngine, limit: chess.engine.Limit, fen: str
) -> None:
    board = chess.Board(fen)
    started = time.perf_counter()
    result = driven.play(board, limit, game=object(), info=chess.engine.INFO_ALL)
    assert time.perf_counter() - started < 8.0
    assert result.move in board.legal_moves
    assert result.info["nodes"] >= 1
    if limit.nodes is not None:
        assert result.info["nodes"] == limit.nodes
    if limit.depth is not None:
        assert result.info["depth"] >= limit.depth
    assert result.info["pv"][0] == result.move
    if result.ponder is not None:
        board.push(result.move)
        assert result.ponder in board.legal_moves


def test_one_line_for_each_of_several_moves(driven: chess.engine.SimpleEngine) -> None:
    infos = driven.analyse(chess.Board(), chess.engine.Limit(nodes=300), multipv=4, game=object())
    assert len({info["pv"][0] for info in infos}) == 4
    assert all("score" in info for info in infos)


def test_a_mate_is_found_and_counted(driven: chess.engine.SimpleEngine) -> None:
    info = driven.analyse(chess.Board(MATE_IN_2), chess.engine.Limit(mate=2, time=60), game=object())
    assert info["score"].relative == chess.engine.Mate(2)
    assert info["pv"][0] == chess.Move.from_uci("a1a6")
    mated = chess.Board(MATE_IN_2)
    mated.push_uci("a1a6")
    info = driven.analyse(mated, chess.engine.Limit(nodes=2000), game=object())
    assert info["score"].relative == chess.engine.Mate(-1)


def test_a_better_position_has_a_better_score(driven: chess.engine.SimpleEngine) -> None:
    """A queen up, seen by either side: the score is the player's to move."""
    fen = "4k3/pppp4/8/8/8/8/PPPP4/3QK3 {} - - 0 1"
    scores = [
        driven.analyse(chess.Board(fen.format(side)), chess.engine.Limit(nodes=200), game=object())["score"].relative
        for side in "wb"
    ]
    assert scores[0] > chess.engine.Cp(200)
    assert scores[1] < chess.engine.Cp(-200)


def test_only_the_moves_asked_for(driven: chess.engine.SimpleEngine) -> None:
    board = chess.Board()
    asked = [chess.Move.from_uci("a2a3"), chess.Move.from_uci("h2h4")]
    limit = chess.engine.Limit(nodes=150)
    assert driven.play(board, limit, root_moves=asked, game="one").move in asked
    infos = driven.analyse(board, limit, root_moves=asked[:1], multipv=5, game="two")
    assert [info["pv"][0] for info in infos] == asked[:1]
    assert driven.play(board, chess.engine.Limit(nodes=400), game="two").move not in asked
    mate = chess.Board("6k1/5ppp/8/8/8/8/5PPP/R5K1 w - - 0 1")
    assert driven.play(mate, limit, game="three").move == chess.Move.from_uci("a1a8")
    other = chess.Move.from_uci("h2h3")
    assert driven.play(mate, limit, root_moves=[other], game="three").move == other


def test_the_tree_is_kept_while_the_game_goes_on(driven: chess.engine.SimpleEngine) -> None:
    board, game = chess.Board(), object()
    first = driven.analyse(board, chess.engine.Limit(nodes=600), game=game)
    for move in first["pv"][:2]:
        board.push(move)
    kept = driven.analyse(board, chess.engine.Limit(nodes=1), game=game)
    assert kept["nodes"] > 20
    assert kept["pv"][0] == first["pv"][2], "one more batch may change the line further down"
    assert driven.analyse(board, chess.engine.Limit(nodes=1), game=object())["nodes"] == 1


def test_pondering(driven: chess.engine.SimpleEngine) -> None:
    board, limit = chess.Board(), chess.engine.Limit(white_clock=10, black_clock=10, white_inc=0.1, black_inc=0.1)
    for _ in range(3):
        result = driven.play(board, limit, ponder=True)
        board.push(result.move)
        assert result.ponder in board.legal_moves
        board.push(result.ponder)  # a hit, next time round
    result = driven.play(board, limit, ponder=True)
    board.push(result.move)
    miss = next(move for move in board.legal_moves if move != result.ponder)
    board.push(miss)
    assert driven.play(board, limit).move in board.legal_moves


# -- by hand ---------------------------------------------------------------------------------------------------------


class Talk:
    """A conversation with the engine's process."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self._heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._heard.put(line.decode().rstrip("\r\n"))
        self._heard.put(ENDED)

    def tell(self, *lines: str | bytes) -> None:
        assert self.process.stdin is not None
        for line in lines:
            self.process.stdin.write((line.encode() if isinstance(line, str) else line) + b"\n")
        self.process.stdin.flush()

    def until(self, start: str) -> list[str]:
        heard = [self._heard.get(timeout=WAIT_S)]
        while not heard[-1].startswith(start):
            assert heard[-1] != ENDED, heard
            heard.append(self._heard.get(timeout=WAIT_S))
        return heard

    def is_silent(self) -> bool:
        return self._heard.empty()

    def close(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        code = self.process.wait(WAIT_S)
        self._reader.join(WAIT_S)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@contextmanager
def talking(*arguments: str) -> Iterator[Talk]:
    process = subprocess.Popen([*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    talk = Talk(process)
    try:
        yield talk
    finally:
        assert talk.close() == 0


@pytest.fixture(scope="module")
def shared_talk() -> Iterator[Talk]:
    with talking("--option", "WeightsFile=gen-000") as talk:
        yield talk


@pytest.fixture
def talk(shared_talk: Talk) -> Talk:
    """The engine with nothing said that matters, ready."""
    shared_talk.tell("stop", "ucinewgame", "position startpos", "setoption name MultiPV value 1", "isready")
    shared_talk.until("readyok")
    assert shared_talk.is_silent()
    return shared_talk


def test_stop_is_answered_at_once(talk: Talk) -> None:
    waits = []
    for _ in range(5):
        talk.tell("go infinite")
        time.sleep(0.2)
        asked = time.perf_counter()
        talk.tell("isready")
        talk.until("readyok")
        talk.tell("stop")
        talk.until("bestmove")
        waits.append(time.perf_counter() - asked)
    assert sorted(waits)[2] < 0.5  # a batch takes a few hundredths; other tests may run beside this one


@pytest.mark.parametrize("go", ["go infinite", "go ponder nodes 1", "go"])
def test_a_solved_position_is_not_answered_before_stop(talk: Talk, go: str) -> None:
    talk.tell("position fen 6k1/5ppp/8/8/8/8/5PPP/R5K1 w - - 0 1", go)
    time.sleep(0.4)
    talk.tell("isready")
    assert not any(line.startswith("bestmove") for line in talk.until("readyok"))
    talk.tell("stop")
    heard = talk.until("bestmove")
    assert heard[-1].split()[:2] == ["bestmove", "a1a8"]
    assert "score mate 1" in heard[-2]


def test_chances_and_statistics_as_guis_read_them(talk: Talk) -> None:
    talk.tell("setoption name UCI_ShowWDL value true", "setoption name VerboseMoveStats value true", "go nodes 100")
    heard = talk.until("bestmove")
    talk.tell("setoption name UCI_ShowWDL value false", "setoption name VerboseMoveStats value false")
    info = next(line for line in heard if line.startswith("info depth"))
    wdl = re.search(r"score cp -?\d+ wdl (\d+) (\d+) (\d+) pv ", info)
    assert wdl is not None
    assert sum(map(int, wdl.groups())) == 1000
    number = r"-?\d+\.\d+"
    pattern = re.compile(
        rf"info string (\w+) +\((\d+) *\) N: +(\d+) \(\+ 0\) \(P: +({number})%\) \(WL: +{number}\) \(D: ({number})\)"
        rf" \(M: +{number}\) \(Q: +({number})\) \(U: ({number})\) \(S: +({number})\) \(V: +(?:{number}|-\.----)\)"
    )
    found = [match for line in heard if (match := pattern.fullmatch(line))][-21:]  # of the last report
    assert len(found) == 21
    assert found[-1][1] == "node"
    moves = found[:-1]
    assert {match[1] for match in moves} == {move.uci() for move in chess.Board().legal_moves}
    assert sum(int(match[3]) for match in moves) + 1 == int(found[-1][3]) == 100
    assert sum(float(match[4]) for match in moves) == pytest.approx(100, abs=0.5)
    assert [int(match[3]) for match in moves] == sorted(int(match[3]) for match in moves)
    assert heard[-1].split()[1] == moves[-1][1]


@pytest.mark.parametrize(
    ("position", "answer"),
    [
        ("fen r5k1/8/8/8/8/8/5PPP/r5K1 w - - 0 1", r"bestmove \(none\)"),
        ("fen 7k/5Q2/6K1/8/8/8/8/8 b - - 0 1", r"bestmove \(none\)"),
        ("fen 7k/8/8/8/8/8/8/7K w - - 0 1", r"bestmove h1(g1|g2|h2)"),
        (f"startpos moves {SHUFFLE} {SHUFFLE}", r"bestmove [a-h][2]?\S+ ponder \S+"),
        ("fen 7k/8/8/8/8/8/8/R6K w - - 120 80", r"bestmove \S+ ponder \S+"),
    ],
)
def test_where_the_game_is_over_or_could_be(talk: Talk, position: str, answer: str) -> None:
    talk.tell(f"position {position}", "go nodes 60")
    heard = talk.until("bestmove")
    assert heard[0].startswith("info string ")
    assert re.fullmatch(answer, heard[-1])


def test_bad_words_never_end_it(talk: Talk) -> None:
    talk.tell(b"\xff\xfe\x00garbage", "go wtime", "stop", "position fen 9/9 w", "x" * 99999)
    talk.tell("setoption name Threads value -1", "setoption name WeightsFile value no-such-generation")
    talk.tell("position startpos moves e2e4 e2e4", "go nodes 3")
    while " nodes 3 " not in (heard := talk.until("bestmove"))[-2]:
        pass
    talk.tell("setoption name WeightsFile value gen-000")
    text = "\n".join(heard)
    assert "no-such-generation" in text
    assert "using gen-000 instead" in text
    board = chess.Board()
    board.push_uci("e2e4")
    assert chess.Move.from_uci(heard[-1].split()[1]) in board.legal_moves


def test_every_option_can_be_set(talk: Talk) -> None:
    for option in OPTIONS:
        written = option.declaration().split(" default ")[-1].split(" min ")[0].split(" var ")[0]
        talk.tell(f"setoption name {option.name} value {written}")
    talk.tell("setoption name CPuct value 3", "setoption name Hash value 1", "isready")
    assert talk.until("readyok") == ["readyok"]
    talk.tell("go nodes 4000")
    heard = talk.until("bestmove")
    talk.tell("setoption name CPuct value 1.745", "setoption name Hash value 512")
    assert " nodes 4000 " in heard[-2]  # the tree made room
    assert max(int(full) for line in heard for full in re.findall(r"hashfull (\d+)", line)) > 500


@pytest.mark.parametrize("method", METHODS)
def test_every_method_answers_however_it_is_asked(talk: Talk, method: str) -> None:
    talk.tell(f"setoption name Method value {method}")
    for go in (
        "nodes 40",
        "movetime 150",
        "wtime 2000 btime 2000",
        "depth 2 movetime 500",
        "infinite",
        "ponder nodes 9",
    ):
        talk.tell("position startpos moves e2e4", f"go {go}")
        if "infinite" in go or "ponder" in go:
            time.sleep(0.2)
            talk.tell("isready", "stop")
            assert not any(line.startswith("bestmove") for line in talk.until("readyok"))
        heard = talk.until("bestmove")
        assert not [line for line in heard if line.startswith("info string")], (go, heard)
        assert re.fullmatch(r"bestmove [a-h][1-8][a-h][1-8]( ponder \S+)?", heard[-1])
    talk.tell("setoption name Method value puct")


def test_endgame_tables_that_are_not_there(talk: Talk) -> None:
    talk.tell("setoption name SyzygyPath value /no/such/folder", "go nodes 3")
    heard = talk.until("bestmove")
    talk.tell("setoption name SyzygyPath value <empty>")
    assert "'/no/such/folder'" in heard[0]
    assert "without tables" in heard[0]


@pytest.mark.skipif("ARBORIST_SHARED" not in os.environ, reason="ARBORIST_SHARED is not set: no endgame tables here")
def test_a_table_knows_who_wins_but_not_when(talk: Talk) -> None:
    folder = Path(os.environ["ARBORIST_SHARED"]) / "data" / "syzygy" / "regular"
    talk.tell(
        f"setoption name SyzygyPath value {folder}", "position fen 7k/8/8/8/8/8/p7/1KQ5 w - - 0 1", "go nodes 300"
    )
    heard = talk.until("bestmove")
    talk.tell("setoption name SyzygyPath value <empty>")
    assert not [line for line in heard if line.startswith("info string")]
    assert heard[-1].split()[1] == "b1a2"
    assert re.search(r"score cp 12\d{3} ", heard[-2])


def test_a_position_without_weights() -> None:
    with talking("--option", "WeightsFile=uniform") as talk:
        talk.tell("go nodes 50")  # nothing was said before
        assert talk.until("bestmove")[-1].startswith("bestmove ")
        talk.tell("go infinite", "quit")
        started = time.perf_counter()
        assert talk.process.wait(WAIT_S) == 0
        assert time.perf_counter() - started < 10.0


def test_wrong_options_of_the_command_are_refused() -> None:
    done = subprocess.run(
        [*COMMAND, "--option", "Hash=none"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=WAIT_S
    )
    assert done.returncode == 2
    assert "Hash" in done.stderr
    assert "'none'" in done.stderr
    assert not done.stdout
