"""What does not fit together is found, each by itself; what fits, or is not told, gives no finding."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from itkgui.records.component import Component
from itkgui.records.component_type import ComponentType
from itkgui.records.consistency import Known, findings_about
from itkgui.records.finding import Corner, Finding, Severity
from itkgui.records.run_history import TestRunSummary
from itkgui.records.shipment import Shipment
from itkgui.records.test_run import TestRun

NOW = datetime(2024, 6, 1, tzinfo=timezone.utc)
HERE, THERE = (
    {"id": f"p{n}", "code": code, "name": name} for n, code, name in ((1, "A", "Ay"), (2, "B", "Bee"))
)
WARM = {"code": "WARM", "name": "Warm"}
TYPES = {
    code: ComponentType.from_json(
        {"code": code, "name": code.title(), "stages": [{"code": s} for s in stages]}
    )
    for code, stages in (("MODULE", ("BARE", "WARM", "COLD")), ("CHIP", ("WAFER", "WARM")), ("PCB", ("QC",)))
}


def component(**fields: Any) -> Component:
    """Return a module that everything fits of, but for the fields given."""
    return Component.from_json(
        {
            "code": "m0",
            "serialNumber": "20UPGM00000001",
            "componentType": {"code": "MODULE", "name": "Module"},
            "currentStage": WARM,
            "currentLocation": HERE,
            "cts": "2024-01-01T00:00:00.000Z",
            "state": "ready",
        }
        | fields
    )


def part(code: str, **fields: Any) -> Component:
    kind = {"code": "CHIP", "name": "Chip"}
    ordinary = {"code": code, "componentType": kind, "currentStage": WARM, "currentLocation": HERE}
    return Component.from_json({**ordinary, "state": "ready", **fields})


def slot(code: str | None, kind: str = "CHIP") -> dict[str, Any]:
    return {"id": f"slot {code}", "componentType": {"code": kind}, "component": code and {"code": code}}


def run(run_id: str = "r1", **fields: Any) -> TestRunSummary:
    return TestRunSummary.from_json(
        {
            "id": run_id,
            "state": "ready",
            "testType": {"code": "IV", "name": "IV"},
            "stage": WARM,
            "runNumber": "1",
            "passed": True,
            "date": "2024-03-01T10:00:00.000Z",
        }
        | fields
    )


def whole_run(**fields: Any) -> TestRun:
    ordinary = {"id": "r1", "testType": {"code": "IV"}, "runNumber": "1", "passed": True}
    at = [{"testedAtStage": WARM}]
    return TestRun.from_json({**ordinary, "date": "2024-03-01T10:00:00.000Z", "components": at, **fields})


def shipment(status: str = "inTransit", to: dict[str, str] = THERE, **fields: Any) -> Shipment:
    return Shipment.from_json({"id": "s1", "name": "Box 7", "status": status, "recipient": to, **fields})


def found(what: Component, **known: Any) -> list[Finding]:
    return list(findings_about(Known(component=what, now=NOW, **{"types": TYPES, **known})))


def only(what: Component, **known: Any) -> Finding:
    (finding,) = found(what, **known)
    return finding


def test_what_fits_gives_no_finding() -> None:
    whole = component(
        children=[slot("c1"), slot("c2")],
        stages=[
            {"code": "BARE", "dateTime": "2024-01-02T00:00:00Z"},
            {**WARM, "dateTime": "2024-01-03T00:00:00Z"},
        ],
        locations=[
            {"institution": "p2", "dateTime": "2024-01-02T00:00:00Z"},
            {"institution": "p1", "dateTime": "2024-01-05T00:00:00Z"},
        ],
        properties=[
            {"code": "V", "required": True, "value": False},
            {"code": "W", "required": True, "value": 0},
        ],
        attachments=[{"code": "f", "type": "file", "filename": "a.txt"}],
        tests=[{"code": "IV", "testRuns": [{"id": "r1", "state": "ready"}]}],
    )
    above = [{"component": {"code": "m0"}}]
    parts = [part("c1", parents=above), part("c2", parents=None)]
    known = {"asked": [s.component for s in whole.children], "parts": parts}
    assert found(whole, runs=[run()], shipments=[shipment("delivered", HERE)], **known) == []


def test_nothing_told_gives_no_finding_but_that_there_is_no_stage() -> None:
    nothing = Component.from_json({})
    finding = only(
        nothing, runs=[TestRunSummary.from_json({})], parts=[nothing], shipments=[Shipment.from_json({})]
    )
    assert (finding.text, finding.severity, finding.subject) == ("It has no stage.", Severity.CHECK, None)


@pytest.mark.parametrize(
    ("fields", "severity", "text"),
    [
        ({"currentStage": {"code": "QC"}}, Severity.WRONG, "stage QC, which the type Module does not have"),
        (
            {
                "stages": [
                    {**WARM, "dateTime": "2024-01-02T00:00:00Z"},
                    {"code": "COLD", "dateTime": "2024-01-03T00:00:00+01:00"},
                ]
            },
            Severity.CHECK,
            "Its stage is Warm, but its history ends at COLD.",
        ),
        (
            {
                "locations": [
                    {"institution": "p1", "dateTime": "2024-01-02T00:00:00Z"},
                    {"institution": "p2", "dateTime": "2024-01-05T00:00:00Z"},
                ]
            },
            Severity.CHECK,
            "It is said to be at Ay, but arrived somewhere else last.",
        ),
        (
            {
                "properties": [
                    {"code": c, "required": True, "value": v} for c, v in (("A", None), ("B", ""), ("C", 0))
                ]
            },
            Severity.CHECK,
            "Required and empty: A, B.",
        ),
        (
            {"trashed": True, "parents": [{"component": {"code": "stave"}}]},
            Severity.WRONG,
            "It is trashed, and still part of stave.",
        ),
        (
            {"children": [slot(None), slot("c"), slot(None, "PCB")]},
            Severity.NOTE,
            "2 of 3 slots empty: CHIP (1), PCB (1).",
        ),
        ({"children": [slot("c"), slot("c")]}, Severity.WRONG, "c stands in 2 slots."),
        (
            {"attachments": [{"code": "x", "type": "eos", "title": "iv.png", "url": None}]},
            Severity.CHECK,
            "is on EOS, but its address is not told",
        ),
        (
            {"attachments": [{"code": "x", "type": "link", "title": "log"}]},
            Severity.CHECK,
            "is a link without an address",
        ),
        (
            {"attachments": [{"code": None, "type": "file"}]},
            Severity.CHECK,
            "attachment without a name of 20UPGM00000001 has no code",
        ),
    ],
)
def test_what_does_not_fit_in_the_record(fields: dict[str, Any], severity: Severity, text: str) -> None:
    finding = only(component(**fields))
    assert text in finding.text
    assert finding.severity is severity
    assert finding.cure


@pytest.mark.parametrize(
    ("fields", "severity", "text"),
    [
        (
            {"currentStage": {"code": "WAFER", "name": "Wafer"}},
            Severity.CHECK,
            "Chip c1 is at another stage: Wafer.",
        ),
        ({"currentLocation": THERE}, Severity.CHECK, "Chip c1 is said to be at Bee."),
        ({"state": "deleted"}, Severity.WRONG, "c1 is built in, but deleted."),
        ({"trashed": True}, Severity.WRONG, "c1 is built in, but trashed."),
        (
            {"parents": [{"component": {"code": "other"}}]},
            Severity.WRONG,
            "Chip c1 is built in here, and says that it is in other.",
        ),
    ],
)
def test_part_that_does_not_fit_is_what_opens(fields: dict[str, Any], severity: Severity, text: str) -> None:
    odd = part("c1", **fields)
    finding = only(component(), parts=[odd])
    assert (finding.text, finding.severity, finding.subject) == (text, severity, odd)


def test_stage_of_a_part_is_judged_only_if_its_type_has_that_of_the_assembly() -> None:
    parts = [
        part("c1", currentStage=None),
        part("p1", componentType={"code": "PCB"}, currentStage={"code": "QC"}),
        part("u1", componentType={"code": "UNKNOWN"}, currentStage={"code": "WAFER"}),
    ]
    assert found(component(), parts=parts) == []
    assert [f.text for f in found(component(currentStage=None), parts=[part("c1")])] == ["It has no stage."]


def test_part_that_the_server_does_not_know_is_named() -> None:
    whole = component(children=[slot("c1"), slot("c2")])
    finding = only(whole, asked=[s.component for s in whole.children], parts=[part("c2")])
    assert finding.text == "c1 is built in, but the server does not know it any more."
    assert finding.subject is Corner.FAMILY


def test_shipments_that_nobody_may_see_are_told() -> None:
    finding = only(component(), shipments=None)
    assert finding.text.startswith("Its shipments could not be looked at")
    assert finding.subject is Corner.SHIPMENTS


def test_names_used_twice_are_found_but_not_of_one_part_listed_twice() -> None:
    twins = [part(code, serialNumber=code, alternativeIdentifier="LBL-1") for code in ("c1", "c2", "c1")]
    assert (
        only(component(), parts=twins).text
        == "Chip c2 and Chip c1 have the same alternative identifier, LBL-1."
    )


def test_of_many_alike_the_first_are_told_and_the_others_counted() -> None:
    texts = [f.text for f in found(component(), parts=[part(f"c{n}", trashed=True) for n in range(10_000)])]
    assert len(texts) == 6
    assert texts[-1] == "9,995 more findings about parts."


@pytest.mark.parametrize(
    ("shipments", "fields", "texts"),
    [
        ([shipment()], {}, ["It is on its way to Bee: Box 7."]),
        ([shipment(to=HERE)], {}, ["The shipment Box 7 is still in transit to Ay, where it is said to be."]),
        ([shipment(state="deleted")], {}, []),
        (
            [shipment("delivered")],
            {"inTransit": True},
            ["It is marked as in transit, but none of its shipments is."],
        ),
        ([], {"inTransit": True}, []),
        (
            [shipment(), shipment(to={})],
            {},
            [
                "It is in 2 shipments at once that are in transit.",
                "It is on its way to Bee: Box 7.",
                "It is on its way to an unknown place: Box 7.",
            ],
        ),
    ],
)
def test_shipments(shipments: list[Shipment], fields: dict[str, Any], texts: list[str]) -> None:
    findings = found(component(**fields), shipments=shipments)
    assert [finding.text for finding in findings] == texts
    assert all(finding.subject in shipments for finding in findings)


@pytest.mark.parametrize(
    ("runs", "texts"),
    [
        ([run(date="2024-06-01T20:00:00Z")], []),
        ([run(date="2024-06-03T00:00:00Z")], ["IV, run 1 is dated in the future, 2024-06-03."]),
        ([run(date="2023-12-31T12:00:00Z")], []),
        (
            [run(date="2023-11-01T00:00:00Z")],
            ["IV, run 1 is dated 2023-11-01, before the component was registered."],
        ),
        ([run(date=None)], []),
        ([run(stage={"code": "QC"})], ["IV, run 1 was made at QC, a stage that Module does not have."]),
        ([run(), run("r2")], ["IV, run 1 of 2024-03-01 is there twice."]),
        ([run(), run()], []),
        ([run(), run("r2", runNumber="2")], []),
        ([run(), run("r2", state="deleted")], []),
        (
            [run(stage={"code": "BARE"}, passed=False)],
            ["IV, run 1 failed at BARE, and the component went on to Warm."],
        ),
        ([run(stage={"code": "COLD"}, passed=False)], []),
        ([run(passed=False)], []),
        ([run(stage={"code": "BARE"}, passed=False, date="2024-02-01T00:00:00Z"), run("r2")], []),
        ([run(state="requestedToDelete")], ["1 test run waits to be deleted."]),
        ([whole_run(results=[{"code": "A", "value": None}])], ["IV, run 1 has no values at all."]),
        ([whole_run(results=[])], []),
        (
            [whole_run(defects=[{"name": "scratch"}])],
            ["IV, run 1 passed without problems, but names 1 defect."],
        ),
        ([whole_run(defects=[{"name": "scratch"}], problems=True)], []),
        (
            [whole_run(results=[{"code": "A", "dataType": "float", "value": "n/a"}])],
            ["IV, run 1 holds something other than it should: A."],
        ),
        (
            [whole_run(attachments=[{"code": "x", "type": "link", "title": "log"}])],
            ["The attachment log of IV, run 1 is a link without an address."],
        ),
    ],
)
def test_runs(runs: list[TestRunSummary], texts: list[str]) -> None:
    assert [finding.text for finding in found(component(), runs=runs)] == texts


def test_runs_that_did_not_come_are_missed() -> None:
    tests = [{"code": "IV", "testRuns": [{"id": f"r{n}", "state": "ready"} for n in range(3)]}]
    assert only(component(tests=tests), runs=[run("r0")]).text.startswith(
        "2 test runs that the component lists"
    )
    assert found(component(tests=tests)) == []


def test_failed_run_of_a_part_that_was_sorted_out_is_no_finding() -> None:
    failed = run(stage={"code": "BARE"}, passed=False)
    assert only(component(trashed=True), runs=[failed]).text == "It is trashed."


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"trashed": True}, "It is trashed."),
        ({"state": "deleted"}, "It is deleted."),
        ({"state": "requestedToDelete"}, "It is to be deleted."),
    ],
)
def test_what_is_gone_is_to_be_looked_at(fields: dict[str, Any], text: str) -> None:
    finding = only(component(**fields))
    assert (finding.severity, finding.text) == (Severity.CHECK, text)


def test_what_matters_most_comes_first() -> None:
    odd = component(
        children=[slot(None)], currentStage={"code": "QC"}, properties=[{"code": "A", "required": True}]
    )
    assert [finding.severity for finding in found(odd)] == list(Severity)
