"""Search by filters from the server's own lists, with a table of results that loads as it scrolls."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.database import ComponentQuery
from itkgui.client.exceptions import ItkError
from itkgui.item_models.component_table import ComponentTable
from itkgui.records.component_type import ComponentType
from itkgui.records.people import Reference
from itkgui.views.column_menu import ColumnButton
from itkgui.views.empty_pane import EmptyPane
from itkgui.views.export_button import ExportButton
from itkgui.views.record_view import RecordView
from itkgui.views.style import set_role
from itkgui.views.trouble_pane import TroublePane
from itkgui.views.view_context import ViewContext
from itkgui.views.view_task import ViewTask

ANY = "any"
_FILTER_PAUSE_MS = 150


class SearchView(QWidget):
    """Filters above, results below; opens a component on Enter or a double click."""

    component_requested = Signal(str)  # code

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._types: dict[str, ComponentType] = {}
        self._query = ComponentQuery()
        self._next_page = 0
        self._seen: set[str] = set()
        self._choices_loaded = False
        self._types_missing = False
        self._choices_task = ViewTask(self, self._on_search_failed)
        self._types_task = ViewTask(self, self._on_search_failed)
        self._search_task = ViewTask(self, self._on_search_failed)
        self.table = ComponentTable()
        self.table.more_wanted.connect(self._on_more_wanted)
        self._build()
        self._choices_task.start(self._load_choices())

    def _build(self) -> None:
        set_role(self, "page")
        self.project, self.component_type, self.type, self.stage, self.owner, self.location = (
            QComboBox() for _ in range(6)
        )
        filters = QGridLayout()
        filters.setHorizontalSpacing(12)
        filters.setVerticalSpacing(4)
        for column, (text, box) in enumerate(
            (
                ("Project", self.project),
                ("Component type", self.component_type),
                ("Type", self.type),
                ("Current stage", self.stage),
                ("Owner", self.owner),
                ("Location", self.location),
            )
        ):
            label = QLabel(text)
            set_role(label, "quiet")
            label.setBuddy(box)
            box.setAccessibleName(text)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.setMaxVisibleItems(18)
            _fill(box, ())
            filters.addWidget(label, 0, column)
            filters.addWidget(box, 1, column)
            filters.setColumnStretch(column, 2 if column in (1, 3) else 1)
        self.search_button = QPushButton("Search")
        set_role(self.search_button, "main")
        self.search_button.clicked.connect(self.search)
        self.clear_button = QPushButton("Clear")
        self.clear_button.clicked.connect(self._on_clear)
        filters.addWidget(self.search_button, 1, 6)
        filters.addWidget(self.clear_button, 1, 7)
        self.project.currentIndexChanged.connect(self._on_project_changed)
        self.component_type.currentIndexChanged.connect(self._on_component_type_changed)

        self.count = QLabel()
        set_role(self.count, "quiet")
        self.text_filter = QLineEdit()
        self.text_filter.setPlaceholderText("Filter the rows loaded so far")
        self.text_filter.setClearButtonEnabled(True)
        self.text_filter.setAccessibleName("Filter the rows")
        self._filter_pause = QTimer(self)
        self._filter_pause.setSingleShot(True)
        self._filter_pause.setInterval(_FILTER_PAUSE_MS)
        self._filter_pause.timeout.connect(self._on_filter_pause)
        self.text_filter.textChanged.connect(lambda: self._filter_pause.start())
        self.view = RecordView(self.table, "Components found", several=True)
        self.view.set_widths(16, 17, 26, 21, 13, 13, 10, 16)
        self.view.stretch(2)
        self.view.remember(self._context.memory, "components")
        self.view.record_opened.connect(lambda component: self.component_requested.emit(component.code))
        above = QHBoxLayout()
        above.addWidget(self.count, 1)
        above.addWidget(self.text_filter)
        self.column_button = ColumnButton(self.view)
        self.export_button = ExportButton(self.view, "components", self._context)
        above.addWidget(self.column_button)
        above.addWidget(self.export_button)
        self.text_filter.setMinimumWidth(self.fontMetrics().averageCharWidth() * 34)

        self.empty = EmptyPane("search", "Looking for components…")
        self.trouble = TroublePane()
        self.trouble.retry_requested.connect(self._on_retry)
        self.results = QStackedWidget()
        set_role(self.results, "pane")
        self.results.addWidget(self.empty)
        self.results.addWidget(self.view)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(12)
        layout.addLayout(filters)
        layout.addLayout(above)
        layout.addWidget(self.trouble)
        layout.addWidget(self.results, 1)

    # What can be chosen -----------------------------------------------------------------------------------

    async def _load_choices(self) -> None:
        database, worker = self._context.database, self._context.worker
        projects = await worker.call(database.projects)
        institutions = await worker.call(database.institutions)
        _fill(self.project, (project.reference for project in projects))
        for box in (self.owner, self.location):
            _fill(box, institutions, by_code=True)
        self._choices_loaded = True
        home = self.location.findData(self._context.database.user.home.code)
        if home > 0:
            self.location.setCurrentIndex(home)
        self.search()

    async def _load_types(self, project: str) -> None:
        found = await self._context.worker.call(self._context.database.component_types, project)
        self._types_missing = False
        self._types = {kind.reference.code: kind for kind in found}
        _fill(self.component_type, (kind.reference for kind in found))

    def _on_project_changed(self) -> None:
        self._types = {}
        _fill(self.component_type, ())
        project = self.project.currentData()
        self._types_missing = bool(project)
        if project:
            self._types_task.start(self._load_types(project))
        else:
            self._types_task.cancel()

    def _on_component_type_changed(self) -> None:
        kind = self._types.get(self.component_type.currentData() or "")
        _fill(self.type, kind.types if kind else ())
        _fill(self.stage, kind.stages if kind else ())

    def _on_clear(self) -> None:
        for box in (self.project, self.owner, self.location):
            box.setCurrentIndex(0)
        self.text_filter.clear()

    # Results ---------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Look for what the filters say, instead of what was looked for before."""
        if not self._choices_loaded:  # they never came: the network was away
            self._choices_task.start(self._load_choices())
            return
        self._query = ComponentQuery(
            project=self.project.currentData() or "",
            component_type=self.component_type.currentData() or "",
            type=self.type.currentData() or "",
            stage=self.stage.currentData() or "",
            institution=self.owner.currentData() or "",
            location=self.location.currentData() or "",
        )
        self._next_page = 0
        self._seen = set()
        self.trouble.hide()
        self.count.setText("Looking for components…")
        self._search_task.start(self._load_page())

    async def _load_page(self) -> None:
        page = await self._context.worker.call(self._context.database.search, self._query, self._next_page)
        self.trouble.hide()
        # A list that changes while it is paged repeats rows (API reference §4).
        fresh = [row for row in page.items if row.id not in self._seen]
        self._seen.update(row.id for row in fresh)
        first = self._next_page == 0
        self._next_page += 1
        loaded = len(fresh) if first else len(self.table.records) + len(fresh)
        more = bool(page.items) and page.total is not None and self._next_page * page.size < page.total
        if first:
            self.table.replace(fresh, more=more, total=page.total)
            self.view.scrollToTop()
        else:
            self.table.append(fresh, more=more, total=page.total)
        total = page.total if page.total is not None else loaded
        plural = "component" if total == 1 else "components"
        self.count.setText(f"{total:,} {plural}" + (f", {loaded:,} loaded" if more else ""))
        self.empty.say("No component matches these filters.", "Choose “any” in one of them and search again.")
        self.results.setCurrentWidget(self.view if loaded else self.empty)

    def _on_more_wanted(self) -> None:
        self._search_task.start(self._load_page())

    def _on_search_failed(self, error: ItkError) -> None:
        if self._next_page == 0:  # what the table holds answers another question
            self.table.replace([])
            self.empty.say("Nothing found yet.")
            self.results.setCurrentWidget(self.empty)
            self.count.setText("")
        self.table.asking_failed()
        self.trouble.show_error(error)

    def cancel(self) -> None:
        """Stop searching; the rows loaded so far stay."""
        if self._search_task.is_running:
            self._search_task.cancel()
            self.table.asking_failed()
            self.count.setText("Stopped.")

    def _on_retry(self) -> None:
        if self._types_missing:
            self._on_project_changed()
        if self._next_page == 0:
            self.search()
        else:
            self._on_more_wanted()

    def _on_filter_pause(self) -> None:
        self.table.set_filter(self.text_filter.text())


def _fill(box: QComboBox, choices: Iterable[Reference], *, by_code: bool = False) -> None:
    box.clear()
    box.addItem(ANY, "")
    for choice in choices:
        text = f"{choice.code} · {choice.name}" if by_code and choice.name else choice.label
        box.addItem(text, choice.code)
    box.setEnabled(box.count() > 1)
