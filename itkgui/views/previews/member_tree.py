"""The tree of an archive's members: filtered while one types, sorted by its titles, dragged out."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QTableView,
)

from itkgui.decoding.archive import LoadedArchive
from itkgui.item_models.archive_tree import MOMENT, NAME, PACKED, SIZE, ArchiveTree
from itkgui.language import N_, _
from itkgui.views.previews.kept_arrows import keep_arrows
from itkgui.views.style import Style, icon, row_height, spaced

_PADDING, _AROUND = 9, 10  # pixels beside the text, and above and below it together
_WIDEST = ((SIZE, "0000.0 MB"), (PACKED, ""), (MOMENT, "0000-00-00 00:00"))  # if the head is not wider
_BY_WEIGHT = (SIZE, MOMENT, PACKED)
_LEAST_NAME = 18  # letters
_GAP = 4
_Keys = Qt.Key
NO_MATCH = N_("No member has this in its name.")


class MemberTree(QTableView):
    """Tells which entry of the archive is chosen.

    Arrow keys open and close folders as in any tree, as do a double click and a click on the arrow. Right and
    Enter lead into a member, for whoever shows it.
    """

    chosen = Signal(int)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.members = ArchiveTree(_icon)
        self.setModel(self.members)
        self.setItemDelegate(_Cells(self.members, self))
        self.setAccessibleName(_("Members of the archive"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.doubleClicked.connect(lambda index: self._toggle(index.row()))

        self._fit_text()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            QTimer.singleShot(0, self, self._fit_text)

    def _fit_text(self) -> None:
        metrics, header = self.fontMetrics(), self.horizontalHeader()
        self.verticalHeader().setDefaultSectionSize(row_height(metrics.height() + spaced(_AROUND)))
        across = Qt.Orientation.Horizontal
        self._widths = {
            column: max(
                metrics.horizontalAdvance(text) for text in (widest, self.members.headerData(column, across))
            )
            + spaced(28)
            for column, widest in _WIDEST
        }
        for column, width in self._widths.items():
            header.resizeSection(column, width)
        self._leave_room_for_names()

    def _leave_room_for_names(self) -> None:
        """Hide the columns for which a narrow pane has no room, those first that matter least."""
        room = self.viewport().width() - _LEAST_NAME * self.fontMetrics().averageCharWidth()
        for column in _BY_WEIGHT:
            room -= self._widths[column]
            self.setColumnHidden(column, room < 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._leave_room_for_names()

    def show_archive(self, loaded: LoadedArchive) -> None:
        """Show the members of another archive, and choose the first."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.members.show_archive(loaded)
        row = self.members.row_of(self.members.first_member)
        if row >= 0:
            self.setCurrentIndex(self.members.index(row, NAME))

    @property
    def row_height(self) -> int:
        return self.verticalHeader().defaultSectionSize()

    def height_of(self, rows: int) -> int:
        """Return how high the tree with its titles has to be for so many rows."""
        return self.horizontalHeader().sizeHint().height() + rows * self.row_height

    def show_folder_of_current(self) -> None:
        """Bring the chosen row into sight, and the row of its folder if there is room for both."""
        row = self.currentIndex().row()
        if row < 0:
            return
        above = self.members.folder_of(self.members.entry(row))
        if above >= 0:
            self.scrollTo(self.members.index(self.members.row_of(above), NAME))
        self.scrollTo(self.currentIndex())

    def _on_row_changed(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self.members.entry(current.row()))

    def _toggle(self, row: int) -> None:
        self.members.set_open(row, not self.members.is_open(self.members.entry(row)))

    def arrow_rect(self, index: QModelIndex | QPersistentModelIndex, cell: QRect) -> QRect:
        """Return where the arrow of a folder is in its cell."""
        side = self.fontMetrics().height()
        left = cell.left() + _GAP + side * self.members.depth(self.members.entry(index.row()))
        return QRect(left, cell.top() + (cell.height() - side) // 2, side, side)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = event.position().toPoint()
        index = self.indexAt(spot)
        is_name = index.isValid() and index.column() == NAME
        if (
            is_name
            and self.members.is_folder(self.members.entry(index.row()))
            and self.arrow_rect(index, self.visualRect(index)).contains(spot)
        ):
            self._toggle(index.row())
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (_Keys.Key_Backspace, _Keys.Key_Space):
            event.ignore()  # no text to search for, but ways back
            return
        row = self.currentIndex().row()
        if row < 0 or event.key() not in (_Keys.Key_Left, _Keys.Key_Right, _Keys.Key_Return, _Keys.Key_Enter):
            super().keyPressEvent(event)
            keep_arrows(event)
            return
        entry = self.members.entry(row)
        is_folder, is_open = self.members.is_folder(entry), self.members.is_open(entry)
        if event.key() == _Keys.Key_Left and not (is_folder and is_open):
            above = self.members.folder_of(entry)
            if above >= 0:
                self.setCurrentIndex(self.members.index(self.members.row_of(above), NAME))
        elif event.key() == _Keys.Key_Right and is_folder and is_open:
            super().keyPressEvent(QKeyEvent(event.type(), _Keys.Key_Down, event.modifiers()))
        elif is_folder:
            self._toggle(row)
        elif event.key() != _Keys.Key_Left:
            self.entered.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.members.is_filtered and not self.members.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(Style.theme.colour("quiet"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect(), flags, _(NO_MATCH))


class _Cells(QStyledItemDelegate):
    """Paints a cell without a style, as those of other tables."""

    def __init__(self, members: ArchiveTree, tree: MemberTree) -> None:
        super().__init__(tree)
        self._members = members
        self._tree = tree

    def paint(self, painter: QPainter, option: Any, index: QModelIndex | QPersistentModelIndex) -> None:
        theme, rect, column = Style.theme, option.rect, index.column()
        entry = self._members.entry(index.row())
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        room = rect.adjusted(spaced(_PADDING), 0, -spaced(_PADDING), 0)
        if column == NAME:
            arrow = self._tree.arrow_rect(index, rect)
            if self._members.is_folder(entry):
                _paint_arrow(painter, arrow, is_down=self._members.is_open(entry))
            side = arrow.width()
            picture = arrow.translated(side, 0)
            self._members.icon(entry).paint(painter, picture)
            room.setLeft(picture.right() + 2 * _GAP)
        text = self._members.text(entry, column)
        text = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
        align = Qt.AlignmentFlag.AlignRight if column in (SIZE, PACKED) else Qt.AlignmentFlag.AlignLeft
        painter.setFont(option.font)
        painter.setPen(theme.colour("text" if column == NAME else "quiet"))
        painter.drawText(room, int(align | Qt.AlignmentFlag.AlignVCenter), text)


def _paint_arrow(painter: QPainter, box: QRect, *, is_down: bool) -> None:
    middle, reach = QPointF(box.center()), box.width() / 4
    tips = ((-1, -0.5), (1, -0.5), (0, 0.7)) if is_down else ((-0.5, -1), (0.7, 0), (-0.5, 1))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Style.theme.colour("quiet"))
    painter.drawPolygon(QPolygonF([middle + QPointF(x * reach, y * reach) for x, y in tips]))
    painter.restore()


def _icon(name: str) -> QIcon:
    return icon(name, "caution" if name == "warning" else "quiet")
