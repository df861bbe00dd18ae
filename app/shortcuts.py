"""Which keys mean which command: those of the table, and what a person has put in their place."""

from collections.abc import Mapping

from app.commands import ANYWHERE, COMMANDS, Command

Keys = Mapping[str, tuple[str, ...]]
"""Keys of commands by name, as Qt writes them ("Ctrl+O"); for those that a person has changed."""

BY_NAME = {command.name: command for command in COMMANDS}


def keys_of(command: Command, changed: Keys) -> tuple[str, ...]:
    """The keys that mean `command`, the first is shown; none where a person took them away."""
    return tuple(changed.get(command.name, command.keys))


def in_the_way(command: Command, key: str, changed: Keys) -> tuple[Command, ...]:
    """The other commands that `key` means already where `command` would hear it: one in each workspace at most."""
    return tuple(
        other for other in COMMANDS if other is not command and key in keys_of(other, changed) and _meet(command, other)
    )


def with_key(command: Command, key: str, changed: Keys) -> tuple[dict[str, tuple[str, ...]], tuple[Command, ...]]:
    """`key` alone means `command` from now on; "" = no key does.

    Returns:
        All changes, and the commands that the key was taken from.
    """
    keys = (key,) if key else ()
    result, others = _taken_for(command, keys, changed)
    return _needed(result | {command.name: keys}), others


def as_it_was(command: Command, changed: Keys) -> tuple[dict[str, tuple[str, ...]], tuple[Command, ...]]:
    """`command` has the table's keys again, which are taken from whatever they mean now; as `with_key`."""
    others = {name: keys for name, keys in changed.items() if name != command.name}
    result, taken = _taken_for(command, command.keys, others)
    return _needed(result), taken


def _taken_for(
    command: Command, keys: tuple[str, ...], changed: Keys
) -> tuple[dict[str, tuple[str, ...]], tuple[Command, ...]]:
    """Changes by which `keys` mean nothing but `command`, and the commands they were taken from."""
    result, taken = dict(changed), list[Command]()
    for key in keys:
        for other in in_the_way(command, key, result):
            result[other.name] = tuple(found for found in keys_of(other, result) if found != key)
            taken.append(other)
    return result, tuple(dict.fromkeys(taken))


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
