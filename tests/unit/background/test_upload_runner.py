"""Uploads to a real sandbox process: done means that the server has the file, cancelled that it has not."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from itkgui.background.upload_runner import AT_ONCE, Upload, UploadRunner, UploadState
from itkgui.background.worker import Worker
from itkgui.client.attachments import NewAttachment
from itkgui.client.auth import AccessCodes
from itkgui.client.database import ComponentQuery, ProductionDatabase
from itkgui.client.exceptions import ComponentNotFound, FileUnreadable, ServerUnreachable
from itkgui.client.files import LocalFile, inspect
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage
from itkgui.settings import Settings
from tests.sandbox_process import SandboxProcess

PATIENCE = 20.0  # seconds after which a test gives up
BIG = 48_000_000  # bytes; long enough on its way to be caught there

WAITING, SENDING, DONE, FAILED, CANCELLED = UploadState


class Desk:
    """A signed-in user with files to send; knows the targets and keeps a diary of what the runner told."""

    def __init__(self, database: ProductionDatabase, worker: Worker, folder: Path) -> None:
        self.database = database
        self.worker = worker
        self.folder = folder
        self.runner = UploadRunner(database, worker)
        self.diary: list[tuple[str, UploadState]] = []
        self.runner.listeners.append(self._write)
        self.targets: list[Owner] = []

    def _write(self, upload: Upload) -> None:
        self.diary.append((upload.new.title, upload.state))

    def new(self, name: str, content: bytes = b"content", storage: Storage = Storage.FILE) -> NewAttachment:
        path = self.folder / name
        path.write_bytes(content)
        return NewAttachment(inspect(path), title_of(name), "from a test", storage)

    def big(self, name: str, storage: Storage) -> NewAttachment:
        path = self.folder / name
        with path.open("wb") as file:
            file.truncate(BIG)
        return NewAttachment(LocalFile(path, BIG, "application/octet-stream"), title_of(name), "", storage)

    def add(self, name: str, target: int = 0, content: bytes = b"content") -> Upload:
        return self.runner.add(self.targets[target], self.new(name, content))

    async def on_server(self, owner: Owner, new: NewAttachment) -> list[Attachment]:
        """Return what the server lists for a target under the title of a file."""
        listed = await self.worker.call(self.database.attachments, owner)
        return [attachment for attachment in listed if attachment.title == new.title]

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"{what}: {self.diary}"
            await asyncio.sleep(0.001)

    async def until_ended(self, *uploads: Upload) -> None:
        await self.until(lambda: not any(upload.state.is_open for upload in uploads), "the end")

    def story_of(self, upload: Upload) -> list[UploadState]:
        return [state for title, state in self.diary if title == upload.new.title]


def title_of(name: str) -> str:
    return f"{name} of {os.urandom(4).hex()}"  # the sandbox is shared: others attach too


@contextlib.asynccontextmanager
async def at_desk(sandbox: SandboxProcess, folder: Path) -> AsyncIterator[Desk]:
    settings = sandbox_settings(Settings(), sandbox.info)
    codes = AccessCodes(settings.access_code1, settings.access_code2)
    worker = Worker()
    try:
        database = await worker.call(ProductionDatabase.sign_in, settings, codes)
        desk = Desk(database, worker, folder)
        found = await worker.call(database.search, ComponentQuery(project="P"), 0)
        desk.targets = [Owner(OwnerKind.COMPONENT, item.code, item.label) for item in found.items[:8]]
        yield desk
        await desk.runner.stop()
        await worker.call(database.sign_out)
    finally:
        worker.stop()


Story = Callable[[Desk], Awaitable[None]]


def tell(sandbox: SandboxProcess, folder: Path, story: Story) -> None:
    async def main() -> None:
        async with at_desk(sandbox, folder) as desk:
            await story(desk)

    asyncio.run(main())


@contextlib.contextmanager
def frozen(sandbox: SandboxProcess) -> Iterator[None]:
    """Let a sandbox of the test's own hang, as a server does when its network is gone."""
    sandbox.process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        sandbox.process.send_signal(signal.SIGCONT)


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
        settings = sandbox_settings(Settings(), sandbox.info)
        codes = AccessCodes(settings.access_code1, settings.access_code2)
        worker = Worker()
        try:
            desk = Desk(await worker.call(ProductionDatabase.sign_in, settings, codes), worker, tmp_path)
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


# Cancelled ----------------------------------------------------------------------------------------------


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
        settings = sandbox_settings(Settings(), sandbox.info)
        codes = AccessCodes(settings.access_code1, settings.access_code2)
        worker = Worker()
        desk = Desk(await worker.call(ProductionDatabase.sign_in, settings, codes), worker, tmp_path)
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
