"""The registry of generations: folders on disk, found by id, by path, or as "uniform".

A generation is a folder `<id>/` with `weights.safetensors`, `card.json` and, derived from the weights, `model.onnx`.
The registry looks in the folder shipped with the program (never written to) and in the user's. There is no index beside
the folders: reading a card takes about 0.1 ms, so a scan of hundreds is quicker than keeping an index honest after a
copy, a kill or a deletion by hand.
"""

import builtins
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import platformdirs

from engine.generations.card import (
    CARD_FILE,
    ONNX_FILE,
    WEIGHTS_FILE,
    Card,
    GenerationError,
    card_bytes,
    read_card,
    sha256,
)

if TYPE_CHECKING:
    import networkx

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation that was found.

    Attributes:
        card: its card.
        folder: where its files are, or None where there are none ("uniform").
    """

    card: Card
    folder: Path | None

    @property
    def is_uniform(self) -> bool:
        """Whether this is no network but equal priors."""
        return self.folder is None

    def verified_file(self, name: str) -> Path:
        """The path of the generation's file `name`, after comparing its content with the card's hash.

        Raises:
            GenerationError: the file is missing, cannot be read, or is not what the card says.
        """
        expected = {WEIGHTS_FILE: self.card.weights_sha256, ONNX_FILE: self.card.onnx_sha256}[name]
        if self.folder is None or not expected:
            raise GenerationError(f"{self.card.id}: has no {name}")
        path = self.folder / name
        try:
            found = sha256(path.read_bytes())
        except OSError as error:
            raise GenerationError(f"{self.card.id}: cannot read {path} ({error.strerror})") from error
        if found != expected:
            raise GenerationError(
                f"{self.card.id}: {path} is damaged: its hash is {found[:12]}, the card says {expected[:12]}"
            )
        return path

    def export(self, name: str, target: Path) -> None:
        """Copy the generation's file `name` to `target`, whole or not at all; a file there is replaced.

        Raises:
            GenerationError: the file is missing or damaged, or `target` cannot be written.
        """
        content = self.verified_file(name).read_bytes()
        scratch = target.with_name(f".{target.name}.tmp")
        try:
            scratch.write_bytes(content)
            scratch.replace(target)
        except OSError as error:
            scratch.unlink(missing_ok=True)
            raise GenerationError(f"{self.card.id} was not exported to {target}: {error.strerror}") from error


UNIFORM = Generation(Card(id="uniform", name="Equal priors", domain="", architecture=None), None)
"""No intuition: equal priors, every state a draw; of every domain."""


def data_folder() -> Path:
    """Where the user's data lives; `ARBORIST_DATA` overrides the platform's usual place."""
    chosen = os.environ.get("ARBORIST_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("arborist", appauthor=False))


@dataclass(frozen=True, slots=True)
class Registry:
    """The generations in some folders.

    Attributes:
        user: folder that new generations are written to; need not exist yet.
        shipped: folder that is only read, or None.
    """

    user: Path
    shipped: Path | None = None

    def list(self, domain: str | None = None) -> list[Generation]:
        """Every readable generation (of `domain`), by id; the user's hides a shipped one of the same id.

        Folders without a readable card are passed over: `get` says what is wrong with them.
        """
        found = {generation.card.id: generation for generation in self._scan()}
        chosen = (found[name] for name in sorted(found))
        return [generation for generation in chosen if domain in (None, generation.card.domain)]

    def get(self, spec: str, domain: str | None = None) -> Generation:
        """The generation that `spec` means.

        Args:
            spec: an id, "uniform", or the path of a generation's folder or of a file in it.
            domain: refuse a generation of any other domain.

        Raises:
            GenerationError: there is none, its card cannot be read, or it is of another domain.
        """
        if spec == UNIFORM.card.id:
            return UNIFORM
        folder = self._folder(spec)
        generation = Generation(read_card(folder), folder)
        if domain not in (None, generation.card.domain):
            raise GenerationError(
                f"generation {spec!r} is of domain {generation.card.domain!r}; one of {domain!r} is needed"
            )
        return generation

    def add(self, card: Card, files: dict[str, bytes], *, replace: bool = False) -> Generation:
        """Write a generation into the user's folder: all of it or nothing.

        Args:
            card: its card; the hashes of weights and ONNX file are filled in here.
            files: contents by file name: `weights.safetensors`, and `model.onnx` where there is one.
            replace: whether an existing generation of this id may be replaced.

        Raises:
            GenerationError: the id is no good or taken, or the folder cannot be written.
        """
        if not _ID.fullmatch(card.id) or card.id == UNIFORM.card.id:
            raise GenerationError(f"{card.id!r} is no id of a generation: letters, digits, '.', '_' and '-' only")
        target = self.user / card.id
        if target.exists() and not replace:
            raise GenerationError(f"there is already a generation {card.id!r} in {self.user}")
        hashes = {"weights_sha256": sha256(files[WEIGHTS_FILE]), "onnx_sha256": ""}
        if ONNX_FILE in files:
            hashes["onnx_sha256"] = sha256(files[ONNX_FILE])
        complete = msgspec.structs.replace(card, **hashes)
        try:
            write_folder(target, {**files, CARD_FILE: card_bytes(complete)})
        except OSError as error:
            raise GenerationError(_write_error_text(card.id, self.user, error)) from error
        return Generation(complete, target)

    def children(self, generation_id: str) -> "builtins.list[str]":
        """Ids of the generations that were trained from this one."""
        return [found.card.id for found in self.list() if found.card.parent == generation_id]

    def check_removable(self, generation_id: str) -> Path:
        """The folder of a generation of the user's that none descends from.

        Raises:
            GenerationError: there is none of this id, it is not in the user's folder, or another was trained from it.
        """
        folder = self.get(generation_id).folder
        if folder is None or folder.parent == self.shipped:
            raise GenerationError(f"generation {generation_id!r} is shipped with the program and cannot be removed")
        if folder.parent != self.user:
            raise GenerationError(
                f"generation {generation_id!r} is not in {self.user} and cannot be removed from there"
            )
        children = self.children(folder.name)  # by its folder's name, which is what a child's card calls it
        if children:
            raise GenerationError(
                f"generation {folder.name!r} cannot be removed: {', '.join(children)} descend from it"
            )
        return folder

    def replace_card(self, card: Card) -> None:
        """Write the card of a generation of the user's anew: its figures, say, when more was measured.

        Raises:
            GenerationError: there is none of this id in the user's folder, its weights are others, or the card cannot
                be written.
        """
        path = self.user / card.id / CARD_FILE
        if read_card(path.parent).weights_sha256 != card.weights_sha256:
            raise GenerationError(f"generation {card.id!r} has other weights than this card of it")
        scratch = path.with_name(f".{CARD_FILE}.tmp")
        try:
            scratch.write_bytes(card_bytes(card))
            scratch.replace(path)
        except OSError as error:
            scratch.unlink(missing_ok=True)
            raise GenerationError(_write_error_text(card.id, self.user, error)) from error

    def remove(self, generation_id: str) -> None:
        """Delete a generation of the user's.

        Raises:
            GenerationError: there is none of this id, it is not in the user's folder, another was trained from it, or
                it cannot be deleted.
        """
        folder = self.check_removable(generation_id)
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise GenerationError(f"cannot remove {folder}: {error.strerror}") from error

    def next_id(self) -> str:
        """The lowest "gen-NNN" above all that exist."""
        numbers = (re.fullmatch(r"gen-(\d{3,})", generation.card.id) for generation in self.list())
        return f"gen-{max((int(match[1]) for match in numbers if match), default=-1) + 1:03d}"

    def lineage(self, domain: str | None = None) -> "networkx.DiGraph[str]":
        """Who was trained from whom: a node for each id (attribute `card`), an edge from parent to child.

        A parent that is no longer in the registry stands as a node without a card (None).
        """
        import networkx  # slow to import, and every search looks up its generation here

        graph: networkx.DiGraph[str] = networkx.DiGraph()
        for generation in self.list(domain):
            graph.add_node(generation.card.id, card=generation.card)
        for generation in self.list(domain):
            parent = generation.card.parent
            if parent is not None:
                if parent not in graph:
                    graph.add_node(parent, card=None)
                graph.add_edge(parent, generation.card.id)
        return graph

    def _scan(self) -> Iterator[Generation]:
        # Shipped first: a later one of the same id takes its place.
        for base in (self.shipped, self.user):
            if base is None or not base.is_dir():
                continue
            for folder in base.iterdir():
                if folder.name.startswith(".") or not (folder / CARD_FILE).is_file():
                    continue
                try:
                    yield Generation(read_card(folder), folder)
                except GenerationError:
                    continue

    def _folder(self, spec: str) -> Path:
        if _ID.fullmatch(spec):
            for base in (self.user, self.shipped):
                if base is not None and (base / spec).is_dir():
                    return base / spec
        path = Path(spec)
        if path.is_dir():
            return path
        if path.is_file():
            return path.parent
        known = ", ".join(generation.card.id for generation in self.list()) or "none yet"
        raise GenerationError(f"no generation {spec!r}: neither an id (known: {known}, uniform) nor a path")


def default_registry() -> Registry:
    """The registry of this installation: what ships with the program, and the user's data folder."""
    shipped = Path(__file__).resolve().parents[2] / "assets" / "generations"
    return Registry(user=data_folder() / "generations", shipped=shipped)


def write_folder(target: Path, files: dict[str, bytes]) -> None:
    """Write `files` as the folder `target`, so that a kill at any moment leaves the old folder or the new one.

    Raises:
        OSError: the disk refuses.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
        fresh = Path(scratch) / "new"
        fresh.mkdir()
        for name, content in files.items():
            with (fresh / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        if target.exists():
            target.rename(Path(scratch) / "old")
        fresh.rename(target)


def _write_error_text(generation_id: str, folder: Path, error: OSError) -> str:
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk quota is used up",
        errno.EROFS: "the file system is read-only",
        errno.EACCES: "this user may not write there",
        errno.EPERM: "this user may not write there",
    }
    reason = reasons.get(error.errno or 0, error.strerror or str(error))
    return f"generation {generation_id!r} was not saved in {folder}: {reason}"
