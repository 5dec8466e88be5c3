"""Wishes look at rows as they are on the disk, which may have changed after somebody looked at them."""

from __future__ import annotations

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.upload import Step, UploadKind, UploadState
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


def test_what_is_said_of_a_file_is_not_said_of_the_results_that_go_along(here: Computer) -> None:
    wishes = Wishes(here.store, here.spool, QUICK)
    results = here.drop("run.json", kind=UploadKind.TEST_RUN, state=FAILED)
    run = Owner(OwnerKind.TEST_RUN, "", "the run")
    file = here.drop("iv.txt", parent=results.id, target=run, state=UploadState.HELD)
    wishes.begin_again([file], anyway=True, storage=Storage.EOS)
    begun = {row.id: row for row in here.store.unfinished()}
    assert [row.state for row in begun.values()] == [WAITING, WAITING]
    assert (begun[file.id].may_repeat, begun[file.id].storage) == (True, Storage.EOS)
    assert (begun[results.id].may_repeat, begun[results.id].storage) == (False, results.storage)


def test_a_file_does_not_begin_again_while_its_results_are_being_taken_back(here: Computer) -> None:
    wishes = Wishes(here.store, here.spool, QUICK)
    results = here.drop("run.json", kind=UploadKind.TEST_RUN, step=Step.ASKED)
    file = here.drop("iv.txt", parent=results.id, target=Owner(OwnerKind.TEST_RUN, "", "the run"))
    wishes.give_up([results])
    assert here.store.get(results.id).state is UploadState.CANCELLING
    cancelled = here.store.get(file.id)
    assert cancelled.state is CANCELLED
    assert file.id not in [row.id for row in wishes.begin_again([cancelled])]
    assert here.store.get(file.id).state is CANCELLED, "else it waits for ever, and nobody knows why"
