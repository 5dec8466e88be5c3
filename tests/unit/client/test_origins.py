"""Which host a URL leads to, tricks included: secrets depend on it."""

from __future__ import annotations

import pytest

from itkgui.client.origins import Origin


def test_an_origin_is_scheme_host_and_port() -> None:
    assert Origin.of("https://Itkpd.Example/path?x=y") == Origin("https", "itkpd.example", 443)
    assert Origin.of("http://127.0.0.1:8443") == Origin("http", "127.0.0.1", 8443)
    assert Origin.of("http://[::1]:80/") == Origin("http", "::1", 80)
    assert Origin.of("https://a.example") != Origin.of("http://a.example")
    assert Origin.of("https://a.example") != Origin.of("https://a.example:444")
    assert Origin.of("https://a.example") != Origin.of("https://a.example.evil.example")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "text",
        "/path",
        "//host/path",
        "ftp://a.example/",
        "javascript:alert(1)",
        "https://user@a.example/",
        "https://a.example:443@evil.example/",
        "https://evil.example\\@a.example/",
        "https://a.example /",
        "https://a.example/\r\nX: y",
        "https://a.exa\tmple/",
        "https://ä.example/",
        "http://[::1",
        "http://a.example:99999999/",
        "https:///path",
    ],
)
def test_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Origin.of(url)


@pytest.mark.parametrize(
    ("url", "pattern", "matches"),
    [
        ("https://eosatlas.cern.ch/x", "eosatlas.cern.ch", True),
        ("https://eosatlas.cern.ch/x", "EOSATLAS.cern.ch ", True),
        ("http://st-1.cern.ch:8443/x", "*.cern.ch", True),
        ("http://st-1.cern.ch:8443/x", "*.cern.ch:8443", True),
        ("http://st-1.cern.ch:8080/x", "*.cern.ch:8443", False),
        ("http://cern.ch/x", "*.cern.ch", False),
        ("http://evilcern.ch/x", "*.cern.ch", False),
        ("http://a.cern.ch.evil.example/x", "*.cern.ch", False),
        ("http://127.0.0.1:5/x", "127.0.0.1:5", True),
        ("http://127.0.0.1:5/x", "127.0.0.1:6", False),
        ("http://[::1]:5/x", "[::1]:5", True),
        ("http://a.example/x", "", False),
    ],
)
def test_patterns(url: str, pattern: str, matches: bool) -> None:
    assert Origin.of(url).matches([pattern]) is matches


def test_loopback() -> None:
    assert Origin.of("http://127.0.0.1:1/").is_loopback
    assert Origin.of("http://localhost/").is_loopback
    assert Origin.of("http://[::1]/").is_loopback
    assert not Origin.of("http://localhost.evil.example/").is_loopback
    assert not Origin.of("http://128.0.0.1/").is_loopback
