"""The same bytes for one target: never sent twice without a word from somebody; at a real sandbox."""

from __future__ import annotations

from pathlib import Path

from itkgui.uploads.upload import Cause, UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import Desk, tell

HELD, CANCELLED = UploadState.HELD, UploadState.CANCELLED


def test_bytes_that_the_target_has_already_wait_for_somebody(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        same = b"the same bytes"
        first, second, elsewhere = desk.file("a"), desk.file("b", content=same), desk.file("c", 1, same)
        ids = await desk.add(first.with_changes(source=second.source), second, elsewhere)
        await desk.until_done(ids[0], ids[2])
        await desk.until_in(HELD, ids[1])  # whether the first was still on its way, or there
        trouble = desk.row(ids[1]).trouble
        assert trouble is not None
        assert (trouble.cause, trouble.title) == (Cause.DUPLICATE, "There already")
        await desk.assert_arrived_once(ids[0], ids[2])

        desk.diary.clear()
        await desk.queue.retry(ids[1:2])
        await desk.until(lambda: HELD in desk.story(ids[1]), "to be held again")
        await desk.queue.retry(ids[1:2], anyway=True)
        await desk.until_done(ids[1])
        await desk.assert_arrived_once(*ids)

        await desk.queue.cancel(ids)
        (entry, other) = [
            entry
            for entry in await desk.worker.call(desk.database.files.of, first.target)
            if entry.code in (desk.row(ids[0]).code, desk.row(ids[1]).code)
        ]
        for one in (entry, other):
            await desk.worker.call(desk.database.files.delete, one)
        again = second.with_changes(id="again")
        await desk.until_done(*await desk.add(again))  # somebody has deleted them: then they are wanted

    tell(sandbox, tmp_path, story)


def test_what_is_wanted_besides_another_does_not_stop_that_one(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        first = desk.file("a")
        second = first.with_changes(id="second", title=f"{first.title} too", may_repeat=True)
        await desk.queue.pause()
        ids = await desk.add(first, second)
        await desk.until_in(UploadState.WAITING, *ids)
        await desk.queue.pause(ids[:1])
        await desk.queue.resume()
        await desk.until_done(ids[1])
        await desk.queue.resume(ids[:1])
        await desk.until_done(ids[0])
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)


def test_what_was_wanted_besides_another_stops_what_is_added_after_it(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        wanted = desk.file("a", may_repeat=True)
        ids = await desk.add(desk.file("b"), wanted)
        await desk.until_done(*ids)
        (again,) = await desk.add(wanted.with_changes(id="again", may_repeat=False))
        await desk.until_in(HELD, again)
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)
