"""The whole program as a person uses it: a real window, a real engine process, real mouse and keyboard events."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from engine.domains.registry import notation
from engine.tree.events import PruneReason
from tests.e2e.desk import Desk, missing

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not sys.platform.startswith("linux") or bool(missing()), reason=f"not installed: {missing()}"),
]

CHESS = notation("chess")
START = CHESS.parse_line("startpos")
E2, E4, D7, D5 = 12, 28, 51, 35
BY_HAND = int(PruneReason.BY_HAND)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, "--position", "startpos")
    yield made
    made.close()


def cut_by_hand(state: dict) -> list[int]:  # type: ignore[type-arg]
    return [branch["action"] for branch in state["pruned"] if branch["reason"] == BY_HAND]


def test_a_whole_afternoon(desk: Desk, tmp_path: Path) -> None:
    """Play, follow, cut, restore, save, reopen, kill the engine, restart it."""
    # It searches by itself.
    state = desk.until("a growing tree", lambda s: s["engine"] == "ready" and s["simulations"] > 100 and s["tree_nodes"])
    desk.focus()

    # A move is dragged; board and tree follow.
    desk.drag(state["cells"][E2], state["cells"][E4])
    after_e4 = START.then(CHESS.parse_action(START, "e4"))
    fen = CHESS.position_text(after_e4)
    state = desk.until(
        "the tree after e4", lambda s: s["position"] == fen and s["root"] == list(after_e4.actions) and s["root_visits"] > 50
    )
    assert not state["stale"]

    # A second one is made by two clicks.
    desk.click(state["cells"][D7])
    desk.click(state["cells"][D5])
    after_d5 = after_e4.then(CHESS.parse_action(after_e4, "d5"))
    state = desk.until("the tree after d5", lambda s: s["root"] == list(after_d5.actions) and s["root_visits"] > 50)

    # The best move's branch is selected in the table and cut, then restored, by the inspector's buttons.
    left, top, *_ = state["widgets"]["candidates"]
    desk.click([left + 40, top + 44])
    state = desk.until("a selection", lambda s: s["selected"] > 0)
    desk.push("Cut")
    state = desk.until("a cut branch", lambda s: len(cut_by_hand(s)) == 1)
    action = cut_by_hand(state)[0]
    desk.push("Restore")
    desk.until("the branch restored", lambda s: not cut_by_hand(s))
    # The same with keys: X cuts what is selected, Ctrl+Z takes it back.
    desk.press("x")
    state = desk.until("the branch cut again", lambda s: cut_by_hand(s) == [action])
    desk.press("ctrl+z")
    desk.until("the cut undone", lambda s: not cut_by_hand(s))

    # Saved, through the dialog.
    state = desk.until("the end of the budget, or enough", lambda s: s["simulations"] > 1000)
    if state["run"] == "running":
        desk.press("space")
        state = desk.until("a pause", lambda s: s["run"] == "paused")
    saved = tmp_path / "afternoon.arborist"
    desk.press("ctrl+s")
    desk.focus_dialog("Save recording")
    desk.press("ctrl+a")
    desk.write(str(saved))
    desk.press("Return")
    desk.until("a saved file", lambda _: saved.exists())

    # The engine is killed; the window stays, says so, and keeps what it has.
    desk.focus()
    before = desk.state()
    psutil.Process(before["engine_process"]).kill()
    state = desk.until("a failed engine", lambda s: s["engine"] == "failed" and s["error"])
    assert state["simulations"] == before["simulations"]
    assert state["root"] == before["root"]
    assert state["stale"]

    # The recording opens without an engine.
    desk.press("ctrl+o")
    desk.focus_dialog("Open")
    desk.write(str(saved))
    desk.press("Return")
    state = desk.until("the recording", lambda s: s["replay"] == "afternoon.arborist")
    assert state["engine"] == "failed"
    assert state["root"] == list(after_d5.actions)
    assert state["simulations"] == before["simulations"]

    # The engine is started again by the button beside the error, and the search goes on live.
    desk.push("Restart engine")
    desk.until("a ready engine", lambda s: s["engine"] == "ready")
    desk.focus()
    desk.press("space")
    state = desk.until("a live search again", lambda s: not s["replay"] and not s["stale"] and s["simulations"] > 50)
    assert state["root"] == list(after_d5.actions)
    assert state["engine_process"] != before["engine_process"]

    # And the window closes like any other.
    engine = psutil.Process(state["engine_process"])
    desk.press("ctrl+q")
    assert desk.program.wait(30) == 0
    psutil.wait_procs([engine], timeout=10)
    assert not engine.is_running()
    assert "Traceback" not in desk.log()


def test_a_picture_without_a_screen(tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "app", "--shot", str(picture), "--after", "3", "--size", "1280x800", "--theme", "light"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert picture.read_bytes().startswith(b"\x89PNG")
