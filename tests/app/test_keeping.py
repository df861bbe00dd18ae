"""Notes and exports in the whole window, off-screen, on a recording: menu, keys, dialog, progress, files."""

import io
from collections.abc import Iterator
from pathlib import Path

import chess.pgn
import pyarrow.parquet as parquet
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit

from app.export_jobs import ExportJobs
from app.render.views import View
from app.render.warm import warming
from engine.tree.recording import write_recording
from tests.app.test_shell import Stage
from tests.engine.tree.small_searches import MANY_MATES, searched


@pytest.fixture(scope="module", autouse=True)
def drawing_kernels() -> None:
    warming.wait(120)


@pytest.fixture
def stage(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))
    header, stream, _ = searched("chess", MANY_MATES, 900)
    write_recording(tmp_path / "a.arborist", header, stream)
    made = Stage(qtbot, tmp_path / "window.json")
    made.shell.controller.open_file(tmp_path / "a.arborist")
    qtbot.waitUntil(lambda: made.shell.controller.state.recording == "a.arborist", timeout=60_000)
    yield made
    made.window.close()
    made.script.play()


def test_a_note_is_written_with_keys_and_found_again(qtbot, stage: Stage, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    controller, keeping = stage.shell.controller, stage.shell.explore.keeping
    controller.select_node(5)
    stage.trigger("note")
    editor = keeping.notes.findChild(QPlainTextEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "Here it turns.")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert [entry.text for entry in controller.notes.notebook.entries] == ["Here it turns."]
    assert len(list((tmp_path / "data" / "notes").iterdir())) == 1, "kept at once"
    stage.shell.explore.tree.set_view(View.ICICLE)
    stage.trigger("bookmark")
    assert stage.said.startswith("Kept a bookmark: ")
    stage.shell.explore.tree.set_view(View.LINK)
    controller.select_node(0)
    mark = controller.notes.notebook.entries[1]
    assert (mark.view, len(mark.camera)) == ("icicle", 3)  # type: ignore[union-attr]
    keeping.notes.chosen.emit(mark.id)
    assert stage.shell.explore.tree.view is View.ICICLE
    assert controller.state.selected == 5
    controller.undo()
    assert [entry.text for entry in controller.notes.notebook.entries] == ["Here it turns."]


def test_a_note_begun_and_left_is_none(qtbot, stage: Stage) -> None:  # type: ignore[no-untyped-def]
    stage.trigger("note")
    editor = stage.shell.explore.keeping.notes.findChild(QPlainTextEdit)
    assert editor is not None
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert stage.shell.controller.notes.notebook.entries == ()


@pytest.mark.parametrize(("name", "kind"), [("tree.png", ""), ("tree", "PGN game with the tree as variations (*.pgn)"),
                                            ("tree.parquet", "")])  # fmt: skip
def test_export_from_the_menu(  # type: ignore[no-untyped-def]
    qtbot, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kind: str
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / name), kind))
    stage.shell.controller.travel.seek(300)
    stage.trigger("export")
    line = stage.shell.explore.keeping.line
    assert line.isVisible()
    assert "Writing tree." in line.accessibleName()
    qtbot.waitUntil(lambda: not line.isVisible(), timeout=120_000)
    assert stage.error == ""
    assert stage.said == f"Wrote {name if '.' in name else name + '.pgn'}."
    if name == "tree.png":
        image = QImage(str(tmp_path / name))
        assert (image.width(), image.height()) == (1600, 1000)
    elif name == "tree.parquet":
        assert max(parquet.read_table(tmp_path / name)["visits"].to_pylist()) == 300
    else:
        game = chess.pgn.read_game(io.StringIO((tmp_path / "tree.pgn").read_text()))
        assert game is not None
        assert game.headers["Simulations"] == "300"


def test_a_film_is_stopped_with_the_button_and_leaves_nothing(  # type: ignore[no-untyped-def]
    qtbot, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.mp4"), ""))
    before = {each.name for each in tmp_path.iterdir()}
    stage.trigger("export")
    line = stage.shell.explore.keeping.line
    qtbot.waitUntil(lambda: "left" in line.accessibleName(), timeout=120_000)
    line.cancel_clicked.emit()
    assert not line.isVisible()
    assert stage.said == "Stopped writing a.mp4."
    assert {each.name for each in tmp_path.iterdir()} == before
    assert isinstance(stage.shell.controller.exports.jobs, ExportJobs)


def test_the_menu_says_what_is_undone_and_folds_come_back(stage: Stage) -> None:
    tree, actions = stage.shell.explore.tree, stage.window._actions
    assert (actions["undo"].isEnabled(), actions["redo"].isEnabled()) == (False, False)
    stage.trigger("fold_pruned")
    assert tree.folding.pruned
    assert actions["undo"].text() == "Undo: fold pruned branches"
    tree.fold_below(40)
    stage.trigger("undo")
    assert (tree.folding.below, tree.folding.pruned) == (0, True)
    assert actions["redo"].text() == "Redo: fold below 40 visits"
    stage.trigger("undo")
    assert not tree.folding.pruned
    assert not actions["fold_pruned"].isChecked()
    assert not actions["undo"].isEnabled()
    assert actions["undo"].text() == "Undo"
    stage.trigger("redo")
    assert actions["fold_pruned"].isChecked()
    assert {key.toString() for key in actions["redo"].shortcuts()} == {"Ctrl+Shift+Z", "Ctrl+Y"}
