"""The domains there are, by name; a domain is imported only when it is asked for.

To add one, write its folder with a `Rules` and a `Notation` (or a plain `State` class, see `python_domain.py`), a
`GameFormat` if its games have one, a `Drafting` if positions can be set up by hand, and a line in `_DOMAINS`; the
contract test then runs on it.
"""

import importlib
from functools import cache
from typing import Any, cast

from engine.domains.base import Notation, Rules
from engine.domains.drafts import Drafting
from engine.domains.game_format import GameFormat

_DOMAINS = {
    "chess": (
        "engine.domains.chess.rules:ChessRules",
        "engine.domains.chess.notation:ChessNotation",
        "engine.domains.chess.game_format:PgnFormat",
        "engine.domains.chess.drafting:ChessDrafting",
    ),
    "connect_four": (
        "engine.domains.connect_four.rules:ConnectFourRules",
        "engine.domains.connect_four.notation:ConnectFourNotation",
        "",
        "engine.domains.connect_four.drafting:ConnectFourDrafting",
    ),
}


class UnknownDomainError(ValueError):
    """A name that no domain has; the message names it and those there are."""


def names() -> tuple[str, ...]:
    """Names of all domains."""
    return tuple(_DOMAINS)


@cache
def rules(name: str) -> Rules:
    """The rules of a domain, for searching. Imports its compiled kernels, which takes a moment.

    Raises:
        UnknownDomainError: no domain has this name.
    """
    return cast("Rules", _make(name, 0))


@cache
def notation(name: str) -> Notation:
    """The notation of a domain, for people. Imports no compiled code.

    Raises:
        UnknownDomainError: no domain has this name.
    """
    return cast("Notation", _make(name, 1))


@cache
def game_format(name: str) -> GameFormat | None:
    """How games of a domain are written into files, with variations and comments; None = it has no format of its own.

    Raises:
        UnknownDomainError: no domain has this name.
    """
    return cast("GameFormat | None", _make(name, 2))


@cache
def drafting(name: str) -> Drafting | None:
    """How positions of a domain are set up by hand; None = they cannot be.

    Raises:
        UnknownDomainError: no domain has this name.
    """
    return cast("Drafting | None", _make(name, 3))


def _make(name: str, half: int) -> Any:
    if name not in _DOMAINS:
        raise UnknownDomainError(f"there is no domain {name!r}; there are: {', '.join(_DOMAINS)}")
    module, _, made = _DOMAINS[name][half].partition(":")
    return getattr(importlib.import_module(module), made)() if module else None
