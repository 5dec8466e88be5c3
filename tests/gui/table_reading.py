"""Somebody who reads one table after another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from itkgui.client.files import open_file
from itkgui.views.previews.preview_content import PreviewContent
from itkgui.views.previews.table import TablePreview
from tests.gui.previewing import Viewer

ROWS = 20_000
LONG = "# made up\nn,value [V],chip\n" + "".join(
    f"{n},{(n * 7919) % ROWS / 8},FE{n % 4}\n" for n in range(ROWS)
)


class TableReader:
    """Shows tables and waits until their rows are known."""

    def __init__(self, viewer: Viewer) -> None:
        self.qtbot, self.folder = viewer.qtbot, viewer.folder
        self.content: PreviewContent = viewer.content
        self._viewer = viewer

    @property
    def preview(self) -> TablePreview:
        found = self.content.currentWidget()
        assert isinstance(found, TablePreview)
        return found

    def until(self, condition: Callable[[], object]) -> None:
        self._viewer.until(condition)

    def look_at(self, text: str | bytes, name: str = "a.csv", kind: str = "table") -> None:
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        self.content.show_file(open_file(path, name))
        self.until(lambda: self.content.shown_kind == kind)
        if kind == "table":
            self.until(lambda: "counting" not in self.preview.facts.text())

    def cell(self, row: int, column: int) -> str:
        """Return what a cell says, once it is there."""
        table = self.preview.table
        self.until(lambda: table.text(row, column))
        return table.text(row, column)

    def title_hint(self, column: int) -> str:
        header = self.preview.table.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        return str(header)
