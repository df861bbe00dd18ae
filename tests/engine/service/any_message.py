"""Any message there can be: strategies for hypothesis from what msgspec knows of a type, its limits included."""

from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

_MOST = 3  # items of a sequence: messages with more are not of another kind
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_SCALARS = st.integers(_LOWEST, _HIGHEST) | st.floats(allow_nan=False) | st.text(max_size=_MOST) | st.none()


def any_of(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Every message of a type."""
    return _of(inspect.type_info(kind))


def _of(info: inspect.Type) -> st.SearchStrategy[Any]:
    if type(info) not in _MADE_BY:
        raise TypeError(f"no message has had a {info} so far: say here what it may be")
    return _MADE_BY[type(info)](info)


def _struct(info: inspect.StructType | inspect.DataclassType) -> st.SearchStrategy[Any]:
    return st.builds(info.cls, **{field.name: _of(field.type) for field in info.fields})


def _text(info: inspect.StrType) -> st.SearchStrategy[str]:
    return st.text(max_size=8) if info.pattern is None else st.from_regex(info.pattern, fullmatch=True)


def _items(info: inspect.ListType | inspect.VarTupleType) -> st.SearchStrategy[list[Any]]:
    return st.lists(_of(info.item_type), max_size=_MOST)


def _dictionary(info: inspect.DictType) -> st.SearchStrategy[dict[Any, Any]]:
    return st.dictionaries(_of(info.key_type), _of(info.value_type), max_size=_MOST)


def _integers(info: inspect.IntType) -> st.SearchStrategy[int]:
    low = _LOWEST if info.ge is None else info.ge
    low = low if info.gt is None else max(low, info.gt + 1)
    high = _HIGHEST if info.le is None else info.le
    return st.integers(low, high if info.lt is None else min(high, info.lt - 1))


def _floats(info: inspect.FloatType) -> st.SearchStrategy[float]:
    low, high = (info.gt if info.ge is None else info.ge), (info.lt if info.le is None else info.le)
    return st.floats(
        None if low is None else float(low),
        None if high is None else float(high),
        allow_nan=False,
        exclude_min=info.gt is not None,
        exclude_max=info.lt is not None,
    )


_MADE_BY: dict[type[inspect.Type], Callable[[Any], st.SearchStrategy[Any]]] = {
    inspect.Metadata: lambda info: _of(info.type),
    inspect.AnyType: lambda _: _SCALARS,
    inspect.NoneType: lambda _: st.none(),
    inspect.BoolType: lambda _: st.booleans(),
    inspect.IntType: _integers,
    inspect.FloatType: _floats,
    inspect.StrType: _text,
    inspect.BytesType: lambda _: st.binary(max_size=8),
    inspect.LiteralType: lambda info: st.sampled_from(info.values),
    inspect.UnionType: lambda info: st.one_of([_of(part) for part in info.types]),
    inspect.StructType: _struct,
    inspect.DataclassType: _struct,
    inspect.ListType: _items,
    inspect.VarTupleType: lambda info: _items(info).map(tuple),
    inspect.TupleType: lambda info: st.tuples(*(_of(part) for part in info.item_types)),
    inspect.DictType: _dictionary,
}
