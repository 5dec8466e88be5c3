"""The border between two panes is where the user left it, in pages of the same kind and after a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView, QSplitter
from pytestqt.qtbot import QtBot

from itkgui.background.worker import Worker
from itkgui.view_state import ViewState
from itkgui.views.components.component_view import ATTACHMENTS, TESTS
from itkgui.views.context.memory import Memory
from itkgui.views.widgets.split_memory import SplitMemory
from tests.gui.person import Person

BESIDE, ABOVE = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


@pytest.fixture
def memory(event_loop_of_qt: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Memory]:
    worker = Worker()
    yield Memory(ViewState(tmp_path / "state.json", "me"), worker)
    worker.stop()


def splitter(qtbot: QtBot, way: Qt.Orientation = BESIDE) -> QSplitter:
    made = QSplitter(way)
    for _ in range(2):
        made.addWidget(QListView())
    made.resize(1000, 800)
    qtbot.addWidget(made)
    return made


def drag(made: QSplitter, pixels: int) -> None:
    """Drag the border with the mouse."""
    handle = made.handle(1)
    start = handle.rect().center()
    step = QPoint(pixels, 0) if made.orientation() is BESIDE else QPoint(0, pixels)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(handle, start + step)
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start)


def share(made: QSplitter) -> float:
    first, second = made.sizes()
    return first / (first + second)


@pytest.mark.parametrize("way", [BESIDE, ABOVE])
def test_border_is_there_again(qtbot: QtBot, memory: Memory, way: Qt.Orientation) -> None:
    first = splitter(qtbot, way)
    first.show()
    assert SplitMemory(first, memory, "tests").share is None
    drag(first, 200)
    moved = share(first)
    assert moved == pytest.approx(0.7, abs=0.06)
    second, other = splitter(qtbot, way), splitter(qtbot, way)
    SplitMemory(second, memory, "tests")
    SplitMemory(other, memory, "files")
    for made in (second, other):
        made.show()
    assert share(second) == pytest.approx(moved, abs=0.01)
    assert share(other) == pytest.approx(0.5, abs=0.01)
    turned = splitter(qtbot, ABOVE if way is BESIDE else BESIDE)
    assert SplitMemory(turned, memory, "tests").share is None


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ({"beside": 0.3}, 0.3),
        ({"beside": 7}, 0.95),
        ({"beside": "wide"}, None),
        ({"beside": True}, None),
        (7, None),
    ],
)
def test_whatever_was_kept_both_panes_are_seen(
    qtbot: QtBot, memory: Memory, kept: Any, found: float | None
) -> None:
    memory.put("split/tests", 1, kept)
    made = splitter(qtbot)
    assert SplitMemory(made, memory, "tests").share == found
    made.show()
    assert all(made.sizes())


def test_tests_and_files_are_shared_as_before(person: Person) -> None:
    component = person.scan("20UPGM23800001")
    person.show_tab(TESTS)
    drag(component.tests.parts, -120)
    left = share(component.tests.parts)
    person.show_tab(ATTACHMENTS)
    drag(component.attachments, 150)
    files = share(component.attachments)
    other = person.scan("20UPGM23100002")
    person.show_tab(TESTS)
    assert share(other.tests.parts) == pytest.approx(left, abs=0.02)
    person.show_tab(ATTACHMENTS)
    assert share(other.attachments) == pytest.approx(files, abs=0.02)
