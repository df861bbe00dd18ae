"""Getting the drawing kernels ready without keeping the window waiting: numba is imported and compiles in a thread.

With warm caches this takes about a second, with cold ones several. Nothing in here imports numba itself, so a window
that shows a tree can be put on screen first.
"""

import gc
import importlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from types import ModuleType
from typing import Any

_STEPS = ("engine.tree.fold", "app.render.labels", "app.render.picture")
"""Modules with kernels, those needed first first."""


class Warming:
    """Kernels being made ready. It runs once for a whole process; see `warming`."""

    def __init__(self) -> None:
        self._work: Future[None] | None = None
        self._can_draw = Event()

    @property
    def is_ready(self) -> bool:
        """Whether the link diagram, with which everything begins, can be drawn at once."""
        return self._can_draw.is_set()

    @property
    def is_whole(self) -> bool:
        """Whether every view can be drawn at once."""
        return self._work is not None and self._work.done() and self._work.exception() is None

    @property
    def error(self) -> BaseException | None:
        """What kept the kernels from getting ready, or None."""
        return self._work.exception() if self._work is not None and self._work.done() else None

    def start(self) -> None:
        """Begin, in a thread that ends with the work; does nothing where that was done before."""
        if self._work is None:
            pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing kernels")
            self._work = pool.submit(_prepare, self._can_draw.set)
            pool.shutdown(wait=False)

    def wait(self, timeout_s: float | None = None) -> None:
        """Begin if need be, and wait until all kernels are ready.

        Raises:
            TimeoutError: they are not ready in time.
            Exception: whatever kept them from it.
        """
        self.start()
        assert self._work is not None
        self._work.result(timeout_s)


warming = Warming()
"""The one of this process."""


def _prepare(can_draw: Callable[[], None]) -> None:
    _, labels, picture = (importlib.import_module(name) for name in _STEPS)
    _draw_something(labels, picture, can_draw)
    # Numba and what it compiled stay for good, a hundred thousand objects: looking through them for garbage again and
    # again would now and then hold up a frame by 50 ms.
    gc.freeze()


def _draw_something(labels: ModuleType, picture: ModuleType, can_draw: Callable[[], None]) -> None:
    """Run every kernel once, on a tree of two nodes: that compiles or loads it."""
    import numpy as np

    from app.render.palette import make_palette
    from app.render.views import View
    from engine.domains.base import Line
    from engine.tree.columns import SearchTree

    tree = SearchTree(Line(""), 2, num_nodes=2)
    tree.stats["visits"][:2] = 1
    canvas: Any = picture.TreePicture(make_palette(_Grey()))
    canvas.resize(64, 64, 1.0)
    canvas.show(tree, 1)
    canvas.draw()
    grid = labels.LabelGrid()
    grid.start(canvas.ids, canvas.slots, canvas.num_slots)
    grid.place(canvas.ids, 0, canvas.slots[0], [labels.Wording((), 8.0, 8.0)])
    can_draw()
    canvas.set_marks(np.ones(2, np.uint8))
    for view in View:
        canvas.set_view(view)
        canvas.draw()


class _Grey:
    """Colours for a picture that nobody sees."""

    background = bad = even = good = intuition = effort = pruned = attention = "#808080"
