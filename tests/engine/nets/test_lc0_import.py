"""Networks of Lc0's: small ones written here against a slow forward pass, Maia against Lc0's own published output."""

import gzip
import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.domains import registry as domains
from engine.domains.chess.actions import ACTION_FROM, NUM_ACTIONS, POLICY_MAP
from engine.generations.card import GenerationError
from engine.generations.registry import Generation, Registry
from engine.nets.choose import make_evaluator
from engine.nets.lc0_file import Lc0FileError, read_lc0
from engine.nets.lc0_import import id_for, import_lc0
from engine.nets.lc0_network import network_of
from engine.search.evaluator import Leaves
from tests.engine.nets.lc0_files import Kind, Lc0Net, number, text

SHARED = os.environ.get("ARBORIST_SHARED", "")
needs_shared = pytest.mark.skipif(not SHARED, reason="ARBORIST_SHARED does not name the folder with Maia's networks")

LC0_TEMPERATURE = 1.359
"""Softmax temperature of the priors that Lc0 prints."""

NETS = {
    "as Maia": Lc0Net(),
    "half precision": Lc0Net(Kind(encoding=2), seed=1),
    "bfloat16": Lc0Net(Kind(encoding=3), seed=2),
    "full precision": Lc0Net(Kind(encoding=4), seed=3),
    "no squeeze": Lc0Net(Kind(structure=3), has_squeeze=False, seed=4),
    "classical heads": Lc0Net(Kind(structure=3, policy=1, value=1, output=1), has_squeeze=False, seed=5),
    "old, heads unsaid": Lc0Net(Kind(structure=2, policy=1, value=1, output=1), seed=6),
    "classical policy": Lc0Net(Kind(policy=1), seed=7),
}


def written(folder: Path, content: bytes, name: str = "small.pb.gz") -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def random_planes(seed: int, batch: int = 2) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Planes that look like a position's: pieces are 0 or 1, the clock is large."""
    rng = np.random.default_rng(seed)
    planes = (rng.random((batch, 112, 8, 8)) < 0.1).astype(np.float32)
    planes[:, 109] = rng.integers(0, 99, batch)[:, None, None]
    return planes


@pytest.mark.parametrize("name", NETS)
def test_a_network_answers_what_a_slow_reading_of_it_does(tmp_path: Path, name: str) -> None:
    net = NETS[name]
    network = network_of(read_lc0(written(tmp_path, net.packed())))
    planes = random_planes(net.seed)
    with torch.inference_mode():
        policy, wdl_logits = network(torch.from_numpy(planes))
    wdl = torch.softmax(wdl_logits, 1)
    for row in range(len(planes)):
        flat, expected = net.forward(planes[row].astype(np.float64))
        logits = flat[POLICY_MAP] if net.kind.policy == 2 else flat
        np.testing.assert_allclose(policy[row], logits, atol=2e-4 * np.abs(logits).max())
        np.testing.assert_allclose(wdl[row], expected, atol=1e-5)


def test_plain_biases_and_missing_normalisations(tmp_path: Path) -> None:
    """Newer files fold the normalisation into biases; older ones have no gamma and beta."""
    net = Lc0Net(seed=8)
    for part in ("mean", "var", "gamma", "beta"):
        del net.layers[f"0.1.{part}"]
    net.layers["0.1.b"] = net.layers["0.2.beta"] + 0.5
    for part in ("gamma", "beta"):
        net.layers[f"1.2.{part}"] = np.full(6, float(part == "gamma"))
    written_net = replace(net)
    written_net.layers = {name: one for name, one in net.layers.items() if name not in ("1.2.gamma", "1.2.beta")}
    network = network_of(read_lc0(written(tmp_path, written_net.packed())))
    planes = random_planes(8, 1)
    with torch.inference_mode():
        policy, _ = network(torch.from_numpy(planes))
    logits = net.forward(planes[0].astype(np.float64))[0][POLICY_MAP]
    np.testing.assert_allclose(policy[0], logits, atol=2e-4 * np.abs(logits).max())


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder = tmp_path_factory.mktemp("imported")
    return import_lc0(Registry(folder / "generations"), written(folder, Lc0Net().packed(), "my net 1.pb.gz"))


