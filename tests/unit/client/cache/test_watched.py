"""A cache for somebody who sees how the connection is: asks the server always, and reads on without it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client import transfer
from itkgui.client.exceptions import ComponentNotFound, ConnectionFailed, ItkError
from tests.unit.client.cache.conftest import DAY, NOW, OTHER, PART, Asker

if TYPE_CHECKING:
    from tests.unit.client.conftest import Reply, Wire

WATCHED: dict[str, Any] = {"lifetime": NOW, "offline": DAY, "watched": True, "read_timeout": 0.3}

# What may keep an answer from coming, and the wire's word for it.
OBSTACLES: dict[str, Callable[[Wire], Reply]] = {
    "resets": lambda wire: wire.reset,
    "is silent": lambda wire: wire.silence,
    "is out of order": lambda wire: wire.reply(503, retry_after="100"),
    "a portal": lambda wire: wire.reply(200, b"<html>log in</html>", content_type="text/html"),
}


def by_serial(number: object = PART["serialNumber"]) -> dict[str, Any]:
    return {"component": number, "noEosToken": True}


@pytest.fixture
def replies(wire: Wire) -> list[Reply]:
    """What the server says: the first one, until a test takes it away."""
    return [wire.json(PART)]


@pytest.fixture
def user(wire: Wire, asker: Callable[..., Asker], replies: list[Reply]) -> Asker:
    return asker(wire.server(lambda _: replies[0]), **WATCHED)


def test_the_server_is_asked_as_long_as_it_answers(user: Asker, replies: list[Reply], wire: Wire) -> None:
    user.get("getComponent", by_serial())
    replies[0] = wire.json({**PART, "state": "new"})
    with transfer.running(transfer.Transfer()) as work:
        assert user.get("getComponent", by_serial())["state"] == "new"
    assert work.as_of is None, "it is of this moment"
    assert user.asked == 2


@pytest.mark.parametrize("case", OBSTACLES)
def test_what_was_seen_is_read_on_with_its_age(
    user: Asker, replies: list[Reply], wire: Wire, case: str
) -> None:
    user.get("getComponent", by_serial())
    replies[0] = OBSTACLES[case](wire)
    with transfer.running(transfer.Transfer()) as work:
        assert user.get("getComponent", by_serial()) == PART
    assert work.as_of is not None
    with pytest.raises(ItkError):
        user.get("getComponent", by_serial(OTHER["serialNumber"]))
    replies[0] = wire.json(PART)
    user.session.connection.look_now()
    with transfer.running(transfer.Transfer()) as work:
        user.get("getComponent", by_serial())
    assert work.as_of is None, "all is as before"


def test_a_server_found_away_is_left_alone_for_what_is_kept(
    user: Asker, replies: list[Reply], wire: Wire
) -> None:
    for _ in range(2):
        user.get("getComponent", by_serial())
    replies[0] = wire.silence
    user.get("getComponent", by_serial())
    before = user.asked
    for _ in range(5):
        assert user.get("getComponent", by_serial()) == PART
    assert user.asked == before, "nobody waits for a silent server again and again"
    with pytest.raises(ConnectionFailed):
        user.get("getComponent", by_serial(), refresh=True)
    with pytest.raises(ConnectionFailed):
        user.get("getComponent", by_serial(OTHER["serialNumber"]))
    assert user.asked == before + 2, "what is not kept is asked for"


def test_a_component_is_known_by_all_its_names(user: Asker, replies: list[Reply], wire: Wire) -> None:
    user.get("getComponent", by_serial())
    replies[0] = wire.reset
    alternative = {**by_serial(PART["alternativeIdentifier"]), "alternativeIdentifier": True}
    for question in (by_serial(PART["code"]), alternative):
        assert user.get("getComponent", question) == PART
    with pytest.raises(ConnectionFailed):
        user.get("getComponent", {**by_serial(PART["code"]), "noTests": True})
    newer = {**PART, "state": "newer"}
    replies[0] = wire.json(newer)
    user.session.connection.look_now()
    user.get("getComponent", by_serial(PART["code"]), refresh=True)
    replies[0] = wire.reset
    for name in ("code", "serialNumber"):
        assert user.get("getComponent", by_serial(PART[name])) == newer


def test_a_write_drops_a_component_under_all_its_names(
    user: Asker, replies: list[Reply], wire: Wire, folder: Path
) -> None:
    user.get("getComponent", by_serial())
    user.cache.forget(["7f633f626f5466b2a72c1be7cd4cb8bc"])
    replies[0] = wire.reset
    for name in ("code", "serialNumber"):
        with pytest.raises(ConnectionFailed):
            user.get("getComponent", by_serial(PART[name]))
    user.cache.delete()
    assert not list(folder.iterdir())


def test_a_refusal_is_no_reason_to_read_on(user: Asker, replies: list[Reply], wire: Wire) -> None:
    user.get("getComponent", by_serial())
    replies[0] = wire.failure(400, "ucl-itkpd-main/getComponent/componentDoesNotExist")
    with pytest.raises(ComponentNotFound):
        user.get("getComponent", by_serial())
