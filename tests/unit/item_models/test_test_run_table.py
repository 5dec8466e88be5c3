"""Test runs in rows: groups and their order, filters, what was superseded or deleted, sorting."""

from __future__ import annotations

import weakref
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from itkgui.item_models.run_filter import RunFilter
from itkgui.item_models.run_rows import run_groups
from itkgui.item_models.test_run_table import (
    DATE,
    NUMBER,
    STANDING,
    TEST_TYPE,
    VERDICT,
    TestRunTable,
)
from itkgui.records.run_history import Standing
from itkgui.records.test_run import TestRun
from tests.unit.item_models.runs import run_of

HOME = "code-of-20UPGM00000001"


def table_of(*runs: TestRun) -> TestRunTable:
    table = TestRunTable()
    show(table, *runs)
    return table


def show(table: TestRunTable, *runs: TestRun) -> None:
    groups = run_groups(runs, HOME)
    table.set_groups(runs, groups)
    table.replace(groups.rows)


def texts(table: TestRunTable, column: int = TEST_TYPE) -> list[str]:
    return [table.index(row, column).data() for row in range(table.rowCount())]


def test_runs_stand_below_their_test_type_newest_first() -> None:
    table = table_of(
        run_of("MASS", runNumber="1", date="2025-03-01T00:00:00Z", order=2),
        run_of("GLUE", runNumber="7", date="2025-01-01T00:00:00Z", order=1),
        run_of("MASS", runNumber="2", date="2025-04-01T00:00:00Z", order=2),
    )
    assert texts(table) == ["Glue (1)", "Run 7", "Mass (2)", "Run 2", "Run 1, superseded"]


def test_groups_stand_in_the_order_of_production_or_of_names() -> None:
    table = table_of(run_of("ADHESION", order=9), run_of("MASS", order=1))
    assert texts(table)[::2] == ["Mass (1)", "Adhesion (1)"]
    table.set_grouping(grouped=True, by_name=True)
    assert texts(table)[::2] == ["Adhesion (1)", "Mass (1)"]


def test_ungrouped_the_newest_is_first_and_names_its_test_type() -> None:
    table = table_of(
        run_of("GLUE", date="2025-01-01T00:00:00Z"),
        run_of("MASS", date="2025-03-01T00:00:00Z"),
        run_of("GLUE", date="2025-04-01T00:00:00Z"),
    )
    table.set_grouping(grouped=False, by_name=False)
    assert texts(table) == ["Glue", "Mass", "Glue, superseded"]


def test_heading_has_the_verdict_of_the_newest_that_is_not_deleted() -> None:
    table = table_of(
        run_of(passed=True, date="2025-01-01T00:00:00Z"),
        run_of(passed=False, date="2025-02-01T00:00:00Z"),
        run_of(passed=True, date="2025-03-01T00:00:00Z", state="deleted"),
    )
    assert texts(table, VERDICT) == ["failed", "deleted", "failed", "passed"]
    assert texts(table, STANDING) == ["", "deleted", "deciding", "superseded"]


def test_group_of_deleted_runs_says_so() -> None:
    table = table_of(run_of(state="deleted"))
    assert texts(table, VERDICT) == ["deleted", "deleted"]
    assert table.record(table.index(0, 0)).run is None


def test_closed_group_keeps_its_heading_and_counts_all() -> None:
    table = table_of(run_of("MASS"), run_of("MASS"), run_of("GLUE"))
    group = table.record(table.index(table.rowCount() - 1, 0)).group
    table.set_open(group, False)
    assert len(texts(table)) == 3
    assert table.accepted == 3
    table.set_all_open(False)
    assert [text[-3:] for text in texts(table)] in (["(2)", "(1)"], ["(1)", "(2)"])
    table.set_all_open(True)
    assert len(texts(table)) == 5


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (RunFilter(text="warm IV"), {"1", "2"}),
        (RunFilter(text="warm iv failed"), {"2"}),
        (RunFilter(verdicts=frozenset({"failed"})), {"2"}),
        (RunFilter(verdicts=frozenset({"problems"})), {"1"}),
        (RunFilter(verdicts=frozenset({"problems", "failed"})), {"1", "2"}),
        (RunFilter(stages=frozenset({"COLD"})), {"3"}),
        (RunFilter(test_types=frozenset({"MASS"})), {"3"}),
        (RunFilter(first=date(2025, 5, 9), last=date(2025, 5, 11)), {"2"}),
        (RunFilter(first=date(2025, 6, 1)), {"3"}),
        (RunFilter(last=date(2024, 1, 1)), set()),
        (RunFilter(with_superseded=False), {"2", "3"}),
        (RunFilter(text="iv", verdicts=frozenset({"passed"}), first=date(2025, 1, 1)), {"1"}),
    ],
)
def test_filters(wanted: RunFilter, numbers: set[str]) -> None:
    table = table_of(
        run_of(runNumber="1", problems=True, date="2025-04-10T12:00:00Z"),
        run_of(runNumber="2", passed=False, date="2025-05-10T12:00:00Z"),
        run_of("MASS", runNumber="3", stage="COLD", date="2025-06-10T12:00:00Z"),
    )
    table.set_run_filter(wanted)
    assert {text for text in texts(table, NUMBER) if text} == numbers
    assert table.accepted == len(numbers)
    table.set_run_filter(RunFilter())
    assert table.accepted == 3


