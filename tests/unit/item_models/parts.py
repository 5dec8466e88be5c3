"""Records with a column of each kind, for the tests of the table that holds any of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

from PySide6.QtCore import Qt

from itkgui.item_models.record_table import Column, RecordTable

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


def shown(table: Parts) -> list[str]:
    return [table.data(table.index(row, NAME)) for row in range(table.rowCount())]


def parts(*names: str) -> list[Part]:
    return [Part(name) for name in names]


def date(day: int) -> datetime:
    return datetime(2026, 11, day, tzinfo=timezone.utc)
