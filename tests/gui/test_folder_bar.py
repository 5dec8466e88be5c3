"""The watched folder: what instruments put there is offered until dealt with, and never sent by itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from itkgui.view_state import COMPUTER_FILE, EVERYBODY, ViewState
from itkgui.views.commands import run_by_name
from itkgui.views.context.memory import Memory
from itkgui.views.context.reviewed_files import ReviewedFiles
from itkgui.views.review.folder_bar import FolderBar
from tests.conftest import settings_for
from tests.end2end.away import answer, codes_of, enter, question
from tests.end2end.network import Network
from tests.gui.person import Person
from tests.gui.reviewing import choose, until_copied
from tests.gui.test_review_results import mass
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"


def bar_of(person: Person) -> FolderBar:
    return person.workspace.folder_bar


def told(person: Person, names: list[str], bar: FolderBar | None = None) -> None:
    """Wait until just these files are offered: until they have been the same for two seconds."""

    def offered() -> list[str]:
        return [file.path.name for file in (bar or bar_of(person)).files]

    person.until(lambda: offered() == names, f"{names} to be offered")


def watch(person: Person, folder: Path) -> FolderBar:
    """Name a folder, and wait until what comes from now on is new."""
    folder.mkdir(exist_ok=True)
    person.program.preferences.put("watched_folder", folder)
    person.until(lambda: bar_of(person).is_watching, "the first look")
    return bar_of(person)


def add(person: Person) -> None:
    """Put under review what is offered."""
    person.click(bar_of(person).help_button)
    until_copied(person)
    assert not bar_of(person).files


def send(person: Person) -> None:
    person.click(person.sheet.send_button)
    person.until(lambda: not person.component.is_reviewing, "it to be sent")


def bar_after_a_kill(person: Person) -> FolderBar:
    """Return the bar of a start that knows nothing but what is on the disk now."""
    context, preferences = person.program.context, person.program.preferences
    assert context is not None
    assert context.site.state.save()
    state = ViewState(person.program.options.paths.config / COMPUTER_FILE, EVERYBODY)
    return FolderBar(Memory(state, context.worker), preferences, ReviewedFiles(), lambda: None)


def test_new_files_are_offered_until_they_are_dealt_with(person: Person, tmp_path: Path) -> None:
    folder, bar = tmp_path / "probe", bar_of(person)
    folder.mkdir()
    (folder / "before.txt").write_text("seen long ago")
    watch(person, folder)
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
    assert not bar.files

    # It is offered again if nobody has dealt with it: after a kill, or when the review is given up.
    after_a_kill = bar_after_a_kill(person)
    told(person, ["iv-1.txt", "iv-2.txt"], after_a_kill)
    after_a_kill.detach()
    person.click(person.sheet.cancel_button)
    told(person, ["iv-1.txt", "iv-2.txt"])
    person.until(bar.isVisible, "the bar, though these were put off before")
    add(person)
    choose(person, "iv-2.txt")
    person.click(person.sheet.form.remove_button)
    person.press(Qt.Key.Key_Escape, person.sheet.view)
    person.until(lambda: not component.is_reviewing, "the sheet to go")
    told(person, ["iv-1.txt"])
    add(person)
    send(person)
    assert bar.isHidden()
    person.until(lambda: person.uploads and not person.has_open_uploads, "the upload")

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


def test_what_was_sent_and_taken_back_is_offered_when_the_review_is_given_up(
    start_program: Callable[..., Person], sandbox: SandboxProcess, tmp_path: Path
) -> None:
    person = start_program(settings_for(sandbox, undo_seconds=60.0))
    person.sign_in()
    component, bar = person.scan(PIXEL), watch(person, tmp_path / "probe")
    (tmp_path / "probe" / "iv.txt").write_text("volts")
    told(person, ["iv.txt"])
    add(person)
    send(person)
    assert not bar.files
    person.until(lambda: component.undo_bar is not None and component.undo_bar.isVisible(), "the bar")
    assert component.undo_bar is not None
    person.click(component.undo_bar.undo_button)
    until_copied(person)
    assert not bar.files
    person.click(person.sheet.cancel_button)
    told(person, ["iv.txt"])


def test_what_another_person_stops_the_review_of_is_offered_to_them(person: Person, tmp_path: Path) -> None:
    person.scan(PIXEL)
    watch(person, tmp_path / "probe")
    (tmp_path / "probe" / "iv.txt").write_text("volts")
    told(person, ["iv.txt"])
    add(person)
    before = person.workspace
    before.strip.change_action.trigger()
    enter(person, person.window.locker.page.card, *codes_of("technician"))
    assert "They are in the watched folder, and offered again." in question(person).informativeText()
    answer(person, "Stop and change person")
    person.until(lambda: person.window.workspace not in (None, before), "the other")
    told(person, ["iv.txt"])


@pytest.mark.logs("Connection lost|Not reached|Server")
def test_what_cannot_be_checked_off_line_is_offered_again_and_checked_once_the_network_is_back(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    component, network = person.scan(PIXEL), Network(sandbox)
    folder = watch(person, tmp_path / "probe")._folder
    (folder / "mass.json").write_text(json.dumps(mass(component)), "utf-8")
    told(person, ["mass.json"])
    network.cut()
    add(person)
    assert person.sheet.rows[0].problem is not None
    person.click(person.sheet.cancel_button)
    told(person, ["mass.json"])
    add(person)
    assert person.sheet.rows[0].problem is not None
    network.mend()
    person.until(person.sheet.send_button.isEnabled, "the check")
    assert person.sheet.rows[0].copy is not None
    person.click(person.sheet.cancel_button)


def test_files_of_several_instruments_go_with_no_results_but_those_of_their_own_folder(
    person: Person, tmp_path: Path
) -> None:
    component, folder = person.scan(PIXEL), tmp_path / "probe"
    watch(person, folder)
    for name in ("scale/photo.txt", "scale/today/note.txt", "visual/note.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"seen by {name}")
    (folder / "scale" / "mass.json").write_text(json.dumps(mass(component)), "utf-8")
    person.until(lambda: len(bar_of(person).files) == 4, "all to be offered")
    add(person)
    person.until(person.sheet.send_button.isEnabled, "the review")
    goes_to_run = {row.path.relative_to(folder).as_posix(): row.goes_to_new for row in person.sheet.rows}
    assert goes_to_run == {
        "scale/mass.json": False,
        "scale/photo.txt": True,
        "scale/today/note.txt": False,
        "visual/note.txt": False,
    }
    person.click(person.sheet.cancel_button)

    # In a folder that somebody drops as a whole, all belongs together.
    person.drop(component, [folder / "scale"])
    until_copied(person)
    person.until(person.sheet.send_button.isEnabled, "the review")
    assert [row.path.name for row in person.sheet.rows if not row.goes_to_new] == ["mass.json"]
    person.click(person.sheet.cancel_button)
