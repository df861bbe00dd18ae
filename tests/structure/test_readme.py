"""The README tells the truth: its commands run, its options and files exist, and no command is left out."""

import contextlib
import importlib
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from engine import cli

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

BLOCK = re.compile(r"^```(\w+)( test)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(*, tested: bool | None = None) -> list[list[str]]:
    """The words of every `arborist` line in the code blocks; `tested`: only those of blocks (not) marked so."""
    found = []
    for _, mark, block in BLOCK.findall(README):
        if tested in (None, bool(mark)):
            found += [shlex.split(line, comments=True) for line in block.splitlines()]
    return [words for words in found if words[:1] == ["arborist"]]


def test_the_marked_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert commands(tested=True)
    for words in commands(tested=True):
        code = cli.main(words[1:])
        said = capsys.readouterr()
        # The doctor ends with 4 where a system library is missing, which is not the README's fault.
        assert code == 0 or (code, words[1]) == (4, "doctor"), (words, said.err)
        if "--json" in words:
            assert json.loads(said.out)
        elif "--export" in words:
            assert Path(words[words.index("--export") + 1]).stat().st_size > 0
        else:
            assert said.out.strip(), words


def parameters_of(words: list[str]) -> set[str]:
    """Every option the command that `words` names understands."""
    command: Any = typer.main.get_command(importlib.import_module(cli.COMMANDS[words[0]]).app)
    for word in words:
        if word in getattr(command, "commands", {}):
            command = command.commands[word]
    return {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_option_in_it_exists(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    options = {word for word in words if word.startswith("--")}
    if words[1:] and words[1] in cli.COMMANDS:
        assert options <= parameters_of(words[1:])
        return
    assert not words[1:] or words[1].startswith("--") or "." in words[1], f"{words[1]!r} is no command"
    with contextlib.suppress(SystemExit):
        cli.main(["--help-window"])
    help_text = capsys.readouterr().out
    assert [option for option in options if option not in help_text] == []


def test_no_command_is_left_out() -> None:
    named = {words[1] for words in commands() if words[1:]}
    assert set(cli.COMMANDS) - named <= {"warm"}, "`warm` is what `make run` does"


def test_the_files_it_names_are_there() -> None:
    named = re.findall(r"`((?:app|engine|assets|tests|\.ci)/[\w./*-]*|[A-Z][\w.]+\.(?:md|toml))`", README)
    named += re.findall(r"\]\(((?!http)[^)]+)\)", README)
    assert len(named) > 15
    assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []


def test_the_targets_it_names_are_there() -> None:
    code = BLOCK.findall(README) + [("", "", text) for text in re.findall(r"`([^`\n]+)`", BLOCK.sub("", README))]
    targets = {target for _, _, text in code for target in re.findall(r"^(?:\w+=\S+ )?make (\w+)", text, re.MULTILINE)}
    assert {"run", "test"} <= targets
    assert [target for target in targets if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)] == []
