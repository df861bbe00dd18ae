"""Limits go over the wire: what makes no sense is refused there, and every limit asked for has its stopper."""

import msgspec
import pytest

from engine.search.limits import Limits
from engine.search.stoppers import stoppers_for

LIMITS = tuple(name for name in Limits.__struct_fields__ if name != "is_step")
"""The fields that end a run; `is_step` says only how the run is to be watched."""


@pytest.mark.parametrize("name", LIMITS)
def test_nothing_and_less_than_nothing_are_no_limits(name: str) -> None:
    for value in (0, -1):
        with pytest.raises(msgspec.ValidationError, match=rf"\$\.{name}"):
            msgspec.convert({name: value}, Limits)
    assert getattr(msgspec.convert({name: 3}, Limits), name) == 3


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_has_a_stopper(name: str) -> None:
    always = [type(stopper).__name__ for stopper in stoppers_for(Limits())]
    asked = [type(stopper).__name__ for stopper in stoppers_for(Limits(**{name: 3}))]
    assert always == ["SolvedStopper", "NothingLeftStopper", "CountStopper"]
    assert len(asked) == len(always) + 1
    assert set(always) < set(asked)


def test_a_step_ends_no_run() -> None:
    assert [type(stopper) for stopper in stoppers_for(Limits(is_step=True))] == [
        type(stopper) for stopper in stoppers_for(Limits())
    ]


def test_all_at_once_is_as_many_stoppers() -> None:
    everything = Limits(**dict.fromkeys(LIMITS, 3))
    assert len({type(stopper) for stopper in stoppers_for(everything)}) == len(LIMITS) + 3
