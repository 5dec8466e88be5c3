"""A sign-in that somebody cuts short, or that fails half-way, leaves nobody behind the sign-in page."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from itkgui.client.credentials import AccessCodes
from itkgui.desk import Desk
from itkgui.uploads.queue_lock import QueueLock
from itkgui.views.context.view_context import ViewContext
from tests.conftest import settings_for
from tests.end2end.away import codes_of
from tests.gui.person import Person, words
from tests.sandbox_process import SandboxProcess

Start = Callable[..., Person]


def at_half_way(person: Person, do: Callable[[], object]) -> None:
    """Sign in, and do something while what is theirs is opened, and the workspace not there yet."""

    def on_told(_message: object) -> None:
        person.program.messages.told.disconnect(on_told)
        assert person.window.workspace is None
        do()

    person.program.messages.told.connect(on_told)
    person.click(person.login.sign_in_button)


def assert_gone(person: Person, context: ViewContext) -> None:
    assert context.database.client.authenticator.grant is None
    assert not context.uploads.is_master
    assert not context.downloads.exists()
    assert person.program.context is None
    assert person.window.workspace is None


def test_a_second_click_waits_for_the_first(sandbox: SandboxProcess, start_program: Start) -> None:
    person = start_program(settings_for(sandbox))
    at_half_way(person, person.login.sign_in_button.click)
    person.until(lambda: person.window.workspace is not None, "the workspace")
    assert person.login.sign_in_button.isEnabled()
    assert not person.login.code1.text()


def test_what_was_opened_is_closed_if_the_rest_fails(sandbox: SandboxProcess, start_program: Start) -> None:
    person = start_program(settings_for(sandbox))
    left: list[ViewContext] = []

    def give_up() -> None:
        assert person.program.context is not None
        left.append(person.program.context)
        person.program._sign_in_task.cancel()

    at_half_way(person, give_up)
    person.until(lambda: left and person.program.context is None, "the end of it")
    person.until(person.login.sign_in_button.isEnabled, "the page")
    assert_gone(person, left[0])
    for field, code in zip((person.login.code1, person.login.code2), codes_of("technician"), strict=True):
        person.type(field, code)
    person.sign_in()


def test_quitting_half_way_leaves_nothing_running(sandbox: SandboxProcess, start_program: Start) -> None:
    person = start_program(settings_for(sandbox))
    left: list[ViewContext] = []

    def quit_now() -> None:
        assert person.program.context is not None
        left.append(person.program.context)
        person.window.close_requested.emit()

    at_half_way(person, quit_now)
    person.until(person.run.done, "the end")
    assert_gone(person, left[0])


@pytest.mark.parametrize("turns", [1, 3, 10])
def test_a_desk_that_is_not_opened_to_the_end_is_closed(
    sandbox: SandboxProcess, start_program: Start, turns: int
) -> None:
    person = start_program(settings_for(sandbox))
    program = person.program
    desk: Desk = program._desk

    async def give_up() -> Path:
        database = await desk.sign_in(settings_for(sandbox), AccessCodes(*codes_of()))
        folder = program.options.paths.uploads(sandbox.info["api_url"], database.account)
        opening = asyncio.ensure_future(desk.open(database))
        for _ in range(turns):
            await asyncio.sleep(0)
        opening.cancel()
        await asyncio.wait({opening})
        assert opening.cancelled()
        assert database.client.authenticator.grant is None
        assert desk.context is None
        assert not list(program.options.paths.downloads.glob("session-*"))
        return folder

    task = person.run.get_loop().create_task(give_up())
    person.until(task.done, "the end of it")
    lock = QueueLock(task.result())
    assert lock.try_take(), "somebody runs the queue"
    lock.release()


@pytest.mark.logs("signing in at")
def test_where_no_folder_can_be_made_the_page_says_so(
    sandbox: SandboxProcess, start_program: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = start_program(settings_for(sandbox))
    downloads = person.program.options.paths.downloads
    downloads.rmdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    person.click(person.login.sign_in_button)
    person.until(lambda: person.login.trouble.isVisible(), "the trouble")
    assert "No room to work" in words(person.login.trouble)
    downloads.mkdir()
    person.sign_in()
