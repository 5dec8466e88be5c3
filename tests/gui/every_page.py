"""Shows every page of the program, one after the other, for checks that concern them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from itkgui.views.commands import run_by_name
from itkgui.views.component_view import ATTACHMENTS, OVERVIEW, TESTS
from itkgui.views.key_list import KeyList
from tests.gui.person import Person
from tests.gui.reviewing import drop
from tests.gui.shipping import show_shipment

PIXEL = "20UPGM23800001"
_TURNS = 4  # of the event loop, in which layouts come to rest
KINDS = (
    ".jpg",
    ".csv",
    ".json",
    ".txt",
    ".pdf",
    ".zip",
    ".root",
)  # of files, each with a previewer of its own


class EveryPage:
    """Opens all that can be open at once, so that pages are quick to show again and again."""

    def __init__(self, person: Person, folder: Path) -> None:
        """Sign in and look once at everything; ``folder`` is for a file that is to be sent."""
        self._person = person
        if person.window.workspace is None:
            person.sign_in()
        self._component = person.scan(PIXEL)
        person.look_at_run(lambda run: run.test_type.code == "IV_MEASURE")
        person.plot()
        shown = {attachment.display_name for attachment in self._component.attachments.table.shown}
        self._files = [next(name for name in sorted(shown) if name.endswith(kind)) for kind in KINDS]
        self._file = folder / "seen.txt"
        self._file.write_text("seen and found well")
        for page in self.shown():
            person.until(lambda: not self._is_busy, f"what {page} shows")

    @property
    def _is_busy(self) -> bool:
        shipments = self._person.workspace.shipments_view
        return shipments.isVisible() and not shipments.list.table.rowCount()

    @property
    def window(self) -> QWidget:
        """The window that has the keys: the program's, or that of the list of keys."""
        return QApplication.activeWindow() or self._person.window

    def shown(self) -> Iterator[str]:
        """Show one page after the other; yield the name of each."""
        person, component = self._person, self._component
        workspace = person.workspace
        person.window._pages.setCurrentWidget(person.login)
        person.login.settings_button.setFocus()
        yield "sign-in"
        person.window._pages.setCurrentWidget(workspace)
        for name in ("search", "list", "recent", "pinned", "shipments", "uploads", "scanner", "settings"):
            assert run_by_name(person.window, name)
            yield from self._settled(name)
        shipment = workspace.shipments_view.list.table.shown[0].id
        page = show_shipment(person, shipment)
        for tab in range(page.tabs.count()):
            page.show_tab(tab)
            yield from self._settled(f"shipment: {page.tabs.tabText(tab)}")
        workspace.go_to(workspace.side_by_side)
        for tab in range(component.tabs.count()):
            component.show_tab(tab)
            yield from self._settled(f"component: {component.tabs.tabText(tab)}")
        component.show_tab(TESTS)
        inner = component.tests.detail.tabs
        for tab in range(inner.count()):
            inner.setCurrentIndex(tab)
            yield from self._settled(f"run: {inner.tabText(tab)}")
        component.show_tab(ATTACHMENTS)
        for name in self._files:
            person.look_at(name)
            yield from self._settled(f"file: {name}")
        component.show_tab(OVERVIEW)
        drop(person, [self._file])
        yield from self._settled("files under review")
        person.click(person.sheet.cancel_button)
        run_by_name(person.window, "help")
        for listing in person.window.findChildren(KeyList):
            person.until(listing.isActiveWindow, "the list of keys")
        yield from self._settled("all keys")
        for listing in person.window.findChildren(KeyList):
            listing.close()
        person.window.activateWindow()
        person.until(person.window.isActiveWindow, "the window to have the keys again")

    def found_now(self, check: Callable[[QWidget], list[str]]) -> list[str]:
        """Return what a check finds in the window that has the keys, once layouts have settled."""
        found = check(self.window)
        for _turn in range(_TURNS if found else 0):
            self._person.settle()
            found = check(self.window)
        return found

    def _settled(self, name: str) -> Iterator[str]:
        self._person.settle()
        self._person.until(lambda: not self._person.program.style.is_changing)
        yield name
