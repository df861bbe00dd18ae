"""What is said about an export that is being written."""

from dataclasses import dataclass

KINDS = (
    ("Picture", ".png", "PNG picture"),
    ("Picture", ".svg", "SVG picture, sharp at any size"),
    ("Page", ".html", "Page that can be hovered"),
    ("Film", ".mp4", "MP4 film of the search"),
    ("Film", ".gif", "GIF film of the search"),
    ("Game", ".pgn", "PGN game with the tree as variations"),
    ("Table", ".parquet", "Parquet tables of nodes and edges"),
    ("Graph", ".json", "JSON graph"),
    ("Graph", ".graphml", "GraphML graph"),
    ("Graph", ".dot", "DOT graph"),
)
"""Every kind of file: a word for it, its suffix, and what it is."""
_TELLS_FROM = 0.05
"""The time that is left is told from this share on; before, it would be a guess."""


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """The line of an export.

    Attributes:
        text: what is being done, "" = nothing. share: of it that is done, in [0, 1].
        can_cancel: it can be stopped, and no file is left then.
    """

    text: str = ""
    share: float = 0.0
    can_cancel: bool = False


def export_record(name: str, share: float, seconds: float) -> ExportRecord:
    """The line of an export to the file `name`, begun so many seconds ago, of which `share` is done."""
    left = ""
    if share >= _TELLS_FROM:
        remaining = seconds * (1.0 - share) / share
        left = f", about {_time_text(remaining)} left" if remaining >= 1.0 else ", nearly done"
    return ExportRecord(f"Writing {name}{left}", share, can_cancel=True)


def _time_text(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
