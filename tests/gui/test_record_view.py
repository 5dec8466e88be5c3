"""The table of records in a window: keys, several rows, copying, what is read of it, and where it stands."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from itkgui.item_models.record_table import AT_ONCE
from tests.gui.parts import (
    CONTROL,
    DOWN,
    NAME,
    NUMBER,
    REMARK,
    SHIFT,
    UP,
    MakeView,
    Part,
    parts,
    press,
)

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
    view.show_records(list(view.table.records), key=id)
    assert len(view.all_chosen) == 3 * AT_ONCE
    assert view.selectionModel().selection().count() == 1, "not one for each row, which takes long"
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
