"""What the tables write in their cells: words, moments in local time, sizes, values of every kind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import pytest

from itkgui.item_models import (
    attachment_table,
    component_table,
    overview_tables,
    test_run_table,
)
from itkgui.item_models.moments import local_text, sort_key, utc_hint
from itkgui.item_models.record_table import Column
from itkgui.item_models.result_table import value_text
from itkgui.paths import resource
from itkgui.records.attachment import Attachment, Owner, OwnerKind
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.sizes import size_text
from itkgui.records.test_run import TestRun

OWNER = Owner(OwnerKind.COMPONENT, "c0de", "20UPGM22110394")


@pytest.fixture
def in_geneva(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put this computer into one time zone; its rules are written out, so no table of zones is needed."""
    with monkeypatch.context() as environment:
        environment.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


def row(columns: tuple[Column[Any], ...], record: Any) -> dict[str, str]:
    return {column.title: column.text(record) for column in columns}


# Moments and sizes --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_geneva")
@pytest.mark.parametrize(
    ("moment", "text"),
    [
        pytest.param(datetime(2026, 11, 22, 13, 5, 59, tzinfo=timezone.utc), "2026-11-22 14:05", id="winter"),
        pytest.param(
            datetime(2026, 7, 1, 22, 30, tzinfo=timezone.utc), "2026-07-02 00:30", id="summer, next day"
        ),
        pytest.param(
            datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc), "2026-10-25 02:30", id="before the change"
        ),
        pytest.param(
            datetime(2026, 10, 25, 1, 30, tzinfo=timezone.utc), "2026-10-25 02:30", id="after the change"
        ),
        pytest.param(None, "–", id="unknown"),
    ],
)
def test_moment_is_told_in_local_time(moment: datetime | None, text: str) -> None:
    assert local_text(moment) == text


def test_hint_of_a_moment_is_exact_and_in_utc() -> None:
    assert utc_hint(datetime(2026, 11, 22, 13, 5, 59, tzinfo=timezone.utc)) == "2026-11-22 13:05:59 UTC"
    assert utc_hint(None) == ""


def test_moments_sort_with_unknown_ones() -> None:
    early, late = (datetime(year, 1, 1, tzinfo=timezone.utc) for year in (2, 2026))
    assert sorted([late, None, early], key=sort_key) == [None, early, late]


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1, "1 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (64_000, "64.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (1_500_000, "1.5 MB"),
        (999_960_000, "1.0 GB"),
        (5 * 10**9, "5.0 GB"),
        (10**12, "1.0 TB"),
        (1234 * 10**12, "1234.0 TB"),
    ],
)
def test_size_is_told_with_a_decimal_unit(count: int, text: str) -> None:
    assert size_text(count) == text


