"""What commands say of the queue, where the word for a state alone would mislead."""

from __future__ import annotations

import pytest

from itkgui.uploads.headless.telling import left_there, row_lines
from itkgui.uploads.upload import UploadState
from tests.unit.uploads.rows import row


@pytest.mark.parametrize("state", [UploadState.SENDING, UploadState.CHECKING])
def test_nothing_is_called_sending_while_nobody_sends(state: UploadState) -> None:
    (line,) = row_lines(row(state=state), is_run=False)
    assert line.split()[1] == "stopped"
    assert state.value in row_lines(row(state=state))[0]


def test_files_in_a_paused_queue_are_not_said_to_be_sent() -> None:
    assert "resume" in left_there(2, is_paused=True)
    assert "queue run" in left_there(1, is_paused=False)
