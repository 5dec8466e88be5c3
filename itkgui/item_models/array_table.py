"""The numbers of an array, a table or an object of a test run, in rows and columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from itkgui.item_models.record_table import Column, RecordTable
from itkgui.item_models.result_table import value_text
from itkgui.language import N_
from itkgui.records.test_run import Measured

MOST_COLUMNS = 400


@dataclass(frozen=True)
class _Values:
    """A column of values, which may be shorter than others."""

    title: str
    values: Sequence[Any]
    as_given: bool = True

    def at(self, row: int) -> Any:
        return self.values[row] if row < len(self.values) else None


class ArrayTable(RecordTable[int]):
    """A value in rows; a record is the row's number. ``left_out`` counts columns that are too many to show.

    An array has one column, a table as many as its longest row, an object one for each of its keys.
    """

    def __init__(self, measured: Measured) -> None:
        columns = _columns_of(measured)
        self.left_out = max(0, len(columns) - MOST_COLUMNS)
        columns = columns[:MOST_COLUMNS]
        super().__init__(
            (
                Column("#", str, export=lambda row: row, align_right=True, tone=lambda _row: "quiet"),
                *(
                    Column(
                        column.title,
                        partial(_text, column),
                        export=column.at,
                        monospace=True,
                        unit=measured.unit,
                        key=f"{number} {column.title}",
                        as_given=column.as_given,
                    )
                    for number, column in enumerate(columns)
                ),
            )
        )
        self.replace(range(max((len(column.values) for column in columns), default=0)))


def _text(column: _Values, row: int) -> str:
    if row >= len(column.values):
        return ""
    return value_text(column.values[row])


def _columns_of(measured: Measured) -> list[_Values]:
    value = measured.value
    if isinstance(value, Mapping):
        if any(isinstance(item, list) for item in value.values()):
            return [_Values(str(key), _listed(item)) for key, item in value.items()]
        return [
            _Values(N_("Name"), [str(key) for key in value], as_given=False),
            _Values(N_("Value"), list(value.values()), as_given=False),
        ]
    rows = _listed(value)
    if rows and all(isinstance(row, list) for row in rows):
        width = max(map(len, rows))
        return [_Values(str(n), [row[n] if n < len(row) else None for row in rows]) for n in range(width)]
    return [_Values(measured.label, rows)]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
