"""The timeline: everything that happened, by kind and text, and the way to what an event speaks of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from itkgui.records.attachment import Attachment
from itkgui.records.shipment import Shipment
from itkgui.records.timeline import EventKind
from itkgui.views.components.component_view import ATTACHMENTS, COMMENTS, HISTORY, TESTS, ComponentView
from itkgui.views.components.timeline_view import TimelineView
from tests.end2end.plain_server import PlainServer
from tests.gui.odd_component import MARKUP, show_record
from tests.gui.person import Person, words
from tests.gui.test_export_button import choose, opened, save_as
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
SHIPPED = "20UPGPQ4200004"
OWN = "a" * 32


def open_timeline(person: Person, label: str = PIXEL) -> ComponentView:
    component = person.scan(label)
    person.show_tab(HISTORY)
    person.until(component.timeline.view.isVisible, "the history")
    return component


def test_nothing_is_asked_before_somebody_looks(person: Person) -> None:
    component = person.scan(PIXEL)
    assert not component.timeline.pane.is_loading
    assert component.timeline.table.rowCount() == 0


def test_everything_is_there_newest_first(person: Person, sandbox: SandboxProcess) -> None:
    component = open_timeline(person)
    events = component.timeline.table.records
    with PlainServer(sandbox) as server:
        raw, runs = server.component(PIXEL), server.runs(PIXEL)
    moments = [event.moment for event in events if event.moment is not None]
    assert moments == sorted(moments, reverse=True)
    kinds = [event.kind for event in events]
    assert kinds.count(EventKind.TEST_RUN) == len(runs)
    assert kinds.count(EventKind.STAGE) == len(raw["stages"])
    files = len(raw["attachments"] or ()) + sum(len(run["attachments"] or ()) for run in runs)
    assert kinds.count(EventKind.ATTACHMENT) >= files
    assert component.timeline.summary.text().startswith(f"{len(events)} events")


def test_kind_and_text_narrow_it(person: Person) -> None:
    component = open_timeline(person)
    timeline = component.timeline
    everything = timeline.table.rowCount()
    entries = [timeline.kind.itemText(place) for place in range(timeline.kind.count())]
    assert entries[0] == f"everything ({everything})"
    place = next(place for place, text in enumerate(entries) if text.startswith("test run"))
    timeline.kind.setFocus()
    for _ in range(place):
        person.press(Qt.Key.Key_Down, timeline.kind)
    assert {event.kind for event in timeline.table.records} == {EventKind.TEST_RUN}
    runs = timeline.table.rowCount()
    person.type(timeline.text_filter, "flatness")
    person.until(lambda: 0 < timeline.table.rowCount() < runs, "the filter")
    assert timeline.summary.text().startswith(f"{timeline.table.rowCount()} of {everything} events")


def test_columns_are_as_they_were_left_also_where_there_is_no_room(person: Person) -> None:
    component = open_timeline(person)
    layout = component.timeline.view.layout_of_columns
    layout.move(1, -1)
    layout.widen(0, 5)
    width = component.timeline.view.columnWidth(0)
    component.timeline.resize(500, 400)
    assert layout.shown == [1, 0, 2]
    layout.widen(1, 3)  # which is kept, and not that one column had no room
    component.timeline.resize(1400, 400)
    assert layout.shown == [1, 0, 2, 3]
    again = TimelineView(component._context)
    person.qtbot.addWidget(again)
    assert again.view.layout_of_columns.shown == [1, 0, 2, 3]
    assert again.view.columnWidth(0) == width


def test_column_that_somebody_hid_does_not_come_back_by_itself(person: Person) -> None:
    component = open_timeline(person)
    layout = component.timeline.view.layout_of_columns
    layout.show_column(3, False)
    for width in (500, 1400):
        component.timeline.resize(width, 400)
        assert layout.shown == [0, 1, 2]


def test_run_opens(person: Person) -> None:
    component = open_timeline(person)
    event = person.choose(component.timeline.view, lambda event: event.kind is EventKind.TEST_RUN)
    person.press(Qt.Key.Key_Return, component.timeline.view)
    person.until(lambda: component.tabs.currentIndex() == TESTS, "the tests")
    assert component.tests.view.chosen.run.id == event.subject.id


def test_attachment_opens(person: Person) -> None:
    component = open_timeline(person)
    event = person.choose(component.timeline.view, lambda event: isinstance(event.subject, Attachment))
    person.press(Qt.Key.Key_Return, component.timeline.view)
    person.until(lambda: component.tabs.currentIndex() == ATTACHMENTS, "the attachments")
    assert component.attachments.view.chosen.code == event.subject.code


def test_comment_opens(person: Person) -> None:
    component = open_timeline(person)
    person.choose(
        component.timeline.view, lambda e: e.kind is EventKind.COMMENT and e.subject is component.component
    )
    person.press(Qt.Key.Key_Return, component.timeline.view)
    person.until(lambda: component.tabs.currentIndex() == COMMENTS, "the comments")


def test_shipment_opens(person: Person) -> None:
    component = open_timeline(person, SHIPPED)
    shipped = [e for e in component.timeline.table.records if isinstance(e.subject, Shipment)]
    assert shipped
    subject = shipped[0].subject
    assert isinstance(subject, Shipment)
    person.choose(component.timeline.view, lambda event: event is shipped[0])
    person.press(Qt.Key.Key_Return, component.timeline.view)
    person.until(
        lambda: (
            person.workspace.current_shipment is not None
            and person.workspace.current_shipment.label == subject.label
        ),
        "the shipment",
    )


def test_event_without_anything_behind_it_says_so(person: Person) -> None:
    component = open_timeline(person)
    person.choose(component.timeline.view, lambda event: event.kind is EventKind.STAGE)
    person.press(Qt.Key.Key_Return, component.timeline.view)
    person.until(lambda: person.verdict.startswith("There is nothing more to open"), "the verdict")


def test_f5_keeps_place_and_choice(person: Person) -> None:
    component = open_timeline(person)
    view = component.timeline.view
    chosen = person.choose(view, lambda event: event is component.timeline.table.records[-1])
    place, before = view.verticalScrollBar().value(), component.timeline.table.records
    assert place > 0
    person.press(Qt.Key.Key_F5, component)
    person.until(lambda: component.timeline.table.records is not before, "the new rows")
    assert view.verticalScrollBar().value() == place
    assert view.chosen.text == chosen.text


def test_what_cannot_be_loaded_is_told_and_tried_again(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    with PlainServer(sandbox) as server:
        # Every time: the files ask for the shipments too, and may do so just now.
        server.fail({"match": "* /listShipmentsByComponent", "do": "status", "status": 403, "times": None})
        person.show_tab(HISTORY)
        pane = component.timeline.pane
        person.until(pane.trouble.isVisible, "the trouble")
        server.fail()
    assert pane.empty.sentence == "The history could not be loaded."
    assert words(pane.trouble)
    person.click(pane.trouble._retry)
    person.until(component.timeline.view.isVisible, "the history")
    assert not pane.trouble.isVisible()


def test_waiting_is_told_and_can_be_stopped(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan(PIXEL)
    pane = component.timeline.pane
    with PlainServer(sandbox) as server:
        server.fail({"match": "* /listShipmentsByComponent", "do": "stall", "times": None})
        person.show_tab(HISTORY)
        person.until(lambda: pane.empty.sentence == "Loading the history…", "the word")
        person.press(Qt.Key.Key_Escape, person.workspace)
        person.until(lambda: pane.empty.sentence == "Loading the history was stopped.", "the stop")
        server.fail()
    person.press(Qt.Key.Key_F5, component)
    person.until(component.timeline.view.isVisible, "the history")


@pytest.mark.parametrize("stages", [None, "x", [None, {"code": None, "dateTime": "yesterday"}]])
def test_odd_history_is_shown_or_explained(person: Person, stages: object) -> None:
    odd = show_record(
        person, code=OWN, stages=stages, comments=[{"comment": MARKUP, "dateTime": "2024-01-01T00:00:00Z"}]
    )
    person.show_tab(HISTORY)
    pane = odd.timeline.pane
    person.until(lambda: pane.trouble.isVisible() or pane.has_content, "an answer")


def test_what_is_shown_of_it_is_exported(person: Person, tmp_path: Path) -> None:
    timeline = open_timeline(person).timeline
    person.type(timeline.text_filter, "module")
    assert 0 < timeline.table.rowCount() < len(timeline.table.records)
    target = tmp_path / "history.json"
    choose(opened(person, timeline.export_button), "JSON file…")
    save_as(person, timeline.export_button, target)
    person.until(target.exists, "the file")
    rows = json.loads(target.read_text("utf-8"))["rows"]
    assert [row["What happened"] for row in rows] == [event.text for event in timeline.table.shown]
