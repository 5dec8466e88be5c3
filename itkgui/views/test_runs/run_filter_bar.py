"""The row above a table of test runs: what to show of them, how many that are, and how they are arranged."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from itkgui.item_models.run_filter import PROBLEMS, RunFilter, verdict_words
from itkgui.item_models.run_rows import RunRow
from itkgui.item_models.test_run_table import TestRunTable
from itkgui.language import _, ngettext
from itkgui.records.run_history import Verdict
from itkgui.views.commands import HERE, offer
from itkgui.views.context.memory import Memory
from itkgui.views.context.view_context import ViewContext
from itkgui.views.style import set_role, set_room
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.test_runs.pinned_button import PinnedButton
from itkgui.views.widgets.filter_buttons import ChoiceButton, DateButton, counted
from itkgui.views.widgets.flow_layout import FlowLayout
from itkgui.views.widgets.staying_menu import StayingMenu

_KEY, _VERSION = "test-runs/arrangement", 1
_PAUSE_MS = 120
_VERDICTS = (*(verdict.value for verdict in Verdict), PROBLEMS)


class RunFilterBar(QWidget):
    """Asks its table for what the user wants to see; the switches are remembered, the filters are not."""

    family_wanted = Signal(bool)

    def __init__(self, view: RecordView[RunRow], table: TestRunTable, context: ViewContext) -> None:
        super().__init__()
        self._view, self._table = view, table
        self._memory: Memory = context.memory
        self.with_superseded = self.with_deleted = True
        self._build(view, context)
        self._restore(self._memory.get(_KEY, _VERSION))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.apply)
        table.counts_changed.connect(self._show_count)
        self.apply()

    def _build(self, view: RecordView[RunRow], context: ViewContext) -> None:
        self.text = QLineEdit()
        self.text.setPlaceholderText(_("Filter: any words of a row"))
        self.text.setClearButtonEnabled(True)
        self.text.setAccessibleName(_("Filter the test runs"))
        set_room(self.text, least=(26, 0), most=(26, 0))
        self.text.textChanged.connect(self._on_text)
        self.text.returnPressed.connect(self._go_to_runs)
        offer(self.text, "to-runs", self._go_to_runs, context=HERE)
        self.verdict, self.stage, self.test_type = map(
            ChoiceButton, (_("Verdict"), _("Stage"), _("Test type"))
        )
        self.date = DateButton()
        for button in (self.verdict, self.stage, self.test_type, self.date):
            button.changed.connect(self.apply)
        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.count, "quiet")
        self.clear_button = QPushButton(_("Clear"))
        self.clear_button.setToolTip(_("Clear the filter: show all runs"))
        set_role(self.clear_button, "link")
        self.clear_button.clicked.connect(self.clear)
        self.family_button = QToolButton()
        self.family_button.setText(_("With its parts"))
        self.family_button.setCheckable(True)
        self.family_button.setToolTip(_("Show the test runs of all parts in it too"))
        set_role(self.family_button, "filter")
        self.family_button.toggled.connect(self.family_wanted)
        self.view_button = QToolButton()
        self.view_button.setText(_("Arrange ▾"))
        self.view_button.setToolTip(_("Grouping, and which runs to show"))
        set_role(self.view_button, "filter")
        self.view_button.clicked.connect(self.open_arrangement)
        self.column_button = ColumnButton(view)
        self.export_button = ExportButton(view, "test-runs", context)
        self.pinned_button = PinnedButton(context.pinned, self)
        layout = FlowLayout(self)
        layout.setContentsMargins(10, 7, 10, 7)
        for widget in (
            self.text,
            self.verdict,
            self.stage,
            self.test_type,
            self.date,
            self.family_button,
            self.view_button,
            self.column_button,
            self.export_button,
            self.pinned_button,
            self.count,
            self.clear_button,
        ):
            layout.addWidget(widget)

    # Filters ------------------------------------------------------------------------------------------------

    @property
    def wanted(self) -> RunFilter:
        return RunFilter(
            self.text.text(),
            self.verdict.chosen,
            self.stage.chosen,
            self.test_type.chosen,
            self.date.first,
            self.date.last,
            self.with_superseded,
            self.with_deleted,
        )

    def _on_text(self) -> None:
        self._pause.start()

    def apply(self) -> None:
        """Show what is asked for now."""
        self._pause.stop()
        self._table.set_run_filter(self.wanted)
        self._show_count()

    def _go_to_runs(self) -> None:
        """Let the keys go on in the table, in the rows that match what is typed."""
        self.apply()
        if self._table.rowCount():
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
            if self._view.chosen is None:
                self._view.choose_row(0)

    def clear(self) -> None:
        """Take all filters off; the switches stay."""
        self.text.clear()
        for widget in (self.verdict, self.stage, self.test_type, self.date):
            widget.blockSignals(True)
        for button in (self.verdict, self.stage, self.test_type):
            button.choose(())
        self.date.choose(None, None)
        for widget in (self.verdict, self.stage, self.test_type, self.date):
            widget.blockSignals(False)
        self.apply()

    def reveal(self) -> None:
        """Take all filters off; where there are none, show superseded and deleted runs too."""
        if self.wanted.is_narrowing:
            self.clear()
        else:
            self.arrange(superseded=True, deleted=True)

    def offer(self) -> None:
        """Offer what the runs in the table have."""
        rows = [row for row in self._table.records if not row.is_heading and row.run is not None]
        words = ((word, _(word)) for row in rows for word in verdict_words(row))
        self.verdict.offer(counted(words, _VERDICTS))
        stages = [row.run.stage for row in rows if row.run is not None]
        known = dict.fromkeys(sorted(stages, key=lambda s: math.inf if s.order is None else s.order))
        self.stage.offer(counted(((s.code, s.label) for s in stages), [stage.code for stage in known]))
        self.test_type.offer(counted((row.group[1], row.test_type.label) for row in rows))

    def _show_count(self) -> None:
        total, shown = len(self._table.runs), self._table.accepted
        if shown == total:
            count = ngettext("{total:,} run", "{total:,} runs", total)
        else:
            count = _("{shown:,} of {total:,} shown") if shown else _("none of {total:,}")
        self.count.setText(count.format(shown=shown, total=total))
        self.clear_button.setVisible(self.wanted.is_narrowing)

    # Arrangement --------------------------------------------------------------------------------------------

    def open_arrangement(self) -> None:
        """Show the switches."""
        menu = StayingMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        table = self._table
        grouped = menu.add_tick(_("Group by test type"), ticked=table.is_grouped)
        by_name = menu.add_tick(_("Groups by name, not by stage"), ticked=table.groups_by_name)
        menu.addAction(_("Open all groups"), lambda: table.set_all_open(True))
        menu.addAction(_("Close all groups"), lambda: table.set_all_open(False))
        menu.addSeparator()
        superseded = menu.add_tick(_("Show superseded runs"), ticked=self.with_superseded)
        deleted = menu.add_tick(_("Show deleted runs"), ticked=self.with_deleted)
        grouped.triggered.connect(lambda ticked: self.arrange(grouped=ticked))
        by_name.triggered.connect(lambda ticked: self.arrange(by_name=ticked))
        superseded.triggered.connect(lambda ticked: self.arrange(superseded=ticked))
        deleted.triggered.connect(lambda ticked: self.arrange(deleted=ticked))
        menu.popup(self.view_button.mapToGlobal(self.view_button.rect().bottomLeft()))

    def arrange(
        self,
        *,
        grouped: bool | None = None,
        by_name: bool | None = None,
        superseded: bool | None = None,
        deleted: bool | None = None,
    ) -> None:
        """Turn some switches, and keep how all of them are now."""
        table = self._table
        if superseded is not None:
            self.with_superseded = superseded
        if deleted is not None:
            self.with_deleted = deleted
        table.set_grouping(
            grouped=table.is_grouped if grouped is None else grouped,
            by_name=table.groups_by_name if by_name is None else by_name,
        )
        self.apply()
        self._memory.put(
            _KEY,
            _VERSION,
            {
                "grouped": table.is_grouped,
                "by_name": table.groups_by_name,
                "superseded": self.with_superseded,
                "deleted": self.with_deleted,
            },
        )

    def _restore(self, kept: Any) -> None:
        match kept:
            case {
                "grouped": bool(grouped),
                "by_name": bool(by_name),
                "superseded": bool(superseded),
                "deleted": bool(deleted),
            }:
                self.with_superseded, self.with_deleted = superseded, deleted
                self._table.set_grouping(grouped=grouped, by_name=by_name)
