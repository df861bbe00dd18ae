"""A generation handed from one registry to another, whole, and what is refused on the way."""

import zipfile
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
import safetensors.numpy

from engine.generations.bundle import read_bundle, write_bundle
from engine.generations.card import CARD_FILE, ONNX_FILE, WEIGHTS_FILE, GenerationError, sha256
from engine.generations.registry import UNIFORM, Generation, Registry
from engine.nets.bundle_import import import_bundle
from engine.nets.choose import make_evaluator
from engine.nets.import_file import import_file
from engine.nets.lc0_file import Lc0FileError
from tests.engine.nets.small import CHESS, CONNECT_FOUR, lively_network, published, random_leaves


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """A generation on somebody else's computer."""
    return published(tmp_path_factory.mktemp("theirs"), lively_network(CONNECT_FOUR), "c4-007")


@pytest.fixture
def mine(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "mine")


def packed(tmp_path: Path, files: dict[str, bytes], name: str = "some.zip") -> Path:
    target = tmp_path / name
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return target


def files_of(generation: Generation, **changes: Any) -> dict[str, bytes]:
    """The files of a generation, its card with `changes`; architecture fields go by `architecture_NAME`."""
    assert generation.folder is not None
    card = msgspec.to_builtins(generation.card)
    for name, value in changes.items():
        inner = name.removeprefix("architecture_")
        (card if inner == name else card["architecture"])[inner] = value
    weights = (generation.folder / WEIGHTS_FILE).read_bytes()
    return {CARD_FILE: msgspec.json.encode(card), WEIGHTS_FILE: weights}


