"""Where somebody is asked for a file or folder: in the folder of before, until they leave."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDateTime, QSettings
from PySide6.QtWidgets import QApplication, QFileDialog, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from itkgui.views.style import Style
from itkgui.views.widgets.save_dialog import OpenDialog, SaveDialog


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


def test_columns_of_files_can_be_read_at_first_size(qtbot: QtBot, style: Style, tmp_path: Path) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    style.dress(page)
    dialog = OpenDialog(page, "Open")
    dialog.setDirectory(str(tmp_path))
    dialog.show()
    table = dialog.findChild(QTreeView)
    assert isinstance(table, QTreeView)
    for column, text in enumerate(("20UPGM23800001_mass.json", "999.99 KiB", "Markdown document", "")):
        text = text or QDateTime.currentDateTime().toString("dd MM yyyy hh:mm")
        assert table.columnWidth(column) > table.fontMetrics().horizontalAdvance(text) + 8
    dialog.close()


def kept_by_qt() -> str:
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    kept.beginGroup("FileDialog")
    return f"{kept.value('lastVisited')} {kept.value('history')}"


def test_the_next_person_learns_of_no_folder(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    folder = tmp_path / "of_the_first"
    folder.mkdir()
    page = QWidget()
    dialog = OpenDialog(page, "Open")
    dialog.setDirectory(str(folder))
    with qtbot.waitSignal(dialog.destroyed):
        dialog.show()
        dialog.close()
    assert str(folder) in kept_by_qt()
    OpenDialog.forget()
    qtbot.waitUntil(lambda: str(folder) not in kept_by_qt())
    for later in (SaveDialog(page, "Save", "a.txt"), OpenDialog(page, "Open")):
        assert Path(later.directory().absolutePath()) == Path.home()
    page.deleteLater()
