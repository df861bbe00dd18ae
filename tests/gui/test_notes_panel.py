"""The panel of notes and the line of an export, with real keys and clicks; and the program that writes, run by Qt."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton

from app.export_jobs import ExportJobs
from app.qt_models.notes_model import NotesModel, note_words
from app.theme import DARK, LIGHT
from app.viewmodels.exports import ExportRecord, export_record
from app.viewmodels.notes import NoteRow, NotesRecord
from app.widgets.export_line import ExportLine
from app.widgets.notes_panel import NotesPanel
from engine.tree.recording import write_recording
from tests.engine.tree.small_searches import searched

ROWS = (
    NoteRow(
        "a",
        False,
        "A long thought about this node, which needs more than one line of the panel.",
        "Nc6 Bb5",
        "at 40",
        True,
    ),
    NoteRow("b", True, "The turn", "Nc6"),
)


@pytest.fixture
def panel(qtbot) -> NotesPanel:  # type: ignore[no-untyped-def]
    made = NotesPanel()
    qtbot.addWidget(made)
    made.set_theme(DARK)
    made.resize(300, 400)
    made.show()
    made.show_notes(NotesRecord(ROWS, unsaved=True))
    qtbot.waitExposed(made)
    return made


def list_of(panel: NotesPanel):  # type: ignore[no-untyped-def]
    return panel._list


def centre_of(panel: NotesPanel, row: int):  # type: ignore[no-untyped-def]
    return list_of(panel).visualRect(list_of(panel).model().index(row, 0)).center()


def test_a_click_goes_there_and_enter_too(qtbot, panel: NotesPanel) -> None:  # type: ignore[no-untyped-def]
    gone: list[str] = []
    panel.chosen.connect(gone.append)
    qtbot.mouseClick(list_of(panel).viewport(), Qt.MouseButton.LeftButton, pos=centre_of(panel, 1))
    qtbot.keyClick(list_of(panel), Qt.Key.Key_Return)
    assert gone == ["b", "b"]


def test_a_text_is_edited_in_place(qtbot, panel: NotesPanel) -> None:  # type: ignore[no-untyped-def]
    written: list[tuple[str, str]] = []
    panel.written.connect(lambda *told: written.append(told))
    panel.edit("b")
    editor = panel.findChild(QPlainTextEdit)
    assert editor is not None
    assert editor.toPlainText() == "The turn"
    qtbot.keyClicks(editor, "New")
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(editor, "words")
    panel.show_notes(NotesRecord((ROWS[0], NoteRow("b", True, "The turn", "Nc6", "at 2")), unsaved=True))
    assert editor.toPlainText() == "New\nwords", "figures that tick do not disturb what is being typed"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert written[0] == ("b", "New\nwords")


def test_escape_leaves_the_text_and_says_so(qtbot, panel: NotesPanel) -> None:  # type: ignore[no-untyped-def]
    written: list[tuple[str, str]] = []
    panel.written.connect(lambda *told: written.append(told))
    panel.edit("a")
    editor = panel.findChild(QPlainTextEdit)
    qtbot.keyClicks(editor, "nonsense")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert written == [("a", ROWS[0].text)]


def test_delete_removes_and_buttons_ask(qtbot, panel: NotesPanel) -> None:  # type: ignore[no-untyped-def]
    told: list[str] = []
    panel.removed.connect(told.append)
    panel.note_wanted.connect(lambda: told.append("note"))
    panel.bookmark_wanted.connect(lambda: told.append("bookmark"))
    list_of(panel).setCurrentIndex(list_of(panel).model().index(0, 0))
    qtbot.keyClick(list_of(panel), Qt.Key.Key_Delete)
    for button in panel.findChildren(QPushButton):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == ["a", "note", "bookmark"]


def test_an_empty_panel_says_what_to_do_and_long_texts_wrap(qapp: QApplication, panel: NotesPanel) -> None:
    view = list_of(panel)
    assert view.visualRect(view.model().index(0, 0)).height() > view.visualRect(view.model().index(1, 0)).height()
    image = panel.grab().toImage()
    panel.set_theme(LIGHT)
    assert panel.grab().toImage() != image
    panel.show_notes(NotesRecord())
    assert not view.isVisible()


def test_entries_have_words_for_those_who_do_not_see_them() -> None:
    model = NotesModel()
    model.show_record(NotesRecord(ROWS))
    said = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == note_words(ROWS[0])
    assert str(said).startswith("Note on Nc6 Bb5 at 40: A long thought")
    assert note_words(ROWS[1]).startswith("Bookmark on Nc6: ")


def test_the_line_of_an_export_shows_progress_and_can_be_stopped(qtbot) -> None:  # type: ignore[no-untyped-def]
    line = ExportLine()
    qtbot.addWidget(line)
    assert line.isHidden()
    line.show_export(export_record("a.mp4", 0.5, 10.0))
    assert not line.isHidden()
    assert line.accessibleName() == "Writing a.mp4, about 10 s left"
    stopped: list[bool] = []
    line.cancel_clicked.connect(lambda: stopped.append(True))
    qtbot.mouseClick(line.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert stopped == [True]
    line.show_export(ExportRecord())
    assert line.isHidden()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    header, stream, _ = searched("connect_four", "startpos", 500)
    write_recording(tmp_path / "a.arborist", header, stream)
    return tmp_path / "a.arborist"


def test_a_program_writes_and_says_how_far_it_is(qtbot, recording: Path) -> None:  # type: ignore[no-untyped-def]
    parent, told, ended = QObject(), list[float](), list[str]()
    target = recording.with_name("a.gif")
    words = [str(recording), str(target), "--seconds", "1", "--size", "320x240"]
    ExportJobs(parent).start(words, told.append, lambda: ended.append("done"), ended.append)
    qtbot.waitUntil(lambda: bool(ended), timeout=60_000)
    assert ended == ["done"]
    assert told == sorted(told)
    assert told
    assert target.read_bytes().startswith(b"GIF89a")


def test_a_program_that_fails_says_why_and_one_that_is_stopped_says_nothing(qtbot, recording: Path) -> None:  # type: ignore[no-untyped-def]
    parent, ended = QObject(), list[str]()
    jobs = ExportJobs(parent)
    jobs.start(
        [str(recording), str(recording.with_name("a.pgn"))], lambda _: None, lambda: ended.append("done"), ended.append
    )
    qtbot.waitUntil(lambda: bool(ended), timeout=60_000)
    assert "PGN is for chess" in ended.pop()
    told: list[float] = []
    target = recording.with_name("a.mp4")
    job = jobs.start(
        [str(recording), str(target), "--seconds", "60"], told.append, lambda: ended.append("done"), ended.append
    )
    qtbot.waitUntil(lambda: bool(told) and told[-1] > 0.005, timeout=60_000)
    job.cancel()
    assert job.process > 0
    qtbot.wait(100)
    assert ended == []
    assert {each.name for each in recording.parent.iterdir()} == {"a.arborist"}
