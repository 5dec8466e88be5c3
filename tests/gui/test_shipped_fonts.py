"""The shipped fonts: what is painted is what a text says, sign by sign."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QTextLayout
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from itkgui.views.style import Style

WEIGHTS = (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold)


def glyphs(text: str, font: QFont) -> list[int]:
    layout = QTextLayout(text, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("text", ["3x4", "0x12", "a->b", "<-", "(A)", "S-12", "12:30"])
def test_no_sign_becomes_another_beside_others(
    qtbot: QtBot, style: Style, weight: QFont.Weight, text: str
) -> None:
    label = QLabel(text)
    qtbot.addWidget(label)
    style.dress(label)
    label.ensurePolished()
    font = QFont(label.font())
    font.setWeight(weight)
    assert font.family() == "Inter"
    assert glyphs(text, font) == [glyphs(sign, font)[0] for sign in text]
