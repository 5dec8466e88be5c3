"""Somebody who does not want to wait while the queue leaves a server alone, and the server that is back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from itkgui.records.attachment import Storage
from itkgui.uploads.upload import UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import QUICK, Desk, tell

POST = "POST *createComponentAttachment"
# By itself the queue would wait for an hour.
PATIENT = replace(QUICK, first_pause=3600.0, longest_pause=3600.0, beat=0.05)


async def left_alone(desk: Desk, count: int) -> list[str]:
    """Let three uploads lose their connection, so that the server is left alone; return them and another."""
    await desk.fail(POST, "reset", times=count)
    ids = await desk.add(*(desk.file(target=number) for number in range(3)))
    await desk.until(lambda: all(desk.row(one).tries for one in ids), "three failures")
    ids += await desk.add(desk.file(target=3))
    await desk.until_in(UploadState.WAITING, *ids)
    return ids


def test_a_retry_is_tried_at_once_and_all_tell_when_they_are(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        ids = await left_alone(desk, 4)
        waits = [desk.queue.wait(desk.row(one)) for one in ids]
        assert all(wait is not None and wait > 60.0 for wait in waits), waits
        await desk.queue.retry(ids[3:])
        await desk.until(lambda: desk.row(ids[3]).tries == 1, "a try in vain")
        assert [desk.row(one).tries for one in ids] == [1, 1, 1, 1]
        wait = desk.queue.wait(desk.row(ids[3]))
        assert wait is not None
        assert wait > 60.0
        await desk.fail(POST, "stall")
        await desk.queue.retry(ids)
        await desk.until_struck()
        assert sorted(desk.queue.wait(desk.row(one)) or 0.0 for one in ids) == [0.0] * 4
        assert [state for state in desk.states(*ids) if state is UploadState.SENDING] == [UploadState.SENDING]
        await desk.clear()
        await desk.until_done(*ids)
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story, PATIENT)


def test_a_retry_of_another_process_is_tried_at_once_too(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        ids = await left_alone(desk, 3)
        other = desk.new_queue()
        other.listeners.clear()
        await other.open(may_run=False)
        await other.retry(ids[:1])
        await other.close()
        await desk.until_done(*ids[:1], ids[3])

    tell(sandbox, tmp_path, story, PATIENT)


def test_what_waits_goes_on_when_the_servers_are_back(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        ids = await left_alone(desk, 3)
        await desk.queue.pause(ids[:3])  # so that nothing that has failed is tried again
        await desk.state()  # which takes so long that the queue has looked at all rows
        await desk.queue.database_answers()
        await desk.until_done(ids[3])

    tell(sandbox, tmp_path, story, PATIENT)


def test_one_tries_whether_eos_is_back_with_the_database(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("PUT /eos/*", "status", status=500, times=None)
        ids = await desk.add(*(desk.file(target=number, storage=Storage.EOS) for number in range(3)))
        await desk.until(lambda: all(desk.row(one).tries for one in ids), "three failures")
        await desk.until_in(UploadState.WAITING, *ids)
        await desk.clear()
        await desk.fail("PUT /eos/*", "stall")
        await desk.queue.database_answers()
        await desk.until_struck()
        await desk.state()  # which takes so long that the queue has looked at all rows
        assert desk.states(*ids).count(UploadState.SENDING) == 1
        await desk.clear()
        await desk.until_done(*ids)
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story, PATIENT)


def test_nothing_is_said_to_leave_while_all_is_paused(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        (upload,) = await desk.add(desk.file())
        await desk.until_in(UploadState.WAITING, upload)
        assert desk.queue.wait(desk.row(upload)) is not None
        await desk.queue.pause()
        assert desk.queue.wait(desk.row(upload)) is None

    tell(sandbox, tmp_path, story, replace(QUICK, undo=3600.0))
