"""The family of a component: what it is part of, and what is in it, loaded as the tree is opened."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QMouseEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from itkgui.item_models.component_tree import FAMILY_COLUMNS, POSITION, ComponentTree, FamilyRow, Item
from itkgui.item_models.record_table import RecordTable
from itkgui.language import _
from itkgui.records.component import Component
from itkgui.views.context.memory import Memory
from itkgui.views.context.view_context import ViewContext
from itkgui.views.context.view_task import ViewTask
from itkgui.views.style import Style, mono_font, set_role
from itkgui.views.tables.export_button import ExportButton
from itkgui.views.tables.record_view import RecordView
from itkgui.views.widgets.loading_pane import LoadingPane, LoadingWords

_SOON_MS = 30  # what comes into sight within this time is asked for together
_WIDTHS = (24.0, 34.0, 19.0, 20.0)  # digits; the last column takes what is left
_LEAST, _MOST = 4.0, 300.0  # digits; what a column may be wide
_KEY, _VERSION = "tree/family", 1
_FOCUS = QStyle.StateFlag.State_HasFocus


class FamilyView(QWidget):
    """Enter or a double click opens a part; the rows in sight are loaded, a whole level in few requests."""

    component_requested = Signal(str)  # code

    def __init__(self, context: ViewContext) -> None:
        super().__init__()
        self._context = context
        self._component: Component | None = None
        self._to_open: set[tuple[str, ...]] = set()  # rows that were open before the tree was made anew
        self._to_choose: tuple[str, ...] = ()
        self._place = 0
        self.tree = ComponentTree()
        self.view = FamilyTree(self.tree)
        self.view.remember(context.memory)
        self.view.item_opened.connect(self._on_opened)
        words = LoadingWords(
            _("Loading the family…"),
            _("Loading the family was stopped."),
            _("The family could not be loaded."),
        )
        self.pane = LoadingPane(self.view, "component", words, self._load)
        self._level = ViewTask(self, self.pane.trouble.show_error)
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(_SOON_MS)
        self._looking.timeout.connect(self._look)
        self.view.sight_changed.connect(self._looking.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._above = QHBoxLayout()
        self._above.addStretch()
        layout.addLayout(self._above)
        layout.addWidget(self.pane, 1)
        self.export_button: ExportButton | None = None  # made for the first family: most pages show none

    def show_component(self, component: Component) -> None:
        """Show a family, as soon as somebody looks; rows that were open and chosen stay so."""
        self._component = component
        self.pane.reload()

    def cancel(self) -> None:
        self._looking.stop()
        self._level.cancel()

    @property
    def is_loading(self) -> bool:
        return self._looking.isActive() or self._level.is_running

    async def _load(self) -> None:
        component = self._component
        if component is None:
            return
        is_same = self.tree.component is not None and self.tree.component.key == component.key
        self._to_open = self.view.open_paths() if is_same else set()
        current = self.view.currentIndex()
        self._to_choose = self.tree.item(current).path if is_same and current.isValid() else ()
        self._place = self.view.verticalScrollBar().value() if is_same else 0
        self._level.cancel()
        self.tree.show_component(component)
        if not component.children and not self.tree.above().isValid():
            self.pane.show_nothing(
                _("No family."), _("It is not part of an assembly, and there is no slot in it.")
            )
            return
        self.pane.show_content()
        self._offer_export(component)
        if not is_same:
            for index in (self.tree.above(), self.tree.itself()):
                self.view.expand(index)
            self.view.setCurrentIndex(self.tree.itself())
        self._restore()
        self._looking.start()

    def _offer_export(self, component: Component) -> None:
        if self.export_button is None:
            table: RecordTable[FamilyRow] = RecordTable(FAMILY_COLUMNS)
            rows = RecordView(table, _("Family"), self)  # never shown: files take rows from a table
            rows.hide()
            self.export_button = ExportButton(rows, "family", self._context)
            self.export_button.setToolTip(_("What is loaded: what was opened, and came into sight"))
            self.export_button.pressed.connect(lambda: table.replace(self.tree.rows()))
            self._above.setContentsMargins(12, 8, 12, 8)
            self._above.addWidget(self.export_button)
        self.export_button.name = f"family-{component.label}"

    def _look(self) -> None:
        """Load what came into sight, unless that is under way: then look again afterwards."""
        if self._level.is_running or not self.isVisible():
            return
        items = [item for item in self.view.items_in_sight() if item.wants_loading]
        if items:
            self._level.start(self._load_level(items))

    async def _load_level(self, items: list[Item]) -> None:
        nodes = [item.node for item in items if item.node is not None]
        loaded = await self._context.worker.call(self._context.database.load_family, nodes)
        self.pane.trouble.hide()
        self.tree.take(items, loaded)
        self._restore()
        self._looking.start()

    def _restore(self) -> None:
        """Open and choose again what was before, as far as it is there."""
        self.view.show_positions(self.tree.tells_positions)
        if not self._to_open and not self._to_choose:
            return
        for path in sorted(self._to_open, key=len):
            index = self.tree.index_of(path)
            if index.isValid() and self.tree.rowCount(index):
                self.view.expand(index)
                self._to_open.discard(path)
        index = self.tree.index_of(self._to_choose)
        if index.isValid():
            self.view.setCurrentIndex(index)
            self._to_choose = ()
        self.view.doItemsLayout()  # or the scroll bar would not know yet how far it may go
        self.view.verticalScrollBar().setValue(self._place)

    def _on_opened(self, item: Item) -> None:
        if item.is_self:
            self._context.messages.notify(_("This is the component you are looking at."))
        elif item.node is None:
            return
        elif item.node.is_empty:
            self._context.messages.notify(_("Nothing is in this slot."))
        else:
            self.component_requested.emit(item.node.key)


class FamilyTree(QTreeView):
    """The tree on the screen; tells when other rows came into sight."""

    item_opened = Signal(object)  # Item
    sight_changed = Signal()

    def __init__(self, tree: ComponentTree) -> None:
        super().__init__()
        self._tree = tree
        self.setModel(tree)
        self.setAccessibleName(_("Family"))
        set_role(self, "family")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        for set_mode in (self.setVerticalScrollMode, self.setHorizontalScrollMode):
            set_mode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_FamilyDelegate(tree, self))
        header = self.header()
        header.setStretchLastSection(True)
        header.setSectionsMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._widths = list(_WIDTHS)
        self._memory: Memory | None = None
        self._is_arranging = False
        self._arrange()
        header.sectionResized.connect(self._on_resized)
        self.expanded.connect(self.sight_changed)
        self.collapsed.connect(self.sight_changed)
        self.verticalScrollBar().valueChanged.connect(self.sight_changed)

    # Columns ------------------------------------------------------------------------------------------------

    def remember(self, memory: Memory) -> None:
        """Make the columns as wide as the user left them, and keep what changes from now."""
        kept = memory.get(_KEY, _VERSION)
        if isinstance(kept, list) and len(kept) == len(_WIDTHS):
            self._widths = [
                min(max(float(width), _LEAST), _MOST) if isinstance(width, int | float) else usual
                for width, usual in zip(kept, _WIDTHS, strict=True)
            ]
            self._arrange()
        self._memory = memory

    def _arrange(self) -> None:
        self._is_arranging = True
        for column, digits in enumerate(self._widths):
            self.setColumnWidth(column, round(digits * self._digit))
        self._is_arranging = False

    def show_positions(self, shown: bool) -> None:
        """Show the last column, or give its room to the one before."""
        if shown is self.isColumnHidden(POSITION):
            self._is_arranging = True
            self.setColumnHidden(POSITION, not shown)
            self._arrange()

    @property
    def _digit(self) -> int:
        return self.fontMetrics().horizontalAdvance("0")

    def _on_resized(self, column: int, _before: int, after: int) -> None:
        is_last = column == POSITION or (column == POSITION - 1 and self.isColumnHidden(POSITION))
        if self._memory is None or self._is_arranging or is_last:
            return
        self._widths[column] = after / self._digit
        self._memory.put(_KEY, _VERSION, list(self._widths))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            QTimer.singleShot(0, self, self._arrange)

    # Rows ---------------------------------------------------------------------------------------------------

    def items_in_sight(self) -> list[Item]:
        """Return the rows on the screen, from top to bottom."""
        found = []
        index, end = self.indexAt(QPoint(0, 0)), self.viewport().height()
        while index.isValid() and self.visualRect(index).top() < end:
            found.append(self._tree.item(index))
            index = self.indexBelow(index)
        return found

    def open_paths(self) -> set[tuple[str, ...]]:
        """Return where the tree is open."""
        found = set()
        waiting = [self._tree.index(row, 0) for row in range(self._tree.rowCount())]
        while waiting:
            index = waiting.pop()
            if self.isExpanded(index):
                found.add(self._tree.item(index).path)
                rows = range(self._tree.rowCount(index))
                waiting += (self._tree.index(row, 0, index) for row in rows)
        return found

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.item_opened.emit(self._tree.item(self.currentIndex()))
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid():
            self.item_opened.emit(self._tree.item(index))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sight_changed.emit()


class _FamilyDelegate(QStyledItemDelegate):
    """Names in a typeface that tells 0 from O, empty slots and headings quiet, the component itself bold.

    Where the keys go on from is framed as in the tables.
    """

    def __init__(self, tree: ComponentTree, parent: QWidget) -> None:
        super().__init__(parent)
        self._tree = tree

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        style: Any = option  # the stubs leave the option's fields out
        if style.state & _FOCUS:
            painter.setPen(Style.theme.colour("accent"))
            painter.drawRect(style.rect.adjusted(0, 0, -1, -1))

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        style: Any = option
        style.state &= ~_FOCUS  # or Qt would shade the whole cell
        item = self._tree.item(index)
        if index.column() == 0 and (item.is_self or (item.node is not None and not item.node.is_empty)):
            style.font = mono_font(bold=item.is_self)
        elif item.node is None and index.column() == 0:
            style.font.setWeight(QFont.Weight.DemiBold)
        is_quiet = item.node is not None and (item.node.is_empty or item.node.is_repeated or item.is_unknown)
        if is_quiet:
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                style.palette.setColor(role, Style.theme.colour("quiet"))
