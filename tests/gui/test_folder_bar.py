"""The watched folder: what instruments put there is offered, reviewed once, and never sent by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

from itkgui.views.commands import run_by_name
from itkgui.views.folder_bar import FolderBar
from tests.gui.person import Person
from tests.gui.reviewing import until_copied

PIXEL = "20UPGM23800001"


def bar_of(person: Person) -> FolderBar:
    return person.workspace.folder_bar


def told(person: Person, names: list[str]) -> None:
    """Wait until just these files are offered: until they have been the same for two seconds."""
    person.until(lambda: [file.path.name for file in bar_of(person).files] == names, f"{names} to be offered")


def test_new_files_are_offered_once_and_reviewed(person: Person, tmp_path: Path) -> None:
    folder, bar = tmp_path / "probe", bar_of(person)
    folder.mkdir()
    (folder / "before.txt").write_text("seen long ago")
    person.program.preferences.put("watched_folder", folder)
    person.until(lambda: bar.is_watching, "the first look")
    for name in ("iv-1.txt", "iv-2.txt"):
        (folder / name).write_text(f"volts of {name}")
    told(person, ["iv-1.txt", "iv-2.txt"])
    assert bar.title.text() == f"2 new files in {folder}"
    assert "Open the component they are for" in bar.words.text()
    assert not bar.help_button.isEnabled()
    assert not run_by_name(person.window, "add-new-files")
    component = person.scan(PIXEL)
    person.until(bar.help_button.isEnabled, "the component to be offered")
    assert bar.help_button.text() == f"Add to {PIXEL}"
    person.click(bar.later_button)
    assert bar.isHidden()
    assert run_by_name(person.window, "add-new-files")  # put off, and at hand still
    until_copied(person)
    assert sorted(row.name for row in person.sheet.rows) == ["iv-1.txt", "iv-2.txt"]
    assert not person.uploads
    person.click(person.sheet.cancel_button)
    person.until(lambda: not component.is_reviewing, "the sheet to go")
    assert not bar.files

    # At the next sign-in only what came meanwhile is new.
    (folder / "iv-3.txt").write_text("more volts")
    person.workspace.sign_out_requested.emit()
    person.until(lambda: person.window.workspace is None, "the end of the session")
    person.until(person.login.sign_in_button.isEnabled, "the sign-in page")
    person.login.refill()
    person.sign_in()
    told(person, ["iv-3.txt"])
    bar = bar_of(person)
    person.click(bar.forget_button)
    assert not bar.files
    assert bar.isHidden()

    # A folder that goes is told of, and watched again when it is back.
    shutil.rmtree(folder)
    person.until(lambda: "is not there" in bar.title.text(), "the loss to be told")
    assert bar.close_button.isVisible()
    assert not bar.help_button.isVisible()
    folder.mkdir()
    person.until(bar.isHidden, "the folder to be back")
    person.program.preferences.reset("watched_folder")
    assert not bar.is_watching
