"""Ends of every kind: quits, kills, two programs on one folder, clocks that jump, disks that are full."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.upload import UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import QUICK, Desk, tell
from tests.unit.uploads.late import let_unfinished_go
from tests.unit.uploads.queue_process import QueueProcess

WAITING, SENDING, CHECKING, DONE = (
    UploadState.WAITING,
    UploadState.SENDING,
    UploadState.CHECKING,
    UploadState.DONE,
)
FAILED, CANCELLED = UploadState.FAILED, UploadState.CANCELLED


def test_a_source_that_is_gone_after_it_was_copied_is_sent_all_the_same(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        upload = desk.file(content=os.urandom(1000), storage=Storage.EOS)
        (upload_id,) = await desk.add(upload)
        await desk.until_in(WAITING, upload_id)
        Path(upload.source).unlink()
        await desk.restart()
        await desk.queue.resume()
        await desk.until_done(upload_id)
        await desk.assert_arrived_once(upload_id)

    tell(sandbox, tmp_path, story)


def test_a_file_that_grows_while_it_is_copied_is_not_taken(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        upload = desk.file(content=b"x" * 200_000_000)
        growing = Path(upload.source)
        adding = asyncio.ensure_future(desk.add(upload))
        with growing.open("ab", buffering=0) as file:
            while not adding.done() or desk.states(upload.id) == [UploadState.COPYING]:
                file.write(b"more")
                await asyncio.sleep(0)
        await desk.until_in(FAILED, upload.id)
        trouble = desk.row(upload.id).trouble
        assert trouble is not None
        assert trouble.title == "File still changing"
        growing.write_bytes(b"at rest")
        await desk.queue.retry([upload.id])
        await desk.until_done(upload.id)
        await desk.assert_arrived_once(upload.id)

    tell(sandbox, tmp_path, story)


def test_a_cancelled_file_that_has_changed_since_is_not_sent_for_what_it_was(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        upload = desk.file(content=b"as it was")
        (upload_id,) = await desk.add(upload)
        await desk.until_in(WAITING, upload_id)
        await desk.queue.cancel([upload_id])
        await desk.until_in(CANCELLED, upload_id)
        await desk.queue.resume()
        Path(upload.source).write_bytes(b"as it is now")
        await desk.queue.retry([upload_id])
        await desk.until_in(FAILED, upload_id)
        trouble = desk.row(upload_id).trouble
        assert trouble is not None
        assert trouble.title == "Not the same file any more"
        await desk.assert_nothing_of(upload_id)
        Path(upload.source).write_bytes(b"as it was")
        await desk.queue.retry([upload_id])
        await desk.until_done(upload_id)

    tell(sandbox, tmp_path, story)


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_clock_that_was_set_keeps_nothing_waiting_for_longer_than_an_hour(
    sandbox: SandboxProcess, tmp_path: Path, hours: int
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        (upload,) = await desk.add(desk.file())
        await desk.until_in(WAITING, upload)
        row = desk.row(upload)
        await asyncio.to_thread(lambda: desk.queue.store.change(row, next_try=time.time() + hours * 3600.0))
        await desk.restart()
        await desk.queue.resume()
        if hours > 0:
            await desk.queue.retry([upload])
        await desk.until_done(upload)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


# Two programs ----------------------------------------------------------------------------------------------


def test_what_a_second_queue_adds_is_sent_by_the_first_and_it_takes_over_when_that_is_killed(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.close()
        first = QueueProcess(sandbox.info, tmp_path / "queue", QUICK)
        try:
            await asyncio.to_thread(first.ask, "go_on")
            desk.queue = desk.new_queue()
            await desk.queue.open()
            assert not desk.queue.is_master
            holder = desk.queue.holder
            assert holder is not None
            assert holder.pid == first.pid
            (sent,) = await desk.add(desk.file())
            await desk.until_done(sent)
            await desk.assert_arrived_once(sent)

            await desk.fail("PUT /eos/*", "stall", server="node", after_bytes=1000)
            (under_way,) = await desk.add(desk.file(content=b"x" * 200_000, storage=Storage.EOS))
            await desk.until_struck()
            await desk.until_in(SENDING, under_way)
            await desk.queue.cancel([sent])  # is done: nothing happens
        finally:
            first.kill()
        await desk.until(lambda: desk.queue.is_master, "to take over")
        await desk.until_done(under_way)
        await let_unfinished_go(desk, under_way)
        await desk.assert_arrived_once(sent, under_way)

    tell(sandbox, tmp_path, story)


def test_what_a_second_queue_cancels_is_stopped_in_the_first(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.close()
        first = QueueProcess(sandbox.info, tmp_path / "queue", QUICK)
        try:
            await asyncio.to_thread(first.ask, "go_on")
            desk.queue = desk.new_queue()
            await desk.queue.open()
            await desk.fail("PUT /eos/*", "stall", server="node", after_bytes=1000)
            (upload,) = await desk.add(desk.file(content=b"x" * 200_000, storage=Storage.EOS))
            await desk.until_struck()
            await desk.until_in(SENDING, upload)
            await desk.queue.cancel([upload])
            await desk.until_in(CANCELLED, upload)
            await let_unfinished_go(desk, upload)
            await desk.assert_nothing_of(upload)
        finally:
            first.kill()

    tell(sandbox, tmp_path, story)


def test_results_of_a_program_that_was_killed_before_the_answer_are_found(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.close()
        before = set(await desk.runs_of(desk.targets[0]))
        results = desk.results()
        first = QueueProcess(sandbox.info, tmp_path / "queue", QUICK)
        try:
            await desk.fail("POST *uploadTestRunResults", "stall", side="answer")
            await asyncio.to_thread(first.ask, "add", [results])
            await desk.until_struck()
        finally:
            first.kill()
        await desk.clear()
        desk.queue = desk.new_queue()
        await desk.queue.open()
        await desk.until_done(results.id)
        assert set(await desk.runs_of(desk.targets[0])) - before == {desk.row(results.id).code}

    tell(sandbox, tmp_path, story)


# Disks -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="files have no limit here")
def test_a_full_disk_fails_the_copy_and_a_retry_takes_it(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        upload = desk.file(content=os.urandom(3_000_000), storage=Storage.EOS)
        with _files_up_to(2_000_000):
            (upload_id,) = await desk.add(upload)
            await desk.until_in(FAILED, upload_id)
        trouble = desk.row(upload_id).trouble
        assert trouble is not None
        assert trouble.title == "No room for a copy"
        assert not (desk.queue.spool.folder / upload_id).exists()
        await desk.queue.retry([upload_id])
        await desk.until_done(upload_id)
        await desk.assert_arrived_once(upload_id)

    tell(sandbox, tmp_path, story)


@pytest.mark.logs("the queue rests", "arrived twice")  # the entry whose reservation was not recorded
@pytest.mark.parametrize(
    ("storage", "match"),
    [(Storage.FILE, "POST *createComponentAttachment"), (Storage.EOS, "POST *requestUploadEosFile")],
    ids=["ITkPD", "EOS"],
)
def test_a_disk_that_takes_no_more_rows_lets_all_rest_until_it_does(
    sandbox: SandboxProcess, tmp_path: Path, storage: Storage, match: str
) -> None:
    """What was asked of the server, and could not be recorded, is looked for before anything else is."""

    async def story(desk: Desk) -> None:
        await desk.fail(match, "stall")
        (upload,) = await desk.add(desk.file(storage=storage))
        await desk.until_struck()
        with _files_up_to((tmp_path / "queue" / "queue.sqlite3-wal").stat().st_size):
            await desk.clear()
            await desk.until(lambda: desk.queue.disk_trouble is not None, "to notice")
        await desk.until(lambda: desk.queue.disk_trouble is None, "to go on")
        await desk.until_done(upload)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


# Results ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("knew_another", [False, True])
def test_files_of_results_whose_process_was_killed_right_after_the_run_was_proved_go_to_it(
    sandbox: SandboxProcess, tmp_path: Path, *, knew_another: bool
) -> None:
    """Those too that had been told of an equal run, which did not stay."""

    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        file = desk.file().with_changes(parent=results.id, target=run)
        ids = await desk.add(results, file)
        await desk.until_in(WAITING, *ids)
        row = desk.row(ids[0])
        code, other = (await desk.runs_of(results.target))[:2]

        def as_if_killed() -> None:
            store = desk.queue.store
            if knew_another:
                store.change(desk.row(ids[1]), target=Owner(OwnerKind.TEST_RUN, other, "another run"))
            for state in (SENDING, CHECKING):
                store.move(row, state)
            store.move(row, DONE, code=code)

        await asyncio.to_thread(as_if_killed)
        await desk.restart()
        await desk.queue.resume()
        await desk.until_done(ids[1])
        assert [entry["owner"]["id"] for entry in await desk.held(ids[1])] == [code]

    tell(sandbox, tmp_path, story)


def test_files_of_results_whose_process_was_killed_right_after_these_were_cancelled_go_with_them(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        ids = await desk.add(results, desk.file().with_changes(parent=results.id, target=run))
        await desk.until_in(WAITING, *ids)
        await asyncio.to_thread(desk.queue.store.move, desk.row(ids[0]), CANCELLED)  # as if killed then
        await desk.restart()
        await desk.until(lambda: not desk.queue.store.unfinished(), "to cancel the file")
        assert desk.queue.store.get(ids[1]).state is CANCELLED

    tell(sandbox, tmp_path, story)


@contextlib.contextmanager
def _files_up_to(size: int) -> Iterator[None]:
    """Let this process write no file beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
