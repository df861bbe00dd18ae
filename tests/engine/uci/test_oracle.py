"""A UCI engine as intuition: which move is likeliest, who is winning, and that a search can use it."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from engine.domains import registry
from engine.domains.base import Line
from engine.domains.chess.positions import START_FEN
from engine.search.evaluator import Evaluation, Leaves
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.columns import ROOT
from engine.uci.connection import UciConnection
from engine.uci.errors import UciError
from engine.uci.oracle import UciOracle
from engine.uci.player_spec import parse_spec

SCRIPT = Path(__file__).with_name("scripted.py")
STOCKFISH = shutil.which("stockfish") or shutil.which("stockfish", path="/usr/games")
BLACK_MATES = "r5k1/5ppp/8/8/8/8/5PPP/6K1 b - - 0 1"


@contextmanager
def oracle(words: str, temperature: float = 0.1) -> Iterator[UciOracle]:
    with UciConnection(parse_spec(words)) as connection:
        yield UciOracle(connection, temperature)


def scripted(manner: str) -> str:
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(SCRIPT))} {manner}"


def leaves_of(*fens: str) -> Leaves:
    rules = registry.rules("chess")
    states = np.concatenate([rules.load(Line(fen)) for fen in fens])
    expansion = rules.expand(states)
    return Leaves(states, None, expansion.offsets, expansion.actions)


def priors_by_name(fen: str, evaluation: Evaluation, leaves: Leaves, row: int = 0) -> dict[str, float]:
    span = slice(int(leaves.offsets[row]), int(leaves.offsets[row + 1]))
    weights = np.exp(evaluation.logits[span] - evaluation.logits[span].max())
    names = {choice.action: choice.name for choice in registry.notation("chess").choices(Line(fen))}
    return dict(zip((names[int(a)] for a in leaves.actions[span]), (weights / weights.sum()).tolist(), strict=True))


def test_scores_become_priors_in_their_order() -> None:
    black = START_FEN.replace(" w ", " b ")
    leaves = leaves_of(START_FEN, black)
    with oracle(scripted("well")) as asked:
        evaluation = asked.evaluate(leaves)
    for row, fen in enumerate((START_FEN, black)):
        priors = priors_by_name(fen, evaluation, leaves, row)
        assert sorted(priors, key=lambda name: -priors[name]) == sorted(priors)  # the script prefers by name
    assert evaluation.wdl.sum(axis=1) == pytest.approx([1, 1], abs=1e-6)
    assert (evaluation.wdl[:, 0] > evaluation.wdl[:, 2]).all()  # +0.90 for the player to move, whoever that is


def test_a_lower_temperature_is_more_certain() -> None:
    leaves = leaves_of(START_FEN)
    highest = []
    for temperature in (1.0, 0.1, 0.01):
        with oracle(scripted("well"), temperature) as asked:
            highest.append(max(priors_by_name(START_FEN, asked.evaluate(leaves), leaves).values()))
    assert highest == sorted(highest)
    assert highest[2] > 0.9


def test_mates_are_the_ends_of_the_scale_and_silence_is_the_lowest_score() -> None:
    leaves = leaves_of(START_FEN)
    with oracle(scripted("mate")) as asked:
        evaluation = asked.evaluate(leaves)
    priors = priors_by_name(START_FEN, evaluation, leaves)
    assert priors["a2a3"] > 0.99
    assert priors["a2a4"] == pytest.approx(priors["h2h4"])
    assert evaluation.wdl[0] == pytest.approx([1, 0, 0], abs=0.01)


def test_what_cannot_be_an_oracle() -> None:
    with pytest.raises(UciError, match="MultiPV"), oracle(scripted("single")):
        pass
    with pytest.raises(UciError, match="temperature 0"), oracle(scripted("well"), 0.0):
        pass


def test_the_weights_hash_is_of_the_engine_and_its_settings() -> None:
    hashes = []
    for words in ("well", "well,nodes=10", "well,Level=2"):
        with oracle(scripted(words)) as asked:
            hashes.append(asked.weights_hash)
    assert len(set(hashes)) == 3


@pytest.mark.skipif(STOCKFISH is None, reason="stockfish is not installed")
def test_stockfish_as_intuition_of_a_search() -> None:
    leaves = leaves_of(BLACK_MATES, BLACK_MATES.replace(" b ", " w ").replace("5PPP/6K1", "5PP1/6K1"))
    with oracle(f"{STOCKFISH},Threads=1,Hash=16,nodes=500") as asked:
        evaluation = asked.evaluate(leaves)
        priors = priors_by_name(BLACK_MATES, evaluation, leaves)
        assert max(priors, key=lambda name: priors[name]) == "a8a1"
        assert evaluation.wdl[0, 0] > 0.9  # Black is to move and mates
        assert evaluation.wdl[1, 2] > 0.9  # White is to move and a rook down
        search = Search(registry.rules("chess"), asked, Line(START_FEN), SearchSettings(batch=4), lambda _: None)
        search.start_run(Limits(simulations=12))
        while search.advance() is None:
            pass
        assert search.tree.stats["visits"][ROOT] == 12
