"""Answers made up by hypothesis: whatever a server says, only errors of the tree come of it."""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from itkgui.client.bodies import FileBody
from itkgui.client.client import Client
from itkgui.client.exceptions import ItkError
from tests.unit.client.conftest import CODES, OPAQUE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.client.conftest import Provider, Received, Reply, Wire

# Each example is a request over a real connection; what fails is not made smaller, as that takes long.
pytestmark = pytest.mark.logs("")
bounded = settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**18, -1, 2**64, 10**400])
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\ud800", "error", "warning", "\x00", "0123456789abcdef" * 2]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["id", "code", "message", "total", "value", "type"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


def deep(before: bytes, depth: int, after: bytes) -> bytes:
    return before + b"[" * depth + b"]" * depth + after


@st.composite
def envelopes(draw: st.DrawFn) -> Any:
    """Return an answer of the usual shape, in which anything may stand in place of any part."""
    odd = json_values
    entry = st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["error", "warning"]) | odd,
            "message": st.text(max_size=20) | odd,
            "paramMap": odd
            | st.fixed_dictionaries(
                {},
                optional={
                    "unsupportedKeyList": odd,
                    "invalidValueKeyMap": odd | st.dictionaries(st.text(max_size=5), odd, max_size=2),
                    "missingKeyMap": odd | st.dictionaries(st.text(max_size=5), odd, max_size=2),
                },
            ),
            "cause": odd | st.dictionaries(st.text(max_size=5), odd, max_size=2),
        },
    )
    codes = st.sampled_from(["x/getThing/componentDoesNotExist ", "x/y", "/", "", "userIsNotAuthorized"])
    items = st.lists(st.fixed_dictionaries({}, optional={"id": st.text(max_size=3) | odd}) | odd, max_size=4)
    page = {"pageIndex": odd, "pageSize": st.integers(0, 5) | odd, "total": st.integers(0, 30) | odd}
    return draw(
        st.fixed_dictionaries(
            {},
            optional={
                "uuAppErrorMap": odd | st.dictionaries(codes, entry | odd, max_size=3),
                "itemList": items | odd,
                "pageItemList": items | odd,
                "pageInfo": st.fixed_dictionaries({}, optional=page) | odd,
                "id_token": odd,
                "keys": st.lists(odd, max_size=3) | odd,
            },
        )
    )


bodies = (
    envelopes().map(lambda value: json.dumps(value).encode())
    | json_values.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
    | st.binary(max_size=200)
    | envelopes().map(lambda value: json.dumps(value).encode("utf-16"))
    | st.integers(850, 1100).map(lambda n: deep(b'{"uuAppErrorMap": {"x/y": {"message": ', n, b"}}}"))
    | st.integers(850, 1100).map(
        lambda n: deep(b'{"itemList": [{"id": "1", "a": ', n, b'}], "pageInfo": {"total": 9}}')
    )
    | st.sampled_from([b"", b"<html>", b'{"a": 1e999}', b'{"a": ' + b"9" * 5000 + b"}", b"\xef\xbb\xbf{}"])
)

header_text = st.text(
    st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=40
)
headers = st.dictionaries(
    st.sampled_from(
        [
            "Content-Type",
            "Content-Encoding",
            "Content-Disposition",
            "Set-Cookie",
            "Retry-After",
            "Location",
            "X-Request-Id",
            "Keep-Alive",
            "Connection",
            "ETag",
            "Date",
        ]
    ),
    header_text
    | st.sampled_from(
        [
            "application/json; charset=",
            "text/html",
            "application/json; charset=utf-16",
            "gzip",
            "deflate, gzip",
            "br",
            "zstd",
            "attachment; filename*=idna''a%C3%BCb",
            "attachment; filename*=undefined''a%C3%BCb",
            "attachment; filename*=hex''a%C3%BCb",
            "a=b; Expires=Thu, 99-Foo-2026 99:99:99 GMT; Max-Age=x; Path=",
            "http://[::1",
            "Fri, 31 Dec 9999 23:59:59 -9999",
            "Mon, 01 Jan 0000 00:00:00 GMT",
            ", , ,",
        ]
    ),
    max_size=5,
)
# Not those after which one waits and asks again.
statuses = st.sampled_from(
    [200, 200, 200, 201, 204, 206, 226, 299, 302, 304, 400, 401, 403, 404, 413, 500, 599]
)


