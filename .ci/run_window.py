"""`make run` once the environment is there: the window, or, where there is no screen, a picture of it.

Words given are passed on to `arborist`.
"""

import os
import subprocess
import sys
import time

from steps import ARBORIST, ROOT, has_virtual_screen, install_packages, say, seconds_since, virtual_screen, warm_kernels

from engine import setup_check

PICTURE = ROOT / "out" / "arborist.png"
SEARCH_S = 10
"""How long the sample search runs before its picture is taken."""


def main() -> int:
    """Returns the program's exit code."""
    words = sys.argv[1:]
    if setup_check.has_screen():
        if install_packages(setup_check.window_needs()):
            say("trying without")
        warm_kernels()
        say("opening the window")
        return subprocess.run([ARBORIST, *words], cwd=ROOT, check=False).returncode
    say("there is no screen here: the window is drawn without one, and a picture of it is saved")
    install_packages(setup_check.picture_needs())
    warm_kernels()
    if has_virtual_screen():
        with virtual_screen() as environment:
            return take_picture(words, environment, "on a virtual screen")
    return take_picture(words, {**os.environ, "QT_QPA_PLATFORM": "offscreen"}, "off-screen")


def take_picture(words: list[str], environment: dict[str, str], where: str) -> int:
    """Let the window search for a while, save what it shows, and say where."""
    started = time.monotonic()
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.unlink(missing_ok=True)
    say(f"running the sample search {where} for {SEARCH_S} s")
    command = [ARBORIST, *words, "--shot", str(PICTURE), "--after", str(SEARCH_S)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode == 0 and PICTURE.is_file():
        say(f"the picture of the window is in {PICTURE} ({seconds_since(started)})")
        return 0
    say(f"no picture could be taken (exit code {done.returncode})")
    return done.returncode or 1


if __name__ == "__main__":
    sys.exit(main())
