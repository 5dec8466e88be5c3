"""What somebody who leaves is told of uploads: only what runs is called running."""

from __future__ import annotations

from itkgui.item_models.leaving_words import leaving_texts
from itkgui.uploads.upload import Cause, UploadState
from tests.unit.uploads.rows import row, trouble

_S = UploadState


def test_what_waits_for_somebody_is_told_from_what_runs() -> None:
    held = row("held.txt", state=_S.HELD, trouble=trouble(Cause.RIGHTS))
    rows = [row("a.txt", state=_S.SENDING), row("b.txt"), held, row("c.txt", state=_S.DONE)]
    assert leaving_texts(rows, are_kept=True) == [
        "2 uploads go on after your next sign-in: nothing of it is lost.",
        "1 upload waits for somebody to do something, and stays in the list.",
    ]
    assert leaving_texts(rows, are_kept=False) == [
        "2 uploads are still running.",
        "1 upload waits for somebody to do something, and is not kept.",
    ]
    assert leaving_texts([row(state=_S.DONE), row(state=_S.FAILED)], are_kept=True) == []