@st.composite
def replies(draw: st.DrawFn) -> bytes:
    body = draw(bodies)
    chosen = draw(headers)
    if chosen.get("Content-Encoding") == "gzip" and draw(st.booleans()):
        body = gzip.compress(body)
    lines = [f"HTTP/1.1 {draw(statuses)} {draw(header_text)}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in chosen.items()]
    head = "\r\n".join((*lines, "", "")).encode("latin-1")
    return draw(st.sampled_from([head + body, head + body, head + body[:-1], head[:-3], head + body + b"x"]))


@contextlib.contextmanager
def only_errors_of_the_tree() -> Iterator[None]:
    with contextlib.suppress(ItkError):
        yield


class Anything:
    """A server that gives the answer of the moment, and then closes."""

    def __init__(self, wire: Wire) -> None:
        self.now: bytes = b""
        self.server = wire.server(self.answer)

    def answer(self, _: Received) -> Reply:
        return iter([self.now])


@pytest.fixture
def anything(wire: Wire) -> Anything:
    return Anything(wire)


def calls(client: Client, folder: Path) -> list[Callable[[], Any]]:
    file = folder / "a.txt"
    file.write_bytes(b"1234567")
    upload = {"component": "x", "testType": "T", "results": {"A": 1}}

    def stream() -> Any:
        with client.stream("getThing", {}) as answer:
            return answer.size, answer.file_name, answer.media_type, list(answer.blocks())

    def listed() -> Any:
        pages = client.pages("listThings", {}, 2)
        return list(pages), pages.total, pages.size, pages.siblings

    def responded() -> Any:
        prepared = requests.Request("POST", client.settings.api_url, json={}).prepare()
        return client._session.respond(prepared).content

    return [
        lambda: client.get("getThing", {"a": 1}),
        lambda: client.post("setThing", {"a": 1}),
        lambda: client.post("uploadTestRunResults", upload, allow_duplicate=False),
        lambda: client.upload("c", {}, FileBody(file, 7), "a.txt", "text/plain"),
        stream,
        listed,
        responded,
    ]


@bounded
@given(reply=replies())
def test_any_call(anything: Anything, tmp_path: Path, reply: bytes) -> None:
    anything.now = reply
    with Client(anything.server.settings(read_timeout=1.0), OPAQUE) as client:
        for call in calls(client, tmp_path):
            with only_errors_of_the_tree():
                call()


@bounded
@given(data=st.binary(max_size=300))
def test_any_bytes(anything: Anything, tmp_path: Path, data: bytes) -> None:
    anything.now = data
    with Client(anything.server.settings(read_timeout=1.0), OPAQUE) as client, only_errors_of_the_tree():
        client.post("setThing", {})


@bounded
@given(grant=replies(), keys=replies())
def test_signing_in(provider: Provider, grant: bytes, keys: bytes) -> None:
    provider.replies = {"grantToken": iter([grant]), "listKeys": iter([keys])}
    with Client(provider.server.settings(read_timeout=1.0), CODES) as client, only_errors_of_the_tree():
        client.sign_in()


odd_keys = st.lists(
    json_values
    | st.fixed_dictionaries(
        {"kty": st.just("RSA"), "kid": st.just("key-1") | json_values},
        optional={"n": json_values | st.just("AQAB"), "e": json_values | st.just("AQAB"), "d": json_values},
    ),
    max_size=3,
)
claims = st.dictionaries(
    st.sampled_from(["exp", "nbf", "iat", "aud", "sub", "iss", "jti", "uuidentity", "name"]),
    json_values.filter(lambda value: "\\ud800" not in json.dumps(value)),
    max_size=4,
)


@bounded
@given(odd=claims)
def test_claims_of_any_shape(provider: Provider, odd: dict[str, Any]) -> None:
    try:
        token = provider.token(**odd)
    except (TypeError, ValueError):  # what the library that signs does not take
        return
    provider.replies = {"grantToken": provider.wire.json({"id_token": token})}
    with Client(provider.server.settings(), CODES) as client, only_errors_of_the_tree():
        identity = client.sign_in()
        assert isinstance(identity.name, str)


@bounded
@given(odd=odd_keys)
def test_keys_of_any_shape(provider: Provider, odd: list[Any]) -> None:
    provider.replies = {"listKeys": provider.wire.json({"keys": odd})}
    with Client(provider.server.settings(), CODES) as client, only_errors_of_the_tree():
        client.sign_in()
