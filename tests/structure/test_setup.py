"""The set-up behind `make run` and `make test`: when it installs anew, what it counts, and its virtual screen."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from engine import setup_check

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Loads one of the scripts in `.ci` as a module."""

    def load(name: str) -> ModuleType:
        monkeypatch.syspath_prepend(str(ROOT / ".ci"))
        spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def test_it_installs_anew_only_after_a_change(script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = script("environment")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "VENV_PYTHON", Path(sys.executable))
    installed: list[list[str]] = []
    monkeypatch.setattr(environment, "pip_install", lambda words, log: installed.append(words) or 0)
    project = tmp_path / "pyproject.toml"
    project.write_text("[project]\n")

    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["environment.py", *words])
        environment.main()
        return len(installed)

    assert run() == 1
    assert run() == 1
    assert run("dev") == 2
    assert ".[dev]" in installed[-1]
    assert run() == run("dev") == 2, "what tests need holds all that the program needs"
    project.write_text("[project]\nname = 'changed'\n")
    assert run("dev") == 3
    assert run() == 3


def test_a_failed_installation_is_told_and_tried_again(
    script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = script("environment")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "VENV_PYTHON", Path(sys.executable))
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.setattr(environment, "pip_install", lambda words, log: log.write("no such package\n") and 1)
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            environment.install("run")
        assert ended.value.code == 1
        assert "no such package" in capsys.readouterr().out
        assert not environment.is_installed("run")


def test_a_python_that_is_too_old_is_refused(
    script, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = script("environment")
    monkeypatch.delenv("PYTHON", raising=False)
    assert environment.find_python() == sys.executable
    monkeypatch.setattr(environment, "OLDEST", (9, 9))
    for asked in ("", sys.executable):
        monkeypatch.setenv("PYTHON", asked)
        with pytest.raises(SystemExit):
            environment.find_python()
        assert "9.9 or newer" in capsys.readouterr().out


SUITE = """
import pytest
def test_good(): pass
def test_bad(): assert False
@pytest.mark.skip(reason="x")
def test_skipped(): pass
@pytest.fixture
def broken(): raise OSError
def test_error(broken): pass
"""


def test_results_are_counted(script, tmp_path: Path) -> None:
    run_tests = script("run_tests")
    (tmp_path / "test_some.py").write_text(SUITE)
    report = tmp_path / "out" / "report.xml"
    words = [str(tmp_path), "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", "-c", os.devnull]
    assert run_tests.run_pytest(words, report) == 1
    assert run_tests.read_counts(report) == {"passed": 1, "failed": 2, "skipped": 1}
    assert run_tests.run_pytest([*words, "-k", "nothing"], report) == run_tests.NOTHING_RAN
    assert run_tests.read_counts(report)["passed"] == 0
    assert run_tests.read_counts(tmp_path / "missing.xml")["failed"] == 1, "no report is no success"


@pytest.mark.skipif(bool(setup_check.missing([setup_check.VIRTUAL_SCREEN])), reason="Xvfb is not installed")
def test_the_virtual_screen_answers_and_goes(script) -> None:
    steps = script("steps")
    with steps.virtual_screen("640x480x24") as environment:
        assert environment["DISPLAY"].startswith(":")
        assert setup_check.has_screen(environment)
    assert not setup_check.has_screen(environment)


def test_the_check_of_a_change_is_the_readmes_command() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert lines[-1] == "exec make test </dev/null"
    done = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "run_tests.py" in done.stdout
