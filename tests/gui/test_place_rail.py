"""The places at the left: as airy as the height allows, and no reason for a window to be higher."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from itkgui.views.style import Style
from itkgui.views.window.place_rail import PlaceRail

_TITLES = ("Search", "Tray", "Components", "Recent", "Pinned", "Shipments", "Uploads", "Scanner", "Settings")


@pytest.mark.usefixtures("usual_look")
@pytest.mark.parametrize("percent", [100, 150])
def test_places_share_the_height_there_is(style: Style, qtbot: QtBot, percent: int) -> None:
    window, pages = QWidget(), [QWidget() for _ in _TITLES]
    rail = PlaceRail((page, "search", title) for page, title in zip(pages, _TITLES, strict=True))
    QHBoxLayout(window).addWidget(rail)
    style.dress(window)
    for widget in (window, *pages):
        qtbot.addWidget(widget)
    style.scale(percent)
    window.resize(300, 900)
    window.show()
    first, last = rail.button(pages[0]), rail.button(pages[-1])
    qtbot.waitUntil(lambda: not style.is_changing and first.height() > 2 * first.fontMetrics().lineSpacing())

    def is_shared() -> bool:
        line, left = first.fontMetrics().lineSpacing(), rail.height() - last.geometry().bottom()
        return first.height() >= line and (0 < left < 20 or (left > 0 and first.height() > 2 * line))

    for height in (700, 500, 350):
        window.resize(300, height)
        assert window.height() == height
        qtbot.waitUntil(is_shared)