def test_the_generation_says_where_it_came_from(imported: Generation) -> None:
    card = imported.card
    assert card.id == "my-net-1"
    assert card.domain == "chess"
    assert card.parent is None
    assert card.architecture is not None
    assert card.architecture.fmt == "lc0_112"
    assert card.settings["file"] == card.data[0].name == "my net 1.pb.gz"
    assert len(card.settings["file_sha256"]) == 64
    assert card.settings["stated_by_file"] == {"steps": 1234, "top_1": 51.5}
    assert card.licence.startswith("free as in speech; imported by the user")


@pytest.mark.parametrize("device", ["cpu", "cpu-torch"])
def test_every_evaluator_runs_it(imported: Generation, device: str) -> None:
    evaluator = make_evaluator(imported, device, threads=1)
    planes = random_planes(20)
    everything = np.tile(np.arange(NUM_ACTIONS, dtype=np.uint16), len(planes))
    offsets = np.arange(len(planes) + 1, dtype=np.int32) * NUM_ACTIONS
    nothing = np.zeros(len(planes), np.dtype([("nothing", np.uint8)]))
    found = evaluator.evaluate(Leaves(nothing, planes, offsets, everything))
    assert evaluator.fmt == "lc0_112"
    for row, logits in enumerate(found.logits.reshape(len(planes), NUM_ACTIONS)):
        flat, expected = Lc0Net().forward(planes[row].astype(np.float64))
        np.testing.assert_allclose(logits, flat[POLICY_MAP], atol=2e-4 * np.abs(flat).max())
        np.testing.assert_allclose(found.wdl[row], expected, atol=1e-5)


def test_the_policy_is_read_by_the_square_of_departure() -> None:
    assert len(np.unique(POLICY_MAP)) == NUM_ACTIONS == 1858
    np.testing.assert_array_equal(POLICY_MAP % 64, ACTION_FROM)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"structure": 6}, "is a transformer \\(network format 6\\)"),
        ({"structure": 7}, "is a transformer \\(network format 7\\)"),
        ({"structure": 134}, "is a transformer"),
        ({"structure": 5}, "is an ONNX file in Lc0's wrapping"),
        ({"structure": 77}, "is a network of unknown structure \\(network format 77\\)"),
        ({"input": 3}, "is a network with canonical 112 planes \\(input format 3\\)"),
        ({"input": 132}, "armageddon"),
        ({"policy": 3}, "attention or unknown policy \\(policy format 3\\)"),
        ({"value": 3}, "unknown value \\(value format 3\\)"),
        ({"activation": 1}, "another activation than ReLU"),
    ],
)
def test_other_kinds_are_refused_by_name(tmp_path: Path, changes: dict[str, int], said: str) -> None:
    net = Lc0Net()
    net.kind = replace(net.kind, **changes)
    file = written(tmp_path, net.packed())
    with pytest.raises(Lc0FileError, match=f"{file.name}: .*{said}.*; supported are convolutional") as caught:
        read_lc0(file)
    assert "\n" not in str(caught.value)


def test_a_refusal_names_the_version_of_lc0_that_the_file_asks_for(tmp_path: Path) -> None:
    net = Lc0Net(Kind(structure=134))
    needs = text(3, number(1, 0) + number(2, 31) + number(3, 0))
    at = net.message().index(net.kind.message())
    file = written(tmp_path, net.message()[:at] + needs + net.message()[at:])
    with pytest.raises(Lc0FileError, match=r"a transformer \(network format 134\), made for Lc0 0\.31 or newer; supp"):
        read_lc0(file)


def test_a_transformer_that_claims_to_be_none_is_refused(tmp_path: Path) -> None:
    net = Lc0Net()
    content = net.message().replace(text(10, net.weights()), text(10, net.weights() + text(27, b"")))
    with pytest.raises(Lc0FileError, match="is a transformer"):
        read_lc0(written(tmp_path, content))


