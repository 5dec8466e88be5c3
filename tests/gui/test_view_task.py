"""A view's question: replaced by a newer one, ended with its view, and its errors told to the right place."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from itkgui.client.exceptions import Cancelled, ItkError, NotFound
from itkgui.views.context.view_task import ViewTask


class Stage:
    """A view with one task, and everything that was heard of it."""

    def __init__(self, qtbot: QtBot, loop: asyncio.AbstractEventLoop) -> None:
        self.qtbot = qtbot
        self.view = QWidget()
        self.errors: list[ItkError] = []
        self.faults: list[dict[str, Any]] = []
        self.told: list[str] = []
        self.task = ViewTask(self.view, self.errors.append)
        loop.set_exception_handler(lambda _, context: self.faults.append(context))

    async def say(self, word: str, gate: asyncio.Event | None = None) -> None:
        if gate is not None:
            await gate.wait()
        self.told.append(word)

    async def fail(self, error: BaseException, gate: asyncio.Event | None = None) -> None:
        if gate is not None:
            await gate.wait()
        raise error

    def ended(self) -> None:
        self.qtbot.waitUntil(lambda: not asyncio.all_tasks(asyncio.get_event_loop()))


@pytest.fixture
def stage(qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop) -> Iterator[Stage]:
    found = Stage(qtbot, event_loop_of_qt)
    yield found
    found.ended()


def test_runs_to_its_end(stage: Stage) -> None:
    stage.task.start(stage.say("done"))
    assert stage.task.is_running
    stage.ended()
    assert stage.told == ["done"]
    assert not stage.task.is_running


def test_newer_replaces_older(stage: Stage) -> None:
    gate = asyncio.Event()
    stage.task.start(stage.say("old", gate))
    stage.task.start(stage.say("new", gate))
    gate.set()
    stage.ended()
    assert stage.told == ["new"]
    assert (stage.errors, stage.faults) == ([], [])


def test_started_again_by_itself(stage: Stage) -> None:
    async def restart() -> None:
        stage.task.start(stage.say("second"))

    stage.task.start(restart())
    stage.ended()
    assert stage.told == ["second"]


def test_error_is_told(stage: Stage) -> None:
    error = NotFound("gone")
    stage.task.start(stage.fail(error))
    stage.ended()
    assert stage.errors == [error]
    assert stage.faults == []


def test_cancelled_is_silent(stage: Stage) -> None:
    stage.task.start(stage.fail(Cancelled()))
    stage.ended()
    stage.task.start(stage.say("never", asyncio.Event()))
    stage.task.cancel()
    stage.ended()
    assert (stage.told, stage.errors, stage.faults) == ([], [], [])


def test_unexpected_exception_is_a_fault_of_the_program(stage: Stage) -> None:
    error = ZeroDivisionError("a mistake")
    stage.task.start(stage.fail(error))
    stage.ended()
    assert stage.errors == []
    assert [context["exception"] for context in stage.faults] == [error]
    assert not stage.task.is_running


def test_ends_with_its_view(stage: Stage) -> None:
    gate = asyncio.Event()
    stage.task.start(stage.fail(NotFound(), gate))
    gone: list[bool] = []
    stage.view.destroyed.connect(lambda: gone.append(True))
    stage.view.deleteLater()
    stage.qtbot.waitUntil(lambda: bool(gone))
    gate.set()
    stage.ended()
    assert (stage.errors, stage.faults) == ([], [])


def test_error_of_a_replaced_task_is_not_told(stage: Stage) -> None:
    async def refuse_to_stop() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise NotFound from None

    stage.task.start(refuse_to_stop())
    stage.qtbot.waitUntil(lambda: stage.task.is_running)
    asyncio.get_event_loop().call_soon(stage.task.start, stage.say("new"))
    stage.ended()
    stage.qtbot.waitUntil(lambda: stage.told == ["new"])
    assert (stage.errors, stage.faults) == ([], [])


def test_what_has_ended_runs_no_longer_even_before_that_is_told(
    event_loop_of_qt: asyncio.AbstractEventLoop, qtbot: QtBot
) -> None:
    """Else what is added for it to do in that moment would be lost."""
    view = QWidget()
    qtbot.addWidget(view)
    task, seen = ViewTask(view, lambda error: None), []

    async def look_at_once_after() -> None:
        event_loop_of_qt.call_soon(lambda: seen.append(task.is_running))

    task.start(look_at_once_after())
    assert task.is_running
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [False]
