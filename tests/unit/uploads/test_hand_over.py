"""Uploads go to another computer whole and once, or stay; what comes from one is checked first."""

from __future__ import annotations

import os
import stat
import threading
import zipfile
from collections.abc import Callable
from typing import Any

import filelock
import pytest

from itkgui.client import transfer
from itkgui.client.exceptions import Cancelled, FileNotWritten
from itkgui.client.transfer import Transfer
from itkgui.records.attachment import Owner, OwnerKind
from itkgui.uploads.hand_over import export_rows
from itkgui.uploads.hand_over_errors import CannotHandOver, HandOverThere
from itkgui.uploads.sorting import SpoolDamaged
from itkgui.uploads.upload import Cause, Step, Trouble, Upload, UploadKind, UploadState
from itkgui.uploads.upload_store import UploadStore, WrongMove
from tests.unit.uploads.computers import ME, SERVER, Computer
from tests.unit.uploads.store_rows import OTHER, finish, small_disk


def what_was_meant(upload: Upload) -> dict[str, Any]:
    names = (
        "id kind name title description storage size media_type sha256 adler32 component parent may_repeat"
    )
    return {name: getattr(upload, name) for name in names.split()} | {
        "target": (upload.target.kind, upload.target.key, upload.target.label)
    }


# The way ---------------------------------------------------------------------------------------------------


def test_uploads_go_over_whole(here: Computer, there: Computer) -> None:
    results = here.drop("run.json", b'{"a": 1}', kind=UploadKind.TEST_RUN, may_repeat=True)
    nowhere = Owner(OwnerKind.TEST_RUN, "", "of the run")
    belongs = here.drop("caf\udce9 \U0001f52c.txt", b"x" * 3_000_000, target=nowhere, parent=results.id)
    held = here.drop("held.txt", target=OTHER, component="5f1a")
    here.store.move(held, UploadState.HELD, trouble=Trouble(Cause.RIGHTS, "a", "b", "c"), tries=3)
    stays = here.drop("stays.txt")
    with transfer.running(Transfer()) as work:
        path = here.export(results, belongs, held)
    assert (work.done, work.total) == (3_000_013, 3_000_013)
    assert here.store.unfinished() == [stays]
    assert here.copies().keys() == {stays.id}
    for row in (results, belongs, held):
        gone = here.store.get(row.id)
        assert gone.state is UploadState.CANCELLED
        assert gone.trouble is not None
        assert (gone.trouble.title, path.name in gone.trouble.sentence) == ("Handed over", True)
    with transfer.running(Transfer()) as work:
        taken = there.take(path)
    assert (work.done, work.total) == (3_000_013, 3_000_013)
    assert taken == there.store.unfinished()
    assert [what_was_meant(row) for row in taken] == [what_was_meant(row) for row in (results, belongs, held)]
    for row in taken:
        assert (row.state, row.tries, row.trouble) == (UploadState.WAITING, 0, None)
        assert (row.step, row.since) == (Step.ELSEWHERE, 5.5)
        assert there.spool.holds(row)
    assert there.copies()[belongs.id] == b"x" * 3_000_000


def test_archive_is_private_and_tells_nothing_of_this_computer(here: Computer) -> None:
    path = here.export(here.drop("iv.txt"))
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert str(here.folder) not in archive.read("manifest.json").decode()
    assert sorted(one.name for one in here.folder.iterdir() if one.is_file()) == ["iv.txt", "uploads.zip"]


def test_second_import_adds_nothing(here: Computer, there: Computer) -> None:
    path = here.export(here.drop("a"), here.drop("b"))
    first = there.take(path)
    finish(there.store, first[0])
    there.spool.drop(first[0].id)
    assert there.take(path) == []
    assert [row.id for row in there.store.unfinished()] == [first[1].id]
    assert there.copies().keys() == {first[1].id}


def test_archive_with_other_uploads_is_not_replaced(here: Computer) -> None:
    path = here.export(here.drop("first.txt"))
    before = path.read_bytes()
    second = here.drop("second.txt")
    with pytest.raises(HandOverThere):
        here.export(second)
    assert path.read_bytes() == before
    assert here.store.unfinished() == [second]


def test_handed_over_can_be_had_back(here: Computer) -> None:
    row = here.drop("iv.txt")
    path = here.export(row)
    (back,) = here.take(path)
    assert (back.id, back.state, back.trouble, back.ended) == (row.id, UploadState.WAITING, None, 0.0)
    assert here.spool.holds(back)
    assert here.take(path) == []
    here.store.move(back, UploadState.CANCELLED)
    assert here.take(path) == [], "what was cancelled by somebody came back"


# What stays ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", UploadState)
@pytest.mark.parametrize("step", [Step.NEW, Step.ASKED])
def test_only_what_waits_and_has_not_begun_goes(here: Computer, state: UploadState, step: Step) -> None:
    row = here.drop("iv.txt", state=state, step=step)
    other = here.drop("other.txt")
    goes = state in (UploadState.WAITING, UploadState.PAUSED, UploadState.HELD, UploadState.FAILED)
    if goes and step is Step.NEW:
        here.export(other, row)
        assert here.store.unfinished() == []
    else:
        with pytest.raises(CannotHandOver, match=r"iv\.txt"):
            here.export(other, row)
        assert [here.store.get(one.id) for one in (row, other)] == [row, other]
        assert not (here.folder / "uploads.zip").exists()
        assert here.copies().keys() == {row.id, other.id}


