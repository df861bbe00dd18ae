"""Telling a client what it waits for: one notice at each step of getting ready."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.service.messages import Notice, Preparing

KERNELS = "Loading the kernels (the first time compiles them)"


@contextmanager
def preparing(post: Callable[[Notice], None], *steps: str) -> Iterator[Callable[[], None]]:
    """Tell the client what is being prepared: the first of `steps` now, the next at each call of the result."""
    done = 0

    def tell(text: str) -> None:
        post(Preparing(text=text, done=done, total=len(steps)))

    def next_step() -> None:
        nonlocal done
        done += 1
        tell(steps[done])

    tell(steps[0])
    try:
        yield next_step
    finally:
        done = len(steps)
        tell("")
