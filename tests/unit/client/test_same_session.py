"""A session that goes on with credentials entered anew, and what is known of one that cannot."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import pytest

from itkgui.client.credentials import AccessCodes, BearerToken
from itkgui.client.exceptions import (
    AccessCodesWrong,
    ServerTrouble,
    SessionExpired,
    SomebodyElse,
    TokenRefused,
    TooLongToBe,
)
from tests.unit.client.signed_in import sign_in

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess
    from tests.unit.client.conftest import Provider, Wire

OTHERS = AccessCodes("three", "four")


def test_the_same_person_s_codes_take_the_session_on(provider: Provider) -> None:
    authenticator = provider.authenticator()
    first = authenticator.bearer()
    authenticator.change(OTHERS)
    assert authenticator.holds(OTHERS)
    assert authenticator.bearer() != first
    assert authenticator.identity.name == "Alex Example"


def test_a_token_of_the_same_person_takes_it_on_too(provider: Provider) -> None:
    authenticator = provider.authenticator()
    authenticator.bearer()
    authenticator.change(BearerToken(provider.token()))
    assert not authenticator.can_renew
    assert authenticator.seconds_left == pytest.approx(1800, abs=20)


def test_somebody_else_s_codes_change_nothing(provider: Provider) -> None:
    authenticator = provider.authenticator()
    first = authenticator.bearer()
    provider.claims = {"uuidentity": "98-7654-1", "name": "Kim Other"}
    with pytest.raises(SomebodyElse) as caught:
        authenticator.change(OTHERS)
    assert caught.value.name == "Kim Other"
    assert not authenticator.holds(OTHERS)
    assert authenticator.bearer() == first


def test_a_token_that_names_nobody_is_only_itself(provider: Provider) -> None:
    authenticator = provider.authenticator(BearerToken("opaque-one"))
    authenticator.bearer()
    assert authenticator.seconds_left == math.inf
    with pytest.raises(SomebodyElse):
        authenticator.change(BearerToken("opaque-two"))
    authenticator.change(BearerToken(" opaque-one "))
    assert authenticator.bearer() == "opaque-one"


def test_a_token_that_the_server_does_not_take_changes_nothing(provider: Provider, wire: Wire) -> None:
    """Uploads that go on behind a lock would stand still otherwise."""
    authenticator = provider.authenticator()
    first = authenticator.bearer()
    provider.api = lambda _: wire.failure(401, "uu-oidc/invalidToken")
    with pytest.raises(TokenRefused):
        authenticator.change(BearerToken(provider.token()))
    assert authenticator.can_renew
    assert authenticator.bearer() == first
    assert not authenticator.is_refused


def test_a_session_that_was_left_is_not_taken_on(provider: Provider) -> None:
    authenticator = provider.authenticator()
    authenticator.bearer()
    authenticator.forget()
    assert authenticator.seconds_left == -math.inf
    assert not authenticator.holds(OTHERS)
    with pytest.raises(SomebodyElse):
        authenticator.change(OTHERS)
    with pytest.raises(SessionExpired):
        authenticator.bearer()


@pytest.mark.parametrize(
    ("given", "is_it"),
    [
        (AccessCodes("one", "two"), True),
        (AccessCodes("one", "two "), False),
        (AccessCodes("", ""), False),
        (AccessCodes("one\ntwo", ""), False),
        (AccessCodes("ön€", "two" * 1000), False),
        (BearerToken("one\ntwo"), False),
    ],
)
def test_held_codes_are_told_from_others(provider: Provider, given: AccessCodes, is_it: bool) -> None:
    authenticator = provider.authenticator()
    assert authenticator.holds(given) is is_it


def test_a_failed_renewal_is_known_until_one_succeeds(provider: Provider, wire: Wire) -> None:
    authenticator = provider.authenticator()
    first = authenticator.bearer()
    provider.replies["grantToken"] = wire.failure(503, "uu-oidc/busy")
    with pytest.raises(ServerTrouble):
        authenticator.replace(first)
    assert isinstance(authenticator.failure, ServerTrouble)
    del provider.replies["grantToken"]
    assert authenticator.replace(first) != first
    assert authenticator.failure is None


def test_a_token_is_renewed_ahead_of_its_end_only(provider: Provider) -> None:
    provider.claims = {"exp": time.time() + 1000}
    authenticator = provider.authenticator()
    authenticator.bearer()
    authenticator.renew(ahead=300)
    assert provider.grants == 1
    provider.claims = {"exp": time.time() + 0.5}
    short = provider.authenticator()
    short.bearer()
    provider.claims = {}
    deadline = time.monotonic() + 20
    while short.seconds_left < 100 and time.monotonic() < deadline:
        short.renew(ahead=300)
    assert provider.grants == 3


def test_codes_that_are_wrong_now_are_not_tried_again_until_others_are_given(
    provider: Provider, wire: Wire
) -> None:
    """A provider may lock an account after some tries."""
    authenticator = provider.authenticator()
    first = authenticator.bearer()
    provider.replies["grantToken"] = wire.failure(401, "uu-oidc/identityNotAuthenticated")
    for _ in range(3):
        with pytest.raises(AccessCodesWrong):
            authenticator.replace(first)
    asked = [request for request in provider.server.received if request.target.endswith("grantToken")]
    assert len(asked) == 2
    del provider.replies["grantToken"]
    authenticator.change(AccessCodes("new", "ones"))
    assert authenticator.replace(first) != first


@pytest.mark.parametrize(
    "credentials", [AccessCodes("x" * 10_000, "y"), AccessCodes("x", "y" * 257), BearerToken("z" * 10_000)]
)
def test_what_is_far_too_long_is_not_sent(provider: Provider, credentials: AccessCodes | BearerToken) -> None:
    with pytest.raises(TooLongToBe):
        provider.authenticator(credentials).bearer()
    assert not provider.server.received


def test_a_token_refused_before_its_end_is_known(sandbox: SandboxProcess) -> None:
    database = sign_in(sandbox, BearerToken(sandbox.info["bearer"]))
    authenticator = database.client.authenticator
    refused = [authenticator.is_refused]
    authenticator.note_refused(sandbox.info["bearer"])
    refused.append(authenticator.is_refused)
    database.sign_in_again(AccessCodes(sandbox.info["access_code1"], sandbox.info["access_code2"]))
    refused.append(authenticator.is_refused)
    assert refused == [False, True, False]
    assert authenticator.can_renew
    with pytest.raises(SomebodyElse):
        database.sign_in_again(AccessCodes("technician-code-1", "technician-code-2"))
    assert database.is_session_good()
    database.sign_out()


def test_an_opaque_token_that_is_refused_still_is_told(provider: Provider, wire: Wire) -> None:
    from itkgui.client.database import ProductionDatabase

    database = ProductionDatabase.sign_in(provider.server.settings(), BearerToken("opaque"))
    provider.api = lambda _: wire.failure(401, "uu-oidc/invalidToken")
    with pytest.raises(TokenRefused):
        database.sign_in_again(BearerToken("opaque"))
    assert database.client.authenticator.is_refused
    database.sign_out()
