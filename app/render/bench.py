"""`python -m app.render.bench --json`: what drawing costs on this machine, as `arborist bench drawing` reports it.

A frame is everything from the tree's columns to a finished picture: walk, raster, labels, and the copy to the screen's
buffer, drawn in software at 1600x1000 with all places moving. With `--live` the real widget shows a tree that grows by
20,000 nodes a second while a hand keeps moving the picture: frame times, the delay of events posted from another
thread, and memory are taken there, for every view at three zooms.
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
import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from app.render.camera import FIT, Camera, centred
from app.render.lettering import Lettering
from app.render.palette import make_palette
from app.render.picture import TreePicture
from app.render.synthetic import SyntheticSearch, synthetic_labels, synthetic_search
from app.render.views import View
from app.render.walk import principal_nodes
from app.render.warm import warming
from app.theme import DARK
from engine.bench.records import Result, report, result

SIZE = (1600, 1000)
NODES = (10_000, 100_000, 1_000_000)
ZOOMS = ("fit", "mid", "deep")
"""The whole tree, and ten and a thousand times nearer on its main line."""
FRAME_MS, GROWING_P99_MS, LATENCY_P99_MS = 16.0, 33.0, 20.0
"""Targets: a still or moving frame at any zoom; frames, and events, while the tree grows."""
GROWTH_PER_S = 20_000
_GROWTH_EVERY_MS, _HAND_EVERY_MS = 10, 40
_FRAMES = 40
_LARGE = 200_000
"""Making a tree of this many nodes anew for every view takes longer than measuring it."""


def measure(nodes: Sequence[int], live_s: float) -> list[Result]:
    """All figures; needs a `QApplication`. `live_s`: how long each view is watched at each zoom, 0 = not at all."""
    results = []
    for count in nodes:
        search = synthetic_search(count, cuts=False)
        for view in View:
            for zoom in ZOOMS:
                frames = frame_times_ms(search, view, zoom)
                parts = np.array_split(np.array(frames), 4)
                name = f"{view.value}, {count:,} nodes, {zoom}"
                medians = [float(np.median(part)) for part in parts]
                results.append(result(f"{name}: frame", "ms", medians, FRAME_MS, lower_is_better=True))
                results.append(result(f"{name}: frame, p99", "ms", [float(np.percentile(frames, 99))]))
        if live_s > 0.0:
            for view in View:
                if count < _LARGE:
                    search = synthetic_search(count, cuts=False)
                results += growing(search, view, live_s, f"{view.value}, from {count:,} nodes")
    return results


def frame_times_ms(search: SyntheticSearch, view: View, zoom: str) -> list[float]:
    """Times of successive frames of a picture in which everything is on its way."""
    picture, lettering = TreePicture(make_palette(DARK)), Lettering(DARK)
    picture.resize(*SIZE, 1.0)
    picture.show(search.tree, 1)
    picture.set_view(view)
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
    """The whole tree, or a place on its main line; see `ZOOMS`."""
    if zoom == ZOOMS[0]:
        return FIT
    factor = 10.0 if zoom == ZOOMS[1] else 1000.0
    line = principal_nodes(search.tree)
    line = line[(line >= 0) & (search.tree.links["num_edges"][line] > 1)]
    places = [picture.place_of(int(node)) for node in line]
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


def growing(search: SyntheticSearch, view: View, seconds: float, name: str) -> list[Result]:
    """Figures of the real widget in one view while its tree grows, for `seconds` at each zoom."""
    warming.wait()
    # By name: drawing knows nothing of widgets, only this program puts the two together, as `__main__` would.
    canvas, target = importlib.import_module("app.widgets.tree_canvas").TreeCanvas(), _Target()
    canvas.resize(*SIZE)
    canvas.show_tree(search.tree, synthetic_labels(search.tree), 0)
    canvas.set_view(view)
    canvas.show()
    wait(0.5)
    frames: list[float] = []
    canvas.frame_drawn.connect(lambda spent_s: frames.append(1000.0 * spent_s))
    process = psutil.Process()
    memory, before, began = process.memory_info().rss, search.tree.num_nodes, time.perf_counter()
    stop = threading.Event()
    pinger = threading.Thread(target=_ping, args=(target, stop))
    results: list[Result] = []

    def grow() -> None:
        due = int((time.perf_counter() - began) * GROWTH_PER_S) - (search.tree.num_nodes - before)
        # A late timer must not be punished with one long piece of work: the backlog is made up in small pieces.
        search.grow(max(1, min(due, 2 * GROWTH_PER_S * _GROWTH_EVERY_MS // 1000)))
        canvas.tree_changed()

    def look_around() -> None:
        canvas.zoom_by(1.03 if (time.perf_counter() - began) % 1.0 < 0.5 else 1 / 1.03)

    timers = [_every(_GROWTH_EVERY_MS, grow), _every(_HAND_EVERY_MS, look_around)]
    pinger.start()
    for zoom in ZOOMS:
        canvas.show_camera(camera_for(canvas.picture, search, zoom))
        wait(0.3)
        frames.clear()
        target.delays_ms.clear()
        wait(seconds)
        results += _live_results(f"{name}, {zoom}", frames, target.delays_ms, seconds)
    stop.set()
    pinger.join()
    for timer in timers:
        timer.stop()
    took_s = time.perf_counter() - began
    canvas.close()
    more = search.tree.num_nodes - before
    results.append(result(f"{name}: growth", "nodes/s", [more / took_s], 0.95 * GROWTH_PER_S))
    added = (process.memory_info().rss - memory) / 2**20
    results.append(result(f"{name}: memory for {more:,} more nodes", "MiB", [added]))
    return results


def _live_results(name: str, frames: list[float], delays: list[float], seconds: float) -> list[Result]:
    """Frames and delays of one view at one zoom."""
    late = float(np.percentile(frames, 99))
    delayed = float(np.percentile(delays, 99))
    return [
        result(f"{name}: frame", "ms", [float(np.median(frames))], FRAME_MS, lower_is_better=True),
        result(f"{name}: frame, p99", "ms", [late], GROWING_P99_MS, lower_is_better=True),
        result(f"{name}: event delay", "ms", [float(np.median(delays))]),
        result(f"{name}: event delay, p99", "ms", [delayed], LATENCY_P99_MS, lower_is_better=True),
        result(f"{name}: frames a second", "1/s", [len(frames) / seconds]),
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
    parser.add_argument("--live", action="store_true", help="also watch trees grow, in a real widget")
    parser.add_argument("--peers", action="store_true", help="also draw every node with Qt's items and pyqtgraph")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long each view is watched at each zoom")
    given = parser.parse_args(words)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    results = measure(given.nodes, given.seconds if given.live else 0.0)
    if given.peers:
        results += importlib.import_module("app.render.peers").measure(given.nodes)
    measured = report("drawing", results)
    if given.json:
        sys.stdout.write(json.dumps(measured) + "\n")
    else:
        for one in measured["results"]:
            verdict = "met" if one["met"] else "missed"
            target = "" if one["target"] is None else f"  (target {one['target']:g}, {verdict})"
            sys.stdout.write(f"{one['name']:58} {one['median']:10.1f} {one['unit']}{target}\n")
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
