"""Arrangements of columns kept by name: saved, chosen, deleted, and passed on as text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from itkgui.background.worker import Worker
from itkgui.view_state import ViewState
from itkgui.views.context.memory import Memory
from itkgui.views.tables.column_layout import VERSION
from itkgui.views.tables.column_menu import column_menu
from itkgui.views.tables.column_presets import BadPreset, ColumnPresets
from itkgui.views.tables.record_view import RecordView
from tests.gui.parts import DOWN, NAME, NUMBER, REMARK, MakeView, Part, parts, titles


@pytest.fixture
def memory(event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Memory]:
    worker = Worker()
    yield Memory(ViewState(tmp_path / "state.json", "me"), worker)
    worker.stop()


@pytest.fixture
def view(make_view: MakeView, memory: Memory) -> RecordView[Part]:
    found = make_view(parts(5))
    found.remember(memory, "parts")
    return found


def presets_of(view: RecordView[Any]) -> ColumnPresets:
    presets = view.presets
    assert presets is not None
    return presets


def arrange(view: RecordView[Part]) -> None:
    """Hide the remark, move and widen the number, and sort by it."""
    layout = view.layout_of_columns
    layout.show_column(REMARK, False)
    layout.move(NUMBER, -1)
    layout.widen(NUMBER, 5)
    view.sortByColumn(NUMBER, DOWN)


def test_arrangement_comes_back_by_its_name(
    view: RecordView[Part], make_view: MakeView, memory: Memory
) -> None:
    arrange(view)
    arranged = view.layout_of_columns.saved()
    presets_of(view).save("  for   the lab ")
    view.layout_of_columns.reset()
    assert titles(view) == ["Name", "Number", "Remark"]
    other = make_view(parts(5))
    other.remember(memory, "parts")
    presets = presets_of(other)
    assert presets.names == ["for the lab"]
    presets.choose("for the lab")
    assert titles(other) == ["Number", "Name"]
    assert other.layout_of_columns.saved() == arranged
    assert other.table.shown[0].name == "part 4"
    again = make_view(parts(5))
    again.remember(memory, "parts")
    assert titles(again) == ["Number", "Name"], "what was chosen is kept like what was arranged by hand"


def test_preset_that_says_nothing_of_sorting_ends_it(view: RecordView[Part]) -> None:
    presets = presets_of(view)
    presets.save("plain")
    arrange(view)
    presets.choose("plain")
    assert titles(view) == ["Name", "Number", "Remark"]
    assert view.table.shown[0].name == "part 0"


def test_names_are_replaced_whatever_their_case_and_deleted(view: RecordView[Part]) -> None:
    presets = presets_of(view)
    for name in ("Lab", "clean room", "LAB", "   "):
        presets.save(name)
    assert presets.names == ["clean room", "LAB"]
    presets.delete("LAB")
    assert presets.names == ["clean room"]
    for number in range(60):
        presets.save(f"{number}")
    assert len(presets.names) == 50
    assert "59" in presets.names


# As text --------------------------------------------------------------------------------------------------


def test_text_brings_the_arrangement_to_somebody_else(view: RecordView[Part], make_view: MakeView) -> None:
    arrange(view)
    text = presets_of(view).as_text()
    view.layout_of_columns.reset()
    presets = presets_of(view)
    view.layout_of_columns.take(presets.read(text))
    assert titles(view) == ["Number", "Name"]
    assert presets.as_text() == text


GOOD: dict[str, Any] = {"itkgui columns": VERSION, "table": "parts", "columns": [["Name", None, True]]}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no columns"),
        ("20UPGM23800001", "no columns"),
        ("[1, 2]", "no columns"),
        ("[" * 100_000, "no columns"),
        (json.dumps({"columns": []}), "no columns"),
        (json.dumps(GOOD | {"itkgui columns": VERSION + 1}), "another version"),
        (json.dumps(GOOD | {"table": "files"}), "another kind of table"),
        (json.dumps(GOOD | {"columns": [["Colour", None, True], "x", 7]}), "no column of this table"),
        (json.dumps(GOOD | {"columns": {"Name": True}}), "no column of this table"),
    ],
)
def test_text_that_is_none_is_refused_with_a_reason(view: RecordView[Part], text: str, reason: str) -> None:
    before = view.layout_of_columns.saved()
    with pytest.raises(BadPreset, match=reason):
        presets_of(view).read(text)
    assert view.layout_of_columns.saved() == before


@pytest.mark.parametrize("width", ["NaN", "Infinity", "1e999", "9" * 400, "-Infinity"])
def test_width_that_is_no_number_of_digits_is_left_out(view: RecordView[Part], width: str) -> None:
    text = json.dumps(GOOD | {"columns": [["Number", None, True], ["Name", 12345, True]]})
    view.layout_of_columns.take(presets_of(view).read(text.replace("12345", width)))
    assert titles(view)[0] == "Number"
    json.dumps(view.layout_of_columns.saved(), allow_nan=False)


def test_two_windows_lose_no_preset_of_each_other(
    event_loop_of_qt: asyncio.AbstractEventLoop, make_view: MakeView, tmp_path: Path
) -> None:
    worker = Worker()
    states = [ViewState(tmp_path / "state.json", "me") for _ in range(2)]
    for name, state in zip(("of one", "of the other"), states, strict=True):
        found = make_view(parts(5))
        found.remember(Memory(state, worker), "parts")
        presets_of(found).save(name)
    assert all(state.save() for state in states)
    worker.stop()
    kept = ViewState(tmp_path / "state.json", "me").get("presets/parts", VERSION)
    assert sorted(kept) == ["of one", "of the other"]


# The menu -------------------------------------------------------------------------------------------------


def preset_menu(view: RecordView[Part]) -> QMenu:
    menu = column_menu(view, NAME, view)
    (found,) = (entry.menu() for entry in menu.actions() if entry.text() == "Presets")
    assert isinstance(found, QMenu)
    found.aboutToShow.emit()
    return found


def entries(menu: QMenu) -> dict[str, Any]:
    return {entry.text(): entry for entry in menu.actions() if entry.text()}


def test_menu_saves_by_a_name_and_chooses_and_deletes(view: RecordView[Part]) -> None:
    arrange(view)
    menu = preset_menu(view)
    assert not entries(menu)["Nothing saved yet"].isEnabled()
    (field,) = menu.findChildren(QLineEdit)
    QTest.keyClicks(field, "R&D")
    QTest.keyClick(field, Qt.Key.Key_Return)
    view.layout_of_columns.reset()
    entries(preset_menu(view))["R&&D"].trigger()
    assert titles(view) == ["Number", "Name"]
    delete = entries(preset_menu(view))["Delete"].menu()
    entries(delete)["R&&D"].trigger()
    assert presets_of(view).names == []


def test_menu_copies_and_pastes_or_says_why_not(view: RecordView[Part]) -> None:
    QGuiApplication.clipboard().setText("a serial number")
    refused = entries(preset_menu(view))["Cannot paste: the clipboard holds no columns"]
    assert not refused.isEnabled()
    arrange(view)
    entries(preset_menu(view))["Copy the present columns as text"].trigger()
    view.layout_of_columns.reset()
    entries(preset_menu(view))["Paste the columns copied as text"].trigger()
    assert titles(view) == ["Number", "Name"]


def test_table_that_is_not_remembered_has_no_presets(make_view: MakeView) -> None:
    view = make_view(parts(3))
    assert view.presets is None
    assert "Presets" not in entries(column_menu(view, NAME, view))
