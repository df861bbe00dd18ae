"""Keeps torch's worker threads from burning a core while they wait."""

import os


def quiet_threads() -> None:
    """Let torch's threads sleep at barriers instead of spinning. To be called before torch is first imported.

    On two cores with one other busy process, training was measured 8 to 10 times slower with spinning threads.
    A person's own `OMP_WAIT_POLICY` is respected.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
