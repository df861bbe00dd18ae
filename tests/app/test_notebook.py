"""Notes and bookmarks, with real searches: written, found again at their moment, taken back, kept, and never lost."""

from pathlib import Path

import pytest

from app.note_files import NoteFiles
from engine.tree.attachments import NOTEBOOK, read_attachments
from engine.tree.columns import ROOT
from engine.tree.notebook import Bookmark, Note, decode_notebook
from tests.app.test_controller import START, World


@pytest.fixture
def files(tmp_path: Path) -> NoteFiles:
    return NoteFiles(tmp_path / "notes")


@pytest.fixture
def world(files: NoteFiles) -> World:
    made = World()
    made.control.notes.files = files
    return made.ready().finish()


def note(world: World, text: str) -> str:
    """Write a note on what is inspected; its id."""
    world.control.notes.add_note()
    name = world.screen.last("show_note_editor")
    world.control.notes.write(name, text)
    return str(name)


def texts(world: World) -> list[str]:
    return [row.text for row in world.screen.last("show_notes").rows]


def test_a_note_belongs_to_the_node_that_is_inspected(world: World) -> None:
    chosen = world.screen.last("show_candidates").rows[1]
    world.control.select_action(chosen.action)
    name = note(world, "  Why not more of this?\n")
    (row,) = world.screen.last("show_notes").rows
    assert (row.id, row.text, row.place, row.moment) == (name, "Why not more of this?", chosen.text, "")
    assert row.is_here
    assert not row.is_bookmark
    assert world.screen.last("show_notes").unsaved
    world.control.select_action(world.screen.last("show_candidates").rows[0].action)
    assert not world.screen.last("show_notes").rows[0].is_here


def test_going_to_a_note_finds_node_and_moment(world: World) -> None:
    tree = world.tree
    node = int(tree.num_nodes) // 2
    moment = int(tree.stats["birth"][node]) + 3
    world.control.travel.seek(moment)
    world.control.select_node(node)
    line = world.control.state.selected_line
    name = note(world, "born")
    assert world.screen.last("show_notes").rows[0].moment == f"at {moment}"
    world.control.travel.to_present()
    world.control.select_node(ROOT)
    world.control.notes.go(name)
    assert world.control.travel.at == moment
    assert world.control.state.selected_line == line
    assert world.screen.last("show_notes").rows[0].is_here


def test_a_bookmark_has_a_name_of_its_own_and_can_get_another(world: World) -> None:
    chosen = world.screen.last("show_candidates").rows[0]
    world.control.select_action(chosen.action)
    world.control.travel.seek(50)
    world.control.notes.add_bookmark("radial", (0.5,), "N > 3")
    (row,) = world.screen.last("show_notes").rows
    assert row.is_bookmark
    assert row.text.startswith(chosen.text)
    assert row.text.endswith("after 50 simulations")
    world.control.notes.write(row.id, "The turn")
    assert texts(world) == ["The turn"]
    world.control.notes.write(row.id, "  ")
    assert texts(world) == ["The turn"], "a bookmark keeps its name"
    (entry,) = world.control.notes.notebook.entries
    assert isinstance(entry, Bookmark)
    assert (entry.view, entry.camera, entry.lens) == ("radial", (0.5,), "N > 3")
    world.control.travel.to_present()
    world.control.notes.go(row.id)
    assert world.control.travel.at == 50
    assert world.screen.last("show_look") == ("radial", (0.5,))
    assert world.screen.last("show_question").text == "N > 3"


def test_a_note_about_another_position_puts_it_on_the_board(world: World) -> None:
    e4 = world.screen.last("show_candidates").rows[0].action
    d4 = world.screen.last("show_candidates").rows[1].action
    world.control.select_action(d4)
    name = note(world, "elsewhere")
    world.control.play(e4)
    world.finish()
    assert texts(world) == ["elsewhere"], "the same search went on"
    world.control.notes.go(name)
    world.finish()
    assert world.control.state.game.current == START.then(d4)


def test_every_change_can_be_taken_back_and_others_in_between(world: World) -> None:
    first = note(world, "one")
    note(world, "two")
    world.cut(world.screen.last("show_candidates").rows[0].action)
    world.engine.pump(3)
    world.control.notes.remove(first)
    assert texts(world) == ["two"]
    world.control.undo()
    assert texts(world) == ["one", "two"]
    world.control.undo()  # the cut
    world.engine.pump(3)
    assert texts(world) == ["one", "two"]
    world.control.undo()
    assert texts(world) == ["one"]


