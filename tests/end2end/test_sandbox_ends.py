"""The embedded sandbox ends while it is used: told at once, and another is a click away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton

from itkgui.settings import Settings
from tests.gui.person import Person, words

PIXEL = "20UPGM23800001"
ENDED = "The sandbox has ended"

pytestmark = pytest.mark.logs("the sandbox has ended", "Server not reached|Connection lost")


@pytest.fixture
def person(start_program: Callable[..., Person]) -> Person:
    """Somebody before the sign-in page, with a sandbox that the program has started."""
    found = start_program(Settings(), use_sandbox=True)
    found.until(lambda: found.login.code1.text(), "the sandbox")
    return found


def kill(person: Person) -> None:
    sandbox = person.program._sandbox._sandbox
    assert sandbox is not None
    assert sandbox._process is not None
    sandbox._process.kill()
    person.until(lambda: person.window.sandbox_notice.title == ENDED, "the notice")


def start_again(person: Person) -> None:
    notice = person.window.sandbox_notice
    person.click(next(b for b in notice.findChildren(QPushButton) if b.text() == "Start it again"))


def test_one_click_starts_another_signs_in_and_opens_what_was_open(person: Person) -> None:
    person.sign_in()
    person.scan(PIXEL)
    before, context = person.workspace, person.program.context
    assert context is not None
    assert context.cache.folder.parent == context.downloads, "an end by force would leave its files"
    kill(person)
    assert "practice database" in words(person.window.sandbox_notice)
    person.until(lambda: before.light.text() != "On line", "the light to tell it without a question")
    before.look_up("20USBML0000001")
    person.until(lambda: "cannot reach the server" in person.verdict, "the failure")
    assert "network cable" not in person.verdict
    start_again(person)
    person.until(lambda: person.window.workspace not in (None, before), "the new workspace")
    person.until(lambda: person.workspace.current_component is not None, "the component")
    assert person.component.component.label == PIXEL
    assert not person.window.sandbox_notice.isVisible()
    person.scan("20USBML0000001")


def test_before_anybody_signs_in(person: Person) -> None:
    kill(person)
    start_again(person)
    person.until(lambda: person.login.banner.isVisible(), "another sandbox")
    assert not person.window.sandbox_notice.isVisible()
    assert person.window.workspace is None
    person.sign_in()
    kill(person)


def test_signing_in_after_it_ended_starts_another_first(person: Person) -> None:
    kill(person)
    person.click(person.login.sign_in_button)
    person.until(lambda: person.login.banner.isVisible(), "another sandbox")
    person.sign_in()


def test_a_comment_that_was_begun_is_not_given_up_unasked(person: Person) -> None:
    person.sign_in()
    component = person.scan(PIXEL)
    component.comments.editor.setPlainText("begun")
    kill(person)
    start_again(person)
    (box,) = [box for box in person.window.findChildren(QMessageBox) if box.isVisible()]
    assert "A comment on" in box.text()
    box.reject()
    assert component.comments.editor.toPlainText() == "begun"
