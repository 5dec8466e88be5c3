"""A number of the results, shown for each run of its test type in a column of the table of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from itkgui.item_models.record_table import Column
from itkgui.item_models.result_table import number_text
from itkgui.item_models.run_rows import RunRow
from itkgui.records.test_run import Measured, TestRun


@dataclass(frozen=True)
class RunQuantity:
    """Which number it is: the codes of a test type and of its result, and what the result is called."""

    test_type: str
    code: str
    name: str
    unit: str

    @classmethod
    def of(cls, run: TestRun, result: Measured) -> RunQuantity:
        return cls(run.test_type.code, result.code, result.label, result.unit)

    @classmethod
    def from_json(cls, kept: Any) -> RunQuantity | None:
        """Return what ``as_json`` made; None for anything else."""
        match kept:
            case [str(test_type), str(code), str(name), str(unit)]:
                return cls(test_type, code, name, unit)
        return None

    def as_json(self) -> list[str]:
        """Return it as it is kept with the columns."""
        return [self.test_type, self.code, self.name, self.unit]

    def number_in(self, row: RunRow) -> float | None:
        """Return the number of a run, or of the run that speaks for a heading; None where there is none."""
        run = row.run
        if run is None or run.test_type.code != self.test_type:
            return None
        found = (result.number for result in run.results if result.code == self.code)
        return next(found, None)


def quantity_column(quantity: RunQuantity | None, key: str) -> Column[RunRow]:
    """Return the column of a number, or one without a title for as long as none is wanted."""
    if quantity is None:
        return Column("", lambda _row: "", key=key, align_right=True, as_given=True)
    title = f"{quantity.name} [{quantity.unit}]" if quantity.unit else quantity.name

    def text(row: RunRow) -> str:
        number = quantity.number_in(row)
        return "" if number is None else number_text(number)

    return Column(title, text, export=quantity.number_in, key=key, align_right=True, as_given=True)
