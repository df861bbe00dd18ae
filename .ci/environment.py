"""Make the environment `.venv` and install Arborist into it; quick when nothing changed.

Runs on whatever Python 3 is there with the standard library alone, so that a fresh machine needs nothing else; if that
Python is too old, a newer one is looked for on the path. The word `dev` adds what tests and checks use.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn, TextIO

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")

LARGE = re.compile(r"\s*(?:Downloading|Using cached) (\S+) (\([\d.]+ [MG]B\))$")
"""pip's line about a package of a megabyte or more."""


def say(text: str) -> None:
    """One line about what is being done."""
    print(f"arborist: {text}", flush=True)


def fail(text: str) -> NoReturn:
    """Say what is wrong and end."""
    say(text)
    sys.exit(1)


def usable(python: str | Path) -> bool:
    """Whether `python` is a Python that is new enough."""
    try:
        return subprocess.call([str(python), "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})"]) == 0
    except OSError:
        return False


def find_python() -> str:
    """The Python to build the environment with: the one asked for, this one, or the newest on the path."""
    oldest = ".".join(map(str, OLDEST))
    asked = os.environ.get("PYTHON")
    if asked and not usable(asked):
        fail(f"{asked} is not a Python of version {oldest} or newer")
    if asked or sys.version_info >= OLDEST:
        return asked or sys.executable
    for name in NEWER_NAMES:
        if shutil.which(name) and usable(name):
            return name
    this = ".".join(map(str, sys.version_info[:2]))
    fail(f"Python {oldest} or newer is needed and {sys.executable} is {this}; name another: make run PYTHON=...")


def make_venv(python: str) -> None:
    """A fresh environment, in place of one that is broken or too old."""
    shutil.rmtree(VENV, ignore_errors=True)
    say("making the environment .venv")
    made = _venv(python)
    if made.returncode and "ensurepip" in made.stdout:
        # Debian and Ubuntu keep this part of Python in a package of its own.
        code = "import sys; print('python%d.%d-venv' % sys.version_info[:2])"
        package = subprocess.check_output([python, "-c", code], text=True).strip()
        if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
            line = f"sudo apt-get install {package}"
            fail(f"this Python cannot make environments; this installs what it lacks:\n\n    {line}\n")
        say(f"installing {package}, which this Python lacks")
        for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
            subprocess.run(
                ["apt-get", "-qq", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
            )
        shutil.rmtree(VENV, ignore_errors=True)
        made = _venv(python)
    if made.returncode:
        fail(f"the environment could not be made:\n{made.stdout}")


def _venv(python: str) -> subprocess.CompletedProcess[str]:
    command = [python, "-m", "venv", str(VENV)]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def stamp(extra: str) -> str:
    """What an installation depends on: what is asked for, which Python it is for, and where it stands."""
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes())
    digest.update(subprocess.check_output([str(VENV_PYTHON), "-VV"]))
    digest.update(f"{ROOT} {extra}".encode())
    return digest.hexdigest()


def is_installed(extra: str) -> bool:
    """Whether the last installation was of what would be installed now."""
    note = VENV / f"installed-{extra}"
    return usable(VENV_PYTHON) and note.is_file() and note.read_text() == stamp(extra)


def install(extra: str) -> None:
    """Install the program, editable so that the source is what runs, and what it needs."""
    say("installing what is needed into .venv (minutes the first time; details in .venv/install.log)")
    words = ["--disable-pip-version-check", "--progress-bar", "off", "--editable", ".[dev]" if extra == "dev" else "."]
    with (VENV / "install.log").open("w+") as log:
        if pip_install(words, log) != 0:
            log.seek(0)
            say("installing failed:\n" + "".join(log.readlines()[-25:]))
            fail("installing failed; see above, and .venv/install.log")
    for done in {extra, "run"}:
        (VENV / f"installed-{done}").write_text(stamp(done))


def pip_install(words: list[str], log: TextIO) -> int:
    """Run pip, everything it says into `log`, with a line here for what takes long; returns its exit code."""
    started = time.monotonic()
    process = subprocess.Popen(
        [str(VENV_PYTHON), "-m", "pip", "install", *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for line in process.stdout or ():
        log.write(line)
        large = LARGE.match(line)
        if large:
            say(f"{time.monotonic() - started:6.0f} s  {Path(large[1]).name} {large[2]}")
        elif line.startswith("Installing collected packages"):
            say(f"{time.monotonic() - started:6.0f} s  unpacking {line.count(',') + 1} packages")
    return process.wait()


def main() -> None:
    """Do what has not been done."""
    extra = "dev" if "dev" in sys.argv[1:] else "run"
    if is_installed(extra):
        return
    started = time.monotonic()
    if not usable(VENV_PYTHON):
        make_venv(find_python())
    install(extra)
    say(f"the environment is ready after {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
