"""Each sign-in that fails leaves a line in the log, with its code and the server's host, and no secret."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import Qt

from itkgui import log
from itkgui.settings import Settings
from itkgui.views.session.credential_fields import BEARER
from itkgui.views.session.sign_in_card import SignInCard
from tests.conftest import settings_for
from tests.end2end.away import codes_of, end_session, enter, set_faults
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

Start = Callable[..., Person]
CANARY = "cAnary-c0de"
pytestmark = pytest.mark.logs("signing in at|Session ended|Wrong access codes")


@pytest.fixture
def written() -> Iterator[Callable[[Person], list[str]]]:
    """Write the log to its file, as the command line does; return what was written of sign-ins."""
    handlers: list[logging.Handler] = []

    def write(person: Person) -> list[str]:
        path = person.program.options.paths.log_file
        if not handlers:
            handlers.append(log.PrivateLogFile(path, encoding="utf-8"))
            handlers[0].setFormatter(log.RedactingFormatter(log.FORMAT, datefmt=log.MOMENT))
            logging.getLogger().addHandler(handlers[0])
        text = path.read_text("utf-8")
        assert "anary" not in text
        return [line.partition("signing in at ")[2] for line in text.splitlines() if "signing in at " in line]

    yield write
    for handler in handlers:
        logging.getLogger().removeHandler(handler)
        handler.close()


@pytest.fixture
def echo() -> Iterator[str]:
    """Serve an identity provider that refuses whatever it is sent, and repeats it in prose."""

    class Echo(BaseHTTPRequestHandler):
        """Knows nobody."""

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            told = f"nobody has {sent['accessCode1']} and {sent['accessCode2']}"
            body = json.dumps({"uuAppErrorMap": {"uu-oidc/x": {"type": "error", "message": told}}}).encode()
            self.send_response(401)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:  # not into the tests' output
            return

    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def told_of(server: SandboxProcess) -> str:
    return f"{urlsplit(server.info['api_url']).netloc} failed: "


def refuse(person: Person, code1: str, code2: str) -> None:
    login = person.login
    person.type(login.code1, code1)
    person.type(login.code2, code2)
    press_sign_in(person)


def press_sign_in(person: Person) -> None:
    person.click(person.login.sign_in_button)
    trouble, button = person.login.trouble, person.login.sign_in_button
    person.until(lambda: trouble.isVisible() and button.isEnabled(), "a trouble")


def test_each_at_the_sign_in_page_is_there_to_be_read(
    sandbox: SandboxProcess, start_program: Start, written: Callable[[Person], list[str]]
) -> None:
    visitor = start_program(settings_for(sandbox, access_code1="", access_code2=""))
    assert not written(visitor)
    refuse(visitor, f"{CANARY}-1", f"{CANARY}-2")
    refuse(visitor, f"{CANARY}-1", "")
    visitor.login.method.setCurrentText(BEARER)
    visitor.type(visitor.login.bearer, f"at.{CANARY}")
    press_sign_in(visitor)
    found, codes = written(visitor), ("SIGN-03: Wrong access", "SIGN-02: Access codes", "SIGN-04: Token not")
    assert len(found) == len(codes)
    for line, code in zip(found, codes, strict=True):
        assert line.startswith(told_of(sandbox) + code)
    visitor.press(Qt.Key.Key_D, keys=Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    page = visitor.window.care.page.view
    visitor.until(lambda: page.doctor.is_over, "the doctor, whose threads go on otherwise")
    page.show_log()
    visitor.until(lambda: any("SIGN-03" in entry.message for entry in page.log.table.records), "the log")


def test_a_server_that_is_not_reached_is_named(
    start_program: Start, written: Callable[[Person], list[str]]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        nobody = f"127.0.0.1:{taken.getsockname()[1]}"
        visitor = start_program(Settings(api_url=f"http://{nobody}/", auth_url=f"http://{nobody}/"))
        assert not written(visitor)
        refuse(visitor, f"{CANARY}-1", f"{CANARY}-2")
    (line,) = written(visitor)
    assert line.startswith(f"{nobody} failed: NET-08: Server not reached: {nobody}: ")


def test_what_a_server_repeats_of_the_codes_is_left_out(
    start_program: Start, written: Callable[[Person], list[str]], echo: str
) -> None:
    visitor = start_program(Settings(api_url=echo, auth_url=echo))
    assert not written(visitor)
    refuse(visitor, f"{CANARY}-1", f"{CANARY}-2")
    assert "nobody has" in visitor.login.trouble._details.text(), "else this proves nothing"
    (line,) = written(visitor)
    assert line.endswith("SIGN-03: Wrong access codes")


def fail(person: Person, card: SignInCard, code2: str) -> None:
    enter(person, card, f"{CANARY}-1", code2)
    person.until(lambda: "Wrong access codes" in words(card.trouble) and card.button.isEnabled(), "a trouble")
    card.trouble.hide()


def test_so_is_each_over_what_is_open_and_at_a_lock(
    sandbox: SandboxProcess, person: Person, written: Callable[[Person], list[str]]
) -> None:
    set_faults(sandbox)
    overlay = end_session(person, sandbox)
    assert not written(person)
    overlay.card.trouble.hide()
    fail(person, overlay.card, f"{CANARY}-over")
    enter(person, overlay.card, *codes_of())
    person.until(lambda: not overlay.is_on, "the session")
    card = person.window.locker.page.card
    for action in (person.workspace.strip.lock_action, person.workspace.strip.change_action):
        action.trigger()
        person.until(lambda: person.window.locker.is_on, "the page in its place")
        fail(person, card, f"{CANARY}-there")
        enter(person, card, *codes_of())
        person.until(lambda: not person.window.locker.is_on, "the workspace")
    assert len(written(person)) == 3


def test_a_change_of_person_that_fails_is_logged_once(
    start_sandbox: Callable[..., SandboxProcess],
    start_program: Start,
    written: Callable[[Person], list[str]],
) -> None:
    server = start_sandbox("--components", "50")
    person = start_program(settings_for(server))
    person.sign_in()
    assert not written(person)
    person.workspace.strip.change_action.trigger()
    card = person.window.locker.page.card
    # To learn whose the codes are needs no answer from there; to be let in does.
    set_faults(server, {"match": "GET /getUser", "do": "status", "status": 503, "times": None})
    enter(person, card, *codes_of("technician"))
    person.until(lambda: person.window.workspace is None and person.login.trouble.isVisible(), "a trouble")
    (line,) = written(person)
    assert line.startswith(f"{told_of(server)}DB-11: Trouble at the server")
