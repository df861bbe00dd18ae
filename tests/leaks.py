"""A test that leaves threads, timers, widgets or processes behind fails, and is told where they were started.

What is left over is asked for again until a short grace is over: things that were told to stop may need a moment.
Fixtures of a wider scope start before this one looks, so that what they keep running is theirs.
"""

import gc
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from weakref import ref

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

GRACE_S = 2.0

KEPT_BY_QT = ("QTipLabel", "QComboBoxPrivateContainer")
"""Top-level widgets that Qt itself makes once and keeps."""

KEPT_BY_PYTHON = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
"""Words in the command of helper processes that the standard library starts once and keeps."""


class Starts:
    """Where threads and timers were started."""

    def __init__(self) -> None:
        self._started: list[tuple[ref[Any], str]] = []

    def watched(self, start: Callable[..., Any]) -> Callable[..., Any]:
        """A `start` method that also notes who called it."""

        def started(this: Any, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(this, type):
                self._started.append((ref(this), "".join(traceback.format_stack(limit=4)[:-1])))
            return start(this, *args, **kwargs)

        return started

    def place(self, thing: object) -> str:
        """The lines that started `thing`."""
        return next((place for known, place in reversed(self._started) if known() is thing), "  (unknown)\n")

    def alive(self, kind: type) -> list[Any]:
        """Those started of `kind` that still exist, on the Qt side too."""
        things = {
            id(thing): thing for known, _ in self._started if isinstance(thing := known(), kind) and isValid(thing)
        }
        return list(things.values())


def threads() -> list[threading.Thread]:
    """Running Python threads, those of debuggers and test tools aside."""
    return [
        t for t in threading.enumerate() if t is not threading.main_thread() and not hasattr(t, "pydev_do_not_trace")
    ]


def top_level_widgets() -> list[QWidget]:
    """Top-level widgets, once those already marked for deletion are gone."""
    if not isinstance(QApplication.instance(), QApplication):
        return []
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    widgets = QApplication.topLevelWidgets()
    return [w for w in widgets if w.parent() is None and w.metaObject().className() not in KEPT_BY_QT]


def child_processes() -> dict[psutil.Process, str]:
    """Child processes that still run, and their commands."""
    found = {}
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            command = " ".join(child.cmdline())
            if child.status() != psutil.STATUS_ZOMBIE and not any(word in command for word in KEPT_BY_PYTHON):
                found[child] = command
    return found


class Watch:
    """What ran before a test, so that what it left can be told apart."""

    def __init__(self, starts: Starts) -> None:
        self._starts = starts
        self._threads = set(threads())
        self._widgets = {id(widget) for widget in top_level_widgets()}
        self._children = set(child_processes())

    def left_over(self) -> list[str]:
        """One paragraph for each thing that still runs or stands."""
        place = self._starts.place
        timers = [timer for timer in self._starts.alive(QTimer) if timer.isActive()]
        qthreads = [thread for thread in self._starts.alive(QThread) if thread.isRunning()]
        return [
            *(
                f"thread {thread.name}, started at\n{place(thread)}"
                for thread in threads()
                if thread not in self._threads
            ),
            *(f"QThread {thread!r}, started at\n{place(thread)}" for thread in qthreads),
            *(f"QTimer of {timer.parent()!r}, started at\n{place(timer)}" for timer in timers),
            *(f"top-level widget {w!r}" for w in top_level_widgets() if id(w) not in self._widgets),
            *(f"process {c.pid}: {command}" for c, command in child_processes().items() if c not in self._children),
        ]


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail the test if something it started still runs when it and its fixtures are done."""
    starts = Starts()
    watch = Watch(starts)
    with pytest.MonkeyPatch.context() as patch:
        for kind in (threading.Thread, QThread, QTimer):
            patch.setattr(kind, "start", starts.watched(kind.start))
        yield
    end = time.monotonic() + GRACE_S
    while (left := watch.left_over()) and time.monotonic() < end:
        gc.collect()
        time.sleep(0.02)
    if left:
        pytest.fail("left running by this test (see tests/leaks.py):\n" + "\n".join(left), pytrace=False)
