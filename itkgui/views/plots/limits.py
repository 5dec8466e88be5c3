"""Draws what a value should be: lines at its limits, and a calm band between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg

from itkgui.language import N_, _
from itkgui.records.limits import Limits
from itkgui.views.plots.line import Line
from itkgui.views.plots.looks import LegendEntry
from itkgui.views.plots.numbers import value_text
from itkgui.views.plots.palette import dashed
from itkgui.views.style import Style

_FAR = 4.0  # how many times the spread of the data a limit may lie away and still be brought into sight
_WORDS = (N_("min {value}"), N_("max {value}"), N_("nominal {value}"))
_LOOKS = (("bad", 1), ("bad", 1), ("quiet", 2))  # tone and dash of each
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
        self._bands: pg.BarGraphItem | None = None
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
        for line, (tone, dash) in zip(self._lines, _LOOKS, strict=True):
            line.setPen(dashed(pg.mkPen(theme.colour(tone), width=1), dash))
        if self._bands is not None:
            self._view.removeItem(self._bands)
        self._bands = self._banded([s for s in self._stretches if s.limits])
        if self._bands is not None:
            self._bands.setZValue(-20)
            self._view.addItem(self._bands, ignoreBounds=True)

    def _banded(self, stretches: Sequence[Stretch]) -> pg.BarGraphItem | None:
        if not stretches:
            return None
        size = self._span[1] - self._span[0]
        far_low, far_high = self._span[0] - 1000 * size, self._span[1] + 1000 * size
        along = [s.start for s in stretches], [s.stop for s in stretches]
        across = (
            [far_low if s.limits.low is None else s.limits.low for s in stretches],
            [far_high if s.limits.high is None else s.limits.high for s in stretches],
        )
        (x0, x1), (y0, y1) = (across, along) if self._upright else (along, across)
        brush = pg.mkBrush(Style.theme.good_back)
        return pg.BarGraphItem(x0=x0, x1=x1, y0=y0, y1=y1, brush=brush, pen=None)

    @property
    def entries(self) -> Iterator[LegendEntry]:
        """What the lines are, for the legend: those that are drawn."""
        low, high, nominal = (
            any(values_of(s.limits)[kind] is not None for s in self._stretches) for kind in range(3)
        )
        several = len({s.limits for s in self._stretches}) > 1
        if low and high:
            text = _("limits of each stage") if several else _("limits")
        elif low:
            text = _("lower limit of each stage") if several else _("lower limit")
        else:
            text = _("upper limit of each stage") if several else _("upper limit")
        if low or high:
            yield LegendEntry(text, (), None, _LOOKS[0][1], tone=_LOOKS[0][0])
        if nominal:
            text = _("nominal of each stage") if several else _("nominal")
            yield LegendEntry(text, (), None, _LOOKS[2][1], tone=_LOOKS[2][0])

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
            values = ", ".join(value_text(value, unit) for value in far)
            yield _("Limits out of sight: {values}.").format(values=values)

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
    return ", ".join(
        _(words).format(value=value_text(value, unit)) for words, value in parts if value is not None
    )


def _thrice(value: float | None) -> tuple[float, float, float]:
    return (np.nan, np.nan, np.nan) if value is None else (value, value, np.nan)
