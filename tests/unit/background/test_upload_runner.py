"""Uploads to a real sandbox process: done means that the server has the file, failed that it may come yet."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from itkgui.background.upload_runner import AT_ONCE, Upload, UploadState

from itkgui.background.worker import Worker
from itkgui.client.exceptions import ComponentNotFound, FileUnreadable, ServerUnreachable
from itkgui.records.attachment import Owner, OwnerKind, Storage
from tests.sandbox_process import SandboxProcess
from tests.unit.background.desk import (
    CANCELLED,
    DONE,
    FAILED,
    PATIENCE,
    SENDING,
    WAITING,
    Desk,
    frozen,
    sign_in,
    tell,
)

# Done ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("storage", [Storage.FILE, Storage.EOS], ids=lambda storage: storage.label)
def test_done_means_that_the_server_gives_the_same_bytes(
    sandbox: SandboxProcess, tmp_path: Path, storage: Storage
) -> None:
    content = os.urandom(300_000)

    async def story(desk: Desk) -> None:
        new = desk.new("iv.dat", content, storage)
        upload = desk.runner.add(desk.targets[0], new)
        await desk.until_ended(upload)
        assert desk.story_of(upload) == [WAITING, SENDING, DONE]
        assert (upload.error, upload.share_done, upload.transfer) == (None, 1.0, None)
        listed = await desk.on_server(desk.targets[0], new)
        assert [attachment.code for attachment in listed] == [upload.attachment and upload.attachment.code]
        assert listed[0].storage is storage
        fetched = await desk.worker.call(desk.database.download, listed[0], tmp_path / "fetched")
        assert fetched.path.read_bytes() == content

    tell(sandbox, tmp_path, story)


def test_file_goes_to_a_test_run_as_well(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        found = await desk.worker.call(desk.database.component, "20UPGM23800001")
        owner = Owner(OwnerKind.TEST_RUN, found.component.runs[0].id, "a run")
        upload = desk.runner.add(owner, desk.new("log.txt"))
        await desk.until_ended(upload)
        assert upload.state is DONE
        assert len(await desk.on_server(owner, upload.new)) == 1

    tell(sandbox, tmp_path, story)


def test_files_for_one_target_go_one_after_another_in_the_order_they_were_added(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        uploads = [desk.add(f"file{number}.txt") for number in range(4)]
        assert desk.runner.open_count == 4
        await desk.until_ended(*uploads)
        expected = [(upload.new.title, WAITING) for upload in uploads]
        for upload in uploads:
            expected += [(upload.new.title, SENDING), (upload.new.title, DONE)]
        assert desk.diary == expected
        assert desk.runner.uploads == uploads
        assert desk.runner.open_count == 0
        for upload in uploads:
            assert len(await desk.on_server(upload.owner, upload.new)) == 1

    tell(sandbox, tmp_path, story)


def test_every_listener_is_told_and_one_may_leave_while_it_is_told(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        once: list[UploadState] = []
        always: list[UploadState] = []

        def leave(upload: Upload) -> None:
            once.append(upload.state)
            desk.runner.listeners.remove(leave)

        desk.runner.listeners += [leave, lambda upload: always.append(upload.state)]
        await desk.until_ended(desk.add("a.txt"))
        assert once == [WAITING]
        assert always == [WAITING, SENDING, DONE]

    tell(sandbox, tmp_path, story)


# Failed -------------------------------------------------------------------------------------------------


def test_failed_upload_keeps_its_error_and_can_be_sent_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        new = desk.new("iv.json", b"{}")
        new.file.path.unlink()
        upload = desk.runner.add(desk.targets[1], new)
        await desk.until_ended(upload)
        assert upload.state is FAILED
        assert isinstance(upload.error, FileUnreadable)
        assert await desk.on_server(desk.targets[1], new) == []

        new.file.path.write_bytes(b"{}")
        desk.runner.retry(upload)
        assert desk.diary[-1] == (new.title, WAITING)
        assert [waiting.error for waiting in desk.runner.uploads] == [None]
        await desk.until_ended(upload)
        assert desk.story_of(upload) == [WAITING, SENDING, FAILED, WAITING, SENDING, DONE]
        assert len(await desk.on_server(desk.targets[1], new)) == 1

    tell(sandbox, tmp_path, story)


def test_target_that_does_not_exist_fails_without_harm_to_others(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        nowhere = Owner(OwnerKind.COMPONENT, "0" * 32, "nothing")
        lost, good = desk.runner.add(nowhere, desk.new("a.txt")), desk.add("b.txt")
        await desk.until_ended(lost, good)
        assert isinstance(lost.error, ComponentNotFound)
        assert good.state is DONE

    tell(sandbox, tmp_path, story)


def test_server_that_is_gone_fails_the_upload_and_the_next_one_for_its_target(
    start_sandbox: Callable[..., SandboxProcess], tmp_path: Path
) -> None:
    sandbox = start_sandbox("--components", "200")

    async def main() -> None:
        worker = Worker()
        try:
            desk = Desk(await sign_in(sandbox, worker), worker, tmp_path)
            desk.targets = [Owner(OwnerKind.COMPONENT, "0" * 32, "any")]
            sandbox.process.kill()
            sandbox.process.wait(PATIENCE)
            uploads = [desk.add("a.txt"), desk.add("b.txt")]
            await desk.until_ended(*uploads)
            assert [upload.state for upload in uploads] == [FAILED, FAILED]
            assert all(isinstance(upload.error, ServerUnreachable) for upload in uploads)
        finally:
            worker.stop()

    asyncio.run(main())


def test_what_is_done_or_under_way_is_not_sent_again(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        upload = desk.add("a.txt", target=2)
        desk.runner.retry(upload)
        await desk.until_ended(upload)
        desk.runner.retry(upload)
        desk.runner.cancel(upload)
        assert desk.story_of(upload) == [WAITING, SENDING, DONE]
        assert len(await desk.on_server(desk.targets[2], upload.new)) == 1

    tell(sandbox, tmp_path, story)


# The end ------------------------------------------------------------------------------------------------


@pytest.mark.alone
def test_stop_ends_what_is_sent_and_what_waits_and_leaves_the_rest_alone(
    start_sandbox: Callable[..., SandboxProcess], tmp_path: Path
) -> None:
    sandbox = start_sandbox("--components", "200")

    async def story(desk: Desk) -> None:
        done = desk.add("done.txt", target=7)
        await desk.until_ended(done)
        with frozen(sandbox):
            uploads = [desk.add(f"file{number}.txt", target=number // 2) for number in range(2 * AT_ONCE)]
            await desk.until(
                lambda: [upload.state for upload in uploads].count(SENDING) == AT_ONCE, "some are sent"
            )
            begun = time.monotonic()
            await desk.runner.stop()
            assert time.monotonic() - begun < 1.0
        assert [upload.state for upload in uploads] == [CANCELLED] * 2 * AT_ONCE
        assert desk.runner.open_count == 0
        assert done.state is DONE
        assert asyncio.all_tasks() == {asyncio.current_task()}

    tell(sandbox, tmp_path, story)


def test_upload_added_when_the_worker_has_stopped_is_cancelled_and_not_lost(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def main() -> None:
        worker = Worker()
        desk = Desk(await sign_in(sandbox, worker), worker, tmp_path)
        desk.targets = [Owner(OwnerKind.COMPONENT, "0" * 32, "any")]
        worker.stop()
        upload = desk.add("a.txt")
        await desk.until_ended(upload)
        assert desk.story_of(upload) == [WAITING, SENDING, CANCELLED]

    asyncio.run(main())


def test_listeners_are_told_on_the_thread_of_the_event_loop(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        told_on: set[int] = set()
        desk.runner.listeners.append(lambda _: told_on.add(threading.get_ident()))
        await desk.until_ended(desk.add("a.txt", target=3))
        assert told_on == {threading.get_ident()}

    tell(sandbox, tmp_path, story)
