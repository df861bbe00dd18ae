"""The registry of generations over the wire: shown, imported, exported, removed."""

from pathlib import Path
from typing import Any

import msgspec

from engine.arena.in_use import matches_with
from engine.generations.bundle import write_bundle
from engine.generations.card import ONNX_FILE, WEIGHTS_FILE, GenerationError
from engine.generations.registry import Generation, default_registry
from engine.service import arena_messages as arena
from engine.service.arena_tools import Tools
from engine.service.messages import Done
from engine.service.preparing import preparing

_FILES = {".onnx": ONNX_FILE, ".safetensors": WEIGHTS_FILE}


def show_generation(request: arena.ShowGeneration) -> arena.GenerationShown:
    """The card of a generation.

    Raises:
        GenerationError: there is none.
    """
    return _shown(request.id, default_registry().get(request.generation))


def import_generation(request: arena.ImportGeneration, tools: Tools) -> arena.GenerationShown:
    """Take a network file, or a generation that was handed on, into the registry.

    Raises:
        Lc0FileError, GenerationError: it cannot be used.
    """
    path = Path(request.path)
    with preparing(tools.post, f"Importing {path.name}"):
        from engine.nets.quiet_threads import quiet_threads

        quiet_threads()
        from engine.nets.import_file import import_file

        return _shown(request.id, import_file(default_registry(), path, request.name or None))


def export_generation(request: arena.ExportGeneration) -> Done:
    """Write a generation's network (.onnx), weights (.safetensors), or all of it with its card (.zip).

    Raises:
        GenerationError: there is none, the path has another ending, or it cannot be written.
    """
    generation, path = default_registry().get(request.generation), Path(request.path)
    ending = path.suffix.lower()
    if ending == ".zip":
        write_bundle(generation, path)
    elif ending in _FILES:
        generation.export(_FILES[ending], path)
    else:
        raise GenerationError(f"{path.name!r} must end in .onnx (network), .safetensors (weights) or .zip (all of it)")
    return Done(id=request.id)


def remove_generation(request: arena.RemoveGeneration, tools: Tools) -> Done | arena.GenerationInUse:
    """Delete a generation of the user's; stored matches that need it are told first.

    Raises:
        GenerationError: there is none, it is shipped with the program, or others descend from it.
    """
    registry = default_registry()
    registry.check_removable(request.generation)
    if not request.even_if_in_use:
        card = registry.get(request.generation).card
        if matches := matches_with(tools.store, card):
            return arena.GenerationInUse(id=request.id, generation=card.id, matches=tuple(matches))
    registry.remove(request.generation)
    return Done(id=request.id)


def _shown(number: int, generation: Generation) -> arena.GenerationShown:
    card: dict[str, Any] = msgspec.to_builtins(generation.card)
    card["folder"] = None if generation.folder is None else str(generation.folder)
    return arena.GenerationShown(id=number, card=card)
