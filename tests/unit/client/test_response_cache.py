"""The cache of answers: what it keeps, how long and for whom, what takes it away, and what may break it."""

from __future__ import annotations

import contextlib
import gzip
import json
import logging
import os
import random
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

from itkgui.client.client import CacheOptions, Client
from itkgui.client.exceptions import (
    AnswerError,
    ComponentNotFound,
    ConnectionFailed,
    ServerSilent,
    ServerTrouble,
    UnreadableAnswer,
)
from itkgui.client.origins import Origin
from itkgui.client.response_cache import CacheUse, ResponseCache
from itkgui.client.session import Request, Session
from itkgui.client.thread_session import ThreadSession
from tests.conftest import settings_for
from tests.unit.client.conftest import CODES

if TYPE_CHECKING:
    from tests.sandbox_process import SandboxProcess
    from tests.unit.client.conftest import Provider, Received, Reply, Script, ScriptedServer, Wire

DAY = timedelta(days=1)
NOW = timedelta(0)
FRESH: dict[str, Any] = {
    "cache_control": "max-age=60, private"
}  # what production sends with reads (API reference §1.4)


class Asker:
    """One user of one server with a cache; counts what really went over the wire."""

    def __init__(
        self, server: ScriptedServer, folder: Path, owner: str = "12-3456-1", **options: Any
    ) -> None:
        self.server = server
        self.session = Session(server.settings(read_timeout=options.pop("read_timeout", 5.0)))
        options = {"lifetime": None, "offline": None, "size_limit": 50_000_000, **options}
        self.cache = ResponseCache(folder, owner, Origin.of(server.url), **options)

    def get(self, command: str = "getThing", body: Any = None, **use: Any) -> Any:
        request = Request("GET", self.server.url + command, json=body, cache=CacheUse(self.cache, **use))
        return self.session.json(request)

    def response(
        self, command: str = "getThing", body: Any = None, headers: Any = None, **use: Any
    ) -> requests.Response:
        request = requests.Request("GET", self.server.url + command, json=body, headers=headers)
        return self.session.respond(request.prepare(), cache=CacheUse(self.cache, **use))

    @property
    def asked(self) -> int:
        return len(self.server.received)

    def close(self) -> None:
        self.session.close()
        self.cache.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "answers"


@pytest.fixture
def asker(folder: Path) -> Iterator[Callable[..., Asker]]:
    started: list[Asker] = []

    def start(server: ScriptedServer, *args: Any, **options: Any) -> Asker:
        started.append(Asker(server, folder, *args, **options))
        return started[-1]

    yield start
    for found in started:
        found.close()


def counting(wire: Wire, **headers: str) -> Script:
    """Answer each request with another number, and with what was asked."""
    numbers = iter(range(1, 1_000_000))
    return lambda request: wire.json({"number": next(numbers), "asked": request.json}, **(headers or FRESH))


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*")))


# Freshness -------------------------------------------------------------------------------------------------


def test_an_answer_serves_as_long_as_the_server_allows(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire, cache_control="max-age=1, private")))
    begin = time.monotonic()
    assert user.get() == user.get() == {"number": 1, "asked": None}
    assert user.asked == 1 or time.monotonic() - begin > 1
    while user.response().json()["number"] == 1:
        time.sleep(0.02)
    assert 0.9 < time.monotonic() - begin < 3
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


# The key ---------------------------------------------------------------------------------------------------


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


# What is kept ----------------------------------------------------------------------------------------------

TOKEN = "zteos64:MDAwMGNhbmFyeQ"
NOT_KEPT: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "an error in a success": ("getThing", None, {"data": {"uuAppErrorMap": {"a/b": {"type": "error"}}}}),
    "an error of no type": ("getThing", None, {"data": {"uuAppErrorMap": {"a/b": {}}}}),
    "an error map of another kind": ("getThing", None, {"data": {"uuAppErrorMap": "broken"}}),
    "an EOS token": ("getThing", None, {"data": {"url": f"https://eos/a?authz={TOKEN}"}}),
    "an EOS token in other spelling": ("getThing", None, {"data": {"url": "https://eos/a?AUTHZ%3Dabc"}}),
    "an EOS token alone": ("getThing", None, {"data": {"token": TOKEN}}),
    "an answer asked for with tokens": ("getComponent", {"component": "X", "noEosToken": False}, {}),
    "an answer with tokens by query": ("getComponent?noEosToken=false", None, {}),
    "leave to upload": ("requestUploadEosFile", None, {}),
    "a file": ("getComponentAttachment", {"code": "c"}, {}),
    "a file by the older way": ("uu-app-binarystore/getBinaryData", {"code": "c"}, {}),
    "a file by its name": ("getThing", None, {"content_disposition": "inline; filename=a.json"}),
    "another status": ("getThing", None, {"status": 203}),
    "what depends on everything": ("getThing", None, {"vary": "*"}),
    "more than some megabytes": ("getThing", None, {"data": {"text": "x" * 4_000_000}}),
}


