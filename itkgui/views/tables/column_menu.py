"""Choosing columns: the header's menu, which the keyboard reaches too, and a small button for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QHelpEvent
from PySide6.QtWidgets import QHeaderView, QToolButton, QToolTip, QWidget

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.language import _
from itkgui.views.style import set_icon
from itkgui.views.tables.column_layout import ColumnLayout
from itkgui.views.tables.column_presets import add_preset_menu
from itkgui.views.widgets.staying_menu import StayingMenu

if TYPE_CHECKING:
    from itkgui.views.tables.record_view import RecordView

_STEP = 4.0  # digits
_LONGEST = 60  # letters of a title
_UP, _DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class RecordHeader(QHeaderView):
    """The titles of a table: moved and resized by the mouse, cut where there is no room, with a menu."""

    def __init__(self, view: RecordView[Any]) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setSortIndicatorClearable(True)
        self.setSortIndicator(-1, _UP)

    @property
    def _view(self) -> RecordView[Any]:
        return cast("RecordView[Any]", self.parent())  # not kept, for the same reason as in ColumnLayout

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = column_menu(self._view, self.logicalIndexAt(event.pos()), self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            column = self.logicalIndexAt(event.pos())
            if column >= 0:
                is_cut = self.sectionSizeFromContents(column).width() > self.sectionSize(column)
                title = self._view.table.columns[column].title
                QToolTip.showText(event.globalPos(), plain_hint(title) if is_cut else "", self)
                return True
        return super().viewportEvent(event)


class ColumnButton(QToolButton):
    """Opens the menu of the column in which the keyboard stands, with all columns to tick."""

    def __init__(self, view: RecordView[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        set_icon(self, "columns", size=18)
        self.setToolTip(_("Choose columns"))
        self.setAccessibleName(_("Choose the columns of {table}").format(table=view.accessibleName()))
        self.clicked.connect(self.open)

    def open(self) -> None:
        menu = column_menu(self._view, self._view.currentIndex().column(), self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))


def column_menu(view: RecordView[Any], column: int, parent: QWidget) -> StayingMenu:
    """Return a menu of what can be done with a column, if it is one, and with all of them."""
    menu = StayingMenu(parent)
    layout, table = view.layout_of_columns, view.table
    if column in layout.shown:
        menu.setAccessibleName(_("Column {title}").format(title=table.columns[column].title))
        title = _label(table.columns[column].title).replace("&", "&&")
        menu.addAction(_("Sort by {title}").format(title=title), lambda: view.sortByColumn(column, _UP))
        menu.addAction(_("Sort descending"), lambda: view.sortByColumn(column, _DOWN))
        menu.addAction(_("Do not sort"), lambda: view.sortByColumn(-1, _UP))
        menu.addSeparator()
        for text, step in ((_("Move left"), -1), (_("Move right"), 1)):
            place = layout.shown.index(column) + step
            action = menu.addAction(text, partial(layout.move, column, step))
            action.setEnabled(0 <= place < len(layout.shown))
        menu.addAction(_("Wider"), lambda: layout.widen(column, _STEP))
        menu.addAction(_("Narrower"), lambda: layout.widen(column, -_STEP))
        menu.addAction(_("As wide as its texts"), lambda: view.resizeColumnToContents(column))
        menu.addSeparator()
    for place in layout.order:
        if not table.columns[place].title:  # for something that is not wanted yet
            continue
        title = _label(table.columns[place].title)
        shown = f"{title}  ({layout.vacancy})" if layout.is_vacant(place) else title
        tick = menu.add_tick(shown, ticked=layout.is_wanted(place))
        tick.triggered.connect(partial(_on_ticked, layout, place, tick))
    menu.addSeparator()
    if (presets := view.presets) is not None:
        add_preset_menu(menu, presets)
    menu.addAction(_("Reset columns"), layout.reset)
    return menu


def _label(title: str) -> str:
    """Return a title, which may be a server's, as an entry of a menu that fits on the screen."""
    text = shown_text(title)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _on_ticked(layout: ColumnLayout, column: int, tick: QAction) -> None:
    layout.show_column(column, tick.isChecked())
    tick.setChecked(layout.is_wanted(column))  # the last column stays
