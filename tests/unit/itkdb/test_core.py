"""The session: whom it trusts with a token, how long it waits, what it repeats, whose answer is whose."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from itkgui import itkdb
from tests.unit.client.conftest import Provider, Received, Wire
from tests.unit.itkdb.conftest import Connect


def user_of(provider: Provider, **options: Any) -> itkdb.core.User:
    return itkdb.core.User("one", "two", prefix_url=f"{provider.server.url}oidc/", **options)


@pytest.mark.parametrize(
    "address",
    [
        "https://itkpd.unicornuniversity.net.evil/getUser",
        "https://itkpd.unicornuniversity.net@evil/getUser",
        "https://itkpd.unicornuniversity.net:444/getUser",
        "http://itkpd.unicornuniversity.net/getUser",
    ],
)
def test_a_token_goes_to_the_very_host(address: str) -> None:
    """Weak point 31: a beginning that is alike is not enough."""
    with itkdb.core.Session(user=itkdb.core.UserBearer("token.of.me"), cache=False) as session:
        request = requests.Request("GET", address).prepare()
        assert "Authorization" not in session.authorize(request).headers
        request.url = "https://itkpd.unicornuniversity.net/getUser"
        assert session.authorize(request).headers["Authorization"] == "Bearer token.of.me"


def test_it_is_a_session_of_requests(wire: Wire, connect: Connect) -> None:
    server = wire.server_of(wire.json({"itemList": [], "uuAppErrorMap": {}}))
    seen: list[requests.Response] = []
    with itkdb.core.Session(user=itkdb.core.UserBearer("x"), prefix_url=server.url, cache=False) as session:
        assert isinstance(session, requests.Session)
        session.headers["X-Mark"] = "mine"
        session.hooks["response"].append(lambda response, **_: seen.append(response))
        response = session.get("thing", hooks={}, params={"a": "b"})
        assert server.received[0].target == "/thing?a=b"
        assert server.received[0].headers["x-mark"] == "mine"
        assert seen == [response]
        assert session._response is response


def test_an_adapter_of_the_users_own_is_used(wire: Wire) -> None:
    class Counted(requests.adapters.HTTPAdapter):
        """Counts what it sends."""

        sent = 0

        def send(self, *args: Any, **kwargs: Any) -> requests.Response:
            self.sent += 1
            return super().send(*args, **kwargs)

    server = wire.server_of(wire.json({}))
    with itkdb.core.Session(user=itkdb.core.UserBearer("x"), prefix_url=server.url, cache=False) as session:
        adapter = Counted()
        session.mount(server.url, adapter)
        assert session.get("thing").status_code == 200
        assert adapter.sent == 1


def test_no_wait_is_for_ever(wire: Wire, connect: Connect) -> None:
    """Weak point 12; the time-out of a call is that of the call's further pages, too (weak point 9)."""
    page = {"itemList": [{"id": "1"}], "pageInfo": {"pageIndex": 0, "pageSize": 1, "total": 2}}
    client = connect(wire.server_of(wire.json(page), wire.silence))
    listed = client.get("listThings", timeout=0.2)
    next(listed)
    with pytest.raises(requests.exceptions.ReadTimeout) as caught:
        next(listed)
    assert isinstance(caught.value, itkdb.exceptions.ITkDBException)
    assert client._settings.connect_timeout > 0
    assert client._settings.read_timeout > 0


def test_a_connection_that_was_closed_meanwhile_is_no_error(wire: Wire, connect: Connect) -> None:
    client = connect(wire.server_of(wire.reset, wire.json({"serialNumber": "20U"})))
    assert client.get("getComponent", json={"component": "20U"}) == {"serialNumber": "20U"}


def test_a_refused_token_is_renewed_once(provider: Provider, wire: Wire) -> None:
    tokens: list[str] = []

    def api(request: Received) -> bytes:
        tokens.append(request.headers["authorization"])
        if len(tokens) == 1:
            return wire.failure(401, "uu-oidc/invalidToken")
        return wire.json({"name": "me"})

    provider.api = api
    with itkdb.Client(user=user_of(provider), prefix_url=provider.server.url, cache=False) as client:
        assert client.post("getThing", json={}) == {"name": "me"}
    assert len(set(tokens)) == 2
    assert provider.grants == 2


def test_a_token_that_stays_refused_is_forbidden(provider: Provider, wire: Wire) -> None:
    provider.api = lambda _: wire.failure(401, "uu-oidc/invalidToken")
    with (
        itkdb.Client(user=user_of(provider), prefix_url=provider.server.url, cache=False) as client,
        pytest.raises(itkdb.exceptions.Forbidden) as caught,
    ):
        client.get("getThing")
    assert provider.grants == 2
    assert caught.value.response.status_code == 401


