"""The whole program as a person uses it: a real window, a real engine process, real mouse and keyboard events."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
ROOT = Path(__file__).resolve().parent.parent.parent
E2, E4, D7, D5 = 12, 28, 51, 35
BY_HAND = int(PruneReason.BY_HAND)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, "--position", "startpos")
    yield made
    made.close()


def cut_by_hand(state: dict[str, Any]) -> list[int]:
    return [branch["action"] for branch in state["pruned"] if branch["reason"] == BY_HAND]


def play_two_moves(desk: Desk) -> list[int]:
    """One dragged, one by two clicks; board and tree follow. The line's actions."""
    state = desk.until(
        "a growing tree", lambda s: s["engine"] == "ready" and s["simulations"] > 100 and s["tree_nodes"]
    )
    desk.focus()
    desk.drag(state["cells"][E2], state["cells"][E4])
    line = START.then(CHESS.parse_action(START, "e4"))
    fen = CHESS.position_text(line)
    actions = list(line.actions)
    state = desk.until(
        "the tree after e4", lambda s: s["position"] == fen and s["root"] == actions and s["root_visits"] > 50
    )
    assert not state["stale"]
    desk.click(state["cells"][D7])
    desk.click(state["cells"][D5])
    after = [*actions, int(CHESS.parse_action(line, "d5"))]
    desk.until("the tree after d5", lambda s: s["root"] == after and s["root_visits"] > 50)
    return after


def cut_and_restore(desk: Desk) -> None:
    """With the inspector's buttons, then with keys."""
    left, top, *_ = desk.state()["widgets"]["candidates"]
    desk.click([left + 40, top + 44])
    desk.until("a selection", lambda s: s["selected"] > 0)
    desk.push("Cut")
    cut = cut_by_hand(desk.until("a cut branch", lambda s: len(cut_by_hand(s)) == 1))
    desk.push("Restore")
    desk.until("the branch restored", lambda s: not cut_by_hand(s))
    desk.press("x")
    desk.until("the branch cut again", lambda s: cut_by_hand(s) == cut)
    desk.press("ctrl+z")
    desk.until("the cut undone", lambda s: not cut_by_hand(s))


def steer_by_menu_and_keys(desk: Desk) -> None:
    """Lend visits by the menu of a row, set a prior in its popup, search one branch only; each is taken back."""
    left, top, *_ = desk.state()["widgets"]["candidates"]
    row = [left + 40, top + 44]
    desk.click(row)
    state = desk.until("a selection", lambda s: s["selected"] > 0)
    if state["run"] == "running":
        desk.press("space")
        desk.until("a pause", lambda s: s["run"] == "paused")
    before = desk.state()["simulations"]
    desk.press("b")
    desk.until("a hundred lent visits", lambda s: s["simulations"] == before + 100 and s["borrowed"] == 100)
    desk.press("i")
    state = desk.until("the popup", lambda s: "Set prior" in s["popup_buttons"])
    desk.press("ctrl+a")
    desk.write("90")
    desk.press("Return")
    desk.until("the prior set", lambda s: max(s["priors"]) > 0.89 and not s["popup_buttons"])
    desk.focus()
    desk.press("ctrl+z")
    desk.until("the prior it had", lambda s: max(s["priors"]) < 0.89)
    desk.click(row, button=3)
    desk.until("the menu", lambda s: "Search only this" in s["menu"])
    desk.click(desk.state()["menu"]["Search only this"])
    desk.until("all beside it cut", lambda s: len(cut_by_hand(s)) == len(s["priors"]) - 1)
    desk.focus()
    desk.press("ctrl+z")
    state = desk.until("all open again", lambda s: not cut_by_hand(s))
    desk.press("space")
    desk.until("a search that goes on", lambda s: s["simulations"] > state["simulations"] and s["run"] == "running")


def save(desk: Desk, path: Path) -> None:
    """Stand still, then save through the dialog."""
    state = desk.until("something worth saving", lambda s: s["simulations"] > 1000)
    if state["run"] == "running":
        desk.press("space")
        desk.until("a pause", lambda s: s["run"] == "paused")
    desk.press("ctrl+s")
    desk.focus_dialog("Save recording")
    desk.press("ctrl+a")
    desk.write(str(path))
    desk.press("Return")
    desk.until("a saved file", lambda _: path.exists())
    desk.focus()


def kill_the_engine(desk: Desk) -> dict[str, Any]:
    """The window stays, says so, and keeps what it has. What was shown before."""
    before = desk.state()
    psutil.Process(before["engine_process"]).kill()
    state = desk.until("a failed engine", lambda s: s["engine"] == "failed" and s["error"])
    kept = ("simulations", "root", "position", "nodes")
    assert [state[name] for name in kept] == [before[name] for name in kept]
    assert state["stale"]
    return before


def open_without_engine(desk: Desk, path: Path, before: dict[str, Any]) -> None:
    """A recording needs no engine."""
    desk.press("ctrl+o")
    desk.focus_dialog("Open")
    desk.write(str(path))
    desk.press("Return")
    state = desk.until("the recording", lambda s: s["replay"] == path.name)
    assert state["engine"] == "failed"
    assert (state["root"], state["simulations"]) == (before["root"], before["simulations"])


def start_again(desk: Desk, root: list[int], before: dict[str, Any]) -> int:
    """By the button beside the error; the search goes on live. The new engine's process."""
    desk.push("Restart engine")
    desk.until("a ready engine", lambda s: s["engine"] == "ready")
    desk.focus()
    desk.press("space")
    state = desk.until("a live search again", lambda s: not s["replay"] and not s["stale"] and s["simulations"] > 50)
    assert state["root"] == root
    assert state["engine_process"] != before["engine_process"]
    return int(state["engine_process"])


def test_a_whole_afternoon(desk: Desk, tmp_path: Path) -> None:
    root = play_two_moves(desk)
    cut_and_restore(desk)
    steer_by_menu_and_keys(desk)
    save(desk, tmp_path / "afternoon.arborist")
    before = kill_the_engine(desk)
    open_without_engine(desk, tmp_path / "afternoon.arborist", before)
    engine = psutil.Process(start_again(desk, root, before))
    desk.press("ctrl+q")
    assert desk.program.wait(30) == 0
    psutil.wait_procs([engine], timeout=10)
    assert not engine.is_running()
    assert "Traceback" not in desk.log()


def without_a_screen(**more: str) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**environment, "QT_QPA_PLATFORM": "offscreen", **more}


def test_a_picture_without_a_screen(tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    environment = without_a_screen()
    command = [
        sys.executable,
        "-m",
        "app",
        "--shot",
        str(picture),
        "--after",
        "3",
        "--size",
        "1280x800",
        "--theme",
        "light",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_picture_with_a_broken_engine_is_an_exit_code_and_a_sentence(tmp_path: Path) -> None:
    # Python reads this before anything else, in the engine's process as in the window's.
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\nif 'engine.service' in sys.orig_argv:\n    os._exit(9)\n"
    )
    environment = without_a_screen(PYTHONPATH=os.pathsep.join((str(tmp_path), str(ROOT))))
    command = [sys.executable, "-m", "app", "--shot", "window.png", "--after", "6"]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 4
    assert "arborist: The engine did not start" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "window.png").exists()
