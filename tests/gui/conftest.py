"""Fixtures for the tests of what is on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Worker
from itkgui.decoding.decoders import Decoders
from itkgui.item_models.record_table import Column, RecordTable
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.style import SIZES, Style
from itkgui.views.tables.record_view import RecordView
from itkgui.views.theme import LIGHT
from tests.gui.parts import COLUMNS, MakeView, Part
from tests.gui.picture_viewing import PictureViewer
from tests.gui.previewing import Viewer
from tests.gui.text_reading import Reader


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


@pytest.fixture
def worker(event_loop_of_qt: asyncio.AbstractEventLoop) -> Iterator[Worker]:
    """Threads that have ended before the test has."""
    found = Worker()
    yield found
    found.stop()


@pytest.fixture
def style(qapp: QApplication, qtbot: QtBot) -> Iterator[Style]:
    """The program's dress, which is light again for other tests."""
    found = Style(qapp)
    qtbot.waitUntil(lambda: not found.is_changing)
    yield found
    found.use(LIGHT)
    qtbot.waitUntil(lambda: not found.is_changing)
    found.deleteLater()


@pytest.fixture
def usual_look(qapp: QApplication) -> Iterator[None]:
    """Leave the look to other tests as it was."""
    font, palette = QFont(qapp.font()), qapp.palette()
    yield
    Style.percent, Style.theme = SIZES[0], LIGHT
    qapp.setFont(font)
    qapp.setPalette(palette)


@pytest.fixture(scope="module")
def shared_decoders() -> Iterator[Decoders]:
    """Processes that decode for all tests of a file: starting them takes longer than most of what they do."""
    found = Decoders()
    yield found
    found.close()


@pytest.fixture
def viewer(
    event_loop_of_qt: asyncio.AbstractEventLoop,
    qtbot: QtBot,
    style: Style,
    shared_decoders: Decoders,
    tmp_path: Path,
) -> Iterator[Viewer]:
    """Show a pane for files of any kind, of 620 × 640 pixels and in the program's dress."""
    # The loop comes first, so that it outlasts the dress: what is dressed anew may want to read.
    worker = Worker()
    content = PreviewContent(worker, shared_decoders, tmp_path / "downloads")
    qtbot.addWidget(content)
    style.dress(content)
    content.resize(620, 640)
    content.show()
    qtbot.waitUntil(lambda: not style.is_changing)
    yield Viewer(qtbot, content, tmp_path)
    content.show_nothing("")
    worker.stop()


@pytest.fixture
def reader(viewer: Viewer) -> Reader:
    return Reader(viewer)


@pytest.fixture
def pictures(viewer: Viewer) -> PictureViewer:
    """Show pictures in a pane of 500 × 500 pixels."""
    viewer.content.resize(500, 500)
    return PictureViewer(viewer.qtbot, viewer.content, viewer.folder)
