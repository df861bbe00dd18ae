"""What is shipped: versions that go together, one version number, and no path of somebody's machine."""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

HOME = re.compile(r"(?<![\w./-])(?:/(?:home|Users|root|work)/[\w.]|[A-Za-z]:\\+Users\\+\w)")
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".yml", ".yaml", ".cfg", ".ini", ".qss", ".sh", ".svg", ".desktop", ""}
LARGEST_BYTES = 2_000_000
SHIPPED = ("app", "engine", "assets", "tests", ".ci")


def test_this_pyside_does_not_abort_under_this_python() -> None:
    """PySide6 6.12 loses a reference to None in every call that returns nothing, and 3.11 counts those references."""
    version = tuple(int(part) for part in metadata.version("PySide6-Essentials").split(".")[:2])
    assert sys.version_info >= (3, 12) or version < (6, 12)


def test_what_is_required_keeps_that_pair_apart() -> None:
    pinned = [need for need in PROJECT["project"]["dependencies"] if need.startswith("PySide6-Essentials")]
    assert any("<6.12" in need and "python_version < '3.12'" in need for need in pinned), pinned


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^##\s+\[?v?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert newest is not None, "CHANGELOG.md has no heading of a version"
    assert newest[1] == PROJECT["project"]["version"]


def test_the_licences_of_all_assets_are_told() -> None:
    """Every folder of assets is named in LICENSES.md."""
    told = (ROOT / "assets" / "LICENSES.md").read_text(encoding="utf-8")
    folders = [path.name for path in (ROOT / "assets").iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert [name for name in folders if name not in told] == []


def shipped_texts() -> list[Path]:
    top = [path for path in ROOT.iterdir() if path.is_file()]
    below = [path for name in SHIPPED for path in (ROOT / name).rglob("*") if path.is_file()]
    return [
        path
        for path in sorted(top + below)
        if path.suffix in TEXT and "__pycache__" not in path.parts and path.stat().st_size < LARGEST_BYTES
    ]


def test_no_file_knows_a_developers_machine() -> None:
    found = []
    for path in shipped_texts():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if HOME.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []


@pytest.mark.parametrize("text", ["/~home/anna/x", '"/~Users/anna"', "C:\\~Users\\anna", "open('/~root/.cache')"])
def test_such_paths_are_recognised(text: str) -> None:
    assert HOME.search(text.replace("~", ""))  # written so that this file is not found itself


@pytest.mark.parametrize("text", ["docs/home/start", "https://a.org/home/x", "tree/root/child", "./work/x"])
def test_other_paths_are_not(text: str) -> None:
    assert not HOME.search(text)
