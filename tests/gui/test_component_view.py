"""The component: who it is, its tabs, loading again, and its tab in the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QTabBar

from itkgui.records.component_link import identifier_from
from itkgui.single_instance import Wish
from itkgui.views.components.component_view import (
    ATTACHMENTS,
    COMMENTS,
    FAMILY,
    HISTORY,
    OVERVIEW,
    RAW,
    SHIPMENTS,
    TESTS,
    ComponentView,
)
from itkgui.views.widgets.empty_pane import EmptyPane
from tests.end2end.plain_server import PlainServer
from tests.gui.odd_component import show_record
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"


def test_strip_says_who_it_is(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    with PlainServer(sandbox) as server:
        raw = server.component(PIXEL)
    assert component.strip.serial.text() == PIXEL
    assert raw["componentType"]["name"] in component.strip.kind.text()
    assert raw["type"]["name"] in component.strip.kind.text()
    assert raw["currentStage"]["name"] in component.strip.stage.text()
    assert raw["currentLocation"]["name"] in component.strip.place.text()
    assert raw["institution"]["code"] in component.strip.place.text()
    assert component.strip.age.text().startswith("as of ")


def test_strip_is_there_before_the_tabs(person: Person) -> None:
    person.type_label(PIXEL)
    person.until(lambda: person.workspace.current_component is not None, "the component")
    component = person.component
    assert component.strip.serial.text() == PIXEL
    assert component.strip.isVisible()
    assert not component.is_complete
    assert component.tabs.count() == 8
    person.until(lambda: component.is_complete, "the tabs")


def test_tabs_count_what_the_server_holds(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    with PlainServer(sandbox) as server:
        runs, own = server.runs(PIXEL), server.attachments(PIXEL)
    of_runs = [file for run in runs if run["state"] == "ready" for file in run["attachments"] or ()]
    assert len(component.tests.table.runs) == len(runs)
    assert component.attachments.table.rowCount() == len(own) + len(of_runs)
    assert component.tabs.tabText(TESTS) == f"Tests ({len(runs)})"
    assert component.tabs.tabText(ATTACHMENTS) == f"Attachments ({len(own) + len(of_runs)})"


def test_runs_are_newest_first_and_counted(person: Person) -> None:
    component = person.scan(PIXEL)
    runs = component.tests.table.runs
    dates = [run.date for run in runs if run.date is not None]
    assert dates == sorted(dates, reverse=True)
    assert component.tests.bar.count.text() == f"{len(runs)} runs"
    assert component.tests.view.chosen.run is runs[0]


def test_f5_keeps_what_is_chosen(person: Person) -> None:
    component = person.scan(PIXEL)
    runs = component.tests.table.runs
    run = person.look_at_run(lambda run: run is runs[-1])
    person.press(Qt.Key.Key_F5, component)
    person.until(lambda: component.tests.table.runs[-1] is not run, "the new rows")
    assert component.tests.view.chosen.run.id == run.id
    person.look_at("summary.json")
    chosen = component.attachments.view.chosen
    records = list(component.attachments.table.records)
    person.press(Qt.Key.Key_F5, component)
    person.until(lambda: list(map(id, component.attachments.table.records)) != list(map(id, records)), "rows")
    assert component.attachments.view.chosen.code == chosen.code
    assert component.tabs.currentIndex() == ATTACHMENTS


def test_f5_shows_what_is_new(person: Person, sandbox: SandboxProcess, tmp_path: Path) -> None:
    component = person.scan(STRIP)
    before = component.attachments.table.rowCount()
    with PlainServer(sandbox) as server:
        server.attach(STRIP, f"added behind its back, {tmp_path.name}", b"by another program")
    person.press(Qt.Key.Key_F5, component)
    person.until(lambda: component.attachments.table.rowCount() == before + 1, "the new file")


def test_a_server_that_is_silent_is_waited_for_in_sight(person: Person, sandbox: SandboxProcess) -> None:
    age = person.scan(STRIP).strip.age
    person.until(lambda: age.text().startswith("as of"), "the page")
    with PlainServer(sandbox) as server:
        server.fail({"match": "GET /getComponent", "do": "stall", "times": None})
        person.press(Qt.Key.Key_F5)
        person.until(lambda: age.text().endswith(", loading again…"), "a sign that it loads")
        server.fail()
    person.until(lambda: "loading" not in age.text(), "its end")
    assert age.text().startswith("as of")


def test_same_component_opens_once(person: Person) -> None:
    first = person.scan(PIXEL)
    person.scan(STRIP)
    again = person.scan(PIXEL)
    assert again is first
    assert person.workspace.components.count() == 2
    person.type_label(f" {PIXEL.lower()} ")
    person.until(lambda: person.workspace.scan_box.text() == "", "the look-up")
    assert person.workspace.components.count() == 2


def test_a_code_finds_it_too(person: Person) -> None:
    code = person.scan(STRIP).component.code
    person.type_label(code)
    person.until(lambda: person.verdict == f"{STRIP} found", "the verdict")
    assert person.workspace.components.count() == 1


def test_an_alternative_identifier_finds_it_too(person: Person) -> None:
    alternative = person.scan(STRIP).component.alternative_identifier
    assert alternative
    person.type_label(alternative.lower())
    said = f"{STRIP} found by its alternative identifier {alternative}"
    person.until(lambda: person.verdict == said, "the verdict")


@pytest.mark.logs("No such component")
def test_unknown_serial_number_is_explained(person: Person) -> None:
    person.scan(STRIP)
    person.type_label("20UPGM29999999")
    person.until(lambda: "No such component" in person.verdict, "the verdict")
    assert "Check the label and scan it again" in person.verdict
    assert person.component.component.label == STRIP
    assert person.workspace.scan_box.selectedText() == "20UPGM29999999"


def test_garbled_scan_is_explained_without_a_request(person: Person) -> None:
    person.type_label("20UPGM2380000")
    assert "was not looked up" in person.verdict
    assert "14 characters; this one has 13" in person.verdict
    assert person.workspace.current_component is None


@pytest.mark.logs("No such component")
def test_garbled_scan_is_asked_if_insisted_on(person: Person) -> None:
    person.type_label("20UPGM2380000")
    person.press(Qt.Key.Key_Return, person.workspace.scan_box)
    person.until(lambda: "No such component" in person.verdict, "the verdict")


def test_closing_tabs(person: Person) -> None:
    person.scan(PIXEL)
    person.scan(STRIP)
    tabs = person.workspace.components
    close = tabs.tabBar().tabButton(0, QTabBar.ButtonPosition.RightSide)
    assert close is not None
    person.click(close)
    person.until(lambda: tabs.count() == 1, "one tab")
    assert person.component.component.label == STRIP
    person.press(Qt.Key.Key_W, person.workspace, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: tabs.count() == 0, "no tab")
    empty = person.workspace.centre.currentWidget()
    assert isinstance(empty, EmptyPane)
    assert empty.sentence == "No component open."


def test_keys_go_to_the_tabs(person: Person) -> None:
    component = person.scan(PIXEL)
    for number, tab in (
        (Qt.Key.Key_2, TESTS),
        (Qt.Key.Key_3, ATTACHMENTS),
        (Qt.Key.Key_4, FAMILY),
        (Qt.Key.Key_5, HISTORY),
        (Qt.Key.Key_6, COMMENTS),
        (Qt.Key.Key_7, RAW),
        (Qt.Key.Key_8, SHIPMENTS),
        (Qt.Key.Key_1, OVERVIEW),
    ):
        person.press(number, person.workspace, Qt.KeyboardModifier.ControlModifier)
        person.until(partial(_shows, component, tab), "the tab")


def test_serial_number_is_copied(person: Person) -> None:
    component = person.scan(STRIP)
    person.click(component.strip.copy_button)
    assert QGuiApplication.clipboard().text() == STRIP
    assert person.verdict == f"{STRIP} copied"


def test_link_is_copied_and_opens_it_again(person: Person) -> None:
    component = person.scan(STRIP)
    person.click(component.strip.link_button)
    link = QGuiApplication.clipboard().text()
    assert link == f"itkgui:{STRIP}"
    assert identifier_from(link) == STRIP


def test_web_application_is_asked_for_the_component_s_page(person: Person) -> None:
    asked: list[QUrl] = []

    class Browser(QObject):
        @Slot(QUrl)
        def show(self, address: QUrl) -> None:
            asked.append(address)

    component, browser = person.scan(STRIP), Browser()
    slot: Any = "show"  # the stubs ask for bytes, which Qt then refuses
    api_url = component._context.database.settings.api_url
    QDesktopServices.setUrlHandler(QUrl(api_url).scheme(), browser, slot)
    try:
        person.click(component.strip.web_button)
        person.until(lambda: asked, "the browser")
    finally:
        QDesktopServices.unsetUrlHandler(QUrl(api_url).scheme())
    assert [found.toString() for found in asked] == [
        f"{api_url}componentView?code={component.component.code}"
    ]


def test_component_without_names_has_no_link(person: Person) -> None:
    view = show_record(person, id="5dde2ada79bc5c000a61d580")
    person.click(view.strip.link_button)
    assert person.verdict == "This component has no serial number and no code."
    person.click(view.strip.web_button)
    assert person.verdict == "This component has no code."


def test_serial_given_at_the_start_is_opened(sandbox: SandboxProcess, start_program: object) -> None:
    from tests.conftest import settings_for

    assert callable(start_program)
    person: Person = start_program(settings_for(sandbox), wish=Wish(STRIP))
    person.sign_in()
    person.until(lambda: person.workspace.current_component is not None, "the component")
    assert person.component.component.label == STRIP


def _shows(component: ComponentView, tab: int) -> bool:
    return component.tabs.currentIndex() == tab


def test_shipments_that_cannot_be_asked_for_are_told_above_the_other_files(
    person: Person, sandbox: SandboxProcess
) -> None:
    with PlainServer(sandbox) as server:
        rule = {"match": "* /listShipmentsByComponent", "do": "status", "status": 403, "times": None}
        server.fail(rule)  # the overview asks for them too
        component = person.scan(PIXEL)
        person.show_tab(ATTACHMENTS)
        person.until(component.attachments.trouble.isVisible, "the trouble")
        server.fail()
    assert component.attachments.table.rowCount() > 0
    assert component.attachments.view.isVisible()


def test_stopping_is_told_in_every_tab_that_waits(person: Person, sandbox: SandboxProcess) -> None:
    with PlainServer(sandbox) as server:
        server.fail({"match": "* /getTestRunBulk", "do": "stall"})
        person.type_label(PIXEL)
        person.until(lambda: person.workspace.current_component is not None, "the component")
        component = person.component
        person.until(lambda: component.is_complete, "the tabs")
        person.until(lambda: not component.tests.loading.isHidden(), "the runs to be under way")
        person.press(Qt.Key.Key_Escape, person.workspace)
        person.until(lambda: component.attachments.empty.sentence == "Loading was stopped.", "the word")
        server.fail()
    person.show_tab(HISTORY)
    person.until(component.timeline.view.isVisible, "what is known without the runs")
