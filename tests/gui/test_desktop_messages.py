"""What the desktop tells of uploads, to those alone who do not look at the window."""

from __future__ import annotations

from pathlib import Path

import pytest

from itkgui.uploads.upload import UploadState
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.gui.test_upload_view import STRIP, notes, send
from tests.sandbox_process import SandboxProcess


def arrived(person: Person, count: int) -> None:
    person.until(lambda: [row.state for row in person.uploads].count(UploadState.DONE) == count, "the files")


@pytest.mark.logs("Not allowed|Forbidden|refused")
def test_desktop_tells_those_who_look_elsewhere(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    told: list[tuple[str, str]] = []
    person.window.desktop.told.connect(lambda title, sentence: told.append((title, sentence)))
    first, second, refused = notes(tmp_path, 3)
    component = person.scan(STRIP)
    send(person, [first])
    arrived(person, 1)
    person.until(lambda: "sent and read back" in person.verdict, "the footer to tell it")
    assert not told, "it was to be seen"

    send(person, [second])
    person.window.showMinimized()
    person.until(lambda: told, "the message")
    assert told == [("All uploads have arrived", f"{second.name} is on {STRIP}: sent and read back")]

    person.program.preferences.put("desktop_messages", False)
    person.window.desktop.tell("Not wanted", "", is_trouble=False)
    assert len(told) == 1
    person.program.preferences.reset("desktop_messages")
    person.window.showNormal()
    rule = {"match": "POST /createComponentAttachment", "do": "status", "status": 403, "times": None}
    with PlainServer(sandbox) as server, server.failing(rule):
        send(person, [refused])
        person.window.locker.lock()
        person.window.showMinimized()
        person.until(lambda: len(told) == 2, "the trouble")
    assert told[1] == ("An upload needs somebody", "")
    person.window.locker.unlock()
    assert component.isEnabled()
