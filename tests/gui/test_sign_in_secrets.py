"""What becomes of secrets on the sign-in page: the keyring on request, the clipboard, far too much text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from itkgui import keyring_codes
from itkgui.views.session.credential_fields import BEARER
from itkgui.views.session.login_view import OTHER, PRODUCTION
from tests.conftest import settings_for
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess
from tests.wedge import Wedge

Start = Callable[..., Person]
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let there be a keyring, which keeps what it is given in a file of the test."""
    file = tmp_path / "keyring"
    monkeypatch.setenv("ITKGUI_TEST_KEYRING", str(file))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keyrings.Working")
    return file


@pytest.fixture
def visitor(sandbox: SandboxProcess, start_program: Start) -> Person:
    return start_program(settings_for(sandbox, access_code1="", access_code2=""))


def type_codes(person: Person, account: str = "sandbox") -> None:
    person.type(person.login.code1, f"{account}-code-1")
    person.type(person.login.code2, f"{account}-code-2")


def note_kept(person: Person, identity: str = "12-3456-1", name: str = "Alex Example") -> None:
    """Let there be a note that somebody's codes are in the keyring."""
    memory, url = person.program._memory, person.login.identity_provider
    memory.put("codes in keyring", 2, [[url, identity, name, "Test keyring"]])


def asking_a_keyring() -> list[psutil.Process]:
    """Return the processes of this one that ask a keyring."""
    return [one for one in psutil.Process().children() if "itkgui.keyring_process" in one.cmdline()]


def sign_out(person: Person) -> None:
    person.workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")


def test_codes_are_kept_only_on_request_told_where_and_forgotten(visitor: Person, keyring: Path) -> None:
    type_codes(visitor)
    visitor.sign_in()
    sign_out(visitor)
    assert not keyring.exists(), "nobody asked for it"
    type_codes(visitor)
    visitor.click(visitor.login.keyring_row.keep_box)
    visitor.sign_in()
    told = "The access codes are kept in Test keyring"
    visitor.until(lambda: any(told in one.title for one in visitor.program.messages.history), "the message")
    assert "sandbox-code-2" in keyring.read_text()
    visitor.workspace.go_to(visitor.workspace.person_place)
    page = visitor.workspace.person_place.view
    assert told in page.codes.text()
    sign_out(visitor)
    row = visitor.login.keyring_row
    assert row.note.text() == "The codes of Alex Example are kept in Test keyring."
    assert not visitor.login.code1.text(), "the next person may be another one"
    visitor.click(row.take_button)
    visitor.until(lambda: visitor.login.code2.text(), "the codes")
    assert visitor.login.code1.is_given, "nobody can reveal them"
    visitor.sign_in()
    visitor.workspace.go_to(visitor.workspace.person_place)
    page = visitor.workspace.person_place.view
    visitor.click(page.forget_button)
    visitor.until(lambda: "kept nowhere but in memory" in page.codes.text(), "the word that they are gone")
    assert json.loads(keyring.read_text()) == {}
    state = visitor.program.options.paths.config / "computer-state.json"
    assert not state.exists() or "code-1" not in state.read_text()


def test_kept_codes_are_filled_in_at_the_next_start(
    sandbox: SandboxProcess, start_program: Start, keyring: Path
) -> None:
    settings = settings_for(sandbox, access_code1="", access_code2="")
    first = start_program(settings)
    type_codes(first)
    first.click(first.login.keyring_row.keep_box)
    first.sign_in()
    first.until(keyring.exists, "the keyring")
    first.until(lambda: first.program._memory.get("codes in keyring", 2), "the note of it")
    first.end()
    later = start_program(settings)
    later.until(lambda: later.login.code2.text(), "the codes")
    assert "taken from Test keyring" in later.login._origin.text()
    later.login.server.setCurrentText(PRODUCTION)
    assert not later.login.code1.text(), "they are another server's"
    later.login.server.setCurrentText(OTHER)
    later.click(later.login.keyring_row.forget_button)
    later.until(lambda: not later.login.keyring_row.note.isVisible(), "the end of it")
    assert json.loads(keyring.read_text()) == {}


