"""A small table of records, for the tests of the view that shows any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from itkgui.item_models.record_table import Column
from itkgui.views.tables.record_view import RecordView

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


def parts(count: int) -> list[Part]:
    return [Part(f"part {place}", place - 2.5, f"remark {place % 7}") for place in range(count)]


def press(view: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(view, key, modifiers)


def titles(view: RecordView[Part]) -> list[str]:
    return [view.table.columns[column].title for column in view.layout_of_columns.shown]
