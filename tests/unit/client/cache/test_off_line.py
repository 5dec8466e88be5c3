"""What stands in for a server that is away."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client.exceptions import (
    AnswerError,
    ConnectionFailed,
    ServerTrouble,
)
from tests.unit.client.cache.conftest import DAY, FRESH, OTHER, PART, Asker, expired

if TYPE_CHECKING:
    from tests.unit.client.conftest import Reply, Wire


AWAY: dict[str, Callable[[Wire], Reply]] = {
    "resets": lambda wire: wire.reset,
    "is silent": lambda wire: wire.silence,
    # Asking for more patience than there is keeps it from being asked again.
    "502": lambda wire: wire.reply(502, retry_after="100"),
    "503": lambda wire: wire.reply(503, retry_after="100"),
    "504": lambda wire: wire.reply(504, retry_after="100"),
}


@pytest.mark.parametrize("case", AWAY)
def test_a_server_that_is_away_is_replaced(
    wire: Wire, asker: Callable[..., Asker], case: str, caplog: pytest.LogCaptureFixture
) -> None:
    replies: list[Reply] = [wire.json(PART, **FRESH)]
    user = asker(wire.server(lambda _: replies[0]), offline=DAY, read_timeout=0.3)
    expired(user)
    replies[0] = AWAY[case](wire)
    with caplog.at_level(logging.INFO):
        assert [user.get("getComponent", PART) for _ in range(2)] == [PART, PART]
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage()[:28] for record in told] == ["127.0.0.1 cannot be reached:"]
    assert told[0].exc_info is None
    found = user.response("getComponent", PART)
    assert found.from_cache  # type: ignore[attr-defined]
    assert found.is_expired  # type: ignore[attr-defined]
    assert found.created_at <= datetime.now(timezone.utc)  # type: ignore[attr-defined]
    with pytest.raises((ConnectionFailed, ServerTrouble)):
        user.get("getComponent", PART, refresh=True)
    with pytest.raises((ConnectionFailed, ServerTrouble)):
        user.get("getComponent", OTHER)


@pytest.mark.logs("cannot be reached")
def test_no_network_at_all_is_replaced(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server_of(wire.json(PART, **FRESH)), offline=DAY)
    expired(user)
    user.session.close()
    user.server.close()
    assert user.get("getComponent", PART) == PART


def test_a_broken_connection_is_repeated_before_it_is_replaced(
    wire: Wire, asker: Callable[..., Asker]
) -> None:
    new = {**PART, "state": "new"}
    user = asker(wire.server_of(wire.json(PART, **FRESH), wire.reset, wire.json(new, **FRESH)), offline=DAY)
    expired(user)
    assert user.get("getComponent", PART) == new


@pytest.mark.parametrize("offline", [None, timedelta(microseconds=1)])
def test_what_is_too_old_replaces_nothing(wire: Wire, asker: Callable[..., Asker], offline: Any) -> None:
    user = asker(wire.server_of(wire.json(PART, **FRESH), wire.reset), offline=offline)
    expired(user)
    with pytest.raises(ConnectionFailed):
        user.get("getComponent", PART)


@pytest.mark.parametrize("status", [400, 401, 403, 409, 429, 500])
def test_what_the_server_refuses_it_refuses(wire: Wire, asker: Callable[..., Asker], status: int) -> None:
    replies: list[Reply] = [wire.json(PART, **FRESH)]
    user = asker(wire.server(lambda _: replies[0]), offline=DAY)
    expired(user)
    replies[0] = wire.json({}, status, retry_after="100")
    with pytest.raises(AnswerError):
        user.get("getComponent", PART)


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "x/y/z"), (410, "x/y/z"), (400, "ucl-itkpd-main/getComponent/componentDoesNotExist")],
)
def test_what_is_gone_is_dropped(
    wire: Wire, asker: Callable[..., Asker], folder: Path, status: int, code: str
) -> None:
    replies: list[Reply] = [wire.json(PART, **FRESH)]
    user = asker(wire.server(lambda _: replies[0]), offline=DAY)
    expired(user)
    replies[0] = wire.failure(status, code)
    with pytest.raises(AnswerError):
        user.get("getComponent", PART)
    replies[0] = wire.reset
    with pytest.raises(ConnectionFailed):
        user.get("getComponent", PART)
