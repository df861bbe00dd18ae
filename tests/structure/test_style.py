"""Lint, layout, types and exemptions: the checks people run by hand, run as tests so that everybody runs the same."""

import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

EXEMPTION = re.compile(r"#\s*(type:\s*ignore|noqa)\b")

ALLOWED = {"engine": 3, "app": 2}
"""Exemptions from a check in each package. Each has its reason beside it; the numbers may only go down."""


def run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_lint() -> None:
    run("ruff", "check", ".")


def test_layout() -> None:
    run("ruff", "format", "--check", ".")


@pytest.mark.slow
def test_types() -> None:
    run("mypy")


def exemptions(package: str) -> Iterator[str]:
    for path in sorted((ROOT / package).rglob("*.py")):
        with tokenize.open(path) as file:
            for token in tokenize.generate_tokens(file.readline):
                if token.type == tokenize.COMMENT and EXEMPTION.search(token.string):
                    yield f"{path.relative_to(ROOT)}:{token.start[0]}: {token.string}"


@pytest.mark.parametrize("package", ALLOWED)
def test_exemptions_only_become_fewer(package: str) -> None:
    found = list(exemptions(package))
    assert len(found) <= ALLOWED[package], "\n".join(found)
    assert len(found) >= ALLOWED[package], f"only {len(found)} are left in {package}: lower the number here"
