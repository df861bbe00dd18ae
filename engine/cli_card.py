"""Prints the card of a generation for people: what it is, how good it was measured to be, what it learnt from."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.generations.card import Card
from engine.generations.registry import Generation

_FIGURES = {
    "top_1": ("its first choice was the move played", "share"),
    "top_5": ("one of its first five was", "share"),
    "policy_cross_entropy": ("surprise at the move played", "nats, less is better"),
    "value_cross_entropy": ("surprise at the result", "nats, less is better"),
    "value_squared_error": ("squared error of the expected score", "less is better"),
    "calibration_error": ("stated chances are off by", "share"),
}
"""Figures of a measurement by their names in a card: in words, and in what they are counted."""
_COUNTS = ("positions", "value_positions")
_IN_PER_CENT = ("top_1",)
"""What Lc0's files state in per cent and we as a share."""


def print_card(generation: Generation, children: list[str]) -> None:
    """Print the card of `generation`; `children`: ids of those trained from it."""
    card = generation.card
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(f"{card.id}  {card.name}", style="bold")
    facts = {
        "domain": card.domain,
        "network": card.architecture.text if card.architecture else "none",
        "trained from": card.parent or "no other",
        "trained from it": ", ".join(children) or "none yet",
        "made": f"{card.date or 'at an unknown time'} ({card.settings.get('method', 'how is not stated')})",
        "licence": card.licence or "not stated",
        "weights": card.weights_sha256,
        "folder": str(generation.folder or "none"),
    }
    console.print(_pairs(facts.items()))
    _print_measured(console, card)
    _print_data(console, card)
    settings = dict(_scalars(card.settings))
    if settings:
        console.print("\nSettings", style="bold")
        console.print(", ".join(f"{name} {_number(value)}" for name, value in settings.items()))
    if card.notes:
        console.print("\nNotes", style="bold")
        console.print(card.notes)


def _print_measured(console: Console, card: Card) -> None:
    metrics = card.metrics
    console.print("\nMeasured", style="bold")
    stated = card.settings.get("stated_by_file")
    if not metrics:
        console.print("nothing was measured here when it was made")
    else:
        policy, value = (metrics.get(name) for name in _COUNTS)
        if isinstance(policy, int):
            results = f", results on {value:,}" if isinstance(value, int) else ""
            console.print(f"on {policy:,} positions kept away from its training{results}:")
        console.print(_pairs(_figures(metrics)))
        rest = {name: value for name, value in _scalars(metrics) if name not in (*_FIGURES, *_COUNTS)}
        if rest:
            console.print(_pairs((name, _number(value)) for name, value in rest.items()))
        ratings = metrics.get("by_rating")
        if isinstance(ratings, Mapping):
            console.print(_by_rating(ratings))
    if isinstance(stated, Mapping) and stated:
        words = ", ".join(
            f"{name} {_number(value / 100 if name in _IN_PER_CENT else value)}" for name, value in stated.items()
        )
        console.print(f"its file states, not measured here: {words}")


def _figures(metrics: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, (words, unit) in _FIGURES.items():
        value = metrics.get(name)
        if isinstance(value, float):
            yield words, f"{value:.1%}" if unit == "share" else f"{value:.3f}  ({unit})"


def _by_rating(ratings: Mapping[str, Any]) -> Table:
    table = Table(box=None, header_style="dim")
    for name in ("players rated", "positions", "first choice", "first five", "surprise"):
        table.add_column(name, justify="left" if name == "players rated" else "right")
    for name, found in ratings.items():
        table.add_row(
            name.replace("-9999", " and above"),
            f"{found.get('positions', 0):,}",
            f"{found.get('top_1', 0.0):.1%}",
            f"{found.get('top_5', 0.0):.1%}",
            f"{found.get('policy_cross_entropy', 0.0):.3f}",
        )
    return table


def _print_data(console: Console, card: Card) -> None:
    if not card.data:
        return
    console.print("\nLearnt from", style="bold")
    for source in card.data:
        amounts = (("games", source.games), ("samples", source.samples))
        amount = ", ".join(f"{number:,} {what}" for what, number in amounts if number)
        console.print(f"{source.name}{f': {amount}' if amount else ''}; licence: {source.licence}")
        if source.note:
            console.print(f"  {source.note}", style="dim")


def _pairs(rows: Iterable[tuple[str, str]]) -> Text:
    """Names and values under each other; a long value runs on, so that it can be copied in one piece."""
    known = list(rows)
    width = max((len(name) for name, _ in known), default=0)
    return Text("\n").join(Text.assemble((f"  {name:<{width}}  ", "dim"), value) for name, value in known)


def _scalars(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The plain values of a record that are not said elsewhere on the card."""
    for name, value in record.items():
        if isinstance(value, int | float | str) and name not in ("id", "name", "domain", "licence", "method"):
            yield name, value


def _number(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.5g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
