"""The table of records against a plain list that does the same, with Qt's own model tester watching."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

import pytest
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    qInstallMessageHandler,
)
from PySide6.QtTest import QAbstractItemModelTester

from itkgui.item_models.record_table import RECORD_ROLE, Column, RecordTable

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
NAME, COUNT, DATE = 0, 1, 2


@dataclass(frozen=True)
class Part:
    """A record with a column of each kind."""

    name: str
    count: int = 0
    date: datetime | None = None


def count_text(part: Part) -> str:
    return f"{part.count} pieces"


COLUMNS: tuple[Column[Part], ...] = (
    Column("Name", lambda part: part.name, hint=lambda part: f"hint of {part.name}"),
    Column("Count", count_text, sort=lambda part: part.count, align_right=True),
    Column("Date", lambda part: str(part.date or "–"), export=lambda part: part.date),
)


class Parts(RecordTable[Part]):
    """The table under test."""


@pytest.fixture
def table() -> Iterator[Parts]:
    """Return an empty table; what Qt's tester finds wrong with it fails the test as a warning of Qt."""
    found = Parts(COLUMNS)
    tester = QAbstractItemModelTester(found, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield found
    del tester


class AskedFor:
    """Counts how often a table asked for more."""

    def __init__(self, table: Parts) -> None:
        self.times = 0
        table.more_wanted.connect(self._count)

    def _count(self) -> None:
        self.times += 1


def shown(table: Parts) -> list[str]:
    return [table.data(table.index(row, NAME)) for row in range(table.rowCount())]


def plainly_sorted(rows: list[Part], column: int, order: Qt.SortOrder) -> list[Part]:
    def key(part: Part) -> Any:
        words = re.split(r"([0-9]+)", part.name.casefold())
        natural = [int(word) if place % 2 else word for place, word in enumerate(words)]
        return natural if column == NAME else part.count if column == COUNT else part.date

    known = [part for part in rows if column != DATE or part.date is not None]
    unknown = [part for part in rows if part not in known]
    return sorted(known, key=key, reverse=order is DOWN) + unknown


def parts(*names: str) -> list[Part]:
    return [Part(name) for name in names]


def date(day: int) -> datetime:
    return datetime(2026, 11, day, tzinfo=timezone.utc)


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


# What is chosen stays chosen ----------------------------------------------------------------------------


def chosen_in(table: Parts, *rows: int) -> QItemSelectionModel:
    selection = QItemSelectionModel(table)
    for row in rows:
        selection.select(
            QItemSelection(table.index(row, 0), table.index(row, table.columnCount() - 1)),
            QItemSelectionModel.SelectionFlag.Select,
        )
    return selection


def names(table: Parts, selection: QItemSelectionModel) -> set[str]:
    return {table.record(index).name for index in selection.selectedIndexes()}


def test_selection_and_current_row_survive_sorting_and_filtering(table: Parts) -> None:
    table.replace([Part(name, count) for count, name in enumerate("dbca")])
    selection = chosen_in(table, 0, 2)
    selection.setCurrentIndex(table.index(2, COUNT), QItemSelectionModel.SelectionFlag.NoUpdate)
    assert names(table, selection) == {"d", "c"}
    table.sort(NAME, UP)
    table.set_filter("pieces")
    table.sort(COUNT, DOWN)
    table.append(parts("e"), more=False)
    assert names(table, selection) == {"d", "c"}
    current = selection.currentIndex()
    assert (table.record(current).name, current.column()) == ("c", COUNT)


def test_selection_loses_only_what_the_filter_hides(table: Parts) -> None:
    table.replace(parts("a1", "b1", "a2", "b2"))
    selection = chosen_in(table, 1, 2)
    table.set_filter("a")
    assert names(table, selection) == {"a2"}
    table.set_filter("")
    assert names(table, selection) == {"a2"}


def test_remembered_place_follows_its_record_or_becomes_invalid(table: Parts) -> None:
    table.replace(parts("z", "x", "y"))
    place = QPersistentModelIndex(table.index(0, DATE))
    table.sort(NAME, UP)
    assert (place.row(), place.column()) == (2, DATE)
    table.set_filter("z")
    assert (place.row(), place.column()) == (0, DATE)
    table.set_filter("x")
    assert not place.isValid()


def test_row_where_finds_the_first_row_shown(table: Parts) -> None:
    table.replace([Part("a", 1), Part("b", 2), Part("c", 2)])
    table.sort(NAME, DOWN)
    assert table.row_where(lambda part: part.count == 2) == 0
    assert table.row_where(lambda part: part.count == 1) == 2
    table.set_filter("a")
    assert table.row_where(lambda part: part.count == 2) == -1


# More is fetched as the view scrolls --------------------------------------------------------------------


@pytest.fixture
def scrolled() -> Parts:
    """Return an empty table that nobody watches: Qt's tester fetches more by itself."""
    return Parts(COLUMNS)


def test_more_is_asked_for_once_until_it_is_answered(scrolled: Parts) -> None:
    asked = AskedFor(scrolled)
    scrolled.replace(parts("a"), more=True)
    for _ in range(3):
        scrolled.fetchMore(QModelIndex())
    assert (asked.times, scrolled.canFetchMore(QModelIndex())) == (1, False)
    scrolled.append(parts("b"), more=True)
    assert scrolled.canFetchMore(QModelIndex())
    scrolled.fetchMore(QModelIndex())
    assert asked.times == 2
    scrolled.append(parts("c"), more=False)
    scrolled.fetchMore(QModelIndex())
    assert (asked.times, shown(scrolled)) == (2, ["a", "b", "c"])


def test_nothing_is_asked_for_where_all_is_shown_or_below_a_row(scrolled: Parts) -> None:
    asked = AskedFor(scrolled)
    scrolled.fetchMore(QModelIndex())
    scrolled.replace(parts("a"))
    scrolled.fetchMore(QModelIndex())
    scrolled.replace(parts("a"), more=True)
    scrolled.fetchMore(scrolled.index(0, 0))
    assert asked.times == 0


def test_question_that_failed_is_asked_again_on_the_next_scroll(scrolled: Parts) -> None:
    asked = AskedFor(scrolled)
    scrolled.replace(parts("a"), more=True)
    scrolled.fetchMore(QModelIndex())
    scrolled.asking_failed()
    assert scrolled.canFetchMore(QModelIndex())
    scrolled.fetchMore(QModelIndex())
    assert asked.times == 2


def test_other_records_take_back_the_question(scrolled: Parts) -> None:
    scrolled.replace(parts("a"), more=True)
    scrolled.fetchMore(QModelIndex())
    scrolled.replace(parts("b"), more=True)
    assert scrolled.canFetchMore(QModelIndex())
    scrolled.replace(parts("c"), more=False)
    assert not scrolled.canFetchMore(QModelIndex())


def test_records_that_come_later_go_below_without_moving_the_others(table: Parts) -> None:
    inserted: list[tuple[int, int]] = []
    table.rowsInserted.connect(lambda _, first, last: inserted.append((first, last)))
    table.replace(parts("b", "a"), more=True)
    table.append(parts("d", "c"), more=True)
    table.append([], more=False)
    assert inserted == [(2, 3)]
    assert shown(table) == ["b", "a", "d", "c"]


def test_records_that_come_later_go_where_the_order_puts_them(table: Parts) -> None:
    table.replace(parts("b", "d"), more=True)
    table.sort(NAME, UP)
    table.append(parts("c", "a"), more=False)
    assert shown(table) == ["a", "b", "c", "d"]
    table.sort(-1, UP)
    assert shown(table) == ["b", "d", "c", "a"]


def test_records_may_come_as_an_iterator(table: Parts) -> None:
    table.replace(iter(parts("a", "b")))
    table.append(iter(parts("c")), more=False)
    assert shown(table) == ["a", "b", "c"]


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
