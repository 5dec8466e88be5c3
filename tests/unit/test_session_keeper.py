"""A session kept alive: renewed ahead of its end, and told as it is when that fails."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from itkgui.background.worker import Worker
from itkgui.client.auth import Authenticator
from itkgui.client.credentials import BearerToken, Credentials
from itkgui.client.exceptions import AccessCodesWrong, ItkError, ServerTrouble, SignInFailed
from itkgui.session_keeper import Outlook, SessionKeeper, SessionState, outlook_of
from tests.unit.client.conftest import CODES, Provider, Wire, provider, wire

__all__ = ["provider", "wire"]  # fixtures

Signed = Callable[..., Authenticator]


@pytest.fixture
def signed_in(provider: Provider) -> Signed:
    """Sign in, with a token that has so many seconds left of half an hour."""

    def sign_in(left: float = 1800.0, credentials: Credentials = CODES, **claims: Any) -> Authenticator:
        provider.claims = {"exp": time.time() + left, **claims}
        authenticator = provider.authenticator(credentials)
        authenticator.bearer()
        grant = authenticator.grant
        assert grant is not None
        authenticator._grant = replace(grant, begins=grant.expires - 1800)
        provider.claims = {}
        return authenticator

    return sign_in


@pytest.fixture
def worker() -> Iterator[Worker]:
    found = Worker()
    yield found
    found.stop()


def watched(
    authenticator: Authenticator, worker: Worker, done: Callable[[list[Outlook]], bool]
) -> list[Outlook]:
    """Keep a session until it is so; return what was told."""
    told: list[Outlook] = []

    async def watch() -> None:
        keeper = SessionKeeper(authenticator, worker)
        told.append(keeper.outlook)
        keeper.listeners.append(told.append)
        keeper.start()
        deadline = time.monotonic() + 20
        while not done(told) and time.monotonic() < deadline:
            keeper.look()
            await asyncio.sleep(0.01)
        keeper.stop()

    asyncio.run(watch())
    assert done(told), told
    return told


def test_a_session_with_codes_is_renewed_before_it_ends(
    signed_in: Signed, worker: Worker, provider: Provider
) -> None:
    told = watched(signed_in(left=250), worker, lambda told: told[-1].minutes == 30)
    assert told[0] == Outlook(SessionState.KEPT, 5)
    assert not any(outlook.is_urgent for outlook in told)
    assert provider.grants == 2


def test_a_session_that_is_not_due_is_left_alone(
    signed_in: Signed, worker: Worker, provider: Provider
) -> None:
    watched(signed_in(left=320), worker, lambda told: True)
    assert provider.grants == 1


def test_a_renewal_that_fails_is_told_and_tried_again_later(
    signed_in: Signed, worker: Worker, provider: Provider, wire: Wire
) -> None:
    authenticator = signed_in(left=250)
    provider.replies["grantToken"] = wire.failure(500, "uu-oidc/broken")
    told = watched(authenticator, worker, lambda told: told[-1].is_urgent)
    assert told[-1].state is SessionState.UNRENEWED
    assert told[-1].minutes == 5
    assert isinstance(told[-1].trouble, ServerTrouble)


@pytest.mark.parametrize(
    ("failure", "left", "state"),
    [
        (ServerTrouble("busy"), 60.0, SessionState.UNRENEWED),
        (ServerTrouble("busy"), -60.0, SessionState.AWAY),
        (None, -60.0, SessionState.AWAY),  # such as after a night's sleep
        (AccessCodesWrong(), 60.0, SessionState.UNRENEWED),
        (AccessCodesWrong(), -60.0, SessionState.OVER),
        (SignInFailed(), -60.0, SessionState.OVER),
    ],
)
def test_what_a_failure_means(
    signed_in: Signed, failure: Exception | None, left: float, state: SessionState
) -> None:
    authenticator = signed_in()
    grant = authenticator.grant
    assert grant is not None
    authenticator._grant = replace(grant, claims={**grant.claims, "exp": time.time() + left})
    authenticator._failure = failure  # type: ignore[assignment]
    outlook = outlook_of(authenticator)
    assert outlook.state is state
    assert outlook.minutes == max(0, left // 60)
    assert outlook.is_urgent


@pytest.mark.parametrize(("left", "is_urgent"), [(590.0, True), (670.0, False)])
def test_a_token_that_nobody_renews_is_warned_of_in_time(
    signed_in: Signed, provider: Provider, left: float, is_urgent: bool
) -> None:
    token = provider.token(exp=time.time() + left)
    outlook = outlook_of(signed_in(credentials=BearerToken(token), left=left))
    assert outlook.state is SessionState.FINITE
    assert outlook.is_urgent is is_urgent


def test_a_token_without_an_end_lasts_until_it_is_refused(provider: Provider) -> None:
    authenticator = provider.authenticator(BearerToken("opaque"))
    authenticator.bearer()
    assert outlook_of(authenticator) == Outlook(SessionState.OPEN)
    authenticator.replace("opaque")
    assert outlook_of(authenticator).state is SessionState.OVER


def test_a_session_goes_on_when_the_provider_is_back(
    signed_in: Signed, worker: Worker, provider: Provider
) -> None:
    """As after a wake-up: the token has ended, and nobody has to do anything."""
    authenticator = signed_in(left=0.1)
    told = watched(authenticator, worker, lambda told: told[-1].minutes == 30)
    assert told[-1].state is SessionState.KEPT


def test_wrong_codes_are_not_tried_again_and_again(
    signed_in: Signed, worker: Worker, provider: Provider, wire: Wire
) -> None:
    authenticator = signed_in(left=100)
    provider.replies["grantToken"] = wire.failure(401, "uu-oidc/identityNotAuthenticated")
    watched(authenticator, worker, lambda told: isinstance(told[-1].trouble, AccessCodesWrong))
    before = len(provider.server.received)
    watched(authenticator, worker, lambda told: True)
    assert len(provider.server.received) == before


@pytest.mark.parametrize(
    ("status", "state"), [(401, SessionState.OVER), (503, SessionState.AWAY), (0, SessionState.KEPT)]
)
def test_a_token_refused_before_its_end_is_replaced_if_that_can_be_done(
    signed_in: Signed, provider: Provider, wire: Wire, status: int, state: SessionState
) -> None:
    authenticator = signed_in()
    if status:
        provider.replies["grantToken"] = wire.failure(status, "uu-oidc/trouble")
    with contextlib.suppress(ItkError):
        authenticator.replace(authenticator.bearer())
    assert outlook_of(authenticator).state is state
    assert authenticator.is_due(0) is (state is not SessionState.KEPT)


def test_a_new_token_that_is_refused_too_needs_somebody(signed_in: Signed) -> None:
    authenticator = signed_in()
    other = authenticator.replace(authenticator.bearer())
    assert other is not None
    authenticator.note_refused(other)
    assert outlook_of(authenticator).state is SessionState.OVER
    assert not authenticator.is_due(0)