# Values -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (True, "yes"),
        (False, "no"),
        (0, "0"),
        (420, "420"),
        (-999.0, "-999"),
        (0.1 + 0.2, "0.3"),
        (1.23456789e-7, "1.23457e-07"),
        (float("nan"), "nan"),
        ("", ""),
        ("text", "text"),
        ("two\n lines\tof  text", "two lines of text"),
        ([], "no values"),
        ([1, 2.5], "1, 2.5"),
        ([572, 553, 574, 584], "572, 553, 574, 584"),
        (list(range(100_000)), "0, 1, 2, 3 … (100000 values)"),
        ([None, True, "x"], "–, yes, x"),
        ([[1, 2], [3]], "2 rows of up to 2 values"),
        ([[], []], "2 rows of up to 0 values"),
        ([[1, 2], 3], "1, 2, 3"),
        ({"time": [1, 2, 3], "voltage": [4, 5, 6]}, "3 rows of 2 columns"),
        ({"time": [1, 2, 3], "voltage": [4]}, "2 entries"),
        ({"id": "64ef67f09d1c7e0042bfcb0b", "testType": {"code": "IV_MEASURE"}}, "2 entries"),
        ({"ABC_0": [1, 2], "note": "x"}, "2 entries"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_value_is_told_in_one_short_line(value: Any, text: str) -> None:
    assert value_text(value) == text


@pytest.mark.parametrize(
    "value",
    [
        "x" * 10**6,
        ["y" * 10**6] * 3,
        {"key" * 10**5: 1},
        {str(i): i for i in range(10**4)},
        [{"a": "z" * 10**6}],
    ],
    ids=["long text", "long texts", "long key", "many keys", "long text in an object"],
)
def test_line_stays_short_whatever_the_value(value: Any) -> None:
    text = value_text(value)
    assert len(text) < 2100
    assert "\n" not in text


# Components ---------------------------------------------------------------------------------------------

COMPONENT: dict[str, Any] = {
    "id": "5dde2ada79bc5c000a61d580",
    "code": "7f633f626f5466b2a72c1be7cd4cb8bc",
    "serialNumber": "20UPGM22110394",
    "componentType": {"code": "MODULE", "name": "Module"},
    "type": {"code": "OUTER_SYSTEM_QUAD_MODULE", "name": None},
    "currentStage": {"code": "MODULE/ASSEMBLY", "name": "Assembly"},
    "currentLocation": {"code": "ANL", "name": "Argonne National Laboratory"},
    "institution": {"code": "UCSC", "name": "SCIPP, UC Santa Cruz"},
    "completed": True,
    "state": "requestedToDelete",
    "cts": "2026-11-22T13:05:59.000Z",
    "parents": [
        {"component": {"serialNumber": "20UPBLS0000001"}, "componentType": {"name": "Loaded stave"}},
        {"component": None, "componentType": {"name": "Gone"}},
    ],
    "children": [
        {"component": {"serialNumber": "20UPGB40000001"}, "componentType": {"name": "Bare module"}},
        {"component": None, "componentType": {"name": "Module carrier"}},
    ],
    "properties": [
        {"code": "ORIENTATION", "name": "Orientation", "value": True},
        {"code": "ROOF", "name": None, "value": None},
    ],
    "stages": [
        {"code": "A", "name": "Assembly", "dateTime": "2026-11-22T13:05:59.000Z"},
        {"code": "B", "name": None, "dateTime": None, "rework": True},
    ],
}


@pytest.mark.usefixtures("in_geneva")
def test_row_of_a_search() -> None:
    assert row(component_table.COLUMNS, ComponentSummary.from_json(COMPONENT)) == {
        "Serial number": "20UPGM22110394",
        "Component type": "Module",
        "Type": "OUTER_SYSTEM_QUAD_MODULE",
        "Stage": "Assembly",
        "Location": "ANL",
        "Owner": "UCSC",
        "Marks": "completed, to be deleted",
        "Registered": "2026-11-22 14:05",
    }


def test_row_of_a_component_of_which_nothing_is_known() -> None:
    cells = row(component_table.COLUMNS, ComponentSummary.from_json({}))
    assert set(cells.values()) == {"", "–"}


@pytest.mark.usefixtures("in_geneva")
def test_rows_of_properties() -> None:
    raw = {
        "properties": [
            {"code": "A", "name": name, "value": 1, "dataType": kind}
            for name, kind in (
                ("Aye", "integer"),
                ("A", "integer"),
                ("A", None),
                ("UNKNOWN PROPERTY", None),
                (None, None),
            )
        ]
    }
    component = Component.from_json(raw)
    names = [row(overview_tables.PROPERTY_COLUMNS, item)["Property"] for item in component.properties]
    assert names == ["Aye", "A", *["A (defined no more)"] * 3]
    whole = Component.from_json(COMPONENT)
    values = [row(overview_tables.PROPERTY_COLUMNS, item)["Value"] for item in whole.properties]
    assert values == ["yes", "–"]


def test_facts_of_a_component_of_which_nothing_is_known() -> None:
    facts = list(overview_tables.facts_of(Component.from_json({})))
    assert [(fact.name, fact.text) for fact in facts] == [("Registered", "–")]


# Test runs ----------------------------------------------------------------------------------------------


def run(**data: Any) -> TestRun:
    return TestRun.from_json({"id": "1", "state": "ready", "testType": {"code": "IV_MEASURE"}, **data})


@pytest.mark.parametrize(
    ("data", "text", "icon", "tone"),
    [
        ({"passed": True}, "passed", "passed", "good"),
        ({"passed": True, "problems": True}, "passed, problems", "warning", "caution"),
        ({"passed": False}, "failed", "failed", "bad"),
        ({"passed": False, "problems": True}, "failed, problems", "failed", "bad"),
        ({"passed": True, "problems": True, "state": "deleted"}, "deleted", "deleted", "quiet"),
        ({"passed": False, "state": "requestedToDelete"}, "deleted", "deleted", "quiet"),
    ],
)
def test_verdict_is_told_in_words_and_by_an_icon(
    data: dict[str, Any], text: str, icon: str, tone: str
) -> None:
    found = run(**data)
    assert found.verdict_text == text
    assert test_run_table.verdict_icon(found) == icon
    assert test_run_table.verdict_tone(found) == tone


# Attachments --------------------------------------------------------------------------------------------


def attachment(owner: Owner = OWNER, **data: Any) -> Attachment:
    return Attachment.from_json({"code": "0123", **data}, owner)


@pytest.mark.parametrize(
    ("data", "icon"),
    [
        ({"filename": "x.JPEG"}, "image"),
        ({"filename": "0123", "title": "x.tif", "type": "eos"}, "image"),
        ({"filename": "run.log"}, "text"),
        ({"filename": "all.zip"}, "archive"),
        ({"filename": "drawing.pdf"}, "document"),
        ({"filename": "scan.root"}, "chart"),
        ({"filename": "x.jpg", "type": "link"}, "link"),
        ({"filename": "jpg"}, "file"),
        ({}, "file"),
    ],
)
def test_icon_of_an_attachment_is_guessed_from_its_name(data: dict[str, Any], icon: str) -> None:
    assert attachment_table.kind_icon(attachment(**data)) == icon


def test_row_of_an_attachment_tells_what_it_belongs_to() -> None:
    of_run = Owner(OwnerKind.TEST_RUN, "1", "Metrology, run 1")
    columns = attachment_table.AttachmentTable().columns
    cells = row(columns, attachment(of_run, filename="0123", title="x.jpg", type="eos"))
    told = {"File": "x.jpg", "Title": "x.jpg", "From": "Metrology, run 1", "Kept in": "EOS", "Added": "–"}
    assert {title: cells[title] for title in told} == told
    assert row(columns, attachment())["From"] == "component"


@pytest.mark.parametrize(
    "icon",
    [
        "passed",
        "failed",
        "deleted",
        "warning",
        "link",
        "file",
        "image",
        "text",
        "archive",
        "document",
        "chart",
    ],
)
def test_every_icon_of_the_tables_is_shipped(icon: str) -> None:
    assert resource(f"icons/{icon}.svg").is_file()
