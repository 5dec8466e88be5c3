"""Sign-in: what works, and what each thing that does not work says; what was typed is never lost."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from itkgui.settings import PRODUCTION_API_URL, Settings
from itkgui.views.session.credential_fields import BEARER, CODES
from itkgui.views.session.login_view import OTHER, PRODUCTION, SANDBOX
from tests.conftest import settings_for
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

Start = Callable[..., Person]
NOT_SIGNED_IN = pytest.mark.usefixtures("sandbox")


@pytest.fixture
def visitor(sandbox: SandboxProcess, start_program: Start) -> Person:
    """Somebody before the sign-in page, with the sandbox's address and no codes."""
    return start_program(settings_for(sandbox, access_code1="", access_code2=""))


def trouble_of(person: Person) -> str:
    """Wait for the page to show a trouble and to be usable again; return what it says."""
    login = person.login
    person.until(lambda: login.trouble.isVisible() and login.sign_in_button.isEnabled(), "a trouble")
    assert login.sign_in_button.text() == "Sign in"
    assert person.window.workspace is None
    return words(login.trouble)


def test_codes_sign_in(visitor: Person, sandbox: SandboxProcess) -> None:
    visitor.type(visitor.login.code1, sandbox.info["access_code1"])
    visitor.type(visitor.login.code2, f"  {sandbox.info['access_code2']} ")
    visitor.sign_in()
    assert visitor.program.messages.history[0].title.startswith("Signed in as ")
    assert visitor.login.code1.text() == visitor.login.code2.text() == ""


def test_enter_in_a_field_signs_in(visitor: Person, sandbox: SandboxProcess) -> None:
    visitor.type(visitor.login.code1, sandbox.info["access_code1"])
    visitor.type(visitor.login.code2, sandbox.info["access_code2"] + "\r")
    visitor.until(lambda: visitor.window.workspace is not None, "the workspace")


@pytest.mark.parametrize("place", ["server", "method", "sign_in_button", "api_url"])
def test_enter_signs_in_from_everywhere(visitor: Person, sandbox: SandboxProcess, place: str) -> None:
    visitor.type(visitor.login.code1, sandbox.info["access_code1"])
    visitor.type(visitor.login.code2, sandbox.info["access_code2"])
    focus = getattr(visitor.login, place)
    focus.setFocus()
    visitor.press(Qt.Key.Key_Enter if place == "method" else Qt.Key.Key_Return, focus)
    visitor.until(lambda: visitor.window.workspace is not None, "the workspace")


def test_enter_in_an_open_list_only_chooses(visitor: Person) -> None:
    login = visitor.login
    asked: list[object] = []
    login.sign_in_requested.connect(lambda *what: asked.append(what))
    login.method.setFocus()
    login.method.showPopup()
    choices = login.method.view()
    visitor.until(choices.hasFocus, "the list")
    visitor.press(Qt.Key.Key_Down, choices)
    visitor.press(Qt.Key.Key_Return, choices)
    visitor.until(lambda: not choices.isVisible(), "the end of the list")
    assert login.method.currentText() == BEARER
    assert not asked


def test_a_list_has_one_frame_and_rows_to_be_hit_in_gloves(visitor: Person) -> None:
    server, style = visitor.login.server, visitor.program.style
    for is_gloved, least in ((False, 20), (True, 44)):
        style.wear_gloves(is_gloved)
        visitor.until(lambda: not style.is_changing, "the gloves")
        server.showPopup()
        choices = server.view()
        visitor.until(choices.isVisible, "the list")
        around = choices.parentWidget()
        assert around is not None
        assert choices.geometry() == around.rect(), "nothing of a frame is around that of the list"
        assert choices.sizeHintForRow(0) >= least
        server.hidePopup()


@pytest.mark.logs("signing in at")
def test_enter_on_another_button_presses_that(visitor: Person) -> None:
    visitor.type(visitor.login.code1, "wrong")
    visitor.type(visitor.login.code2, "wrong too")
    visitor.click(visitor.login.sign_in_button)
    trouble_of(visitor)
    (details,) = (b for b in visitor.login.trouble.findChildren(QPushButton) if b.text() == "Details")
    details.setFocus()
    visitor.press(Qt.Key.Key_Return, details)
    assert details.isChecked()
    assert details.isVisible(), "the trouble would go first if this signed in"


def test_bearer_signs_in(visitor: Person, sandbox: SandboxProcess) -> None:
    visitor.login.method.setCurrentText(BEARER)
    visitor.type(visitor.login.bearer, sandbox.info["bearer"])
    visitor.sign_in()
    assert visitor.login.bearer.text() == ""


@pytest.mark.logs("signing in at")
def test_empty_codes_are_asked_for(visitor: Person) -> None:
    visitor.type(visitor.login.code1, "only-the-first")
    visitor.click(visitor.login.sign_in_button)
    said = trouble_of(visitor)
    assert "Both access codes are needed" in said
    assert "Enter access code 1 and access code 2" in said
    assert visitor.login.code1.text() == "only-the-first"


