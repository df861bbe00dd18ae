import errno
import os
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest

from engine.generations.card import ONNX_FILE, WEIGHTS_FILE, Card, GenerationError, sha256
from engine.generations.registry import UNIFORM, Registry, data_folder, default_registry

FILES = {WEIGHTS_FILE: b"weights", ONNX_FILE: b"model"}


def card(generation_id: str, *, parent: str | None = None, domain: str = "chess") -> Card:
    return Card(id=generation_id, name="", domain=domain, architecture=None, parent=parent)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    shipped = Registry(tmp_path / "shipped")
    shipped.add(card("gen-000"), FILES)
    return Registry(tmp_path / "user", tmp_path / "shipped")


def test_what_is_added_is_found_again(registry: Registry) -> None:
    added = registry.add(card("gen-001", parent="gen-000"), FILES)
    assert added.card.weights_sha256 == sha256(b"weights")
    assert added.card.onnx_sha256 == sha256(b"model")
    assert registry.get("gen-001") == added
    assert [generation.card.id for generation in registry.list()] == ["gen-000", "gen-001"]
    assert added.verified_file(WEIGHTS_FILE).read_bytes() == b"weights"
    assert sorted(path.name for path in registry.user.iterdir()) == ["gen-001"], "nothing else is left behind"


def test_ways_to_name_a_generation(registry: Registry) -> None:
    added = registry.add(card("mine"), FILES)
    assert added.folder is not None
    for spec in ("mine", str(added.folder), str(added.folder / WEIGHTS_FILE), str(added.folder / ONNX_FILE)):
        assert registry.get(spec).card == added.card
    assert registry.get("uniform", "chess") is UNIFORM
    assert UNIFORM.is_uniform
    assert not added.is_uniform


def test_one_that_does_not_exist_is_named_with_those_that_do(registry: Registry) -> None:
    with pytest.raises(GenerationError, match=r"'gen-007'.*known: gen-000, uniform"):
        registry.get("gen-007")


def test_one_of_another_domain_is_refused(registry: Registry) -> None:
    assert registry.get("gen-000", "chess").card.id == "gen-000"
    with pytest.raises(GenerationError, match="'gen-000' is of domain 'chess'; one of 'connect_four' is needed"):
        registry.get("gen-000", "connect_four")
    assert registry.list("connect_four") == []


def test_the_users_hides_a_shipped_one(registry: Registry) -> None:
    registry.add(card("gen-000"), {WEIGHTS_FILE: b"better"})
    assert registry.get("gen-000").card.weights_sha256 == sha256(b"better")
    assert [generation.card.weights_sha256 for generation in registry.list()] == [sha256(b"better")]


def test_replacing_must_be_asked_for(registry: Registry) -> None:
    registry.add(card("mine"), FILES)
    with pytest.raises(GenerationError, match="already a generation 'mine'"):
        registry.add(card("mine"), FILES)
    registry.add(card("mine"), {WEIGHTS_FILE: b"other"}, replace=True)
    assert sorted(path.name for path in (registry.user / "mine").iterdir()) == ["card.json", WEIGHTS_FILE]
    assert sorted(path.name for path in registry.user.iterdir()) == ["mine"]


@pytest.mark.parametrize("generation_id", ["", "..", "../x", "a/b", "uniform", ".hidden", "x" * 65])
def test_ids_that_are_none(registry: Registry, generation_id: str) -> None:
    with pytest.raises(GenerationError, match="no id"):
        registry.add(card(generation_id), FILES)


def test_a_damaged_file_is_noticed(registry: Registry) -> None:
    added = registry.add(card("mine"), FILES)
    assert added.folder is not None
    (added.folder / WEIGHTS_FILE).write_bytes(b"weightz")
    with pytest.raises(GenerationError, match=f"mine: .*damaged.*{sha256(b'weightz')[:12]}.*{sha256(b'weights')[:12]}"):
        added.verified_file(WEIGHTS_FILE)
    assert added.verified_file(ONNX_FILE).read_bytes() == b"model"


def test_a_file_the_card_does_not_have(registry: Registry) -> None:
    added = registry.add(card("mine"), {WEIGHTS_FILE: b"weights"})
    with pytest.raises(GenerationError, match=f"mine: has no {ONNX_FILE}"):
        added.verified_file(ONNX_FILE)


def test_a_damaged_card_is_passed_over_in_lists_and_explained_when_asked_for(registry: Registry) -> None:
    added = registry.add(card("mine"), FILES)
    assert added.folder is not None
    (added.folder / "card.json").write_text("{")
    assert [generation.card.id for generation in registry.list()] == ["gen-000"]
    with pytest.raises(GenerationError, match="not the card of a generation"):
        registry.get("mine")
    (added.folder / "card.json").unlink()
    with pytest.raises(GenerationError, match="no generation here"):
        registry.get("mine")


