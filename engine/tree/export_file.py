"""Which writer makes which kind of file of a tree: those that need no drawing, by the file's suffix."""

from collections.abc import Callable
from pathlib import Path

from engine.tree.export import Progress, Subject
from engine.tree.export_graph import export_dot, export_graphml
from engine.tree.export_json import export_json
from engine.tree.export_parquet import export_parquet
from engine.tree.export_pgn import Variations, export_pgn

_TABLES: dict[str, Callable[[Subject, Path, int, Progress], None]] = {
    ".json": export_json,
    ".graphml": export_graphml,
    ".dot": export_dot,
    ".parquet": export_parquet,
}
PLAIN = (".pgn", *_TABLES)
"""Suffixes of the files that are written here."""


def export_plain(subject: Subject, path: Path, least_visits: int | None, progress: Progress) -> None:
    """Write the file that `path`'s suffix, one of `PLAIN`, asks for.

    Args:
        least_visits: of the nodes taken; None = all, in a game those worth showing (`Variations`).

    Raises:
        ExportError: it cannot be written; there is no part of it then.
    """
    if path.suffix == ".pgn":
        export_pgn(subject, path, Variations(least_visits=least_visits), progress)
    else:
        _TABLES[path.suffix](subject, path, least_visits or 1, progress)
