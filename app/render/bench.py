"""`python -m app.render.bench --json`: what drawing costs on this machine, as `arborist bench drawing` reports it.

A frame is everything from the tree's columns to a finished picture: walk, raster, labels, and the copy to the screen's
buffer, drawn in software at 1600x1000 with all places moving. Then the real widget shows a tree that grows by 20,000
nodes a second while a hand zooms in and out; frame times and the delay of events posted from another thread are taken
there.
"""

import argparse
import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.render.camera import FIT, Camera, centred
from app.render.lettering import Lettering
from app.render.palette import make_palette
from app.render.picture import TreePicture
from app.render.synthetic import SyntheticSearch, synthetic_labels, synthetic_search
from app.render.walk import locate, principal_nodes
from app.render.warm import warming
from app.theme import DARK
from engine.bench.records import Result, report, result

SIZE = (1600, 1000)
NODES = (10_000, 100_000, 1_000_000)
ZOOMS = ("full", "zoomed 10x", "zoomed 1000x")
FRAME_MS, GROWING_P99_MS, LATENCY_P99_MS = 16.0, 33.0, 20.0
"""Targets: a still or moving frame at any zoom; frames, and events, while the tree grows."""
GROWTH_PER_S = 20_000
_GROWTH_EVERY_MS = 10
_FRAMES = 40


def measure(nodes: Sequence[int], growing_s: float) -> list[Result]:
    """All figures; needs a `QApplication`."""
    results = []
    for count in nodes:
        search = synthetic_search(count)
        for zoom in ZOOMS:
            frames = frame_times_ms(search, zoom)
            parts = np.array_split(np.array(frames), 4)
            medians = [float(np.median(part)) for part in parts]
            name = f"frame, {count:,} nodes, {zoom}"
            results.append(result(name, "ms", medians, FRAME_MS, lower_is_better=True))
            results.append(result(f"{name}, p99", "ms", [float(np.percentile(frames, 99))]))
    return results + growing(max(nodes) // 2, growing_s)


def frame_times_ms(search: SyntheticSearch, zoom: str) -> list[float]:
    """Times of successive frames of a picture in which everything is on its way."""
    picture, lettering = TreePicture(make_palette(DARK)), Lettering(DARK)
    picture.resize(*SIZE, 1.0)
    picture.show(search.tree, 1)
    picture.draw()
    picture.camera = picture.target = camera_for(picture, search, zoom)
    names, screen, times = synthetic_labels(search.tree), QImage(*SIZE, QImage.Format.Format_RGB32), []
    painter = QPainter(screen)
    for frame in range(_FRAMES + 5):
        began = time.perf_counter()
        picture.refresh()
        picture.draw(ease=0.2)
        lettering.letter(picture, names, -1, frame / 30)
        painter.drawImage(0, 0, QImage(picture.image.data, *SIZE, 4 * SIZE[0], QImage.Format.Format_RGB32))
        times.append(1000.0 * (time.perf_counter() - began))
    painter.end()
    return times[5:]


def camera_for(picture: TreePicture, search: SyntheticSearch, zoom: str) -> Camera:
    """The whole tree, or a place on its main line."""
    if zoom == ZOOMS[0]:
        return FIT
    factor = 10.0 if zoom == ZOOMS[1] else 1000.0
    line = principal_nodes(search.tree)
    line = line[(line >= 0) & (search.tree.links["num_edges"][line] > 1)]
    places = [locate(search.tree, int(node)) for node in line]
    depth, top, bottom = [place for place in places if place[2] - place[1] >= 0.3 / factor][-1]
    pixels = (bottom - top) * factor * picture.frame.inner_height
    return centred(picture.frame, depth, top, bottom, least=pixels, camera=FIT)


class _Ping(QEvent):
    """An event that knows when it was posted."""

    KIND = QEvent.Type(QEvent.registerEventType())

    def __init__(self) -> None:
        super().__init__(self.KIND)
        self.posted = time.perf_counter()


class _Target(QObject):
    """Takes pings and notes how late they are."""

    def __init__(self) -> None:
        super().__init__()
        self.delays_ms: list[float] = []

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, _Ping):
            self.delays_ms.append(1000.0 * (time.perf_counter() - event.posted))
            return True
        return super().event(event)


