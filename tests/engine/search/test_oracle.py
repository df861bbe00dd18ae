"""The oracle that knows nothing."""

import numpy as np

from engine.domains.registry import rules
from engine.search.oracle import NoOracle, Oracle


def test_it_knows_nothing() -> None:
    oracle: Oracle = NoOracle()
    assert oracle.probe(np.zeros(3, rules("connect_four").state_dtype)).tolist() == [0, 0, 0]
    assert oracle.probe(np.zeros(0, rules("chess").state_dtype)).shape == (0,)
    assert oracle.name == ""
