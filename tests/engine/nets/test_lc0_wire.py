"""The wire format, on the examples of its own documentation and on damaged messages."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.nets.lc0_wire import WireError, fields_of
from tests.engine.nets.lc0_files import fixed32, number, text


def test_the_examples_of_the_documentation() -> None:
    assert fields_of(bytes.fromhex("089601")) == {1: [150]}
    assert fields_of(bytes.fromhex("120774657374696e67")) == {2: [b"testing"]}


def test_repeated_fields_stand_in_order() -> None:
    found = fields_of(number(1, 3) + text(2, b"a") + number(1, 4) + fixed32(3, b"\x01\x00\x00\x80"))
    assert found == {1: [3, 4], 2: [b"a"], 3: [0x80000001]}


@given(st.lists(st.tuples(st.integers(1, 2**28), st.one_of(st.integers(0, 2**63), st.binary(max_size=300)))))
def test_what_is_written_is_read(rows: list[tuple[int, int | bytes]]) -> None:
    message = b"".join(number(tag, row) if isinstance(row, int) else text(tag, row) for tag, row in rows)
    expected: dict[int, list[int | bytes]] = {}
    for tag, row in rows:
        expected.setdefault(tag, []).append(row)
    assert fields_of(message) == expected


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"\x08", "the number at byte 1 does not end"),
        (b"\x08" + b"\xff" * 11, "does not end"),
        (b"\x12\x05abc", "5 bytes are announced at byte 2, 3 are left"),
        (b"\x0d\x01\x02", "4 bytes are announced"),
        (b"\x0b", "kind 3"),
        (b"\x00\x01", "no field can begin at byte 0"),
    ],
)
def test_damage_is_located(message: bytes, said: str) -> None:
    with pytest.raises(WireError, match=said):
        fields_of(message)


@given(st.binary(max_size=60))
def test_no_bytes_do_harm(message: bytes) -> None:
    with contextlib.suppress(WireError):
        fields_of(message)
