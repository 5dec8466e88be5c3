"""Clocks that disagree: what answers tell of the server's, and what a person is told of the difference."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from email.utils import formatdate

import pytest

from itkgui.client.clock import ServerClock, difference, steady, told_by_how_much
from itkgui.client.credentials import BearerToken
from itkgui.client.exceptions import ClockWrong, TokenRefused
from tests.sandbox_process import SandboxProcess
from tests.unit.client.conftest import Provider, Wire
from tests.unit.client.signed_in import sign_in


class Seconds:
    """Steady seconds that pass only when told so."""

    def __init__(self) -> None:
        self.passed = 1000.0

    def __call__(self) -> float:
        return self.passed


def test_a_server_s_clock_goes_on_by_steady_seconds() -> None:
    seconds = Seconds()
    clock = ServerClock(seconds)
    assert clock.offset is None
    assert clock.now() == pytest.approx(time.time(), abs=5)
    clock.note(formatdate(1_800_000_000, usegmt=True))
    seconds.passed += 3600  # such as the lid was closed for
    assert clock.now() == 1_800_003_600
    assert clock.offset == pytest.approx(time.time() - 1_800_003_600, abs=5)
    for header in ("", "no date", "Thu, 99 Nov 2026 10:00:00 GMT"):
        clock.note(header)
        assert clock.now() == 1_800_003_600


def test_steady_seconds_pass() -> None:
    first = steady()
    assert 0 <= steady() - first < 5


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (1.2, "1 second ahead of"),
        (-59.6, "60 seconds behind"),
        (3600, "3,600 seconds (about 1 hour) ahead of"),
        (-300, "300 seconds (about 5 minutes) behind"),
        (200_000_000, "200,000,000 seconds (about 2,315 days) ahead of"),
    ],
)
def test_a_difference_is_told_in_seconds(offset: float, said: str) -> None:
    assert difference(offset) == f"This computer's clock is {said} the server's."


def test_an_error_without_a_known_difference_stays_as_it_is() -> None:
    assert told_by_how_much(ClockWrong(), None).sentence == ClockWrong.sentence
    assert told_by_how_much(ClockWrong(), 0.3).sentence == ClockWrong.sentence


@pytest.mark.parametrize(("server_ahead", "said"), [(3600, "behind"), (-3600, "ahead of")])
def test_a_clock_an_hour_off_is_told_at_sign_in(
    start_sandbox: Callable[..., SandboxProcess], server_ahead: int, said: str
) -> None:
    """With codes, and with a token that is good where it comes from."""
    sandbox = start_sandbox("--components", "50", "--clock-offset", str(server_ahead))
    for credentials in (None, BearerToken(sandbox.info["bearer"])):
        with pytest.raises(ClockWrong, match="clock is off") as caught:
            sign_in(sandbox, credentials)
        words = caught.value.sentence.split()
        seconds = int(words[words.index("clock") + 2].replace(",", ""))
        assert abs(seconds - 3600) <= 30
        assert f"(about 1 hour) {said} the server's. So the session" in caught.value.sentence


def test_a_clock_some_minutes_ahead_costs_no_life_of_the_session(
    start_sandbox: Callable[..., SandboxProcess],
) -> None:
    database = sign_in(start_sandbox("--components", "50", "--clock-offset", "-600"))
    assert database.client.authenticator.seconds_left == pytest.approx(1800, abs=30)
    assert database.client.clock_offset == pytest.approx(600, abs=30)
    database.sign_out()


def test_a_granted_token_that_has_ended_by_the_provider_s_clock_too(provider: Provider, wire: Wire) -> None:
    """This computer's clock is not to blame for it."""
    granted = json.dumps({"id_token": provider.token(exp=time.time() - 100), "access_token": "at"}).encode()
    provider.replies["grantToken"] = wire.reply(200, granted, Date=formatdate(usegmt=True))
    with pytest.raises(TokenRefused) as caught:
        provider.authenticator().bearer()
    assert "by the sign-in server's own clock" in caught.value.sentence
