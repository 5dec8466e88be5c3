"""The tree of an archive's members: filtered while one types, sorted by its titles, dragged out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDrag, QIcon
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView

from itkgui.decoding.archive import LoadedArchive
from itkgui.item_models.archive_tree import MOMENT, NAME, PACKED, SIZE, ArchiveTree
from itkgui.views.style import icon

_EXPANDED_ROWS = 200  # in a larger archive the folders stay closed


class MemberTree(QTreeView):
    """Tells which row of the archive is chosen; ``file_to_drag`` is that member, once it is unpacked."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.file_to_drag: Path | None = None
        self.members = ArchiveTree(_icon)
        self.setModel(self.members)
        self.setAccessibleName("Members of the archive")
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(self.fontMetrics().averageCharWidth() * 5)
        # Fixed: to measure the contents takes 25 ms each time that rows come.
        for column, widest in ((SIZE, "0000.0 MB"), (PACKED, "Packed"), (MOMENT, "0000-00-00 00:00")):
            header.resizeSection(column, self.fontMetrics().horizontalAdvance(widest) + 28)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def show_archive(self, loaded: LoadedArchive) -> None:
        """Show the members of another archive, and choose the first."""
        self.file_to_drag = None
        self.header().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.members.show_archive(loaded)
        self._open_folders()
        first = self.members.first_member()
        if first.isValid():
            self.setCurrentIndex(first)

    def set_filter(self, text: str) -> None:
        """Show the members whose name holds a text; the one that is looked at stays where it is shown."""
        self.members.set_filter(text)
        self._open_folders()

    def _open_folders(self) -> None:
        if self.members.shown_count <= _EXPANDED_ROWS:
            self.expandAll()

    def _on_current_changed(self, current: QModelIndex) -> None:
        self.file_to_drag = None
        if current.isValid():
            self.chosen.emit(self.members.row_of(current))

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: ARG002, N803 - Qt's name
        if self.file_to_drag is None:
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.file_to_drag))])
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.CopyAction)


def _icon(name: str) -> QIcon:
    return icon(name, "caution" if name == "warning" else "quiet")