@pytest.mark.logs("signing in at")
def test_wrong_codes_are_named_and_kept(visitor: Person, sandbox: SandboxProcess) -> None:
    visitor.type(visitor.login.code1, sandbox.info["access_code1"])
    visitor.type(visitor.login.code2, "wrong-code-2")
    visitor.click(visitor.login.sign_in_button)
    said = trouble_of(visitor)
    assert "does not know this pair of access codes" in said
    assert "Type both codes again" in said
    assert visitor.login.code1.text() == sandbox.info["access_code1"]
    assert visitor.login.code2.text() == "wrong-code-2"
    assert "wrong-code-2" not in said
    visitor.type(visitor.login.code2, sandbox.info["access_code2"])
    visitor.sign_in()


def is_whole(widget: QWidget) -> bool:
    return widget.visibleRegion().boundingRect() == widget.rect()


@pytest.mark.logs("signing in at")
def test_button_stays_in_sight_below_an_error_in_large_text(visitor: Person) -> None:
    login = visitor.login
    visitor.scale(150)
    for width in (1024, 1366):
        visitor.window.resize(width, 768)
        login.trouble.hide()
        visitor.settle()
        visitor.type(login.code1, "wrong")
        visitor.type(login.code2, "wrong")
        visitor.press(Qt.Key.Key_Return, login.code2)
        trouble_of(visitor)
        for part in (login.sign_in_button, login.code1):
            visitor.until(partial(is_whole, part), "all of it")


@pytest.mark.logs("signing in at")
@pytest.mark.parametrize("token", ["", "not a token", "a.b.c"])
def test_unusable_bearer_is_refused(visitor: Person, token: str) -> None:
    visitor.login.method.setCurrentText(BEARER)
    visitor.type(visitor.login.bearer, token)
    visitor.click(visitor.login.sign_in_button)
    assert "Token not accepted" in trouble_of(visitor)
    assert visitor.login.bearer.text() == token


@pytest.mark.logs("signing in at")
def test_bearer_nobody_issued_is_refused(visitor: Person) -> None:
    visitor.login.method.setCurrentText(BEARER)
    visitor.type(visitor.login.bearer, "at.nobody-issued-this")
    visitor.click(visitor.login.sign_in_button)
    assert "Token not accepted" in trouble_of(visitor)


