"""The curves of the chosen runs, of those pinned beside them, and how their numbers went over time."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.language import N_, _
from itkgui.records.stage import Stage
from itkgui.records.test_run import TestRun
from itkgui.records.test_type import TestType
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import Style

if TYPE_CHECKING:
    from itkgui.views.plots.data import Measurement, Trend
    from itkgui.views.plots.plot_pane import PlotPane

MOST_OVERLAID = 300
_LEAST_POINTS = 5
_NO_TREND = (
    N_("There is no trend of this."),
    N_("It takes a number that two runs of this test type have."),
)
_NOTHING_IN_COMMON = (
    N_("There is nothing to lay over each other in these runs."),
    N_("Runs with lists of numbers have curves, and numbers that two runs have in common a trend."),
)


@dataclass(frozen=True)
class PlotWish:
    """What is to be plotted: ``run`` in the middle of ``chosen`` ones, ``among`` all that trends go over.

    ``test_types`` are those of the run's component type. ``trend`` and ``values`` are the codes of the
    number and of the array that somebody asked for, just now if the wish ``is_new``.
    """

    run: TestRun
    chosen: Sequence[TestRun] = ()
    pinned: Sequence[TestRun] = ()
    among: Sequence[TestRun] = ()
    test_types: Mapping[str, TestType] = field(default_factory=dict)
    trend: str = ""
    values: str = ""
    is_new: bool = False


class RunPlot(QWidget):
    """Tells whether there is something to plot; the pane is made with the first curve."""

    run_requested = Signal(object)  # TestRun
    presence_changed = Signal()

    def __init__(self, context: ViewContext, style: Style) -> None:
        super().__init__()
        self._context = context
        self._style = style
        self._task = ViewTask(self, context.messages.show)
        self.pane: PlotPane | None = None
        self.has_plot = False
        self._wish: PlotWish | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.setMinimumWidth(1)  # or the pickers of the plot would take the table's room

    def show_wish(self, wish: PlotWish) -> None:
        """Plot what is wished instead of what was."""
        undone = self._wish if self.is_loading else None
        asked = (wish.trend, wish.values)
        if undone is not None and undone.is_new and (undone.trend, undone.values) == asked:
            wish = replace(wish, is_new=True)  # more is known by now of what somebody still waits for
        self._wish = wish
        self._task.start(self._show(wish))

    @property
    def is_loading(self) -> bool:
        """Whether what was wished is not drawn yet."""
        return self._task.is_running

    def clear(self) -> None:
        self._task.cancel()
        self._set_presence(False)

    async def _show(self, wish: PlotWish) -> None:
        measurements, trends, trend = await self._context.worker.call(_plot_data, wish)
        is_trend_missing = wish.is_new and bool(wish.trend) and not trend
        if not measurements and not trend and len(wish.chosen) < 2 and not is_trend_missing:
            self._set_presence(False)
            return
        if self.pane is None:
            from itkgui.views.plots.plot_pane import PlotPane

            self.pane = PlotPane(self._style)
            self.pane.record_chosen.connect(self._on_point)
            self.pane.saver.told.connect(self._context.messages.notify)
            self.pane.unpin_requested.connect(self._on_unpin)
            self._layout.addWidget(self.pane)
            await asyncio.sleep(0)  # made in one frame, filled in the next
        if measurements or (trends and not is_trend_missing):
            self.pane.show_data(measurements, trends)
        else:
            self.pane.show_nothing(*map(_, _NO_TREND if is_trend_missing else _NOTHING_IN_COMMON))
        if is_trend_missing:
            self.pane.tell(" ".join(map(_, _NO_TREND)))
        if wish.is_new and trend:
            self.pane.show_trend(trend)
        if wish.is_new and wish.values:
            self.pane.show_values(wish.values)
        self._set_presence(True)

    def _set_presence(self, has_plot: bool) -> None:
        self.has_plot = has_plot
        self.presence_changed.emit()

    def _on_unpin(self, records: Sequence[object]) -> None:
        self._context.pinned.unpin(*(own for own in records if isinstance(own, TestRun)))

    def _on_point(self, record: Any) -> None:
        if isinstance(record, TestRun):
            self.run_requested.emit(record)


def _plot_data(wish: PlotWish) -> tuple[list[Measurement], tuple[Trend, ...], str]:
    """Return the arrays and trends of a wish, and the name of the trend that is wanted, if there is one.

    Runs on the worker, for it may be a million numbers.
    """
    # NumPy and pyqtgraph are loaded in the background once the window is up, not at the start.
    from itkgui.records.measurement import scalars_of
    from itkgui.views.plots.run_plots import measurement_of, measurements_of, standings_of, trends_of

    run = wish.run
    test_type = wish.test_types.get(run.test_type.code)
    chosen = list(wish.chosen[:MOST_OVERLAID])  # in the order in which they are listed, and so coloured
    if all(own.id != run.id for own in chosen):
        chosen = [run, *chosen][:MOST_OVERLAID]
    pinned = [own for own in wish.pinned if all(own.id != other.id for other in chosen)]
    if len(chosen) + len(pinned) > 1:
        kinds = {(own.component.key, own.test_type.code) for own in chosen}
        beside = (own for own in wish.among if (own.component.key, own.test_type.code) in kinds)
        found = list(measurements_of(_owned([*chosen, *pinned]), test_type, standings_of(beside)))
        found[len(chosen) :] = [replace(one, is_pinned=True) for one in found[len(chosen) :]]
    else:
        found = [measurement_of(run, test_type)]
    measurements = [one for one in found[: len(chosen)] if wish.values or _is_worth_it(one)]
    keys = {column.key for one in measurements for column in one.columns}
    measurements += [one for one in found[len(chosen) :] if any(c.key in keys for c in one.columns)]
    alike = [other for other in wish.among if not other.is_deleted and _are_alike(other, run)]
    stages = sorted({other.stage for other in alike}, key=_stage_order)
    trends = trends_of(_owned(alike[::-1]), test_type, [stage.label for stage in stages])
    wanted = (s.name for s in scalars_of(run) if wish.trend in (s.key, s.key.partition(".")[0]))
    name = next(wanted, "")
    return measurements, trends, name if any(trend.name == name for trend in trends) else ""


def _owned(runs: Sequence[TestRun]) -> list[tuple[str, TestRun]]:
    """Name whose runs they are, unless they are all of one."""
    several = len({run.component.key for run in runs}) > 1
    return [(run.component.label if several else "", run) for run in runs]


def _stage_order(stage: Stage) -> float:
    return math.inf if stage.order is None else stage.order


def _are_alike(run: TestRun, other: TestRun) -> bool:
    kinds = (run.component.component_type.code, other.component.component_type.code)
    return run.test_type.code == other.test_type.code and kinds[0] == kinds[1]


def _is_worth_it(measurement: Measurement) -> bool:
    """Tell whether there is a curve or map to see: two coordinates, or a value for each chip, are none."""
    return any(grid.is_broad for grid in measurement.grids) or any(
        len(c.values) >= _LEAST_POINTS for c in measurement.columns
    )
