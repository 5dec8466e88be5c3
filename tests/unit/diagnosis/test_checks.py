"""Each check tells what is wrong, and what helps, of real servers, folders and packages."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from itkgui.diagnosis.checks import (
    answers,
    certificates,
    clock,
    disk,
    keyring_of_codes,
    libraries,
    names,
    plugins,
    proxy,
    scanner,
)
from itkgui.diagnosis.finding import Finding, Surroundings, Verdict
from itkgui.paths import UserPaths
from itkgui.settings import Settings
from tests.conftest import settings_for
from tests.sandbox_process import SandboxProcess
from tests.unit.client.conftest import Provider, ScriptedServer, Wire

FAR: dict[str, Any] = {
    "api_url": "https://database.invalid/",
    "auth_url": "https://oidc.invalid/oidc/",
    "eos_hosts": ("eos.invalid",),
}


def at(settings: Settings) -> Surroundings:
    return Surroundings(settings)


def test_all_is_fine_with_the_sandbox(sandbox: SandboxProcess) -> None:
    here = at(settings_for(sandbox))
    looks: list[Callable[[Surroundings], Finding]] = [
        clock.look, names.look, proxy.look, answers.database, answers.sign_in, answers.object_store,
    ]  # fmt: skip
    found = [look(here) for look in looks]
    assert [one.verdict for one in found] == [Verdict.FINE] * len(looks), found
    assert certificates.look(here).verdict is Verdict.UNSEEN  # it speaks no TLS
    assert all(one.facts for one in found)


# The clock -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offset", "verdict", "words"),
    [
        (0, Verdict.FINE, "agrees"),
        (-3600, Verdict.BROKEN, "3,600 seconds behind"),
        (3600, Verdict.BROKEN, "3,600 seconds ahead"),
        (-10, Verdict.BROKEN, "10 seconds behind"),
        (60, Verdict.CAUTION, "60 seconds ahead"),
    ],
)
def test_clock_that_is_off_is_told_in_seconds(
    wire: Wire, offset: float, verdict: Verdict, words: str
) -> None:
    # A server's clock that is wrong the other way looks like one of ours that is off.
    server = wire.server(lambda _: wire.json({}, Date=formatdate(time.time() - offset, usegmt=True)))
    found = clock.look(at(server.settings()))
    assert found.verdict is verdict
    assert words in found.sentence or abs(offset) in (10, 60, 3600)
    assert _told_seconds(found) == pytest.approx(offset, abs=1.6)
    assert ("time server" in found.cure) is (verdict is not Verdict.FINE)


def _told_seconds(found: Finding) -> float:
    return float(found.facts[0].rpartition(": ")[2].removesuffix(" s"))


def test_clock_is_not_judged_where_no_server_tells_the_time(wire: Wire) -> None:
    found = clock.look(at(wire.server_of(wire.json({}, Date="noon")).settings()))
    assert found.verdict is Verdict.UNSEEN
    assert len(found.facts) == 3


# Names, proxies, certificates ------------------------------------------------------------------------------


def test_names_that_nobody_knows_are_told(wire: Wire) -> None:
    found = names.look(at(Settings(**FAR)))
    assert found.verdict is Verdict.BROKEN
    assert "database.invalid, oidc.invalid, eos.invalid" in found.sentence
    assert "DNS" in found.cure
    half = names.look(at(wire.server_of(wire.json({})).settings(eos_hosts=("eos.invalid",))))
    assert half.verdict is Verdict.BROKEN
    assert "eos.invalid" in half.sentence
    assert "127.0.0.1" not in half.sentence


def behind(proxy_url: str) -> Surroundings:
    return at(Settings(**FAR, https_proxy=proxy_url, connect_timeout=2.0, read_timeout=2.0))


def test_proxy_that_wants_a_password_is_told_without_ours(wire: Wire) -> None:
    server = wire.server_of(wire.reply(407, b"", Proxy_Authenticate="Basic", Connection="close"))
    found = proxy.look(behind(f"http://me:cAnary@127.0.0.1:{server.port}"))
    assert found.verdict is Verdict.BROKEN
    assert "proxy wants a password" in found.sentence
    assert "HTTPS_PROXY=http://name:password@host:port" in found.cure
    assert "cAnary" not in repr(found)
    assert names.look(behind(server.url)).verdict is Verdict.FINE  # it is the proxy that looks them up


def test_proxy_that_is_not_there_is_told(wire: Wire) -> None:
    server = wire.server_of(wire.json({}))
    server.close()
    found = proxy.look(behind(server.url))
    assert (found.verdict, str(server.port) in found.sentence) == (Verdict.BROKEN, True)
    assert "Settings, Network" in found.cure


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[int]:
    """Give the port of a server that answers every handshake, and then closes."""
    import socket

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = listening.accept()
            except OSError:
                return
            try:
                context.wrap_socket(line, server_side=True).close()
            except OSError:  # whoever does not trust it breaks off
                line.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield listening.getsockname()[1]
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def test_certificate_of_nobody_we_know_is_told_with_its_maker_and_trusted_once_chosen(
    tls_server: int, certificate: Path
) -> None:
    url = f"https://127.0.0.1:{tls_server}/"
    here: dict[str, Any] = {"api_url": url, "auth_url": url, "eos_hosts": (f"127.0.0.1:{tls_server}",)}
    found = certificates.look(at(Settings(**here)))
    assert found.verdict is Verdict.BROKEN
    assert "does not trust, made by localhost" in found.sentence
    assert "PEM file" in found.cure
    chosen = certificates.look(at(Settings(**here, ca_bundle=certificate)))
    assert chosen.verdict is Verdict.CAUTION  # it ends tomorrow
    assert "127.0.0.1 ends on" in chosen.sentence
    assert "TLSv1" in chosen.facts[0]


# Answers ---------------------------------------------------------------------------------------------------


def test_servers_that_answer_otherwise_are_told(wire: Wire, provider: Provider) -> None:
    page = wire.server_of(wire.reply(200, b"<html>sign in to the guest network</html>", "text/html"))
    found = answers.database(at(page.settings()))
    assert (found.verdict, "web page" in found.sentence) == (Verdict.BROKEN, True)
    trouble = wire.server_of(wire.json({}, 500))
    assert answers.sign_in(at(trouble.settings())).verdict is Verdict.BROKEN
    away = wire.server_of(wire.json({}))
    away.close()
    assert answers.object_store(at(away.settings())).verdict is Verdict.BROKEN
    assert answers.object_store(at(away.settings(eos_hosts=()))).verdict is Verdict.UNSEEN
    assert answers.sign_in(at(provider.server.settings())).verdict is Verdict.FINE
    assert (
        answers.database(at(provider.server.settings())).verdict is Verdict.CAUTION
    )  # it asks for no sign-in


def test_silent_server_is_given_up(wire: Wire) -> None:
    server: ScriptedServer = wire.server_of(wire.silence)
    found = answers.database(at(server.settings(read_timeout=0.3)))
    assert (found.verdict, "did not answer in time" in found.sentence) == (Verdict.BROKEN, True)


# This computer ---------------------------------------------------------------------------------------------


def test_folders_that_can_be_written_are_fine_and_nothing_is_left_in_them(tmp_path: Path) -> None:
    found = disk.look(Surroundings(paths=UserPaths.below(tmp_path / "data")))
    assert found.verdict in (Verdict.FINE, Verdict.CAUTION)  # by how much room this computer has
    assert str(tmp_path) in found.facts[0]
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written_is_told() -> None:
    found = disk.look(Surroundings(paths=UserPaths.below(Path("/proc/self"))))
    assert found.verdict is Verdict.BROKEN
    assert "/proc/self/config" in found.sentence
    assert "--data-dir" in found.cure


def test_file_where_a_folder_is_needed_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    found = disk.look(Surroundings(paths=UserPaths.below(tmp_path / "data")))
    assert found.verdict is Verdict.BROKEN
    assert f"{tmp_path / 'data'} is a file" in found.sentence


def test_what_the_package_asks_for_is_read_as_pip_reads_it() -> None:
    asked = [
        "requests>=2.32",
        'tomli>=2.0; python_version < "3.0"',
        'PyJWT[crypto]>=2.8; python_version >= "3.10"',
        'pytest>=8; extra == "test"',
        'uproot>=5.4; extra == "root"',
    ]
    assert [(need.name, need.versions, need.extra) for need in libraries.needs(asked)] == [
        ("requests", ">=2.32", ""),
        ("PyJWT", ">=2.8", ""),
        ("uproot", ">=5.4", "root"),
    ]


def test_a_checkout_is_read_without_a_parser_as_it_was_installed() -> None:
    """Python 3.10 has none, and on a bare machine nothing is installed that could be asked."""
    text = Path("pyproject.toml").read_text("utf-8")
    project = tomlkit.parse(text).unwrap()["project"]
    extras = project["optional-dependencies"].items()
    optional = [f'{line}; extra == "{extra}"' for extra, lines in extras for line in lines]
    assert libraries.asked_in(text) == [*project["dependencies"], *optional]


def test_packages_of_this_environment_fit() -> None:
    found = libraries.look(Surroundings())
    assert found.verdict is Verdict.FINE, found
    assert any(fact.startswith("requests 2.") for fact in found.facts)


@pytest.mark.parametrize(
    ("backend", "verdict", "words"),
    [
        ("tests.keyrings.Working", Verdict.FINE, "There is a keyring"),
        ("keyring.backends.fail.Keyring", Verdict.CAUTION, "No keyring on this computer"),
        ("tests.keyrings.PlaintextKeyring", Verdict.CAUTION, "not safe"),
    ],
)
def test_keyring_is_named_without_being_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, backend: str, verdict: Verdict, words: str
) -> None:
    monkeypatch.setenv("ITKGUI_TEST_KEYRING", str(tmp_path / "keyring"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    found = keyring_of_codes.look(Surroundings())
    assert (found.verdict, words in found.sentence) == (verdict, True)
    assert not (tmp_path / "keyring").exists()


def test_scanner_check_has_a_word_for_this_computer() -> None:
    assert scanner.look(Surroundings()).sentence


# Plug-ins --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("labtools")
def test_plugins_are_named_by_the_endings_that_are_allowed() -> None:
    assert plugins.look(Surroundings()).verdict is Verdict.UNSEEN
    assert plugins.look(at(Settings())).sentence == "None is allowed, and so none is used."
    there = "mpx: viewer labtools:show (labtools 1.0), reader labtools:read (labtools 1.0)"
    assert plugins.look(at(Settings(plugins=("mpx",)))) == Finding(Verdict.FINE, f"Installed: {there}.")
    found = plugins.look(at(Settings(plugins=("mpx", "nosuch"))))
    assert (found.verdict, found.sentence) == (
        Verdict.CAUTION,
        f"None is installed for nosuch. Installed: {there}.",
    )
