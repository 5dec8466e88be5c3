"""Settings from the environment: what is taken, what is refused in words, and what is never shown."""

from __future__ import annotations

import os
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from itkgui.settings import PRODUCTION_API_URL, Settings


def test_defaults_lead_to_production() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert settings.is_production
    assert settings.api_url.startswith("https://")
    assert settings.auth_url.startswith("https://")
    assert (settings.access_code1, settings.access_code2) == ("", "")


def test_every_variable_is_taken() -> None:
    environment = {
        "ITKDB_API_URL": "https://api.example/",
        "ITKDB_AUTH_URL": "https://auth.example/oidc/",
        "ITKDB_ACCESS_CODE1": "one",
        "ITKDB_ACCESS_CODE2": "two",
        "ITKDB_ACCESS_SCOPE": "openid x",
        "ITKDB_ACCESS_AUDIENCE": "https://audience.example",
        "ITKDB_LEEWAY": "50",
        "ITKGUI_LOG_LEVEL": "debug",
        "ITKGUI_EOS_HOSTS": "eos.example, eos2.example:8443,",
        "ITKGUI_EOS_REDIRECT_HOSTS": "*.example",
        "ITKDB_SOMETHING_ELSE": "ignored",
    }
    assert Settings.from_environment(environment) == Settings(
        api_url="https://api.example/",
        auth_url="https://auth.example/oidc/",
        access_code1="one",
        access_code2="two",
        access_scope="openid x",
        access_audience="https://audience.example",
        leeway=50.0,
        log_level="debug",
        eos_hosts=("eos.example", "eos2.example:8443"),
        eos_redirect_hosts=("*.example",),
    )


def test_process_environment_is_read_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ITKDB_ACCESS_CODE1", "from the shell")
    assert Settings.from_environment().access_code1 == "from the shell"


def test_a_file_in_the_working_folder_stands_in_for_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = ["ITKDB_ACCESS_CODE1='of the file'", "ITKDB_ACCESS_CODE2=of the file", "ITKGUI_LOG_LEVEL=debug"]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ITKDB_ACCESS_CODE2", "of the shell")
    found = Settings.from_environment()
    assert (found.access_code1, found.access_code2) == ("of the file", "of the shell")
    assert found.log_level == "info"  # only what itkdb knows is taken from there
    assert "ITKDB_ACCESS_CODE1" not in os.environ


def test_empty_variable_is_as_good_as_none() -> None:
    environment = dict.fromkeys(("ITKDB_API_URL", "ITKDB_LEEWAY", "ITKDB_ACCESS_CODE1"), "")
    assert Settings.from_environment(environment) == Settings()


@pytest.mark.parametrize("text", ["0", "2.5", " 50 ", "1e1"])
def test_number_is_taken(text: str) -> None:
    assert Settings.from_environment({"ITKDB_LEEWAY": text}).leeway == float(text)


@pytest.mark.parametrize("text", ["two", "2s", "1,5", "0x10", "nan", "inf", "-inf", "-1", " "])
def test_wrong_number_is_refused_with_its_variable_and_value(text: str) -> None:
    with pytest.raises(ValueError, match="ITKDB_LEEWAY must be a number") as caught:
        Settings.from_environment({"ITKDB_LEEWAY": text})
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://host/api", "https://host/api/"),
        ("https://host/api/", "https://host/api/"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("http://[::1]:8000", "http://[::1]:8000/"),
        ("http://localhost", "http://localhost/"),
        ("http://127.1.2.3:80", "http://127.1.2.3/"),
        ("HTTPS://Host.Example:443/Api//", "https://host.example/Api/"),
        ("https://host.:8443/", "https://host:8443/"),
        ("https://[2001:DB8::1]:443", "https://[2001:db8::1]/"),
    ],
)
def test_address_always_ends_in_a_slash(url: str, taken: str) -> None:
    assert Settings(api_url=url).api_url == taken
    assert Settings(auth_url=url).auth_url == taken
    assert replace(Settings(), api_url=url).api_url == taken
    assert Settings.from_environment({"ITKDB_API_URL": url}).api_url == taken


@pytest.mark.parametrize(
    "url",
    [
        PRODUCTION_API_URL.rstrip("/"),
        PRODUCTION_API_URL + "/",
        "https://ITKPD.unicornuniversity.net:443/",
        "HTTPS://itkpd.unicornuniversity.NET.",
        "https://itkpd.unicornuniversity.net/?",
    ],
)
def test_production_is_recognised_however_it_is_written(url: str) -> None:
    assert Settings(api_url=url).is_production


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "https://itkpd.unicornuniversity.net:8443/", "https://itkpd.example/"]
)
def test_another_server_is_not_taken_for_production(url: str) -> None:
    assert not Settings(api_url=url).is_production


@pytest.mark.parametrize(
    "url",
    [
        PRODUCTION_API_URL.replace("https", "http"),
        "http://host/",
        "http://localhost.example/",
        "http://127.0.0.1.example/",
        "http://128.0.0.1/",
        "http://[2001:db8::1]/",
        "HTTP://host/",
    ],
)
def test_access_codes_do_not_travel_in_clear(url: str) -> None:
    with pytest.raises(ValueError, match=r"^api_url must begin with https://.*access codes"):
        Settings(api_url=url)
    with pytest.raises(ValueError, match=r"^ITKDB_AUTH_URL must begin with https://.*access codes"):
        Settings.from_environment({"ITKDB_AUTH_URL": url})


def test_api_on_this_computer_may_have_its_object_store_here_too() -> None:
    near, far = Settings(api_url="http://127.0.0.1:8000"), Settings()
    assert set(near.trusted_eos_hosts) == {*far.trusted_eos_hosts, "localhost", "127.0.0.1", "[::1]"}
    assert set(near.trusted_eos_redirect_hosts) > set(far.trusted_eos_redirect_hosts)
    assert far.trusted_eos_hosts == far.eos_hosts
    assert far.trusted_eos_redirect_hosts == far.eos_redirect_hosts
    chosen = replace(near, eos_hosts=("127.0.0.1:1",), eos_redirect_hosts=())
    assert (chosen.trusted_eos_hosts, chosen.trusted_eos_redirect_hosts) == (("127.0.0.1:1",), ())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "host",
        "host/api/",
        "//host/",
        "https://",
        "https:///api/",
        "http://[::1/",
        "http://host:99999/",
        "http://host:port/",
        "ftp://host/",
        "file:///etc/",
        "javascript:alert(1)",
        "https://./",
        "https://name:password@host/",
        "https://host/?x=1",
        "https://host/#x",
    ],
)
def test_wrong_address_is_refused_by_its_name(url: str) -> None:
    with pytest.raises(ValueError, match=r"^api_url must be an address"):
        Settings(api_url=url)
    with pytest.raises(ValueError, match=r"^auth_url must be an address"):
        replace(Settings(), auth_url=url)


def test_access_codes_are_not_shown() -> None:
    settings = Settings(access_code1="canary-one", access_code2="canary-two")
    assert "canary" not in repr(settings)
    assert "canary" not in str(settings)
    assert "api_url" in repr(settings)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().api_url = "https://elsewhere.example/"  # type: ignore[misc]  # that is the point
