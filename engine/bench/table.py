"""Figures as lines of text that fit a terminal: no line is broken, whatever its width."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_INDENT = "  "
_NARROWEST = 60


def lines(results: Sequence[Mapping[str, Any]], width: int) -> Iterator[str]:
    """A table of `Result`s as they stand in a report.

    Figures named "group: figure" stand under one heading for their group. Where a name leaves no room for its numbers
    they stand on the line below.

    Args:
        results: with the keys of `engine.bench.records.Result`.
        width: columns to fit into; below 60 it is taken as 60.
    """
    width = max(width, _NARROWEST)
    numbers = [_numbers(one) for one in results]
    sizes = [max((len(row[at]) for row in numbers), default=0) for at in range(4)]
    columns = sum(sizes) + 2 * (len(sizes) - 1)
    room = width - columns - len(_INDENT)
    heading = ""
    for one, (median, unit, spread, target) in zip(results, numbers, strict=True):
        group, colon, label = one["name"].rpartition(": ")
        if group != heading and colon:
            yield group
        heading = group
        label = (_INDENT if colon else "") + label
        row = f"{median:>{sizes[0]}}  {unit:<{sizes[1]}}  {spread:>{sizes[2]}}  {target}".rstrip()
        if len(label) <= room:
            yield f"{label:<{room}}{_INDENT}{row}"
        else:
            yield label
            yield f"{'':<{room}}{_INDENT}{row}"


def number(value: float) -> str:
    """Three figures for small values, whole numbers for large ones."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def _numbers(one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    target = "" if one["target"] is None else f"{number(one['target'])} {'met' if one['met'] else 'MISSED'}"
    spread = f"{one['spread']:.0%}" if len(one["runs"]) > 1 else ""
    return number(one["median"]), one["unit"], spread, target
