"""Notes that are in no recording yet: a small file for each search, in the user's data folder, written at every change.

`ARBORIST_DATA` names another folder. A search is known by the header of its journal, so that the notes are there again
when the same search is begun anew, or its recording is opened after the program was killed.
"""

import hashlib
import os
from pathlib import Path

import platformdirs

from engine.tree.events import Header, encode_header
from engine.tree.notebook import Notebook, NotebookError, decode_notebook, encode_notebook


def notes_folder() -> Path:
    """Where unsaved notes are kept."""
    folder = os.environ.get("ARBORIST_DATA")
    return Path(folder or platformdirs.user_data_dir("arborist", appauthor=False)) / "notes"


class NoteFiles:
    """The files in `folder`; None = nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def load(self, header: Header) -> tuple[Notebook, str]:
        """The unsaved notes about a search, and a sentence on what is wrong with their file, or ""."""
        path = self._path(header)
        if path is None:
            return Notebook(), ""
        try:
            return decode_notebook(path.read_bytes()), ""
        except FileNotFoundError:
            return Notebook(), ""
        except (OSError, NotebookError) as error:
            return Notebook(), f"Notes kept in {path} cannot be read: {error}"

    def keep(self, header: Header, notebook: Notebook) -> None:
        """Write the notes about a search, all or nothing; without any the file goes.

        Raises:
            OSError: the folder or file cannot be written.
        """
        path = self._path(header)
        if path is None:
            return
        if not notebook.entries:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
        unfinished.write_bytes(encode_notebook(notebook))
        os.replace(unfinished, path)

    def _path(self, header: Header) -> Path | None:
        name = hashlib.sha256(encode_header(header)).hexdigest()[:24]
        return None if self._folder is None else self._folder / f"{name}.json"
