"""Bundles from other threads: together, in the loop's thread, and not after the end of who waits for them."""

from __future__ import annotations

import asyncio
import threading

import shiboken6
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from itkgui.views.context.arrivals import Arrivals


def send(arrivals: Arrivals[int], *numbers: int) -> None:
    """Let another thread bring a bundle, and wait until it has."""
    thread = threading.Thread(target=arrivals, args=(numbers,))
    thread.start()
    thread.join()


def test_what_waits_together_arrives_together(
    qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    view = QLabel()
    qtbot.addWidget(view)
    seen: list[tuple[int, ...]] = []
    threads: set[int] = set()

    def deliver(found: tuple[int, ...]) -> None:
        seen.append(found)
        threads.add(threading.get_ident())

    with Arrivals(view, deliver) as arrivals:
        send(arrivals, 1, 2)
        send(arrivals, 3)
        qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(1, 2, 3)]
    assert threads == {threading.get_ident()}


def test_nothing_arrives_after_the_end(qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop) -> None:
    view = QLabel()
    qtbot.addWidget(view)
    seen: list[tuple[int, ...]] = []
    with Arrivals(view, seen.append) as arrivals:
        send(arrivals, 1)
    passed: list[bool] = []
    event_loop_of_qt.call_soon(lambda: passed.append(True))
    qtbot.waitUntil(lambda: bool(passed))
    assert seen == []


def test_nothing_arrives_at_a_view_that_is_gone(
    qtbot: QtBot, event_loop_of_qt: asyncio.AbstractEventLoop
) -> None:
    """The view goes while a bundle waits for its turn of the loop, and before the loading has ended."""
    view = QLabel()

    def deliver(found: tuple[int, ...]) -> None:
        view.setText(str(found))

    with Arrivals(view, deliver) as arrivals:
        send(arrivals, 1)
        shiboken6.delete(view)
        passed: list[bool] = []
        event_loop_of_qt.call_soon(lambda: passed.append(True))
        qtbot.waitUntil(lambda: bool(passed))
