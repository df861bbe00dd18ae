"""One game of every domain, written down in full: every state, everything said about it, and what a network is shown.

The files are golden tests, documentation and readable diffs at once. After a wanted change, write them anew with
`ARBORIST_UPDATE_GOLDEN=1 python -m pytest tests/engine/domains/test_playthroughs.py` and read the diff.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import Card, Line, Rules
from tests.engine.domains.cases import Domain

FOLDER = Path(__file__).parent / "playthroughs"


def facts(domain: Domain) -> Iterator[str]:
    rules, notation = domain.rules, domain.notation
    yield f"{notation.title} ({rules.name}), for {' and '.join(notation.players)}"
    yield f"actions: {rules.num_actions}, at most {rules.max_legal} legal"
    yield "outcomes: " + ", ".join(f"{i} {kind.text} ({kind.value:+d})" for i, kind in enumerate(rules.outcomes))
    for fmt in rules.formats.values():
        yield f"format {fmt.name}: {fmt.channels} x {fmt.height} x {fmt.width}, history {fmt.history}"
    fields = rules.state_dtype.fields or {}
    yield f"state: {rules.state_dtype.itemsize} bytes; " + ", ".join(
        f"{name} {kind[0]}" for name, kind in fields.items()
    )


def drawing(card: Card) -> Iterator[str]:
    for row in reversed(range(card.rows)):
        cells = (row * card.columns + column for column in range(card.columns))
        yield " ".join(card.pieces.get(cell, ".") for cell in cells)


def planes_hash(rules: Rules, states: NDArray[np.void], name: str) -> str:
    """Hash of what a network sees of the last of `states`."""
    history = rules.formats[name].history
    known = states[::-1][:history]
    lineage = np.concatenate([known, np.repeat(known[-1:], history - len(known))])
    planes = rules.encode(lineage[None], np.array([len(known)], np.int32), name)
    return hashlib.sha256(planes.astype("<f4").tobytes()).hexdigest()[:16]


def state_lines(domain: Domain, line: Line, states: NDArray[np.void]) -> Iterator[str]:
    notation = domain.notation
    card = notation.card(line)
    choices = sorted(notation.choices(line), key=lambda choice: choice.action)
    yield from drawing(card)
    yield f"position: {notation.position_text(line)}"
    yield f"status: {card.status}"
    yield f"outcome: {card.outcome}, marked: {list(card.marked)}, alarm: {card.alarm}"
    win = int(domain.rules.wins(states[-1:], domain.rules.expand(states[-1:]))[0])
    yield f"key: {states['key'][-1]:016x}"
    yield f"legal: {[choice.action for choice in choices]}"
    yield " ".join(["names:", *(choice.name for choice in choices)])
    yield " ".join(["texts:", *(choice.text for choice in choices)])
    yield "win at once: " + next((choice.text for choice in choices if choice.action == win), "none")
    for name in domain.rules.formats:
        yield f"{name}: {planes_hash(domain.rules, states, name)}"


def written(domain: Domain) -> str:
    line = domain.notation.parse_line(domain.facts.playthrough)
    states = domain.rules.load(line)
    texts = domain.notation.texts(Line(line.start), line.actions)
    lines = [*facts(domain), ""]
    for played in range(len(states)):
        so_far = Line(line.start, line.actions[:played])
        lines.append(f"== after {played} actions" + (f", the last {texts[played - 1]}" if played else ""))
        lines.extend(state_lines(domain, so_far, states[: played + 1]))
        lines.append("")
    return "\n".join(lines)


def test_the_playthrough_is_as_written_down(domain: Domain) -> None:
    path = FOLDER / f"{domain.rules.name}.txt"
    if os.environ.get("ARBORIST_UPDATE_GOLDEN") == "1":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(written(domain), encoding="utf-8", newline="\n")
    assert path.is_file(), "not written yet: run this test once with ARBORIST_UPDATE_GOLDEN=1"
    assert written(domain).splitlines() == path.read_text(encoding="utf-8").splitlines()
