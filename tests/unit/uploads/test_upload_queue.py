"""What people do with the queue: order, undo, pause, retry, results with their files; at a real sandbox."""

from __future__ import annotations

import asyncio
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.dispatcher import SENT_AT_ONCE
from itkgui.uploads.upload import Cause, Trouble, Upload, UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import QUICK, Desk, tell

COPYING, WAITING, PAUSED, SENDING = (
    UploadState.COPYING,
    UploadState.WAITING,
    UploadState.PAUSED,
    UploadState.SENDING,
)
CHECKING, DONE, FAILED, CANCELLED = (
    UploadState.CHECKING,
    UploadState.DONE,
    UploadState.FAILED,
    UploadState.CANCELLED,
)
LATER = replace(QUICK, undo=3600.0)

# Arriving --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS], ids=lambda storage: storage.label)
def test_done_means_that_the_server_gives_the_same_bytes(
    sandbox: SandboxProcess, tmp_path: Path, storage: Storage
) -> None:
    content = os.urandom(300_000)

    async def story(desk: Desk) -> None:
        (upload,) = await desk.add(desk.file("iv.dat", content=content, storage=storage))
        await desk.until_done(upload)
        assert desk.story(upload) == [COPYING, WAITING, SENDING, CHECKING, DONE]
        await desk.assert_arrived_once(upload)
        row = desk.row(upload)
        assert (row.trouble, row.tries, desk.queue.share_done(row), row.state.is_open) == (
            None,
            0,
            1.0,
            False,
        )
        assert not desk.queue.spool.path(row).exists()
        (line,) = desk.queue.store.sent_before(row.sha256)
        assert (line.code, line.target) == (row.code, row.target)
        (listed,) = [
            entry
            for entry in await desk.worker.call(desk.database.attachments, row.target)
            if entry.code == row.code
        ]
        fetched = await desk.worker.call(desk.database.download, listed, tmp_path / "fetched")
        assert fetched.path.read_bytes() == content

    tell(sandbox, tmp_path, story)