def test_a_redirect_leads_nowhere_else(wire: Wire, connect: Connect) -> None:
    other = wire.server_of(wire.json({"itemList": []}))
    client = connect(wire.server_of(wire.reply(307, Location=f"{other.url}x")))
    with pytest.raises(itkdb.exceptions.Redirect) as caught:
        client.get("getThing")
    assert caught.value.path == "/x"
    assert not other.received


def test_a_redirect_on_the_same_host_is_followed_but_for_302(wire: Wire, connect: Connect) -> None:
    """Weak point 16: 302 is an error of its own, also behind another redirect."""
    client = connect(
        wire.server_of(
            wire.reply(307, Location="/there"),
            wire.json({"at": "there"}),
            wire.reply(308, Location="/on.json"),
            wire.reply(302, Location="/away.json?secret=1"),
        )
    )
    assert client.get("here") == {"at": "there"}
    with pytest.raises(itkdb.exceptions.Redirect) as caught:
        client.get("here")
    assert caught.value.path == "/away"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 303])
def test_a_redirect_does_not_turn_a_write_into_a_read(wire: Wire, connect: Connect, status: int) -> None:
    server = wire.server_of(wire.reply(status, Location="/there"), wire.json({"at": "there"}))
    with pytest.raises(itkdb.exceptions.Redirect):
        connect(server).post("here", json={"a": 1})
    assert len(server.received) == 1


def test_a_redirect_may_be_left_to_the_caller(wire: Wire) -> None:
    server = wire.server_of(wire.reply(307, Location="/there"))
    with itkdb.core.Session(user=itkdb.core.UserBearer("x"), prefix_url=server.url, cache=False) as session:
        assert session.get("here", allow_redirects=False).status_code == 307


def test_each_thread_sees_its_own_answer(wire: Wire, connect: Connect) -> None:
    """Weak point 11: neither the last answer nor a limit belongs to somebody else's call."""
    items = [{"id": str(number)} for number in range(9)]
    both = threading.Barrier(2)

    def script(request: Received) -> bytes:
        both.wait(30)
        page = {"itemList": items, "pageInfo": {"pageIndex": 0, "pageSize": 9, "total": 9}}
        return wire.json(page | {"asked": request.target})

    client = connect(wire.server(script))
    found: dict[str, tuple[int, Any]] = {}

    def ask(command: str, limit: int) -> None:
        count = len(list(client.get(command, limit=limit)))
        assert client._response is not None
        found[command] = (count, client._response.json()["asked"])

    threads = [threading.Thread(target=ask, args=arguments) for arguments in (("one", 2), ("all", -1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"one": (2, "/one"), "all": (9, "/all")}
    assert "limit" not in vars(client)
    assert client._response is None, "this thread asked nothing"


def test_one_client_serves_many_threads(provider: Provider, wire: Wire) -> None:
    """Weak point 11: tokens that end all the time, and lists, objects and refusals side by side."""
    provider.lifetime = 0.2

    def api(request: Received) -> bytes:
        assert request.headers["authorization"].startswith("Bearer ey")
        info = (request.json or {}).get("pageInfo", {"pageIndex": 0, "pageSize": 2})
        if request.target == "/list":
            items = [{"id": f"{info.get('pageIndex', 0)}-{number}"} for number in range(2)]
            return wire.json(
                {"itemList": items, "pageInfo": {"pageIndex": 0, "pageSize": 2, "total": 8} | info}
            )
        if request.target == "/refuse":
            return wire.failure(400, "a/b/c", str(request.json["number"]))
        return wire.json({"number": request.json["number"]})

    provider.api = api
    client = itkdb.Client(user=user_of(provider), prefix_url=provider.server.url, cache=False)

    def work(number: int) -> None:
        for mine in range(number * 100, number * 100 + 10):
            assert client.post("echo", json={"number": mine})["number"] == mine
            assert len(list(client.get("list", json={}, limit=3 + number % 3))) == 3 + number % 3
            with pytest.raises(itkdb.exceptions.BadRequest, match=f'"message": "{mine}"'):
                client.get("refuse", json={"number": mine})
            assert client._response is not None
            assert client._response.status_code == 400

    with client, ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(16)))
    assert provider.grants > 1


def test_the_address_can_be_changed_later(wire: Wire, connect: Connect) -> None:
    first, second = wire.server_of(wire.json({"at": 1})), wire.server_of(wire.json({"at": 2}))
    client = connect(first)
    assert client.get("thing") == {"at": 1}
    client.prefix_url = second.url.rstrip("/")
    assert client.get("thing") == {"at": 2}
    assert second.received[0].headers["authorization"] == "Bearer token.of.somebody"


def test_the_servers_cookies_are_not_kept(wire: Wire, connect: Connect) -> None:
    server = wire.server_of(wire.json({}, Set_Cookie="uu.app.bpl=0;path="))
    client = connect(server)
    client.get("one")
    client.get("two")
    assert "cookie" not in server.received[1].headers
