"""What commands say of the queue, where the word for a state alone would mislead."""

from __future__ import annotations

import pytest

from itkgui.uploads.headless.telling import Objection, Teller, left_there, row_lines
from itkgui.uploads.upload import UploadState
from tests.unit.uploads.rows import row


@pytest.mark.parametrize("state", [UploadState.SENDING, UploadState.CHECKING])
def test_nothing_is_called_sending_while_nobody_sends(state: UploadState) -> None:
    (line,) = row_lines(row(state=state), is_run=False)
    assert line.split()[1] == "interrupted"
    (waiting,) = row_lines(row())
    assert waiting.index("photo.jpg") == line.index("photo.jpg"), "in a column"
    assert state.value in row_lines(row(state=state))[0]


def test_refusals_are_told_from_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    doubt, fault = Objection("a.txt", "Look again.", may_pass=True), Objection("b.txt", "It is empty.")
    Teller(as_json=False).object_to([doubt, fault], anyway=True)
    Teller(as_json=False).object_to([doubt], anyway=False)
    assert capsys.readouterr().err.splitlines() == [
        "itkgui: warning: a.txt: Look again.",
        "itkgui: error: b.txt: It is empty.",
        "itkgui: error: a.txt: Look again.",
    ]


def test_results_of_another_place_name_who_can_send_them() -> None:
    refused = Objection("a", "You do not belong to MPI.", "place", "somebody of MPP", "you", needs_other=True)
    assert refused.line == "a, place: You do not belong to MPI. Somebody of MPP has to send this."


def test_files_in_a_paused_queue_are_not_said_to_be_sent() -> None:
    assert "resume" in left_there(2, is_paused=True)
    assert "queue run" in left_there(1, is_paused=False)
