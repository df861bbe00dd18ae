"""A desk to try the real program at: a virtual screen, a mouse and a keyboard. Needs Xvfb and xdotool.

Nothing here reaches into the program; what it shows is read from the file that `--state-file` writes.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

NEEDED = ("Xvfb", "xdotool")
PATIENCE_S = 180.0
"""Kernels may have to be compiled first, on a busy machine."""


def missing() -> list[str]:
    """Programs this needs that are not there."""
    return [name for name in NEEDED if shutil.which(name) is None]


class Desk:
    """One virtual screen with one window of the program on it.

    Args:
        folder: for what it writes. words: for the command line. size: of the window, in its own pixels.
        scale: pixels of the screen for one of the window. settings: remembered from another day.
    """

    def __init__(
        self,
        folder: Path,
        *words: str,
        size: tuple[int, int] = (1280, 800),
        scale: float = 1.0,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self.folder = folder
        config = folder / "config"
        config.mkdir(parents=True)
        (config / "window.json").write_text(json.dumps(settings or {}))
        self._state_file = folder / "state.json"
        reading, writing = os.pipe()
        screen = f"{round(scale * size[0])}x{round(scale * size[1])}x24"
        self._xvfb = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", screen, "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            self.display = f":{pipe.readline().strip()}"
        self._environment = {**os.environ, "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        self._environment |= {"ARBORIST_CONFIG": str(config), "QT_SCALE_FACTOR": str(scale)}
        self._log = (folder / "program.log").open("w+")
        geometry = f"{size[0]}x{size[1]}"
        command = [sys.executable, "-m", "app", *words, "--size", geometry, "--state-file", str(self._state_file)]
        self.program = subprocess.Popen(command, env=self._environment, stderr=self._log)

    def close(self) -> None:
        """End the program and the screen, whatever state they are in."""
        for process in (self.program, self._xvfb):
            if process.poll() is None:
                children = psutil.Process(process.pid).children(recursive=True)
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                for child in children:
                    if child.is_running():
                        child.kill()
        self._log.close()

    def log(self) -> str:
        """What the program has written to its terminal."""
        return (self.folder / "program.log").read_text()

    def state(self) -> dict[str, Any]:
        """What is on screen now."""
        assert self.program.poll() is None, f"the program ended with {self.program.returncode}:\n{self.log()}"
        state: dict[str, Any] = json.loads(self._state_file.read_text()) if self._state_file.exists() else {}
        return state

    def until(
        self, what: str, holds: Callable[[dict[str, Any]], Any], patience_s: float = PATIENCE_S
    ) -> dict[str, Any]:
        """Wait until the state is so; then that state."""
        deadline = time.monotonic() + patience_s
        state: dict[str, Any] = {}
        while time.monotonic() < deadline:
            state = self.state()
            if state and holds(state):
                return state
            time.sleep(0.1)
        shown = {key: value for key, value in state.items() if key not in ("cells", "buttons", "tree_nodes", "widgets")}
        raise AssertionError(f"it never came to {what}: {shown}\n{self.log()}")

    def xdotool(self, *words: str) -> str:
        """Let mouse or keyboard do something."""
        done = subprocess.run(
            ["xdotool", *words], env=self._environment, check=True, capture_output=True, text=True, timeout=30
        )
        return done.stdout

    def focus(self) -> None:
        """There is no window manager that would give the window the keyboard."""
        windows = self.xdotool("search", "--onlyvisible", "--pid", str(self.program.pid), "--name", "Arborist").split()
        self.xdotool("windowfocus", "--sync", windows[-1])

    def focus_dialog(self, name: str) -> None:
        """Wait for a dialog and give it the keyboard."""
        found = self.xdotool("search", "--sync", "--onlyvisible", "--name", name).split()
        self.xdotool("windowfocus", "--sync", found[-1])

    def press(self, *keys: str) -> None:
        """Press keys, e.g. "ctrl+s"."""
        self.xdotool("key", "--delay", "60", *keys)

    def write(self, text: str) -> None:
        """Type `text`."""
        self.xdotool("type", "--delay", "15", text)

    def click(self, point: list[int], button: int = 1, times: int = 1) -> None:
        """Click at a point of the screen, or in the middle of a rectangle."""
        x, y = (point[0] + point[2] // 2, point[1] + point[3] // 2) if len(point) == 4 else point
        self.xdotool("mousemove", "--sync", str(x), str(y))
        self.xdotool("click", "--repeat", str(times), "--delay", "60", str(button))

    def push(self, button: str) -> None:
        """Click a button by its words, once it is there and stays where it is."""
        state = self.until(f"the button {button!r}", lambda s: button in s["buttons"])
        place = state["buttons"][button]
        self.until(f"a resting {button!r}", lambda s: s["count"] > state["count"] and s["buttons"].get(button) == place)
        self.click(place)

    def drag(self, start: list[int], end: list[int]) -> None:
        """Press at one point, move in steps, let go at another."""
        self.xdotool("mousemove", "--sync", str(start[0]), str(start[1]), "mousedown", "1")
        for part in (0.3, 0.7, 1.0):
            x, y = (round(a + part * (b - a)) for a, b in zip(start, end, strict=True))
            self.xdotool("mousemove", "--sync", str(x), str(y))
        self.xdotool("mouseup", "1")

    def picture(self, path: Path) -> None:
        """A picture of the screen, for people."""
        self.xdotool("mousemove", "1", "1")
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", str(path)], env=self._environment, check=True, timeout=30)
