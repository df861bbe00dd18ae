"""Comments of games as files keep them: words for people, and commands such as "[%clk 0:05:00]" for programs.

The text is kept as it was read, so that commands nobody here knows survive; these functions look into it.
"""

import re

_COMMAND = re.compile(r"\s*\[%(\w+)\s+([^\]]*)\]\s*")


def words_of(comment: str) -> str:
    """What is meant for people: the comment without its commands."""
    return _COMMAND.sub(" ", comment).strip()


def commands_of(comment: str) -> tuple[tuple[str, str], ...]:
    """Names and values of the commands, in order."""
    return tuple((match[1], match[2].strip()) for match in _COMMAND.finditer(comment))


def command_of(comment: str, name: str) -> str:
    """The value of the first command of that name, or ""."""
    return next((value for key, value in commands_of(comment) if key == name), "")


def with_words(comment: str, words: str) -> str:
    """The comment with other words and the same commands, which come first; braces would end it and are left out."""
    kept = "".join(f"[%{name} {value}]" for name, value in commands_of(comment))
    return " ".join(filter(None, (kept, words.translate(_NO_BRACES).strip())))


def with_command(comment: str, name: str, value: str) -> str:
    """The comment with a command in place of those of that name; an empty value takes them away."""
    others = [pair for pair in commands_of(comment) if pair[0] != name]
    pairs = [(name, value), *others] if value else others
    made = "".join(f"[%{key} {held}]" for key, held in pairs)
    return " ".join(filter(None, (made, words_of(comment))))


_NO_BRACES = str.maketrans("{}", "()")
