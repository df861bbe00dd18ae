"""The watchers of `tests/leaks.py` and `tests/log_fail.py` bite: run on tests that deserve it, in their own pytest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BAD_TESTS = """
import logging, subprocess, sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

kept, stop = [], threading.Event()

def test_that_leaves_everything_behind(qtbot):
    threading.Thread(target=stop.wait, name="forgotten thread").start()
    kept.extend([QTimer(), QLabel("forgotten label"), subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1)])
    kept[0].start(60_000)
    kept[1].show()

def test_that_cleans_up(qtbot):
    stop.set()
    kept[0].stop()
    label, child = kept[1:]
    qtbot.addWidget(label)
    child.communicate(b"\\n")

def test_that_logs():
    logging.getLogger("some.module").warning("a surprise")

def test_that_expects_a_log(caplog):
    logging.getLogger("some.module").warning("no surprise")
    assert "no surprise" in caplog.text
"""


@pytest.mark.slow
def test_the_watchers_bite(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (tmp_path / "test_bad.py").write_text(BAD_TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "tests.leaks", "-p", "tests.log_fail"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_QT_API": "pyside6"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    report = done.stdout
    assert "4 passed, 2 errors" in report, report + done.stderr
    for sign in ("thread forgotten thread, started at", "QTimer", "QLabel", "process ", "kept[0].start(60_000)"):
        assert sign in report, report
    assert "WARNING some.module: a surprise" in report
    assert "WARNING some.module: no surprise" not in report
