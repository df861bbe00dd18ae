"""View-models and controller need no Qt, and the window's process no torch."""

import subprocess
import sys

import pytest

PLAIN = "import sys, app.controller, app.presenter, app.settings, app.commands, app.warm_up; "
WINDOW = "import sys, app.__main__, app.controller, app.engine_client; "


@pytest.mark.parametrize(
    ("imports", "unwanted"),
    [
        (PLAIN, ("PySide6", "pyqtgraph", "torch", "onnxruntime")),
        (WINDOW, ("torch", "onnxruntime", "engine.search.search")),
    ],
)
def test_what_is_not_imported(imports: str, unwanted: tuple[str, ...]) -> None:
    code = f"{imports} print([name for name in {unwanted!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "[]"