def growing(start: int, seconds: float) -> list[Result]:
    """Frame times and event delays of the real widget while a tree grows and somebody zooms."""
    warming.wait()
    search = synthetic_search(start, cuts=False)
    search.reserve(round(2 * seconds * GROWTH_PER_S))
    # By name: drawing knows nothing of widgets, only this program puts the two together, as `__main__` would.
    canvas, target = importlib.import_module("app.widgets.tree_canvas").TreeCanvas(), _Target()
    canvas.resize(*SIZE)
    canvas.show_tree(search.tree, synthetic_labels(search.tree), 0)
    canvas.show()
    wait(1.0)
    frames: list[float] = []
    canvas.frame_drawn.connect(lambda spent_s: frames.append(1000.0 * spent_s))
    began, grown = time.perf_counter(), 0

    def grow() -> None:
        nonlocal grown
        due = int((time.perf_counter() - began) * GROWTH_PER_S) - grown
        # A late timer must not be punished with one long piece of work: the backlog is made up in small pieces.
        due = min(due, 2 * GROWTH_PER_S * _GROWTH_EVERY_MS // 1000)
        search.grow(max(1, due))
        grown += due
        canvas.tree_changed()

    def look_around() -> None:
        phase = (time.perf_counter() - began) % 4.0
        canvas.zoom_by(1.06 if phase < 2.0 else 1 / 1.06)

    timers = [_every(_GROWTH_EVERY_MS, grow), _every(40, look_around)]
    stop = threading.Event()
    pinger = threading.Thread(target=_ping, args=(target, stop))
    pinger.start()
    wait(seconds)
    stop.set()
    pinger.join()
    for timer in timers:
        timer.stop()
    rate = grown / (time.perf_counter() - began)
    canvas.close()
    return [
        result("frame while growing, p50", "ms", [float(np.percentile(frames, 50))]),
        result(
            "frame while growing, p99", "ms", [float(np.percentile(frames, 99))], GROWING_P99_MS, lower_is_better=True
        ),
        result(
            "event delay, p99", "ms", [float(np.percentile(target.delays_ms, 99))], LATENCY_P99_MS, lower_is_better=True
        ),
        result("event delay, p50", "ms", [float(np.percentile(target.delays_ms, 50))]),
        result("frames a second", "1/s", [len(frames) / seconds]),
        result("growth", "nodes/s", [rate]),
        result("nodes at the end", "nodes", [float(search.tree.num_nodes)]),
    ]


def wait(seconds: float) -> None:
    """Let the application run."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def _every(milliseconds: int, work: Callable[[], None]) -> QTimer:
    timer = QTimer(interval=milliseconds)
    timer.timeout.connect(work)
    timer.start()
    return timer


def _ping(target: _Target, stop: threading.Event) -> None:
    """Post an event every few milliseconds, never in step with frames."""
    while not stop.wait(0.0073):
        QCoreApplication.postEvent(target, _Ping())


def main(words: list[str]) -> int:
    """Run the program; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.render.bench", description="What drawing costs here.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--nodes", type=int, nargs="+", default=NODES, help="sizes of trees")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long the growing tree is watched")
    given = parser.parse_args(words)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    measured = report("drawing", measure(given.nodes, given.seconds))
    if given.json:
        sys.stdout.write(json.dumps(measured) + "\n")
    else:
        for one in measured["results"]:
            verdict = "met" if one["met"] else "missed"
            target = "" if one["target"] is None else f"  (target {one['target']:g}, {verdict})"
            sys.stdout.write(f"{one['name']:44} {one['median']:10.1f} {one['unit']}{target}\n")
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
