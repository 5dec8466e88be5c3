"""The overview: what is due, with the run that tells; what to look at; properties; what else is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from itkgui.records.due_tests import DueStatus
from itkgui.views.components.component_view import FAMILY, SHIPMENTS, TESTS, ComponentView
from itkgui.views.widgets.trouble_pane import TroublePane
from itkgui.views.widgets.whole_label import WholeLabel
from tests.conftest import settings_for
from tests.end2end.plain_server import PlainServer
from tests.gui.odd_component import MARKUP, show_record
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.program("used")

PIXEL = "20UPGM23800001"
STRIP = "20USBML0000001"
FOAM = "20UCMCF0000001"


def open_with_due(person: Person, label: str) -> ComponentView:
    component = person.scan(label)
    person.until(lambda: component.overview.due.isVisible(), "what is due")
    return component


def test_due_tests_are_those_of_the_stage(person: Person, sandbox: SandboxProcess) -> None:
    component = open_with_due(person, PIXEL)
    with PlainServer(sandbox) as server:
        raw = server.component(PIXEL)
        asked = raw["currentStage"]["testTypes"]
        runs = [run for run in server.runs(PIXEL) if run["state"] == "ready"]
    due = component.overview.due.table.records
    assert len(due) == len(asked)
    for test in due:
        here = [
            run
            for run in runs
            if run["testType"]["code"] == test.test_type.code
            and (run["components"][0].get("testedAtStage") or {}).get("code") == raw["currentStage"]["code"]
        ]
        if test.status in (DueStatus.PASSED, DueStatus.FAILED):
            assert here
        else:
            assert not here
    assert {test.status for test in due} >= {DueStatus.PASSED, DueStatus.MISSING}
    heading = component.overview.due_card.heading.text()
    assert heading.startswith("Due at this stage: ")
    assert "1 missing" in heading


def test_standing_is_an_icon_a_word_and_a_colour(person: Person) -> None:
    component = open_with_due(person, PIXEL)
    column = component.overview.due.table.columns[1]
    looks = {
        (
            column.text(test),
            column.icon(test) if column.icon else "",
            column.tone(test) if column.tone else "",
        )
        for test in component.overview.due.table.records
    }
    assert looks - {("passed, problems", "warning", "caution")} == {
        ("passed", "passed", "good"),
        ("missing", "clock", "caution"),
    }


def test_enter_shows_the_run_that_tells(person: Person) -> None:
    component = open_with_due(person, PIXEL)
    view = component.overview.due
    component.tests.bar.text.setText("nothing has this in it")
    test = person.choose(view, lambda due: due.test_type.label == "Flatness")
    person.press(Qt.Key.Key_Return, view)
    person.until(lambda: component.tabs.currentIndex() == TESTS, "the tests")
    assert component.tests.view.chosen.run.id == test.run.id
    assert component.tests.view.hasFocus()


def test_missing_test_has_nothing_to_show(person: Person) -> None:
    component = open_with_due(person, PIXEL)
    person.choose(component.overview.due, lambda due: due.status is DueStatus.MISSING)
    person.press(Qt.Key.Key_Return, component.overview.due)
    person.until(lambda: person.verdict.startswith("No run of "), "the verdict")
    assert component.tabs.currentIndex() != TESTS


def test_stage_that_asks_for_nothing_says_so(person: Person) -> None:
    component = person.scan(FOAM)
    person.until(lambda: component.overview.due_pane.empty.sentence == "Nothing is due.", "the sentence")


def test_property_without_definition_is_told(person: Person) -> None:
    component = person.scan(FOAM)
    table = component.overview.properties.view.table
    texts = [table.index(row, 0).data() for row in range(table.rowCount())]
    assert "OLD_LOCATION_CODE (defined no more)" in texts
    assert sum("defined no more" in text for text in texts) == 1


def test_facts_tell_who_registered_it(person: Person, sandbox: SandboxProcess) -> None:
    component = person.scan("20USBML0000001")
    with PlainServer(sandbox) as server:
        raw = server.component("20USBML0000001")
    table = component.overview.facts.view.table
    facts = {fact.name: fact.text for fact in table.records}
    assert raw["user"]["lastName"] in facts["Registered"]
    assert raw["batches"][0]["number"] in facts["Batch"]
    assert facts["Alternative identifier"] == raw["alternativeIdentifier"]


def test_part_at_another_stage_is_shown_and_opens(
    start_sandbox: Callable[..., SandboxProcess], start_program: Callable[..., Person]
) -> None:
    """Its bare module is set back by another program, to a stage before that of the module."""
    own = start_sandbox("--components", "300")
    with PlainServer(own) as server:
        raw = server.component(PIXEL)
        bare = next(s["component"] for s in raw["children"] if s["componentType"]["code"] == "BARE_MODULE")
        part = server.component(bare["code"])
        stages = [step["code"] for step in part["stages"]]
        other = next(code for code in reversed(stages) if code != raw["currentStage"]["code"])
        server.ask("POST", "setComponentStage", {"component": part["code"], "stage": other, "rework": True})
    person = start_program(settings_for(own))
    person.sign_in()
    component = person.scan(PIXEL)
    findings = component.overview.findings
    found = person.choose(findings.view, lambda found: "another stage" in found.text)
    assert findings.heading.text().endswith(": 1 to check")
    assert found.cure in findings.cure.text()
    assert found.subject.stage.code == other
    person.press(Qt.Key.Key_Return, findings.view)
    person.until(
        lambda: (
            person.workspace.current_component is not None
            and person.component.component.code == found.subject.code
        ),
        "the part",
    )


def test_what_fits_together_says_so(person: Person) -> None:
    component = open_with_due(person, PIXEL)
    findings = component.overview.findings
    assert findings.empty.isVisible()
    assert findings.empty.sentence == "Parts, test runs, shipments and files fit together."


def test_finding_opens_what_it_is_about(person: Person) -> None:
    component = open_with_due(person, STRIP)
    found = person.choose(component.overview.findings.view, lambda found: "names 5 defects" in found.text)
    person.press(Qt.Key.Key_Return, component.overview.findings.view)
    person.until(lambda: component.tabs.currentIndex() == TESTS, "the tests")
    assert component.tests.view.chosen.run.id == found.subject.id


def test_finding_leads_to_the_tab_where_the_slots_are(person: Person) -> None:
    slots = [{"id": str(number), "componentType": {"code": "MODULE"}} for number in range(3)]
    view = show_record(person, code="e" * 32, componentType={"code": "STAVE"}, children=slots)
    found = person.choose(view.overview.findings.view, lambda found: "empty" in found.text)
    assert found.text == "3 of 3 slots empty: MODULE (3)."
    person.press(Qt.Key.Key_Return, view.overview.findings.view)
    person.until(lambda: view.tabs.currentIndex() == FAMILY, "the family")


def test_finding_without_anything_to_open_says_what_to_do(person: Person) -> None:
    view = show_record(person, code="e" * 32)
    person.choose(view.overview.findings.view, lambda found: found.text == "It has no stage.")
    person.press(Qt.Key.Key_Return, view.overview.findings.view)
    person.until(lambda: person.verdict.startswith("There is nothing to open. Set one"), "the verdict")


def test_shipments_that_nobody_may_see_hide_nothing(person: Person, sandbox: SandboxProcess) -> None:
    with PlainServer(sandbox) as server:
        server.fail({"match": "* /listShipmentsByComponent", "do": "status", "status": 403, "times": None})
        component = open_with_due(person, PIXEL)
        server.fail()
    person.choose(component.overview.findings.view, lambda found: "could not be looked at" in found.text)
    person.press(Qt.Key.Key_Return, component.overview.findings.view)
    person.until(lambda: component.tabs.currentIndex() == SHIPMENTS, "the shipments")


def test_what_could_not_be_loaded_is_not_called_right(person: Person, sandbox: SandboxProcess) -> None:
    with PlainServer(sandbox) as server:
        server.fail({"match": "* /listTestTypes", "do": "status", "status": 403, "times": None})
        component = person.scan(STRIP)
        person.until(component.overview.due_pane.trouble.isVisible, "the trouble")
        server.fail()
    assert component.overview.findings.empty.sentence == "Not looked at yet."
    for width in (1366, 1024):
        person.window.resize(width, 768)
        person.settle()
        person.until(
            lambda: not squeezed(component.overview.due_pane.trouble), "all of the trouble to be seen"
        )


def squeezed(trouble: TroublePane) -> list[QWidget]:
    """Return the words and buttons of an error that are lower than what they say."""
    parts: list[QWidget] = [*trouble.findChildren(WholeLabel), *trouble.findChildren(QPushButton)]
    return [part for part in parts if part.isVisible() and part.height() < part.minimumSizeHint().height()]


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768)])
def test_cards_have_room_for_their_rows(person: Person, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    component = open_with_due(person, PIXEL)
    overview = component.overview
    cards = (overview.due_card, overview.findings, overview.properties, overview.facts)
    for card in cards:
        assert card.height() >= 9 * card.fontMetrics().lineSpacing()
    if size[0] == 1366:
        assert not overview.verticalScrollBar().maximum()
        assert overview.properties.height() > overview.facts.height()


@pytest.mark.parametrize(("serial", "scrolling"), [(STRIP, 0), (PIXEL, 1)])
def test_no_row_is_cut_while_another_card_has_room(person: Person, serial: str, scrolling: int) -> None:
    person.window.resize(1366, 768)
    overview = open_with_due(person, serial).overview
    person.until(
        lambda: overview.findings.empty.sentence != "Not looked at yet." or overview.findings.view.chosen
    )
    person.settle()
    for pair in ((overview.due_card, overview.findings), (overview.properties, overview.facts)):
        lower, higher = sorted(pair, key=lambda card: card.wanted_height)
        assert lower.view.verticalScrollBar().maximum() == 0
        assert higher.view.verticalScrollBar().maximum() == 0 or higher.height() > lower.height()
    cards = (overview.due_card, overview.findings, overview.properties, overview.facts)
    assert sum(card.view.verticalScrollBar().maximum() > 0 for card in cards) == scrolling


@pytest.mark.parametrize(
    "odd",
    [
        {},
        dict.fromkeys(("properties", "children", "parents", "tests", "grades", "batches", "comments"), None),
        {"properties": [None, 3, {"code": None, "value": {"a": [1, None]}}], "batches": ["x"], "grades": 7},
        {"properties": [{"code": "P", "name": MARKUP, "value": MARKUP}], "user": {"firstName": MARKUP}},
    ],
)
def test_odd_components_are_shown(person: Person, odd: dict[str, Any]) -> None:
    view = show_record(person, code="e" * 32, **odd)
    person.until(lambda: view.overview.due_pane.empty.sentence == "No stage.", "the sentence")
    assert view.overview.facts.view.table.records


def test_unreadable_fields_are_told(person: Person) -> None:
    view = show_record(person, code="e" * 32, children="none", grades={"A": 1})
    facts = {fact.name: fact.text for fact in view.overview.facts.view.table.records}
    assert "children" in facts["Not understood"]
    assert "grades" in facts["Not understood"]