def foreign() -> dict[str, tuple[bytes, str]]:
    whole = Lc0Net()
    packed, plain = whole.packed(), whole.message()
    short, odd, odd_policy, poor = Lc0Net(), Lc0Net(), Lc0Net(), Lc0Net()
    del short.layers["hidden.w"]
    odd.layers["0.1.w"] = odd.layers["0.1.w"][:-1]
    odd_policy.layers["policy.w"] = odd_policy.layers["policy.w"].ravel()[:-1]
    poor.layers["policy.w"] = poor.layers["policy.w"][:60]
    broken, strange = Lc0Net(Kind(encoding=4)), Lc0Net(Kind(encoding=9))
    broken.layers["out.b"] = np.array([0.0, np.nan, 1.0])
    return {
        "text": (b"hello", "is no network of Lc0's"),
        "empty": (b"", "is no network of Lc0's"),
        "another gzip": (gzip.compress(b"hello"), "is no network of Lc0's"),
        "packed twice": (gzip.compress(packed), "seems to be packed twice"),
        "a web page": (b"\n<!DOCTYPE html><title>404</title>", "seems to be a web page: the download went wrong"),
        "a pointer": (b"version https://git-lfs.github.com/spec/v1\n", "was not downloaded; supported are"),
        "bare weights": (struct.pack("<Q", 2) + b"{}", "seems to be weights without a card"),
        "ONNX": (b"\x08\x08\x12\x07pytorch", "seems to be an ONNX file"),
        "old text": (b"2\n0.125 -1e-3\n", "in the text format of before Lc0"),
        "a pickle": (b"\x80\x02}q\x00.", "seems to be a Python pickle, which is never opened here"),
        "cut off": (packed[: len(packed) // 2], "is cut off"),
        "damaged": (packed[:200] + bytes(200) + packed[400:], "is a damaged gzip file|is cut off"),
        "cut off inside": (plain[: len(plain) // 2], "bytes are announced at byte"),
        "no weights": (plain[: plain.index(text(10, whole.weights()))], "has no weights"),
        "a layer short": (short.packed(), "lacks the layer 'value hidden'"),
        "a layer too small": (odd.packed(), "numbers for 'blocks.0.first.conv.weight' where 6 x 6 x 3 x 3 belong"),
        "an odd layer": (odd_policy.packed(), "'policy' of 4319 weights, which is no multiple of 54"),
        "few planes": (poor.packed(), "60 planes of policy, at least 73 are needed"),
        "not a number": (broken.packed(), "damaged layer 'value output': not every weight"),
        "strange numbers": (strange.message(), "in an unknown way \\(encoding 9\\)"),
    }


@pytest.mark.parametrize("name", foreign())
def test_other_files_are_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    content, said = foreign()[name]
    file = written(tmp_path, content)
    registry = Registry(tmp_path / "generations")
    with pytest.raises(Lc0FileError, match=said) as caught:
        import_lc0(registry, file)
    assert str(caught.value).startswith(f"{file}: ")
    assert "\n" not in str(caught.value)
    assert not registry.list()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Lc0FileError, match=r"gone\.pb\.gz: cannot be read"):
        read_lc0(tmp_path / "gone.pb.gz")


def test_an_id_that_is_taken_or_no_good(imported: Generation, tmp_path: Path) -> None:
    assert imported.folder is not None
    file = written(tmp_path, Lc0Net(seed=9).packed())
    registry = Registry(imported.folder.parent)
    with pytest.raises(GenerationError, match="already a generation 'my-net-1'"):
        import_lc0(registry, file, "my-net-1")
    with pytest.raises(GenerationError, match="'a/b' is no id"):
        import_lc0(registry, file, "a/b")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("maia-1500.pb.gz", "maia-1500"),
        ("weights_run1_42.pb", "weights_run1_42"),
        ("a b(c).pb.gz", "a-b-c"),
        ("x", "x"),
    ],
)
def test_ids_from_file_names(file: str, expected: str) -> None:
    assert id_for(Path("folder") / file) == expected


# -- Maia, against what Lc0 printed -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def maia(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    return Registry(tmp_path_factory.mktemp("maia"))


def opinion(registry: Registry, name: str, position: str) -> tuple[float, dict[str, float]]:
    """Win less loss, and priors in per cent at Lc0's temperature, least first; imports what is not there yet."""
    if not any(found.card.id == name for found in registry.list()):
        import_lc0(registry, Path(SHARED) / "data" / "nets" / f"{name}.pb.gz")
    rules, notation = domains.rules("chess"), domains.notation("chess")
    line = notation.parse_line(position)
    states = rules.load(line)[::-1][:8]
    lineage = np.zeros((1, 8), rules.state_dtype)
    lineage[0, : len(states)] = states
    expansion = rules.expand(states[:1])
    planes = rules.encode(lineage, np.array([len(states)], np.int32), "lc0_112")
    evaluator = make_evaluator(registry.get(name), "cpu", threads=1)
    found = evaluator.evaluate(Leaves(states[:1], planes, expansion.offsets, expansion.actions))
    weights = np.exp((found.logits - found.logits.max()) / LC0_TEMPERATURE)
    names = {int(choice.action): choice.name for choice in notation.choices(line)}
    priors = {names[int(a)]: float(100 * p / weights.sum()) for a, p in zip(expansion.actions, weights, strict=True)}
    win, _, loss = found.wdl[0]
    return float(win - loss), dict(sorted(priors.items(), key=lambda item: item[1]))


GAME = (
    "startpos moves e2e4 e7e5 g1f3 b8c6 b1c3 g8f6 d2d4 d7d6 c1e3 f8e7 d4e5 d6e5 f3e5 c6e5 f2f4 e5c6 d1e2 e8g8 e2c4 "
    "c8e6 c4e2 c6d4 e2d2 c7c5 e4e5 f6g4 e1c1 g4e3 d2e3 d8c7 c3e4 h7h6 b2b3 f8d8 h2h4 a7a5 g2g3 b7b5 f1h3 e6h3 h1h3 "
    "d4b3 c1b2 d8d1 b2b3 d1b1 b3c3 b5b4 c3d2 a5a4 e4d6 e7d6 e5d6 c7d6 d2e2 a8e8 e3e8 d6f8 e8f8 g8f8 g3g4 b4b3 a2b3 a4b3"
)
PUBLISHED = {
    # github.com/CSSLab/maia-chess, issue 72: Lc0 v0.32, Eigen. A position given by FEN: its history is filled in.
    "from a FEN": (
        "maia-1900",
        "2r1r1k1/6p1/p3p2p/4p3/8/qB4Q1/6PP/3R3K w - - 0 34",
        -0.36068,
        {"g3f4": 0.03, "g3g5": 0.08, "d1d4": 0.08, "d1d5": 0.09},
        "g3e5",
    ),
    # The same, issue 25: Lc0 v0.27, BLAS. Eight positions of history, all different.
    "from a game": (
        "maia-1100",
        GAME,
        -0.27839,
        {"e2f3": 0.09, "e2f2": 0.09, "e2e3": 0.14, "h3f3": 0.15, "h3g3": 0.16},
        "c2b3",
    ),
    # The same. No history, which stays blank behind the start of a game.
    "from the start": (
        "maia-1100",
        "startpos",
        0.04558,
        {"b1a3": 0.10, "g1h3": 0.19, "a2a3": 0.34, "f2f3": 0.35, "h2h3": 0.44, "a2a4": 0.53, "h2h4": 0.64},
        "e2e4",
    ),
}
"""Network, position, win less loss, priors in per cent of the least likely moves from the least on, likeliest move."""


@needs_shared
@pytest.mark.parametrize("case", PUBLISHED)
def test_maia_says_what_lc0_printed(maia: Registry, case: str) -> None:
    """Largest differences measured: 8.4e-6 in values, 0.0043 % in priors, which Lc0 rounds to 1e-5 and 0.01 %."""
    name, position, value, least, best = PUBLISHED[case]
    found_value, priors = opinion(maia, name, position)
    assert found_value == pytest.approx(value, abs=2e-5)
    # Lc0 prints moves from the least likely to the likeliest, in hundredths of a per cent.
    assert list(priors)[: len(least)] == list(least)
    for move, prior in least.items():
        assert priors[move] == pytest.approx(prior, abs=0.0051)
    assert list(priors)[-1] == best


@needs_shared
def test_history_matters_and_a_fen_with_en_passant_knows_one_ply_of_it(maia: Registry) -> None:
    """Lc0 takes the double step back where it fills in history: then only the plies before it are unlike the game's."""
    board = "rnbqkbnr/ppp1p1pp/8/3pPp2/8/8/PPPP1PPP/RNBQKBNR w KQkq f6 0 3"
    played, _ = opinion(maia, "maia-1100", "startpos moves e2e4 d7d5 e4e5 f7f5")
    known, _ = opinion(maia, "maia-1100", board)
    blind, _ = opinion(maia, "maia-1100", board.replace("f6", "-"))
    assert known != pytest.approx(blind, abs=1e-4)
    assert played != pytest.approx(known, abs=1e-6)


@needs_shared
def test_maias_card(maia: Registry) -> None:
    opinion(maia, "maia-1100", "startpos")
    card = maia.get("maia-1100").card
    assert card.architecture is not None
    assert card.architecture.text == "6 blocks x 64 channels, lc0_112 planes"
    assert "GPL-3.0" in card.licence
    assert card.settings["stated_by_file"]["steps"] == 400_000
