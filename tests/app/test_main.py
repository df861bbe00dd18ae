"""The program's words: what is wrong is said in one sentence, with the exit code of the command line's contract."""

from pathlib import Path

import pytest

from app.__main__ import main
from app.commands import ANYWHERE, ARENA, COMMANDS, EXPLORE, MENUS, TRAIN, key_groups


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["--workspace", "kitchen"], 2, "kitchen"),
        (["--size", "wide"], 2, "wide"),
        (["--size", "10x10"], 2, "10x10"),
        (["--after", "soon"], 2, "soon"),
        (["--after", "-1", "--shot", "x.png"], 2, "-1"),
        (["--domain", "tiddlywinks"], 2, "tiddlywinks"),
        (["--sharpness", "11"], 2, "--sharpness"),
        (["--position", "8/8/8/8/8/8/8/8 w - - 0 1"], 3, "8/8/8/8/8/8/8/8"),
        (["--position", "startpos moves e2e5"], 3, "e2e5"),
        (["nowhere.pgn"], 3, "nowhere.pgn"),
        (["nowhere.arborist"], 3, "nowhere.arborist"),
    ],
)
def test_bad_words_end_the_program_with_a_sentence(
    capsys: pytest.CaptureFixture[str], argv: list[str], code: int, words: str
) -> None:
    assert main(argv) == code
    text = capsys.readouterr().err
    assert text.startswith("arborist: ")
    assert text.count("\n") == 1
    assert words in text


def test_a_file_that_is_no_game_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "diary.txt"
    path.write_text("dear diary")
    assert main([str(path)]) == 3
    assert "diary.txt" in capsys.readouterr().err


def test_no_display_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert main([]) == 4
    assert "--shot" in capsys.readouterr().err


def test_no_two_commands_share_a_key() -> None:
    for workspace in (EXPLORE, ARENA, TRAIN):
        keys = [key for command in COMMANDS if command.workspace in (workspace, ANYWHERE) for key in command.keys]
        assert len(keys) == len(set(keys))
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    assert {command.menu for command in COMMANDS} == set(MENUS)


def test_every_key_stands_on_the_page_of_keys() -> None:
    shown = {key for _, pairs in key_groups(lambda command: command.keys) for key, _ in pairs}
    assert all(command.keys[0] in shown for command in COMMANDS if command.keys)
