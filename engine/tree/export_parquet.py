"""A tree as Parquet tables, for pandas, polars, DuckDB and others: one row a node, and one row an edge.

`NAME.parquet` holds the nodes, each with the edge it hangs on; `NAME.edges.parquet` beside it holds all edges, those
never visited as well. Values are from the player to move at the node. Both are written in pieces, so that a tree of
millions needs little memory beside itself.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.tree.columns import SearchTree
from engine.tree.events import PruneReason
from engine.tree.export import PIECE, Named, Progress, Subject, kept_nodes, name_actions, node_columns
from engine.tree.whole_file import ExportError, whole_file

if TYPE_CHECKING:
    import pyarrow as pa

_NAMING = 0.5
"""Share of the time that words take, about."""
_REASONS = ["", *(reason.name.lower() for reason in PruneReason)]


def edges_path(path: Path) -> Path:
    """Where the edges stand whose nodes are in `path`."""
    return path.with_suffix(f".edges{path.suffix}")


def export_parquet(subject: Subject, path: Path, least_visits: int, progress: Progress) -> None:
    """Write nodes with at least `least_visits` visits, and all edges of these nodes, into two files.

    Raises:
        ExportError: pyarrow is not installed, or a file cannot be written.
    """
    arrow = _arrow()
    nodes = kept_nodes(subject.tree, least_visits)
    names = name_actions(subject, nodes, lambda share: progress(_NAMING * share))
    about = {b"arborist": json.dumps(subject.about()).encode()}
    with ExitStack() as stack:
        # The nodes take their place last: where they are, their edges are too.
        unfinished = [stack.enter_context(whole_file(each)) for each in (path, edges_path(path))]
        tables = (_node_tables(arrow, subject, nodes, names), _edge_tables(arrow, subject.tree, nodes))
        _write(unfinished[0], tables[0], about, len(nodes), lambda share: progress(0.5 + 0.25 * share))
        _write(unfinished[1], tables[1], about, len(nodes), lambda share: progress(0.75 + 0.25 * share))


def _write(file: Path, pieces: "Iterator[pa.Table]", about: dict[bytes, bytes], nodes: int, progress: Progress) -> None:
    import pyarrow.parquet as parquet

    first = next(pieces)
    schema = first.schema.with_metadata(about)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        writer.write_table(first.cast(schema))
        for done, piece in enumerate(pieces, 1):
            progress(min(1.0, done * PIECE / nodes))
            writer.write_table(piece.cast(schema))


def _node_tables(
    arrow: Any, subject: Subject, nodes: NDArray[np.int32], names: dict[int, Named]
) -> "Iterator[pa.Table]":
    """The nodes, `PIECE` by `PIECE`."""
    outcomes = [kind.text for kind in subject.notation.outcomes]
    for start in range(0, len(nodes), PIECE):
        columns: dict[str, Any] = node_columns(subject.tree, nodes[start : start + PIECE])
        root = columns["parent"] < 0
        for name in ("parent", "action", "prior"):
            columns[name] = arrow.array(columns[name], mask=root)
        columns["pruned"] = _words(arrow, columns["pruned"], _REASONS)
        columns["outcome"] = _words(arrow, columns["outcome"], outcomes)
        words = [names.get(node) for node in columns["node"].tolist()]
        columns["name"] = arrow.array([word and word.name for word in words], arrow.string())
        columns["text"] = arrow.array([word and word.text for word in words], arrow.string())
        yield arrow.table(columns)


def _edge_tables(arrow: Any, tree: SearchTree, nodes: NDArray[np.int32]) -> "Iterator[pa.Table]":
    """The edges of `nodes`, those of `PIECE` nodes at a time."""
    for start in range(0, len(nodes), PIECE):
        owners = nodes[start : start + PIECE]
        counts = tree.links["num_edges"][owners].astype(np.int64)
        begins = np.cumsum(counts) - counts
        within = np.arange(int(counts.sum())) - np.repeat(begins, counts)
        edges = np.repeat(tree.links["first_edge"][owners].astype(np.int64), counts) + within
        child = tree.edge_child[edges]
        yield arrow.table(
            {
                "parent": np.repeat(owners, counts),
                "action": tree.edge_action[edges],
                "prior": tree.edge_prior[edges].view(np.float16).astype(np.float32),
                "child": arrow.array(child, mask=child < 0),
                "pruned": _words(arrow, tree.edge_pruned[edges], _REASONS),
            }
        )


def _words(arrow: Any, numbers: NDArray[np.uint8], words: list[str]) -> Any:
    """Numbers as words, 0 as null; stored once for each word."""
    indices = arrow.array(numbers.astype(np.int8), mask=numbers == 0)
    return arrow.DictionaryArray.from_arrays(indices, arrow.array(words))


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise ExportError("Parquet needs pyarrow: pip install 'arborist-desktop[parquet]'") from error
    return pyarrow
