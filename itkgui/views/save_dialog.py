"""Asks where to save something, beginning where something was saved last."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


class SaveDialog(QFileDialog):
    """Begins in the folder that was chosen last in any of them since the program was started.

    Asks itself before it replaces a file; deletes itself when it is closed.
    """

    _folder: Path | None = None

    def __init__(self, parent: QWidget, title: str, name: str = "") -> None:
        """Without a ``name`` for a file, a folder is asked for."""
        super().__init__(parent, title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        folder = SaveDialog._folder
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
        SaveDialog._folder = Path(chosen).parent if self._is_for_file else Path(chosen)
