"""A token from elsewhere is taken as it is, and refused as far as it can be judged."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from itkgui.client.credentials import BearerToken
from itkgui.client.exceptions import (
    ClockWrong,
    TokenRefused,
)

if TYPE_CHECKING:
    from tests.unit.client.conftest import Provider, Wire


def unsigned(header: Any, claims: Any) -> str:
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)
    )
    return ".".join((*parts, "AAAA"))


def test_a_bearer_is_used_unverified_where_nobody_can_verify_it(provider: Provider, wire: Wire) -> None:
    provider.replies["listKeys"] = wire.reply(500)
    assert provider.authenticator(BearerToken(provider.token())).bearer()
    del provider.replies["listKeys"]
    other = jwt.encode(
        {"name": "B", "exp": time.time() + 99}, provider.key, "RS256", headers={"kid": "other"}
    )
    assert provider.authenticator(BearerToken(other)).bearer() == other


@pytest.mark.parametrize(
    "token",
    [
        "",
        " ",
        "two words",
        "line\nbreak",
        "grün",
        "a.b.c",
        "..",
        unsigned({}, []),
        unsigned([], {}),
        unsigned(5, 5),
    ],
)
def test_a_malformed_bearer_is_refused(provider: Provider, token: str) -> None:
    with pytest.raises(TokenRefused):
        provider.authenticator(BearerToken(token)).bearer()


def test_an_expired_bearer_is_refused(provider: Provider) -> None:
    with pytest.raises(TokenRefused, match="expired at 20"):
        provider.authenticator(BearerToken(provider.token(exp=time.time() - 60))).bearer()


@pytest.mark.parametrize("exp", [10**20, -(10**20), float("1e300")])
def test_a_bearer_that_ends_at_an_impossible_time(provider: Provider, exp: float) -> None:
    with pytest.raises(TokenRefused):
        provider.authenticator(BearerToken(provider.token(exp=exp))).bearer()


def test_a_bearer_with_a_wrong_signature_is_refused(provider: Provider) -> None:
    head, _, signature = provider.token().rpartition(".")
    with pytest.raises(TokenRefused):
        provider.authenticator(BearerToken(f"{head}.{signature[:10]}AAAA{signature[14:]}")).bearer()


def test_a_bearer_of_the_future_tells_of_the_clock(provider: Provider) -> None:
    with pytest.raises(ClockWrong):
        provider.authenticator(BearerToken(provider.token(nbf=int(time.time()) + 500))).bearer()
