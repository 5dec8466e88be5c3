"""What stops all uploads is said on every page, in the footer and above the list, with what helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from itkgui.item_models.upload_notices import Remedy
from itkgui.uploads.upload import UploadState
from tests.end2end.plain_server import PlainServer
from tests.gui.person import Person
from tests.gui.test_upload_view import STRIP, look, notes, send
from tests.sandbox_process import SandboxProcess


@pytest.mark.logs("Session ended")
def test_an_ended_session_is_said_on_the_page_and_uploads_go_on_by_themselves(
    person: Person, sandbox: SandboxProcess, tmp_path: Path
) -> None:
    person.scan(STRIP)
    workspace = person.workspace
    alert, footer = workspace.upload_alert, workspace.footer
    rule = {"match": "POST /createComponentAttachment", "do": "expire_token", "times": None}
    with PlainServer(sandbox) as server, server.failing(rule):
        send(person, notes(tmp_path, 2))
        person.until(alert.isVisible, "the bar on the component's page")
        assert alert.title.text() == "Session ended: 2 uploads wait"
        assert alert.help_button.text() == Remedy.SIGN_IN.value
        person.until(lambda: footer.upload_button.text() == alert.title.text(), "the same in the footer")
        assert not footer.progress.isVisible()
        queue = look(person)
        person.until(lambda: queue.bars.button(Remedy.SIGN_IN), "the same above the list")
        assert not alert.isVisible()
        workspace.go_to(workspace.side_by_side)
        person.click(alert.close_button)
        person.until(lambda: not alert.isVisible(), "it to be sent away")
        server.fail()
        bars = look(person).bars
        person.until(lambda: bars.button(Remedy.RETRY), "what has them tried again")
        again = bars.button(Remedy.RETRY)
        assert again is not None
        person.click(again)
        person.until(lambda: [row.state for row in person.uploads] == [UploadState.DONE] * 2, "their end")
        person.until(lambda: not footer.upload_button.isVisible(), "the end of the warning")
