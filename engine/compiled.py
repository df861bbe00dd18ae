"""One door to numba: where compiled kernels are cached, and the decorator that every kernel uses.

Numba's own cache does not notice that a *callee in another file* was edited. The cache folder is therefore named by a
hash over every source file of ours and numba's version: an edit anywhere starts a fresh folder, and nothing stale is
run. `ARBORIST_KERNEL_CACHE` overrides the place.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs

Function = Callable[..., Any]


def source_hash() -> str:
    """Hash over the sources that compiled code can come from, 16 hex digits.

    Those are all files of every folder with a kernel in it: a kernel takes helpers and constants from its neighbours.
    """
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for root in (here, here.parent / "app" / "render"):
        sources = {path: path.read_bytes() for path in sorted(root.rglob("*.py"))}
        folders = {path.parent for path, text in sources.items() if b"\n@kernel" in text}
        for path, text in sources.items():
            if path.parent in folders:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(text)
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Folder of the compiled kernels of exactly this source."""
    base = os.environ.get("ARBORIST_KERNEL_CACHE")
    root = Path(base) if base else Path(platformdirs.user_cache_dir("arborist", appauthor=False)) / "kernels"
    return root / source_hash()


os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())  # numba reads these once, at import
# Where several versions of a function may be meant, numba words a message for each that is not, in colour.
os.environ["NUMBA_DISABLE_ERROR_MESSAGE_HIGHLIGHTING"] = "1"

import numba  # noqa: E402


def kernel(function: Function) -> Function:
    """Compile `function` with numba on its first call, without the GIL, cached on disk.

    A kernel has no bounds checks unless `NUMBA_BOUNDSCHECK=1`; capacities are checked before it is called.
    """
    options: dict[str, Any] = {"no_cfunc_wrapper": True}  # for callers written in C, of which there are none
    compiled: Function = numba.njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    return compiled


def inline(function: Function) -> Function:
    """Compile a helper that is only called from kernels (no Python wrapper: compiles quicker)."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiled: Function = numba.njit(nogil=True, error_model="numpy", **options)(function)
    return compiled