@pytest.mark.logs("The keyring|keyring")
@pytest.mark.parametrize(
    ("backend", "title"),
    [
        ("keyring.backends.fail.Keyring", "No keyring on this computer"),
        ("tests.keyrings.PlaintextKeyring", "This keyring is not safe"),
        ("tests.keyrings.Locked", "The keyring is locked"),
    ],
)
def test_where_codes_cannot_be_kept_one_is_signed_in_all_the_same(
    visitor: Person, keyring: Path, monkeypatch: pytest.MonkeyPatch, backend: str, title: str
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    visitor.program._keyring._pause.stop()  # somebody is faster than the look whether there is a keyring
    type_codes(visitor)
    visitor.click(visitor.login.keyring_row.keep_box)
    visitor.sign_in()
    visitor.until(lambda: title in visitor.verdict, "the trouble")
    assert not keyring.exists()
    sign_out(visitor)
    assert visitor.login.keyring_row.keep_box.isVisible()


@pytest.mark.parametrize(
    ("backend", "title"),
    [
        ("keyring.backends.fail.Keyring", "No keyring on this computer"),
        ("tests.keyrings.PlaintextKeyring", "This keyring is not safe"),
    ],
)
def test_where_codes_cannot_be_kept_that_is_not_offered(
    visitor: Person, keyring: Path, monkeypatch: pytest.MonkeyPatch, backend: str, title: str
) -> None:
    row, pause = visitor.login.keyring_row, visitor.program._keyring._pause
    assert pause.isActive()
    pause.stop()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    visitor.click(row.keep_box)
    pause.start()
    visitor.until(lambda: not row.keep_box.isEnabled(), "the end of the offer")
    assert row.keep_box.text() == f"{title}: codes are not kept"
    assert "Type them each time" in row.keep_box.toolTip()
    assert not row.keep_box.isChecked()
    assert not asking_a_keyring()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keyrings.Locked")
    visitor.click(visitor.login.settings_button)
    visitor.click(visitor.window.settings_page.view.back_button)
    visitor.until(row.keep_box.isEnabled, "the keyring that was started meanwhile")
    assert row.keep_box.text().startswith("Keep these codes")
    assert not keyring.exists(), "a look keeps nothing"


def test_a_keyring_that_hangs_holds_nobody_up(
    sandbox: SandboxProcess, start_program: Start, keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(sandbox, access_code1="", access_code2="")
    first = start_program(settings)
    first.program._memory.put(
        "codes in keyring", 2, [[settings.auth_url, "12-3456-1", "Alex Example", "Test keyring"]]
    )
    first.end()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keyrings.Hanging")
    later = start_program(settings)
    assert "Waiting for the keyring" in later.login.keyring_row.note.text()
    type_codes(later)
    later.sign_in()
    later.end()


def test_codes_that_come_late_wait_for_nobody(
    sandbox: SandboxProcess, start_program: Start, keyring: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(sandbox, access_code1="", access_code2="")
    first = start_program(settings)
    note_kept(first)
    first.end()
    owner = keyring_codes.owner(settings.auth_url, "12-3456-1")
    keyring.write_text(json.dumps({f"itkgui {owner}": json.dumps(["owners-1", "owners-2"])}))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.keyrings.Slow")
    later = start_program(settings)
    type_codes(later)
    later.sign_in()
    keyring.with_name("open").touch()
    later.until(lambda: not asking_a_keyring(), "the end of the keyring's process")
    sign_out(later)
    assert not later.login.code1.text()
    assert later.login.keyring_row.take_button.isEnabled()


def test_each_person_has_own_codes_in_the_keyring(visitor: Person, keyring: Path) -> None:
    login, row = visitor.login, visitor.login.keyring_row
    for account in ("sandbox", "technician"):
        type_codes(visitor, account)
        visitor.click(row.keep_box)
        visitor.sign_in()
        visitor.until(lambda: visitor.workspace._codes_place == "Test keyring", "the word of it")
        sign_out(visitor)
    assert row.person.itemText(0) == "Alex Example"
    row.person.setCurrentIndex(1)
    visitor.click(row.take_button)
    visitor.until(login.code2.text, "the codes")
    assert login.code1.text() == "technician-code-1"
    visitor.sign_in()
    visitor.workspace.go_to(visitor.workspace.person_place)
    page = visitor.workspace.person_place.view
    visitor.click(page.forget_button)
    visitor.until(lambda: "kept nowhere" in page.codes.text(), "the end of their codes")
    assert "technician" not in keyring.read_text()
    assert "sandbox-code-1" in keyring.read_text(), "nobody forgets another's"
    sign_out(visitor)
    assert row.note.text() == "The codes of Alex Example are kept in Test keyring."


def test_a_lock_is_opened_with_kept_codes_and_not_by_a_new_start(
    sandbox: SandboxProcess, start_program: Start, keyring: Path
) -> None:
    settings = settings_for(sandbox, access_code1="", access_code2="")
    person = start_program(settings)
    type_codes(person)
    person.click(person.login.keyring_row.keep_box)
    person.sign_in()
    person.until(lambda: person.program._keyring._place_of(settings.auth_url, "12-3456-1"), "the note of it")
    person.workspace.strip.lock_action.trigger()
    card = person.window.locker.page.card
    assert card.take_button.text() == "Take the codes from Test keyring"
    person.click(card.take_button)
    person.until(lambda: card.fields.code2.text(), "the codes")
    assert card.fields.code1.is_given, "nobody can reveal them"
    person.click(card.button)
    person.until(lambda: not person.window.locker.is_on, "the workspace")
    person.workspace.strip.lock_action.trigger()
    person.end()
    later = start_program(settings)
    later.settle()
    assert later.login.keyring_row.take_button.isEnabled(), "nobody has asked the keyring"
    assert not later.login.code1.text()
    type_codes(later)
    later.sign_in()
    later.program.preferences.put("idle_lock_minutes", 5)
    later.end()
    last = start_program(settings)
    last.settle()
    assert last.login.keyring_row.take_button.isEnabled(), "a lock is wanted"


@pytest.mark.parametrize("ending", ["\r", "\t"])
def test_labels_are_not_sent_as_access_codes(visitor: Person, ending: str) -> None:
    login = visitor.login
    asked: list[object] = []
    login.sign_in_requested.connect(lambda *what: asked.append(what))
    window = visitor.window.windowHandle()
    assert window is not None
    wedge = Wedge(window)
    for field in (login.code1, login.code2):
        visitor.type(field, "code")
        field.setFocus()
        wedge.scan("20UPGM23800001" + ending)
        visitor.until(lambda: login.trouble.title == "That was a scan", "the word of it")
        assert (field.text(), field.hasFocus()) == ("code", True)
        login.trouble.hide()
    assert not asked
    login.code2.clear()
    wedge.scan("kD73hGs9xkQ2\r")  # by a program that keeps it
    visitor.until(lambda: asked, "the sign-in")
    assert login.code2.text() == "kD73hGs9xkQ2"


def paste(person: Person, field: str, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    person.press(Qt.Key.Key_V, getattr(person.login, field), CONTROL)


def test_a_pasted_code_leaves_the_clipboard(visitor: Person) -> None:
    clipboard = QGuiApplication.clipboard()
    paste(visitor, "code1", "sandbox-code-1\n")
    assert clipboard.text() == "sandbox-code-1\n", "it may have been the wrong field"
    paste(visitor, "code2", "sandbox-code-2")
    visitor.sign_in()
    assert clipboard.text() == ""


def test_what_was_copied_since_stays(visitor: Person) -> None:
    clipboard = QGuiApplication.clipboard()
    paste(visitor, "code1", "sandbox-code-1")
    clipboard.setText("20UPGM23800001")
    visitor.login.forget()
    assert clipboard.text() == "20UPGM23800001"
    visitor.type(visitor.login.code1, "20UPGM23800001")
    visitor.login.forget()
    assert clipboard.text() == "20UPGM23800001", "it was typed"
    paste(visitor, "code2", "sandbox-code-2")
    timer = visitor.login.code2._pasted._timer
    assert timer.isActive()
    timer.timeout.emit()
    assert clipboard.text() == ""
    paste(visitor, "code2", "sandbox-code-2")
    visitor.end()
    assert clipboard.text() == ""


@pytest.mark.logs("signing in at")
@pytest.mark.parametrize("field", ["code1", "code2", "bearer", "api_url", "auth_url"])
def test_ten_thousand_characters_are_refused_in_a_sentence(
    visitor: Person, sandbox: SandboxProcess, field: str
) -> None:
    login = visitor.login
    login.server.setCurrentText(OTHER)
    if field == "bearer":
        login.method.setCurrentText(BEARER)
    else:
        type_codes(visitor)
    paste(visitor, field, "x\n" * 5_000)
    visitor.click(login.sign_in_button)
    visitor.until(lambda: login.trouble.isVisible() and login.sign_in_button.isEnabled(), "a trouble")
    assert login.trouble.title in ("Too long for this", "Server address not usable")
    assert len(words(login.trouble)) < 1_000
    assert visitor.window.height() <= 800
    QGuiApplication.clipboard().clear()
