"""The family of a component as a tree for a view: what it is part of above, what is in it below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt

from itkgui.item_models.plain_text import plain_hint, shown_text
from itkgui.item_models.record_table import Column
from itkgui.item_models.result_table import value_text
from itkgui.language import N_, _
from itkgui.records.component import Component, ComponentSummary
from itkgui.records.family import FamilyNode, children_of, parents_of
from itkgui.records.people import Reference

Index = QModelIndex | QPersistentModelIndex
TITLES = (N_("Component"), N_("Type"), N_("Stage"), N_("State and marks"), N_("Position"))
POSITION = 4
# Qt lays out all rows of an opened part at once: 10,000 of them would hold up the window.
BUNDLE = 200
_NOWHERE = QModelIndex()


@dataclass(eq=False)
class Item:
    """A row: a part or slot (``node``), or a heading above some of them.

    ``children`` is None until the rows below are made; ``is_unknown`` if the server did not have the part.
    """

    number: int
    parent: Item | None
    row: int
    node: FamilyNode | None = None
    title: str = ""
    is_self: bool = False
    is_upward: bool = False
    is_unknown: bool = False
    children: list[Item] | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """What finds this row again in another tree of the same component."""
        place = self.title or f"{self.node.slot.id if self.node else ''} {self.node.key if self.node else ''}"
        return (*(self.parent.path if self.parent else ()), place)

    @property
    def wants_loading(self) -> bool:
        return self.node is not None and self.node.can_load and not self.is_unknown


@dataclass(frozen=True)
class FamilyRow:
    """A row as files get it; ``level`` is below 0 for what the component is part of, 0 for the component."""

    level: int
    texts: tuple[str, ...]


def _text_column(place: int) -> Column[FamilyRow]:
    return Column(TITLES[place], lambda row: row.texts[place])


FAMILY_COLUMNS: tuple[Column[FamilyRow], ...] = (
    Column(N_("Level"), lambda row: str(row.level), export=lambda row: row.level),
    *map(_text_column, range(len(TITLES))),
)


class ComponentTree(QAbstractItemModel):
    """Rows are made when a part is opened, and its owner loads those in sight with ``take``.

    Touched by the GUI thread only.
    """

    def __init__(self) -> None:
        super().__init__()
        self._items: list[Item] = []
        self._top: list[Item] = []
        self.component: Component | None = None

    # Contents ----------------------------------------------------------------------------------------------

    def show_component(self, component: Component) -> None:
        """Begin a new tree: what the component is part of, and the component with what is in it."""
        self.beginResetModel()
        self.component = component
        self._items, self._top = [], []
        parents = [node for node in parents_of(component) if not node.is_empty]
        if parents:
            above = self._add(None, self._top, title=_("Part of"), is_upward=True)
            self._fill(above, parents)
        itself = self._add(None, self._top, title=component.label or _("This component"), is_self=True)
        self._fill(itself, children_of(component))
        self.endResetModel()

    def take(self, items: Sequence[Item], nodes: Iterable[FamilyNode]) -> None:
        """Show what was loaded for some rows, in their order; one that is still not loaded is unknown."""
        for item, node in zip(items, nodes, strict=True):
            item.node = node
            item.is_unknown = node.can_load
            first, last = (self._index(item, column) for column in (0, len(TITLES) - 1))
            below = self._below(item)
            if below and item.children is None:
                self.beginInsertRows(first, 0, self._rows_for(len(below)) - 1)
                self._fill(item, below)
                self.endInsertRows()
            self.dataChanged.emit(first, last)

    def _below(self, item: Item) -> tuple[FamilyNode, ...]:
        if item.node is None:
            return ()
        if item.is_upward:
            return tuple(node for node in item.node.parents if not node.is_empty)
        return item.node.children

    @staticmethod
    def _rows_for(count: int) -> int:
        return count if count <= BUNDLE else -(-count // BUNDLE)

    def _fill(self, item: Item, nodes: Sequence[FamilyNode]) -> None:
        """Make the rows below one; many in bundles, which open one by one."""
        children: list[Item] = []
        item.children = children
        if len(nodes) <= BUNDLE:
            for node in nodes:
                self._add(item, children, node=node, is_upward=item.is_upward)
            return
        for first in range(0, len(nodes), BUNDLE):
            part = nodes[first : first + BUNDLE]
            title = _("Slots {first:,} to {last:,}").format(first=first + 1, last=first + len(part))
            bundle = self._add(item, children, title=title, is_upward=item.is_upward)
            self._fill(bundle, part)

    def _add(self, parent: Item | None, into: list[Item], **fields: Any) -> Item:
        item = Item(len(self._items), parent, len(into), **fields)
        self._items.append(item)
        into.append(item)
        return item

    @property
    def tells_positions(self) -> bool:
        """Whether any row made so far has a position."""
        return any(item.node is not None and item.node.slot.properties for item in self._items)

    def rows(self) -> list[FamilyRow]:
        """Return all rows made so far, from top to bottom, without headings."""
        return [row for item in self._top for row in self._rows_from(item, 0)]

    def _rows_from(self, item: Item, level: int) -> Iterator[FamilyRow]:
        is_heading = item.node is None and not item.is_self
        below = level
        if not is_heading:
            yield FamilyRow(level, tuple(self._text(item, column) for column in range(len(TITLES))))
            below += -1 if item.is_upward else 1
        elif item.is_upward and item.parent is None:
            below = -1
        for child in item.children or ():
            yield from self._rows_from(child, below)

    # Finding -----------------------------------------------------------------------------------------------

    def item(self, index: Index) -> Item:
        return self._items[index.internalId()]

    def index_of(self, path: tuple[str, ...]) -> QModelIndex:
        """Return the row that a path leads to; an invalid index if there is none, or not yet."""
        level, found = self._top, None
        for depth in range(len(path)):
            found = next((item for item in level if item.path == path[: depth + 1]), None)
            if found is None:
                return QModelIndex()
            level = found.children or []
        return self._index(found) if found else QModelIndex()

    def itself(self) -> QModelIndex:
        """Return the row of the component whose family this is."""
        return self._index(self._top[-1]) if self._top else QModelIndex()

    def above(self) -> QModelIndex:
        """Return the heading of what the component is part of; an invalid index if it is part of nothing."""
        return self._index(self._top[0]) if len(self._top) > 1 else QModelIndex()

    def _index(self, item: Item, column: int = 0) -> QModelIndex:
        return self.createIndex(item.row, column, item.number)

    # What Qt asks ------------------------------------------------------------------------------------------

    def _children(self, parent: Index) -> list[Item]:
        if not parent.isValid():
            return self._top
        return self.item(parent).children or []

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.column() > 0 else len(self._children(parent))

    def columnCount(self, _parent: Index = _NOWHERE) -> int:
        return len(TITLES)

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        children = self._children(parent)
        in_range = 0 <= row < len(children) and 0 <= column < len(TITLES)
        return self._index(children[row], column) if in_range else QModelIndex()

    def parent(self, index: Index = _NOWHERE) -> Any:  # Qt has a second one, that of every QObject
        above = self.item(index).parent if index.isValid() else None
        return self._index(above) if above is not None else QModelIndex()

    def hasChildren(self, parent: Index = _NOWHERE) -> bool:
        if not parent.isValid():
            return bool(self._top)
        item = self.item(parent)
        return bool(item.children) or item.wants_loading

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(TITLES[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return shown_text(self._text(self.item(index), index.column()))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_hint(self._text(self.item(index), index.column()))
        return None

    def _text(self, item: Item, column: int) -> str:
        if item.is_self and self.component is not None:
            return _component_text(self.component, column)
        if item.node is None:
            return item.title if column == 0 else ""
        return _node_text(item.node, column, is_unknown=item.is_unknown)


def _node_text(node: FamilyNode, column: int, *, is_unknown: bool) -> str:
    slot, part = node.slot, node.component or node.slot.component
    if column == POSITION:
        return ", ".join(f"{item.label} {value_text(item.value)}" for item in slot.properties)
    kinds = _kinds(slot.component_type, slot.type)
    if part is None:
        return (_("empty slot"), kinds, "", "")[column]
    if column == 0 and node.is_repeated:
        return _("{name} (stands above itself)").format(name=part.label)
    if column == 3 and is_unknown:
        return _("not found on the server")
    if column == 2 and node.can_load and not is_unknown:
        return part.stage.label or "…"
    return _component_text(part, column) or (kinds if column == 1 else "")


def _component_text(part: ComponentSummary, column: int) -> str:
    if column == 0:
        return part.label or _("without a name")
    if column == 1:
        return _kinds(part.component_type, part.type)
    if column == 2:
        return part.stage.label
    return ", ".join(filter(None, (part.state_word, *map(_, part.flags)))) if column == 3 else ""


def _kinds(component_type: Reference, kind: Reference) -> str:
    return " · ".join(filter(None, (component_type.label, kind.label)))
