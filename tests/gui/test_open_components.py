"""Open components: tabs that load when they are looked at, places that come back, and whose they are."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from itkgui import language
from itkgui.views.attachments.attachment_preview import AttachmentPreview
from itkgui.views.components.component_view import ComponentView
from itkgui.views.components.waiting_tab import WaitingTab
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person, words
from tests.gui.searching import find
from tests.sandbox_process import SandboxProcess
from tests.unit.client.signed_in import requests_of

STRIP = "20USBML0000001"
PIXEL = "20UPGM23800001"
OTHER = "20USBMS0000001"
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Start = Callable[..., Person]
StartSandbox = Callable[..., SandboxProcess]


def titles(person: Person) -> list[str]:
    tabs = person.workspace.components
    return [tabs.tabText(tab) for tab in range(tabs.count())]


def loaded(person: Person) -> list[str]:
    return [view.component.label for view in person.workspace.open_components]


def on_screen(person: Person) -> str:
    view = person.workspace.current_component
    return view.component.label if view is not None else ""


def waiting(person: Person) -> WaitingTab:
    page = person.workspace.components.currentWidget()
    assert isinstance(page, WaitingTab)
    return page


# Tabs -----------------------------------------------------------------------------------------------------


def test_keys_go_through_the_tabs(person: Person) -> None:
    for label in (STRIP, PIXEL, OTHER):
        person.scan(label)
    person.press(Qt.Key.Key_Tab, person.workspace, CONTROL)
    assert on_screen(person) == STRIP
    person.press(Qt.Key.Key_Backtab, person.workspace, CONTROL | SHIFT)
    assert on_screen(person) == OTHER
    person.workspace.go_to(person.workspace.search_view)
    person.press(Qt.Key.Key_Tab, person.workspace, CONTROL)
    assert on_screen(person) == OTHER


def test_a_middle_click_closes_a_tab(person: Person) -> None:
    person.scan(STRIP)
    person.scan(PIXEL)
    bar = person.workspace.components.tabBar()
    QTest.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(0).center())
    person.until(lambda: titles(person) == [PIXEL], "one tab")
    assert on_screen(person) == PIXEL


def test_nothing_stays_of_a_page_whose_tabs_nobody_looked_at(person: Person) -> None:
    person.scan(STRIP)
    previews = person.component.findChildren(AttachmentPreview)
    left = [weakref.ref(preview) for preview in previews]
    assert len(left) == 1
    previews.clear()
    person.press(Qt.Key.Key_W, person.workspace, CONTROL)

    def is_gone() -> bool:
        gc.collect()
        return [preview() for preview in left] == [None]

    person.until(is_gone, "its page to go")


def test_closing_the_others_leaves_what_waits_for_a_decision(person: Person) -> None:
    for label in (STRIP, PIXEL, OTHER):
        person.scan(label)
    strip = person.workspace.open_components[0]
    strip.show_tab(5)
    strip.comments.editor.setPlainText("begun")
    person.workspace.open.close_others(person.component)
    assert sorted(titles(person)) == sorted([STRIP, OTHER])
    assert "A comment on it is not sent yet. Add it or empty its field" in person.verdict
    assert strip.tabs.currentIndex() == 5


# Back and forward -----------------------------------------------------------------------------------------


def test_back_and_forward_over_places_and_components(person: Person) -> None:
    workspace = person.workspace
    assert not workspace.header.back_button.isEnabled()
    person.scan(STRIP)
    person.scan(PIXEL)
    person.click(workspace.rail.button(workspace.recent_place))
    person.press(Qt.Key.Key_Left, workspace, ALT)
    assert on_screen(person) == PIXEL
    person.press(Qt.Key.Key_Left, workspace, ALT)
    assert on_screen(person) == STRIP
    person.click(workspace.header.back_button)
    assert workspace.centre.currentWidget() is workspace.search_view
    assert not workspace.header.back_button.isEnabled()
    person.press(Qt.Key.Key_Right, workspace, ALT)
    assert on_screen(person) == STRIP
    assert workspace.header.forward_button.toolTip() == f"Forward to {PIXEL} (Alt+→)"


def test_back_opens_what_was_closed(person: Person) -> None:
    person.scan(STRIP)
    person.scan(PIXEL)
    person.press(Qt.Key.Key_W, person.workspace, CONTROL)
    person.until(lambda: titles(person) == [STRIP], "one tab")
    person.press(Qt.Key.Key_Left, person.workspace, ALT)
    person.until(lambda: on_screen(person) == PIXEL, "the closed one")


def test_the_buttons_of_a_mouse_go_back_and_forward(person: Person) -> None:
    person.scan(STRIP)
    workspace = person.workspace

    def thumb(button: Qt.MouseButton) -> None:
        place = QPointF(QPoint(5, 5))
        kind, none = QEvent.Type.MouseButtonPress, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(workspace, QMouseEvent(kind, place, place, button, button, none))

    thumb(Qt.MouseButton.BackButton)
    assert workspace.centre.currentWidget() is workspace.search_view
    thumb(Qt.MouseButton.ForwardButton)
    assert on_screen(person) == STRIP


# Recent and pinned ----------------------------------------------------------------------------------------


def test_recent_ones_are_listed_newest_first(person: Person) -> None:
    for label in (STRIP, PIXEL, STRIP):
        person.scan(label)
    workspace = person.workspace
    person.click(workspace.rail.button(workspace.recent_place))
    view = workspace.recent_place.view
    person.until(view.view.isVisible, "the list")
    assert [known.label for known in view.table.records] == [STRIP, PIXEL]
    person.choose(view.view, lambda known: known.label == PIXEL)
    person.press(Qt.Key.Key_Return, view.view)
    person.until(lambda: on_screen(person) == PIXEL, "the component")
    workspace.go_to(workspace.recent_place)
    person.choose(view.view, lambda known: known.label == STRIP)
    person.press(Qt.Key.Key_Delete, view.view)
    person.until(lambda: [known.label for known in view.table.records] == [PIXEL], "one fewer")


def test_pins_come_and_go(person: Person) -> None:
    person.scan(STRIP)
    person.press(Qt.Key.Key_D, person.workspace, CONTROL)
    assert person.verdict == f"{STRIP} is pinned"
    assert not person.workspace.components.tabIcon(0).isNull()
    workspace = person.workspace
    person.click(workspace.rail.button(workspace.pinned_place))
    view = workspace.pinned_place.view
    person.until(view.view.isVisible, "the list")
    assert [known.label for known in view.table.records] == [STRIP]
    person.choose(view.view, lambda known: known.label == STRIP)
    person.click(view.pin_button)
    assert person.verdict == f"{STRIP} is no longer pinned"
    person.until(view.empty.isVisible, "the empty list")
    assert workspace.components.tabIcon(0).isNull()


def test_pin_stays_on_a_tab_that_was_beside_the_others(person: Person) -> None:
    person.scan(PIXEL)
    person.scan(STRIP)
    person.press(Qt.Key.Key_D, person.workspace, CONTROL)
    beside = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    tabs = person.workspace.components
    person.press(Qt.Key.Key_Return, person.workspace, beside)
    person.until(lambda: tabs.count() == 1, "the place beside")
    person.press(Qt.Key.Key_Return, person.workspace, beside)
    person.until(lambda: tabs.count() == 2, "the tabs")
    assert [tabs.tabIcon(tab).isNull() for tab in range(2)] == [True, False]


def test_what_a_search_found_can_be_pinned(person: Person) -> None:
    search = person.workspace.search_view
    search.view.choose_row(1)
    label = search.table.records[1].label
    person.press(Qt.Key.Key_D, person.workspace, CONTROL)
    assert [known.label for known in person.workspace.known.pinned] == [label]


# The verdict ----------------------------------------------------------------------------------------------


def test_the_verdict_on_a_scan_stays_beside_later_messages(person: Person) -> None:
    person.scan(STRIP)
    footer = person.workspace.footer
    assert not footer.scan.isVisible()
    assert person.verdict == f"{STRIP} found"
    person.press(Qt.Key.Key_D, person.workspace, CONTROL)
    assert person.verdict == f"{STRIP} is pinned"
    assert footer.scan.isVisible()
    assert footer.scan.text() == f"Last scan: {STRIP} found"
    person.scan(PIXEL)
    assert not footer.scan.isVisible()
    assert person.verdict == f"{PIXEL} found"


# The next start -------------------------------------------------------------------------------------------


def test_tabs_are_there_again_and_ask_for_nothing_until_looked_at(
    start_sandbox: StartSandbox, start_program: Start, event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    server = start_sandbox("--components", "500")
    person = start_program(settings_for(server))
    person.sign_in()
    for label in (STRIP, PIXEL, OTHER):
        person.scan(label)
    person.workspace.components.tabBar().moveTab(2, 0)
    person.workspace.components.setCurrentIndex(1)
    person.end()
    before = len(requests_of(server))
    again = start_program(settings_for(server))
    again.sign_in()
    assert titles(again) == [OTHER, STRIP, PIXEL]
    again.until(lambda: on_screen(again) == STRIP, "the one that was in front")
    again.settle()
    assert loaded(again) == [STRIP]
    assert requests_of(server)[before:].count("getComponent") == 1
    bar = again.workspace.components.tabBar()
    again.click_at(bar, bar.tabRect(2).center())
    again.until(lambda: on_screen(again) == PIXEL, "the one looked at")
    assert titles(again) == [OTHER, STRIP, PIXEL]
    again.scan(OTHER)
    assert titles(again) == [OTHER, STRIP, PIXEL], "a scan made a second tab"
    assert loaded(again) == [OTHER, STRIP, PIXEL]


def test_the_place_is_there_again_in_whatever_language(
    sandbox: SandboxProcess, start_program: Start, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    person = start_program(settings_for(sandbox))
    person.sign_in()
    person.scan(STRIP)
    person.workspace.go_to(person.workspace.pinned_place)
    person.end()
    request.addfinalizer(partial(language.use, "en", tmp_path))
    language.use(language.PSEUDO, tmp_path)
    again = start_program(settings_for(sandbox))
    again.sign_in()
    workspace = again.workspace
    assert workspace.centre.currentWidget() is workspace.pinned_place
    assert workspace.rail.button(workspace.pinned_place).text() == language.PseudoTranslations().gettext(
        "Pinned"
    )
    assert titles(again) == [STRIP]
    assert loaded(again) == []
    workspace.go_to(workspace.side_by_side)
    again.until(lambda: on_screen(again) == STRIP, "the component")


@pytest.mark.logs("Server not reached|Connection lost")
def test_a_tab_that_cannot_be_loaded_says_so_and_tries_again(
    start_sandbox: StartSandbox, start_program: Start, event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    first = start_sandbox("--components", "500")
    port = str(urlsplit(first.info["api_url"]).port)
    person = start_program(settings_for(first))
    person.sign_in()
    person.scan(STRIP)
    person.workspace.go_to(person.workspace.search_view)
    person.workspace.sign_out_requested.emit()  # which drops what was kept to be read off line
    person.until(lambda: person.window.workspace is None, "the end of the session")
    person.end()
    again = start_program(settings_for(first))
    again.sign_in()
    first.stop()
    again.workspace.go_to(again.workspace.side_by_side)
    page = waiting(again)
    assert STRIP in page.empty.sentence
    again.until(page.trouble.isVisible, "the trouble")
    assert "cannot reach the server" in words(page.trouble)
    start_sandbox("--components", "500", "--port", port)
    again.press(Qt.Key.Key_F5, page)
    again.until(lambda: on_screen(again) == STRIP, "the component")


def test_a_tab_whose_component_is_gone_can_be_closed(
    start_sandbox: StartSandbox, start_program: Start, event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    big = start_sandbox("--components", "3000")
    with PlainServer(big) as server:
        listed = server.ask("GET", "listComponents", {"filterMap": {"state": "ready"}}).json()["itemList"]
        last = listed[-1]["serialNumber"]
    port = str(urlsplit(big.info["api_url"]).port)
    person = start_program(settings_for(big))
    person.sign_in()
    person.scan(last)
    person.end()
    big.stop()
    small = start_sandbox("--components", "200", "--port", port)
    again = start_program(settings_for(small))
    again.sign_in()
    page = waiting(again)
    again.until(page.trouble.isVisible, "the trouble")
    assert "No such component" in words(page.trouble)
    again.press(Qt.Key.Key_W, again.workspace, CONTROL)
    again.until(lambda: titles(again) == [], "no tab")
    assert again.workspace.no_component.isVisible()


# Whose they are -------------------------------------------------------------------------------------------


def test_another_person_sees_nothing_of_the_first(
    sandbox: SandboxProcess, start_program: Start, event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    person = start_program(settings_for(sandbox))
    person.sign_in()
    find(person, project="CM", location="")
    person.scan(STRIP)
    person.press(Qt.Key.Key_D, person.workspace, CONTROL)
    person.workspace.search_view.saved.ask_for_name()
    person.workspace.search_view.saved.name.setText("Mine")
    person.workspace.search_view.saved.agree_button.click()
    person.workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")

    settings = person.program.preferences.settings
    technician = replace(settings, access_code1="technician-code-1", access_code2="technician-code-2")
    person.login.use_sandbox(technician, "practice")
    person.sign_in()
    workspace = person.workspace
    assert workspace.person.text().split("·")[0].strip() not in ("", "Alex Example")
    assert titles(person) == []
    assert workspace.known.recent == workspace.known.pinned == []
    assert workspace.search_view.saved.names == []
    assert workspace.search_view.filters.project.code == ""
    assert not workspace.header.back_button.isEnabled()
    workspace.sign_out_action.trigger()
    person.until(lambda: person.window.workspace is None, "the sign-in page")
    person.until(person.login.sign_in_button.isEnabled, "the end of the sign-out")

    person.login.use_sandbox(settings, "practice")
    person.sign_in()
    assert titles(person) == [STRIP]
    assert [known.label for known in person.workspace.known.pinned] == [STRIP]
    assert person.workspace.search_view.saved.names == ["Mine"]


def test_another_server_has_places_of_its_own(
    sandbox: SandboxProcess,
    start_sandbox: StartSandbox,
    start_program: Start,
    event_loop_of_qt: asyncio.AbstractEventLoop,
) -> None:
    person = start_program(settings_for(sandbox))
    person.sign_in()
    person.scan(STRIP)
    person.end()
    other = start_program(settings_for(start_sandbox("--components", "200")))
    other.sign_in()
    assert titles(other) == []
    assert other.workspace.known.recent == []


def test_views_of_closed_tabs_are_gone(person: Person) -> None:
    person.scan(STRIP)
    view: list[ComponentView] = [person.component]
    gone: list[bool] = []
    view[0].destroyed.connect(lambda: gone.append(True))
    view.clear()
    person.press(Qt.Key.Key_W, person.workspace, CONTROL)
    person.until(lambda: gone, "the view to go")
