"""Lays widgets out in a row, and in as many more as a narrow window or large text needs."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Left to right, then the next row; each row as high as its highest widget, which stand in the middle."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Return the height that the rows take; place the widgets if ``move``."""
        margins = self.contentsMargins()
        inside = rect.marginsRemoved(margins)
        top, rows = inside.top(), self._rows(inside.width())
        for row in rows:
            height = max(item.sizeHint().height() for item in row)
            left = inside.left()
            for item in row:
                size = item.sizeHint()
                if move:
                    place = QPoint(left, top + (height - size.height()) // 2)
                    item.setGeometry(QRect(place, QSize(min(size.width(), inside.width()), size.height())))
                left += size.width() + self.spacing()
            top += height + self.spacing()
        spacing = self.spacing() if rows else 0
        return top - spacing - rect.top() + margins.bottom()

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        left = 0
        for item in self._items:
            if item.isEmpty():  # hidden
                continue
            needed = item.sizeHint().width()
            if not rows or left + needed > width:
                rows.append([])
                left = 0
            rows[-1].append(item)
            left += needed + self.spacing()
        return rows
