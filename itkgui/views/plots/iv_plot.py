"""Current against bias voltage, in the theme's colours, with a read-out under the cursor."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from itkgui.records.measurement import IVCurve
from itkgui.views.style import Style, set_role, text_font


class IVPlot(QWidget):
    """One IV curve; linear or logarithmic current. Wheel zooms, drag pans, double click shows all."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._curve: IVCurve | None = None
        self.plot = pg.PlotWidget(enableMenu=False)
        self.plot.setAccessibleName("IV curve")
        self.plot.hideButtons()
        # A graphics view takes drops, for its items; files dropped here are for the page around it.
        self.plot.setAcceptDrops(False)
        self.plot.viewport().setAcceptDrops(False)
        self.line = self.plot.plot([], [])
        self._marker = pg.ScatterPlotItem(size=9)
        self._marker.setZValue(10)
        self.plot.addItem(self._marker)
        self.readout = QLabel()
        self.readout.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.readout, "quiet")
        self.logarithmic = QCheckBox("Logarithmic current")
        self.show_all = QPushButton("Show all")
        set_role(self.show_all, "link")
        self.show_all.clicked.connect(self.plot.autoRange)
        self.logarithmic.toggled.connect(self._on_scale_toggled)
        self.plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.plot.scene().sigMouseClicked.connect(self._on_clicked)

        below = QHBoxLayout()
        below.setContentsMargins(8, 0, 8, 4)
        below.addWidget(self.readout, 1)
        below.addWidget(self.show_all)
        below.addWidget(self.logarithmic)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.plot, 1)
        layout.addLayout(below)
        style.changed.connect(self._dress)
        self._dress()

    def show_curve(self, curve: IVCurve) -> None:
        """Draw a curve, all of it in sight."""
        self._curve = curve
        self._marker.setData([], [])
        self.readout.setText(f"{len(curve.voltage.values)} points")
        self._label_axes()
        self._draw()

    def _draw(self) -> None:
        if self._curve is None:
            return
        voltage, current = self._curve.voltage.values, self._curve.current.values
        if self.logarithmic.isChecked():
            current = np.where(current > 0, current, np.nan)  # zero has no logarithm: a gap, not a lie
        self.line.setData(voltage, current, connect="finite")
        self.plot.autoRange()

    def _label_axes(self) -> None:
        if self._curve is None:
            return
        style = {"color": Style.theme.quiet, "font-size": "9pt"}
        self.plot.setLabel("bottom", self._curve.voltage.axis_label, **style)
        self.plot.setLabel("left", self._curve.current.axis_label, **style)

    def _on_scale_toggled(self, on: bool) -> None:
        self.plot.setLogMode(x=False, y=on)
        self._marker.setData([], [])
        self._draw()

    def _on_mouse_moved(self, position: QPointF) -> None:
        if self._curve is None or not self.plot.sceneBoundingRect().contains(position):
            return
        voltage, current = self._curve.voltage.values, self._curve.current.values
        at = self.plot.getViewBox().mapSceneToView(position).x()
        distance = np.abs(voltage - at)
        if np.isnan(distance).all():
            return
        nearest = int(np.nanargmin(distance))
        shown = current[nearest]
        height = np.log10(shown) if self.logarithmic.isChecked() and shown > 0 else shown
        if np.isfinite(height):
            self._marker.setData([voltage[nearest]], [height])
        self.readout.setText(
            f"{voltage[nearest]:.4g} {self._curve.voltage.unit}   "
            f"{current[nearest]:.4g} {self._curve.current.unit}"
        )

    def _on_clicked(self, event: object) -> None:
        if getattr(event, "double", lambda: False)():
            self.plot.autoRange()

    def _dress(self) -> None:
        theme = Style.theme
        self.plot.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.quiet))
            axis.setStyle(tickFont=text_font(8.5))
            axis.enableAutoSIPrefix(False)  # "(x0.001)" beside a unit such as µA misleads
        self.plot.showGrid(x=True, y=True, alpha=0.18)
        # Width 1 is five times faster to draw than 2; the points carry the eye instead.
        self.line.setPen(pg.mkPen(theme.accent))
        self.line.setSymbol("o")
        self.line.setSymbolSize(5)
        self.line.setSymbolPen(None)
        self.line.setSymbolBrush(pg.mkBrush(theme.accent))
        self._marker.setPen(pg.mkPen(theme.text))
        self._marker.setBrush(pg.mkBrush(theme.surface))
        self._label_axes()
