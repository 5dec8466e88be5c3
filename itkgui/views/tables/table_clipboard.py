"""Copies rows to the clipboard, as text and as a table, so that a spreadsheet takes them by pasting."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import QMimeData, QObject, QStringListModel, Signal
from PySide6.QtGui import QGuiApplication

from itkgui.item_models.record_table import AT_ONCE
from itkgui.item_models.slices import Slices
from itkgui.item_models.table_export import Extract, html_pieces, pasted_pieces

_TURN_MS = 5.0


class TableClipboard(QObject):
    """Few rows are copied at once, many between other events; a newer copy replaces one that is under way."""

    copied = Signal(int)  # rows

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._slices = Slices(self, budget=_TURN_MS)

    def copy(self, extract: Extract) -> None:
        """Copy rows with their titles; without a row nothing is copied, and what was there stays."""
        self._slices.stop()
        count = len(extract.records)
        if count:
            self._slices.start(_texts(extract), lambda texts: self._put(texts, count))
            if count < AT_ONCE:
                self._slices.finish()

    def _put(self, texts: tuple[str, str], count: int) -> None:
        text, table = texts
        data = _mime_data()
        data.setText(text)
        if table:
            data.setHtml(table)
        QGuiApplication.clipboard().setMimeData(data)
        self.copied.emit(count)


def _texts(extract: Extract) -> Generator[None, None, tuple[str, str]]:
    text, table = [], []
    for piece in pasted_pieces(extract):
        text.append(piece)
        yield
    if len(extract.records) < AT_ONCE:  # more would take long to paste; the text will do
        for piece in html_pieces(extract):
            table.append(piece)
            yield
    return _whole("".join(text)), _whole("".join(table))


def _mime_data() -> QMimeData:
    """Return an object that Qt has made: the clipboard outlives Python, which could not destroy its own."""
    model = QStringListModel([""])
    data = model.mimeData([model.index(0)])
    data.clear()
    return data


def _whole(text: str) -> str:
    """Return a text without half characters, which JSON can hold and the clipboard cannot."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
