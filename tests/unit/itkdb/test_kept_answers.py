"""Answers that a session keeps: for whom, how long, and what makes them go."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from itkgui import itkdb
from tests.unit.client.conftest import Provider, Received

_SERIAL = "20UPGM23800001"
_COMPONENT = {"component": _SERIAL}


class Database:
    """A database that says for how long its answers are good, and counts how often it is asked."""

    def __init__(self, provider: Provider) -> None:
        self.asked: Counter[str] = Counter()
        self.more: dict[str, Any] = {}
        self._wire = provider.wire
        provider.api = self.answer

    def answer(self, request: Received) -> bytes:
        command = request.target.strip("/")
        self.asked[command] += 1
        told = {"serialNumber": _SERIAL, "code": "c" * 32, "count": self.asked[command]} | self.more
        return self._wire.json(told, Cache_Control="max-age=60, private")


@pytest.fixture
def database(provider: Provider) -> Database:
    return Database(provider)


Remember = Callable[..., itkdb.Client]


@pytest.fixture
def remember(provider: Provider, own_environment: Path) -> Iterator[Remember]:
    """Make clients with a cache, of the identity that the provider then gives them."""
    made: list[itkdb.Client] = []

    def client_of(identity: str = "1-1-1", **options: Any) -> itkdb.Client:
        provider.claims = {"uuidentity": identity}
        user = itkdb.core.User("one", "two", prefix_url=f"{provider.server.url}oidc/")
        user.authenticate()
        given: dict[str, Any] = {"user": user, "prefix_url": provider.server.url}
        made.append(itkdb.Client(**(given | options)))
        return made[-1]

    yield client_of
    for client in made:
        client.close()


def count(client: itkdb.Client, **body: Any) -> int:
    return int(client.get("getComponent", json=_COMPONENT | body)["count"])


def test_an_answer_is_kept_for_one_identity(remember: Remember, database: Database) -> None:
    """Weak point 2: the next session of the same person finds it, nobody else does."""
    first = remember()
    assert (count(first), count(first)) == (1, 1)
    assert first._response.from_cache  # type: ignore[union-attr]
    assert count(remember()) == 1
    assert count(remember("2-2-2")) == 2
    assert not list(Path.cwd().iterdir()), "nothing stays in the working directory"


def test_a_token_that_names_nobody_stands_for_itself(
    remember: Remember, database: Database, provider: Provider
) -> None:
    one, other = (
        remember(user=itkdb.core.UserBearer(token)) for token in ("token.of.one", "token.of.another")
    )
    assert (count(one), count(one), count(other)) == (1, 1, 2)


def test_a_credential_of_one_call_is_somebody_else(remember: Remember, database: Database) -> None:
    def of_another(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = "Bearer token.of.another"
        return request

    client = remember()
    assert count(client) == 1
    assert client.get("getComponent", json=_COMPONENT, auth=of_another)["count"] == 2
    assert count(client) == 1
    client.post("setComponentStage", json=_COMPONENT | {"stage": "GLUED"}, auth=of_another)
    assert client.get("getComponent", json=_COMPONENT, auth=of_another)["count"] == 3
    assert count(client) == 4


def test_the_order_of_keys_makes_no_difference(remember: Remember, database: Database) -> None:
    """Weak point 3."""
    client = remember()
    bodies = ({"component": _SERIAL, "noTests": True}, {"noTests": True, "component": _SERIAL})
    assert [client.get("getComponent", json=body)["count"] for body in bodies] == [1, 1]


@pytest.mark.parametrize(
    "write",
    [
        {"json": {"component": _SERIAL, "stage": "GLUED"}},
        {"json": {"component": "c" * 32}},
        {"data": {"component": _SERIAL}},
        {"data": {"component": _SERIAL, "title": "t"}, "files": {"data": ("a.txt", io.BytesIO(b"a"))}},
        {
            "data": {"component": _SERIAL, "title": "t"},
            "files": {"other": ("a.txt", io.BytesIO(b"\xff\xfe"))},
        },
    ],
)
def test_a_write_makes_it_go(remember: Remember, database: Database, write: dict[str, Any]) -> None:
    """Weak point 4: whichever way the component is named, and whichever way the write is sent."""
    client = remember()
    assert (count(client), count(client)) == (1, 1)
    client.post("createComponentAttachment", **write)
    assert count(client) == 2


def test_an_own_lifetime_is_not_for_everything(remember: Remember, database: Database) -> None:
    """Weak point 5: neither errors within a success nor rights to a file are kept."""
    client = remember(expires_after={"minutes": 5})
    assert (count(client), count(client)) == (1, 1)
    assert (count(client, noEosToken=False), count(client, noEosToken=False)) == (2, 3)
    database.more = {"uuAppErrorMap": {"a/b/c": {"type": "error", "message": "no"}}}
    assert (count(client, noTests=True), count(client, noTests=True)) == (4, 5)


def test_a_changed_address_is_kept_apart_and_kept_too(
    remember: Remember, database: Database, provider: Provider
) -> None:
    """Weak point 6."""
    second = provider.wire.server(database.answer)
    client = remember()
    assert (count(client), count(client)) == (1, 1)
    client.prefix_url = second.url
    assert (count(client), count(client)) == (2, 2)


def test_no_cache_is_none(remember: Remember, database: Database, own_environment: Path) -> None:
    client = remember(cache=False)
    assert (count(client), count(client)) == (1, 2)
    assert not list(own_environment.rglob("*.sqlite"))


def test_files_are_not_kept(remember: Remember, database: Database, own_environment: Path) -> None:
    client = remember()
    body = {"component": _SERIAL, "code": "d"}
    for expected in (1, 2):
        assert json.loads(client.get("getComponentAttachment", json=body).content)["count"] == expected


def test_another_kind_of_store_is_not_used(
    remember: Remember, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    client = remember(cache={})
    assert "another kind" in caplog.text
    assert (count(client), count(client)) == (1, 1)
