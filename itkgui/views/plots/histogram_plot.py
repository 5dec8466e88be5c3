"""How often which value occurs: bars for one run, outlines for several, limits across."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from itkgui.item_models.record_table import Column
from itkgui.item_models.table_export import Extract
from itkgui.views.plots.bins import Histogram
from itkgui.views.plots.canvas import Canvas, number_column, padded
from itkgui.views.plots.labels import axis_label
from itkgui.views.plots.limits import LimitBand, Stretch
from itkgui.views.plots.line import Line
from itkgui.views.plots.looks import LegendEntry, Looks, looks_of
from itkgui.views.plots.numbers import value_text
from itkgui.views.plots.palette import colour, dashed
from itkgui.views.style import Style


class HistogramPlot(Canvas):
    """Draws a Histogram; a bar is read out with its edges and its count."""

    def __init__(self, style: Style) -> None:
        super().__init__(style, "Histogram")
        self.histogram: Histogram | None = None
        self._looks = Looks((), (), repeat=False)
        self._items: list[Line] = []
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
        self._set_labels(axis_label(histogram.name, histogram.unit), "Count")
        top = max((float(c.max()) for c in histogram.counts), default=1.0) * 1000
        span = float(histogram.edges[0]), float(histogram.edges[-1])
        self._limits.show([Stretch(-top, top, histogram.limits)], span)
        self._paint()
        self.show_all()

    @property
    def refusal(self) -> str:
        return self.histogram.refusal if self.histogram is not None else ""

    @property
    def notes(self) -> tuple[str, ...]:
        if self.histogram is None:
            return ()
        edges = self.histogram.edges
        far = self._limits.notes((float(edges[0]), float(edges[-1])), self.histogram.unit)
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
        return padded(x), (0.0, 1.06 * max(1.0, float(self._y.max())))

    def describe(self, index: int) -> str:
        histogram = self.histogram
        if histogram is None:
            return ""
        line, place = divmod(index, len(histogram.edges) - 1)
        edges = histogram.edges[place : place + 2]
        count = int(histogram.counts[line][place])
        words = f"{value_text(float(edges[0]))} to {value_text(float(edges[1]), histogram.unit)}: {count:,}"
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
        columns = (
            Column[int]("Run", lambda place: histogram.measurements[place // bins].label),
            number_column(f"{name} from", unit, np.tile(histogram.edges[:-1], runs)),
            number_column(f"{name} to", unit, np.tile(histogram.edges[1:], runs)),
            Column[int]("Count", lambda place: str(int(self._y[place])), export=lambda p: int(self._y[p])),
        )
        return Extract(columns, range(runs * bins))

    def _paint(self, strong: frozenset[int] = frozenset()) -> None:
        theme = Style.theme
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