@pytest.mark.parametrize("case", NOT_KEPT)
def test_it_is_not_kept(wire: Wire, asker: Callable[..., Asker], folder: Path, case: str) -> None:
    command, body, answer = NOT_KEPT[case]
    reply = wire.json(answer.pop("data", {"a": 1}), answer.pop("status", 200), **FRESH, **answer)
    user = asker(wire.server_of(reply), lifetime=DAY, offline=DAY, size_limit=500_000_000)
    assert user.get(command, body) == user.get(command, body)
    assert user.asked == 2
    assert b"MDAwMGNhbmFyeQ" not in bytes_in(folder)


@pytest.mark.parametrize("body", [b"", b" ", b"[]", b"[1", b"<html></html>", b"null", b'"text"', b"\xff"])
def test_no_answer_that_is_no_object_is_kept(wire: Wire, asker: Callable[..., Asker], body: bytes) -> None:
    user = asker(wire.server_of(wire.reply(body=body, **FRESH)), lifetime=DAY)
    for _ in range(2):
        with contextlib.suppress(AnswerError):
            user.get()
        user.response()
    assert user.asked == 4


@pytest.mark.parametrize("kind", ["text/html", "text/plain", "application/octet-stream", ""])
def test_only_json_is_kept(wire: Wire, asker: Callable[..., Asker], kind: str) -> None:
    user = asker(wire.server_of(wire.reply(body=b"{}", content_type=kind, **FRESH)), lifetime=DAY)
    assert user.response().content == user.response().content == b"{}"
    assert user.asked == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 503])
def test_no_error_is_kept(wire: Wire, asker: Callable[..., Asker], status: int) -> None:
    user = asker(wire.server_of(wire.json({"a": 1}, status, retry_after="100", **FRESH)), lifetime=DAY)
    with pytest.raises(AnswerError):
        user.get()
    before = user.asked
    with pytest.raises(AnswerError):
        user.get()
    assert user.asked == 2 * before


def test_no_write_is_kept(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)), lifetime=DAY)
    for _ in range(2):
        user.session.json(Request("POST", user.server.url + "getThing", json={}, cache=CacheUse(user.cache)))
    assert user.asked == 2


@pytest.mark.logs("getThing/odd")
def test_a_warning_does_not_keep_it_from_being_kept(wire: Wire, asker: Callable[..., Asker]) -> None:
    reports = {"ucl-itkpd-main/getThing/odd": {"type": "warning", "message": "Odd."}}
    user = asker(wire.server_of(wire.json({"uuAppErrorMap": reports}, **FRESH)))
    assert user.get() == user.get()
    assert user.asked == 1


def test_a_cut_answer_is_not_kept(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server_of(wire.reply(body=b'{"a": 1}', length=100, connection="close", **FRESH)))
    for _ in range(2):
        with pytest.raises((UnreadableAnswer, ConnectionFailed)):
            user.get()
    asked = user.asked
    with pytest.raises((UnreadableAnswer, ConnectionFailed)):
        user.get()
    assert user.asked > asked


def test_a_large_file_passes_unread(wire: Wire, asker: Callable[..., Asker]) -> None:
    sent = 0
    block = bytes(1_000_000)

    def body() -> Iterator[bytes]:
        nonlocal sent
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 300000000\r\n"
        yield b"Cache-Control: max-age=60\r\n\r\n"
        for _ in range(300):
            yield block
            sent += len(block)

    user = asker(wire.server(lambda _: body()), lifetime=DAY)
    request = Request(
        "GET", user.server.url + "getComponentAttachment", json={"code": "c"}, cache=CacheUse(user.cache)
    )
    with user.session.stream(request) as answer:
        assert len(next(answer.blocks())) > 0
        assert sent < 100_000_000  # what fits in the buffers of the sockets


