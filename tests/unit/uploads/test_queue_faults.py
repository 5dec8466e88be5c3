"""What the queue makes of servers that fail, at each step; at a real sandbox that fails on demand."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from itkgui.records.attachment import Storage
from itkgui.uploads.upload import Cause, UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import QUICK, Desk, tell
from tests.unit.uploads.late import let_unfinished_go

WAITING, SENDING, CHECKING = UploadState.WAITING, UploadState.SENDING, UploadState.CHECKING
HELD, FAILED, CANCELLED = UploadState.HELD, UploadState.FAILED, UploadState.CANCELLED
FILE, EOS = Storage.FILE, Storage.EOS

SIZE = 2_000_000
POST, RESERVE, PUT = "POST *createComponentAttachment", "POST *requestUploadEosFile", "PUT /eos/*"
LIST, READ, READ_EOS = "GET *getComponent", "GET *getComponentAttachment", "GET /eos/*"

# Points on the way of an upload at which it may be interrupted.
STEPS: dict[str, tuple[Storage, str, dict[str, Any]]] = {
    "before the form": (FILE, LIST, {}),
    "1 % of the form": (FILE, POST, {"after_bytes": SIZE // 100}),
    "half of the form": (FILE, POST, {"after_bytes": SIZE // 2}),
    "99 % of the form": (FILE, POST, {"after_bytes": SIZE * 99 // 100}),
    "the form's answer": (FILE, POST, {"side": "answer"}),
    "comparing the form": (FILE, LIST, {"skip": 1}),
    "reading the form back": (FILE, READ, {"after_bytes": SIZE // 2}),
    "reserving": (EOS, RESERVE, {"ms": 200}),
    "the reservation's answer": (EOS, RESERVE, {"side": "answer", "ms": 200}),
    "the door of EOS": (EOS, PUT, {"server": "door"}),
    "1 % of the bytes": (EOS, PUT, {"server": "node", "after_bytes": SIZE // 100}),
    "half of the bytes": (EOS, PUT, {"server": "node", "after_bytes": SIZE // 2}),
    "99 % of the bytes": (EOS, PUT, {"server": "node", "after_bytes": SIZE * 99 // 100}),
    "the answer of EOS": (EOS, PUT, {"server": "node", "side": "answer"}),
    "comparing with EOS": (EOS, LIST, {"skip": 1}),
    "asking EOS": (EOS, READ_EOS, {}),
}
at_each_step = pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)


@pytest.mark.logs("arrived twice")
@at_each_step
def test_cancelled_means_that_nothing_is_left_at_the_server(
    sandbox: SandboxProcess, tmp_path: Path, step: tuple[Storage, str, dict[str, Any]]
) -> None:
    storage, match, details = step

    async def story(desk: Desk) -> None:
        await desk.fail(match, "stall", **details)
        (upload,) = await desk.add(desk.file("a.dat", content=b"x" * SIZE, storage=storage))
        await desk.until_struck()
        begun = time.monotonic()
        await desk.queue.cancel([upload])
        await desk.until_in(CANCELLED, upload)
        assert time.monotonic() - begun < 2.0
        await let_unfinished_go(desk, upload)
        row = desk.row(upload)
        assert (row.left_behind, row.trouble) == ("", None)
        assert not desk.queue.spool.path(row).exists()
        await desk.assert_nothing_of(upload)
        await desk.clear()
        await desk.queue.retry([upload])
        await desk.until_done(upload)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


@pytest.mark.logs("arrived twice", "is looked after at the next try")
@at_each_step
def test_what_was_under_way_when_the_program_ended_arrives_once_with_the_next_start(
    sandbox: SandboxProcess, tmp_path: Path, step: tuple[Storage, str, dict[str, Any]]
) -> None:
    storage, match, details = step

    async def story(desk: Desk) -> None:
        await desk.fail(match, "stall", **details)
        (upload,) = await desk.add(desk.file("a.dat", content=b"x" * SIZE, storage=storage))
        await desk.until_struck()
        await desk.restart()
        await desk.until_done(upload)
        await let_unfinished_go(desk, upload)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


FAULTS = [
    {"do": "reset"},
    {"do": "reset", "side": "answer"},
    {"do": "commit_then_drop"},
    {"do": "status", "status": 500},
    {"do": "status", "status": 429, "headers": {"Retry-After": "0"}},
    {"do": "html"},
    {"do": "garbage"},
    {"do": "truncate", "after_bytes": 1000},
]


@pytest.mark.logs("arrived twice", "is looked after at the next try")
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: " ".join(map(str, fault.values())))
@pytest.mark.parametrize("place", [(FILE, POST), (FILE, READ), (EOS, RESERVE), (EOS, PUT), (EOS, READ_EOS)])
def test_an_upload_that_meets_a_fault_arrives_all_the_same_and_once(
    sandbox: SandboxProcess, tmp_path: Path, place: tuple[Storage, str], fault: dict[str, Any]
) -> None:
    storage, match = place

    async def story(desk: Desk) -> None:
        await desk.fail(match, **fault)
        (upload,) = await desk.add(desk.file("a.dat", content=b"x" * 200_000, storage=storage))
        await desk.until_done(upload)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


def test_cancelling_one_of_many_that_are_compared_leaves_the_others_alone(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(LIST, "stall", skip=1, times=1)
        ids = await desk.add(*(desk.file(f"{number}.txt") for number in range(5)))
        await desk.until_in(CHECKING, ids[0])
        await desk.until_struck()
        await desk.queue.cancel(ids[:1])
        await desk.until_in(CANCELLED, ids[0])
        await desk.until_done(*ids[1:])
        await desk.assert_arrived_once(*ids[1:])
        await desk.assert_nothing_of(ids[0])

    tell(sandbox, tmp_path, story)


# What needs somebody ---------------------------------------------------------------------------------------


def test_a_target_where_one_may_not_write_holds_what_goes_there_and_nothing_else(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "status", status=403, times=1)
        await desk.queue.pause()
        ids = await desk.add(*(desk.file(f"{number}.txt") for number in range(50)))
        await desk.until_in(WAITING, *ids)
        await desk.queue.resume()
        await desk.until_in(HELD, *ids)
        others = await desk.add(desk.file(target=1))
        await desk.until_done(*others)
        sent = {row.id for row in desk.diary if row.state is SENDING and row.id in ids}
        assert sent == {ids[0]}
        (hold,) = desk.queue.holds
        assert (hold.trouble.cause, hold.target) == (Cause.RIGHTS, desk.targets[0])
        await desk.restart()
        assert [hold.target for hold in desk.queue.holds] == [desk.targets[0]]
        await desk.queue.retry(ids[:1])  # if that one arrives, the right is there
        await desk.until_done(*ids)
        assert not desk.queue.holds
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)


def test_a_full_storage_holds_what_goes_there_and_nothing_else(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(PUT, "status", status=507, times=1)
        first, second = await desk.add(desk.file(storage=EOS), desk.file(storage=EOS))
        (other,) = await desk.add(desk.file(target=1))
        await desk.until_in(HELD, first, second)
        await desk.until_done(other)
        (hold,) = desk.queue.holds
        assert (hold.trouble.cause, hold.storage) == (Cause.STORAGE, EOS)
        await desk.assert_nothing_of(first, second)
        await desk.queue.keep_in(second, FILE)
        await desk.until_done(second)
        assert desk.states(first) == [HELD]
        await desk.queue.retry_all()
        await desk.until_done(first)
        await desk.assert_arrived_once(first, second)

    tell(sandbox, tmp_path, story)


def test_a_file_that_is_too_large_is_held_alone_and_can_go_elsewhere(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "status", status=413, times=1)
        large, other = await desk.add(desk.file(), desk.file())
        await desk.until_in(HELD, large)
        await desk.until_done(other)
        assert not desk.queue.holds
        title = desk.row(large).title
        await desk.queue.keep_in(large, EOS)
        await desk.until_done(large)
        assert desk.row(large).title == f"{title}.txt", "on EOS the ending is all that tells the kind"
        await desk.assert_arrived_once(large, other)

    tell(sandbox, tmp_path, story)


@pytest.mark.parametrize("place", [(FILE, POST), (FILE, LIST), (FILE, READ), (EOS, RESERVE)])
def test_an_ended_session_lets_all_wait_until_it_is_renewed(
    sandbox: SandboxProcess, tmp_path: Path, place: tuple[Storage, str]
) -> None:
    storage, match = place

    async def story(desk: Desk) -> None:
        await desk.fail(match, "status", status=401, times=2)  # the client signs in again by itself once
        (first,) = await desk.add(desk.file(storage=storage))
        await desk.until(lambda: bool(desk.queue.holds), "a hold")
        await desk.until_in(WAITING, first)
        (hold,) = desk.queue.holds
        assert hold.trouble.cause is Cause.SESSION
        others = await desk.add(*(desk.file(target=number) for number in range(3)))
        await desk.until_in(WAITING, *others)
        assert not any(row.state is SENDING for row in desk.diary if row.id in others)
        desk.queue.session_renewed()
        await desk.until_done(first, *others)
        assert not desk.queue.holds
        await desk.assert_arrived_once(first, *others)

    tell(sandbox, tmp_path, story)


def test_a_session_that_is_taken_again_lets_all_go_on_by_themselves(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "status", status=401, times=2)
        (first,) = await desk.add(desk.file())
        await desk.until(lambda: bool(desk.queue.holds), "a hold")
        await desk.until_done(first, *await desk.add(desk.file(target=1)))
        assert not desk.queue.holds

    tell(sandbox, tmp_path, story, replace(QUICK, session_pause=0.2))


def test_a_refusal_that_was_on_its_way_when_the_session_was_renewed_stops_nothing(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "stall", ms=300)
        (upload,) = await desk.add(desk.file())
        await desk.until_struck()
        desk.queue.session_renewed()
        await desk.fail(POST, "status", status=401, times=2)
        (other,) = await desk.add(desk.file(target=1))
        await desk.until(lambda: bool(desk.queue.holds), "a hold")
        desk.queue.session_renewed()
        await desk.until_done(upload, other)

    tell(sandbox, tmp_path, story)


# What passes -----------------------------------------------------------------------------------------------


def test_a_server_that_wants_to_be_left_alone_is(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "status", status=429, headers={"Retry-After": "1"})
        begun = time.monotonic()
        (upload,) = await desk.add(desk.file())
        await desk.until_in(SENDING, upload)
        await desk.until_done(upload)
        assert time.monotonic() - begun >= 1.0
        assert desk.row(upload).tries == 1

    tell(sandbox, tmp_path, story)


def test_a_server_that_is_away_for_a_while_is_asked_by_one_at_a_time(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("* *createComponentAttachment", "status", status=500, times=12)
        ids = await desk.add(*(desk.file(f"{number}.txt", target=number % 6) for number in range(18)))
        await desk.until_struck()
        await desk.until_done(*ids)
        tries = sum(desk.row(upload).tries for upload in ids)
        assert tries == 12
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)


def test_trouble_with_eos_does_not_stop_what_goes_to_the_database(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("PUT /eos/*", "status", status=500, times=None)
        on_eos = await desk.add(*(desk.file(target=number, storage=EOS) for number in range(4)))
        await desk.until(lambda: all(desk.row(upload).tries > 0 for upload in on_eos), "all to fail")
        trouble = desk.row(on_eos[0]).trouble
        assert trouble is not None
        assert trouble.cause is Cause.EOS_AWAY
        others = await desk.add(*(desk.file(target=number) for number in range(4)))
        await desk.until_done(*others)
        await desk.clear()
        await desk.until_done(*on_eos)
        await desk.assert_arrived_once(*on_eos, *others)

    tell(sandbox, tmp_path, story, replace(QUICK, first_pause=0.2))


@pytest.mark.logs("is looked after at the next try")
@pytest.mark.parametrize("match", [PUT, READ_EOS])
def test_a_token_of_eos_that_has_expired_is_no_lack_of_rights(
    sandbox: SandboxProcess, tmp_path: Path, match: str
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(match, "expire_token", times=2)
        (upload,) = await desk.add(desk.file(storage=EOS))
        await desk.until_done(upload)
        assert not any(row.state is HELD for row in desk.diary)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


@pytest.mark.logs("arrived twice", "is looked after at the next try")
def test_what_never_arrives_whole_fails_in_the_end_and_leaves_nothing(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "truncate", after_bytes=100, times=None)
        (upload,) = await desk.add(desk.file(content=b"x" * 1000))
        await desk.until_in(FAILED, upload)
        row = desk.row(upload)
        assert row.trouble is not None
        assert (row.trouble.title, row.tries >= 5) == ("File damaged on the way", True)
        await desk.assert_nothing_of(upload)

    tell(sandbox, tmp_path, story)


def test_a_first_doubt_after_many_lost_connections_is_no_reason_to_give_up(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "reset", times=7)
        await desk.fail(READ, "garbage", times=1)
        (upload,) = await desk.add(desk.file())
        await desk.until_done(upload)
        assert FAILED not in desk.story(upload)
        await desk.assert_arrived_once(upload)

    tell(sandbox, tmp_path, story)


@pytest.mark.logs("arrived twice")
def test_two_alike_whose_answers_are_lost_arrive_both(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(POST, "commit_then_drop", times=2)
        first = desk.file(may_repeat=True)
        ids = await desk.add(first, first.with_changes(id="twin"))
        await desk.until_done(*ids)
        await desk.assert_arrived_once(*ids)

    tell(sandbox, tmp_path, story)


def test_a_cancel_waits_for_the_server_that_has_what_is_to_be_removed(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail(READ, "stall")
        await desk.fail("POST *deleteComponentAttachment", "status", status=503, times=3)
        (upload,) = await desk.add(desk.file())
        await desk.until_in(CHECKING, upload)
        await asyncio.sleep(0)
        await desk.queue.cancel([upload])
        await desk.until_in(CANCELLED, upload)
        await desk.assert_nothing_of(upload)

    tell(sandbox, tmp_path, story)
