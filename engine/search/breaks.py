"""Work that takes breaks: a generator that comes back now and then, so that whoever drives it can do something else."""

import contextlib
from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")


def without_breaks(work: Generator[None, None, T]) -> T:
    """The result of `work`, done in one go."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result


def until_told(work: Generator[None, None, T]) -> Generator[None, bool, T | None]:
    """`work`, which is left in the first break in which it is told to end; then None."""
    with contextlib.closing(work):
        while True:
            try:
                next(work)
            except StopIteration as end:
                result: T = end.value
                return result
            if (yield):
                return None
