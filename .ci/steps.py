"""What `make run` and `make test` share once the environment is there: system packages, kernels, a virtual screen."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine import setup_check
from engine.setup_check import Need

ROOT = Path(__file__).resolve().parent.parent
ARBORIST = Path(sys.executable).parent / "arborist"
"""The program's command in this environment."""


def say(text: str) -> None:
    """One line about what is being done."""
    print(f"arborist: {text}", flush=True)


def install_packages(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Install what is missing, or say the line where this process may not; returns what is missing after that."""
    lacking = setup_check.missing(needs)
    if not lacking:
        return ()
    say("missing on this system: " + ", ".join(need.name for need in lacking))
    line = setup_check.install_line(lacking)
    if not setup_check.can_install():
        say(f"this installs it:\n\n    {line}\n")
        return lacking
    say(f"installing it: {line}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patience = ["-o", "DPkg::Lock::Timeout=120", "-qq"]
    for words in (["update", *patience], [*line.split()[1:], *patience]):
        done = subprocess.run(
            ["apt-get", *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode:
            say(f"apt-get {words[0]} failed: {done.stderr.strip()[-500:]}")
    lacking = setup_check.missing(lacking)
    if lacking:
        say("still missing: " + ", ".join(need.name for need in lacking))
    return lacking


def warm_kernels() -> None:
    """Compile and cache the kernels, with progress; quick when they are."""
    from engine.warm import Step, cold_steps, engine_steps, warm

    def tell(label: str, done: int, total: int) -> None:
        if label:
            say(f"compiling kernels, {done + 1} of {total}: {label}")

    started = time.monotonic()
    cold = cold_steps((*engine_steps(), Step("tree picture", "app.render.warm:warming.wait")))
    if not cold:
        return
    try:
        warm(cold, tell)
    except OSError as error:
        say(f"the kernels cannot be kept ({error}); every start will compile them")
    say(f"the kernels are ready after {seconds_since(started)}")


@contextlib.contextmanager
def virtual_screen(size: str = "1600x1000x24") -> Iterator[dict[str, str]]:
    """An X server without a screen of glass; gives the variables under which programs draw on it."""
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(
        command, pass_fds=[write_end], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        os.close(write_end)
        try:
            with os.fdopen(read_end) as answer:
                number = answer.readline().strip()  # written once the server takes connections
            if not number:
                raise OSError("the virtual screen did not start")
            yield {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        finally:
            server.terminate()
            _wait(server)


def _wait(process: "subprocess.Popen[bytes]", patience_s: float = 10.0) -> None:
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()


def has_virtual_screen() -> bool:
    """Whether `virtual_screen` can work here."""
    return shutil.which("Xvfb") is not None and not setup_check.missing(setup_check.picture_needs())


def seconds_since(started: float) -> str:
    """Time passed since `started` (`time.monotonic`), for people."""
    return f"{time.monotonic() - started:.0f} s"
