"""What is kept of the answers, and what a write takes away."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from itkgui.client.exceptions import (
    AnswerError,
    ConnectionFailed,
    ServerSilent,
    UnreadableAnswer,
)
from itkgui.client.response_cache import CacheUse
from itkgui.client.session import Request
from tests.unit.client.cache.conftest import DAY, FRESH, OTHER, PART, Asker, bytes_in, counting

if TYPE_CHECKING:
    from tests.unit.client.conftest import Received, Reply, Wire


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
    assert time.monotonic() - begin < 20


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
    "list of the other's runs": (
        "listTestRunsByComponent",
        {"filterMap": {"code": OTHER["code"]}},
        {"itemList": [{"id": "a" * 24, "runNumber": "2", "components": [OTHER]}]},
    ),
    "more of the other's runs": (
        "listTestRunsByComponent",
        {"filterMap": {"code": OTHER["code"]}, "pageInfo": {"pageIndex": 1}},
        {"itemList": [{"id": "e" * 24, "runNumber": "1"}]},
    ),
    "list of the part's shipments": (
        "listShipmentsByComponent",
        {"component": PART["code"]},
        {"itemList": [{"id": "f" * 24, "trackingNumber": "1"}]},
    ),
    "list of runs of nobody": ("listTestRunsByComponent", {"filterMap": {}}, {"itemList": []}),
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
LISTS = {"list of parts", "list of runs of nobody", "list of shipments"}
RUNS_OF_THE_OTHER = {"list of the other's runs", "more of the other's runs"}
OF_THE_PART = {
    "part by serial number",
    "part by code",
    "its parent",
    "names its id only",
    "says nothing of what was asked",
    "asked by query",
    "its run",
    "list of the part's shipments",
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
        (["f" * 24], {"list of the part's shipments"}),
        (["e" * 24], {"other part", "another run"} | RUNS_OF_THE_OTHER),
        (
            [OTHER["code"], "20UPGRA0000002"],
            {"other part", "another run", "names its id only"} | RUNS_OF_THE_OTHER,
        ),
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
        assert written.wait(30)
        return reply

    user = asker(wire.server(answer))
    writer = asker(user.server) if other_process else user
    user.cache.clear()  # which opens it
    seen: list[str] = []
    reader = threading.Thread(target=lambda: seen.append(user.get("getComponent")["stage"]))
    reader.start()
    assert reading.wait(30)
    writer.cache.forget([PART["serialNumber"]])
    written.set()
    reader.join()
    assert seen == ["old"]
    assert user.get("getComponent")["stage"] == "new"
