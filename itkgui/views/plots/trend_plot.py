"""A scalar over time or over the stages of production, with its limits and each run's verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyqtgraph as pg

from itkgui.item_models.moments import local_text
from itkgui.item_models.record_table import Column
from itkgui.item_models.table_export import Extract
from itkgui.language import N_, _, ngettext
from itkgui.records.limits import NO_LIMITS, Limits
from itkgui.views.plots.axes import FIRST_MOMENT, LAST_MOMENT, DateAxis, NamedAxis, span_of
from itkgui.views.plots.canvas import Canvas, padded
from itkgui.views.plots.data import LARGEST, LEAST, Mark, Trend, TrendPoint
from itkgui.views.plots.labels import axis_label
from itkgui.views.plots.limits import LimitBand, Stretch, limits_text, logarithms, scaled
from itkgui.views.plots.line import Line
from itkgui.views.plots.looks import LegendEntry
from itkgui.views.plots.numbers import value_text
from itkgui.views.plots.palette import COLOUR_COUNT, DASH_COUNT, MARK_PIXELS, MARKS, colour, dashed
from itkgui.views.plots.units import MixedUnits, common_unit
from itkgui.views.style import Style

_YEAR = 366 * 86_400.0
_MOST_YEARS = 200  # that can be seen before and after the runs
_LEAST_STEP = 0.01  # of the time shown: limits of runs of the same moment can be seen still
_SLOT = 0.3  # runs of one stage are spread this far to each side of its place


@dataclass(frozen=True, eq=False)
class _Placed:
    """A point where it is drawn; `value` is in the unit of the axis."""

    point: TrendPoint
    x: float
    value: float
    limits: Limits


class TrendPlot(Canvas):
    """Draws a Trend: a symbol for each run, a thin line from run to run of each group."""

    def __init__(self, style: Style) -> None:
        super().__init__(style, _("Trend"))
        self._refusal = ""
        self._trend = Trend("", ())
        self._unit = ""
        self._by_stage = self._logarithmic = False
        self._stages: tuple[str, ...] = ()
        self._placed: list[_Placed] = []
        self._notes: tuple[str, ...] = ()
        self._groups: tuple[str, ...] = ()
        self._group_items: list[Line] = []
        self._limits = LimitBand(self.view, upright=False)
        self._symbols = pg.ScatterPlotItem(size=MARK_PIXELS)
        self._symbols.setZValue(10)
        self.view.addItem(self._symbols, ignoreBounds=True)
        self.dress()

    def show_trend(self, trend: Trend, *, by_stage: bool, logarithmic: bool = False) -> None:
        """Draw a trend over the stages, or over time."""
        self._trend, self._by_stage, self._refusal = trend, by_stage, ""
        self._logarithmic = logarithmic
        try:
            units = [point.unit for point in trend.points]
            self._unit, factors = common_unit(
                trend.name, units + [trend.limit_unit] * bool(trend.stage_limits)
            )
        except MixedUnits as mixed:
            self._refusal, factors = str(mixed), {}
        points = () if self._refusal else trend.points
        stages = dict.fromkeys((*trend.stages, *(point.stage for point in points)))
        present = {point.stage for point in points}
        self._stages = tuple(stage for stage in stages if stage in present)
        self._placed = self._places(points, factors)
        if not self._placed and not self._refusal:
            self._refusal = _refusal(by_stage=by_stage, logarithmic=logarithmic)
        self._show_points(len(trend.points))
        self._set_axis()
        self.show_all()

    def _places(self, points: Sequence[TrendPoint], factors: dict[str, float]) -> list[_Placed]:
        """Return the points by group, in the order of the x axis."""
        self._groups = tuple(dict.fromkeys(point.group for point in points))
        least = LEAST if self._logarithmic else -LARGEST
        usable = [p for p in points if least < p.value < LARGEST and (self._by_stage or p.moment is not None)]
        usable.sort(key=lambda point: _seconds(point.moment))
        x = self._slots(usable) if self._by_stage else [_seconds(point.moment) for point in usable]
        placed = [
            _Placed(p, at, p.value * factors[p.unit], self._limits_at(p.stage, factors))
            for p, at in zip(usable, x, strict=True)
        ]
        return sorted(placed, key=lambda one: (self._groups.index(one.point.group), one.x))

    def _slots(self, points: Sequence[TrendPoint]) -> list[float]:
        counts = {stage: sum(point.stage == stage for point in points) for stage in self._stages}
        seen = dict.fromkeys(self._stages, 0)
        found = []
        for point in points:
            place, count = seen[point.stage], counts[point.stage]
            seen[point.stage] += 1
            offset = 0.0 if count == 1 else _SLOT * (2 * place / (count - 1) - 1)
            found.append(self._stages.index(point.stage) + offset)
        return found

    def _limits_at(self, stage: str, factors: dict[str, float]) -> Limits:
        found = self._trend.stage_limits.get(stage, NO_LIMITS)
        return scaled(found, factors[self._trend.limit_unit]) if found else found

    def _set_axis(self) -> None:
        if self._by_stage:
            axis = NamedAxis("bottom")
            axis.show_names([stage or _("no stage") for stage in self._stages], self._small_font())
        else:
            axis = DateAxis("bottom")
        self.view.setAxisItems({"bottom": axis})
        self.box.setLimits(**self._most_in_sight())
        axis.linkedViewChanged(self.box)  # it would only hear of a change, and the range may stay
        self.view.getAxis("left").setLogMode(y=self._logarithmic)
        # The names of stages need no title, but room.
        bottom = "" if self._by_stage else _("Date (local time)")
        self._set_labels(bottom, axis_label(self._trend.name, self._unit))
        self.dress()

    def _most_in_sight(self) -> dict[str, float]:
        """Return how far one can zoom out: dates have an end."""
        if self._by_stage or not self._placed:
            return {"xMin": -LARGEST, "xMax": LARGEST}
        most = _MOST_YEARS * _YEAR
        return {
            "xMin": max(FIRST_MOMENT, float(self._x.min()) - most),
            "xMax": min(LAST_MOMENT, float(self._x.max()) + most),
        }

    def _show_points(self, total: int) -> None:
        x, y = np.array([p.x for p in self._placed]), np.array([p.value for p in self._placed])
        if self._logarithmic:
            y = np.log10(y)
        groups = [self._groups.index(p.point.group) for p in self._placed]
        lines = np.searchsorted(groups, np.arange(len(self._groups) + 1))
        self._set_targets(x, y, lines if len(self._groups) else None)
        for item in self._group_items:
            self.view.removeItem(item)
        self._group_items = [Line() for _ in self._groups]
        for item, start, stop in zip(self._group_items, lines[:-1], lines[1:], strict=True):
            item.setData(x[start:stop], y[start:stop])
            self.view.addItem(item, ignoreBounds=True)
        span = span_of(y)
        notes = []
        if (left_out := total - len(self._placed)) and not self._refusal:
            notes.append(_left_out(left_out, by_stage=self._by_stage, logarithmic=self._logarithmic))
        self._limits.show(self._stretches(), span or (0.0, 1.0), logarithmic=self._logarithmic)
        if span:
            notes += self._limits.notes(span, self._unit)
        if lacking := self._trend.lacking:
            notes.append(
                ngettext(
                    "{count} run without this number left out.",
                    "{count} runs without this number left out.",
                    lacking,
                ).format(count=lacking)
            )
        self._notes = tuple(notes)

    def _stretches(self) -> list[Stretch]:
        if self._by_stage:
            by_stage = {p.point.stage: p.limits for p in self._placed}
            places = [(self._stages.index(stage), limits) for stage, limits in by_stage.items()]
            return [Stretch(place - 0.5, place + 0.5, self._drawn(limits)) for place, limits in places]
        return self._steps(sorted(self._placed, key=lambda p: p.x))

    def _steps(self, in_time: Sequence[_Placed]) -> list[Stretch]:
        """Return the limits of the runs over time: each holds half the way to the next run with others."""
        if not in_time:
            return []
        turns = [n for n in range(1, len(in_time)) if in_time[n].limits != in_time[n - 1].limits]
        least = _LEAST_STEP * (in_time[-1].x - in_time[0].x)
        borders = [(in_time[n - 1].x + in_time[n].x) / 2 for n in turns]
        starts, stops = [in_time[0].x - _YEAR, *borders], [*borders, in_time[-1].x + _YEAR]
        return [
            Stretch(start, max(stop, start + least), self._drawn(in_time[first].limits))
            for first, start, stop in zip([0, *turns], starts, stops, strict=True)
        ]

    def _drawn(self, limits: Limits) -> Limits:
        return logarithms(limits) if self._logarithmic else limits

    @property
    def refusal(self) -> str:
        return self._refusal

    @property
    def notes(self) -> tuple[str, ...]:
        return self._notes

    @property
    def entries(self) -> tuple[LegendEntry, ...]:
        """The legend: the verdicts that occur, the groups if there are several, and the limits."""
        marks = [p.point.mark for p in self._placed]
        found = [
            LegendEntry(_(mark.value), tuple(n for n, own in enumerate(marks) if own is mark), mark=mark)
            for mark in Mark
            if mark in marks
        ]
        if len(self._groups) > 1:
            found += [
                LegendEntry(
                    group,
                    tuple(n for n, p in enumerate(self._placed) if p.point.group == group),
                    number % COLOUR_COUNT,
                    number // COLOUR_COUNT % DASH_COUNT,
                )
                for number, group in enumerate(self._groups)
            ]
        return (*found, *self._limits.entries)

    def pick(self, members: Sequence[int]) -> None:
        """Show some points strongly and the others faintly; none at all brings all back."""
        self._paint(frozenset(members))

    def bounds(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        y = span_of(self._y)
        if y is None:
            return None
        if self._by_stage:
            return (-0.6, len(self._stages) - 0.4), padded(self._limits.widened(y))
        x = float(self._x.min()), float(self._x.max())
        margin = max((x[1] - x[0]) * 0.02, 43_200.0 if x[0] == x[1] else 0.0)
        return (x[0] - margin, x[1] + margin), padded(self._limits.widened(y))

    def describe(self, index: int) -> str:
        placed = self._placed[index]
        point = placed.point
        facts = (
            point.label,
            point.stage,
            local_text(point.moment),
            _(point.mark.value),
            value_text(placed.value, self._unit),
            limits_text(placed.limits, self._unit),
        )
        return "  ·  ".join(fact for fact in facts if fact)

    def record_of(self, index: int) -> object:
        return self._placed[index].point.record

    def extract(self) -> Extract:
        """Return the points in the unit of the axis."""
        columns = (
            Column[_Placed](N_("Run"), lambda placed: placed.point.label),
            Column[_Placed](
                N_("Date"), lambda p: local_text(p.point.moment), export=lambda p: p.point.moment
            ),
            Column[_Placed](N_("Stage"), lambda placed: placed.point.stage),
            Column[_Placed](N_("Verdict"), lambda placed: placed.point.mark.value),
            Column[_Placed](
                self._trend.name,
                lambda p: str(p.value),
                export=lambda p: p.value,
                unit=self._unit,
                as_given=True,
            ),
        )
        return Extract(columns, tuple(self._placed))

    def _paint(self, strong: frozenset[int] = frozenset()) -> None:
        theme = Style.theme
        for number, item in enumerate(self._group_items):
            tone = colour(theme, number) if len(self._groups) > 1 else theme.quiet
            item.setPen(dashed(pg.mkPen(tone, width=1), number // COLOUR_COUNT))
        shapes, brushes = [], []
        for number, placed in enumerate(self._placed):
            shape, tone = MARKS[placed.point.mark]
            fill = theme.colour(tone)
            shapes.append(shape)
            brushes.append(pg.mkBrush(fill if not strong or number in strong else theme.border))
        self._symbols.setData(
            x=self._x, y=self._y, symbol=shapes, brush=brushes, pen=pg.mkPen(theme.surface, width=1)
        )

    def dress(self) -> None:
        super().dress()
        self._limits.dress()
        self._paint()


def _refusal(*, by_stage: bool, logarithmic: bool) -> str:
    if logarithmic:
        if by_stage:
            return _("None of these runs has such a number above zero.")
        return _("None of these runs has such a number above zero and a date.")
    if by_stage:
        return _("None of these runs has such a number.")
    return _("None of these runs has such a number and a date.")


def _left_out(count: int, *, by_stage: bool, logarithmic: bool) -> str:
    if logarithmic and by_stage:
        text = ngettext(
            "{count} run without a number above zero left out.",
            "{count} runs without a number above zero left out.",
            count,
        )
    elif logarithmic:
        text = ngettext(
            "{count} run without a number above zero and a date left out.",
            "{count} runs without a number above zero and a date left out.",
            count,
        )
    elif by_stage:
        text = ngettext(
            "{count} run without a usable number left out.",
            "{count} runs without a usable number left out.",
            count,
        )
    else:
        text = ngettext(
            "{count} run without a usable number and a date left out.",
            "{count} runs without a usable number and a date left out.",
            count,
        )
    return text.format(count=count)


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
