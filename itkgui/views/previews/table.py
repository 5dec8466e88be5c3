"""A table in a text file: its rows read as they are scrolled to, sorted, copied and plotted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from functools import partial
from operator import add
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QItemSelection, QModelIndex, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.client.table_form import Wishes
from itkgui.decoding.table import (
    ColumnFacts,
    DrawnRows,
    LoadedTable,
    TableIndex,
    index_table,
    load_table,
    read_numbers,
    read_rows,
    sort_rows,
    survey_rows,
)
from itkgui.item_models.file_table import FileTable, caution_words
from itkgui.item_models.record_table import Column
from itkgui.item_models.table_export import Extract
from itkgui.language import N_, _, ngettext
from itkgui.views.commands import offer
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.caution_bar import CautionBar
from itkgui.views.previews.find_bar import FindBar
from itkgui.views.previews.parts import Parts
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.previews.table_bar import TableBar
from itkgui.views.previews.table_finder import TableFinder
from itkgui.views.previews.table_grid import TableGrid
from itkgui.views.style import Style, set_role
from itkgui.views.tables.table_clipboard import TableClipboard

if TYPE_CHECKING:
    from itkgui.views.plots.plot_pane import PlotPane

_PATIENCE = 60.0  # seconds for what goes through all of a file; it is shown and looked through meanwhile
_PAGES = 3  # fetched before it is seen what is looked at by now
_CELLS_AT_ONCE = 100_000  # looked through in a tenth of a second
_MOST_SURVEYED = 10_000_000  # cells
_SAMPLE = 500  # rows, from the first to the last, that tell how wide the columns are
_MOST_COPIED = 50_000  # rows
_MOST_PLOT_COLUMNS = 24
_NO_NUMBERS = N_("No column holds numbers.")
_READING = N_("Reading the columns…")
_GRID_BESIDE, _GRID_ABOVE = 0.45, 0.34  # the rows' share of width or height if there is a plot too
_UNIT = re.compile(r"(?P<name>.*?)\s*[\[(](?P<unit>[^\[\]()]*)[\])]")


class TablePreview(Preview):
    """The rows of a table, how they are read, and a plot of its columns on request."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self._file: BinaryFile | None = None
        self._loaded: LoadedTable | None = None
        self._index: TableIndex | None = None
        self._load_task = ViewTask(self, self._on_failed)
        self._index_task = ViewTask(self, self._on_failed)
        self._rows_task = ViewTask(self, self._on_failed)
        self._sort_task = ViewTask(self, self._on_sort_failed)
        self._copy_task = ViewTask(self, self._on_failed)
        self._plot_task = ViewTask(self, self._on_plot_failed)
        self.table = FileTable()
        self.grid = TableGrid(self.table)
        self.bar = TableBar()
        self.find_bar = FindBar(_("Find in the rows"), self.grid, has_choices=True)
        self.finder = TableFinder(tools, self.table, self.grid, self.find_bar)
        self.plot: PlotPane | None = None
        self.warning = CautionBar()
        self.facts = QLabel()
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setWordWrap(True)
        self.facts.setContentsMargins(8, 2, 8, 6)
        set_role(self.facts, "quiet")
        self.clipboard = TableClipboard(self)
        self.clipboard.copied.connect(self._on_copied)
        self.parts = Parts(_GRID_BESIDE, lambda whole: round(_GRID_ABOVE * whole))
        self.parts.addWidget(self.grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.warning)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.parts, 1)
        layout.addWidget(self.facts)
        self.bar.wished.connect(self._on_wished)
        self.bar.plot_toggled.connect(self._on_plot_toggled)
        self.table.rows_wanted.connect(self._on_rows_wanted)
        self.table.order_wanted.connect(self._on_order_wanted)
        self.grid.copy_requested.connect(self._on_copy)
        self.bar.find_button.clicked.connect(self.find_bar.open_bar)
        offer(self, "find", self.find_bar.open_bar)
        offer(self, "find-next", partial(self.finder.step, 1))
        offer(self, "find-before", partial(self.finder.step, -1))

    def _on_copied(self, count: int) -> None:
        self._say(ngettext("{count:,} row copied", "{count:,} rows copied", count).format(count=count))

    def show_content(self, file: BinaryFile, loaded: LoadedTable) -> None:
        self._file = file
        self.bar.plot_button.setChecked(False)
        if self.plot is not None:  # else the columns of another file would be seen
            self.plot.show_nothing(_(_READING))
        self._show(file, loaded, is_new=True)

    @property
    def is_settled(self) -> bool:
        return self._index is not None and not (self._rows_task.is_running or self._plot_task.is_running)

    @property
    def key_taker(self) -> QWidget:
        return self.grid

    def forget(self) -> None:
        for task in (
            self._load_task,
            self._index_task,
            self._rows_task,
            self._sort_task,
            self._copy_task,
            self._plot_task,
        ):
            task.cancel()
        self.finder.forget()
        self._file = self._index = None

    # Reading ------------------------------------------------------------------------------------------------

    def _show(self, file: BinaryFile, loaded: LoadedTable, *, is_new: bool) -> None:
        self._loaded, self._index = loaded, None
        for task in (self._rows_task, self._sort_task, self._copy_task, self._plot_task):
            task.cancel()
        self.bar.show_layout(loaded.layout, is_new=is_new)
        self.finder.forget()
        self.table.show_table(loaded)
        self.grid.fit_columns(loaded.rows)
        self._say()
        self._index_task.start(self._look_through(file, loaded))

    async def _look_through(self, file: BinaryFile, loaded: LoadedTable) -> None:
        """Find all rows, then count what the columns hold."""
        index = await self._tools.decode(index_table, file, loaded.layout, patience=_PATIENCE)
        self._index = index
        self.table.show_index(index)
        self.finder.begin(file, index)
        self.grid.fit_numbers()
        self._say()
        self.grid.sort_again()  # if somebody was quicker
        if self.bar.plot_button.isChecked():
            self._plot_task.start(self._plot())
        await self._survey(file, index)

    async def _survey(self, file: BinaryFile, index: TableIndex) -> None:
        """Count what the columns hold, some rows at a time: a call that is given up costs its process."""
        columns, count = self.table.columnCount(), len(index.starts)
        step = max(1, _CELLS_AT_ONCE // columns)
        facts: tuple[ColumnFacts, ...] = ()
        most = min(count, _MOST_SURVEYED // columns)
        if most > step:  # it takes its time, and may leave some out
            sample = np.linspace(0, count - 1, min(_SAMPLE, step)).astype(np.int64)
            self._make_room(await self._survey_of(file, index, columns, sample))
        for first in range(0, most, step):
            rows = np.arange(first, min(most, first + step))
            found = await self._survey_of(file, index, columns, rows)
            facts = tuple(map(add, facts, found)) if facts else found
        self._make_room(facts)
        self.table.show_facts(facts, most)

    async def _survey_of(
        self, file: BinaryFile, index: TableIndex, columns: int, rows: npt.NDArray[np.int64]
    ) -> tuple[ColumnFacts, ...]:
        places = index.starts[rows], index.lengths[rows]
        return await self._tools.decode(survey_rows, file, index.layout, columns, *places)

    def _make_room(self, facts: Sequence[ColumnFacts]) -> None:
        self.grid.widen_columns([one.longest for one in facts])

    def _on_wished(self, wishes: Wishes) -> None:
        if self._file is not None:
            self._load_task.start(self._load_again(self._file, wishes))

    async def _load_again(self, file: BinaryFile, wishes: Wishes) -> None:
        loaded = await self._tools.decode(load_table, file, wishes)
        self._show(file, loaded, is_new=False)

    def _on_rows_wanted(self) -> None:
        if not self._rows_task.is_running:
            self._rows_task.start(self._fetch_rows())

    async def _fetch_rows(self) -> None:
        await asyncio.sleep(0)  # all that is looked at now is asked for by then
        while self._file is not None and self._index is not None:
            pages = self.table.wanted_pages(_PAGES)
            if not pages:
                break
            for page in pages:
                self.table.put_page(page, await self._read(self.table.rows_of(page)))

    async def _read(self, rows: npt.NDArray[np.int64]) -> list[list[str]]:
        """Return the cells of some rows of the file."""
        file, index = self._file, self._index
        if file is None or index is None:
            return []
        return await self._tools.decode(
            read_rows, file, index.layout, index.starts[rows], index.lengths[rows]
        )

    # Sorting and copying ------------------------------------------------------------------------------------

    def _on_order_wanted(self, column: int, is_descending: bool) -> None:
        self._sort_task.cancel()
        if column < 0:
            if self.table.is_sorted:
                self._use_order(None)
        elif self._file is not None and self._index is not None:
            self._sort_task.start(self._sort(self._file, self._index, column, is_descending))

    async def _sort(self, file: BinaryFile, index: TableIndex, column: int, is_descending: bool) -> None:
        self._say(_("sorting…"))
        order = await self._tools.decode(
            sort_rows, file, index.layout, column, is_descending, patience=_PATIENCE
        )
        self._use_order(order)
        self._say()

    def _use_order(self, order: npt.NDArray[np.int32] | None) -> None:
        self._rows_task.cancel()
        self.table.set_order(order)
        self.grid.clearSelection()  # other rows stand there now
        self.grid.setCurrentIndex(QModelIndex())
        self.grid.scrollToTop()
        self.finder.order_changed()

    def _on_copy(self, selection: QItemSelection) -> None:
        if self._index is not None:
            self._copy_task.start(self._copy(selection))

    async def _copy(self, selection: QItemSelection) -> None:
        spans = sorted({(one.top(), one.bottom() + 1) for one in selection.toList()})
        parts = [self.table.file_rows(first, min(end, first + _MOST_COPIED)) for first, end in spans]
        rows = np.concatenate(parts)[:_MOST_COPIED] if parts else np.empty(0, np.int64)
        cells = []
        for first in range(0, len(rows), 5000):
            cells += await self._read(rows[first : first + 5000])
        titles = map(self.table.title, range(self.table.columnCount()))
        columns = [Column(title, partial(_cell, n), as_given=True) for n, title in enumerate(titles)]
        self.clipboard.copy(Extract(columns, cells))

    # Plotting -----------------------------------------------------------------------------------------------

    def _on_plot_toggled(self, is_on: bool) -> None:
        if self.plot is not None:
            self.plot.setVisible(is_on)
        if not is_on:
            self._plot_task.cancel()
        elif self._index is not None:
            self._plot_task.start(self._plot())

    async def _plot(self) -> None:
        from itkgui.views.plots.curves import Axes
        from itkgui.views.plots.data import Column as Curve
        from itkgui.views.plots.data import Measurement
        from itkgui.views.plots.plot_pane import PlotPane

        file, index = self._file, self._index
        if file is None or index is None:
            return
        if self.plot is None:
            made = PlotPane(Style.in_use())
            made.show_nothing(_(_READING))
            await asyncio.sleep(0)  # made in one frame, put in its place in the next, filled in a later one
            self.plot = made
            self.parts.addWidget(made)
            self.parts.begin()
            await asyncio.sleep(0)
            made.prepare()
        times = self.table.times[:_MOST_PLOT_COLUMNS]
        numeric = self.table.numeric[: _MOST_PLOT_COLUMNS - len(times)]
        if not numeric:
            self.plot.show_nothing(_(_NO_NUMBERS), _("The menu above tells how they are read."))
            return
        columns = (*times, *numeric)
        drawn = await self._tools.decode(
            read_numbers, file, index.layout, columns, times, len(index.starts), patience=_PATIENCE
        )
        curves = tuple(
            Curve(
                *_name_and_unit(self.table.title(n)),
                values,
                code=f"{n} {self.table.title(n)}",
                is_time=n in times,
                sample=sample if drawn.size > 1 else None,
            )
            for n, values, sample in zip(columns, drawn.columns, drawn.samples, strict=True)
        )
        first = Axes(curves[max(1, len(times))].key, curves[0].key) if len(curves) > 1 else None
        places = drawn.rows.astype(np.float64) if drawn.size > 1 else None
        self.plot.show_data([Measurement(file.name, curves, places=places)], first=first)
        self.plot.tell(_thinned_words(drawn) if drawn.size > 1 else "")

    def _on_plot_failed(self, error: ItkError) -> None:
        self._on_failed(error)
        if self.plot is not None:
            self.plot.show_nothing(error.sentence)

    # Telling ------------------------------------------------------------------------------------------------

    def _say(self, news: str = "") -> None:
        loaded, index = self._loaded, self._index
        if loaded is None:
            return
        count = len(index.starts) if index is not None else len(loaded.rows)
        if index is None:
            text = ngettext(
                "the first {count:,} row × {columns}; counting…",
                "the first {count:,} rows × {columns}; counting…",
                count,
            )
        elif index.is_cut:
            text = ngettext(
                "the first {count:,} row × {columns}", "the first {count:,} rows × {columns}", count
            )
        else:
            text = ngettext("{count:,} row × {columns}", "{count:,} rows × {columns}", count)
        said = text.format(count=count, columns=self.table.columns_words)
        self.facts.setText(f"{said}  ·  {news}" if news else said)
        self.warning.say(caution_words(loaded.layout.form, index))

    def _on_failed(self, error: ItkError) -> None:
        self._say(error.sentence)

    def _on_sort_failed(self, error: ItkError) -> None:
        self.grid.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._say(error.sentence)


def _cell(column: int, row: Sequence[str]) -> str:
    return row[column] if column < len(row) else ""


def _thinned_words(drawn: DrawnRows) -> str:
    return _(
        "Of each {size:,} rows, those with the least and the greatest value of a column are drawn; "
        "histograms count one row of {step:,}."
    ).format(size=drawn.size, step=drawn.step)


def _name_and_unit(title: str) -> tuple[str, str]:
    found = _UNIT.fullmatch(title)
    return (found["name"] or title, found["unit"]) if found else (title, "")
