"""A window with a tree is on screen before numba is imported."""

import subprocess
import sys

PROBE = """
import sys
from PySide6.QtWidgets import QApplication
app = QApplication([])
from app.widgets.tree_canvas import TreeCanvas
canvas = TreeCanvas()
canvas.resize(600, 400)
canvas.show()
image = canvas.grab().toImage()
assert "numba" not in sys.modules, "numba was imported before the window was shown"
assert len({image.pixel(x, y) for x in range(0, 600, 3) for y in range(150, 260, 2)}) > 5, "nothing is said"
from app.render.warm import warming
assert not warming.is_ready
app.processEvents()
warming.wait(100)
assert warming.is_ready
import gc
assert gc.get_freeze_count() > 50_000, "a full collection looks through all of numba"
assert len(gc.get_objects()) < gc.get_freeze_count()
canvas.close()
"""


def test_the_canvas_is_shown_before_the_kernels_are_there() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False, timeout=150)
    assert done.returncode == 0, done.stderr
