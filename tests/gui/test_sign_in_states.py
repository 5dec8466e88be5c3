"""Whatever keeps somebody from signing in has its own sentence and its own cure."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from itkgui.settings import Settings
from tests.conftest import settings_for
from tests.end2end.away import set_faults
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

Start = Callable[..., Person]
Sandboxes = Callable[..., SandboxProcess]
FAR = "https://database.invalid/"
pytestmark = pytest.mark.logs("signing in at")


def refused(person: Person) -> str:
    """Sign in, which fails; return all that is said of it."""
    login = person.login
    person.click(login.sign_in_button)
    person.until(lambda: login.trouble.isVisible() and login.sign_in_button.isEnabled(), "a trouble")
    assert person.window.workspace is None
    assert login.code1.text(), "what was entered is kept"
    return words(login.trouble)


def far_settings(proxy: str = "") -> Settings:
    return Settings(
        api_url=FAR, auth_url=f"{FAR}oidc/", access_code1="one", access_code2="two", https_proxy=proxy
    )


def test_a_name_that_is_not_found(start_program: Start) -> None:
    said = refused(start_program(far_settings()))
    assert "Server's name not found" in said
    assert "(DNS)" in said
    assert "how the server's address is spelled" in said


def test_a_server_that_cannot_prove_who_it_is(start_sandbox: Sandboxes, start_program: Start) -> None:
    said = refused(start_program(settings_for(start_sandbox("--components", "50", "--tls"))))
    assert "Server not trusted" in said
    assert "Check this computer's date and its certificates" in said


@pytest.mark.parametrize(("status", "title"), [(500, "Trouble at the server"), (429, "The server is busy")])
def test_an_identity_provider_in_trouble(
    sandbox: SandboxProcess, start_program: Start, status: int, title: str
) -> None:
    set_faults(sandbox, {"match": "POST *grantToken", "do": "status", "status": status, "times": None})
    said = refused(start_program(settings_for(sandbox)))
    set_faults(sandbox)
    assert title in said
    assert "Status: " in said


@pytest.mark.parametrize(("offset", "direction"), [("3600", "behind"), ("-3600", "ahead of")])
def test_a_clock_that_is_an_hour_off(
    start_sandbox: Sandboxes, start_program: Start, offset: str, direction: str
) -> None:
    server = start_sandbox("--components", "50", "--clock-offset", offset)
    said = refused(start_program(settings_for(server)))
    assert "This computer's clock is off" in said
    assert f"seconds (about 1 hour) {direction} the server's." in said
    assert "Set the computer's date and time" in said


def test_a_clock_that_is_some_minutes_off_is_told_and_does_no_harm(
    start_sandbox: Sandboxes, start_program: Start
) -> None:
    person = start_program(settings_for(start_sandbox("--components", "50", "--clock-offset", "-600")))
    person.sign_in()
    told = person.program.messages.history
    person.until(lambda: any("clock is off" in message.title for message in told), "the warning")
    (message,) = (message for message in told if "clock is off" in message.title)
    assert "(about 10 minutes) ahead of the server's" in message.sentence
    assert person.workspace.strip.session.text() == "session 30 min"


@pytest.fixture
def strict_proxy() -> Iterator[str]:
    """Run a proxy that lets nobody through without a password; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        is_over = threading.Event()

        def serve() -> None:
            while not is_over.is_set():
                connection, _ = listener.accept()
                with connection, connection.makefile("rb") as asked:
                    while asked.readline().strip():
                        pass
                    connection.sendall(
                        b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"
                    )

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        is_over.set()
        with socket.create_connection(listener.getsockname()) as last:
            last.sendall(b"\r\n")
            thread.join()


def test_a_proxy_that_wants_a_password(start_program: Start, strict_proxy: str) -> None:
    said = refused(start_program(far_settings(strict_proxy)))
    assert "The proxy wants a password" in said
    assert "HTTPS_PROXY=http://name:password@host:port" in said
