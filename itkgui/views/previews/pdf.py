"""PDF documents: pages drawn as they are looked at, a search, selection, and a password where needed."""

from __future__ import annotations

import time
from collections import defaultdict

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.pdf import (
    MOST_HITS,
    Hit,
    LoadedPdf,
    Piece,
    draw_piece,
    find_in_pdf,
    load_pdf,
    page_text,
)
from itkgui.decoding.text_find import Query
from itkgui.decoding.undecodable import Undecodable
from itkgui.item_models.plain_text import shown_text
from itkgui.language import _, ngettext
from itkgui.views.commands import is_key_of
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.find_bar import FindBar
from itkgui.views.previews.page_box import PageBox
from itkgui.views.previews.pdf_canvas import STEP, PdfCanvas
from itkgui.views.previews.preview import QUICK, Preview, PreviewTools
from itkgui.views.style import set_role
from itkgui.views.widgets.secret_field import SecretField
from itkgui.views.widgets.tool_row import ToolRow

_MILLIMETRE = 72 / 25.4  # points


class PdfPreview(Preview):
    """Shows a document; what is drawn, read and searched of it is done in a decoder's process."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self._file: BinaryFile | None = None
        self._loaded = LoadedPdf(np.empty((0, 2)))
        self._password = ""
        self._said = ""
        self._drawn: Piece | None = None  # what is being drawn
        self._drawn_since = 0.0
        self._hits: list[Hit] = []
        self._hit = -1
        self._begun_at = 0  # the page where the search began
        self._draw_task = ViewTask(self, self._on_draw_failed)
        self._text_task = ViewTask(self, self._on_failed)
        self._find_task = ViewTask(self, self._on_failed)
        self._open_task = ViewTask(self, self._on_failed)
        self.canvas = PdfCanvas()
        self.canvas.pieces_wanted.connect(self._on_pieces_wanted)
        self.canvas.moved.connect(self._on_moved)
        self.canvas.text_wanted.connect(self._on_text_wanted)
        self.tools = ToolRow()
        self._build_tools()
        self.search = FindBar(_("Find in this document"), self.canvas)
        self.search.sought.connect(self._on_sought)
        self.search.stepped.connect(self._on_stepped)
        self.facts = QLabel()
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setWordWrap(True)
        self.facts.setContentsMargins(8, 2, 8, 4)
        set_role(self.facts, "quiet")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.canvas)
        self.stack.addWidget(self._password_page())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addWidget(self.tools)
        layout.addWidget(self.search)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.facts)

    def _build_tools(self) -> None:
        tools, canvas = self.tools, self.canvas
        self.page = PageBox()
        self.page.valueChanged.connect(lambda number: canvas.go_to(number - 1))
        self.page.add_to(tools)
        add = tools.add_tool
        add("search", _("Find"), lambda: self.search.open_bar(), command="find")
        add("zoom-out", _("Smaller"), lambda: canvas.zoom(1 / STEP), command="document-out")
        add("zoom-in", _("Larger"), lambda: canvas.zoom(STEP), command="document-in")
        add("fit-width", _("As wide as the pane"), canvas.fit_width, command="document-width")
        add("fit", _("The whole page"), canvas.fit_page, command="document-page")
        add("copy", _("Copy what is selected, or the text of the page"), self._copy, command="copy-text")

    def _password_page(self) -> QWidget:
        self.password = SecretField()
        self.password.setAccessibleName(_("Password of the document"))
        self.password.returnPressed.connect(self._on_password)
        self.unlock_button = QPushButton(_("Open"))
        self.unlock_button.clicked.connect(self._on_password)
        self.asked = QLabel()
        self.asked.setTextFormat(Qt.TextFormat.PlainText)
        self.asked.setWordWrap(True)
        page = QWidget()
        form = QFormLayout(page)
        form.setContentsMargins(24, 24, 24, 24)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.asked)
        form.addRow(_("Password"), self.password)
        form.addRow("", self.unlock_button)
        return page

    # What is shown -----------------------------------------------------------------------------------------

    def show_content(self, file: BinaryFile, loaded: LoadedPdf) -> None:
        self._file, self._password = file, ""
        self._show(loaded)

    @property
    def is_settled(self) -> bool:
        return self._loaded.is_locked or self.canvas.next_piece() is None

    @property
    def key_taker(self) -> QWidget:
        return self.password if self._loaded.is_locked else self.canvas

    @property
    def typed_password(self) -> str:
        return self._password

    def forget(self) -> None:
        self._file, self._password, self._drawn = None, "", None
        for task in (self._draw_task, self._text_task, self._find_task, self._open_task):
            task.cancel()
        self.password.give("")

    def _show(self, loaded: LoadedPdf) -> None:
        self._loaded, self._said = loaded, ""
        self.search.close_bar()
        self.tools.setVisible(not loaded.is_locked)
        if loaded.is_locked:
            self.asked.setText(_("This document is encrypted. Its password is kept only while it is shown."))
            self.facts.setText("")
            self.stack.setCurrentIndex(1)
            return
        self.page.begin(len(loaded.sizes))
        self.stack.setCurrentIndex(0)
        self.canvas.show_pages(loaded.sizes)

    def _on_password(self) -> None:
        if self._file is not None and self.password.text():
            self._open_task.start(self._unlock(self._file, self.password.text()))

    async def _unlock(self, file: BinaryFile, password: str) -> None:
        self.asked.setText(_("Opening…"))
        loaded = await self._tools.decode(load_pdf, file, password)
        if loaded.is_locked:
            self.asked.setText(_("This is not its password."))
            self.password.selectAll()
            self.password.setFocus()
            return
        self._password = password
        self.password.give("")
        self._show(loaded)
        self.canvas.setFocus()

    def _on_moved(self) -> None:
        self.page.show_page(self.canvas.page + 1)
        self._show_facts()

    def _show_facts(self) -> None:
        if not len(self._loaded.sizes):
            return
        width, height = self._loaded.sizes[self.canvas.page] / _MILLIMETRE
        shown, all_pages = len(self._loaded.sizes), self._loaded.pages
        facts = [
            ngettext("{count:,} page", "{count:,} pages", all_pages).format(count=all_pages),
            _("the first {count:,} are shown").format(count=shown) if shown < all_pages else "",
            f"{width:,.0f} × {height:,.0f} mm",
            f"{self.canvas.zoom_shown:.0%}",
            shown_text(self._loaded.title),
            self._said,
        ]
        self.facts.setText("  ·  ".join(fact for fact in facts if fact))

    def _say(self, sentence: str) -> None:
        self._said = sentence
        if self.stack.currentIndex() == 1:
            self.asked.setText(sentence)
        self._show_facts()

    def _on_failed(self, error: ItkError) -> None:
        self._say(error.sentence)

    # Drawing -----------------------------------------------------------------------------------------------

    def _on_pieces_wanted(self) -> None:
        if self._draw_task.is_running and self._drawn is not None:
            is_quick = time.monotonic() < self._drawn_since + QUICK
            if is_quick or self.canvas.is_wanted(self._drawn):
                return  # it goes on with what is wanted then
        self._drawn = None
        if self._file is not None and len(self._loaded.sizes):
            self._draw_task.start(self._draw(self._file))

    async def _draw(self, file: BinaryFile) -> None:
        while (piece := self.canvas.next_piece()) is not None:
            self._drawn, self._drawn_since = piece, time.monotonic()
            pixels = await self._tools.decode(draw_piece, file, piece, self._password)
            self.canvas.add_piece(piece, pixels)
        self._drawn = None

    def _on_draw_failed(self, error: ItkError) -> None:
        if self._drawn is not None and isinstance(error, Undecodable):
            self.canvas.add_trouble(self._drawn.page, error.of_page.sentence)
            self._on_pieces_wanted()
        else:
            self._on_failed(error)

    # Text --------------------------------------------------------------------------------------------------

    def _on_text_wanted(self, page: int) -> None:
        if self._file is not None:
            self._text_task.start(self._read(self._file, page))

    async def _read(self, file: BinaryFile, page: int) -> None:
        text = await self._tools.decode(page_text, file, page, self._password)
        self.canvas.show_text(page, text)
        if text.is_cut:
            self._say(_("Only the beginning of this page's text can be selected."))
        elif not text.text.strip():
            self._say(_("This page has no text, only a picture of it."))

    def _copy(self) -> None:
        if self.canvas.selected_text:
            self._to_clipboard(self.canvas.selected_text)
        elif self._file is not None and len(self._loaded.sizes):
            self._text_task.start(self._copy_page(self._file, self.canvas.page))

    async def _copy_page(self, file: BinaryFile, page: int) -> None:
        await self._read(file, page)
        self.canvas.select_all_of_text()
        if self.canvas.selected_text:
            self._to_clipboard(self.canvas.selected_text)

    def _to_clipboard(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        words = ngettext("{count:,} character copied", "{count:,} characters copied", len(text))
        self._say(words.format(count=len(text)))

    # Finding -----------------------------------------------------------------------------------------------

    def _on_sought(self, query: Query | None) -> None:
        self._find_task.cancel()
        self._hits, self._hit = [], -1
        self._begun_at = self.canvas.page
        if query is not None and self._file is not None:
            self._show_hits(0)
            self._find_task.start(self._find(self._file, query.text))
        else:
            self.canvas.show_hits({}, None)
            self.search.tell("")

    async def _find(self, file: BinaryFile, words: str) -> None:
        page: int | None = 0
        characters = 0
        while page is not None and len(self._hits) < MOST_HITS:
            found = await self._tools.decode(find_in_pdf, file, words, page, self._password)
            page = found.next_page
            characters += found.characters
            self._hits += found.hits
            if self._hit < 0:  # the first one at or after what is looked at
                at = next((n for n, hit in enumerate(self._hits) if hit.page >= self._begun_at), -1)
                self._hit = 0 if at < 0 and page is None and self._hits else at
            self._show_hits(page)
        if not characters:
            self.search.tell_trouble(_("This document has no text to look in, only pictures of it."))

    def _show_hits(self, page: int | None = None) -> None:
        by_page: defaultdict[int, list[Hit]] = defaultdict(list)
        for hit in self._hits:
            by_page[hit.page].append(hit)
        chosen = self._hits[self._hit] if 0 <= self._hit < len(self._hits) else None
        self.canvas.show_hits(by_page, chosen)
        self.search.tell_count(
            len(self._hits),
            self._hit,
            has_all=len(self._hits) < MOST_HITS,
            share=1.0 if page is None else page / len(self._loaded.sizes),
        )

    def _on_stepped(self, by: int) -> None:
        if self._hits:
            self._hit = (self._hit + by) % len(self._hits)
            self._show_hits()
        elif self.search.isHidden():
            self.search.open_bar()

    # Keys --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (button := self.tools.of_key(event)) is not None:
            button.click()
        elif is_key_of(event, "select-all"):
            self._on_select_all()
        elif (is_next := is_key_of(event, "find-next")) or is_key_of(event, "find-before"):
            self._on_stepped(1 if is_next else -1)
        else:
            super().keyPressEvent(event)

    def _on_select_all(self) -> None:
        if self._file is not None and len(self._loaded.sizes):
            self._text_task.start(self._select_page(self._file, self.canvas.page))

    async def _select_page(self, file: BinaryFile, page: int) -> None:
        await self._read(file, page)
        self.canvas.select_all_of_text()
