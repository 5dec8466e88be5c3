"""Tells which serial numbers are missing between those of a tray, and offers to add them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal

from itkgui.language import _
from itkgui.records.serial_row import gap_text, missing_between
from itkgui.views.widgets.notice_bar import NoticeBar

_NAMED = 6  # gaps


class MissingBar(NoticeBar):
    """Hidden while none is missing."""

    wanted = Signal(object)  # list of serial numbers

    def __init__(self) -> None:
        super().__init__(_("Add them"))
        self._missing: list[str] = []
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
        named = ", ".join(map(gap_text, gaps[:_NAMED])) + ("…" if len(gaps) > _NAMED else "")
        self.say(_("Missing in the row of serial numbers") if gaps else "", named)