@pytest.mark.logs("signing in at")
def test_unreachable_server_is_told(start_program: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: connections are refused
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        visitor = start_program(
            Settings(api_url=nobody, auth_url=nobody, access_code1="code-1", access_code2="code-2")
        )
        visitor.click(visitor.login.sign_in_button)
        said = trouble_of(visitor)
    assert "This computer cannot reach the server" in said
    assert "It needs no network" in said, "it should run on this computer"
    assert visitor.login.code1.text() == "code-1"
    assert visitor.login.code2.text() == "code-2"


@pytest.mark.logs("signing in at")
def test_web_page_instead_of_the_api_is_told(start_program: Start, web_page: str) -> None:
    visitor = start_program(
        Settings(api_url=web_page, auth_url=web_page, access_code1="code-1", access_code2="code-2")
    )
    visitor.click(visitor.login.sign_in_button)
    said = trouble_of(visitor)
    assert "This is not the database" in said
    assert "A web page came back instead of data." in said


@pytest.mark.parametrize("address", ["", "server.example", "ftp://server.example/", "https://"])
def test_bad_address_is_told(visitor: Person, address: str) -> None:
    login = visitor.login
    login.server.setCurrentText(OTHER)
    visitor.type(login.api_url, address)
    visitor.type(login.code1, "code-1")
    visitor.type(login.code2, "code-2")
    visitor.click(login.sign_in_button)
    assert "Server address not usable" in trouble_of(visitor)
    assert login.api_url.text() == address
    assert login.code1.text() == "code-1"


@pytest.mark.parametrize("field", ["code1", "code2", "bearer"])
def test_secrets_are_hidden_until_revealed(visitor: Person, field: str) -> None:
    visitor.login.method.setCurrentText(BEARER if field == "bearer" else CODES)
    edit: QLineEdit = getattr(visitor.login, field)
    (reveal,) = (action for action in edit.findChildren(QAction) if action.text() == "Show what is typed")
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    reveal.trigger()
    assert edit.echoMode() is QLineEdit.EchoMode.Normal
    reveal.trigger()
    assert edit.echoMode() is QLineEdit.EchoMode.Password


def test_page_is_busy_while_signing_in(
    start_sandbox: Callable[..., SandboxProcess], start_program: Start
) -> None:
    slow = start_sandbox("--latency", "150", "--components", "100")
    visitor = start_program(settings_for(slow))
    login = visitor.login
    visitor.click(login.sign_in_button)
    visitor.settle()
    assert login.sign_in_button.text() == "Signing in…"
    for widget in (login.sign_in_button, login.server, login.method, login.code1, login.code2):
        assert not widget.isEnabled()
    visitor.until(lambda: visitor.window.workspace is not None, "the workspace")
    assert login.sign_in_button.isEnabled()


def test_addresses_show_only_for_another_server(visitor: Person, sandbox: SandboxProcess) -> None:
    login = visitor.login
    assert login.server.currentText() == OTHER
    assert login.api_url.isVisible()
    assert login.api_url.text() == sandbox.info["api_url"]
    login.server.setCurrentText(PRODUCTION)
    assert not login.api_url.isVisible()


def test_where_the_codes_stand_is_told(
    sandbox: SandboxProcess, start_program: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    codes = (sandbox.info["access_code1"], sandbox.info["access_code2"])
    lines = [f"ITKDB_ACCESS_CODE{number}={code}" for number, code in enumerate(codes, 1)]
    (tmp_path / ".env").write_text("\n".join(lines))
    visitor = start_program(settings_for(sandbox, access_code1="", access_code2=""))
    assert visitor.login.code1.is_given
    told = visitor.login._origin.text()
    assert told == f"Access codes taken from ITKDB_ACCESS_CODE1 in {tmp_path / '.env'}."
    for field in (visitor.login.code1, visitor.login.code2):
        assert visitor.login._origin.isVisible()
        field.setFocus()
        field.selectAll()
        visitor.press(Qt.Key.Key_Delete, field)
    assert not visitor.login._origin.isVisible(), "none of them is here any more"


def test_production_is_the_default(start_program: Start) -> None:
    visitor = start_program(Settings())
    assert visitor.login.server.currentText() == PRODUCTION
    assert visitor.login.api_url.text() == PRODUCTION_API_URL
    assert visitor.login.code1.text() == ""


def test_sandbox_button_starts_one_and_one_click_signs_in(start_program: Start) -> None:
    visitor = start_program(Settings())
    visitor.click(visitor.login.sandbox_button)
    visitor.until(lambda: visitor.login.code1.text(), "the sandbox's codes")
    assert visitor.login.server.currentText() == SANDBOX
    visitor.sign_in()
    assert visitor.workspace.person.text()
    visitor.workspace.sign_out_action.trigger()
    visitor.until(lambda: visitor.window.workspace is None, "the sign-in page")
    visitor.until(visitor.login.sign_in_button.hasFocus, "its codes to be filled in again")
    visitor.program.preferences.put("fetch_ahead_megabytes", 7)
    visitor.press(Qt.Key.Key_Return, visitor.login.sign_in_button)
    visitor.until(lambda: visitor.window.workspace is not None, "the workspace")
    context = visitor.program.context
    assert context is not None
    assert context.database.settings.fetch_ahead_megabytes == 7, "it was promised for the next sign-in"


def is_typed_away(person: Person) -> bool:
    """Tell whether the sandbox's codes are offered, and not said to be there."""
    login = person.login
    return login.refill_button.isVisible() and not login._origin.isVisible()


@pytest.mark.logs("signing in at")
def test_codes_of_the_sandbox_are_told_as_long_as_they_are_there_and_come_again(start_program: Start) -> None:
    visitor = start_program(Settings())
    login = visitor.login
    visitor.click(login.sandbox_button)
    visitor.until(login._origin.isVisible, "the sandbox's codes")
    assert "just sign in" in login._origin.text()
    assert not login.refill_button.isVisible()
    visitor.type(login.code2, "wrong")
    visitor.until(partial(is_typed_away, visitor), "the offer of its codes")
    visitor.press(Qt.Key.Key_Return, login.code2)
    assert "Wrong access codes" in trouble_of(visitor)
    assert is_typed_away(visitor)
    login.method.setCurrentText(BEARER)
    assert not login.refill_button.isVisible(), "no codes are entered"
    login.method.setCurrentText(CODES)
    visitor.click(login.refill_button)
    assert login._origin.isVisible()
    assert not login.refill_button.isVisible()
    assert not login.trouble.isVisible()
    visitor.until(login.sign_in_button.hasFocus, "the way in")
    visitor.press(Qt.Key.Key_Return, login.sign_in_button)
    visitor.until(lambda: visitor.window.workspace is not None, "the workspace")


def test_sign_out_forgets_the_codes(person: Person) -> None:
    person.workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    assert person.login.code1.text() == person.login.code2.text() == ""
    assert person.window.windowTitle() == "itkgui"
    person.until(person.login.code1.hasFocus, "the field that is typed in next")


@pytest.fixture
def web_page() -> Iterator[str]:
    """Serve the log-in page of a guest network, whatever is asked; give its address."""

    class Portal(BaseHTTPRequestHandler):
        """Answers everything with the same page."""

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            page = b"<!doctype html><html><body>Welcome to the guest network</body></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:  # not into the tests' output
            return

    server = HTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()
