"""Signing in against an identity provider of the test's own: verification, renewal, and what can go wrong."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from itkgui.client import transfer
from itkgui.client.auth import Grant
from itkgui.client.credentials import AccessCodes, BearerToken
from itkgui.client.exceptions import (
    AccessCodesMissing,
    AccessCodesWrong,
    Cancelled,
    ClockWrong,
    ItkError,
    NotTheApi,
    ServerTrouble,
    SessionExpired,
    TokenRefused,
    UnreadableAnswer,
)

if TYPE_CHECKING:
    from tests.unit.client.conftest import Provider, Wire

AUDIENCE = "https://itkpd.unicornuniversity.net"


def test_codes_become_a_verified_token(provider: Provider) -> None:
    authenticator = provider.authenticator()
    bearer = authenticator.bearer()
    assert jwt.decode(bearer, options={"verify_signature": False})["name"] == "Alex Example"
    identity = authenticator.identity
    assert (identity.uuidentity, identity.name) == ("12-3456-1", "Alex Example")
    assert identity.expires is not None
    assert identity.expires.timestamp() == pytest.approx(time.time() + 1800, abs=5)
    assert identity.expires.utcoffset() is not None
    request = provider.server.received[0]
    assert (request.method, request.target) == ("POST", "/oidc/grantToken")
    assert request.json == {
        "grant_type": "password",
        "accessCode1": "one",
        "accessCode2": "two",
        "scope": "openid https://itkpd.unicornuniversity.net",
    }
    assert "authorization" not in request.headers


def test_a_good_token_is_used_again(provider: Provider) -> None:
    authenticator = provider.authenticator()
    assert authenticator.bearer() == authenticator.bearer()
    assert provider.grants == 1


@pytest.mark.parametrize(
    ("life", "left", "ahead", "is_due"),
    [
        (1800, 61, 60, False),
        (1800, 59, 60, True),
        (1800, 599, 600, True),
        (1800, 1000, 3600, False),  # at half its life, however early it is wanted
        (1800, 899, 3600, True),
        (2, 1.5, 60, False),
        (2, 0.9, 60, True),
    ],
)
def test_a_token_is_due_ahead_of_its_end(life: float, left: float, ahead: float, is_due: bool) -> None:
    now = time.time()
    grant = Grant("t", {"exp": now + left}, can_be_renewed=True, begins=now + left - life)
    assert grant.is_due(ahead, now) is is_due
    assert not replace(grant, can_be_renewed=False).is_due(ahead, now)


def test_a_transfer_wants_a_token_that_lasts(provider: Provider) -> None:
    """One with a third of its life left is good for a request, and renewed before a file is sent."""
    provider.claims = {"exp": time.time() + 300}
    authenticator = provider.authenticator()
    first = authenticator.bearer()
    grant = authenticator.grant
    assert grant is not None
    authenticator._grant = replace(grant, begins=time.time() - 600)
    assert authenticator.bearer() == first
    provider.claims = {}
    assert authenticator.bearer(for_transfer=True) != first
    assert provider.grants == 2


def test_a_token_near_its_end_is_renewed(provider: Provider) -> None:
    provider.lifetime = 0.2
    short = provider.authenticator()
    first = short.bearer()
    provider.lifetime = 1800
    deadline = time.monotonic() + 5
    while (second := short.bearer()) and provider.grants == 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert second != first
    assert provider.grants == 2


def test_many_threads_renew_once(provider: Provider) -> None:
    provider.latency = 0.1
    authenticator = provider.authenticator()
    tokens: list[str] = []
    threads = [threading.Thread(target=lambda: tokens.append(authenticator.bearer())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 16
    assert len(set(tokens)) == 1
    assert provider.grants == 1


def test_many_threads_replace_a_refused_token_once(provider: Provider) -> None:
    authenticator = provider.authenticator()
    refused = authenticator.bearer()
    others: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: others.append(authenticator.replace(refused))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(others)) == 1
    assert refused not in others
    assert provider.grants == 2


def test_a_refused_token_is_not_replaced_by_one_that_is_due(provider: Provider) -> None:
    """Another thread may have renewed it long ago."""
    authenticator = provider.authenticator()
    refused = authenticator.bearer()
    second = authenticator.replace(refused)
    grant = authenticator.grant
    assert grant is not None
    old = {**grant.claims, "exp": time.time() + 5}
    authenticator._grant = replace(grant, claims=old, begins=time.time() - 1800)
    assert authenticator.replace(refused) not in (refused, second)
    assert provider.grants == 3


@pytest.mark.parametrize(("status", "kind"), [(503, ServerTrouble), (401, AccessCodesWrong)])
def test_threads_that_wait_for_a_renewal_share_its_failure(
    provider: Provider, wire: Wire, status: int, kind: type[ItkError]
) -> None:
    """Else each would wait for the provider as long as those before it together, or try wrong codes again."""
    provider.replies["grantToken"] = wire.failure(status, "uu-oidc/busy")
    provider.latency = 0.5
    authenticator = provider.authenticator()
    errors: list[ItkError] = []
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        try:
            authenticator.bearer()
        except ItkError as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(error) for error in errors] == [kind] * 8
    assert {error.detail for error in errors} == {"busy: No. (request request-1)"}
    assert len({id(error) for error in errors}) == 8
    assert len(provider.server.received) == 1
    with pytest.raises(kind):
        authenticator.bearer()
    assert len(provider.server.received) == (1 if status == 401 else 2), "wrong codes stay wrong"


def test_a_thread_that_waits_for_a_renewal_can_be_cancelled(provider: Provider, wire: Wire) -> None:
    provider.replies["grantToken"] = wire.silence
    authenticator = provider.authenticator()
    first, second = transfer.Transfer(), transfer.Transfer()
    outcome: list[ItkError] = []

    def ask(watched: transfer.Transfer) -> None:
        with transfer.running(watched):
            try:
                authenticator.bearer()
            except ItkError as error:
                outcome.append(error)

    threads = [threading.Thread(target=ask, args=(watched,)) for watched in (first, second)]
    for thread in threads:
        thread.start()
    while not provider.server.received:
        time.sleep(0.001)
    first.cancel()
    second.cancel()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    assert [type(error) for error in outcome] == [Cancelled, Cancelled]


@pytest.mark.parametrize("codes", [("", ""), ("one", ""), ("", "two"), (" ", "two")])
def test_missing_codes_are_found_without_a_request(provider: Provider, codes: tuple[str, str]) -> None:
    with pytest.raises(AccessCodesMissing):
        provider.authenticator(AccessCodes(*codes)).bearer()
    assert not provider.server.received


def test_wrong_codes(provider: Provider, wire: Wire) -> None:
    code = (
        "uu-oidc-main/grantToken/identityNotAuthenticated "  # the blank is the server's (API reference §2.3)
    )
    cause = {"x/y": {"message": "Invalid user authentication."}}
    provider.replies["grantToken"] = wire.failure(401, code, "Identity not Authenticated", cause=cause)
    with pytest.raises(AccessCodesWrong, match="Invalid user authentication"):
        provider.authenticator().bearer()
    assert len(provider.server.received) == 1


def test_a_provider_in_trouble_is_not_a_matter_of_codes(provider: Provider, wire: Wire) -> None:
    provider.replies["grantToken"] = wire.failure(500, "uu-oidc-main/grantToken/unexpectedError")
    with pytest.raises(ServerTrouble):
        provider.authenticator().bearer()


def test_a_web_page_instead_of_a_provider(provider: Provider, wire: Wire) -> None:
    provider.replies["grantToken"] = wire.reply(200, b"<html></html>", "text/html")
    with pytest.raises(NotTheApi):
        provider.authenticator().bearer()


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"nbf": int(time.time()) + 100_000}, ClockWrong),
        ({"iat": int(time.time()) + 100_000}, ClockWrong),
        ({"exp": int(time.time()) - 100_000}, ClockWrong),
        ({"aud": "https://elsewhere.example"}, TokenRefused),
        ({"aud": None}, TokenRefused),
        ({"exp": None}, TokenRefused),
        ({"exp": 10**20}, TokenRefused),
        ({"sub": 5}, TokenRefused),
    ],
)
def test_a_granted_token_with_wrong_claims(
    provider: Provider, claims: dict[str, Any], error: type[ItkError]
) -> None:
    provider.claims = claims
    with pytest.raises(error):
        provider.authenticator().bearer()


def test_a_clock_a_little_behind_is_tolerated(provider: Provider) -> None:
    provider.claims = {"nbf": int(time.time()) + 1}
    assert provider.authenticator().bearer()


def test_a_token_signed_by_another_key(provider: Provider, wire: Wire) -> None:
    token = provider.token()
    provider.new_key()
    provider.replies["grantToken"] = wire.json({"id_token": token})
    with pytest.raises(TokenRefused):
        provider.authenticator().bearer()


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_only_rs256_is_accepted(provider: Provider, wire: Wire, algorithm: str) -> None:
    key = "" if algorithm == "none" else "a secret of at least thirty-two bytes"
    token = jwt.encode({"aud": AUDIENCE, "exp": time.time() + 99}, key, algorithm, headers={"kid": "key-1"})
    provider.replies["grantToken"] = wire.json({"id_token": token})
    with pytest.raises(TokenRefused):
        provider.authenticator().bearer()


@pytest.mark.parametrize(
    "answer", [{}, {"id_token": None}, {"id_token": "abc"}, {"id_token": "a.b.c"}, {"id_token": 5}]
)
def test_an_answer_without_a_token(provider: Provider, wire: Wire, answer: Any) -> None:
    provider.replies["grantToken"] = wire.json(answer)
    with pytest.raises(TokenRefused):
        provider.authenticator().bearer()


@pytest.mark.parametrize(
    "keys", [None, [], "text", [{"kty": "RSA", "kid": "key-1", "n": "AQAB", "e": 5}], [[]], {}]
)
def test_a_provider_whose_keys_are_of_no_use(provider: Provider, wire: Wire, keys: Any) -> None:
    provider.replies["listKeys"] = wire.json({"keys": keys})
    with pytest.raises(TokenRefused):
        provider.authenticator().bearer()


def test_keys_that_cannot_be_read(provider: Provider, wire: Wire) -> None:
    provider.replies["listKeys"] = wire.reply(200, b"[1")
    with pytest.raises(UnreadableAnswer):
        provider.authenticator().bearer()


def test_a_bearer_is_verified_and_used_as_it_is(provider: Provider) -> None:
    token = provider.token()
    authenticator = provider.authenticator(BearerToken(f" {token}\n"))
    assert authenticator.bearer() == token
    assert authenticator.identity.name == "Alex Example"
    assert authenticator.replace(token) is None
    assert provider.grants == 0


def test_an_opaque_bearer_is_used_without_a_question(provider: Provider) -> None:
    authenticator = provider.authenticator(BearerToken("an-opaque-key"))
    assert authenticator.bearer() == "an-opaque-key"
    other = provider.authenticator(BearerToken("another-key"))
    assert (other.account, other.bearer()) == ("", "another-key")
    assert authenticator.account, "accounts that nobody knows the name of are told apart all the same"
    assert len({authenticator.account, authenticator.account, other.account}) == 2
    assert "key" not in authenticator.account
    assert authenticator.identity.uuidentity == ""
    assert authenticator.identity.expires is None
    assert not provider.server.received


def test_what_is_forgotten_is_gone(provider: Provider) -> None:
    authenticator = provider.authenticator()
    authenticator.bearer()
    authenticator.forget()
    assert authenticator.identity.name == ""
    with pytest.raises(SessionExpired):
        authenticator.bearer()
    assert provider.grants == 1


def test_credentials_do_not_show_their_secrets() -> None:
    assert "canary" not in repr(AccessCodes("canary", "canary"))
    assert "canary" not in repr(BearerToken("canary"))
