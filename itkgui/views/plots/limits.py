"""Draws what a value should be: lines at its limits, and a calm band between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg

from itkgui.records.limits import Limits
from itkgui.views.plots.line import Line
from itkgui.views.plots.numbers import value_text
from itkgui.views.style import Style

_FAR = 4.0  # how many times the spread of the data a limit may lie away and still be brought into sight
_WORDS = ("min", "max", "nominal")
_NOWHERE = -300.0  # on a logarithmic axis, below every value


@dataclass(frozen=True)
class Stretch:
    """Limits that hold from one place of the other axis to another."""

    start: float
    stop: float
    limits: Limits


class LimitBand:
    """The items of one plot that show its limits; ``upright`` where the values are on the x axis."""

    def __init__(self, view: pg.PlotWidget, *, upright: bool) -> None:
        self._upright = upright
        self._view = view
        self._lines = [Line() for _ in _WORDS]
        for item in self._lines:
            item.setZValue(-5)
            view.addItem(item, ignoreBounds=True)
        self._bands: list[pg.BarGraphItem] = []
        self._stretches: tuple[Stretch, ...] = ()
        self._span = (0.0, 1.0)
        self._logarithmic = False

    def show(
        self, stretches: Sequence[Stretch], span: tuple[float, float], *, logarithmic: bool = False
    ) -> None:
        """Draw limits beside values that spread over a span, both as drawn: logarithms if they are."""
        self._stretches = tuple(stretches)
        self._span, self._logarithmic = span, logarithmic
        for kind, line in enumerate(self._lines):
            along = [(s.start, s.stop, np.nan) for s in self._stretches]
            at = [_thrice(values_of(s.limits)[kind]) for s in self._stretches]
            places, values = np.array(along).ravel(), np.array(at, dtype=np.float64).ravel()
            line.setData(*((values, places) if self._upright else (places, values)))
        self.dress()

    def dress(self) -> None:
        """Take over the theme's colours."""
        theme = Style.theme
        for line, tone, dash in zip(
            self._lines, ("bad", "bad", "quiet"), ([6, 4], [6, 4], [2, 4]), strict=True
        ):
            pen = pg.mkPen(getattr(theme, tone), width=1)
            pen.setDashPattern(dash)
            line.setPen(pen)
        for band in self._bands:
            self._view.removeItem(band)
        self._bands = [self._band(s) for s in self._stretches if s.limits]
        for band in self._bands:
            band.setZValue(-20)
            self._view.addItem(band, ignoreBounds=True)

    def _band(self, stretch: Stretch) -> pg.BarGraphItem:
        size = self._span[1] - self._span[0]
        far_low, far_high = self._span[0] - 1000 * size, self._span[1] + 1000 * size
        low = far_low if stretch.limits.low is None else stretch.limits.low
        high = far_high if stretch.limits.high is None else stretch.limits.high
        brush = pg.mkBrush(Style.theme.good_back)
        if self._upright:
            return pg.BarGraphItem(
                x0=[low], x1=[high], y0=[stretch.start], y1=[stretch.stop], brush=brush, pen=None
            )
        return pg.BarGraphItem(
            x0=[stretch.start], x1=[stretch.stop], y0=[low], y1=[high], brush=brush, pen=None
        )

    def widened(self, span: tuple[float, float]) -> tuple[float, float]:
        """Return a span that also shows the limits, those that are not far away."""
        size = span[1] - span[0]
        near = [v for v in self._values() if span[0] - _FAR * size <= v <= span[1] + _FAR * size]
        return min((span[0], *near)), max((span[1], *near))

    def notes(self, span: tuple[float, float], unit: str) -> Iterator[str]:
        """Yield in words which limits lie too far away to be in sight."""
        low, high = self.widened(span)
        far = dict.fromkeys(v for v in self._values() if not low <= v <= high and v != _NOWHERE)
        if self._logarithmic:
            far = dict.fromkeys(10.0**value for value in far)
        if far:
            yield f"Limits out of sight: {', '.join(value_text(value, unit) for value in far)}."

    def _values(self) -> Iterator[float]:
        return (value for s in self._stretches for value in values_of(s.limits) if value is not None)


def values_of(limits: Limits) -> tuple[float | None, float | None, float | None]:
    """Return the lowest, the highest and the nominal value."""
    return limits.low, limits.high, limits.nominal


def scaled(limits: Limits, factor: float) -> Limits:
    """Return the same limits in another unit."""
    low, high, nominal = (None if value is None else value * factor for value in values_of(limits))
    return Limits(low, high, nominal)


def logarithms(limits: Limits) -> Limits:
    """Return where limits are on a logarithmic axis; a highest of zero or less is far below."""
    low, high, nominal = (
        math.log10(value) if value is not None and value > 0 else None for value in values_of(limits)
    )
    return Limits(low, _NOWHERE if high is None and limits.high is not None else high, nominal)


def limits_text(limits: Limits, unit: str) -> str:
    """Return limits in words: ``"min 5 g, max 14 g"``; nothing if there are none."""
    parts = zip(_WORDS, values_of(limits), strict=True)
    return ", ".join(f"{word} {value_text(value, unit)}" for word, value in parts if value is not None)


def _thrice(value: float | None) -> tuple[float, float, float]:
    return (np.nan, np.nan, np.nan) if value is None else (value, value, np.nan)
