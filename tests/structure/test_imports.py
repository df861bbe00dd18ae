"""Who may import whom: the contracts of `pyproject.toml`, and that importing a module does nothing but define it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WITHOUT_TORCH = ("app", "engine.domains", "engine.tree", "engine.search")
"""What the window's process may load, or what rules and trees are: none of it brings torch in."""

WITHOUT_QT = ("engine", "app.viewmodels")

IMPORT_EACH = """
import importlib, os, sys, threading

names, forbidden = sys.argv[1].split(","), sys.argv[2].split(",")
before = set(os.listdir())
for name in names:
    for loaded in [m for m in sys.modules if m.split(".")[0] in ("app", "engine")]:
        del sys.modules[loaded]  # each is imported as if it were the first
    importlib.import_module(name)
    found = [m for m in forbidden if m in sys.modules]
    assert not found, f"{name} loads {found}"
    assert threading.active_count() == 1, f"{name} starts a thread"
assert set(os.listdir()) == before, "a file was written"
"""


def modules_of(package: str) -> list[str]:
    """All modules of a package but programs (`__main__`), which run when imported."""
    folder = ROOT.joinpath(*package.split("."))
    paths = sorted(path.relative_to(ROOT) for path in folder.rglob("*.py") if path.name != "__main__.py")
    return [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]


def import_each(packages: tuple[str, ...], forbidden: str, folder: Path) -> None:
    names = [name for package in packages for name in modules_of(package)]
    assert names
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{IMPORT_EACH}"
    command = [sys.executable, "-c", code, ",".join(names), forbidden]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == ""


def test_contracts() -> None:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo', '--no-cache'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_the_window_loads_no_torch(tmp_path: Path) -> None:
    import_each(WITHOUT_TORCH, "torch,onnxruntime", tmp_path)


@pytest.mark.slow
def test_importing_the_engine_loads_no_qt(tmp_path: Path) -> None:
    import_each(WITHOUT_QT, "PySide6,shiboken6,pyqtgraph", tmp_path)


@pytest.mark.parametrize("package", ["app", "engine"])
def test_package_files_hold_a_docstring_and_nothing_else(package: str) -> None:
    import ast

    for path in sorted((ROOT / package).rglob("__init__.py")):
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert len(body) <= 1, path
        assert all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body), path
