"""One archive of uploads on two computers: what it holds arrives once, whoever sends it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from itkgui.records.attachment import Storage
from itkgui.uploads.hand_over import export_rows, import_rows
from itkgui.uploads.upload import Upload, UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import QUICK, Desk, tell
from tests.unit.uploads.late import let_time_pass

WAITING, DONE, CANCELLED = UploadState.WAITING, UploadState.DONE, UploadState.CANCELLED
AT_ONCE = replace(QUICK, late=0.0)


async def handed_over(desk: Desk, *uploads: Upload, later: float = 0.0) -> tuple[Path, list[str]]:
    """Hand uploads over, of which nothing has been sent; return the archive and their ids.

    What was sent before is not of them, even if it is so many seconds ``later`` by the server's clock.
    """
    await desk.queue.pause()
    ids = await desk.add(*uploads)
    await desk.until_in(WAITING, *ids)
    path = desk.folder / "uploads.zip"
    client, queue = desk.database.client, desk.queue
    server, moment = desk.database.settings.api_url, client.server_time + later
    await asyncio.to_thread(export_rows, queue.store, queue.spool, ids, path, server, moment)
    await desk.until_in(CANCELLED, *ids)
    return path, ids


async def take(desk: Desk, path: Path) -> None:
    server = desk.database.settings.api_url
    await asyncio.to_thread(import_rows, path, desk.queue.store, desk.queue.spool, server)


@contextlib.asynccontextmanager
async def other_computer(desk: Desk) -> AsyncIterator[Desk]:
    other = Desk(desk.database, desk.worker, desk.folder / "other", desk.timing)
    other.targets = desk.targets
    await other.queue.open()
    try:
        yield other
    finally:
        await other.queue.close()


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS])
def test_what_another_computer_has_sent_is_found_and_not_sent_again(
    sandbox: SandboxProcess, tmp_path: Path, storage: Storage
) -> None:
    async def story(desk: Desk) -> None:
        before = set(await desk.runs_of(desk.targets[0]))
        path, ids = await handed_over(desk, desk.file(target=1, storage=storage), desk.results())
        async with other_computer(desk) as other:
            await take(other, path)
            await other.until(lambda: len(other.queue.uploads) == 2, "to take them")
            await other.until_done(*ids)
            await take(desk, path)
            await desk.queue.resume()
            await desk.until_done(*ids)
            assert [desk.row(one).code for one in ids] == [other.row(one).code for one in ids]
        await desk.assert_arrived_once(ids[0])
        assert set(await desk.runs_of(desk.targets[0])) - before == {desk.row(ids[1]).code}

    tell(sandbox, tmp_path, story, AT_ONCE)


@pytest.mark.logs("arrived twice")
@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS])
def test_two_computers_that_send_at_the_same_moment_agree_on_what_stays(
    sandbox: SandboxProcess, tmp_path: Path, storage: Storage
) -> None:
    async def story(desk: Desk) -> None:
        before = set(await desk.runs_of(desk.targets[0]))
        path, ids = await handed_over(desk, desk.file(target=1, storage=storage), desk.results())
        async with other_computer(desk) as other:
            for match in ("POST *createComponentAttachment", "POST *requestUploadEosFile"):
                await desk.fail(match, "stall", times=2)
            await desk.fail("POST *uploadTestRunResults", "stall", times=2)
            for one in (desk, other):
                await take(one, path)
            await desk.queue.resume()
            unused = 2  # of the two ways to send a file only one is gone
            while await asyncio.to_thread(desk.control.turns_left) > unused:
                await asyncio.sleep(0.005)
            await desk.clear()
            for one in (desk, other):
                await one.until_done(*ids)
            for one in (desk, other):
                await let_time_pass(one, *ids)
            assert [desk.row(one).code for one in ids] == [other.row(one).code for one in ids]
        await desk.assert_arrived_once(ids[0])
        assert set(await desk.runs_of(desk.targets[0])) - before == {desk.row(ids[1]).code}

    tell(sandbox, tmp_path, story, AT_ONCE)


def test_who_cancels_what_another_computer_has_sent_leaves_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        path, (upload,) = await handed_over(desk, desk.file())
        async with other_computer(desk) as other:
            await take(other, path)
            await other.until(lambda: bool(other.queue.uploads), "to take it")
            await other.until_done(upload)
            await take(desk, path)
            await desk.queue.cancel([upload])
            await desk.until_in(CANCELLED, upload)
            assert desk.row(upload).left_behind == ""
            assert [entry["code"] for entry in await desk.held(upload)] == [other.row(upload).code]

    tell(sandbox, tmp_path, story, AT_ONCE)


def test_what_is_wanted_more_than_once_is_left_to_the_computer_that_has_sent_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        first = desk.file(target=1).with_changes(may_repeat=True)
        path, ids = await handed_over(desk, first)
        await desk.queue.resume()
        others = await desk.add(*(first.with_changes(id=f"{number:032x}") for number in (1, 2)))
        await desk.until_done(*others)
        async with other_computer(desk) as other:
            await take(other, path)
            await other.until_done(*ids)
            held = {entry.code for entry in await desk.worker.call(desk.database.files.of, first.target)}
            assert {desk.row(one).code for one in others} <= held, "what is done stays done"
            assert other.row(ids[0]).code in held

    tell(sandbox, tmp_path, story, AT_ONCE)


@pytest.mark.parametrize("match", ["POST *createComponentAttachment", "POST *uploadTestRunResults"])
def test_what_was_given_away_is_not_taken_for_what_a_lost_answer_here_has_brought(
    sandbox: SandboxProcess, tmp_path: Path, match: str
) -> None:
    async def story(desk: Desk) -> None:
        first = desk.results() if "TestRun" in match else desk.file()
        await desk.fail(match, "reset", side="answer")
        (kept,) = await desk.add(first)
        await desk.until_done(kept)
        assert desk.row(kept).was_unclear
        again = first.with_changes(id="1" * 32, may_repeat=True)
        path, (given,) = await handed_over(desk, again, later=60.0)
        async with other_computer(desk) as other:
            await take(other, path)
            await other.until(lambda: bool(other.queue.uploads), "to take it")
            await other.until_done(given)
            await let_time_pass(desk, kept)
            codes = {desk.row(kept).code, other.row(given).code}
        assert len(codes) == 2
        held = {entry["code"] for entry in await desk.held(kept)}
        assert codes <= held | set(await desk.runs_of(first.target)), "what is done stays done"

    tell(sandbox, tmp_path, story, AT_ONCE)
