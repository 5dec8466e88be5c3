"""The one channel to the user: the last verdict stays, older ones are kept, cancelled work is no news."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from itkgui.client.exceptions import Cancelled, Forbidden, ItkError, ServerTrouble
from itkgui.views.context.messages import Message, Messages, message_of
from tests.end2end.away import set_faults
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

STRIP, UNKNOWN = "20USBML0000001", "20UPGM29999999"


def test_verdict_stays_until_the_next(person: Person) -> None:
    person.scan(STRIP)
    said = f"{STRIP} found"
    assert person.verdict == said
    workspace = person.workspace
    for place in (workspace.search_view, workspace.upload_view, workspace.side_by_side):
        workspace.go_to(place)
        assert person.verdict == said
    person.press(Qt.Key.Key_Escape, workspace)
    assert person.verdict == said


def test_cancelled_is_no_news(person: Person) -> None:
    before, history = person.verdict, list(person.program.messages.history)
    person.program.messages.show(Cancelled())
    assert person.verdict == before
    assert person.program.messages.history == history


@pytest.mark.logs("Not allowed: getComponent")
def test_error_says_what_it_means_and_what_to_do(person: Person) -> None:
    error = Forbidden(
        "getComponent: x", status=403, codes=("cern-itkpd-main/getComponent/denied",), request_id="r-1"
    )
    person.program.messages.show(error)
    assert person.verdict == f"{error.title}: {error.sentence} {error.cure} DB-06  ·  Request r-1"
    details = person.workspace.footer.verdict.toolTip()
    assert "403" in details
    assert "getComponent/denied" in details
    assert "r-1" in details
    assert "Error: DB-06 (Forbidden)" in details


@pytest.mark.program("new")
@pytest.mark.logs("DB-06: Not allowed", "DB-11: Trouble")
def test_error_stays_until_it_is_dismissed_or_told_anew(person: Person) -> None:
    footer, messages = person.workspace.footer, person.program.messages
    messages.show(Forbidden("getComponent"))
    assert footer.trouble.isHidden()
    messages.notify("Something else went well", "good")
    assert person.verdict == "Something else went well"
    assert "Not allowed" in footer.trouble.text()
    assert "DB-06" in footer.trouble.toolTip() + footer.trouble.text()
    messages.notify("And this")
    assert footer.trouble.isVisible()
    messages.show(Forbidden("getComponent"))
    assert footer.trouble.isHidden()
    messages.show(ServerTrouble("again"))
    assert "Not allowed" in footer.trouble.text()
    person.click(footer.dismiss_button)
    assert footer.trouble.isHidden()
    menu = footer.history_button.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    assert menu.actions()[0].text().endswith("\tDB-11")


@pytest.mark.logs("DB-06: Not allowed", "DB-11: Trouble")
def test_error_goes_when_what_failed_is_done(person: Person) -> None:
    footer, messages = person.workspace.footer, person.program.messages
    messages.show(Forbidden("getComponent"), attempt="load it")
    messages.settle("load another")
    assert "Not allowed" in person.verdict
    messages.settle("load it")
    assert (person.verdict, footer.trouble.isHidden()) == ("Ready", True)
    messages.show(ServerTrouble("first"), attempt="send it")
    messages.show(Forbidden("getComponent"), attempt="load it")
    messages.settle("load it")
    assert "Trouble at the server" in footer.trouble.text(), "the other one stays"
    messages.notify("Something else went well", "good")
    messages.settle("send it")
    assert (person.verdict, footer.trouble.isHidden()) == ("Something else went well", True)


@pytest.mark.logs("Trouble at the server")
def test_page_that_loads_at_last_takes_the_error_away(person: Person, sandbox: SandboxProcess) -> None:
    component, footer = person.scan(STRIP), person.workspace.footer
    set_faults(sandbox, {"match": "GET /getComponent", "do": "status", "status": 500, "times": None})
    component.reload()
    person.until(lambda: "Trouble at the server" in person.verdict, "the trouble")
    set_faults(sandbox)
    person.program.messages.notify("news")
    assert footer.trouble.isVisible()
    component.reload()
    person.until(footer.trouble.isHidden, "the page")


def test_details_hold_no_secret() -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
    message = message_of(ServerTrouble(f"asked with Authorization: Bearer {token}", status=500))
    assert token not in message.details
    assert "500" in message.details


def test_older_messages_are_in_the_menu(person: Person) -> None:
    person.program.messages.notify("salt & pepper", "good")
    person.program.messages.notify("and then this")
    menu = person.workspace.footer.history_button.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert all(re.match(r"\d\d:\d\d  ", text) for text in texts), "the time stands before each"
    assert [text[7:] for text in texts[:2]] == ["and then this", "salt && pepper"]


def test_nothing_turns_a_message_backwards(person: Person) -> None:
    person.program.messages.notify("20U\u202eX\nY was scanned")
    assert person.verdict == "20U�X Y was scanned"
    menu = person.workspace.footer.history_button.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    assert menu.actions()[0].text().endswith("20U�X Y was scanned")


@pytest.mark.logs("No such component")
def test_a_scan_is_told_once_and_no_longer_than_it_is_news(person: Person) -> None:
    workspace, scan = person.workspace, person.workspace.footer.scan
    person.scan(STRIP)
    person.type_label("20UPGM2")
    assert "was not looked up" in person.verdict
    assert not scan.isVisible(), "the message says it already"
    person.program.messages.notify("news")
    assert scan.isVisible()
    workspace.look_up(STRIP)
    person.until(lambda: person.verdict == f"{STRIP} opened", "the notice")
    assert not scan.isVisible(), "something was opened since"
    workspace.look_up(UNKNOWN)
    person.until(lambda: person.verdict.startswith(f"{UNKNOWN}: No such component"), "which it was")
    person.type_label(UNKNOWN)
    person.until(lambda: scan.text().startswith(f"Last scan: {UNKNOWN}"), "the verdict")
    workspace.footer.dismiss()
    person.type_label(STRIP)
    person.until(lambda: person.verdict == f"{STRIP} found", "the next scan")
    assert workspace.footer.trouble.isHidden(), "of a scan before the last one nobody need be told"


def test_an_empty_scan_clears_the_one_before(person: Person) -> None:
    person.type_label("20UPGM2")
    person.type_label(" ")
    assert person.verdict == "Nothing was scanned or typed."
    assert not person.workspace.footer.scan.isVisible()


@pytest.mark.logs("No such component")
def test_a_list_is_told_of_like_a_scan(person: Person) -> None:
    person.scan(STRIP)
    person.workspace.show_list(f"{STRIP}\n{UNKNOWN}")
    person.until(lambda: person.verdict == "Tray looked up: 1 found, 1 unknown", "the verdict")
    assert not person.workspace.footer.scan.isVisible()


@pytest.mark.logs("Not allowed")
def test_the_last_scan_stands_above_the_message_where_there_is_little_room(person: Person) -> None:
    person.window.resize(1366, 768)
    person.scan(STRIP)
    footer = person.workspace.footer
    person.program.messages.show(Forbidden("x", status=403))
    person.until(lambda: footer.scan.isVisible() and footer.scan.x() < footer.picture.x(), "both")
    assert abs(footer.scan.geometry().center().y() - footer.picture.geometry().center().y()) < 9
    person.scale(200)
    person.until(lambda: footer.scan.geometry().bottom() < footer.verdict.y(), "one above the other")
    assert footer.verdict.width() > footer.width() / 2
    person.scale(100)
    person.until(lambda: footer.scan.geometry().right() < footer.picture.x(), "one beside the other")


def test_messages_before_the_window_are_kept() -> None:
    messages = Messages()
    messages.notify("early")
    assert messages.history == [Message("quiet", "early")]
    for number in range(300):
        messages.notify(str(number))
    assert len(messages.history) == 200
    assert messages.history[-1].title == "299"


def test_sign_out_clears_the_messages(person: Person) -> None:
    person.scan(STRIP)
    person.workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")
    assert person.program.messages.history == []


def test_every_tone_has_a_picture_and_words(person: Person) -> None:
    footer = person.workspace.footer
    for tone in ["good", "bad", "caution", "quiet"]:
        footer.tell(Message(tone, "A title", "A sentence.", "A cure."))
        assert person.verdict == "A title: A sentence. A cure."
        assert not footer.picture.pixmap().isNull()


def test_every_error_has_its_words() -> None:
    kinds, waiting = [], [ItkError]
    while waiting:
        kind = waiting.pop()
        kinds.append(kind)
        waiting += kind.__subclasses__()
    assert len(kinds) > 30
    for kind in kinds:
        for text in (kind.title, kind.sentence, kind.cure):
            assert text == text.strip() != ""
        assert kind.sentence.endswith(".")
        assert kind.cure.endswith(".")
        assert not kind.title.endswith(".")
