"""Somebody with a queue at a real sandbox process, who can ask what that truly holds."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from itkgui.background.worker import Worker
from itkgui.client.credentials import AccessCodes
from itkgui.client.database import ComponentQuery, ProductionDatabase
from itkgui.embedded_sandbox import sandbox_settings
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.settings import Settings
from itkgui.uploads.dispatcher import SENT_AT_ONCE
from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload import Upload, UploadKind, UploadState
from itkgui.uploads.upload_queue import UploadQueue
from tests.interop.control import Control
from tests.sandbox_process import SandboxProcess

PATIENCE = 20.0  # seconds after which a test gives up
QUICK = Timing(undo=0.0, first_pause=0.02, longest_pause=0.1, disk_pause=0.05, still=0.0, late=0.1)

_HOME = "MPP"  # where results may be entered; the first two targets are there
_numbers = itertools.count()


class Desk:
    """A signed-in person with targets, a queue in a folder, and files to send."""

    def __init__(self, database: ProductionDatabase, worker: Worker, folder: Path, timing: Timing) -> None:
        self.database = database
        self.worker = worker
        self.folder = folder
        self.timing = timing
        self.targets: list[Owner] = []
        self.control = Control(database.settings.api_url)
        self.orphans_before = _orphans(self.control.state())
        self.diary: list[Upload] = []
        self.queue = self.new_queue()

    def new_queue(self) -> UploadQueue:
        """Return another queue on the same folder, as a further start of the program makes it."""
        queue = UploadQueue(self.database, self.worker, self.folder / "queue", self.timing)
        queue.listeners.append(self.diary.append)
        return queue

    async def restart(self) -> None:
        await self.queue.close()
        self.queue = self.new_queue()
        await self.queue.open()

    def file(
        self,
        name: str = "note.txt",
        target: int = 0,
        content: bytes = b"",
        storage: Storage = Storage.FILE,
        **changes: Any,
    ) -> Upload:
        """Write a file, as no other one without a content, and return what the review sheet makes of it."""
        folder = self.folder / "source" / str(next(_numbers))
        folder.mkdir(parents=True)
        content = content or f"content of {os.urandom(8).hex()}".encode()
        (folder / name).write_bytes(content)
        upload = Upload(
            kind=UploadKind.FILE,
            target=self.targets[target],
            name=name,
            title=f"{name} of {os.urandom(4).hex()}",  # others attach to the same sandbox
            description="from a test",
            storage=storage,
            size=len(content),
            media_type="application/octet-stream",
            source=str(folder / name),
        )
        return upload.with_changes(**changes)

    def big(self, name: str = "big.dat", storage: Storage = Storage.EOS, target: int = 0) -> Upload:
        """Return a file that takes long enough on its way to be caught there."""
        return self.file(name, target, os.urandom(1_000_000) * 24, storage)

    def results(self, target: int = 0, **changes: Any) -> Upload:
        """Return results of a test, other ones each time."""
        body = {
            "component": self.targets[target].key,
            "testType": "MASS_MEASUREMENT",
            "institution": _HOME,
            "stage": "MODULE/ASSEMBLY",
            "runNumber": str(next(_numbers)),
            "date": "2026-05-04T10:00:00.000Z",
            "passed": True,
            "problems": False,
            "properties": {"SCALE_ACCURACY": 0.25},
            "results": {"MASS": int.from_bytes(os.urandom(4), "big") / 64},
            "comments": ["weighed"],
        }
        content = json.dumps(body).encode()
        return self.file("results.json", target, content, kind=UploadKind.TEST_RUN, **changes)

    async def add(self, *uploads: Upload) -> list[str]:
        return [row.id for row in await self.queue.add(uploads)]

    def row(self, upload_id: str) -> Upload:
        found = self.queue.get(upload_id)
        assert found is not None, f"{upload_id} is unknown"
        return found

    def states(self, *ids: str) -> list[UploadState]:
        return [self.row(upload_id).state for upload_id in ids]

    def story(self, upload_id: str) -> list[UploadState]:
        """Return the states through which an upload went."""
        states = [row.state for row in self.diary if row.id == upload_id]
        return [state for state, _ in itertools.groupby(states)]

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"{what}: {[_told(row) for row in self.queue.uploads]}"
            await asyncio.sleep(0.001)

    async def until_in(self, states: UploadState | tuple[UploadState, ...], *ids: str) -> None:
        wanted = states if isinstance(states, tuple) else (states,)
        await self.until(lambda: all(state in wanted for state in self.states(*ids)), f"to be {wanted}")

    async def until_done(self, *ids: str) -> None:
        await self.until_in(UploadState.DONE, *ids)

    # What the sandbox holds --------------------------------------------------------------------------------

    async def state(self) -> dict[str, Any]:
        return await asyncio.to_thread(self.control.state)

    async def fail(self, match: str, do: str, **details: Any) -> None:
        await asyncio.to_thread(lambda: self.control.fail(match, do, **details))

    async def until_struck(self) -> None:
        """Wait until all that was to fail has begun to."""
        deadline = time.monotonic() + PATIENCE
        while await asyncio.to_thread(self.control.turns_left):
            assert time.monotonic() < deadline, [_told(row) for row in self.queue.uploads]
            await asyncio.sleep(0.005)

    async def until_at_rest(self) -> None:
        """Wait until the sandbox does nothing any more for somebody whose connection it has lost."""
        await asyncio.to_thread(self.control.let_rest)

    async def clear(self) -> None:
        await asyncio.to_thread(self.control.clear)

    async def held(self, *ids: str) -> list[dict[str, Any]]:
        """Return what the sandbox holds under the titles of uploads."""
        titles = {self.row(upload_id).title for upload_id in ids}
        return [entry for entry in (await self.state())["attachments"] if entry["title"] in titles]

    async def assert_arrived_once(self, *ids: str) -> None:
        """Check that each is there byte for byte, where it was to go, and nothing else of its title is."""
        held = await self.held(*ids)
        found = sorted((entry["owner"]["id"], entry["title"], entry["sha256"]) for entry in held)
        rows = [self.row(upload_id) for upload_id in ids]
        assert found == sorted((row.target.label, row.title, row.sha256) for row in rows)
        assert sorted(entry["code"] for entry in held) == sorted(row.code for row in rows)
        await self.assert_no_orphans()

    async def assert_nothing_of(self, *ids: str) -> None:
        assert await self.held(*ids) == []
        await self.assert_no_orphans()

    async def assert_no_orphans(self) -> None:
        assert _orphans(await self.state()) - self.orphans_before == set()

    async def runs_of(self, target: Owner) -> list[str]:
        """Return the ids of the ready runs of a component."""
        question = {"filterMap": {"code": target.key, "state": ["ready"]}}
        runs = await self.worker.call(
            lambda: list(self.database.client.pages("listTestRunsByComponent", question, refresh=True))
        )
        return [str(run["id"]) for run in runs]


def _orphans(state: dict[str, Any]) -> set[str]:
    """Return what a sandbox holds only half: codes of entries without bytes, names of bytes without entry."""
    return {*state["orphan_records"], *(entry["name"] for entry in state["orphan_bytes"])}


def _told(row: Upload) -> str:
    trouble = f" ({row.trouble.title}: {row.trouble.detail})" if row.trouble else ""
    return f"{row.name} {row.state.value} at {row.step.value}{trouble}"


async def sign_in(sandbox: SandboxProcess, worker: Worker, **changes: Any) -> ProductionDatabase:
    settings = replace(sandbox_settings(Settings(), sandbox.info), **changes)
    codes = AccessCodes(settings.access_code1, settings.access_code2)
    return await worker.call(ProductionDatabase.sign_in, settings, codes)


@contextlib.asynccontextmanager
async def at_desk(
    sandbox: SandboxProcess, folder: Path, timing: Timing = QUICK, **settings: Any
) -> AsyncIterator[Desk]:
    worker = Worker()
    try:
        database = await sign_in(sandbox, worker, **settings)
        desk = Desk(database, worker, folder, timing)
        found = await worker.call(database.search, ComponentQuery(project="P"), 0)
        modules = [item for item in found.items if item.label.startswith("20UPGM")]
        modules.sort(key=lambda item: item.location.code != _HOME)
        desk.targets = [
            Owner(OwnerKind.COMPONENT, item.code, item.label) for item in modules[: SENT_AT_ONCE + 1]
        ]
        with desk.control:
            await desk.queue.open()
            try:
                yield desk
            finally:
                await asyncio.to_thread(desk.control.clear)
                await desk.queue.close()
        await worker.call(database.sign_out)
    finally:
        worker.stop()


Story = Callable[[Desk], Awaitable[None]]


def tell(
    sandbox: SandboxProcess, folder: Path, story: Story, timing: Timing = QUICK, **settings: Any
) -> None:
    """Run a story at a desk with these settings, and let it fail for whatever went wrong in the queue."""

    async def main() -> None:
        faults: list[dict[str, Any]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
        async with at_desk(sandbox, folder, timing, **settings) as desk:
            await story(desk)
        assert faults == []

    asyncio.run(main())
