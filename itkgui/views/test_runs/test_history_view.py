"""All test runs of a component, or of the parts in it too, in a table, with the chosen one beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.item_models.record_table import Change
from itkgui.item_models.run_rows import RunGroups, RunRow, run_groups
from itkgui.item_models.test_run_table import (
    COMPONENT,
    INSTITUTE,
    NUMBER,
    PART,
    PERSON,
    PROBLEMS,
    STAGE,
    STANDING,
    TestRunTable,
)
from itkgui.language import _
from itkgui.records.component import Component
from itkgui.records.run_history import newest_first
from itkgui.records.test_run import TestRun
from itkgui.views.commands import HERE, WITHIN, offer
from itkgui.views.context.arrivals import Arrivals
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.test_runs.run_filter_bar import RunFilterBar
from itkgui.views.test_runs.run_list import RunList
from itkgui.views.test_runs.run_room import RunRoom
from itkgui.views.test_runs.run_table_view import RunTableView
from itkgui.views.test_runs.test_run_view import TestRunView

_AT_FIRST_HIDDEN = (STANDING, NUMBER, INSTITUTE, PERSON, PROBLEMS, COMPONENT, PART)
_FEW = 200  # runs that are arranged at once
_PATIENCE_MS = 150
_FILL_MS = 100  # between two times that what came is put into the table


class TestHistoryView(QWidget):
    """Told which runs to show, also while they come; the newest is chosen by itself, and shown in ``detail``.

    The runs of the parts it loads itself, when they are asked for.
    """

    __test__ = False  # not a test case, whatever pytest thinks of the name

    attachment_requested = Signal(object)  # Attachment
    component_requested = Signal(str)  # code
    retry_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, context: ViewContext, detail: TestRunView) -> None:
        super().__init__()
        self._context = context
        self._component: Component | None = None
        self.picked = ""  # the id of the run that somebody chose, and not the program
        self._own: tuple[TestRun, ...] = ()
        self._arrived: dict[str, TestRun] = {}
        self._before: list[TestRun] = []  # what "back" leads to
        self._family_task = ViewTask(self, self.show_error)
        self._link_task = ViewTask(self, context.messages.show)
        self._fill_task = ViewTask(self, context.messages.show)
        self._patience, self._filling = QTimer(self), QTimer(self)
        for timer, pause, act in (
            (self._patience, _PATIENCE_MS, self._show_loading),
            (self._filling, _FILL_MS, self._fill_with_arrived),
        ):
            timer.setSingleShot(True)
            timer.setInterval(pause)
            timer.timeout.connect(act)
        self.detail = detail
        self._build()

    def _build(self) -> None:
        self.table = TestRunTable()
        self.view = RunTableView(self.table)
        self.view.set_widths(20.5, 15, 14, 12, 15, 17.3, 4.5, 10, 5, 8, 16, 9)
        self.view.stretch(STAGE)
        for column in _AT_FIRST_HIDDEN:
            self.view.hideColumn(column)
        self.view.remember(self._context.memory, "test-runs")
        self.view.record_chosen.connect(self._on_row_chosen)
        self.view.records_chosen.connect(self._on_rows_chosen)
        self.view.run_opened.connect(self.detail.take_focus)
        self.view.run_picked.connect(self._on_picked)
        offer(self.view, "pin-chosen", self._on_pin, context=HERE)
        offer(self.view, "open-component", self._on_open_component, context=HERE)
        self.view.trend_requested.connect(self._on_trend_requested)
        self.detail.quantity_requested.connect(self.view.show_quantity)
        self.bar = RunFilterBar(self.view, self.table, self._context)
        self.bar.family_wanted.connect(self._on_family_wanted)
        self.detail.attachment_requested.connect(self.attachment_requested)
        self.detail.run_requested.connect(self.open_run)
        self.detail.link_requested.connect(self._on_link)
        self.detail.back_requested.connect(self._on_back)
        self.detail.head.reveal_requested.connect(self._on_reveal)
        self.bar.pinned_button.run_requested.connect(self.open_run)
        self.bar.pinned_button.component_requested.connect(self.component_requested)
        head = self.detail.head
        for name, button in (("run-before", head.back_button), ("pin-run", head.pin_button)):
            offer(self, name, button.click, context=WITHIN, is_available=button.isVisible)

        runs = RunList(self.view, self.bar)
        self.rows, self.loading, self.trouble = runs.rows, runs.loading, runs.trouble
        self.table.layoutChanged.connect(self._find_shown_run)
        self.trouble.retry_requested.connect(self._on_retry)
        self.loading.stop_requested.connect(self.cancel)
        room = RunRoom(self.bar, runs, self.detail, self._context.memory)
        room.enlarged.connect(self._on_enlarged)
        self.parts = room.parts
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(room)

    def _on_enlarged(self, is_enlarged: bool) -> None:
        if is_enlarged:
            self.detail.take_focus()
        else:
            self.view.scrollTo(self.view.currentIndex())
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # Runs as they come --------------------------------------------------------------------------------------

    def show_component(self, component: Component) -> None:
        """Note whose runs these are, before they are loaded."""
        self._component = component
        self.bar.family_button.setVisible(any(slot.component for slot in component.children))
        self.bar.export_button.name = f"test-runs-{component.label}"

    def begin(self) -> None:
        """Note that the runs are being asked for; that is said if it takes long."""
        self._arrived = {}
        self.trouble.hide()
        self.detail.hold_limits(True)
        self._patience.start()

    def add_runs(self, runs: Sequence[TestRun]) -> None:
        """Show runs that have come, while others are on their way."""
        self._arrived |= {run.id: run for run in runs}
        self.loading.text.setText(
            _("Loading test runs… {count} so far").format(count=f"{len(self._arrived):,}")
        )
        if not self._filling.isActive():
            self._filling.start()

    def show_runs(self, runs: Sequence[TestRun]) -> None:
        """Show all runs of the component, keeping what is chosen."""
        self._settle()
        home = self._component
        if home is not None:
            runs = tuple(run if run.component.key else replace(run, component=home) for run in runs)
        self._own = tuple(runs)
        if self.bar.family_button.isChecked() and home is not None:
            self._load_family(home)  # they may have changed as well
        else:
            self._show(self._own)

    def show_error(self, error: ItkError) -> None:
        """Tell that the runs could not be loaded; those that have come stay."""
        self._settle()
        self.trouble.show_error(error)
        if not self.table.runs:
            self.rows.say(_("The test runs could not be loaded."))

    @property
    def is_loading(self) -> bool:
        return self._patience.isActive() or not self.loading.isHidden()

    def cancel(self) -> None:
        """Stop loading, if that is under way; what has come stays."""
        if not self.is_loading:
            return
        if self._family_task.is_running:
            self._family_task.cancel()
        else:
            self.cancel_requested.emit()
        self._fill_with_arrived()
        self._settle()
        if not self.table.runs:
            self.rows.say(_("Loading was stopped."), _("F5 loads the component again."))

    @property
    def runs(self) -> Sequence[TestRun]:
        """The runs of the component itself, as far as they have come."""
        return self._own or self.table.runs

    def _settle(self) -> None:
        self._patience.stop()
        self._filling.stop()
        self.trouble.hide()
        self.loading.hide()
        self.detail.hold_limits(False)

    def _show_loading(self) -> None:
        self.loading.text.setText(_("Loading test runs…"))
        self.loading.show()
        if not self.table.runs:
            self.rows.say(_("Loading the test runs…"))

    def _fill_with_arrived(self) -> None:
        # While something is shown already, what comes anew replaces it in one go.
        if self._arrived and len(self._arrived) > len(self.table.runs):
            self._show(newest_first(self._arrived.values()), is_whole=False)

    def _show(self, runs: Sequence[TestRun], *, is_whole: bool = True) -> None:
        home = self._component.key if self._component else ""
        if len(runs) <= _FEW:
            self._fill_task.cancel()
            self._fill(runs, run_groups(runs, home), is_whole)
            self.bar.offer()
            self._choose_newest(runs)
        else:
            self._fill_task.start(self._arrange_and_fill(runs, home, is_whole))

    async def _arrange_and_fill(self, runs: Sequence[TestRun], home: str, is_whole: bool) -> None:
        self._fill(runs, await self._context.worker.call(run_groups, runs, home), is_whole)
        await asyncio.sleep(0)  # listed in one frame, offered in the next, the newest shown in a third
        self.bar.offer()
        await asyncio.sleep(0)
        self._choose_newest(runs)

    def _fill(self, runs: Sequence[TestRun], groups: RunGroups, is_whole: bool) -> None:
        if is_whole or len(runs) > len(self.table.runs):
            self.detail.among = tuple(runs)
            self.view.show_groups(runs, groups)
        if is_whole and not runs:
            self.rows.say(_("No tests yet."), _("Test runs appear here when they have been uploaded."))
            self.detail.show_nothing(_("Nothing measured on this component yet."))

    def _choose_newest(self, runs: Sequence[TestRun]) -> None:
        if self.view.chosen is not None or not runs:
            return
        shown = self.detail.run
        again = next((run for run in runs if shown is not None and run.id == shown.id), None)
        if again is not None:  # the filter hides it
            self._show_run(again)
        else:
            self.view.choose_row(max(0, self.table.row_of(runs[0].id)))

    # The runs of the parts ----------------------------------------------------------------------------------

    def _on_family_wanted(self, wanted: bool) -> None:
        self.view.setColumnHidden(COMPONENT, not wanted)
        self.view.layout_of_columns.apply()
        self._family_task.cancel()
        if wanted and self._component is not None:
            self._load_family(self._component)
        elif not wanted:
            self._settle()
            self._show(self._own)

    def _load_family(self, component: Component) -> None:
        self.begin()
        self._arrived = {run.id: run for run in self._own}
        self._family_task.start(self._family(component))

    async def _family(self, component: Component) -> None:
        worker, database = self._context.worker, self._context.database
        with Arrivals(self, self.add_runs) as arrivals:
            runs = await worker.call(partial(database.family_runs, component, arrivals))
        self._settle()
        self._show(runs)

    def _on_retry(self) -> None:
        self.trouble.hide()
        if self.bar.family_button.isChecked() and self._own and self._component is not None:
            self._load_family(self._component)
        else:
            self.retry_requested.emit()

    # One of them --------------------------------------------------------------------------------------------

    def choose(self, run_id: str, *, by_hand: bool = True) -> bool:
        """Choose a run, taking the filters off if they hide it; return whether it is there."""
        run = next((run for run in self.table.runs if run.id == run_id), None)
        if run is None:
            return False
        if self.table.row_of(run_id) < 0:
            self.bar.clear()
            self.table.set_all_open(True)
        row = self.table.row_of(run_id)
        if row >= 0:
            self.view.choose_row(row)
        else:  # hidden by a switch
            self.open_run(run)
        self.picked = run_id if by_hand else ""
        return True

    def open_run(self, run: TestRun) -> None:
        """Show a run beside the table, and choose it there if it is among those shown; back leads here."""
        if self.detail.run is not None and self.detail.run.id != run.id:
            self._before.append(self.detail.run)
        self._show_run(run)
        self.picked = run.id

    def _show_run(self, run: TestRun) -> None:
        row = self.table.row_of(run.id)
        if row >= 0:
            self._choose_quietly(row)
        self._show_detail(run)

    def _show_detail(self, run: TestRun) -> None:
        self.detail.show_run(run, self.table.standing_of(run.id), can_go_back=bool(self._before))
        self.detail.head.tell_hidden(self.table.is_filtered_out(run.id))

    def _choose_quietly(self, row: int) -> None:
        blocked = self.view.blockSignals(True)  # choosing it would forget where "back" leads
        self.view.choose_row(row)
        self.view.blockSignals(blocked)

    def _find_shown_run(self) -> None:
        """Keep what is shown beside the table chosen and in sight, or say that the filter hides it."""
        run = self.detail.run
        if run is None:
            return
        self.detail.head.tell_hidden(self.table.is_filtered_out(run.id))
        if self.table.latest_change is not Change.FILTERED:
            return
        if self.view.chosen is None and (row := self.table.row_of(run.id)) >= 0:
            self._choose_quietly(row)
        elif self.view.chosen is not None:
            self.view.scrollTo(self.view.currentIndex())
        else:
            self.view.scrollToTop()

    def _on_reveal(self) -> None:
        run = self.detail.run
        if run is not None:
            self.bar.reveal()
            if self.table.is_filtered_out(run.id):
                self.bar.reveal()
            self.choose(run.id)

    def _on_link(self, run_id: str) -> None:
        known = next((run for run in self.table.runs if run.id == run_id), None)
        if known is not None:
            self.open_run(known)
        else:
            self._link_task.start(self._open_link(run_id))

    async def _open_link(self, run_id: str) -> None:
        self.open_run(await self._context.worker.call(self._context.database.test_run, run_id))

    def _on_back(self) -> None:
        if self._before:
            self._show_run(self._before.pop())
            self._on_picked()

    def _on_picked(self) -> None:
        self.picked = self.detail.run.id if self.detail.run is not None else ""

    def _on_row_chosen(self, row: RunRow) -> None:
        self._before.clear()
        self._link_task.cancel()
        if row.run is not None:
            self._show_detail(row.run)
            self._on_rows_chosen(self.view.all_chosen)  # which stay the same if Ctrl and a key led here
        else:
            self.detail.show_nothing(
                _("All runs of this test type are deleted."), _("They are listed below it.")
            )

    def _on_rows_chosen(self, rows: Sequence[RunRow]) -> None:
        runs = [row.run for row in rows if row.run is not None and not row.is_heading]
        if len(runs) > 1:
            self.detail.show_selection(runs)
        elif self.detail.run is not None:
            self.detail.show_selection([self.detail.run])

    def _on_trend_requested(self, run: TestRun, code: str) -> None:
        self.open_run(run)
        self.detail.show_trend(code)

    def _on_pin(self) -> None:
        self._context.pinned.pin(*(row.run for row in self.view.all_chosen if row.run is not None))

    def _on_open_component(self) -> None:
        row = self.view.chosen
        if row is not None and row.component.key:
            self.component_requested.emit(row.component.key)
