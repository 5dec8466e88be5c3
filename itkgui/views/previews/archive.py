"""Zip archives: the members as a tree, each previewed in place; nothing is unpacked but what is looked at."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
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

from itkgui.client import transfer
from itkgui.client.files import BinaryFile, open_file, safe_name
from itkgui.item_models.sizes import size_text
from itkgui.views.previews.preview_failed import PreviewFailed
from itkgui.views.style import icon

MOST_MEMBERS = 20_000
LARGEST_MEMBER = 200_000_000  # bytes, unpacked
LARGEST_RATIO = 1000  # unpacked to packed; deflate's own limit is 1032, real files stay below 200
_RATIO_FREE = 10_000_000  # bytes; small members may shrink as much as they like
_BLOCK = 256 * 1024


@dataclass(frozen=True)
class Member:
    """One file in an archive; ``name`` is the path in the archive, with ``/`` between its parts."""

    name: str
    size: int
    packed_size: int
    is_encrypted: bool


@dataclass(frozen=True)
class LoadedArchive:
    """What an archive holds."""

    path: Path
    members: tuple[Member, ...]


def load_archive(path: Path) -> LoadedArchive:
    """Read the list of members; runs on the worker. Raises PreviewFailed if it is no zip or has too many."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise PreviewFailed(str(error), what="archive") from error
    if len(infos) > MOST_MEMBERS:
        raise PreviewFailed(
            f"{len(infos)} members", what="archive", why=f"too large, with {len(infos):,} members"
        )
    return LoadedArchive(
        path,
        tuple(
            Member(info.filename, info.file_size, info.compress_size, bool(info.flag_bits & 1))
            for info in infos
        ),
    )


def extract_member(path: Path, member: Member, folder: Path) -> BinaryFile:
    """Unpack one member into a folder of the program's own and open it; runs on the worker.

    Its name in the archive never becomes a path. Raises PreviewFailed for an encrypted, damaged or
    suspiciously large member.
    """
    if member.is_encrypted:
        raise PreviewFailed(member.name, what="member", why="encrypted")
    bomb = member.size > _RATIO_FREE and member.size > LARGEST_RATIO * max(1, member.packed_size)
    if member.size > LARGEST_MEMBER or bomb:
        raise PreviewFailed(
            f"{member.name}: {member.size} bytes from {member.packed_size}",
            what="member",
            why=f"too large when unpacked ({size_text(member.size)})",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A folder for each: members of different folders may share a name, and one may still be being read.
    target = Path(tempfile.mkdtemp(dir=folder)) / safe_name(PurePosixPath(member.name).name)
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member.name) as packed, target.open("wb") as file:
            transfer.current().expect(member.size)
            left = member.size  # an archive can lie about the size
            while block := packed.read(min(_BLOCK, left + 1)):
                left -= len(block)
                if left < 0:
                    raise PreviewFailed(member.name, what="member", why="larger than the archive says")
                file.write(block)
                transfer.current().advance(len(block))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, KeyError, RuntimeError) as error:
        raise PreviewFailed(f"{member.name}: {error}", what="member") from error
    return open_file(target, target.name)


class ArchivePreview(QWidget):
    """The tree of members; choosing one asks for it to be shown in the pane beside."""

    member_chosen = Signal(object)  # Member

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

    def _member_item(self, member: Member, folders: dict[PurePosixPath, QTreeWidgetItem]) -> QTreeWidgetItem:
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
