"""The session ends while somebody works: nothing of the work is lost, whoever signs in then."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from itkgui.scanning.reading import Arrival, Source
from itkgui.uploads.upload import UploadState
from itkgui.views.components.component_view import COMMENTS, HISTORY
from itkgui.views.widgets.trouble_pane import TroublePane
from tests.conftest import settings_for
from tests.end2end.away import (
    CODES_REFUSED,
    STRIP,
    answer,
    codes_of,
    end_session,
    enter,
    overlays,
    question,
    set_faults,
)
from tests.end2end.job import PIXEL, write_files
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.usefixtures("well"), pytest.mark.logs("Wrong access codes|Session ended")]


@pytest.fixture
def well(sandbox: SandboxProcess) -> None:
    """Begin without faults of the test before."""
    set_faults(sandbox)


def test_everything_stays_in_place_and_uploads_go_on(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    _, photo = write_files(tmp_path)
    component = person.scan(PIXEL)
    person.drop(component, [photo])
    person.until(person.sheet.send_button.isEnabled, "the review")
    person.show_tab(COMMENTS)
    person.type(component.comments.editor, "begun and not sent")
    component.comments.editor.setFocus()
    overlay = end_session(person, sandbox)
    assert "Alex Example signs in again" in overlay.card.words.text()
    assert "does not know this pair" in words(overlay.card.trouble)
    assert not person.workspace.isEnabled(), "its keys do nothing meanwhile"
    person.press(Qt.Key.Key_W, overlay.card.fields.code1, Qt.KeyboardModifier.ControlModifier)
    enter(person, overlay.card, *codes_of())
    person.until(lambda: not overlay.is_on, "the session")
    assert [message.title for message in person.program.messages.history].count("The session goes on") == 1
    assert person.workspace.isEnabled()
    assert person.component is component
    assert component.comments.editor.toPlainText() == "begun and not sent"
    assert [row.name for row in person.sheet.rows] == [photo.name]
    assert overlay.card.fields.code1.text() == overlay.card.fields.code2.text() == ""
    person.click(person.sheet.send_button)
    person.until(lambda: person.uploads and not person.has_open_uploads, "the upload")
    assert person.uploads[0].state is UploadState.DONE
    assert person.workspace.strip.session.text().startswith("session 30 min")


def test_an_upload_waits_for_the_session_and_goes_on(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    note, _ = write_files(tmp_path)
    person.drop(person.scan(PIXEL), [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    set_faults(sandbox, {"match": "* *", "do": "expire_token", "server": "api", "times": 1}, CODES_REFUSED)
    person.click(person.sheet.send_button)
    person.until(lambda: not person.workspace.isEnabled(), "the overlay")
    person.until(
        lambda: person.program.context and person.program.context.uploads.holds, "the upload to wait"
    )
    set_faults(sandbox)
    (overlay,) = overlays(person)
    enter(person, overlay.card, *codes_of())
    person.until(lambda: person.uploads and person.uploads[-1].state is UploadState.DONE, "the upload")
    with PlainServer(sandbox) as server:
        assert len(server.titled(PIXEL, note.name)) == 1


def test_one_may_look_on_and_sign_in_later(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    overlay = end_session(person, sandbox)
    person.click(overlay.card.other_button)
    assert person.workspace.isEnabled()
    assert person.component is component
    session = person.workspace.strip.session
    assert session.text() == "session ended: sign in"
    person.click(session)
    person.until(lambda: overlay.is_on, "the overlay")
    enter(person, overlay.card, "sandbox-code-1", "wrong")
    person.until(lambda: "Wrong access codes" in words(overlay.card.trouble), "the trouble")
    assert overlay.card.fields.code1.text() == "sandbox-code-1"
    enter(person, overlay.card, *codes_of())
    person.until(lambda: session.text().startswith("session 30"), "the session")


def test_what_is_in_sight_meanwhile_can_be_hidden(person: Person, sandbox: SandboxProcess) -> None:
    person.scan(PIXEL)
    overlay = end_session(person, sandbox)
    assert person.workspace.light.text() == "On line", "the session's end is told beside it"
    person.press(*lock_keys(overlay.card.fields.code1))
    locker, unlocks = person.window.locker, partial(enter, person, person.window.locker.page.card)
    assert locker.is_on
    unlocks(*codes_of())
    person.until(lambda: not locker.is_on, "the workspace")
    person.until(person.workspace.isEnabled, "the session")
    overlay = end_session(person, sandbox)
    person.workspace.scan_desk.take(Arrival("ITKGUI-LOCK", Source.PORT))
    assert locker.is_on
    unlocks(*codes_of())
    person.until(lambda: not locker.is_on, "the workspace")


def lock_keys(place: QWidget) -> tuple[Qt.Key, QWidget, Qt.KeyboardModifier]:
    return Qt.Key.Key_L, place, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def test_a_sign_in_over_the_workspace_opens_no_lock(person: Person, sandbox: SandboxProcess) -> None:
    overlay = end_session(person, sandbox)
    set_faults(sandbox, {"match": "POST *grantToken", "do": "stall"})
    enter(person, overlay.card, *codes_of())
    person.until(lambda: not overlay.card.button.isEnabled(), "the sign-in to begin")
    person.press(*lock_keys(person.window))
    assert person.window.locker.is_on
    set_faults(sandbox)
    person.until(overlay.card.button.isEnabled, "the end of the sign-in")
    assert person.workspace.strip.session.text().startswith("session 30")
    assert person.window.locker.is_on
    enter(person, person.window.locker.page.card, *codes_of())
    person.until(lambda: not person.window.locker.is_on, "the workspace")


def test_what_could_not_be_loaded_loads_by_itself(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    overlay = end_session(person, sandbox)
    person.click(overlay.card.other_button)
    set_faults(sandbox, {"match": "* *", "do": "expire_token", "server": "api", "times": None}, CODES_REFUSED)
    person.show_tab(HISTORY)

    def troubles() -> list[str]:
        return [pane.title for pane in component.tabs.findChildren(TroublePane) if pane.isVisible()]

    person.until(troubles, "the trouble")
    set_faults(sandbox)
    person.click(person.workspace.strip.session)
    enter(person, overlay.card, *codes_of())
    person.until(lambda: not troubles(), "the history")


def test_somebody_else_takes_over_and_sees_nothing_of_the_work(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    component = person.scan(PIXEL)
    person.show_tab(COMMENTS)
    person.type(component.comments.editor, "begun and not sent")
    overlay = end_session(person, sandbox)
    enter(person, overlay.card, *codes_of("technician"))
    assert question(person).text() == f"A comment of Alex Example on {PIXEL} was begun and not sent."
    answer(person, "Back")
    assert component.comments.editor.toPlainText() == "begun and not sent"
    person.click(overlay.card.button)
    answer(person, "Stop and change person")
    person.until(
        lambda: (
            person.window.workspace is not None
            and person.program.context is not None
            and person.program.context.database.user.identity != component._context.database.user.identity
        ),
        "the other person",
    )
    assert not person.workspace.open.pages
    assert not person.uploads
    assert person.window.windowTitle().endswith(person.program.context.database.user.name)  # type: ignore[union-attr]


def test_a_token_that_nobody_renews_is_told_and_ends_as_gently(
    sandbox: SandboxProcess, start_program: Callable[..., Person]
) -> None:
    person = start_program(settings_for(sandbox, access_code1="", access_code2=""))
    person.login.method.setCurrentText("Bearer token")
    with PlainServer(sandbox) as server:
        person.type(person.login.bearer, server._headers["Authorization"].removeprefix("Bearer "))
    person.sign_in()
    hint = person.workspace.strip.session.toolTip()
    assert "not renewed: that needs access codes" in hint
    person.scan(PIXEL)
    overlay = end_session(person, sandbox)
    assert overlay.card.fields.method.currentText() == "Bearer token"
    overlay.card.fields.method.setCurrentText("Access codes")
    enter(person, overlay.card, *codes_of())
    person.until(lambda: not overlay.is_on, "the session")
    person.scan(STRIP)
