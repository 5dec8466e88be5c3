"""Zip archives: the members as a tree, each previewed in place; nothing is unpacked but what is looked at."""

from __future__ import annotations

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

from itkgui.client.exceptions import FileUnreadable
from itkgui.client.files import BinaryFile, ZipFile, ZipMember, receive
from itkgui.item_models.sizes import size_text
from itkgui.views.previews.preview_failed import PreviewFailed
from itkgui.views.style import icon

MOST_MEMBERS = 20_000
LARGEST_MEMBER = 64_000_000  # bytes, unpacked


@dataclass(frozen=True)
class LoadedArchive:
    """An archive with the list of its members."""

    file: ZipFile
    members: Sequence[ZipMember]


def load_archive(file: ZipFile) -> LoadedArchive:
    """Read the list of members; runs on the worker. Raises PreviewFailed if it is no zip or has too many."""
    try:
        members = file.members()
    except FileUnreadable as error:
        raise PreviewFailed(error.detail, what="archive") from error
    if len(members) > MOST_MEMBERS:
        raise PreviewFailed(
            f"{len(members)} members", what="archive", why=f"too large, with {len(members):,} members"
        )
    return LoadedArchive(file, members)


def extract_member(file: ZipFile, member: ZipMember, folder: Path) -> BinaryFile:
    """Unpack one member into a folder of the program's own and open it; runs on the worker.

    Its name in the archive never becomes a path, and what it claims to be is not believed. Raises
    PreviewFailed for an encrypted, damaged or very large member.
    """
    if member.is_encrypted:
        raise PreviewFailed(member.name, what="member", why="encrypted")
    try:
        content = file.read(member, LARGEST_MEMBER + 1)
    except FileUnreadable as error:
        raise PreviewFailed(error.detail, what="member") from error
    if len(content) > LARGEST_MEMBER:
        raise PreviewFailed(member.name, what="member", why=f"larger than {size_text(LARGEST_MEMBER)}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A folder for each: members of different folders may share a name, and one may still be being read.
    own_folder = Path(tempfile.mkdtemp(dir=folder))
    return receive([content], len(content), own_folder, PurePosixPath(member.name).name)


class ArchivePreview(QWidget):
    """The tree of members; choosing one asks for it to be shown in the pane beside."""

    member_chosen = Signal(object)  # ZipMember

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["Member", "Size"])
        self.tree.setAccessibleName("Members of the archive")
        self.tree.setUniformRowHeights(True)
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.currentItemChanged.connect(self._on_item_changed)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.tree)
        parts.addWidget(inner)
        parts.setSizes([160, 300])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts)

    def show_content(self, loaded: LoadedArchive) -> None:
        self.tree.clear()
        folders: dict[PurePosixPath, QTreeWidgetItem] = {}
        items = [self._member_item(member, folders) for member in loaded.members]
        self.tree.expandAll()
        if items:
            self.tree.setCurrentItem(items[0])

    def _member_item(
        self, member: ZipMember, folders: dict[PurePosixPath, QTreeWidgetItem]
    ) -> QTreeWidgetItem:
        path = PurePosixPath(member.name)
        item = QTreeWidgetItem([path.name or member.name, size_text(member.size)])
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setData(0, Qt.ItemDataRole.UserRole, member)
        item.setIcon(0, icon("file", "quiet"))
        self._add_below(path.parent, folders, item)
        return item

    def _add_below(
        self, folder: PurePosixPath, folders: dict[PurePosixPath, QTreeWidgetItem], item: QTreeWidgetItem
    ) -> None:
        if folder in (PurePosixPath("."), PurePosixPath("/")):
            self.tree.addTopLevelItem(item)
            return
        if folder not in folders:
            folders[folder] = QTreeWidgetItem([folder.name, ""])
            folders[folder].setIcon(0, icon("folder", "quiet"))
            self._add_below(folder.parent, folders, folders[folder])
        folders[folder].addChild(item)

    def _on_item_changed(self, current: QTreeWidgetItem | None) -> None:
        member = current.data(0, Qt.ItemDataRole.UserRole) if current is not None else None
        if member is not None:
            self.member_chosen.emit(member)
