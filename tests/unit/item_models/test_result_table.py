"""The results of a run in rows: judged by their limits, summed up, and opened in full."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest

from itkgui.item_models.array_table import MOST_COLUMNS, ArrayTable
from itkgui.item_models.result_table import (
    JUDGED,
    LIMITS,
    ResultRow,
    ResultTable,
    judged_text,
    limits_text,
    result_rows,
    whole_text,
)
from itkgui.records.limits import Judgement, Limits
from itkgui.records.test_run import Measured
from itkgui.records.test_type import TestType
from tests.unit.item_models.runs import result, run_of


def type_with(code: str, thresholds: dict[str, Any]) -> TestType:
    return TestType.from_json(
        {"code": "IV_MEASURE", "parameters": [{"code": code, "name": code, "thresholds": thresholds}]}
    )


def row_of(value: Any, **data: Any) -> ResultRow:
    (row,) = result_rows(run_of(results=[result("X", value, **data)]), None)
    return row


@pytest.mark.parametrize(
    ("value", "text", "judgement"),
    [
        (7, "within", Judgement.WITHIN),
        (5, "within", Judgement.WITHIN),
        (4.9, "below", Judgement.BELOW),
        ("11", "above", Judgement.ABOVE),
        ([6, 7, 8], "within", Judgement.WITHIN),
        ([1, 99], "outside", Judgement.BELOW_AND_ABOVE),
        (None, "not judged", Judgement.NOT_JUDGED),
        ("many", "not judged", Judgement.NOT_JUDGED),
    ],
)
def test_values_are_judged_by_the_limits_of_their_stage(value: Any, text: str, judgement: Judgement) -> None:
    known = type_with("X", {"*": {"min": 0, "max": 1}, "WARM": {"min": 5, "max": 10}})
    rows = result_rows(run_of(results=[result("X", value)]), known)
    assert rows[0].judgement is judgement
    table = ResultTable()
    table.replace(rows)
    assert table.index(0, JUDGED).data() == text
    assert table.index(0, LIMITS).data() == "5 … 10"


def test_limits_that_depend_on_a_property_judge_nothing_and_say_so() -> None:
    known = type_with("X", {"*": {"min": 5, "max": 10, "property": "GLUE"}})
    rows = result_rows(run_of(results=[result("X", 1)]), known)
    table = ResultTable()
    table.replace(rows)
    assert rows[0].judgement is Judgement.NOT_JUDGED
    assert "depend on the property GLUE" in (table.columns[JUDGED].hint or str)(rows[0])


def test_without_limits_nothing_is_said_of_judging() -> None:
    table = ResultTable()
    table.replace([row_of(7)])
    column = table.columns[JUDGED]
    assert (table.index(0, JUDGED).data(), (column.icon or str)(table.records[0])) == ("", "")


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (row_of(7, name="Mass [mg]"), "Mass  (X)\n7 mg"),
        (row_of(7, name="X"), "X\n7"),
        (row_of(7, rangeMin=8), "X\n7  ·  below the limit: ≥ 8"),
        (row_of("so\nmany <b>words</b>"), "X\nso many <b>words</b>"),
        (row_of("a" * 31), f"X\n{'a' * 30}\u200ba"),
        (row_of("ab " * 200), f"X\n{'ab ' * 100}…"),
    ],
)
def test_chosen_row_is_said_in_full(row: ResultRow, text: str) -> None:
    assert whole_text(row) == text


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(1, 2), "1 … 2"),
        (Limits(None, 0.0), "≤ 0"),
        (Limits(-0.5, None), "≥ -0.5"),
        (Limits(1, 2, 1.5), "1 … 2, nominal 1.5"),
        (Limits(), ""),
    ],
)
def test_limits_in_words(limits: Limits, text: str) -> None:
    assert limits_text(limits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (list(range(200)), "200 values, 0 … 199"),
        ([1.5, None, "x", math.nan, 4, 5], "6 values, 1.5 … 5, 3 no numbers"),
        ([[1, 2, 3], [4, 5], [6], [], []], "5 × 3 values, 1 … 6"),
        ([None] * 9, "9 values, 9 no numbers"),
        ({"voltage": [1, 2], "current": [3, 4]}, "2 rows of 2 columns"),
        ([], "no values"),
        (True, "yes"),
    ],
)
def test_arrays_are_summed_up(value: Any, text: str) -> None:
    assert row_of(value).text == text


def test_spark_of_an_array_is_short_and_within_its_room() -> None:
    spark = row_of([math.sin(n / 500) for n in range(100_000)]).spark
    assert 8 <= len(spark) <= 48
    assert min(spark) == 0
    assert max(spark) == 1
    assert set(row_of([3.0] * 50).spark) == {0.5}
    assert row_of(["a"] * 50).spark == ()
    assert row_of([1e308, -1e308] * 20).spark  # their difference is infinite


def test_links_and_files_say_where_they_lead() -> None:
    link = row_of({"id": "a" * 24, "testType": {}}, dataType="testRun")
    assert link.text == "test run"
    assert link.can_open
    run = run_of(
        results=[result("IMG", "c0de", dataType="image"), result("GONE", "f00d", dataType="image")],
        attachments=[{"code": "c0de", "filename": "front.jpg"}],
    )
    assert [row.text for row in result_rows(run, None)] == ["front.jpg", "a file that is not there"]


@pytest.mark.parametrize(
    ("value", "is_address"),
    [
        ("https://cernbox.cern.ch/s/abc", True),
        (" http://example.org/x.jpg ", True),
        ("failed", False),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("see https://example.org", False),
    ],
)
def test_only_web_addresses_can_be_opened(value: str, is_address: bool) -> None:
    assert row_of(value).can_open == is_address


def test_child_is_named() -> None:
    row = row_of(True, valueType="child", associateChild={"serialNumber": "20UPGM00000009"})
    assert row.label == "X, 20UPGM00000009"


@pytest.mark.alone
def test_a_hundred_thousand_numbers_take_no_second() -> None:
    known = type_with("X", {"*": {"min": 0}})
    run = run_of(results=[result("X", [float(n) for n in range(100_000)])])
    started = time.perf_counter()
    (row,) = result_rows(run, known)
    assert row.judgement is Judgement.WITHIN
    assert time.perf_counter() - started < 1


# In full ------------------------------------------------------------------------------------------------


def cells(table: ArrayTable) -> list[list[str]]:
    return [
        [table.index(row, column).data() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def array(value: Any) -> ArrayTable:
    return ArrayTable(Measured.from_json(result("X", value, name="Height [mm]")))


def test_array_in_full() -> None:
    table = array([1, None, "x"])
    assert cells(table) == [["0", "1"], ["1", "–"], ["2", "x"]]
    assert [column.title for column in table.columns] == ["#", "Height"]
    assert table.columns[1].unit == "mm"
    assert [table.columns[1].exported(row) for row in range(3)] == [1, None, "x"]


def test_rows_of_unequal_length_in_full() -> None:
    assert cells(array([[1, 2], [3]])) == [["0", "1", "2"], ["1", "3", "–"]]


def test_object_in_full() -> None:
    table = array({"voltage": [1, 2, 3], "current": [5], "note": "cold"})
    assert [column.title for column in table.columns] == ["#", "voltage", "current", "note"]
    assert cells(table) == [["0", "1", "5", "cold"], ["1", "2", "", ""], ["2", "3", "", ""]]
    assert cells(array({"ABC_0": 1, "HCC": 2})) == [["0", "ABC_0", "1"], ["1", "HCC", "2"]]


def test_too_many_columns_are_counted() -> None:
    table = array([[0] * 1000])
    assert table.columnCount() == MOST_COLUMNS + 1
    assert table.left_out == 1000 - MOST_COLUMNS


@pytest.mark.alone
def test_long_array_in_full_is_there_at_once() -> None:
    started = time.perf_counter()
    table = array([float(n) for n in range(100_000)])
    assert table.rowCount() == 100_000
    assert table.index(99_999, 1).data() == "99999"
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((7, 8), "2 results, 2 with limits, all within"),
        ((7, 99), "2 results, 1 beyond limits, 1 within"),
        ((7, {"thickness": [40, 170]}), "2 results, 1 within, 1 not judged"),
        ((None,), "1 result, 1 not judged"),
    ],
)
def test_results_are_summed_up_without_a_claim_that_nobody_judged(values: tuple[Any, ...], said: str) -> None:
    limits = {"rangeMin": 5, "rangeMax": 10}
    run = run_of(results=[result(f"X{n}", value, **limits) for n, value in enumerate(values)])
    assert judged_text(result_rows(run, None)) == said


@pytest.mark.parametrize(
    ("value", "text"),
    [({"a": [1] * 11}, "11 rows of 1 column"), ({"a": [1], "b": [2]}, "1 row of 2 columns")],
)
def test_one_row_or_column_is_none_of_several(value: Any, text: str) -> None:
    assert row_of(value).text == text


@pytest.mark.parametrize("value", [-999, -999.0])
def test_number_that_often_stands_for_none_is_named(value: float) -> None:
    row = row_of(value, dataType="float")
    assert row.text == "-999 (often: not found)"
    assert row.measured.value == value, "and exported as it is"
    assert row_of(-998.9, dataType="float").text == "-998.9"
