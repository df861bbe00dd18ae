"""System libraries and programs that Python packages cannot bring, and the exact line that installs the missing ones.

Uses the standard library alone: the set-up of a fresh machine runs this before anything is installed. What is needed
was found by adding packages one by one to a minimal Debian (2026-11). A library counts as there when the dynamic loader
finds it.
"""

import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """Something of the system that Arborist uses.

    Attributes:
        name: shared library ("libEGL.so.1") or program ("Xvfb").
        package: what holds it on Debian and Ubuntu.
        reason: what does not work without it.
    """

    name: str
    package: str
    reason: str

    @property
    def is_library(self) -> bool:
        """Whether this is a shared library rather than a program."""
        return ".so." in self.name


_DRAWING = "no window or picture can be drawn without it"
_SCREEN = "no window can be shown on an X11 screen without it"

QT_NEEDS = (
    Need("libglib-2.0.so.0", "libglib2.0-0", _DRAWING),
    Need("libGL.so.1", "libgl1", _DRAWING),
    Need("libEGL.so.1", "libegl1", _DRAWING),
    Need("libfontconfig.so.1", "libfontconfig1", _DRAWING),
    Need("libxkbcommon.so.0", "libxkbcommon0", _DRAWING),
    Need("libdbus-1.so.3", "libdbus-1-3", _DRAWING),
)
"""What Qt needs to draw at all, on a screen or off it."""

X11_NEEDS = (
    Need("libxcb-cursor.so.0", "libxcb-cursor0", _SCREEN),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", _SCREEN),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", _SCREEN),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", _SCREEN),
    Need("libxcb-shape.so.0", "libxcb-shape0", _SCREEN),
)
"""What Qt needs beside that to show a window on an X11 screen, real or virtual."""

VIRTUAL_SCREEN = Need("Xvfb", "xvfb", "there is no virtual screen without it")
INPUT_ROBOT = Need("xdotool", "xdotool", "tests that press real keys and buttons are skipped without it")


def window_needs(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> tuple[Need, ...]:
    """What a window needs here; nothing on systems other than Linux, where Qt's packages bring everything."""
    if not system.startswith("linux"):
        return ()
    return QT_NEEDS + X11_NEEDS if qt_platform(environment, system) == "xcb" else QT_NEEDS


def picture_needs(system: str = sys.platform) -> tuple[Need, ...]:
    """What is needed to show the window on a virtual screen."""
    return (*QT_NEEDS, *X11_NEEDS, VIRTUAL_SCREEN) if system.startswith("linux") else ()


def suite_needs(system: str = sys.platform) -> tuple[Need, ...]:
    """What the tests use; those that lack something are skipped with a reason."""
    return (*picture_needs(system), INPUT_ROBOT) if system.startswith("linux") else ()


def missing(needs: Iterable[Need], is_there: Callable[[Need], bool] | None = None) -> tuple[Need, ...]:
    """Those of `needs` that this machine lacks."""
    return tuple(need for need in needs if not (is_there or _is_there)(need))


def install_line(needs: Iterable[Need], has_program: Callable[[str], object] = shutil.which) -> str:
    """The command that installs `needs` here, or "" if there are none.

    Debian's packages are known by name; package managers of the RPM family find a package by the library in it.
    Anywhere else the libraries and programs are listed.
    """
    needs = tuple(needs)
    if not needs:
        return ""
    if has_program("apt-get"):
        packages = " ".join(need.package for need in needs)
        return f"{_sudo()}apt-get install -y --no-install-recommends {packages}"
    wanted = " ".join(f"'{need.name}()(64bit)'" if need.is_library else f"/usr/bin/{need.name}" for need in needs)
    for manager in ("dnf", "zypper"):
        if has_program(manager):
            return f"{_sudo()}{manager} install -y {wanted}"
    return "install with your system's package manager: " + " ".join(need.name for need in needs)


def can_install(has_program: Callable[[str], object] = shutil.which) -> bool:
    """Whether this process may install Debian packages itself."""
    return is_root() and bool(has_program("apt-get"))


def is_root() -> bool:
    """Whether this process may do anything (never on Windows)."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def qt_platform(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> str:
    """The platform plugin Qt will use here: "xcb", "wayland", "offscreen", "cocoa" or "windows"."""
    chosen = environment.get("QT_QPA_PLATFORM", "").partition(";")[0].partition(":")[0]
    if chosen:
        return chosen
    if not system.startswith("linux"):
        return {"darwin": "cocoa", "win32": "windows"}.get(system, "xcb")
    if environment.get("WAYLAND_DISPLAY") and environment.get("XDG_SESSION_TYPE") != "x11":
        return "wayland"
    return "xcb" if environment.get("DISPLAY") else "offscreen"


def has_screen(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> bool:
    """Whether a window would be seen: a display is named, and on this machine it answers."""
    platform = qt_platform(environment, system)
    if platform != "xcb":
        return platform != "offscreen"
    host, _, number = environment.get("DISPLAY", "").rpartition(":")
    if host not in ("", "unix"):
        return True  # another machine's, or a path: Qt will tell
    number = number.partition(".")[0]
    path = f"/tmp/.X11-unix/X{number}"  # where every X server listens
    return number.isdigit() and any(_answers(address) for address in (path, "\0" + path))


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(2.0)
        try:
            connection.connect(address)
        except OSError:
            return False
    return True


def _sudo() -> str:
    return "" if is_root() else "sudo "


def _is_there(need: Need) -> bool:
    if not need.is_library:
        return shutil.which(need.name) is not None
    try:
        ctypes.CDLL(need.name)
    except OSError:
        return False
    return True
