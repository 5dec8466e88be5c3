"""A disk that takes no more in the middle of something: all of it goes on by itself once the disk does."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from itkgui.records.attachment import Owner, OwnerKind
from itkgui.uploads.queue_file import FILE_NAME
from itkgui.uploads.upload import UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import Desk, tell

COPYING = UploadState.COPYING


@contextlib.contextmanager
def full_for(folder: Path, columns: str) -> Iterator[None]:
    """Let the queue's file take everything but changes of some columns."""
    full = f"BEFORE UPDATE OF {columns} ON uploads BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    with contextlib.closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as database:
        database.execute(f"CREATE TRIGGER is_full {full}")
        try:
            yield
        finally:
            database.execute("DROP TRIGGER is_full")


@pytest.mark.logs("the queue rests")
def test_files_learn_of_their_run_though_the_disk_was_full_when_it_was_proved(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        with full_for(tmp_path / "queue", "target_key"):
            ids = await desk.add(results, desk.file().with_changes(parent=results.id, target=run))
            await desk.until(lambda: desk.queue.disk_trouble is not None, "to notice")
        await desk.until_done(*ids)
        assert [entry["owner"]["id"] for entry in await desk.held(ids[1])] == [desk.row(ids[0]).code]

    tell(sandbox, tmp_path, story)


@pytest.mark.logs("the queue rests")
def test_files_that_were_copied_while_the_disk_was_full_are_copied_again(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        with full_for(tmp_path / "queue", "sha256"):
            ids = await desk.add(*(desk.file(f"{number}.txt") for number in range(20)))
            await desk.until(lambda: desk.queue.disk_trouble is not None, "to notice")
            assert set(desk.states(*ids)) == {COPYING}
        await desk.until_done(*ids)
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)
