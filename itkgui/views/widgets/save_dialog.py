"""Asks for a file or folder: to save something there, or to read it. What is remembered goes at sign-out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QTreeView, QWidget

_COLUMNS = (34, 12, 20, 20)  # characters at least, of name, size, kind and moment, where Qt lists the files


class OpenDialog(QFileDialog):
    """Asks for something that is there; deletes itself when it is closed."""

    _was_used = False  # since the last sign-out
    folder: Path | None = None  # in which something was saved

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent, title)
        OpenDialog._was_used = True
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        for table in self.findChildren(QTreeView):  # none where the system has a dialog of its own
            one = table.fontMetrics().averageCharWidth()
            for column, characters in enumerate(_COLUMNS):
                table.setColumnWidth(column, max(table.columnWidth(column), characters * one))
            needed = table.header().length() + 2 * table.frameWidth() + one
            wide = self.width() + max(0, needed - table.width())
            self.resize(min(wide, self.screen().availableSize().width()), self.height())

    @classmethod
    def forget(cls) -> None:
        """Let the next person not see where the one before was.

        Qt begins where any dialog was last, and keeps that and the folders before in a file of its own.
        """
        OpenDialog.folder = None
        if OpenDialog._was_used:
            OpenDialog._was_used = False
            dialog = QFileDialog()
            dialog.setDirectory(QDir.homePath())
            dialog.setHistory([])
            dialog.deleteLater()  # which keeps that instead


class SaveDialog(OpenDialog):
    """Begins in the folder that was chosen last in any of them since somebody signed in.

    Asks itself before it replaces a file.
    """

    def __init__(self, parent: QWidget, title: str, name: str = "") -> None:
        """Without a ``name`` for a file, a folder is asked for."""
        super().__init__(parent, title)
        folder = OpenDialog.folder
        if folder is not None and folder.is_dir():
            self.setDirectory(str(folder))
        if name:
            self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            self.selectFile(name)
        else:
            self.setFileMode(QFileDialog.FileMode.Directory)
            self.setOption(QFileDialog.Option.ShowDirsOnly)
        self._is_for_file = bool(name)
        self.fileSelected.connect(self._note_folder)

    def _note_folder(self, chosen: str) -> None:
        OpenDialog.folder = Path(chosen).parent if self._is_for_file else Path(chosen)
