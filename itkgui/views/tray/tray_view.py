"""The tray: many components at once, pasted or scanned, looked up, fetched ahead, and given files."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.item_models.record_table import RecordTable
from itkgui.item_models.tray_contents import TrayContents
from itkgui.item_models.tray_table import HIDDEN, TRAY_COLUMNS, Finding, TrayRow, tray_words
from itkgui.language import _, ngettext
from itkgui.records.attachment import Owner
from itkgui.records.component import Component
from itkgui.records.component_link import named_in
from itkgui.records.identifier_list import identifiers_in
from itkgui.scanning.reading import Reading
from itkgui.scanning.scan_log import Outcome
from itkgui.views.commands import offer
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.review.drop_area import DropArea
from itkgui.views.review.review_sheet import ReviewSheet
from itkgui.views.style import set_role
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.tray.fetch_ahead_bar import FetchAheadBar
from itkgui.views.tray.missing_bar import MissingBar
from itkgui.views.tray.tray_entry import TrayEntry
from itkgui.views.tray.tray_tools import TrayTools
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.filter_line import FilterLine
from itkgui.views.widgets.trouble_pane import TroublePane
from itkgui.views.widgets.turning_row import TurningRow
from itkgui.views.widgets.whole_label import WholeLabel

_MOST = 2000  # identifiers at once
_PROGRESS_MS = 150
_COUNT_LETTERS = 34  # of what is told beside the tools
_KEY, _VERSION = "tray", 1


class TrayView(DropArea):
    """Takes entries on the left and shows on the right what the database knows of them.

    While it is on the screen, scans go into it, unless one does not want that. A file dropped anywhere on it
    goes to all its components, after a review. What it holds is there again at the next sign-in.
    """

    component_requested = Signal(str)  # key
    scan_begun = Signal(str)
    scan_ended = Signal(str)  # what was scanned is in the tray, and told

    def __init__(self, context: ViewContext) -> None:
        super().__init__(context)
        self._contents = TrayContents()
        self._came: list[Component] = []  # grows on other threads
        self._scanned: list[str] = []  # of which it is still to be told what they are
        self._tells_all = False  # what became of the whole list, and not only of a scan
        self._task = ViewTask(self, self._on_failed)
        self._due_task = ViewTask(self, self._on_due_failed)
        self._timer = QTimer(self)
        self._timer.setInterval(_PROGRESS_MS)
        self._timer.timeout.connect(self._show_progress)
        self.table: RecordTable[TrayRow] = RecordTable(TRAY_COLUMNS)
        self._build()
        for name, run, can in (
            ("attach-to-all", self.choose_files, lambda: bool(self.target_name)),
            ("fetch-ahead", self.fetch_ahead, self.fetch_button.isEnabled),
            ("scans-to-tray", self.scan_button.toggle, lambda: True),
            ("reload", self.reload, lambda: True),
        ):
            offer(self, name, run, is_available=can)
        self._restore()
        self.listen()

    def _build(self) -> None:
        set_role(self, "page")
        self.entry = TrayEntry()
        self.editor = self.entry.editor
        self.entry.look_up_wanted.connect(self.reload)
        self.entry.cleared.connect(self._on_cleared)
        self.count = WholeLabel()
        set_role(self.count, "quiet")
        self.text_filter = FilterLine(self.table)
        self.view = RecordView(self.table, _("Components of the tray"), several=True)
        self.view.set_widths(11, 15, 13, 13, 13, 20, 20, 14, 9, 10, 16)
        self.view.stretch(6)
        for hidden in HIDDEN:
            self.view.setColumnHidden(hidden, True)
        self.view.remember(self._context.memory, "tray")
        self.view.record_opened.connect(self._on_opened)
        self.strip = tools = TrayTools()
        self.scan_button, self.attach_button = tools.scan_button, tools.attach_button
        self.fetch_button = tools.fetch_button
        self.scan_button.toggled.connect(self._keep)
        self.attach_button.clicked.connect(self.choose_files)
        self.fetch_button.clicked.connect(self.fetch_ahead)
        self.fetching = FetchAheadBar(self._context)
        self.fetching.fetched.connect(self._on_fetched)
        self.fetching.ended.connect(self._show_buttons)
        self.missing = MissingBar()
        self.missing.wanted.connect(self._on_missing_wanted)
        advice = _("Scan labels, or paste serial numbers, other identifiers or codes, and look them up.")
        self.empty = EmptyPane("list", _("The tray is empty."), advice)
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self.reload)
        self.rows = QStackedWidget()
        set_role(self.rows, "pane")
        self.rows.addWidget(self.empty)
        self.rows.addWidget(self.view)
        self._lay_out()

    def _lay_out(self) -> None:
        tools = (self.text_filter, ColumnButton(self.view), ExportButton(self.view, "tray", self._context))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(TurningRow(self.count, *tools, least=_COUNT_LETTERS))
        column.addWidget(self.missing)
        column.addWidget(self.trouble)
        column.addWidget(self.rows, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(14)
        splitter.addWidget(self.entry)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([self.fontMetrics().averageCharWidth() * 22, 10_000])
        self.body.addWidget(splitter)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(18, 14, 18, 14)
        self.content.setSpacing(10)
        for widget in (self.strip, self.age_line, self.fetching):
            self.content.addWidget(widget)
        self.content.addWidget(self.body, 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.editor.setFocus(event.reason())

    # What it holds -----------------------------------------------------------------------------------------

    def _restore(self) -> None:
        kept = self._context.memory.get_here(_KEY, _VERSION)
        if isinstance(kept, dict):
            self.entry.show_text(str(kept.get("text", "")))
            self.scan_button.setChecked(kept.get("takes_scans") is not False)
        self._show_rows()
        if self.entry.written:
            self.look_up()

    def _keep(self) -> None:
        kept = {"text": self.entry.text, "takes_scans": self.scan_button.isChecked()}
        self._context.memory.put_here(_KEY, _VERSION, kept)

    def show_list(self, text: str) -> None:
        """Take a list that was pasted or scanned elsewhere, beside what is here, and look it up."""
        if self._refuses():
            return
        self.entry.add(*self._contents.without_known(identifiers_in(text)))
        self._tells_all = True
        self.look_up()

    def take_scan(self, reading: Reading) -> Outcome | None:
        """Put what a scanner read into the tray; None leaves what names no component by itself."""
        is_named = reading.label is None or bool(reading.label.identifier)
        if not (self.scan_button.isChecked() and reading.meaning.is_looked_up and is_named):
            return None
        if self._refuses():
            return Outcome.REFUSED
        is_there = self._contents.holds(reading.text) is not None
        self._take([reading.text])
        return Outcome.AGAIN if is_there else Outcome.LISTED

    def take_typed(self, text: str) -> bool:
        """Put what was typed into the scan box into the tray; return False if that is not wanted."""
        names = [named_in(name) for name in identifiers_in(text)]
        if not (self.scan_button.isChecked() and names):
            return False
        if not self._refuses():
            self._take(names)
        return True

    def _refuses(self) -> bool:
        """Take nothing while files are under review: they go to what was in the tray when that began."""
        if self.is_reviewing:
            title = _("The tray takes nothing more now")
            reason = _("Files for what is in it are under review, and would not go to what is added.")
            self._context.messages.warn(title, reason, _("Send them or give them up, then scan again."))
        return self.is_reviewing

    def _take(self, names: Iterable[str]) -> None:
        for name in names:
            self.scan_begun.emit(name)
            row = self._contents.holds(name)
            if row is not None:
                said = _("{name} is in the tray already").format(name=row.label)
                self._context.messages.notify(said, "caution")
                self._choose(row.label)
                self.scan_ended.emit(name)
            else:
                self.entry.add(name)
                self._scanned.append(name)
        self.look_up()

    def _choose(self, label: str) -> None:
        row = self.table.row_where(lambda row: row.label == label)
        if row >= 0:
            self.view.choose_row(row)

    def _on_missing_wanted(self, serials: list[str]) -> None:
        self.entry.add(*serials)
        self.look_up()

    def _on_cleared(self) -> None:
        self.cancel()
        self.look_up()

    # Looking up --------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Ask for everything again, what is known included."""
        self.cancel()
        self._contents.ask_again()
        self._tells_all = True
        self.look_up()

    def look_up(self) -> None:
        """Look up what stands in the list and is not known yet; the rest stays."""
        self.trouble.hide()
        written = self.entry.written
        if len(set(written)) > _MOST:
            said = _("{count} are too many; please look up {most} at a time.")
            self.count.setText(said.format(count=f"{len(set(written)):,}", most=f"{_MOST:,}"))
            return
        self._contents.take(written)
        self._keep()
        self.entry.mark()
        self._show_rows()
        if not self._contents.waiting:
            self._tell_scanned()
        elif not self._task.is_running:
            self._timer.start()
            self._task.start(self._look_up())
            self._show_progress()

    async def _look_up(self) -> None:
        while asked := self._contents.waiting:
            came: list[Component] = []
            self._came = came
            found = await self._context.worker.call(self._context.database.components, asked, came.extend)
            self._contents.answer(asked, found)
            self._show_rows()
            self._tell_scanned()
        self._timer.stop()
        self._tell_looked_up()
        if self._contents.without_due:
            self._due_task.start(self._load_due())
            self._show_count()

    async def _load_due(self) -> None:
        while components := self._contents.without_due:
            due = await self._context.worker.call(self._context.database.due_of_each, components)
            self._contents.note_due(components, due)
            self._show_rows(is_due_coming=False)

    def _show_progress(self) -> None:
        """Show the components that have come since."""
        self._contents.show_some(self._came)
        self._show_rows()

    def _show_rows(self, *, is_due_coming: bool = True) -> None:
        rows = self._contents.rows
        self.view.show_records(rows, key=lambda row: row.label)
        self.rows.setCurrentWidget(self.view if rows else self.empty)
        is_all_known = not self._contents.waiting
        there = (Finding.FOUND, Finding.UNREACHED)
        self.missing.look_between(row.label for row in rows if is_all_known and row.finding in there)
        self._show_buttons()
        self._show_count(is_due_coming=is_due_coming)

    def _show_count(self, *, is_due_coming: bool = True) -> None:
        rows, waiting = self._contents.rows, len(self._contents.waiting)
        if not rows:
            is_text = bool(self.entry.text.strip())
            self.count.setText(_("There is no serial number or name in the list.") if is_text else "")
        elif waiting:
            found = sum(row.finding is Finding.FOUND for row in rows)
            said = _("Looking up {count}: {found} found so far")
            self.count.setText(said.format(count=f"{waiting:,}", found=f"{found:,}"))
        else:
            said = tray_words(rows, self._contents.repeated)
            is_coming = is_due_coming and self._due_task.is_running
            self.count.setText(_("{said}; looking for what is due…").format(said=said) if is_coming else said)

    def _show_buttons(self) -> None:
        count = len(self._contents.components)
        name = ngettext("the component of the tray", "all {count} components of the tray", count)
        self.target_name = name.format(count=f"{count:,}") if count else ""
        self.attach_button.setEnabled(count > 0)
        self.fetch_button.setEnabled(count > 0 and not self.fetching.is_running)

    def _tell_scanned(self) -> None:
        """Tell of each scan what it was, as soon as that is known."""
        for name in list(self._scanned):
            row = self._contents.holds(name)
            if row is not None and row.finding is Finding.WAITING:
                continue
            self._scanned.remove(name)
            if row is None:
                continue  # it was taken off again
            stage = row.component.stage.label if row.component else row.complaint or _(row.finding.value)
            said = _("{name} is in the tray: {what}").format(name=row.label, what=stage)
            self._context.messages.notify(said, "good" if row.finding is Finding.FOUND else "caution")
            self._choose(row.label)
            self.scan_ended.emit(name)

    def _tell_looked_up(self) -> None:
        if (rows := self._contents.rows) and self._tells_all:
            said = _("Tray looked up: {said}").format(said=tray_words(rows, self._contents.repeated))
            is_good = all(row.finding is Finding.FOUND for row in rows)
            self._context.messages.notify(said, "good" if is_good else "caution")
        self._tells_all = False

    def _on_failed(self, error: ItkError) -> None:
        self._timer.stop()
        self._show_progress()
        self._contents.fail()
        self._show_rows()
        self._tell_scanned()
        self.trouble.show_error(error)

    def _on_due_failed(self, error: ItkError) -> None:
        self._show_count(is_due_coming=False)
        self.trouble.show_error(error)

    def cancel(self) -> None:
        """Stop looking; what was found so far stays."""
        if self._task.is_running:
            self._task.cancel()
            self._timer.stop()
            found = sum(row.finding is Finding.FOUND for row in self._contents.rows)
            self.count.setText(_("Stopped. {count} found so far").format(count=f"{found:,}"))
        if self._due_task.is_running:
            self._due_task.cancel()
            said = tray_words(self._contents.rows, self._contents.repeated)
            self.count.setText(_("{said}; what is due was not looked for").format(said=said))

    def _on_opened(self, row: TrayRow) -> None:
        if row.component:
            self.component_requested.emit(row.component.key)

    # Fetched ahead -----------------------------------------------------------------------------------------

    def fetch_ahead(self) -> None:
        """Fetch what the pages of all components show, to be read without a network."""
        if self._contents.components and not self.fetching.is_running:
            self.fetching.begin(self._contents.components)
            self._show_buttons()

    def _on_fetched(self, fetched: object) -> None:
        if isinstance(fetched, list):
            self._contents.note_ahead(fetched)
            self._show_rows()

    # Files for all of them ---------------------------------------------------------------------------------

    def set_targets(self, sheet: ReviewSheet) -> None:
        sheet.set_tray(self.target_name, self._contents.components)

    @property
    def owners(self) -> Iterable[Owner]:
        return [component.owner for component in self._contents.components]

    @property
    def picture_names(self) -> tuple[str, str]:
        return "tray", ""

    def show_files(self) -> None:
        """Stay at the table: the files are on the pages of its components."""

    def look_at_run(self, run_id: str = "") -> None:
        """Do nothing: files for many components become no test runs."""