def test_a_note_without_a_text_goes(world: World) -> None:
    world.control.notes.add_note()
    world.control.notes.write(world.screen.last("show_note_editor"), "\n ")
    assert texts(world) == []


def test_unsaved_notes_are_there_again_after_a_crash(world: World, files: NoteFiles) -> None:
    note(world, "not lost")
    again = World()  # the program was killed and begins again
    again.control.notes.files = files
    again.ready().finish()
    assert texts(again) == ["not lost"]
    assert again.screen.last("show_notes").unsaved
    other = World("startpos moves e2e4")
    other.control.notes.files = files
    other.ready().finish()
    assert other.control.notes.notebook.entries == (), "these are about another search"


def test_notes_go_with_the_recording(world: World, files: NoteFiles, tmp_path: Path) -> None:
    node = world.control.travel.moment.child_of_root(world.screen.last("show_candidates").rows[0].action)
    world.control.select_node(node)
    name = note(world, "kept")
    path = tmp_path / "a.arborist"
    world.control.notes.add_note()  # begun, with no text yet
    world.control.save(path)
    book = decode_notebook(read_attachments(path).items[NOTEBOOK])
    assert [(entry.id, entry.text) for entry in book.entries] == [(name, "kept")]
    assert not list((tmp_path / "notes").iterdir()), "what is in a recording is kept nowhere else"

    reader = World()
    reader.control.notes.files = files
    reader.ready().finish()
    reader.control.open_file(path)
    assert texts(reader) == ["kept"]
    assert not reader.screen.last("show_notes").unsaved
    reader.control.notes.go(name)
    assert reader.control.state.selected == node
    extra = note(reader, "more")
    assert reader.screen.last("show_notes").unsaved

    third = World()  # after a crash: the file's notes, and those written since
    third.control.notes.files = files
    third.ready().finish()
    third.control.open_file(path)
    assert texts(third) == ["kept", "more"]
    assert third.screen.last("show_notes").unsaved
    third.control.save(path)
    assert not third.screen.last("show_notes").unsaved
    assert [entry.id for entry in third.control.notes.notebook.entries] == [name, extra]


def test_in_a_recording_a_place_outside_of_the_tree_is_said(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    world.control.save(path)
    world.control.open_file(path)
    outside = Note(id="x", start="8/8/8/8/8/8/8/K1k5 w - - 0 1", text="elsewhere")
    world.control.notes.opened(world.control.notes.notebook.put(outside))
    world.control.notes.go("x")
    assert "does not lead to" in world.screen.last("say")
    world.control.notes.go("none")


def test_damaged_notes_cost_nothing_else(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    note(world, "a sentence that will be damaged " * 300)
    world.control.save(path)
    file = bytearray(path.read_bytes())
    file[file.rindex(b"damaged")] ^= 1
    path.write_bytes(file)
    world.control.open_file(path)
    assert "notebook" in world.screen.last("show_error")[0]
    assert world.tree.simulations == 200


def test_a_file_of_notes_that_cannot_be_read_is_said_and_left_alone(
    world: World, files: NoteFiles, tmp_path: Path
) -> None:
    note(world, "fine")
    (kept,) = (tmp_path / "notes").iterdir()
    kept.write_bytes(b"{")
    again = World()
    again.control.notes.files = files
    again.ready().finish()
    assert again.control.notes.notebook.entries == ()
    assert any("cannot be read" in told[0] for name, told in again.screen.log if name == "show_error")
    assert kept.read_bytes() == b"{"


def test_a_folder_that_cannot_be_written_is_said(world: World, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    world.control.notes.files = NoteFiles(blocked / "notes")
    note(world, "still here")
    assert "could not be kept" in world.screen.last("show_error")[0]
    assert texts(world) == ["still here"]


def test_before_there_is_a_search_there_is_nothing_to_note() -> None:
    world = World()
    world.control.notes.add_note()
    world.control.notes.add_bookmark()
    assert "no search yet" in world.screen.last("say")
    assert world.control.notes.notebook.entries == ()
