"""Preferences survive a round trip; a damaged file never does harm."""

from pathlib import Path

import pytest

from app.settings import Settings, load_settings, save_settings, settings_file


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "window.json"
    settings = Settings(theme="light", last_file="a.pgn", budget=None, flipped=True)
    save_settings(settings, path)
    assert load_settings(path) == (settings, "")
    assert list(path.parent.iterdir()) == [path]


def test_no_file_is_no_trouble(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "window.json") == (Settings(), "")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\x00", b"[1, 2]", b'{"budget": 0}', b'{"theme": 7}'])
def test_a_damaged_file_is_set_aside_with_a_note(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(content)
    settings, note = load_settings(path)
    assert settings == Settings()
    assert str(path) in note


def test_fields_of_a_newer_program_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(b'{"theme": "light", "wallpaper": "stars"}')
    assert load_settings(path) == (Settings(theme="light"), "")


def test_the_environment_names_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARBORIST_CONFIG", str(tmp_path))
    assert settings_file().parent == tmp_path
