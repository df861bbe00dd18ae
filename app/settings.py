"""What is remembered between runs: one small JSON file in the user's configuration folder.

`ARBORIST_CONFIG` names another folder. A file that cannot be read is never in the way: defaults are taken, and a
sentence says so.
"""

import os
from pathlib import Path
from typing import Annotated, Any

import msgspec
import platformdirs

FILE_NAME = "window.json"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Preferences and the window's last state."""

    theme: str = "dark"
    """Name of a theme."""
    geometry: str = ""
    """Place and size of the window, as Qt writes it, base64."""
    layout: str = ""
    """Where the docks are, as Qt writes it, base64."""
    other_layout: str = ""
    """The other arrangement of docks."""
    layout_number: int = 0
    """Which of the two is on, 0 or 1."""
    keys: dict[str, tuple[str, ...]] = {}
    """Keys of commands that a person has changed, by the command's name."""
    last_file: str = ""
    """The file opened or saved last."""
    generation: str = ""
    """Generation chosen last; "" = the first there is."""
    budget: Annotated[int, msgspec.Meta(gt=0)] | None = 20_000
    """Simulations for each root, None = no limit."""
    flipped: bool = False
    """The second player sits at the bottom."""
    arrows: bool = True
    """Arrows of intuition and search are drawn on the board."""
    bands: bool = False
    """The evaluation graph shows win, draw and loss."""
    trails: bool | None = None
    """The chart under the tree is shown; None = in windows that are high enough."""
    watched: tuple[dict[str, Any], ...] = ()
    """What a search pauses for, as `app.viewmodels.watchpoints` writes and reads it."""
    one_by_one: bool = False
    """It then searches nothing beyond it."""
    lenses: tuple[tuple[str, str], ...] = ()
    """Names and questions of lenses that a person kept."""
    folded: tuple[str, ...] = ()
    """Sections of the node card that are closed."""
    workspace: str = "explore"
    """The workspace shown last."""
    arena_page: str = ""
    """The arena's page shown last, "" = its first."""
    train_page: str = ""
    """The page of Train shown last, "" = its first."""
    anchors: dict[str, dict[str, float]] = {}
    """Elo that players of the ladder are held at, by domain and player."""
    motion: bool = True
    """Pieces and nodes move to their new places; False = they jump."""


def settings_file() -> Path:
    """Where settings are kept."""
    folder = os.environ.get("ARBORIST_CONFIG")
    return Path(folder or platformdirs.user_config_dir("arborist", appauthor=False)) / FILE_NAME


def load_settings(path: Path) -> tuple[Settings, str]:
    """The settings in `path`, and a sentence on what is wrong with the file, or ""."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings), ""
    except FileNotFoundError:
        return Settings(), ""
    except (OSError, msgspec.MsgspecError) as error:
        return Settings(), f"The settings in {path} cannot be read and are set aside: {error}"


def save_settings(settings: Settings, path: Path) -> None:
    """Write `settings` to `path`, all or nothing.

    Raises:
        OSError: the folder or file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(settings)))
    os.replace(unfinished, path)
