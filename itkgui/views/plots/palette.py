"""Colours, dashes and symbols that tell curves apart, for every kind of colour vision, on both themes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from itkgui.views.plots.data import Mark
from itkgui.views.theme import Theme

# Found by search: contrast of 3:1 or more on the theme's surface, and any two far apart for normal
# sight and for each kind of colour blindness.
_ON_LIGHT = ("#0b5fae", "#e96106", "#8c1947", "#04a1a1", "#3306e9", "#5a4802", "#be7f55", "#f91af9")
_ON_DARK = ("#74b6f7", "#e9e906", "#e9068e", "#62fbbe", "#be6a55", "#8062fb", "#a1a104", "#b5fc86")
COLOUR_COUNT = len(_ON_LIGHT)
_DASHES: tuple[list[float], ...] = ([], [6, 4], [2, 2], [10, 3, 2, 3], [5, 2, 1, 2, 1, 2], [16, 4])
DASH_COUNT = len(_DASHES)
MARK_PIXELS = 11
# pyqtgraph's names of shapes, and the theme's colour.
MARKS = {
    Mark.PASSED: ("o", "good"),
    Mark.PROBLEMS: ("d", "caution"),
    Mark.FAILED: ("x", "bad"),
    Mark.DELETED: ("s", "quiet"),
}


def colours(theme: Theme) -> tuple[str, ...]:
    return _ON_DARK if theme.is_dark else _ON_LIGHT


def colour(theme: Theme, index: int) -> str:
    """Return the colour of a group; after the last one they begin again."""
    return colours(theme)[index % COLOUR_COUNT]


def dashed(pen: QPen, index: int) -> QPen:
    """Return a pen with the dashes of a group; after the last ones they begin again."""
    pattern = _DASHES[index % DASH_COUNT]
    pen.setStyle(Qt.PenStyle.SolidLine)
    if pattern:
        pen.setDashPattern(pattern)
    return pen
