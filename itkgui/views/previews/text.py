"""Text to read, search and copy; JSON also laid out, and as a tree."""

from __future__ import annotations

import asyncio
import shutil
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile
from itkgui.decoding.text import LoadedText, load_text
from itkgui.decoding.text_encoding import ENCODINGS
from itkgui.decoding.text_json import (
    LARGEST_JSON,
    ONLY_TREE,
    TOO_LARGE,
    can_be_a_tree,
    load_laid_out,
    too_large,
)
from itkgui.decoding.undecodable import TooSlow, Undecodable
from itkgui.language import _, ngettext
from itkgui.views.commands import offer
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.previews.text_pane import TextPane
from itkgui.views.previews.text_tree import JsonTreeView
from itkgui.views.style import set_role
from itkgui.views.widgets.tool_row import ToolRow
from itkgui.views.widgets.trouble_pane import TroublePane

_SLOW = 0.15  # seconds, after which JSON is shown as it is until it has been laid out


class TextPreview(Preview):
    """Shows text: Ctrl+F finds, F3 goes on, Shift+F3 back, Ctrl+G goes to a line."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self._file: BinaryFile | None = None
        self._loaded: LoadedText | None = None
        self._laid_out: LoadedText | None = None
        self._said = ""
        self._opening = ViewTask(self, self._on_failed)
        self.pane = TextPane(tools)
        self.reader = self.pane.reader
        self.pane.failed.connect(self._on_failed)
        self.pane.grown.connect(self._show_facts)
        self.pane.told.connect(self._say)
        self.tree = JsonTreeView(tools, ViewTask(self, self._on_failed))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.pane)
        self.stack.addWidget(self.tree)
        self.trouble = TroublePane(can_retry=False)
        self.tools = ToolRow()
        self._build_tools()
        self.facts = QLabel()
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setWordWrap(True)
        set_role(self.facts, "quiet")
        self.encoding_button = QToolButton()
        self._build_encodings()
        below = QHBoxLayout()
        below.setContentsMargins(8, 1, 6, 1)
        below.addWidget(self.encoding_button)
        below.addWidget(self.facts, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.tools)
        layout.addWidget(self.trouble)
        layout.addWidget(self.stack, 1)
        layout.addLayout(below)

    def _build_tools(self) -> None:
        tools, pane = self.tools, self.pane
        self.find_button = tools.add_tool("search", _("Find"), self._on_find, command="find")
        self.go_to_button = tools.add_tool(
            "go-to", _("Go to line…"), self._on_go_to_line, command="go-to-line"
        )
        self.wrap_button = tools.add_tool("wrap", _("Wrap long lines"), self._on_wrap, checkable=True)
        self.numbers_button = tools.add_tool("numbers", _("Line numbers"), self._on_numbers, checkable=True)
        self.numbers_button.setChecked(True)
        self.laid_out_button = tools.add_tool("braces", _("Laid out"), self._show_text, checkable=True)
        self.tree_button = tools.add_tool("tree", _("As a tree"), self._on_tree, checkable=True)
        for name, run in (
            ("find", self._on_find),
            ("find-next", partial(pane.step, 1)),
            ("find-before", partial(pane.step, -1)),
            ("go-to-line", self._on_go_to_line),
        ):
            offer(self, name, run)

    def _build_encodings(self) -> None:
        button = self.encoding_button
        set_role(button, "small")
        button.setToolTip(_("Encoding"))
        button.setAccessibleName(_("Encoding"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu, group = QMenu(button), QActionGroup(button)
        self.encodings = {}
        for label in ENCODINGS:
            action = menu.addAction(label)
            action.setCheckable(True)
            action.triggered.connect(partial(self._on_encoding, label))
            group.addAction(action)
            self.encodings[label] = action
        button.setMenu(menu)

    # What is shown -----------------------------------------------------------------------------------------

    def show_content(self, file: BinaryFile, loaded: LoadedText) -> None:
        """Show a text from its beginning; JSON laid out, if it can be."""
        self.forget()
        self._file = file
        self._begin(loaded)

    @property
    def is_settled(self) -> bool:
        """Whether JSON has been laid out, or another encoding been used, and what is in sight is there."""
        return self.pane.is_settled and not self._opening.is_running

    @property
    def key_taker(self) -> QWidget:
        return self.tree if self.stack.currentWidget() is self.tree else self.reader

    def forget(self) -> None:
        self._opening.cancel()
        self.pane.forget()
        self.tree.forget()
        self.trouble.hide()
        if self._laid_out is not None and self._laid_out.source is not None:
            self._tools.worker.call(shutil.rmtree, self._laid_out.source.path.parent, True)
        self._file = self._loaded = self._laid_out = None

    def _begin(self, loaded: LoadedText) -> None:
        self._loaded, self._laid_out, self._said = loaded, None, ""
        self.trouble.hide()
        source = loaded.source
        self.encoding_button.setVisible(source is not None)
        if source is not None:
            self.encoding_button.setText(f"{source.encoding.label} ▾")
            self.encodings[source.encoding.label].setChecked(True)
        can_be_laid_out = loaded.is_json and source is not None and source.size <= LARGEST_JSON
        has_tree = loaded.is_json and source is not None and can_be_a_tree(source)
        self.tools.offer(self.laid_out_button, can_be_laid_out)
        self.tools.offer(self.tree_button, has_tree)
        self.tree_button.setChecked(False)
        self.laid_out_button.setChecked(can_be_laid_out)
        self.stack.setCurrentWidget(self.pane)
        if loaded.is_json and not can_be_laid_out:
            self._said = _(ONLY_TREE) if has_tree else _(TOO_LARGE)
        if can_be_laid_out and self._file is not None:
            self._opening.start(self._lay_out(self._file, loaded))
        else:
            self._show_text()

    async def _lay_out(self, file: BinaryFile, loaded: LoadedText) -> None:
        laying = asyncio.ensure_future(self._laid_out_text(file, loaded))
        try:
            done, _pending = await asyncio.wait([laying], timeout=_SLOW)
            if not done:
                self._said = _("laying out…")
                self.pane.show_text(loaded)
                self._show_facts()
            laid_out = await laying
        finally:
            laying.cancel()
        self._said = laid_out.facts
        if laid_out.source is not None:
            self._laid_out = laid_out
        else:
            self.laid_out_button.setChecked(False)
            self.tools.offer(self.laid_out_button, False)
            self.tools.offer(self.tree_button, laid_out.is_too_large)
        self._show_text()

    async def _laid_out_text(self, file: BinaryFile, loaded: LoadedText) -> LoadedText:
        try:
            folder = self._tools.folder / "laid-out"
            return await self._tools.decode(load_laid_out, file, loaded.source, folder)
        except TooSlow:
            return too_large()
        except Undecodable as error:
            return LoadedText("", error.sentence)

    def _show_text(self) -> None:
        """Show the text as it is, or laid out."""
        if self._loaded is None:
            return
        self.tree_button.setChecked(False)
        self.stack.setCurrentWidget(self.pane)
        is_laid_out = self.laid_out_button.isChecked() and self._laid_out is not None
        self.pane.show_text(self._laid_out if is_laid_out and self._laid_out else self._loaded)
        self._show_facts()

    def _show_facts(self) -> None:
        if self._loaded is None:
            return
        facts = [self._loaded.facts] if self._loaded.facts else []
        index = self.pane.pages.index
        if self.pane.pages.source is not None:
            count = index.line_count
            lines = ngettext("{count:,} line", "{count:,} lines", count).format(count=count)
            share = index.mark.position / max(1, index.size)
            facts.append(lines if index.is_complete else f"{lines}… {share:.0%}")
        self.go_to_button.setEnabled(index.line_count > 1)
        if self._said:
            facts.append(self._said)
        self.facts.setText("  ·  ".join(facts))

    def _say(self, sentence: str) -> None:
        self._said = sentence
        self._show_facts()

    def _on_failed(self, error: ItkError) -> None:
        self.trouble.show_error(error)

    # Tools -------------------------------------------------------------------------------------------------

    def _on_find(self) -> None:
        if self.stack.currentWidget() is self.tree:
            self._show_text()
        self.pane.find_bar.open_bar()

    def _on_wrap(self) -> None:
        self.reader.set_wrap(self.wrap_button.isChecked())

    def _on_numbers(self) -> None:
        self.reader.set_numbers(self.numbers_button.isChecked())

    def _on_tree(self) -> None:
        if not self.tree_button.isChecked() or self._loaded is None:
            self.stack.setCurrentWidget(self.pane)
            return
        self.tree.show_source(self._loaded.source)
        self.stack.setCurrentWidget(self.tree)

    def _on_encoding(self, label: str) -> None:
        if self._file is not None:
            self._opening.start(self._open_as(self._file, label))

    async def _open_as(self, file: BinaryFile, label: str) -> None:
        loaded = await self._tools.decode(load_text, file, label)
        self.tree.forget()
        self._begin(loaded)

    def _on_go_to_line(self) -> None:
        lines = self.pane.pages.index.line_count
        if self.pane.pages.source is None or lines < 2:  # there is nowhere else to go
            return
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(_("Go to line"))
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(1, min(lines, 2**31 - 1))
        dialog.setLabelText(_("Line, from 1 to {lines:,}").format(lines=lines))
        dialog.intValueSelected.connect(self.pane.go_to_line)
        dialog.open()
