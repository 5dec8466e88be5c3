"""A user who sends files to a real sandbox process, and keeps a diary of what is told of them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

from itkgui.background.upload_runner import Upload, UploadRunner, UploadState

from itkgui.background.worker import Worker
from itkgui.client.attachments import NewAttachment
from itkgui.client.auth import AccessCodes
from itkgui.client.database import ComponentQuery, ProductionDatabase
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


async def sign_in(sandbox: SandboxProcess, worker: Worker) -> ProductionDatabase:
    settings = sandbox_settings(Settings(), sandbox.info)
    codes = AccessCodes(settings.access_code1, settings.access_code2)
    return await worker.call(ProductionDatabase.sign_in, settings, codes)


@contextlib.asynccontextmanager
async def at_desk(sandbox: SandboxProcess, folder: Path) -> AsyncIterator[Desk]:
    worker = Worker()
    try:
        database = await sign_in(sandbox, worker)
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
