"""Files that nothing else shows: their bytes, what they look like, a search, and a way to any offset."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.hex import BLOCK, LoadedBytes, find_bytes, find_bytes_before, read_bytes
from itkgui.decoding.text_find import Query
from itkgui.item_models.byte_words import hex_of, offset_in, readings_of, sought_bytes
from itkgui.language import _, ngettext
from itkgui.records.sizes import size_text
from itkgui.views.commands import is_key_of
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.find_bar import FindBar
from itkgui.views.previews.hex_canvas import HexCanvas
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.style import set_role, set_room
from itkgui.views.widgets.tool_row import ToolRow

_MOST_COPIED = 2**20  # bytes; three times as many characters for the clipboard
_LONGEST_NUMBER = 8  # bytes


class HexPreview(Preview):
    """Shows bytes; those that come into sight are read in a decoder's process."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self._file: BinaryFile | None = None
        self._loaded = LoadedBytes(0, b"", ())
        self._reading = -1  # the number of a block
        self._read_task = ViewTask(self, self._on_read_failed)
        self._find_task = ViewTask(self, self._on_failed)
        self._copy_task = ViewTask(self, self._on_failed)
        self.canvas = HexCanvas()
        self.canvas.blocks_wanted.connect(self._on_blocks_wanted)
        self.canvas.moved.connect(self._show_readings)
        self.canvas.copy_wanted.connect(self._copy)
        self.offset = QLineEdit()
        self.offset.setPlaceholderText(_("Go to offset"))
        self.offset.setAccessibleName(_("Go to offset"))
        self.offset.setToolTip(_("Go to offset (Ctrl+G): 4660 or 1234h"))
        self.offset.returnPressed.connect(self._on_offset)
        self.tools = ToolRow()
        self.tools.add_widget(self.offset)
        add = self.tools.add_tool
        add("search", _("Find bytes or text"), lambda: self.search.open_bar(), command="find")
        add("copy", _("Copy as hexadecimal"), lambda: self._copy(False), command="copy-hexadecimal")
        add("text", _("Copy as characters"), lambda: self._copy(True), command="copy-characters")
        self.search = FindBar(_("Find a text, or bytes as 0x 1f 8b"), self.canvas)
        self.search.sought.connect(self._on_sought)
        self.search.stepped.connect(self._on_stepped)
        self.facts, self.values = QLabel(), QLabel()
        for label in (self.values, self.facts):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setContentsMargins(8, 1, 8, 2)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_room(self.values, least=(0, 2))  # or the rows would move with the cursor
        set_role(self.facts, "quiet")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 4)
        layout.setSpacing(1)
        layout.addWidget(self.tools)
        layout.addWidget(self.search)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.values)
        layout.addWidget(self.facts)

    def show_content(self, file: BinaryFile, loaded: LoadedBytes) -> None:
        self.forget()
        self.search.close_bar()
        self._file, self._loaded = file, loaded
        self.offset.clear()
        self.canvas.show_bytes(loaded.size, loaded.first)
        self._say("")

    @property
    def is_settled(self) -> bool:
        return self.canvas.next_block() is None

    @property
    def key_taker(self) -> QWidget:
        return self.canvas

    def forget(self) -> None:
        self._reading = -1
        for task in (self._read_task, self._find_task, self._copy_task):
            task.cancel()

    def _say(self, sentence: str) -> None:
        facts = (*self._loaded.facts, sentence)
        self.facts.setText("  ·  ".join(fact for fact in facts if fact))

    def _on_read_failed(self, error: ItkError) -> None:
        self._reading = -1
        self._on_failed(error)

    def _on_failed(self, error: ItkError) -> None:
        self.search.tell("")
        self._say(error.sentence)

    def _show_readings(self) -> None:
        at, chosen = self.canvas.cursor_at, self.canvas.selected
        words = readings_of(at, self.canvas.known_bytes(at, _LONGEST_NUMBER))
        self.values.setText(
            ngettext(
                "{count:,} byte selected  ·  {values}", "{count:,} bytes selected  ·  {values}", len(chosen)
            ).format(count=len(chosen), values=words)
            if len(chosen) > 1
            else words
        )

    # Blocks ------------------------------------------------------------------------------------------------

    def _on_blocks_wanted(self) -> None:
        if self._file is not None and self._reading < 0:
            self._read_task.start(self._read(self._file))

    async def _read(self, file: BinaryFile) -> None:
        while (number := self.canvas.next_block()) is not None:
            self._reading = number
            content = await self._tools.decode(read_bytes, file, number * BLOCK, BLOCK)
            self._reading = -1
            self.canvas.add_block(number, content)

    def _on_offset(self) -> None:
        offset = offset_in(self.offset.text())
        if offset is None:
            self._say(_("An offset is a number such as 4660 or 1234h."))
        elif offset >= self._loaded.size:
            last = self._loaded.size - 1
            self._say(
                _("The last byte is at {place}h = {number:,}.").format(place=f"{max(last, 0):x}", number=last)
            )
        else:
            self._say("")
            self.canvas.go_to(offset)
            self.canvas.setFocus()

    # Finding -----------------------------------------------------------------------------------------------

    def _on_sought(self, query: Query | None) -> None:
        self._find_task.cancel()
        self.search.tell("")
        if query is not None and self._file is not None:
            self._find_task.start(self._find(self._file, query.text, self.canvas.selected.start, 1))

    def _on_stepped(self, by: int) -> None:
        query = self.search.query
        if query is None:
            self.search.open_bar()
        elif self._file is not None:
            start = self.canvas.selected.start + (1 if by > 0 else 0)
            self._find_task.start(self._find(self._file, query.text, start, by))

    async def _find(self, file: BinaryFile, text: str, start: int, by: int) -> None:
        """Search from a place to the end, and from there on where one began."""
        wanted, any_case = sought_bytes(text)
        function = find_bytes if by > 0 else find_bytes_before
        for first in (start, 0 if by > 0 else self._loaded.size):
            at: int | None = first
            while at is not None:
                found = await self._tools.decode(function, file, wanted, at, any_case)
                if found.at >= 0:
                    self.search.tell(_("at {place}h").format(place=f"{found.at:x}"))
                    self.canvas.go_to(found.at, len(wanted))
                    return
                at = found.next_start
                if at is not None:
                    self.search.tell(f"… {at / max(1, self._loaded.size):.0%}")
        self.search.tell(_("not found"), is_bad=True, can_step=False)
        self.canvas.go_to(self.canvas.selected.start)  # nothing looks found

    # Copying -----------------------------------------------------------------------------------------------

    def _copy(self, as_characters: bool) -> None:
        chosen = self.canvas.selected
        if len(chosen) > _MOST_COPIED:
            words = _("At most {size} can be copied; save the file for more.")
            self._say(words.format(size=size_text(_MOST_COPIED)))
        elif self._file is not None and chosen:
            self._copy_task.start(self._to_clipboard(self._file, chosen, as_characters))

    async def _to_clipboard(self, file: BinaryFile, chosen: range, as_characters: bool) -> None:
        content = await self._tools.decode(read_bytes, file, chosen.start, len(chosen))
        text = (
            content.decode("utf-8", errors="replace").replace("\0", "␀") if as_characters else hex_of(content)
        )
        QGuiApplication.clipboard().setText(text)
        words = ngettext("{count:,} byte copied", "{count:,} bytes copied", len(content))
        self._say(words.format(count=len(content)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (button := self.tools.of_key(event)) is not None:
            button.click()
        elif (is_next := is_key_of(event, "find-next")) or is_key_of(event, "find-before"):
            self._on_stepped(1 if is_next else -1)
        elif is_key_of(event, "go-to-offset"):
            self.offset.setFocus()
            self.offset.selectAll()
        elif is_key_of(event, "select-all"):
            self.canvas.select_all()
        else:
            super().keyPressEvent(event)
