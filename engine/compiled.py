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
    """Hash over the source files that may hold kernels, 16 hex digits."""
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for folder in (here, here.parent / "app" / "render"):
        for path in sorted(folder.rglob("*.py")):
            text = path.read_bytes()
            if b"@kernel" in text or path.name == "compiled.py":
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(text)
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Folder of the compiled kernels of exactly this source."""
    base = os.environ.get("ARBORIST_KERNEL_CACHE")
    root = Path(base) if base else Path(platformdirs.user_cache_dir("arborist", appauthor=False)) / "kernels"
    return root / source_hash()


os.environ["NUMBA_CACHE_DIR"] = str(cache_folder())  # numba reads it once, at import

import numba  # noqa: E402


def kernel(function: Function) -> Function:
    """Compile `function` with numba on its first call, without the GIL, cached on disk.

    A kernel has no bounds checks unless `NUMBA_BOUNDSCHECK=1`; capacities are checked before it is called.
    """
    compiled: Function = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    return compiled


def inline(function: Function) -> Function:
    """Compile a helper that is only called from kernels (no Python wrapper: compiles quicker)."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiled: Function = numba.njit(nogil=True, error_model="numpy", **options)(function)
    return compiled
