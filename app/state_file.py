"""What is on screen as a small JSON file, twice a second (`--state-file`): for scripts, tests and screen readers.

Rectangles and points are in pixels of the screen, however large the display's scale is.
"""

import os
import time
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDockWidget,
    QLineEdit,
    QMenu,
    QWidget,
)

from app.presenter import engine_word
from app.shell import Shell
from app.widgets.docks import is_in_front
from engine.tree.columns import ROOT

INTERVAL_MS = 500
_WATCH_MS = 10
_NODES_TOLD = 64


class StateFile(QObject):
    """Writes the file until it is deleted with its shell.

    Args:
        visible_at: when the window was first on screen, in seconds since the epoch.
    """

    def __init__(self, shell: Shell, path: Path, visible_at: float) -> None:
        super().__init__(shell)
        self._shell = shell
        self._path = path
        self._count = 0
        self._moments: dict[str, float | None] = {"visible_at": visible_at, "first_tree_at": None}
        self._watch = QTimer(self, interval=_WATCH_MS)
        self._watch.timeout.connect(self._look_for_tree)
        self._watch.start()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.write)
        self._timer.start()

    def write(self) -> None:
        """Replace the file by what is on screen now."""
        unfinished = self._path.with_name(f".{self._path.name}.part")
        self._count += 1
        state = {"count": self._count, **self._moments, **told(self._shell)}
        unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
        os.replace(unfinished, self._path)

    def _look_for_tree(self) -> None:
        """Note the moment at which more than the root of a tree is drawn."""
        shown = self._shell.controller.session.shown
        if shown is not None and shown.tree.num_nodes > 1 and self._shell.explore.tree.place_of(ROOT) is not None:
            self._moments["first_tree_at"] = time.time()
            self._watch.stop()


def told(shell: Shell) -> dict[str, Any]:
    """Everything the file says."""
    controller, explore = shell.controller, shell.explore
    session, state = controller.session, controller.state
    shown = session.shown
    root_visits = int(shown.tree.stats["visits"][ROOT]) if shown and shown.tree.num_nodes else 0
    board = explore.board.board_geometry()
    return {
        "position": controller.games.position_text(),
        "moves": len(state.game.line.actions),
        "cursor": state.game.cursor,
        "engine": shell.client.state.value,
        "engine_process": shell.client.process_id,
        "run": engine_word(state, session),
        "replay": state.recording,
        "stale": session.stale,
        "simulations": shown.tree.simulations if shown else 0,
        **_looked_at(shell),
        "hit": explore.hit.accessibleName() if explore.hit.isVisible() else "",
        "taken_apart": controller.anatomy.record.simulation if controller.anatomy.record else None,
        "nodes": shown.tree.num_nodes if shown else 0,
        "root": list(shown.line.actions) if shown else [],
        "root_visits": root_visits,
        "selected": state.selected,
        "error": explore.error.accessibleName() if explore.error.isVisible() else "",
        "pruned": _pruned(shell),
        "priors": _priors(shell),
        "borrowed": int(shown.tree.stats["borrowed"][: shown.tree.num_nodes].sum()) if shown else 0,
        "question": _question(shell),
        "compared": _compared(shell),
        "notes": [entry.text for entry in controller.notes.notebook.entries],
        "armed": sum(watched.is_on for watched in controller.watching.watched),
        "theme": shell.settings.theme,
        "workspace": shell.window.workspace,
        "arena": shell.workspaces.arena.told() if shell.workspaces.arena is not None else None,
        "train": shell.workspaces.train.told() if shell.workspaces.train is not None else None,
        "said": explore.remark.text() if explore.remark.isVisible() else "",
        "writing": explore.keeping.line.accessibleName(),
        "panels": _panels(shell),
        "menu": _menu(),
        "popup_buttons": _popup_buttons(),
        "window": _place(shell.window, shell.window.rect()),
        "widgets": {name: _place(widget, widget.rect()) for name, widget in _widgets(shell).items()},
        "buttons": {
            button.accessibleName() or button.text(): _place(button, button.rect())
            for button in shell.window.findChildren(QAbstractButton)
            if button.isVisible() and (button.accessibleName() or button.text())
        },
        "choosers": {
            chooser.accessibleName(): _place(chooser, chooser.rect())
            for chooser in shell.window.findChildren(QComboBox)
            if chooser.isVisible()
        },
        "numbers": {
            field.accessibleName(): _place(field, field.rect())
            for field in shell.window.findChildren(QAbstractSpinBox)
            if field.isVisible() and field.accessibleName()
        },
        "texts": {
            field.accessibleName(): _place(field, field.rect())
            for field in shell.window.findChildren(QLineEdit)
            if field.isVisible() and field.accessibleName()
        },
        "cells": [_point(explore.board, board.centre(cell).toPoint()) for cell in range(board.rows * board.columns)],
        "tree_nodes": {
            str(node): _point(explore.tree, place.toPoint())
            for node in range(min(shown.tree.num_nodes if shown else 0, _NODES_TOLD))
            if (place := explore.tree.place_of(node)) is not None
        },
    }


