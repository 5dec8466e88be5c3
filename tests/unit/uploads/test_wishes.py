"""Wishes look at rows as they are on the disk, which may have changed after somebody looked at them."""

from __future__ import annotations

from itkgui.records.attachment import Owner, OwnerKind
from itkgui.uploads.upload import UploadKind, UploadState
from itkgui.uploads.wishes import Wishes
from tests.unit.uploads.computers import Computer
from tests.unit.uploads.desk import QUICK

FAILED, CANCELLED, WAITING, COPYING = (
    UploadState.FAILED,
    UploadState.CANCELLED,
    UploadState.WAITING,
    UploadState.COPYING,
)


def test_what_was_cancelled_meanwhile_is_not_begun_again(here: Computer) -> None:
    wishes = Wishes(here.store, here.spool, QUICK)
    failed = here.drop("iv.txt", state=FAILED)
    cancelled = here.store.move(failed, CANCELLED)  # by another process, or a moment ago
    wishes.begin_again([failed])
    assert here.store.get(failed.id).state is CANCELLED
    wishes.begin_again([cancelled])
    assert here.store.get(failed.id).state is WAITING


def test_what_another_computer_has_is_not_begun_again(here: Computer, there: Computer) -> None:
    row = here.drop("iv.txt")
    there.take(here.export(row))
    Wishes(here.store, here.spool, QUICK).begin_again([here.store.get(row.id)])
    assert here.store.get(row.id).state is CANCELLED


def test_files_of_cancelled_results_go_with_them_and_begin_again_with_them(here: Computer) -> None:
    wishes = Wishes(here.store, here.spool, QUICK)
    results = here.drop("run.json", kind=UploadKind.TEST_RUN)
    file = here.drop("iv.txt", parent=results.id, target=Owner(OwnerKind.TEST_RUN, "", "the run"))
    wishes.give_up([results])
    cancelled = here.store.get(file.id)
    assert cancelled.state is CANCELLED
    wishes.begin_again([cancelled])
    assert [row.state for row in here.store.unfinished()] == [COPYING, COPYING]  # no copies are left
