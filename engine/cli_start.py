"""Where a search on the command line begins: at a position with settings, or where a recording ended."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import typer

from engine.domains.base import Line
from engine.search.settings import SearchSettings
from engine.tree.events import Header, Switch, decode
from engine.tree.recording import read_recording


@dataclass(frozen=True, slots=True)
class Start:
    """What a search begins with.

    Attributes:
        weights_hash: of the intuition that a recording was made with; "" where nothing is asked.
        journal: events of the recording, empty for a new search.
    """

    domain: str
    line: Line
    generation: str
    settings: SearchSettings
    weights_hash: str = ""
    journal: bytes = b""


def settings_of(chosen: Mapping[str, Any], pairs: Sequence[str] | None) -> SearchSettings:
    """Settings from options of their own and from `--set NAME=VALUE`.

    Raises:
        BadParameter: a pair has no "=", names no setting, or gives a value out of its range.
    """
    values = dict(chosen)
    for pair in pairs or ():
        name, equals, text = pair.partition("=")
        if not equals or name not in SearchSettings.__struct_fields__:
            known = ", ".join(SearchSettings.__struct_fields__)
            raise typer.BadParameter(f"{pair!r} is not NAME=VALUE with a NAME of {known}", param_hint="--set")
        try:
            values[name] = json.loads(text)
        except json.JSONDecodeError:
            values[name] = text
        try:
            msgspec.convert({name: values[name]}, SearchSettings)
        except msgspec.ValidationError as error:
            reason = str(error).split(" - at ")[0].replace("`", "")
            raise typer.BadParameter(f"{pair!r}: {reason[:1].lower()}{reason[1:]}", param_hint="--set") from error
    return msgspec.convert(values, SearchSettings)


def read_start(path: Path) -> Start:
    """Where the recording at `path` ended, with the intuition and the settings it had then.

    Raises:
        RecordingError: it cannot be read. ValueError: it is damaged, so what it ended with is not known.
    """
    recording = read_recording(path)
    if recording.damage:
        raise ValueError(f"{path}: {recording.damage}; a damaged recording can be replayed, not resumed")
    header = recording.header
    generation, weights_hash, settings = header.generation, header.weights_hash, header.settings
    for event in decode(recording.stream):
        if isinstance(event, Switch):
            generation, weights_hash, settings = event.generation, event.weights_hash, event.settings
    return Start(
        header.domain,
        Line(header.start, tuple(header.actions)),
        generation if weights_hash else "uniform",
        msgspec.convert(settings, SearchSettings),
        weights_hash,
        recording.stream,
    )


def check_same_intuition(start: Start, header: Header) -> None:
    """A recording goes on only with the weights it was made with.

    Raises:
        ValueError: they are others.
    """
    if start.weights_hash != header.weights_hash:
        raise ValueError(
            f"the recording was made with {start.generation} of weights {start.weights_hash[:12]}; "
            f"here {start.generation} has {header.weights_hash[:12]}"
        )
