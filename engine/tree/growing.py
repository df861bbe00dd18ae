"""A column that grows at its end."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_FIRST_ROWS = 1024


class Growing:
    """Rows of one type in a row; capacity doubles, so appending is cheap however little comes at a time."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._column: NDArray[Any] = np.zeros(_FIRST_ROWS, dtype)
        self._live = 0

    def __len__(self) -> int:
        return self._live

    @property
    def rows(self) -> NDArray[Any]:
        """All rows so far, a view; a later `append` may leave it behind, but never changes it."""
        return self._column[: self._live]

    def append(self, rows: NDArray[Any]) -> None:
        """Add `rows` at the end."""
        end = self._live + len(rows)
        if end > len(self._column):
            grown = np.zeros(max(2 * len(self._column), end), self._column.dtype)
            grown[: self._live] = self._column[: self._live]
            self._column = grown
        self._column[self._live : end] = rows
        self._live = end
