"""Keeps how the user shared the room between two panes, and shares it like that the next time."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QSplitter

from itkgui.views.context.memory import Memory

_VERSION = 1
_LEAST, _WHOLE = 0.05, 10_000


class SplitMemory(QObject):
    """Belongs to a splitter of two panes, side by side or above each other: there is a share for each way."""

    def __init__(self, splitter: QSplitter, memory: Memory, kind: str) -> None:
        super().__init__(splitter)
        self._memory, self._key = memory, f"split/{kind}"
        splitter.splitterMoved.connect(self._on_moved)
        self.restore()

    def restore(self) -> None:
        """Share the room as it was kept, if it was."""
        share = self.share
        if share is not None:
            self._splitter.setSizes([round(share * _WHOLE), round((1 - share) * _WHOLE)])

    @property
    def share(self) -> float | None:
        """The first pane's part of the room, from 0.05 to 0.95; None if the user never moved the border."""
        share = self._kept.get(self._way)
        if not isinstance(share, int | float) or isinstance(share, bool):
            return None
        return min(max(float(share), _LEAST), 1 - _LEAST)

    @property
    def _splitter(self) -> QSplitter:
        return cast(QSplitter, self.parent())  # not kept, for the same reason as in ColumnLayout

    @property
    def _kept(self) -> dict[str, Any]:
        kept = self._memory.get(self._key, _VERSION)
        return kept if isinstance(kept, dict) else {}

    @property
    def _way(self) -> str:
        return "beside" if self._splitter.orientation() is Qt.Orientation.Horizontal else "above"

    def _on_moved(self) -> None:
        first, *others = self._splitter.sizes()
        if first and any(others):
            share = round(first / (first + sum(others)), 4)
            self._memory.put(self._key, _VERSION, self._kept | {self._way: share})
