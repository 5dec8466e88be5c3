"""The labels of axes: what is measured and its unit, in two lines or shortened where there is no room."""

from __future__ import annotations

import html

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QTextOption

from itkgui.views.style import Style, text_font

_AROUND_LABEL = 10  # pixels that its document takes
_TWO_LINES_FROM = 6  # lines of text, as long as an axis is that has a label in two


def show_label(axis: pg.AxisItem, text: str, along: float) -> None:
    """Write a label at an axis, in two lines if the pixels along the axis ask for it."""
    label = axis.label
    label.setTextWidth(-1)
    axis.setLabel(fitted_label(text, along), **label_look())
    label.document().setDefaultTextOption(QTextOption(Qt.AlignmentFlag.AlignHCenter))
    label.setTextWidth(label.document().idealWidth())  # or the lines would not be centred
    if axis.orientation == "left":
        axis.setWidth()  # which was found for the label of before
    axis.resizeEvent(None)  # puts it in the middle again


def fitted_label(text: str, along: float) -> str:
    """Return a label as HTML: in two lines if one is too short, shortened in the middle if these are.

    Along a very short axis it is the unit alone, if there is one.

    What stands at the end, the unit, stays in any case.
    """
    metrics, room = QFontMetricsF(_label_font()), along - _AROUND_LABEL
    if metrics.horizontalAdvance(text) <= room:
        return html.escape(text)
    if room < _TWO_LINES_FROM * metrics.lineSpacing():
        unit = text[text.rfind("[") :] if text.endswith("]") else text
        return html.escape(metrics.elidedText(unit, Qt.TextElideMode.ElideRight, room))
    width = metrics.horizontalAdvance
    breaks = [place for place, letter in enumerate(text) if letter == " "]
    best = min(breaks, key=lambda at: max(width(text[:at]), width(text[at:])), default=len(text))
    lines = text[:best], text[best + 1 :]
    short = [metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room) for line in lines if line]
    return "<br>".join(map(html.escape, short))


def label_look() -> dict[str, str]:
    """Return the CSS of the labels of axes."""
    return {"color": Style.theme.text, "font-size": f"{_label_font().pointSizeF():.1f}pt"}


def _label_font() -> QFont:
    return text_font(0.9)


def axis_label(name: str, unit: str) -> str:
    """Return what stands at an axis: the name and, in brackets, the unit."""
    return f"{name} [{unit}]" if unit else name
