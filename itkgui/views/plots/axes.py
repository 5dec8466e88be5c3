"""Axes whose ticks can be read: numbers, logarithms, and stages in the order of production."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from itkgui.item_models.moments import local_text
from itkgui.records.bin_edges import round_step
from itkgui.views.plots.data import LEAST, Array
from itkgui.views.plots.numbers import decade_text, tick_texts
from itkgui.views.style import scaled

AROUND = (6, 8, 12, 4)  # pixels left, above, right and below the axes
Levels = list[tuple[float | None, list[float]]]
_PIXELS_PER_DECADE = 34  # at 100 %, as are the next ones
_PIXELS_PER_TICK = 60
_NUDGE = 5  # pixels by which pyqtgraph moves a label outwards
_PIXELS_PER_DATE, _HALF_DATE = 120, 50
FIRST_MOMENT, LAST_MOMENT = (  # that have a date, in every time zone
    datetime(year, 1, 2, tzinfo=timezone.utc).timestamp() for year in (1000, 9999)
)
_MINUTE, _HOUR, _DAY = 60.0, 3_600.0, 86_400.0
_DATE_STEPS = (
    *(n * _DAY for n in (200, 100, 50, 20, 10, 5, 2, 1)),
    *(n * _HOUR for n in (12, 6, 3, 1)),
    *(n * _MINUTE for n in (15, 5, 1)),
)


class NumberAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis of numbers, linear or logarithmic; no prefix hides in a corner of it."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)
        self._with_digits = False

    def _updateWidth(self) -> None:
        """Give the label all of its height: pyqtgraph counts four fifths, and two lines are too many then."""
        super()._updateWidth()
        lacking = 0.2 * self.label.boundingRect().height() - _NUDGE
        if self.label.isVisible() and self.fixedWidth is None and lacking > 0:
            width = self.minimumWidth() + lacking
            self.setMaximumWidth(width)
            self.setMinimumWidth(width)

    def tickValues(self, low: float, high: float, size: float) -> Levels:
        """Return the ticks by level; of a logarithmic axis, their logarithms."""
        if not self.logMode:
            found: Levels = super().tickValues(low, high, size)
            return found
        low, high = sorted((low, high))
        span = high - low
        if span <= 1:
            return [_inside_a_decade(low, high, size)]
        step = max(1, math.ceil(span * scaled(_PIXELS_PER_DECADE) / max(size, 1)))
        first = math.ceil(low / step - 1e-9) * step
        decades = [float(d) for d in range(first, math.floor(high + 1e-9) + 1, step)]
        self._with_digits = span * scaled(_PIXELS_PER_DECADE) * 5 < size
        minor = []
        if step == 1:
            starts = range(math.floor(low), math.ceil(high))
            minor = [d + math.log10(n) for d in starts for n in range(2, 10)]
        return [(1.0, decades), (None, [place for place in minor if low < place < high])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float | None) -> list[str]:
        """Return the words of one level's ticks."""
        if not self.logMode:
            return tick_texts([value * scale for value in values], float(spacing or 1) * scale)
        if spacing is None:
            return [self._digit(value) for value in values]
        if spacing == 1.0 and all(abs(value - round(value)) < 1e-9 for value in values):
            return [decade_text(round(value)) for value in values]
        return tick_texts([10.0**value for value in values], spacing)

    def _digit(self, place: float) -> str:
        decade = math.floor(place)
        digit = round(10 ** (place - decade))
        if not self._with_digits or digit not in (2, 5):
            return ""
        return tick_texts([digit * 10.0**decade], 10.0**decade)[0]


def _inside_a_decade(low: float, high: float, size: float) -> tuple[float | None, list[float]]:
    """Return round numbers between two logarithms that lie close together."""
    start, stop = 10.0**low, 10.0**high
    rough = (stop - start) / max(4.0, size / scaled(_PIXELS_PER_TICK))
    if not rough > 0:
        return None, []
    spacing = round_step(rough)
    count = range(math.ceil(start / spacing), math.floor(stop / spacing) + 1)
    return spacing * (1 + 1e-12), [math.log10(n * spacing) for n in count]


class DateAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis of seconds since 1970, with local dates, and times where it shows less than some days."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self.enableAutoSIPrefix(False)
        self.setStyle(textFillLimits=[(0, math.inf)])

    def boundingRect(self) -> QRectF:
        """Return the place of the axis and of dates that jut out of it, which would be left out."""
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-scaled(_HALF_DATE), 0, scaled(_HALF_DATE), 0)

    def drawPicture(self, painter: QPainter, axis: Any, ticks: Any, texts: Any) -> None:
        """Draw the axis; a date that would jut out of the plot is moved in."""
        most = self.size().width() + AROUND[2] - 2
        inside = [
            (rect.translated(min(0.0, most - rect.right()), 0), *rest)  # the left has room: the other axis
            for rect, *rest in texts
        ]
        super().drawPicture(painter, axis, ticks, inside)

    def tickValues(self, low: float, high: float, size: float) -> Levels:
        """Return ticks on round local times, two or more where the axis has room for them."""
        low, high = max(low, FIRST_MOMENT), min(high, LAST_MOMENT)
        most = max(2, int(size / scaled(_PIXELS_PER_DATE)))
        shift = _from_utc(low)  # so that midnight is round
        for step in _DATE_STEPS:
            first, last = math.ceil((low + shift) / step), math.floor((high + shift) / step)
            if last - first >= most:
                break
        else:
            return [(_MINUTE, [low + (high - low) * share for share in (0.15, 0.85)])]
        stride = math.ceil((last - first) / (most - 1))
        found = [n * step - shift for n in range(first, last + 1, stride)]
        # Clocks may have been set since.
        return [(step, [at - (_from_utc(at) - shift) for at in found] if step >= _DAY else found)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:  # noqa: ARG002
        """Return dates, with the time where they are less than a day apart."""
        texts = [local_text(moment_at(value)) for value in values]
        return [text.partition(" ")[0] for text in texts] if spacing >= _DAY else texts


def _from_utc(moment: float) -> float:
    """Return by how many seconds local time is ahead at a moment."""
    offset = moment_at(moment).astimezone().utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def moment_at(seconds: float) -> datetime:
    """Return the moment so many seconds after 1970; of what has no date, the nearest that has one."""
    return datetime.fromtimestamp(min(max(seconds, FIRST_MOMENT), LAST_MOMENT), timezone.utc)


class NamedAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis of names at 0, 1, 2…: level where they fit, else slanted and shortened; no title."""

    _SLANT = 28.0
    _LONGEST = 150.0  # pixels at 100 %

    def __init__(self, side: str) -> None:
        self._names: tuple[str, ...] = ()  # before the base class, which sets its size
        self._font = QFont()
        self._slanted = False
        super().__init__(side)
        self.setStyle(hideOverlappingLabels=False)  # would leave out the first and the last name

    def show_names(self, names: Sequence[str], font: QFont) -> None:
        self._names, self._font = tuple(names), font
        self.setStyle(tickFont=font)
        self.setTicks([list(enumerate(self._names))])
        self._fit()

    def resizeEvent(self, event: Any) -> None:
        """Choose between level and slanted names for the new width."""
        super().resizeEvent(event)
        self._fit()

    def boundingRect(self) -> QRectF:
        """Return where this axis draws: the first slanted name begins left of it."""
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-scaled(self._LONGEST), 0, 0, 0) if self._slanted else rect

    def _fit(self) -> None:
        if not self._names:
            return
        metrics = QFontMetricsF(self._font)
        longest = max(metrics.horizontalAdvance(name) for name in self._names)
        slot = self.size().width() / max(1, len(self._names))
        self.prepareGeometryChange()
        self._slanted = longest > slot - 8
        length = min(longest, scaled(self._LONGEST)) if self._slanted else 0.0
        rise = math.sin(math.radians(self._SLANT)) * length
        self.setHeight(metrics.height() + rise + 12)

    def drawPicture(self, painter: QPainter, axis: Any, ticks: Any, texts: Any) -> None:
        """Draw the line and the names."""
        super().drawPicture(painter, axis, ticks, () if self._slanted else texts)
        if not self._slanted:
            return
        painter.setClipping(False)  # the first name may begin left of the axis
        painter.setFont(self._font)
        painter.setPen(self.textPen())
        metrics = QFontMetricsF(self._font)
        least = 0.0
        for rect, _, text in sorted(texts, key=lambda item: item[0].center().x()):
            at = QPointF(rect.center().x(), rect.top())
            if at.x() < least:  # further names would be written over each other
                continue
            least = at.x() + metrics.height() / math.sin(math.radians(self._SLANT)) * 0.62
            painter.save()
            painter.translate(at)
            painter.rotate(-self._SLANT)
            short = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, scaled(self._LONGEST))
            width = metrics.horizontalAdvance(short) + 2
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
            painter.drawText(QRectF(-width + 4, 0, width, metrics.height()), int(flags), short)
            painter.restore()


def span_of(values: Array) -> tuple[float, float] | None:
    """Return the least and the largest number, apart even if there is only one; None if all are NaN."""
    if not len(values):
        return None
    low, high = float(np.fmin.reduce(values, axis=None)), float(np.fmax.reduce(values, axis=None))
    if math.isnan(low):
        return None
    if high - low <= max(1e-9 * max(abs(low), abs(high)), LEAST):
        margin = abs(low) * 0.05
        margin = margin if margin > LEAST else 1.0
        low, high = low - margin, high + margin
    return low, high
