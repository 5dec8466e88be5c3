"""The table of records in a window: keys, several rows, columns as one wants them, and where it stands."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Worker
from itkgui.item_models.record_table import AT_ONCE, Column, RecordTable
from itkgui.view_state import ViewState
from itkgui.views.column_layout import VERSION
from itkgui.views.column_menu import ColumnButton, column_menu
from itkgui.views.memory import Memory
from itkgui.views.record_view import RecordView
from itkgui.views.staying_menu import StayingMenu

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
CONTROL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)
NAME, NUMBER, REMARK = range(3)


@dataclass(frozen=True)
class Part:
    """A record."""

    name: str
    number: float = 0.0
    remark: str = ""


COLUMNS: tuple[Column[Part], ...] = (
    Column("Name", lambda part: part.name, monospace=True),
    Column(
        "Number", lambda part: f"{part.number:g}", export=lambda part: part.number, unit="V", align_right=True
    ),
    Column("Remark", lambda part: part.remark),
)
MakeView = Callable[..., RecordView[Part]]


@pytest.fixture
def make_view(qtbot: QtBot) -> MakeView:
    """Show a table of records in a window of 600 × 400 pixels that has the focus."""

    def make(
        records: list[Part], columns: tuple[Column[Part], ...] = COLUMNS, **options: Any
    ) -> RecordView[Part]:
        table = RecordTable(columns)
        view = RecordView(table, "Parts", **options)
        qtbot.addWidget(view)
        view.set_widths(20, 10, 10)
        view.resize(600, 400)
        table.replace(records)
        view.show()
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
        return view

    return make


def parts(count: int) -> list[Part]:
    return [Part(f"part {place}", place - 2.5, f"remark {place % 7}") for place in range(count)]


def press(view: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(view, key, modifiers)


def titles(view: RecordView[Part]) -> list[str]:
    return [view.table.columns[column].title for column in view.layout_of_columns.shown]


# Keys and rows ------------------------------------------------------------------------------------------


def test_keys_move_through_the_rows(make_view: MakeView) -> None:
    view = make_view(parts(200))
    view.choose_row(0)
    press(view, Qt.Key.Key_End)
    assert view.chosen.name == "part 199"
    press(view, Qt.Key.Key_PageUp)
    assert 150 < view.currentIndex().row() < 199
    press(view, Qt.Key.Key_Home)
    press(view, Qt.Key.Key_Right)
    press(view, Qt.Key.Key_Down)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (1, NUMBER)
    press(view, Qt.Key.Key_End)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (199, NUMBER)


def test_keys_do_nothing_in_an_empty_table(make_view: MakeView) -> None:
    view = make_view([], several=True)
    opened: list[object] = []
    view.record_opened.connect(opened.append)
    for key in (
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Return,
        Qt.Key.Key_Space,
        Qt.Key.Key_A,
        Qt.Key.Key_C,
    ):
        press(view, key)
        press(view, key, CONTROL)
    press(view, Qt.Key.Key_Left, CONTROL | SHIFT)
    assert (opened, view.chosen, view.all_chosen) == ([], None, [])


def test_enter_opens_the_row(make_view: MakeView) -> None:
    view = make_view(parts(3))
    opened: list[Part] = []
    view.record_opened.connect(opened.append)
    view.choose_row(1)
    press(view, Qt.Key.Key_Return)
    press(view, Qt.Key.Key_Enter)
    assert [part.name for part in opened] == ["part 1", "part 1"]


def test_several_rows_are_chosen_by_keys_and_told_in_the_order_of_the_rows(
    make_view: MakeView, qtbot: QtBot
) -> None:
    view = make_view(parts(10), several=True)
    told: list[list[str]] = []
    view.records_chosen.connect(lambda chosen: told.append([part.name for part in chosen]))
    view.choose_row(3)
    press(view, Qt.Key.Key_Down, SHIFT)
    press(view, Qt.Key.Key_Down, CONTROL)
    press(view, Qt.Key.Key_Down, CONTROL)
    press(view, Qt.Key.Key_Space, CONTROL)
    qtbot.waitUntil(lambda: told[-1:] == [["part 3", "part 4", "part 6"]])
    view.sortByColumn(NUMBER, DOWN)
    qtbot.waitUntil(lambda: told[-1] == ["part 6", "part 4", "part 3"])
    view.table.set_filter("part 4")
    qtbot.waitUntil(lambda: told[-1] == ["part 4"])
    view.table.set_filter("")
    press(view, Qt.Key.Key_A, CONTROL)
    qtbot.waitUntil(lambda: len(told[-1]) == 10)
    view.table.replace([])
    qtbot.waitUntil(lambda: told[-1] == [])


def test_all_rows_stay_chosen_but_a_huge_part_is_given_up(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(parts(3 * AT_ONCE), several=True)
    view.selectAll()
    view.sortByColumn(NUMBER, DOWN)
    qtbot.waitUntil(lambda: not view.table.is_arranging)
    assert len(view.all_chosen) == 3 * AT_ONCE
    view.setCurrentIndex(view.table.index(0, NAME))
    view.selectAll()
    press(view, Qt.Key.Key_Down, CONTROL)
    press(view, Qt.Key.Key_Space, CONTROL)
    assert len(view.all_chosen) == 3 * AT_ONCE - 1
    view.sortByColumn(NUMBER, UP)
    qtbot.waitUntil(lambda: not view.table.is_arranging)
    assert view.all_chosen == []


def test_one_row_at_a_time_where_no_more_are_asked_for(make_view: MakeView) -> None:
    view = make_view(parts(10))
    view.choose_row(3)
    press(view, Qt.Key.Key_Down, SHIFT)
    press(view, Qt.Key.Key_A, CONTROL)
    assert [part.name for part in view.all_chosen] == ["part 4"]


def test_other_records_keep_the_rows_chosen(make_view: MakeView) -> None:
    view = make_view(parts(50), several=True)
    view.choose_row(40)
    press(view, Qt.Key.Key_Down, SHIFT)
    place = view.verticalScrollBar().value()
    newer = [Part(part.name, part.number, "newer") for part in parts(60)]
    view.show_records(newer, key=lambda part: part.name)
    assert [(part.name, part.remark) for part in view.all_chosen] == [
        ("part 40", "newer"),
        ("part 41", "newer"),
    ]
    assert view.chosen.name == "part 41"
    assert view.verticalScrollBar().value() == place > 0


# Where the table stands ---------------------------------------------------------------------------------


def test_chosen_row_stays_where_it_is_on_the_screen(make_view: MakeView) -> None:
    view = make_view(parts(300))
    view.choose_row(150)
    place = view.rowViewportPosition(150)
    view.sortByColumn(NUMBER, DOWN)
    row = view.currentIndex().row()
    assert (row, view.rowViewportPosition(row)) == (149, place)
    view.table.set_filter("remark 3")
    assert view.chosen.name == "part 150"
    view.table.set_filter("")
    row = view.currentIndex().row()
    assert 0 <= view.rowViewportPosition(row) < view.viewport().height()


def test_rows_that_a_filter_leaves_are_seen_from_the_first(make_view: MakeView) -> None:
    view = make_view(parts(900))
    for chosen, first in ((-1, 0), (5, 0)):  # nothing is chosen, or something that the filter takes away
        view.choose_row(chosen)
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
        view.table.set_filter("part 1")
        assert view.rowAt(0) == first
        view.table.set_filter("")
    view.choose_row(150)
    view.verticalScrollBar().setValue(0)
    view.table.set_filter("part 1")
    assert view.chosen.name == "part 150"
    assert 0 <= view.rowViewportPosition(view.currentIndex().row()) < view.viewport().height()


def test_who_stands_at_the_top_sees_what_comes_first(make_view: MakeView) -> None:
    view = make_view(parts(300))
    view.choose_row(0)
    view.sortByColumn(NUMBER, DOWN)
    assert view.verticalScrollBar().value() == 0
    assert view.currentIndex().row() == 299


def test_rows_that_come_above_move_nothing(make_view: MakeView) -> None:
    view = make_view(parts(300))
    view.sortByColumn(NUMBER, UP)
    view.verticalScrollBar().setValue(view.rowHeight(0) * 100 + 7)
    first = view.indexAt(QPoint(0, 0))
    name, place = view.table.record(first).name, view.rowViewportPosition(first.row())
    view.table.append([Part(f"low {number}", -100.0) for number in range(20)], more=False)
    row = view.table.row_where(lambda part: part.name == name)
    assert (row, view.rowViewportPosition(row)) == (first.row() + 20, place)


# Copying ------------------------------------------------------------------------------------------------


def test_copy_takes_the_rows_and_columns_as_they_stand(make_view: MakeView, qapp: QApplication) -> None:
    view = make_view([Part("b", -1.5, "=1+1"), Part("a", 2.0, "two\nlines"), Part("c")], several=True)
    layout = view.layout_of_columns
    layout.move(REMARK, -1)
    view.sortByColumn(NAME, UP)
    view.choose_row(0)
    press(view, Qt.Key.Key_Down, SHIFT)
    press(view, Qt.Key.Key_C, CONTROL)
    data = qapp.clipboard().mimeData()
    assert data.text() == 'Name\tRemark\tNumber [V]\r\na\t"two\nlines"\t2.0\r\nb\t\'=1+1\t-1.5\r\n'
    assert 'x:num="-1.5"' in data.html()
    layout.show_column(REMARK, False)
    press(view, Qt.Key.Key_C, CONTROL)
    assert qapp.clipboard().text() == "Name\tNumber [V]\r\na\t2.0\r\nb\t-1.5\r\n"


def test_nothing_chosen_copies_nothing(make_view: MakeView, qapp: QApplication) -> None:
    qapp.clipboard().setText("before")
    view = make_view(parts(3))
    view.clearSelection()
    press(view, Qt.Key.Key_C, CONTROL)
    assert qapp.clipboard().text() == "before"


def test_many_rows_are_copied_between_other_events(
    make_view: MakeView, qtbot: QtBot, qapp: QApplication
) -> None:
    view = make_view(parts(2 * AT_ONCE), several=True)
    qapp.clipboard().setText("before")
    press(view, Qt.Key.Key_A, CONTROL)
    with qtbot.waitSignal(view.clipboard.copied) as copied:
        press(view, Qt.Key.Key_C, CONTROL)
        assert qapp.clipboard().text() == "before"
    assert copied.args == [2 * AT_ONCE]
    assert qapp.clipboard().text().count("\r\n") == 2 * AT_ONCE + 1


# Columns ------------------------------------------------------------------------------------------------


def entry(menu: StayingMenu, text: str) -> Any:
    (found,) = [action for action in menu.actions() if action.text() == text]
    return found


def test_columns_are_moved_by_keys(make_view: MakeView) -> None:
    view = make_view(parts(3))
    view.setCurrentIndex(view.table.index(0, NAME))
    press(view, Qt.Key.Key_Left, CONTROL | SHIFT)
    assert titles(view) == ["Name", "Number", "Remark"]
    press(view, Qt.Key.Key_Right, CONTROL | SHIFT)
    assert titles(view) == ["Number", "Name", "Remark"]


def test_menu_hides_shows_sorts_and_resets(make_view: MakeView) -> None:
    view = make_view(parts(3))
    menu = column_menu(view, NUMBER, view)
    entry(menu, "Sort descending").trigger()
    assert view.table.shown[0].name == "part 2"
    for title in ("Name", "Number", "Remark"):
        entry(menu, title).trigger()
    assert titles(view) == ["Remark"]
    assert entry(menu, "Remark").isChecked()
    assert not entry(menu, "Name").isChecked()
    entry(menu, "Reset columns").trigger()
    assert titles(view) == ["Name", "Number", "Remark"]
    assert view.table.shown[0].name == "part 0"


def test_menu_is_opened_and_used_by_keys(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(parts(3))
    view.choose_row(1)
    center = view.viewport().rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, center, view.mapToGlobal(center))
    QApplication.sendEvent(view.viewport(), event)
    (menu,) = view.findChildren(StayingMenu)
    qtbot.waitUntil(menu.isVisible)
    menu.setActiveAction(entry(menu, "Number"))
    press(menu, Qt.Key.Key_Space)
    assert titles(view) == ["Name", "Remark"]
    assert menu.isVisible()
    press(menu, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not view.findChildren(StayingMenu))


def test_button_opens_the_menu(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(parts(3))
    button = ColumnButton(view)
    qtbot.addWidget(button)
    button.show()
    press(button, Qt.Key.Key_Space)
    (menu,) = button.findChildren(StayingMenu)
    assert [action.text() for action in menu.actions() if action.isCheckable()] == [
        "Name",
        "Number",
        "Remark",
    ]
    menu.close()


def test_one_column_takes_the_room_until_it_has_a_width_of_its_own(make_view: MakeView) -> None:
    view = make_view(parts(3))
    header = view.horizontalHeader()
    assert header.length() == view.viewport().width()
    view.resize(700, 400)
    view.layout_of_columns.widen(NAME, 5)
    assert header.length() == view.viewport().width()
    view.stretch(NUMBER)
    wide = header.sectionSize(NUMBER)
    header.resizeSection(REMARK, 60)
    assert header.sectionSize(NUMBER) > wide
    header.resizeSection(NUMBER, 90)
    view.resize(800, 400)
    assert (header.sectionSize(NUMBER), header.sectionSize(REMARK)) == (90, 60)


# What is kept -------------------------------------------------------------------------------------------


@pytest.fixture
def worker(event_loop_of_qt: asyncio.AbstractEventLoop) -> Iterator[Worker]:
    found = Worker()
    yield found
    found.stop()


def test_columns_are_there_again_after_a_restart(
    make_view: MakeView, worker: Worker, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "view-state.json"
    view = make_view(parts(3))
    view.remember(Memory(ViewState(file, "a"), worker), "parts")
    view.layout_of_columns.move(REMARK, -1)
    view.layout_of_columns.show_column(NUMBER, False)
    view.layout_of_columns.widen(NAME, 7)
    view.sortByColumn(REMARK, DOWN)
    qtbot.waitUntil(file.exists, timeout=5000)
    again = make_view(parts(3))
    again.remember(Memory(ViewState(file, "a"), worker), "parts")
    assert titles(again) == ["Name", "Remark"]
    assert again.columnWidth(NAME) == view.columnWidth(NAME)
    assert [part.name for part in again.table.shown] == ["part 2", "part 1", "part 0"]
    for kind, user in (("others", "a"), ("parts", "b")):
        other = make_view(parts(3))
        other.remember(Memory(ViewState(file, user), worker), kind)
        assert titles(other) == ["Name", "Number", "Remark"]


def test_columns_of_another_release_are_fitted_in(make_view: MakeView) -> None:
    before = make_view(parts(3))
    before.layout_of_columns.move(REMARK, -1)
    before.layout_of_columns.move(REMARK, -1)
    saved = before.layout_of_columns.saved()
    newer = (COLUMNS[NAME], Column[Part]("New", lambda _: "new"), COLUMNS[REMARK])
    view = make_view(parts(3), newer)
    view.layout_of_columns.restore(saved)
    assert titles(view) == ["Remark", "Name", "New"]


@pytest.mark.parametrize(
    "saved",
    [
        None,
        [],
        {"columns": 3, "sort": 3},
        {"columns": [3, ["Name"], ["Name", "wide", True], [None, 3, True], ["Name", True, 1]]},
        {
            "columns": [["Name", None, False], ["Number", None, False], ["Remark", None, False]],
            "sort": ["Gone", True],
        },
        {"columns": [["Number", -5, True], ["Number", 7, True], ["Gone", 5, True]], "sort": ["Name", "down"]},
        {"columns": [["Name", 1e300, True]]},
    ],
    ids=repr,
)
def test_whatever_was_kept_some_column_shows(make_view: MakeView, saved: object) -> None:
    view = make_view(parts(3))
    view.layout_of_columns.restore(saved)
    assert titles(view)
    assert all(0 < view.columnWidth(column) < 10_000 for column in view.layout_of_columns.shown)
    assert view.table.rowCount() == 3


def test_columns_hidden_by_the_page_can_be_shown_and_are_hidden_again(make_view: MakeView) -> None:
    view = make_view(parts(3))
    view.hideColumn(REMARK)
    view.layout_of_columns.restore(None)
    assert titles(view) == ["Name", "Number"]
    view.layout_of_columns.show_column(REMARK, True)
    assert titles(view) == ["Name", "Number", "Remark"]
    view.layout_of_columns.reset()
    assert titles(view) == ["Name", "Number"]


def test_version_of_what_is_kept_is_told_with_it(make_view: MakeView, worker: Worker, tmp_path: Path) -> None:
    state = ViewState(tmp_path / "view-state.json", "a")
    state.put("table/parts", VERSION + 1, {"columns": [["Remark", None, False]], "sort": None})
    view = make_view(parts(3))
    view.remember(Memory(state, worker), "parts")
    assert titles(view) == ["Name", "Number", "Remark"]


def test_view_goes_with_the_last_who_holds_it(qtbot: QtBot, worker: Worker, tmp_path: Path) -> None:
    def use() -> list[weakref.ref[Any]]:
        view = RecordView(RecordTable(COLUMNS), "Parts", several=True)
        view.remember(Memory(ViewState(tmp_path / "view-state.json", "a"), worker), "parts")
        view.table.replace(parts(2 * AT_ONCE))
        view.show()
        view.selectAll()
        view.sortByColumn(NUMBER, DOWN)
        with qtbot.waitSignal(view.clipboard.copied):
            view.clipboard.copy(view.extract())
        qtbot.waitUntil(lambda: not view.table.is_arranging)
        return [weakref.ref(view), weakref.ref(view.table)]

    gc.disable()  # it would also end two that hold each other, at a moment that nobody chooses
    try:
        assert [left() for left in use()] == [None, None]
    finally:
        gc.enable()


# Reading ------------------------------------------------------------------------------------------------


def test_screen_reader_is_told_cells_titles_and_order(make_view: MakeView) -> None:
    view = make_view([Part("a", 1.0, "<b>x</b>"), Part("b")])
    view.sortByColumn(NUMBER, DOWN)
    table = QAccessible.queryAccessibleInterface(view)
    children = [table.child(place) for place in range(table.childCount())]
    cells = [child for child in children if child.role() is QAccessible.Role.Cell]
    assert [cell.text(QAccessible.Text.Name) for cell in cells] == [
        "a",
        "1",
        "<b>x</b>",
        "b",
        "0",
        "no Remark",
    ]
    title = view.table.headerData(NUMBER, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
    assert title == "Number, sorted descending"


def test_text_of_a_megabyte_is_painted_as_fast_as_any(make_view: MakeView, qtbot: QtBot) -> None:
    huge = "x" * 10**6 + "\n" * 10**6
    view = make_view([Part(f"part {number}", 0.0, huge + str(number)) for number in range(30)])
    begun = view.grab()
    assert not begun.isNull()
    index = view.table.index(0, REMARK)
    assert len(index.data()) == 1000
    view.resizeColumnToContents(REMARK)
    assert view.columnWidth(REMARK) < 20_000


def test_larger_text_gets_higher_rows_and_wider_columns(make_view: MakeView, qtbot: QtBot) -> None:
    view = make_view(parts(3))
    height, width = view.rowHeight(0), view.columnWidth(NAME)
    font = QFont(view.font())
    font.setPointSizeF(font.pointSizeF() * 1.5)
    view.setFont(font)
    qtbot.waitUntil(lambda: view.rowHeight(0) > height + 3)
    assert view.columnWidth(NAME) > 1.3 * width
