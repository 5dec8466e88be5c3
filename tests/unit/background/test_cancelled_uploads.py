"""Cancelled means that the server has not got the file, at whatever point the upload was."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from itkgui.background.upload_runner import AT_ONCE

from itkgui.records.attachment import Storage
from tests.sandbox_process import SandboxProcess
from tests.unit.background.desk import CANCELLED, DONE, SENDING, WAITING, Desk, frozen, tell


def test_upload_that_waits_for_its_target_is_cancelled_at_once_and_can_be_sent_later(
    start_sandbox: Callable[..., SandboxProcess], tmp_path: Path
) -> None:
    sandbox = start_sandbox("--components", "200")

    async def story(desk: Desk) -> None:
        with frozen(sandbox):
            first, second = desk.add("first.txt"), desk.add("second.txt")
            await desk.until(lambda: first.state is SENDING, "the first is sent")
            desk.runner.cancel(second)
            assert (first.state, second.state) == (SENDING, CANCELLED)
            desk.runner.retry(second)
            assert second.state is WAITING
            desk.runner.cancel(second)
        await desk.until_ended(first)
        assert (first.state, second.state) == (DONE, CANCELLED)
        assert await desk.on_server(second.owner, second.new) == []
        desk.runner.retry(second)
        await desk.until_ended(second)
        assert len(await desk.on_server(second.owner, second.new)) == 1

    tell(sandbox, tmp_path, story)


def test_upload_that_waits_for_a_thread_says_so_and_is_cancelled_at_once(
    start_sandbox: Callable[..., SandboxProcess], tmp_path: Path
) -> None:
    sandbox = start_sandbox("--components", "200")

    async def story(desk: Desk) -> None:
        busy = AT_ONCE
        with frozen(sandbox):
            uploads = [desk.add(f"file{number}.txt", target=number) for number in range(busy + 1)]
            await desk.until(
                lambda: desk.diary.count((uploads[busy - 1].new.title, SENDING)) == 1, "all sent"
            )
            assert [upload.state for upload in uploads] == [SENDING] * busy + [WAITING]
            desk.runner.cancel(uploads[-1])
            assert uploads[-1].state is CANCELLED
        await desk.until_ended(*uploads)
        assert [upload.state for upload in uploads] == [DONE] * busy + [CANCELLED]

    tell(sandbox, tmp_path, story)


@pytest.mark.alone
def test_cancelling_wakes_an_upload_whose_server_takes_no_more(
    start_sandbox: Callable[..., SandboxProcess], tmp_path: Path
) -> None:
    sandbox = start_sandbox("--components", "200")

    async def story(desk: Desk) -> None:
        upload = desk.runner.add(desk.targets[0], desk.big("big.dat", Storage.FILE))
        await desk.until(lambda: upload.share_done > 0.0, "the first bytes")
        with frozen(sandbox):
            assert upload.share_done < 1.0
            begun = time.monotonic()
            desk.runner.cancel(upload)
            await desk.until_ended(upload)
            assert time.monotonic() - begun < 0.5
        assert desk.story_of(upload) == [WAITING, SENDING, CANCELLED]
        assert (upload.error, upload.transfer, upload.share_done) == (None, None, 0.0)
        assert await desk.on_server(upload.owner, upload.new) == []

    tell(sandbox, tmp_path, story)


def test_entry_of_a_cancelled_upload_to_eos_is_taken_back(
    start_sandbox: Callable[..., SandboxProcess], tmp_path: Path
) -> None:
    sandbox = start_sandbox("--components", "200")

    async def story(desk: Desk) -> None:
        upload = desk.runner.add(desk.targets[0], desk.big("big.root", Storage.EOS))
        await desk.until(lambda: upload.share_done > 0.0, "the first bytes")
        desk.runner.cancel(upload)
        await desk.until_ended(upload)
        assert upload.state is CANCELLED
        assert await desk.on_server(upload.owner, upload.new) == []

    tell(sandbox, tmp_path, story)
