"""A server in this process, scripted searches behind it, real sockets before it."""

import time
from collections.abc import Iterator

import pytest
import zmq
from zmq.utils.monitor import recv_monitor_message

from engine.search.limits import Limits
from engine.service import outbox as outbox_module
from engine.service.access import KeyPair, only
from engine.service.messages import (
    NO_REQUEST,
    PROTOCOL_VERSION,
    Done,
    Failed,
    Hello,
    JournalPart,
    ListGenerations,
    Opened,
    OpenSearch,
    PauseSearch,
    RunEnded,
    RunSearch,
    Shutdown,
    Welcome,
)
from engine.service.server import MAX_REQUEST_BYTES
from tests.engine.service.fakes import RunningServer, SocketClient, Workshop, running_server

KEYS = KeyPair.fresh()
OTHER_KEYS = KeyPair.fresh()
NAMES = {KEYS.public: "ada", OTHER_KEYS.public: "bob"}
OPEN = {"domain": "nim", "start": "start", "generation": "gen-000"}


@pytest.fixture
def workshop() -> Workshop:
    return Workshop([])


@pytest.fixture
def server(workshop: Workshop) -> Iterator[RunningServer]:
    with running_server(workshop, NAMES.get) as running:
        yield running


@pytest.fixture
def client(server: RunningServer) -> SocketClient:
    client = server.connect(KEYS)
    assert isinstance(client.do(Hello, version=PROTOCOL_VERSION), Welcome)
    return client


def was_let_in(client: SocketClient) -> bool:
    """What became of a client's handshake."""
    assert client.monitor.poll(10_000)
    return int(recv_monitor_message(client.monitor)["event"]) == zmq.EVENT_HANDSHAKE_SUCCEEDED


def test_welcome(server: RunningServer) -> None:
    answer = server.connect(KEYS).do(Hello, version=PROTOCOL_VERSION)
    assert isinstance(answer, Welcome)
    assert answer.version == PROTOCOL_VERSION
    assert answer.engine.startswith("Arborist")
    assert answer.devices == ("cpu", "abacus")


def test_another_version_is_refused_and_both_are_named(server: RunningServer) -> None:
    client = server.connect(KEYS)
    answer = client.do(Hello, version=PROTOCOL_VERSION + 6)
    assert isinstance(answer, Failed)
    assert answer.kind == "version"
    assert f"version {PROTOCOL_VERSION} " in answer.text
    assert f"version {PROTOCOL_VERSION + 6}" in answer.text
    refused = client.do(ListGenerations)
    assert isinstance(refused, Failed)
    assert refused.kind == "state"


def test_hello_must_come_first(server: RunningServer) -> None:
    answer = server.connect(KEYS).do(ListGenerations)
    assert isinstance(answer, Failed)
    assert answer.kind == "state"
    assert "Hello" in answer.text


def test_a_wrong_key_is_refused(server: RunningServer, workshop: Workshop) -> None:
    stranger = server.connect(KeyPair.fresh())
    stranger.ask(Hello, version=PROTOCOL_VERSION)
    assert not was_let_in(stranger)
    assert stranger.hears_nothing_for(200)
    assert was_let_in(server.connect(KEYS))


def test_a_known_public_key_without_its_secret_is_refused(server: RunningServer) -> None:
    thief = server.connect(KeyPair(KEYS.public, KeyPair.fresh().secret))
    thief.ask(Hello, version=PROTOCOL_VERSION)
    assert thief.hears_nothing_for(300)


def test_a_client_without_encryption_is_refused(server: RunningServer) -> None:
    context = zmq.Context()
    with context.socket(zmq.DEALER) as plain:
        plain.linger = 0
        plain.connect(f"tcp://127.0.0.1:{server.port}")
        plain.send(b"\x83\xa4type\xa5Hello\xa2id\x01\xa7version\x01")
        assert not plain.poll(300)
    context.destroy()


def test_garbage_gets_one_answer_and_does_no_harm(client: SocketClient) -> None:
    client.socket.send(b"\xc1 nothing of use")
    garbage = client.next()
    assert isinstance(garbage, Failed)
    assert (garbage.id, garbage.kind) == (NO_REQUEST, "input")
    client.socket.send(b"\x82\xa4type\xa9RunSeance\xa2id\x2a")
    unknown = client.next()
    assert isinstance(unknown, Failed)
    assert (unknown.id, unknown.kind) == (42, "input")
    assert "RunSeance" in unknown.text
    client.socket.send_multipart([b"one frame", b"too many"])
    assert isinstance(client.next(), Failed)
    assert isinstance(client.do(OpenSearch, **OPEN), Opened)