def test_what_belongs_to_one_run_goes_together(here: Computer) -> None:
    results = here.drop("run.json", kind=UploadKind.TEST_RUN)
    run = Owner(OwnerKind.TEST_RUN, "", "the run")
    belongs = here.drop("iv.txt", parent=results.id, target=run)
    for alone in (results, belongs):
        with pytest.raises(CannotHandOver, match="stay behind"):
            here.export(alone)
    assert here.store.unfinished() == [results, belongs]
    finish(here.store, results)  # whose files are told of the run a moment later
    with pytest.raises(CannotHandOver, match="stay behind"):
        here.export(belongs)


def test_damaged_copy_is_not_handed_over(here: Computer) -> None:
    good, bad, paused = here.drop("good"), here.drop("bad"), here.drop("paused")
    paused = here.store.move(paused, UploadState.PAUSED)
    here.spool.path(bad).write_bytes(b"54321")
    with pytest.raises(SpoolDamaged, match="bad"):
        here.export(good, bad, paused)
    here.spool.drop(bad.id)
    with pytest.raises(SpoolDamaged, match="bad"):
        here.export(good, bad, paused)
    assert [row.state.value for row in here.store.unfinished()] == ["waiting", "waiting", "paused"]
    assert not list(here.folder.glob(".itkgui*")) + list(here.folder.glob("*.zip"))


@pytest.mark.parametrize("place", ["none/uploads.zip", "full/uploads.zip", "folder"])
def test_archive_that_cannot_be_written_changes_nothing(here: Computer, place: str) -> None:
    row = here.drop("iv.txt", b"x" * 2_000_000)
    (here.folder / "folder").mkdir()
    with small_disk(here.folder / "full", 1_000_000):
        with pytest.raises(FileNotWritten):
            export_rows(here.store, here.spool, [row.id], here.folder / place, SERVER, 5.5)
        assert not list((here.folder / "full").iterdir())
    assert here.store.unfinished() == [row]
    assert not list(here.folder.glob(".itkgui*"))


class Meddler(Transfer):
    """Does something once bytes were read."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self._act = act

    def advance(self, count: int) -> None:
        self._act()
        super().advance(count)


def test_cancel_changes_nothing(here: Computer, there: Computer) -> None:
    row = here.drop("iv.txt")
    unwanted = Transfer()
    unwanted.cancel()
    with transfer.running(unwanted), pytest.raises(Cancelled):
        here.export(row)
    assert here.store.unfinished() == [row]
    path = here.export(row)
    with transfer.running(unwanted), pytest.raises(Cancelled):
        there.take(path)
    assert (there.store.unfinished(), there.copies()) == ([], {})


def test_two_programs_do_not_take_over_at_once(here: Computer, there: Computer) -> None:
    path = here.export(here.drop("a.dat"))
    with filelock.FileLock(there.spool.folder.parent / "import.lock"):
        other = threading.Thread(target=there.take, args=(path,))
        other.start()
        other.join(0.3)  # in which one that does not wait has long been done
        assert (there.store.unfinished(), there.copies()) == ([], {})
    other.join()
    assert len(there.store.unfinished()) == 1


def test_who_has_uploads_back_while_they_are_handed_over_gets_their_copies(here: Computer) -> None:
    row = here.drop("a.dat")
    imports: list[threading.Thread] = []

    def have_back(changed: Upload, _number: int) -> None:
        if changed.state is UploadState.CANCELLED:
            imports.append(threading.Thread(target=here.take, args=(here.folder / "uploads.zip",)))
            imports[-1].start()
            imports[-1].join(0.3)  # in which one that does not wait has long been done

    store = UploadStore(here.folder / "queue", ME, have_back)
    try:
        Computer(here.folder, store, here.spool).export(row)
    finally:
        store.close()
    imports[0].join()
    assert here.store.get(row.id).state is UploadState.WAITING
    assert here.copies() == {row.id: b"12345"}


def test_nobody_begins_to_send_what_is_being_handed_over(here: Computer) -> None:
    row = here.drop("iv.txt")
    refused: list[WrongMove] = []

    def send() -> None:
        with pytest.raises(WrongMove) as caught:
            here.store.move(row, UploadState.SENDING)
        refused.append(caught.value)

    with transfer.running(Meddler(send)):
        here.export(row)
    assert refused


def test_what_is_sent_all_the_same_leaves_no_archive(here: Computer) -> None:
    """Somebody lets it go on in another window, and it is sent before the archive is complete."""
    row, other = here.drop("iv.txt"), here.drop("other.txt")

    def send() -> None:
        if here.store.get(row.id).state is UploadState.PAUSED:
            finish(here.store, here.store.move(row, UploadState.WAITING))

    with transfer.running(Meddler(send)), pytest.raises(WrongMove):
        here.export(row, other)
    assert not (here.folder / "uploads.zip").exists()
    assert here.store.get(row.id).state is UploadState.DONE
    assert here.store.get(other.id).state is UploadState.WAITING


def test_what_was_given_away_is_known_by_its_bytes_title_and_target(here: Computer) -> None:
    row = here.drop("iv.txt")
    alike = row.with_changes(id="f" * 32)
    assert not here.store.has_given_away(alike)
    here.export(row)
    assert here.store.has_given_away(alike)
    assert not here.store.has_given_away(alike.with_changes(title="another"))
    assert not here.store.has_given_away(alike.with_changes(sha256="0" * 64))
