"""What every test runs under: its own folders, a fixed font, no screen, and two watchful eyes.

A test fails if it leaves something running (`tests/leaks.py`) or if a warning is logged that it did not ask to see
(`tests/log_fail.py`). Property tests run the same examples every time; `HYPOTHESIS_PROFILE=thorough`, or any CI, runs
more of them.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.leaks", "tests.log_fail"]

ROOT = Path(__file__).resolve().parent.parent

COMMON = settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", COMMON, max_examples=25)
settings.register_profile("thorough", COMMON, max_examples=250)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("thorough" if os.environ.get("CI") else "quick"))


def pytest_configure() -> None:
    """No test in this process opens a window on a real screen; those that need one start a program of their own."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


@pytest.fixture(scope="session", autouse=True)
def folders_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The user's data and settings are neither read nor written, by the tests or by programs they start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARBORIST_DATA", str(tmp_path_factory.mktemp("data")))
        patch.setenv("ARBORIST_CONFIG", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session")
def qapp(qapp):  # type: ignore[no-untyped-def]
    """The application, drawing in the font that ships with it, so that pictures are the same on every machine."""
    from PySide6.QtGui import QFont, QFontDatabase

    for path in sorted((ROOT / "assets" / "fonts").glob("*.ttf")):
        assert QFontDatabase.addApplicationFont(str(path)) >= 0, path
    qapp.setFont(QFont("DejaVu Sans", 10))
    return qapp
