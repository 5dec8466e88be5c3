"""What a request does at the server after its connection is gone, and nobody waits for it any more."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from itkgui.client.credentials import AccessCodes
from itkgui.client.database import NewAttachment, ProductionDatabase
from itkgui.records.attachment import Attachment, Owner, OwnerKind, Storage
from itkgui.uploads.upload import UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import QUICK, Desk, tell
from tests.unit.uploads.late import let_time_pass

FILE, EOS = Storage.FILE, Storage.EOS
DONE, HELD, CANCELLED = UploadState.DONE, UploadState.HELD, UploadState.CANCELLED
POST, RESERVE = "POST *createComponentAttachment", "POST *requestUploadEosFile"
SLOW = replace(QUICK, late=0.0, first_pause=60.0, longest_pause=60.0)
AT_ONCE = replace(QUICK, late=0.0)
LATE = 10**8  # ms; until the rules are cleared


async def let_take_effect(desk: Desk, *ids: str, count: int = 1) -> None:
    """Let what was held up be done, and wait until it is."""
    await desk.clear()
    while len(await desk.held(*ids)) < count:
        await asyncio.sleep(0.005)


async def by_hand(desk: Desk, upload_id: str, *, content: bytes = b"") -> Attachment:
    """Let the same person send something of the same title, as with a browser: the same, or a content."""
    row = desk.row(upload_id)
    path = desk.folder / f"by hand {row.name}"
    path.write_bytes(content or Path(row.source).read_bytes())
    new = NewAttachment.of(path, row.title, storage=row.storage)
    return await asyncio.to_thread(desk.database.attach, row.target, new)


@pytest.mark.logs("arrived twice")
@pytest.mark.parametrize(("storage", "match"), [(FILE, POST), (EOS, RESERVE)])
@pytest.mark.parametrize("restarts", [False, True])
def test_what_comes_long_after_it_was_sent_once_more_is_removed_again(
    sandbox: SandboxProcess, tmp_path: Path, storage: Storage, match: str, *, restarts: bool
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(match, "drop_then_commit", ms=LATE)
        (upload,) = await desk.add(desk.file(storage=storage))
        await desk.until_done(upload)
        row = desk.row(upload)
        await let_take_effect(desk, upload, count=2)
        if restarts:
            await desk.restart()
            assert desk.queue.get(upload) is None, "what is over is not shown again"
        await let_time_pass(desk, upload)
        (entry,) = [one for one in (await desk.state())["attachments"] if one["title"] == row.title]
        assert (entry["code"], entry["sha256"]) == (row.code, row.sha256)
        assert desk.queue.store.get(upload).left_behind == ""
        await desk.assert_no_orphans()

    tell(sandbox, tmp_path, story, AT_ONCE)


@pytest.mark.logs("arrived twice")
def test_what_comes_long_after_it_was_cancelled_is_removed(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        before = set(await desk.runs_of(desk.targets[0]))
        await desk.fail(POST, "drop_then_commit", ms=LATE)
        await desk.fail("POST *uploadTestRunResults", "drop_then_commit", ms=LATE)
        file, results = await desk.add(desk.file(target=1), desk.results())
        await desk.until(lambda: desk.row(file).tries + desk.row(results).tries == 2, "both to be lost")
        await desk.queue.cancel([file, results])
        await desk.until_in(CANCELLED, file, results)
        assert await desk.held(file) == []
        await let_take_effect(desk, file)
        while set(await desk.runs_of(desk.targets[0])) == before:
            await asyncio.sleep(0.005)
        await let_time_pass(desk, file, results)
        await desk.assert_nothing_of(file)
        assert set(await desk.runs_of(desk.targets[0])) == before
        assert not desk.queue.spool.holds(desk.row(results))

    tell(sandbox, tmp_path, story, SLOW)


@pytest.mark.logs("arrived twice")
def test_results_that_come_long_after_they_were_sent_once_more_are_removed_again(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        before = set(await desk.runs_of(desk.targets[0]))
        await desk.fail("POST *uploadTestRunResults", "drop_then_commit", ms=LATE)
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        ids = await desk.add(results, desk.file().with_changes(parent=results.id, target=run))
        await desk.until_done(*ids)
        await desk.clear()
        while len(set(await desk.runs_of(desk.targets[0])) - before) < 2:
            await asyncio.sleep(0.005)
        await desk.restart()
        await let_time_pass(desk, results.id)
        code = desk.queue.store.get(results.id).code
        assert set(await desk.runs_of(desk.targets[0])) - before == {code}
        assert desk.queue.store.get(ids[1]).target.key == code

    tell(sandbox, tmp_path, story, AT_ONCE)


def test_what_somebody_sends_on_purpose_stays(sandbox: SandboxProcess, tmp_path: Path) -> None:
    """The same person later, another person at the same time; of other bytes it is told."""

    async def story(desk: Desk) -> None:
        await desk.fail(POST, "reset", side="answer")
        (upload,) = await desk.add(desk.file())
        await desk.until_done(upload)
        row = desk.row(upload)
        theirs = await asyncio.to_thread(somebody_else, sandbox, desk)
        with theirs:
            path = tmp_path / "theirs"
            path.write_bytes(Path(row.source).read_bytes())
            new = NewAttachment.of(path, row.title, storage=FILE)
            stranger = await asyncio.to_thread(theirs.attach, row.target, new)
        other = await by_hand(desk, upload, content=b"another content")
        await desk.restart()
        await let_time_pass(desk, upload)
        await desk.until(lambda: desk.queue.get(upload) is not None, "to show it once more")
        assert desk.row(upload).left_behind == f"entry {other.code}"
        later = await by_hand(desk, upload)
        await let_time_pass(desk, upload, seconds=100.0)
        held = {entry["code"] for entry in await desk.held(upload)}
        assert held == {row.code, stranger.code, other.code, later.code}
        await asyncio.to_thread(desk.database.delete_attachment, other)
        await let_time_pass(desk, upload, seconds=100.0)
        assert desk.row(upload).left_behind == ""

    tell(sandbox, tmp_path, story, AT_ONCE)


@pytest.mark.parametrize(("storage", "match"), [(FILE, POST), (EOS, RESERVE)])
def test_what_somebody_sends_while_the_server_is_away_for_the_queue_stays_when_that_is_cancelled(
    sandbox: SandboxProcess, tmp_path: Path, storage: Storage, match: str
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(match, "reset")
        (upload,) = await desk.add(desk.file(storage=storage))
        await fail_to_look(desk, upload, "GET *getComponent")
        theirs = await by_hand(desk, upload)
        await desk.queue.cancel([upload])
        await desk.until_in(CANCELLED, upload)
        assert [entry["code"] for entry in await desk.held(upload)] == [theirs.code]
        assert desk.row(upload).left_behind == ""

    tell(sandbox, tmp_path, story, SLOW)


def test_results_that_somebody_sends_while_the_server_is_away_for_the_queue_stay_when_that_is_cancelled(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        before = set(await desk.runs_of(desk.targets[0]))
        await desk.fail("POST *uploadTestRunResults", "reset")
        (upload,) = await desk.add(desk.results())
        await fail_to_look(desk, upload, "GET *listTestRunsByComponent")
        body = json.loads(Path(desk.row(upload).source).read_text())
        answer = await asyncio.to_thread(desk.database.client.post, "uploadTestRunResults", body)
        await desk.queue.cancel([upload])
        await desk.until_in(CANCELLED, upload)
        assert set(await desk.runs_of(desk.targets[0])) - before == {answer["testRun"]["id"]}

    tell(sandbox, tmp_path, story, SLOW)


async def fail_to_look(desk: Desk, upload_id: str, match: str) -> None:
    """Let a request be lost, and long after it the try that looks what came of it fail, too."""
    await desk.until(lambda: desk.row(upload_id).tries == 1, "to be lost")
    until = desk.database.client.server_time - 100.0
    await asyncio.to_thread(desk.queue.store.change, desk.row(upload_id), unclear_until=until)
    await desk.fail(match, "reset", times=3)  # so often it is asked
    await desk.queue.retry([upload_id])
    await desk.until(lambda: desk.row(upload_id).tries == 2, "to fail to look")


def somebody_else(sandbox: SandboxProcess, desk: Desk) -> ProductionDatabase:
    account = sandbox.info["accounts"][1]
    codes = AccessCodes(account["access_code1"], account["access_code2"])
    return ProductionDatabase.sign_in(desk.database.settings, codes)


@pytest.mark.logs("arrived twice", "no last look")
def test_bytes_that_stay_when_a_twin_is_removed_are_told(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(RESERVE, "reset", side="answer")
        (upload,) = await desk.add(desk.file(storage=EOS))
        await desk.until_done(upload)
        twin = await by_hand(desk, upload)
        await desk.fail("DELETE /eos/*", "status", status=403)
        await let_time_pass(desk, upload)
        row = desk.row(upload)
        assert (row.state, row.left_behind) == (DONE, f"bytes of entry {twin.code}")
        assert [entry["code"] for entry in await desk.held(upload)] == [row.code]

    tell(sandbox, tmp_path, story, AT_ONCE)


@pytest.mark.logs("arrived twice")
def test_what_comes_late_to_the_storage_that_was_tried_first_is_removed(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "drop_then_commit", ms=LATE)
        await desk.fail(POST, "status", status=413)
        (upload,) = await desk.add(desk.file())
        await desk.until_in(HELD, upload)
        await desk.queue.keep_in(upload, EOS)
        await desk.until_done(upload)
        await let_take_effect(desk, upload, count=2)
        await let_time_pass(desk, upload)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story, AT_ONCE)


@pytest.mark.parametrize(("storage", "match"), [(FILE, POST), (EOS, RESERVE)])
def test_a_file_whose_name_is_no_text_is_found_though_the_answer_is_lost(
    sandbox: SandboxProcess, tmp_path: Path, storage: Storage, match: str
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(match, "commit_then_drop")
        name = f"  caf\udce9 e\u0301 {tmp_path.name}"
        (upload,) = await desk.add(desk.file(name, storage=storage).with_changes(title=name))
        await desk.until_done(upload)
        titles = [entry["title"] for entry in (await desk.state())["attachments"]]
        assert sum(tmp_path.name in title for title in titles) == 1
        await desk.assert_no_orphans()

    tell(sandbox, tmp_path, story, AT_ONCE)


@pytest.mark.logs("arrived twice")
def test_what_is_about_to_be_deleted_is_taken_for_nothing_else(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "drop_then_commit", ms=LATE)
        first = desk.file()
        (done,) = await desk.add(first)
        await desk.until(lambda: desk.row(done).tries == 1, "to be lost")
        await desk.queue.retry([done])
        await desk.until_done(done)
        await desk.fail(POST, "reset")
        (alike,) = await desk.add(first.with_changes(id="alike", may_repeat=True))
        await desk.until(lambda: desk.row(alike).tries == 1, "to be lost, too")
        await let_take_effect(desk, done, count=2)
        await desk.fail("POST *deleteComponentAttachment", "drop_then_commit", ms=LATE)
        now = desk.database.client.server_time
        await asyncio.to_thread(desk.queue.store.change, desk.row(done), unclear_until=now, next_try=0.0)
        await desk.until(lambda: "entry" in desk.row(done).left_behind, "to delete the twin")
        await desk.until_struck()
        await desk.queue.retry([alike])
        await desk.until_done(alike)
        await desk.clear()
        await let_time_pass(desk, done, seconds=1.0)
        await desk.assert_arrived_once(done, alike)

    tell(sandbox, tmp_path, story, SLOW)
