"""The columns of the table of runs: also which numbers of the results stand in some of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from itkgui.item_models.run_quantity import RunQuantity
from itkgui.item_models.test_run_table import DATE, FILES, QUANTITIES, STAGE, TEST_TYPE, VERDICT
from itkgui.language import _
from itkgui.views.tables.column_layout import ColumnLayout

_USUAL = (TEST_TYPE, STAGE, DATE, VERDICT, FILES)

if TYPE_CHECKING:
    from itkgui.views.test_runs.run_table_view import RunTableView


class RunColumnLayout(ColumnLayout):
    """Keeps the numbers with the columns, so that a preset for one test type has them; see ColumnLayout."""

    _is_narrow = False
    _other_verdict = 11.0  # digits: on a narrow page, which has no room for "passed, problems"

    def saved(self) -> dict[str, Any]:
        """Return what a ColumnLayout does, and the numbers."""
        quantities = self._runs_view.runs_table.quantities
        return super().saved() | {"quantities": [one and one.as_json() for one in quantities]}

    def restore(self, saved: Any) -> None:
        """Do what a ColumnLayout does, with the numbers that were kept; without the malformed ones."""
        kept = saved.get("quantities") if isinstance(saved, dict) else None
        self._show(list(map(RunQuantity.from_json, kept)) if isinstance(kept, list) else [])
        super().restore(saved)
        self.vacate_unused()

    def reset(self) -> None:
        """Do what a ColumnLayout does, and show no numbers."""
        self._show([])
        super().reset()

    def show_quantity(self, wanted: RunQuantity) -> int:
        """Give a number a column, if it has none yet; the last is taken if there is no other. Return it."""
        quantities = list(self._runs_view.runs_table.quantities)
        free = (place for place, column in enumerate(QUANTITIES) if not self.is_wanted(column))
        unused = (place for place, one in enumerate(quantities) if one is None)
        known = (place for place, one in enumerate(quantities) if one == wanted)
        place = next((place for found in (known, unused, free) for place in found), len(quantities) - 1)
        quantities[place] = wanted
        self._show(quantities)
        return QUANTITIES[place]

    def vacate_unused(self) -> None:
        """Hide the columns of numbers that no run has, and where there is no room that of the stage.

        The run beside the table tells its stage, too.
        """
        table = self._runs_view.runs_table
        types = {run.test_type.code for run in table.runs}
        unused = [
            column
            for column, one in zip(QUANTITIES, table.quantities, strict=True)
            if one is None or one.test_type not in types
        ]
        wide = self._declared | {VERDICT: max(self._declared.get(VERDICT, 0.0), self._other_verdict)}
        usual = sum(self._pixels(wide.get(column, 0.0)) for column in _USUAL)
        is_narrow = usual > self._view.viewport().width()
        if is_narrow != self._is_narrow:
            self._is_narrow, verdict = is_narrow, self._declared.get(VERDICT, self._other_verdict)
            self._declared[VERDICT], self._other_verdict = self._other_verdict, verdict
            self.apply()
        self.fill_with(TEST_TYPE if is_narrow else STAGE)
        self.vacate([*unused, STAGE] if is_narrow else unused, _("nothing in it, or no room now"))

    def _show(self, quantities: Sequence[RunQuantity | None]) -> None:
        view = self._runs_view
        if view.runs_table.set_quantities(quantities):
            view.show_records(list(view.table.records), key=lambda row: row.key)
        self.vacate_unused()

    @property
    def _runs_view(self) -> RunTableView:
        return cast("RunTableView", self._view)
