"""Reads the protobuf wire format: a message as numbered fields, without a schema.

The few rules are those of https://protobuf.dev/programming-guides/encoding. A message is a row of fields, each with a
key (number and kind) before its value; which numbers mean what is the reader's knowledge (`engine.nets.lc0_file`).
"""

from collections.abc import Mapping, Sequence

Fields = Mapping[int, Sequence[int | memoryview]]
"""Values of a message by field number, in the order they stand: a number (kinds varint, 32 and 64 bit, the latter two
unconverted) or bytes (texts, packed rows and messages within it)."""

_VARINT, _SIXTY_FOUR, _BYTES, _THIRTY_TWO = 0, 1, 2, 5
_WIDTHS = {_SIXTY_FOUR: 8, _THIRTY_TWO: 4}
_LONGEST_VARINT = 10


class WireError(ValueError):
    """Bytes that are no protobuf message; the message says where they stop being one."""


def fields_of(message: bytes | memoryview) -> Fields:
    """The fields of `message`; bytes in it are not copied.

    Raises:
        WireError: it ends within a field, or is no message at all.
    """
    view = memoryview(message)
    found: dict[int, list[int | memoryview]] = {}
    at = 0
    while at < len(view):
        start = at
        key, at = _varint(view, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise WireError(f"no field can begin at byte {start}")
        value: int | memoryview
        if kind == _VARINT:
            value, at = _varint(view, at)
        elif kind == _BYTES:
            length, at = _varint(view, at)
            value, at = _cut(view, at, length)
        elif kind in _WIDTHS:
            part, at = _cut(view, at, _WIDTHS[kind])
            value = int.from_bytes(part, "little")
        else:
            raise WireError(f"the field at byte {start} is of kind {kind}, which is not in use")
        found.setdefault(number, []).append(value)
    return found


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    """The number at `at`, seven bits a byte with the lowest first, and where it ends."""
    value = 0
    for count, byte in enumerate(view[at : at + _LONGEST_VARINT]):
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return value, at + count + 1
    raise WireError(f"the number at byte {at} does not end")


def _cut(view: memoryview, at: int, length: int) -> tuple[memoryview, int]:
    if at + length > len(view):
        raise WireError(f"{length} bytes are announced at byte {at}, {len(view) - at} are left")
    return view[at : at + length], at + length