def test_a_request_beyond_all_measure_ends_that_connection_only(server: RunningServer, client: SocketClient) -> None:
    client.socket.send(b"x" * (MAX_REQUEST_BYTES + 1))
    assert client.hears_nothing_for(100)
    assert isinstance(server.connect(OTHER_KEYS).do(Hello, version=PROTOCOL_VERSION), Welcome)


def test_a_search_from_end_to_end(client: SocketClient) -> None:
    opened = client.do(OpenSearch, **OPEN)
    ended = client.do(RunSearch, limits=Limits(simulations=1000))
    assert isinstance(opened, Opened)
    assert isinstance(ended, RunEnded)
    parts = client.notices(JournalPart)
    assert b"".join(part.events for part in parts) == b"s" * 1000
    assert client.seen.index(opened) < client.seen.index(parts[0])


def test_clients_do_not_hear_of_each_other(server: RunningServer, client: SocketClient) -> None:
    other = server.connect(OTHER_KEYS)
    other.do(Hello, version=PROTOCOL_VERSION)
    client.do(OpenSearch, **OPEN)
    other.do(OpenSearch, **{**OPEN, "generation": "gen-007"})
    client.do(RunSearch, limits=Limits(simulations=10))
    assert other.notices(JournalPart) == []
    assert other.hears_nothing_for(50)


def test_the_same_key_takes_over(server: RunningServer, client: SocketClient, workshop: Workshop) -> None:
    client.do(OpenSearch, **OPEN)
    client.ask(RunSearch)
    again = server.connect(KEYS)
    assert isinstance(again.do(Hello, version=PROTOCOL_VERSION), Welcome)
    before = workshop.searches[-1].simulations
    refused = client.do(ListGenerations)
    assert isinstance(refused, Failed)
    assert "taken over" in refused.text
    assert isinstance(again.do(OpenSearch, **OPEN), Opened)
    assert workshop.searches[1].simulations <= before + 50  # the run of the first has ended


def test_the_run_of_a_client_that_vanished_ends(server: RunningServer, workshop: Workshop) -> None:
    client = server.connect(KEYS)
    client.do(Hello, version=PROTOCOL_VERSION)
    client.do(OpenSearch, **OPEN)
    client.ask(RunSearch)
    client.next()
    client.close()
    search, stood = workshop.searches[-1], -1
    end = time.monotonic() + 10
    while search.simulations != stood and time.monotonic() < end:
        stood = search.simulations
        time.sleep(0.3)
    assert search.simulations == stood


def test_a_client_that_does_not_read_slows_its_search_and_nothing_is_lost(
    server: RunningServer, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "FULL_BYTES", 200_000)
    slow = server.connect(KEYS, receive_hwm=1)
    slow.do(Hello, version=PROTOCOL_VERSION)
    slow.do(OpenSearch, **OPEN)
    search = workshop.searches[-1]
    write = search.sink
    big = b"x" * 100_000
    search.sink = lambda events: write(events + big)
    run = slow.ask(RunSearch)  # about 100 MB a second
    stood = -1
    end = time.monotonic() + 10
    while search.simulations != stood and time.monotonic() < end:
        stood = search.simulations
        time.sleep(0.3)
    assert search.simulations == stood > 0
    while search.simulations == stood:
        slow.next()
    slow.do(PauseSearch)
    assert isinstance(slow.answer(run), RunEnded)
    assert sum(len(part.events) for part in slow.notices(JournalPart)) == search.simulations * (1 + len(big))


@pytest.mark.parametrize("remote", [False, True])
def test_shutdown(workshop: Workshop, remote: bool) -> None:
    with running_server(workshop, only(KEYS.public), remote=remote) as server:
        client = server.connect(KEYS)
        client.do(Hello, version=PROTOCOL_VERSION)
        answer = client.do(Shutdown)
        assert isinstance(answer, Failed if remote else Done)
        client.ask(ListGenerations)
        assert client.hears_nothing_for(100) != remote
