"""Rows of the queue come back as they were written, move only as allowed, and what was sent is remembered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads import upload_store
from itkgui.uploads.upload import MOVES, Cause, Step, Trouble, Upload, UploadKind, UploadState
from itkgui.uploads.upload_rows import upload_columns, upload_from
from itkgui.uploads.upload_store import NotInQueue, UploadStore, WrongMove
from tests.unit.uploads.store_rows import MODULE, OTHER, finish, new_upload

ODD = "caf\u00e9 \udcff \ud800 \0 %_' \U0001f52c"  # as names of files can be


@pytest.fixture
def store(tmp_path: Path) -> Iterator[UploadStore]:
    found = UploadStore(tmp_path / "queue", "12-3456-1")
    yield found
    found.close()


def again(store: UploadStore, folder: Path) -> UploadStore:
    store.close()
    return UploadStore(folder, store.person)


# Rows ------------------------------------------------------------------------------------------------------


def test_rows_are_there_after_a_restart_in_their_order(store: UploadStore, tmp_path: Path) -> None:
    added = store.add([new_upload(str(number)) for number in range(20)])
    more = store.add([new_upload("later")])
    other = again(store, tmp_path / "queue")
    assert other.unfinished() == added + more
    assert [upload.name for upload in other.unfinished()] == [*map(str, range(20)), "later"]
    assert all(upload.added > 0 for upload in added)
    other.close()


def test_every_field_comes_back_as_it_was(store: UploadStore) -> None:
    full = Upload(
        kind=UploadKind.TEST_RUN,
        target=Owner(OwnerKind.TEST_RUN, ODD, ODD),
        name=ODD,
        title=ODD,
        description=ODD,
        storage=Storage.EOS,
        size=1 << 40,
        media_type="image/jpeg",
        source=ODD,
        sha256="0" * 64,
        adler32="00000001",
        component="c",
        parent="p",
        parameters=("IMAGE", ODD),
        may_repeat=True,
        state=UploadState.HELD,
        step=Step.RESERVED,
        before=("a", ODD, 'b"'),
        code="x",
        since=5.5,
        unclear_until=7.25,
        tries=3,
        next_try=1.5,
        trouble=Trouble(Cause.RIGHTS, ODD, "s", "c", "d"),
        left_behind="entry x",
        added=2.25,
        ended=0.0,
        place=-1.5,
    )
    plain = new_upload()
    unset = [one.name for one in fields(Upload) if getattr(full, one.name) == getattr(plain, one.name)]
    assert unset == ["ended"], "this test has to know every field"
    store.add([full])
    found = store.get(full.id)
    assert found == full
    assert found.target.label == ODD  # which does not count for being equal


@given(
    st.text(st.characters()),
    st.lists(st.text()),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
)
def test_any_text_and_number_comes_back(text: str, before: list[str], size: int, place: float) -> None:
    upload = new_upload(text, title=text, before=tuple(before), size=size, place=place)
    assert upload_from(upload_columns(upload)) == upload


def test_an_id_is_added_once_only(store: UploadStore) -> None:
    first = new_upload("first")
    assert len(store.add([first, first])) == 1
    second = new_upload("second")
    assert [upload.name for upload in store.add([first, second])] == ["second"]
    done = finish(store, first)
    assert store.add([first]) == []
    assert store.known([first.id, second.id, "none"]) == {first.id, second.id}
    assert store.get(first.id) == done


def test_nothing_is_added_if_something_cannot_be(store: UploadStore) -> None:
    with pytest.raises(OverflowError):
        store.add([new_upload("good"), new_upload("bad", size=2**70)])
    assert store.unfinished() == []
    assert len(store.add([new_upload("good")])) == 1, "the store is not usable any more"


def test_each_person_has_rows_of_their_own(store: UploadStore, tmp_path: Path) -> None:
    mine, done = store.add([new_upload("mine"), new_upload("done")])
    finish(store, done)
    store.set_paused(True)
    theirs = UploadStore(tmp_path / "queue", "98-7654-1")
    assert (theirs.unfinished(), theirs.history("", 0, 10), theirs.history_count("")) == ([], [], 0)
    assert theirs.find(mine.id) is None
    assert not theirs.is_paused
    for act in (
        theirs.get,
        lambda one: theirs.move(mine, UploadState.PAUSED),
        lambda one: theirs.change(mine),
    ):
        with pytest.raises(NotInQueue):
            act(mine.id)
    theirs.recover()
    assert store.get(mine.id) == mine
    assert theirs.claimed(MODULE) == {f"code of {done.id}"}  # but nobody takes another's entry for their own
    theirs.close()


@pytest.mark.parametrize("start", UploadState)
@pytest.mark.parametrize("end", UploadState)
def test_moves_are_those_of_the_table(tmp_path: Path, start: UploadState, end: UploadState) -> None:
    store = UploadStore(tmp_path)
    (upload,) = store.add([new_upload(state=start)])
    if end in MOVES[start]:
        moved = store.move(upload, end, tries=3)
        assert (moved.state, moved.tries) == (end, 3)
        assert (moved.ended > 0) == end.has_ended
    else:
        with pytest.raises(WrongMove, match=start.value):
            store.move(upload, end, tries=3)
        assert store.get(upload.id) == upload
    assert len(store.unfinished()) + store.history_count("") == 1
    store.close()


def test_what_counts_is_what_is_on_the_disk(store: UploadStore) -> None:
    (stale,) = store.add([new_upload()])
    store.change(stale, title="A better title")
    store.move(stale, UploadState.SENDING)
    with pytest.raises(WrongMove):
        store.move(stale, UploadState.CANCELLED)
    noted = store.note(stale, Step.ASKED, before=("a", "b"))
    assert (noted.title, noted.state, noted.step, noted.before) == (
        "A better title",
        UploadState.SENDING,
        Step.ASKED,
        ("a", "b"),
    )
    assert noted == store.get(stale.id)


def test_what_a_step_has_brought_is_recorded_though_the_upload_was_cancelled(store: UploadStore) -> None:
    arrived = {"code": "1", "state": UploadState.CHECKING}
    wanted, unwanted = store.add([new_upload("a"), new_upload("b")])
    store.move_all([wanted, unwanted], UploadState.SENDING)
    store.move(unwanted, UploadState.CANCELLING)
    assert store.note(wanted, Step.SENT, **arrived).state is UploadState.CHECKING
    noted = store.note(unwanted, Step.SENT, **arrived)
    assert (noted.state, noted.step, noted.code) == (UploadState.CANCELLING, Step.SENT, "1")


def test_several_move_together_or_not_at_all(store: UploadStore) -> None:
    uploads = store.add([new_upload("a"), new_upload("b"), new_upload("c")])
    store.move(uploads[1], UploadState.SENDING)
    before = store.unfinished()
    with pytest.raises(WrongMove, match="b is sending"):
        store.move_all(uploads, UploadState.PAUSED)
    assert store.unfinished() == before
    store.note(uploads[2], Step.ASKED)
    with pytest.raises(WrongMove, match="c: some of it"):
        store.move_all([uploads[0], uploads[2]], UploadState.PAUSED, at=[Step.NEW])
    moved = store.move_all([uploads[0], uploads[2]], UploadState.PAUSED)
    assert [upload.state for upload in moved] == [UploadState.PAUSED] * 2


def test_what_was_interrupted_waits_again_at_its_step(store: UploadStore) -> None:
    rows = store.add([new_upload(state.value, state=state, step=Step.ASKED) for state in UploadState])
    store.recover()
    for row in rows:
        was_under_way = row.state in (UploadState.SENDING, UploadState.CHECKING)
        expected = row.with_changes(state=UploadState.WAITING) if was_under_way else row
        assert store.get(row.id) == expected


def test_unknown_row_is_an_error_in_words(store: UploadStore) -> None:
    assert store.find("none") is None
    with pytest.raises(NotInQueue, match="none"):
        store.get("none")


def test_whoever_listens_learns_every_change_in_its_order(tmp_path: Path) -> None:
    told: list[tuple[int, Upload]] = []
    store = UploadStore(tmp_path, on_change=lambda row, number: told.append((number, row)))
    rows = store.add([new_upload(str(number)) for number in range(8)])

    def work(row: Upload) -> None:
        for tries in range(25):
            store.change(row, tries=tries)
        finish(store, row)

    threads = [threading.Thread(target=work, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with pytest.raises(WrongMove):
        store.move(rows[0], UploadState.SENDING)
    assert [one for _, one in told[:8]] == rows
    in_order = sorted(told, key=lambda change: change[0])
    for row in rows:
        mine = [one for _, one in in_order[8:] if one.id == row.id]
        assert [one.tries for one in mine[:25]] == [*range(25)]
        assert mine[-1] == store.get(row.id)
        assert len(mine) == 25 + 4
    store.close()


# What was sent ---------------------------------------------------------------------------------------------


def test_what_is_done_stays_in_the_ledger(store: UploadStore, tmp_path: Path) -> None:
    first, second, third = store.add(
        [new_upload("a.txt"), new_upload("b.txt", target=OTHER), new_upload("c.txt", sha256="cd" * 32)]
    )
    for upload in (first, second, third):
        finish(store, upload)
    found = store.sent_before(first.sha256)
    assert [(one.name, one.target, one.target.label, one.code) for one in found] == [
        ("b.txt", OTHER, OTHER.label, f"code of {second.id}"),
        ("a.txt", MODULE, MODULE.label, f"code of {first.id}"),
    ]
    assert {(one.title, one.storage, one.person) for one in found} == {
        ("An IV curve", Storage.FILE, "12-3456-1")
    }
    assert found[0].moment == store.get(second.id).ended
    assert store.sent_before("ef" * 32) == []


def test_codes_are_claimed_by_rows_and_ledger(store: UploadStore) -> None:
    first, second, other, _ = store.add([new_upload(), new_upload(), new_upload(target=OTHER), new_upload()])
    finish(store, first, "done")
    store.note(second, Step.RESERVED, code="reserved")
    store.note(other, Step.RESERVED, code="of another")
    assert store.claimed(MODULE) == {"done", "reserved"}
    assert store.claimed(OTHER) == {"of another"}
    assert store.claimed(Owner(OwnerKind.BATCH, MODULE.key, "")) == frozenset()


def test_history_is_searched_as_it_is_written(store: UploadStore) -> None:
    names = ["100%.txt", "a_b.txt", "axb.txt", "Größe.txt", ODD, "it's.txt"]
    rows = store.add([new_upload(name) for name in names])
    for row in rows:
        finish(store, row)
    (cancelled,) = store.add([new_upload("gone", title="Wire bonds", target=OTHER)])
    store.move(cancelled, UploadState.CANCELLED)
    for text, expected in {
        "%": {"100%.txt", ODD},
        "_": {"a_b.txt", ODD},
        "a_b": {"a_b.txt"},
        "GRÖSSE": {"Größe.txt"},
        "'": {"it's.txt", ODD},
        "cancelled": {"gone"},
        "wire  BONDS curve": {"gone"},
        "wire txt": set(),
        MODULE.label.lower(): set(names),
        "": {*names, "gone"},
    }.items():
        assert {row.name for row in store.history(text, 0, 100)} == expected
        assert store.history_count(text) == len(expected)


def test_history_begins_with_the_latest(store: UploadStore) -> None:
    rows = store.add([new_upload(str(number)) for number in range(9)])
    for row in rows:
        finish(store, row)
    store.add([new_upload("waits")])
    assert [row.name for row in store.history("", 0, 4)] == ["8", "7", "6", "5"]
    assert [row.name for row in store.history("", 7, 4)] == ["1", "0"]


def test_oldest_ended_rows_go_and_the_ledger_stays(
    store: UploadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = upload_store.ENDED_LIMIT
    old = [new_upload(str(number), state=UploadState.DONE, ended=1.0 + number) for number in range(many)]
    store.add(old)
    store.change(old[1], unclear_until=1.0)
    files = [{"parent": old[0].id} if number == 499 else {} for number in range(500)]
    waiting = store.add([new_upload(f"waits {number}", **files[number]) for number in range(500)])
    assert store.history_count("") == many
    for row in waiting[:3]:
        finish(store, row)
    assert [row.name for row in store.history("", many - 2, 5)] == ["4", "3", "1", "0"]
    assert len(store.unfinished()) == 497
    for row in store.history("", 0, 3):
        assert store.sent_before(row.sha256)


def _execute(statement: str, *arguments: Any) -> None:
    *values, execute = arguments
    execute(statement, *values)


def test_what_failed_or_is_taken_back_is_not_on_its_way(store: UploadStore) -> None:
    states = (UploadState.CHECKING, UploadState.FAILED, UploadState.CANCELLING)
    rows = store.add([new_upload(state.value, state=state, step=Step.SENT) for state in states])
    assert store.on_their_way(rows[0].target, rows[0].sha256) == rows[:1]


def test_ledger_has_a_limit(store: UploadStore) -> None:
    number = "UPDATE ledger SET number = ? WHERE name = ?"
    for limit, left in ((upload_store.LEDGER_LIMIT - 1, 3), (upload_store.LEDGER_LIMIT, 2)):
        sha256 = f"{left:064x}"
        rows = store.add([new_upload(name, sha256=sha256) for name in ("first", "second", "third")])
        finish(store, rows[0])
        store._file.write(partial(_execute, number, 1, "first"))
        finish(store, rows[1])
        store._file.write(partial(_execute, number, limit, "second"))  # as if others had been sent
        finish(store, rows[2])
        assert [one.name for one in store.sent_before(sha256)] == ["third", "second", "first"][:left]
        store._file.write(lambda execute: execute("DELETE FROM ledger"))


# The queue as a whole --------------------------------------------------------------------------------------


def test_pause_outlives_a_restart(store: UploadStore, tmp_path: Path) -> None:
    assert not store.is_paused
    store.set_paused(True)
    store.set_paused(True)
    other = again(store, tmp_path / "queue")
    assert other.is_paused
    other.set_paused(False)
    last = again(other, tmp_path / "queue")
    assert not last.is_paused
    last.close()


def test_version_tells_what_others_have_written(store: UploadStore, tmp_path: Path) -> None:
    version = store.version()
    (row,) = store.add([new_upload()])
    assert store.version() == version
    other = UploadStore(tmp_path / "queue", store.person)
    other.unfinished()
    assert store.version() == version
    other.change(row, title="Theirs")
    assert store.version() != version
    assert store.get(row.id).title == "Theirs"
    other.close()
