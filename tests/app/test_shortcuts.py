"""Keys that a person changes: one key never means two things in one place, and what was taken is said."""

from hypothesis import given
from hypothesis import strategies as st

from app import shortcuts
from app.commands import COMMANDS

NAMES = st.sampled_from([command.name for command in COMMANDS])
KEYS = st.sampled_from(sorted({key for command in COMMANDS for key in command.keys} | {"", "F7", "Ctrl+7"}))


def clashes(changed: shortcuts.Keys) -> list[tuple[str, str]]:
    return [
        (command.name, key)
        for command in COMMANDS
        for key in shortcuts.keys_of(command, changed)
        if shortcuts.in_the_way(command, key, changed)
    ]


def test_no_key_of_the_table_means_two_things_in_one_place() -> None:
    assert clashes({}) == []


@given(st.lists(st.tuples(NAMES, KEYS, st.booleans()), max_size=12))
def test_however_keys_are_changed_none_means_two_things(changes: list[tuple[str, str, bool]]) -> None:
    changed: dict[str, tuple[str, ...]] = {}
    for name, key, is_reset in changes:
        command = shortcuts.BY_NAME[name]
        changed, _ = shortcuts.as_it_was(command, changed) if is_reset else shortcuts.with_key(command, key, changed)
        assert shortcuts.keys_of(command, changed) == (command.keys if is_reset else (key,) if key else ())
    assert clashes(changed) == []
    assert all(keys != shortcuts.BY_NAME[name].keys for name, keys in changed.items())


def test_what_a_key_was_taken_from_is_said() -> None:
    undo, flip = shortcuts.BY_NAME["undo"], shortcuts.BY_NAME["flip"]
    changed, others = shortcuts.with_key(flip, "Ctrl+Z", {})
    assert others == (undo,)
    assert shortcuts.keys_of(undo, changed) == ()
    back, others = shortcuts.as_it_was(undo, changed)
    assert others == (flip,)
    assert (shortcuts.keys_of(undo, back), shortcuts.keys_of(flip, back)) == (("Ctrl+Z",), ())


def test_a_key_that_two_workspaces_have_is_taken_from_both() -> None:
    everywhere, match, training = (shortcuts.BY_NAME[name] for name in ("open", "toggle_match", "toggle_round"))
    changed, others = shortcuts.with_key(everywhere, "Ctrl+Return", {})
    assert others == (match, training)
    assert all("Ctrl+Return" not in shortcuts.keys_of(other, changed) for other in others)
    changed, others = shortcuts.with_key(match, "F9", {})
    assert others == ()
    assert shortcuts.with_key(training, "F9", changed)[1] == ()


def test_changes_of_commands_that_are_gone_are_forgotten() -> None:
    assert shortcuts.known({"no_such_thing": ("F7",), "flip": ("F7",)}) == {"flip": ("F7",)}
