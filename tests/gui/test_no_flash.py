"""No part of a page is a window of its own for a moment: that would flash, and take the keys away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QMenu, QWidget

from itkgui.views.commands import run_by_name
from itkgui.views.widgets.late_place import LatePlace
from tests.gui.person import Person

PIXEL = "20UPGM23800001"
PLACES = ("list", "recent", "pinned", "shipments", "scanner", "settings", "diagnosis", "person", "search")
_WINDOWS = (QDialog, QMainWindow, QMenu)


class _Watch(QObject):
    """Notes what is shown as a window and is none."""

    def __init__(self) -> None:
        super().__init__()
        self.flashed: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        is_window = event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if is_window and not isinstance(watched, _WINDOWS):
            self.flashed.append(f"{type(watched).__name__} {watched.accessibleName()}")  # type: ignore[attr-defined]
        return False


@pytest.fixture
def watch(qapp: QApplication) -> Iterator[_Watch]:
    found = _Watch()
    qapp.installEventFilter(found)
    yield found
    qapp.removeEventFilter(found)


def test_no_part_of_a_page_flashes(watch: _Watch, person: Person) -> None:
    component = person.scan(PIXEL)
    for tab in range(component.tabs.count()):
        component.show_tab(tab)
        person.settle()
    workspace = person.workspace
    for name in (
        "list",
        "recent",
        "pinned",
        "shipments",
        "scanner",
        "settings",
        "diagnosis",
        "person",
        "search",
    ):
        assert run_by_name(person.window, name)
        person.settle()
    place = workspace.diagnosis_place
    assert isinstance(place, LatePlace)
    workspace.go_to(place)
    place.view.tabs.setCurrentIndex(1)
    person.settle()
    person.window.show_settings()
    person.settle()
    assert not watch.flashed
    assert person.window.isActiveWindow()
