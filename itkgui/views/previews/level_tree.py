"""A tree whose keys never scroll the names away, or choose another file."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeView

from itkgui.views.previews.kept_arrows import keep_arrows


class LevelTree(QTreeView):
    """Right opens a level or goes into it, and Left back; where there is none they do nothing."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex().siblingAtColumn(0)
        is_leaf = event.key() == Qt.Key.Key_Right and not self.model().hasChildren(index)
        is_top = event.key() == Qt.Key.Key_Left and not (index.parent().isValid() or self.isExpanded(index))
        if not index.isValid() or not (is_leaf or is_top):
            super().keyPressEvent(event)
            keep_arrows(event)
