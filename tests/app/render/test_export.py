"""Pictures as files, from recordings, without a window."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from app.render.export import BAD_INPUT, BAD_WORDS, ExportError, parse_size, render_png
from app.render.synthetic import synthetic_labels
from app.theme import DARK, LIGHT
from engine.domains import registry
from engine.domains.base import Line
from engine.search.evaluator import UniformEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.recording import write_recording
from tests.app.render.drawn import searched


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty simulations of Connect Four."""
    journal: list[bytes] = []
    search = Search(
        registry.rules("connect_four"),
        UniformEvaluator(),
        Line("startpos", (3,)),
        SearchSettings(batch=4),
        journal.append,
    )
    search.start_run(Limits(simulations=60))
    while search.advance() is None:
        pass
    path = tmp_path_factory.mktemp("recordings") / "four.arborist"
    write_recording(path, search.header, b"".join(journal))
    return path


def export(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.render.export", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_a_picture_has_its_size_its_tree_and_its_legend(qapp: QApplication, tmp_path: Path, theme) -> None:  # type: ignore[no-untyped-def]
    tree = searched(300).tree
    path = tmp_path / "tree.png"
    render_png(tree, synthetic_labels(tree), (800, 500), theme, path)
    image = QImage(str(path))
    assert (image.width(), image.height()) == (800, 500)
    assert image.pixelColor(2, 2) == QColor(theme.background)
    legend = {image.pixelColor(x, y).rgb() for x in range(0, 800, 2) for y in range(440, 500, 2)}
    tree_colors = {image.pixelColor(x, y).rgb() for x in range(0, 800, 2) for y in range(0, 400, 2)}
    assert len(legend) > 40
    assert len(tree_colors) > 200


def test_a_recording_is_drawn_as_it_stood(recording: Path, tmp_path: Path) -> None:
    early, late = tmp_path / "early.png", tmp_path / "late.png"
    for path, at in ((early, 5), (late, 60)):
        done = export(recording, path, "--at", at, "--size", "640x400", "--theme", "light")
        assert done.returncode == 0, done.stderr
        assert done.stdout == ""
    first, second = QImage(str(early)), QImage(str(late))
    assert (first.width(), first.height()) == (640, 400)
    assert first != second


def test_bad_words_and_bad_files_are_named(recording: Path, tmp_path: Path) -> None:
    done = export(recording, tmp_path / "a.png", "--size", "big")
    assert done.returncode == BAD_WORDS
    assert "'big'" in done.stderr
    done = export(tmp_path / "nothing.arborist", tmp_path / "a.png")
    assert done.returncode == BAD_INPUT
    assert "nothing.arborist" in done.stderr
    assert "Traceback" not in done.stderr


def test_sizes(qapp: QApplication, tmp_path: Path) -> None:
    assert parse_size("1600x1000") == (1600, 1000)
    for text in ("", "x", "10", "10x", "-5x5", "1e3x5"):
        with pytest.raises(ExportError):
            parse_size(text)
    tree = searched(5).tree
    with pytest.raises(ExportError, match="100x100"):
        render_png(tree, str, (100, 100), DARK, tmp_path / "a.png")
    with pytest.raises(ExportError, match="nowhere"):
        render_png(tree, str, (400, 300), DARK, tmp_path / "nowhere" / "a.png")
