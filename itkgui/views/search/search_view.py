"""Search by filters from the server's own lists, with a table of results that loads as it scrolls."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import Cancelled, ComponentNotFound, ItkError
from itkgui.client.queries import ComponentQuery
from itkgui.item_models.component_table import ComponentTable
from itkgui.item_models.plain_text import plain_hint, shown_name
from itkgui.language import N_, _, ngettext
from itkgui.records.component import ComponentSummary
from itkgui.records.identifier_list import complaint_about
from itkgui.views.context.age_line import AgeLine
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.search.rest_loader import RestLoader
from itkgui.views.search.saved_searches import SavedSearches
from itkgui.views.search.search_filters import SearchFilters
from itkgui.views.search.search_request import VERSION, SearchRequest
from itkgui.views.style import set_role, set_room
from itkgui.views.tables.column_menu import ColumnButton
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.empty_pane import EmptyPane
from itkgui.views.widgets.filter_line import FilterLine
from itkgui.views.widgets.tall_page import TallPage
from itkgui.views.widgets.trouble_pane import TroublePane

LOOKING = N_("Looking for components…")
_NO_MATCH = N_("No component matches these filters.")
_WIDEN = N_("Choose “any” in one of them, or clear them all.")
_CLEARED = N_("The filters are cleared.")
_ALL = N_("Choose some and press Search; without any, it finds all components in use.")
_LAST = "search/last"
_COUNT_PAUSE_MS = 250
_LEAST_LINES = 9  # of text, that the results are high
_AT_ONCE = 2000  # rows added in one turn
_READ_AHEAD = 40  # rows below the last one in sight


class SearchView(QWidget):
    """Filters above, results below; opens a component on Enter or a double click.

    How many components match is told before any is loaded. The search made last is made again at the start.
    """

    component_requested = Signal(str)  # code

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._request = SearchRequest()
        self._next_page = 0
        self._is_fetching_rest = False
        self._seen: set[str] = set()
        self._search_task = ViewTask(self, self._on_search_failed)
        self._count_task = ViewTask(self, self._on_count_failed)
        self.table = ComponentTable()
        self.table.more_wanted.connect(self._on_more_wanted)
        self.table.counts_changed.connect(self._show_counts)
        self._build()
        self._count_pause = QTimer(self)
        self._count_pause.setSingleShot(True)
        self._count_pause.setInterval(_COUNT_PAUSE_MS)
        self._count_pause.timeout.connect(self._on_count_pause)
        self.filters.changed.connect(self._on_filters_changed)
        self.filters.load()
        self.show_request(self._first_request())

    def _build(self) -> None:
        set_role(self, "page")
        self.filters = SearchFilters(self._context)
        self.filters.submitted.connect(self.search)
        self.filters.failed.connect(self._on_choices_failed)
        self.saved = SavedSearches(self._context, lambda: self.filters.request, self)
        self.saved.chosen.connect(self.show_request)
        self.hits = QLabel()
        self.hits.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.hits, "pill")
        self.hits.hide()
        self.search_button = QPushButton(_("Search"))
        set_role(self.search_button, "main")
        self.search_button.clicked.connect(self.search)
        self.clear_button = QPushButton(_("Clear"))
        self.clear_button.clicked.connect(self._on_clear)
        buttons = QGridLayout()
        buttons.setVerticalSpacing(4)
        for row in (0, 2):  # as high as the titles of the filters
            buttons.addWidget(QLabel(), row, 0)
        buttons.addWidget(self.search_button, 1, 0)
        buttons.addWidget(self.clear_button, 1, 1)
        buttons.addWidget(self.saved.button, 3, 0, 1, 2)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.filters, 1)
        top.addLayout(buttons)

        self.count = QLabel()
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        set_role(self.count, "quiet")
        self.text_filter = FilterLine(self.table, _("Filter the rows loaded so far"))
        self.view = RecordView(self.table, _("Components found"), several=True)
        self.view.set_widths(16, 17, 26, 21, 13, 13, 10, 16)
        self.view.stretch(2)
        self.view.remember(self._context.memory, "components")
        self.view.record_opened.connect(lambda component: self.component_requested.emit(component.key))
        self.view.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.column_button = ColumnButton(self.view)
        self.rest = RestLoader(self._context)
        self.export_button = ExportButton(self.view, "components", self._context, fetch_rest=self._fetch_rest)
        above = QHBoxLayout()
        above.setSpacing(10)
        above.addWidget(self.count)
        above.addWidget(self.hits)
        above.addStretch(1)
        for widget in (self.rest, self.text_filter, self.column_button, self.export_button):
            above.addWidget(widget)
        above.setStretchFactor(self.text_filter, 1)

        self.empty = EmptyPane("search", _(LOOKING))
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self._on_retry)
        self.age_line = AgeLine(self._context.connection)
        self.age_line.reload_wanted.connect(lambda: self._begin(self._request))
        self.results = QStackedWidget()
        set_role(self.results, "pane")
        self.results.addWidget(self.empty)
        self.results.addWidget(self.view)

        set_room(self.results, least=(0, _LEAST_LINES))

        page = TallPage()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)
        layout = page.layout_of_content
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(10)
        layout.addLayout(top)
        layout.addWidget(self.saved.line)
        layout.addLayout(above)
        layout.addWidget(self.age_line)
        layout.addWidget(self.trouble)
        layout.addWidget(self.results, 1)
        QWidget.setTabOrder(self.filters.value_text, self.search_button)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # No focus proxy: Qt's Tab would skip all that stands before it.
        self.view.setFocus(event.reason())

    def _first_request(self) -> SearchRequest:
        kept = SearchRequest.from_kept(self._context.memory.get_here(_LAST, VERSION))
        return kept or SearchRequest(ComponentQuery(location=self._context.database.user.home.code))

    # How many there are ------------------------------------------------------------------------------------

    def _on_filters_changed(self) -> None:
        """Tell soon how many components match, unless they are in the table already."""
        self._count_task.cancel()
        self._tell_hits("")
        if self.filters.request != self._request:
            self._count_pause.start()

    def _on_count_pause(self) -> None:
        request = self.filters.request
        if request.is_look_up:
            self._tell_hits(_("looked up by name"))
        elif not complaint_about(request.identifier):
            self._tell_hits(_("counting…"))
            self._count_task.start(self._count(request.query))

    async def _count(self, query: ComponentQuery) -> None:
        count = await self._context.worker.call(self._context.database.count, query)
        self.hits.setToolTip(_("“Search” shows them.") if count else f"{_(_NO_MATCH)} {_(_WIDEN)}")
        if count == 0:
            self._tell_hits(_("No match: widen a filter"))
        elif count is None:
            self._tell_hits("")
        else:
            self._tell_hits(ngettext("{count} matches", "{count} match", count).format(count=f"{count:,}"))

    def _tell_hits(self, words: str) -> None:
        """Tell how many components the filters would find now, beside how many were found."""
        self.hits.setText(words)
        self.hits.setVisible(bool(words))

    def _on_count_failed(self, error: ItkError) -> None:
        self._tell_hits(_("not counted"))
        self.hits.setToolTip(plain_hint(error.title))

    # Results ---------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Look for what the filters say, instead of what was looked for before."""
        if not self.filters.has_places:  # they never came: the network was away
            self.filters.load()
        self._begin(self.filters.request)

    def show_request(self, request: SearchRequest) -> None:
        """Set the filters to a request and look for it."""
        self.filters.show_request(request)
        self._begin(request)

    def _begin(self, request: SearchRequest) -> None:
        self._stop()
        self._request = request
        self._next_page = 0
        self._seen = set()
        self.table.append((), more=False)  # further rows would answer another question
        self.trouble.hide()
        self._tell_hits("")
        self._context.memory.put_here(_LAST, VERSION, request.kept())
        complaint = complaint_about(request.identifier)
        if complaint:
            self._show_nothing(_("Nothing was looked up."), complaint)
            self.count.setText("")
            return
        self.count.setText(_(LOOKING))
        self._search_task.start(self._look_up() if request.is_look_up else self._load_page())

    async def _load_page(self) -> None:
        page = await self._context.worker.call(
            self._context.database.search, self._request.query, self._next_page
        )
        self.trouble.hide()
        first = self._next_page == 0
        self._next_page += 1
        fresh = self._fresh(page.items)
        more = bool(page.items) and page.total is not None and self._next_page * page.size < page.total
        if not first:
            self.table.append(fresh, more=more, total=page.total)
        elif fresh:
            self.table.replace(fresh, more=more, total=page.total)
            self.view.scrollToTop()
            self.results.setCurrentWidget(self.view)
        else:
            self._show_nothing(_(_NO_MATCH), _(_WIDEN))

    async def _look_up(self) -> None:
        """Show the one component of a name, which no filter of the server knows."""
        database = self._context.database
        try:
            found = await self._context.worker.call(database.component, self._request.identifier)
        except ComponentNotFound as error:
            self._show_nothing(f"{error.title}: “{shown_name(self._request.identifier)}”.", error.cure)
            return
        self._next_page = 1
        self.table.replace([found.component])
        self.results.setCurrentWidget(self.view)
        said = _("1 component, by its {kind} {name}; the filters were left aside")
        self.count.setText(said.format(kind=_(found.matched_by), name=shown_name(found.matched)))

    def _fresh(self, rows: Iterable[ComponentSummary]) -> list[ComponentSummary]:
        """Return what is not in the table: a list that changes while it is paged repeats rows (§4)."""
        fresh = [row for row in rows if row.id not in self._seen]
        self._seen.update(row.id for row in fresh)
        return fresh

    def _show_nothing(self, sentence: str, advice: str) -> None:
        self.table.replace([])
        self.empty.say(sentence, advice)
        self.results.setCurrentWidget(self.empty)

    @property
    def _shows_rows_of_before(self) -> bool:
        return self._next_page == 0 and bool(self.table.records)

    def _show_counts(self) -> None:
        shown, loaded = self.table.rowCount(), len(self.table.records)
        total = loaded if self.table.total is None else self.table.total
        found = ngettext("{count} component", "{count} components", total).format(count=f"{total:,}")
        parts = [found if total else _("No component found")]
        if total > 1 and loaded == total:
            parts.append(_("all loaded"))
        elif total > 1:
            some, sorted_among = _("{count} loaded"), _("sorted among the {count} loaded")
            said = sorted_among if self.table.is_partly_sorted else some
            parts.append(said.format(count=f"{loaded:,}"))
        if shown != loaded:
            parts.append(_("{count} shown").format(count=f"{shown:,}"))
        if self._shows_rows_of_before:
            parts.append(_("of the search before"))
        self.count.setText(", ".join(parts))

    # More of them ------------------------------------------------------------------------------------------

    def _on_scrolled(self) -> None:
        """Ask for the next page before the last row comes into sight."""
        last = self.view.rowAt(self.view.viewport().height() - 1)
        if last < 0 or last >= self.table.rowCount() - _READ_AHEAD:
            self.table.fetchMore(QModelIndex())

    def _on_more_wanted(self) -> None:
        if not self._is_fetching_rest:
            self._search_task.start(self._load_page())

    async def _fetch_rest(self) -> None:
        """Load all that is found, for instance to export it. Raises Cancelled if another search begins."""
        self._search_task.cancel()
        request, total = self._request, self.table.total
        self._is_fetching_rest = True
        try:
            rows = await self.rest.load(request.query, total)
            for first in range(0, len(rows), _AT_ONCE):
                if request is not self._request:
                    raise Cancelled
                part = self._fresh(rows[first : first + _AT_ONCE])
                self.table.append(part, more=True, total=total)
                await asyncio.sleep(0)  # so many make a window wait no longer than a frame
            self.table.append((), more=False)
        finally:
            self._is_fetching_rest = False
            self.table.asking_failed()

    def _on_search_failed(self, error: ItkError) -> None:
        if self.table.records:
            self._show_counts()
        else:
            self._show_nothing(_("Nothing found yet."), "")
            self.count.setText("")
        self.table.asking_failed()
        self.trouble.show_error(error)

    def cancel(self) -> None:
        """Stop searching, and asking; the rows loaded so far stay."""
        self.saved.close_line()
        was_running = self._search_task.is_running or self.rest.is_running
        self._stop()
        if was_running:
            stopped, with_rows = _("Stopped."), _("Stopped. The rows are of the search before.")
            self.count.setText(with_rows if self._shows_rows_of_before else stopped)

    def _stop(self) -> None:
        self._count_pause.stop()
        for task in (self._search_task, self._count_task, self.rest):
            task.cancel()
        self.table.asking_failed()

    def _on_choices_failed(self, error: ItkError) -> None:
        self.trouble.show_error(error)

    def _on_retry(self) -> None:
        self.filters.load()
        if self._next_page == 0:
            self._begin(self._request)
        else:
            self._on_more_wanted()

    def _on_clear(self) -> None:
        self._stop()
        self.text_filter.clear()
        self.filters.clear()
        self.trouble.hide()
        # Rows of before would pass for what the cleared filters find.
        self._show_nothing(_(_CLEARED), _(_ALL))
        self.count.setText("")
