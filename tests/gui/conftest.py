"""Fixtures for the tests of what is on the screen."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from itkgui.item_models.record_table import Column, RecordTable
from itkgui.views.record_view import RecordView
from tests.gui.parts import COLUMNS, MakeView, Part


@pytest.fixture
def make_view(qtbot: QtBot) -> MakeView:
    """Show a table of records in a window of 600 × 400 pixels that has the focus."""

    def make(
        records: list[Part], columns: tuple[Column[Part], ...] = COLUMNS, **options: Any
    ) -> RecordView[Part]:
        table = RecordTable(columns)
        view = RecordView(table, "Parts", **options)
        qtbot.addWidget(view)
        view.set_widths(20, 10, 10)
        view.resize(600, 400)
        table.replace(records)
        view.show()
        view.setFocus()
        qtbot.waitUntil(view.hasFocus)
        return view

    return make
