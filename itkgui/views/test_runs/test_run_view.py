"""One test run: verdict, curve, results against their limits, properties, remarks, files and raw JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.item_models.attachment_table import ADDED, FROM, PERSON, STAGE, TYPE, AttachmentTable
from itkgui.item_models.plain_text import shown_text
from itkgui.item_models.result_table import (
    ResultRow,
    judged_text,
    numbers_in,
    property_rows,
    result_rows,
)
from itkgui.item_models.run_quantity import RunQuantity
from itkgui.language import _
from itkgui.records.attachment import Attachment
from itkgui.records.run_history import Standing
from itkgui.records.test_run import TestRun, ValueKind
from itkgui.records.test_type import TestType
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import Style, set_room
from itkgui.views.tables.record_view import RecordView
from itkgui.views.test_runs.array_view import ArrayView
from itkgui.views.test_runs.result_pane import ResultPane
from itkgui.views.test_runs.run_head import RunHead
from itkgui.views.test_runs.run_parts import RunParts
from itkgui.views.test_runs.run_pictures import RunPictures
from itkgui.views.test_runs.run_plot import PlotWish, RunPlot
from itkgui.views.test_runs.run_remarks_view import RunRemarksView
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.late_place import LatePlace
from itkgui.views.widgets.raw_view import RawView

if TYPE_CHECKING:
    from itkgui.views.plots.plot_pane import PlotPane

RESULTS, PROPERTIES, REMARKS, FILES, RAW = range(5)
_LEAST_LINES = 8  # of text, that the results are high
_AT_ONCE = 20_000  # values judged without leaving the GUI's thread


class TestRunView(QStackedWidget):
    """Shows one run, or what to do while none is chosen.

    ``among`` are the runs that trends go over, which whoever shows runs keeps up to date.
    """

    __test__ = False  # not a test case, whatever pytest thinks of the name

    attachment_requested = Signal(object)  # Attachment
    run_requested = Signal(object)  # TestRun, seen in a plot
    link_requested = Signal(str)  # id of a run
    quantity_requested = Signal(object)  # RunQuantity, to be listed with the runs
    back_requested = Signal()

    def __init__(self, context: ViewContext, style: Style) -> None:
        super().__init__()
        self._context = context
        self.run: TestRun | None = None
        self.among: Sequence[TestRun] = ()
        self._chosen: Sequence[TestRun] = ()
        self._array: ArrayView | None = None
        self._holds_limits = False
        self._pins_are_new = False
        self._trend = self._values = ""  # what was asked to be plotted, by code
        self._limits_task = ViewTask(self, self._on_limits_failed)
        self.plot_area = RunPlot(context, style)
        self.plot_area.run_requested.connect(self.run_requested)
        self.empty = EmptyPane(
            "chart", _("No test run chosen."), _("Choose one in the table to see its results.")
        )
        self._build()
        context.pinned.changed.connect(self._on_pinned_changed)

    # Widgets ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.head = RunHead(self._context.pinned)
        self.head.back_requested.connect(self.back_requested)
        self.head.pin_requested.connect(self._on_pin)
        self._build_tabs()
        self.parts = RunParts(self.plot_area, self.tabs, self._context.memory)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.parts, 1)
        self.addWidget(self.empty)
        self.addWidget(page)

    def _build_tabs(self) -> None:
        self.results_pane = ResultPane(_("Results"), self._context, trends=True)
        self.results_pane.view.record_opened.connect(self._on_value_opened)
        self.results_pane.view.trend_requested.connect(self._on_trend_requested)
        self.results_pane.view.column_requested.connect(self._on_column_requested)
        self.results, self.results_view = self.results_pane.table, self.results_pane.view
        set_room(self.results_view, least=(0, _LEAST_LINES))
        self.said, self.trend_button = self.results_pane.said, self.results_pane.trend_button
        self.pictures = RunPictures(self._context)
        self.pictures.attachment_requested.connect(self.attachment_requested)
        self.results_pane.room.addWidget(self.pictures)
        self.result_pages = QStackedWidget()
        self.result_pages.addWidget(self.results_pane)

        self.remarks = RunRemarksView(self._context)
        self.remarks.count_changed.connect(self._on_remarks_counted)
        self._properties_place = LatePlace(self._make_properties)
        self._files_place = LatePlace(self._make_files)
        self._raw_place = LatePlace(self._make_raw)
        self.tabs = QTabWidget()
        for widget, text in (
            (self.result_pages, _("Results")),
            (self._properties_place, _("Properties")),
            (self.remarks, _("Remarks")),
            (self._files_place, _("Files")),
            (self._raw_place, _("Raw")),
        ):
            self.tabs.addTab(widget, text)
        self.tabs.setUsesScrollButtons(True)

    def _make_properties(self) -> ResultPane:
        pane = ResultPane(_("Properties"), self._context)
        pane.view.record_opened.connect(self._on_value_opened)
        self._show_properties(pane)
        return pane

    def _make_files(self) -> RecordView[Attachment]:
        view = RecordView(AttachmentTable(self._context.attachments.known), _("Files of this test run"))
        view.set_widths(26, 26)
        for column in (TYPE, FROM, STAGE, ADDED, PERSON):
            view.hideColumn(column)
        view.record_opened.connect(self.attachment_requested)
        self._show_files(view)
        return view

    def _make_raw(self) -> RawView:
        view = RawView(self._context)
        view.setMinimumWidth(1)  # or its buttons would take the table's room
        self._show_raw(view)
        return view

    @property
    def properties_pane(self) -> ResultPane:
        """The properties, made when they are first looked at, as are the files and the raw JSON."""
        return self._properties_place.view

    @property
    def files_view(self) -> RecordView[Attachment]:
        return self._files_place.view

    @property
    def raw(self) -> RawView | None:
        return self._raw_place.made

    @property
    def plot(self) -> PlotPane | None:
        """What draws the curves; None before the first."""
        return self.plot_area.pane

    # A run --------------------------------------------------------------------------------------------------

    def show_nothing(self, sentence: str, advice: str = "") -> None:
        self.run = None
        self._limits_task.cancel()
        self.plot_area.clear()
        self.empty.say(sentence, advice)
        self.setCurrentIndex(0)

    def show_run(self, run: TestRun, standing: Standing | None = None, *, can_go_back: bool = False) -> None:
        """Show a run; ``standing`` is what it means among the others, if it is known."""
        is_other = self.run is None or self.run.id != run.id
        if self.run is None or self.run.test_type.code != run.test_type.code:
            self._trend = self._values = ""
        self.run, self._chosen = run, (run,)
        self.head.show_run(run, standing, self.among, can_go_back=can_go_back)
        if is_other:
            self.close_array()
            self.results.replace(())
            self.results_pane.say("")
        self._show_properties(self._properties_place.made)
        self._show_files(self._files_place.made)
        self._show_raw(self._raw_place.made)
        self.remarks.show_run(run)
        self.pictures.show_run(run)
        self._count(RESULTS, _("Results"), len(run.results))
        self._count(PROPERTIES, _("Properties"), len(run.properties))
        self._count(FILES, _("Files"), len(run.attachments))
        self.setCurrentIndex(1)
        known = self._context.test_types.known(run.component)
        if known is not None and numbers_in(run) <= _AT_ONCE:
            self._limits_task.cancel()
            self._show_results(run, result_rows(run, known.get(run.test_type.code)), known)
        else:
            self._limits_task.start(self._judge(run))
        self._plot()

    def show_selection(self, runs: Sequence[TestRun]) -> None:
        """Plot several runs over each other, the one that is shown among them."""
        if self.run is not None and [run.id for run in runs] != [run.id for run in self._chosen]:
            self._chosen = tuple(runs)
            self.head.tell_chosen(runs)
            self._plot()
            if len(runs) > 1:
                self.parts.bring_plot()

    def take_focus(self) -> None:
        """Let the keys go on in what is shown of the run."""
        page = self.tabs.currentWidget()
        if page is self.result_pages:
            page = self._array or self.results_view
        elif page is self._properties_place:
            page = self.properties_pane.view
        elif page is self._files_place:
            page = self.files_view
        elif page is self.plot_area and self.plot is not None:
            page = self.plot.canvas or page
        if page is not None and page.isVisible():
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    async def _judge(self, run: TestRun) -> None:
        """Show the results, then judge them as soon as their limits are known."""
        worker, types = self._context.worker, self._context.test_types
        known = types.known(run.component)
        if known is None:
            self._show_results(run, await worker.call(result_rows, run, None), {})
            asking = _("asking for the limits…")
            self.results_pane.say(f"{self.said.text()}  ·  {asking}")
            if self._holds_limits:
                return
            known = await types.load(run.component)
            self._plot()
        self._show_results(run, await worker.call(result_rows, run, known.get(run.test_type.code)), known)

    def hold_limits(self, wanted: bool) -> None:
        """Ask for no limits while the runs, which are wanted sooner, are on their way."""
        self._holds_limits = wanted
        if not wanted and self.run is not None and self._context.test_types.known(self.run.component) is None:
            self._limits_task.start(self._judge(self.run))

    def _on_limits_failed(self, error: ItkError) -> None:
        said = _("The limits could not be loaded: {title}. {cure}")
        self.results_pane.say(said.format(title=error.title, cure=error.cure))

    def _show_results(self, run: TestRun, rows: Sequence[ResultRow], known: Mapping[str, TestType]) -> None:
        self.results_pane.show_rows(rows, _result_key)
        said = judged_text(rows) if rows else _("This run has no results.")
        if known and run.test_type.code not in known:
            said = ", ".join((said, _("of a test type that is defined no more")))
        self.results_pane.say(said)

    def _count(self, tab: int, text: str, count: int) -> None:
        self.tabs.setTabText(tab, f"{text} ({count:,})" if count else text)

    def _show_properties(self, pane: ResultPane | None) -> None:
        if pane is not None and self.run is not None:
            pane.show_rows(property_rows(self.run), _result_key)
            pane.say("" if self.run.properties else _("This run has no properties."))

    def _show_files(self, view: RecordView[Attachment] | None) -> None:
        if view is not None and self.run is not None:
            view.table.replace(self.run.attachments)

    def _show_raw(self, view: RawView | None) -> None:
        if view is not None and self.run is not None:
            view.show_raw(self.run.raw, "getTestRunBulk")

    def _on_remarks_counted(self, count: int) -> None:
        self._count(REMARKS, _("Remarks"), count)

    # Values -------------------------------------------------------------------------------------------------

    def _on_value_opened(self, row: ResultRow) -> None:
        measured = row.measured
        if not row.can_open or self.run is None:
            return
        if measured.kind is ValueKind.TEXT:
            if not QDesktopServices.openUrl(QUrl(measured.value.strip())):
                self._context.messages.notify(_("No program on this computer opens it."), "caution")
            return
        if measured.kind is ValueKind.RUN_LINK:
            self._follow(measured.linked_run_ids)
        elif measured.kind is ValueKind.FILE:
            wanted = (file for file in self.run.attachments if file.code in measured.attachment_codes)
            if (file := next(wanted, None)) is not None:
                self.attachment_requested.emit(file)
        else:
            self.open_array(row)

    def _follow(self, run_ids: Sequence[str]) -> None:
        if len(run_ids) == 1:
            self.link_requested.emit(run_ids[0])
            return
        told, unknown = _("{test}, run {number}"), _("Test run {id}")
        labels = {run.id: told.format(test=run.test_type.label, number=run.run_number) for run in self.among}
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for run_id in run_ids:
            text = shown_text(labels.get(run_id, unknown.format(id=run_id)))
            menu.addAction(text.replace("&", "&&"), partial(self.link_requested.emit, run_id))
        place = self.results_view.visualRect(self.results_view.currentIndex()).bottomLeft()
        menu.popup(self.results_view.viewport().mapToGlobal(place + QPoint(8, 0)))

    def open_array(self, row: ResultRow) -> None:
        """Show all values of a result instead of the list of results."""
        self.close_array()
        self.tabs.setCurrentIndex(RESULTS)
        self._array = ArrayView(row, self._context)
        self._array.closed.connect(self.close_array)
        self._array.plot_requested.connect(self._on_values_requested)
        self.result_pages.addWidget(self._array)
        self.result_pages.setCurrentWidget(self._array)
        self._array.setFocus()

    @property
    def array(self) -> ArrayView | None:
        """The values that are shown in full, if any."""
        return self._array

    def close_array(self) -> None:
        """Go back to the list of results."""
        if self._array is not None:
            had_focus = self._array.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
            self.result_pages.removeWidget(self._array)
            self._array.deleteLater()
            self._array = None
            if had_focus:
                self.results_view.setFocus()

    # Plots --------------------------------------------------------------------------------------------------

    def _plot(self, *, is_new: bool = False) -> None:
        self._pins_are_new = False
        if self.run is None:
            return
        known = self._context.test_types.known(self.run.component) or {}
        pinned = self._context.pinned.runs
        self.plot_area.show_wish(
            PlotWish(self.run, self._chosen, pinned, self.among, known, self._trend, self._values, is_new)
        )

    def _on_trend_requested(self, row: ResultRow) -> None:
        self.show_trend(row.measured.code)

    def _on_column_requested(self, row: ResultRow) -> None:
        if self.run is not None:
            self.quantity_requested.emit(RunQuantity.of(self.run, row.measured))

    def show_trend(self, code: str) -> None:
        """Show how a number went over all runs of the test type that is shown."""
        self._trend, self._values = code, ""
        self._plot(is_new=True)
        self.parts.bring_plot()

    def _on_values_requested(self, row: ResultRow) -> None:
        self._trend, self._values = "", row.measured.code.casefold()
        self._plot(is_new=True)
        self.parts.bring_plot()

    def _on_pin(self) -> None:
        pinned = self._context.pinned
        if self.run is None:
            return
        if pinned.has(self.run):
            pinned.unpin(self.run)
        else:
            pinned.pin(*self._chosen)

    def _on_pinned_changed(self) -> None:
        self._pins_are_new = True  # of the pages that nobody sees, each draws them when it is looked at
        if self.isVisible():
            self._plot()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._pins_are_new:
            self._plot()


def _result_key(row: ResultRow) -> object:
    child = row.measured.child
    return row.measured.code, child.key if child else ""
