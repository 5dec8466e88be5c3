"""Whatever a server sends in an object, reading it never raises: a broken field costs that field only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from itkgui.records.attachment import Attachment, Owner, OwnerKind
from itkgui.records.attachment_list import attachments_around
from itkgui.records.changes import changes_between
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.component_type import ComponentType
from itkgui.records.consistency import Known, findings_about
from itkgui.records.due_tests import due_tests
from itkgui.records.family import FamilyNode, children_of, kinds_in, parents_of
from itkgui.records.measurement import (
    iv_curve_of,
    scalars_of,
    series_of,
    tables_of,
)
from itkgui.records.people import Institution, Project, User
from itkgui.records.run_history import TestRunSummary, group_runs
from itkgui.records.shipment import Shipment, ShipmentItem
from itkgui.records.test_run import TestRun
from itkgui.records.test_type import TestType
from itkgui.records.timeline import timeline_of

# The words that the records look for; with others nothing would be read.
_WORDS = """
    id code name state serialNumber alternativeIdentifier project subproject institution institutions
    currentLocation user firstName lastName userIdentity componentType type types currentStage stage
    stages properties children parents component components testedAtStage comments comment attachments
    tests testRuns testType testTypes results value codeTable dataType valueType order date dateTime cts sys
    rev mts runNumber passed problems defects description title filename contentType url voltage current
    VOLTAGE CURRENT time default initial final subprojects currentGrade grades grade locations flags batches
    batchType number trashedTs completedTs stateTs timestamp identity stateUserIdentity associateChild
    rangeMin rangeMax parameters thresholds min max nominal property arrayDimensions isArray address city
    latitude longitude sender recipient history shipmentItems checklist questionList delivered text status
    receptionTest alternative * preferences shipmentDestination inTransit required trashed
