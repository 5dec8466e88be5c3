"""An archive: its members as a tree, the chosen one shown in the pane below."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHeaderView,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from itkgui.client.exceptions import ItkError
from itkgui.client.files import BinaryFile, ZipFile, ZipMember
from itkgui.decoding.archive import ArchiveRow, LoadedArchive, extract_member
from itkgui.records.sizes import size_text
from itkgui.views.previews.preview import Preview, PreviewTools
from itkgui.views.style import icon
from itkgui.views.view_task import ViewTask

_SLICE = 150  # rows added, or done away with, in one frame
_EXPANDED_ROWS = 200  # in a larger archive the folders stay closed


class ArchivePreview(Preview):
    """The tree of members; the chosen one is unpacked and shown below, as any file."""

    def __init__(self, tools: PreviewTools) -> None:
        super().__init__(tools)
        self._file: ZipFile | None = None
        self._member: ZipMember | None = None
        self._fill_task = ViewTask(self, self._on_failed)
        self._member_task = ViewTask(self, self._on_failed)
        self.inner = tools.nested()
        self.inner.retry_requested.connect(self._show_member)
        self._items: list[QTreeWidgetItem] = []
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["Member", "Size"])
        self.tree.setAccessibleName("Members of the archive")
        self.tree.setUniformRowHeights(True)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        # Fixed: to measure the contents takes 25 ms each time that rows come.
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.tree.header().resizeSection(1, self.fontMetrics().horizontalAdvance("0000.0 MB") + 24)
        self.tree.currentItemChanged.connect(self._on_item_changed)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.tree)
        parts.addWidget(self.inner)
        parts.setSizes([160, 300])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts)

    def show_content(self, file: BinaryFile, loaded: LoadedArchive) -> None:
        """Show an archive, a slice in each frame, and choose its first member."""
        self.forget()
        self._file = file if isinstance(file, ZipFile) else None
        self.inner.show_nothing("No member chosen." if loaded.rows else "This archive is empty.")
        self._fill_task.start(self._fill(loaded))

    def forget(self) -> None:
        self._fill_task.cancel()
        self._member_task.cancel()
        self._file = self._member = None
        self.inner.show_nothing("No member chosen.")

    async def _fill(self, loaded: LoadedArchive) -> None:
        await self._clear()
        items = self._items
        first: QTreeWidgetItem | None = None
        for row in loaded.rows:
            item = _item(row)
            items.append(item)
            if row.parent < 0:
                self.tree.addTopLevelItem(item)
            else:
                items[row.parent].addChild(item)
            if first is None and row.member is not None:
                first = item
            if len(items) % _SLICE == 0:
                await asyncio.sleep(0)
        if len(items) <= _EXPANDED_ROWS:
            self.tree.expandAll()
        if first is not None and self.tree.currentItem() is None:
            self.tree.setCurrentItem(first)

    async def _clear(self) -> None:
        """Take all rows away at once, and give their memory back a slice in each frame."""
        self.tree.invisibleRootItem().takeChildren()
        while self._items:
            parent = self._items.pop().parent()
            if parent is not None:
                parent.takeChild(parent.childCount() - 1)
            if len(self._items) % _SLICE == 0:
                await asyncio.sleep(0)

    def _on_item_changed(self, current: QTreeWidgetItem | None) -> None:
        member = current.data(0, Qt.ItemDataRole.UserRole) if current is not None else None
        if member is not None:
            self._member = member
            self._show_member()

    def _show_member(self) -> None:
        if self._file is not None and self._member is not None:
            self.inner.await_file()
            self._member_task.start(self._unpack(self._file, self._member))

    async def _unpack(self, file: ZipFile, member: ZipMember) -> None:
        folder = self._tools.folder / "members"
        self.inner.show_file(await self._tools.decode(extract_member, file, member, folder))

    def _on_failed(self, error: ItkError) -> None:
        self.inner.show_error(error)


def _item(row: ArchiveRow) -> QTreeWidgetItem:
    item = QTreeWidgetItem([row.name, size_text(row.member.size) if row.member is not None else ""])
    item.setIcon(0, icon("file" if row.member is not None else "folder", "quiet"))
    if row.member is not None:
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setData(0, Qt.ItemDataRole.UserRole, row.member)
    return item
