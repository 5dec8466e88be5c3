"""The table of records against a plain list that does the same, with Qt's own model tester watching."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import (
    QModelIndex,
    Qt,
    qInstallMessageHandler,
)
from PySide6.QtTest import QAbstractItemModelTester

from itkgui.item_models.record_table import RECORD_ROLE
from tests.unit.item_models.parts import (
    COLUMNS,
    COUNT,
    DATE,
    DOWN,
    NAME,
    UP,
    Part,
    Parts,
    date,
    parts,
    shown,
)


def plainly_sorted(rows: list[Part], column: int, order: Qt.SortOrder) -> list[Part]:
    def key(part: Part) -> Any:
        words = re.split(r"([0-9]+)", part.name.casefold())
        natural = [int(word) if place % 2 else word for place, word in enumerate(words)]
        return natural if column == NAME else part.count if column == COUNT else part.date

    known = [part for part in rows if column != DATE or part.date is not None]
    unknown = [part for part in rows if part not in known]
    return sorted(known, key=key, reverse=order is DOWN) + unknown


# Qt's tester --------------------------------------------------------------------------------------------


class Liar(Parts):
    """A table that adds another row than it tells of."""

    def add_two_and_tell_of_one(self) -> None:
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._records += parts("a", "b")
        self._order += [0, 1]
        self.endInsertRows()


@pytest.mark.no_qt_log
def test_tester_finds_a_bad_model() -> None:
    said: list[str] = []
    before = qInstallMessageHandler(lambda _kind, _context, text: said.append(text))
    try:
        liar = Liar(COLUMNS)
        tester = QAbstractItemModelTester(liar, QAbstractItemModelTester.FailureReportingMode.Warning)
        assert not said
        liar.add_two_and_tell_of_one()
        assert "FAIL!" in said[0]
        del tester
    finally:
        qInstallMessageHandler(before)


@pytest.mark.parametrize("seed", range(8))
def test_any_sequence_of_changes_shows_what_a_plain_list_would(table: Parts, seed: int) -> None:
    dice = random.Random(seed)
    expected: list[Part] = []
    wanted, column, order = "", -1, UP
    for step in range(60):
        new = [
            Part(f"{dice.choice('aBcD')}{step}-{i}", dice.randrange(4), dice.choice([None, date(1), date(2)]))
            for i in range(dice.randrange(4))
        ]
        match dice.randrange(6):
            case 0:
                expected = new
                table.replace(new, more=dice.random() < 0.5)
            case 1 | 2:
                expected = expected + new
                table.append(new, more=dice.random() < 0.5)
            case 3:
                column, order = dice.choice([-1, NAME, COUNT, DATE]), dice.choice([UP, DOWN])
                table.sort(column, order)
            case 4:
                wanted = dice.choice(["", "A", "b", "2 PIECES", "2026", "nothing like it"])
                table.set_filter(wanted)
            case 5:
                table.fetchMore(QModelIndex())
        rows = [
            part
            for part in expected
            if any(wanted.casefold() in column.text(part).casefold() for column in COLUMNS)
        ]
        if column >= 0:
            rows = plainly_sorted(rows, column, order)
        assert [table.record(table.index(row, 0)) for row in range(table.rowCount())] == rows
        assert list(table.records) == expected


# Sorting ------------------------------------------------------------------------------------------------


def test_sorting_goes_by_the_sort_value_not_by_the_text(table: Parts) -> None:
    table.replace([Part("a", 10), Part("b", 9), Part("c", 100)])
    table.sort(COUNT, UP)
    assert shown(table) == ["b", "a", "c"]
    table.sort(COUNT, DOWN)
    assert shown(table) == ["c", "a", "b"]


def test_text_is_sorted_whatever_its_case(table: Parts) -> None:
    table.replace(parts("b", "C", "a", "B"))
    table.sort(NAME, UP)
    assert shown(table) == ["a", "b", "B", "C"]


@pytest.mark.parametrize("order", [UP, DOWN], ids=["up", "down"])
def test_equal_records_stay_in_the_order_they_came(table: Parts, order: Qt.SortOrder) -> None:
    table.replace([Part(name, 1) for name in "dbca"])
    table.sort(COUNT, order)
    assert shown(table) == ["d", "b", "c", "a"]


def test_unknown_dates_stand_last_either_way(table: Parts) -> None:
    table.replace([Part("late", 0, date(22)), Part("never"), Part("early", 0, date(1)), Part("unknown")])
    table.sort(DATE, UP)
    assert shown(table) == ["early", "late", "never", "unknown"]
    table.sort(DATE, DOWN)
    assert shown(table) == ["late", "early", "never", "unknown"]


def test_sorting_by_no_column_gives_the_order_they_came_in(table: Parts) -> None:
    table.replace(parts("b", "a", "c"))
    table.sort(NAME, UP)
    table.sort(-1, UP)
    assert shown(table) == ["b", "a", "c"]


def test_order_outlives_other_records(table: Parts) -> None:
    table.sort(NAME, DOWN)
    table.replace(parts("a", "c", "b"))
    assert shown(table) == ["c", "b", "a"]


# Filtering ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        ("", ["Module", "module 2", "Sensor"]),
        ("  ", ["Module", "module 2", "Sensor"]),
        ("MODULE", ["Module", "module 2"]),
        (" sens ", ["Sensor"]),
        ("7 pieces", ["Module"]),
        ("2026-11-22", ["Sensor"]),
        ("ModuleModule", []),
        ("STRASSE", []),
    ],
    ids=repr,
)
def test_filter_shows_records_that_hold_the_text_in_some_column(
    table: Parts, wanted: str, rows: list[str]
) -> None:
    table.replace([Part("Module", 7), Part("module 2"), Part("Sensor", 0, date(22))])
    table.set_filter(wanted)
    assert shown(table) == rows
    assert len(table.records) == 3


def test_filter_knows_that_letters_have_several_forms(table: Parts) -> None:
    table.replace(parts("Straße", "µA"))
    table.set_filter("STRASSE")
    assert shown(table) == ["Straße"]
    table.set_filter("μa")  # the Greek letter, where the record has the micro sign
    assert shown(table) == ["µA"]


def test_filter_goes_for_records_that_come_later(table: Parts) -> None:
    table.replace(parts("a1", "b1"))
    table.set_filter("a")
    table.append(parts("b2", "a2"), more=False)
    assert shown(table) == ["a1", "a2"]
    table.set_filter("")
    assert shown(table) == ["a1", "b1", "b2", "a2"]


# What Qt asks -------------------------------------------------------------------------------------------


def test_cell_tells_its_text_hint_record_and_side(table: Parts) -> None:
    part = Part("a", 3)
    table.replace([part])
    name, count = table.index(0, NAME), table.index(0, COUNT)
    assert table.data(count) == "3 pieces"
    assert table.data(name, Qt.ItemDataRole.ToolTipRole) == "hint of a"
    assert table.data(count, Qt.ItemDataRole.ToolTipRole) is None
    assert table.data(count, RECORD_ROLE) is part
    assert table.data(count, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert table.data(name, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft
    assert table.data(QModelIndex()) is None
    assert table.data(name, Qt.ItemDataRole.CheckStateRole) is None


def test_header_names_its_columns_and_nothing_else(table: Parts) -> None:
    titles = [table.headerData(column, Qt.Orientation.Horizontal) for column in (0, 1, 2, 3, -1)]
    assert titles == ["Name", "Count", "Date", None, None]
    assert table.headerData(0, Qt.Orientation.Vertical) is None


def test_rows_have_no_rows_below_them(table: Parts) -> None:
    table.replace(parts("a"))
    assert (table.rowCount(table.index(0, 0)), table.columnCount(table.index(0, 0))) == (0, 0)
    assert (table.rowCount(), table.columnCount()) == (1, 3)


def test_table_keeps_its_own_list(table: Parts) -> None:
    given = parts("a")
    table.replace(given)
    given.append(replace(given[0], name="b"))
    assert shown(table) == ["a"]
