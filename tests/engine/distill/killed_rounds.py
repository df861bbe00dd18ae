"""Rounds in processes of their own that are killed (SIGKILL) at random moments and gone on with.

As a script: `python -m tests.engine.distill.killed_rounds --times 10`.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from engine.generations.registry import Registry
from tests.engine.nets.small import CONNECT_FOUR, lively_network, published

REPOSITORY = Path(__file__).resolve().parents[3]
BUDGET = """
games = 64
shard_games = 16
fuel_pairs = 4
match_pairs = 12
search_pairs = 4
[play]
simulations = 8
[learn]
batch = 32
reuse = 4.0
"""
_WAIT_S = 120.0


class Rounds:
    """A data folder with a parent, and the rounds that are made there.

    Args:
        folder: new or empty.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self._has_begun = folder, False
        folder.mkdir(parents=True, exist_ok=True)
        torch.set_num_threads(1)
        published(folder / "generations", lively_network(CONNECT_FOUR), "c4-000")
        (folder / "budget.toml").write_text(BUDGET)

    def words(self, *more: str) -> list[str]:
        """What `arborist distill` is to be told, to make the round or go on with it."""
        words = ["--domain", "connect_four", "--budget", str(self.folder / "budget.toml"), "--threads", "1", *more]
        return words if self.state() is None else [*words, "--resume"]

    def start(self, *more: str) -> "subprocess.Popen[bytes]":
        """A process that makes the round, or goes on with it."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "engine.cli", "distill", *self.words(*more)],
            env={**os.environ, "ARBORIST_DATA": str(self.folder), "PYTHONPATH": str(REPOSITORY)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def finish(self) -> dict[str, Any]:
        """Make the round to its end; what it says of itself."""
        process = self.start("--json")
        out, errors = process.communicate(timeout=_WAIT_S)
        assert process.returncode == 0, errors.decode()
        told: dict[str, Any] = json.loads(out)["rounds"][0]
        return told

    def killed(self, after_s: float, number: int = signal.SIGKILL) -> tuple[str, int]:
        """Let the round go on for a while, then end its process; where it was, and its exit code."""
        process = self.start()
        assert process.stderr is not None
        process.stderr.readline()  # it says what it does: from here on it works
        time.sleep(after_s)
        process.send_signal(number)
        process.communicate(timeout=_WAIT_S)
        state = self.state()
        return "fuel" if state is None or not state else str(state["stage"]), process.returncode

    def state(self) -> dict[str, Any] | None:
        """What the round's folder says: None where there is no round, empty before the end of its first stage."""
        folder = self.folder / "rounds" / "gen-001"
        if not (folder / "order.json").is_file():
            return None
        path = folder / "round.json"
        state: dict[str, Any] = json.loads(path.read_text()) if path.is_file() else {}
        return state

    def child(self) -> tuple[str, list[Any]]:
        """Hash of the child's weights, and the results of its matches."""
        state = self.state()
        assert state is not None
        card = Registry(self.folder / "generations").get("gen-001").card
        assert card.weights_sha256 == state["child_hash"]
        matches = [state[name]["pentanomial"] for name in ("fuel", "match", "search_match")]
        return card.weights_sha256, matches


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as scratch:
        straight = Rounds(Path(scratch) / "straight")
        took_s = straight.finish()["seconds_s"]
        wrong = 0
        for number in range(asked.times):
            rounds, after_s = Rounds(Path(scratch) / str(number)), chance.uniform(0.0, took_s)
            stage, _ = rounds.killed(after_s)
            if stage != "done":
                rounds.finish()
            same = rounds.child() == straight.child()
            wrong += not same
            sys.stdout.write(f"killed after {after_s:.2f} s in stage {stage}: {'same child' if same else 'OTHER'}\n")
        sys.stdout.write(f"{asked.times - wrong} of {asked.times} ended with {straight.child()[0][:16]}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(_main())
