"""What stays at the server of uploads, for a while or because it cannot be removed: it is known, and told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from itkgui.client.database import NewAttachment
from itkgui.item_models.upload_words import facts_of
from itkgui.records.attachment import Storage
from itkgui.uploads import remains
from itkgui.uploads.doubt import EXACT
from itkgui.uploads.headless.telling import row_lines
from itkgui.uploads.upload import UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import QUICK, Desk, tell
from tests.unit.uploads.late import let_time_pass

HELD, CANCELLED = UploadState.HELD, UploadState.CANCELLED
EOS, PUT = Storage.EOS, "PUT /eos/*"
SLOW = replace(QUICK, late=0.0, first_pause=60.0, longest_pause=60.0)
AT_ONCE = replace(QUICK, late=0.0)
REPEATS = 3  # of a PUT in one try
LATE = 10**8  # ms; until the rules are cleared


async def let_bytes_come(desk: Desk, code: str) -> None:
    """Let what was held up be done, and wait until the bytes of an entry are there."""
    await desk.clear()
    while await asyncio.to_thread(desk.control.stored, code) is None:
        await asyncio.sleep(0.005)


def has_tried(desk: Desk, upload_id: str, tries: int) -> bool:
    return desk.row(upload_id).tries == tries


def has_failed(desk: Desk, upload_id: str, times: int) -> bool:
    return desk.story(upload_id).count(UploadState.FAILED) == times


def unfinished(desk: Desk, upload_id: str) -> list[str]:
    return remains.unfinished_entries(desk.row(upload_id).left_behind)


@pytest.mark.parametrize("restarts", [False, True])
def test_bytes_that_come_long_after_they_were_sent_once_more_are_removed(
    sandbox: SandboxProcess, tmp_path: Path, *, restarts: bool
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(PUT, "drop_then_commit", server="node", ms=LATE, times=REPEATS)
        (upload,) = await desk.add(desk.file(storage=EOS))
        await desk.until_done(upload)
        (code,) = unfinished(desk, upload)
        assert code != desk.row(upload).code
        if restarts:
            await desk.restart()
        await let_bytes_come(desk, code)
        await let_time_pass(desk, upload)
        assert desk.queue.store.get(upload).left_behind == ""
        (entry,) = [
            one
            for one in (await desk.state())["attachments"]
            if one["code"] in (code, row_code(desk, upload))
        ]
        assert entry["code"] == row_code(desk, upload)
        await desk.assert_no_orphans()

    tell(sandbox, tmp_path, story, AT_ONCE)


@pytest.mark.logs("is looked after at the next try")
def test_nothing_is_left_at_an_object_store_that_is_not_allowed(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        (upload,) = await desk.add(desk.file(storage=EOS))
        for tries in (1, 2):
            await desk.until(partial(has_failed, desk, upload, tries), "to fail")
            assert desk.row(upload).left_behind == ""
            await desk.assert_nothing_of(upload)
            await desk.queue.retry([upload])

    tell(sandbox, tmp_path, story, AT_ONCE, eos_hosts=("eos.example.org",))


def row_code(desk: Desk, upload_id: str) -> str:
    return desk.queue.store.get(upload_id).code


def test_bytes_that_come_long_after_they_were_cancelled_are_removed(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(PUT, "drop_then_commit", server="node", ms=LATE, times=REPEATS)
        (upload,) = await desk.add(desk.file(storage=EOS))
        await desk.until(lambda: desk.row(upload).tries == 1, "to be lost")
        await desk.queue.cancel([upload])
        await desk.until_in(CANCELLED, upload)
        (code,) = unfinished(desk, upload)
        await let_bytes_come(desk, code)
        await let_time_pass(desk, upload)
        assert desk.row(upload).left_behind == ""
        await desk.assert_nothing_of(upload)

    tell(sandbox, tmp_path, story, SLOW)


def test_bytes_that_come_once_more_after_they_were_cancelled_are_removed(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("GET *getComponent", "stall", skip=1)  # when they are compared
        await desk.fail(PUT, "drop_then_commit", server="node", ms=LATE)  # and repeated at once
        (upload,) = await desk.add(desk.file(storage=EOS))
        await desk.until_struck()
        await desk.until_in(UploadState.CHECKING, upload)
        code = desk.row(upload).code
        await desk.queue.cancel([upload])
        await desk.until_in(CANCELLED, upload)
        assert unfinished(desk, upload) == [code]
        await desk.clear()
        await desk.until_at_rest()
        await let_time_pass(desk, upload)
        await desk.assert_nothing_of(upload)

    tell(sandbox, tmp_path, story, SLOW)


def test_bytes_that_come_before_the_next_try_are_taken_for_what_was_sent(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(PUT, "drop_then_commit", server="node", ms=LATE, times=REPEATS)
        (upload,) = await desk.add(desk.file(storage=EOS))
        await desk.until(lambda: desk.row(upload).tries == 1, "to be lost")
        code = desk.row(upload).code
        await let_bytes_come(desk, code)
        await desk.queue.retry([upload])
        await desk.until_done(upload)
        assert desk.row(upload).code == code
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story, SLOW)


def test_an_entry_that_may_get_bytes_as_the_last_look_begins_is_not_forgotten_at_its_end(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(PUT, "drop_then_commit", server="node", ms=LATE, times=REPEATS)
        (upload,) = await desk.add(desk.file(storage=EOS))
        await desk.until_done(upload)
        assert unfinished(desk, upload)
        await desk.clear()
        row, path = desk.row(upload), desk.folder / "by hand.txt"
        path.write_bytes(b"something else of the same title")
        other = NewAttachment.of(path, row.title, storage=Storage.FILE)
        entry = await asyncio.to_thread(desk.database.attach, row.target, other)
        await desk.fail("GET *getComponentAttachment", "slow", ms=1500)
        until = desk.database.client.server_time + EXACT + 0.7  # while that is compared
        await asyncio.to_thread(desk.queue.store.change, row, unclear_until=until, next_try=0.0)
        await desk.until(lambda: entry.code in desk.row(upload).left_behind, "to look")
        await desk.until(lambda: desk.row(upload).next_try > 0.0, "to look once more, later")
        await let_time_pass(desk, upload)
        assert desk.row(upload).left_behind == remains.entry(entry.code)
        await asyncio.to_thread(desk.database.delete_attachment, entry)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story, AT_ONCE)


def test_entries_without_bytes_do_not_gather_while_eos_is_away(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        lost = {"server": "node", "after_bytes": 5, "times": REPEATS}
        await desk.fail(PUT, "reset", **lost)
        (upload,) = await desk.add(desk.file(storage=EOS))
        for tries in (1, 2):
            await desk.until(partial(has_tried, desk, upload, tries), "to be lost")
            until = desk.database.client.server_time - 100.0
            await asyncio.to_thread(desk.queue.store.change, desk.row(upload), unclear_until=until)
            if tries < 2:
                await desk.fail(PUT, "reset", **lost)
                await desk.queue.retry([upload])
        await desk.clear()
        assert unfinished(desk, upload) == []
        assert (await desk.state())["orphan_records"].count(desk.row(upload).code) == 1
        await desk.queue.retry([upload])
        await desk.until_done(upload)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story, SLOW)


def test_an_entry_that_has_no_bytes_while_its_upload_is_paused_is_told(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(PUT, "drop_then_commit", server="node", ms=LATE, times=REPEATS)
        (upload,) = await desk.add(desk.file(storage=EOS))
        await desk.until(partial(has_tried, desk, upload, 1), "to be lost")
        await desk.queue.pause([upload])
        await desk.until_in(UploadState.PAUSED, upload)
        row = desk.row(upload)
        assert row.code in (await desk.state())["orphan_records"]
        assert row.at_server == remains.unfinished(row.code)
        told = f"left at the server: unfinished entry {row.code}"
        assert told in row_lines(row)[0]
        assert told in facts_of(row)
        await let_bytes_come(desk, row.code)
        await desk.queue.resume([upload])
        await desk.queue.retry([upload])
        await desk.until_done(upload)
        assert desk.row(upload).at_server == ""
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story, SLOW)


def test_what_comes_late_of_an_upload_that_is_held_is_taken_for_what_was_sent(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        post = "POST *createComponentAttachment"
        await desk.fail(post, "drop_then_commit", ms=LATE)
        (upload,) = await desk.add(desk.file())
        await desk.until(lambda: desk.row(upload).tries == 1, "to be lost")
        await desk.fail(post, "status", status=403)
        await desk.queue.retry([upload])
        await desk.until_in(HELD, upload)
        await desk.clear()
        while not (held := await desk.held(upload)):
            await asyncio.sleep(0.005)
        await let_time_pass(desk, upload)
        assert (desk.row(upload).state, desk.row(upload).code) == (HELD, held[0]["code"])
        await desk.queue.retry([upload])
        await desk.until_done(upload)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story, SLOW)


@pytest.mark.logs("could not be removed", "stay")
def test_what_cannot_be_removed_is_told(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("GET *getComponentAttachment", "stall")
        await desk.fail("POST *deleteComponentAttachment", "status", status=403)
        (upload,) = await desk.add(desk.file())
        await desk.until_in(UploadState.CHECKING, upload)
        await desk.queue.cancel([upload])
        await desk.until_in(CANCELLED, upload)
        (left,) = await desk.held(upload)
        assert desk.row(upload).left_behind == f"entry {left['code']}"
        await desk.clear()
        await desk.queue.retry([upload])
        await desk.until_done(upload)
        assert desk.row(upload).left_behind == ""
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


@pytest.mark.logs("could not be removed", "stay")
def test_a_test_run_that_cannot_be_removed_is_told(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        before = set(await desk.runs_of(desk.targets[0]))
        await desk.fail("GET *getTestRun", "stall")
        (upload,) = await desk.add(desk.results())
        await desk.until_struck()
        await desk.until_in(UploadState.CHECKING, upload)
        await desk.fail("POST *deleteTestRun", "status", status=403)
        await desk.queue.cancel([upload])
        await desk.until_in(CANCELLED, upload)
        (left,) = set(await desk.runs_of(desk.targets[0])) - before
        assert desk.row(upload).left_behind == f"test run {left}"
        await desk.clear()
        await desk.queue.retry([upload])
        await desk.until_done(upload)
        assert desk.row(upload).left_behind == ""
        assert set(await desk.runs_of(desk.targets[0])) - before == {desk.row(upload).code}

    tell(sandbox, tmp_path, story)
