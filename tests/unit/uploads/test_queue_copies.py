"""From the file to the queue's own copy: what is still being written, what is gone; at a real sandbox."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from itkgui.client.exceptions import Cancelled
from itkgui.client.transfer import Transfer, running
from itkgui.uploads.courier import Courier
from itkgui.uploads.spool import Spool
from itkgui.uploads.upload import Upload, UploadState
from itkgui.uploads.upload_store import UploadStore
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import QUICK, Desk, tell

COPYING, FAILED = UploadState.COPYING, UploadState.FAILED
WATCHFUL = replace(QUICK, still=0.3)


def test_a_file_that_is_still_being_written_is_waited_for_and_holds_up_no_other(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        slow, other = desk.file("slow.dat"), desk.file("other.dat")
        os.utime(other.source, (1e9, 1e9))
        ids = await desk.add(slow, other)
        with Path(slow.source).open("ab", buffering=0) as file:

            def written_until_told() -> bool:
                file.write(b"more")
                return desk.row(slow.id).trouble is not None and desk.states(other.id) == [UploadState.DONE]

            await desk.until(written_until_told, "to notice")
            trouble = desk.row(slow.id).trouble
            assert trouble is not None
            assert (trouble.title, desk.states(slow.id)) == ("Still being written", [COPYING])
            file.write(b"the end")
        await desk.until_done(*ids)
        assert desk.row(slow.id).size == Path(slow.source).stat().st_size
        await desk.assert_arrived_once(*ids)

        ahead = desk.file()
        tomorrow = time.time() + 86_400  # by the clock of a camera
        os.utime(ahead.source, (tomorrow, tomorrow))
        await desk.until_done(*await desk.add(ahead))

    tell(sandbox, tmp_path, story, WATCHFUL)


def test_a_copy_that_is_gone_is_made_again_of_the_same_bytes_only(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        rows = []
        for upload in (desk.file("same"), desk.file("other")):
            taken = desk.queue.spool.take(Path(upload.source), upload.id, upload.name)
            rows.append(upload.with_changes(sha256=taken.sha256, adler32=taken.adler32))
            desk.queue.spool.drop(upload.id)
        size = Path(rows[1].source).stat().st_size
        Path(rows[1].source).write_bytes(os.urandom(size))
        same, other = await desk.add(*rows)
        await desk.until_done(same)
        await desk.until_in(FAILED, other)
        trouble = desk.row(other).trouble
        assert trouble is not None
        assert trouble.title == "Not the same file any more"
        await desk.assert_arrived_once(same)
        assert await desk.held(other) == []

    tell(sandbox, tmp_path, story)


def test_what_was_copied_before_its_batch_is_given_up_needs_its_original_no_more(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        store, spool = UploadStore(tmp_path / "beside"), Spool(tmp_path / "beside" / "spool")
        courier = Courier.to(desk.database, store, spool, desk.timing)
        first, second = store.add([desk.file("first"), desk.file("second")])
        work = Transfer()

        def batch() -> Iterator[Upload]:
            yield first
            work.cancel()
            yield second

        with running(work), pytest.raises(Cancelled):
            courier.fetch(batch())
        first, second = map(store.get, (first.id, second.id))
        assert (first.state, second.state) == (UploadState.WAITING, COPYING)
        assert spool.holds(first)
        store.close()

    tell(sandbox, tmp_path, story)
