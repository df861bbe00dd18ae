"""The log of a round: a line of JSON for each thing that is worth a curve later, and the same for TensorBoard.

TensorBoard's files are written where its package is there; the lines always are.
"""

import importlib.util
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from engine.distill.durable import write_durably

LOG_FILE = "log.jsonl"
_BOARD_FOLDER = "tensorboard"


class _Board(Protocol):
    """What is used of TensorBoard's writer."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None:
        """Note a number."""
        ...

    def close(self) -> None:
        """Write what is left."""
        ...


class TrainingLog:
    """A log that is being written.

    Args:
        folder: of the round.
        step: of the training it goes on from; what a run that was killed noted beyond it is dropped.
    """

    def __init__(self, folder: Path, step: int) -> None:
        path = folder / LOG_FILE
        kept = [line for line in log_lines(folder) if line.get("step", 0) <= step]
        write_durably(path, "".join(json.dumps(line) + "\n" for line in kept).encode())
        self._file = path.open("a", encoding="utf-8")
        self._board = _board(folder / _BOARD_FOLDER, step)

    def note(self, step: int, **numbers: float | None) -> None:
        """Note numbers at a step."""
        known = {name: value for name, value in numbers.items() if value is not None}
        self._file.write(json.dumps({"step": step, "time": round(time.time(), 3), **known}) + "\n")
        self._file.flush()
        if self._board is not None:
            for name, value in known.items():
                self._board.add_scalar(name, value, step)

    def close(self) -> None:
        """Close the files."""
        self._file.close()
        if self._board is not None:
            self._board.close()


@contextmanager
def training_log(folder: Path, step: int) -> Iterator[TrainingLog]:
    """A log that is closed at the end; see `TrainingLog`."""
    log = TrainingLog(folder, step)
    try:
        yield log
    finally:
        log.close()


def log_lines(folder: Path) -> list[dict[str, Any]]:
    """What the log of a round holds; a line that a kill cut off is left out."""
    path = folder / LOG_FILE
    found: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else ():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _board(folder: Path, step: int) -> _Board | None:
    if importlib.util.find_spec("tensorboard") is None:
        return None
    from torch.utils.tensorboard import SummaryWriter

    board: _Board = SummaryWriter(str(folder), purge_step=step + 1)
    return board