def test_a_dripping_answer_ends_in_the_transports_time(wire: Wire, asker: Callable[..., Asker]) -> None:
    pause = threading.Event()

    def body() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n"
        yield b"Cache-Control: max-age=60\r\n\r\n"
        while True:
            pause.wait(0.05)
            yield b" "

    user = asker(wire.server(lambda _: body()), read_timeout=0.5)
    begin = time.monotonic()
    with pytest.raises(ServerSilent):
        user.get()
    assert time.monotonic() - begin < 3


# Writes ----------------------------------------------------------------------------------------------------

PART = {
    "id": "5dde2ada79bc5c000a61d580",
    "code": "7f633f626f5466b2a72c1be7cd4cb8bc",
    "serialNumber": "20UPGRA0000023",
    "alternativeIdentifier": 'odd "name"\n/ü',
}
OTHER = {
    "id": "5dde2ada79bc5c000a61d999",
    "code": "99933f626f5466b2a72c1be7cd4cb8bc",
    "serialNumber": "20UPGRA0000099",
    "alternativeIdentifier": None,
}
RUN = "5dde2b5d79bc5c000a61d5b4"
STORED: dict[str, tuple[str, Any, Any]] = {
    "part by serial number": (
        "getComponent",
        {"component": PART["serialNumber"]},
        {**PART, "tests": [{"id": "5dddec4e79bc5c000a61d263", "testRuns": [{"id": RUN, "runNumber": "1"}]}]},
    ),
    "part by code": ("getComponent", {"component": PART["code"]}, {**PART, "tests": []}),
    "other part": ("getComponent", {"component": OTHER["serialNumber"]}, {**OTHER, "tests": []}),
    "its parent": (
        "getComponent",
        {"component": "20UPGRA0000001"},
        {"serialNumber": "20UPGRA0000001", "children": [{"component": PART}]},
    ),
    "names its id only": (
        "getComponentBulk",
        {"component": ["20UPGRA0000002"]},
        {"itemList": [{"serialNumber": "20UPGRA0000002", "children": [{"component": PART["id"]}]}]},
    ),
    "says nothing of what was asked": ("getComponentHistory", {"component": PART["serialNumber"]}, {"a": []}),
    "asked by query": (f"getComponentHistory?component={PART['serialNumber']}", None, {"a": []}),
    "its run": (
        "getTestRun",
        {"testRun": RUN},
        {"id": RUN, "runNumber": "1", "components": [{**PART, "testedAtStage": {"code": "A"}}]},
    ),
    "another run": (
        "getTestRun",
        {"testRun": "a" * 24},
        {"id": "a" * 24, "runNumber": "2", "components": [OTHER]},
    ),
    "list of parts": ("listComponents", {"filterMap": {"project": "P"}}, {"itemList": [OTHER]}),
    "list of runs": ("listTestRunsByComponent", {"filterMap": {"code": OTHER["code"]}}, {"itemList": []}),
    "list of shipments": ("listShipmentsByInstitution", {"code": "UCL"}, {"itemList": []}),
    "types": ("listComponentTypes", {"project": "P"}, {"pageItemList": [{"id": "b" * 24, "code": "MODULE"}]}),
    "institutions": ("listInstitutions", None, {"pageItemList": [{"id": "c" * 24, "code": "UCL"}]}),
    "a type": (
        "getComponentTypeByCode",
        {"project": "P", "code": "MODULE"},
        {"id": "b" * 24, "code": "MODULE"},
    ),
    "person": ("getUser", {"userIdentity": "12-3456-1"}, {"userIdentity": "12-3456-1", "id": "d" * 24}),
}
LISTS = {"list of parts", "list of runs", "list of shipments"}
OF_THE_PART = {
    "part by serial number",
    "part by code",
    "its parent",
    "names its id only",
    "says nothing of what was asked",
    "asked by query",
    "its run",
}


def stored(wire: Wire, asker: Callable[..., Asker]) -> Asker:
    """Return a user whose cache holds all of STORED."""
    answers = {(command, json.dumps(body)): answer for command, body, answer in STORED.values()}
    user = asker(
        wire.server(lambda got: wire.json(answers[got.target[1:], json.dumps(got.json)], **FRESH)),
        lifetime=DAY,
    )
    for command, body, _ in STORED.values():
        user.get(command, body)
    return user


def gone(user: Asker) -> set[str]:
    """Return which of STORED must be asked for anew."""
    found = set()
    for name, (command, body, answer) in STORED.items():
        before = user.asked
        assert user.get(command, body) == answer
        if user.asked > before:
            found.add(name)
    return found


