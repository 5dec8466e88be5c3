"""Tells which serial numbers are missing between those of a tray, and offers to add them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent

from itkgui.language import _
from itkgui.records.serial_row import gap_text, missing_between
from itkgui.views.widgets.notice_bar import NoticeBar

_LEAST_NAMED, _MOST_NAMED = 2, 6  # gaps
_LETTERS = 17  # of the bar's width for each gap that is named, which takes about two lines


class MissingBar(NoticeBar):
    """Hidden while none is missing. Where it is narrow, or text is large, it names fewer of the gaps."""

    wanted = Signal(object)  # list of serial numbers

    def __init__(self) -> None:
        super().__init__(_("Add them"))
        self._missing: list[str] = []
        self._gaps: list[str] = []
        self._labels: tuple[str, ...] = ()
        self.helped.connect(lambda: self.wanted.emit(self._missing))

    def look_between(self, labels: Iterable[str]) -> None:
        """Tell what is missing between these."""
        labels = tuple(labels)
        if labels == self._labels:
            return
        self._labels = labels
        gaps = missing_between(labels)
        self._missing = [serial for gap in gaps for serial in gap]
        self._gaps = list(map(gap_text, gaps))
        self.say(_("Missing in the row of serial numbers") if gaps else "", self._named)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.words.setText(self._named)

    @property
    def _named(self) -> str:
        room = self.width() // (_LETTERS * self.fontMetrics().averageCharWidth())
        count = max(_LEAST_NAMED, min(room, _MOST_NAMED))
        return ", ".join(self._gaps[:count]) + ("…" if len(self._gaps) > count else "")
