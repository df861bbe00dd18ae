"""A side's process, real and faked: what it answers, and what is said when it cannot."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from engine.bench.peers.child import NEEDS
from engine.bench.peers.contestant import PACKAGES, Contestant, PeerError, missing_sentence, spare_core

ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(os.name != "posix", reason="a script stands in for the interpreter")


@pytest.fixture
def fake(tmp_path: Path):
    """Makes an "interpreter" that ignores what it is to run and does `body` instead."""

    def make(body: str) -> str:
        file = tmp_path / "python"
        file.write_text(f"#!{sys.executable}\nimport json, sys\n{body}\n", encoding="utf-8")
        file.chmod(0o755)
        return str(file)

    return make


READY = 'print(json.dumps({"ready": {"toy": "1.0"}, "pinned": False}), flush=True)\n'


@posix
def test_answers_come_back_to_their_requests(fake) -> None:
    body = READY + (
        "for line in sys.stdin:\n"
        "    asked = json.loads(line)\n"
        '    print(json.dumps({"answer": {"task": asked["task"], **asked["words"]}}), flush=True)\n'
    )
    with Contestant("openspiel", fake(body)) as side:
        assert side.versions == {"toy": "1.0"}
        assert side.ask("add", {"a": 1}) == {"task": "add", "a": 1}
        assert side.ask("add", {"a": 2}) == {"task": "add", "a": 2}


@posix
def test_missing_packages_are_named_with_the_line_that_installs_them(fake) -> None:
    python = fake('print(json.dumps({"missing": ["jax", "pgx"]}))')
    with pytest.raises(PeerError) as caught:
        Contestant("mctx", python)
    sentence = str(caught.value)
    assert sentence.startswith(f"{python} lacks jax, pgx.")
    assert "pip install open_spiel==" in sentence
    assert "--peers-python" in sentence
    assert "\n" not in sentence


@posix
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('sys.exit("no such processor")', "ended with 1; its last words: no such processor"),
        ("print('hello'); sys.exit(3)", "ended with 3"),
        ("print('[1]')", "is no message"),
    ],
)
def test_a_side_that_does_not_start_is_quoted(fake, body: str, words: str) -> None:
    with pytest.raises(PeerError, match=re.escape(words)):
        Contestant("mctx", fake(body))


@posix
def test_a_side_that_dies_at_work_is_quoted(fake) -> None:
    body = READY + "sys.stdin.readline()\nsys.stderr.write('out of memory\\n')\nsys.exit(9)"
    with Contestant("mctx", fake(body)) as side, pytest.raises(PeerError, match=r"with 9; .*out of memory"):
        side.ask("lockstep", {})


@posix
def test_what_a_side_says_beside_its_answers_never_stops_it(fake) -> None:
    body = READY + (
        "sys.stdin.readline()\nsys.stderr.write('warning\\n' * 100000)\nprint(json.dumps({\"answer\": {}}), flush=True)"
    )
    with Contestant("mctx", fake(body)) as side:
        assert side.ask("lockstep", {}) == {}


def test_a_python_that_is_not_there() -> None:
    with pytest.raises(PeerError, match="cannot be started"):
        Contestant("mctx", "no-such-python")


def test_a_real_side_counts_positions_and_says_what_it_cannot_do() -> None:
    core = spare_core()
    start = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"
    with Contestant("python_chess", core=core) as side:
        assert side.pinned is (core is not None)
        assert side.ask("perft", {"position": start, "depth": 3})["count"] == 8902
        with pytest.raises(PeerError, match="python_chess failed at 'perft': ValueError"):
            side.ask("perft", {"position": "nonsense", "depth": 3})
        with pytest.raises(PeerError, match="KeyError: 'fly'"):
            side.ask("fly", {})
        assert side.ask("perft", {"position": start, "depth": 1})["count"] == 20
    side.close()


def test_what_a_library_prints_is_no_answer() -> None:
    script = (
        "from engine.bench.peers import child\n"
        "child._answers()\n"
        "print('ho')\n"
        "child.serve({}, {'sing': lambda: print('la') or {'sung': 1}})\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input='{"task": "sing", "words": {}}\n',
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == ['{"ready"', '{"answer"']
    assert sorted(done.stderr.split()) == ["ho", "la"]


def test_the_sentence_and_the_dependency_group_name_the_same_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert tuple(project["dependency-groups"]["peers"]) == PACKAGES
    assert "'jax[cpu]==" in missing_sentence("python", ["jax"]), "a shell would expand the brackets"


@pytest.mark.parametrize("side", NEEDS)
def test_every_side_is_a_program(side: str) -> None:
    folder = ROOT / "engine" / "bench" / "peers"
    assert (folder / f"{side}.py").is_file() or (folder / side / "__main__.py").is_file()
