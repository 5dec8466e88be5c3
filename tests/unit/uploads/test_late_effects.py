"""What a request does at the server after its connection is gone, and everybody has stopped waiting for it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from itkgui.records.attachment import Storage
from itkgui.uploads.upload import UploadKind, UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import QUICK, Desk, tell

FILE, EOS = Storage.FILE, Storage.EOS
DONE, FAILED, CANCELLED = UploadState.DONE, UploadState.FAILED, UploadState.CANCELLED
SOON = replace(QUICK, late=0.0, settled=0.5)
AGES = replace(QUICK, late=0.0)
LATE = 10**8  # ms; until the rules are cleared


async def until_settled(desk: Desk, *ids: str) -> None:
    await desk.until(lambda: not any(desk.row(one).was_unclear for one in ids), "the last look")


async def until_late(desk: Desk, count: int, kind: str = "attachments") -> None:
    """Let what was held up be done, and wait until it is."""
    before = len((await desk.state())[kind])
    await desk.clear()
    while len((await desk.state())[kind]) < before + count:
        await asyncio.sleep(0.005)


@pytest.mark.logs("arrived twice")
@pytest.mark.parametrize(
    ("storage", "match"),
    [(FILE, "POST *createComponentAttachment"), (EOS, "POST *requestUploadEosFile")],
)
@pytest.mark.parametrize("restarts", [False, True])
def test_what_comes_long_after_it_was_sent_once_more_is_removed_again(
    sandbox: SandboxProcess, tmp_path: Path, storage: Storage, match: str, *, restarts: bool
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(match, "drop_then_commit", ms=LATE)
        (upload,) = await desk.add(desk.file(storage=storage))
        await desk.until_done(upload)
        code = desk.row(upload).code
        assert desk.row(upload).was_unclear
        await until_late(desk, 1)
        assert len(await desk.held(upload)) == 2
        if restarts:
            await desk.restart()
            assert desk.queue.get(upload) is None, "what is over is not shown again"
            store = desk.queue.store
            await desk.until(lambda: not store.awaiting_last_look(), "the last look")
            assert store.get(upload).code == code
        else:
            await until_settled(desk, upload)
            assert desk.row(upload).state is DONE
        (entry,) = [one for one in (await desk.state())["attachments"] if one["title"] == title(desk, upload)]
        assert entry["code"] == code
        await desk.assert_no_orphans()

    tell(sandbox, tmp_path, story, SOON)


def title(desk: Desk, upload_id: str) -> str:
    return desk.queue.store.get(upload_id).title
