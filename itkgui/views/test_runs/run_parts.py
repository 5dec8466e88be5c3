"""A run's plot above its tabs; where there is not the height for both, the plot is a tab among them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabWidget

from itkgui.language import _
from itkgui.views.context.memory import Memory
from itkgui.views.style import arrange_by_text
from itkgui.views.test_runs.run_plot import RunPlot
from itkgui.views.widgets.split_memory import SplitMemory

_LEAST_LINES = 30  # of text, that plot and tabs need above each other
_SHARE = 0.55  # of the plot, at first


class RunParts(QSplitter):
    """Shows the plot as long as there is one; as a tab, where the user wants to see it first."""

    def __init__(self, plot: RunPlot, tabs: QTabWidget, memory: Memory) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._plot, self._tabs = plot, tabs
        self._is_low = False
        self._wants_plot = True
        self.setChildrenCollapsible(False)
        self.addWidget(plot)
        self.addWidget(tabs)
        for place in range(2):
            self.setStretchFactor(place, 1)
        self._split = SplitMemory(self, memory, "run")
        arrange_by_text(self)
        plot.hide()
        plot.presence_changed.connect(self._show_plot)

    def bring_plot(self) -> None:
        """Bring the plot into sight, for somebody asked for it."""
        self._wants_plot = True
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.updatesEnabled():  # amid a change of look, where Qt goes through all widgets
            return
        is_low = self.height() < _LEAST_LINES * self.fontMetrics().lineSpacing()
        if is_low != self._is_low:
            self._note_wish()
            self._is_low = is_low
            if is_low:
                self._tabs.addTab(self._plot, _("Plot"))
            else:
                self._tabs.removeTab(self._tabs.indexOf(self._plot))
                self.insertWidget(0, self._plot)
            self._arrange()

    def _show_plot(self) -> None:
        self._note_wish()
        self._arrange()

    def _note_wish(self) -> None:
        """Note whether the user looks at the plot, or at the first tab for want of one."""
        # Not told by the tabs as they change: they do so, too, while all of this is taken apart.
        if self._is_low:
            place, current = self._tabs.indexOf(self._plot), self._tabs.currentIndex()
            if self._tabs.isTabVisible(place):
                self._wants_plot = current == place
            elif current:
                self._wants_plot = False

    def _arrange(self) -> None:
        has_plot = self._plot.has_plot
        if not self._is_low:
            if has_plot and self._plot.isHidden():
                share = self._split.share or _SHARE
                self.setSizes([round(self.height() * part) for part in (share, 1 - share)])
            self._plot.setVisible(has_plot)
            return
        place = self._tabs.indexOf(self._plot)
        was_shown = self._tabs.currentIndex() == place
        self._tabs.setTabVisible(place, has_plot)
        if has_plot and self._wants_plot:
            self._tabs.setCurrentIndex(place)
        elif was_shown and not has_plot:
            self._tabs.setCurrentIndex(0)
