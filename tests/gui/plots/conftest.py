"""A pane of plots, as a page has one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.style import Style
from itkgui.views.theme import LIGHT


@pytest.fixture
def style(qapp: QApplication, qtbot: QtBot) -> Iterator[Style]:
    found = Style(qapp)
    qtbot.waitUntil(lambda: not found.is_changing)
    yield found
    found.use(LIGHT)
    qtbot.waitUntil(lambda: not found.is_changing)
    found.deleteLater()


@pytest.fixture
def pane(style: Style, qtbot: QtBot) -> PlotPane:
    """A pane of the size it has beside a table in a small window."""
    found = PlotPane(style)
    qtbot.addWidget(found)
    found.resize(640, 340)
    style.dress(found)
    found.show()
    qtbot.waitExposed(found)
    return found
