"""What goes over the wire comes back as it was; whatever else comes is a `MessageError`, never another one."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search import watchpoints
from engine.search.settings import METHODS
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
from tests.engine.service.fakes import with_unknown_fields

REQUESTS = tuple(AnyRequest.__args__)
REPLIES = tuple(AnyReply.__args__)

# msgspec cannot tell hypothesis about what metrics may hold.
st.register_type_strategy(
    messages.GenerationInfo,
    st.builds(
        messages.GenerationInfo,
        id=st.text(),
        name=st.text(),
        domain=st.text(),
        weights_hash=st.text(),
        parent=st.none() | st.text(),
        metrics=st.dictionaries(st.text(), st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text()),
    ),
)
WHOLE = st.integers(-(2**63), 2**63 - 1)
POSITIVE = st.integers(1, 2**63 - 1)
st.register_type_strategy(int, WHOLE)
st.register_type_strategy(float, st.floats(allow_nan=False))


def any_limits() -> st.SearchStrategy[messages.Limits]:
    seconds = st.floats(0, exclude_min=True, allow_nan=False)
    return st.builds(
        messages.Limits,
        simulations=st.none() | POSITIVE,
        seconds=st.none() | seconds,
        memory_bytes=st.none() | POSITIVE,
        depth=st.none() | POSITIVE,
        kld_gain=st.none() | seconds,
    )


def any_settings() -> st.SearchStrategy[messages.SearchSettings]:
    return st.builds(
        messages.SearchSettings,
        method=st.sampled_from(METHODS),
        batch=st.integers(1, 4096),
        seed=WHOLE,
        c_puct=st.floats(0, 1e6),
        c_puct_base=st.floats(1e-3, 1e6),
        c_puct_factor=st.floats(0, 1e6),
        fpu_reduction=st.floats(0, 2),
        policy_temperature=st.floats(1e-3, 1e3),
        prune_out_of_reach=st.booleans(),
    )


st.register_type_strategy(messages.Limits, any_limits())
st.register_type_strategy(messages.SearchSettings, any_settings())
# msgspec's limits of these fields are not seen by hypothesis either.
st.register_type_strategy(messages.BoostBranch, st.builds(messages.BoostBranch, visits=POSITIVE))
PATH, VALUE = st.lists(WHOLE, max_size=4).map(tuple), st.floats(-1, 1)
for kind, fields in {
    watchpoints.BestChanges: {"after": POSITIVE},
    watchpoints.VisitsReach: {"path": PATH, "visits": POSITIVE},
    watchpoints.ValueMoves: {
        "path": PATH,
        "by": st.floats(0, 2, exclude_min=True),
        "base": st.none() | VALUE,
        "after": POSITIVE,
    },
    watchpoints.ValueCrosses: {"path": PATH, "value": VALUE, "after": POSITIVE},
    watchpoints.BranchPruned: {"reasons": st.lists(st.integers(1, 7)).map(tuple), "below": PATH},
    watchpoints.DepthReached: {"depth": POSITIVE},
    watchpoints.QueryHolds: {"text": st.text(), "nodes": POSITIVE},
}.items():
    st.register_type_strategy(kind, st.builds(kind, **fields))
st.register_type_strategy(messages.SetPrior, st.builds(messages.SetPrior, prior=st.floats(0, 1)))


@given(st.one_of([st.from_type(kind) for kind in REQUESTS]))
def test_requests_come_back(request: messages.Request) -> None:
    assert decode_request(encode_message(request)) == request
    assert request_id(encode_message(request)) == request.id


@given(st.one_of([st.from_type(kind) for kind in REPLIES]))
def test_replies_come_back(reply: messages.Answer | messages.Notice) -> None:
    assert decode_reply(encode_message(reply)) == reply


@given(st.one_of([st.from_type(kind) for kind in REQUESTS]))
def test_fields_of_a_newer_version_are_ignored(request: messages.Request) -> None:
    assert decode_request(with_unknown_fields(request)) == request


@given(st.binary())
def test_garbage(frame: bytes) -> None:
    with pytest.raises(MessageError):
        decode_request(frame)
    with pytest.raises(MessageError):
        decode_reply(frame)
    assert request_id(frame) == NO_REQUEST


@given(st.one_of([st.from_type(kind) for kind in REQUESTS]), st.data())
def test_damaged_requests(request: messages.Request, data: st.DataObject) -> None:
    frame = bytearray(encode_message(request))
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
