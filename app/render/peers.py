"""`python -m app.render.peers KIND NODES`: what a frame costs when Qt or pyqtgraph draw every node, in one process.

Run as a program, so that one that does not come to an end can be ended: prints one line of JSON. Nodes stand in a
dendrogram of the same synthetic tree that our own frames are measured with, and the whole tree is in the picture. A
frame is what ours is: all places have moved a little, and everything is painted into an image of the same size.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication, QGraphicsScene

from app.render.synthetic import synthetic_search
from engine.bench.records import Result, result
from engine.tree.columns import SearchTree

SIZE = (1600, 1000)
KINDS = {"items": "one QGraphicsItem a node and edge", "graph": "pyqtgraph GraphItem"}
_PATIENCE_S = 90.0
_FRAMES = 5
_LONG_S = 20.0
"""After that long no further frame is taken."""

Places = NDArray[np.float64]


def measure(nodes: Sequence[int], progress: Callable[[str], None] = lambda _: None) -> list[Result]:
    """A row for each kind and size: milliseconds a frame; sizes at which one cannot finish in time are left out.

    The name of the last row of a kind says where it could not.
    """
    results = []
    for kind, name in KINDS.items():
        for count in nodes:
            progress(f"{name}, {count:,} nodes")
            found = _in_a_process(kind, count)
            if isinstance(found, str):
                results.append(result(f"{name}, {count:,} nodes: {found}", "s", [_PATIENCE_S]))
                break
            results.append(result(f"{name}, {count:,} nodes: frame", "ms", found["frames_ms"]))
            results.append(result(f"{name}, {count:,} nodes: built", "s", [found["built_s"]]))
            results.append(result(f"{name}, {count:,} nodes: memory", "MB", [found["memory_mb"]]))
    return results


def _in_a_process(kind: str, nodes: int) -> dict[str, Any] | str:
    """What the program below prints, or in words why there is nothing."""
    command = [sys.executable, "-m", "app.render.peers", kind, str(nodes)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return "not done within"
    if done.returncode != 0:
        return f"failed ({done.stderr.strip()[-80:]}) within"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def places_of(tree: SearchTree) -> Places:
    """Depth and height of every node, float64 [N, 2]: a node's height lies in its part of its parent's, by visits."""
    parent = tree.links["parent"][: tree.num_nodes].tolist()
    visits = tree.stats["visits"][: tree.num_nodes].tolist()
    top, used = [0.0] * len(parent), [0.0] * len(parent)
    height = [1.0] * len(parent)
    for node in range(1, len(parent)):
        up = parent[node]
        height[node] = height[up] * visits[node] / visits[up]
        top[node] = top[up] + used[up]
        used[up] += height[node]
    depth = tree.facts["depth"][: tree.num_nodes].astype(np.float64)
    return np.column_stack((depth / max(depth.max(), 1.0), np.array(top) + 0.5 * np.array(height))) * SIZE


def _frames(draw: Callable[[float], None]) -> list[float]:
    """Milliseconds of successive frames, each with its own shift of all places."""
    times: list[float] = []
    began = time.perf_counter()
    while len(times) < _FRAMES and time.perf_counter() - began < _LONG_S:
        start = time.perf_counter()
        draw(0.5 + len(times))
        times.append(1000.0 * (time.perf_counter() - start))
    return times


def _items(tree: SearchTree, places: Places) -> Callable[[float], None]:
    """A scene with an ellipse for each node and a line for each edge."""
    scene = QGraphicsScene(QRectF(0.0, 0.0, float(SIZE[0]), float(SIZE[1])))
    parent = tree.links["parent"][: tree.num_nodes].tolist()
    pen, ink = QPen(QColor("#7D858F")), QColor("#4FB0E8")
    points = [QPointF(x, y) for x, y in places.tolist()]
    lines = [scene.addLine(QLineF(points[parent[node]], points[node]), pen) for node in range(1, len(points))]
    discs = [scene.addEllipse(point.x() - 2.0, point.y() - 2.0, 4.0, 4.0, pen, ink) for point in points]
    image = QImage(*SIZE, QImage.Format.Format_RGB32)

    def draw(shift: float) -> None:
        for item in (*lines, *discs):
            item.setPos(0.0, shift)
        painter = QPainter(image)
        scene.render(painter, QRectF(image.rect()), QRectF(0.0, 0.0, *map(float, SIZE)))
        painter.end()

    return draw


def _graph(tree: SearchTree, places: Places) -> Callable[[float], None]:
    """One `GraphItem` with all nodes and edges."""
    import pyqtgraph

    nodes = np.arange(1, len(places))
    pairs = np.column_stack((tree.links["parent"][1 : len(places)], nodes))
    item = pyqtgraph.GraphItem()
    widget = pyqtgraph.PlotWidget()
    widget.addItem(item)
    widget.resize(*SIZE)
    widget.setRange(QRectF(0.0, 0.0, *map(float, SIZE)), padding=0)

    def draw(shift: float) -> None:
        item.setData(pos=places + np.array((0.0, shift)), adj=pairs, size=4, pxMode=True)
        widget.grab()

    return draw


def main(words: list[str]) -> int:
    """Run the program; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m app.render.peers", description=__doc__)
    parser.add_argument("kind", choices=tuple(KINDS))
    parser.add_argument("nodes", type=int)
    given = parser.parse_args(words)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication([])
    tree = synthetic_search(given.nodes).tree
    places = places_of(tree)
    process = psutil.Process()
    before, began = process.memory_info().rss, time.perf_counter()
    draw = (_items if given.kind == "items" else _graph)(tree, places)
    built = time.perf_counter() - began
    frames = _frames(draw)
    memory = (process.memory_info().rss - before) / 2**20
    sys.stdout.write(json.dumps({"frames_ms": frames, "built_s": built, "memory_mb": memory}) + "\n")
    sys.stdout.flush()
    del application
    os._exit(0)  # taking a million items apart takes longer than all that was measured


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
