"""The real engine process: how it starts and ends, and real searches whose journal is folded here."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import psutil
import pytest
import zmq.auth

from engine.domains.registry import notation, rules
from engine.search.evaluator import UniformEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.service.access import KeyPair
from engine.service.messages import (
    PROTOCOL_VERSION,
    CutBranch,
    Done,
    Failed,
    Hello,
    JournalPart,
    ListGenerations,
    Opened,
    OpenSearch,
    PauseSearch,
    PlayActions,
    ReadyLine,
    RestoreBranch,
    RunEnded,
    RunSearch,
    SearchFigures,
    Shutdown,
    StartLine,
    Welcome,
)
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import PruneReason, decode_header
from engine.tree.fold import empty_tree, fold_stream
from tests.engine.service.fakes import SocketClient

REPOSITORY = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-P", "-m", "engine.service"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"}


class EngineProcess:
    """An engine process and how to reach it."""

    def __init__(self) -> None:
        self.keys = KeyPair.fresh()
        self.process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(msgspec.json.encode(StartLine(client_key=self.keys.public.decode())) + b"\n")
        self.process.stdin.flush()
        self.ready = msgspec.json.decode(self.process.stdout.readline(), type=ReadyLine)
        self.client = self.connect(self.keys)

    def connect(self, keys: KeyPair) -> SocketClient:
        return SocketClient(self.ready.port, self.ready.server_key.encode(), keys)

    def ends(self) -> int:
        """The exit code, once it has ended by itself."""
        return self.process.wait(10)

    def close(self) -> None:
        self.client.close()
        self.process.kill()
        with self.process:  # closes the pipes
            pass


@contextmanager
def engine_process() -> Iterator[EngineProcess]:
    engine = EngineProcess()
    try:
        assert isinstance(engine.client.do(Hello, version=PROTOCOL_VERSION), Welcome)
        yield engine
    finally:
        engine.close()


@pytest.fixture(scope="module")
def shared_client() -> Iterator[SocketClient]:
    """One process for all searches of this file."""
    with engine_process() as engine:
        yield engine.client


@pytest.fixture
def client(shared_client: SocketClient) -> SocketClient:
    shared_client.seen.clear()
    return shared_client


def opened(client: SocketClient, domain: str, position: str, **settings: Any) -> Opened:
    line = notation(domain).parse_line(position)
    values = {"start": line.start, "actions": line.actions, "settings": SearchSettings(**settings)}
    answer = client.do(OpenSearch, domain=domain, generation="uniform", **values)
    assert isinstance(answer, Opened), answer
    return answer


def journal(client: SocketClient, search: int) -> bytes:
    stream = b""
    for part in client.notices(JournalPart):
        if part.search == search:
            assert part.offset == len(stream)
            stream += part.events
    return stream


def folded(client: SocketClient, answer: Opened) -> SearchTree:
    tree = empty_tree(decode_header(answer.header))
    fold_stream(tree, journal(client, answer.search))
    return tree


@pytest.mark.parametrize(
    ("domain", "position"), [("connect_four", "startpos moves 4 4"), ("chess", "startpos moves e2e4 e7e5")]
)
def test_a_search_there_is_the_same_as_one_here(client: SocketClient, domain: str, position: str) -> None:
    answer = opened(client, domain, position, batch=8, seed=3)
    ended = client.do(RunSearch, limits=Limits(simulations=200))
    assert isinstance(ended, RunEnded)
    assert ended.reason == "simulations"
    here: list[bytes] = []
    line = notation(domain).parse_line(position)
    settings = SearchSettings(batch=8, seed=3)
    search = Search(rules(domain), UniformEvaluator(), line, settings, here.append, "uniform")
    search.start_run(Limits(simulations=200))
    while search.advance() is None:
        pass
    assert decode_header(answer.header) == search.header
    assert journal(client, answer.search) == b"".join(here)
    tree = folded(client, answer)
    assert tree.simulations == tree.stats["visits"][ROOT] == 200
    np.testing.assert_array_equal(tree.stats[: tree.num_nodes], search.tree.stats[: search.tree.num_nodes])
    figures = client.notices(SearchFigures)[-1]
    assert (figures.simulations, figures.running) == (200, False)
    assert figures.tree_bytes == search.figures().tree_bytes


def test_steering_a_search_that_runs(client: SocketClient) -> None:
    answer = opened(client, "connect_four", "startpos")
    run = client.ask(RunSearch)
    while not client.notices(JournalPart):
        client.next()
    assert isinstance(client.do(CutBranch, path=(0,), roots=0), Done)
    tree = folded(client, answer)
    edge = tree.find_edge((0,))
    assert tree.edge_pruned[edge] == PruneReason.BY_HAND
    visits = tree.stats["visits"][tree.edge_child[edge]]
    before = tree.simulations
    while folded(client, answer).simulations < before + 2000:
        client.next()
    tree = folded(client, answer)
    assert tree.stats["visits"][tree.edge_child[edge]] == visits  # a pruned branch is not visited
    assert isinstance(client.do(RestoreBranch, path=(0,), roots=0), Done)
    assert folded(client, answer).edge_pruned[edge] == 0
    assert isinstance(client.do(PlayActions, path=(3, 2), roots=0), Done)
    assert folded(client, answer).line.actions == (3, 2)
    stale = client.do(CutBranch, path=(1,), roots=0)
    assert isinstance(stale, Failed)
    assert stale.kind == "state"
    assert run not in client.answers()  # the run went on all the while
    assert isinstance(client.do(PauseSearch), Done)
    assert isinstance(client.answer(run), RunEnded)
    done = folded(client, answer).simulations
    assert client.hears_nothing_for(150)
    client.do(RunSearch, limits=Limits(simulations=10))
    assert folded(client, answer).simulations == done + 10


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"domain": "go"}, "'go'"),
        ({"start": "nonsense"}, "'nonsense'"),
        ({"actions": (60_000,)}, "column 60001"),
        ({"actions": (2**62,)}, str(2**62 + 1)),
        ({"generation": "no-such-thing"}, "'no-such-thing'"),
        ({"settings": SearchSettings(method="guess")}, "gumbel|uct"),
    ],
)
def test_bad_input_is_named(client: SocketClient, values: dict[str, Any], named: str) -> None:
    good = {"domain": "connect_four", "start": "startpos", "generation": "uniform"}
    answer = client.do(OpenSearch, **{**good, **values})
    assert isinstance(answer, Failed)
    assert answer.kind == "input"
    assert named in answer.text
    opened(client, "connect_four", "startpos")  # and it goes on


def test_a_position_that_is_over(client: SocketClient) -> None:
    mate = "rnb1kbnr/pppp1ppp/8/4p3/6Pq/5P2/PPPPP2P/RNBQKBNR w KQkq - 1 3"
    answer = opened(client, "chess", mate)
    ended = client.do(RunSearch, limits=Limits(simulations=5))
    assert isinstance(ended, RunEnded)
    assert ended.reason == "solved"
    assert folded(client, answer).stats["lower"][ROOT] == -1


def test_generations(client: SocketClient) -> None:
    answer = client.do(ListGenerations)
    assert not isinstance(answer, Failed), answer


def stop_by_request(engine: EngineProcess) -> None:
    assert isinstance(engine.client.do(Shutdown), Done)


def stop_by_end_of_input(engine: EngineProcess) -> None:
    assert engine.process.stdin is not None
    engine.process.stdin.close()


def stop_by_signal(engine: EngineProcess) -> None:
    engine.process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize(
    "stop",
    [
        stop_by_request,
        stop_by_end_of_input,
        pytest.param(
            stop_by_signal, marks=pytest.mark.skipif(os.name != "posix", reason="TerminateProcess is no signal")
        ),
    ],
)
def test_it_ends_in_the_middle_of_a_run(stop: Callable[[EngineProcess], None]) -> None:
    with engine_process() as engine:
        opened(engine.client, "connect_four", "startpos")
        engine.client.ask(RunSearch)
        engine.client.next()
        stop(engine)
        assert engine.ends() == 0
        assert engine.process.stderr is not None
        assert b"Traceback" not in engine.process.stderr.read()


@pytest.mark.skipif(os.name != "posix", reason="a terminal's Ctrl-C is no signal to a group of processes")
def test_an_interrupt_meant_for_the_parent_is_ignored() -> None:
    with engine_process() as engine:
        engine.process.send_signal(signal.SIGINT)
        assert isinstance(engine.client.do(ListGenerations), Done | Failed) is False
        assert engine.process.poll() is None


PARENT = """
    import subprocess, sys
    child = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdin.write(sys.argv[1].encode() + b"\\n")
    child.stdin.flush()
    child.stdout.readline()
    print(child.pid, flush=True)
    child.wait()
