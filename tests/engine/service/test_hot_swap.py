"""A running chess search changes its intuition for an imported network of another input format, and back again."""

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.domains import registry as domains
from engine.generations.registry import default_registry
from engine.nets.choose import make_evaluator
from engine.nets.lc0_import import import_lc0
from engine.search.evaluator import Evaluator, Leaves
from engine.search.settings import SearchSettings
from engine.service.makers import real_makers
from engine.service.messages import (
    Done,
    Failed,
    JournalPart,
    Opened,
    OpenSearch,
    PauseSearch,
    RunSearch,
    SearchFigures,
    SwitchSearch,
)
from engine.tree.columns import SearchTree
from engine.tree.events import Switch, decode, decode_header
from engine.tree.fold import apply, empty_tree
from tests.engine.nets.lc0_files import Lc0Net
from tests.engine.service import fakes
from tests.engine.service.fakes import SessionClient, Workshop, session_client

SHARED = os.environ.get("ARBORIST_SHARED", "")
RULES = domains.rules("chess")
START = "r1bqkbnr/pppp1ppp/2n5/4p3/4P3/5N2/PPPP1PPP/RNBQKB1R w KQkq - 2 3"
SETTINGS = SearchSettings(seed=7, batch=8)


class RealWorkshop(Workshop):
    """Everything as in the engine process."""

    def makers(self) -> Any:
        return real_makers()


@pytest.fixture(params=["small", "maia-1100"])
def imported(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Id of a network of Lc0's in the registry."""
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))
    if request.param == "small":
        file = tmp_path / "small.pb.gz"
        file.write_bytes(Lc0Net().packed())
    elif SHARED:
        file = Path(SHARED) / "data" / "nets" / f"{request.param}.pb.gz"
    else:
        pytest.skip("ARBORIST_SHARED does not name the folder with Maia's networks")
    return import_lc0(default_registry(), file).card.id


@pytest.fixture
def client(imported: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionClient]:
    monkeypatch.setattr(fakes, "WAIT_S", 180.0)  # the kernels of a search may have to be compiled
    with session_client(RealWorkshop([])) as running:
        yield running


def simulations_from(client: SessionClient, least: int) -> int:
    """Wait until the search that runs has done `least` simulations; how many it has then."""
    while True:
        reply = client.next()
        assert not isinstance(reply, Failed), reply
        if isinstance(reply, SearchFigures) and reply.simulations >= least:
            return reply.simulations


def opinions(evaluator: Evaluator, tree: SearchTree, nodes: list[int]) -> NDArray[np.float32]:
    """What `evaluator` says of nodes' values, each asked about alone and along the moves that led there."""
    found = []
    for node in nodes:
        assert evaluator.fmt is not None
        history = RULES.formats[evaluator.fmt].history
        states = RULES.load(tree.line_to(node))[::-1][:history]
        lineage = np.zeros((1, history), RULES.state_dtype)
        lineage[0, : len(states)] = states
        expansion = RULES.expand(states[:1])
        planes = RULES.encode(lineage, np.array([len(states)], np.int32), evaluator.fmt)
        wdl = evaluator.evaluate(Leaves(states[:1], planes, expansion.offsets, expansion.actions)).wdl[0]
        found.append(wdl[0] - wdl[2])
    return np.array(found, np.float32)


def test_there_and_back_within_one_run(client: SessionClient, imported: str) -> None:
    opened = client.do(OpenSearch, domain="chess", start=START, generation="gen-000", settings=SETTINGS, device="cpu")
    assert isinstance(opened, Opened), opened
    run = client.ask(RunSearch)
    done = simulations_from(client, 40)
    for generation in (imported, "gen-000"):
        assert isinstance(client.do(SwitchSearch, generation=generation, settings=SETTINGS), Done)
        assert run not in client.answers(), "the run goes on"
        done = simulations_from(client, done + 40)
    client.do(PauseSearch)
    client.answer(run)

    header = decode_header(opened.header)
    tree = empty_tree(header)
    ends, names = [0], [header.generation]
    for part in client.notices(JournalPart):
        for event in decode(part.events) if part.search == opened.search else ():
            if isinstance(event, Switch):
                ends.append(tree.num_nodes)
                names.append(event.generation)
                weights = default_registry().get(event.generation).card.weights_sha256
                assert event.weights_hash == weights
            apply(tree, event)
    ends.append(tree.num_nodes)
    assert names == ["gen-000", imported, "gen-000"]

    evaluators = {name: make_evaluator(default_registry().get(name), "cpu", threads=1) for name in set(names)}
    assert {one.fmt for one in evaluators.values()} == {"compact", "lc0_112"}
    for name, (first, end) in zip(names, pairwise(ends), strict=True):
        nodes = [node for node in range(first, end) if not tree.facts["outcome"][node]]
        assert len(nodes) >= 30
        asked = nodes[:: max(1, len(nodes) // 25)]
        seen = tree.facts["raw_value"][asked]
        np.testing.assert_allclose(opinions(evaluators[name], tree, asked), seen, atol=2e-3)
        (other,) = set(evaluators) - {name}
        assert np.abs(opinions(evaluators[other], tree, asked) - seen).mean() > 0.02, "the two can be told apart"
