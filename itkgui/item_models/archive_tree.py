"""The members of an archive as a tree laid flat: a row for each that no closed folder hides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt, QUrl
from PySide6.QtGui import QIcon

from itkgui.decoding.archive import LoadedArchive
from itkgui.decoding.members import Flag
from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import N_, _
from itkgui.records.sizes import size_text

TITLES = (N_("Member"), N_("Size"), N_("Packed"), N_("Date"))
NAME, SIZE, PACKED, MOMENT = range(4)
_OPEN_AT_FIRST = 200  # rows; in a larger archive the folders are closed
_NO_PARENT = QModelIndex()
_Parent = QModelIndex | QPersistentModelIndex
_Rows = npt.NDArray[np.int64]
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_WARNINGS = (
    (Flag.ENCRYPTED, N_("Encrypted: it asks for a password.")),
    (Flag.UNSAFE, N_("Unsafe name: it is only saved under a name that is safe.")),
    (Flag.NO_FILE, N_("A link or a device, not a file.")),
)
_UNLOCKED = N_("Encrypted: the password that was typed is used.")


class ArchiveTree(QAbstractTableModel):
    """Rows of the screen show rows of a loaded archive, which are called entries here.

    Not a tree to Qt, whose view of trees asks about every row there is, which takes a second for 50,000.
    A filter leaves members whose name has a text, in folders that are all open.
    ``file_to_drag`` is the member that was chosen last, once it is unpacked. ``is_unlocked`` tells that a
    password is known which opens encrypted ones.
    ``icon`` gives the shipped ones ``"folder"``, ``"file"`` and ``"warning"`` in the colours of the moment.
    """

    def __init__(self, icon: Callable[[str], QIcon]) -> None:
        super().__init__()
        self.file_to_drag: Path | None = None
        self.is_unlocked = False
        self._icon = icon
        self._loaded: LoadedArchive | None = None
        self._names: Sequence[str] = ()
        self._lower: list[str] = []
        self._filter = ""
        self._column, self._is_descending = -1, False
        self._depths = self._all = np.empty(0, np.int64)  # all entries, each after its folder
        self._open = np.empty(0, np.bool_)
        self._entries: list[int] = []

    def show_archive(self, loaded: LoadedArchive) -> None:
        """Show another archive, with neither filter nor sorting."""
        self.beginResetModel()
        self._loaded, self._names, self._lower, self._filter = loaded, loaded.names, [], ""
        self._column, self.is_unlocked = -1, False
        self._depths = _depths(loaded.parents)
        self._open = np.full(len(self._names), len(self._names) <= _OPEN_AT_FIRST)
        first = self.first_member
        if first >= 0:
            self._open_above(loaded, first)
        self._arrange(loaded)
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """Show only members whose name holds a text, whatever its case."""
        self._filter = text.casefold()
        self._show_anew()

    def set_unlocked(self, is_unlocked: bool) -> None:
        """Tell whether a password is known which opens encrypted members."""
        if is_unlocked != self.is_unlocked:
            self.is_unlocked = is_unlocked
            self.dataChanged.emit(self.index(0, NAME), self.index(len(self._entries) - 1, NAME))

    def _show_anew(self) -> None:
        if self._loaded is not None:
            self.beginResetModel()
            self._arrange(self._loaded)
            self.endResetModel()

    @property
    def is_filtered(self) -> bool:
        return bool(self._filter)

    def reveal(self, entry: int) -> None:
        """Open the folders that an entry is in, if there is one."""
        if self._loaded is not None and entry >= 0 and self.row_of(entry) < 0:
            self._open_above(self._loaded, entry)
            self._show_anew()

    @property
    def first_member(self) -> int:
        """The first entry that is no folder; -1 if there is none."""
        if self._loaded is None:
            return -1
        members = np.flatnonzero(self._loaded.members >= 0)
        return int(members[0]) if len(members) else -1

    @property
    def last_member(self) -> int:
        """The last entry that is shown and no folder; -1 if there is none."""
        return next((entry for entry in reversed(self._entries) if not self.is_folder(entry)), -1)

    @property
    def shown_count(self) -> int:
        """How many members a filter leaves."""
        return sum(not self.is_folder(entry) for entry in self._entries)

    def entry(self, row: int) -> int:
        """Return what a row of the screen shows."""
        return self._entries[row]

    def row_of(self, entry: int) -> int:
        """Return the row that shows an entry; -1 if none does."""
        return self._entries.index(entry) if entry in self._entries else -1

    def folder_of(self, entry: int) -> int:
        """Return the entry of the folder that an entry is in; -1 for none."""
        return int(self._loaded.parents[entry]) if self._loaded is not None else -1

    def depth(self, entry: int) -> int:
        return int(self._depths[entry])

    def is_folder(self, entry: int) -> bool:
        return self._loaded is not None and bool(self._loaded.members[entry] < 0)

    def is_open(self, entry: int) -> bool:
        return bool(self._filter) or bool(self._open[entry])

    def set_open(self, row: int, is_open: bool) -> None:
        """Open or close the folder in a row; those of a filter stay open."""
        entry = self._entries[row]
        if not self.is_folder(entry) or self._filter or bool(self._open[entry]) == is_open:
            return
        self._open[entry] = is_open
        shown = self._shown()
        count = abs(len(shown) - len(self._entries))
        if count and is_open:
            self.beginInsertRows(_NO_PARENT, row + 1, row + count)
            self._entries = shown
            self.endInsertRows()
        elif count:
            self.beginRemoveRows(_NO_PARENT, row + 1, row + count)
            self._entries = shown
            self.endRemoveRows()
        self.dataChanged.emit(self.index(row, NAME), self.index(row, NAME))

    def text(self, entry: int, column: int) -> str:
        """Return what a cell says."""
        loaded = self._loaded
        if column == NAME:
            return shown_text(self._names[entry])
        if loaded is None or loaded.members[entry] < 0:
            return ""
        size, packed = int(loaded.sizes[entry]), int(loaded.packed[entry])
        if column == SIZE:
            return size_text(size) if size >= 0 else ""
        if column == PACKED:
            return f"{packed / size:.0%}" if packed >= 0 and size > 0 else ""
        return _date(int(loaded.moments[entry]))

    def icon(self, entry: int) -> QIcon:
        if self.is_folder(entry):
            return self._icon("folder")
        flags = Flag(int(self._loaded.flags[entry])) if self._loaded is not None else Flag(0)
        if self.is_unlocked:
            flags &= ~Flag.ENCRYPTED
        return self._icon("warning" if flags else "file")

    def hints(self, entry: int) -> list[str]:
        """Return the name of a member, what it is called in the archive, and what is to be known of it."""
        loaded = self._loaded
        if loaded is None:
            return []
        inside = (
            [_("In the archive: {path}").format(path=loaded.paths[entry])] if entry in loaded.paths else []
        )
        return [loaded.names[entry], *inside, *self.facts(entry)]

    def facts(self, entry: int) -> list[str]:
        """Return a member's size, and what is to be known of it."""
        loaded, said = self._loaded, list[str]()
        if loaded is None:
            return said
        size, packed = int(loaded.sizes[entry]), int(loaded.packed[entry])
        if packed >= 0 and size >= 0:
            text = _("{size}, {packed} in the archive") if packed != size else "{size}"
            said.append(text.format(size=size_text(size), packed=size_text(packed)))
        for flag, text in _WARNINGS:
            if loaded.flags[entry] & flag:
                said.append(_(_UNLOCKED if flag is Flag.ENCRYPTED and self.is_unlocked else text))
        return said

    # Arranging ---------------------------------------------------------------------------------------------

    def _open_above(self, loaded: LoadedArchive, entry: int) -> None:
        while (entry := int(loaded.parents[entry])) >= 0:
            self._open[entry] = True

    def _arrange(self, loaded: LoadedArchive) -> None:
        """Put each entry after its folder, and what stands beside each other in the order of a column."""
        entries = self._sorted(self._filtered(loaded), loaded)
        parents, depths, count = loaded.parents, self._depths, len(self._names)
        levels = [entries[depths[entries] == level] for level in range(int(depths.max(initial=-1)) + 1)]
        sizes = np.zeros(count, np.int64)  # of an entry with all that is in it
        sizes[entries] = 1
        for level in reversed(levels[1:]):
            sizes += np.bincount(parents[level], sizes[level], count).astype(np.int64)
        places = np.zeros(count, np.int64)
        for level in levels:
            beside = level[np.argsort(parents[level], kind="stable")]
            above = parents[beside]
            before = np.cumsum(sizes[beside]) - sizes[beside]
            before -= before[np.searchsorted(above, above)]
            places[beside] = before + np.where(above >= 0, places[above] + 1, 0)
        self._all = np.empty(len(entries), np.int64)
        self._all[places[entries]] = entries
        self._entries = self._shown()

    def _shown(self) -> list[int]:
        """Return the entries that are in no closed folder."""
        loaded = self._loaded
        if loaded is None or self._filter:
            return list(self._all.tolist())
        is_shown = np.ones(len(self._names), np.bool_)
        for level in range(1, int(self._depths.max(initial=0)) + 1):
            at = np.flatnonzero(self._depths == level)
            is_shown[at] = (is_shown & self._open)[loaded.parents[at]]
        return list(self._all[is_shown[self._all]].tolist())

    def _filtered(self, loaded: LoadedArchive) -> _Rows:
        if not self._filter:
            return np.arange(len(self._names))
        wanted, names = self._filter, self._lower_names(loaded)
        found = np.fromiter((wanted in name for name in names), np.bool_, len(names))
        found &= loaded.members >= 0
        parents = loaded.parents[found]
        while len(parents := np.unique(parents[parents >= 0])):
            found[parents] = True
            parents = loaded.parents[parents]
        return np.flatnonzero(found)

    def _sorted(self, entries: _Rows, loaded: LoadedArchive) -> _Rows:
        if self._column < 0:
            return entries
        if self._column == NAME:
            key = self._lower_names(loaded).__getitem__
            ordered = sorted(entries.tolist(), key=key, reverse=self._is_descending)
            entries = np.array(ordered, np.int64)
        else:
            keys = self._numbers(loaded)[entries]
            entries = entries[np.argsort(-keys if self._is_descending else keys, kind="stable")]
        return entries[np.argsort(loaded.members[entries] >= 0, kind="stable")]  # folders first

    def _lower_names(self, loaded: LoadedArchive) -> list[str]:
        if not self._lower:
            self._lower = loaded.joined_names.casefold().split("\0")
        return self._lower

    def _numbers(self, loaded: LoadedArchive) -> npt.NDArray[Any]:
        if self._column == PACKED:
            return np.where(loaded.packed < 0, 2.0, loaded.packed / np.maximum(loaded.sizes, 1))
        return loaded.sizes if self._column == SIZE else loaded.moments

    # Qt ----------------------------------------------------------------------------------------------------

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._is_descending = column, order is Qt.SortOrder.DescendingOrder
        self._show_anew()

    def rowCount(self, parent: _Parent = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: _Parent = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def flags(self, index: _Parent) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if not index.isValid() or self.file_to_drag is None or self.is_folder(self._entries[index.row()]):
            return usual
        return usual | Qt.ItemFlag.ItemIsDragEnabled

    def data(self, index: _Parent, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._loaded is None or not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(entry, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_hint("\n".join(self.hints(entry)))
        if role == Qt.ItemDataRole.AccessibleTextRole and self.is_folder(entry) and index.column() == NAME:
            said = _("{name}, folder, open") if self.is_open(entry) else _("{name}, folder, closed")
            return said.format(name=self.text(entry, NAME))
        return None

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: ARG002 - it is the one chosen
        data = QMimeData()
        if self.file_to_drag is not None:
            data.setUrls([QUrl.fromLocalFile(str(self.file_to_drag))])
        return data

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _(TITLES[section])
            if role == Qt.ItemDataRole.TextAlignmentRole and section in (SIZE, PACKED):
                return _RIGHT
        return None


def _depths(parents: npt.NDArray[np.int32]) -> _Rows:
    """Return how many folders each entry is in."""
    depths = np.zeros(len(parents), np.int64)
    above = parents.copy()
    while (is_in := above >= 0).any():
        depths += is_in
        above = np.where(is_in, parents[above], -1)
    return depths


def _date(moment: int) -> str:
    if not moment:
        return ""
    date, clock = divmod(moment, 10**4)
    return f"{date // 10**4}-{date // 100 % 100:02}-{date % 100:02} {clock // 100:02}:{clock % 100:02}"