@pytest.mark.parametrize("name", ["c4.zip", "c4.ZIP", "folder"])
def test_what_is_handed_on_arrives_whole(theirs: Generation, mine: Registry, tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    write_bundle(theirs, target)
    found = import_file(mine, target)
    assert found.card == theirs.card
    assert mine.get("c4-007").verified_file(ONNX_FILE).read_bytes() == theirs.verified_file(ONNX_FILE).read_bytes()
    leaves = random_leaves(CONNECT_FOUR, 4)
    before, after = (make_evaluator(one, "cpu", threads=1).evaluate(leaves) for one in (theirs, found))
    np.testing.assert_array_equal(before.logits, after.logits)
    np.testing.assert_array_equal(before.wdl, after.wdl)


def test_equal_generations_give_equal_zip_files(theirs: Generation, tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_bundle(theirs, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert sorted(zipfile.ZipFile(tmp_path / "a.zip").namelist()) == [
        "c4-007/card.json",
        "c4-007/model.onnx",
        "c4-007/weights.safetensors",
    ]


def test_it_may_get_another_name_and_better_known_terms(theirs: Generation, mine: Registry, tmp_path: Path) -> None:
    write_bundle(theirs, tmp_path / "c4.zip")
    found = import_bundle(mine, tmp_path / "c4.zip", "from-a-friend", licence="CC0")
    assert (found.card.id, found.card.licence) == ("from-a-friend", "CC0")
    assert found.card.weights_sha256 == theirs.card.weights_sha256
    with pytest.raises(GenerationError, match="already a generation 'from-a-friend'"):
        import_bundle(mine, tmp_path / "c4.zip", "from-a-friend")


def test_a_file_in_the_folder_means_the_folder(theirs: Generation, mine: Registry) -> None:
    assert theirs.folder is not None
    for number, name in enumerate((WEIGHTS_FILE, CARD_FILE)):
        assert import_file(mine, theirs.folder / name, f"n{number}").card.domain == "connect_four"


def test_zip_files_that_people_make_themselves(theirs: Generation, tmp_path: Path) -> None:
    files = files_of(theirs)
    assert read_bundle(packed(tmp_path, files)).card == theirs.card
    mac = {f"c4/{name}": content for name, content in files.items()} | {"__MACOSX/c4/._card.json": b"\0"}
    assert read_bundle(packed(tmp_path, mac)).card == theirs.card


def test_only_what_can_be_handed_on(theirs: Generation, tmp_path: Path) -> None:
    with pytest.raises(GenerationError, match="uniform: there is nothing to hand on"):
        write_bundle(UNIFORM, tmp_path / "x.zip")
    (tmp_path / "full").mkdir()
    with pytest.raises(GenerationError, match=r"not exported: there is already something at .*full"):
        write_bundle(theirs, tmp_path / "full")
    with pytest.raises(GenerationError, match=r"c4-007 was not exported.*No such file or directory"):
        write_bundle(theirs, tmp_path / "nowhere" / "x.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "newer": ({"version": 2}, r"a newer Arborist wrote this generation \(format 2; this one reads up to 1\)"),
    "other weights": ({"weights_sha256": "00" * 32}, "their hash is [0-9a-f]{12}, the card says 000000000000"),
    "no hash": ({"weights_sha256": ""}, "the card says nothing"),
    "no network": ({"architecture": None}, "'c4-007' is a generation without a network"),
    "strange domain": ({"domain": "go"}, "of domain 'go'; known here are chess, connect_four"),
    "another domain": ({"domain": "chess"}, "of domain 'chess'"),
    "other planes": ({"architecture_planes": 5}, "reads 5 planes 'planes' and answers 7 actions, which is no network"),
    "strange planes": ({"architecture_fmt": "hexes"}, "'hexes'"),
    "another shape": ({"architecture_channels": 16}, "does not hold a network with 1 blocks x 16 channels"),
    "more blocks": ({"architecture_blocks": 2}, "does not hold a network with 2 blocks"),
    "as large as a planet": ({"architecture_blocks": 10**9}, "does not hold a network with 1000000000 blocks"),
    "as wide as a planet": ({"architecture_value_hidden": 10**15}, "does not hold a network"),
    "below nothing": ({"architecture_channels": -8}, "describes no network that can be built"),
    "no card": ({"id": 7}, "card.json is not the card of a generation"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_card_that_does_not_fit_is_refused(theirs: Generation, mine: Registry, tmp_path: Path, name: str) -> None:
    changes, said = CHANGES[name]
    file = packed(tmp_path, files_of(theirs, **changes))
    with pytest.raises(GenerationError, match=said) as caught:
        import_file(mine, file)
    assert str(caught.value).startswith(f"{file}: ")
    assert "\n" not in str(caught.value)
    assert not mine.list()


def test_weights_that_are_no_numbers(theirs: Generation, mine: Registry, tmp_path: Path) -> None:
    files = files_of(theirs)
    state = safetensors.numpy.load(files[WEIGHTS_FILE])
    state["value.hidden.bias"] = np.full_like(state["value.hidden.bias"], np.nan)
    weights = safetensors.numpy.save(state)
    files = files_of(theirs, weights_sha256=sha256(weights)) | {WEIGHTS_FILE: weights}
    with pytest.raises(GenerationError, match=r"layer 'value\.hidden\.bias' is damaged: not every weight"):
        import_file(mine, packed(tmp_path, files))
    rubbish = files_of(theirs, weights_sha256=sha256(b"rubbish")) | {WEIGHTS_FILE: b"rubbish"}
    with pytest.raises(GenerationError, match="is no safetensors file"):
        import_file(mine, packed(tmp_path, rubbish))


def test_archives_that_hold_none_or_too_many(theirs: Generation, mine: Registry, tmp_path: Path) -> None:
    files = files_of(theirs)
    for content, said in (
        ({"readme.txt": b"hello"}, r"holds no generation \(card.json is not there\)"),
        ({CARD_FILE: files[CARD_FILE]}, "the weights of 'c4-007' are missing"),
        ({f"{name}/{CARD_FILE}": files[CARD_FILE] for name in "ab"}, r"more than one generation \(2 files card.json\)"),
        ({f"../../{name}": part for name, part in files.items()}, "holds no generation"),
        ({CARD_FILE: b" " * (2**22 + 1)}, "has 4,194,305 bytes; no generation's has more than 4,194,304"),
    ):
        with pytest.raises(GenerationError, match=said):
            import_file(mine, packed(tmp_path, content))
    (tmp_path / "empty").mkdir()
    with pytest.raises(GenerationError, match="holds no generation"):
        import_file(mine, tmp_path / "empty")


def test_damaged_archives(theirs: Generation, mine: Registry, tmp_path: Path) -> None:
    write_bundle(theirs, tmp_path / "whole.zip")
    whole = (tmp_path / "whole.zip").read_bytes()
    bad = tmp_path / "bad.zip"
    at = whole.index(b"PK\x01\x02")
    cut_off, in_the_weights = whole[: len(whole) // 2], whole[: at - 90] + bytes(80) + whole[at - 10 :]
    for content in (cut_off, in_the_weights, whole[:at] + whole[at + 9 :]):
        bad.write_bytes(content)
        with pytest.raises(GenerationError, match="is a zip file that is damaged"):
            import_file(mine, bad)
    assert not mine.list()


def test_a_locked_archive(theirs: Generation, mine: Registry, tmp_path: Path) -> None:
    file = packed(tmp_path, files_of(theirs))
    content = bytearray(file.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1  # the flag of encryption in the directory, and below in the file's own header
    content[6] |= 1
    file.write_bytes(content)
    with pytest.raises(GenerationError, match="is a zip file that is damaged or of a kind that cannot be read"):
        import_file(mine, file)


def test_what_is_no_generation_goes_to_the_reader_of_lc0_files(mine: Registry, tmp_path: Path) -> None:
    file = tmp_path / "some.onnx"
    file.write_bytes(b"\x08\x08\x12\x07pytorch")
    with pytest.raises(Lc0FileError, match="seems to be an ONNX file"):
        import_file(mine, file)
    with pytest.raises(Lc0FileError, match="cannot be read"):
        import_file(mine, tmp_path / "gone.zip")


def test_the_onnx_file_that_came_along_is_not_trusted(theirs: Generation, mine: Registry, tmp_path: Path) -> None:
    files = files_of(theirs, onnx_sha256=sha256(b"evil")) | {ONNX_FILE: b"evil"}
    found = import_file(mine, packed(tmp_path, files))
    assert found.verified_file(ONNX_FILE).read_bytes() == theirs.verified_file(ONNX_FILE).read_bytes()


def test_two_domains_live_side_by_side(theirs: Generation, mine: Registry, tmp_path: Path) -> None:
    chess = published(tmp_path / "other", lively_network(CHESS), "chess-001")
    for generation in (theirs, chess):
        write_bundle(generation, tmp_path / f"{generation.card.id}.zip")
        import_file(mine, tmp_path / f"{generation.card.id}.zip")
    assert [one.card.id for one in mine.list()] == ["c4-007", "chess-001"]
    assert [one.card.id for one in mine.list("connect_four")] == ["c4-007"]
    with pytest.raises(GenerationError, match="'chess-001' is of domain 'chess'; one of 'connect_four' is needed"):
        mine.get("chess-001", "connect_four")
