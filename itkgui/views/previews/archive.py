"""Zip archives: the members as a tree, each previewed in place; nothing is unpacked but what is looked at."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from itkgui.client.exceptions import FileNotWritten, FileUnreadable
from itkgui.client.files import BinaryFile, ZipFile, ZipMember, receive
from itkgui.item_models.sizes import size_text
from itkgui.views.previews.preview_failed import PreviewFailed, check_readable, not_unpacked, unpacking
from itkgui.views.style import icon

MOST_ROWS = 10_000  # members and folders
# What lies deeper stands in one row, with its path: further to the right there is no room for a name.
DEEPEST_FOLDER = 8
LARGEST_MEMBER = 64_000_000  # bytes, unpacked
_SLICE = 150  # rows added, or done away with, in one frame
_EXPANDED_ROWS = 200  # in a larger archive the folders stay closed


@dataclass(frozen=True)
class ArchiveRow:
    """One row of the tree: a member, or a folder; ``parent`` is the place of its folder's row, or -1."""

    parent: int
    name: str
    member: ZipMember | None = None


@dataclass(frozen=True)
class LoadedArchive:
    """An archive with the rows that show it, each folder before what is in it."""

    file: ZipFile
    rows: Sequence[ArchiveRow]


def load_archive(file: ZipFile) -> LoadedArchive:
    """Read the list of members; runs on the worker. Raises PreviewFailed if it is no zip or has too many."""
    check_readable(file, "archive")
    try:
        members = file.members()
    except FileUnreadable as error:
        raise PreviewFailed(error.detail, what="archive") from error
    rows: list[ArchiveRow] = []
    folders: dict[tuple[str, ...], int] = {}
    for member in members:
        _add_rows(member, rows, folders)
        if len(rows) > MOST_ROWS:
            raise PreviewFailed(
                f"{len(members)} members",
                what="archive",
                why=f"it is too large, with {len(members):,} members in {len(folders):,} folders"
                if len(members) <= MOST_ROWS
                else f"it is too large, with {len(members):,} members",
            )
    return LoadedArchive(file, rows)


def _add_rows(member: ZipMember, rows: list[ArchiveRow], folders: dict[tuple[str, ...], int]) -> None:
    """Add the row of a member, and those of its folders that have none yet."""
    parts = tuple(part for part in PurePosixPath(member.name).parts if part != "/")
    depth = min(max(0, len(parts) - 1), DEEPEST_FOLDER)
    parent = -1
    for level in range(1, depth + 1):
        folder = parts[:level]
        if folder not in folders:
            folders[folder] = len(rows)
            rows.append(ArchiveRow(parent, folder[-1]))
        parent = folders[folder]
    rows.append(ArchiveRow(parent, "/".join(parts[depth:]) or member.name, member))


def extract_member(file: ZipFile, member: ZipMember, folder: Path) -> BinaryFile:
    """Unpack one member into a folder of the program's own and open it; runs on the worker.

    Its name in the archive never becomes a path, and what it claims to be is not believed. Raises
    PreviewFailed for an encrypted, damaged or very large member, and if it cannot be written.
    """
    if member.is_encrypted:
        raise PreviewFailed(member.name, what="member", why="it is encrypted")
    check_readable(file, "member")
    try:
        content = file.read(member, LARGEST_MEMBER + 1)
    except FileUnreadable as error:
        raise PreviewFailed(error.detail, what="member") from error
    if len(content) > LARGEST_MEMBER:
        raise PreviewFailed(member.name, what="member", why=f"it is larger than {size_text(LARGEST_MEMBER)}")
    with unpacking():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A folder for each: members of different folders may share a name, and one may still be being read.
        own_folder = Path(tempfile.mkdtemp(dir=folder))
    try:
        return receive([(0, content)], len(content), own_folder, PurePosixPath(member.name).name)
    except (FileNotWritten, FileUnreadable) as error:
        raise not_unpacked(error) from error


class ArchivePreview(QWidget):
    """The tree of members; choosing one asks for it to be shown in the pane beside."""

    member_chosen = Signal(object)  # ZipMember

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
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
        parts.addWidget(inner)
        parts.setSizes([160, 300])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts)

    async def show_content(self, loaded: LoadedArchive) -> None:
        """Show an archive, a slice in each frame, and choose its first member."""
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
            self.member_chosen.emit(member)


def _item(row: ArchiveRow) -> QTreeWidgetItem:
    item = QTreeWidgetItem([row.name, size_text(row.member.size) if row.member is not None else ""])
    item.setIcon(0, icon("file" if row.member is not None else "folder", "quiet"))
    if row.member is not None:
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setData(0, Qt.ItemDataRole.UserRole, row.member)
    return item
