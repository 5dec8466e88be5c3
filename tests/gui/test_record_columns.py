"""The columns of a table in a window: moved, hidden, widened by keys and menus, and there again later."""

from __future__ import annotations

import weakref
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Worker
from itkgui.item_models.record_table import AT_ONCE, Column, RecordTable
from itkgui.view_state import ViewState
from itkgui.views.context.memory import Memory
from itkgui.views.tables.column_layout import VERSION
from itkgui.views.tables.column_menu import ColumnButton, column_menu
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.staying_menu import StayingMenu
from tests.gui.parts import (
    COLUMNS,
    CONTROL,
    DOWN,
    NAME,
    NUMBER,
    REMARK,
    SHIFT,
    MakeView,
    Part,
    parts,
    press,
    titles,
)

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
    qtbot.waitUntil(file.exists)
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

    # No collector runs within a test, which would also end two that hold each other.
    assert [left() for left in use()] == [None, None]
