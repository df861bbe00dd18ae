"""Getting the drawing kernels ready without keeping the window waiting: numba is imported and compiles in a thread.

With warm caches this takes about a second, with cold ones several. Nothing in here imports numba itself, so a window
that shows a tree can be put on screen first.
"""

import importlib
import threading
from types import ModuleType
from typing import Any

_STEPS = ("engine.tree.fold", "app.render.labels", "app.render.picture")
"""Modules with kernels, those needed first first."""


class Warming:
    """Kernels being made ready. It runs once for a whole process; see `warming`.

    Attributes:
        error: what went wrong, or None.
    """

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self._is_ready = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_ready(self) -> bool:
        """Whether everything can be drawn at once."""
        return self._is_ready.is_set()

    def start(self) -> None:
        """Begin, in a thread of its own; does nothing where that was done before."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="drawing kernels")
            self._thread.start()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Begin if need be, and wait; whether the kernels are ready.

        Raises:
            BaseException: whatever kept them from it.
        """
        self.start()
        assert self._thread is not None
        self._thread.join(timeout_s)
        if self.error is not None:
            raise self.error
        return self.is_ready

    def _run(self) -> None:
        try:
            modules = [importlib.import_module(name) for name in _STEPS]
            _draw_something(*modules[1:])
        except BaseException as error:  # noqa: BLE001 - shown in the window, or raised by `wait`
            self.error = error
        else:
            self._is_ready.set()


warming = Warming()
"""The one of this process."""


def _draw_something(labels: ModuleType, picture: ModuleType) -> None:
    """Run every kernel once, on a tree of one node: that compiles or loads it."""
    from app.render.palette import make_palette
    from engine.domains.base import Line
    from engine.tree.columns import SearchTree

    tree = SearchTree(Line(""), 2, num_nodes=1)
    tree.stats["visits"][0] = 1
    canvas: Any = picture.TreePicture(make_palette(_Grey()))
    canvas.resize(64, 64, 1.0)
    canvas.show(tree, 1)
    canvas.draw()
    grid = labels.LabelGrid()
    grid.start(canvas.ids, canvas.slots, canvas.num_slots)
    grid.place(canvas.ids, 0, canvas.slots[0], [labels.Wording((), 8.0, 8.0)], 1.0)


class _Grey:
    """Colours for a picture that nobody sees."""

    background = bad = even = good = intuition = effort = pruned = attention = "#808080"
