"""A server that is not reached: another advice where it should run on this very computer."""

from __future__ import annotations

import pytest

from itkgui.client.local_server import LocalServerUnreachable, unreached


@pytest.mark.parametrize(
    ("server", "is_local"),
    [
        ("127.0.0.1:40123", True),
        ("[::1]:443", True),
        ("localhost:80", True),
        ("itkpd.example:443", False),
        ("192.0.2.1:443", False),
        ("localhost.example:443", False),
        ("", False),
    ],
)
def test_advice_fits_where_the_server_is(server: str, is_local: bool) -> None:
    error = unreached(server, "refused")
    assert isinstance(error, LocalServerUnreachable) is is_local
    assert ("Check the network" in error.cure) is not is_local
    assert (error.title, error.detail) == ("Server not reached", "refused")
