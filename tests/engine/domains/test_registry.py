"""Domains by name."""

import subprocess
import sys

import pytest

from engine.domains import registry


def test_the_names() -> None:
    assert registry.names() == ("chess", "connect_four")


@pytest.mark.parametrize("ask", [registry.rules, registry.notation])
def test_an_unknown_name_is_told_the_known_ones(ask) -> None:
    with pytest.raises(registry.UnknownDomainError, match="no domain 'go'; there are: chess, connect_four"):
        ask("go")


def test_a_domain_is_made_once() -> None:
    assert registry.rules("connect_four") is registry.rules("connect_four")


def test_notation_needs_no_compiler_and_no_other_domain() -> None:
    """A window can show a board before any kernel is loaded."""
    code = (
        "import sys\n"
        "from engine.domains import registry\n"
        "registry.notation('connect_four')\n"
        "assert 'chess' not in sys.modules, 'chess was not asked for'\n"
        "for name in registry.names():\n"
        "    registry.notation(name)\n"
        "assert 'numba' not in sys.modules, 'numba was loaded'\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
