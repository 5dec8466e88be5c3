"""What is chosen in a table while rows change places, and what it asks for as it is scrolled."""

from __future__ import annotations

import pytest
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
)

from tests.unit.item_models.parts import (
    COLUMNS,
    COUNT,
    DATE,
    DOWN,
    NAME,
    UP,
    Part,
    Parts,
    parts,
    shown,
)


class AskedFor:
    """Counts how often a table asked for more."""

    def __init__(self, table: Parts) -> None:
        self.times = 0
        table.more_wanted.connect(self._count)

    def _count(self) -> None:
        self.times += 1


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
