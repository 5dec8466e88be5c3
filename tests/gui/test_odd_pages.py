"""Every tab of a component with what no server should send: it shows what it can, and says what it cannot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from itkgui.views.components.component_view import ATTACHMENTS, FAMILY, HISTORY, TESTS, ComponentView
from tests.gui.odd_component import MARKUP
from tests.gui.person import Person
from tests.gui.shipping import OddServer, listed
from tests.unit.client.conftest import Wire

CODE = "e" * 32
MEGABYTE = "word " * 200_000
Start = Callable[..., Person]

_TEXTS = ("id", "serialNumber", "alternativeIdentifier", "state", "currentGrade")
_REFERENCES = (
    "project",
    "subproject",
    "institution",
    "currentLocation",
    "componentType",
    "type",
    "currentStage",
)
_LISTS = (
    "properties",
    "children",
    "parents",
    "stages",
    "locations",
    "comments",
    "attachments",
    "batches",
    "flags",
)
_MORE = ("grades", "tests", "user", "sys", "cts", "shipmentDestination", "inTransit", "dummy", "completedTs")
_RUN = (
    *("state", "testType", "stage", "institution", "user", "runNumber", "passed", "problems", "date", "cts"),
    *("properties", "results", "defects", "comments", "attachments", "components", "sys"),
)


@pytest.fixture
def wire() -> Iterator[Wire]:
    found = Wire()
    yield found
    found.close()


def open_odd(
    start_program: Start, wire: Wire, raw: dict[str, Any], *runs: Any, shipments: tuple[Any, ...] = ()
) -> tuple[Person, ComponentView]:
    """Scan a component that the server tells as given, its test runs being so, too."""
    server = OddServer(
        wire,
        getComponent=lambda _: {"code": CODE, **raw},
        getTestRunBulk=lambda _: {"itemList": list(runs)},
        listShipmentsByComponent=lambda _: listed(*shipments),
        getShipment=lambda _: shipments[0] if shipments else {},
        getComponentBulk=lambda body: {"itemList": [{"code": code} for code in body["component"]]},
        getComponentTypeByCode=lambda _: {},
    )
    person = start_program(server.settings)
    person.sign_in()
    person.type_label(CODE)
    person.until(lambda: person.workspace.current_component is not None, "the component")
    view = person.component
    person.until(lambda: view.is_complete and not view._runs_task.is_running, "its test runs")
    return person, view


def walk(person: Person, view: ComponentView) -> None:
    """Look at every tab until it is loaded, each painted; nothing may have gone wrong by then."""
    for tab in range(view.tabs.count()):
        view.show_tab(tab)
        person.until(lambda: not is_loading(view), f"tab {tab}")
        person.settle()
        assert not view.grab().isNull()
        assert view.tabs.currentIndex() == tab
    troubles = (view.overview.due_pane, view.family.pane, view.timeline.pane, view.shipments.list.pane)
    assert not any(pane.trouble.title for pane in troubles)


def is_loading(view: ComponentView) -> bool:
    panes = (
        view.overview.due_pane,
        view.family,
        view.family.pane,
        view.timeline.pane,
        view.shipments.list.pane,
    )
    return any(pane.is_loading for pane in panes)


def run_of(**fields: Any) -> dict[str, Any]:
    return {"id": "5dde2b5d79bc5c000a61d5b4", "state": "ready", **fields}


def summaries_of(*ids: str) -> list[dict[str, Any]]:
    return [{"code": "IV", "testRuns": [{"id": run_id, "state": "ready"} for run_id in ids]}]


def test_nothing_but_null(start_program: Start, wire: Wire) -> None:
    keys = (*_TEXTS, *_REFERENCES, *_LISTS, *_MORE)
    run = dict.fromkeys(_RUN)
    raw = {**dict.fromkeys(keys), "tests": summaries_of("r1")}
    person, view = open_odd(start_program, wire, raw, {"id": "r1", **run}, shipments=({}, {"id": None}))
    walk(person, view)
    assert view.strip.serial.text() == CODE
    assert view.strip.stage.text() == "no stage"
    assert "no serial number" in view.strip.place.text()
    assert len(view.tests.runs) == 1


def test_entries_of_nothing_but_null(start_program: Start, wire: Wire) -> None:
    entry = dict.fromkeys(
        ("id", "code", "name", "value", "component", "componentType", "type", "dateTime", "user", "comment")
    )
    raw = {key: [None, {}, entry] for key in _LISTS} | {"grades": [entry], "tests": [None, {}, entry]}
    person, view = open_odd(start_program, wire, raw)
    walk(person, view)
    facts = {fact.name: fact.text for fact in view.overview.facts.view.table.records}
    assert "children[0]" in facts["Not understood"]


@pytest.mark.parametrize("junk", ["text", 7, True, [1, [2]], {"code": {"a": 1}, "value": []}], ids=repr)
def test_another_type_than_was_due(start_program: Start, wire: Wire, junk: Any) -> None:
    raw = {key: junk for key in (*_TEXTS, *_REFERENCES, *_LISTS, *_MORE) if key != "tests"}
    run = run_of(**{key: junk for key in _RUN if key != "state"})
    raw["tests"] = summaries_of(run["id"])
    person, view = open_odd(start_program, wire, raw, run, shipments=({"id": junk, "status": junk},))
    walk(person, view)
    assert view.overview.facts.view.table.records


def test_unknown_kinds_of_value_are_shown(start_program: Start, wire: Wire) -> None:
    values = (1.5, "n/a", None, [1, None, "x"], [[1], [2, 3, 4]], {"a": {"b": [float("1e308")]}}, True, "")
    results = [
        {"code": f"R{n}", "name": f"R{n} [µm]", "dataType": "quaternion", "valueType": "cube", "value": value}
        for n, value in enumerate(values)
    ]
    run = run_of(testType={"code": "IV", "name": "IV"}, results=results, properties=results)
    person, view = open_odd(start_program, wire, {"tests": summaries_of(run["id"])}, run)
    walk(person, view)
    view.show_run(run["id"])
    person.until(lambda: view.tests.detail.run is not None, "the run")
    assert view.tests.detail.run is not None
    assert len(view.tests.detail.run.results) == len(values)


def test_hostile_and_endless_texts_stay_plain(start_program: Start, wire: Wire) -> None:
    text = f"{MARKUP}\n{MEGABYTE}"
    named = {"code": "X", "name": MARKUP}
    entry: dict[str, Any] = {
        **named,
        "value": text,
        "dateTime": "2024-01-01T00:00:00Z",
        "comment": text,
        "title": text,
    }
    entry |= {
        "filename": f"{MARKUP}.txt",
        "description": text,
        "number": MARKUP,
        "grade": MARKUP,
        "user": {"firstName": MARKUP},
    }
    raw: dict[str, Any] = dict.fromkeys(_REFERENCES, named) | {key: [entry] for key in _LISTS}
    raw |= {
        "serialNumber": MARKUP,
        "alternativeIdentifier": text,
        "grades": [entry],
        "user": {"firstName": text},
    }
    raw["children"] = [
        {"id": "s", "componentType": named, "component": {"code": "c" * 32, "serialNumber": MARKUP}}
    ]
    raw["parents"] = raw["children"]
    results = [{"code": "R", "name": MARKUP, "value": text}]
    run = run_of(
        testType=named,
        stage=named,
        institution=named,
        runNumber=MARKUP,
        results=results,
        comments=[entry],
        defects=[entry],
    )
    raw["tests"] = summaries_of(run["id"])
    begin = time.thread_time()
    shipment = {
        "id": "s1",
        "name": MARKUP,
        "status": MARKUP,
        "comments": [entry],
        "history": [{"code": MARKUP}],
    }
    person, view = open_odd(start_program, wire, raw, run, shipments=(shipment,))
    walk(person, view)
    assert time.thread_time() - begin < 30, "laying out what nobody can read takes for ever"
    labels = [label for label in view.findChildren(QLabel) if "big" in label.text()]
    assert len(labels) >= 4
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert not any("\u202e" in label.text() for label in labels)
    for shown in (view.tests.view, view.attachments.view, view.timeline.view, view.overview.properties.view):
        model = shown.model()
        texts = [model.index(row, column).data() for row in range(model.rowCount()) for column in range(2)]
        assert not any("\u202e" in (text or "") for text in texts)


@pytest.mark.parametrize(
    "moment",
    [
        *(
            "2023-08-30T15:59:00.000Z",
            "2019-11-27T08:50:50+01:00",
            "2023-08-30",
            "26.11.2019 00:00",
            "26.11.2019",
        ),
        *(
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999Z",
            "yesterday",
            "",
            1693410000,
            "2023-02-30T00:00:00Z",
        ),
    ],
    ids=str,
)
def test_dates_in_every_format(start_program: Start, wire: Wire, moment: Any) -> None:
    entry = {"code": "X", "name": "Ex", "dateTime": moment, "comment": "said", "filename": "a.txt"}
    raw = {
        "cts": moment,
        "currentLocationTs": moment,
        "stages": [entry],
        "comments": [entry],
        "attachments": [entry],
    }
    run = run_of(date=moment, cts=moment, testType={"code": "IV", "name": "IV"})
    person, view = open_odd(start_program, wire, {**raw, "tests": summaries_of(run["id"])}, run)
    walk(person, view)
    assert view.tests.view.model().rowCount() >= 1
    assert view.attachments.table.rowCount() == 1
    assert len(view.timeline.table.records) >= 4


def test_ten_thousand_of_everything(start_program: Start, wire: Wire) -> None:
    many = range(10_000)
    raw = {
        "componentType": {"code": "STAVE"},
        "children": [
            {"id": f"s{n}", "order": n, "componentType": {"code": "C"}, "component": None} for n in many
        ],
        "attachments": [{"code": f"a{n}", "title": f"file {n}", "type": "file"} for n in many],
        "comments": [{"code": f"c{n}", "comment": f"comment {n}"} for n in many],
        "properties": [{"code": f"p{n}", "name": f"P {n}", "value": n} for n in many],
        "tests": summaries_of("r1"),
    }
    begin = time.thread_time()
    person, view = open_odd(start_program, wire, raw, run_of(id="r1"))
    walk(person, view)
    assert time.thread_time() - begin < 30
    assert view.tabs.tabText(ATTACHMENTS) == "Attachments (10000)"
    assert view.tabs.tabText(TESTS) == "Tests (1)"
    (finding,) = [f for f in view.overview.findings.view.table.records if "empty" in f.text]
    assert finding.text == "10,000 of 10,000 slots empty: C (10,000)."
    view.show_tab(FAMILY)
    person.until(view.family.view.isVisible, "the family")
    view.show_tab(HISTORY)
    assert len(view.timeline.table.records) > 20_000
