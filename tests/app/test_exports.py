"""Exports from the window's desk: the moment looked at, as a file; stopped, refused, failed."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.exports import SUFFIXES, Appearance
from app.viewmodels.exports import KINDS, ExportRecord, export_record
from engine.cli_export import FORMATS
from engine.tree.recording import read_recording
from engine.tree.whole_file import part_path
from tests.app.test_controller import World

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass
class StubJob:
    process: int = 4711
    is_cancelled: bool = False

    def cancel(self) -> None:
        self.is_cancelled = True


@dataclass
class StubJobs:
    """Keeps what it was asked to run."""

    words: list[str] = field(default_factory=list)
    job: StubJob = field(default_factory=StubJob)
    told: Callable[[float], None] = lambda _: None
    done: Callable[[], None] = lambda: None
    failed: Callable[[str], None] = lambda _: None

    def start(
        self, words: list[str], told: Callable[[float], None], done: Callable[[], None], failed: Callable[[str], None]
    ) -> StubJob:
        self.words, self.told, self.done, self.failed = words, told, done, failed
        return self.job


@pytest.fixture
def world() -> World:
    made = World().ready().finish()
    made.control.exports.jobs = StubJobs()
    return made


def jobs(world: World) -> StubJobs:
    stub = world.control.exports.jobs
    assert isinstance(stub, StubJobs)
    return stub


def test_the_window_and_the_command_line_know_the_same_kinds() -> None:
    assert set(SUFFIXES) == set(FORMATS)
    assert len({what for _, _, what in KINDS}) == len(KINDS)


def test_the_moment_looked_at_is_exported_and_told(world: World, tmp_path: Path) -> None:
    world.control.travel.seek(60)
    target = tmp_path / "a.json"
    world.control.exports.export(target, Appearance("light", "radial"))
    words = jobs(world).words
    assert words[1:] == [str(target), "--theme", "light", "--view", "radial", "--at", "60"]
    assert read_recording(words[0]).header == world.control.session.shown.header
    done = subprocess.run(
        [sys.executable, "-m", "app.export", *words], cwd=REPOSITORY, check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(target.read_text())["nodes"][0]["visits"] == 60
    jobs(world).told(0.5)
    assert world.screen.last("show_export").share == 0.5
    jobs(world).done()
    assert world.screen.last("show_export") == ExportRecord()
    assert world.screen.last("say") == "Wrote a.json."
    assert not Path(words[0]).exists(), "nothing is left behind"


def test_the_present_is_exported_whole(world: World, tmp_path: Path) -> None:
    world.control.exports.export(tmp_path / "a.svg", Appearance())
    assert "--at" not in jobs(world).words
    world.control.exports.export(tmp_path / "b.svg", Appearance())
    assert world.screen.last("say") == "a.svg is still being written."


def test_stopping_ends_the_program_and_takes_its_file_away(world: World, tmp_path: Path) -> None:
    target = tmp_path / "a.mp4"
    target.write_bytes(b"before")
    world.control.exports.export(target, Appearance())
    part = part_path(target, 4711)
    part.write_bytes(b"half")
    world.control.exports.cancel()
    assert jobs(world).job.is_cancelled
    assert [each.name for each in tmp_path.iterdir()] == ["a.mp4"]
    assert target.read_bytes() == b"before"
    assert not Path(jobs(world).words[0]).exists()
    assert world.screen.last("say") == "Stopped writing a.mp4."
    world.control.exports.cancel()
    world.control.exports.finish()
    world.control.exports.export(target, Appearance())
    assert world.screen.last("show_export").text == "Writing a.mp4"


def test_what_fails_is_one_sentence(world: World, tmp_path: Path) -> None:
    world.control.exports.export(tmp_path / "a.mp4", Appearance())
    jobs(world).failed("films need PyAV: pip install 'arborist-desktop[video]'")
    assert world.screen.last("show_error")[0].startswith("a.mp4 was not written: films need PyAV")
    assert world.screen.last("show_export") == ExportRecord()


def test_other_names_and_no_search_are_refused(world: World, tmp_path: Path) -> None:
    for name, said in (("a.docx", "'.docx' says no kind of file"), ("tree", "A name without a suffix")):
        world.control.exports.export(tmp_path / name, Appearance())
        assert said in world.screen.last("show_error")[0]
    fresh = World()
    fresh.control.exports.jobs = StubJobs()
    fresh.control.exports.export(tmp_path / "a.png", Appearance())
    assert "no search to export" in fresh.screen.last("show_error")[0]


def test_the_time_that_is_left_is_told_once_it_is_known() -> None:
    assert export_record("a.gif", 0.01, 3.0).text == "Writing a.gif"
    assert export_record("a.gif", 0.25, 10.0).text == "Writing a.gif, about 30 s left"
    assert export_record("a.gif", 0.1, 60.0).text == "Writing a.gif, about 9 min left"
    assert export_record("a.gif", 0.999, 60.0).text == "Writing a.gif, nearly done"
