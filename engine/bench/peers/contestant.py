"""A side of a comparison as the parent sees it: a child process that answers requests."""

import contextlib
import json
import os
import shlex
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PACKAGES = ("open_spiel==2.0.2", "jax[cpu]==0.10.2", "mctx==0.0.71", "pgx==2.6.0")
"""What the peers' Python needs: the dependency group `peers` of pyproject.toml, for installations without that file."""

_ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMBA_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}

_START = (
    "import sys; root, side, core = sys.argv[1:]; sys.path.append(root); "
    "from engine.bench.peers.child import run; run(side, int(core))"
)
"""Our folder goes last: a side's own packages are found before anything installed beside this project."""

_PATIENCE_S = 900.0
_ENDING_S = 10.0
_LAST_WORDS = 2


class PeerError(ChildProcessError):
    """A side could not be started, lacks its packages, or failed; the message says what to do where that is known."""


class Contestant:
    """A side's process, started and ready.

    Args:
        side: a key of `child.NEEDS`.
        python: the interpreter to start; None = this one.
        core: processor core to hold the process to; None = any.
        one_thread: keep numerical libraries from starting threads of their own.

    Attributes:
        versions: of the side's packages.
        pinned: whether the process is held to one core.

    Raises:
        PeerError: it cannot be started, or packages are missing.
    """

    def __init__(
        self, side: str, python: str | None = None, core: int | None = None, *, one_thread: bool = True
    ) -> None:
        self.side = side
        self._python = python or sys.executable
        self._last_words: deque[str] = deque(maxlen=_LAST_WORDS)
        root = str(Path(__file__).resolve().parents[3])
        command = [self._python, "-P", "-c", _START, root, side, str(-1 if core is None else core)]
        environment = {**os.environ, **(_ONE_THREAD if one_thread else {})}
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise PeerError(f"the Python {self._python!r} cannot be started: {error.strerror}") from error
        self._listener = threading.Thread(target=self._listen, name=f"{side} errors", daemon=True)
        self._listener.start()
        try:
            first = self._read()
            if missing := first.get("missing"):
                raise PeerError(missing_sentence(self._python, missing))
        except PeerError:
            self.close()
            raise
        self.versions: dict[str, str] = first["ready"]
        self.pinned: bool = first["pinned"]

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def ask(self, task: str, words: Mapping[str, Any]) -> dict[str, Any]:
        """The side's answer to one task.

        Raises:
            PeerError: the side says it failed, or ended without an answer.
        """
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"task": task, "words": dict(words)}) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise PeerError(self._ended()) from error
        message = self._read()
        if "error" in message:
            raise PeerError(f"{self.side} failed at {task!r}: {message['error']}")
        answer: dict[str, Any] = message["answer"]
        return answer

    def close(self) -> None:
        """End the process. Closing twice is harmless."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # it died with a request half written
                    pipe.close()
        try:
            self._process.wait(_ENDING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(_ENDING_S)
        if self._process.stderr is not None:
            self._process.stderr.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        guard = threading.Timer(_PATIENCE_S, self._process.kill)
        guard.start()
        try:
            line = self._process.stdout.readline()
        finally:
            guard.cancel()
        try:
            message = json.loads(line)
        except ValueError as error:
            raise PeerError(self._ended()) from error
        if not isinstance(message, dict):
            raise PeerError(f"{self.side} said {line.strip()!r}, which is no message")
        return message

    def _listen(self) -> None:
        """Read what the process says beside its answers, so that it never waits for a reader; keep the end."""
        assert self._process.stderr is not None
        for line in self._process.stderr:
            if words := line.strip():
                self._last_words.append(words)

    def _ended(self) -> str:
        try:
            code: int | str = self._process.wait(_ENDING_S)
        except subprocess.TimeoutExpired:
            code = "nothing, still running"
        self._listener.join(_ENDING_S)
        said = " ".join(self._last_words) or "nothing"
        return f"{self.side} under {self._python!r} ended with {code}; its last words: {said}"


def missing_sentence(python: str, missing: list[str]) -> str:
    """What to do about packages that the peers' Python lacks, with the exact line."""
    packages = " ".join(shlex.quote(package) for package in PACKAGES)
    install = f"python3 -m venv .peers && .peers/bin/python -m pip install {packages}"
    return (
        f"{python} lacks {', '.join(missing)}. An environment of their own is made by: {install}; "
        "then add --peers-python .peers/bin/python"
    )


def spare_core() -> int | None:
    """The core that all sides of a comparison are held to: the last one this process may use; None = cannot be held."""
    return max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
