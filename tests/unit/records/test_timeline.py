"""One line of everything that happened, whoever tells of it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from itkgui.records.attachment import Attachment
from itkgui.records.attachment_list import attachments_around
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.people import Institution
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun
from itkgui.records.timeline import Event, EventKind, timeline_of

ALEX = {"userIdentity": "1", "firstName": "Alex", "lastName": "Example"}


def day(number: int) -> str:
    return f"2023-01-{number:02}T00:00:00.000Z"


COMPONENT = Component.from_json(
    {
        "code": "c0de",
        "serialNumber": "20UPGM22110394",
        "cts": day(1),
        "user": ALEX,
        "stages": [
            {"code": "A", "name": "Assembly", "dateTime": "2023-01-02T01:00:00+01:00", "userIdentity": "1"},
            {"code": "A", "dateTime": day(12), "rework": True, "comment": "glue", "userIdentity": "2"},
        ],
        "locations": [{"institution": "i1", "dateTime": day(3)}, {"institution": "i9", "dateTime": day(4)}],
        "children": [
            {
                "order": 0,
                "timestamp": day(5),
                "identity": "1",
                "componentType": {"code": "CHIP", "name": "Chip"},
                "component": {"code": "chip"},
            },
            {"order": 1, "timestamp": day(5), "component": None},
        ],
        "attachments": [
            {"code": "a", "filename": "x.jpg", "dateTime": day(7), "user": ALEX, "type": "file"},
        ],
        "comments": [{"code": "k", "comment": "scratch", "dateTime": day(8), "userIdentity": "1"}],
        "grades": [{"grade": "B", "dateTime": day(9), "userIdentity": "1"}],
        "trashed": False,
        "trashedTs": day(10),
        "trashedUserIdentity": "1",
        "trashedReason": "no",
        "properties": [{"code": "P", "name": "Orientation", "value": True, "dateTime": day(11)}],
        "tests": [{"code": "IV", "name": "IV", "testRuns": [{"id": "r", "runNumber": "1", "date": day(6)}]}],
    }
)


def run(**fields: Any) -> TestRun:
    return TestRun.from_json(
        {"id": "r", "testType": {"code": "IV"}, "runNumber": "1", "date": day(6), "passed": True, **fields}
    )


SHIPMENT = Shipment.from_json(
    {
        "id": "s",
        "name": "Ten",
        "sender": {"code": "X"},
        "recipient": {"code": "Y"},
        "history": [{"code": "prepared", "dateTime": day(20), "user": ALEX}, {"code": "inTransit"}],
        "attachments": [{"code": "b", "filename": "box.jpg", "dateTime": day(21)}],
        "comments": [{"comment": "wet", "dateTime": day(22)}],
    }
)


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [event.kind.value for event in events]


def test_all_that_the_component_tells_is_in_order() -> None:
    found = timeline_of(COMPONENT, institutions=[Institution("UCSC", "Santa Cruz", id="i1")])
    assert kinds(found) == [
        "registered", "stage", "location", "location", "assembly", "test run", "attachment", "comment",
        "grade", "mark", "property", "stage",
    ]  # fmt: skip
    assert [event.text for event in found] == [
        "Registered",
        "Came to stage Assembly",
        "Arrived at Santa Cruz",
        "Arrived at i9",
        "Chip chip put in",
        "IV, run 1: failed",
        "x.jpg attached to 20UPGM22110394",
        "On 20UPGM22110394: scratch",
        "Graded B",
        "No longer trashed: no",
        "Orientation set to True",
        "Back to stage A: glue",
    ]
    assert found[1].moment == datetime(2023, 1, 2, tzinfo=timezone.utc)


def test_people_known_by_identity_get_the_name_that_stands_elsewhere() -> None:
    found = timeline_of(COMPONENT)
    assert found[1].actor.name == "Alex Example"
    assert found[-1].actor.name == "2"  # nobody tells who that is


def test_events_lead_to_what_can_be_opened() -> None:
    found = {event.kind: event.subject for event in timeline_of(COMPONENT, [run()], [SHIPMENT])}
    assert isinstance(found[EventKind.ASSEMBLY], ComponentSummary)
    assert isinstance(found[EventKind.TEST_RUN], TestRun)
    assert isinstance(found[EventKind.ATTACHMENT], Attachment)
    assert isinstance(found[EventKind.SHIPMENT], Shipment)
    assert found[EventKind.STAGE] is None


def test_problems_of_a_run_are_told() -> None:
    texts = [event.text for event in timeline_of(COMPONENT, [run(problems=True)])]
    assert "IV, run 1: passed, problems" in texts


def test_runs_and_shipments_bring_what_is_on_them() -> None:
    whole = run(
        attachments=[{"code": "c", "filename": "iv.csv", "dateTime": day(7)}],
        comments=[{"comment": "noisy", "dateTime": day(8)}],
    )
    texts = [event.text for event in timeline_of(COMPONENT, [whole], [SHIPMENT])]
    assert "iv.csv attached to IV, run 1" in texts
    assert "On IV, run 1: noisy" in texts
    assert texts.count("IV, run 1: passed") == 1  # the summary is not told beside the run
    assert texts[-4:-1] == [
        "Shipment Ten, X to Y: prepared",
        "box.jpg attached to shipment Ten",
        "On shipment Ten: wet",
    ]
    assert texts[-1] == "Shipment Ten, X to Y: inTransit"  # has no moment


def test_nothing_at_all() -> None:
    (only,) = timeline_of(Component.from_json({}), (), [Shipment.from_json({})])[:1]
    assert only.moment is None


def test_one_list_of_attachments_newest_first() -> None:
    whole = run(attachments=[{"code": "c", "dateTime": day(30)}, {"code": "undated"}])
    gone = run(attachments=[{"code": "d", "dateTime": day(29)}], state="deleted")
    found = attachments_around(COMPONENT, [whole, gone], [SHIPMENT])
    assert [attachment.code for attachment in found] == ["c", "b", "a", "undated"]
    assert [attachment.owner.label for attachment in found[:3]] == ["IV, run 1", "Ten", "20UPGM22110394"]
