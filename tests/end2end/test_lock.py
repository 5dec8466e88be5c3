"""A locked window shows nothing of anybody's work, and lets in the same person, or another instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox

from itkgui.uploads.upload import UploadState
from itkgui.views.session.sign_in_card import SignInCard
from tests.conftest import settings_for
from tests.end2end.away import answer, codes_of, enter, question, set_faults
from tests.end2end.job import PIXEL, write_files
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

STRIP = "20USBML0000001"
LOCK = (Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)


def lock(person: Person) -> SignInCard:
    key, with_keys = LOCK
    person.press(key, person.workspace, with_keys)
    assert person.window.locker.is_on
    return person.window.locker.page.card


def idle_for_long(person: Person) -> None:
    """Let nobody touch the window for as long as is set."""
    person.program.preferences.put("idle_lock_minutes", 1)
    watch = person.program._guard._idle  # type: ignore[union-attr]
    watch._used -= 60
    watch.look()
    assert person.window.locker.is_on


def texts_on_screen() -> str:
    shown = [one.windowTitle() for one in QApplication.topLevelWidgets() if one.isVisible()]
    shown += [
        label.text() for label in QApplication.allWidgets() if isinstance(label, QLabel) and label.isVisible()
    ]
    return "\n".join(shown)


def test_nothing_is_shown_and_all_is_there_again(person: Person, tmp_path: Path) -> None:
    note, _ = write_files(tmp_path)
    component = person.scan(PIXEL)
    person.drop(component, [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    person.window.close()
    box = question(person)
    assert PIXEL in box.text()
    idle_for_long(person)
    card = person.window.locker.page.card
    assert PIXEL not in texts_on_screen()
    assert not box.isVisible()
    assert "Alex Example is signed in" in card.words.text()
    assert person.window.windowTitle() == "itkgui – locked"
    person.press(Qt.Key.Key_Comma, person.window, Qt.KeyboardModifier.ControlModifier)
    person.window.show_settings()
    assert not person.workspace.isVisible()
    person.window.close()
    person.until(lambda: _visible_boxes(), "a question that names nothing")
    assert PIXEL not in texts_on_screen()
    _visible_boxes()[0].reject()
    person.until(lambda: not _visible_boxes(), "the question to go")
    enter(person, card, *codes_of())
    person.until(lambda: not person.window.locker.is_on, "the workspace")
    assert person.component is component
    assert [row.name for row in person.sheet.rows] == [note.name]
    assert box.isVisible()
    assert card.fields.code1.text() == card.fields.code2.text() == ""
    box.reject()
    person.sheet.give_up()


def _visible_boxes() -> list[QMessageBox]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox) and one.isVisible()]


def test_uploads_go_on_behind_the_lock(person: Person, tmp_path: Path) -> None:
    note, _ = write_files(tmp_path)
    person.drop(person.scan(PIXEL), [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    person.click(person.sheet.send_button)
    card = lock(person)
    person.until(lambda: person.uploads and person.uploads[-1].state is UploadState.DONE, "the upload")
    assert person.window.windowTitle() == "itkgui – locked"
    enter(person, card, *codes_of())
    person.until(lambda: not person.window.locker.is_on, "the workspace")


@pytest.mark.logs("signing in at")
def test_the_same_codes_unlock_without_a_network(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    server = start_sandbox("--components", "50")
    person = start_program(settings_for(server))
    person.sign_in()
    card = lock(person)
    server.stop()
    enter(person, card, "sandbox-code-1", "other")
    person.until(lambda: "cannot reach the server" in words(card.trouble), "the trouble")
    assert person.window.locker.is_on
    enter(person, card, *codes_of())
    person.until(lambda: not person.window.locker.is_on, "the workspace")


@pytest.mark.logs("signing in at")
def test_wrong_codes_do_not_unlock(person: Person) -> None:
    card = lock(person)
    for code1, code2 in (("sandbox-code-1", "x" * 10_000), ("", ""), ("sandbox-code-1", "wrong")):
        card.fields.code1.setText(code1)
        card.fields.code2.setText(code2)
        person.click(card.button)
        person.until(lambda: card.trouble.isVisible() and card.button.isEnabled(), "the trouble")
        assert person.window.locker.is_on
    assert card.trouble.title == "Wrong access codes"
    enter(person, card, *codes_of())
    person.until(lambda: not person.window.locker.is_on, "the workspace")


def test_whoever_wanted_another_person_can_go_back_until_it_is_locked(person: Person) -> None:
    person.scan(PIXEL)
    locker = person.window.locker
    person.workspace.strip.change_action.trigger()
    card = locker.page.card
    assert (card.title.text(), card.button.text()) == ("Change person", "Sign in")
    assert person.window.windowTitle() == "itkgui – change person"
    assert locker.page.banner.text() == person.workspace.banner != ""
    assert PIXEL not in texts_on_screen()
    person.press(Qt.Key.Key_Escape, card.fields.code1)
    person.until(lambda: not locker.is_on, "the way back")
    assert person.component.component.label == PIXEL
    person.workspace.strip.change_action.trigger()
    idle_for_long(person)
    assert (card.title.text(), card.button.text()) == ("Locked", "Go on")
    assert not card.other_button.isVisible()
    person.press(Qt.Key.Key_Escape, card.fields.code1)
    assert locker.is_on
    enter(person, card, *codes_of())
    person.until(lambda: not locker.is_on, "the workspace")


def test_another_person_takes_over_in_two_clicks(person: Person, sandbox: SandboxProcess) -> None:
    set_faults(sandbox)
    person.scan(PIXEL)
    person.program.preferences.put("fetch_ahead_megabytes", 7)
    strip = person.workspace.strip
    assert strip.change_action in strip.menu.actions(), "the name's button is the first click"
    strip.change_action.trigger()
    card = person.window.locker.page.card
    enter(person, card, *codes_of("technician"))
    person.until(lambda: person.window.workspace is not None and _name(person) != "Alex Example", "the other")
    assert not person.window.locker.is_on
    assert not person.workspace.open.pages
    assert PIXEL not in texts_on_screen()
    context = person.program.context
    assert context is not None
    assert context.database.settings.fetch_ahead_megabytes == 7


def _name(person: Person) -> str:
    context = person.program.context
    return context.database.user.name if context is not None else "Alex Example"


def test_a_later_start_waits_for_the_one_who_unlocks(person: Person) -> None:
    from itkgui.single_instance import Answer, Wish

    card = lock(person)
    assert person.program._on_wish(Wish(STRIP)) is Answer.WAITS
    assert not person.workspace.open.pages
    enter(person, card, *codes_of())
    person.until(lambda: person.workspace.current_component is not None, "the component")


@pytest.mark.logs("Wrong access codes")
def test_what_may_be_lost_is_told_before_another_takes_over(person: Person, tmp_path: Path) -> None:
    note, _ = write_files(tmp_path)
    person.drop(person.scan(PIXEL), [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    card = lock(person)
    enter(person, card, *codes_of("technician"))
    box = question(person)
    said = "Files of Alex Example for a component or shipment are under review and not sent yet."
    assert box.text() == said
    assert "none of its files is sent, and Alex Example has to add them again" in box.informativeText()
    answer(person, "Back")
    assert person.window.locker.is_on
    person.until(lambda: person.window.focusWidget() is card.fields.code1, "the code to be typed")
    enter(person, card, *codes_of())
    person.until(lambda: not person.window.locker.is_on, "the workspace")
    person.sheet.give_up()


def test_a_window_that_nobody_uses_locks_itself(person: Person) -> None:
    preferences = person.program.preferences
    preferences.put("idle_lock_minutes", 1)
    idle = person.program._guard._idle  # type: ignore[union-attr]
    assert idle._timer.isActive()
    locked = []

    def pass_seconds(count: float) -> None:
        idle._used -= count
        idle.look()
        locked.append(person.window.locker.is_on)

    pass_seconds(59)
    window = person.window.windowHandle()
    assert window is not None
    QTest.keyClick(window, Qt.Key.Key_Shift)
    pass_seconds(59)
    pass_seconds(2)
    assert locked == [False, False, True]
    preferences.put("idle_lock_minutes", 0)
    person.until(lambda: not idle._timer.isActive(), "the end of the watch")
    enter(person, person.window.locker.page.card, *codes_of())
    person.until(lambda: not person.window.locker.is_on, "the workspace")


def test_a_window_that_nobody_uses_signs_out_once_all_is_sent(person: Person, tmp_path: Path) -> None:
    person.program.preferences.put("idle_sign_out_minutes", 2)
    note, _ = write_files(tmp_path)
    person.drop(person.scan(PIXEL), [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    idle = person.program._guard._idle  # type: ignore[union-attr]
    idle._used -= 120
    idle.look()
    assert person.window.locker.is_on, "what is under review would be lost"
    enter(person, person.window.locker.page.card, *codes_of())
    person.until(lambda: not person.window.locker.is_on, "the workspace")
    person.click(person.sheet.send_button)
    person.until(lambda: person.has_open_uploads, "the upload")
    idle._used -= 120
    idle.look()
    assert person.program._signing_out is None, "an upload is under way"
    person.until(lambda: person.program.context is None, "the end of the session")
    person.login.code1.setText(codes_of()[0])
    person.login.code2.setText(codes_of()[1])
    person.sign_in()
    assert not person.has_open_uploads
    shown = person.scan(PIXEL).attachments.table.shown
    assert note.name in {attachment.display_name for attachment in shown}