def test_deleted_runs_can_be_hidden() -> None:
    table = table_of(run_of(state="deleted"), run_of())
    table.set_run_filter(RunFilter(with_deleted=False))
    assert table.accepted == 1
    assert "deleted" not in texts(table, VERDICT)


def test_heading_tells_how_many_of_its_runs_are_shown() -> None:
    table = table_of(run_of(runNumber="1"), run_of(runNumber="12"), run_of(passed=False))
    table.set_run_filter(RunFilter(text="passed"))
    assert texts(table)[0] == "Iv measure (2 of 3)"


def test_a_run_without_a_date_is_in_no_stretch_of_time() -> None:
    table = table_of(run_of(date=None))
    table.set_run_filter(RunFilter(first=date(1990, 1, 1)))
    assert table.rowCount() == 0


def test_sorting_stays_within_the_groups() -> None:
    table = table_of(
        run_of("MASS", runNumber="10", order=1),
        run_of("MASS", runNumber="9", order=1),
        run_of("GLUE", runNumber="11", order=2),
    )
    table.sort(NUMBER, Qt.SortOrder.AscendingOrder)
    assert texts(table, NUMBER) == ["", "9", "10", "", "11"]
    table.sort(NUMBER, Qt.SortOrder.DescendingOrder)
    assert texts(table, NUMBER) == ["", "10", "9", "", "11"]
    table.set_grouping(grouped=False, by_name=False)
    assert texts(table, NUMBER) == ["11", "10", "9"]


def test_runs_of_parts_follow_those_of_the_whole_and_are_named() -> None:
    part = {"owner": "20UPGB40000001", "part": "BARE_MODULE"}
    table = table_of(run_of("MASS", **part), run_of("MASS", order=8))
    assert [text for text in texts(table) if "(" in text] == [
        "Mass (1)  ·  20UPGM00000001",
        "Mass (1)  ·  20UPGB40000001",
    ]


def test_a_run_at_another_stage_is_not_superseded() -> None:
    table = table_of(run_of(stage="WARM"), run_of(stage="COLD"))
    rows = [row for row in table.records if not row.is_heading]
    assert {row.standing for row in rows} == {Standing.DECIDING}


def test_what_a_heading_is_is_told_to_readers_of_the_screen() -> None:
    table = table_of(run_of())
    role = Qt.ItemDataRole.AccessibleTextRole
    assert table.data(table.index(0, TEST_TYPE), role) == "Iv measure, 1 run, open"
    table.set_all_open(False)
    assert table.data(table.index(0, TEST_TYPE), role) == "Iv measure, 1 run, closed"


def test_table_keeps_the_rules_of_qt(qtmodeltester: ModelTester) -> None:
    table = table_of(*(run_of(kind, date=None) for kind in ("MASS", "GLUE") for _ in range(5)))
    qtmodeltester.check(table)  # type: ignore[no-untyped-call]
    assert table.index(0, DATE).data() in ("", "–")


def test_table_does_not_keep_itself_alive() -> None:
    table = table_of(run_of())
    watched = weakref.ref(table)
    del table
    assert watched() is None  # no collector runs within a test


@pytest.mark.parametrize(
    "odd",
    [
        {"testType": None},
        {"testType": {"name": "<b>bold</b>\u202e"}},
        {"runNumber": {"a": 1}, "passed": "yes", "problems": 3},
        {"components": None, "institution": [], "user": "12-1"},
        {"date": "tomorrow", "cts": 12, "stage": None},
        {"runNumber": "x" * 1_000_000},
    ],
)
def test_odd_runs_have_rows(odd: dict[str, Any]) -> None:
    table = table_of(run_of(**odd), run_of())
    assert len([row for row in table.records if not row.is_heading]) == 2
    for row in range(table.rowCount()):
        for column in range(table.columnCount()):
            text = table.index(row, column).data()
            assert len(text) <= 1000
            assert "\u202e" not in text


def test_runs_are_counted_and_taken_elsewhere_without_their_headings() -> None:
    table = table_of(*(run_of("MASS", runNumber=str(n)) for n in range(3)), run_of("GLUE"))
    rows = table.shown
    assert [row.is_heading for row in rows].count(True) == 2
    assert table.counts == "4 runs"
    assert table.runs_among(rows) == [row for row in rows if not row.is_heading]
    heading = next(row for row in rows if row.is_heading and row.count == 3)
    own = [row for row in rows if row.group == heading.group and not row.is_heading]
    assert table.runs_among([heading]) == own, "a heading alone stands for its runs"
    assert table.runs_among([heading, own[0]]) == own[:1]
    table.set_all_open(False)
    assert len(table.shown) == 2
    assert len(table.runs_among(table.shown)) == 4, "those of closed groups are shown runs, too"
    table.set_run_filter(RunFilter(text="glue"))
    assert table.counts == "4 runs, 1 shown"
    assert [row.test_type.label for row in table.runs_among(table.shown)] == ["Glue"]
