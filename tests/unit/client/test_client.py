"""Any command of the API: where the bearer goes, what a 401 does, files up and down, threads."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from itkgui.client import transfer
from itkgui.client.bodies import FileBody
from itkgui.client.credentials import AccessCodes
from itkgui.client.exceptions import (
    BadRequest,
    Cancelled,
    ConnectionLost,
    Forbidden,
    NotTheApi,
    ServerUnreachable,
    SessionExpired,
    TransferIncomplete,
    UnreadableAnswer,
)

if TYPE_CHECKING:
    from itkgui.client.client import Client
    from tests.unit.client.conftest import Clients, Provider, Received, Reply, Wire


def test_get_and_post(wire: Wire, client_of: Clients) -> None:
    server = wire.server_of(wire.json({"a": 1}))
    client = client_of(server)
    assert client.get("getComponent", {"component": "x"}) == {"a": 1}
    assert client.post("setComponentStage", {"stage": "y"}) == {"a": 1}
    first, second = server.received
    assert (first.method, first.target, first.json) == ("GET", "/getComponent", {"component": "x"})
    assert (second.method, second.target, second.json) == ("POST", "/setComponentStage", {"stage": "y"})
    assert first.headers["authorization"] == second.headers["authorization"] == "Bearer opaque-canary"


def test_the_bearer_goes_to_the_api_only(wire: Wire, client_of: Clients) -> None:
    server, other = wire.server_of(wire.json({})), wire.server_of(wire.json({}))
    client = client_of(server)
    client.get(other.url + "getComponent")
    client.get(server.url.replace("127.0.0.1", "localhost") + "getComponent")
    client.get(server.url + "getComponent")
    assert "authorization" not in other.received[0].headers
    assert ["authorization" in request.headers for request in server.received] == [False, True]


def test_a_refused_token_is_renewed_and_the_call_repeated_once(
    wire: Wire, provider: Provider, client_of: Clients
) -> None:
    refused: list[str] = []

    def command(request: Received) -> Reply:
        token = request.headers["authorization"]
        if not refused:
            refused.append(token)
        return wire.failure(401, "uu-oidc/invalidToken") if token in refused else wire.json({"a": 1})

    provider.api = command
    client = client_of(provider.server, AccessCodes("one", "two"))
    assert client.post("setThing", {}) == {"a": 1}
    assert client.get("getThing") == {"a": 1}
    assert [r.target for r in provider.server.received if "/oidc/" not in r.target] == [
        "/setThing",
        "/setThing",
        "/getThing",
    ]


def test_a_server_that_refuses_every_token(wire: Wire, provider: Provider, client_of: Clients) -> None:
    provider.api = lambda _: wire.failure(401, "uu-oidc/invalidToken")
    client = client_of(provider.server, AccessCodes("one", "two"))
    with pytest.raises(SessionExpired):
        client.get("getThing")
    assert [request.target for request in provider.server.received].count("/getThing") == 2


def test_a_bearer_that_is_refused_cannot_be_renewed(wire: Wire, client_of: Clients) -> None:
    server = wire.server_of(wire.failure(401, "uu-oidc/invalidToken"))
    with pytest.raises(SessionExpired) as caught:
        client_of(server).get("getThing")
    assert caught.value.has_code("invalidToken")
    assert len(server.received) == 1


def test_a_missing_right_does_not_renew(wire: Wire, provider: Provider, client_of: Clients) -> None:
    provider.api = lambda _: wire.failure(401, "uu-app-workspace/authorization/userIsNotAuthorized")
    with pytest.raises(Forbidden):
        client_of(provider.server, AccessCodes("one", "two")).get("getThing")
    assert [request.target for request in provider.server.received].count("/getThing") == 1


def test_a_closed_client_is_signed_out(wire: Wire, client_of: Clients) -> None:
    server = wire.server_of(wire.json({}))
    client = client_of(server)
    client.get("getThing")
    client.close()
    client.close()
    for call in (lambda: client.get("getThing"), lambda: client.each(client.get, ["a", "b"])):
        with pytest.raises(SessionExpired):
            call()
    assert len(server.received) == 1


def test_a_file_goes_up_as_a_form(wire: Wire, client_of: Clients, tmp_path: Path) -> None:
    server = wire.server_of(wire.json({"code": "x"}))
    (tmp_path / "a.txt").write_bytes(b"content")
    with transfer.running(transfer.Transfer()) as watched:
        answer = client_of(server).upload(
            "createThing", {"title": "T"}, FileBody(tmp_path / "a.txt", 7), "a.txt", "text/plain"
        )
        assert (watched.done, watched.total) == (7, 7)
    assert answer == {"code": "x"}
    (request,) = server.received
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert int(request.headers["content-length"]) == len(request.body)
    assert b"content" in request.body


def test_an_upload_is_not_repeated(wire: Wire, client_of: Clients, tmp_path: Path) -> None:
    server = wire.server_of(wire.reset)
    (tmp_path / "a.txt").write_bytes(b"content")
    with pytest.raises(ConnectionLost):
        client_of(server).upload("c", {}, FileBody(tmp_path / "a.txt", 7), "a.txt", "text/plain")
    assert len(server.received) == 1


def fetch(client: Client) -> tuple[bytes, int | None, str]:
    with client.stream("getComponentAttachment", {"code": "x"}) as answer:
        return b"".join(answer.blocks()), answer.size, answer.file_name


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('inline; filename="x y.txt"', "x y.txt"),
        ("inline; filename=foo.zip", "foo.zip"),
        ("attachment; filename*=UTF-8''gr%C3%BCn.txt", "grün.txt"),
        ("attachment; filename=a.txt; filename*=no-such-code''b%20c.txt", "b c.txt"),
        ('attachment; filename="gr\u00c3\u00bcn.txt"', "grün.txt"),
        ('attachment; filename="gr\u00fcn.txt"', "grün.txt"),
        ('inline; filename="../../x.txt"', "../../x.txt"),
        ("inline", ""),
        ('inline; filename=""', ""),
    ],
)
def test_a_file_comes_with_its_name(wire: Wire, client_of: Clients, disposition: str, name: str) -> None:
    server = wire.server_of(wire.reply(200, b"bytes", "text/html", Content_Disposition=disposition))
    assert fetch(client_of(server)) == (b"bytes", 5, name)
    assert server.received[0].headers["accept-encoding"] == "identity"


def test_json_files_are_files(wire: Wire, client_of: Clients) -> None:
    assert fetch(client_of(wire.server_of(wire.json({"a": 1})))) == (b'{"a": 1}', 8, "")


def test_a_web_page_is_not_a_file(wire: Wire, client_of: Clients) -> None:
    with pytest.raises(NotTheApi):
        fetch(client_of(wire.server_of(wire.reply(200, b"<html></html>", "text/html"))))


def test_a_file_that_is_not_there(wire: Wire, client_of: Clients) -> None:
    with pytest.raises(BadRequest):
        fetch(client_of(wire.server_of(wire.failure(400, "x/getComponentAttachment/binaryDoesNotExist"))))


def test_a_file_that_is_cut(wire: Wire, client_of: Clients) -> None:
    with pytest.raises(TransferIncomplete):
        fetch(client_of(wire.server_of(wire.reply(200, b"bytes", length=50, Connection="close"))))


def test_pages(wire: Wire, client_of: Clients) -> None:
    def answer(request: Received) -> Reply:
        page = request.json["pageInfo"]
        return wire.json({"itemList": [{"id": page["pageIndex"]}], "pageInfo": {**page, "total": 3}})

    server = wire.server(answer)
    assert [item["id"] for item in client_of(server).pages("listThings", {"project": "P"}, 1)] == [0, 1, 2]
    assert server.received[0].json == {"project": "P", "pageInfo": {"pageIndex": 0, "pageSize": 1}}


def test_each_keeps_the_order_and_at_most_four_in_flight(wire: Wire, client_of: Clients) -> None:
    lock, together = threading.Lock(), threading.Barrier(4)
    flying: list[int] = [0, 0]

    def answer(request: Received) -> Reply:
        with lock:
            flying[0] += 1
            flying[1] = max(flying)
        together.wait(30)  # breaks unless as many are under way at once
        with lock:
            flying[0] -= 1
        return wire.json(request.json)

    client = client_of(wire.server(answer))
    found = client.each(lambda n: client.get("getThing", {"n": n}), range(20))
    assert found == [{"n": n} for n in range(20)]
    assert flying[1] == 4


def test_the_first_error_ends_each(wire: Wire, client_of: Clients) -> None:
    server = wire.server_of(wire.reply(200, b"[]"))
    client = client_of(server)
    with pytest.raises(UnreadableAnswer):
        client.each(lambda n: client.get("getThing", {"n": n}), range(50))
    assert len(server.received) < 50


def test_cancel_reaches_the_helpers(wire: Wire, client_of: Clients) -> None:
    server = wire.server_of(wire.silence)
    client = client_of(server, read_timeout=60.0)
    watched = transfer.Transfer()
    threading.Timer(0.1, watched.cancel).start()
    started = time.monotonic()
    with transfer.running(watched), pytest.raises(Cancelled):
        client.each(lambda n: client.get("getThing", {"n": n}), range(8))
    assert time.monotonic() - started < 30
    assert len(server.received) <= 4


def test_cancel_reaches_a_question_whose_turn_has_not_come(wire: Wire, client_of: Clients) -> None:
    server = wire.server_of(wire.silence)
    client = client_of(server)
    first, second = transfer.Transfer(), transfer.Transfer()

    def ask() -> None:
        with transfer.running(first), pytest.raises(Cancelled):
            client.each(lambda n: client.get("getThing", {"n": n}), range(8))

    thread = threading.Thread(target=ask)
    thread.start()
    while len(server.received) < 4:
        time.sleep(0.001)
    threading.Timer(0.1, second.cancel).start()
    with transfer.running(second), pytest.raises(Cancelled):
        client.each(lambda n: client.get("getThing", {"n": n}), range(8))
    assert len(server.received) == 4
    first.cancel()
    thread.join()


def test_a_setting_that_is_no_address(wire: Wire, client_of: Clients) -> None:
    server, url = wire.server_of(wire.json({})), "https://a..example/"
    with pytest.raises(ServerUnreachable):
        client_of(server, api_url=url).get("getThing")
    with pytest.raises(ServerUnreachable):
        client_of(server, AccessCodes("one", "two"), auth_url=url).sign_in()
    assert not server.received


def test_many_threads_share_one_client(wire: Wire, provider: Provider, client_of: Clients) -> None:
    provider.api = lambda request: wire.json(request.json)
    client = client_of(provider.server, AccessCodes("one", "two"))
    outcome: list[bool] = []

    def work(thread: int) -> None:
        for n in range(20):
            body = {"thread": thread, "n": n}
            outcome.append(client.get("getThing", body) == body)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcome == [True] * 320
    assert [request.target for request in provider.server.received].count("/oidc/grantToken") == 1


@pytest.mark.parametrize("status", [429, 503])
def test_a_token_that_is_still_good_serves_while_the_provider_is_in_trouble(
    wire: Wire, provider: Provider, client_of: Clients, status: int
) -> None:
    provider.lifetime = 4  # seconds; it is due at half its life
    client = client_of(provider.server, AccessCodes("one", "two"))
    client.sign_in()
    provider.replies["grantToken"] = wire.failure(status, "uu-oidc/busy")
    deadline = time.monotonic() + 5
    while not (due := client._authenticator.is_due(60)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert due
    before = len(provider.server.received)
    assert [client.get("getThing"), client.get("getThing")] == [{}, {}]
    targets = [request.target for request in provider.server.received[before:]]
    assert targets == ["/oidc/grantToken", "/getThing", "/getThing"]
