"""An unexpected log record of level warning or above fails the test in which it was made (qutebrowser's idea).

A test that expects one asks for pytest's `caplog` and checks it there.
"""

import logging
from collections.abc import Iterator

import pytest
from typing_extensions import override


class _Collector(logging.Handler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.levelname} {record.name}: {record.getMessage()} ({record.pathname}:{record.lineno})")


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test if a warning or an error was logged while it ran."""
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    if collector.seen and "caplog" not in request.fixturenames:
        pytest.fail("logged, and not asked for (see tests/log_fail.py):\n" + "\n".join(collector.seen), pytrace=False)