@pytest.mark.parametrize("name", PART.values())
def test_a_write_drops_all_that_mentions_the_part_by_any_name(
    wire: Wire, asker: Callable[..., Asker], name: str
) -> None:
    user = stored(wire, asker)
    assert gone(user) == set()
    user.cache.forget([name, ""])
    assert gone(user) == OF_THE_PART | LISTS


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([RUN], {"part by serial number", "its run"}),
        (["20UPGRA0000001"], {"its parent"}),
        ([OTHER["code"], "20UPGRA0000002"], {"other part", "another run", "names its id only"}),
        (["20UPGRA", "UCL", "no such thing", "%", "*"], set()),
        ([], set()),
    ],
)
def test_a_write_leaves_the_rest(
    wire: Wire, asker: Callable[..., Asker], names: list[str], expected: set[str]
) -> None:
    user = stored(wire, asker)
    user.cache.forget(names)
    assert gone(user) == expected | LISTS


def test_clear_drops_all(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = stored(wire, asker)
    user.cache.clear()
    assert gone(user) == set(STORED)


@pytest.mark.parametrize("other_process", [False, True])
def test_an_answer_from_before_a_write_is_not_kept_after_it(
    wire: Wire, asker: Callable[..., Asker], other_process: bool
) -> None:
    reading, written = threading.Event(), threading.Event()
    stages = iter(["old", "new"])

    def answer(_: Received) -> Reply:
        reply = wire.json({"stage": next(stages), **PART}, **FRESH)
        reading.set()
        assert written.wait(10)
        return reply

    user = asker(wire.server(answer))
    writer = asker(user.server) if other_process else user
    user.cache.clear()  # which opens it
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append(user.get("getComponent")["stage"]))
    reader.start()
    assert reading.wait(10)
    writer.cache.forget([PART["serialNumber"]])
    written.set()
    reader.join()
    assert seen == ["old"]
    assert user.get("getComponent")["stage"] == "new"


# Off line --------------------------------------------------------------------------------------------------


def expired(user: Asker) -> Any:
    """Fill the cache with an answer that is too old at once."""
    return user.get("getComponent", PART, expires_after=timedelta(microseconds=1))


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


# On disk ---------------------------------------------------------------------------------------------------


def test_nothing_secret_is_on_disk(wire: Wire, asker: Callable[..., Asker], folder: Path) -> None:
    user = asker(
        wire.server_of(
            wire.json(
                {**PART, "text": "public"},
                set_cookie="uu.app=canary-cookie",
                authorization="canary-echo",
                x_token="canary-header",
                **FRESH,
            )
        ),
        "canary-owner",
        lifetime=DAY,
        offline=DAY,
    )
    headers = {
        "Authorization": "Bearer canary-1",
        "authorization": "Bearer canary-2",
        "AUTHORIZATION": "Bearer canary-3",
        "Cookie": "a=canary-4",
        "X-Api-Key": "canary-5",
    }
    for name, value in headers.items():
        body = {"component": name, "api_key": "canary-6", "token": "canary-7"}
        user.response("getComponent?access_token=canary-8", body, {name: value})
    found = bytes_in(folder)
    assert b"public" in found
    assert b"canary" not in found
    assert b"uu.app" not in found
    user.cache.close()
    assert b"canary" not in bytes_in(folder)


def test_only_the_user_can_read_it(wire: Wire, asker: Callable[..., Asker], folder: Path) -> None:
    old = os.umask(0)
    try:
        user = asker(wire.server(counting(wire)))
        user.get()
    finally:
        os.umask(old)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name[32:]: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {".sqlite": 0o600, ".sqlite-wal": 0o600, ".sqlite-shm": 0o600}
    user.close()
    user.cache.store.path.chmod(0o644)
    asker(user.server).get()
    assert stat.S_IMODE(user.cache.store.path.stat().st_mode) == 0o600