def _looked_at(shell: Shell) -> dict[str, Any]:
    """The moment of the search, `moment` None = the present, and how it is looked at."""
    moment = shell.controller.travel.moment
    tree = moment.tree if moment is not None and moment.tree.num_nodes else None
    chosen = shell.controller.state.selected
    return {
        "moment": shell.controller.travel.at,
        "moment_visits": int(tree.stats["visits"][ROOT]) if tree is not None else 0,
        "selected_visits": int(tree.stats["visits"][chosen]) if tree is not None and chosen >= 0 else 0,
        "moment_nodes": tree.num_nodes if tree is not None else 0,
        "moment_shown": shell.explore.timeline.strip.accessibleDescription(),
        "view": shell.explore.keeping.view,
    }


def _question(shell: Shell) -> dict[str, Any]:
    """What is asked of the tree, and what was found; `listed`: rows of the list."""
    record, table = shell.controller.questions.record, shell.explore.asking.results.table
    return {
        "text": record.text,
        "lens": record.lens,
        "count": record.count,
        "error": record.error,
        "listed": table.model().rowCount(),
    }


def _compared(shell: Shell) -> dict[str, Any] | None:
    """The two trees beside each other, None while there is one; `canvases`: pictures that can be seen."""
    record, trees = shell.comparing.record, shell.explore.compare.trees
    if not shell.comparing.is_open:
        return None
    return {
        "names": [record.a.name, record.b.name] if record is not None else [],
        "waiting": record.waiting if record is not None else "",
        "agreement": record.agreement if record is not None else "",
        "differences": len(record.by_visits) if record is not None else 0,
        "canvases": [_place(canvas, canvas.rect()) for canvas in trees.canvases if canvas.isVisible()],
    }


def _panels(shell: Shell) -> list[str]:
    """Names of the panels that can be seen."""
    return [dock.objectName() for dock in shell.window.findChildren(QDockWidget) if is_in_front(dock)]


def _pruned(shell: Shell) -> list[dict[str, Any]]:
    """The branches of the root that are cut."""
    shown = shell.controller.session.shown
    if shown is None or not shown.tree.num_nodes:
        return []
    run = shown.tree.edge_run(ROOT)
    return [
        {"action": int(shown.tree.edge_action[edge]), "reason": int(shown.tree.edge_pruned[edge])}
        for edge in range(run.start, run.stop)
        if shown.tree.edge_pruned[edge]
    ]


def _priors(shell: Shell) -> list[float]:
    """Intuition's shares of the root's actions."""
    shown = shell.controller.session.shown
    if shown is None or not shown.tree.num_nodes:
        return []
    return [float(prior) for prior in shown.tree.priors[shown.tree.edge_run(ROOT)]]


def _menu() -> dict[str, list[int]]:
    """The entries of the menu that is open."""
    menu = QApplication.activePopupWidget()
    if not isinstance(menu, QMenu):
        return {}
    return {entry.text(): _place(menu, menu.actionGeometry(entry)) for entry in menu.actions() if entry.text()}


def _popup_buttons() -> dict[str, list[int]]:
    """The buttons of the popup that is open."""
    popup = QApplication.activePopupWidget()
    buttons = popup.findChildren(QAbstractButton) if popup is not None else []
    return {button.text(): _place(button, button.rect()) for button in buttons if button.isVisible() and button.text()}


def _widgets(shell: Shell) -> dict[str, QWidget]:
    explore = shell.explore
    names = ("board", "value", "candidates", "moves", "tree", "inspector", "controls", "status", "error", "trails")
    widgets: dict[str, QWidget] = {name: getattr(explore, name) for name in names}
    widgets |= {
        "strip": explore.timeline.strip,
        "results": explore.asking.results.table,
        "notes": explore.keeping.notes,
    }
    return {name: widget for name, widget in widgets.items() if widget.isVisible()}


def _place(widget: QWidget, rect: QRect | QRectF) -> list[int]:
    """Left, top, width and height on the screen."""
    corner, scale = widget.mapToGlobal(rect.topLeft()), widget.devicePixelRatioF()
    return [round(scale * side) for side in (corner.x(), corner.y(), rect.width(), rect.height())]


def _point(widget: QWidget, point: QPoint) -> list[int]:
    there, scale = widget.mapToGlobal(point), widget.devicePixelRatioF()
    return [round(scale * there.x()), round(scale * there.y())]
