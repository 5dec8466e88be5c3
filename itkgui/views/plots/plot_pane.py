"""A plot for a page: what is drawn against what, the plot, its legend and its read-out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.flow_layout import FlowLayout
from itkgui.views.plots.bins import histogram_of
from itkgui.views.plots.canvas import Canvas
from itkgui.views.plots.curve_plot import CurvePlot
from itkgui.views.plots.curves import INDEX, Axes, drawing_of, is_place, usual_axes, with_usual_magnitudes
from itkgui.views.plots.data import Grid, Measurement, Trend
from itkgui.views.plots.histogram_plot import HistogramPlot
from itkgui.views.plots.legend import Legend
from itkgui.views.plots.map_plot import MapPlot
from itkgui.views.plots.plot_saver import PlotSaver, Shown, menu_button
from itkgui.views.plots.trend_plot import TrendPlot
from itkgui.views.style import Style, set_icon, set_role

_MOST_LETTERS = 18  # of a picker's text that are seen in full
_AS_HISTOGRAM = ("pull", "strength")  # what is listed without an order that means anything


class Kind(Enum):
    """The ways to look at numbers."""

    CURVES = "Curves"
    HISTOGRAM = "Histogram"
    MAP = "Map"
    TREND = "Trend"


class PlotPane(QWidget):
    """Shows runs' arrays and scalars in the way that suits them, and lets the user choose another."""

    record_chosen = Signal(object)

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._measurements: tuple[Measurement, ...] = ()
        self._trends: tuple[Trend, ...] = ()
        self._grids: tuple[tuple[Measurement, Grid], ...] = ()
        self._axes = Axes("")
        self._magnitudes_chosen = False  # by hand
        self._offered: tuple[object, ...] = ()
        self._canvases: dict[Kind, Canvas] = {}
        self._trouble = ""
        self._build()

    # What a page shows -------------------------------------------------------------------------------------

    def show_data(self, measurements: Sequence[Measurement], trends: Sequence[Trend] = ()) -> None:
        """Show runs; the user's choices stay for as long as the same numbers are offered."""
        self._measurements, self._trends = tuple(measurements), tuple(trends)
        self._grids = tuple((m, grid) for m in self._measurements for grid in m.grids)
        columns = {column.key: column for m in self._measurements for column in m.columns}
        kinds = [
            kind
            for kind, has in (
                (Kind.CURVES, columns),
                (Kind.HISTOGRAM, columns),
                (Kind.MAP, self._grids),
                (Kind.TREND, self._trends),
            )
            if has
        ]
        if not kinds:
            self.show_nothing("There is nothing to plot.", "Runs with lists of numbers have curves.")
            return
        offered = (*columns, None, *(grid.key for _, grid in self._grids), None, *(t.name for t in trends))
        if offered != self._offered:
            self._offered, self._magnitudes_chosen = offered, False
            _fill(self.kind, [(kind.value, kind) for kind in kinds])
            self._axes = usual_axes(self._measurements) or Axes("")
            self.kind.setCurrentIndex(self.kind.findData(self._usual_kind(kinds)))
            self._fill_pickers()
        elif not self._magnitudes_chosen:
            self._axes = with_usual_magnitudes(self._axes, self._measurements)
            self._tick_turns()
        self.stack.setCurrentIndex(1)
        self._show()

    def _usual_kind(self, kinds: Sequence[Kind]) -> Kind:
        """Return how these numbers are looked at most: maps as maps, what has no order as a histogram."""
        has_order = self._axes.x != INDEX and not is_place(self._axes.x)
        if not has_order and any(grid.is_broad for _, grid in self._grids):
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
        grid = next((n for n, (_, grid) in enumerate(self._grids) if grid.key == key), -1)
        if grid >= 0:
            self._choose(Kind.MAP, grid)
        else:
            self._choose(Kind.CURVES if self.kind.currentData() is Kind.MAP else None, key)

    def _choose(self, kind: Kind | None, values: object) -> None:
        if kind is not None and self.kind.currentData() is not kind:
            self.kind.setCurrentIndex(self.kind.findData(kind))
            self._fill_pickers()
        row = self.y_picker.findData(values)
        if row >= 0:
            self.y_picker.setCurrentIndex(row)
            self._on_axis()

    @property
    def canvas(self) -> Canvas | None:
        """The plot that is chosen; None before the first."""
        return self._canvases.get(self.kind.currentData())

    # Widgets -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.empty = EmptyPane("chart", "There is nothing to plot.")
        self.kind, self.y_picker, self.x_picker = QComboBox(), QComboBox(), QComboBox()
        for box, name in (
            (self.kind, "Kind of plot"),
            (self.y_picker, "What is plotted"),
            (self.x_picker, "Against what"),
        ):
            box.setAccessibleName(name)
            box.setToolTip(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind.activated.connect(self._on_kind)
        self.y_picker.activated.connect(self._on_axis)
        self.x_picker.activated.connect(self._on_axis)
        self.over = QWidget()
        beside = QHBoxLayout(self.over)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(QLabel("over"))
        beside.addWidget(self.x_picker)
        self.logarithmic = self._button("", "Logarithmic y axis", self._on_turned)
        self.logarithmic.setText("log y")
        self.logarithmic.setCheckable(True)
        self.scale, self.scale_actions = self._build_scale()
        self.show_all = self._button("fit", "Show all", self._on_show_all)
        self.legend_button = self._button("legend", "Legend", self._on_legend)
        self.legend_button.setCheckable(True)
        self.legend_button.setChecked(True)
        self.saver = PlotSaver(self._what_is_shown)
        self.saver.told.connect(self._say)

        row = FlowLayout(spacing=4)
        row.setContentsMargins(6, 4, 6, 0)
        for widget in (self.kind, self.y_picker, self.over):
            row.addWidget(widget)
        for button in (self.logarithmic, self.scale, self.show_all, self.legend_button, self.saver):
            row.addWidget(button)
        self.place = QStackedWidget()
        self.refused = EmptyPane("chart", "")
        self.place.addWidget(self.refused)
        self.legend = Legend(self._style)
        self.legend.picked.connect(self._on_picked)
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
        self.readout.setMinimumHeight(self.readout.fontMetrics().height())
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self.parts, 1)
        layout.addWidget(self.readout)
        layout.addWidget(self.notes)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)

    def _button(self, icon_name: str, text: str, on_click: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        if icon_name:
            set_icon(button, icon_name)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.clicked.connect(lambda: on_click())
        return button

    def _build_scale(self) -> tuple[QToolButton, dict[str, QAction]]:
        menu, actions = QMenu(self), {}
        for name, text in (
            ("log_x", "Logarithmic x axis"),
            ("magnitude_x", "Magnitude of x"),
            ("magnitude_y", "Magnitude of y"),
            ("inverse_square", "1 / y²"),
            ("equal", "Equal aspect"),
            ("transposed", "Transpose"),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.toggled.connect(lambda _: self._on_turned())
            actions[name] = action
        button = menu_button("Scale", menu)
        button.setText("Scale")
        return button, actions

    # Choosing ----------------------------------------------------------------------------------------------

    def _fill_pickers(self) -> None:
        kind: Kind = self.kind.currentData()
        columns = {column.key: column for m in self._measurements for column in m.columns}
        named = [(column.name, key) for key, column in columns.items()]
        several = len(self._measurements) > 1
        if kind is Kind.MAP:
            grids = enumerate(self._grids)
            _fill(
                self.y_picker,
                [(f"{grid.name}, {m.label}" if several else grid.name, n) for n, (m, grid) in grids],
            )
        elif kind is Kind.TREND:
            _fill(self.y_picker, [(trend.name, number) for number, trend in enumerate(self._trends)])
            _fill(self.x_picker, [("Time", False), ("Stage", True)])
        else:
            _fill(self.y_picker, named)
            _fill(self.x_picker, [*named, ("Index", INDEX)])
            self.y_picker.setCurrentIndex(max(0, self.y_picker.findData(self._axes.y)))
            self.x_picker.setCurrentIndex(self.x_picker.findData(self._axes.x))
        self._show_turns()

    def _show_turns(self) -> None:
        kind = self.kind.currentData()
        has_x = kind in (Kind.CURVES, Kind.TREND)
        self.over.setVisible(has_x)
        self.logarithmic.setVisible(has_x)
        self.scale.setVisible(kind in (Kind.CURVES, Kind.MAP))
        self.logarithmic.setChecked(kind is Kind.CURVES and self._axes.log_y)
        for name, action in self.scale_actions.items():
            action.setVisible((name in ("equal", "transposed")) == (kind is Kind.MAP))
        self._tick_turns()

    def _tick_turns(self) -> None:
        for name, action in self.scale_actions.items():
            if hasattr(self._axes, name):
                action.blockSignals(True)
                action.setChecked(getattr(self._axes, name))
                action.blockSignals(False)

    def _on_kind(self) -> None:
        self._fill_pickers()
        self._show()

    def _on_axis(self) -> None:
        if self.kind.currentData() in (Kind.CURVES, Kind.HISTOGRAM):
            self._axes = replace(self._axes, y=self.y_picker.currentData(), x=self.x_picker.currentData())
        self._show()

    def _on_turned(self) -> None:
        if self.kind.currentData() is Kind.CURVES:
            on = {name: action.isChecked() for name, action in self.scale_actions.items()}
            magnitudes = on["magnitude_x"], on["magnitude_y"]
            if magnitudes != (self._axes.magnitude_x, self._axes.magnitude_y):
                self._magnitudes_chosen = True
            self._axes = replace(
                self._axes,
                log_x=on["log_x"],
                log_y=self.logarithmic.isChecked(),
                magnitude_x=on["magnitude_x"],
                magnitude_y=on["magnitude_y"],
                inverse_square=on["inverse_square"],
            )
        self._show()

    def _on_show_all(self) -> None:
        if self.canvas is not None:
            self.canvas.show_all()

    def _on_legend(self) -> None:
        shown = self.legend_button.isChecked() and bool(self.legend.entries)
        self.legend.setVisible(shown)
        if shown:
            wanted = min(self.legend.sizeHint().width(), self.parts.width() // 3)
            self.parts.setSizes([self.parts.width() - wanted, wanted])

    def _on_picked(self, members: tuple[int, ...]) -> None:
        if self.canvas is not None:
            self.canvas.pick(members)

    # Drawing -----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        kind: Kind = self.kind.currentData()
        canvas = self._canvas(kind)
        if isinstance(canvas, CurvePlot):
            canvas.show_drawing(drawing_of(self._measurements, self._axes))
        elif isinstance(canvas, HistogramPlot):
            canvas.show_histogram(histogram_of(self._measurements, self.y_picker.currentData()))
        elif isinstance(canvas, MapPlot):
            measurement, grid = self._grids[self.y_picker.currentData()]
            canvas.show_grid(
                grid,
                measurement.label,
                measurement.record,
                transposed=self.scale_actions["transposed"].isChecked(),
            )
            canvas.set_equal_aspect(self.scale_actions["equal"].isChecked())
        elif isinstance(canvas, TrendPlot):
            canvas.show_trend(
                self._trends[self.y_picker.currentData()],
                by_stage=self.x_picker.currentData(),
                logarithmic=self.logarithmic.isChecked(),
            )
        self._trouble = ""
        self.readout.setText("")
        self._write_notes(canvas)
        self.legend.show_entries(canvas.entries)
        self.legend_button.setVisible(bool(canvas.entries))
        self._on_legend()
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
        text = " ".join(note for note in (self._trouble, *(() if canvas.refusal else canvas.notes)) if note)
        self.notes.setText(shown_text(text))
        self.notes.setToolTip(plain_hint(text))
        self.notes.setVisible(bool(text))

    def _say(self, sentence: str) -> None:
        self._trouble = sentence
        if self.canvas is not None:
            self._write_notes(self.canvas)

    def _what_is_shown(self) -> Shown | None:
        if self.canvas is None:
            return None
        entries = self.legend.entries if self.legend_button.isChecked() else ()
        return Shown(self.canvas, entries)


def _fill(box: QComboBox, items: Sequence[tuple[str, object]]) -> None:
    box.clear()
    for row, (text, data) in enumerate(items):
        box.addItem(shown_text(text), data)
        box.setItemData(row, plain_hint(text), Qt.ItemDataRole.ToolTipRole)
    metrics = box.fontMetrics()
    longest = max((metrics.horizontalAdvance(box.itemText(row)) for row in range(box.count())), default=0)
    # Qt leaves room for an icon, too, of which there is none.
    letters = math.ceil((longest - box.iconSize().width() + 4) / metrics.horizontalAdvance("X"))
    box.setMinimumContentsLength(max(1, min(letters, _MOST_LETTERS)))