def test_answers_outlive_the_program(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    first = user.get()
    user.close()
    later = asker(user.server)
    assert later.get() == first
    assert later.asked == 1


def test_sign_out_leaves_no_file(wire: Wire, asker: Callable[..., Asker], folder: Path) -> None:
    user = asker(wire.server(counting(wire)))
    user.get()
    assert list(folder.iterdir())
    user.cache.delete()
    assert list(folder.iterdir()) == []
    assert user.get()["number"] == 2  # as without a cache, and nothing comes back
    user.cache.clear()
    user.cache.close()
    user.cache.delete()
    assert list(folder.iterdir()) == []


def test_sign_out_empties_what_another_program_uses(
    wire: Wire, asker: Callable[..., Asker], folder: Path
) -> None:
    user = asker(wire.server(lambda _: wire.json({"text": "canary"}, **FRESH)))
    other = asker(user.server)
    user.get()
    other.get()
    assert b"canary" in bytes_in(folder)
    user.cache.delete()
    assert b"canary" not in bytes_in(folder)
    assert user.asked == 1
    other.get()
    other.get()
    assert user.asked == 2
    other.cache.delete()
    assert list(folder.iterdir()) == []


def test_it_stays_below_its_size(wire: Wire, asker: Callable[..., Asker], folder: Path) -> None:
    limit = 2_000_000
    user = asker(
        wire.server(
            lambda got: wire.json({"text": random.randbytes(20_000).hex(), "asked": got.json}, **FRESH)
        ),
        size_limit=limit,
    )
    sizes = []
    for number in range(150):
        user.get(body={"number": number})
        user.get(body={"number": 0})  # in use all the time
        sizes.append(
            sum(path.stat().st_size for path in folder.glob("*.sqlite*") if path.suffix != ".sqlite-shm")
        )
    assert max(sizes) < limit
    assert max(sizes) > limit / 2
    asked = user.asked
    assert asked == 150
    user.get(body={"number": 0})
    user.get(body={"number": 149})
    assert user.asked == asked
    user.get(body={"number": 1})
    assert user.asked == asked + 1


def test_a_smaller_size_is_reached_as_well(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(lambda got: wire.json({"text": random.randbytes(50_000).hex()}, **FRESH)))
    for number in range(50):
        user.get(body={"number": number})
    user.close()
    assert user.cache.store.path.stat().st_size > 4_000_000
    later = asker(user.server, size_limit=1_000_000)
    later.cache.prune()
    later.close()
    assert later.cache.store.path.stat().st_size < 1_000_000


def test_what_nobody_wants_any_more_goes(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server_of(wire.json({"text": "canary"}, **FRESH)))
    expired(user)
    user.cache.prune()
    user.cache.close()
    with contextlib.closing(sqlite3.connect(user.cache.store.path)) as database:
        assert database.execute("SELECT count(*) FROM answers").fetchall() == [(0,)]


# What may break it -----------------------------------------------------------------------------------------

SCHEMA = (
    "CREATE TABLE answers (key TEXT PRIMARY KEY, used REAL, until REAL, is_changing_list INTEGER, "
    "names TEXT, entry BLOB)"
)


def run_sql(*statements: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as database, database:
            for statement in statements:
                database.execute(statement)

    return spoil


def cut(size: int) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, size)


def overwrite(data: bytes, at: int = 0) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(data)

    return spoil


PICKLE = b"cos\nsystem\n(S'touch canary'\ntR."
SPOILT: dict[str, Callable[[Path], None]] = {
    "empty": cut(0),
    "cut in the head": cut(50),
    "cut to a page": cut(4096),
    "cut in the middle": cut(10_000),
    "no database": overwrite(b"not a database, but a text that somebody wrote here" * 1000),
    "noise in the middle": overwrite(random.Random(1).randbytes(20_000), at=4096),
    "no table": run_sql("DROP TABLE answers"),
    "another table": run_sql("DROP TABLE answers", "CREATE TABLE answers (key TEXT)"),
    "one more table": run_sql("CREATE TABLE more (key TEXT)"),
    "a trigger": run_sql("CREATE TRIGGER t AFTER UPDATE ON answers BEGIN DELETE FROM answers; END"),
    "a view": run_sql("DROP TABLE answers", "CREATE VIEW answers AS SELECT 1 AS key, 2 AS entry"),
    "no entries": run_sql("UPDATE answers SET entry = NULL"),
    "empty entries": run_sql("UPDATE answers SET entry = x''"),
    "entries of another kind": run_sql("UPDATE answers SET entry = 5"),
    "entries that are no text": run_sql("UPDATE answers SET entry = CAST(x'ff0aff' AS TEXT)"),
    "no names": run_sql("UPDATE answers SET names = NULL"),
    "odd times": run_sql("UPDATE answers SET until = 'x', used = x'ff', is_changing_list = 'x'"),
    "pickled entries": run_sql(f"UPDATE answers SET entry = x'{PICKLE.hex()}'"),
    "entries with a deep head": run_sql(f"UPDATE answers SET entry = x'{(b'[' * 100_000).hex()}'"),
    "another body": run_sql(
        "UPDATE answers SET entry = CAST(replace(CAST(entry AS TEXT), 'text', 'tent') AS BLOB)"
    ),
    **{
        f"a head of {head}": run_sql(f"UPDATE answers SET entry = x'{(head + chr(10)).encode().hex()}'")
        for head in (
            "{}",
            "[]",
            "null",
            '{"created": "x", "expires": 0, "headers": {}, "reason": "", "checksum": 0}',
            '{"created": 1e30, "expires": 0, "headers": {}, "reason": "", "checksum": 0}',
            '{"created": NaN, "expires": 0, "headers": {}, "reason": "", "checksum": 0}',
            '{"created": 0, "expires": null, "headers": {}, "reason": "", "checksum": 0}',
            '{"created": 0, "expires": 0, "headers": [1], "reason": "", "checksum": 0}',
        )
    },
}


@pytest.mark.logs("damaged", "cannot be used")
@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_file_does_no_harm(
    wire: Wire,
    asker: Callable[..., Asker],
    case: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    log_watch: Any,
) -> None:
    monkeypatch.chdir(tmp_path)
    user = asker(wire.server(lambda got: wire.json({**PART, "text": "x" * 20_000}, **FRESH)), lifetime=DAY)
    answer = user.get("getComponent", PART)
    user.close()
    SPOILT[case](user.cache.store.path)
    later = asker(user.server, lifetime=DAY, offline=DAY)
    assert later.get("getComponent", PART) == answer
    later.cache.forget([PART["code"]])
    asked = later.asked
    assert later.get("getComponent", PART) == answer
    assert later.asked == asked + 1
    assert later.get("getComponent", PART) == answer
    assert later.asked == asked + 1, "the cache does not work any more"
    assert not (tmp_path / "canary").exists()
    assert len(log_watch.texts) <= 2


@pytest.mark.logs("cannot be used")
@pytest.mark.parametrize("place", ["a file in the way", "a folder in the way"])
def test_without_a_file_all_is_as_without_a_cache(
    wire: Wire, asker: Callable[..., Asker], folder: Path, place: str, log_watch: Any
) -> None:
    user = asker(wire.server(counting(wire)), offline=DAY)
    if place == "a file in the way":
        folder.write_text("in the way")
    else:
        user.cache.store.path.mkdir(parents=True)
    assert [user.get()["number"] for _ in range(3)] == [1, 2, 3]
    user.cache.forget(["x"])
    user.cache.prune()
    user.cache.clear()
    user.cache.close()
    user.cache.delete()
    assert len(log_watch.texts) == 1


@contextlib.contextmanager
def locked(path: Path, how: str) -> Iterator[None]:
    """Hold the file from another process, as a writer or all for oneself."""
    code = (
        "import sqlite3, sys\n"
        "database = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "if sys.argv[2] == 'alone': database.execute('PRAGMA locking_mode = EXCLUSIVE')\n"
        "database.execute('BEGIN EXCLUSIVE')\n"
        "database.execute('UPDATE answers SET used = 0')\n"
        "print('locked', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code, str(path), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield
        process.communicate()


@pytest.mark.logs("cannot be used")
@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("how", ["writer", "alone"])
def test_a_foreign_lock_holds_up_nobody(
    wire: Wire, asker: Callable[..., Asker], how: str, is_open: bool, log_watch: Any
) -> None:
    user = asker(wire.server(counting(wire)), lifetime=DAY)
    user.get()
    if not is_open or how == "alone":
        user.close()
        user = asker(user.server, lifetime=DAY)
    with locked(user.cache.store.path, how):
        begin = time.monotonic()
        hit = user.get()
        user.get("other")
        user.cache.forget(["x"])
        assert time.monotonic() - begin < 1
        # What could not be forgotten is not given any more.
        user.cache.forget([PART["code"]])
        asked = user.asked
        user.get()
        assert user.asked == asked + 1
        assert (hit["number"] == 1) == (how == "writer")
        begin = time.monotonic()
        for number in range(20):
            user.get(body={"number": number})
        assert time.monotonic() - begin < 2
    assert len(log_watch.texts) == 1
    while user.response("list", "again").from_cache is False:  # type: ignore[attr-defined]
        time.sleep(0.05)


@pytest.mark.logs("cannot be used")
def test_a_full_disk_keeps_nothing(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(lambda _: wire.json({"text": "x" * 100_000}, **FRESH)))
    user.get()
    limit = user.cache.store._connection
    assert limit is not None
    limit.execute("PRAGMA max_page_count = 30")  # the same error as from a full disk
    for number in range(3):
        assert len(user.get(body={"number": number})["text"]) == 100_000
    assert user.response().from_cache  # type: ignore[attr-defined]


@pytest.mark.logs("cannot be used")
def test_a_file_that_cannot_be_written_gives_what_it_has(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(counting(wire)))
    first = user.get()
    assert user.cache.store._connection is not None
    user.cache.store._connection.execute(
        "PRAGMA query_only = ON"
    )  # the same error as from a file without the right
    user.get(refresh=True)
    assert user.get() == first
    user.cache.forget(["x"])
    assert user.get()["number"] == 3


# Threads and processes -------------------------------------------------------------------------------------


def together(count: int, work: Callable[[int], None]) -> None:
    """Run work in threads, all at once, and raise the first error of any."""
    faults: list[BaseException] = []

    def one(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001  # whatever it is, the test shall tell
            faults.append(error)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def test_many_threads_mix_all_it_can_do(wire: Wire, asker: Callable[..., Asker]) -> None:
    def answer(got: Received) -> Reply:
        return wire.json({"asked": got.json, "text": "x" * random.choice((10, 50_000))}, **FRESH)

    user = asker(wire.server(answer), size_limit=5_000_000, offline=DAY)

    def work(thread: int) -> None:
        dice = random.Random(thread)
        for _ in range(60):
            body = {"component": str(dice.randrange(20))}
            asked = user.get("getComponent", body, refresh=dice.random() < 0.2)["asked"]
            assert asked == body
            if dice.random() < 0.1:
                user.cache.forget([body["component"]])
            if dice.random() < 0.02:
                dice.choice((user.cache.prune, user.cache.clear))()

    together(16, work)
    assert user.asked < 16 * 60
    assert user.response("getComponent", {"component": "1"}).status_code == 200


OTHER_PROGRAM = """
import random, sys
from pathlib import Path
from itkgui.client.origins import Origin
from itkgui.client.response_cache import CacheUse, ResponseCache
from itkgui.client.session import Request, Session
from itkgui.settings import Settings
folder, url, seed = sys.argv[1:]
dice = random.Random(seed)
cache = ResponseCache(Path(folder), "one", Origin.of(url), lifetime=None, offline=None, size_limit=50_000_000)
session = Session(Settings(api_url=url))
for _ in range(200):
    body = {"component": str(dice.randrange(30))}
    use = CacheUse(cache, refresh=dice.random() < 0.3)
    request = Request("GET", url + "getComponent", json=body, cache=use)
    assert session.json(request)["asked"] == body
    if dice.random() < 0.1:
        cache.forget([body["component"]])
session.close()
cache.close()
"""


def test_two_programs_share_one_store(wire: Wire, folder: Path) -> None:
    server = wire.server(lambda got: wire.json({"asked": got.json, "text": "x" * 5_000}, **FRESH))
    command = [sys.executable, "-W", "error", "-c", OTHER_PROGRAM, str(folder), server.url]
    programs = [subprocess.Popen([*command, seed], stderr=subprocess.PIPE, text=True) for seed in "ab"]
    said = [program.communicate(timeout=60)[1] for program in programs]
    assert [program.returncode for program in programs] == [0, 0], said
    assert said == ["", ""]
    assert len(server.received) < 400
    assert len(list(folder.iterdir())) == 1


# In the client ---------------------------------------------------------------------------------------------


@pytest.fixture
def client(provider: Provider, folder: Path) -> Iterator[Callable[..., Client]]:
    """Start clients of one provider with a cache; the API answers with a number and with who asks."""
    started: list[Client] = []
    numbers = iter(range(1, 1000))

    def answer(got: Received) -> Reply:
        return provider.wire.json({"number": next(numbers), **PART}, set_cookie="canary=1", **FRESH)

    provider.api = answer

    def start(**options: Any) -> Client:
        cache = CacheOptions(folder, **options)
        started.append(Client(provider.server.settings(read_timeout=1.0), CODES, cache=cache))
        return started[-1]

    yield start
    for found in started:
        found.close()


def test_each_identity_has_a_store_of_its_own(
    client: Callable[..., Client], provider: Provider, folder: Path
) -> None:
    first = client()
    assert [first.get("getComponent")["number"] for _ in range(2)] == [1, 1]
    provider.claims = {"uuidentity": "99-9999-9"}
    second = client()
    assert second.get("getComponent")["number"] == 2
    assert first.get("getComponent")["number"] == 1
    found = bytes_in(folder)
    assert b'"number"' in found
    assert b"canary" not in found
    assert b"eyJ" not in found  # how a token begins


def test_a_write_of_the_client_drops_what_it_changes(client: Callable[..., Client]) -> None:
    user = client(lifetime=DAY)
    assert [user.get("getComponent")["number"] for _ in range(2)] == [1, 1]
    user.post("setComponentStage", {"component": PART["serialNumber"], "stage": "NEXT"})
    assert user.get("getComponent")["number"] == 3
    assert user.get("getComponent", refresh=True)["number"] == 4
    assert user.get("getComponent", expires_after=NOW)["number"] == 5


def test_a_write_drops_what_an_earlier_client_kept(client: Callable[..., Client]) -> None:
    earlier = client(lifetime=DAY)
    assert earlier.get("getComponent")["number"] == 1
    earlier.close()
    user = client(lifetime=DAY)
    user.post("setComponentStage", {"component": PART["serialNumber"], "stage": "NEXT"})
    assert user.get("getComponent")["number"] == 3


@pytest.mark.parametrize("has_read", [True, False])
def test_sign_out_of_the_client_leaves_no_file(
    client: Callable[..., Client], folder: Path, has_read: bool
) -> None:
    user = client()
    user.get("getComponent")
    assert list(folder.iterdir())
    if not has_read:
        user.close()
        user = client()
        user.sign_in()
    user.sign_out()
    assert list(folder.iterdir()) == []


@pytest.mark.logs("cannot be reached")
def test_the_client_reads_off_line_with_a_session_that_ended(
    client: Callable[..., Client], provider: Provider
) -> None:
    provider.lifetime = 0.5
    user = client(offline=DAY)
    first = user.get("getComponent", expires_after=timedelta(microseconds=1))
    while user.identity.expires is not None and user.identity.expires > datetime.now(timezone.utc):
        time.sleep(0.02)
    provider.server.close()
    assert user.get("getComponent") == first
    with pytest.raises(ConnectionFailed):
        user.get("getOther")


def test_an_unknown_component_is_known_as_soon_as_it_is_there(
    client: Callable[..., Client], provider: Provider, wire: Wire
) -> None:
    there = provider.api
    provider.api = lambda _: wire.failure(400, "ucl-itkpd-main/getComponent/componentDoesNotExist")
    user = client(lifetime=DAY)
    with pytest.raises(ComponentNotFound):
        user.get("getComponent")
    provider.api = there
    assert user.get("getComponent")["serialNumber"] == PART["serialNumber"]


def test_a_change_shows_at_once_in_the_sandbox(sandbox: SandboxProcess, folder: Path) -> None:
    serial, words = "20UPGM23800001", f"kept and forgotten {random.random()}"
    with Client(settings_for(sandbox), cache=CacheOptions(folder, lifetime=DAY)) as user:
        before = user.get("getComponent", {"component": serial})
        assert user.get("getComponent", {"component": serial}) == before
        # Whoever knows it by another name, and in another session, sees it too.
        with Client(settings_for(sandbox), cache=CacheOptions(folder, lifetime=DAY)) as other:
            other.post("createComponentComment", {"component": before["code"], "comments": [words]})
        after = user.get("getComponent", {"component": serial})
    assert words in [comment["comment"] for comment in after["comments"]]
    assert sandbox.info["bearer"].encode() not in bytes_in(folder)


def test_nothing_is_loaded_for_a_client_without_a_cache() -> None:
    modules = "itkgui.client.client, itkgui.client.response_cache"
    code = f"import sys, {modules}; print('requests_cache' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"


def test_a_hit_takes_less_than_a_request(wire: Wire, asker: Callable[..., Asker]) -> None:
    user = asker(wire.server(lambda _: wire.json({"text": "x" * 100_000}, **FRESH)), lifetime=DAY)
    session = user.cache.session()
    request = session.prepare_request(requests.Request("GET", user.server.url + "getThing", json={"a": 1}))
    user.get(body={"a": 1})
    times = []
    for _ in range(200):
        begin = time.perf_counter()
        assert session.send(request).from_cache  # type: ignore[attr-defined]
        times.append(time.perf_counter() - begin)
    assert sorted(times)[100] < 0.005  # seconds; about a tenth of that on an idle computer
    assert isinstance(session, ThreadSession)
