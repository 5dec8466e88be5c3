"""A table of many records: sorted and filtered between events, newer wishes before older, nothing lost."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt, QTimer
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from itkgui.item_models.record_table import AT_ONCE, Column, RecordTable

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
COUNT = 3 * AT_ONCE


@dataclass(frozen=True)
class Part:
    """A record with a name of its own and a number that many share."""

    name: str
    number: int


COLUMNS: tuple[Column[Part], ...] = (
    Column("Name", lambda part: part.name),
    Column("Number", lambda part: f"{part.number} V", export=lambda part: part.number),
)


def parts(count: int, seed: int = 0) -> list[Part]:
    dice = random.Random(seed)
    return [Part(f"part {dice.randrange(10**6):06}", dice.randrange(30)) for _ in range(count)]


@pytest.fixture
def table(qtbot: QtBot) -> RecordTable[Part]:
    """Return a table with many records in no order."""
    found = RecordTable(COLUMNS)
    found.replace(parts(COUNT))
    return found


def ready(qtbot: QtBot, table: RecordTable[Part]) -> None:
    qtbot.waitUntil(lambda: not table.is_arranging)


def shown(table: RecordTable[Part]) -> list[Part]:
    return [table.record(table.index(row, 0)) for row in range(table.rowCount())]


def test_rows_stay_until_they_are_arranged(qtbot: QtBot, table: RecordTable[Part]) -> None:
    told: list[bool] = []
    table.arranged.connect(lambda: told.append(True))
    before = list(table.records)
    table.sort(0, UP)
    assert table.is_arranging
    assert shown(table) == before
    ready(qtbot, table)
    assert shown(table) == sorted(before, key=lambda part: part.name)
    assert told == [True]


def test_newer_wish_takes_the_place_of_an_older_one(qtbot: QtBot, table: RecordTable[Part]) -> None:
    changes: list[int] = []
    table.layoutChanged.connect(lambda: changes.append(table.rowCount()))
    for wanted in ("p", "part 0", "7 v", "12 v"):
        table.set_filter(wanted)
    table.sort(1, DOWN)
    table.sort(0, DOWN)
    ready(qtbot, table)
    expected = [part for part in table.records if "12 v" in f"{part.number} v"]
    assert shown(table) == sorted(expected, key=lambda part: part.name, reverse=True)
    assert changes == [len(expected)]


def test_unsorted_and_unfiltered_is_there_at_once(table: RecordTable[Part]) -> None:
    table.sort(0, UP)
    table.sort(-1, UP)
    assert not table.is_arranging
    assert shown(table) == list(table.records)


def test_records_that_come_meanwhile_are_arranged_too(qtbot: QtBot, table: RecordTable[Part]) -> None:
    table.sort(0, UP)
    for seed in range(1, 6):
        table.append(parts(100, seed), more=True)
    assert table.rowCount() == COUNT
    ready(qtbot, table)
    assert shown(table) == sorted(table.records, key=lambda part: part.name)
    assert table.rowCount() == COUNT + 500


def test_records_that_keep_coming_do_not_keep_the_rows_away(qtbot: QtBot, table: RecordTable[Part]) -> None:
    table.sort(0, UP)
    pages = iter(range(10**6))
    changes: list[int] = []
    table.layoutChanged.connect(lambda: changes.append(table.rowCount()))

    def another_page() -> bool:
        table.append(parts(20, next(pages)), more=True)
        return len(changes) >= 3

    qtbot.waitUntil(another_page)
    assert changes[0] < changes[2]


def test_other_records_end_what_was_under_way(qtbot: QtBot, table: RecordTable[Part]) -> None:
    table.sort(0, UP)
    table.replace(parts(10, 9))
    assert not table.is_arranging
    assert shown(table) == sorted(table.records, key=lambda part: part.name)
    table.replace(parts(COUNT, 8))
    ready(qtbot, table)
    assert shown(table) == sorted(table.records, key=lambda part: part.name)


def test_selection_and_places_follow_their_records(qtbot: QtBot, table: RecordTable[Part]) -> None:
    selection = QItemSelectionModel(table)
    rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (5, 700, 4000):
        selection.select(table.index(row, 0), rows)
    place = QPersistentModelIndex(table.index(4000, 1))
    wanted = {table.records[row] for row in (5, 700, 4000)}
    table.sort(0, DOWN)
    ready(qtbot, table)
    assert {table.record(index) for index in selection.selectedRows()} == wanted
    assert table.record(place) == table.records[4000]
    table.set_filter(table.records[4000].name)
    ready(qtbot, table)
    assert [table.record(index) for index in selection.selectedRows()] == [table.records[4000]]


def test_qt_finds_nothing_wrong(qtbot: QtBot, table: RecordTable[Part]) -> None:
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Warning)
    table.sort(1, UP)
    table.append(parts(50, 2), more=False)
    ready(qtbot, table)
    table.set_filter("part 00")
    ready(qtbot, table)
    table.set_filter("")
    ready(qtbot, table)
    assert table.rowCount() == COUNT + 50
    del tester


def test_preparing_changes_nothing_that_is_seen(qtbot: QtBot, table: RecordTable[Part]) -> None:
    qtbot.waitUntil(lambda: not any(t.isActive() for t in table.findChildren(QTimer)))
    assert shown(table) == list(table.records)
    table.sort(1, DOWN)
    table.set_filter("3 v")
    ready(qtbot, table)
    expected = [part for part in table.records if "3 v" in f"{part.number} v"]
    assert shown(table) == sorted(expected, key=lambda part: part.number, reverse=True)


def test_record_that_changed_is_looked_at_anew(qtbot: QtBot) -> None:
    @dataclass(eq=False)
    class Counter:
        """A record that changes."""

        number: int

    counters = [Counter(number) for number in range(COUNT)]
    table = RecordTable((Column[Counter]("Number", lambda counter: f"number {counter.number}"),))
    table.replace(counters)
    table.set_filter("number 9999999")
    qtbot.waitUntil(lambda: not table.is_arranging)
    assert table.rowCount() == 0
    counters[7].number = 9999999
    table.record_changed(counters[7])
    table.set_filter("number 9999999")
    qtbot.waitUntil(lambda: not table.is_arranging)
    assert table.shown == [counters[7]]


def test_counts_tell_all_loaded_and_shown() -> None:
    table = RecordTable(COLUMNS)
    table.replace(parts(3), more=True, total=8533)
    assert (table.total, table.counts) == (8533, "8,533 rows, 3 loaded")
    table.set_filter(table.records[0].name)
    assert table.counts == "8,533 rows, 3 loaded, 1 shown"
    table.append(parts(1, 5), more=True)
    assert table.counts == "8,533 rows, 4 loaded, 1 shown"
    table.sort(0)
    assert table.counts == "8,533 rows, sorted among the 4 loaded, 1 shown"
    table.sort(-1)
    table.append([], more=False)
    table.set_filter("")
    assert (table.total, table.counts) == (4, "4 rows")
    table.replace(parts(1), more=True)
    assert (table.total, table.counts) == (None, "1 row loaded, and there are more")
    table.replace([replace(parts(1)[0])])
    assert table.counts == "1 row"