@pytest.mark.parametrize(
    ("number", "reason"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "may not write there")],
)
def test_a_failed_write_says_why_and_leaves_nothing(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    registry.add(card("mine"), FILES)

    def fail(_: int) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(GenerationError, match=f"'mine' was not saved in .*{reason}"):
        registry.add(card("mine"), {WEIGHTS_FILE: b"half"}, replace=True)
    assert registry.get("mine").verified_file(WEIGHTS_FILE).read_bytes() == b"weights"
    assert sorted(path.name for path in registry.user.iterdir()) == ["mine"]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(GenerationError, match="was not saved in"):
        Registry(tmp_path / "file" / "user").add(card("mine"), FILES)


def test_only_the_users_can_be_removed(registry: Registry) -> None:
    registry.add(card("mine"), FILES)
    registry.remove("mine")
    assert [generation.card.id for generation in registry.list()] == ["gen-000"]
    for spec in ("gen-000", "uniform"):
        with pytest.raises(GenerationError, match="cannot be removed"):
            registry.remove(spec)


def test_the_next_id_is_above_all_others(registry: Registry, tmp_path: Path) -> None:
    assert Registry(tmp_path / "none").next_id() == "gen-000"
    assert registry.next_id() == "gen-001"
    registry.add(card("gen-009"), FILES)
    registry.add(card("another"), FILES)
    assert registry.next_id() == "gen-010"


def test_lineage_runs_from_parent_to_child(registry: Registry) -> None:
    registry.add(card("gen-001", parent="gen-000"), FILES)
    registry.add(card("gen-002", parent="gen-001"), FILES)
    registry.add(card("orphan", parent="lost"), FILES)
    registry.add(card("disc", domain="connect_four"), FILES)
    graph = registry.lineage()
    assert set(graph.edges) == {("gen-000", "gen-001"), ("gen-001", "gen-002"), ("lost", "orphan")}
    assert graph.nodes["gen-001"]["card"].parent == "gen-000"
    assert graph.nodes["lost"]["card"] is None
    assert set(registry.lineage("connect_four").nodes) == {"disc"}


def test_unknown_fields_of_a_later_card_are_ignored(registry: Registry) -> None:
    added = registry.add(card("mine"), FILES)
    assert added.folder is not None
    later = msgspec.to_builtins(added.card) | {"mood": "sunny", "version": 2}
    (added.folder / "card.json").write_bytes(msgspec.json.encode(later))
    assert registry.get("mine").card.version == 2


def test_the_data_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    assert default_registry().user == tmp_path / "generations"


def test_what_others_descend_from_stays(registry: Registry) -> None:
    registry.add(card("gen-001", parent="gen-000"), FILES)
    registry.add(card("gen-002", parent="gen-001"), FILES)
    registry.add(card("gen-003", parent="gen-001"), FILES)
    with pytest.raises(GenerationError, match="'gen-001' cannot be removed: gen-002, gen-003 descend from it"):
        registry.remove("gen-001")
    assert registry.get("gen-001").card.parent == "gen-000"
    for generation_id in ("gen-003", "gen-002", "gen-001"):
        registry.remove(generation_id)
    assert [generation.card.id for generation in registry.list()] == ["gen-000"]


def test_a_folder_elsewhere_is_not_removed(registry: Registry, tmp_path: Path) -> None:
    elsewhere = Registry(tmp_path / "elsewhere").add(card("other"), FILES)
    with pytest.raises(GenerationError, match="is not in"):
        registry.remove(str(elsewhere.folder))
    assert elsewhere.verified_file(WEIGHTS_FILE).exists()


def test_an_export_is_the_file_itself(registry: Registry, tmp_path: Path) -> None:
    added = registry.add(card("mine"), FILES)
    target = tmp_path / "mine.onnx"
    target.write_bytes(b"older")
    added.export(ONNX_FILE, target)
    assert target.read_bytes() == b"model"
    assert added.folder is not None
    (added.folder / WEIGHTS_FILE).write_bytes(b"weightz")
    with pytest.raises(GenerationError, match="damaged"):
        added.export(WEIGHTS_FILE, tmp_path / "mine.safetensors")
    with pytest.raises(GenerationError, match=r"mine was not exported to .*: No such file or directory"):
        added.export(ONNX_FILE, tmp_path / "no folder" / "mine.onnx")
    with pytest.raises(GenerationError, match="uniform: has no model"):
        UNIFORM.export(ONNX_FILE, target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.onnx", "shipped", "user"]
