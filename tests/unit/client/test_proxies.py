"""Proxies of the settings: which servers are asked through one, and what is said when it wants a password."""

from __future__ import annotations

import pytest

from itkgui.client.proxies import ProxyWantsPassword
from itkgui.client.session import Request, Session
from itkgui.settings import Settings
from itkgui.uploads.sorting import cause_of
from itkgui.uploads.upload import Cause
from tests.unit.client.conftest import ScriptedServer, Wire

FAR, FAR_TLS = "http://database.invalid/getThing", "https://database.invalid/getThing"


def asked(settings: Settings, url: str) -> object:
    session = Session(settings)
    try:
        return session.json(Request("GET", url))
    finally:
        session.close()


def test_proxy_of_the_settings_is_used_for_its_scheme(wire: Wire) -> None:
    proxy = wire.server_of(wire.json({"by": "proxy"}))
    assert asked(proxy.settings(http_proxy=proxy.url), FAR) == {"by": "proxy"}
    assert asked(proxy.settings(http_proxy="http://127.0.0.1:1"), proxy.url) == {"by": "proxy"}
    assert [request.target for request in proxy.received] == [FAR, "/"]


@pytest.mark.parametrize("directly", [("database.invalid",), ("a.example", ".invalid"), ("*",)])
def test_hosts_without_a_proxy_are_asked_directly(wire: Wire, directly: tuple[str, ...]) -> None:
    session = Session(Settings(http_proxy="http://127.0.0.1:1", no_proxy=directly))
    assert "http" not in session.environment_of(FAR)["proxies"]
    assert session.environment_of("http://b.example/")["proxies"].get("http") == (
        None if directly == ("*",) else "http://127.0.0.1:1"
    )


def test_hosts_without_a_proxy_count_for_that_of_the_environment_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert "http" not in Session(Settings(no_proxy=("database.invalid",))).environment_of(FAR)["proxies"]


def wanting(wire: Wire) -> ScriptedServer:
    return wire.server_of(wire.reply(407, b"<html>", "text/html", Proxy_Authenticate="Basic"))


@pytest.mark.parametrize("url", [FAR, FAR_TLS])
def test_proxy_that_wants_a_password_is_told_and_its_address_is_not(wire: Wire, url: str) -> None:
    proxy = wanting(wire)
    address = f"http://me:canary@127.0.0.1:{proxy.port}"
    with pytest.raises(ProxyWantsPassword) as caught:
        asked(proxy.settings(http_proxy=address, https_proxy=address), url)
    assert caught.value.status == 407
    assert "HTTPS_PROXY=http://name:password@host:port" in caught.value.cure
    assert "canary" not in f"{caught.value} {caught.value.detail}"
    assert len(proxy.received) == 1  # to ask again would not help
    assert cause_of(caught.value, 1) is Cause.PASSING  # an upload waits, and is not given up


def test_name_and_password_reach_the_proxy(wire: Wire) -> None:
    proxy = wire.server_of(wire.json({}))
    asked(proxy.settings(http_proxy=f"http://me:secret@127.0.0.1:{proxy.port}"), FAR)
    assert proxy.received[0].headers["proxy-authorization"].startswith("Basic ")
