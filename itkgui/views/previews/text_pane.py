"""One text on the screen: its index grows beside it, pages come as they are looked at, and it is searched."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.decoding import text_colours, text_find
from itkgui.decoding.text import LoadedText, copied_text, read_page
from itkgui.decoding.text_colours import colour_rows
from itkgui.decoding.text_find import Found, PatternProblem, Query, find_part
from itkgui.decoding.text_index import TextIndex, index_part
from itkgui.decoding.text_source import PAGE, TextSource
from itkgui.decoding.undecodable import TooSlow
from itkgui.item_models.text_pages import TextPages
from itkgui.language import _
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.find_bar import FindBar
from itkgui.views.previews.preview import PreviewTools
from itkgui.views.previews.text_reader import TextReader


class TextPane(QWidget):
    """The reader of one text after another, below the bar with which something is found in it."""

    failed = Signal(object)  # an ItkError
    told = Signal(str)
    grown = Signal()

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__()
        self._tools = tools
        self.reader = TextReader()
        self.find_bar = FindBar(_("Find in the text"), self.reader, has_choices=True)
        self.query: Query | None = None  # that is, or was, looked for
        self._grown = asyncio.Event()
        self._is_stopped = self._is_reading = False
        self._indexing, self._reading, self._going, self._finding, self._copying = (
            ViewTask(self, self._on_failed) for _ in range(5)
        )
        self.reader.wanted.connect(self._on_wanted)
        self.reader.copy_wanted.connect(self.copy)
        self.reader.end_wanted.connect(self.go_to_end)
        self.find_bar.sought.connect(self._on_query)
        self.find_bar.stepped.connect(self.step)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.reader, 1)

    @property
    def pages(self) -> TextPages:
        return self.reader.pages

    @property
    def is_settled(self) -> bool:
        """Whether all that is in sight, and the index, is there, or will not come any more."""
        is_busy = self._indexing.is_running or self._is_reading or self._going.is_running
        return not is_busy and (self._is_stopped or not self._lacks_pages)

    @property
    def _lacks_pages(self) -> bool:
        """Whether the next painting will ask for pages, or for their looks."""
        pages, first, last = self.pages, self.reader.top, self.reader.last
        if pages.source is None:
            return False
        return pages.missing(first, last) is not None or pages.uncoloured(first, last) is not None

    @property
    def is_finding(self) -> bool:
        return self._finding.is_running

    def show_text(self, loaded: LoadedText) -> None:
        """Show a text that was opened, and go on with what is looked for in it."""
        self.forget()
        self._is_stopped = False
        if loaded.source is None or loaded.index is None:
            self.reader.show_pages(TextPages.of_text(loaded.text))
            return
        pages = TextPages(loaded.source, loaded.index)
        if loaded.page is not None:
            pages.add(0, loaded.page)
        self.reader.show_pages(pages)
        if not loaded.index.is_complete:
            self._indexing.start(self._index(loaded.source, loaded.index))
        self._on_query(self.find_bar.query)

    def forget(self) -> None:
        """Stop everything that is under way for the text; what is in sight stays."""
        for task in (self._indexing, self._reading, self._going, self._finding, self._copying):
            task.cancel()
        self._is_stopped, self._is_reading = True, False

    def _on_failed(self, error: ItkError) -> None:
        self._is_stopped = True  # else each painting would try again
        self._grown.set()
        self.failed.emit(error)

    # Index and pages ---------------------------------------------------------------------------------------

    async def _index(self, source: TextSource, index: TextIndex) -> None:
        while not index.is_complete:
            index.add(await self._tools.decode(index_part, source, index.mark))
            self.reader.rows_changed()
            self._grown.set()
            self.grown.emit()

    async def _until(self, condition: Callable[[], bool]) -> None:
        """Wait until the index has come so far, or to its end."""
        index = self.pages.index
        while not condition() and not index.is_complete and not self._is_stopped:
            self._grown.clear()
            await self._grown.wait()

    def _on_wanted(self) -> None:
        if not self._is_reading and not self._is_stopped and self.pages.source is not None:
            self._is_reading = True  # a task is still running for a moment when there is nothing left to do
            self._reading.start(self._read(self.pages, self.pages.source))

    async def _read(self, pages: TextPages, source: TextSource) -> None:
        """Load what is in sight, and then what is next to it and what it looks like."""
        reader = self.reader
        while True:
            if (number := pages.missing(reader.top, reader.last)) is not None:
                await self._load(pages, source, number)
            elif (number := pages.uncoloured(reader.top, reader.last)) is not None:
                await self._colour(pages, source, number)
            else:
                break
        self._is_reading = False

    async def _load(self, pages: TextPages, source: TextSource, number: int) -> None:
        if pages.page(number) is None:
            place = pages.index.page(number)
            pages.add(number, await self._tools.decode(read_page, source, *place))
            self.reader.rows_changed()

    async def _colour(self, pages: TextPages, source: TextSource, number: int) -> None:
        page, before = pages.page(number), pages.page(number - 1)
        if page is None:
            return
        try:
            looks = await self._tools.decode(
                colour_rows,
                source.language,
                before.texts if before is not None else (),
                page.texts,
                patience=text_colours.PATIENCE,
            )
        except TooSlow:
            looks = page.looks
        pages.colour(number, looks)
        self.reader.rows_changed()

    # Places ------------------------------------------------------------------------------------------------

    def go_to_end(self) -> None:
        """Show the last rows as soon as they are known."""
        self._going.start(self._go_to_end())

    def go_to_line(self, line: int) -> None:
        """Show a line, counted from 1, as soon as it is known."""
        self._going.start(self._go_to_line(line - 1))

    async def _go_to_end(self) -> None:
        await self._until(lambda: False)
        self.reader.reveal_end()

    async def _go_to_line(self, line: int) -> None:
        pages, source = self.pages, self.pages.source
        await self._until(lambda: pages.index.rows > 0 and pages.index.lines[-1] > line)
        if source is not None and pages.rows:
            await self._load(pages, source, pages.index.page_of_line(line))
        row = pages.row_of_line(line)
        if row is not None:
            self.reader.set_selection((row, 0), (row, 0))
            self.reader.reveal(row)
            self.reader.setFocus()

    # Finding -----------------------------------------------------------------------------------------------

    def _on_query(self, query: Query | None) -> None:
        self._finding.cancel()
        self.query = query
        source = self.pages.source
        self.reader.show_hits(None)
        self.find_bar.tell("", can_step=False)
        if query is not None and source is not None:
            self._finding.start(self._find(source, query))

    async def _find(self, source: TextSource, query: Query) -> None:
        found = Found(source.encoding.mark, source.size)
        self.reader.show_hits(found)
        begin = self.pages.start(self.reader.top) or 0
        try:
            while not found.is_complete:
                part = await self._tools.decode(
                    find_part, source, query, found.position, patience=text_find.PATIENCE
                )
                found.add(part)
                self.reader.show_hits(found, self.reader.hit)
                self._tell(found, self.reader.hit)
                # The first one in sight, or after it; if there is none, the first of all.
                if self.reader.hit < 0 and found.starts and (found.starts[-1] >= begin or found.is_complete):
                    self._go_to_hit(found, bisect_left(found.starts, begin) % len(found.starts))
            if not found.starts and self.reader.selection is not None:  # nothing looks found
                self.reader.set_selection(*[min(self.reader.selection)] * 2)
        except PatternProblem as error:
            self.find_bar.tell_trouble(error.sentence)
        except TooSlow:
            self.find_bar.tell_trouble(_(text_find.SLOW_PATTERN))

    def step(self, step: int) -> None:
        """Go to the next hit, or to the one before, around the ends."""
        found = self.reader.found
        if found is None or not found.starts:
            if self.find_bar.isHidden():
                self.find_bar.open_bar()
            return
        self._go_to_hit(found, (self.reader.hit + step) % len(found.starts))

    def _go_to_hit(self, found: Found, hit: int) -> None:
        self.reader.show_hits(found, hit)
        self._tell(found, hit)
        self._going.start(self._reveal(found.starts[hit], found.ends[hit]))

    def _tell(self, found: Found, hit: int) -> None:
        self.find_bar.tell_count(len(found.starts), hit, has_all=found.has_all, share=found.share)

    async def _reveal(self, begin: int, end: int) -> None:
        pages, source = self.pages, self.pages.source
        await self._until(lambda: pages.index.mark.row_start > begin and pages.rows > 0)
        if source is None or not pages.rows:
            return
        places = []
        for offset in (begin, end):
            await self._load(pages, source, pages.index.page_at(offset))
            row = pages.row_at(offset)
            if row is None:
                return
            places.append((row, pages.column(row, offset)))
        self.reader.set_selection(*places)
        self.reader.reveal(*places[0])

    # Copying -----------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Copy what is selected, at most ``MOST_COPIED`` bytes of it."""
        if self.reader.has_selection:
            self._copying.start(self._copy())

    async def _copy(self) -> None:
        pages, source, selection = self.pages, self.pages.source, self.reader.selection
        if selection is None:
            return
        (first, begin), (last, end) = sorted(selection)
        if source is None:
            rows = [pages.row(number) for number in range(first, last + 1)]
            texts = [row.text for row in rows if row is not None]
            texts[-1] = texts[-1][:end]
            texts[0] = texts[0][begin:]
            QGuiApplication.clipboard().setText("\n".join(texts))
            return
        starts = []
        for row in (first, last, last + 1):
            if row < pages.rows:
                await self._load(pages, source, row // PAGE)
            starts.append(pages.start(row))
        places = tuple(start for start in starts if start is not None)
        text, is_whole = await self._tools.decode(copied_text, source, places, begin, end)
        QGuiApplication.clipboard().setText(text)
        self.told.emit(_("Copied") if is_whole else _("Only the first 4 MB were copied"))
