"""An ``itkgui upload`` that is interrupted while it fills the queue: all of it is there, or nothing is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from itkgui.uploads.headless.desk import Desk as HeadlessDesk
from itkgui.uploads.headless.sending import Order, Parcel, into_queue, packed
from itkgui.uploads.headless.telling import Teller
from itkgui.uploads.queue_file import FILE_NAME
from itkgui.uploads.upload import Upload
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import Desk, tell


@contextlib.contextmanager
def nobody_writes(folder: Path) -> Iterator[None]:
    """Keep the queue's file from being written to."""
    database = sqlite3.connect(folder / FILE_NAME, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        database.close()


def copies(desk: Desk) -> list[Path]:
    return list(desk.queue.spool.folder.glob("*/*"))


def is_adding() -> bool:
    return any(getattr(task.get_coro(), "__name__", "") == "add" for task in asyncio.all_tasks())


async def interrupted(task: asyncio.Task[list[Upload]], parcel: Parcel) -> list[Upload]:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    return parcel.taken


def test_interrupt_leaves_all_or_nothing(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        headless = HeadlessDesk(desk.database, desk.queue, desk.worker, Teller(as_json=True))
        source = tmp_path / "files"
        source.mkdir()
        for number in range(3):
            (source / f"{number}.dat").write_bytes(os.urandom(1000))
        order = Order(desk.targets[0].label, (source,))

        parcel = await desk.worker.call(packed, desk.database, order)
        task = asyncio.ensure_future(into_queue(headless, parcel))
        await desk.until(lambda: bool(copies(desk)), "the first copy")
        assert await interrupted(task, parcel) == []
        assert (copies(desk), list(desk.queue.uploads)) == ([], [])

        parcel = await desk.worker.call(packed, desk.database, order)
        with nobody_writes(tmp_path / "queue"):
            task = asyncio.ensure_future(into_queue(headless, parcel))
            await desk.until(is_adding, "the rows on their way")
            ending = asyncio.ensure_future(interrupted(task, parcel))
            await asyncio.sleep(0)
        rows = await ending
        assert len(rows) == 3
        assert sorted(row.id for row in desk.queue.uploads) == sorted(row.id for row in rows)
        assert all(desk.queue.spool.holds(row) for row in rows)
        await desk.queue.resume()
        await desk.until_done(*(row.id for row in rows))
        await desk.assert_arrived_once(*(row.id for row in rows))

    tell(sandbox, tmp_path, story)
