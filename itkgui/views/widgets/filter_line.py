"""The field above a table that narrows its rows while one types."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLineEdit

from itkgui.item_models.record_table import RecordTable
from itkgui.language import _
from itkgui.views.style import set_room


class FilterLine(QLineEdit):
    """Shows those rows of a table that hold what is typed."""

    def __init__(self, table: RecordTable[Any], hint: str = "") -> None:
        super().__init__()
        hint = hint or _("Filter the rows")
        self.setPlaceholderText(hint)
        self.setAccessibleName(_("Filter the rows"))
        self.setClearButtonEnabled(True)
        set_room(self, least=(16, 0), most=(len(hint) + 6, 0))
        self.textChanged.connect(table.set_filter)