"""


def test_it_ends_when_its_parent_is_killed() -> None:
    start = msgspec.json.encode(StartLine(client_key=KeyPair.fresh().public.decode())).decode()
    command = [sys.executable, "-c", textwrap.dedent(PARENT), start, *COMMAND]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT) as parent:
        assert parent.stdout is not None
        engine = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    end = time.monotonic() + 5
    while engine.is_running() and engine.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "the engine lives on"
        time.sleep(0.05)


@pytest.mark.parametrize("line", [b"", b'{"client_key": "short"}\n', b"[" * 5000 + b"\n"])
def test_a_wrong_start_line(line: bytes) -> None:
    done = subprocess.run(COMMAND, input=line, capture_output=True, env=ENVIRONMENT, timeout=30, check=False)
    assert done.returncode == 3
    assert done.stdout == b""
    assert b"client_key" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[int, bytes, Path]]:
    """A process that listens for remote clients: its port, its public key, the folder of the clients' keys."""
    command = [*COMMAND, "--listen", "127.0.0.1:*", "--keys", str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stderr is not None
        port = int(process.stderr.readline().rpartition(b":")[2])
        assert str(tmp_path / "server.key").encode() in process.stderr.readline()
        key, _ = zmq.auth.load_certificate(tmp_path / "server.key")
        yield port, key, tmp_path / "clients"
        process.terminate()
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()  # or the fixture would wait for it for ever
            raise
        assert process.returncode == 0 or os.name != "posix"


def test_listening_for_remote_clients(listening: tuple[int, bytes, Path], tmp_path: Path) -> None:
    port, server_key, clients = listening
    _, secret_file = zmq.auth.create_certificates(tmp_path, "ada")
    keys = KeyPair(*zmq.auth.load_certificate(secret_file))  # type: ignore[arg-type]
    stranger = SocketClient(port, server_key, keys)
    stranger.ask(Hello, version=PROTOCOL_VERSION)
    assert stranger.hears_nothing_for(500)
    stranger.close()
    (tmp_path / "ada.key").rename(clients / "ada.key")
    client = SocketClient(port, server_key, keys)
    try:
        assert isinstance(client.do(Hello, version=PROTOCOL_VERSION), Welcome)
        opened(client, "connect_four", "startpos")
        assert isinstance(client.do(RunSearch, limits=Limits(simulations=50)), RunEnded)
        assert isinstance(client.do(Shutdown), Failed)
        assert isinstance(client.do(ListGenerations), Failed) is False
    finally:
        client.close()


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (["--listen", "everywhere", "--keys", "{folder}"], 3, "'everywhere'"),
        (["--listen", "127.0.0.1:http", "--keys", "{folder}"], 3, "127.0.0.1:http"),
        (["--listen", "no.such.host.invalid:5000", "--keys", "{folder}"], 4, "no.such.host.invalid:5000"),
        (["--listen", "127.0.0.1:*", "--keys", "{folder}/file"], 3, "file"),
        (["--listen", "127.0.0.1:*"], 2, "--keys"),
    ],
)
def test_what_cannot_be_listened_on(tmp_path: Path, arguments: list[str], code: int, named: str) -> None:
    (tmp_path / "file").write_text("")
    command = [*COMMAND, *(argument.format(folder=tmp_path) for argument in arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=30, check=False)
    assert done.returncode == code, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
