"""A pane of plots, as a page has one."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from itkgui.views.plots.plot_pane import PlotPane
from itkgui.views.style import Style


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
