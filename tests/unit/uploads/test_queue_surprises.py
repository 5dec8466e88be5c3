"""What comes in between: rows that have gone on, faults of the program itself, a damaged file in use."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.uploads.courier import Courier
from itkgui.uploads.queue_file import FILE_NAME, QueueDamaged
from itkgui.uploads.queue_lock import QueueLock
from itkgui.uploads.sorting import Timing
from itkgui.uploads.upload import UploadKind, UploadState
from itkgui.uploads.upload_store import UploadStore
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.computers import Computer
from tests.unit.uploads.desk import PATIENCE, QUICK, Desk, tell

WAITING, PAUSED, SENDING = UploadState.WAITING, UploadState.PAUSED, UploadState.SENDING
FAILED, CANCELLED, HELD = UploadState.FAILED, UploadState.CANCELLED, UploadState.HELD


def test_of_many_only_those_are_changed_that_have_not_gone_on_and_all_in_one_go(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *createComponentAttachment", "stall", times=1)
        ids = await desk.add(*(desk.file(f"{number}.txt") for number in range(5)))
        await desk.until_struck()
        await desk.until_in(SENDING, ids[0])
        await desk.until_in(WAITING, *ids[1:])
        before = desk.queue.store.changes()
        assert [row.id for row in await desk.queue.pause(ids)] == ids[1:]
        assert [row.id for row in await desk.queue.resume(ids)] == ids[1:]
        assert [row.id for row in await desk.queue.retry(ids)] == ids[1:]
        assert list(await desk.queue.take_back(ids[:3])) == ids[1:3]
        assert [row.id for row in await desk.queue.undo(ids)] == ids[3:]
        assert desk.queue.store.changes() == before + 5
        await desk.until_in(CANCELLED, *ids[1:])
        await desk.clear()
        await desk.until_done(ids[0])
        assert await desk.queue.cancel(ids) == []
        await desk.assert_arrived_once(ids[0])
        await desk.assert_nothing_of(*ids[1:])

    tell(sandbox, tmp_path, story)


@pytest.mark.logs("the queue failed at")
def test_a_fault_of_the_program_ends_in_the_row_and_holds_up_nothing(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    """Nothing can be attached to a batch, and no page offers it."""

    async def story(desk: Desk) -> None:
        batch = Owner(OwnerKind.BATCH, "0" * 24, "a batch")
        odd, other = await desk.add(desk.file().with_changes(target=batch), desk.file())
        await desk.until_in(FAILED, odd)
        await desk.until_done(other)
        trouble = desk.row(odd).trouble
        assert trouble is not None
        assert trouble.title == "Fault of this program"
        assert "batch" in trouble.detail
        await desk.queue.cancel([odd])
        await desk.until_in(CANCELLED, odd)

    tell(sandbox, tmp_path, story)


def test_a_fault_of_the_program_is_told_to_files_of_results_and_spares_what_had_arrived(
    sandbox: SandboxProcess, tmp_path: Path, here: Computer
) -> None:
    async def story(desk: Desk) -> None:
        courier = Courier.to(desk.database, here.store, here.spool, QUICK)
        results = here.drop("run.json", kind=UploadKind.TEST_RUN, state=SENDING)
        file = here.drop("iv.txt", parent=results.id, target=Owner(OwnerKind.TEST_RUN, "", "the run"))
        (stopped,) = courier.stop([results], ValueError("a fault"))
        trouble = here.store.get(file.id).trouble
        assert stopped.state is FAILED
        assert trouble is not None
        assert trouble.title == "Waits for its results"
        compared = here.drop("b.txt", state=UploadState.CHECKING, unclear_until=5.0)
        arrived = here.store.move(compared, UploadState.DONE)
        assert courier.stop([compared], ValueError("a fault")) == []
        assert here.store.get(arrived.id).was_unclear, "nobody has looked at it once more"
        (looked_at,) = courier.stop([arrived], ValueError("a fault"))
        assert not looked_at.was_unclear

    tell(sandbox, tmp_path, story)


def test_what_another_process_has_proved_is_not_taken_back_by_one_that_is_behind(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        results = desk.results()
        (done,) = await desk.add(results)
        await desk.until_done(done)
        store, arrived = desk.queue.store, desk.row(done)
        courier = Courier.to(desk.database, store, desk.queue.spool, QUICK)
        behind = arrived.with_changes(state=UploadState.CHECKING)
        assert await desk.worker.call(courier.prove, [behind]) == [], "its copy is gone since"
        assert store.get(done) == arrived
        assert arrived.code in await desk.runs_of(arrived.target)

    tell(sandbox, tmp_path, story)


def test_last_looks_that_fail_again_and_again_are_tried_less_and_less_often(
    sandbox: SandboxProcess, tmp_path: Path, here: Computer
) -> None:
    async def story(desk: Desk) -> None:
        courier = Courier.to(desk.database, here.store, here.spool, Timing())
        held = here.drop("a.txt", state=HELD, unclear_until=5.0, target=desk.targets[0])

        async def seconds_after_a_look() -> float:
            begun = time.time()
            await desk.worker.call(courier.look_again, here.store.get(held.id))
            return here.store.get(held.id).next_try - begun

        await desk.fail("GET *getComponent", "status", status=403, times=None)
        for longest in (40.0, 80.0, 160.0, 320.0, 600.0, 600.0):
            assert 0.75 * longest <= await seconds_after_a_look() <= longest + PATIENCE
        await desk.clear()
        await seconds_after_a_look()
        assert not here.store.get(held.id).was_unclear

    tell(sandbox, tmp_path, story)


def test_one_of_many_whose_bytes_the_server_refuses_to_show_fails_alone(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("GET *getComponentAttachment", "status", status=400, times=1)
        ids = await desk.add(*(desk.file(f"{number}.txt") for number in range(5)))
        await desk.until_in((UploadState.DONE, FAILED), *ids)
        (failed,) = (one for one in ids if desk.row(one).state is FAILED)
        await desk.assert_nothing_of(failed)
        await desk.assert_arrived_once(*(one for one in ids if one != failed))

    tell(sandbox, tmp_path, story)


@pytest.mark.logs("the queue is damaged .* and was put aside")
def test_a_damaged_file_is_put_aside_only_by_whoever_may_run_the_queue(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.close()
        path = tmp_path / "queue" / FILE_NAME
        path.write_bytes(b"no database" * 1000)
        other = QueueLock(tmp_path / "queue")
        assert other.try_take()
        desk.queue = desk.new_queue()
        with pytest.raises(QueueDamaged):
            await desk.queue.open()
        assert path.read_bytes() == b"no database" * 1000
        other.release()
        with pytest.raises(QueueDamaged):
            await desk.queue.open(may_run=False)
        await desk.queue.open()
        assert desk.queue.store.put_aside is not None
        await desk.until_done(*await desk.add(desk.file()))

    tell(sandbox, tmp_path, story)


def test_a_full_storage_that_says_so_at_once_has_taken_nothing_and_the_other_one_can(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *createComponentAttachment", "status", status=507, times=1)
        (upload,) = await desk.add(desk.file(content=os.urandom(1000)))
        await desk.until_in(HELD, upload)
        await desk.queue.keep_in(upload, Storage.EOS)
        await desk.until_done(upload)
        assert desk.row(upload).storage is Storage.EOS
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


def test_ten_thousand_that_ended_and_five_hundred_that_wait_are_no_burden(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        going = [desk.file(f"{number}.dat", number % 6) for number in range(24)]
        first = going[0]
        done = [first.with_changes(id=f"done {number}", state=UploadState.DONE) for number in range(10_000)]
        staying = [first.with_changes(id=f"stays {number}", state=WAITING) for number in range(476)]
        await desk.until_in(WAITING, *await desk.add(*going))
        await desk.queue.close()
        store = UploadStore(tmp_path / "queue", desk.database.user.identity)
        store.add([*done, *staying])
        store.close()
        desk.queue = desk.new_queue()
        await desk.queue.open()
        assert [row.state.is_open for row in desk.queue.uploads] == [True] * 500
        before = desk.queue.store.changes()
        gone = await desk.queue.cancel([row.id for row in staying])
        assert (len(gone), desk.queue.store.changes()) == (476, before + 1)
        assert await asyncio.to_thread(desk.queue.store.history_count, "") == 10_000
        await desk.queue.resume()
        await desk.until(lambda: desk.states(first.id) == [UploadState.DONE], "the first")
        await desk.restart()
        ids = [row.id for row in going if desk.queue.get(row.id) is not None]
        await desk.until_done(*ids)
        titles = {row.title for row in going}
        held = [entry["title"] for entry in (await desk.state())["attachments"] if entry["title"] in titles]
        assert sorted(held) == sorted(titles)
        await desk.assert_no_orphans()

    tell(sandbox, tmp_path, story)


def test_all_go_on_once_the_session_is_renewed_of_which_a_renewal_had_failed(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        authenticator = desk.database.client.authenticator
        settings, grant, now = authenticator._settings, authenticator.grant, time.time()
        assert grant is not None
        # Long enough for what is short, too short for a transfer.
        claims = {**grant.claims, "exp": now + 500}
        authenticator._grant = replace(grant, begins=now - 1300, claims=claims)
        authenticator._settings = replace(settings, access_audience="another")  # no new token is good
        (upload,) = await desk.add(desk.file())
        await desk.until(lambda: bool(desk.queue.holds), "a hold")
        authenticator._settings = settings
        await asyncio.to_thread(authenticator.renew, 600.0)  # as for whoever reads a page meanwhile
        await desk.until_done(upload)
        assert not desk.queue.holds

    tell(sandbox, tmp_path, story, replace(QUICK, session_pause=0.05))
