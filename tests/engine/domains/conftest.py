"""The `domain` fixture: one test, every domain."""

import pytest

from tests.engine.domains.cases import NAMES, Domain, domain_named


@pytest.fixture(scope="session", params=NAMES)
def domain(request: pytest.FixtureRequest) -> Domain:
    """Each domain in turn."""
    return domain_named(request.param)
