"""Garbage is collected on the GUI thread only, and Python does it again afterwards if it did before."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from itkgui.views.window.garbage_collector import GarbageCollector


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[GarbageCollector]:
    parent = QObject()
    gc.enable()  # as in a program that starts; no test has it
    found = GarbageCollector(parent)
    yield found
    found.stop()
    gc.disable()
    gc.freeze()


def test_widgets_in_a_cycle_end_on_the_gui_thread(collector: GarbageCollector, qtbot: QtBot) -> None:
    ended_on: list[threading.Thread] = []
    kept: list[list[int]] = []

    def work() -> None:
        kept.extend([] for _ in range(200_000))  # Python's own collector would have run a hundred times

    widget = QWidget()
    widget.itself = widget  # type: ignore[attr-defined]
    weakref.finalize(widget, lambda: ended_on.append(threading.current_thread()))
    del widget
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    assert not ended_on
    qtbot.waitUntil(lambda: bool(ended_on), timeout=20_000)
    assert ended_on == [threading.main_thread()]


@pytest.mark.parametrize("is_automatic", [True, False])
def test_python_collects_again_if_it_did_before(qtbot: QtBot, is_automatic: bool) -> None:
    if is_automatic:
        gc.enable()
    parent = QObject()
    found = GarbageCollector(parent)
    assert not gc.isenabled()
    found.stop()
    try:
        assert gc.isenabled() is is_automatic
    finally:
        gc.disable()
        gc.freeze()
