"""Notes and other attachments of a recording: kept whole, and never at the journal's cost."""

import sqlite3
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tree.attachments import GAME, NOTEBOOK, Attachments, read_attachments, write_attachments
from engine.tree.notebook import (
    Bookmark,
    Note,
    Notebook,
    NotebookError,
    decode_notebook,
    encode_notebook,
    line_of,
)
from engine.tree.recording import RecordingError, RecordingWriter, read_recording, write_recording
from tests.engine.tree.small_searches import searched

REPOSITORY = Path(__file__).resolve().parents[3]
NOTE = Note(id="a", start="startpos", actions=(3, 4), simulation=120, text="Why?\n♞ takes")
MARK = Bookmark(id="b", start="startpos", text="here", view="radial", camera=(0.5, 1.0), lens="N > 5")
BOOK = Notebook(entries=(NOTE, MARK))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    header, stream, _ = searched("connect_four", "startpos", 500)
    path = tmp_path / "a.arborist"
    write_recording(path, header, stream)
    return path


def test_a_recording_without_attachments_has_none_and_no_table(path: Path) -> None:
    assert read_attachments(path) == Attachments()
    with sqlite3.connect(path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert tables == {"recording", "chunk"}, "as the first version wrote it, and reads it"


def test_attachments_are_added_replaced_and_read_back(path: Path) -> None:
    before = read_recording(path)
    write_attachments(path, {NOTEBOOK: encode_notebook(BOOK), GAME: b"1. e4 *"})
    write_attachments(path, {GAME: b"1. d4 *"})
    found = read_attachments(path)
    assert found.damage is None
    assert decode_notebook(found.items[NOTEBOOK]) == BOOK
    assert found.items[GAME] == b"1. d4 *"
    assert read_recording(path) == before


def test_they_can_be_written_with_the_journal(tmp_path: Path) -> None:
    header, stream, _ = searched("connect_four", "startpos", 500)
    whole, live = tmp_path / "a.arborist", tmp_path / "b.arborist"
    write_recording(whole, header, stream, {NOTEBOOK: b"1"})
    with RecordingWriter(live, header) as writer:
        writer.attach({NOTEBOOK: b"0"})
        writer.append(stream)
        writer.attach({NOTEBOOK: b"1"})
    for path in (whole, live):
        assert read_attachments(path).items == {NOTEBOOK: b"1"}
        assert read_recording(path).stream == stream
    with pytest.raises(RecordingError, match="closed"):
        writer.attach({})


def test_a_changed_byte_of_notes_is_noticed_and_costs_only_them(path: Path) -> None:
    text = "All that was thought of this move. " * 500
    book = Notebook(entries=(Note(id="a", start="startpos", text=text),))
    write_attachments(path, {NOTEBOOK: encode_notebook(book), GAME: b"a game"})
    whole = read_recording(path)
    file = bytearray(path.read_bytes())
    place = file.index(b"thought of this move", len(file) - 30_000)
    file[place] ^= 1
    path.write_bytes(file)
    found = read_attachments(path)
    assert found.items == {GAME: b"a game"}
    assert found.damage is not None
    assert "'notebook'" in found.damage
    assert read_recording(path) == whole


@given(st.data())
def test_no_damage_to_the_part_with_notes_costs_a_byte_of_the_journal(data: st.DataObject) -> None:
    saved, first, stream = _saved()
    start = data.draw(st.integers(first, len(saved) - 1))
    length = data.draw(st.integers(1, 4000))
    damaged = saved[:start] + data.draw(st.binary(min_size=1, max_size=1)) * length + saved[start + length :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.arborist"
        path.write_bytes(damaged[: len(saved)])
        assert read_recording(path).stream == stream
        read_attachments(path)


@cache
def _saved() -> tuple[bytes, int, bytes]:
    """A recording with notes, where their pages begin, and its journal."""
    header, stream, _ = searched("connect_four", "startpos", 500)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.arborist"
        write_recording(path, header, stream)
        first = len(path.read_bytes())
        write_attachments(path, {NOTEBOOK: b"a note " * 3000})
        return path.read_bytes(), first, stream


def test_notes_are_read_where_the_journal_is_damaged(path: Path) -> None:
    write_attachments(path, {NOTEBOOK: b"words"})
    file = bytearray(path.read_bytes())
    place = file.index(b"\x93arborist", file.index(b"\x93arborist") + 2000)
    file[place + 30] ^= 0xFF
    path.write_bytes(file)
    assert read_recording(path).damage
    assert read_attachments(path).items == {NOTEBOOK: b"words"}


def test_a_file_that_is_not_there_or_no_recording(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"nothing\.arborist"):
        write_attachments(tmp_path / "nothing.arborist", {NOTEBOOK: b""})
    other = tmp_path / "other.arborist"
    other.write_bytes(b"no database" * 100)
    assert read_attachments(other).items == {}
    assert read_attachments(other).damage
    with pytest.raises(RecordingError):
        write_attachments(other, {NOTEBOOK: b""})


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_kill_while_notes_are_written_leaves_the_old_ones(path: Path) -> None:
    write_attachments(path, {NOTEBOOK: b"old"})
    code = f"""
import os, signal
from engine.tree import attachments
checksum = attachments._checksum
def dying(name, data):
    if name == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    return checksum(name, data)
attachments._checksum = dying
attachments.write_attachments({str(path)!r}, {{"notebook": b"new" * 100000, "b": b""}})
"""
    killed = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False)
    assert killed.returncode == -9
    assert read_attachments(path) == Attachments({NOTEBOOK: b"old"})
    assert read_recording(path).damage is None


def test_a_notebook_changes_into_others() -> None:
    book = Notebook().put(NOTE).put(MARK)
    assert book == BOOK
    changed = book.put(Note(id="a", start="startpos", text="Because."))
    assert [entry.text for entry in changed.entries] == ["Because.", "here"]
    assert book.entries[0] is NOTE
    assert changed.without("a").entries == (MARK,)
    assert changed.without("none") == changed
    assert line_of(NOTE).actions == (3, 4)
    mine = Notebook(entries=(Note(id="c", start="startpos", text="new"), Note(id="a", start="startpos", text="newer")))
    assert [(entry.id, entry.text) for entry in book.merged(mine).entries] == [
        ("a", "newer"),
        ("b", "here"),
        ("c", "new"),
    ]


def test_a_notebook_is_readable_text_and_newer_fields_do_no_harm() -> None:
    data = encode_notebook(BOOK)
    assert b"takes" in data
    assert decode_notebook(data) == BOOK
    assert decode_notebook(data.replace(b'"text":"here"', b'"text":"here","colour":"red"')) == BOOK
    for bad, said in (
        (b"{", "cannot be read"),
        (b'{"version": 9}', "version 9"),
        (b'{"entries": 3}', "cannot be read"),
    ):
        with pytest.raises(NotebookError, match=said):
            decode_notebook(bad)
