"""The network goes while somebody reads: what was seen stays readable with its age, and all comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from itkgui.client.connection_state import ConnectionState
from itkgui.uploads.upload import UploadState
from itkgui.views.components.component_view import (
    ATTACHMENTS,
    COMMENTS,
    FAMILY,
    HISTORY,
    OVERVIEW,
    SHIPMENTS,
    TESTS,
    ComponentView,
)
from itkgui.views.widgets.loading_pane import LoadingPane
from itkgui.views.widgets.trouble_pane import TroublePane
from tests.conftest import settings_for
from tests.end2end.network import API, Network
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

PIXEL, OTHER = "20UPGM23800001", "20UPGM23800002"
FIRST, SECOND = "20USBHX0000002", "20UPGPQ4200004"  # with few files
pytestmark = pytest.mark.logs(
    "Connection lost|Server|Not reached|This is not the database|Trouble at the server"
)


@pytest.fixture
def network(sandbox: SandboxProcess) -> Any:
    found = Network(sandbox)
    yield found
    found.mend()


def light_of(person: Person) -> str:
    return person.workspace.light.text()


def troubles_of(person: Person) -> list[str]:
    """Return the titles of the errors on the screen."""
    panes = person.workspace.findChildren(TroublePane)
    return [pane.title for pane in panes if pane.isVisible()]


def open_one(person: Person, serial: str) -> ComponentView:
    """Open a component from wherever one is, and wait until it is there."""
    person.workspace.look_up(serial)

    def is_there() -> bool:
        view = person.workspace.current_component
        return view is not None and view.component.label == serial and view.is_complete

    person.until(is_there, serial)
    person.until(lambda: person.component.tests.runs, "its runs")
    return person.component


def read_all(person: Person) -> None:
    """Look at every tab of the component."""
    for tab in (TESTS, ATTACHMENTS, FAMILY, HISTORY, COMMENTS, SHIPMENTS, OVERVIEW):
        person.show_tab(tab)
        panes = [pane for pane in person.component.findChildren(LoadingPane) if pane.isVisible()]
        for pane in panes:
            person.until(lambda pane=pane: not pane.is_loading, "what it loads")  # type: ignore[misc]


def test_what_was_seen_is_read_on_and_returns_by_itself(person: Person, network: Network) -> None:
    component = person.scan(PIXEL)
    read_all(person)
    person.look_at("readout.log")
    person.workspace.open.close(component)
    assert light_of(person) == "On line"
    network.cut()

    component = person.scan(PIXEL)
    person.until(lambda: light_of(person) == "No answer", "the light")
    assert "As of" in component.age_line.text
    assert "off line" in component.age_line.text
    read_all(person)
    assert troubles_of(person) == []
    assert len(component.tests.table.runs) > 0
    assert component.family.view.model().rowCount() > 0
    person.look_at("readout.log")
    assert component.attachments.preview.content.shown_kind == "text"
    person.type_label(FIRST)
    person.until(lambda: "Connection lost" in person.verdict, "words on what was never seen")
    assert person.component is component

    network.mend()
    person.until(lambda: light_of(person) == "On line", "the network to be found")
    open_it = person.workspace.header.again_button
    person.until(open_it.isVisible, "the scan that no server answered to be offered")
    assert person.component is component
    person.click(open_it)
    person.until(lambda: person.component.component.label == FIRST, "the scan that no server answered")
    assert open_one(person, PIXEL) is component
    person.until(lambda: component.age_line.text == "", "the page to be loaded again")
    person.workspace.light.click()
    panel = person.workspace.light.panel
    assert panel is not None
    assert "It answered at" in panel._text_of(next(iter(panel._rows)))
    panel.close()


def test_a_scan_that_failed_off_line_takes_no_page_from_who_types(person: Person, network: Network) -> None:
    component, header = person.scan(PIXEL), person.workspace.header
    network.cut()
    person.type_label(FIRST)
    person.until(header.doubt.isVisible, "words on the scan")
    assert not header.again_button.isVisible(), "it cannot be opened yet"
    person.show_tab(COMMENTS)
    editor = component.comments.editor
    person.click_at(editor.viewport(), editor.viewport().rect().center())
    person.type_on(editor, "Pad 3 ")
    network.mend()
    person.until(header.again_button.isVisible, "the offer to open it")
    assert header.doubt.text() == (
        f"The scan of {FIRST} opened nothing: this is still {PIXEL}. The database answers again."
    )
    assert person.verdict == f"The database answers again: {FIRST} can be opened now"
    assert header.again_button.text() == f"Open {FIRST}"
    connection = person.program.context.connection  # type: ignore[union-attr]
    network.cut()
    connection.look()
    person.until(lambda: not header.again_button.isVisible(), "the offer to be taken back")
    assert header.doubt.text() == f"The scan of {FIRST} opened nothing: this is still {PIXEL}."
    network.mend()
    person.until(header.again_button.isVisible, "the offer again")
    assert header.doubt.text().count("answers again") == 1
    person.until(lambda: component.age_line.text == "", "the page to be loaded again")
    person.type_on(editor, "is scratched")
    assert person.component is component
    assert editor.toPlainText() == "Pad 3 is scratched"
    assert editor.hasFocus()

    header.scan_box.setFocus()
    person.press(Qt.Key.Key_Tab)
    assert header.again_button.hasFocus()
    person.press(Qt.Key.Key_Space, header.again_button)
    person.until(lambda: person.component.component.label == FIRST, "the component")
    assert not header.doubt.isVisible()
    assert not header.again_button.isVisible()
    person.until(
        lambda: person.component.isAncestorOf(person.window.focusWidget()), "the page to have the keys"
    )


def test_a_scan_that_failed_where_nothing_is_open_is_offered_too(person: Person, network: Network) -> None:
    header = person.workspace.header
    network.cut()
    person.type_label(FIRST)
    person.until(lambda: "Connection lost" in person.verdict, "words on the scan")
    assert not header.doubt.isVisible(), "there is no page that it could be mistaken for"
    network.mend()
    person.until(header.again_button.isVisible, "the offer to open it")
    assert header.doubt.text() == f"The scan of {FIRST} opened nothing. The database answers again."
    assert person.workspace.current_component is None
    person.scan(PIXEL)
    assert not header.again_button.isVisible(), "something else was scanned"


def test_what_failed_for_want_of_a_network_is_tried_again(person: Person, network: Network) -> None:
    search = person.workspace.search_view
    network.cut()
    person.type(search.filters.identifier, OTHER)
    person.click(search.search_button)
    person.until(lambda: troubles_of(person), "an error")
    network.mend()
    person.until(lambda: not troubles_of(person), "the second try")
    person.until(lambda: search.count.text() == "No component found", "an answer")


def test_a_network_that_flaps_leaves_all_as_it_is(person: Person, network: Network) -> None:
    component = person.scan(PIXEL)
    read_all(person)
    for _ in range(3):
        network.put({**API, "do": "reset", "times": 7}, {**API, "do": "reset", "skip": 4, "times": 5})
        component.reload()
        person.until(lambda: light_of(person) != "On line" or "age" not in component.strip.age.text())
    network.mend()
    person.until(lambda: light_of(person) == "On line", "the network")
    person.until(lambda: not component.age_line.text and not troubles_of(person), "all to be of now")
    assert len(component.tests.table.runs) > 0


def test_a_log_in_page_is_told_as_what_it_is(person: Person, network: Network) -> None:
    component = person.scan(PIXEL)
    read_all(person)
    person.workspace.open.close(component)
    network.put({**API, "do": "html"})
    component = person.scan(PIXEL)
    person.until(lambda: light_of(person) == "Log-in page", "the light")
    assert "off line" in component.age_line.text
    network.mend()
    person.click(component.age_line.try_button)
    person.until(lambda: light_of(person) == "On line", "the log-in")
    person.until(lambda: not component.age_line.text, "the page to be loaded again")


def test_nobody_is_asked_while_all_is_well_and_at_once_after_a_sleep(
    person: Person, network: Network
) -> None:
    watch = person.workspace.light._watch
    person.until(lambda: not watch._look_timer.isActive(), "nothing to wait for")
    ahead = [0.0]
    real = watch.state
    watch.state = ConnectionState(person.program.preferences.settings, wall=lambda: real.answered + ahead[0])
    watch.state.listener = real.listener
    network.asked()
    watch._on_sleep_check()
    person.settle()
    assert network.asked() == 0
    ahead[0] = 3600.0
    watch._on_sleep_check()
    person.until(lambda: not watch.is_looking, "the look")
    assert network.asked() == 1


def test_answers_stay_for_the_next_sign_in_and_go_at_sign_out(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person], tmp_path: Path
) -> None:
    server = start_sandbox("--components", "100")
    person = start_program(settings_for(server))
    person.sign_in()
    person.scan(PIXEL)
    person.workspace.show_list(FIRST)
    tray = person.workspace.list_place.view
    person.until(lambda: tray.count.text() == "1 found", "the tray")
    person.click(tray.fetch_button)
    person.until(lambda: tray.fetching.close_button.isVisible(), "all to be here")
    answers = tmp_path / "data" / "cache" / "answers"
    person.end()
    (kept,) = answers.glob("*.sqlite")
    assert kept.stat().st_size > 10_000
    assert kept.stat().st_mode & 0o077 == 0
    person = start_program(settings_for(server))
    person.sign_in()
    person.workspace.go_to(person.workspace.list_place)
    tray = person.workspace.list_place.view
    person.until(lambda: [row.ahead_text[:5] for row in tray.table.records] == ["ready"], "what is here")
    server.stop()
    component = open_one(person, PIXEL)
    person.until(lambda: "off line" in component.age_line.text, "its age")
    person.workspace.sign_out_requested.emit()
    person.until(lambda: person.window.workspace is None and not list(answers.glob("*")), "all to be gone")


def test_a_tray_that_was_fetched_ahead_is_read_off_line(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    server = start_sandbox("--components", "100")
    network = Network(server)
    person = start_program(settings_for(server))
    person.sign_in()
    person.workspace.show_list(f"{FIRST}\n{SECOND}")
    tray = person.workspace.list_place.view
    person.until(lambda: tray.count.text() == "2 found", "the tray")
    person.click(tray.fetch_button)
    person.until(lambda: tray.fetching.close_button.isVisible(), "all to be here")
    assert tray.fetching.text.text().startswith("2 of 2 can be read off line, with ")
    assert all(row.ahead_text.startswith("ready ") for row in tray.table.records)
    network.cut()
    for serial in (FIRST, SECOND):
        component = open_one(person, serial)
        person.until(lambda shown=component: "off line" in shown.age_line.text, "its age")  # type: ignore[misc]
        read_all(person)
        assert troubles_of(person) == []
        assert component.tests.runs
    person.look_at_where(lambda attachment: attachment.display_name.endswith(".jpg"))
    content = person.component.attachments.preview.content
    person.until(lambda: content.shown_kind, "the file")
    assert not content.trouble.isVisible()
    person.workspace.go_to(person.workspace.list_place)
    tray.show_list(OTHER)
    person.until(lambda: "1 not reached" in tray.count.text(), "what is not here")
    network.mend()
    person.until(
        lambda: "1 unknown" in tray.count.text() or "3 found" in tray.count.text(), "it to be asked again"
    )
    context = person.program.context
    assert context is not None
    context.database.add_comment(context.database.component(SECOND).component, "seen since")

    def told() -> dict[str, str]:
        return {row.label: row.ahead_text.partition(" ")[0] for row in tray.table.records}

    person.until(lambda: told()[SECOND] == "Changed", "what is no longer kept to be taken back")
    assert told()[FIRST] == "ready"
    assert tray.fetching.text.text().startswith("1 of 2 can be read off line, with ")
    assert tray.fetching.text.text().endswith(f"Changed since, so to be fetched again: {SECOND}.")


def test_uploads_wait_and_go_on_as_soon_as_the_network_is_back(
    person: Person, network: Network, tmp_path: Path
) -> None:
    component = person.scan(PIXEL)
    context = person.program.context
    assert context is not None
    context.uploads.timing.first_pause = 3600.0  # by itself the queue would wait for an hour
    note = tmp_path / "note from off line.txt"
    note.write_text("seen and found well")
    network.cut()
    person.drop(component, [note])
    person.until(person.sheet.send_button.isEnabled, "the review")
    person.click(person.sheet.send_button)
    person.until(lambda: person.uploads and person.uploads[-1].trouble is not None, "a try in vain")
    person.until(lambda: light_of(person) == "No answer", "the light")
    network.mend()
    person.until(lambda: person.uploads[-1].state is UploadState.DONE, "the file to be there")
