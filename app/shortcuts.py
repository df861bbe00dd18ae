"""Which keys mean which command: those of the table, and what a person has put in their place."""

from collections.abc import Mapping

from app.commands import ANYWHERE, COMMANDS, Command

Keys = Mapping[str, tuple[str, ...]]
"""Keys of commands by name, as Qt writes them ("Ctrl+O"); for those that a person has changed."""

BY_NAME = {command.name: command for command in COMMANDS}


def keys_of(command: Command, changed: Keys) -> tuple[str, ...]:
    """The keys that mean `command`, the first is shown; none where a person took them away."""
    return tuple(changed.get(command.name, command.keys))


def in_the_way(command: Command, key: str, changed: Keys) -> Command | None:
    """The other command that `key` means already where `command` would hear it, or None."""
    return next(
        (
            other
            for other in COMMANDS
            if other is not command and key in keys_of(other, changed) and _meet(command, other)
        ),
        None,
    )


def with_key(command: Command, key: str, changed: Keys) -> tuple[dict[str, tuple[str, ...]], Command | None]:
    """`key` alone means `command` from now on; "" = no key does.

    Returns:
        All changes, and the command that the key was taken from, if any.
    """
    other = in_the_way(command, key, changed) if key else None
    result = dict(changed)
    if other is not None:
        result[other.name] = tuple(found for found in keys_of(other, changed) if found != key)
    result[command.name] = (key,) if key else ()
    return _needed(result), other


def as_it_was(command: Command, changed: Keys) -> tuple[dict[str, tuple[str, ...]], Command | None]:
    """`command` has the table's keys again, which are taken from whatever they mean now; as `with_key`."""
    result, taken = {name: keys for name, keys in changed.items() if name != command.name}, None
    for key in command.keys:
        other = in_the_way(command, key, result)
        if other is not None:
            taken = other
            result[other.name] = tuple(found for found in keys_of(other, result) if found != key)
    return _needed(result), taken


def known(changed: Keys) -> dict[str, tuple[str, ...]]:
    """What of remembered changes is about commands that there are."""
    return _needed({name: tuple(keys) for name, keys in changed.items() if name in BY_NAME})


def _meet(one: Command, other: Command) -> bool:
    """Whether there is a place where both would hear a key."""
    if one.workspace != other.workspace and ANYWHERE not in (one.workspace, other.workspace):
        return False
    return one.where == other.where or "window" in (one.where, other.where)


def _needed(changed: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {name: keys for name, keys in changed.items() if keys != BY_NAME[name].keys}
