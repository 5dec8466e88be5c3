"""Test runs as the database was recorded to write them (API reference §5.6)."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Any

import pytest

from itkgui.records.attachment import OwnerKind
from itkgui.records.run_history import Verdict
from itkgui.records.test_run import Measured, TestRun, ValueKind

RECORDED: dict[str, Any] = {
    "id": "64ef67f09d1c7e0042bfcb0b",
    "state": "ready",
    "date": "2023-08-30T15:59:00.000Z",
    "testType": {
        "id": "627a356dba163f000ab63233",
        "code": "QUAD_MODULE_METROLOGY",
        "name": "Quad Module Metrology",
    },
    "institution": {"id": "5d318624df98f200097386d5", "code": "ANL", "name": "Argonne National Laboratory"},
    "user": {"userIdentity": "12-3456-1", "firstName": "Alex", "middleName": "", "lastName": ""},
    "runNumber": "1",
    "passed": True,
    "problems": False,
    "properties": [
        {"code": "ANALYSIS_VERSION", "name": "Analysis Version", "dataType": "string", "value": "1"}
    ],
    "results": [
        {
            "code": "PCB_BAREMODULE_POSITION_BOTTOM_LEFT",
            "name": "PCB_BAREMODULE_POSITION_BOTTOM_LEFT",
            "order": 0,
            "dataType": None,
            "valueType": None,
            "value": [2270, 808],
            "associateChild": None,
        },
        {
            "code": "ANGLE_PCB_BM",
            "name": "Angle between PCB and bare module [deg]",
            "order": 3,
            "dataType": "float",
            "valueType": "single",
            "value": None,
        },
        {
            "code": "AVERAGE_THICKNESS",
            "name": "Average module thickness at FE chip pick-up areas, 1 per FE [μm]",
            "order": 4,
            "dataType": "float",
            "valueType": "array",
            "arrayDimensions": 1,
            "value": [572, 553, 574, 584],
        },
    ],
    "cts": "2023-08-30T16:01:52.238Z",
    "defects": [{"name": "UNBONDED", "description": "two", "properties": {"wire_number": 12}}, {}],
    "comments": None,
    "attachments": [],
    "components": [
        {
            "serialNumber": "20UPGM22110394",
            "testedAtStage": {
                "code": "MODULE/ASSEMBLY",
                "name": "Bare module to module PCB assembly",
                "initial": True,
            },
        }
    ],
}


def recorded(**changes: Any) -> TestRun:
    return TestRun.from_json({**RECORDED, **changes})


def measured(name: str | None, value: Any = 1, code: str = "CODE") -> Measured:
    return Measured.from_json({"code": code, "name": name, "value": value})


def test_recorded_run_keeps_what_people_look_for() -> None:
    found = recorded()
    assert found.test_type.label == "Quad Module Metrology"
    assert found.date == datetime(2023, 8, 30, 15, 59, tzinfo=timezone.utc)
    assert (found.run_number, found.institution.code, found.user.name) == ("1", "ANL", "Alex")
    assert (found.stage.code, found.stage.label) == ("MODULE/ASSEMBLY", "Bare module to module PCB assembly")
    assert [item.code for item in found.properties] == ["ANALYSIS_VERSION"]
    assert [item.description for item in found.defects] == ["two", ""]
    assert found.defects[0].properties == {"wire_number": 12}


def test_results_keep_their_order_and_the_ones_that_were_not_measured() -> None:
    position, angle, thickness = recorded().results
    assert (position.label, position.unit, position.value) == (position.code, "", [2270, 808])
    assert position.data_type == position.value_type == ""
    assert (angle.label, angle.unit, angle.value) == ("Angle between PCB and bare module", "deg", None)
    assert (thickness.unit, thickness.value_type) == ("μm", "array")


@pytest.mark.parametrize(
    "components",
    [None, [], [None], [{}], [{"testedAtStage": None}]],
    ids=["null", "none", "[null]", "{}", "no stage"],
)
def test_run_without_components_has_no_stage(components: Any) -> None:
    found = recorded(components=components)
    assert not found.stage
    assert found.stage.label == ""
    assert len(found.results) == 3


LISTS = ["properties", "results", "defects", "comments", "attachments", "components"]


@pytest.mark.parametrize("empty", [None, [], "none"], ids=["null", "empty list", "text"])
def test_every_list_may_be_without_content_or_missing(empty: Any) -> None:
    for data in (
        {**RECORDED, **dict.fromkeys(LISTS, empty)},
        {key: value for key, value in RECORDED.items() if key not in LISTS},
    ):
        found = TestRun.from_json(data)
        lists = [*found.properties, *found.results, *found.defects, *found.comments, *found.attachments]
        assert lists == []
        assert found.verdict is Verdict.PASSED


def test_short_summary_of_a_component_is_a_run_without_results() -> None:
    found = TestRun.from_json(
        {
            "id": "5dde2b5d79bc5c000a61d5b4",
            "state": "ready",
            "runNumber": "123123",
            "passed": False,
            "problems": True,
            "date": "26.11.2019 00:00",
            "institution": {"code": "UCSC", "name": "SCIPP, UC Santa Cruz"},
        }
    )
    assert found.date == datetime(2019, 11, 26, tzinfo=timezone.utc)
    assert (found.verdict, found.has_problems) == (Verdict.FAILED, True)
    assert found.results == ()


@pytest.mark.parametrize(
    ("state", "passed", "verdict"),
    [
        ("ready", True, Verdict.PASSED),
        ("ready", False, Verdict.FAILED),
        ("ready", None, Verdict.FAILED),
        (None, True, Verdict.PASSED),
        ("requestedToDelete", True, Verdict.DELETED),
        ("deleted", False, Verdict.DELETED),
    ],
)
def test_verdict_is_that_of_the_run_unless_it_is_deleted(
    state: str | None, passed: bool | None, verdict: Verdict
) -> None:
    found = recorded(state=state, passed=passed, problems=True)
    assert found.verdict is verdict
    assert found.is_deleted is (verdict is Verdict.DELETED)


def test_attachments_have_the_same_owner_as_an_upload_to_their_run() -> None:
    found = recorded(attachments=[{"code": "a", "type": "file", "filename": "log.txt"}])
    assert found.attachments[0].owner == found.owner
    assert (found.owner.kind, found.owner.key) == (OwnerKind.TEST_RUN, "64ef67f09d1c7e0042bfcb0b")
    assert found.owner.label == found.attachments[0].owner.label == "Quad Module Metrology, run 1"


@pytest.mark.parametrize("run_number", ["1", "4-A", "", None, 7], ids=repr)
def test_run_number_is_text_whatever_it_is(run_number: Any) -> None:
    assert recorded(runNumber=run_number).run_number == ("" if run_number is None else str(run_number))


VALUES: list[Any] = [
    None,
    1,
    2.5,
    True,
    "text",
    [],
    [1, None, "x"],
    [[1, 2], [3]],
    {},
    {"time": [1], "voltage": [2]},
    {"id": "64ef67f09d1c7e0042bfcb0b", "testType": {"code": "IV_MEASURE"}},
    "a" * 64,
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:30])
def test_result_keeps_its_value_as_it_came(value: Any) -> None:
    found = recorded(results=[{"code": "A", "name": "A", "value": value}]).results[0].value
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "label", "unit"),
    [
        pytest.param("Mass [mg]", "Mass", "mg", id="at the end"),
        pytest.param("Mass[mg] ", "Mass", "mg", id="no blank before, one after"),
        pytest.param("Current [nA] at 500 V", "Current at 500 V", "nA", id="in the middle"),
        pytest.param("[°C] of the chuck", "of the chuck", "°C", id="at the start"),
        pytest.param("Mass [ mg ]", "Mass", "mg", id="blanks within"),
        pytest.param("Glue (mg)", "Glue (mg)", "", id="round brackets are no unit"),
        pytest.param("Mass", "Mass", "", id="none"),
        pytest.param("Mass []", "Mass []", "", id="empty brackets"),
        pytest.param("Mass [mg", "Mass [mg", "", id="not closed"),
        pytest.param("Mass mg]", "Mass mg]", "", id="not opened"),
        pytest.param("[mg]", "CODE", "mg", id="nothing but a unit"),
        pytest.param(
            "IV: voltage [V], current [µA]", "IV: voltage [V], current [µA]", "", id="of several columns"
        ),
        pytest.param(
            "Grade [1 good, 2 issue, 3 bad, see the manual]",
            "Grade [1 good, 2 issue, 3 bad, see the manual]",
            "",
            id="a remark, not a unit",
        ),
        pytest.param(None, "CODE", "", id="no name"),
        pytest.param("  ", "CODE", "", id="blank name"),
    ],
)
def test_unit_is_taken_out_of_the_name(name: str | None, label: str, unit: str) -> None:
    assert (measured(name).label, measured(name).unit) == (label, unit)


@pytest.mark.parametrize("unit", [" ", "[", " [", "[a", "\t\n"], ids=repr)
def test_hostile_name_is_read_in_no_time(unit: str) -> None:
    name = unit * (200_000 // len(unit))
    began = time.thread_time()
    found = Measured.from_json({"code": "X", "name": name})
    assert (found.unit, found.label) == ("", name.strip() or "X")
    assert time.thread_time() - began < 1


# What kind of value it is ---------------------------------------------------------------------------------

LINK = "64ef67f09d1c7e0042bfcb0b"


@pytest.mark.parametrize(
    ("data_type", "value", "kind", "shape"),
    [
        ("float", None, ValueKind.NOTHING, ()),
        ("float", 1.5, ValueKind.NUMBER, ()),
        ("integer", 3, ValueKind.NUMBER, ()),
        ("float", "heavy", ValueKind.TEXT, ()),
        ("boolean", False, ValueKind.FLAG, ()),
        ("string", "", ValueKind.TEXT, ()),
        ("float", [1, 2, 3], ValueKind.ARRAY, (3,)),
        ("float", [], ValueKind.ARRAY, (0,)),
        (None, [[1, 2], [3]], ValueKind.TABLE, (2, 2)),
        (None, [[], []], ValueKind.TABLE, (2, 0)),
        (None, [[1], 2], ValueKind.ARRAY, (2,)),
        ("object", {"time": [1]}, ValueKind.OBJECT, ()),
        ("image", "a" * 64, ValueKind.FILE, ()),
        ("image", ["a" * 64, "b" * 64], ValueKind.FILE, (2,)),
        ("image", None, ValueKind.NOTHING, ()),
        ("string", "a" * 64, ValueKind.TEXT, ()),
        ("testRun", LINK, ValueKind.RUN_LINK, ()),
        ("testRun", {"id": LINK, "testType": {"code": "ADC_CALIBRATION"}}, ValueKind.RUN_LINK, ()),
        (None, {"id": LINK, "testType": {"code": "IV"}}, ValueKind.RUN_LINK, ()),
        ("testRun", [LINK, LINK], ValueKind.RUN_LINK, (2,)),
        ("testRun", "no id", ValueKind.TEXT, ()),
        ("string", LINK, ValueKind.TEXT, ()),
        ("object", {"id": LINK}, ValueKind.OBJECT, ()),
    ],
)
def test_value_tells_its_kind_and_shape(
    data_type: str | None, value: Any, kind: ValueKind, shape: tuple[int, ...]
) -> None:
    found = Measured.from_json({"code": "A", "dataType": data_type, "value": value})
    assert (found.kind, found.shape) == (kind, shape)


def test_links_and_files_name_what_they_lead_to() -> None:
    link = Measured.from_json({"dataType": "testRun", "value": [{"id": LINK}, "x", None]})
    assert link.linked_run_ids == (LINK,)
    image = Measured.from_json({"dataType": "image", "value": ["aa", None, ""]})
    assert image.attachment_codes == ("aa",)


def test_values_of_children_name_their_child() -> None:
    child = {"id": "5d", "code": "c0de", "serialNumber": "20UPGM22110394"}
    run = recorded(
        results=[
            {"code": "STATUS", "valueType": "child", "value": True, "associateChild": child},
            {"code": "STATUS", "valueType": "child", "value": None, "associateChild": None},
        ]
    )
    assert [r.child.label if r.child else "" for r in run.results] == ["20UPGM22110394", ""]


@pytest.mark.parametrize(
    ("value", "number"), [(1, 1.0), ("2.5", 2.5), ("x", None), (True, None), ([1], None)]
)
def test_number_of_a_value(value: Any, number: float | None) -> None:
    assert measured("A", value).number == number


def test_run_tells_whose_it_is() -> None:
    assert recorded().component.label == "20UPGM22110394"
    assert recorded(components=None).component.label == ""
    listed = recorded(components=[], stage={"code": "COLD"})
    assert listed.stage.code == "COLD"  # lists tell the stage where whole runs tell the component
