"""The workspace: keys, scans that come quickly, and files that wait for a decision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QStyleOptionToolButton, QToolButton

from itkgui.records.serial_number import without_marks
from itkgui.views.context.messages import Message
from tests.conftest import settings_for
from tests.end2end.job import write_files
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

STRIP = "20USBML0000001"
PIXEL = "20UPGM23800001"
CONTROL = Qt.KeyboardModifier.ControlModifier


def questions(person: Person) -> list[QMessageBox]:
    return [box for box in person.window.findChildren(QMessageBox) if box.isVisible()]


def answer(person: Person, text: str) -> None:
    person.until(lambda: questions(person), "the question")
    (box,) = questions(person)
    person.click(next(button for button in box.buttons() if button.text().replace("&", "") == text))
    person.until(lambda: not questions(person), "the question to go")


def test_enter_presses_the_button_in_focus(
    start_program: Callable[..., Person], sandbox: SandboxProcess
) -> None:
    person = start_program(settings_for(sandbox))
    person.login.sign_in_button.setFocus()
    person.press(Qt.Key.Key_Return, person.login.sign_in_button)
    person.until(lambda: person.window.workspace is not None, "the workspace")


def test_adding_files_by_key_works_in_the_scan_box(person: Person) -> None:
    person.scan(STRIP)
    box = person.workspace.scan_box
    person.type(box, "20U")
    person.press(Qt.Key.Key_U, box, CONTROL)
    person.until(lambda: person.component.findChildren(QFileDialog), "the file dialog")
    assert box.text() == "20U", "what was typed is lost"
    for dialog in person.component.findChildren(QFileDialog):
        dialog.reject()


@pytest.mark.program("new")
@pytest.mark.parametrize("written", [f" {STRIP.lower()} ", "20 USBML 0000001", "20-U-SB-ML-0000001"])
def test_blanks_dashes_and_small_letters_are_forgiven(person: Person, written: str) -> None:
    person.type_label(written)
    person.until(lambda: person.verdict == f"{STRIP} found", "the verdict")
    assert person.workspace.scan_box.text() == ""


def test_every_place_in_the_rail_is_named_in_full(person: Person) -> None:
    person.window.resize(1024, 700)
    person.settle()
    rail = person.workspace.rail
    buttons = [button for button in rail.findChildren(QToolButton) if button.text()]
    assert "Components" in {button.text() for button in buttons}
    for button in buttons:
        option = QStyleOptionToolButton()
        button.initStyleOption(option)
        beside = option.iconSize.width() + 4 + 2 * 9  # the icon, its gap, and what the style sheet pads
        assert button.width() >= beside + button.fontMetrics().horizontalAdvance(button.text())
    assert len({button.width() for button in buttons}) == 1


def test_other_names_keep_their_dashes() -> None:
    assert without_marks(" LBNL-LS-0001 ") == "LBNL-LS-0001"


def test_next_scan_is_not_eaten_by_the_answer_to_the_last(
    start_program: Callable[..., Person], start_sandbox: Callable[..., SandboxProcess]
) -> None:
    person = start_program(settings_for(start_sandbox("--latency", "150", "--components", "200")))
    person.sign_in()
    person.type_label(STRIP)
    box = person.workspace.scan_box
    person.type_on(box, PIXEL[:7])
    person.until(lambda: person.verdict == f"{STRIP} found", "the verdict")
    assert box.text() == PIXEL[:7]
    person.type_on(box, PIXEL[7:])
    person.press(Qt.Key.Key_Return, box)
    person.type_on(box, STRIP)  # before there is an answer
    person.press(Qt.Key.Key_Return, box)
    person.until(lambda: box.text() == "" and person.verdict == f"{STRIP} found", "the last scan's verdict")
    assert not any("28 characters" in message.line for message in person.program.messages.history)
    person.end()


@pytest.mark.logs("No such component")
def test_unknown_part_is_named_in_the_verdict(person: Person) -> None:
    person.type_label("20UPGM29999999")
    person.until(lambda: person.verdict.startswith("20UPGM29999999: No such component"), "the verdict")


@pytest.mark.parametrize(
    "written", ["itkgui:{0}", "itkgui://{0}", "\ufeff{0}\u200b", "{1}componentView?code={2}"]
)
def test_links_and_what_nobody_sees_are_understood(
    person: Person, sandbox: SandboxProcess, written: str
) -> None:
    with PlainServer(sandbox) as server:
        code = server.ask("GET", "getComponent", {"component": STRIP}).json()["code"]
    box = person.workspace.scan_box
    box.setText(written.format(STRIP, "https://host/", code))
    person.press(Qt.Key.Key_Return, box)
    person.until(lambda: person.verdict == f"{STRIP} found", "the verdict")


@pytest.mark.parametrize("pasted", ["https://host/other", "itkgui:20UPGM2380", "x" * 10_000])
def test_what_cannot_be_meant_is_not_looked_up_at_all(person: Person, pasted: str) -> None:
    box = person.workspace.scan_box
    box.setText(pasted)
    for _ in range(2):
        person.press(Qt.Key.Key_Return, box)
        assert "was not looked up" in person.verdict
    assert len(person.verdict) < 250
    assert box.selectedText() == box.text(), "the next scan replaces it"


@pytest.mark.program("new")
@pytest.mark.logs("No such component")
def test_a_scan_that_opened_nothing_is_told_beside_the_page_until_one_leaves_it(person: Person) -> None:
    workspace = person.workspace
    doubt = workspace.header.doubt
    unknown = "20UPGM29999999"
    person.type_label(unknown)
    person.until(lambda: "No such component" in person.verdict, "the verdict")
    assert not doubt.isVisible(), "there is no page that it could be mistaken for"
    person.scan(STRIP)
    for label in (unknown, "20UPGM2"):
        person.type_label(label)
        person.until(lambda label=label: label in person.verdict, "the verdict")  # type: ignore[misc]
        person.until(doubt.isVisible, "the doubt")
        assert doubt.text() == f"The scan of {label} opened nothing: this is still {STRIP}."
    person.scan(STRIP)
    person.until(lambda: not doubt.isVisible(), "the doubt to go with a good scan")
    person.type_label(unknown)
    person.until(doubt.isVisible, "the doubt")
    workspace.go_to(workspace.search_view)
    assert not doubt.isVisible()


@pytest.mark.program("new")
@pytest.mark.logs("No such component")
def test_what_was_not_found_is_told_no_longer_when_a_component_is_opened(person: Person) -> None:
    workspace, unknown = person.workspace, "20UPGM29999999"
    workspace.look_up(unknown)
    person.until(lambda: "No such component" in person.verdict, "the verdict")
    workspace.footer.tell(Message("quiet", "Something else"))
    assert workspace.footer.trouble.isVisible()
    workspace.look_up(STRIP)
    person.until(lambda: person.verdict == f"{STRIP} opened", "the component")
    assert not workspace.footer.trouble.isVisible()


def scan_what_is_gone(person: Person, label: str, word: str) -> None:
    component = person.scan(label)
    assert person.verdict == f"{label} found, but it is {word}"
    assert person.workspace.footer.verdict.objectName() == "caution"
    assert "requestedToDelete" not in component.strip.place.text()
    person.until(lambda: component.overview.findings.view.table.records, "what to look at")
    texts = [finding.text for finding in component.overview.findings.view.table.records]
    assert any(text.startswith(f"It is {word}") for text in texts)


def test_a_part_that_is_gone_is_not_found_in_green(person: Person) -> None:
    for label, word in [
        ("20USBSS0000032", "deleted"),
        ("20USBP33010069", "to be deleted"),
        ("20USBSL0000072", "trashed"),
    ]:
        scan_what_is_gone(person, label, word)


def test_files_under_review_are_not_given_up_unasked(person: Person, tmp_path: Path) -> None:
    note, _ = write_files(tmp_path)
    person.scan(STRIP)
    person.drop(person.component, [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    person.press(Qt.Key.Key_W, person.workspace, CONTROL)
    person.until(lambda: "Press Send or Cancel" in person.verdict, "the verdict")
    assert person.workspace.components.count() == 1
    person.window.close()
    person.until(lambda: questions(person), "the question")
    assert STRIP in questions(person)[0].text()
    answer(person, "Go on working")
    assert person.sheet.rows[0].path == note
    person.workspace.sign_out_action.trigger()
    answer(person, "Stop and sign out")
    person.until(lambda: person.window.workspace is None, "the sign-in page")


def test_signing_out_twice_signs_out_once(person: Person) -> None:
    person.scan(STRIP)
    workspace = person.workspace
    workspace.sign_out_action.trigger()
    workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")
    left = list(person.program.options.paths.downloads.iterdir())
    assert left == [], "the session's files are left"
    person.login.code1.setText("")
    person.login.use_sandbox(person.program.preferences.settings, "practice")
    person.sign_in()
    person.scan(STRIP)


def test_close_key_leaves_a_component_alone_that_is_not_on_screen(person: Person) -> None:
    person.scan(STRIP)
    person.workspace.go_to(person.workspace.search_view)
    person.press(Qt.Key.Key_W, person.workspace, CONTROL)
    person.settle()
    assert person.workspace.components.count() == 1


def test_the_key_to_quit_asks_as_closing_does(person: Person, tmp_path: Path) -> None:
    note, _ = write_files(tmp_path)
    person.scan(STRIP)
    person.drop(person.component, [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    person.press(Qt.Key.Key_Q, person.window, CONTROL)
    answer(person, "Go on working")
    person.click(person.sheet.cancel_button)
    person.press(Qt.Key.Key_Q, person.window, CONTROL)
    person.until(person.run.done, "the end")
