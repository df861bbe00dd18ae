"""A recording needs no engine, no network and no GPU: a process that has none of them folds the same trees."""

import json
import subprocess
import sys
from pathlib import Path

from engine.domains import registry
from engine.search.hash_evaluator import HashEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.attachments import NOTEBOOK
from engine.tree.digest import tree_digest
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.notebook import Note, Notebook, encode_notebook
from engine.tree.recording import write_recording

REPOSITORY = Path(__file__).resolve().parents[3]
READER = """
import json, sys

ABSENT = ("torch", "onnxruntime", "onnx", "safetensors", "PySide6", "zmq", "engine.nets", "engine.service",
          "engine.generations", "engine.search")

class Absent:
    def find_spec(self, name, path=None, target=None):
        if any(name == absent or name.startswith(absent + ".") for absent in ABSENT):
            raise ImportError(f"{name} is not on this machine")

sys.meta_path.insert(0, Absent())
from engine.tree.attachments import NOTEBOOK, read_attachments
from engine.tree.digest import tree_digest
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.notebook import decode_notebook
from engine.tree.recording import read_recording

recording = read_recording(sys.argv[1])
assert recording.damage is None
found = {}
for moment in json.loads(sys.argv[2]):
    tree = empty_tree(recording.header)
    fold_stream(tree, recording.stream, moment)
    found[moment] = tree_digest(tree)
notes = decode_notebook(read_attachments(sys.argv[1]).items[NOTEBOOK])
print(json.dumps({"digests": found, "note": notes.entries[0].text}))
"""


def test_a_machine_without_an_engine_folds_the_same_tree_at_twenty_moments(tmp_path: Path) -> None:
    journal: list[bytes] = []
    rules, notation = registry.rules("chess"), registry.notation("chess")
    search = Search(
        rules, HashEvaluator(), notation.parse_line("startpos"), SearchSettings(batch=1), journal.append, "noise"
    )
    moments = sorted({1, 2, 3, *range(40, 720, 40)})
    assert len(moments) == 20
    digests = {}
    for moment in moments:
        search.start_run(Limits(simulations=moment - search.tree.simulations))
        while search.advance() is None:
            pass
        assert search.tree.simulations == moment
        digests[str(moment)] = _of_moment(search, journal, moment)
        if moment == 200:
            search.cut((int(search.tree.edge_action[0]),))
            search.boost((int(search.tree.edge_action[1]),), 30)
    path = tmp_path / "a.arborist"
    notes = encode_notebook(Notebook(entries=(Note(id="a", start="startpos", text="seen"),)))
    write_recording(path, search.header, b"".join(journal), {NOTEBOOK: notes})
    words = [sys.executable, "-c", READER, str(path), json.dumps(moments)]
    done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told == {"digests": digests, "note": "seen"}
    assert len(set(digests.values())) == 20


def _of_moment(search: Search, journal: list[bytes], moment: int) -> str:
    """The engine's own tree, which is past what came after the last simulation of a run (prunes of its end)."""
    folded = empty_tree(search.header)
    fold_stream(folded, b"".join(journal))
    assert tree_digest(folded) == tree_digest(search.tree)
    at = empty_tree(search.header)
    fold_stream(at, b"".join(journal), moment)
    return tree_digest(at)
