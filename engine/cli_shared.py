"""What the commands that search have in common: budgets, kernels, endgame tables, Ctrl-C."""

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.console import Console

from engine.domains import registry as domains
from engine.domains.base import Line, Notation
from engine.search.evaluator import UniformEvaluator
from engine.search.limits import Limits
from engine.search.oracle import NoOracle, Oracle
from engine.search.search import Search
from engine.search.settings import METHODS, SearchSettings
from engine.search.watch_syntax import read_watchpoint
from engine.search.watchpoints import AnyWatchpoint

STOPPED = 130
"""Exit code of a command that the user stopped."""
DEFAULT_SIMULATIONS = 800


def check_positive(**values: float | None) -> None:
    """Every value that is given must be above 0; the error names the option.

    Raises:
        BadParameter: one is not.
    """
    for name, value in values.items():
        if value is not None and not value > 0:
            option = "--" + name.replace("_", "-")
            raise typer.BadParameter(f"{value} is not a budget: it must be above 0", param_hint=option)


def check_method(method: str) -> None:
    """The method must be one that the search knows.

    Raises:
        BadParameter: it is not.
    """
    if method not in METHODS:
        raise typer.BadParameter(f"{method!r} is not one of {', '.join(METHODS)}", param_hint="--method")


def limits_of(budgets: Mapping[str, float | None], memory_mib: int | None = None) -> Limits:
    """The limits that options ask for; without any but that of memory, `DEFAULT_SIMULATIONS`.

    Raises:
        BadParameter: a budget is not above 0.
    """
    check_positive(**budgets, memory_mib=memory_mib)
    asked: dict[str, Any] = {name: value for name, value in budgets.items() if value is not None}
    if not asked:
        asked["simulations"] = DEFAULT_SIMULATIONS
    if memory_mib is not None:
        asked["memory_bytes"] = memory_mib * 2**20
    return msgspec.convert(asked, Limits)


def watchpoints_of(texts: Sequence[str], notation: Notation, line: Line) -> list[AnyWatchpoint]:
    """What `--watch` asks to wait for, at the end of `line`.

    Raises:
        BadParameter: one of them cannot be read.
    """
    try:
        return [read_watchpoint(text, notation, line) for text in texts]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--watch") from error


def oracle_for(domain: str, syzygy: Path | None) -> Oracle:
    """The oracle of the endgame tables in a folder, or none.

    Raises:
        BadParameter: the domain has no such tables.
        SyzygyError: the folder or one of its files is no good.
    """
    if syzygy is None:
        return NoOracle()
    if domain != "chess":
        raise typer.BadParameter(f"there are no endgame tables of {domain!r}, only of chess", param_hint="--syzygy")
    from engine.domains.chess.syzygy import open_syzygy

    return open_syzygy(syzygy)


def load_kernels(domain: str, method: str, oracle: Oracle, *, quiet: bool) -> None:
    """Search a little for nothing, so that compiling and loading the kernels is not counted as searching."""
    with Console(stderr=True, quiet=quiet).status("loading the kernels (the first time compiles them: some seconds)"):
        rules, start = domains.rules(domain), domains.notation(domain).parse_line("startpos")
        settings = SearchSettings(method=method)
        idle = Search(rules, UniformEvaluator(), start, settings, lambda _: None, oracle=oracle)
        idle.start_run(Limits(simulations=50))
        while idle.advance() is None:
            pass


@contextmanager
def ctrl_c(*others: signal.Signals) -> Iterator[list[int]]:
    """A list that is no longer empty once the user has pressed Ctrl-C, or one of `others` has come."""
    pressed: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _frame: pressed.append(number))
        for number in (signal.SIGINT, *others)
    }
    try:
        yield pressed
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
