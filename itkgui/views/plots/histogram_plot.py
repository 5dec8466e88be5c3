"""How often which value occurs: bars for one run, outlines for several, limits across."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from itkgui.item_models.record_table import Column
from itkgui.item_models.table_export import Extract
from itkgui.language import N_, _
from itkgui.views.plots.bins import Histogram
from itkgui.views.plots.canvas import Canvas, number_column, padded
from itkgui.views.plots.data import Array
from itkgui.views.plots.labels import axis_label
from itkgui.views.plots.limits import LimitBand, Stretch
from itkgui.views.plots.line import Line
from itkgui.views.plots.looks import LegendEntry, Looks, looks_of
from itkgui.views.plots.numbers import value_text
from itkgui.views.plots.palette import colour, dashed
from itkgui.views.style import Style

_ERRORS_UP_TO = 2_000  # bins


class HistogramPlot(Canvas):
    """Draws a Histogram; a bar is read out with its edges and its count."""

    def __init__(self, style: Style) -> None:
        super().__init__(style, _("Histogram"))
        self.histogram: Histogram | None = None
        self._looks = Looks((), (), repeat=False)
        self._items: list[Line] = []
        self._errors = Line()
        self.view.addItem(self._errors, ignoreBounds=True)
        self._limits = LimitBand(self.view, upright=True)
        self.view.getAxis("left").setStyle(maxTickLevel=1)
        self.dress()

    def show_histogram(self, histogram: Histogram) -> None:
        """Draw other counts, all of them in sight."""
        self.histogram = histogram
        self._looks = looks_of(histogram.measurements)
        for item in self._items:
            self.view.removeItem(item)
        self._items = [
            Line(x=histogram.edges, y=counts, stepMode="center", connect="all") for counts in histogram.counts
        ]
        for item in self._items:
            self.view.addItem(item, ignoreBounds=True)
        middles = (histogram.edges[1:] + histogram.edges[:-1]) / 2
        size = len(middles)
        counts = np.concatenate(histogram.counts) if histogram.counts else np.empty(0)
        lines = np.arange(len(histogram.counts) + 1) * size if histogram.counts else None
        self._set_targets(np.tile(middles, len(histogram.counts)), counts, lines, ordered=True)
        given = histogram.given
        value_label = axis_label(given.value_name, given.value_unit) if given is not None else _("Count")
        self._set_labels(axis_label(histogram.name, histogram.unit), value_label)
        self._draw_errors(middles)
        top = max((float(np.nanmax(c, initial=0)) for c in histogram.counts), default=1.0) * 1000
        span = float(histogram.edges[0]), float(histogram.edges[-1])
        self._limits.show([Stretch(-top, top, histogram.limits)], span)
        self._paint()
        self.show_all()

    def _draw_errors(self, middles: Array) -> None:
        """Draw bars of one standard deviation, where the bins came with them."""
        given = self.histogram.given if self.histogram is not None else None
        if given is None or given.errors is None or len(middles) > _ERRORS_UP_TO:
            self._errors.setData([], [])
            return
        gap = np.full_like(middles, np.nan)
        x = np.column_stack([middles, middles, gap]).ravel()
        y = np.column_stack([self._y - given.errors, self._y + given.errors, gap]).ravel()
        self._errors.setData(x, y)

    @property
    def refusal(self) -> str:
        return self.histogram.refusal if self.histogram is not None else ""

    @property
    def notes(self) -> tuple[str, ...]:
        if self.histogram is None:
            return ()
        edges = self.histogram.edges
        far = self._limits.notes((float(edges[0]), float(edges[-1])), self.histogram.unit)
        if self.histogram.given is not None:
            return self.histogram.notes
        return (self.histogram.summary, *self.histogram.notes, *far) if self.histogram.summary else ()

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        return (*self._looks.entries, *self._limits.entries) if len(self._items) > 1 else ()

    def pick(self, members: Sequence[int]) -> None:
        """Draw some outlines strongly and the others faintly; none at all brings all back."""
        self._paint(frozenset(members))

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        if self.histogram is None or not self.histogram.counts:
            return None
        edges = self.histogram.edges
        x = self._limits.widened((float(edges[0]), float(edges[-1])))
        if self.histogram.given is None:
            return padded(x), (0.0, 1.06 * max(1.0, float(self._y.max())))
        errors = self.histogram.given.errors
        reach = np.nan_to_num(errors) if errors is not None and len(errors) <= _ERRORS_UP_TO else 0.0
        low, high = float(np.nanmin(self._y - reach)), float(np.nanmax(self._y + reach))
        room = 0.06 * (max(high, 0.0) - min(low, 0.0)) or 1.0
        return padded(x), (low - room if low < 0 else 0.0, max(high, 0.0) + room)

    def describe(self, index: int) -> str:
        histogram = self.histogram
        if histogram is None:
            return ""
        line, place = divmod(index, len(histogram.edges) - 1)
        edges = histogram.edges[place : place + 2]
        if (given := histogram.given) is not None:
            value = f"{given.value_name} {value_text(float(self._y[index]), given.value_unit)}"
            if given.errors is not None:
                value += f" ± {value_text(float(given.errors[place]), given.value_unit, 2)}"
        else:
            value = f"{int(histogram.counts[line][place]):,}"
        low, high = value_text(float(edges[0])), value_text(float(edges[1]), histogram.unit)
        words = _("{low} to {high}: {value}").format(low=low, high=high, value=value)
        if given is not None:
            return words
        label = histogram.measurements[line].label
        return f"{label}:  {words}" if len(histogram.counts) > 1 and label else words

    def record_of(self, index: int) -> object:
        if self.histogram is None:
            return None
        return self.histogram.measurements[index // (len(self.histogram.edges) - 1)].record

    def extract(self) -> Extract:
        """Return the bins of each run and their counts."""
        histogram = self.histogram
        if histogram is None:
            return Extract((), ())
        runs, bins = len(histogram.counts), len(histogram.edges) - 1
        name, unit = histogram.name, histogram.unit
        if (given := histogram.given) is not None:
            errors = [] if given.errors is None else [("error", given.errors)]
            return Extract(
                (
                    number_column(f"{name} from", unit, histogram.edges[:-1]),
                    number_column(f"{name} to", unit, histogram.edges[1:]),
                    number_column(given.value_name, given.value_unit, self._y),
                    *(number_column(title, given.value_unit, values) for title, values in errors),
                ),
                range(bins),
            )
        columns = (
            Column[int](N_("Run"), lambda place: histogram.measurements[place // bins].label),
            number_column(f"{name} from", unit, np.tile(histogram.edges[:-1], runs)),
            number_column(f"{name} to", unit, np.tile(histogram.edges[1:], runs)),
            Column[int](
                N_("Count"), lambda place: str(int(self._y[place])), export=lambda p: int(self._y[p])
            ),
        )
        return Extract(columns, range(runs * bins))

    def _paint(self, strong: frozenset[int] = frozenset()) -> None:
        theme = Style.theme
        self._errors.setPen(pg.mkPen(theme.quiet, width=1))
        for number, (item, look) in enumerate(zip(self._items, self._looks.of_curves, strict=True)):
            tone = QColor(colour(theme, look[0]))
            if strong and number not in strong:
                tone.setAlpha(70)
            item.setPen(dashed(pg.mkPen(tone, width=2 if number in strong else 1), look[1]))
            if len(self._items) == 1:
                tone.setAlpha(150)
                item.setFillLevel(0)
                item.setBrush(pg.mkBrush(tone))

    def dress(self) -> None:
        super().dress()
        self._limits.dress()
        self._paint()
