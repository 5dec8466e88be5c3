"""What somebody who leaves is told of uploads: only what runs is called running."""

from __future__ import annotations

from itkgui.item_models.leaving_words import leaving_texts, lost_texts, unsent_texts
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


def test_what_is_paused_does_not_go_on() -> None:
    held = row("held.txt", state=_S.HELD, trouble=trouble(Cause.RIGHTS))
    gone = row("gone.txt", state=_S.CANCELLING)
    rows = [row("a.txt"), row("b.txt", state=_S.PAUSED), held, gone]
    paused = "1 upload is paused, and stays so until it is resumed: nothing of it is lost."
    assert leaving_texts(rows, are_kept=True)[:2] == [
        "2 uploads go on after your next sign-in: nothing of it is lost.",
        paused,
    ]
    assert leaving_texts(rows, are_kept=True, are_all_paused=True) == [
        "1 upload goes on after your next sign-in: nothing of it is lost.",  # being cancelled
        "2 uploads are paused, and stay so until they are resumed: nothing of it is lost.",
        "1 upload waits for somebody to do something, and stays in the list.",
    ]
    assert leaving_texts(rows[:1], are_kept=False, are_all_paused=True) == [
        "1 upload is paused, and is not kept."
    ]
    sending = rows[0].with_changes(state=UploadState.SENDING)
    assert leaving_texts([sending], are_kept=False, are_all_paused=True) == ["1 upload is still running."]


def test_who_may_be_another_is_told_whose_work_is_lost() -> None:
    assert unsent_texts("", "", "Ann") == lost(are_drafts=False, whose="Ann") == []
    assert unsent_texts("A, B", "C", "") == [
        "Files for A, B are under review and not sent yet.",
        "A comment on C was begun and not sent.",
    ]
    assert unsent_texts("A", "C", "Ann") == [
        "Files of Ann for A are under review and not sent yet.",
        "A comment of Ann on C was begun and not sent.",
    ]
    assert "Ann has to add them again" in lost(are_added=True, whose="Ann")[0]
    assert len(lost(are_added=True, are_drafts=True)) == 2


def test_files_of_the_watched_folder_are_offered_again() -> None:
    (only,) = lost(are_watched=True, whose="Ann")
    assert "offered again" in only
    assert "Ann" not in only, "who has nothing to do for it"
    (both,) = lost(are_added=True, are_watched=True, whose="Ann")
    assert "folder are offered again, the others Ann has to add again" in both
    assert "the others have to be added again" in lost(are_added=True, are_watched=True)[0]


def lost(
    *, are_added: bool = False, are_watched: bool = False, are_drafts: bool = False, whose: str = ""
) -> list[str]:
    return lost_texts(are_added=are_added, are_watched=are_watched, are_drafts=are_drafts, whose=whose)
