"""Looks through all rows of a table in a file, and goes from one that holds what is sought to the next."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtWidgets import QAbstractItemView

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.table import TableIndex
from itkgui.decoding.table_find import find_in_table
from itkgui.decoding.text_find import PATIENCE, SLOW_PATTERN, Found, PatternProblem, Query
from itkgui.decoding.undecodable import TooSlow
from itkgui.item_models.file_table import FileTable
from itkgui.language import _
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.find_bar import FindBar
from itkgui.views.previews.preview import PreviewTools
from itkgui.views.previews.table_grid import TableGrid

_NO_ROWS: npt.NDArray[np.int64] = np.empty(0, np.int64)


class TableFinder:
    """Answers a find bar for the table of ``begin``; rows are counted, not how often each has it."""

    def __init__(self, tools: PreviewTools, table: FileTable, grid: TableGrid, bar: FindBar) -> None:
        self._tools, self._table, self._grid, self._bar = tools, table, grid, bar
        self._file: BinaryFile | None = None
        self._index: TableIndex | None = None
        self._found: Found | None = None
        self._rows = _NO_ROWS  # on the screen, in their order
        self._hit = -1
        self._task = ViewTask(bar, self._on_failed)
        bar.sought.connect(self._on_sought)
        bar.stepped.connect(self.step)

    @property
    def is_finding(self) -> bool:
        return self._task.is_running

    def begin(self, file: BinaryFile, index: TableIndex) -> None:
        """Look through another table, for what is in the bar."""
        self._file, self._index = file, index
        self._on_sought(self._bar.query)

    def forget(self) -> None:
        """Stop looking; there is no table any more."""
        self._file = self._index = None
        self._on_sought(None)

    def order_changed(self) -> None:
        """Go on among rows that stand elsewhere now."""
        if self._found is not None and self._index is not None:
            self._hit = -1
            self._place(self._found, self._index)

    def step(self, by: int) -> None:
        """Go to the next row, or to the one before, around the ends."""
        if len(self._rows):
            self._go_to((self._hit + by) % len(self._rows))
        elif self._bar.isHidden():
            self._bar.open_bar()

    def _on_sought(self, query: Query | None) -> None:
        self._task.cancel()
        self._found, self._rows, self._hit = None, _NO_ROWS, -1
        self._bar.tell("", can_step=False)
        if query is not None and self._file is not None and self._index is not None:
            self._task.start(self._find(self._file, self._index, query))

    async def _find(self, file: BinaryFile, index: TableIndex, query: Query) -> None:
        self._found = found = Found(index.layout.start, file.size)
        try:
            while not found.is_complete:
                begin = found.position
                found.add(
                    await self._tools.decode(
                        find_in_table, file, index.layout, query, begin, patience=PATIENCE
                    )
                )
                self._place(found, index)
            if not len(self._rows):
                self._grid.clearSelection()  # nothing looks found
        except PatternProblem as error:
            self._bar.tell_trouble(error.sentence)
        except TooSlow:
            self._bar.tell_trouble(_(SLOW_PATTERN))

    def _place(self, found: Found, index: TableIndex) -> None:
        """Find where the rows stand on the screen; stay at the one gone to, or go to the first from here."""
        rows = self._table.rows_shown(index.rows_at(np.frombuffer(found.starts, np.int64)))
        if self._hit >= 0:  # in a sorted table some of those found now stand before it
            self._hit = int(np.searchsorted(rows, self._rows[self._hit]))
        self._rows = rows
        if self._hit < 0 and len(self._rows):
            here = max(self._grid.currentIndex().row(), self._grid.rowAt(0), 0)
            first = int(np.searchsorted(self._rows, here))
            if first < len(self._rows) or found.is_complete:
                self._go_to(first % len(self._rows))
                return
        self._tell()

    def _go_to(self, hit: int) -> None:
        self._hit = hit
        row, grid = int(self._rows[hit]), self._grid
        grid.setCurrentIndex(self._table.index(row, max(0, grid.currentIndex().column())))
        grid.scrollTo(grid.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)
        self._tell()

    def _tell(self) -> None:
        if self._found is not None:
            found = self._found
            self._bar.tell_count(len(self._rows), self._hit, has_all=found.has_all, share=found.share)

    def _on_failed(self, error: ItkError) -> None:
        self._bar.tell_trouble(error.sentence)