"""
KEYS = tuple(_WORDS.split())
SCALARS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**400,
    1.5,
    float("nan"),
    float("-inf"),
    "",
    " ",
    "ready",
    "eos",
    "VOLTAGE",
    "IV_MEASURE",
    "float",
    "testRun",
    "64ef67f09d1c7e0042bfcb0b",
    "[µA]",
    "a [b] [c",
    "\0\ud800",
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59-05:00",
    "2023-06-02T17:15:12.7Z",
    "31.12.2020 24:61",
    "1e999",
)


def _component_looked_at(data: dict[str, Any]) -> object:
    found = Component.from_json(data)
    nodes: list[FamilyNode] = [*children_of(found), *parents_of(found)]
    for node in nodes:
        loaded = node.loaded(found)
        nodes_below = (*loaded.children, *loaded.parents)
        assert all(below.lineage for below in nodes_below)
    kind = ComponentType.from_json(data)
    run, shipment = TestRun.from_json(data), Shipment.from_json(data)
    return (
        found.owner,
        found.flags,
        [node.label for node in nodes],
        [(kind.code, kind.label) for kind in kinds_in(found)],
        timeline_of(
            found, [TestRun.from_json(data)], [Shipment.from_json(data)], [Institution.from_json(data)]
        ),
        attachments_around(found, [run], [shipment]),
        group_runs(found.runs),
        changes_between(found, found, None),
        due_tests(found.stage, [TestType.from_json(data)], found.runs),
        findings_about(
            Known(
                component=found,
                now=datetime(2026, 1, 1, tzinfo=timezone.utc),
                runs=[TestRun.from_json(data), *found.runs],
                asked=[found],
                parts=[found],
                types={found.component_type.code: kind},
                shipments=[Shipment.from_json(data)],
            )
        ),
    )


def _run_looked_at(data: dict[str, Any]) -> object:
    run = TestRun.from_json(data)
    if run.date is not None:  # what is shown must be convertible to any local time
        run.date.astimezone(timezone(timedelta(hours=14)))
        run.date.astimezone(timezone(timedelta(hours=-12)))
    kind = TestType.from_json(data)
    return (
        (run.verdict, run.owner, run.age_key, group_runs([run])),
        (series_of(run), iv_curve_of(run), tables_of(run), scalars_of(run)),
        [(m.label, m.unit, m.kind, m.shape, m.number, m.attachment_codes) for m in run.results],
        [kind.limits_of(m, run.stage.code).judge(m.value) for m in run.results],
    )


READERS: dict[str, Callable[[dict[str, Any]], object]] = {
    "component": _component_looked_at,
    "row of a list": lambda data: (
        ComponentSummary.from_json(data).flags,
        ComponentSummary.from_json(data).label,
    ),
    "component type": ComponentType.from_json,
    "test type": lambda data: [p.limits_at("*") for p in TestType.from_json(data).parameters],
    "project": Project.from_json,
    "institution": Institution.from_json,
    "user": lambda data: (User.from_json(data).home.label, User.from_json(data).rights_at("")),
    "attachment": lambda data: Attachment.from_json(data, Owner(OwnerKind.COMPONENT, "c", "c")).display_name,
    "shipment": lambda data: (Shipment.from_json(data).owner, ShipmentItem.from_json(data).component.label),
    "row of runs": lambda data: TestRunSummary.from_json(data).verdict,
    "test run": _run_looked_at,
}

scalars = st.one_of(st.sampled_from(SCALARS), st.integers(), st.floats(), st.text(max_size=8))
keys = st.one_of(st.sampled_from(KEYS), st.text(max_size=4))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=8)),
    max_leaves=30,
)
json_objects = st.dictionaries(keys, values, max_size=16)


FUZZ = settings(
    max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("kind", READERS)
@FUZZ
@given(data=json_objects)
def test_any_json_is_read_without_an_error(kind: str, data: dict[str, Any]) -> None:
    READERS[kind](data)


@pytest.mark.parametrize("kind", READERS)
def test_same_wrong_value_in_every_field_is_read_without_an_error(kind: str) -> None:
    for value in SCALARS:
        everywhere = dict.fromkeys(KEYS, value)
        READERS[kind](everywhere)
        READERS[kind]({key: [value] for key in KEYS})
        READERS[kind](dict.fromkeys(KEYS, everywhere))
        READERS[kind]({key: [everywhere] for key in KEYS})


def test_text_of_a_megabyte_stays_a_text() -> None:
    long = "<b>\u202e" * 250_000
    everywhere = dict.fromkeys(KEYS, long)
    for read in READERS.values():
        read(everywhere)
    assert Component.from_json({"serialNumber": long}).label == long


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"children": "none", "stages": [{}, None, 3], "comments": None}, ("children", "stages[1]")),
        ({"serialNumber": ["20U"], "cts": "yesterday", "user": "Alex"}, ("user", "serialNumber", "cts")),
        ({"currentStage": 7, "componentType": "5a09", "currentGrade": 0, "cts": ""}, ("currentStage",)),
        ({"tests": {"id": "t"}, "attachments": [[]]}, ("tests", "attachments[0]")),
        ({}, ()),
    ],
)
def test_what_could_not_be_read_of_a_component_is_named(data: dict[str, Any], named: tuple[str, ...]) -> None:
    found = Component.from_json(data)
    assert found.unreadable == named
    assert found.raw is data


def test_what_could_not_be_read_of_a_run_is_named() -> None:
    results = [
        {"code": "MASS", "dataType": "float", "value": "heavy"},
        {"code": "TEXT", "dataType": "string", "value": "heavy"},
        {"code": "COLUMN", "dataType": "float", "value": [1, None, float("nan")]},
        {"code": "MIXED", "dataType": "integer", "value": [[1, "x"]]},
        {"code": "FLAG", "dataType": "integer", "value": True},
        {"code": "GONE", "dataType": None, "value": "heavy"},
    ]
    found = TestRun.from_json({"results": results, "date": "someday", "defects": 3})
    assert found.unreadable == ("defects", "date", "MASS", "MIXED", "FLAG")
