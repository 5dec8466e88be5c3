"""The whole job through the window, with a look behind it: sign in, scan, look, plot, drop, and read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication

from tests.conftest import settings_for
from tests.end2end.job import check_on_server, drop_and_send, look_at_files, scan_and_see_tests
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.sandbox_process import SandboxProcess


def test_from_sign_in_to_a_file_on_the_server(
    sandbox: SandboxProcess, start_program: Callable[..., Person], tmp_path: Path
) -> None:
    person = start_program(settings_for(sandbox))
    with PlainServer(sandbox) as server:
        _do_the_job(person, server, tmp_path)


@pytest.mark.x11
def test_in_a_real_window(
    sandbox: SandboxProcess, start_program: Callable[..., Person], tmp_path: Path
) -> None:
    assert QGuiApplication.platformName() == "xcb"
    person = start_program(settings_for(sandbox))
    person.qtbot.waitExposed(person.window)
    with PlainServer(sandbox) as server:
        _do_the_job(person, server, tmp_path)


def _do_the_job(person: Person, server: PlainServer, folder: Path) -> None:
    person.sign_in()
    scan_and_see_tests(person, server)
    look_at_files(person)
    note, photo = drop_and_send(person, folder)
    check_on_server(server, note, photo)
    person.until(lambda: "sent and read back" in person.verdict, "the word on the uploads")
