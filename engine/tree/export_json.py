"""A tree as JSON in the node-link form that networkx reads, written piece by piece.

`networkx.node_link_graph(json.load(file), edges="edges")` gives the tree back as a directed graph. Unvisited actions
are not listed; pruned ones that were visited are marked.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.tree.export import PIECE, Named, Progress, Subject, kept_nodes, name_actions, node_columns, reason_name
from engine.tree.whole_file import whole_file

_NAMING = 0.5
"""Share of the time that words take, about."""


def export_json(subject: Subject, path: Path, least_visits: int, progress: Progress) -> None:
    """Write nodes with at least `least_visits` visits, and the edges between them.

    Raises:
        ExportError: the file cannot be written.
    """
    nodes = kept_nodes(subject.tree, least_visits)
    names = name_actions(subject, nodes, lambda share: progress(_NAMING * share))
    with whole_file(path) as unfinished, unfinished.open("wb") as file:
        graph = msgspec.json.encode(subject.about())
        file.write(b'{"directed":true,"multigraph":false,"graph":%b,"nodes":[' % graph)
        _write_list(file, node_records(subject, nodes, names), len(nodes), lambda s: progress(_NAMING + 0.3 * s))
        file.write(b'],"edges":[')
        count = max(0, len(nodes) - 1)
        _write_list(file, edge_records(subject, nodes, names), count, lambda s: progress(0.8 + 0.2 * s))
        file.write(b"]}\n")


def node_records(subject: Subject, nodes: NDArray[np.int32], names: dict[int, Named]) -> Iterator[dict[str, Any]]:
    """Plain values of each node; `text` is None where words were not made."""
    outcomes = subject.notation.outcomes
    for start in range(0, len(nodes), PIECE):
        columns = node_columns(subject.tree, nodes[start : start + PIECE])
        rows = {key: column.tolist() for key, column in columns.items()}
        for row in range(len(rows["node"])):
            node, outcome = rows["node"][row], rows["outcome"][row]
            named = names.get(node)
            yield {
                "id": node,
                "text": "" if rows["parent"][row] < 0 else named.text if named else None,
                "visits": rows["visits"][row],
                "borrowed_visits": rows["borrowed_visits"][row],
                "value": rows["value"][row],
                "draw": rows["draw"][row],
                "raw_value": rows["raw_value"][row],
                "raw_draw": rows["raw_draw"][row],
                "depth": rows["depth"][row],
                "birth": rows["birth"][row],
                "outcome": outcomes[outcome].text if outcome else None,
                "bounds": [rows["lower"][row], rows["upper"][row]],
                "plies_to_end": rows["plies_to_end"][row],
            }


def edge_records(subject: Subject, nodes: NDArray[np.int32], names: dict[int, Named]) -> Iterator[dict[str, Any]]:
    """Plain values of the edge that each node but the root hangs on."""
    for start in range(0, len(nodes), PIECE):
        columns = node_columns(subject.tree, nodes[start : start + PIECE])
        for node, parent, action, prior, pruned in zip(
            *(columns[name].tolist() for name in ("node", "parent", "action", "prior", "pruned")), strict=True
        ):
            if parent >= 0:
                named = names.get(node)
                yield {
                    "source": parent,
                    "target": node,
                    "action": action,
                    "name": named.name if named else None,
                    "prior": prior,
                    "pruned": reason_name(pruned),
                }


def _write_list(file: BinaryIO, records: Iterator[dict[str, Any]], count: int, progress: Progress) -> None:
    encoder = msgspec.json.Encoder()
    for done, record in enumerate(records):
        if done:
            file.write(b",\n")
        if done % 4096 == 0:
            progress(done / count)
        file.write(encoder.encode(record))
