"""The doctor's facts, and the lines it gives people: what is missing is found, and the line names just that."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pytest

from engine import cli_doctor, doctor, setup_check
from engine.cli import main
from engine.doctor import Bf16, Folder, Int8, Intuition, Screen, Speed
from engine.generations.card import GenerationError
from engine.generations.registry import Generation, Registry
from engine.nets.bf16 import check_bf16
from engine.nets.choose import decide
from engine.nets.int8 import make_int8
from engine.setup_check import QT_NEEDS, VIRTUAL_SCREEN, X11_NEEDS, Need
from tests.engine.nets.small import CONNECT_FOUR, lively_network, published

ABSENT = Need("libnothing-of-the-kind.so.9", "libnothing9", "it is missed")


def only(*names: str):  # type: ignore[no-untyped-def]
    """A stand-in for `shutil.which` on a machine that has `names`."""
    return lambda name: f"/usr/bin/{name}" if name in names else None


def test_what_is_missing_is_found() -> None:
    assert setup_check.missing([ABSENT]) == (ABSENT,)
    assert setup_check.missing([Need("no-such-program", "none", "")]) != ()
    if sys.platform.startswith("linux"):
        assert setup_check.missing([Need("libc.so.6", "libc6", "")]) == ()
        assert setup_check.missing([Need("sh", "dash", "")]) == ()


@pytest.mark.parametrize(("root", "sudo"), [(True, ""), (False, "sudo ")])
def test_the_line_names_what_is_missing_and_nothing_else(
    root: bool, sudo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_check, "is_root", lambda: root)
    needs = (X11_NEEDS[0], VIRTUAL_SCREEN)
    assert setup_check.install_line(needs, only("apt-get", "dnf")) == (
        f"{sudo}apt-get install -y --no-install-recommends libxcb-cursor0 xvfb"
    )
    assert setup_check.install_line(needs, only("dnf")) == (
        f"{sudo}dnf install -y 'libxcb-cursor.so.0()(64bit)' /usr/bin/Xvfb"
    )
    assert setup_check.install_line(needs, only()).endswith(": libxcb-cursor.so.0 Xvfb")
    assert setup_check.install_line((), only("apt-get")) == ""
    assert setup_check.can_install(only("apt-get")) == root
    assert not setup_check.can_install(only("dnf"))


@pytest.mark.parametrize(
    ("environment", "system", "platform"),
    [
        ({}, "linux", "offscreen"),
        ({"DISPLAY": ":0"}, "linux", "xcb"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux", "wayland"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "x11"}, "linux", "xcb"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "linux", "offscreen"),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, "linux", "wayland"),
        ({"QT_QPA_PLATFORM": "minimal:fontengine=freetype"}, "linux", "minimal"),
        ({}, "darwin", "cocoa"),
        ({}, "win32", "windows"),
    ],
)
def test_the_platform_is_the_one_qt_takes(environment: dict[str, str], system: str, platform: str) -> None:
    assert setup_check.qt_platform(environment, system) == platform


def test_a_window_needs_the_libraries_of_its_platform() -> None:
    assert setup_check.window_needs({}, "linux") == QT_NEEDS
    assert setup_check.window_needs({"DISPLAY": ":0"}, "linux") == QT_NEEDS + X11_NEEDS
    assert setup_check.window_needs({"DISPLAY": ":0"}, "darwin") == ()
    assert VIRTUAL_SCREEN in setup_check.picture_needs("linux")
    assert set(setup_check.picture_needs("linux")) < set(setup_check.suite_needs("linux"))
    assert setup_check.suite_needs("win32") == ()


def test_a_display_that_does_not_answer_is_no_screen() -> None:
    assert not setup_check.has_screen({}, "linux")
    assert not setup_check.has_screen({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, "linux")
    assert setup_check.has_screen({}, "darwin")
    if hasattr(socket, "AF_UNIX"):
        assert not setup_check.has_screen({"DISPLAY": ":4711"}, "linux")
        assert not setup_check.has_screen({"DISPLAY": ":nonsense"}, "linux")
        assert setup_check.has_screen({"DISPLAY": "elsewhere:0"}, "linux")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs Linux's abstract sockets")
def test_a_display_that_answers_is_a_screen() -> None:
    number = 40_000 + os.getpid() % 20_000
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen(1)
        assert setup_check.has_screen({"DISPLAY": f":{number}.0"}, "linux")
    assert not setup_check.has_screen({"DISPLAY": f":{number}.0"}, "linux")


def test_setup_needs_nothing_installed() -> None:
    """The set-up imports this module before there is an environment: only the standard library may be needed."""
    code = (
        "import sys; from engine import setup_check; setup_check.missing(setup_check.suite_needs());"
        "print([name for name in sys.modules if 'site-packages' in (getattr(sys.modules[name], '__file__', '') or '')])"
    )
    root = Path(setup_check.__file__).parents[1]
    words = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {code}"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_the_machine_is_described() -> None:
    found = doctor.machine()
    assert found.cores >= 1
    assert 0 < found.free_bytes <= found.memory_bytes
    assert found.processor
    assert found.versions["numpy"]
    assert set(found.versions) == set(doctor.PACKAGES)
    assert doctor._version("no-such-distribution") is None


def test_the_cpu_is_always_a_device() -> None:
    first, *others = doctor.devices()
    assert first.name == "cpu"
    assert all(device.name.startswith(("cuda", "mps")) for device in others)


def test_facts_are_told_without_loading_torch() -> None:
    code = "from engine import doctor; doctor.machine(); doctor.screen(); doctor.folders(); doctor.cold_parts()"
    code += "; import sys; print('torch' in sys.modules, 'PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["False", "False"], done.stderr


def test_folders_that_can_be_written_are_clean_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ARBORIST_CONFIG", str(tmp_path / "config"))
    by_use = {folder.use: folder for folder in doctor.folders()}
    assert by_use["data"].path == tmp_path / "data"
    assert by_use["settings"].path == tmp_path / "config"
    assert [folder.trouble for folder in by_use.values()] == ["", "", ""]
    assert list((tmp_path / "data").iterdir()) == []
    assert by_use["data"].free_bytes > 0


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("ARBORIST_DATA", str(blocked / "data"))
    data = next(folder for folder in doctor.folders() if folder.use == "data")
    assert data.trouble == "cannot be written: Not a directory"
    screen = Screen("xcb", True, (X11_NEEDS[0],), "the line")
    assert doctor.problems(screen, [data, Folder("settings", tmp_path, "", 1)]) == [
        "libxcb-cursor.so.0 is missing: no window can be shown on an X11 screen without it",
        f"the folder for data, {blocked / 'data'}, cannot be written: Not a directory",
    ]


def test_without_a_generation_there_is_nothing_to_measure(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    assert doctor.intuition(keep=True, registry=registry) is None
    assert doctor.intuition("uniform", keep=True, registry=registry) is None
    with pytest.raises(GenerationError, match="gen-777"):
        doctor.intuition("gen-777", keep=True, registry=registry)


@pytest.fixture
def small_generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generation:
    monkeypatch.setenv("ARBORIST_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("engine.nets.int8.make_int8", partial(make_int8, calibration=32, checked=50))
    monkeypatch.setattr("engine.nets.bf16.check_bf16", partial(check_bf16, checked=50))
    monkeypatch.setattr("engine.nets.bf16.is_bf16_fast", lambda: True)
    return published(tmp_path / "generations", lively_network(CONNECT_FOUR))


def test_the_fastest_way_is_measured_picked_and_kept_unless_not_wanted(
    tmp_path: Path, small_generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.nets.measure.best", lambda measured: measured[-1])
    kept = tmp_path / "data" / "evaluators.json"
    measure = partial(doctor.intuition, "gen-000", registry=Registry(tmp_path / "generations"), seconds=0.001)
    found = measure(keep=False)
    assert found is not None
    assert (found.generation, found.picked, found.is_kept) == ("gen-000", "cpu-torch", False)
    assert not kept.exists()
    assert {speed.batch for speed in found.speeds} == {1, 16, 64, 256}
    assert {speed.way for speed in found.speeds} >= {"cpu", "cpu-torch"}
    assert [speed.is_picked for speed in found.speeds].index(True) == len(found.speeds) - 1
    assert found.int8 is not None
    assert found.int8.positions == 50
    assert found.int8.is_accepted == (found.int8.agreement >= 0.99)
    assert found.bf16 is not None
    assert found.bf16.positions == 50
    assert ("cpu-bf16" in {speed.way for speed in found.speeds}) == found.bf16.is_accepted
    assert decide(small_generation).backend == "onnx"
    again = measure(keep=True)
    assert again is not None
    assert again.int8 == found.int8, "quantised once"
    assert again.bf16 == found.bf16
    assert again.is_kept
    assert decide(small_generation).backend == "torch"


@pytest.mark.parametrize("is_accepted", [True, False])
def test_people_read_what_was_picked_and_how_to_override_it(
    capsys: pytest.CaptureFixture[str], is_accepted: bool
) -> None:
    speeds = (Speed("cpu", 2, "cpu, ORT", 64, 6500.0, not is_accepted), Speed("cpu-int8", 2, "8", 64, 9e3, is_accepted))
    int8 = Int8(is_accepted, "the whole network", 0.9784, 0.99, 0.0061, 2000)
    bf16 = Bf16(is_accepted, 0.9945, 0.99, 0.002, 2000)
    cli_doctor._print_intuition(Intuition("gen-000", speeds, int8, "", is_accepted, bf16))
    said = capsys.readouterr().out
    assert "6,500" in said
    assert f"int8: {'accepted' if is_accepted else 'refused'}: with the whole network in 8 bits" in said
    assert "in 97.8% of 2,000 positions (99% needed), mean value error 0.006" in said
    assert f"bfloat16: {'accepted' if is_accepted else 'refused'}: with the trunk in it" in said
    assert "in 99.5% of 2,000 positions (99% needed), mean value error 0.002" in said
    if is_accepted:
        assert "picked for gen-000: cpu-int8 (8), from now on the meaning of auto" in said
    else:
        assert "picked for gen-000: cpu (cpu, ORT), not kept" in said
    assert "override it with --device NAME, or with ARBORIST_DEVICE=NAME" in said


@pytest.mark.parametrize(("words", "keep"), [([], True), (["--no-keep"], False)])
def test_the_command_keeps_the_choice_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], keep: bool
) -> None:
    found = Intuition("gen-009", (Speed("cpu", 2, "cpu, ORT", 64, 6500.0, True),), None, "cpu", keep)
    asked: list[tuple[str | None, bool]] = []

    def intuition(generation_id: str | None, *, keep: bool, progress: object) -> Intuition:
        asked.append((generation_id, keep))
        return found

    monkeypatch.setattr(doctor, "intuition", intuition)
    main(["doctor", "--json", "--generation", "gen-009", *words])
    assert asked == [("gen-009", keep)]
    assert json.loads(capsys.readouterr().out)["intuition"] == {
        "generation": "gen-009",
        "speeds": [asdict(found.speeds[0])],
        "int8": None,
        "picked": "cpu",
        "is_kept": keep,
        "bf16": None,
    }
    main(["doctor", "--json", "--quick", *words])
    assert json.loads(capsys.readouterr().out)["intuition"] is None
    assert len(asked) == 1