def test_file_goes_to_a_test_run_as_well(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        found = await desk.worker.call(desk.database.component, desk.targets[0].label)
        run = Owner(OwnerKind.TEST_RUN, found.component.runs[0].id, "a run")
        for storage in (Storage.FILE, Storage.EOS):
            (upload,) = await desk.add(desk.file(target=0, storage=storage).with_changes(target=run))
            await desk.until_done(upload)
            assert [entry["owner"] for entry in await desk.held(upload)] == [
                {"kind": "testRun", "id": run.key}
            ]

    tell(sandbox, tmp_path, story)


def test_files_for_one_target_are_sent_one_after_another_in_their_order(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        ids = await desk.add(*(desk.file(f"{number}.txt") for number in range(6)))
        assert [row.id for row in desk.queue.uploads] == ids
        await desk.until_done(*ids)
        sent = [row.id for row in desk.diary if row.state is SENDING and row.step.value == "new"]
        assert list(dict.fromkeys(sent)) == ids
        under_way: set[str] = set()
        for row in desk.diary:
            (under_way.add if row.state is SENDING else under_way.discard)(row.id)
            assert len(under_way) <= 1
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)


def test_files_for_several_targets_are_sent_at_the_same_time(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *createComponentAttachment", "stall", times=SENT_AT_ONCE)
        ids = await desk.add(
            *(desk.file(f"{number}.txt", target=number) for number in range(SENT_AT_ONCE + 1))
        )
        await desk.until_struck()
        await desk.until(lambda: desk.states(*ids).count(SENDING) == SENT_AT_ONCE, "to be sent")
        assert desk.states(*ids).count(WAITING) == 1
        await desk.clear()
        await desk.until_done(*ids)
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)


def test_while_files_are_copied_those_for_the_same_target_are_sent(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        pipe = tmp_path / "growing.dat"
        pipe.write_bytes(b"x" * 300_000_000)
        slow = desk.file("slow.dat").with_changes(source=str(pipe))
        first, second = await desk.add(desk.file(), slow)
        await desk.until_in((SENDING, CHECKING, DONE), first)
        assert desk.states(second) == [COPYING]
        await desk.queue.cancel([second])
        await desk.until_in(CANCELLED, second)

    tell(sandbox, tmp_path, story)


def test_listeners_are_told_on_the_thread_of_the_event_loop_and_one_may_leave_while_it_is_told(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        told_on: set[int] = set()
        once: list[UploadState] = []

        def leave(upload: Upload) -> None:
            once.append(upload.state)
            desk.queue.listeners.remove(leave)

        desk.queue.listeners += [leave, lambda _: told_on.add(threading.get_ident())]
        await desk.until_done(*await desk.add(desk.file()))
        assert (once, told_on) == ([COPYING], {threading.get_ident()})

    tell(sandbox, tmp_path, story)


# Undo, pause, order ----------------------------------------------------------------------------------------


def test_what_is_undone_has_never_left(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        ids = await desk.add(desk.file(), desk.file("b.root", storage=Storage.EOS))
        await desk.until_in(WAITING, *ids)
        assert [row.id for row in await desk.queue.undo(ids)] == ids
        await desk.until_in(CANCELLED, *ids)
        assert not list(desk.queue.spool.folder.iterdir())
        await desk.assert_nothing_of(*ids)
        assert SENDING not in desk.story(ids[0])
        assert await desk.queue.undo(ids) == []

    tell(sandbox, tmp_path, story, LATER)


def test_the_time_to_undo_ends_with_an_impatient_retry(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        (upload,) = await desk.add(desk.file())
        await desk.until_in(WAITING, upload)
        await desk.queue.retry([upload])
        await desk.until_done(upload)
        assert await desk.queue.undo([upload]) == []
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story, LATER)


def test_a_paused_queue_sends_nothing_until_it_goes_on_even_after_a_restart(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        ids = await desk.add(desk.file(), desk.file(target=1))
        await desk.until_in(WAITING, *ids)
        await desk.restart()
        assert desk.queue.is_paused
        later = await desk.add(desk.file(target=2))
        await desk.until_in(WAITING, *later)
        await desk.assert_nothing_of(*ids)
        await desk.queue.resume()
        await desk.until_done(*ids, *later)
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)


def test_one_that_pauses_lets_those_after_it_pass(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        first, second = await desk.add(desk.file(), desk.file())
        await desk.until_in(WAITING, first, second)
        await desk.queue.pause([first])
        assert desk.states(first) == [PAUSED]
        await desk.queue.retry([second])
        await desk.until_done(second)
        assert desk.states(first) == [PAUSED]
        await desk.queue.resume([first])
        await desk.queue.retry([first])
        await desk.until_done(first)
        await desk.assert_arrived_once(first, second)

    tell(sandbox, tmp_path, story, LATER)


def test_what_is_moved_up_is_sent_earlier(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        ids = await desk.add(*(desk.file(f"{number}.txt") for number in range(3)))
        await desk.until_in(WAITING, *ids)
        await desk.queue.move_up(ids[2])
        await desk.queue.move_down(ids[0])
        await desk.queue.move_up(ids[2])
        await desk.queue.move_down(ids[1])
        expected = [ids[2], ids[0], ids[1]]
        assert [row.id for row in desk.queue.uploads] == expected
        await desk.queue.resume()
        await desk.until_done(*ids)
        done = [row.id for row in desk.diary if row.state is DONE]
        assert done == expected

    tell(sandbox, tmp_path, story)


# Again -----------------------------------------------------------------------------------------------------


def test_failed_upload_keeps_its_trouble_and_can_be_sent_again(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        upload = desk.file("iv.json", content=b"{}")
        Path(upload.source).unlink()
        (upload_id,) = await desk.add(upload)
        await desk.until_in(FAILED, upload_id)
        trouble = desk.row(upload_id).trouble
        assert trouble is not None
        assert (trouble.title, trouble.cause) == ("File not found", Cause.PERMANENT)
        Path(upload.source).write_bytes(b"{}")
        await desk.queue.retry([upload_id])
        await desk.until_done(upload_id)
        assert desk.row(upload_id).trouble is None
        await desk.assert_arrived_once(upload_id)

    tell(sandbox, tmp_path, story)


def test_a_target_that_does_not_exist_fails_without_harm_to_others(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        nowhere = Owner(OwnerKind.COMPONENT, "0" * 32, "nothing")
        lost, good = await desk.add(desk.file().with_changes(target=nowhere), desk.file())
        await desk.until_in(FAILED, lost)
        await desk.until_done(good)
        trouble = desk.row(lost).trouble
        assert trouble is not None
        assert trouble.title == "No such component"

    tell(sandbox, tmp_path, story)


def test_what_is_done_or_under_way_is_not_sent_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *createComponentAttachment", "stall", times=1)
        (upload,) = await desk.add(desk.file())
        await desk.until_struck()
        await desk.queue.retry([upload])
        await desk.queue.retry_all()
        await desk.clear()
        await desk.until_done(upload)
        await desk.queue.retry([upload])
        await desk.queue.cancel([upload])
        await desk.queue.pause([upload])
        assert desk.story(upload) == [COPYING, WAITING, SENDING, CHECKING, DONE]
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


def test_retry_all_takes_what_failed_and_what_waits_but_nothing_that_was_cancelled_or_paused(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *createComponentAttachment", "status", status=400, times=1)
        (failed,) = await desk.add(desk.file())
        await desk.until_in(FAILED, failed)
        await desk.queue.pause()
        cancelled, paused = await desk.add(desk.file(target=1), desk.file(target=1))
        await desk.until_in(WAITING, cancelled, paused)
        await desk.queue.cancel([cancelled])
        away = Trouble(Cause.PASSING, "No connection", "", "")
        await asyncio.to_thread(desk.queue.store.move, desk.row(paused), PAUSED, trouble=away)
        await desk.until_in(PAUSED, paused)
        await desk.queue.resume()
        await desk.queue.retry_all()
        await desk.until_done(failed)
        assert desk.states(cancelled, paused) == [CANCELLED, PAUSED]
        await desk.assert_arrived_once(failed)

    tell(sandbox, tmp_path, story)


# The end ---------------------------------------------------------------------------------------------------


@pytest.mark.logs("arrived twice")  # by chance: the stalled ones may be taken after the queue was closed
def test_a_queue_that_is_closed_leaves_nothing_running(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *createComponentAttachment", "stall", times=4)
        ids = await desk.add(*(desk.file(target=number % 6) for number in range(12)))
        await desk.until_struck()
        await desk.queue.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        desk.queue = desk.new_queue()
        await desk.queue.open()
        await desk.clear()
        await desk.until_done(*ids)
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)
