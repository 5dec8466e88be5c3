"""Results of tests in the queue: each becomes one run, and the files that belong to it follow."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from itkgui.client.database import ComponentQuery
from itkgui.records.attachment import Owner, OwnerKind, Storage
from itkgui.records.component import Component
from itkgui.uploads.upload import Upload, UploadKind, UploadState
from tests.sandbox_process import SandboxProcess
from tests.unit.uploads.desk import Desk, tell

CHECKING, FAILED, CANCELLED = UploadState.CHECKING, UploadState.FAILED, UploadState.CANCELLED


def test_results_become_a_run_and_their_files_go_to_it(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        files = [desk.file(f"{name}.txt").with_changes(parent=results.id, target=run) for name in "abc"]
        files[1] = files[1].with_changes(storage=Storage.EOS)
        before = await desk.runs_of(results.target)
        ids = await desk.add(results, *files)
        await desk.until_done(*ids)
        made = set(await desk.runs_of(results.target)) - set(before)
        assert made == {desk.row(ids[0]).code}
        held = await desk.held(*ids[1:])
        assert {entry["owner"]["id"] for entry in held} == made
        assert len(held) == 3

    tell(sandbox, tmp_path, story)


def test_a_file_of_results_that_failed_is_sent_again_alone(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *createTestRunAttachment", "status", status=400, skip=1)
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        files = [desk.file(f"{name}.txt").with_changes(parent=results.id, target=run) for name in "abc"]
        before = await desk.runs_of(results.target)
        ids = await desk.add(results, *files)
        await desk.until_in(FAILED, ids[2])
        await desk.until_done(ids[0], ids[1], ids[3])
        await desk.restart()
        await desk.queue.retry([ids[2]])
        await desk.until_done(ids[2])
        assert len(await desk.runs_of(results.target)) == len(before) + 1

    tell(sandbox, tmp_path, story)


def test_a_file_that_failed_for_itself_keeps_its_reason_when_its_results_arrive(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        file = desk.file().with_changes(parent=results.id, target=run)
        Path(file.source).unlink()
        ids = await desk.add(results, file)
        await desk.until_in(FAILED, ids[1])
        trouble = desk.row(ids[1]).trouble
        await desk.queue.resume()
        await desk.until_done(ids[0])
        await desk.until(lambda: bool(desk.row(ids[1]).target.key), "to know its run")
        assert desk.row(ids[1]).trouble == trouble is not None

    tell(sandbox, tmp_path, story)


def test_results_that_are_there_already_are_not_sent_twice_unless_that_is_wanted(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        results = desk.results()
        (first,) = await desk.add(results)
        await desk.until_done(first)
        before = await desk.runs_of(results.target)
        again = results.with_changes(id="again")
        (second,) = await desk.add(again)
        await desk.until_in(UploadState.HELD, second)
        assert await desk.runs_of(results.target) == before
        await desk.queue.retry([second], anyway=True)
        await desk.until_done(second)
        assert len(await desk.runs_of(results.target)) == len(before) + 1

    tell(sandbox, tmp_path, story)


def test_the_run_of_results_whose_answer_was_lost_is_found(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *uploadTestRunResults", "commit_then_drop")
        results = desk.results()
        before = await desk.runs_of(results.target)
        (upload,) = await desk.add(results)
        await desk.until_done(upload)
        assert set(await desk.runs_of(results.target)) - set(before) == {desk.row(upload).code}

    tell(sandbox, tmp_path, story)


def test_files_of_results_that_stopped_wait_visibly_and_follow_them(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *uploadTestRunResults", "status", status=400)
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        ids = await desk.add(results, desk.file().with_changes(parent=results.id, target=run))
        await desk.until_in(FAILED, ids[0])
        await desk.until(lambda: desk.row(ids[1]).trouble is not None, "to tell why it waits")
        assert not desk.queue.is_flowing()
        await desk.queue.retry(ids[1:])
        await desk.until_done(*ids)
        assert [entry["owner"]["id"] for entry in await desk.held(ids[1])] == [desk.row(ids[0]).code]

    tell(sandbox, tmp_path, story)


def test_results_that_were_paused_stay_so_when_the_storage_of_their_file_has_room_again(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.queue.pause()
        results, run = desk.results(), Owner(OwnerKind.TEST_RUN, "", "the run")
        (first,) = await desk.add(desk.file(storage=Storage.EOS))
        ids = await desk.add(
            results, desk.file(storage=Storage.EOS).with_changes(parent=results.id, target=run)
        )
        await desk.until_in(UploadState.WAITING, first, *ids)
        await desk.queue.pause(ids[:1])
        await desk.fail("PUT /eos/*", "status", status=507, times=1)
        await desk.queue.resume()
        await desk.until_in(UploadState.HELD, first, ids[1])
        await desk.queue.retry([first])
        await desk.until_in(UploadState.WAITING, ids[1])
        await desk.until_done(first)
        assert desk.states(ids[0]) == [UploadState.PAUSED]
        await desk.queue.resume(ids[:1])
        await desk.until_done(*ids)

    tell(sandbox, tmp_path, story)


def test_a_file_that_was_cancelled_before_its_results_arrived_finds_their_run(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        await desk.queue.pause()
        ids = await desk.add(results, desk.file().with_changes(parent=results.id, target=run))
        await desk.queue.cancel(ids[1:])
        await desk.queue.resume()
        await desk.until_done(ids[0])
        await desk.until_in(CANCELLED, ids[1])
        await desk.queue.retry(ids[1:])
        await desk.until_done(ids[1])

    tell(sandbox, tmp_path, story)


def test_results_go_only_to_the_component_that_they_name(sandbox: SandboxProcess, tmp_path: Path) -> None:
    async def story(desk: Desk) -> None:
        before = await desk.runs_of(desk.targets[0])
        named = desk.results()
        (wrong,) = await desk.add(named.with_changes(target=desk.targets[1]))
        await desk.until_in(FAILED, wrong)
        trouble = desk.row(wrong).trouble
        assert trouble is not None
        assert trouble.title == "Results of another component"
        assert await desk.runs_of(desk.targets[0]) == before

    tell(sandbox, tmp_path, story)


def test_results_that_are_cancelled_while_they_are_sent_leave_no_run_and_take_their_files_along(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("GET *getTestRun", "stall", times=1)
        results = desk.results()
        run = Owner(OwnerKind.TEST_RUN, "", "the run")
        file = desk.file().with_changes(parent=results.id, target=run)
        before = await desk.runs_of(results.target)
        ids = await desk.add(results, file)
        await desk.until_struck()
        await desk.until_in(CHECKING, ids[0])
        assert len(await desk.runs_of(results.target)) == len(before) + 1
        await desk.queue.cancel(ids[:1])
        await desk.until_in(CANCELLED, *ids)
        assert await desk.runs_of(results.target) == before

    tell(sandbox, tmp_path, story)


async def pictured(desk: Desk) -> tuple[Upload, list[Upload], Callable[[], Awaitable[Any]]]:
    """Return results of a powerboard with three pictures, and what asks which of them its run names."""

    def board() -> Component:
        query = ComponentQuery(project="S", component_type="PWB", stage="AT_MODULE_SITE")
        mine = {membership.institution.code for membership in desk.database.user.memberships}
        found = desk.database.search(query, 0).items
        return next(
            desk.database.component(item.code).component for item in found if item.location.code in mine
        )

    part = await desk.worker.call(board)
    body = {"component": part.code, "testType": "VIS_INSPECT", "institution": part.location.code}
    content = json.dumps({**body, "runNumber": os.urandom(4).hex(), "passed": True, "results": {}})
    results = desk.file("vis.json", content=content.encode(), kind=UploadKind.TEST_RUN, may_repeat=True)
    results = results.with_changes(target=part.owner)
    run = Owner(OwnerKind.TEST_RUN, "", "the run")
    changes = {"parent": results.id, "target": run, "parameters": ("VI_IMAGE",)}
    files = [desk.file(f"{name}.png", content=os.urandom(50)).with_changes(**changes) for name in "abc"]

    async def named() -> Any:
        question = {"testRun": desk.queue.store.get(results.id).code}
        found = await desk.worker.call(lambda: desk.database.client.get("getTestRun", question, refresh=True))
        return next(one["value"] for one in found["results"] if one["code"] == "VI_IMAGE")

    return results, files, named


def test_pictures_that_results_name_are_named_by_the_run_in_their_order(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *createTestRunAttachment", "status", status=400, skip=1)
        results, files, named = await pictured(desk)
        ids = await desk.add(results, *files)
        await desk.until_in(FAILED, ids[2])
        await desk.until_done(ids[0], ids[1], ids[3])
        assert await named() == [desk.row(ids[1]).code, desk.row(ids[3]).code]
        await desk.restart()
        await desk.queue.retry([ids[2]])
        await desk.until_done(ids[2])
        codes = [entry["code"] for entry in await desk.held(ids[2])]
        assert len(codes) == 1
        assert (await named())[1] == codes[0]
        assert len(await named()) == 3

    tell(sandbox, tmp_path, story)


def test_a_picture_that_the_run_may_not_name_stays_and_goes_when_it_is_cancelled(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *setTestRunParameter", "status", status=400, times=1)
        results, (file, *_), named = await pictured(desk)
        ids = await desk.add(results, file)
        await desk.until_in(FAILED, ids[1])
        trouble = desk.row(ids[1]).trouble
        assert trouble is not None
        assert trouble.title == "Attached, but not among the results"
        assert len(await desk.held(ids[1])) == 1
        await desk.fail("GET *getTestRun", "stall", skip=2, times=1)  # when the name is read back
        await desk.queue.retry([ids[1]])
        await desk.until_struck()
        assert await named() == [desk.row(ids[1]).code]
        await desk.queue.cancel([ids[1]])
        await desk.until_in(CANCELLED, ids[1])
        assert await named() is None
        assert await desk.held(ids[1]) == []

    tell(sandbox, tmp_path, story)


def test_a_picture_that_the_run_does_not_name_is_not_sent_anew(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        await desk.fail("POST *setTestRunParameter", "status", status=400, times=2)
        results, (file, *_), named = await pictured(desk)
        ids = await desk.add(results, file)
        await desk.until_in(FAILED, ids[1])
        (first,) = await desk.held(ids[1])
        await desk.queue.retry([ids[1]])
        await desk.until(
            lambda: desk.row(ids[1]).tries == 1 and FAILED in desk.states(ids[1]), "to fail again"
        )
        assert [entry["code"] for entry in await desk.held(ids[1])] == [first["code"]]
        await desk.queue.retry([ids[1]])
        await desk.until_done(ids[1])
        assert await named() == [first["code"]]

    tell(sandbox, tmp_path, story)


def test_results_whose_answer_was_lost_are_looked_for_before_they_are_sent_once_more(
    sandbox: SandboxProcess, tmp_path: Path
) -> None:
    async def story(desk: Desk) -> None:
        before = set(await desk.runs_of(desk.targets[0]))
        await asyncio.to_thread(desk.control.forget)
        await desk.fail("POST *uploadTestRunResults", "commit_then_drop")
        (upload,) = await desk.add(desk.results(may_repeat=True))
        await desk.until_done(upload)
        assert set(await desk.runs_of(desk.targets[0])) - before == {desk.row(upload).code}
        asked = [entry["path"] for entry in await asyncio.to_thread(desk.control.told, "log")]
        assert sum("uploadTestRunResults" in path for path in asked) == 1

    tell(sandbox, tmp_path, story)
