"""Signing out while files are being saved, and who may read what a dialog left."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QMessageBox

from itkgui.paths import private_file
from itkgui.views.components.component_view import ATTACHMENTS
from itkgui.views.context.messages import Message
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess

PIXEL = "20UPGM23800001"


def asked(person: Person) -> QMessageBox:
    """Ask to sign out, and return the question that comes."""
    assert person.window.workspace is not None
    person.window.workspace.sign_out_requested.emit()
    person.until(lambda: person.window.findChildren(QMessageBox), "the question")
    return person.window.findChildren(QMessageBox)[-1]


def press(box: QMessageBox, text: str) -> None:
    next(button for button in box.buttons() if button.text() == text).click()


def test_signing_out_names_the_files_that_are_not_saved(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    files = person.scan(PIXEL).attachments
    person.show_tab(ATTACHMENTS)
    told: list[Message] = []
    person.program.messages.told.connect(told.append)
    with PlainServer(sandbox) as server:
        server.fail({"match": "GET *Attachment", "do": "stall", "times": None})
        wanted = [a for a in files.table.shown if a.display_name in ("readout.log", "summary.json")]
        files.saver.save(wanted, files.table.origin, tmp_path / "saved")
        box = asked(person)
        assert box.text() == "2 of 2 files are still to be saved."
        assert box.informativeText() == "What is saved by then stays."
        press(box, "Go on working")
        assert files.saver.still_to_save
        person.until(lambda: not person.window.findChildren(QMessageBox), "the answer")
        press(asked(person), "Stop and sign out")
        person.until(lambda: person.window.workspace is None, "the sign-in page")
    assert "Stopped: 0 of 2 files are saved" in [message.title for message in told]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_folders_of_a_dialog_are_for_this_user_only(tmp_path: Path) -> None:
    kept = tmp_path / "QtProject.conf"
    kept.write_text("[FileDialog]\nlastVisited=file:///secret\n")
    kept.chmod(0o644)  # as an earlier version left it
    private_file(kept)
    settings = QSettings(str(kept), QSettings.Format.IniFormat)  # as Qt's dialog keeps them
    settings.setValue("FileDialog/lastVisited", "file:///other")
    settings.sync()
    assert "other" in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    private_file(tmp_path / "new.conf")
    assert stat.S_IMODE((tmp_path / "new.conf").stat().st_mode) == 0o600
