"""A whole generation, card included, as a .zip file or a folder: to hand it from person to person.

In it are the files of a generation's folder under their own names, at the top or in one folder. What comes from others
is read with care: only files of these names, none larger than any network of ours could be, weights only if they are
those of the card. Nothing is unpacked to disk and nothing in it is ever run; the network file is made anew from the
weights (`engine.nets.bundle_import`).
"""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from engine.generations.card import CARD_FILE, ONNX_FILE, WEIGHTS_FILE, Card, GenerationError, sha256
from engine.generations.registry import Generation, write_folder
from engine.tree.whole_file import ExportError, whole_file

ZIP_MARK = b"PK"
"""What a zip file begins with."""

_VERSION = 1
"""Of cards, the newest that is understood (`Card.version`)."""
_LARGEST_BYTES = {CARD_FILE: 2**22, WEIGHTS_FILE: 2**30}
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of all files in a zip file, so that equal generations give equal files."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A generation as it came.

    Attributes:
        card: its card, hashes and all.
        weights: content of its weights file, which is the one that the card names.
    """

    card: Card
    weights: bytes


def write_bundle(generation: Generation, target: Path) -> None:
    """Write all of a generation to `target`: a zip file where its name ends so, else a folder, which must be new.

    Raises:
        GenerationError: it has no files, one is missing or damaged, or `target` is there already or cannot be written.
    """
    if generation.folder is None:
        raise GenerationError(f"{generation.card.id}: there is nothing to hand on")
    names = [WEIGHTS_FILE, *([ONNX_FILE] if generation.card.onnx_sha256 else [])]
    files = {name: generation.verified_file(name).read_bytes() for name in names}
    files[CARD_FILE] = (generation.folder / CARD_FILE).read_bytes()
    try:
        if target.suffix.lower() == ".zip":
            with whole_file(target) as unfinished:
                unfinished.write_bytes(_zipped(files, generation.card.id))
        elif target.exists():
            raise GenerationError(f"{generation.card.id} was not exported: there is already something at {target}")
        else:
            write_folder(target, files)
    except ExportError as error:
        raise GenerationError(f"{generation.card.id} was not exported: {error}") from error
    except OSError as error:
        raise GenerationError(f"{generation.card.id} was not exported to {target}: {error.strerror}") from error


def is_bundle(path: Path) -> bool:
    """Whether `path` looks like a generation that was handed on: a folder, a zip file, or a file of a generation's."""
    if path.is_dir() or path.name in (CARD_FILE, WEIGHTS_FILE):
        return True
    try:
        with path.open("rb") as file:
            return file.read(len(ZIP_MARK)) == ZIP_MARK
    except OSError:
        return False


def read_bundle(path: Path) -> Bundle:
    """The generation at `path`: a zip file, a folder, or a file in such a folder.

    Raises:
        GenerationError: there is none, it is damaged, or a newer version of the program wrote it.
    """
    folder = path if path.is_dir() else path.parent if path.name in (CARD_FILE, WEIGHTS_FILE) else None
    try:
        if folder is not None:
            return _read(path, lambda name: _from_folder(folder / name))
        with zipfile.ZipFile(path) as archive:
            return _read(path, lambda name: _from_zip(archive, name))
    except OSError as error:
        raise GenerationError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise GenerationError(f"{path}: is a zip file that is damaged or of a kind that cannot be read") from error


def _read(path: Path, content: Callable[[str], bytes | None]) -> Bundle:
    """The generation whose files `content` gives by name, None for one that is not there."""
    written = content(CARD_FILE)
    if written is None:
        raise GenerationError(f"{path}: holds no generation ({CARD_FILE} is not there)")
    card = _card(path, written)
    weights = content(WEIGHTS_FILE)
    if weights is None:
        raise GenerationError(f"{path}: the weights of {card.id!r} are missing ({WEIGHTS_FILE} is not there)")
    if sha256(weights) != card.weights_sha256:
        raise GenerationError(
            f"{path}: these are not the weights of {card.id!r}: their hash is {sha256(weights)[:12]}, "
            f"the card says {card.weights_sha256[:12] or 'nothing'}"
        )
    return Bundle(card, weights)


class _Versioned(msgspec.Struct):
    """The one thing about a card that no version changes."""

    version: int = 1


def _card(path: Path, written: bytes) -> Card:
    try:
        version = msgspec.json.decode(written, type=_Versioned).version
        if version > _VERSION:
            raise GenerationError(
                f"{path}: a newer Arborist wrote this generation (format {version}; this one reads up to {_VERSION})"
            )
        return msgspec.json.decode(written, type=Card)
    except msgspec.DecodeError as error:
        raise GenerationError(f"{path}: {CARD_FILE} is not the card of a generation ({error})") from error


def _from_folder(file: Path) -> bytes | None:
    if not file.is_file():
        return None
    _check_size(file, file.stat().st_size)
    return file.read_bytes()


def _from_zip(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """The file of that name at the top of the archive or in its one folder."""
    found = [info for info in archive.infolist() if info.filename.count("/") < 2 and Path(info.filename).name == name]
    if not found:
        return None
    if len(found) > 1:
        raise GenerationError(f"{archive.filename}: holds more than one generation ({len(found)} files {name})")
    _check_size(Path(name), found[0].file_size)
    with archive.open(found[0]) as file:  # reads no more than the size it states
        return file.read()


def _check_size(file: Path, size: int) -> None:
    largest = _LARGEST_BYTES[file.name]
    if size > largest:
        raise GenerationError(f"{file}: has {size:,} bytes; no generation's has more than {largest:,}")


def _zipped(files: dict[str, bytes], folder: str) -> bytes:
    """A zip file with `files` in `folder`; not packed, because weights hardly get smaller."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", _DATE), content)
    return buffer.getvalue()
