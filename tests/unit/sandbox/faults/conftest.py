"""Each test of faults begins without rules and with an empty log."""

from __future__ import annotations

import pytest

from tests.unit.sandbox.caller import Caller


@pytest.fixture
def api(api: Caller) -> Caller:
    """One client, before whom there were neither rules nor requests."""
    api.control("DELETE", "faults")
    api.control("DELETE", "log")
    return api
