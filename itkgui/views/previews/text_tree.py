"""JSON as a tree: what is opened is loaded."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHeaderView

from itkgui.decoding.text_json import json_rows
from itkgui.decoding.text_source import TextSource
from itkgui.item_models.json_tree import Item, JsonTree
from itkgui.language import _
from itkgui.views.commands import is_key_of
from itkgui.views.context.view_task import ViewTask
from itkgui.views.previews.level_tree import LevelTree
from itkgui.views.previews.preview import PreviewTools

_PATIENCE = 20.0  # seconds for a level of a very large file on a busy computer; another file ends it


class JsonTreeView(LevelTree):
    """Names and values; Ctrl+C copies the value."""

    def __init__(self, tools: PreviewTools, task: ViewTask) -> None:
        super().__init__()
        self._tools = tools
        self._task = task
        self._source: TextSource | None = None
        self._asked: list[Item] = []
        self._is_loading = False
        self.tree = JsonTree()
        self.tree.wanted.connect(self._on_wanted)
        self.setModel(self.tree)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Values of the file"))
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.header().resizeSection(0, self.fontMetrics().averageCharWidth() * 28)

    def show_source(self, source: TextSource | None) -> None:
        """Show the values of a JSON file, or nothing."""
        if source == self._source:
            return
        self.forget()
        self._source = source
        if source is not None:
            self.tree.begin()

    def forget(self) -> None:
        self._task.cancel()
        self._is_loading = False
        self._asked.clear()
        self._source = None

    def _on_wanted(self, item: Item) -> None:
        self._asked.append(item)
        if not self._is_loading and self._source is not None:
            self._is_loading = True  # a task is still running for a moment when it has nothing to do any more
            self._task.start(self._load(self._source))

    async def _load(self, source: TextSource) -> None:
        while self._asked:
            item = self._asked.pop(0)
            ask = (json_rows, source, item.path, len(item.children))
            count, rows = await self._tools.decode(*ask, patience=_PATIENCE)
            self.tree.add(item, count, rows)
        self._is_loading = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_key_of(event, "copy-text") and self.currentIndex().isValid():
            QGuiApplication.clipboard().setText(self.tree.item(self.currentIndex()).row.text)
        else:
            super().keyPressEvent(event)
