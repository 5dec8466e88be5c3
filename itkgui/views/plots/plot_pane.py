"""A plot for a page: the row of choices, the plot, its legend and its read-out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _, ngettext
from itkgui.views.plots.bins import histogram_of
from itkgui.views.plots.canvas import Canvas
from itkgui.views.plots.curve_plot import CurvePlot
from itkgui.views.plots.curves import INDEX, Axes, drawing_of, is_place, usual_axes, with_usual_magnitudes
from itkgui.views.plots.data import Map, Measurement, Trend
from itkgui.views.plots.histogram_plot import HistogramPlot
from itkgui.views.plots.legend import Legend
from itkgui.views.plots.map_plot import MapPlot
from itkgui.views.plots.not_found import (
    not_found_in,
    not_found_note,
    trend_without_not_found,
    without_not_found,
)
from itkgui.views.plots.plot_bar import Kind, PlotBar
from itkgui.views.plots.plot_saver import PlotSaver, Shown
from itkgui.views.plots.trend_plot import TrendPlot
from itkgui.views.style import Style, set_role, set_room
from itkgui.views.widgets.empty_pane import EmptyPane

_AS_HISTOGRAM = ("pull", "strength")  # what is listed without an order that means anything
_BESIDE_FROM = 58  # letters, as wide as a pane must be for a legend beside the plot instead of below
_MOST_LEGEND = 0.36  # of the pane
_MOST_LINES = 3  # of a legend below
_ALL_RUNS = ""  # instead of a label


class PlotPane(QWidget):
    """Shows runs' arrays and scalars in the way that suits them, and lets the user choose another."""

    record_chosen = Signal(object)
    unpin_requested = Signal(object)  # tuple of records

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._all: tuple[Measurement, ...] = ()  # also those that are hidden
        self._measurements: tuple[Measurement, ...] = ()
        self._trends: tuple[Trend, ...] = ()
        self._axes = Axes("")
        self._first: Axes | None = None
        self._magnitudes_chosen = False  # by hand
        self._offered: tuple[object, ...] = ()
        self._canvases: dict[Kind, Canvas] = {}
        self._trouble = self._missing = ""
        self._build()

    # What a page shows -------------------------------------------------------------------------------------

    def show_data(
        self, measurements: Sequence[Measurement], trends: Sequence[Trend] = (), first: Axes | None = None
    ) -> None:
        """Show runs; the user's choices stay for as long as the same numbers are offered.

        ``first`` are the axes to begin with, else those usual for such numbers.
        """
        self._all, self._trends, self._first = tuple(measurements), tuple(trends), first
        self.bar.offer_pins([(m.label, m.record) for m in self._all if m.is_pinned])
        self._show_data()

    def _show_data(self) -> None:
        with_pins = self.bar.pins_shown.isChecked()
        self._measurements = tuple(m for m in self._all if with_pins or not m.is_pinned)
        columns = {column.key: column for m in self._measurements for column in m.columns}
        maps, bins = self._map_names(), self._bin_names()
        kinds = [
            kind
            for kind, has in (
                (Kind.CURVES, columns),
                (Kind.HISTOGRAM, columns or bins),
                (Kind.MAP, maps),
                (Kind.TREND, self._trends),
            )
            if has
        ]
        if not kinds:
            self.show_nothing(_("There is nothing to plot."), _("Runs with lists of numbers have curves."))
            return
        offered = (*columns, None, *maps, None, *bins, None, *(trend.name for trend in self._trends))
        if offered != self._offered:
            self._offered, self._magnitudes_chosen = offered, False
            self._axes = self._first or usual_axes(self._measurements) or Axes("")
            self.bar.offer(self.kind, [(_(kind.value), kind) for kind in kinds], self._usual_kind(kinds))
            self._reset_logarithm()
        elif not self._magnitudes_chosen:
            self._axes = with_usual_magnitudes(self._axes, self._measurements)
        self._fill_pickers()
        self.stack.setCurrentIndex(1)
        self._show()

    def _usual_kind(self, kinds: Sequence[Kind]) -> Kind:
        """Return how these numbers are looked at most: maps as maps, what has no order as a histogram."""
        if self._bin_names():
            return Kind.HISTOGRAM
        has_order = self._axes.x != INDEX and not is_place(self._axes.x)
        if not has_order and any(one.is_broad for m in self._measurements for one in m.grids):
            return Kind.MAP
        if self._axes.x == INDEX and any(word in self._axes.y for word in _AS_HISTOGRAM):
            return Kind.HISTOGRAM
        return kinds[0]

    def show_nothing(self, sentence: str, advice: str = "") -> None:
        """Say why there is no plot, and what to do."""
        self._offered = ()
        self.empty.say(sentence, advice)
        self.stack.setCurrentIndex(0)

    def show_trend(self, name: str) -> None:
        """Draw the trend of this name, if it is one of those offered."""
        self._choose(Kind.TREND, next((n for n, t in enumerate(self._trends) if t.name == name), -1))

    def show_values(self, key: str) -> None:
        """Draw the array or map of this key, if it is one of those offered."""
        if key in self._map_names():
            self._choose(Kind.MAP, key)
        else:
            self._choose(Kind.CURVES if self.kind.currentData() is Kind.MAP else None, key)

    def _choose(self, kind: Kind | None, values: object) -> None:
        if kind is not None and self.kind.currentData() is not kind:
            self.kind.setCurrentIndex(self.kind.findData(kind))
            self._fill_pickers()
            self._reset_logarithm()
        row = self.y_picker.findData(values)
        if row >= 0:
            self.y_picker.setCurrentIndex(row)
            self._on_axis()

    def prepare(self) -> None:
        """Make the plot of curves while their numbers are still read: it takes a frame of its own."""
        self._canvas(Kind.CURVES)

    @property
    def canvas(self) -> Canvas | None:
        """The plot that is chosen; None before the first."""
        return self._canvases.get(self.kind.currentData())

    # Widgets -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.empty = EmptyPane("chart", _("There is nothing to plot."))
        self.saver = PlotSaver(self._what_is_shown)
        self.saver.told.connect(self.tell)
        self.bar = bar = PlotBar(self.saver)
        self.kind, self.y_picker, self.x_picker = bar.kind, bar.y_picker, bar.x_picker
        self.logarithmic, self.scale, self.scale_actions = bar.logarithmic, bar.scale, bar.scale_actions
        self.show_all, self.legend_button = bar.show_all, bar.legend_button
        bar.kind_chosen.connect(self._on_kind)
        bar.axis_chosen.connect(self._on_axis)
        bar.turned.connect(self._on_turned)
        bar.legend_toggled.connect(self._arrange)
        bar.pins_toggled.connect(self._show_data)
        bar.unpin_requested.connect(self._on_unpin)
        bar.show_all.clicked.connect(self._on_show_all)
        self.place = QStackedWidget()
        self.refused = EmptyPane("chart", "")
        self.place.addWidget(self.refused)
        self.legend = Legend(self._style)
        self.legend.picked.connect(self._on_picked)
        self.legend.unpin_requested.connect(self._on_member_unpinned)
        self.parts = QSplitter(Qt.Orientation.Horizontal)
        self.parts.addWidget(self.place)
        self.parts.addWidget(self.legend)
        self.parts.setStretchFactor(0, 1)
        self.parts.setCollapsible(0, False)
        self.readout, self.notes = QLabel(), QLabel()
        for label in (self.readout, self.notes):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setContentsMargins(8, 0, 8, 0)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self.notes, "quiet")
        set_room(self.readout, least=(0, 1))
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(2)
        layout.addWidget(bar)
        layout.addWidget(self.parts, 1)
        layout.addWidget(self.readout)
        layout.addWidget(self.notes)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the legend beside the plot, or below it in a narrow pane or if it is a single line, or away."""
        shown = self.legend_button.isChecked() and bool(self.legend.entries)
        self.legend.setVisible(shown)
        if not shown:
            return
        is_wide = self.width() >= _BESIDE_FROM * self.fontMetrics().averageCharWidth()
        beside = is_wide and self.legend.lines_in(self.parts.width()) > 1
        self.legend.lie(not beside)
        self.parts.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        if beside:
            room, wanted = self.parts.width(), self.legend.sizeHint().width()
        else:
            room = self.parts.height()
            wanted = self.legend.height_in(self.parts.width(), _MOST_LINES)
        wanted = min(wanted, round(_MOST_LEGEND * room))
        self.parts.setSizes([room - wanted, wanted])

    # Choosing ----------------------------------------------------------------------------------------------

    def _map_names(self) -> dict[str, str]:
        return {one.key: one.name for m in self._measurements for one in m.grids}

    def _bin_names(self) -> dict[str, str]:
        return {bins.key: bins.name for m in self._measurements for bins in m.bins}

    def _maps_of(self, key: str) -> list[tuple[Measurement, Map]]:
        return [(m, one) for m in self._measurements for one in m.grids if one.key == key]

    def _fill_pickers(self) -> None:
        kind: Kind = self.kind.currentData()
        columns = {column.key: column for m in self._measurements for column in m.columns}
        named = [(column.name, key) for key, column in columns.items()]
        offer = self.bar.offer
        if kind is Kind.MAP:
            offer(self.y_picker, [(name, key) for key, name in self._map_names().items()])
            self._offer_runs()
        elif kind is Kind.TREND:
            offer(self.y_picker, [(trend.name, number) for number, trend in enumerate(self._trends)])
            offer(self.x_picker, [(_("Time"), False), (_("Stage"), True)])
        elif kind is Kind.HISTOGRAM and (bins := self._bin_names()):
            offer(self.y_picker, [(name, key) for key, name in bins.items()])
        else:
            offer(self.y_picker, [one for one in named if not columns[one[1]].is_time], self._axes.y)
            offer(self.x_picker, [*named, (_("Index"), INDEX)], self._axes.x)
        self.bar.show_kind(kind, self._axes)

    def _offer_runs(self) -> None:
        """Offer the maps of all runs together, and that of each."""
        maps = self._maps_of(self.y_picker.currentData())
        runs = [(measurement.label, measurement.label) for measurement, _ in maps]
        every = ngettext("all {count} runs", "all {count} runs", len(maps)).format(count=len(maps))
        self.bar.offer(self.x_picker, [(every, _ALL_RUNS), *runs])
        self.bar.row.offer(self.bar.over, len(maps) > 1)

    def _reset_logarithm(self) -> None:
        self.logarithmic.setChecked(self.kind.currentData() is Kind.CURVES and self._axes.log_y)

    def _on_kind(self) -> None:
        self._fill_pickers()
        self._reset_logarithm()
        self._show()

    def _on_axis(self) -> None:
        kind = self.kind.currentData()
        if kind is Kind.CURVES or (kind is Kind.HISTOGRAM and not self._bin_names()):
            self._axes = replace(self._axes, y=self.y_picker.currentData(), x=self.x_picker.currentData())
        elif kind is Kind.MAP:
            self._offer_runs()
        self._show()

    def _on_turned(self) -> None:
        if self.kind.currentData() is Kind.CURVES:
            before = self._axes
            self._axes = self.bar.turned_axes(before)
            if (before.magnitude_x, before.magnitude_y) != (self._axes.magnitude_x, self._axes.magnitude_y):
                self._magnitudes_chosen = True
        self._show()

    def _on_show_all(self) -> None:
        if self.canvas is not None:
            self.canvas.show_all()

    def _on_picked(self, members: tuple[int, ...]) -> None:
        if self.canvas is not None:
            self.canvas.pick(members)

    def _on_unpin(self, record: object) -> None:
        pinned = tuple(m.record for m in self._all if m.is_pinned)
        self.unpin_requested.emit(pinned if record is None else (record,))

    def _on_member_unpinned(self, member: int) -> None:
        if isinstance(self.canvas, CurvePlot):
            self._on_unpin(self.canvas.curves[member].measurement.record)

    # Drawing -----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        kind: Kind = self.kind.currentData()
        canvas = self._canvas(kind)
        leaves_out, missing = self.bar.without_999.isChecked(), 0
        if isinstance(canvas, CurvePlot):
            canvas.show_drawing(drawing_of(self._measurements, self._axes))
        elif isinstance(canvas, HistogramPlot):
            key = self.y_picker.currentData()
            found = [own for m in self._measurements if (own := m.column(key)) is not None]
            missing = sum(not_found_in(own.values) for own in found)
            shown = [without_not_found(m, key) for m in self._measurements] if leaves_out else None
            canvas.show_histogram(histogram_of(shown or self._measurements, key))
        elif isinstance(canvas, MapPlot):
            of = self.x_picker.currentData()
            maps = self._maps_of(self.y_picker.currentData())
            canvas.show_maps(
                [(m, one) for m, one in maps if of in (_ALL_RUNS, m.label)],
                transposed=self.scale_actions["transposed"].isChecked(),
            )
            canvas.set_equal_aspect(self.scale_actions["equal"].isChecked())
        elif isinstance(canvas, TrendPlot):
            trend = self._trends[self.y_picker.currentData()]
            missing = not_found_in([point.value for point in trend.points])
            canvas.show_trend(
                trend_without_not_found(trend) if leaves_out else trend,
                by_stage=self.x_picker.currentData(),
                logarithmic=self.logarithmic.isChecked(),
            )
        self._trouble = ""
        self.bar.offer_without_999(missing > 0)
        self._missing = not_found_note(missing, left_out=leaves_out)
        self.readout.setText("")
        self._write_notes(canvas)
        self.legend.show_entries(canvas.entries)
        self.bar.offer_legend(bool(canvas.entries))
        self._arrange()
        self.refused.say(canvas.refusal)
        self.place.setCurrentWidget(self.refused if canvas.refusal else canvas)

    def _canvas(self, kind: Kind) -> Canvas:
        if kind not in self._canvases:
            made: Canvas = {
                Kind.CURVES: CurvePlot,
                Kind.HISTOGRAM: HistogramPlot,
                Kind.MAP: MapPlot,
                Kind.TREND: TrendPlot,
            }[kind](self._style)
            made.read.connect(self.readout.setText)
            made.record_chosen.connect(self.record_chosen)
            self._canvases[kind] = made
            self.place.addWidget(made)
        return self._canvases[kind]

    def _write_notes(self, canvas: Canvas) -> None:
        notes = self._trouble, self._missing, *(() if canvas.refusal else canvas.notes)
        text = " ".join(note for note in notes if note)
        self.notes.setText(shown_text(text))
        self.notes.setToolTip(plain_hint(text))
        self.notes.setVisible(bool(text))

    def tell(self, sentence: str) -> None:
        """Say something under the plot, until another is drawn."""
        self._trouble = sentence
        if self.canvas is not None:
            self._write_notes(self.canvas)

    def _what_is_shown(self) -> Shown | None:
        if self.canvas is None:
            return None
        entries = self.legend.entries if self.legend_button.isChecked() else ()
        return Shown(self.canvas, entries)
