"""Takes in a network from outside, whatever it comes as."""

from pathlib import Path

from engine.generations.bundle import is_bundle
from engine.generations.registry import Generation, Registry


def import_file(registry: Registry, path: Path, generation_id: str | None = None, *, licence: str = "") -> Generation:
    """Write what is at `path` to the user's registry: a generation that was handed on, or a network file of Lc0's.

    Raises:
        Lc0FileError: it is neither, or a network of Lc0's that cannot be used.
        GenerationError: it is a generation that cannot be used; the id is no good or taken; the folder cannot be
            written.
    """
    if is_bundle(path):
        from engine.nets.bundle_import import import_bundle

        return import_bundle(registry, path, generation_id, licence=licence)
    from engine.nets.lc0_import import import_lc0

    return import_lc0(registry, path, generation_id, licence=licence)
