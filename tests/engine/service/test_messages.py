"""What goes over the wire comes back as it was; whatever else comes is a `MessageError`, never another one."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.service import messages
from engine.service.messages import (
    NO_REQUEST,
    AnyReply,
    AnyRequest,
    Hello,
    MessageError,
    RunSearch,
    decode_reply,
    decode_request,
    encode_message,
    request_id,
)
from tests.engine.service.any_message import any_of
from tests.engine.service.fakes import with_unknown_fields

REQUESTS = tuple(AnyRequest.__args__)
REPLIES = tuple(AnyReply.__args__)

# One for each type, so that none is left out by chance.
any_request = pytest.mark.parametrize("kind", REQUESTS, ids=lambda kind: kind.__name__)
any_reply = pytest.mark.parametrize("kind", REPLIES, ids=lambda kind: kind.__name__)


@any_request
@settings(max_examples=20)
@given(data=st.data())
def test_requests_come_back(kind: type[messages.Request], data: st.DataObject) -> None:
    asked = data.draw(any_of(kind))
    assert decode_request(encode_message(asked)) == asked
    assert request_id(encode_message(asked)) == asked.id
    assert decode_request(with_unknown_fields(asked)) == asked, "fields of a newer version are ignored"


@any_reply
@settings(max_examples=20)
@given(data=st.data())
def test_replies_come_back(kind: type[messages.Answer | messages.Notice], data: st.DataObject) -> None:
    reply = data.draw(any_of(kind))
    assert decode_reply(encode_message(reply)) == reply


@given(st.binary())
def test_garbage(frame: bytes) -> None:
    with pytest.raises(MessageError):
        decode_request(frame)
    with pytest.raises(MessageError):
        decode_reply(frame)
    assert request_id(frame) == NO_REQUEST


@given(st.data())
def test_damaged_requests(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(REQUESTS))
    frame = bytearray(encode_message(data.draw(any_of(kind))))
    for place in data.draw(st.lists(st.integers(0, len(frame) - 1), min_size=1, max_size=3)):
        frame[place] = data.draw(st.integers(0, 255))
    try:
        decode_request(bytes(frame))
    except MessageError:
        request_id(bytes(frame))


NESTED = b"\x91" * 100_000 + b"\xc0"


@pytest.mark.parametrize(
    "frame",
    [
        b"\x83\xa4type\xa5Hello\xa2id\x01\xa1z" + NESTED,
        b"\x83\xa4type\xa5H\xffllo\xa2id\x01\xa7version\x01",
        b"\x83\xa4type\xa5Hello\xa2id\xa2\xff\xfe\xa7version\x01",
        b"\x83\xa4t\xffpe\xa5Hello\xa2id\x01\xa7version\x01",
    ],
    ids=["nested without end", "no UTF-8 in the tag", "no UTF-8 in a value", "no UTF-8 in a key"],
)
def test_what_msgspec_has_other_errors_for(frame: bytes) -> None:
    with pytest.raises(MessageError):
        decode_request(frame)
    with pytest.raises(MessageError):
        decode_reply(frame)
    request_id(frame)


@pytest.mark.parametrize(
    ("limits", "named"),
    [({"simulations": 0}, "simulations"), ({"seconds": -1.5}, "seconds"), ({"memory_bytes": "much"}, "memory_bytes")],
)
def test_an_impossible_budget_is_refused_by_name(limits: dict[str, object], named: str) -> None:
    frame = msgspec.msgpack.encode({"type": "RunSearch", "id": 7, "limits": limits})
    with pytest.raises(MessageError, match=rf"\$\.limits\.{named}"):
        decode_request(frame)
    assert request_id(frame) == 7


def test_the_tag_is_the_name_of_the_message() -> None:
    """Other programs may write messages by hand; renaming a message is a change of the protocol."""
    assert msgspec.msgpack.decode(encode_message(Hello(id=1, version=2))) == {"type": "Hello", "id": 1, "version": 2}
    assert msgspec.msgpack.decode(encode_message(RunSearch(id=3)))["type"] == "RunSearch"


@pytest.mark.parametrize(
    ("request_", "named"),
    [({"type": "BoostBranch", "visits": 0}, "visits"), ({"type": "SetPrior", "prior": 1.5}, "prior")],
)
def test_an_impossible_act_is_refused_by_name(request_: dict[str, object], named: str) -> None:
    with pytest.raises(MessageError, match=named):
        decode_request(msgspec.msgpack.encode({"id": 7, "path": [1], "roots": 0, **request_}))
