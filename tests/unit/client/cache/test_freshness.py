"""How long an answer is good, and which questions are the same."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import sqlite3
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from itkgui.client.response_cache import CacheUse
from itkgui.client.session import Request
from tests.unit.client.cache.conftest import DAY, FRESH, NOW, Asker, counting

if TYPE_CHECKING:
    from tests.unit.client.conftest import Wire


def test_an_answer_serves_as_long_as_the_server_allows(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire, cache_control="max-age=1, private")))
    begin = time.monotonic()
    assert user.get() == user.get() == {"number": 1, "asked": None}
    assert user.asked == 1 or time.monotonic() - begin > 1
    while user.response().json()["number"] == 1:
        time.sleep(0.02)
    assert 0.9 < time.monotonic() - begin < 20
    assert user.asked == 2


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Server", "says nothing of it"),
        ("Cache-Control", "no-store"),
        ("Cache-Control", "no-cache, max-age=60"),
        ("Cache-Control", "max-age=0"),
        ("Cache-Control", "max-age=-1"),
        ("Cache-Control", "max-age=often"),
        ("Cache-Control", "\x00,;=,max-age"),
        ("Cache-Control", "max-age=²"),
        ("Expires", "0"),
        ("Expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("Expires", "next week"),
    ],
)
def test_without_leave_nothing_is_kept(
    wire: Wire, asker: Callable[..., Asker], header: str, value: str
) -> None:
    user = asker(wire.server(counting(wire, **{header: value})))
    assert [user.get()["number"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize(
    "headers",
    [
        {"expires": "Thu, 01 Jan 2099 00:00:00 GMT"},
        {"cache_control": f"max-age={10**30}"},
        {"cache_control": "max-age=60, must-revalidate", "vary": "Accept-Encoding,User-Agent,Origin"},
        {"cache_control": "max-age=60", "etag": '"abc"', "age": "10"},
    ],
)
def test_with_leave_it_is_kept(wire: Wire, asker: Callable[..., Asker], headers: dict[str, str]) -> None:
    user = asker(wire.server(counting(wire, **headers)))
    assert [user.get()["number"] for _ in range(2)] == [1, 1]


def test_what_is_as_old_as_it_may_be_is_not_kept(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire, cache_control="max-age=60", age="60")))
    assert [user.get()["number"] for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("said", ["max-age=0", "max-age=1", "no-cache", "must-revalidate", "private"])
def test_a_lifetime_of_the_client_counts_more_than_the_server(
    wire: Wire, asker: Callable[..., Asker], said: str
) -> None:
    user = asker(wire.server(counting(wire, cache_control=said)), lifetime=DAY)
    assert [user.get()["number"] for _ in range(2)] == [1, 1]
    kept = user.response()
    assert timedelta(hours=23) < vars(kept)["expires"] - datetime.now(timezone.utc) <= DAY


def test_no_lifetime_keeps_what_must_not_be_stored(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire, cache_control="no-store")), lifetime=timedelta.max)
    assert [user.get()["number"] for _ in range(2)] == [1, 2]


def test_a_call_may_ask_for_another_lifetime(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire, server="silent")))
    assert user.get(expires_after=DAY)["number"] == 1
    assert user.get()["number"] == 1  # it was kept for a day
    assert user.get(expires_after=NOW)["number"] == 2  # nothing is young enough
    assert user.get(expires_after=timedelta.max)["number"] == 1
    short = timedelta(milliseconds=50)
    assert user.get("other", expires_after=short)["number"] == 3
    while (found := user.get("other", expires_after=short)["number"]) == 3:
        time.sleep(0.005)
    assert found == 4


def test_refresh_asks_anew_and_replaces(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    assert [user.get(refresh=refresh)["number"] for refresh in (False, True, False)] == [1, 2, 2]


def test_nothing_of_this_shows_in_what_is_sent(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    user.get(refresh=True, expires_after=DAY)
    (request,) = user.server.received
    assert not {"cache-control", "if-none-match", "x-actual-no-cache"} & set(request.headers)


def test_a_clock_that_was_set_back_makes_nothing_young(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    user.get()
    user.cache.close()
    with contextlib.closing(sqlite3.connect(user.cache.store.path)) as database, database:
        ((entry,),) = database.execute("SELECT entry FROM answers").fetchall()
        line, _, body = entry.partition(b"\n")
        head = json.loads(line)
        head["created"] += 86400
        head["expires"] += 86400
        database.execute("UPDATE answers SET entry = ?", (json.dumps(head).encode() + b"\n" + body,))
    assert asker(user.server).get()["number"] == 2


def test_a_response_tells_where_it_is_from(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    begin = datetime.now(timezone.utc)
    live, kept = user.response(), user.response()
    assert (live.from_cache, kept.from_cache) == (False, True)  # type: ignore[attr-defined]
    assert begin <= kept.created_at <= datetime.now(timezone.utc)  # type: ignore[attr-defined]
    assert not kept.is_expired  # type: ignore[attr-defined]
    assert kept.json() == live.json()
    assert (kept.status_code, kept.reason, kept.url) == (200, "Whatever", live.url)
    assert kept.request.url == live.url
    assert kept.headers["content-type"] == "application/json"
    post = user.session.respond(
        requests.Request("POST", user.server.url + "setThing", json={}).prepare(), cache=CacheUse(user.cache)
    )
    assert not post.from_cache  # type: ignore[attr-defined]


def test_hits_share_nothing(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(lambda _: wire.json({"list": [1]}, **FRESH)))
    user.get()["list"].append(2)
    first, second = user.get(), user.get()
    first["list"].append(2)
    assert second == {"list": [1]}
    one, other = user.response(), user.response()
    one.headers["Content-Type"] = "text/plain"
    assert other.headers["Content-Type"] == "application/json"
    assert user.asked == 1


def test_a_packed_answer_is_kept_unpacked(wire: Wire, asker: Callable[..., Asker]) -> None:
    packed = wire.reply(body=gzip.compress(b'{"a": 1}'), content_encoding="gzip", **FRESH)
    user = asker(wire.server_of(packed))
    assert user.get() == user.get() == {"a": 1}
    assert "content-encoding" not in user.response().headers
    assert user.asked == 1


def test_the_order_of_keys_makes_no_difference_at_any_depth(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    user.get(body={"a": {"b": [{"c": 1, "d": 2}], "e": 3}, "f": "ü"})
    user.get(body={"f": "ü", "a": {"e": 3, "b": [{"d": 2, "c": 1}]}})
    assert user.asked == 1


DIFFERENT: list[tuple[str, Any]] = [
    ("getThing", None),
    ("getThing", {}),
    ("getThing", []),
    ("getThing", ["a", "b"]),
    ("getThing", ["b", "a"]),
    ("getThing", {"a": [1, 2]}),
    ("getThing", {"a": [2, 1]}),
    ("getThing", {"a": "1"}),
    ("getThing", {"a": 1}),
    ("getThing", {"a": True}),
    ("getThing", {"a": 1.5}),
    ("getThing", {"a": None}),
    ("getThing", {"a": 2**70}),
    ("getThing", {"a": 2**70 + 1}),
    ("getThing", {"token": "one"}),
    ("getThing", {"token": "two"}),
    ("getThing", {"api_key": "one"}),
    ("getThing", {"api_key": "two"}),
    ("getThing", {"apikey": "one", "access_token": "a"}),
    ("getThing", {"apikey": "one", "access_token": "b"}),
    ("getThing?a=1", None),
    ("getThing?a=2", None),
    ("getThing?access_token=1", None),
    ("getThing?access_token=2", None),
    ("getthing", None),
    ("path/getThing", None),
    ("getOther", {"a": 1}),
]


def test_different_questions_get_different_answers(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    first = [user.get(command, body) for command, body in DIFFERENT]
    assert user.asked == len(DIFFERENT)
    assert [user.get(command, body) for command, body in DIFFERENT] == first
    assert user.asked == len(DIFFERENT)


def test_hosts_and_identities_are_kept_apart(wire: Wire, asker: Callable[..., Asker], folder: Path) -> None:
    server, other = wire.server(counting(wire)), wire.server(counting(wire))
    users = [asker(server, "user A"), asker(server, "user B"), asker(other, "user A")]
    for user in users:
        user.get()
    assert (len(server.received), len(other.received)) == (2, 1)
    assert len({user.cache.store.path for user in users}) == 3
    assert not any(b"user" in os.fsencode(path.name) for path in folder.iterdir())


def test_another_host_than_the_api_is_not_cached(wire: Wire, asker: Callable[..., Asker]) -> None:
    user, other = asker(wire.server(counting(wire))), wire.server(counting(wire))
    for _ in range(2):
        user.session.json(Request("GET", other.url + "getThing", cache=CacheUse(user.cache)))
    assert len(other.received) == 2
