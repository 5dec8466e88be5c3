"""Where somebody is asked to save something: in the folder of before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from itkgui.views.save_dialog import SaveDialog


def test_begins_in_the_folder_last_saved_to(qtbot: QtBot, tmp_path: Path) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    folder, other = tmp_path / "first", tmp_path / "second"
    folder.mkdir()
    other.mkdir()
    dialog = SaveDialog(page, "Save", "a.txt")
    assert dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    dialog.setDirectory(str(folder))
    dialog.accept()
    again = SaveDialog(page, "Save", "b.txt")
    assert Path(again.directory().absolutePath()) == folder
    assert again.selectedFiles() == [str(folder / "b.txt")]
    into = SaveDialog(page, "Save in")
    assert Path(into.directory().absolutePath()) == folder
    into.fileSelected.emit(str(other))
    other.rmdir()
    assert Path(SaveDialog(page, "Save", "c.txt").directory().absolutePath()) != other, "it is gone"
