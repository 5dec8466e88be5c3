"""A table that leaves out what matters least where there is no room for all of its columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent

from itkgui.language import _
from itkgui.views.tables.record_view import Record, RecordView


class SparingView(RecordView[Record]):
    """What it leaves out has to stand elsewhere, such as in a form or a detail below it."""

    left_out_first: Sequence[int] = ()  # columns

    def _fit_text(self) -> None:
        super()._fit_text()
        if self.isVisible():
            self._leave_out()

    def _leave_out(self) -> None:
        layout = self.layout_of_columns
        wide = {column: layout.width_of(column) for column in layout.order if layout.is_wanted(column)}
        missing = sum(wide.values()) - self.viewport().width()
        left_out = []
        for column in self.left_out_first:
            if missing > 0 and column in wide:
                left_out.append(column)
                missing -= wide[column]
        layout.vacate(left_out, _("no room now"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._leave_out()
        super().resizeEvent(event)
